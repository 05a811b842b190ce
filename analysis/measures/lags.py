"""Whether two series move together, and at which lag: rank correlation with a block-permutation p-value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.checks import MeasureError
from analysis.measures.periods import Density, density
from analysis.measures.ranks import standardised_ranks

LAGS = (-3, -2, -1, 0, 1, 2, 3)
FEWEST_PERIODS = 3
"""Which two series must have in common at each lag."""


@dataclass(frozen=True)
class LaggedCorrelation:
    """The rank correlation of two series at each lag.

    ``lags`` has ``lag`` (by how many periods the second series comes after the first) and ``correlation``;
    ``strongest`` is the lag of the largest of them by size, and ``p_value`` the share of block permutations in which
    the largest over all lags is no smaller. ``carriers`` are the first days of the two periods of the first series that
    add most to it. Where either is too sparse or too short, ``lags`` and ``carriers`` are empty and the rest None.
    """

    lags: pd.DataFrame
    strongest: int | None
    correlation: float | None
    p_value: float | None
    carriers: tuple[pd.Timestamp, ...]
    densities: tuple[Density, Density]


def correlate_series(
    first: pd.DataFrame,
    second: pd.DataFrame,
    *,
    lags: tuple[int, ...] = LAGS,
    is_sparse_too: bool = False,
    block: int = 3,
    permutations: int = 999,
    seed: int = 20200101,
) -> LaggedCorrelation:
    """Correlate two series of the same periods by rank at several lags.

    Parameters
    ----------
    first, second : DataFrame
        date_start, value, n_events, of the same periods.
    lags : tuple of int
        By how many periods `second` is taken later than `first`.
    is_sparse_too : bool
        Whether series are correlated that hold too little for an answer of their own, to set beside another answer.
    block : int
        Length of the blocks that are permuted, in periods.
    permutations, seed : int
        How many, and their seed.

    Returns
    -------
    LaggedCorrelation

    Raises
    ------
    MeasureError
        If the periods differ, no lag is given, a lag leaves fewer than three periods, or an option is out of range.

    Notes
    -----
    Spearman's correlation given time: each series is ranked, and freed of its linear trend, since how many events were
    gathered grows over the years in both. The blocks of the first series, cut at a random place of the ring of its
    periods, are put in random order, which keeps its dependence within blocks and none on the second (after H. R.
    Künsch (1989), "The Jackknife and the Bootstrap for General Stationary Observations", Annals of Statistics 17(3)).
    The
    largest correlation over all lags is compared with the largest of each permutation, so that looking at several lags
    is paid for.

    Examples
    --------
    >>> from analysis.measures.examples import example_series
    >>> found = correlate_series(example_series(), example_series())
    >>> found.strongest, round(found.correlation, 2)
    (0, 1.0)
    """
    _check(first, second, lags, block, permutations)
    densities = density(first), density(second)
    if not all(one.is_enough or (is_sparse_too and one.n_events) for one in densities):
        return correlate_nothing(first, second)
    x, y = (_detrend(standardised_ranks(one["value"].to_numpy(dtype=np.float64))) for one in (first, second))
    found = _correlate(x[None, :], y, lags)[0]
    drawn = _correlate(x[_permute_blocks(len(x), block, permutations, seed)], y, lags)
    largest = np.abs(found).max()
    p_value = (1 + int((np.abs(drawn).max(axis=1) >= largest - 1e-12).sum())) / (permutations + 1)
    best = int(np.abs(found).argmax())
    table = pd.DataFrame({"lag": list(lags), "correlation": found})
    products = np.sign(found[best]) * x * _shift(y, lags[best])
    carriers = tuple(first["date_start"].iloc[place] for place in sorted(np.argsort(-products, kind="stable")[:2]))
    return LaggedCorrelation(table, lags[best], float(found[best]), p_value, carriers, densities)


def correlate_nothing(first: pd.DataFrame, second: pd.DataFrame) -> LaggedCorrelation:
    """The answer for two series that are too sparse, or too short, to be correlated."""
    none = pd.DataFrame({"lag": [], "correlation": []})
    return LaggedCorrelation(none, None, None, None, (), (density(first), density(second)))


def _shift(values: NDArray[np.float64], lag: int) -> NDArray[np.float64]:
    """The values a lag later, 0 where there is none."""
    moved = np.zeros(len(values))
    kept = slice(max(-lag, 0), len(values) - max(lag, 0))
    moved[kept] = values[max(lag, 0) : len(values) - max(-lag, 0)]
    return moved


def _correlate(
    rows: NDArray[np.float64], other: NDArray[np.float64], lags: tuple[int, ...]
) -> NDArray[np.float64]:  # fmt: skip
    """Correlate each row with another series at each lag, over the periods that both have: rows x lags."""
    length = len(other)
    columns = []
    for lag in lags:
        x = rows[:, max(-lag, 0) : length - max(lag, 0)]
        y = other[max(lag, 0) : length - max(-lag, 0)]
        x, y = x - x.mean(axis=1, keepdims=True), y - y.mean()
        spread = np.sqrt((x**2).sum(axis=1) * (y**2).sum())
        columns.append(np.divide(x @ y, spread, out=np.zeros(len(x)), where=spread > 1e-12))
    return np.column_stack(columns)


def _detrend(values: NDArray[np.float64]) -> NDArray[np.float64]:
    time = np.arange(len(values)) - (len(values) - 1) / 2
    centred = values - values.mean()
    return np.asarray(centred - time * (time @ centred) / (time @ time), dtype=np.float64)


def _permute_blocks(length: int, block: int, permutations: int, seed: int) -> NDArray[np.int64]:
    """Places of a series with its blocks in random order, cut at a random place of the ring: permutations x length."""
    random = np.random.default_rng(seed)
    n_blocks = -(-length // block)
    keys = random.random((permutations, n_blocks))
    offsets = random.integers(length, size=(permutations, 1))
    # The last block is shorter where the length is no multiple: a stable sort by the block's key keeps each together.
    order = np.argsort(np.repeat(keys, block, axis=1)[:, :length], axis=1, kind="stable")
    return np.asarray((order + offsets) % length, dtype=np.int64)


def _check(first: pd.DataFrame, second: pd.DataFrame, lags: tuple[int, ...], block: int, permutations: int) -> None:
    if first["date_start"].tolist() != second["date_start"].tolist():
        raise MeasureError("two series are correlated over the same periods; those given differ")
    for name, value, accepted, is_good in (
        ("lags", lags, "one or more", bool(lags)),
        ("block", block, "1 or more", block >= 1),
        ("permutations", permutations, "1 or more", permutations >= 1),
    ):
        if not is_good:
            raise MeasureError(f"{name} is {value!r}; accepted: {accepted}")
    if len(first) and max(map(abs, lags)) > len(first) - FEWEST_PERIODS:
        raise MeasureError(f"lags reach {max(map(abs, lags))} periods; of {len(first)} periods too few are left")
