"""Own events: cleaned as the build does, joined to a new evidence, rejected with reasons, and nothing written."""

import io

import pandas as pd
import pytest

from analysis.briefing.evidence import load_evidence
from analysis.briefing.own_events import add_own_events, read_own_events, table_own_events, write_own_tilt
from analysis.briefing.pairs import table_pair_events
from analysis.cleaning.dyads import DERIVED_TO_EFFECT
from analysis.errors import TightropeError, UnknownNameError
from analysis.measures import tilt
from analysis.paths import NOTEBOOKS
from analysis.reference.plover import plover_table

EXAMPLE = NOTEBOOKS / "own_events_example.csv"
JUDGEMENTS = """file,event_id,state_a,state_b,tie_effect,salience,reason
own_events_example.csv,EXAMPLE1,TGO,FRA,1,3,invented
own_events_example.csv,EXAMPLE5,TGO,FRA,1,3,of a rejected event
"""


@pytest.fixture(scope="module")
def evidence(built):
    return load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28", data=built)


@pytest.fixture(scope="module")
def own():
    return read_own_events(EXAMPLE)


@pytest.fixture
def judgements(tmp_path):
    path = tmp_path / "judged.csv"
    path.write_text(JUDGEMENTS, encoding="utf-8")
    return path


def weights(frame):
    return {(row.event_id, row.actor_a, row.actor_b): (row.weight, row.weight_basis) for row in frame.itertuples()}


def test_rows_that_stand_and_those_that_do_not(own):
    assert own.tables["events"]["event_id"].tolist() == ["EXAMPLE1", "EXAMPLE2", "EXAMPLE3", "EXAMPLE4"]
    (reject,) = own.rejects.to_dict("records")
    assert "Atlantis" in reject["reason"]
    assert (reject["file"], reject["line"]) == (EXAMPLE.name, 6)
    assert own.files[0]["rows_read"] == 5
    assert (own.files[0]["rows_kept"], own.files[0]["rows_rejected"]) == (4, 1)
    assert all(own.tables["events"]["summary"].str.startswith("Invented"))


def test_weights_are_derived_where_no_judgement_is_given(own, judgements):
    score = plover_table().set_index("plover_type")["derived_score"]
    derived = weights(own.tables["dyad_events"])
    assert derived["EXAMPLE1", "FRA", "TGO"] == (pytest.approx(DERIVED_TO_EFFECT * score["CONSULT"]), "derived")
    assert {pair[1:] for pair in derived if pair[0] == "EXAMPLE3"} == {("FRA", "TGO"), ("RUS", "TGO")}
    judged = read_own_events(EXAMPLE, judgements)
    found = weights(judged.tables["dyad_events"])
    assert found["EXAMPLE1", "FRA", "TGO"] == (3.0, "reviewed")
    assert found["EXAMPLE2", "RUS", "TGO"] == derived["EXAMPLE2", "RUS", "TGO"]
    assert sorted(judged.rejects["line"]) == [3, 6]
    assert [file["rows_kept"] for file in judged.files] == [4, 1]


def test_the_evidence_is_new_and_the_old_one_as_it_was(evidence, own):
    before = {name: len(getattr(evidence, name)) for name in ("events", "dyad_events", "event_actors", "engagements")}
    joined = add_own_events(evidence, own)
    assert {name: len(getattr(evidence, name)) for name in before} == before
    assert len(joined.events) == before["events"] + 3  # one lies after the last day
    assert len(joined.engagements) == before["engagements"] + 4
    own_rows = joined.engagements[joined.engagements["event_id"].str.startswith("EXAMPLE")]
    assert own_rows["power"].value_counts().to_dict() == {"FRA": 2, "RUS": 2}
    assert joined.events.dtypes.equals(evidence.events.dtypes)
    assert tilt(joined.engagements, "FRA", "RUS").n_events == tilt(evidence.engagements, "FRA", "RUS").n_events + 3
    assert joined.record["inputs"] != evidence.record["inputs"]
    assert [file["file"] for file in joined.record["files"]][-1] == EXAMPLE.name


def test_the_same_file_twice_is_refused(evidence, own):
    with pytest.raises(TightropeError, match="are there already: EXAMPLE1, EXAMPLE2, EXAMPLE3"):
        add_own_events(add_own_events(evidence, own), own)


def shown(exhibit):
    return pd.read_csv(io.StringIO(exhibit.data["text/csv"]), keep_default_na=False)


