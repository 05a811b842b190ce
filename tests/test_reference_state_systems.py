"""The spells of both state systems are those published, and every day has one state per number."""

import re

import pandas as pd
import pytest
from relations_cases import published

from analysis.errors import TightropeError, UnknownNameError
from analysis.reference import load
from analysis.reference.relation_sources import source_names, source_note
from analysis.reference.state_systems import (
    SYSTEMS,
    number_of,
    state_from_code,
    state_system,
    states_on,
    to_state,
)
from analysis.sources.relations.state_lists import read_cow_states, read_gw_states

PUBLISHED = {
    "cow": (read_cow_states, "states/cow_states.csv.gz", "2016-12-31"),
    "gw": (read_gw_states, "states/gw_states.csv.gz", "2017-12-31"),
}


def whole_spells(rows: pd.DataFrame) -> set[tuple]:
    """Spells with the splits by state taken back: rows of one number that follow day on day are one."""
    spells = []
    for row in rows.sort_values(["code", "start"]).itertuples():
        if spells and spells[-1][0] == row.code and spells[-1][3] + pd.Timedelta(days=1) == row.start:
            spells[-1][3] = row.end
        else:
            spells.append([row.code, row.abbreviation, row.start, row.end])
    return {tuple(spell) for spell in spells}


@pytest.mark.parametrize("system", PUBLISHED)
def test_the_spells_are_those_published(system):
    reader, name, last = PUBLISHED[system]
    frame = published(reader, name).frame
    ours = state_system(system).assign(end=lambda rows: rows["end"].fillna(pd.Timestamp(last)))
    expected = {
        tuple(row) for row in frame[[f"{system}_number", "abbreviation", "start", "end"]].itertuples(index=False)
    }
    assert whole_spells(ours) == expected
    assert len(expected) == {"cow": 243, "gw": 216}[system]


@pytest.mark.parametrize("system", SYSTEMS)
def test_on_every_day_a_number_is_one_state_and_a_state_one_number(system):
    rows = state_system(system)
    days = sorted({*rows["start"], *(rows["end"].dropna()), *(rows["end"].dropna() + pd.Timedelta(days=1))})
    for day in days:
        members = states_on(system, day)
        assert members["state"].is_unique, day
        assert system == "iso" or members["code"].is_unique, day


def test_two_states_at_once_under_one_code_would_be_found():
    rows = state_system("cow")
    doubled = rows.assign(state=rows["state"].replace("DDR", "DEU"))
    on_day = doubled[(doubled["start"] <= "1980-01-01") & ~(doubled["end"] < "1980-01-01")]
    assert not on_day["state"].is_unique


def test_every_state_is_a_current_code_a_former_one_or_one_of_ours_with_a_reason():
    rows = load("state_systems")
    current = set(load("states")["iso3"])
    former = {"CSK", "DDR", "SCG", "SUN", "VDR", "YMD", "YUG"}
    others = rows[~rows["state"].isin(current | former)]
    assert others["state"].map(lambda code: bool(re.fullmatch("X[A-Z]{2}", code))).all()
    assert others["reason"].str.contains("user-assigned").all()
    assert rows.loc[rows["state"].isin(former), "reason"].ne("").all()
    assert rows["source"].ne("").all()
    assert rows[["system", "code", "start"]].duplicated().sum() == 0


def test_the_numbers_are_those_of_the_table_of_states():
    table = load("states").set_index("iso3")
    for system in ("cow", "gw"):
        ours = states_on(system, "2016-12-31").set_index("state")["code"]
        theirs = pd.to_numeric(table.loc[table[f"{system}_number"] != "", f"{system}_number"])
        assert ours.astype(int).to_dict() == theirs.to_dict()


def test_iso_holds_the_states_of_both_systems_and_no_former_one():
    today = set(states_on("iso", "2016-12-31")["state"])
    assert today == set(states_on("cow", "2016-12-31")["state"]) | set(states_on("gw", "2016-12-31")["state"])
    assert not {"DDR", "SUN", "YUG", "CSK"} & set(state_system("iso")["state"])
    assert "RUS" not in set(states_on("iso", "1970-01-01")["state"])


@pytest.mark.parametrize(
    ("system", "code", "day", "state"),
    [
        ("cow", 365, "1991-12-25", "SUN"), ("cow", 365, "1991-12-26", "RUS"), ("gw", 365, "1922-12-29", "RUS"),
        ("cow", 345, "2003-02-03", "YUG"), ("cow", 345, "2003-02-04", "SCG"), ("cow", 345, "2006-06-05", "SRB"),
        ("cow", 220, "1943-01-01", None), ("cow", 816, "1976-07-01", "VDR"), ("cow", 816, "1976-07-02", "VNM"),
        ("cow", 255, "1990-10-02", None), ("cow", 255, "1990-10-03", "DEU"), ("iso", "MNE", "2006-06-03", "MNE"),
        ("cow", 461, "2024-12-31", "TGO"),
    ],
)  # fmt: skip
def test_a_number_stands_for_a_state_on_a_day(system, code, day, state):
    assert to_state(system, code, day) == state


def test_unknown_systems_codes_and_days_are_named():
    with pytest.raises(UnknownNameError, match="unknown state system 'coww'; did you mean 'cow'"):
        state_system("coww")
    with pytest.raises(UnknownNameError, match="code of the state system 'gw' '679'"):
        to_state("gw", 679, "2000-01-01")
    with pytest.raises(TightropeError, match="not a day: 'someday'"):
        states_on("cow", "someday")


def test_a_state_outside_its_spells_has_its_nearest_number():
    assert number_of("cow", "YEM", "1990-05-21") == 678
    assert number_of("cow", "YEM", "1990-05-22") == 679
    assert number_of("cow", "DEU", "1950-01-01") == 255
    assert number_of("cow", "DEU", "1953-01-01") == 260
    assert number_of("cow", "ESH", "1990-01-01") is None


def test_former_codes_lead_to_states_of_the_systems():
    states = {*state_system("cow")["state"], *load("states")["iso3"]}
    for row in load("former_codes").to_dict("records"):
        assert row["state"] in states
        assert state_from_code(row["code"]) == row["state"]
        assert row["reason"]


def test_the_microstates_have_no_place_in_the_list_and_their_own_numbers():
    rows = load("gw_microstates")
    assert not set(rows["code"].astype(int)) & set(state_system("gw")["code"])
    table = load("states")
    small = set(table.loc[(table["gw_number"] == "") & (table["cow_number"] != ""), "iso3"])
    assert set(rows.loc[rows["state"] != "", "state"]) == small


def test_every_source_is_described():
    assert len(set(source_names())) == len(source_names())
    for name in source_names():
        note = source_note(name)
        assert all([note.name, note.version, note.citation, note.licence, note.missing])
