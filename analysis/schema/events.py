"""The tables of actors and events."""

from analysis.schema.table import FILE, LINE, NOTE, OUTLET, Field, Table, date, text
from analysis.schema.vocabulary import (
    ACTOR_KINDS,
    CERTAINTIES,
    DATE_PRECISIONS,
    PLOVER_TYPES,
    POSITIONS,
    QUAD_CLASSES,
    ROLES,
    WEIGHT_BASES,
)

ACTORS = Table(
    "actors",
    "a state, organisation or non-state actor",
    ("actor_code",),
    (
        text("actor_code", "ISO 3166 alpha-3 code of a state, a fixed acronym otherwise", required=True),
        text("kind", "what sort of actor it is", required=True, allowed=ACTOR_KINDS),
        text("name_en", "name in English", required=True),
        text("name_fr", "name in French", required=True),
        text("state", "state it belongs to; a state belongs to itself"),
        text("role", "its usual role within that state", allowed=ROLES),
        Field("cow_number", "integer", "Correlates of War state number"),
        Field("gw_number", "integer", "Gleditsch and Ward state number"),
    ),
)

EVENTS = Table(
    "events",
    "something one actor did to another",
    ("event_id",),
    (
        text("event_id", "identifier given by the source", required=True),
        text("source_name", "data source that coded it", required=True),
        FILE,
        LINE,
        date("date_start", "first day on which it may have happened", required=True),
        date("date_end", "last day on which it may have happened", required=True),
        text("date_precision", "how finely the source dates it", required=True, allowed=DATE_PRECISIONS),
        text("source_actor", "first actor named as acting"),
        text("source_role", "role in which it acted", allowed=ROLES),
        text("target_actor", "first actor named as acted upon"),
        text("target_role", "role in which it was acted upon", allowed=ROLES),
        text("event_class", "the coder's free label"),
        text("cameo_code", "CAMEO code"),
        text("plover_type", "PLOVER event type", allowed=PLOVER_TYPES),
        text("quad_class", "words or deeds, cooperation or conflict", allowed=QUAD_CLASSES),
        Field("goldstein", "number", "the source's own Goldstein score", "Goldstein points", bounds=(-10, 10)),
        Field(
            "derived_score", "number", "mean Goldstein score of the PLOVER type", "Goldstein points", bounds=(-10, 10)
        ),
        text("domain", "field of policy"),
        text("place", "where, as the source writes it"),
        Field("lat", "number", "latitude", "degrees north", bounds=(-90, 90)),
        Field("lon", "number", "longitude", "degrees east", bounds=(-180, 180)),
        Field("mentions", "integer", "reports that mention it", "reports"),
        text("certainty", "whether outlets agree on all its details", allowed=CERTAINTIES),
        text("statement_certainty", "whether outlets agree that the act or statement took place", allowed=CERTAINTIES),
        Field("is_weak_fit", "flag", "the coder found no PLOVER type that fits", required=True),
        text("summary", "one sentence in the coder's words", required=True),
        NOTE,
    ),
)

EVENT_ACTORS = Table(
    "event_actors",
    "one actor's part in one event",
    ("event_id", "position", "actor_code", "role"),
    (
        text("event_id", "the event", required=True),
        text("position", "acting, acted upon, or named as a third party", required=True, allowed=POSITIONS),
        Field("rank", "integer", "place in the list as the source gives it, from 1", required=True),
        text("actor_code", "the actor", required=True),
        text("role", "role in which it took part", allowed=ROLES),
        text("state", "state it belongs to"),
        text("raw_name", "as the source writes it", required=True),
    ),
)

EVENT_SOURCES = Table(
    "event_sources",
    "one outlet's report of an event",
    ("event_id", "url"),
    (
        text("event_id", "the event", required=True),
        text("url", "address of the report", required=True),
        OUTLET,
        date("published", "first day on which it may have been published"),
        text("published_precision", "how finely that day is known", allowed=DATE_PRECISIONS),
    ),
)

DYAD_EVENTS = Table(
    "dyad_events",
    "what one event did to the tie of one pair of actors (states or organisations of states)",
    ("event_id", "actor_a", "actor_b"),
    (
        text("event_id", "the event", required=True),
        text("actor_a", "the member of the pair whose code sorts first", required=True),
        text("actor_b", "the other member", required=True),
        text("initiator", "the member that acted; not known where both or neither did"),
        Field(
            "tie_effect", "integer", "reviewed: weakened (-1), left (0) or strengthened (+1) the tie", bounds=(-1, 1)
        ),
        Field("salience", "integer", "reviewed: minor (1), notable (2), major (3)", bounds=(1, 3)),
        Field(
            "derived_score",
            "number",
            "mean Goldstein score of the event's PLOVER type",
            "Goldstein points",
            bounds=(-10, 10),
        ),
        Field(
            "weight",
            "number",
            "reviewed effect times salience; without a review 0.3 times the derived score",
            "effect points",
            bounds=(-3, 3),
        ),
        text("weight_basis", "where the weight comes from", required=True, allowed=WEIGHT_BASES),
        text("reason", "the reviewer's reason"),
        text("file", "raw file the judgement comes from; none for a derived weight"),
        Field("line", "integer", "line of that file on which the record begins"),
    ),
)
