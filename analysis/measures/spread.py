"""Balance and depth: how cooperation spreads over several powers, and how much of it there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.bootstrap import Bootstrap, TiltOptions
from analysis.measures.checks import check_codes, check_engagements
from analysis.measures.pairs import rows_with
from analysis.measures.windows import Day, check_window, clip_engagements

DAYS_A_YEAR = 365.25
_CLIPPED = ("date_start", "date_end", "weight", "window_share")


@dataclass(frozen=True)
class Balance:
    """How a state's cooperation spreads over N powers.

    ``shares`` gives each power's share (0 where there is none), ``evenness`` is Pielou's (0 all with one, 1 all
    equal; None for one power or without cooperation), ``effective_number`` how many equal powers would be as diverse
    (None without cooperation), ``n_events`` the distinct events that carry cooperation with any of them.
    """

    shares: dict[str, float]
    evenness: float | None
    effective_number: float | None
    n_events: int


def balance(engagements: pd.DataFrame, powers: Sequence[str]) -> Balance:
    """Measure how cooperation spreads over the powers: shares, evenness H / ln N and effective number exp(H).

    Parameters
    ----------
    engagements : DataFrame
        From :func:`~analysis.measures.create_engagements`.
    powers : sequence of str
        The N powers, each once; one without cooperation counts in N.

    Returns
    -------
    Balance

    Raises
    ------
    MeasureError
        If a power is repeated or a column missing.

    Notes
    -----
    H = -sum(s ln s) over the powers with s > 0. E. C. Pielou (1966), "The measurement of diversity in different
    types of biological collections", Journal of Theoretical Biology 13, 131-144; M. O. Hill (1973), "Diversity and
    Evenness: A Unifying Notation and Its Consequences", Ecology 54(2), 427-432.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> spread = balance(example_engagements(), ["FRA", "RUS"])
    >>> spread.shares, round(spread.evenness, 3), round(spread.effective_number, 3)
    ({'FRA': 0.25, 'RUS': 0.75}, 0.811, 1.755)
    """
    chosen = check_codes("powers", powers)
    check_engagements(engagements, ("cooperation",))
    rows = engagements.loc[engagements["power"].isin(chosen) & (engagements["cooperation"] > 0)].sort_values("event_id")
    amounts = rows.groupby("power")["cooperation"].sum().reindex(chosen, fill_value=0.0).to_numpy(dtype=np.float64)
    n_events = int(rows["event_id"].nunique())
    if not n_events:
        return Balance(dict.fromkeys(chosen, 0.0), None, None, 0)
    shares = amounts / amounts.sum()
    diversity = float(_diversity(shares))
    evenness = min(diversity / float(np.log(len(chosen))), 1.0) if len(chosen) > 1 else None
    return Balance(dict(zip(chosen, shares.tolist(), strict=True)), evenness, float(np.exp(diversity)), n_events)


def depth(engagements: pd.DataFrame, powers: Sequence[str], start: Day, end: Day) -> float:
    """Measure total cooperation with the powers per year of 365.25 days, in weight points a year.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`~analysis.measures.create_engagements`, for this window or a wider one.
    powers : sequence of str
        The powers, each once.
    start, end : Timestamp or ISO date
        First and last day of the window, both inside it.

    Raises
    ------
    MeasureError
        If a power is repeated, or the window empty or wider than that of the engagements.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> round(depth(example_engagements(), ["FRA", "RUS"], "2024-01-01", "2024-12-31"), 3)  # 12 points in 366 days
    11.975
    """
    first, last = check_window(start, end)
    return float(depth_windows(engagements, powers, pd.DatetimeIndex([first]), pd.DatetimeIndex([last]))[0])


def depth_windows(
    engagements: pd.DataFrame, powers: Sequence[str], firsts: pd.DatetimeIndex, lasts: pd.DatetimeIndex
) -> NDArray[np.float64]:
    """Measure :func:`depth` in each of several windows, events cut to each.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`~analysis.measures.create_engagements`, for a window that holds all of these.
    powers : sequence of str
        The powers, each once.
    firsts, lasts : DatetimeIndex, length W
        First and last day of each window.

    Returns
    -------
    ndarray, length W

    Raises
    ------
    MeasureError
        As :func:`depth`.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> halves = pd.to_datetime(["2024-01-01", "2024-07-01"]), pd.to_datetime(["2024-06-30", "2024-12-31"])
    >>> depth_windows(example_engagements(), ["FRA", "RUS"], *halves).round(2).tolist()
    [24.08, 0.0]
    """
    rows = _rows_of(engagements, powers)[0]
    _, cooperation, _ = clip_engagements(rows, firsts, lasts)
    years = ((lasts - firsts).days.to_numpy() + 1) / DAYS_A_YEAR
    return np.asarray(cooperation.sum(axis=0) / years, dtype=np.float64)


def evenness_windows(
    engagements: pd.DataFrame,
    powers: Sequence[str],
    firsts: pd.DatetimeIndex,
    lasts: pd.DatetimeIndex,
    **options: Unpack[TiltOptions],
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Measure the evenness H / ln N in each of several windows, events cut to each, with its bootstrap draws.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`~analysis.measures.create_engagements`, for a window that holds all of these.
    powers : sequence of str
        The N powers, two or more, each once.
    firsts, lasts : DatetimeIndex, length W
        First and last day of each window.
    **options
        draws, seed, level and minimum_events, as in :func:`~analysis.measures.tilt`.

    Returns
    -------
    frame : DataFrame, W rows
        evenness (missing without cooperation), low, high (missing under the fewest events), n_events.
    draws : ndarray, shape (draws, W)
        Evenness under each draw of the events' weights; missing where there is no interval. Those of one event are
        the same in every state and window, so that draws of several may be compared one by one.

    Raises
    ------
    MeasureError
        As :func:`balance`; or if an option is out of range or the windows reach beyond that of the engagements.

    Notes
    -----
    Entropy is concave: what is drawn lies on average below the value, the more so the fewer the events, and where
    the value is 1 the whole interval does. It says how little evenness the events would still bear out.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> year = pd.to_datetime(["2024-01-01"]), pd.to_datetime(["2024-12-31"])
    >>> frame, draws = evenness_windows(example_engagements(), ["FRA", "RUS"], *year)
    >>> frame.round(2).values.tolist(), draws.shape
    ([[0.81, 0.31, 1.0, 5.0]], (4000, 1))
    """
    found = spread_over(engagements, powers, firsts, lasts, Bootstrap(**options))
    columns = found._asdict()
    return pd.DataFrame({name: columns[name] for name in ("evenness", "low", "high", "n_events")}), found.draws


