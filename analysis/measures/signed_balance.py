"""Structural balance: whether the friends of a state's friends are its friends, and of its enemies not."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.checks import MeasureError, check_columns, name_some

NO_TRIANGLE = "no complete triangle"
NO_SPREAD = "the same under every permutation"
Floats = NDArray[np.float64]


def signed_balance(
    dyads: pd.DataFrame, *, weighted: bool = False, n_permutations: int = 999, seed: int = 20200101
) -> pd.DataFrame:
    """Measure the share of triangles that are balanced, in the whole network and around each state.

    A triangle is balanced if the product of its three signs is positive: three friends, or two friends with one enemy.

    Parameters
    ----------
    dyads : DataFrame
        state_a, state_b, sign: one row per pair of states, in either order. The sign counts as positive, negative or,
        at 0 or where missing, as no tie. With `weighted`, also strength, above 0 for every tie.
    weighted : bool
        Weigh each triangle by the geometric mean of its three strengths.
    n_permutations : int
        How often the signs are dealt out anew over the same ties, for the spread; 0 for none.
    seed : int
        Seed of the permutations.

    Returns
    -------
    DataFrame
        scope ("network", then "state"), state (missing for the network), n_triangles and n_balanced (unweighted), share
        (balanced, of all; weighted if so asked), expected and sd of the share if the same signs were dealt out at
        random over the same ties, z, p_value (the share of deals at least as balanced, this one among them), reason
        (why share or z is missing, or empty). Sorted by state, so that the order of rows does not matter.

    Raises
    ------
    MeasureError
        For missing columns, a pair that stands twice or a state with itself, a bad strength, or an option out of range.

    Notes
    -----
    F. Heider (1946), "Attitudes and Cognitive Organization", Journal of Psychology 21, 107-112; D. Cartwright and F.
    Harary (1956), "Structural Balance", Psychological Review 63(5), 277-293. With A the signed matrix, the triangles
    through a state are half the diagonal of the cube of its absolute values, and half that of A's own cube is balanced
    less unbalanced. Weights: J.-P. Onnela et al. (2005), "Intensity and Coherence of Motifs in Weighted Complex
    Networks", Physical Review E 71, 065103. The expectation is exact: the chance that three ties drawn without
    replacement hold an even number of negative ones, whatever the triangle.

    Examples
    --------
    >>> dyads = pd.DataFrame(
    ...     [("A", "B", 1), ("A", "C", -1), ("B", "C", -1), ("A", "D", 1), ("B", "D", -1)],
    ...     columns=["state_a", "state_b", "sign"],
    ... )
    >>> signed_balance(dyads, n_permutations=0)[["scope", "n_triangles", "n_balanced", "share"]].values.tolist()[:2]
    [['network', 2, 1, 0.5], ['state', 2, 1, 0.5]]
    """
    for name, value in (("n_permutations", n_permutations), ("seed", seed)):
        if value < 0:
            raise MeasureError(f"{name} is {value!r}; accepted: 0 or more")
    ties, states = _read_dyads(dyads, weighted)
    signs = np.sign(ties["sign"].to_numpy(dtype=np.float64))
    ends = np.searchsorted(states, ties["first"].tolist()), np.searchsorted(states, ties["second"].tolist())
    ones = np.ones(len(ties))
    # the product of three cube roots is the geometric mean of the three
    roots = np.cbrt(ties["strength"].to_numpy(dtype=np.float64)) if weighted else ones
    counted = _triangles(ones, ends, len(states))
    n_balanced = (counted + _triangles(signs, ends, len(states))) / 2
    everything = _triangles(roots, ends, len(states)) if weighted else counted
    share = _share(_triangles(roots * signs, ends, len(states)), everything)
    chance = _even_chance(len(signs), int((signs < 0).sum()))
    expected = np.where(counted > 0, chance, np.nan)
    square, at_least = np.zeros_like(share), np.ones_like(share)
    generator = np.random.Generator(np.random.PCG64(seed))
    for _ in range(n_permutations):
        dealt = _share(_triangles(roots * generator.permutation(signs), ends, len(states)), everything)
        square += (dealt - expected) ** 2
        at_least += dealt >= share - 1e-12  # equal shares may differ in the last digit
    is_known = counted > 0
    is_spread = is_known & (square > 1e-18 * max(n_permutations, 1))
    missing = np.full_like(share, np.nan)
    spread = np.where(is_known, np.sqrt(square / n_permutations), np.nan) if n_permutations else missing
    otherwise = NO_SPREAD if n_permutations else "no permutations"
    return pd.DataFrame(
        {
            "scope": pd.Series(["network"] + ["state"] * len(states), dtype="str"),
            "state": pd.Series([None, *states], dtype=None if states else "str"),
            "n_triangles": counted.round().astype(np.int64),
            "n_balanced": n_balanced.round().astype(np.int64),
            "share": share,
            "expected": expected,
            "sd": spread,
            "z": np.divide(share - expected, spread, out=missing.copy(), where=is_spread),
            "p_value": np.where(is_known, at_least / (n_permutations + 1), np.nan) if n_permutations else missing,
            "reason": pd.Series(
                [("" if s else otherwise) if k else NO_TRIANGLE for k, s in zip(is_known, is_spread, strict=True)],
                dtype="str",
            ),
        }
    )


def _read_dyads(dyads: pd.DataFrame, weighted: bool) -> tuple[pd.DataFrame, list[str]]:
    """Find the ties, in one order, and all the states."""
    columns = ["state_a", "state_b", "sign", *(["strength"] if weighted else [])]
    check_columns(dyads, columns, "dyads")
    if dyads[["state_a", "state_b"]].isna().any(axis=None):
        raise MeasureError("dyads has rows without state_a or state_b")
    a, b = dyads["state_a"], dyads["state_b"]
    with_itself = sorted(set(a[a == b]))
    if with_itself:
        raise MeasureError(f"a state has no tie with itself: {name_some(with_itself)}")
    rows = dyads[columns].assign(first=a.where(a < b, b), second=b.where(a < b, a))
    rows = rows.sort_values(["first", "second"], ignore_index=True)
    twice = rows.loc[rows.duplicated(["first", "second"]), ["first", "second"]]
    if len(twice):
        named = name_some(f"{one}-{other}" for one, other in twice.itertuples(index=False))
        raise MeasureError(f"a pair stands once, in either order; more than once: {named}")
    ties = rows[rows["sign"].fillna(0) != 0]
    if weighted:
        strengths = ties["strength"].to_numpy(dtype=np.float64, na_value=np.nan)
        bad = ties.loc[~(np.isfinite(strengths) & (strengths > 0)), ["first", "second"]]
        if len(bad):
            named = name_some(f"{one}-{other}" for one, other in bad.itertuples(index=False))
            raise MeasureError(f"a tie has a finite strength above 0; not so: {named}")
    return ties, sorted(set(a) | set(b))


def _triangles(values: Floats, ends: tuple[NDArray[np.intp], NDArray[np.intp]], n_states: int) -> Floats:
    """Sum the products of the three ties over the triangles: of the whole, then through each state."""
    matrix = np.zeros((n_states, n_states))
    matrix[ends] = values
    matrix = matrix + matrix.T
    through = ((matrix @ matrix) * matrix).sum(axis=1) / 2
    return np.concatenate([[through.sum() / 3], through])


def _share(signed: Floats, everything: Floats) -> Floats:
    whole = np.full_like(signed, np.nan)
    return np.clip((1 + np.divide(signed, everything, out=whole, where=everything > 0)) / 2, 0, 1)


def _even_chance(n_ties: int, n_negative: int) -> float:
    """Chance that three of the ties, drawn without replacement, hold no negative one or two."""
    if n_ties < 3:
        return float("nan")
    positive = n_ties - n_negative
    triples = n_ties * (n_ties - 1) * (n_ties - 2)
    none = positive * (positive - 1) * (positive - 2)
    two = 3 * n_negative * (n_negative - 1) * positive
    return (none + two) / triples
