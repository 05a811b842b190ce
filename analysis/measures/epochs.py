"""Epochs: the events of a kind around which a response is looked for, those that follow closely joined into one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.measures.checks import check_choice, check_columns
from analysis.measures.windows import Day, check_window

WHOSE = ("own", "compared", "power")
LONGEST_DAYS = 31
AFTER = 3
EPOCH_COLUMNS = ("month", "event_id", "date_start", "summary", "n_events")


def select_epochs(
    events: pd.DataFrame,
    event_actors: pd.DataFrame,
    kinds: pd.DataFrame,
    state: str,
    compared: Sequence[str],
    powers: Sequence[str],
    start: Day,
    end: Day,
) -> pd.DataFrame:
    """Choose the events that are of a kind, within a window.

    Parameters
    ----------
    events, event_actors : DataFrame
        The tables of these names (see ``analysis.schema``).
    kinds : DataFrame
        Rows of the reviewed table ``epoch_kinds``, of one kind: event_class, whose ("own": all that act or are acted
        upon belong to the state; "compared": one of another compared state acts and none of the state takes part;
        "power": the state and one of the powers take part).
    state : str
        Actor code of the state.
    compared, powers : sequence of str
        Actor codes of the states compared and of the powers.
    start, end : Timestamp or ISO date
        First and last day on which an event may begin.

    Returns
    -------
    DataFrame
        event_id, date_start, summary; in order of time. An event whose days span more than a month is left out, for it
        has no month.

    Raises
    ------
    MeasureError
        If a column is missing, the window empty, or a choice unknown.

    Examples
    --------
    >>> from analysis.measures.examples import example_home
    >>> events, event_actors, _ = example_home()
    >>> kinds = pd.DataFrame({"event_class": ["protest", "media_suspension"], "whose": ["own", "own"]})
    >>> year = ("2024-01-01", "2024-12-31")
    >>> select_epochs(events, event_actors, kinds, "TGO", ["BEN"], ["FRA"], *year)["event_id"].tolist()
    ['H1']
    """
    first, last = check_window(start, end)
    check_columns(kinds, ("event_class", "whose"), "epoch_kinds")
    for whose in kinds["whose"]:
        check_choice("choice of whose events", whose, WHOSE)
    check_columns(events, ("event_id", "date_start", "date_end", "event_class", "summary"), "events")
    sides = event_actors[event_actors["position"].isin(["source", "target"])]
    with_state = set(sides.loc[sides["state"].eq(state), "event_id"])
    others = [code for code in compared if code != state]
    acts = sides["position"].eq("source")
    chosen = {
        "own": with_state - set(sides.loc[~sides["state"].eq(state), "event_id"]),
        "compared": set(sides.loc[acts & sides["state"].isin(others), "event_id"]) - with_state,
        "power": with_state & set(sides.loc[sides["state"].isin(list(powers)), "event_id"]),
    }
    is_wanted = pd.Series(False, index=events.index)
    for event_class, whose in zip(kinds["event_class"], kinds["whose"], strict=True):
        is_wanted |= events["event_class"].eq(event_class) & events["event_id"].isin(chosen[whose])
    is_inside = events["date_start"].between(first, last)
    is_short = (events["date_end"] - events["date_start"]).dt.days < LONGEST_DAYS
    rows = events.loc[is_wanted & is_inside & is_short, ["event_id", "date_start", "summary"]]
    return rows.sort_values(["date_start", "event_id"], ignore_index=True)


def join_epochs(selected: pd.DataFrame, after: int = AFTER) -> pd.DataFrame:
    """Join events that follow each other within the months looked at into one epoch, which begins with the first.

    Parameters
    ----------
    selected : DataFrame
        From :func:`select_epochs`.
    after : int
        Months looked at after an epoch: an event in one of them belongs to that epoch.

    Returns
    -------
    DataFrame
        month (Timestamp, its first day), event_id, date_start and summary of the first event, n_events; one row each.

    Examples
    --------
    >>> days = pd.to_datetime(["2021-04-20", "2021-05-24", "2021-09-05"])
    >>> coups = pd.DataFrame({"event_id": ["E1", "E2", "E3"], "date_start": days, "summary": ""})
    >>> join_epochs(coups)[["month", "event_id", "n_events"]]
           month event_id  n_events
    0 2021-04-01       E1         2
    1 2021-09-01       E3         1
    """
    months = selected["date_start"].dt.to_period("M")
    firsts: list[int] = []
    for place, month in enumerate(months):
        if not firsts or (month - months.iloc[firsts[-1]]).n > after:
            firsts.append(place)
    joined = selected.iloc[firsts].assign(month=months.iloc[firsts].dt.start_time)
    joined["n_events"] = np.diff([*firsts, len(selected)]) if firsts else pd.Series(dtype="int64")
    return joined.reset_index(drop=True)[list(EPOCH_COLUMNS)]
