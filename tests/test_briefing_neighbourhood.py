"""The sentences of a neighbourhood on the edges: none, few, one-sided, undecided, moved; and what befell a state."""

from dataclasses import replace

import pandas as pd
import pytest
from test_briefing_sentences import evidence_of

from analysis import reference
from analysis.briefing.evidence import load_evidence
from analysis.briefing.happenings import find_happenings
from analysis.briefing.neighbourhood import (
    Neighbourhood,
    measure_neighbourhood,
    measure_years,
    write_balance_change,
    write_neighbourhood,
)
from analysis.language import Name
from analysis.measures import BalanceChange, measure_balance_change, split_halves
from analysis.schema import TABLES

NAMES = {
    "TGO": Name("Togo"), "GMB": Name("Gambia", "the"), "FRA": Name("France"), "RUS": Name("Russia"),
    "USA": Name("United States", "the", is_plural=True),
}  # fmt: skip
NO_HAPPENINGS = pd.DataFrame(columns=["state", "kind", "organisation", "date_start", "date_end", "date_precision"])
UNKNOWN = BalanceChange((), None, None, None, None, None, None, "too few states")
HALF = {"none": (None, None, None, 0), "too_few": (0.4, None, None, 2)}


def half(standing, tilt=None, low=None, high=None, n_events=7):
    return (standing, *(HALF.get(standing) or (tilt, low, high, n_events)))


def moves_of(early, late, change=UNKNOWN, happenings=NO_HAPPENINGS, state="TGO"):
    days = (("2020-01-01", "2020-07-01"), ("2020-07-02", "2020-12-31"))
    rows = [(state, *map(pd.Timestamp, span), *values) for span, values in zip(days, (early, late), strict=True)]
    halves = pd.DataFrame(
        rows, columns=["state", "date_start", "date_end", "standing", "tilt", "low", "high", "n_events"]
    ).astype({"tilt": float, "low": float, "high": float})
    return Neighbourhood(halves, change, happenings)


def evidence(state="TGO", powers=("FRA", "RUS")):
    return replace(evidence_of(), names=NAMES, state=state, states=(state,), powers=powers)


LEFT, RIGHT = half("towards_b", -0.8, -0.95, -0.6), half("towards_a", 0.7, 0.4, 0.9)
OPEN, SURE = half("between", 0.1, -0.3, 0.5), half("towards_b", -1.0, -1.0, -1.0, 8)
CASES = [
    (half("none"), half("none"), "No cooperation of Togo with France or Russia is on record"),
    (
        half("none"),
        half("too_few"),
        "Togo has too few events to say: 0 events up to 1 July 2020, 2 events since.",
    ),
    (half("too_few"), RIGHT, "Togo leans towards France since 2 July 2020 (+0.70, interval +0.40 to +0.90); before"),
    (half("none"), OPEN, "Togo could not be placed on either side since 2 July 2020 (+0.10, interval −0.30 to +0.50)"),
    (half("none"), SURE, "All cooperation of Togo since 2 July 2020 is with Russia (8 events, which is no sign of"),
    (LEFT, half("too_few"), "Togo leaned towards Russia up to 1 July 2020 (−0.80, interval −0.95 to −0.60); since"),
    (OPEN, half("none"), "Togo could not be placed on either side up to 1 July 2020"),
    (OPEN, OPEN, "Togo could not be placed on either side, up to 1 July 2020 (+0.10, interval"),
    (LEFT, SURE, "Togo leaned towards Russia up to 1 July 2020 (−0.80, interval −0.95 to −0.60) and since (−1.00"),
    (RIGHT, LEFT, "Togo moved towards Russia: up to 1 July 2020 +0.70"),
    (LEFT, RIGHT, "Togo moved towards France: up to 1 July 2020 −0.80"),
    (OPEN, RIGHT, "Togo moved towards France: up to 1 July 2020 +0.10"),
]


