"""The Bayesian bootstrap against closed forms and against an independent, slow writing of it."""

import random
from math import comb

import numpy as np
import pytest
from measures_cases import engage, known_answers

import analysis.measures.bootstrap as module
from analysis.measures import tilt
from analysis.measures.bootstrap import Bootstrap


def equal_events(n_fra: int, n_rus: int) -> str:
    return "; ".join([f"F{i} FRA +2" for i in range(n_fra)] + [f"R{i} RUS +2" for i in range(n_rus)])


def beta_distribution(x: float, a: int, b: int) -> float:
    """P(Beta(a, b) <= x) for whole a and b: the chance of a or more successes in a + b - 1 trials."""
    n = a + b - 1
    return sum(comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))


@pytest.mark.parametrize("case", known_answers("tilt_intervals.csv"), ids=lambda case: case["note"])
def test_equal_weights_give_the_beta_quantiles(case):
    rows = engage(equal_events(int(case["n_fra"]), int(case["n_rus"])))
    lean = tilt(rows, "FRA", "RUS", draws=40_000, level=float(case["level"]), minimum_events=1)
    assert lean.low == pytest.approx(float(case["low"]), abs=0.015)
    assert lean.high == pytest.approx(float(case["high"]), abs=0.015)


@pytest.mark.parametrize(("n_fra", "n_rus"), [(2, 3), (7, 4), (20, 35), (1, 30)])
def test_equal_weights_leave_a_tail_on_either_side(n_fra, n_rus):
    draws = 4000
    lean = tilt(engage(equal_events(n_fra, n_rus)), "FRA", "RUS", draws=draws)
    error = 4 * (0.05 * 0.95 / draws) ** 0.5
    assert beta_distribution((lean.low + 1) / 2, n_fra, n_rus) == pytest.approx(0.05, abs=error)
    assert beta_distribution((lean.high + 1) / 2, n_fra, n_rus) == pytest.approx(0.95, abs=error)


MIXED = {"E1": (3, 0), "E2": (2, 1), "E3": (0, 2), "E4": (0, 3), "E5": (1, 0), "E6": (0, 0.9)}
MIXED_TEXT = "; ".join(f"{event_id} FRA {fra} RUS {rus}" for event_id, (fra, rus) in MIXED.items())


def slow_tilts(draws_of_weights) -> list[float]:
    tilts = []
    for weights in draws_of_weights:
        whole = sum(weights)
        fra = sum(w / whole * amount for w, (amount, _) in zip(weights, MIXED.values(), strict=True))
        rus = sum(w / whole * amount for w, (_, amount) in zip(weights, MIXED.values(), strict=True))
        tilts.append((fra - rus) / (fra + rus))
    return sorted(tilts)


def test_it_agrees_with_a_loop_over_other_draws():
    other = random.Random(1)
    tilts = slow_tilts([other.expovariate(1) for _ in MIXED] for _ in range(20_000))
    lean = tilt(engage(MIXED_TEXT), "FRA", "RUS", draws=20_000)
    assert lean.low == pytest.approx(tilts[1000], abs=0.02)
    assert lean.high == pytest.approx(tilts[19_000], abs=0.02)


def test_the_draws_are_exponential_and_unrelated():
    drawn = Bootstrap(draws=20_000).totals([f"E{i}" for i in range(12)], np.eye(12))
    assert drawn.min() > 0
    assert drawn.mean(axis=0) == pytest.approx(1, abs=0.04)
    assert drawn.var(axis=0) == pytest.approx(1, abs=0.1)
    between = np.corrcoef(drawn.T)[~np.eye(12, dtype=bool)]
    assert np.abs(between).max() < 0.04


def test_an_event_keeps_its_draws_whoever_else_is_there():
    bootstrap = Bootstrap(draws=50)
    few, many = (bootstrap.totals(ids, np.eye(len(ids))) for ids in (["E2", "E9"], ["E9", "E1", "E2", "E3"]))
    assert few[:, 0].tolist() == many[:, 2].tolist()
    assert few[:, 1].tolist() == many[:, 0].tolist()
    other = Bootstrap(draws=50, seed=1).totals(["E2"], np.eye(1))
    assert other[:, 0].tolist() != few[:, 0].tolist()


def test_drawing_in_blocks_changes_nothing(monkeypatch):
    ids = [f"E{i}" for i in range(10)]
    amounts = np.arange(20.0).reshape(10, 2)
    whole = Bootstrap(draws=30).totals(ids, amounts)
    monkeypatch.setattr(module, "_BLOCK", 3)
    assert Bootstrap(draws=30).totals(ids, amounts) == pytest.approx(whole, rel=1e-12)


def test_no_event_gives_nothing():
    assert Bootstrap(draws=3).totals([], np.zeros((0, 2))).tolist() == [[0, 0]] * 3
