"""Selections of the evidence: what is counted, ranked, and never taken for known."""

from dataclasses import replace
from io import StringIO

import pandas as pd
import pytest

from analysis import reference
from analysis.briefing.evidence import Evidence, load_evidence
from analysis.briefing.frames import count_events, key_events, rank_events, select_powers_without_events
from analysis.briefing.memberships import add_standing, create_spells
from analysis.briefing.relations import create_tie_matrix
from analysis.briefing.tables import table_events, table_sources
from analysis.cleaning.tie_rows import MEMBERSHIP_STATUSES
from analysis.errors import UnknownNameError
from analysis.figures.terms import CERTAINTIES
from analysis.schema import TABLES

DAY = pd.Timestamp("2020-06-01")


@pytest.fixture(scope="module")
def togo(built) -> Evidence:
    return load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28", data=built)


def with_ties(evidence, *rows):
    base = {
        "file": "f", "state": "TGO", "is_part_year": False, "has_conflict": False, "n_sources": 1, "kind": "membership",
        "status": "member",
    }  # fmt: skip
    ties = [base | {"tie_id": f"t{n}", "line": n} | row for n, row in enumerate(rows)]
    return replace(evidence, ties=TABLES["ties"].frame(ties))


def test_a_states_events_are_counted_by_year_and_certainty(togo):
    counts = count_events(togo)
    parts = togo.event_actors
    involved = set(parts.loc[(parts["state"] == "TGO") | (parts["actor_code"] == "TGO"), "event_id"])
    inside = togo.events[togo.events["event_id"].isin(involved) & (togo.events["date_start"] <= togo.end)]
    inside = inside[inside["date_end"] >= togo.start]
    assert counts["n_events"].sum() == len(inside)
    assert set(counts["year"]) == set(range(2020, 2027))


def test_a_year_of_the_window_without_an_event_is_counted_as_one(togo):
    by_year = count_events(replace(togo, state="CIV")).groupby("year")["n_events"].sum()
    assert by_year.index.tolist() == list(range(2020, 2027))
    assert by_year[2020] == 0
    assert by_year.any()


def test_events_are_ranked_by_weight_then_certainty(togo):
    ranked = rank_events(togo, 20)
    sizes = ranked["weights"].map(lambda weights: max(abs(weight) for weight in weights.values())).tolist()
    assert sizes == sorted(sizes, reverse=True)
    first_two = ranked[ranked["event_id"].isin(["TGO0218", "TGO0158"])]
    assert first_two["event_id"].tolist() == ["TGO0218", "TGO0158"]  # both weigh 3; confirmed before disputed
    assert len(ranked) == 20


def test_key_events_come_in_order_of_time(togo):
    assert key_events(togo, 5)["date"].is_monotonic_increasing


def test_events_are_shown_in_the_words_of_the_figures_and_all_without_a_full_stop(togo):
    shown = pd.read_html(StringIO(table_events(togo).data["text/html"]))[0]
    assert set(shown["Certainty"]) == set(CERTAINTIES.values())
    assert not shown["What happened"].str.endswith(".").any()


def test_a_power_without_events_is_named(togo):
    assert select_powers_without_events(togo.engagements, ["FRA", "JPN"]) == ["JPN"]


def test_a_kind_without_a_row_is_not_known_and_never_none(togo):
    matrix = create_tie_matrix(with_ties(togo))
    assert len(matrix) == 10
    # Of the one organisation of Russia's every member is listed; that Togo is none of them is known.
    by_list = (matrix["kind"] == "Memberships") & (matrix["power"] == "RUS")
    assert matrix.loc[by_list, ["text", "value"]].values.tolist() == [["not in BRICS", 0.0]]
    assert not matrix.loc[~by_list, "is_known"].any()
    assert matrix["value"].fillna(0).eq(0).all()
    assert set(matrix.loc[~by_list, "text"]) == {"not known"}


