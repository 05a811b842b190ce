"""Series of whole months or quarters, and whether so little happened in one that nothing can be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.measures.checks import check_choice, check_engagements
from analysis.measures.pairs import rows_with
from analysis.measures.windows import Day, check_window, clip_engagements

PERIODS = {"month": "M", "quarter": "Q"}
MINIMUM_PERIODS = 12
MINIMUM_EVENTS = 12
MINIMUM_SHARE = 0.25
_COLUMNS = ("date_start", "date_end", "weight", "window_share")


@dataclass(frozen=True)
class Density:
    """How much a series holds: its periods, those with an event, and its distinct events."""

    n_periods: int
    n_filled: int
    n_events: int

    @property
    def is_enough(self) -> bool:
        """Whether it has the periods, events and share of periods with an event that the method was calibrated for."""
        return (
            self.n_periods >= MINIMUM_PERIODS
            and self.n_events >= MINIMUM_EVENTS
            and self.n_filled >= MINIMUM_SHARE * self.n_periods
        )


def whole_periods(start: Day, end: Day, period: str = "quarter") -> pd.PeriodIndex:
    """Find the calendar months or quarters that lie wholly inside a window.

    Raises
    ------
    MeasureError
        If the period is neither, or the window empty.

    Examples
    --------
    >>> whole_periods("2024-01-15", "2024-09-30").astype(str).tolist()
    ['2024Q2', '2024Q3']
    """
    check_choice("period", period, PERIODS)
    return _whole_periods(*check_window(start, end), PERIODS[period])


@lru_cache(maxsize=64)  # a report asks for the months and quarters of its window dozens of times
def _whole_periods(first: pd.Timestamp, last: pd.Timestamp, freq: str) -> pd.PeriodIndex:
    touched = pd.period_range(first, last, freq=freq)
    return touched[(touched.start_time >= first) & (touched.end_time.normalize() <= last)]


def find_edges(periods: pd.PeriodIndex) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """First and last day of each period.

    Examples
    --------
    >>> [str(days[0].date()) for days in find_edges(whole_periods("2024-01-15", "2024-09-30"))]
    ['2024-04-01', '2024-06-30']
    """
    return _find_edges(periods.asi8.tobytes(), periods.freqstr)


@lru_cache(maxsize=64)
def _find_edges(ordinals: bytes, freq: str) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    periods = pd.PeriodIndex.from_ordinals(np.frombuffer(ordinals, dtype=np.int64), freq=freq)
    return periods.start_time, periods.end_time.normalize()


def net_engagement(
    engagements: pd.DataFrame, power: str, start: Day, end: Day, period: str = "quarter"
) -> pd.DataFrame:
    """Sum the weights of the events with one power in each whole month or quarter: cooperation minus conflict.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`~analysis.measures.create_engagements`, for this window or a wider one.
    power : str
        The power.
    start, end : Timestamp or ISO date
        The window; a period that it cuts is left out.
    period : {"month", "quarter"}
        Length of a period.

    Returns
    -------
    DataFrame
        date_start, date_end (first and last day of the period), value (weight points), n_events (an event that lasts
        from one period into the next is counted in both, its weight once); one row per period, also where nothing
        happened. The number of distinct events stands in ``attrs["n_events"]``.

    Raises
    ------
    MeasureError
        If the window is empty or wider than that of the engagements, or an input malformed.

    Notes
    -----
    The net sum is the usual aggregate of scored events: J. S. Goldstein (1992), Journal of Conflict Resolution 36(2).

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> net_engagement(example_engagements(), "FRA", "2024-01-01", "2024-06-30")[["date_start", "value", "n_events"]]
      date_start  value  n_events
    0 2024-01-01    1.0         2
    1 2024-04-01    1.0         1
    """
    periods = whole_periods(start, end, period)
    check_engagements(engagements, _COLUMNS)
    rows = rows_with(engagements, [power], _COLUMNS)
    firsts, lasts = find_edges(periods)
    shares, cooperation, conflict = clip_engagements(rows, firsts, lasts)
    return as_series(periods, (cooperation - conflict).sum(axis=0), shares)


def as_series(periods: pd.PeriodIndex, values: np.ndarray, shares: np.ndarray) -> pd.DataFrame:
    """Set values and the number of events of each period side by side.

    Parameters
    ----------
    periods : PeriodIndex, length W
        The periods.
    values : ndarray, shape (W,)
        What each amounts to.
    shares : ndarray, shape (E, W)
        Share of each event's days in each period.
    """
    firsts, lasts = find_edges(periods)
    series = pd.DataFrame(
        {
            "date_start": firsts.to_numpy(dtype="datetime64[ns]"),
            "date_end": lasts.to_numpy(dtype="datetime64[ns]"),
            "value": np.asarray(values, dtype=np.float64),
            "n_events": (shares > 0).sum(axis=0).astype(np.int64),
        }
    )
    series.attrs["n_events"] = int((shares > 0).any(axis=1).sum())
    return series


def density(series: pd.DataFrame) -> Density:
    """Count what a series of :func:`net_engagement` holds; without ``attrs`` each period's events are others.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> found = density(net_engagement(example_engagements(), "FRA", "2024-01-01", "2024-06-30"))
    >>> found, found.is_enough
    (Density(n_periods=2, n_filled=2, n_events=3), False)
    """
    counts = series["n_events"].to_numpy()
    return Density(len(series), int((counts > 0).sum()), int(series.attrs.get("n_events", counts.sum())))
