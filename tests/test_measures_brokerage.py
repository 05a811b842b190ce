"""Brokerage: R's sna, triple loops, the exact expectation, properties, what is refused."""

from collections import Counter
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_cases import QUICK, known_answers

from analysis.measures.brokerage import NO_SPREAD, ROLES, brokerage, role_chances
from analysis.measures.checks import MeasureError

STATES = ("BEN", "BFA", "GHA", "MLI", "NER", "TGO")
NAMES = {"TGO": "ECOWAS", "GHA": "ECOWAS", "BFA": "AES", "MLI": "AES"}


@st.composite
def networks(draw):
    pairs = [(a, b) for a in STATES for b in STATES if a != b]
    ties = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=len(pairs)))
    groups = {state: draw(st.sampled_from(["ECOWAS", "AES", "other"])) for state in STATES}
    return pd.DataFrame(ties, columns=["source", "target"]), groups


def loop(ties: pd.DataFrame, groups: dict[str, str]) -> Counter:
    """The five roles by three nested loops over the states."""
    linked = set(ties[["source", "target"]].itertuples(index=False, name=None))
    found = Counter()
    for a, b, c in permutations(groups, 3):
        if (a, b) in linked and (b, c) in linked and (a, c) not in linked:
            x, y, z = groups[a], groups[b], groups[c]
            if x == y == z:
                role = "coordinator"
            elif x == z:
                role = "consultant"
            elif x == y:
                role = "representative"
            elif y == z:
                role = "gatekeeper"
            else:
                role = "liaison"
            found[b, role] += 1
    return found


def counted(frame: pd.DataFrame) -> dict:
    return {(row.state, row.role): row.count_ for row in frame.rename(columns={"count": "count_"}).itertuples()}


def sna() -> tuple[pd.DataFrame, pd.DataFrame]:
    table, ties = (pd.DataFrame(known_answers(name)) for name in ("brokerage.csv", "brokerage_ties.csv"))
    numbers = [column for column in table.columns if column not in ("state", "group", "note")]
    return table.astype(dict.fromkeys(numbers, float)).set_index("state"), ties.drop(columns="note")


def test_counts_are_those_of_rs_sna():
    table, ties = sna()
    assert (len(table), table["group"].nunique()) == (30, 4)
    found = brokerage(ties, table["group"], n_permutations=0).pivot(index="state", columns="role", values="count")
    pd.testing.assert_frame_equal(
        found[list(ROLES)], table[list(ROLES)].astype("int64"), check_names=False, check_index_type=False
    )


def test_snas_expectation_is_ours_if_the_ties_are_drawn_anew():
    """Theirs draws each tie with the density d and keeps the groups: each state then has d² (1 - d) (n - 1)(n - 2) open
    pairs, and the mean over the states of each role is that number times our chance of the role."""
    table, ties = sna()
    n = len(table)
    density = len(ties) / (n * (n - 1))
    open_pairs = density**2 * (1 - density) * (n - 1) * (n - 2)
    theirs = table[[f"sna_expected_{role}" for role in ROLES]].mean().to_numpy()
    np.testing.assert_allclose(theirs, open_pairs * role_chances(table["group"].value_counts().tolist()), rtol=1e-9)


@QUICK
@given(networks())
def test_counts_are_those_of_three_nested_loops(network):
    ties, groups = network
    found = counted(brokerage(ties, groups, n_permutations=0))
    expected = loop(ties, groups)
    assert {key: count for key, count in found.items() if count} == dict(expected)
    assert list(found) == [(state, role) for state in STATES for role in ROLES]


@QUICK
@given(networks())
def test_the_expectation_is_the_mean_over_all_deals(network):
    ties, groups = network
    labels, small = list(groups.values())[:5], STATES[:5]
    ties = ties[ties["source"].isin(small) & ties["target"].isin(small)]
    total: Counter = Counter()
    for dealt in permutations(labels):
        total.update(loop(ties, dict(zip(small, dealt, strict=True))))
    found = brokerage(ties, dict(zip(small, labels, strict=True)), n_permutations=0)
    for row in found.itertuples():
        assert row.expected == pytest.approx(total[row.state, row.role] / 120, abs=1e-9)


@QUICK
@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_ties_and_groups_changes_not_one_bit(network, random):
    ties, groups = network
    order, items = list(range(len(ties))), list(groups.items())
    random.shuffle(order)
    random.shuffle(items)
    plain = brokerage(ties, groups, n_permutations=19)
    pd.testing.assert_frame_equal(brokerage(ties.iloc[order], dict(items), n_permutations=19), plain)
    pd.testing.assert_frame_equal(brokerage(ties, pd.Series(dict(items)), n_permutations=19), plain)


@QUICK
@given(networks())
def test_turning_every_tie_round_exchanges_representative_and_gatekeeper(network):
    ties, groups = network
    turned = ties.rename(columns={"source": "target", "target": "source"})
    one, other = (counted(brokerage(some, groups, n_permutations=0)) for some in (ties, turned))
    swap = {"representative": "gatekeeper", "gatekeeper": "representative"}
    assert one == {(state, swap.get(role, role)): count for (state, role), count in other.items()} | {}


