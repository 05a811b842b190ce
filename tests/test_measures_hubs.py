"""Ports: whole years only, ranges where sources differ, and what is not known after the coup stays not known."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_cases import QUICK, known_answers

from analysis import reference
from analysis.measures.hubs import (
    compare_quarters,
    create_investors,
    create_route_events,
    create_throughput,
    create_transit,
    latest_throughput,
)
from analysis.schema import PORT_FIGURES, PROJECTS
from analysis.store import read_table

END = "2026-02-28"
READINGS = reference.load("port_readings")
NONE = READINGS.iloc[:0]


@pytest.fixture(scope="module")
def real(built):
    return read_table("port_figures", built)


def figures_of(*rows):
    usual = {
        "port": "Lome", "state": "TGO", "start": "2022-01-01", "end": "2022-12-31", "measure": "throughput_tonnes",
        "value": 1.0, "unit": "tonnes", "is_event": False, "has_conflict": False, "outlet": "Customs",
        "url": "https://example.org", "file": "f.csv", "line": 2,
    }  # fmt: skip
    return PORT_FIGURES.frame([usual | {"row_id": f"P{number}"} | row for number, row in enumerate(rows)])


def transit(destination, value, year=2022, **more):
    period = {"start": f"{year}-01-01", "end": f"{year}-12-31"}
    return {"measure": "transit_tonnes", "destination": destination, "value": value} | period | more


@pytest.mark.parametrize(
    "answer", known_answers("hubs.csv"), ids=lambda row: f"{row['kind']}-{row['key']}-{row['year']}"
)
def test_figures_are_those_of_the_raw_rows(real, answer):
    if answer["kind"] == "throughput":
        rows = create_throughput(real, READINGS, END)
        rows = rows[rows["port"] == answer["key"]]
    else:
        period, _, kind = answer["kind"].partition(" ")
        destination, _, port = answer["key"].partition(":")
        rows = create_transit(real, READINGS, END)
        rows = rows[(rows["destination"] == destination) & (rows["port"] == port) & (rows["period"] == period)]
        rows = rows[rows["kind"] == kind]
    row = rows[rows["year"] == int(answer["year"])].iloc[0]
    assert (row["low"], row["high"]) == (float(answer["low"]), float(answer["high"]))
    assert row["urls"].startswith("http")


def test_both_pages_of_a_range_are_kept(real):
    rows = create_throughput(real, READINGS, END)
    row = rows[(rows["port"] == "Lome") & (rows["year"] == 2020)].iloc[0]
    assert len(row["urls"].split()) == 2
    assert row["has_conflict"]


def test_after_the_coup_no_route_is_known_and_each_says_so(real):
    rows = create_transit(real, READINGS, END)
    after = rows[rows["period"] == "after"]
    assert len(after) == len(rows[["destination", "port"]].drop_duplicates()) == 12
    assert after["low"].isna().all()
    assert set(after["reason"]) == {"no whole year after 2023-07-26 is on record"}
    assert rows["low"].isna().eq(rows["reason"] != "").all()


def test_the_landlocked_are_those_that_a_port_serves(real):
    assert set(create_transit(real, READINGS, END)["destination"]) == {"BFA", "MLI", "NER"}


def test_the_same_quarters_stand_side_by_side_and_are_not_added(real):
    quarters = compare_quarters(real, END).set_index(["port", "quarter", "year"])["value"]
    # port_transit.csv lines 85, 87, 89 and 88, 90 (PT084, PT086, PT088; PT087, PT089).
    assert quarters["Cotonou", 1].to_dict() == {2023: 2558265.0, 2024: 1957921.0, 2025: 3518440.0}
    assert quarters["Cotonou", 2].to_dict() == {2024: 2095245.0, 2025: 3153472.0}
    assert 2023 not in create_throughput(real, READINGS, END).set_index(["port", "year"]).loc["Cotonou"].index


def test_without_quarters_there_is_nothing_to_compare():
    assert compare_quarters(figures_of({}), END).empty
    assert compare_quarters(figures_of({}).iloc[:0], END).empty


def test_a_quarter_that_had_not_ended_is_left_out():
    rows = [{"note": "period: 2022Q4"}, {"note": "period: 2023Q4", "start": "2023-01-01", "end": "2023-12-31"}]
    assert len(compare_quarters(figures_of(*rows), "2023-12-31")) == 2
    assert compare_quarters(figures_of(*rows), "2023-12-30").empty


@pytest.mark.parametrize("named", ["0000Q1", "9999Q1", "2021Q4"])
def test_a_quarter_of_another_year_than_its_rows_is_none(named):
    assert compare_quarters(figures_of({"note": "period: 2022Q4"}, {"note": f"period: {named}"}), END).empty


@pytest.mark.parametrize(
    ("notes", "is_least"),
    [(['"more than"'], True), (['"above"; 9 in 2014'], True), (["AES together more than 92%"], False),
     (['"more than"', "exact"], False)],
)  # fmt: skip
def test_a_bound_is_carried_from_the_raw_row(notes, is_least):
    rows = create_throughput(figures_of(*({"note": note} for note in notes)), NONE, END)
    assert rows["is_least"].tolist() == [is_least]
    less = [note.replace("more than", "less than").replace("above", "below") for note in notes]
    rows = create_throughput(figures_of(*({"note": note} for note in less)), NONE, END)
    assert rows[["is_least", "is_most"]].to_numpy().tolist() == [[False, is_least]]


def test_happenings_on_routes_are_those_that_a_reviewer_dated(real):
    readings = reference.load("route_events")
    rows = create_route_events(real, readings, END)
    # port_transit.csv lines 65 to 68 (PT064 to PT067): suspended, rerouted, refused, lifted.
    assert rows["row_id"].tolist()[:4] == ["PT064", "PT067", "PT065", "PT066"]
    assert rows["start"].dt.strftime("%Y-%m-%d").tolist()[:4] == [
        "2023-07-30",
        "2023-08-01",
        "2023-10-25",
        "2023-12-27",
    ]
    assert rows["url"].str.startswith("http").all()
    assert len(rows) == len(readings)
    assert create_route_events(real, readings, "2023-07-29").empty


def test_what_is_no_investment_says_what_it_is(built):
    readings = reference.load("project_readings")
    projects = read_table("projects", built)
    assert set(readings["row_id"]) <= set(projects["row_id"])
    rows = create_investors(projects, ["TGO"], readings=readings).set_index("row_id")["reading"]
    assert (rows["IN012"], rows["IN013"]) == ("a right of access", "a gift")
    assert rows["IN011"] == ""
    assert (rows["IN009"] == "a sale").all()


@pytest.mark.parametrize(
    "change",
    [
        {"note": "period: 2022Q1; more"}, {"is_event": True}, {"unit": "tonnes, increase on 2021"}, {"value": None},
        {"start": None, "end": None}, {"start": "2026-01-01", "end": "2026-12-31"}, {"measure": "ship_calls"},
    ],
    ids=["part of a year", "a happening", "a change", "no value", "no year", "not ended", "another measure"],
)  # fmt: skip
def test_what_is_no_level_of_a_whole_year_is_left_out(change):
    assert len(create_throughput(figures_of({}), NONE, END)) == 1
    assert create_throughput(figures_of(change), NONE, END).empty


def test_a_reviewer_leaves_a_figure_out_or_puts_it_before():
    figures = figures_of(transit("NER", 5.0, 2023), transit("NER", 9.0, 2020))
    out = pd.DataFrame({"row_id": ["P1"], "reading": ["left out"], "reason": ["x"]})
    before = pd.DataFrame({"row_id": ["P0"], "reading": ["before"], "reason": ["x"]})
    assert create_transit(figures, NONE, END)["high"].dropna().tolist() == [9.0]
    assert create_transit(figures, out, END)["high"].dropna().empty
    read = create_transit(figures, before, END)
    assert read.loc[read["period"] == "before", ["high", "is_read"]].values.tolist() == [[5.0, True]]


def test_the_year_of_the_turn_belongs_to_neither_side():
    rows = create_transit(figures_of(transit("NER", 5.0, 2023)), NONE, END)
    assert rows["low"].isna().all()
    later = create_transit(figures_of(transit("NER", 5.0, 2023), transit("NER", 7.0, 2024)), NONE, END)
    assert later.set_index("period").at["after", "high"] == 7.0


def test_a_ports_make_up_is_not_a_states_dependence():
    of_port = transit("NER", 80.0, measure="transit_share", unit="percent of Cotonou transit")
    of_state = transit("NER", 83.0, measure="transit_share", unit="percent of Niger imports")
    rows = create_transit(figures_of(of_port, of_state), NONE, END)
    assert rows.loc[rows["period"] == "before", "high"].tolist() == [83.0]


def test_ports_are_ranked_by_their_latest_year():
    rows = create_throughput(figures_of({"value": 3.0}, {"port": "Tema", "value": 5.0}, {"port": "Tema", "value": 1.0, "start": "2023-01-01", "end": "2023-12-31"}), NONE, END)  # fmt: skip
    assert latest_throughput(rows)[["port", "high"]].values.tolist() == [["Lome", 3.0], ["Tema", 1.0]]


def test_ports_of_one_name_in_two_states_are_two():
    rows = create_throughput(figures_of({"value": 3.0}, {"state": "BEN", "value": 5.0, "start": "2023-01-01", "end": "2023-12-31"}), NONE, END)  # fmt: skip
    assert latest_throughput(rows)[["state", "high"]].values.tolist() == [["BEN", 5.0], ["TGO", 3.0]]


def test_investors_are_listed_by_home_and_never_added(built):
    rows = create_investors(read_table("projects", built), ["TGO"], ["port_terminal"])
    # infrastructure.csv lines 2, 3, 7, 8, 9, 10 and 11: Swiss investors of terminals at Lome; IN001 is Swiss and Chinese.
    assert rows.loc[rows["home"] == "CHE", "row_id"].tolist() == [
        "IN001", "IN002", "IN006", "IN007", "IN008", "IN009", "IN010",
    ]  # fmt: skip
    assert set(rows.loc[rows["row_id"] == "IN001", "home"]) == {"CHE", "CHN"}
    assert not {"total", "sum"} & set(rows.columns)


def test_a_project_of_several_states_counts_for_each_and_one_elsewhere_for_none():
    usual = {"name": "n", "kind": "rail", "has_conflict": False, "file": "f", "line": 2}
    projects = PROJECTS.frame(
        [
            usual | {"row_id": "a", "states": "TGO;BEN"},
            usual | {"row_id": "b", "states": "GHA", "investor_states": "FRA"},
        ]
    )
    assert create_investors(projects, ["BEN"])["row_id"].tolist() == ["a"]
    assert create_investors(projects, ["BEN"], ["port_terminal"]).empty


@QUICK
@given(st.lists(st.tuples(st.sampled_from(["Lome", "Tema"]), st.integers(2015, 2024), st.floats(1, 50)), min_size=1), st.randoms(use_true_random=False))  # fmt: skip
def test_ranges_hold_every_figure_whatever_the_order(rows, random):
    given_rows = [
        {"port": port, "value": value, "start": f"{year}-01-01", "end": f"{year}-12-31"} for port, year, value in rows
    ]
    figures = figures_of(*given_rows)
    throughput = create_throughput(figures, NONE, END)
    order = list(range(len(figures)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(throughput, create_throughput(figures.iloc[order], NONE, END))
    for port, year, value in rows:
        row = throughput[(throughput["port"] == port) & (throughput["year"] == year)].iloc[0]
        assert row["low"] <= value <= row["high"]
