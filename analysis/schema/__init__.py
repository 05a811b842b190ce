"""Each processed table: what one row is, its columns with types, units and allowed values, and its key.

`docs/data_dictionary.md` is generated from here, and `store` holds every table it
writes to the schema.
"""

from analysis.schema.claims import ARTICLE_CLAIMS, CLAIM_VALUES, CLAIMS, PORT_FIGURES, PROJECTS
from analysis.schema.coded import CODED_DYAD_MONTHS, CODED_EVENTS, CODED_MERGES
from analysis.schema.events import ACTORS, DYAD_EVENTS, EVENT_ACTORS, EVENT_SOURCES, EVENTS
from analysis.schema.records import CHANGES, MERGES, REJECTS
from analysis.schema.relations import TIES, VOTES
from analysis.schema.table import Field, Table
from analysis.schema.vocabulary import (
    ACTOR_KINDS,
    CERTAINTIES,
    DATE_PRECISIONS,
    FIRST_YEAR,
    LAST_YEAR,
    MERGE_BASES,
    PLOVER_TYPES,
    POSITIONS,
    QUAD_CLASSES,
    ROLES,
    TIE_KINDS,
    VOTE_CHOICES,
    WEIGHT_BASES,
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ACTORS, EVENTS, EVENT_ACTORS, EVENT_SOURCES, DYAD_EVENTS, TIES, VOTES, CLAIMS, CLAIM_VALUES, ARTICLE_CLAIMS,
        PORT_FIGURES, PROJECTS, CHANGES, MERGES, REJECTS,
    )
}  # fmt: skip
"""The tables of a build, each one Parquet file."""

ARCHIVE_TABLES: dict[str, Table] = {table.name: table for table in (CODED_EVENTS, CODED_DYAD_MONTHS, CODED_MERGES)}
"""The tables of the archive of coded events, each many Parquet files."""

__all__ = [
    "ACTORS",
    "ACTOR_KINDS",
    "ARCHIVE_TABLES",
    "ARTICLE_CLAIMS",
    "CERTAINTIES",
    "CHANGES",
    "CLAIMS",
    "CLAIM_VALUES",
    "CODED_DYAD_MONTHS",
    "CODED_EVENTS",
    "CODED_MERGES",
    "DATE_PRECISIONS",
    "DYAD_EVENTS",
    "EVENTS",
    "EVENT_ACTORS",
    "EVENT_SOURCES",
    "FIRST_YEAR",
    "LAST_YEAR",
    "MERGES",
    "MERGE_BASES",
    "PLOVER_TYPES",
    "PORT_FIGURES",
    "POSITIONS",
    "PROJECTS",
    "QUAD_CLASSES",
    "REJECTS",
    "ROLES",
    "TABLES",
    "TIES",
    "TIE_KINDS",
    "VOTES",
    "VOTE_CHOICES",
    "WEIGHT_BASES",
    "Field",
    "Table",
]
