"""Pressure at home: what a state's rulers and society do to each other, by kind and over time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.measures.checks import MeasureError, check_columns, name_some
from analysis.measures.periods import as_series, find_edges, whole_periods
from analysis.measures.windows import Day, check_window, window_shares

KINDS = ("protest", "arrest", "media", "constitution", "relief")
RELIEF = "relief"
NO_KIND = "none"
PRESSURE_COLUMNS = (
    "event_id", "kind", "date_start", "date_end", "date_precision", "weight", "window_share", "certainty",
    "event_class", "summary",
)  # fmt: skip
_FROM_EVENTS = ("event_id", "date_start", "date_end", "date_precision", "certainty", "event_class", "summary")


def create_pressure(
    events: pd.DataFrame, event_actors: pd.DataFrame, kinds: pd.DataFrame, state: str, start: Day, end: Day
) -> pd.DataFrame:
    """Gather the events of pressure and relief inside a state in a window, one row each.

    Parameters
    ----------
    events, event_actors : DataFrame
        The tables of these names (see ``analysis.schema``).
    kinds : DataFrame
        The reviewed table ``pressure_kinds``: event_class, kind (of ``KINDS``, or "none"), weight (1 minor, 2 notable,
        3 major), actors ("own": all that act or are acted upon belong to the state; "any": it is enough that one of
        the state acts).
    state : str
        Actor code of the state.
    start, end : Timestamp or ISO date
        First and last day of the window, both inside it.

    Returns
    -------
    DataFrame
        The columns of ``PRESSURE_COLUMNS``, sorted by date_start and event_id. ``weight`` is positive, also for relief,
        which is a kind of its own and never taken off pressure: a pardon does not undo an arrest.

    Raises
    ------
    MeasureError
        If a column is missing, the window empty, a class listed twice, or a kind unknown.

    Examples
    --------
    >>> from analysis.measures.examples import example_home
    >>> create_pressure(*example_home(), "TGO", "2024-01-01", "2024-12-31")[["event_id", "kind", "weight"]]
      event_id     kind  weight
    0       H1  protest     2.0
    1       H2   arrest     2.0
    2       H4    media     2.0
    3       H5   relief     2.0
    """
    first, last = check_window(start, end)
    check_columns(events, _FROM_EVENTS, "events")
    check_columns(event_actors, ("event_id", "position", "actor_code", "state"), "event_actors")
    judged = _judged(kinds)
    sides = event_actors[event_actors["position"].isin(["source", "target"])]
    is_own = sides["state"].eq(state)
    acting = set(sides.loc[is_own & sides["position"].eq("source"), "event_id"])
    among_others = set(sides.loc[~is_own, "event_id"])
    rows = events.loc[events["event_id"].isin(acting), list(_FROM_EVENTS)].join(judged, on="event_class", how="inner")
    rows = rows[rows["actors"].eq("any") | ~rows["event_id"].isin(among_others)]
    share = window_shares(
        rows["date_start"], rows["date_end"], pd.DatetimeIndex([first]), pd.DatetimeIndex([last])
    )[:, 0]  # fmt: skip
    inside: pd.DataFrame = rows.assign(window_share=share).loc[share > 0, list(PRESSURE_COLUMNS)]
    return inside.sort_values(["date_start", "event_id"], ignore_index=True)


def pressure_series(
    pressure: pd.DataFrame,
    start: Day,
    end: Day,
    period: str = "month",
    *,
    kind: str | None = None,
    without: frozenset[str] = frozenset(),
) -> pd.DataFrame:
    """Sum the weights of pressure in each whole month or quarter, an event's weight spread evenly over its days.

    Parameters
    ----------
    pressure : DataFrame
        From :func:`create_pressure`, for this window or a wider one.
    start, end : Timestamp or ISO date
        The window; a period that it cuts is left out.
    period : {"month", "quarter"}
        Length of a period.
    kind : str, optional
        One of ``KINDS``; without it all of them but relief.
    without : frozenset of str
        Events to leave out: those that also stand on the other side of a comparison.

    Returns
    -------
    DataFrame
        As from :func:`~analysis.measures.periods.net_engagement`: date_start, date_end, value, n_events.

    Examples
    --------
    >>> from analysis.measures.examples import example_home
    >>> pressure = create_pressure(*example_home(), "TGO", "2024-01-01", "2024-12-31")
    >>> pressure_series(pressure, "2024-01-01", "2024-12-31", "quarter")["value"].tolist()
    [4.0, 2.0, 0.0, 0.0]
    >>> pressure_series(pressure, "2024-01-01", "2024-12-31", "quarter", kind="relief")["value"].tolist()
    [0.0, 0.0, 0.0, 2.0]
    """
    if kind is not None and kind not in KINDS:
        raise MeasureError(f"unknown kind {kind!r}; accepted: {', '.join(KINDS)}")
    check_columns(pressure, PRESSURE_COLUMNS, "pressure")
    periods = whole_periods(start, end, period)
    is_chosen = pressure["kind"].eq(kind) if kind else pressure["kind"].ne(RELIEF)
    event_ids = pressure["event_id"].tolist()
    chosen = [place for place in np.flatnonzero(is_chosen) if event_ids[place] not in without]
    places = np.array(sorted(chosen, key=event_ids.__getitem__), dtype=np.intp)
    starts, ends = (pd.DatetimeIndex(pressure[name].array.take(places)) for name in ("date_start", "date_end"))
    shares = window_shares(starts, ends, *find_edges(periods))
    return as_series(periods, pressure["weight"].to_numpy(dtype=float)[places] @ shares, shares)


def _judged(kinds: pd.DataFrame) -> pd.DataFrame:
    """The classes that are of a kind, by class."""
    check_columns(kinds, ("event_class", "kind", "weight", "actors"), "pressure_kinds")
    twice = kinds.loc[kinds["event_class"].duplicated(), "event_class"]
    if len(twice):
        raise MeasureError(f"pressure_kinds must list each class once; more than once: {name_some(sorted(set(twice)))}")
    unknown = sorted(set(kinds["kind"]) - {*KINDS, NO_KIND})
    if unknown:
        raise MeasureError(f"unknown kind of pressure {name_some(unknown)}; accepted: {', '.join([*KINDS, NO_KIND])}")
    chosen = kinds[kinds["kind"].ne(NO_KIND)]
    return chosen.assign(weight=chosen["weight"].astype(float)).set_index("event_class")[["kind", "weight", "actors"]]