@pytest.mark.parametrize(("early", "late", "beginning"), CASES)
def test_one_sentence_for_each_state_of_affairs(early, late, beginning):
    (sentence,) = write_neighbourhood(evidence(), moves_of(early, late))
    assert sentence.startswith(beginning)
    assert sentence.endswith(".")
    assert not any(word in sentence for word in ("nan", "None", "{", " 1 events"))


def test_a_move_says_whether_the_intervals_meet():
    (apart,) = write_neighbourhood(evidence(), moves_of(RIGHT, LEFT))
    (meeting,) = write_neighbourhood(evidence(), moves_of(OPEN, RIGHT))
    assert apart.endswith("and the two intervals do not meet.")
    assert meeting.endswith("but the two intervals meet.")


def test_articles_and_plurals_are_those_of_the_names():
    given = replace(evidence("GMB", ("USA", "RUS")))
    (sentence,) = write_neighbourhood(given, moves_of(half("none"), RIGHT, state="GMB"))
    assert sentence.startswith("The Gambia leans towards the United States since")
    turned = replace(given, states=("USA",), powers=("FRA", "RUS"))
    (sentence,) = write_neighbourhood(turned, moves_of(half("none"), RIGHT, state="USA"))
    assert sentence.startswith("The United States lean towards France")


def test_what_befell_a_state_is_named_with_its_dates():
    rows = [
        ("TGO", "suspended", "ECOWAS", "2020-01-01", None, "year"), ("TGO", "coup", "", "2020-08-18", None, "day"),
        ("TGO", "coup_attempt", "", "2020-09-01", None, "month"), ("TGO", "left", "ECOWAS", "2020-10-02", None, "day"),
        ("BEN", "coup", "", "2020-08-18", None, "day"),
    ]  # fmt: skip
    happenings = pd.DataFrame(rows, columns=NO_HAPPENINGS.columns).astype({"date_start": "datetime64[ns]"})
    (sentence,) = write_neighbourhood(evidence(), moves_of(OPEN, OPEN, happenings=happenings))
    assert sentence.endswith(
        "There: suspended from ECOWAS (2020), coup (18 Aug 2020), coup attempt (Sep 2020) and left ECOWAS (2 Oct 2020)."
    )


def test_of_many_happenings_the_last_are_named_and_the_rest_counted():
    rows = [("TGO", "coup", "", f"2020-01-{day:02}", None, "day") for day in range(1, 10)]
    happenings = pd.DataFrame(rows, columns=NO_HAPPENINGS.columns).astype({"date_start": "datetime64[ns]"})
    (sentence,) = write_neighbourhood(evidence(), moves_of(OPEN, OPEN, happenings=happenings))
    assert sentence.endswith("coup (8 Jan 2020), coup (9 Jan 2020) and 3 before.")
    assert sentence.count("coup (") == 6


def test_a_suspension_of_an_unknown_day_of_the_year_is_not_told_before_the_coup(built):
    given = load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28", data=built)
    found = find_happenings(given)
    niger = found[(found["state"] == "NER") & (found["date_start"].dt.year == 2023)]
    assert niger["kind"].tolist() == ["coup", "suspended"]
    assert set(niger["date_precision"]) == {"day", "year"}


def change_of(probability, states=("TGO",), reason=""):
    return BalanceChange(states, 0.9, 0.4, -0.5, -0.6, 0.1, probability, reason)


