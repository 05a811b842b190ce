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
    columns = (event_actors[name].tolist() for name in ("event_id", "position", "state"))
    sides = [row for row in zip(*columns, strict=True) if row[1] in ("source", "target")]
    with_state = {event for event, _, code in sides if code == state}
    others = {code for code in compared if code != state}
    chosen = {
        "own": with_state - {event for event, _, code in sides if code != state},
        "compared": {event for event, side, code in sides if side == "source" and code in others} - with_state,
        "power": with_state & {event for event, _, code in sides if code in set(powers)},
    }
    wanted: dict[str, set[str]] = {}
    for event_class, whose in zip(kinds["event_class"].tolist(), kinds["whose"].tolist(), strict=True):
        wanted.setdefault(event_class, set()).update(chosen[whose])
    event_ids, classes = events["event_id"].tolist(), events["event_class"].tolist()
    starts, ends = (events[name].to_numpy(dtype="datetime64[ns]") for name in ("date_start", "date_end"))
    is_near = (
        (starts >= first.to_datetime64())
        & (starts <= last.to_datetime64())
        & (ends - starts < np.timedelta64(LONGEST_DAYS, "D"))
    )
    places = [place for place in np.flatnonzero(is_near) if event_ids[place] in wanted.get(classes[place], ())]
    places.sort(key=lambda place: (starts[place], event_ids[place]))
    return events[["event_id", "date_start", "summary"]].take(places).reset_index(drop=True)


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
    months = selected["date_start"].to_numpy(dtype="datetime64[M]")
    begun: list[int] = []
    for place, month in enumerate(months):
        if not begun or (month - months[begun[-1]]).astype(int) > after:
            begun.append(place)
    firsts = np.array(begun, dtype=np.intp)
    columns = {name: selected[name].array.take(firsts) for name in EPOCH_COLUMNS if name in selected}
    columns |= {"month": months[firsts].astype("datetime64[us]"), "n_events": np.diff([*begun, len(selected)])}
    return pd.DataFrame({name: columns[name] for name in EPOCH_COLUMNS})
