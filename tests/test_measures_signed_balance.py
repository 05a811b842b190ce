"""Structural balance: small networks by hand, loops, exact expectation, properties, what is refused."""

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_cases import QUICK, known_answers, number

from analysis.measures.checks import MeasureError
from analysis.measures.signed_balance import NO_SPREAD, NO_TRIANGLE, signed_balance

STATES = "ABCDE"
PAIRS = list(combinations(STATES, 2))


def dyads(text: str) -> pd.DataFrame:
    rows = [part.split() for part in text.split(";")]
    frame = pd.DataFrame(rows, columns=["state_a", "state_b", "sign", "strength"])
    return frame.astype({"sign": float, "strength": float})


@st.composite
def networks(draw):
    signs = draw(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=len(PAIRS), max_size=len(PAIRS)))
    strengths = draw(st.lists(st.sampled_from([1.0, 2.0, 8.0]), min_size=len(PAIRS), max_size=len(PAIRS)))
    frame = pd.DataFrame(PAIRS, columns=["state_a", "state_b"])
    return frame.assign(sign=signs, strength=strengths)


def loop(frame: pd.DataFrame, state: str | None, weighted: bool) -> tuple[int, int, float | None]:
    tie = {
        frozenset(row[:2]): row[2:] for row in frame[["state_a", "state_b", "sign", "strength"]].itertuples(index=False)
    }
    total = balanced = 0
    weight = weight_balanced = 0.0
    for three in combinations(STATES, 3):
        sides = [tie[frozenset(pair)] for pair in combinations(three, 2)]
        if 0 in [sign for sign, _ in sides] or (state and state not in three):
            continue
        heft = float(np.prod([strength for _, strength in sides])) ** (1 / 3) if weighted else 1.0
        is_balanced = np.prod([sign for sign, _ in sides]) > 0
        total, balanced = total + 1, balanced + is_balanced
        weight, weight_balanced = weight + heft, weight_balanced + heft * is_balanced
    return total, balanced, weight_balanced / weight if total else None


def row_of(frame: pd.DataFrame, state: str | None) -> pd.Series:
    return frame[frame["state"] == state].iloc[0] if state else frame[frame["scope"] == "network"].iloc[0]


@pytest.mark.parametrize("case", known_answers("signed_balance.csv"), ids=lambda case: case["note"])
def test_known_answers(case):
    row = row_of(signed_balance(dyads(case["dyads"]), weighted=case["weighted"] == "yes"), case["state"] or None)
    assert (row["n_triangles"], row["n_balanced"]) == (int(case["n_triangles"]), int(case["n_balanced"]))
    for name in ("share", "expected"):
        expected = number(case[name])
        assert row[name] == pytest.approx(np.nan if expected is None else expected, nan_ok=True, abs=1e-11)
    assert row["reason"] == case["reason"]


@QUICK
@given(networks(), st.booleans())
def test_it_is_what_a_loop_over_all_triangles_counts(network, weighted):
    found = signed_balance(network, weighted=weighted, n_permutations=0)
    assert found["state"].tolist()[1:] == list(STATES)
    for state in (None, *STATES):
        row, (total, balanced, share) = row_of(found, state), loop(network, state, weighted)
        assert (row["n_triangles"], row["n_balanced"]) == (total, balanced)
        assert row["share"] == pytest.approx(np.nan if share is None else share, nan_ok=True, abs=1e-12)
        assert (row["reason"] == NO_TRIANGLE) == (total == 0)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_expectation_is_the_mean_over_all_deals(weighted):
    frame = dyads("A B 1 8; A C -1 1; B C -1 2; A D 1 1; B D 1 3; C D 0 1")
    ties = frame[frame["sign"] != 0]
    shares = []
    for dealt in permutations(ties["sign"]):
        again = signed_balance(ties.assign(sign=list(dealt)), weighted=weighted, n_permutations=0)
        shares.append(again["share"].to_numpy())
    found = signed_balance(ties, weighted=weighted, n_permutations=0)
    np.testing.assert_allclose(found["expected"], np.mean(shares, axis=0), atol=1e-12)


