"""The tables of the archive of machine-coded events."""

from analysis.schema.table import Field, Table, date, text
from analysis.schema.vocabulary import DATE_PRECISIONS, PLOVER_TYPES, QUAD_CLASSES, ROLES

_FILE = text("file", "event file the row comes from", required=True)
_LINE = Field("line", "integer", "line of that file on which the record begins, the first being line 1", required=True)

CODED_EVENTS = Table(
    "coded_events",
    "something one actor did to another, as a machine or a project coded it; in "
    "`coded/events/source=<source>/year=<year>/`",
    ("file", "line"),
    (
        text("event_id", "identifier given by the source; its own rule says what makes it unique", required=True),
        _FILE,
        _LINE,
        date("date_start", "first day on which it may have happened", required=True),
        date("date_end", "last day on which it may have happened", required=True),
        text("date_precision", "how finely the source dates it", required=True, allowed=DATE_PRECISIONS),
        text("source_actor", "state or organisation that acts"),
        text("source_role", "role in which it acts", allowed=ROLES),
        text("target_actor", "state or organisation that is acted upon"),
        text("target_role", "role in which it is acted upon", allowed=ROLES),
        text("source_raw", "who acts, as the source codes or names it"),
        text("target_raw", "who is acted upon, as the source codes or names it"),
        text("event_class", "the source's own label"),
        text("cameo_code", "CAMEO code, with its leading zero"),
        text("plover_type", "PLOVER event type", allowed=PLOVER_TYPES),
        text("quad_class", "words or deeds, cooperation or conflict", allowed=QUAD_CLASSES),
        Field("goldstein", "number", "the source's own score, never another's", "Goldstein points", bounds=(-10, 10)),
        text("domain", "field of policy; several are joined by ;"),
        text("place", "where, as the source writes it"),
        text("place_state", "state in which that place lies"),
        Field("lat", "number", "latitude", "degrees north", bounds=(-90, 90)),
        Field("lon", "number", "longitude", "degrees east", bounds=(-180, 180)),
        Field("mentions", "integer", "reports that mention it", "reports"),
        date("reported", "day on which the source added or published it"),
        text("url", "address of a report; only http and https become links"),
        text("summary", "the source's own words"),
    ),
)

CODED_DYAD_MONTHS = Table(
    "coded_dyad_months",
    "the coded events of one month between one directed pair of actors; in "
    "`coded/dyad_months/source=<source>/year=<year>/`",
    ("month", "source_actor", "target_actor"),
    (
        date("month", "first day of the month", required=True),
        text("source_actor", "who acts", required=True),
        text("target_actor", "who is acted upon", required=True),
        Field("n_events", "integer", "events", "events", required=True),
        Field("n_scored", "integer", "events that have a Goldstein score", "events", required=True),
        Field("cooperation_milli", "integer", "sum of positive scores", "thousandths of points", required=True),
        Field("conflict_milli", "integer", "sum of negative scores, signs off", "thousandths of points", required=True),
        *(
            Field(f"n_{name}", "integer", f"events of {name.replace('_', ' ')}", "events", required=True)
            for name in QUAD_CLASSES
        ),
    ),
)  # fmt: skip

CODED_MERGES = Table(
    "coded_merges",
    "a row that the build's rule of duplicates found to be another's event; in "
    "`coded/merges/source=<source>/year=<year>/`",
    ("file", "line"),
    (
        _FILE,
        _LINE,
        text("event_id", "identifier of the row that was merged", required=True),
        date("date_start", "its first day", required=True),
        text("kept_file", "file of the row that stands", required=True),
        Field("kept_line", "integer", "line of the row that stands", required=True),
        text("kept_id", "identifier of the row that stands", required=True),
    ),
)