@pytest.mark.parametrize(
    ("row", "kind", "text"),
    [
        ({"partner": "FRA", "kind": "mission", "status": "open", "detail": "embassy, Lome", "start": "1960-01-01"},
         "Embassies", "in Togo: open since 1960"),
        ({"partner": "FRA", "kind": "mission", "status": "announced", "detail": "embassy"}, "Embassies", "in Togo: announced"),
        ({"partner": "FRA", "kind": "defence_agreement", "status": None, "start": "2009-03-13"},
         "Defence agreements", "1 on record (signed 2009)"),
        ({"partner": "FRA", "kind": "defence_agreement", "status": "terminated", "end": "2022-05-02"},
         "Defence agreements", "terminated"),
        ({"partner": "FRA", "kind": "deployment", "status": "closed", "end": "2022-08-15"}, "Troops", "no longer there"),
        ({"partner": "OIF", "status": "candidate"}, "Memberships", "candidate (OIF)"),
        ({"partner": "FRA", "kind": "deployment", "status": None}, "Troops", "1 deployment"),
        ({"partner": "OIF"}, "Memberships", "International Organisation of La Francophonie"),
        ({"partner": "OIF", "status": "left", "end": "2025-03-17"}, "Memberships", "left (OIF)"),
        ({"partner": "FRA", "kind": "trade", "detail": "import", "value": 225.0, "unit": "million EUR", "start": "2023-01-01",
          "end": "2023-12-31", "note": "sector: goods. x"}, "Trade", "imports 225 million EUR (2023)"),
    ],
)  # fmt: skip
def test_a_tie_on_record_is_told(togo, row, kind, text):
    matrix = create_tie_matrix(with_ties(togo, row)).set_index(["kind", "power"])
    assert matrix.loc[(kind, "FRA"), "text"] == text
    assert matrix["is_known"].sum() == 2  # this, and that Togo is not in BRICS


@pytest.mark.parametrize(
    ("row", "kind", "text"),
    [
        ({"kind": "mission", "status": "closed", "detail": "embassy"}, "Embassies", "in Togo: open"),
        ({"kind": "defence_agreement", "status": "terminated", "start": "2009-03-13"},
         "Defence agreements", "1 on record (signed 2009)"),
        ({"kind": "deployment", "status": "closed"}, "Troops", "1 deployment"),
    ],
)  # fmt: skip
def test_what_ended_after_the_last_day_stood_on_it(togo, row, kind, text):
    matrix = create_tie_matrix(with_ties(togo, row | {"partner": "FRA", "end": "2026-03-01"}))
    assert matrix.set_index(["kind", "power"]).loc[(kind, "FRA"), "text"] == text
    assert matrix.set_index(["kind", "power"]).loc[(kind, "FRA"), "value"] == 1


def test_an_agreement_whose_signature_nobody_saw_is_not_known(togo):
    row = {"partner": "RUS", "kind": "defence_agreement", "status": "signature not seen"}
    matrix = create_tie_matrix(with_ties(togo, row)).set_index(["kind", "power"])
    assert not matrix.loc[("Defence agreements", "RUS"), "is_known"]
    assert matrix.loc[("Defence agreements", "RUS"), "text"] == "signature not seen"


def test_a_figure_that_somebody_merely_claims_is_told_as_a_claim(togo):
    matrix = create_tie_matrix(togo).set_index(["kind", "power"])
    assert matrix.loc[("Trade", "RUS"), "text"] == "Russia's ambassador speaks of 400 million USD both ways"
    assert not matrix.loc[("Trade", "RUS"), "is_known"]


def test_claimed_figures_are_those_of_the_ties(togo):
    values = togo.ties.set_index("tie_id")["value"]
    for row in reference.load("claimed_figures").itertuples():
        assert values[row.tie_id] == float(row.value), row.tie_id


@pytest.mark.parametrize(
    "change",
    [{"is_part_year": True}, {"note": "sector: wheat. x"}, {"unit": "tonnes"}, {"end": "2026-12-31"}, {"state": "BEN"}],
    ids=["part of a year", "one sector", "no currency", "after the last day", "another state"],
)
def test_a_figure_that_is_no_annual_total_is_not_shown(togo, change):
    row = {
        "partner": "FRA", "kind": "trade", "detail": "import", "value": 9.0, "unit": "million EUR", "start": "2023-01-01",
        "end": "2023-12-31", "note": "sector: goods. x",
    }  # fmt: skip
    assert is_trade_known(with_ties(togo, row))
    assert not is_trade_known(with_ties(togo, row | change))


def is_trade_known(evidence):
    matrix = create_tie_matrix(evidence)
    return matrix.loc[matrix["kind"] == "Trade", "is_known"].any()


def spells_of(evidence, *rows):
    return create_spells(with_ties(evidence, *({"partner": "ECOWAS", "state": "GHA"} | row for row in rows)))


def test_a_state_of_no_comparison_set_without_any_membership_has_no_spell(togo):
    alone = replace(togo, state="AGO", states=["AGO"])
    assert create_spells(alone).empty


def test_a_state_of_no_comparison_set_is_shown_in_what_it_joined_or_left(togo):
    far = replace(togo, state="AGO", states=["AGO"])
    rows = [
        {"state": "AGO", "partner": "OPEC", "start": "2007-01-01", "end": "2024-01-01", "status": "left"},
        {"state": "AGO", "partner": "AU", "start": "1975-11-11"},
    ]
    assert create_spells(with_ties(far, *rows))["organisation"].tolist() == ["OPEC"]


