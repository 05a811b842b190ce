"""Tilt and its rolling form: known answers, symmetry, monotony, order."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_cases import QUICK, YEAR, engage, event, known_answers, number, pair, tables

from analysis.measures import MeasureError, create_engagements, largest_event, rolling_tilt, tilt

FEW = {"level": 0.9}
WEIGHTS = st.sampled_from([-3.0, -1.0, 0.0, 0.9, 1.0, 2.0, 3.0])


@st.composite
def mixes(draw):
    """Up to twelve events, each with one of the powers or both."""
    events = draw(st.lists(st.one_of(WEIGHTS, st.tuples(WEIGHTS, WEIGHTS)), max_size=12))
    powers = draw(st.lists(st.sampled_from(["FRA", "RUS"]), min_size=12, max_size=12))
    parts = []
    for i, (weight, power) in enumerate(zip(events, powers, strict=False)):
        both = isinstance(weight, tuple)
        parts.append(f"E{i:02} " + (f"FRA {weight[0]} RUS {weight[1]}" if both else f"{power} {weight}"))
    return parts


@pytest.mark.parametrize("case", known_answers("tilt.csv"), ids=lambda case: case["note"])
def test_known_answers(case):
    lean = tilt(engage(case["events"]), "FRA", "RUS", **FEW)
    for field in ("value", "net_value"):
        expected = number(case[field])
        assert getattr(lean, field) == (expected if expected is None else pytest.approx(expected))
    assert lean.n_events == int(case["n_events"])
    found = (lean.cooperation_a, lean.cooperation_b, lean.conflict_a, lean.conflict_b)
    names = ("cooperation_fra", "cooperation_rus", "conflict_fra", "conflict_rus")
    assert found == tuple(float(case[name]) for name in names)
    assert lean.reason == case["reason"]
    has_interval = lean.reason == "" or lean.reason.startswith("all cooperation")
    assert (lean.low is not None) is (lean.high is not None) is has_interval
    if lean.reason.startswith("all cooperation"):
        assert lean.low == lean.high == lean.value


@QUICK
@given(mixes())
def test_exchanging_the_powers_exactly_flips_it(parts):
    rows = engage("; ".join(parts))
    one, other = tilt(rows, "FRA", "RUS", **FEW), tilt(rows, "RUS", "FRA", **FEW)
    assert other == one.swapped()
    assert other.swapped() == one
    for left, right in ((one.value, other.value), (one.low, other.high), (one.net_value, other.net_value)):
        assert left == (None if right is None else -right)


@QUICK
@given(mixes())
def test_it_stays_within_bounds_and_the_interval_in_order(parts):
    lean = tilt(engage("; ".join(parts)), "FRA", "RUS", **FEW)
    assert lean.value is None or -1 <= lean.value <= 1
    assert lean.low is None or -1 <= lean.low <= lean.high <= 1


@QUICK
@given(mixes(), st.sampled_from([0.5, 1.0, 3.0]))
def test_one_more_act_of_cooperation_never_moves_it_away(parts, weight):
    before = tilt(engage("; ".join(parts)), "FRA", "RUS", **FEW).value
    after = tilt(engage("; ".join([*parts, f"MORE FRA {weight}"])), "FRA", "RUS", **FEW).value
    assert after is not None
    assert before is None or after >= before - 1e-12


@QUICK
@given(mixes(), st.sampled_from([2, 4]))
def test_the_same_mix_again_keeps_it_and_narrows_the_interval(parts, times):
    many = [f"{part[:3]}_{copy}{part[3:]}" for part in parts for copy in range(times)]
    once, again = (tilt(engage("; ".join(mix)), "FRA", "RUS") for mix in (parts, many))
    assert again.value == (None if once.value is None else pytest.approx(once.value, abs=1e-12))
    if once.low is not None:
        assert again.high - again.low <= once.high - once.low + 1e-6


@QUICK
@given(mixes(), st.randoms(use_true_random=False))
def test_row_order_matters_not_even_to_the_interval(parts, random):
    rows = engage("; ".join(parts))
    order = list(range(len(rows)))
    random.shuffle(order)
    assert tilt(rows.iloc[order], "FRA", "RUS", **FEW) == tilt(rows, "FRA", "RUS", **FEW)


@QUICK
@given(mixes())
def test_events_that_carry_no_cooperation_with_the_two_leave_value_and_interval_alone(parts):
    plain = tilt(engage("; ".join(parts)), "FRA", "RUS", **FEW)
    noisy = tilt(engage("; ".join([*parts, "X1 CHN +3", "X2 USA -2", "X3 FRA 0"])), "FRA", "RUS", **FEW)
    assert noisy == plain
    hurt = tilt(engage("; ".join([*parts, "X4 FRA -3"])), "FRA", "RUS", **FEW)
    assert (hurt.value, hurt.low, hurt.high, hurt.n_events) == (plain.value, plain.low, plain.high, plain.n_events)
    assert hurt.conflict_a == plain.conflict_a + 3


def test_level_and_fewest_events_do_what_they_say():
    rows = engage("E1 FRA +3; E2 FRA +2; E3 RUS +1; E4 RUS +1; E5 RUS +1")
    usual = tilt(rows, "FRA", "RUS")
    assert tilt(rows, "FRA", "RUS") == usual
    assert tilt(rows, "FRA", "RUS", seed=7, draws=1) == usual  # nothing is drawn
    narrow = tilt(rows, "FRA", "RUS", level=0.5)
    assert usual.low < narrow.low < narrow.high < usual.high
    assert tilt(rows, "FRA", "RUS", minimum_events=6).reason == "too few events"


def test_an_event_with_both_powers_is_one_unit():
    shared = "; ".join(f"E{i} FRA +1 RUS +1" for i in range(6))
    lean = tilt(engage(shared), "FRA", "RUS", **FEW)
    assert (lean.n_events, lean.low, lean.high) == (6, 0.0, 0.0)  # as twelve units it would have width
    apart = "; ".join(f"E{i} FRA +1; F{i} RUS +1" for i in range(6))
    assert tilt(engage(apart), "FRA", "RUS", **FEW).high > 0.2


def dated(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    """Engagements of 2024 from (first day, last day, power, weight)."""
    events = [event(f"E{i}", start, end) for i, (start, end, *_) in enumerate(rows)]
    pairs = [pair(f"E{i}", "TGO", power, weight) for i, (_, _, power, weight) in enumerate(rows)]
    return create_engagements(*tables(pairs, events), "TGO", ["FRA", "RUS"], *YEAR)


SPREAD = dated(
    ("2024-01-10", "2024-01-10", "FRA", 2.0),
    ("2024-02-01", "2024-04-30", "RUS", 3.0),
    ("2024-03-31", "2024-04-01", "FRA", 1.0),
    ("2024-05-05", "2024-05-05", "RUS", -2.0),
    ("2024-06-01", "2024-06-30", "RUS", 1.0),
    ("2024-06-15", "2024-08-14", "FRA", 3.0),
    ("2024-01-01", "2024-12-31", "RUS", 2.0),
)


def test_rolling_windows_are_the_whole_months_of_the_window():
    ends = rolling_tilt(SPREAD, "FRA", "RUS", *YEAR, months=3)["month_end"]
    assert ends.tolist() == list(pd.date_range("2024-03-31", "2024-12-31", freq="ME"))
    cut = rolling_tilt(SPREAD, "FRA", "RUS", "2024-01-02", "2024-12-30", months=3)["month_end"]
    assert cut.tolist() == list(pd.date_range("2024-04-30", "2024-11-30", freq="ME"))
    assert len(rolling_tilt(SPREAD, "FRA", "RUS", *YEAR, months=13)) == 0
    assert len(rolling_tilt(SPREAD, "FRA", "RUS", *YEAR)) == 1


def test_each_rolling_row_is_the_tilt_of_its_window_alone():
    rolling = rolling_tilt(SPREAD, "FRA", "RUS", *YEAR, months=4, minimum_events=3)
    assert rolling["low"].notna().sum() >= 5
    for row in rolling.itertuples():
        first = (row.month_end - pd.offsets.MonthBegin(4)).normalize()
        inside = SPREAD.assign(
            window_share=[
                len(pd.date_range(max(one.date_start, first), min(one.date_end, row.month_end)))
                / len(pd.date_range(one.date_start, one.date_end))
                for one in SPREAD.itertuples()
            ]
        )
        inside["cooperation"] = inside["weight"].clip(lower=0) * inside["window_share"]
        inside["conflict"] = (-inside["weight"]).clip(lower=0) * inside["window_share"]
        alone = tilt(inside, "FRA", "RUS", minimum_events=3)
        assert row.n_events == alone.n_events
        assert row.reason == alone.reason
        for found, expected in ((row.tilt, alone.value), (row.low, alone.low), (row.high, alone.high)):
            assert found == pytest.approx(np.nan if expected is None else expected, abs=1e-8, nan_ok=True)


def test_rolling_types_hold_where_nothing_is_known():
    frame = rolling_tilt(engage(""), "FRA", "RUS", *YEAR, months=6)
    assert frame["tilt"].isna().all()
    assert set(frame["reason"]) == {"no cooperation with either power"}
    assert [str(kind) for kind in frame.dtypes] == ["datetime64[ns]", "float64", "float64", "float64", "int64", "str"]


def test_rolling_exchanges_exactly():
    one = rolling_tilt(SPREAD, "FRA", "RUS", *YEAR, months=4, minimum_events=2)
    other = rolling_tilt(SPREAD, "RUS", "FRA", *YEAR, months=4, minimum_events=2)
    pd.testing.assert_series_equal(one["tilt"], -other["tilt"], check_exact=True)
    pd.testing.assert_series_equal(one["low"], -other["high"], check_exact=True, check_names=False)


@pytest.mark.parametrize("case", known_answers("largest_event.csv"), ids=lambda case: case["note"])
def test_the_largest_event(case):
    assert largest_event(engage(case["events"]), "FRA", "RUS") == (case["largest"] or None)
    assert largest_event(engage(case["events"]), "RUS", "FRA") == (case["largest"] or None)


@pytest.mark.parametrize(
    ("measure", "message"),
    [
        (lambda rows: tilt(rows, "FRA", "FRA"), "must differ.*FRA"),
        (lambda rows: tilt(rows, "FRA", "RUS", draws=0), "draws is 0; accepted: 1 or more"),
        (lambda rows: tilt(rows, "FRA", "RUS", seed=-1), "seed is -1"),
        (lambda rows: tilt(rows, "FRA", "RUS", level=90), "level is 90; accepted: more than 0 and less than 1"),
        (lambda rows: tilt(rows, "FRA", "RUS", minimum_events=0), "minimum_events is 0"),
        (lambda rows: tilt(rows.drop(columns="conflict"), "FRA", "RUS"), "engagements has no column conflict"),
        (lambda rows: rolling_tilt(rows, "FRA", "RUS", *YEAR, months=0), "months is 0; accepted: 1 or more"),
        (lambda rows: rolling_tilt(rows, "FRA", "RUS", *YEAR[::-1]), "start 2024-12-31 is after end 2024-01-01"),
        (lambda rows: largest_event(rows, "RUS", "RUS"), "must differ.*RUS"),
    ],
)
def test_a_bad_input_is_named(measure, message):
    with pytest.raises(MeasureError, match=message):
        measure(engage("E1 FRA +1"))


def test_a_tilt_can_be_written_as_a_row():
    assert set(asdict(tilt(engage("E1 FRA +1"), "FRA", "RUS"))) == {
        "a", "b", "value", "low", "high", "net_value", "n_events", "cooperation_a", "cooperation_b", "conflict_a",
        "conflict_b", "reason",
    }  # fmt: skip
