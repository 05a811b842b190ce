"""Tilt: to which of two powers a state's cooperation leans, and how surely the given events say so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.bootstrap import Bootstrap, TiltOptions
from analysis.measures.pairs import Columns, rows_of_pair, units_of_pair
from analysis.measures.tails import tilt_quantiles
from analysis.measures.windows import clip_engagements

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


def list_tilts(
    engagements: pd.DataFrame,
    a: str,
    b: str,
    firsts: pd.DatetimeIndex,
    lasts: pd.DatetimeIndex,
    bootstrap: Bootstrap,
) -> list[Tilt]:
    """Measure the tilt in each of several windows, as :func:`analysis.measures.rolling.tilt_windows` tells it."""
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
