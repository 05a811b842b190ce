"""Shifts: where the level of a series changes (PELT over ranks), how steadily, and which events stand near."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.checks import MeasureError, check_columns
from analysis.measures.periods import Density, density
from analysis.measures.ranks import standardised_ranks
from analysis.schema.rows import frame_of

PENALTY = 2.2
"""Penalty of a change point, in units of ln n, at which 5 % of series without a change or fewer show one."""
MINIMUM_LENGTH = 4
FACTORS = tuple(tenths / 10 for tenths in range(8, 21))
_POINT_COLUMNS = {
    "date": "datetime64[ns]", "position": "int64", "earliest": "datetime64[ns]", "latest": "datetime64[ns]",
    "before": "float64", "after": "float64", "steadiness": "float64", "factor": "float64",
}  # fmt: skip
_LEVEL_COLUMNS = {
    "date_start": "datetime64[ns]", "date_end": "datetime64[ns]", "mean": "float64", "low": "float64",
    "high": "float64",
}  # fmt: skip


@dataclass(frozen=True)
class Shifts:
    """The change points of one series.

    Attributes
    ----------
    series : DataFrame
        What was searched, from :func:`~analysis.measures.periods.net_engagement` or of its shape.
    points : DataFrame
        ``date`` (first day of the new level), ``position`` (of its period in the series), ``earliest, latest`` (between
        which nine tenths of the resamples have it), ``before, after`` (mean of the periods on either side, up to the
        next change point), ``steadiness`` (share of the resamples with a change point within one period), ``factor``
        (largest of ``FACTORS`` times the penalty at which it is still found within one period).
    levels : DataFrame
        Each stretch between change points: ``date_start, date_end, mean, low, high`` (where nine tenths of the
        resamples have the mean; missing where the series was not searched).
    density : Density
        What the series holds; where that is not enough, it was not searched and ``points`` is empty.
    penalty : float
        The penalty, in units of the variance of the ranks.
    """

    series: pd.DataFrame
    points: pd.DataFrame
    levels: pd.DataFrame
    density: Density
    penalty: float


def find_shifts(
    series: pd.DataFrame, *, penalty: float = PENALTY, draws: int = 200, block: int = 2, seed: int = 20200101
) -> Shifts:
    """Find where the level of a series changes, by PELT over its ranks.

    Parameters
    ----------
    series : DataFrame
        date_start, date_end, value, n_events; in order of time.
    penalty : float
        What a change point costs, in units of ln n for n periods.
    draws, block, seed : int
        Number of resamples for the steadiness, length of their blocks in periods, and their seed.

    Returns
    -------
    Shifts
        Without change points where the series is too sparse (see :class:`~analysis.measures.periods.Density`).

    Raises
    ------
    MeasureError
        If a column is missing, a value is missing, the periods are not in order, or an option is out of range.

    Notes
    -----
    The values are replaced by their ranks (ties share their mean rank), centred and divided by their standard
    deviation, so that neither the skew of weights nor one great event decides and the variance is known to be 1; a
    robust estimate from differences would be 0 where most periods are empty. The cost is the sum of squares about the
    mean of each stretch: rank statistics for change points, A. Lung-Yut-Fong, C. Lévy-Leduc and O. Cappé (2015),
    Journal de la SFdS 156(4). The search is exact: R. Killick, P. Fearnhead and I. A. Eckley (2012), "Optimal Detection
    of Changepoints With a Linear Computational Cost", JASA 107(500), 1590-1598. A stretch has at least four
    periods. The steadiness comes from resampling blocks within each stretch: H. R. Künsch (1989), Annals of Statistics
    17(3).

    Examples
    --------
    >>> from analysis.measures.examples import example_series
    >>> found = find_shifts(example_series())
    >>> found.points[["date", "before", "after"]]
            date  before  after
    0 2023-01-01    0.25   2.25
    """
    check_columns(series, ("date_start", "date_end", "value", "n_events"), "series")
    _check(series, penalty, draws, block)
    held = density(series)
    price = float(penalty * np.log(max(len(series), 2)))
    values = series["value"].to_numpy(dtype=np.float64)
    if not held.is_enough:
        return Shifts(series, _points([]), _levels(series, [], np.empty((0, len(values)))), held, price)
    positions = _search(standardised_ranks(values), price)
    resampled = _resample_within(values, positions, draws, block, seed)
    points = _describe(series, positions, resampled, price) if positions else []
    return Shifts(series, _points(points), _levels(series, positions, resampled), held, price)


def _describe(
    series: pd.DataFrame, positions: list[int], resampled: NDArray[np.float64], price: float
) -> list[dict[str, Any]]:
    """Say of each change point where the resamples and other penalties have it."""
    values, days = series["value"].to_numpy(dtype=np.float64), series["date_start"]
    again = [_search(ranks, price) for ranks in standardised_ranks(resampled)]
    factors = {factor: _search(standardised_ranks(values), factor * price) for factor in FACTORS}
    edges = [0, *positions, len(values)]
    rows = []
    for number, position in enumerate(positions):
        nearest = [min(found, key=lambda other: (abs(other - position), other)) for found in again if found]
        earliest, latest = np.quantile(nearest or [position], [0.05, 0.95], method="closest_observation")
        rows.append(
            {
                "date": days.iloc[position],
                "position": position,
                "earliest": days.iloc[int(earliest)],
                "latest": days.iloc[int(latest)],
                "before": values[edges[number] : position].mean(),
                "after": values[position : edges[number + 2]].mean(),
                "steadiness": float(np.mean([_is_near(position, found) for found in again])),
                "factor": max(factor for factor, found in factors.items() if _is_near(position, found)),
            }
        )
    return rows


def _levels(series: pd.DataFrame, positions: list[int], resampled: NDArray[np.float64]) -> pd.DataFrame:
    rows = []
    for first, last in pairwise([0, *positions, len(series)]) if len(series) else []:
        means = resampled[:, first:last].mean(axis=1)
        low, high = np.quantile(means, [0.05, 0.95]) if len(means) else (np.nan, np.nan)
        rows.append(
            {
                "date_start": series["date_start"].iloc[first],
                "date_end": series["date_end"].iloc[last - 1],
                "mean": float(series["value"].iloc[first:last].mean()),
                "low": low,
                "high": high,
            }
        )
    return frame_of(rows, _LEVEL_COLUMNS)


def _search(ranks: NDArray[np.float64], price: float) -> list[int]:
    from ruptures import KernelCPD  # loaded when first used: a reader of other measures should not wait for it

    search = KernelCPD(kernel="linear", min_size=MINIMUM_LENGTH).fit(ranks[:, None])
    return [int(position) for position in search.predict(pen=price)[:-1]]


def _resample_within(
    values: NDArray[np.float64], positions: list[int], draws: int, block: int, seed: int
) -> NDArray[np.float64]:
    """Resample blocks within each stretch, their ends joined to a ring so that every period is as likely."""
    random = np.random.default_rng(seed)
    edges = [0, *positions, len(values)]
    parts = []
    for first, last in pairwise(edges):
        length = last - first
        starts = random.integers(length, size=(draws, -(-length // block)))
        places = (starts[:, :, None] + np.arange(block)) % length
        parts.append(values[first + places.reshape(draws, -1)[:, :length]])
    return np.concatenate(parts, axis=1)


def _is_near(position: int, found: list[int]) -> bool:
    return any(abs(position - other) <= 1 for other in found)


def _points(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return frame_of(rows, _POINT_COLUMNS)


def _check(series: pd.DataFrame, penalty: float, draws: int, block: int) -> None:
    for name, value, accepted, is_good in (
        ("penalty", penalty, "more than 0", penalty > 0),
        ("draws", draws, "1 or more", draws >= 1),
        ("block", block, "1 or more", block >= 1),
    ):
        if not is_good:
            raise MeasureError(f"{name} is {value!r}; accepted: {accepted}")
    if series["value"].isna().any():
        day = series.loc[series["value"].isna(), "date_start"].iloc[0]
        raise MeasureError(f"series has no value for the period that begins on {day:%Y-%m-%d}; every period needs one")
    if not series["date_start"].is_monotonic_increasing:
        raise MeasureError("series must be in order of time")
