"""The exact distribution of a tilt: against Beta, against draws, and where a side hangs on little."""

import numpy as np
import pytest
from scipy.stats import beta

from analysis.measures.bootstrap import Bootstrap
from analysis.measures.tails import probability_above, tilt_quantiles


def equal(n_a, n_b):
    toward = np.r_[np.ones(n_a), np.zeros(n_b)]
    return toward, 1 - toward


def mixed(n, seed):
    random = np.random.default_rng(seed)
    toward, against = random.choice([0.0, 0.5, 1.0, 3.0], (2, n), p=[0.55, 0.15, 0.2, 0.1])
    return np.r_[toward, 1.0, 0.0], np.r_[against, 0.0, 2.0]


@pytest.mark.parametrize(("n_a", "n_b"), [(4, 1), (1, 4), (3, 3), (30, 20), (300, 280), (5, 100), (9000, 8700)])
def test_events_of_equal_weight_give_a_beta(n_a, n_b):
    tails = (0.05, 0.5, 0.95)
    assert tilt_quantiles(*equal(n_a, n_b), tails) == pytest.approx(2 * beta.ppf(tails, n_a, n_b) - 1, abs=1e-6)
    assert probability_above(*equal(n_a, n_b), 0.2) == pytest.approx(beta.sf(0.6, n_a, n_b), abs=1e-7)


@pytest.mark.parametrize(("n", "seed"), [(5, 1), (12, 2), (60, 3)])
def test_it_is_what_the_draws_of_the_bootstrap_come_near_to(n, seed):
    toward, against = mixed(n, seed)
    drawn = Bootstrap(draws=200_000).totals([str(place) for place in range(n + 2)], np.column_stack([toward, against]))
    tilts = (drawn[:, 0] - drawn[:, 1]) / drawn.sum(axis=1)
    low, high = tilt_quantiles(toward, against, (0.05, 0.95))
    assert (tilts < low).mean() == pytest.approx(0.05, abs=0.002)
    assert (tilts < high).mean() == pytest.approx(0.95, abs=0.002)


def test_many_unequal_events_are_near_normal():
    random = np.random.default_rng(5)
    weights, is_first = random.random(3000) + 0.1, random.random(3000) < 0.5
    toward, against = np.where(is_first, weights, 0.0), np.where(is_first, 0.0, weights)
    centre = (toward - against).sum() / weights.sum()
    spread = np.sqrt(((toward - against - centre * weights) ** 2).sum()) / weights.sum()
    low, high = tilt_quantiles(toward, against, (0.05, 0.95))
    assert (low, high) == pytest.approx((centre - 1.6449 * spread, centre + 1.6449 * spread), abs=0.02 * spread)


def test_scale_order_and_empty_events_change_nothing_and_the_powers_exchange():
    toward, against = mixed(20, 4)
    low, high = tilt_quantiles(toward, against, (0.05, 0.95))
    assert tilt_quantiles(*(np.r_[side[::-1], 0.0] for side in (7 * toward, 7 * against)), (0.05, 0.95)) == (low, high)
    assert tilt_quantiles(against, toward, (0.05, 0.95)) == pytest.approx((-high, -low), abs=1e-8)


def test_one_power_alone_has_no_width():
    assert tilt_quantiles(np.ones(3), np.zeros(3), (0.05, 0.95)) == (1.0, 1.0)
    assert tilt_quantiles(np.zeros(3), np.ones(3), (0.05, 0.95)) == (-1.0, -1.0)
    assert probability_above(np.ones(3), np.zeros(3), 0.5) == 1.0
    assert probability_above(np.zeros(3), np.ones(3), -0.5) == 0.0
