"""Balance and depth: how cooperation spreads over several powers, and how much of it there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures.checks import check_codes, check_engagements
from analysis.measures.windows import Day, check_window, clip_engagements

DAYS_A_YEAR = 365.25


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
    some = shares[shares > 0]
    diversity = abs(float(-(some * np.log(some)).sum()))  # abs: -0.0 where one power has all
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
    chosen = check_codes("powers", powers)
    check_engagements(engagements, ("date_start", "date_end", "weight", "window_share"))
    rows = engagements.loc[engagements["power"].isin(chosen)].sort_values(["event_id", "power"])
    _, cooperation, _ = clip_engagements(rows, pd.DatetimeIndex([first]), pd.DatetimeIndex([last]))
    return float(cooperation.sum()) / (((last - first).days + 1) / DAYS_A_YEAR)