@QUICK
@given(networks())
def test_without_direction_each_open_pair_counts_once_each_way(network):
    ties, groups = network
    found = counted(brokerage(ties, groups, directed=False, n_permutations=0))
    turned = ties.rename(columns={"source": "target", "target": "source"})
    both = pd.concat([ties, turned]).drop_duplicates()
    assert found == counted(brokerage(both, groups, n_permutations=0))
    for state in STATES:
        assert found[state, "representative"] == found[state, "gatekeeper"]
        assert all(found[state, role] % 2 == 0 for role in ("coordinator", "consultant", "liaison"))


@QUICK
@given(networks())
def test_an_edge_list_and_its_matrix_are_the_same(network):
    ties, groups = network
    matrix = pd.DataFrame(0, index=list(STATES), columns=list(reversed(STATES)))
    for source, target in ties.itertuples(index=False):
        matrix.loc[source, target] = 2
    pd.testing.assert_frame_equal(
        brokerage(matrix, groups, n_permutations=9), brokerage(ties, groups, n_permutations=9)
    )


def test_spread_z_and_p_come_from_the_deals():
    table, ties = sna()
    usual, again, other = (brokerage(ties, table["group"], n_permutations=199, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(usual, again)
    assert not usual["sd"].equals(other["sd"])
    known = usual[usual["reason"] == ""]
    np.testing.assert_allclose(known["z"], (known["count"] - known["expected"]) / known["sd"])
    assert usual["p_value"].between(1 / 200, 1).all()
    assert (usual["p_value"] * 200).round(9).mod(1).eq(0).all()
    most = usual.loc[usual["z"].idxmax()]
    assert most["p_value"] < 0.05
    assert usual.loc[usual["count"] == 0, "p_value"].eq(1).all()


def test_states_without_open_pairs_have_no_z_and_a_reason():
    ties = pd.DataFrame({"source": ["TGO"], "target": ["GHA"]})
    found = brokerage(ties, NAMES, n_permutations=9)
    assert (found["count"] == 0).all()
    assert (found["reason"] == NO_SPREAD).all()
    assert found["z"].isna().all()
    none = brokerage(ties, NAMES, n_permutations=0)
    assert none[["sd", "z", "p_value"]].isna().all(axis=None)
    assert (none["reason"] == "no permutations").all()


def test_a_tie_with_itself_or_twice_adds_nothing():
    plain = pd.DataFrame({"source": ["GHA", "TGO"], "target": ["TGO", "BFA"]})
    more = pd.concat([plain, plain, pd.DataFrame({"source": ["TGO"], "target": ["TGO"]})])
    pd.testing.assert_frame_equal(brokerage(more, NAMES), brokerage(plain, NAMES))
    assert counted(brokerage(plain, NAMES))["TGO", "representative"] == 1


def test_numbers_serve_as_states_and_no_states_are_no_rows():
    found = brokerage(
        pd.DataFrame({"source": [461], "target": [452]}), {461: "a", 452: "a", 439: "b"}, n_permutations=0
    )
    assert found["state"].tolist() == [439] * 5 + [452] * 5 + [461] * 5
    assert brokerage(pd.DataFrame({"source": [], "target": []}), {}).empty


@pytest.mark.parametrize(
    ("sizes", "chances"),
    [([3], [1, 0, 0, 0, 0]), ([1, 1, 1], [0, 0, 0, 0, 1]), ([2, 1], [0, 1 / 3, 1 / 3, 1 / 3, 0]), ([1, 1], [0] * 5)],
)
def test_chances_of_the_roles(sizes, chances):
    np.testing.assert_allclose(role_chances(sizes), chances, atol=1e-15)


TIES = pd.DataFrame({"source": ["GHA"], "target": ["TGO"]})


@pytest.mark.parametrize(
    ("ties", "options", "message"),
    [
        (TIES.rename(columns={"target": "to"}), {}, "ties has no column target"),
        (TIES.assign(target=None), {}, "rows without source or target"),
        (TIES.assign(target="NGA"), {}, "without one: NGA"),
        (TIES, {"groups": NAMES | {"GHA": None}}, "without one: GHA"),
        (pd.DataFrame([[0, 1]], index=["TGO"], columns=["TGO", "GHA"]), {}, "the same states both ways"),
        (pd.DataFrame([[0, None], [0, 0]], index=["TGO", "GHA"], columns=["TGO", "GHA"]), {}, "cells that are missing"),
        (TIES, {"n_permutations": -1}, "n_permutations is -1; accepted: 0 or more"),
        (TIES, {"seed": -1}, "seed is -1"),
    ],
)
def test_what_is_wrong_with_a_network_is_named(ties, options, message):
    with pytest.raises(MeasureError, match=message):
        brokerage(ties, **({"groups": NAMES} | options))


def test_how_many_deals_are_counted_at_once_changes_not_one_bit(monkeypatch):
    states = [f"S{number}" for number in range(7)]
    ties = pd.DataFrame(
        [(one, other) for one in states for other in states if one < other and (one, other) != ("S0", "S6")]
    )
    ties = ties.iloc[::2].set_axis(["source", "target"], axis=1)
    groups = {state: "ab"[number % 2] for number, state in enumerate(states)}
    at_once = brokerage(ties, groups, n_permutations=50)
    monkeypatch.setattr("analysis.measures.brokerage._BLOCK_CELLS", 3 * len(states) ** 2)
    pd.testing.assert_frame_equal(brokerage(ties, groups, n_permutations=50), at_once, check_exact=True)
    assert at_once["sd"].gt(0).any()
