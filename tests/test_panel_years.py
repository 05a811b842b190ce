"""Which states and pairs there were: history's edge cases, and the published numbers of states."""

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from relations_cases import shared

from analysis.errors import TightropeError, UnknownNameError
from analysis.panel import create_dyad_years, create_state_years
from analysis.panel.years import PARTIAL
from analysis.paths import PROJECT
from analysis.reference.state_systems import SYSTEMS, states_on

CASES = pd.read_csv(PROJECT / "tests" / "known_answers" / "panel_cases.csv", dtype=str, keep_default_na=False)
NUMBER = {"cow": "cow_number", "gw": "gw_number", "iso": "state_code"}


@pytest.mark.parametrize(
    "case",
    CASES.to_dict("records"),
    ids=lambda case: f"{case['system']}-{case['year']}-{case['code'] or case['state']}-{case['partial']}",
)
def test_history(case):
    rows = create_state_years(int(case["year"]), int(case["year"]), case["system"], case["partial"])
    key = case["state"] if case["system"] == "iso" else int(case["code"])
    found = rows[rows[NUMBER[case["system"]]] == key]
    assert len(found) == (case["expected"] == "present")
    if len(found):
        assert found["state_code"].item() == case["state"]


def test_every_case_says_where_it_comes_from():
    assert CASES["note"].str.len().gt(10).all()
    assert set(CASES["expected"]) == {"present", "absent"}


def test_the_number_of_states_in_every_year_is_the_published_one():
    listed = pd.read_csv(shared("states/cow_system2016.csv"))
    ours = create_state_years(1816, 2016)
    assert set(map(tuple, listed[["ccode", "year"]].to_numpy())) == set(
        zip(ours["cow_number"], ours["year"], strict=True)
    )
    totals = ours.groupby("year").size()
    assert totals.loc[[1816, 1914, 1945, 2016]].tolist() == [23, 45, 64, 195]


def test_the_gw_states_of_every_year_are_those_of_another_list():
    listed = pd.read_csv(shared("codes/data_gw.csv"))
    theirs = set(map(tuple, listed.loc[listed["year"] <= 2017, ["gwn", "year"]].to_numpy()))
    rows = create_state_years(1816, 2017, "gw")
    ours = set(zip(rows["gw_number"].astype(int), rows["year"].astype(int), strict=True))
    assert theirs - ours == set()
    # that list leaves out three states whose names have odd letters, Vietnam, and Colombia's first year
    assert {number for number, _ in ours - theirs} == {100, 271, 273, 275, 816}
    assert {year for number, year in ours - theirs if number == 100} == {1830}


@pytest.mark.parametrize("system", SYSTEMS)
def test_full_years_are_year_ends_and_year_ends_are_years_with_a_day(system):
    rows = {choice: create_state_years(1900, 2000, system, choice) for choice in PARTIAL}
    keys = {choice: set(zip(frame[NUMBER[system]], frame["year"], strict=True)) for choice, frame in rows.items()}
    assert keys["full_year"] < keys["year_end"] < keys["any"]
    for year in (1918, 1945, 1990, 2000):
        expected = states_on(system, f"{year}-12-31")["state"]
        assert set(rows["year_end"].query("year == @year")["state_code"]) == set(expected)


