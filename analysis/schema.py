"""Each processed table: what one row is, its columns with types, units and allowed values, and its key.

`docs/data_dictionary.md` is generated from here, and `store` holds every table it
writes to the schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import pandera.pandas as pa

PLOVER_TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE",
    "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
QUAD_CLASSES = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
DATE_PRECISIONS = ("day", "week", "month", "quarter", "year")
CERTAINTIES = ("confirmed", "single_source", "disputed")
ACTOR_KINDS = ("state", "organisation", "nonstate", "person", "firm", "outlet", "aggregate", "unknown")
ROLES = ("GOV", "MIL", "OPP", "REB", "CVL", "MED", "LEG", "JUD", "ELI", "BUS", "PTY")
POSITIONS = ("source", "target", "third")
TIE_KINDS = (
    "membership", "suspension", "defence_agreement", "agreement", "deployment", "mission",
    "trade", "aid", "debt", "investment", "remittance", "arms", "alliance",
)  # fmt: skip
VOTE_CHOICES = ("yes", "no", "abstain", "absent")
WEIGHT_BASES = ("reviewed", "derived")
MERGE_BASES = ("rule", "reviewed")

_DTYPES = {
    "text": "str",
    "date": "datetime64[ns]",
    "number": "float64",
    "integer": "Int64",
    "flag": "bool",
}


@dataclass(frozen=True)
class Field:
    """One column: its type (text, date, number, integer, flag), meaning, unit and allowed values."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    allowed: tuple[str, ...] = ()
    bounds: tuple[float, float] | None = None
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One processed table: its name, what a row is, its key and its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def columns(self) -> list[str]:
        """The column names in order."""
        return [field.name for field in self.fields]

    def pandera(self) -> pa.DataFrameSchema:
        """The pandera schema that a frame of this table must pass."""
        columns = {field.name: _pandera_column(field) for field in self.fields}
        return pa.DataFrameSchema(
            columns, strict=True, ordered=True, coerce=True, unique=list(self.key), name=self.name
        )

    def frame(self, rows: list[dict[str, Any]] | pd.DataFrame) -> pd.DataFrame:
        """Rows as a frame with exactly this table's columns and types; absent columns are not known."""
        frame = pd.DataFrame(rows).reindex(columns=self.columns)
        for field in self.fields:
            frame[field.name] = frame[field.name].astype(_DTYPES[field.type])
        return frame

    def validate(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame, coerced to this table's types.

        Raises
        ------
        pandera.errors.SchemaErrors
            Every breach of the schema at once.
        """
        return self.pandera().validate(frame, lazy=True)


def _pandera_column(field: Field) -> pa.Column:
    checks = []
    if field.allowed:
        checks.append(pa.Check.isin(field.allowed))
    if field.bounds:
        checks.append(pa.Check.in_range(*field.bounds))
    return pa.Column(_DTYPES[field.type], checks, nullable=not field.required, description=field.meaning)


def _text(name: str, meaning: str, *, required: bool = False, allowed: tuple[str, ...] = ()) -> Field:
    return Field(name, "text", meaning, allowed=allowed, required=required)


def _date(name: str, meaning: str, *, required: bool = False) -> Field:
    return Field(name, "date", meaning, unit="calendar day", required=required)


_FILE = _text("file", "raw file the row comes from", required=True)
_LINE = Field("line", "integer", "line of that file on which the record begins, the header being line 1", required=True)
_NOTE = _text("note", "the coder's remark")
_URL = _text("url", "page the row rests on")
_OUTLET = _text("outlet", "who published that page")

ACTORS = Table(
    "actors",
    "a state, organisation or non-state actor",
    ("actor_code",),
    (
        _text("actor_code", "ISO 3166 alpha-3 code of a state, a fixed acronym otherwise", required=True),
        _text("kind", "what sort of actor it is", required=True, allowed=ACTOR_KINDS),
        _text("name_en", "name in English", required=True),
        _text("name_fr", "name in French", required=True),
        _text("state", "state it belongs to; a state belongs to itself"),
        _text("role", "its usual role within that state", allowed=ROLES),
        Field("cow_number", "integer", "Correlates of War state number"),
        Field("gw_number", "integer", "Gleditsch and Ward state number"),
    ),
)

EVENTS = Table(
    "events",
    "something one actor did to another",
    ("event_id",),
    (
        _text("event_id", "identifier given by the source", required=True),
        _text("source_name", "data source that coded it", required=True),
        _FILE,
        _LINE,
        _date("date_start", "first day on which it may have happened", required=True),
        _date("date_end", "last day on which it may have happened", required=True),
        _text("date_precision", "how finely the source dates it", required=True, allowed=DATE_PRECISIONS),
        _text("source_actor", "first actor named as acting"),
        _text("source_role", "role in which it acted", allowed=ROLES),
        _text("target_actor", "first actor named as acted upon"),
        _text("target_role", "role in which it was acted upon", allowed=ROLES),
        _text("event_class", "the coder's free label"),
        _text("cameo_code", "CAMEO code"),
        _text("plover_type", "PLOVER event type", allowed=PLOVER_TYPES),
        _text("quad_class", "words or deeds, cooperation or conflict", allowed=QUAD_CLASSES),
        Field("goldstein", "number", "the source's own Goldstein score", "Goldstein points", bounds=(-10, 10)),
        Field("derived_score", "number", "mean Goldstein score of the PLOVER type", "Goldstein points", bounds=(-10, 10)),
        _text("domain", "field of policy"),
        _text("place", "where, as the source writes it"),
        Field("lat", "number", "latitude", "degrees north", bounds=(-90, 90)),
        Field("lon", "number", "longitude", "degrees east", bounds=(-180, 180)),
        Field("mentions", "integer", "reports that mention it", "reports"),
        _text("certainty", "whether outlets agree on all its details", allowed=CERTAINTIES),
        _text("statement_certainty", "whether outlets agree that the act or statement took place", allowed=CERTAINTIES),
        Field("is_weak_fit", "flag", "the coder found no PLOVER type that fits", required=True),
        _text("summary", "one sentence in the coder's words"),
        _NOTE,
    ),
)  # fmt: skip

EVENT_ACTORS = Table(
    "event_actors",
    "one actor's part in one event",
    ("event_id", "position", "actor_code", "role"),
    (
        _text("event_id", "the event", required=True),
        _text("position", "acting, acted upon, or named as a third party", required=True, allowed=POSITIONS),
        Field("rank", "integer", "place in the list as the source gives it, from 1", required=True),
        _text("actor_code", "the actor", required=True),
        _text("role", "role in which it took part", allowed=ROLES),
        _text("state", "state it belongs to"),
        _text("raw_name", "as the source writes it", required=True),
    ),
)

EVENT_SOURCES = Table(
    "event_sources",
    "one outlet's report of an event",
    ("event_id", "url"),
    (
        _text("event_id", "the event", required=True),
        _text("url", "address of the report", required=True),
        _OUTLET,
        _date("published", "first day on which it may have been published"),
        _text("published_precision", "how finely that day is known", allowed=DATE_PRECISIONS),
    ),
)

DYAD_EVENTS = Table(
    "dyad_events",
    "what one event did to the tie of one pair of actors (states or organisations of states)",
    ("event_id", "actor_a", "actor_b"),
    (
        _text("event_id", "the event", required=True),
        _text("actor_a", "the member of the pair whose code sorts first", required=True),
        _text("actor_b", "the other member", required=True),
        _text("initiator", "the member that acted; not known where both or neither did"),
        Field("tie_effect", "integer", "reviewed: weakened (-1), left (0) or strengthened (+1) the tie", bounds=(-1, 1)),
        Field("salience", "integer", "reviewed: minor (1), notable (2), major (3)", bounds=(1, 3)),
        Field("derived_score", "number", "mean Goldstein score of the event's PLOVER type", "Goldstein points", bounds=(-10, 10)),
        Field("weight", "number", "reviewed effect times salience; without a review 0.3 times the derived score", "effect points", bounds=(-3, 3)),
        _text("weight_basis", "where the weight comes from", required=True, allowed=WEIGHT_BASES),
        _text("reason", "the reviewer's reason"),
        _text("file", "raw file the judgement comes from; none for a derived weight"),
        Field("line", "integer", "line of that file on which the record begins"),
    ),
)  # fmt: skip

TIES = Table(
    "ties",
    "a dated relationship",
    ("tie_id",),
    (
        _text("tie_id", "file stem and line, or the source's own identifier", required=True),
        _FILE,
        _LINE,
        _text("state", "the state whose tie it is (the host of a mission or deployment)", required=True),
        _text("partner", "the other state, or the organisation", required=True),
        _text("kind", "what sort of tie", required=True, allowed=TIE_KINDS),
        _text("detail", "flow of trade, type of mission, title of the agreement"),
        _date("start", "first day on which it may have begun"),
        _text("start_precision", "how finely the beginning is dated", allowed=DATE_PRECISIONS),
        _date("end", "last day on which it may have ended"),
        _text("end_precision", "how finely the end is dated", allowed=DATE_PRECISIONS),
        Field("value", "number", "size of the tie", "see unit"),
        _text("unit", "unit of the value"),
        _text("status", "open, closed, announced, member, left, suspended, ... ; missing where not known"),
        Field("is_part_year", "flag", "the figure covers part of a year and must not be added to annual ones", required=True),
        Field("has_conflict", "flag", "sources differ on this row", required=True),
        Field("n_sources", "integer", "rows that say the same, this one included", "rows", required=True),
        _OUTLET,
        _URL,
        _NOTE,
    ),
)  # fmt: skip

VOTES = Table(
    "votes",
    "one state's vote in one roll call",
    ("roll_call_id", "state"),
    (
        _text("roll_call_id", "resolution", required=True),
        _date("date", "day of the vote", required=True),
        _text("state", "who voted", required=True),
        _text("vote", "the vote; missing where the sources do not say", allowed=VOTE_CHOICES),
        _FILE,
        _LINE,
        _URL,
        _NOTE,
    ),
)

CLAIMS = Table(
    "claims",
    "what one outlet says of one question",
    ("claim_id",),
    (
        _text("claim_id", "the claim", required=True),
        _text("question_id", "the question, for example C1a", required=True),
        _text("question", "the question in words", required=True),
        _text("version", "what the outlet says, in the coder's words", required=True),
        _OUTLET,
        _date("published", "first day on which it may have been published"),
        _text("published_precision", "how finely that day is known", allowed=DATE_PRECISIONS),
        _URL,
        _FILE,
        _LINE,
    ),
)

ARTICLE_CLAIMS = Table(
    "article_claims",
    "a statement of the founding article",
    ("claim_id",),
    (
        _text("claim_id", "the statement", required=True),
        _text("statement", "the statement in the coder's words", required=True),
        _text("kind", "what would test it", required=True, allowed=("event", "measure", "tie")),
        _text("evidence_sought", "what would show it true or false"),
        _text("related_questions", "questions of the claims table, joined by ;"),
        _FILE,
        _LINE,
    ),
)

PORT_FIGURES = Table(
    "port_figures",
    "one figure, or one happening, of a West African port",
    ("row_id",),
    (
        _text("row_id", "identifier given by the source", required=True),
        _text("port", "the port", required=True),
        _text("state", "its state", required=True),
        _date("start", "first day of the period"),
        _date("end", "last day of the period"),
        _text("measure", "what is counted", required=True),
        _text("destination", "landlocked state served, for transit"),
        Field("value", "number", "the figure", "see unit"),
        _text("unit", "unit of the value"),
        Field("is_event", "flag", "a happening, not a level", required=True),
        Field("has_conflict", "flag", "sources differ on this row", required=True),
        _OUTLET,
        _URL,
        _NOTE,
        _FILE,
        _LINE,
    ),
)

PROJECTS = Table(
    "projects",
    "a terminal, corridor, railway, dry port, pipeline or zone",
    ("row_id",),
    (
        _text("row_id", "identifier given by the source", required=True),
        _text("name", "the project", required=True),
        _text("states", "states it stands in, joined by ;", required=True),
        _text("kind", "what sort of project", required=True),
        _text("investor", "operator or investor, as the source writes it"),
        _text("investor_states", "home states of the investors, joined by ;"),
        _date("start", "first day on which it may have begun"),
        _date("end", "last day on which it may have ended"),
        _text("status", "state of the works, as the source writes it"),
        Field("value", "number", "size or cost", "see unit"),
        _text("unit", "unit of the value"),
        Field("has_conflict", "flag", "sources differ on this row", required=True),
        _OUTLET,
        _URL,
        _NOTE,
        _FILE,
        _LINE,
    ),
)

CHANGES = Table(
    "changes",
    "a field that an independent check of the facts changed, before they came here",
    ("line",),
    (
        _text("changed_file", "raw file that was changed", required=True),
        _text("row_id", "row that was changed", required=True),
        _text("field", "column that was changed", required=True),
        _text("old", "value before"),
        _text("new", "value after, as it stands in the raw file"),
        _text("reason", "why", required=True),
        _URL,
        _FILE,
        _LINE,
    ),
)

MERGES = Table(
    "merges",
    "an input row found to say what another says, and merged into it",
    ("file", "line"),
    (
        _FILE,
        _LINE,
        _text("merged_id", "identifier of the row that was merged", required=True),
        _text("kept_id", "identifier of the row that stands", required=True),
        _text("basis", "a written rule, or a reviewer's row", required=True, allowed=MERGE_BASES),
        _text("reason", "why the two are one", required=True),
    ),
)

REJECTS = Table(
    "rejects",
    "an input row that could not stand",
    ("file", "line"),
    (
        _FILE,
        _LINE,
        _text("reason", "what is wrong with it and what would be accepted", required=True),
        _text("raw", "the row as it was read, as JSON", required=True),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ACTORS, EVENTS, EVENT_ACTORS, EVENT_SOURCES, DYAD_EVENTS, TIES, VOTES, CLAIMS, ARTICLE_CLAIMS,
        PORT_FIGURES, PROJECTS, CHANGES, MERGES, REJECTS,
    )
}  # fmt: skip
