"""Tilt over time: in each of several windows, and in each run of whole months."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd

from analysis.measures.bootstrap import Bootstrap, TiltOptions
from analysis.measures.checks import MeasureError
from analysis.measures.tilts import list_tilts
from analysis.measures.windows import Day, check_window


def rolling_tilt(
    engagements: pd.DataFrame,
    a: str,
    b: str,
    start: Day,
    end: Day,
    *,
    months: int = 12,
    **options: Unpack[TiltOptions],
) -> pd.DataFrame:
    """Measure the tilt in each run of whole months inside a window, events cut to each run.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`~analysis.measures.create_engagements`, for this window or a wider one.
    a, b : str
        Actor codes of the two powers.
    start, end : Timestamp or ISO date
        The window; a month that it cuts is left out.
    months : int
        Length of a run, in calendar months.
    **options
        level and minimum_events, as in :func:`tilt`.

    Returns
    -------
    DataFrame
        month_end (Timestamp, the last day of the run), tilt, low, high (missing where None), n_events, reason; empty if
        the window holds fewer whole months than one run. A row equals :func:`tilt` of that run alone, up to rounding.
        Neighbouring rows share all but one of their months: they are not independent of each other.

    Raises
    ------
    MeasureError
        As :func:`tilt`; or if `months` is less than 1 or the window empty or wider than that of the engagements.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> rolling_tilt(example_engagements(), "FRA", "RUS", "2024-01-01", "2024-06-30", months=5)[["month_end", "tilt"]]
       month_end      tilt
    0 2024-05-31 -0.333333
    1 2024-06-30 -0.800000
    """
    first, last = check_window(start, end)
    if months < 1:
        raise MeasureError(f"months is {months!r}; accepted: 1 or more")
    touched = pd.period_range(first, last, freq="M")
    whole = touched[(touched.start_time >= first) & (touched.end_time.normalize() <= last)]
    closing = whole[months - 1 :]
    month_ends = closing.end_time.normalize()
    rolling = tilt_windows(engagements, a, b, (closing - (months - 1)).start_time, month_ends, **options)
    rolling.insert(0, "month_end", month_ends.to_numpy(dtype="datetime64[ns]"))
    return rolling


def tilt_windows(
    engagements: pd.DataFrame,
    a: str,
    b: str,
    firsts: pd.DatetimeIndex,
    lasts: pd.DatetimeIndex,
    **options: Unpack[TiltOptions],
) -> pd.DataFrame:
    """Measure the tilt in each of several windows, events cut to each.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`~analysis.measures.create_engagements`, for a window that holds all of these.
    a, b : str
        Actor codes of the two powers.
    firsts, lasts : DatetimeIndex, length W
        First and last day of each window.
    **options
        level and minimum_events, as in :func:`tilt`.

    Returns
    -------
    DataFrame, W rows
        tilt, low, high (missing where None), n_events, reason. A row equals :func:`tilt` of that window alone, up to
        rounding.

    Raises
    ------
    MeasureError
        As :func:`tilt`; or if the windows reach beyond that of the engagements.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> halves = pd.to_datetime(["2024-01-01", "2024-04-01"]), pd.to_datetime(["2024-03-31", "2024-12-31"])
    >>> tilt_windows(example_engagements(), "FRA", "RUS", *halves)[["tilt", "n_events"]].round(2).values.tolist()
    [[-0.2, 2.0], [-0.71, 3.0]]
    """
    tilts = list_tilts(engagements, a, b, firsts, lasts, Bootstrap(**options))
    return pd.DataFrame(
        {
            "tilt": np.array([one.value for one in tilts], dtype=np.float64),
            "low": np.array([one.low for one in tilts], dtype=np.float64),
            "high": np.array([one.high for one in tilts], dtype=np.float64),
            "n_events": np.array([one.n_events for one in tilts], dtype=np.int64),
            "reason": pd.array([one.reason for one in tilts], dtype="str"),
        }
    )
