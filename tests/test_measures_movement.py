"""Two windows compared: the difference of tilt, and the probability that it moved towards the first power."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures_cases import event, pair, tables

from analysis.measures import create_engagements, tilt
from analysis.measures.checks import MeasureError
from analysis.measures.movement import ONE_SIDED, compare_tilts
from analysis.measures.tilts import NO_COOPERATION, TOO_FEW_EVENTS

FEW = settings(max_examples=20, deadline=None)
BEFORE, AFTER = ("2024-01-01", "2024-06-30"), ("2024-07-01", "2024-12-31")


def engagements(before: list[int], after: list[int]) -> pd.DataFrame:
    """Events of weight 1 with FRA (+1) or RUS (-1), in February and in August."""
    rows = [("02", side) for side in before] + [("08", side) for side in after]
    events = [event(f"E{number}", f"2024-{month}-10") for number, (month, _) in enumerate(rows)]
    pairs = [pair(f"E{number}", "TGO", "FRA" if side > 0 else "RUS", 1.0) for number, (_, side) in enumerate(rows)]
    return create_engagements(*tables(pairs, events), "TGO", ["FRA", "RUS"], "2024-01-01", "2024-12-31")


def compare(before: list[int], after: list[int], **options):
    return compare_tilts(engagements(before, after), "FRA", "RUS", BEFORE, AFTER, **options)


def test_a_known_answer():
    # Shares of FRA are Beta(4, 1) and Beta(1, 4); P(Y > X) by integrating x^4 against 4 (1 - x)^3 is 1/70.
    moved = compare([1, 1, 1, 1, -1], [1, -1, -1, -1, -1], draws=40_000)
    assert moved.difference == pytest.approx(-1.2)
    assert moved.probability == pytest.approx(1 / 70, abs=0.003)
    shares = np.random.default_rng(5).beta([[4], [1]], [[1], [4]], size=(2, 400_000))
    low, high = np.quantile(2 * (shares[1] - shares[0]), [0.05, 0.95])
    assert (moved.low, moved.high) == (pytest.approx(low, abs=0.03), pytest.approx(high, abs=0.03))
    assert moved.reason == ""


def test_the_same_events_in_both_windows_have_not_moved():
    moved = compare([1, 1, -1, -1, 1, -1], [1, 1, -1, -1, 1, -1])
    assert moved.difference == 0
    assert moved.low < 0 < moved.high
    assert moved.probability == pytest.approx(0.5, abs=0.03)


def test_each_window_is_what_tilt_says_of_it_alone():
    rows = engagements([1, 1, 1, -1, -1], [-1, -1, -1, -1, 1])
    moved = compare_tilts(rows, "FRA", "RUS", BEFORE, AFTER)
    alone = tilt(rows[rows["date_start"] < "2024-07-01"], "FRA", "RUS")
    assert moved.before == alone


def test_an_event_in_both_windows_weighs_apart():
    events = [event(f"E{number}", "2024-06-15", "2024-07-14") for number in range(6)]
    pairs = [pair(f"E{number}", "TGO", "FRA" if number % 2 else "RUS", 1.0) for number in range(6)]
    rows = create_engagements(*tables(pairs, events), "TGO", ["FRA", "RUS"], "2024-01-01", "2024-12-31")
    moved = compare_tilts(rows, "FRA", "RUS", BEFORE, AFTER)
    assert moved.difference == pytest.approx(0)
    assert moved.high - moved.low > 0.5  # with the same draws in both it would be 0


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ([1, 1, -1, -1], [1, 1, -1, -1, 1], TOO_FEW_EVENTS),
        ([1, 1, -1, -1, 1], [1], TOO_FEW_EVENTS),
        ([], [1, 1, -1, -1, 1], NO_COOPERATION),
    ],
)
def test_too_few_events_say_nothing(before, after, reason):
    moved = compare(before, after)
    assert (moved.difference, moved.low, moved.high, moved.probability) == (None, None, None, None)
    assert moved.reason == reason


def test_a_window_with_one_power_alone_says_so():
    moved = compare([1] * 6, [1, -1, 1, -1, 1, -1])
    assert moved.reason == ONE_SIDED
    assert moved.probability == 0.0
    assert compare([1] * 6, [1] * 6).probability == 0.5


SIDES = st.lists(st.sampled_from([-1, 1]), min_size=5, max_size=9)


@FEW
@given(SIDES, SIDES)
def test_from_the_other_power_every_sign_turns(before, after):
    rows = engagements(before, after)
    one, other = (compare_tilts(rows, *pair_, BEFORE, AFTER, draws=200) for pair_ in (("FRA", "RUS"), ("RUS", "FRA")))
    assert replace(one, probability=None) == replace(other.swapped(), probability=None)
    assert one.probability == pytest.approx(1 - other.probability)
    assert one.swapped().swapped() == replace(one, probability=pytest.approx(one.probability))
    assert one.difference == -other.difference
    assert -2 <= one.low <= one.high <= 2


@FEW
@given(SIDES, SIDES, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(before, after, random):
    rows = engagements(before, after)
    order = list(range(len(rows)))
    random.shuffle(order)
    one, other = (compare_tilts(frame, "FRA", "RUS", BEFORE, AFTER, draws=50) for frame in (rows, rows.iloc[order]))
    assert one == other


def test_a_window_outside_the_engagements_is_refused():
    rows = engagements([1], [1])
    spread = rows.assign(date_end=pd.Timestamp("2025-02-01"), window_share=0.5)
    with pytest.raises(MeasureError, match="narrower window"):
        compare_tilts(spread, "FRA", "RUS", BEFORE, ("2024-07-01", "2025-12-31"))
    with pytest.raises(MeasureError, match="is after end"):
        compare_tilts(rows, "FRA", "RUS", BEFORE, ("2024-12-31", "2024-07-01"))
