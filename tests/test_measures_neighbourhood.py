"""Several states in several windows, and whether their cooperation spreads more evenly later than before."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_cases import QUICK, event, known_answers, pair, parse, tables

from analysis.measures import (
    MeasureError,
    balance,
    compare_spans,
    compare_states,
    count_standings,
    create_engagements,
    measure_balance_change,
    split_halves,
    split_years,
    tilt,
)
from analysis.measures.spread import evenness_windows

POWERS = ["FRA", "RUS"]
YEARS = split_years("2024-01-01", "2025-12-31")
WINDOW = pd.to_datetime(["2024-01-01"]), pd.to_datetime(["2024-12-31"])


def two_years(early: dict[str, str], late: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of one-day events of 2024 and 2025: for each state a text of letters, F with France, R with Russia."""
    pairs, events = [], []
    for year, states in (("2024", early), ("2025", late)):
        for state, letters in states.items():
            for number, letter in enumerate(letters):
                event_id = f"{state}{year}-{number}"
                events.append(event(event_id, f"{year}-06-15"))
                pairs.append(pair(event_id, state, {"F": "FRA", "R": "RUS", "C": "CHN"}[letter], 2.0))
    return tables(pairs, events)


def test_a_span_is_the_state_measured_alone():
    made = two_years({"TGO": "FFFRRR", "BEN": "F"}, {"TGO": "RRRRRRF", "BEN": "CCCFFFRR"})
    powers = [*POWERS, "CHN"]
    spans = compare_spans(*made, ["BEN", "TGO"], powers, YEARS)
    assert spans["state"].tolist() == ["BEN", "BEN", "TGO", "TGO"]
    for row in spans.itertuples():
        days = row.date_start, row.date_end
        rows = create_engagements(*made, row.state, powers, *days)
        alone, spread = tilt(rows, *POWERS), balance(rows, powers)
        low, high = (np.nan, np.nan) if alone.low is None else (alone.low, alone.high)
        assert [row.tilt, row.low, row.high] == pytest.approx([alone.value, low, high], nan_ok=True)
        assert (row.n_events, row.n_events_all, row.reason) == (alone.n_events, spread.n_events, alone.reason)
        assert row.evenness == pytest.approx(spread.evenness)
        deep = compare_states(*made, [row.state], powers, *days)
        assert row.depth == pytest.approx(deep["depth"].iloc[0])


def test_standings_of_planted_states():
    made = two_years({"TGO": "FRFRFR", "BEN": "FFFFF", "GHA": "RRRRRRRRRF", "CIV": "FFRR"}, {"TGO": "RRRRR"})
    spans = compare_spans(*made, ["TGO", "BEN", "GHA", "CIV", "NGA"], POWERS, YEARS)
    assert spans.loc[::2, "standing"].tolist() == ["between", "towards_a", "towards_b", "too_few", "none"]
    assert spans.loc[1::2, "standing"].tolist() == ["towards_b", "none", "none", "none", "none"]
    counts = count_standings(spans)
    assert counts.columns.tolist() == [
        "date_start", "date_end", "towards_a", "towards_b", "between", "too_few", "none",
    ]  # fmt: skip
    assert counts.iloc[:, 2:].to_numpy().tolist() == [[1, 1, 1, 1, 1], [0, 1, 0, 0, 4]]
    turned = compare_spans(*made, ["TGO", "BEN", "GHA", "CIV", "NGA"], POWERS[::-1], YEARS)
    swap = {"towards_a": "towards_b", "towards_b": "towards_a"}
    assert turned["standing"].tolist() == [swap.get(one, one) for one in spans["standing"]]


def test_a_planted_rise_and_a_planted_fall():
    even, lopsided = "FRFRFRFRFR", "FFFFFFFFFR"
    states = ["TGO", "BEN", "GHA"]
    low, high = dict.fromkeys(states, lopsided), dict.fromkeys(states, even)
    rise = measure_balance_change(*two_years(low, high), states, POWERS, *YEARS)
    fall = measure_balance_change(*two_years(high, low), states, POWERS, *YEARS)
    assert rise.states == tuple(states)
    assert rise.reason == fall.reason == ""
    assert rise.early == pytest.approx(0.469, abs=5e-4)  # H(0.1) in bits
    assert rise.late == pytest.approx(1)
    assert rise.change == pytest.approx(0.531, abs=5e-4)
    assert fall.change == pytest.approx(-rise.change)
    assert rise.probability_rose > 0.99
    assert fall.probability_rose < 0.01
    assert rise.low > 0 > fall.high


def test_no_change_counts_half():
    one_sided = dict.fromkeys(["TGO", "BEN", "GHA"], "RRRRR")
    change = measure_balance_change(*two_years(one_sided, one_sided), [*one_sided], POWERS, *YEARS)
    assert (change.early, change.late, change.low, change.high) == (0, 0, 0, 0)
    assert change.probability_rose == 0.5