class Spread(NamedTuple):
    """Evenness in each of W windows, its interval, its events, and its draws of shape (draws, W)."""

    evenness: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    n_events: NDArray[np.int64]
    draws: NDArray[np.float64]


def spread_over(
    engagements: pd.DataFrame,
    powers: Sequence[str],
    firsts: pd.DatetimeIndex,
    lasts: pd.DatetimeIndex,
    bootstrap: Bootstrap,
) -> Spread:
    """What :func:`evenness_windows` puts in a frame."""
    rows, chosen = _rows_of(engagements, powers, at_least=2)
    _, cooperation, _ = clip_engagements(rows, firsts, lasts)
    events = rows["event_id"].tolist()
    event_ids = sorted(set(events))
    place = {event_id: number for number, event_id in enumerate(event_ids)}
    units = np.zeros((len(event_ids), len(chosen), len(firsts)))
    units[[place[one] for one in events], [chosen.index(power) for power in rows["power"].tolist()]] = cooperation
    n_events = (units > 0).any(axis=1).sum(axis=0)
    some, spoken = np.flatnonzero(n_events), np.flatnonzero(n_events >= bootstrap.minimum_events)
    value, draws = np.full(len(firsts), np.nan), np.full((bootstrap.draws, len(firsts)), np.nan)
    value[some] = _evenness(units[:, :, some].sum(axis=0))
    drawn = bootstrap.totals(event_ids, units[:, :, spoken].reshape(len(event_ids), len(chosen) * len(spoken)))
    draws[:, spoken] = _evenness(drawn.reshape(bootstrap.draws, len(chosen), len(spoken)).swapaxes(0, 1))
    low, high = bootstrap.interval(draws)
    return Spread(value, low, high, n_events.astype("int64"), draws)


def _rows_of(engagements: pd.DataFrame, powers: Sequence[str], at_least: int = 1) -> tuple[dict[str, Any], list[str]]:
    """The rows of some powers, in an order that does not hang on that of the frame, and the powers."""
    chosen = check_codes("powers", powers, at_least=at_least)
    check_engagements(engagements, _CLIPPED)
    return rows_with(engagements, chosen, _CLIPPED), chosen


def _evenness(amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Evenness of amounts whose first axis is the powers; each column holds some."""
    return np.minimum(_diversity(amounts / amounts.sum(axis=0)) / np.log(len(amounts)), 1.0)


def _diversity(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shannon's entropy of shares along the first axis, 0 ln 0 being 0."""
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    return np.asarray(np.abs(-(shares * logs).sum(axis=0)))  # abs: -0.0 where one power has all
