"""Movement: how far the tilt differs between two windows, and how surely it moved towards the first power."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.bootstrap import Bootstrap, TiltOptions
from analysis.measures.checks import check_engagements
from analysis.measures.pairs import PAIR_COLUMNS, find_places, units_of_pair
from analysis.measures.tilts import NO_COOPERATION, TOO_FEW_EVENTS, Tilt, tilt
from analysis.measures.windows import Day, check_window, clip_engagements

Window = tuple[Day, Day]
ONE_SIDED = "all cooperation of a window with one power"


@dataclass(frozen=True)
class TiltMovement:
    """The tilt of two windows, and how it differs.

    ``difference`` is the tilt after minus the tilt before, from -2 to +2, positive towards `a`; ``low`` and ``high``
    are its interval and ``probability`` the share of the draws in which it is positive (those at 0 count half): all
    four None where either window has too few events. ``reason`` is empty, or says why there is none, or that in one
    window all cooperation is with one power, so that its own draws do not vary.
    """

    a: str
    b: str
    before: Tilt
    after: Tilt
    difference: float | None
    low: float | None
    high: float | None
    probability: float | None
    reason: str = ""

    def swapped(self) -> TiltMovement:
        """Turn it round: the same, seen from b."""
        return replace(
            self,
            a=self.b,
            b=self.a,
            before=self.before.swapped(),
            after=self.after.swapped(),
            difference=_negative(self.difference),
            low=_negative(self.high),
            high=_negative(self.low),
            probability=None if self.probability is None else 1.0 - self.probability,
        )


def compare_tilts(
    engagements: pd.DataFrame, a: str, b: str, before: Window, after: Window, **options: Unpack[TiltOptions]
) -> TiltMovement:
    """Compare the tilt between two powers in two windows.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`~analysis.measures.create_engagements`, for a window that holds both.
    a, b : str
        Actor codes of the two powers.
    before, after : pair of Timestamp or ISO date
        First and last day of each window, both inside it. They were best chosen without a look at the events: between
        windows cut where the tilt seems to turn, it turns more often than not.
    **options
        draws, seed, level and minimum_events, as in :func:`~analysis.measures.tilt`.

    Returns
    -------
    TiltMovement

    Raises
    ------
    MeasureError
        As :func:`~analysis.measures.tilt`; or if a window is empty or wider than that of the engagements.

    Notes
    -----
    Each draw weighs the events of either window by Dirichlet(1, ..., 1), independently of the other window (Rubin
    1981); an event with days in both is a unit of each. The probability is posterior, under Rubin's prior over the
    weights of the events, and speaks of the gathered events alone.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> halves = ("2024-01-01", "2024-03-31"), ("2024-04-01", "2024-12-31")
    >>> moved = compare_tilts(example_engagements(), "FRA", "RUS", *halves, minimum_events=2)
    >>> round(moved.difference, 2), 0 < moved.probability < 1
    (-0.51, True)
    >>> compare_tilts(example_engagements(), "FRA", "RUS", *halves).reason
    'too few events'
    """
    one, other = sorted((a, b))
    bootstrap = Bootstrap(**options)
    # A seed of its own for each window: the same event would otherwise weigh alike in both.
    first, drawn_first = _ask(engagements, one, other, before, bootstrap)
    second, drawn_second = _ask(engagements, one, other, after, replace(bootstrap, seed=bootstrap.seed + 1))
    found = _compare(first, second, drawn_first, drawn_second, bootstrap)
    return found if a == one else found.swapped()


def _ask(
    engagements: pd.DataFrame, a: str, b: str, window: Window, bootstrap: Bootstrap
) -> tuple[Tilt, NDArray[np.float64] | None]:
    """Measure the tilt of a window, and its draws where it has an interval."""
    rows = _cut(engagements, a, b, window)
    lean = tilt(rows, a, b, level=bootstrap.level, minimum_events=bootstrap.minimum_events)
    return lean, None if lean.low is None else _draw(rows, [a, b], bootstrap)


def _cut(engagements: pd.DataFrame, a: str, b: str, window: Window) -> pd.DataFrame:
    """The engagements of a window, as if they had been created for it."""
    first, last = check_window(*window)
    check_engagements(engagements, PAIR_COLUMNS)
    rows = engagements.take(find_places(engagements, [a, b]))
    shares, cooperation, conflict = clip_engagements(rows, pd.DatetimeIndex([first]), pd.DatetimeIndex([last]))
    cut = rows.assign(window_share=shares[:, 0], cooperation=cooperation[:, 0], conflict=conflict[:, 0])
    return cut[cut["window_share"] > 0]


def _draw(rows: pd.DataFrame, pair: list[str], bootstrap: Bootstrap) -> NDArray[np.float64]:
    event_ids, units = units_of_pair(rows, pair, rows[["cooperation"]].to_numpy(dtype=np.float64))
    totals = bootstrap.totals(event_ids, units[:, :, 0].T)
    return np.asarray((totals[:, 0] - totals[:, 1]) / totals.sum(axis=1), dtype=np.float64)


def _compare(
    before: Tilt,
    after: Tilt,
    drawn_before: NDArray[np.float64] | None,
    drawn_after: NDArray[np.float64] | None,
    bootstrap: Bootstrap,
) -> TiltMovement:
    if drawn_before is None or drawn_after is None:
        is_none = before.value is None or after.value is None
        reason = NO_COOPERATION if is_none else TOO_FEW_EVENTS
        return TiltMovement(before.a, before.b, before, after, None, None, None, None, reason)
    assert before.value is not None
    assert after.value is not None
    moved = drawn_after - drawn_before
    low, high = bootstrap.interval(moved[:, None])
    probability = float(np.mean((moved > 0) + 0.5 * (moved == 0)))
    is_one_sided = before.low == before.high or after.low == after.high
    return TiltMovement(
        before.a, before.b, before, after, after.value - before.value, float(low[0]), float(high[0]), probability,
        ONE_SIDED if is_one_sided else "",
    )  # fmt: skip


def _negative(number: float | None) -> float | None:
    return None if number is None else 0.0 - number