def test_the_table_tells_what_became_of_each_row(evidence, own):
    table = shown(table_own_events(evidence, own))
    assert table["line"].tolist() == [2, 3, 4, 5, 6]
    assert table["outcome"].tolist()[0] == "added"
    assert table["outcome"].tolist()[3] == "not seen by this question"
    assert "Atlantis" in table["outcome"].tolist()[4]
    assert "(derived)" in table["weight"].tolist()[0]
    assert "3 events of 5 rows" in table_own_events(evidence, own).about["caption"]


def test_the_tilt_is_told_without_own_events_and_with_them(evidence, own, built):
    assert write_own_tilt(evidence, add_own_events(evidence, own)) == [
        "Without these events the tilt between France (+1) and Russia (−1) is −0.27 (90 % interval −0.53 to +0.01).",
        "With them it is −0.27 (90 % interval −0.51 to −0.01).",
    ]
    none = load_evidence("TGO", ["BRA", "IND"], "2020-01-01", "2020-01-31", data=built, language="fr")
    assert write_own_tilt(none, none) == [
        "Sans ces événements, l’inclinaison entre le Brésil (+1) et l’Inde (−1) est inconnue "
        "(aucune coopération avec l’une ou l’autre puissance).",
        "Avec eux, elle est inconnue (aucune coopération avec l’une ou l’autre puissance).",
    ]


def test_an_event_that_is_there_already_is_pointed_out(evidence, tmp_path):
    frame = pd.read_csv(EXAMPLE, dtype=str, keep_default_na=False).iloc[:1]
    known = evidence.events[evidence.events["date_precision"].eq("day") & evidence.events["summary"].notna()]
    actors = evidence.event_actors[evidence.event_actors["event_id"].isin(known["event_id"])]
    french = actors.loc[actors["actor_code"].eq("FRA") & actors["position"].eq("target"), "event_id"].iloc[0]
    event = known.set_index("event_id").loc[french]
    parts = actors[actors["event_id"] == french].set_index("position")["actor_code"]
    path = tmp_path / "mine.csv"
    frame.assign(
        date_start=f"{event['date_start']:%Y-%m-%d}", summary=event["summary"], event_class=event["event_class"],
        actor1=parts[["source"]].iloc[0], actor2="FRA", place=event["place"] or "", plover_event=event["plover_type"],
    ).to_csv(path, index=False)  # fmt: skip
    outcome = shown(table_own_events(evidence, read_own_events(path)))["outcome"].tolist()
    assert outcome == [f"added; may tell what {french} tells"]


@pytest.mark.parametrize("name", ["nowhere", "n" * 300])
def test_a_file_that_is_none_says_what_would_be(tmp_path, judgements, name):
    with pytest.raises(TightropeError, match=rf"there is no file '{name}\.csv'; looked in"):
        read_own_events(f"{name}.csv")
    with pytest.raises(TightropeError, match="has the columns of 'tie_effects'; those of 'events' are accepted"):
        read_own_events(judgements)
    with pytest.raises(TightropeError, match="has the columns of 'events'; those of 'tie_effects' are accepted"):
        read_own_events(EXAMPLE, EXAMPLE)
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(TightropeError, match="no layout has these columns"):
        read_own_events(tmp_path / "odd.csv")


def test_the_events_of_a_pair(evidence):
    exhibit = table_pair_events(evidence, "Togo", "France")
    table = shown(exhibit)
    own = evidence.engagements[evidence.engagements["power"] == "FRA"]
    assert sorted(table["event_id"]) == sorted(own["event_id"])
    assert table["date_start"].is_monotonic_increasing
    assert f"{len(own)} events of Togo with France" in exhibit.about["caption"]
    turned = table_pair_events(evidence, "FRA", "TGO")
    assert turned.data["text/csv"] == exhibit.data["text/csv"]


def test_a_pair_that_the_evidence_does_not_hold_is_named(evidence):
    with pytest.raises(UnknownNameError, match="CHN"):
        table_pair_events(evidence, "TGO", "CHN")
    with pytest.raises(UnknownNameError, match="FRA and RUS"):
        table_pair_events(evidence, "FRA", "RUS")
    with pytest.raises(UnknownNameError, match="TGO and TGO"):
        table_pair_events(evidence, "TGO", "Togo")
    empty = table_pair_events(evidence, "TGO", "SEN" if "SEN" in evidence.states else evidence.states[-1])
    assert empty.about["caption"]
