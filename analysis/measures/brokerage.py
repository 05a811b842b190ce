"""Brokerage: who stands between others that have no tie of their own, and between which groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.checks import MeasureError, check_columns, name_some

ROLES = ("coordinator", "consultant", "representative", "gatekeeper", "liaison")
_BLOCK_CELLS = 1 << 20  # of the matrices of deals counted at once, so that memory does not grow with their number
NO_SPREAD = "the same under every permutation"
Floats = NDArray[np.float64]


class _Network(NamedTuple):
    ties: Floats
    open_pairs: Floats
    states: list[str]
    groups: NDArray[np.int64]


def brokerage(
    ties: pd.DataFrame,
    groups: Mapping[str, str] | pd.Series,
    *,
    directed: bool = True,
    n_permutations: int = 999,
    seed: int = 20200101,
) -> pd.DataFrame:
    """Count how often each state stands between two others, by the five roles of Gould and Fernandez.

    State b brokers the ordered pair (a, c) if a has a tie to b and b to c, but a none to c. By the groups of the
    three, b is a *coordinator* (all in one group), a *consultant* (a and c in one group, b outside it; also called
    itinerant broker), a *representative* (a and b in one group, c outside), a *gatekeeper* (b and c in one group, a
    outside) or a *liaison* (all in different groups).

    Parameters
    ----------
    ties : DataFrame
        Either one row per tie with columns source and target (repeated rows count once), or a square matrix of
        states by states with rows as sources, where anything but 0 is a tie.
    groups : mapping or Series of str to str
        The group of each state, and thereby the states of the network: one without ties is part of it.
    directed : bool
        False reads each tie both ways. An open pair is then counted once in either direction: coordinator, consultant
        and liaison counts are even, and representative and gatekeeper are equal.
    n_permutations : int
        How often the groups are dealt out anew, for the spread; 0 for none.
    seed : int
        Seed of the permutations.

    Returns
    -------
    DataFrame
        state, role, count; expected and sd of the count if the same groups were dealt out at random over the same
        ties; z = (count - expected) / sd; p_value, the share of deals with at least this count, this one among
        them; reason, why z is missing, or empty. Five rows a state; states sorted by name, so that the order of
        rows does not matter.

    Raises
    ------
    MeasureError
        For a malformed frame, a state with a tie but without a group, or an option out of range.

    Notes
    -----
    R. V. Gould and R. M. Fernandez (1989), "Structures of Mediation: A Formal Approach to Brokerage in Transaction
    Networks", Sociological Methodology 19, 89-126. Their expectation draws the ties anew and keeps the groups; here
    the ties stay and the groups are dealt out, so that a state with many open pairs is compared with itself. The
    expectation is exact: a state's open pairs times the chance that three states drawn without replacement fall
    into groups so. The spread is that of the permutations; p counts as in B. Phipson and G. K. Smyth (2010),
    "Permutation P-values Should Never Be Zero", Statistical Applications in Genetics and Molecular Biology 9(1), 39.

    Examples
    --------
    >>> ties = pd.DataFrame({"source": ["GHA", "BFA"], "target": ["TGO", "TGO"]})
    >>> blocs = {"TGO": "ECOWAS", "GHA": "ECOWAS", "BFA": "AES", "MLI": "AES"}
    >>> roles = brokerage(ties, blocs, directed=False, n_permutations=0)
    >>> roles.loc[roles["count"] > 0, ["state", "role", "count"]].values.tolist()
    [['TGO', 'representative', 1], ['TGO', 'gatekeeper', 1]]
    """
    for name, value in (("n_permutations", n_permutations), ("seed", seed)):
        if value < 0:
            raise MeasureError(f"{name} is {value!r}; accepted: 0 or more")
    network = _create_network(ties, groups, directed)
    counts = _count_roles(network, network.groups)
    expected = _expect_roles(network)
    square, at_least = np.zeros_like(counts), np.ones_like(counts)
    generator = np.random.Generator(np.random.PCG64(seed))
    block = max(1, _BLOCK_CELLS // max(network.ties.size, 1))
    for begin in range(0, n_permutations, block):
        n_dealt = min(block, n_permutations - begin)
        dealt = _count_roles(network, np.array([generator.permutation(network.groups) for _ in range(n_dealt)]))
        # Added one after the other, so that the last digits do not hang on the size of a block.
        square = np.concatenate([square[None], (dealt - expected) ** 2]).sum(axis=0)
        at_least += (dealt >= counts).sum(axis=0)
    return _write(network, counts, expected, square, at_least, n_permutations)


def _write(
    network: _Network, counts: Floats, expected: Floats, square: Floats, at_least: Floats, n_permutations: int
) -> pd.DataFrame:
    is_spread = square > 0
    missing = np.full_like(counts, np.nan)
    spread = np.sqrt(square / n_permutations) if n_permutations else missing
    z = np.divide(counts - expected, spread, out=missing.copy(), where=is_spread)
    p_value = at_least / (n_permutations + 1) if n_permutations else missing
    reason = NO_SPREAD if n_permutations else "no permutations"
    return pd.DataFrame(
        {
            "state": pd.Series(
                [state for state in network.states for _ in ROLES], dtype=None if network.states else "str"
            ),
            "role": pd.Series(list(ROLES) * len(network.states), dtype="str"),
            "count": counts.T.reshape(-1).astype(np.int64),
            "expected": expected.T.reshape(-1),
            "sd": spread.T.reshape(-1),
            "z": z.T.reshape(-1),
            "p_value": p_value.T.reshape(-1),
            "reason": pd.Series(np.where(is_spread, "", reason).T.reshape(-1).astype(object), dtype="str"),
        }
    )


def _count_roles(network: _Network, groups: NDArray[np.int64]) -> Floats:
    """Count the roles, shape (roles, states), of groups, or of many deals of them at once, shape (deals, states).

    With T the ties and N the open pairs, state b brokers sum over a and c of T[a, b] T[b, c] N[a, c]; each role keeps
    the ties, or the pairs, within groups or across them.
    """
    alike = (groups[..., :, None] == groups[..., None, :]).astype(np.float64)
    within, across = network.ties * alike, network.ties * (1 - alike)
    pairs_alike = network.open_pairs * alike
    to_within = network.open_pairs @ within.swapaxes(-1, -2)  # [a, b]: open pairs (a, c) whose c is in b's group
    to_across = network.open_pairs @ across.swapaxes(-1, -2)
    to_across_alike = pairs_alike @ across.swapaxes(-1, -2)  # the same across groups, with a and c alike
    return np.stack(
        [
            (within * to_within).sum(axis=-2),
            (across * to_across_alike).sum(axis=-2),
            (within * to_across).sum(axis=-2),
            (across * to_within).sum(axis=-2),
            (across * (to_across - to_across_alike)).sum(axis=-2),
        ],
        axis=-2,
    )


def _expect_roles(network: _Network) -> Floats:
    open_pairs = (network.ties * (network.open_pairs @ network.ties.T)).sum(axis=0)
    return np.outer(role_chances(np.bincount(network.groups).tolist()), open_pairs)


def role_chances(group_sizes: list[int]) -> Floats:
    """Find the chance of each role if three states are drawn without replacement, in the order of :data:`ROLES`.

    Parameters
    ----------
    group_sizes : list of int
        States in each group.

    Returns
    -------
    float array, shape (5,)
        Adds up to 1; zeros for fewer than three states.

    Examples
    --------
    >>> role_chances([2, 2]).round(3).tolist()
    [0.0, 0.333, 0.333, 0.333, 0.0]
    """
    sizes = np.array(group_sizes, dtype=np.float64)
    total = sizes.sum()
    if total < 3:
        return np.zeros(len(ROLES))
    triples = total * (total - 1) * (total - 2)
    all_alike = (sizes * (sizes - 1) * (sizes - 2)).sum() / triples
    two_alike = (sizes * (sizes - 1) * (total - sizes)).sum() / triples
    return np.array([all_alike, two_alike, two_alike, two_alike, max(1 - all_alike - 3 * two_alike, 0.0)])


def _create_network(ties: pd.DataFrame, groups: Mapping[str, str] | pd.Series, directed: bool) -> _Network:
    given = dict(groups.items())
    ungrouped = sorted(str(state) for state, group in given.items() if pd.isna(group))
    if ungrouped:
        raise MeasureError(f"each state needs a group; without one: {name_some(ungrouped)}")
    states = sorted(given)
    place = {state: number for number, state in enumerate(states)}
    sources, targets = _read_ties(ties)
    strangers = sorted({str(state) for state in [*sources, *targets] if state not in place})
    if strangers:
        raise MeasureError(f"each state needs a group; without one: {name_some(strangers)}")
    matrix = np.zeros((len(states), len(states)))
    matrix[[place[state] for state in sources], [place[state] for state in targets]] = 1
    if not directed:
        matrix = np.maximum(matrix, matrix.T)
    np.fill_diagonal(matrix, 0)
    open_pairs = 1 - matrix
    np.fill_diagonal(open_pairs, 0)
    names = sorted(set(map(str, given.values())))
    numbers = {name: number for number, name in enumerate(names)}
    return _Network(matrix, open_pairs, states, np.array([numbers[str(given[s])] for s in states], dtype=np.int64))


def _read_ties(ties: pd.DataFrame) -> tuple[list[str], list[str]]:
    if "source" in ties.columns or "target" in ties.columns:
        check_columns(ties, ["source", "target"], "ties")
        if ties[["source", "target"]].isna().any(axis=None):
            raise MeasureError("ties has rows without source or target")
        return ties["source"].tolist(), ties["target"].tolist()
    rows, columns = ties.index, ties.columns
    if set(rows) != set(columns) or not rows.is_unique or not columns.is_unique:
        raise MeasureError("ties must have the columns source and target, or be a matrix of the same states both ways")
    if ties.isna().any(axis=None):
        raise MeasureError("ties has cells that are missing; accepted: 0 for no tie, anything else for one")
    where_source, where_target = np.nonzero(ties.to_numpy() != 0)
    return rows[where_source].tolist(), columns[where_target].tolist()
