import pandas as pd
import pytest

from analysis.cleaning.dyads import DERIVED_TO_EFFECT, clean_judgements, derive_dyads
from analysis.cleaning.events import clean_events
from analysis.reference import load
from analysis.reference.actors import actors_table, resolve_actor
from analysis.reference.plover import plover_table
from analysis.sources.curated import LAYOUTS

COLUMNS = (
    *LAYOUTS["events"],
    "statement_certainty",
    "weak_fit",
)
EVENT = dict.fromkeys(COLUMNS, "") | {
    "event_id": "E1", "date_start": "2025-11-19", "date_precision": "day", "actor1": "TGO", "actor2": "RUS",
    "event_class": "leader_meeting", "plover_event": "CONSULT", "source1_outlet": "TASS",
    "summary": "They meet.", "source1_url": "https://example.org/a", "source1_date": "2025-11", "certainty": "confirmed",
    "file": "events.csv", "line": 2,
}  # fmt: skip


def clean(*changes):
    rows = [EVENT | {"line": number} | change for number, change in enumerate(changes, start=2)]
    return clean_events([pd.DataFrame(rows)], resolve_actor, plover_table())


def judge(cleaned, *changes):
    base = {
        "file_named": "events.csv", "event_id": "E1", "state_a": "TGO", "state_b": "RUS", "tie_effect": "+1",
        "salience": "3", "reason": "r", "file": "tie_effects.csv",
    }  # fmt: skip
    rows = [base | {"line": number} | change for number, change in enumerate(changes, start=2)]
    return clean_judgements(pd.DataFrame(rows), cleaned.tables["events"], cleaned.tables["event_actors"], resolve_actor)


def test_an_event_is_told_in_three_tables():
    cleaned = clean({"third_parties": "FRA_JRN;ECOWAS"})
    event = cleaned.tables["events"].iloc[0]
    assert (event["source_actor"], event["target_actor"], event["quad_class"]) == ("TGO", "RUS", "verbal_cooperation")
    assert event["date_end"] == pd.Timestamp("2025-11-19")
    parts = cleaned.tables["event_actors"]
    assert list(zip(parts["position"], parts["actor_code"], strict=True)) == [
        ("source", "TGO"),
        ("target", "RUS"),
        ("third", "FRA"),
        ("third", "ECOWAS"),
    ]
    assert parts["role"].tolist()[2] == "MED"
    report = cleaned.tables["event_sources"].iloc[0]
    assert (report["outlet"], report["published_precision"]) == ("TASS", "month")


@pytest.mark.parametrize(
    "change", [{"date_start": "2025-12-01"}, {"source1_date": "2025-12"}, {"source2_date": "2026"}]
)
def test_an_event_or_a_page_dated_after_its_file_was_accessed_is_rejected(change):
    rows, accessed = pd.DataFrame([EVENT | change]), {"events.csv": pd.Timestamp("2025-11-30")}
    assert not clean_events([rows], resolve_actor, plover_table()).rejects
    (rejected,) = clean_events([rows], resolve_actor, plover_table(), accessed=accessed).rejects
    assert "lies after 2025-11-30, when its file was accessed" in rejected["reason"]


def test_several_actors_in_one_field_are_taken_apart():
    parts = clean({"actor1": "MLI;BFA;NER", "actor2": "ECOWAS"}).tables["event_actors"]
    assert parts.loc[parts["position"] == "source", ["rank", "actor_code"]].to_numpy().tolist() == [
        [1, "MLI"],
        [2, "BFA"],
        [3, "NER"],
    ]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"actor2": "TOGOO"}, "unknown actor 'TOGOO'"),
        ({"actor1": ""}, "actor1 is empty"),
        ({"summary": ""}, "summary is empty"),
        ({"date_start": "2025-02-30"}, "2025-02-30"),
        ({"date_start": "late October"}, "late October"),
        ({"date_precision": "decade"}, "decade"),
        ({"plover_event": "CONSLT"}, "did you mean 'CONSULT'"),
        ({"certainty": "sure"}, "accepted: confirmed, single_source, disputed"),
        ({"certainty": ""}, "certainty ''; accepted: confirmed, single_source, disputed"),
        ({"weak_fit": "perhaps"}, "accepted: true, false or empty"),
        ({"source1_url": ""}, "no source url"),
        ({"event_id": ""}, "event_id is empty"),
    ],
)
def test_a_row_that_cannot_stand_is_rejected_with_its_reason(fault, reason):
    cleaned = clean({"event_id": "E0"}, fault)
    assert cleaned.tables["events"]["event_id"].tolist() == ["E0"]
    assert [(row["file"], row["line"]) for row in cleaned.rejects] == [("events.csv", 3)]
    assert reason in cleaned.rejects[0]["reason"]


