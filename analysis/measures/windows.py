"""Which share of an event's days lies in which window of calendar days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.checks import MeasureError, name_some

Day: TypeAlias = pd.Timestamp | str
_ROUNDING = 1e-9


def as_day(value: Day, name: str) -> pd.Timestamp:
    """Read a calendar day without time of day or time zone.

    Raises
    ------
    MeasureError
        If the value is not a date, or is bound to a time zone.

    Examples
    --------
    >>> as_day("2024-02-29", "end")
    Timestamp('2024-02-29 00:00:00')
    """
    try:
        day = pd.Timestamp(value)
    except (ValueError, TypeError) as error:
        raise MeasureError(f"{name} is not a date: {value!r}; accepted: a Timestamp or text as 2024-02-29") from error
    if not isinstance(day, pd.Timestamp) or day.tz is not None:
        raise MeasureError(f"{name} must be a date without time zone: {value!r}")
    return day.normalize()


def check_window(start: Day, end: Day) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Read the first and last day of a window, both inside it.

    Raises
    ------
    MeasureError
        If either is not a date or the window ends before it starts.
    """
    first, last = as_day(start, "start"), as_day(end, "end")
    if first > last:
        raise MeasureError(
            f"start {first:%Y-%m-%d} is after end {last:%Y-%m-%d}; a window starts no later than it ends"
        )
    return first, last


def window_shares(
    date_start: pd.Series | pd.DatetimeIndex,
    date_end: pd.Series | pd.DatetimeIndex,
    firsts: pd.DatetimeIndex,
    lasts: pd.DatetimeIndex,
) -> NDArray[np.float64]:
    """Measure the share of each event's days that lies in each window, first and last days included.

    Parameters
    ----------
    date_start, date_end : Series or index of datetime64, length E
        First and last day of each event.
    firsts, lasts : DatetimeIndex, length W
        First and last day of each window.

    Returns
    -------
    ndarray, shape (E, W)
        Between 0 (outside) and 1 (wholly inside).

    Examples
    --------
    An event of unknown day in February 2024 lies to 10/29 in the last ten days of that month.

    >>> february = pd.Series(pd.to_datetime(["2024-02-01"])), pd.Series(pd.to_datetime(["2024-02-29"]))
    >>> shares = window_shares(*february, pd.DatetimeIndex(["2024-02-20"]), pd.DatetimeIndex(["2024-12-31"]))
    >>> float(shares[0, 0] * 29)
    10.0
    """
    return _shares(*(_day_numbers(dates) for dates in (date_start, date_end, firsts, lasts)))


def clip_engagements(
    engagements: Mapping[str, Any] | pd.DataFrame, firsts: pd.DatetimeIndex, lasts: pd.DatetimeIndex
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Cut engagements to other windows: their shares, cooperation and conflict.

    Parameters
    ----------
    engagements : DataFrame, E rows, or its columns as arrays
        From :func:`~analysis.measures.create_engagements`.
    firsts, lasts : DatetimeIndex, length W
        First and last day of each window.

    Returns
    -------
    shares, cooperation, conflict : ndarray, each of shape (E, W)

    Raises
    ------
    MeasureError
        If an event has more of its days between the first and the last day of all windows than in the window the
        engagements were created for: that one was narrower, so other events of these days are not in the frame.
    """
    dates = _day_numbers(engagements["date_start"]), _day_numbers(engagements["date_end"])
    edges = _day_numbers(firsts), _day_numbers(lasts)
    if len(firsts):
        whole = _shares(*dates, edges[0].min(keepdims=True), edges[1].max(keepdims=True))[:, 0]
        is_cut = np.asarray(engagements["window_share"], dtype=np.float64) < whole - _ROUNDING
        if is_cut.any():
            raise MeasureError(
                "the engagements were created for a narrower window than the one asked for; "
                f"of the days of these events it holds too few: {name_some(engagements['event_id'][is_cut])}"
            )
    shares = _shares(*dates, *edges)
    weight = np.asarray(engagements["weight"], dtype=np.float64)[:, None]
    return shares, np.maximum(weight, 0.0) * shares, np.maximum(-weight, 0.0) * shares


def _shares(
    starts: NDArray[np.int64], ends: NDArray[np.int64], firsts: NDArray[np.int64], lasts: NDArray[np.int64]
) -> NDArray[np.float64]:
    starts, ends = starts[:, None], ends[:, None]
    overlap = np.minimum(ends, lasts) - np.maximum(starts, firsts) + 1
    return np.asarray(np.maximum(overlap, 0) / (ends - starts + 1), dtype=np.float64)


def _day_numbers(dates: Any) -> NDArray[np.int64]:
    return np.asarray(dates.to_numpy(), dtype="datetime64[D]").astype(np.int64)
