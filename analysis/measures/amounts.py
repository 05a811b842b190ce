"""Amounts with their uncertainty, as statements are held against: cooperation a year, margins, ranks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.bootstrap import Bootstrap
from analysis.measures.spread import DAYS_A_YEAR
from analysis.measures.windows import Day, check_window

__all__ = ["depth_percentile", "net_margin", "net_per_year", "rank_figures"]

TOO_FEW = "too few events"
TOO_FEW_STATES = "too few states"
TOO_FEW_KINDS = "too few kinds of tie known with more than one"
NO_FIGURES = "no figures to compare"


@dataclass(frozen=True)
class Amount:
    """A measured value with its interval, what it rests on, and why it cannot be given where it is not.

    ``n`` is the number of events (states, kinds of tie, ports, quarters) that it rests on, ``n_asked`` how many would
    be needed. ``n_outlets`` is known where figures of outlets and not events carry it, ``since`` (the first year that
    counts) where it ranks figures of years, ``p_value`` where the value is a
    correlation that has no interval, ``n_others`` where it is a share of others, and ``others_have`` (the events of
    the highest of them, and the fewest and the most of any) where it is a margin over others.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    rests_on: tuple[str, ...] = ()
    reason: str = ""
    n_asked: int = 0
    n_outlets: int | None = None
    p_value: float | None = None
    n_others: int | None = None
    others_have: tuple[int, int, int] | None = None
    since: int | None = None


def net_per_year(
    engagements: pd.DataFrame, start: Day, end: Day, column: str = "net", bootstrap: Bootstrap | None = None
) -> Amount:
    """Cooperation less conflict a year (or one of them), with an interval from the Bayesian bootstrap over events.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`~analysis.measures.create_engagements` for the window.
    start, end : Timestamp or ISO date
        First and last day of the window.
    column : {"net", "cooperation", "conflict"}
        What is summed.
    bootstrap : Bootstrap
        How the interval is drawn.

    Notes
    -----
    Each draw weighs every event by an Exponential(1) weight of its own, whose mean and variance are 1, so that the
    draws centre on the total and the number of events is uncertain as a Poisson count is: what Lo (1982) finds of a
    Poisson process under a gamma process prior. Divided by their sum the weights are those of Rubin (1981), which
    hold the number of events for known. Under five events there is no interval.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> amount = net_per_year(example_engagements(), "2024-01-01", "2024-12-31")
    >>> round(amount.value, 1), amount.n, amount.low < amount.value < amount.high
    (11.0, 6, True)
    """
    bootstrap = bootstrap or Bootstrap()
    totals, events = _draw_totals(engagements, column, bootstrap)
    years = _years(start, end)
    value = float(_amounts(engagements, column).sum()) / years
    if len(events) < bootstrap.minimum_events:
        return Amount(value, None, None, len(events), tuple(events), TOO_FEW, bootstrap.minimum_events)
    low, high = bootstrap.interval(totals / years)
    return Amount(value, float(low), float(high), len(events), tuple(events))


def net_margin(
    own: pd.DataFrame, others: Mapping[str, pd.DataFrame], start: Day, end: Day, bootstrap: Bootstrap | None = None
) -> Amount:
    """How far a state's net cooperation a year lies above the highest of other states.

    Parameters
    ----------
    own : DataFrame
        Engagements of the state, as for :func:`net_per_year`.
    others : mapping of str to DataFrame
        Engagements of each other state.

    Notes
    -----
    In each draw the events of every state are weighed anew; one that has none counts as 0 in all draws, which is what
    was gathered and no proof that there was none.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> own = example_engagements()
    >>> net_margin(own, {"BEN": own.iloc[:0]}, "2024-01-01", "2024-12-31").value > 10
    True
    """
    bootstrap = bootstrap or Bootstrap()
    years = _years(start, end)
    if not others:
        return Amount(None, None, None, 0, (), NO_FIGURES)
    totals, events = _draw_totals(own, "net", bootstrap)
    drawn = np.column_stack([_draw_totals(frame, "net", bootstrap)[0] for frame in others.values()])
    sums = [float(_amounts(frame, "net").sum()) for frame in others.values()]
    numbers = [int(frame.loc[_amounts(frame, "net") != 0, "event_id"].nunique()) for frame in others.values()]
    value = (float(_amounts(own, "net").sum()) - max(sums)) / years
    have = (numbers[sums.index(max(sums))], min(numbers), max(numbers))
    if len(events) < bootstrap.minimum_events:
        return Amount(value, None, None, len(events), tuple(events), TOO_FEW, bootstrap.minimum_events,
                      others_have=have)  # fmt: skip
    low, high = bootstrap.interval((totals - drawn.max(axis=1)) / years)
    return Amount(value, float(low), float(high), len(events), tuple(events), others_have=have)