def test_states_with_too_few_events_in_either_year_are_left_out():
    made = two_years({"TGO": "FRFRF", "BEN": "FRFR", "GHA": "FRFRF"}, {"TGO": "FRFRF", "BEN": "FRFRF", "GHA": "FRFR"})
    change = measure_balance_change(*made, ["TGO", "BEN", "GHA"], POWERS, *YEARS)
    assert (change.states, change.reason) == (("TGO",), "too few states")
    assert 0 < change.probability_rose < 1
    enough = measure_balance_change(*made, ["TGO", "BEN", "GHA"], POWERS, *YEARS, minimum_states=1)
    assert enough.reason == ""
    none = measure_balance_change(*made, ["BEN", "GHA"], POWERS, *YEARS)
    assert (none.states, none.change, none.probability_rose, none.reason) == ((), None, None, "too few states")


@pytest.mark.parametrize("case", known_answers("evenness_intervals.csv"), ids=lambda case: case["note"])
def test_equal_weights_give_the_quantile_of_the_beta_distribution(case):
    text = "; ".join(f"F{number} FRA +2; R{number} RUS +2" for number in range(int(case["n_each"])))
    rows = create_engagements(*parse(text), "TGO", POWERS, "2024-01-01", "2024-12-31")
    options = {"draws": 40_000, "level": float(case["level"]), "minimum_events": 1}
    frame, draws = evenness_windows(rows, POWERS, *WINDOW, **options)
    assert frame["low"].iloc[0] == pytest.approx(float(case["low"]), abs=0.02)
    assert frame["evenness"].iloc[0] == pytest.approx(1)
    assert draws.max() <= 1


letters = st.text("FRC", max_size=9)


@QUICK
@given(letters, letters, st.permutations(["FRA", "RUS", "CHN"]))
def test_evenness_is_bounded_and_knows_no_order(early, late, powers):
    made = two_years({"TGO": early}, {"TGO": late})
    spans = compare_spans(*made, ["TGO"], powers, YEARS, draws=200)
    again = compare_spans(*(frame.iloc[::-1] for frame in made), ["TGO"], sorted(powers), YEARS, draws=200)
    for name in ("evenness", "evenness_low", "evenness_high", "depth"):
        assert spans[name].tolist() == pytest.approx(again[name].tolist(), nan_ok=True)
    known = spans[["evenness", "evenness_low", "evenness_high"]].stack().dropna()
    assert known.between(0, 1).all()
    has_interval = spans["n_events_all"] >= 5
    assert spans["evenness_low"].notna().tolist() == has_interval.tolist()
    assert (spans["evenness_low"] <= spans["evenness"] + 1e-12)[has_interval].all()


@QUICK
@given(st.text("FR", min_size=5, max_size=9), st.text("FR", min_size=5, max_size=9))
def test_a_change_turned_round_is_its_opposite(early, late):
    made = two_years({"TGO": early}, {"TGO": late})
    there = measure_balance_change(*made, ["TGO"], POWERS, *YEARS, draws=200)
    back = measure_balance_change(*made, ["TGO"], POWERS, *YEARS[::-1], draws=200)
    assert back.change == pytest.approx(-there.change)
    assert back.probability_rose == pytest.approx(1 - there.probability_rose)


@QUICK
@given(st.dates(pd.Timestamp("1990-01-01").date()), st.integers(1, 4000))
def test_years_and_halves_cover_the_window_once(first, length):
    start = pd.Timestamp(first)
    end = start + pd.Timedelta(days=length)
    for spans in (split_years(start, end), split_halves(start, end)):
        assert (spans[0][0], spans[-1][1]) == (start, end)
        assert all(one[1] + pd.Timedelta(days=1) == other[0] for one, other in pairwise(spans))
        assert all(one <= other for one, other in spans)
    early, late = split_halves(start, end)
    assert 0 <= (late[1] - late[0]).days - (early[1] - early[0]).days <= 1


def test_bad_input_is_named():
    made = two_years({"TGO": "F"}, {})
    with pytest.raises(MeasureError, match="2024-01-01 has one day"):
        split_halves("2024-01-01", "2024-01-01")
    with pytest.raises(MeasureError, match="no window is given"):
        compare_spans(*made, ["TGO"], POWERS, [])
    with pytest.raises(MeasureError, match="FRA is both the state and among states"):
        compare_spans(*made, ["TGO", "FRA"], POWERS, YEARS)
    with pytest.raises(MeasureError, match="at least 2"):
        measure_balance_change(*made, ["TGO"], ["FRA"], *YEARS)
