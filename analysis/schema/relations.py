"""The tables of ties and votes."""

from analysis.schema.table import FILE, LINE, NOTE, OUTLET, URL, Field, Table, date, text
from analysis.schema.vocabulary import DATE_PRECISIONS, TIE_KINDS, VOTE_CHOICES

TIES = Table(
    "ties",
    "a dated relationship",
    ("tie_id",),
    (
        text("tie_id", "file stem and line, or the source's own identifier", required=True),
        FILE,
        LINE,
        text("state", "the state whose tie it is (the host of a mission or deployment)", required=True),
        text("partner", "the other state, or the organisation", required=True),
        text("kind", "what sort of tie", required=True, allowed=TIE_KINDS),
        text("detail", "flow of trade, type of mission, title of the agreement"),
        date("start", "first day on which it may have begun"),
        text("start_precision", "how finely the beginning is dated", allowed=DATE_PRECISIONS),
        date("end", "last day on which it may have ended"),
        text("end_precision", "how finely the end is dated", allowed=DATE_PRECISIONS),
        Field("value", "number", "size of the tie", "see unit"),
        text("unit", "unit of the value"),
        text("status", "open, closed, announced, member, left, suspended, ... ; missing where not known"),
        Field(
            "is_part_year",
            "flag",
            "the figure covers part of a year and must not be added to annual ones",
            required=True,
        ),
        Field("has_conflict", "flag", "sources differ on this row", required=True),
        Field("n_sources", "integer", "rows that say the same, this one included", "rows", required=True),
        OUTLET,
        URL,
        NOTE,
    ),
)

VOTES = Table(
    "votes",
    "one state's vote in one roll call",
    ("roll_call_id", "state"),
    (
        text("roll_call_id", "resolution", required=True),
        date("date", "day of the vote", required=True),
        text("state", "who voted", required=True),
        text("vote", "the vote; missing where the sources do not say", allowed=VOTE_CHOICES),
        FILE,
        LINE,
        URL,
        NOTE,
    ),
)