def depth_percentile(
    own: pd.DataFrame, others: Mapping[str, pd.DataFrame], bootstrap: Bootstrap | None = None
) -> Amount:
    """The share (0 to 100) of the other states with less cooperation, those with as much counting half, and its range.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> own = example_engagements()
    >>> depth_percentile(own, {"BEN": own.iloc[:0], "GHA": own}).value
    75.0
    """
    bootstrap = bootstrap or Bootstrap()
    if not others:
        return Amount(None, None, None, 0, (), NO_FIGURES)
    totals, events = _draw_totals(own, "cooperation", bootstrap)
    drawn = np.column_stack([_draw_totals(frame, "cooperation", bootstrap)[0] for frame in others.values()])
    given = np.array([float(_amounts(frame, "cooperation").sum()) for frame in others.values()])
    value = float(_share_below(np.array([float(_amounts(own, "cooperation").sum())]), given[None, :])[0])
    if len(events) < bootstrap.minimum_events:
        return Amount(value, None, None, len(events), tuple(events), TOO_FEW, bootstrap.minimum_events)
    low, high = bootstrap.interval(_share_below(totals, drawn))
    return Amount(value, float(low), float(high), len(events), tuple(events), n_others=len(others))


def rank_figures(figures: pd.DataFrame, own: str) -> Amount:
    """The share (0 to 100) of the others with a smaller figure, whichever recorded period is taken of each.

    Parameters
    ----------
    figures : DataFrame
        ``name, low, high, row_ids, outlets`` (joined by ;): one row per name and period, the ends being the least and
        the most that sources say.
    own : str
        The name that is ranked.

    Returns
    -------
    Amount
        ``low`` sets the least of its own figures against the most of each other, ``high`` the reverse, ``value`` the
        latest row of each; ``n`` the others.

    Examples
    --------
    >>> rows = pd.DataFrame({"name": ["a", "a", "b", "c"], "low": [2.0, 4, 3, 1], "high": [2.0, 4, 3, 1]})
    >>> amount = rank_figures(rows.assign(row_ids=list("wxyz"), outlets="Customs"), "a")
    >>> amount.low, amount.value, amount.high
    (50.0, 100.0, 100.0)
    """
    mine, rest = figures[figures["name"] == own], figures[figures["name"] != own]
    if mine.empty or rest.empty:
        return Amount(None, None, None, 0, (), NO_FIGURES)
    most, least, latest = (rest.groupby("name")[column].agg(how).to_numpy(dtype=np.float64)
                           for column, how in (("high", "max"), ("low", "min"), ("high", "last")))  # fmt: skip
    low, value, high = (
        float(_share_below(np.array([float(one)]), others[None, :])[0])
        for one, others in ((mine["low"].min(), most), (mine["low"].iloc[-1], latest), (mine["high"].max(), least))
    )
    outlets = {outlet for text in mine["outlets"] for outlet in text.split("; ")}
    rows = tuple(" ".join(mine["row_ids"]).split())
    n_others = rest["name"].nunique()
    return Amount(value, low, high, n_others, rows, n_outlets=len(outlets), n_others=n_others)


def _years(start: Day, end: Day) -> float:
    first, last = check_window(start, end)
    return ((last - first).days + 1) / DAYS_A_YEAR


def _amounts(engagements: pd.DataFrame, column: str) -> pd.Series:
    if column == "net":
        return engagements["cooperation"] - engagements["conflict"]
    return engagements[column]


def _draw_totals(engagements: pd.DataFrame, column: str, bootstrap: Bootstrap) -> tuple[NDArray[np.float64], list[str]]:
    """Totals under each draw, and the events they rest on."""
    amounts = _amounts(engagements, column)
    own = amounts[amounts != 0].groupby(engagements["event_id"]).sum().sort_index()
    if own.empty:
        return np.zeros(bootstrap.draws), []
    events = [str(event) for event in own.index]
    # The weights are not divided by their sum: that would hold the number of events for known.
    return bootstrap.totals(events, own.to_numpy(dtype=np.float64)[:, None])[:, 0], events


def _share_below(amounts: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    own = amounts[:, None]
    is_equal = np.isclose(own, others, rtol=1e-9, atol=1e-12)
    return np.asarray(100 * ((others < own) & ~is_equal).mean(axis=1) + 50 * is_equal.mean(axis=1), dtype=np.float64)