def test_a_repeated_event_id_is_rejected_naming_the_first():
    cleaned = clean({}, {"summary": "another"})
    assert len(cleaned.tables["events"]) == 1
    assert "stands already in events.csv line 2" in cleaned.rejects[0]["reason"]


def test_a_judgement_becomes_a_signed_weight_of_a_sorted_pair():
    row = judge(clean({}), {"tie_effect": "-1", "salience": "2"}).tables["dyad_events"].iloc[0]
    assert (row["actor_a"], row["actor_b"], row["initiator"]) == ("RUS", "TGO", "TGO")
    assert (row["weight"], row["weight_basis"], row["line"]) == (-2.0, "reviewed", 2)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"event_id": "E9"}, "'E9' is not among the events"),
        ({"file_named": "other.csv"}, "stands in events.csv, not in 'other.csv'"),
        ({"tie_effect": "+2"}, "accepted: -1, 0, +1"),
        ({"salience": "4"}, "accepted: 1, 2, 3"),
        ({"state_b": "TGO"}, "domestic"),
        ({"state_b": "Rusia"}, "unknown actor 'Rusia'"),
    ],
)
def test_a_judgement_that_cannot_stand_is_rejected(fault, reason):
    cleaned = judge(clean({}), fault)
    assert cleaned.tables["dyad_events"].empty
    assert reason in cleaned.rejects[0]["reason"]


def test_a_pair_is_judged_once_whatever_its_order():
    cleaned = judge(clean({}), {}, {"state_a": "RUS", "state_b": "TGO"})
    assert len(cleaned.tables["dyad_events"]) == 1
    assert "judged already" in cleaned.rejects[0]["reason"]


def derive(cleaned, judged=None):
    judged = judge(cleaned).tables["dyad_events"] if judged is None else judged
    return derive_dyads(cleaned.tables["events"], cleaned.tables["event_actors"], judged, actors_table(), load("roles"))


def test_an_event_without_a_judgement_takes_its_weight_from_its_type():
    derived = derive(clean({"actor2": "FRA_JRN", "plover_event": "COERCE"}))
    score = plover_table().set_index("plover_type").at["COERCE", "derived_score"]
    assert derived[["actor_a", "actor_b", "initiator", "weight_basis"]].to_numpy().tolist() == [
        ["FRA", "TGO", "TGO", "derived"]
    ]
    assert derived["weight"].tolist() == [pytest.approx(DERIVED_TO_EFFECT * float(score))]


@pytest.mark.parametrize(
    "change",
    [
        {"actor2": "TGO_OPPOSITION"},
        {"actor1": "JNIM"},
        {"actor1": "MLI_REB"},
        {"actor1": "CPJ"},
        {"actor2": ""},
    ],
    ids=["domestic", "armed group", "rebels", "association", "no target"],
)
def test_what_is_no_pair_of_states_gets_no_weight(change):
    assert derive(clean(change)).empty


def test_an_event_without_a_type_waits_for_review_with_an_unknown_weight():
    derived = derive(clean({"plover_event": ""}))
    assert derived["weight"].isna().tolist() == [True]
    assert "weight is not known" in derived["reason"].iloc[0]


def test_a_judged_event_is_not_derived():
    cleaned = clean({})
    assert derive(cleaned, judge(cleaned, {}).tables["dyad_events"]).empty
