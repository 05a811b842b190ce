"""The neighbourhood: how tilt, balance and depth of several states moved, and whether more refuse to choose a camp."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd

from analysis.measures.bootstrap import Bootstrap, TiltOptions
from analysis.measures.checks import MeasureError, check_codes
from analysis.measures.engagement import create_engagements
from analysis.measures.spread import depth_windows, spread_over
from analysis.measures.tilts import Tilt, list_tilts
from analysis.measures.windows import Day, check_window

TOWARDS_A, TOWARDS_B, BETWEEN, TOO_FEW, NONE = STANDINGS = ("towards_a", "towards_b", "between", "too_few", "none")
TOO_FEW_STATES = "too few states"
MINIMUM_STATES = 3

Span = tuple[pd.Timestamp, pd.Timestamp]


@dataclass(frozen=True)
class BalanceChange:
    """How the mean evenness of some states moved from one window to another.

    ``states`` are those with enough events in both; ``early`` and ``late`` their mean evenness, ``change`` the second
    less the first with its interval ``low`` to ``high``; ``probability_rose`` is the share of the bootstrap draws in
    which it rose, one without change counting half. All are None without such a state. ``reason`` is empty, or says
    why this speaks of these states alone and not of the region.
    """

    states: tuple[str, ...]
    early: float | None
    late: float | None
    change: float | None
    low: float | None
    high: float | None
    probability_rose: float | None
    reason: str


def split_years(start: Day, end: Day) -> list[Span]:
    """The calendar years of a window, the first and the last cut where the window cuts them.

    Examples
    --------
    >>> [f"{first:%Y-%m-%d} {last:%Y-%m-%d}" for first, last in split_years("2024-03-01", "2025-02-28")]
    ['2024-03-01 2024-12-31', '2025-01-01 2025-02-28']
    """
    first, last = check_window(start, end)
    years = pd.period_range(first, last, freq="Y")
    return [(max(first, year.start_time), min(last, year.end_time.normalize())) for year in years]


def split_halves(start: Day, end: Day) -> list[Span]:
    """The two halves of a window of two days or more; of an odd number of days the second has one more.

    Raises
    ------
    MeasureError
        If the window has one day only.

    Examples
    --------
    >>> [f"{first:%Y-%m-%d} {last:%Y-%m-%d}" for first, last in split_halves("2020-01-01", "2026-02-28")]
    ['2020-01-01 2023-01-29', '2023-01-30 2026-02-28']
    """
    first, last = check_window(start, end)
    if first == last:
        raise MeasureError(f"the window {first:%Y-%m-%d} has one day; accepted: two or more, to have halves")
    middle = first + ((last - first + pd.Timedelta(days=1)) // 2).floor("D")
    return [(first, middle - pd.Timedelta(days=1)), (middle, last)]


def compare_spans(
    dyad_events: pd.DataFrame,
    events: pd.DataFrame,
    states: Sequence[str],
    powers: Sequence[str],
    spans: Sequence[Span],
    weight: str = "reviewed",
    *,
    direction: str = "both",
    **options: Unpack[TiltOptions],
) -> pd.DataFrame:
    """Set tilt, balance and depth of several states in several windows side by side.

    Parameters
    ----------
    dyad_events, events : DataFrame
        The tables of these names.
    states : sequence of str
        Actor codes of the states, each once and none of them a power.
    powers : sequence of str
        Two or more powers: the tilt is between the first two, evenness and depth are over all.
    spans : sequence of pairs of Timestamp
        First and last day of each window, as from :func:`split_years` or :func:`split_halves`.
    weight, direction : str
        As in :func:`~analysis.measures.create_engagements`.
    **options
        draws, seed, level and minimum_events, as in :func:`~analysis.measures.tilt`.

    Returns
    -------
    DataFrame
        state, date_start, date_end, tilt, low, high, n_events, standing, evenness, evenness_low, evenness_high,
        n_events_all (with any of the powers), depth (weight points a year), reason; states in the order given, each
        with its windows in order. ``standing`` is "towards_a" or "towards_b" where the interval of the tilt lies on
        that side, "between" where it holds zero (there is cooperation with both then, and no side can be told),
        "too_few" without an interval and "none" without cooperation.

    Raises
    ------
    MeasureError
        As the measures it calls, or if there is no window.

    Examples
    --------
    >>> from analysis.measures.examples import example_tables
    >>> halves = split_halves("2024-01-01", "2024-12-31")
    >>> moved = compare_spans(*example_tables(), ["TGO", "BEN"], ["FRA", "RUS"], halves)
    >>> moved[["state", "tilt", "standing", "evenness", "n_events"]].round(2).values.tolist()
    [['TGO', -0.5, 'between', 0.81, 5], ['TGO', nan, 'none', nan, 0], ['BEN', 1.0, 'too_few', 0.0, 1], \
['BEN', nan, 'none', nan, 0]]
    """
    chosen, compared = _check(states, powers)
    if not spans:
        raise MeasureError("no window is given; accepted: one or more pairs of a first and a last day")
    firsts, lasts = (pd.DatetimeIndex([span[side] for span in spans]) for side in (0, 1))
    whole = firsts.min(), lasts.max()
    bootstrap = Bootstrap(**options)
    tilts: list[Tilt] = []
    spreads, depths = [], []
    for state in compared:
        rows = create_engagements(dyad_events, events, state, chosen, *whole, weight, direction=direction)
        tilts += list_tilts(rows, chosen[0], chosen[1], firsts, lasts, bootstrap)
        spreads.append(spread_over(rows, chosen, firsts, lasts, bootstrap))
        depths.append(depth_windows(rows, chosen, firsts, lasts))
    return pd.DataFrame(
        {
            "state": pd.array(np.repeat(np.array(compared, dtype=object), len(spans)), dtype="str"),
            **{name: np.tile(days, len(compared)) for name, days in (("date_start", firsts), ("date_end", lasts))},
            "tilt": np.array([one.value for one in tilts], dtype=np.float64),
            "low": np.array([one.low for one in tilts], dtype=np.float64),
            "high": np.array([one.high for one in tilts], dtype=np.float64),
            "n_events": np.array([one.n_events for one in tilts], dtype=np.int64),
            "standing": pd.array([_stand(one) for one in tilts], dtype="str"),
            "evenness": np.concatenate([one.evenness for one in spreads]),
            "evenness_low": np.concatenate([one.low for one in spreads]),
            "evenness_high": np.concatenate([one.high for one in spreads]),
            "n_events_all": np.concatenate([one.n_events for one in spreads]),
            "depth": np.concatenate(depths),
            "reason": pd.array([one.reason for one in tilts], dtype="str"),
        }
    )


def measure_balance_change(
    dyad_events: pd.DataFrame,
    events: pd.DataFrame,
    states: Sequence[str],
    powers: Sequence[str],
    early: Span,
    late: Span,
    weight: str = "reviewed",
    *,
    direction: str = "both",
    minimum_states: int = MINIMUM_STATES,
    **options: Unpack[TiltOptions],
) -> BalanceChange:
    """Ask whether some states spread their cooperation more evenly over the powers later than before.

    Parameters
    ----------
    dyad_events, events, states, powers, weight, direction, **options
        As in :func:`compare_spans`.
    early, late : pair of Timestamp
        First and last day of either window.
    minimum_states : int
        With fewer states that have enough events in both windows, ``reason`` says "too few states".

    Returns
    -------
    BalanceChange

    Raises
    ------
    MeasureError
        As the measures it calls.

    Notes
    -----
    Evenness is Pielou's over all the powers, drawn by the Bayesian bootstrap over the events (Rubin 1981) with the
    same draw for an event in whichever state it counts. A period with more events is drawn less far below its value
    (see :func:`~analysis.measures.spread.evenness_windows`), which favours a rise where the later period has more.

    Examples
    --------
    >>> from analysis.measures.examples import example_tables
    >>> halves = split_halves("2024-01-01", "2024-12-31")
    >>> change = measure_balance_change(*example_tables(), ["TGO"], ["FRA", "RUS"], *halves)
    >>> change.states, change.probability_rose, change.reason
    ((), None, 'too few states')
    """
    chosen, compared = _check(states, powers)
    level = Bootstrap(**options)
    firsts, lasts = (pd.DatetimeIndex([early[side], late[side]]) for side in (0, 1))
    known, values, draws = [], [], []
    for state in compared:
        rows = create_engagements(
            dyad_events, events, state, chosen, firsts.min(), lasts.max(), weight, direction=direction
        )
        found = spread_over(rows, chosen, firsts, lasts, level)
        if not np.isnan(found.low).any():
            known.append(state)
            values.append(found.evenness)
            draws.append(found.draws)
    reason = TOO_FEW_STATES if len(known) < minimum_states else ""
    if not known:
        return BalanceChange((), None, None, None, None, None, None, reason)
    before, after = np.mean(values, axis=0).tolist()
    mean = np.mean(draws, axis=0)
    # What differs by the order of adding alone has not moved.
    moved = np.round(mean[:, 1] - mean[:, 0], 12)
    low, high = level.interval(moved)
    rose = float((moved > 0).mean() + (moved == 0).mean() / 2)
    return BalanceChange(tuple(known), before, after, after - before, float(low), float(high), rose, reason)


def count_standings(spans: pd.DataFrame) -> pd.DataFrame:
    """Count the states by where they stand in each window.

    Parameters
    ----------
    spans : DataFrame
        From :func:`compare_spans`.

    Returns
    -------
    DataFrame
        date_start, date_end, then a count for each of ``STANDINGS``; one row per window, in order.

    Examples
    --------
    >>> from analysis.measures.examples import example_tables
    >>> halves = split_halves("2024-01-01", "2024-12-31")
    >>> counts = count_standings(compare_spans(*example_tables(), ["TGO", "BEN"], ["FRA", "RUS"], halves))
    >>> counts[["between", "too_few", "none"]].values.tolist()
    [[1, 1, 0], [0, 0, 2]]
    """
    counts = pd.crosstab([spans["date_start"], spans["date_end"]], spans["standing"])
    counts = counts.reindex(columns=list(STANDINGS), fill_value=0)
    counts.columns.name = None
    return counts.reset_index()


def _check(states: Sequence[str], powers: Sequence[str]) -> tuple[list[str], list[str]]:
    chosen = check_codes("powers", powers, at_least=2)
    return chosen, check_codes("states", states, not_among=chosen)


def _stand(one: Tilt) -> str:
    if not one.n_events:
        return NONE
    if one.low is None or one.high is None:
        return TOO_FEW
    return TOWARDS_B if one.high < 0 else TOWARDS_A if one.low > 0 else BETWEEN
