"""What stands beside a finding about home: acts counted on both sides, what else was gathered, how many were tried."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.briefing.alternatives import correlate_home, find_acts_on_nationals, find_gathered_shifts, find_step_near
from analysis.briefing.around import write_epochs
from analysis.briefing.cautions import say_alternatives, say_searched
from analysis.briefing.domestic import measure_home, measure_movement
from analysis.briefing.evidence import load_evidence
from analysis.briefing.home import write_home, write_shifts
from analysis.measures.epochs import select_epochs
from analysis.measures.responses import measure_response
from analysis.measures.shifts import find_shifts
from analysis.reference import load


@pytest.fixture(scope="module")
def togo(built):
    return load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28", data=built)


@pytest.fixture(scope="module")
def home(togo):
    return measure_home(togo)


def test_acts_against_nationals_are_conflict_of_the_state_of_a_listed_class(togo):
    acts = find_acts_on_nationals(togo, "FRA")
    rows = togo.engagements[togo.engagements["event_id"].isin(acts)]
    assert len(acts) >= 8
    assert (rows["weight"] < 0).all()
    assert set(rows["event_class"]) <= set(load("acts_on_nationals")["event_class"])
    assert "TGO0002" not in acts  # Togo's own newspapers, suspended as the ambassador asked
    assert "TGO0192" not in acts  # a French minister speaks
    of_france = togo.event_actors.assign(state=togo.event_actors["state"].where(lambda code: code != "TGO", "FRA"))
    assert not find_acts_on_nationals(replace(togo, event_actors=of_france), "FRA")


def test_each_class_of_an_act_is_a_class_of_the_data_or_of_pressure_once_and_with_a_reason():
    acts = load("acts_on_nationals")
    assert not acts["event_class"].duplicated().any()
    assert acts["reason"].str.len().gt(0).all()
    assert set(acts["event_class"]) <= set(load("pressure_kinds")["event_class"])


def test_the_association_is_told_again_without_them_and_with_cooperation_alone(togo, home):
    acts, rows = find_acts_on_nationals(togo, "FRA"), togo.engagements
    less = correlate_home(togo, home.pressure, "FRA", rows[~rows["event_id"].isin(acts)], is_sparse_too=True)
    said = " ".join(write_home(togo, home))
    found, other = home.correlations["FRA"], home.alternatives["FRA"]
    assert (less.correlation, less.p_value) == (other.without_acts.correlation, other.without_acts.p_value)
    assert abs(less.correlation) < abs(found.correlation)
    assert f"{len(acts)} events of this engagement are acts of Togo against nationals or media of France" in said
    assert f"without them the strongest correlation is −{-less.correlation:.2f}" in said
    assert f"With cooperation alone the strongest is −{-other.cooperation.correlation:.2f}" in said
    assert "is less than an answer of its own would need" in said
    assert "Beyond these acts the association is not found." in said


def test_an_association_that_stays_is_not_denied(togo, home):
    other = home.alternatives["FRA"]
    stays = replace(other, without_acts=replace(other.without_acts, p_value=0.001))
    assert not any("Beyond" in text for text in say_alternatives(togo, "FRA", home.correlations["FRA"], stays, 0.025))
    assert say_alternatives(togo, "FRA", home.correlations["FRA"], replace(other, n_acts=0), 0.025) == []


def test_for_two_powers_an_association_is_spoken_of_under_half_the_level(togo, home):
    said = " ".join(write_home(togo, home))
    assert "As 2 powers are tried, an association is spoken of only under p\xa0=\xa00.025." in said
    weaker = {**home.correlations, "FRA": replace(home.correlations["FRA"], p_value=0.03)}
    assert "no association of engagement with France" in " ".join(write_home(togo, replace(home, correlations=weaker)))


def test_what_was_gathered_is_counted_without_powers_and_pressure(togo, home):
    series = find_gathered_shifts(togo, home.pressure).series
    actors = togo.event_actors
    own = set(actors.loc[actors["position"].isin(["source", "target"]) & actors["state"].eq("TGO"), "event_id"])
    left = own - set(actors.loc[actors["state"].isin(["FRA", "RUS"]), "event_id"]) - set(home.pressure["event_id"])
    assert series.attrs["n_events"] <= len(left)
    day = togo.events[togo.events["event_id"].isin(left)].query("date_start == date_end")["date_start"]
    counted = day[day <= series["date_end"].max()].dt.to_period("Q").value_counts()
    values = series.set_index(series["date_start"].dt.to_period("Q"))["value"]
    assert counted.sum() > 100
    assert (values - counted.reindex(values.index, fill_value=0) >= -1e-9).all()


def test_a_step_is_named_within_a_year_and_not_beyond(togo, home):
    step = home.gathered.points.iloc[0]
    for days, is_near in ((0, True), (366, True), (-366, True), (367, False)):
        assert (find_step_near(home.gathered, step["date"] + pd.Timedelta(days=days)) is not None) is is_near
    movement = measure_movement(togo)
    words = "so that more happening and more being gathered cannot be told apart"
    assert words in " ".join(write_shifts(togo, movement))
    assert words in " ".join(write_home(togo, home))
    flat = find_shifts(home.gathered.series.assign(value=1.0))
    assert words not in " ".join(write_shifts(togo, replace(movement, gathered=flat)))
    assert words not in " ".join(write_home(togo, replace(home, gathered=flat)))


@pytest.mark.parametrize(
    ("series", "words"),
    [(["a"], "1 series is searched here: a."), (["a", "b", "c"], "in up to 14\N{NO-BREAK SPACE}% of cases")],
)
def test_how_many_series_were_searched_is_said(series, words):
    assert words in say_searched(series)
    assert say_searched([]) == ""


def test_which_series_were_searched_is_said(togo):
    movement = measure_movement(togo)
    words = "the 3 series searched here (engagement with France, engagement with Russia and pressure at home)"
    assert words in " ".join(write_shifts(togo, movement))
    words = "the 2 series searched here (engagement with France and engagement with Russia)"
    assert words in " ".join(write_shifts(togo, replace(movement, has_pressure=False)))


def test_one_epoch_left_out_is_the_response_without_its_events(togo, home):
    kinds = load("epoch_kinds").query("kind == 'coup_nearby'")
    window = togo.start, togo.end
    given = togo.events, togo.event_actors, kinds, "TGO", togo.states, togo.powers
    selected = select_epochs(*given, *window)
    found = measure_response(togo.engagements, "FRA", selected, *window)
    month = pd.Timestamp("2025-12-01")
    fewer = selected[selected["date_start"] < month]
    again = measure_response(togo.engagements, "FRA", fewer, *window)
    assert found.without.set_index("month").at[month, "p_value"] == pytest.approx(again.p_value)
    assert len(found.without) == found.n_epochs
    said = " ".join(write_epochs(togo, home))
    assert "(without December 2025)" in said
    assert "Meeting of leaders: April 2021, May 2023 and October 2025 (3 events)." in said


def test_one_month_that_gives_most_of_a_mean_is_named(togo, home):
    kind, (first, *rest) = next(iter(home.responses.items()))
    response = first.response.assign(mean=0.0, largest_share=0.0)
    response.loc[response["lag"] == 2, ["mean", "largest_share"]] = 9.0, 0.9
    steep = replace(first, response=response)
    words = "the mean furthest from the rest lies 2 months after the event"
    assert words in " ".join(write_epochs(togo, replace(home, responses={kind: (steep, *rest)})))
    even = replace(first, response=response.assign(largest_share=0.59))
    assert words not in " ".join(write_epochs(togo, replace(home, responses={kind: (even, *rest)})))


def test_the_difference_of_rounded_numbers_is_explained(togo):
    movement = measure_movement(togo)
    moved = movement.halves
    exact = replace(moved, difference=round(moved.after.value, 2) - round(moved.before.value, 2))
    assert ("before rounding" in " ".join(write_shifts(togo, movement))) is not np.isclose(
        round(moved.difference, 2), round(exact.difference, 2)
    )
    assert "before rounding" not in " ".join(write_shifts(togo, replace(movement, halves=exact)))
