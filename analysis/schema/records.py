"""The tables that account for the rows: changes, merges and rejects."""

from analysis.schema.table import FILE, LINE, URL, Table, text
from analysis.schema.vocabulary import MERGE_BASES

CHANGES = Table(
    "changes",
    "a field that an independent check of the facts changed, before they came here",
    ("file", "line"),
    (
        text("changed_file", "raw file that was changed", required=True),
        text("row_id", "row that was changed", required=True),
        text("field", "column that was changed", required=True),
        text("old", "value before"),
        text("new", "value after, as it stands in the raw file"),
        text("reason", "why", required=True),
        URL,
        FILE,
        LINE,
    ),
)

MERGES = Table(
    "merges",
    "an input row found to say what another says, and merged into it",
    ("file", "line"),
    (
        FILE,
        LINE,
        text("merged_id", "identifier of the row that was merged", required=True),
        text("kept_id", "identifier of the row that stands", required=True),
        text("basis", "a written rule, or a reviewer's row", required=True, allowed=MERGE_BASES),
        text("reason", "why the two are one", required=True),
    ),
)

REJECTS = Table(
    "rejects",
    "an input row that could not stand",
    ("file", "line"),
    (
        FILE,
        LINE,
        text("reason", "what is wrong with it and what would be accepted", required=True),
        text("raw", "the row as it was read, as JSON", required=True),
    ),
)