@pytest.mark.parametrize(("system", "directed"), list(itertools.product(SYSTEMS, [False, True])))
def test_a_year_end_of_n_states_has_n_times_n_minus_one_pairs(system, directed):
    states = create_state_years(1985, 1995, system, "year_end").groupby("year").size()
    pairs = create_dyad_years(1985, 1995, system, "year_end", directed=directed).groupby("year").size()
    assert pairs.to_dict() == (states * (states - 1) // (1 if directed else 2)).to_dict()


def test_dyads_that_never_coexisted_are_absent():
    pairs = create_dyad_years(1990, 1990)
    numbers = set(zip(pairs["cow_number_a"], pairs["cow_number_b"], strict=True))
    assert (260, 265) in numbers  # the two Germanies stood side by side until 2 October
    assert not {(255, 260), (255, 265), (678, 679), (679, 680)} & numbers
    assert {(678, 680), (220, 255), (220, 260), (255, 679)} <= numbers
    n_states = len(create_state_years(1990, 1990))
    # united Germany and Liechtenstein (from September) met neither Yemen of before May
    never = {(255, 260), (255, 265), (678, 679), (679, 680), (255, 678), (255, 680), (223, 678), (223, 680)}
    assert not never & numbers
    assert len(pairs) == n_states * (n_states - 1) // 2 - len(never)


def test_a_state_that_leaves_and_returns_has_no_pairs_in_between():
    pairs = create_dyad_years(1938, 1956)
    years = pairs.loc[(pairs["state_a"] == "USA") & (pairs["state_b"] == "AUT"), "year"].tolist()
    assert years == [1938, 1955, 1956]
    french = pairs.loc[(pairs["state_a"] == "USA") & (pairs["state_b"] == "FRA"), "year"].tolist()
    assert 1943 not in french
    assert {1942, 1944} <= set(french)


def test_the_directed_panel_is_the_undirected_one_both_ways():
    one = create_dyad_years(1975, 1976)
    both = create_dyad_years(1975, 1976, directed=True)
    swapped = one.rename(
        columns=lambda name: {"a": "b", "b": "a"}[name[-1]].join([name[:-1], ""]) if name != "year" else name
    )
    keys = ["cow_number_a", "cow_number_b", "year"]
    expected = pd.concat([one, swapped[one.columns]]).sort_values(["year", *keys[:2]], ignore_index=True)
    pd.testing.assert_frame_equal(both, expected)


def test_the_columns_say_which_system_it_is():
    assert create_state_years(2000, 2000).columns.tolist() == ["state_code", "cow_number", "year"]
    assert create_state_years(2000, 2000, "iso").columns.tolist() == ["state_code", "year"]
    assert create_dyad_years(2000, 2000, "gw").columns.tolist() == [
        "state_a",
        "state_b",
        "gw_number_a",
        "gw_number_b",
        "year",
    ]
    assert create_dyad_years(2000, 2000, "iso").columns.tolist() == ["state_a", "state_b", "year"]
    assert create_dyad_years(2000, 2000).attrs == {}


def test_later_years_carry_the_last_members_on():
    last, later = (set(create_state_years(year, year)["cow_number"]) for year in (2016, 2024))
    assert last == later


@settings(max_examples=15, deadline=None)
@given(
    start=st.integers(1816, 2020),
    n=st.integers(0, 3),
    system=st.sampled_from(SYSTEMS),
    partial=st.sampled_from(PARTIAL),
)
def test_keys_are_unique_and_years_do_not_depend_on_their_neighbours(start, n, system, partial):
    states = create_state_years(start, start + n, system, partial)
    assert not states.duplicated([NUMBER[system], "year"]).any()
    if partial == "year_end":
        assert not states.duplicated(["state_code", "year"]).any()
    alone = create_state_years(start + n, start + n, system, partial)
    same = states[states["year"] == start + n].reset_index(drop=True)
    pd.testing.assert_frame_equal(same, alone)
    pairs = create_dyad_years(start, start, system, partial)
    members = set(create_state_years(start, start, system, partial)["state_code"])
    assert set(pairs["state_a"]) | set(pairs["state_b"]) <= members


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((1990, 1990, "cows"), UnknownNameError, "unknown state system 'cows'; did you mean 'cow'"),
        ((1990, 1990, "cow", "all"), UnknownNameError, "accepted: any, full_year, year_end"),
        ((1991, 1990), TightropeError, "start 1991 is after end 1990"),
        ((1815, 1990), TightropeError, "start 1815 is no year from 1816"),
        ((1990, 1990.5), TightropeError, "end 1990.5 is no year"),
        ((True, 1990), TightropeError, "start True is no year"),
    ],
)
@pytest.mark.parametrize("create", [create_state_years, create_dyad_years])
def test_a_wrong_argument_is_named(create, arguments, error, message):
    with pytest.raises(error, match=message):
        create(*arguments)