@QUICK
@given(networks(), st.permutations(range(len(PAIRS))), st.lists(st.booleans(), min_size=10, max_size=10))
def test_neither_order_of_rows_nor_of_states_changes_one_bit(network, order, turned):
    moved = network.iloc[order].copy()
    flags = np.array(turned)
    moved.loc[flags, ["state_a", "state_b"]] = moved.loc[flags, ["state_b", "state_a"]].to_numpy()
    for weighted in (False, True):
        pd.testing.assert_frame_equal(
            signed_balance(moved, weighted=weighted, n_permutations=9),
            signed_balance(network, weighted=weighted, n_permutations=9),
        )


@QUICK
@given(networks(), st.sampled_from(STATES))
def test_a_state_that_turns_all_its_ties_leaves_the_balance(network, state):
    touched = network["state_a"].eq(state) | network["state_b"].eq(state)
    turned = network.assign(sign=network["sign"].where(~touched, -network["sign"]))
    plain, other = (signed_balance(some, n_permutations=0) for some in (network, turned))
    pd.testing.assert_series_equal(plain["n_balanced"], other["n_balanced"])


@QUICK
@given(networks())
def test_equal_strengths_weigh_nothing_and_shares_have_bounds(network):
    equal = network.assign(strength=5.0)
    plain, weighed = signed_balance(equal, n_permutations=0), signed_balance(equal, weighted=True, n_permutations=0)
    np.testing.assert_allclose(plain["share"], weighed["share"], atol=1e-12)
    assert signed_balance(network, weighted=True, n_permutations=0)["share"].dropna().between(0, 1).all()


def test_two_camps_are_wholly_balanced_and_rarely_so_by_chance():
    camps = {"A": 0, "B": 0, "C": 0, "D": 1, "E": 1}
    rows = [(a, b, 1 if camps[a] == camps[b] else -1) for a, b in PAIRS]
    found = signed_balance(pd.DataFrame(rows, columns=["state_a", "state_b", "sign"]), n_permutations=499)
    whole = row_of(found, None)
    assert (whole["share"], whole["n_triangles"]) == (1.0, 10)
    assert whole["z"] == pytest.approx((1 - whole["expected"]) / whole["sd"])
    assert whole["p_value"] < 0.1
    again = signed_balance(pd.DataFrame(rows, columns=["state_a", "state_b", "sign"]), n_permutations=499)
    pd.testing.assert_frame_equal(found, again)


def test_one_sign_has_no_spread_and_no_deals_no_p():
    friends = dyads("A B 1 1; B C 1 1; A C 1 1")
    dealt, not_dealt = signed_balance(friends, n_permutations=9), signed_balance(friends, n_permutations=0)
    assert (dealt["reason"] == NO_SPREAD).all()
    assert (dealt["p_value"] == 1).all()
    assert (not_dealt["reason"] == "no permutations").all()
    assert not_dealt[["sd", "z", "p_value"]].isna().all(axis=None)


def test_numbers_serve_as_states():
    rows = pd.DataFrame([(1, 2, 1), (2, 3, 1), (1, 3, 1)], columns=["state_a", "state_b", "sign"])
    assert signed_balance(rows, n_permutations=0)["state"].tolist()[1:] == [1, 2, 3]


def test_no_ties_at_all_are_no_triangle():
    found = signed_balance(dyads("A B 0 1; B C 0 1"))
    assert (found["reason"] == NO_TRIANGLE).all()
    assert found[["share", "expected", "sd", "z", "p_value"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("frame", "options", "message"),
    [
        (dyads("A B 1 1").drop(columns="sign"), {}, "dyads has no column sign"),
        (dyads("A B 1 1").drop(columns="strength"), {"weighted": True}, "dyads has no column strength"),
        (dyads("A A 1 1"), {}, "no tie with itself: A"),
        (dyads("A B 1 1; B A 1 1"), {}, "more than once: A-B"),
        (dyads("A B 1 0"), {"weighted": True}, "strength above 0; not so: A-B"),
        (dyads("A B 1 nan"), {"weighted": True}, "not so: A-B"),
        (dyads("A B 1 1").assign(state_b=None), {}, "without state_a or state_b"),
        (dyads("A B 1 1"), {"n_permutations": -1}, "n_permutations is -1"),
        (dyads("A B 1 1"), {"seed": -1}, "seed is -1"),
    ],
)
def test_what_is_wrong_with_dyads_is_named(frame, options, message):
    with pytest.raises(MeasureError, match=message):
        signed_balance(frame, **options)
