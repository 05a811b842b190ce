"""Change points: planted ones are found, unplanted ones seldom, and sparse series are left alone."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_cases import QUICK, engage
from series_cases import as_series, draw_noise, draw_weights

from analysis.measures.checks import MeasureError
from analysis.measures.examples import example_engagements, example_series
from analysis.measures.nearest import nearest_events
from analysis.measures.periods import density, net_engagement
from analysis.measures.ranks import standardised_ranks
from analysis.measures.shifts import find_shifts

SERIES = 200
LEVEL = 0.05
# With 200 series and a true rate of 5 % more than 20 false alarms come up less than once in 200 such tests.
MOST_ALARMS = 20


def positions(values, **options) -> list[int]:
    return find_shifts(as_series(values), draws=1, **options).points["position"].tolist()


def alarms(draw, length: int, **options) -> int:
    return sum(bool(positions(draw(np.random.default_rng(seed), length), **options)) for seed in range(SERIES))


@pytest.mark.parametrize("length", [24, 74])
@pytest.mark.parametrize("rate", [None, 0.5, 1.4], ids=["noise", "mostly_empty", "mostly_filled"])
def test_series_without_a_change_seldom_show_one(length, rate):
    draw = draw_noise if rate is None else lambda random, n: draw_weights(random, rate, n)
    assert alarms(draw, length) <= MOST_ALARMS


def test_a_lower_penalty_would_break_the_level():
    assert alarms(draw_noise, 24, penalty=1.4) > MOST_ALARMS


@pytest.mark.parametrize(("ratio", "least"), [(2.0, 0.75), (3.0, 0.90)])
def test_a_planted_change_is_found_within_one_step(ratio, least):
    found = 0
    for seed in range(SERIES):
        random = np.random.default_rng(seed)
        place = int(random.integers(6, 19))
        values = random.normal(size=24)
        values[place:] += ratio
        found += any(abs(place - other) <= 1 for other in positions(values))
    assert found / SERIES >= least


def test_a_planted_change_of_rare_events_is_found():
    found = 0
    for seed in range(SERIES):
        random = np.random.default_rng(seed)
        place = int(random.integers(6, 19))
        values = np.abs(draw_weights(random, np.where(np.arange(24) < place, 0.3, 4.0), 24))
        found += any(abs(place - other) <= 1 for other in positions(values))
    assert found / SERIES >= 0.75


def test_two_changes_are_both_found():
    values = [0.0, 1.0] * 4 + [5.0, 6.0] * 4 + [0.0, 1.0] * 4
    assert positions(values) == [8, 16]


def test_a_clear_change_is_steady_and_a_faint_one_is_not():
    clear = find_shifts(example_series()).points.iloc[0]
    assert (clear["steadiness"], clear["factor"]) == (1.0, 2.0)
    random = np.random.default_rng(3)
    faint = random.normal(size=24) + np.repeat([0.0, 1.2], 12)
    points = find_shifts(as_series(faint)).points
    assert len(points) == 1
    assert points["steadiness"].iloc[0] < 0.9
    assert points["factor"].iloc[0] < 1.5


def test_a_clear_change_has_hardly_another_place_and_its_levels_are_apart():
    found = find_shifts(example_series())
    point = found.points.iloc[0]
    assert point["date"] == pd.Timestamp("2023-01-01")
    assert (
        pd.Timestamp("2022-10-01")
        <= point["earliest"]
        <= point["date"]
        <= point["latest"]
        <= pd.Timestamp("2023-04-01")
    )
    low, high = found.levels.iloc[0], found.levels.iloc[1]
    assert low["low"] <= low["mean"] == 0.25 <= low["high"] < high["low"] <= high["mean"] == 2.25 <= high["high"]


def test_a_faint_change_has_a_range_of_places():
    random = np.random.default_rng(3)
    point = find_shifts(as_series(random.normal(size=24) + np.repeat([0.0, 1.2], 12))).points.iloc[0]
    assert point["earliest"] <= point["date"] <= point["latest"]
    assert point["earliest"] < point["latest"]


def test_the_same_series_gives_the_same_points():
    once, again = (find_shifts(example_series()).points for _ in range(2))
    pd.testing.assert_frame_equal(once, again)


@pytest.mark.parametrize(
    ("values", "n_events"),
    [
        ([0.0] * 10 + [5.0] * 1, [0] * 10 + [20]),  # too short
        ([0.0] * 12 + [1.0] * 12, [0] * 13 + [1] * 11),  # too few events
        ([0.0] * 19 + [9.0] * 5, [0] * 19 + [9] * 5),  # too few periods with any
    ],
    ids=["short", "few_events", "empty"],
)
def test_a_sparse_series_is_not_searched(values, n_events):
    found = find_shifts(as_series(values, n_events=n_events))
    assert not found.density.is_enough
    assert found.points.empty
    assert len(found.levels) == 1
    assert found.levels[["low", "high"]].isna().all(axis=None)


def test_just_enough_is_searched():
    found = find_shifts(as_series([0.0] * 12 + [1.0] * 12, n_events=[0] * 12 + [1] * 12))
    assert found.density.is_enough
    assert found.points["position"].tolist() == [12]


def test_an_event_of_two_quarters_is_one_event():
    series = net_engagement(example_engagements(), "RUS", "2024-01-01", "2024-12-31", "month")
    assert series["n_events"].sum() == density(series).n_events == 4
    two = engage("E1 FRA +2").assign(date_start=pd.Timestamp("2024-06-16"), date_end=pd.Timestamp("2024-07-15"))
    spread = net_engagement(two, "FRA", "2024-01-01", "2024-12-31", "month")
    assert spread["n_events"].sum() == 2
    assert density(spread).n_events == 1
    assert spread["value"].sum() == pytest.approx(2.0)


def test_cooperation_and_conflict_of_a_period_are_summed():
    series = net_engagement(engage("E1 FRA +2; E2 FRA -3 RUS +1"), "FRA", "2024-01-01", "2024-12-31")
    assert series["value"].tolist() == [0.0, -1.0, 0.0, 0.0]
    assert series["n_events"].tolist() == [0, 2, 0, 0]


def test_no_events_give_a_series_of_zeros():
    series = net_engagement(engage("E1 FRA +2"), "RUS", "2024-01-01", "2024-12-31")
    assert series["value"].tolist() == [0.0] * 4
    assert net_engagement(engage(""), "RUS", "2024-01-10", "2024-02-20")["value"].tolist() == []


VALUES = st.lists(st.integers(-5, 9), min_size=12, max_size=30)


@QUICK
@given(VALUES, st.integers(-100, 100), st.integers(1, 9))
def test_neither_a_shift_nor_a_scale_of_all_values_moves_a_point(values, added, scale):
    assert positions([scale * value + added for value in values]) == positions(values)


@QUICK
@given(VALUES)
def test_points_leave_room_and_levels_cover_the_series(values):
    found = find_shifts(as_series(values), draws=1)
    edges = [0, *found.points["position"].tolist(), len(values)]
    assert min(np.diff(edges)) >= 4 or len(edges) == 2
    levels = found.levels
    assert levels["date_start"].iloc[0] == found.series["date_start"].iloc[0]
    assert levels["date_end"].iloc[-1] == found.series["date_end"].iloc[-1]
    assert found.points["before"].tolist() == levels["mean"].iloc[:-1].tolist()
    assert found.points["after"].tolist() == levels["mean"].iloc[1:].tolist()


@QUICK
@given(VALUES)
def test_ranks_have_mean_0_and_variance_1(values):
    ranks = standardised_ranks(np.array(values, dtype=float))
    assert ranks.sum() == pytest.approx(0, abs=1e-9)
    assert ranks.var(ddof=1) == pytest.approx(1.0 if len(set(values)) > 1 else 0.0)


def test_the_order_of_engagements_does_not_matter():
    rows = example_engagements()
    turned = rows.iloc[::-1]
    for power in ("FRA", "RUS"):
        one, other = (net_engagement(frame, power, "2024-01-01", "2024-12-31") for frame in (rows, turned))
        pd.testing.assert_frame_equal(one, other)
        near, far = (nearest_events(frame, power, "2024-04-01") for frame in (rows, turned))
        pd.testing.assert_frame_equal(near, far)


def test_nearest_events_are_the_weightiest_within_reach():
    rows = example_engagements()
    assert nearest_events(rows, "RUS", "2024-04-01", most=9)["event_id"].tolist() == ["E2", "E4", "E5", "E6"]
    assert nearest_events(rows, "RUS", "2024-04-01", most=1)["event_id"].tolist() == ["E2"]
    assert nearest_events(rows, "RUS", "2024-04-01", within_days=30)["days"].tolist() == [19]
    assert nearest_events(rows, "RUS", "2024-02-10")["days"].tolist()[0] == 0  # some day of February
    assert nearest_events(rows, "CHN", "2024-04-01").empty


@pytest.mark.parametrize(
    ("options", "said"),
    [({"penalty": 0}, "penalty is 0"), ({"draws": 0}, "draws is 0"), ({"block": 0}, "block is 0")],
)
def test_an_option_out_of_range_is_named(options, said):
    with pytest.raises(MeasureError, match=said):
        find_shifts(example_series(), **options)


def test_a_gap_or_disorder_is_named():
    with pytest.raises(MeasureError, match="2020-04-01"):
        find_shifts(as_series([1.0, np.nan] + [1.0] * 12))
    with pytest.raises(MeasureError, match="order of time"):
        find_shifts(example_series().iloc[::-1])
    with pytest.raises(MeasureError, match="no column n_events"):
        find_shifts(example_series().drop(columns="n_events"))
    with pytest.raises(MeasureError, match="unknown period 'week'"):
        net_engagement(example_engagements(), "FRA", "2024-01-01", "2024-12-31", "week")
