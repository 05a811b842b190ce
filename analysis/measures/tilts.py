"""Tilt: to which of two powers a state's cooperation leans, and how surely the given events say so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.bootstrap import Bootstrap, TiltOptions
from analysis.measures.checks import MeasureError
from analysis.measures.pairs import Columns, rows_of_pair, units_of_pair
from analysis.measures.tails import tilt_quantiles
from analysis.measures.windows import Day, check_window, clip_engagements

TOO_FEW_EVENTS = "too few events"
NO_COOPERATION = "no cooperation with either power"


@dataclass(frozen=True)
class Tilt:
    """A state's lean between the powers a (+1) and b (-1); amounts in weight points.

    ``n_events`` are the distinct events that carry cooperation with a or b: the units that the interval is drawn
    over. ``reason`` is empty, or says why there is no value or no interval, or why the interval cannot speak.
    """

    a: str
    b: str
    value: float | None
    low: float | None
    high: float | None
    net_value: float | None
    n_events: int
    cooperation_a: float
    cooperation_b: float
    conflict_a: float
    conflict_b: float
    reason: str = ""

    def swapped(self) -> Tilt:
        """Turn the lean round: the same, seen from b."""
        return replace(
            self,
            a=self.b,
            b=self.a,
            value=_negative(self.value),
            low=_negative(self.high),
            high=_negative(self.low),
            net_value=_negative(self.net_value),
            cooperation_a=self.cooperation_b,
            cooperation_b=self.cooperation_a,
            conflict_a=self.conflict_b,
            conflict_b=self.conflict_a,
        )


def tilt(
    engagements: pd.DataFrame,
    a: str,
    b: str,
    **options: Unpack[TiltOptions],
) -> Tilt:
    """Measure the lean between two powers: (C_a - C_b) / (C_a + C_b), with the Bayesian bootstrap's exact interval.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`~analysis.measures.create_engagements`; other powers in it are left aside.
    a, b : str
        Actor codes of the two powers.
    **options
        level (share of the weighings inside the interval, 0.90) and minimum_events (under so many events with
        cooperation there is no interval, 5). draws and seed are for the measures that draw, and change nothing here.

    Returns
    -------
    Tilt
        ``value`` from -1 (all cooperation with b) to +1 (all with a), None without cooperation. ``low`` and ``high``
        are the quantiles (1 - level)/2 and 1 - (1 - level)/2 over the weighings, None under `minimum_events`. Where
        all cooperation is with one power, both equal ``value`` and ``reason`` says so: such an interval is no sign
        of certainty. ``net_value`` puts max(C - K, 0) for C. Swapping a and b flips every sign exactly.

    Raises
    ------
    MeasureError
        If a equals b, an option is out of range or the frame malformed.

    Notes
    -----
    D. B. Rubin (1981), "The Bayesian Bootstrap", Annals of Statistics 9(1), 130-134: each draw weighs the n distinct
    events by Dirichlet(1, ..., 1); an event that concerns both powers is one unit. The quantiles are not drawn but
    computed (see :func:`~analysis.measures.tails.tilt_quantiles`), so that no side is decided by the noise of draws.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> lean = tilt(example_engagements(), "FRA", "RUS")
    >>> lean.value, lean.n_events, lean.reason
    (-0.5, 5, '')
    >>> lean.low < lean.value < lean.high
    True
    """
    bootstrap = Bootstrap(**options)
    rows = rows_of_pair(engagements, a, b)
    cooperation, conflict = (np.asarray(rows[name], dtype=np.float64)[:, None] for name in ("cooperation", "conflict"))
    return _tilts(rows, a, b, cooperation, conflict, bootstrap)[0]


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


def list_tilts(
    engagements: pd.DataFrame,
    a: str,
    b: str,
    firsts: pd.DatetimeIndex,
    lasts: pd.DatetimeIndex,
    bootstrap: Bootstrap,
) -> list[Tilt]:
    """What :func:`tilt_windows` puts in a frame."""
    rows = rows_of_pair(engagements, a, b)
    _, cooperation, conflict = clip_engagements(rows, firsts, lasts)
    return _tilts(rows, a, b, cooperation, conflict, bootstrap)


def largest_event(engagements: pd.DataFrame, a: str, b: str) -> str | None:
    """Find the event that holds the greatest share of the cooperation with two powers.

    Among equals it is the one without which the tilt moves furthest, and then the one whose id sorts first.
    None where no event carries cooperation with either power.

    Raises
    ------
    MeasureError
        If a equals b or the frame is malformed.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> largest_event(example_engagements(), "FRA", "RUS")
    'E2'
    """
    rows = rows_of_pair(engagements, a, b)
    event_ids, units = units_of_pair(rows, sorted((a, b)), np.asarray(rows["cooperation"], dtype=np.float64)[:, None])
    if not event_ids:
        return None
    amounts = units[:, :, 0]
    both = amounts.sum(axis=0)
    rest = amounts.sum(axis=1, keepdims=True) - amounts
    total = rest.sum(axis=0)
    without = np.divide(rest[0] - rest[1], total, out=np.zeros_like(total), where=total > 0)
    moved = np.abs(without - (amounts[0] - amounts[1]).sum() / both.sum())
    # rounded, so that equals that differ only in the last bits are equals
    return event_ids[int(np.lexsort((event_ids, -moved.round(9), -both.round(9)))[0])]


def _tilts(
    rows: Columns,
    a: str,
    b: str,
    cooperation: NDArray[np.float64],
    conflict: NDArray[np.float64],
    bootstrap: Bootstrap,
) -> list[Tilt]:
    """Measure one tilt per window, for amounts of shape (rows, windows), with the powers in one fixed order."""
    pair = sorted((a, b))
    _, units = units_of_pair(rows, pair, cooperation)
    n_events = (units > 0).any(axis=0).sum(axis=0)
    gains = units.sum(axis=1)
    with_power = rows["power"].tolist()
    losses = np.stack([conflict[[one == power for one in with_power]].sum(axis=0) for power in pair])
    spoken = np.flatnonzero(n_events >= bootstrap.minimum_events)
    tail = (1 - bootstrap.level) / 2
    bounds = {
        window: tilt_quantiles(units[0][:, window], units[1][:, window], (tail, 1 - tail)) for window in spoken.tolist()
    }
    found = [
        _tilt_of_window(pair, gains[:, window], losses[:, window], int(n_events[window]), bounds.get(window))
        for window in range(cooperation.shape[1])
    ]
    return found if a == pair[0] else [one.swapped() for one in found]


def _tilt_of_window(
    pair: list[str],
    gains: NDArray[np.float64],
    losses: NDArray[np.float64],
    n_events: int,
    bounds: tuple[float, ...] | None,
) -> Tilt:
    c_a, c_b = gains.tolist()
    k_a, k_b = losses.tolist()
    value = _lean(c_a, c_b)
    low, high = bounds or (None, None)
    if value is None:
        reason = NO_COOPERATION
    elif bounds is None:
        reason = TOO_FEW_EVENTS
    elif min(c_a, c_b) == 0:
        reason = f"all cooperation with {pair[0] if c_a else pair[1]}"
    else:
        reason = ""
    net = _lean(max(c_a - k_a, 0.0), max(c_b - k_b, 0.0))
    return Tilt(pair[0], pair[1], value, low, high, net, n_events, c_a, c_b, k_a, k_b, reason)


def _lean(toward: float, against: float) -> float | None:
    total = toward + against
    return (toward - against) / total if total > 0 else None


def _negative(number: float | None) -> float | None:
    return None if number is None else 0.0 - number  # 0.0 - 0.0 is 0.0, where -0.0 would be printed with its sign