def test_an_associate_who_becomes_a_member_was_no_member_before(togo):
    spells = spells_of(
        togo, {"start": "2006-01-01", "end": "2024-10-31", "status": "associate"}, {"start": "2024-10-01"}
    )
    assert spells[["kind", "start"]].values.tolist() == [
        ["membership", pd.Timestamp("2024-10-01")], ["associate", pd.Timestamp("2006-01-01")],
    ]  # fmt: skip


def test_spells_of_one_kind_that_follow_on_one_another_are_one(togo):
    spells = spells_of(togo, {"start": "2006-01-01", "end": "2024-10-31"}, {"start": "2024-10-01"})
    assert spells["start"].tolist() == [pd.Timestamp("2006-01-01")]
    assert spells["end"].isna().all()


def test_who_is_less_than_a_member_is_told_as_what_it_is(built):
    west = load_evidence("GNB", ["FRA", "RUS"], "2020-01-01", "2026-02-28", data=built)
    kinds = create_spells(west).groupby(["organisation", "state"])["kind"].agg(sorted)
    assert kinds["ECOWAS", "MRT"] == ["associate", "membership"]  # it left in 2000
    assert kinds["OIF", "GMB"] == ["observer"]
    assert kinds["OIF", "GHA"] == ["associate", "membership"]


def test_every_status_that_the_build_writes_is_judged(togo):
    judged = reference.load("membership_statuses").set_index("status")
    assert set(judged.index) == set(MEMBERSHIP_STATUSES.values()) - {"suspended"}
    assert set(judged["counts_as"]) <= {"member", "associate", "observer", "none"}
    assert judged["reason"].ne("").all()
    with pytest.raises(UnknownNameError, match="membership status 'frend'"):
        add_standing(pd.DataFrame({"status": ["frend"]}))


def test_an_associate_stands_in_the_matrix_of_ties_as_one(togo):
    rows = [{"partner": "BRICS", "start": "2025-01-17", "status": "associate"}, {"partner": "OIF"}]
    matrix = create_tie_matrix(with_ties(togo, *rows)).set_index(["kind", "power"])["text"]
    assert matrix["Memberships", "RUS"] == "BRICS (associate)"
    assert "associate" not in matrix["Memberships", "FRA"]


def test_a_state_that_left_and_came_back_has_two(togo):
    spells = spells_of(togo, {"start": "1975-05-28", "end": "2000-12-31", "status": "left"}, {"start": "2017-08-01"})
    assert len(spells) == 2


def test_a_suspension_ends_with_the_membership(togo):
    spells = spells_of(
        togo,
        {"start": "1975-05-28", "end": "2025-01-29", "status": "left"},
        {"start": "2023-07-30", "kind": "suspension", "status": "suspended"},
    )
    assert spells.set_index("kind").at["suspension", "end"] == pd.Timestamp("2025-01-29")


def test_an_old_suspension_whose_end_nobody_reports_says_nothing_of_the_window(togo):
    old = {"start": "2010-12-01", "kind": "suspension", "status": "suspended"}
    assert spells_of(togo, {"start": "1975-05-28"}, old)["kind"].tolist() == ["membership"]
    recent = old | {"start": "2022-01-28"}
    assert spells_of(togo, {"start": "1975-05-28"}, recent)["kind"].tolist() == ["membership", "suspension"]


def test_who_left_the_bloc_and_who_founded_the_other(togo):
    spells = create_spells(togo)
    left = spells[
        (spells["organisation"] == "ECOWAS") & (spells["end"] == "2025-01-29") & (spells["kind"] == "membership")
    ]
    founded = spells[(spells["organisation"] == "AES") & (spells["start"] == "2023-09-16")]
    assert set(left["state"]) == set(founded["state"]) == {"BFA", "MLI", "NER"}


def test_events_cite_the_numbers_that_the_sources_carry(togo):
    events, sources = table_events(togo).data["text/csv"], table_sources(togo).data["text/csv"]
    ranked = rank_events(togo)
    urls = set(togo.event_sources.loc[togo.event_sources["event_id"].isin(ranked["event_id"]), "url"])
    listed = pd.read_csv(pd.io.common.StringIO(sources))
    assert set(listed["url"]) == urls
    assert listed["number"].tolist() == list(range(1, len(urls) + 1))
    assert len(pd.read_csv(pd.io.common.StringIO(events))) == 20
