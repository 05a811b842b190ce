"""The tables of claims, ports and projects."""

from analysis.schema.table import FILE, LINE, NOTE, OUTLET, URL, Field, Table, date, text
from analysis.schema.vocabulary import ANSWER_KINDS, DATE_PRECISIONS, OUTLET_GRADES

CLAIMS = Table(
    "claims",
    "what one outlet says of one question",
    ("claim_id",),
    (
        text("claim_id", "the claim", required=True),
        text("question_id", "the question, for example C1a", required=True),
        text("question", "the question in words", required=True),
        text("version", "what the outlet says, in the coder's words", required=True),
        OUTLET,
        date("published", "first day on which it may have been published"),
        text("published_precision", "how finely that day is known", allowed=DATE_PRECISIONS),
        URL,
        text("value", "its normalised values, joined by ;"),
        text("outlet_grade", "grade of the outlet", allowed=OUTLET_GRADES),
        text("origins", "independent origins it carries, joined by ;"),
        Field("is_search", "flag", "a search that found nothing, and no version", required=True),
        FILE,
        LINE,
    ),
)

CLAIM_VALUES = Table(
    "claim_values",
    "one normalised value of a claim; a claim that speaks to several questions has several",
    ("claim_id", "question_id", "value"),
    (
        text("claim_id", "the claim", required=True),
        text("question_id", "the question it answers, for example C4b.duma", required=True),
        text("kind", "kind of answer", required=True, allowed=ANSWER_KINDS),
        text("value", "the value as reviewed", required=True),
        date("start", "first day of a date"),
        date("end", "last day of a date"),
        text("date_precision", "how finely that date is known", allowed=DATE_PRECISIONS),
        Field("low", "number", "lower end of a number", "see claim_questions"),
        Field("high", "number", "upper end of a number", "see claim_questions"),
        text("outlet", "who published it", required=True),
        text("outlet_grade", "grade of the outlet", allowed=OUTLET_GRADES),
        Field("page_tier", "integer", "tier of that grade, 1 the best", bounds=(1, 9), required=True),
        text("origin", "the independent origin it carries", required=True),
        text("origin_grade", "grade of that origin itself", allowed=OUTLET_GRADES),
        Field("origin_tier", "integer", "tier of that grade, 1 the best", bounds=(1, 9), required=True),
        date("published", "first day on which it may have been published"),
        text("reason", "why the version is read so"),
    ),
)

ARTICLE_CLAIMS = Table(
    "article_claims",
    "a statement of the founding article",
    ("claim_id",),
    (
        text("claim_id", "the statement", required=True),
        text("statement", "the statement in the coder's words", required=True),
        text("kind", "what would test it", required=True, allowed=("event", "measure", "tie")),
        text("evidence_sought", "what would show it true or false"),
        text("related_questions", "questions of the claims table, joined by ;"),
        text("state", "the state it is about"),
        FILE,
        LINE,
    ),
)

PORT_FIGURES = Table(
    "port_figures",
    "one figure, or one happening, of a West African port",
    ("row_id",),
    (
        text("row_id", "identifier given by the source", required=True),
        text("port", "the port", required=True),
        text("state", "its state", required=True),
        date("start", "first day of the period"),
        date("end", "last day of the period"),
        text("measure", "what is counted", required=True),
        text("destination", "landlocked state served, for transit"),
        Field("value", "number", "the figure", "see unit"),
        text("unit", "unit of the value"),
        Field("is_event", "flag", "a happening, not a level", required=True),
        Field("has_conflict", "flag", "sources differ on this row", required=True),
        OUTLET,
        URL,
        NOTE,
        FILE,
        LINE,
    ),
)

PROJECTS = Table(
    "projects",
    "a terminal, corridor, railway, dry port, pipeline or zone",
    ("row_id",),
    (
        text("row_id", "identifier given by the source", required=True),
        text("name", "the project", required=True),
        text("states", "states it stands in, joined by ;", required=True),
        text("kind", "what sort of project", required=True),
        text("investor", "operator or investor, as the source writes it"),
        text("investor_states", "home states of the investors, joined by ;"),
        date("start", "first day on which it may have begun"),
        date("end", "last day on which it may have ended"),
        text("status", "state of the works, as the source writes it"),
        Field("value", "number", "size or cost", "see unit"),
        text("unit", "unit of the value"),
        Field("has_conflict", "flag", "sources differ on this row", required=True),
        OUTLET,
        URL,
        NOTE,
        FILE,
        LINE,
    ),
)