@pytest.mark.parametrize(
    ("early", "late", "change", "first", "second"),
    [
        (
            OPEN,
            LEFT,
            UNKNOWN,
            "1 of 1 could not be placed on either side of France and Russia up to 1 July 2020, and 0 of 1 since. That an "
            "interval holds zero is no sign of standing between them.",
            "No state",
        ),
        (half("none"), OPEN, UNKNOWN, "Up to 1 July 2020 no state has events enough", "cannot be said"),
        (OPEN, half("none"), UNKNOWN, "Up to 1 July 2020 1 of 1 states with events enough", "cannot be said"),
        (half("none"), half("too_few"), UNKNOWN, "In neither half of the window", "cannot be said"),
        (OPEN, OPEN, change_of(0.95), "1 of 1 since.", "is spread more evenly over France and Russia since"),
        (OPEN, OPEN, change_of(0.05), "1 of 1 since.", "is spread less evenly over France and Russia since"),
        (OPEN, OPEN, change_of(0.94), "1 of 1 since.", "higher in 94\N{NO-BREAK SPACE}% of the draws: no change is"),
    ],
)
def test_whether_more_refuse_to_choose(early, late, change, first, second):
    counted, evenness = write_balance_change(evidence(), moves_of(early, late, change))
    assert first in counted
    assert second in evenness
    assert "With fewer than" not in evenness


def test_too_few_states_say_nothing_of_the_region():
    _, evenness = write_balance_change(evidence(), moves_of(OPEN, OPEN, change_of(0.97, reason="too few states")))
    assert "more evenly" in evenness
    assert evenness.endswith("whether more states refuse to choose one camp cannot be said from these events.")


def test_the_happenings_of_the_region_are_those_of_the_tables(built):
    given = load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28", data=built)
    found = find_happenings(given)
    told = {(row.state, row.kind, f"{row.date_start:%Y-%m-%d}") for row in found.itertuples()}
    assert told >= {
        ("MLI", "coup", "2020-08-18"), ("NER", "coup", "2023-07-26"), ("BEN", "coup_attempt", "2025-12-07"),
        ("BFA", "left", "2025-01-29"), ("GIN", "suspended", "2021-09-08"),
    }  # fmt: skip
    assert set(found["state"]) <= set(given.states)
    assert not any(kind in ("left", "suspended") and state == "TGO" for state, kind, _ in told)
    early = find_happenings(replace(given, end=pd.Timestamp("2021-12-31")))
    assert set(early["kind"]) == {"coup", "suspended"}
    late = find_happenings(replace(given, start=pd.Timestamp("2025-06-01")))
    assert "left" not in set(late["kind"])
    assert ("BEN", "coup_attempt") in set(zip(late["state"], late["kind"], strict=True))


def test_the_change_is_that_of_all_states_asked(built):
    given = load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28", data=built)
    halves = split_halves(given.start, given.end)
    expected = measure_balance_change(given.dyad_events, given.events, given.states, given.powers, *halves)
    assert len(expected.states) >= 2
    assert measure_neighbourhood(given).change == expected


def test_a_briefing_without_tables_of_events_still_speaks():
    empty = evidence_of()
    assert TABLES["ties"].frame([]).equals(empty.ties)
    moves = measure_neighbourhood(empty)
    assert moves.happenings.empty
    assert write_neighbourhood(empty, moves) == [
        "No cooperation of Togo with France or Russia is on record, which is not to say that there was none."
    ]


def test_years_and_halves_are_those_of_the_window():
    given = evidence_of(("FRA", 2), ("RUS", 1))
    moves = measure_neighbourhood(given)
    assert measure_years(given)[["date_start", "date_end"]].astype(str).to_numpy().tolist() == [
        ["2020-01-01", "2020-12-31"]
    ]
    assert moves.halves["date_start"].astype(str).tolist() == ["2020-01-01", "2020-07-02"]
    assert moves.halves["n_events"].tolist() == [2, 0]


def test_positions_are_apart_and_their_states_known():
    positions = reference.load("tile_positions")
    assert not positions.duplicated(["column", "row"]).any()
    assert not positions["state"].duplicated().any()
    assert set(positions["state"]) <= set(reference.load("states")["iso3"])
    assert positions["reason"].str.len().gt(0).all()
    compared = reference.load("comparison_sets")["state"]
    assert set(compared) <= set(positions["state"])


def test_every_class_of_a_coup_has_a_kind_that_the_figure_knows():
    classes = reference.load("coup_classes")
    assert set(classes["kind"]) <= {"coup", "coup_attempt", "none"}
    assert not classes["event_class"].duplicated().any()
