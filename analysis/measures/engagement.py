"""Engagement: what the events of a window did to the ties between one state and some powers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.checks import (
    MeasureError,
    check_choice,
    check_codes,
    check_columns,
    check_engagements,
    check_once,
    name_some,
)
from analysis.measures.windows import Day, check_window, clip_engagements, window_shares
from analysis.schema.table import TEXT

WEIGHTS = {"reviewed": "weight", "derived": "derived_score"}
DIRECTIONS = ("both", "from_state", "from_power")
FORMS = ("words", "deeds")
ENGAGEMENT_COLUMNS = (
    "event_id", "state", "power", "date_start", "date_end", "date_precision", "weight", "window_share", "cooperation",
    "conflict", "is_material", "plover_type", "event_class", "domain", "certainty", "weight_basis", "salience",
    "summary", "reason",
)  # fmt: skip
_FROM_DYADS = ("event_id", "actor_a", "actor_b", "initiator", "weight_basis", "salience", "reason")
_FROM_EVENTS = (
    "date_start", "date_end", "date_precision", "quad_class", "plover_type", "event_class", "domain", "certainty",
    "summary",
)  # fmt: skip


def create_engagements(
    dyad_events: pd.DataFrame,
    events: pd.DataFrame,
    state: str,
    powers: Sequence[str],
    start: Day,
    end: Day,
    weight: str = "reviewed",
    *,
    direction: str = "both",
) -> pd.DataFrame:
    """Gather the events between a state and some powers in a window, one row per event and power.

    Parameters
    ----------
    dyad_events, events : DataFrame
        The tables of these names (see ``analysis.schema``).
    state : str
        Actor code of the state.
    powers : sequence of str
        Actor codes of the powers, each once.
    start, end : Timestamp or ISO date
        First and last day of the window, both inside it.
    weight : {"reviewed", "derived"}
        What an event weighs: the reviewed effect times salience (effect points), or the mean
        Goldstein score of its PLOVER type (Goldstein points). Never add the two.
    direction : {"both", "from_state", "from_power"}
        Whose acts count, by ``initiator``. With "both" every event does, also those whose initiator
        is not known; with the other two only those known to have been begun by that side.

    Returns
    -------
    DataFrame
        The columns of ``ENGAGEMENT_COLUMNS``, sorted by date_start, event_id and power. ``cooperation`` and
        ``conflict`` are max(weight, 0) and max(-weight, 0) times ``window_share``, the share of the event's
        days inside the window. Events outside the window and events without weight are absent.
        ``is_material`` is true for deeds; an event whose quad class is not known is no known deed.

    Raises
    ------
    MeasureError
        If a choice is unknown, a column missing, the window empty, a power repeated or equal to the
        state, an event unknown or repeated, or its dates missing or in the wrong order.

    Examples
    --------
    >>> from analysis.measures.examples import example_tables
    >>> rows = create_engagements(*example_tables(), "TGO", ["FRA", "RUS"], "2024-01-01", "2024-02-20")
    >>> rows[["event_id", "power", "weight", "window_share", "cooperation"]].round(2)
      event_id power  weight  window_share  cooperation
    0       E1   FRA     2.0          1.00         2.00
    1       E2   RUS     3.0          0.69         2.07
    """
    first, last = check_window(start, end)
    chosen = check_codes("powers", powers, not_among=[state])
    check_choice("weight", weight, WEIGHTS)
    check_choice("direction", direction, DIRECTIONS)
    check_columns(dyad_events, (*_FROM_DYADS, WEIGHTS[weight]), "dyad_events")
    check_columns(events, ("event_id", *_FROM_EVENTS), "events")

    # A dozen arrays that become a frame at the end: a report asks some sixty times, and each step on a frame takes
    # longer than all of this.
    pairs, partners = _find_pairs(dyad_events, state, chosen, weight, direction)
    event_ids = dyad_events["event_id"].array.take(pairs).tolist()
    check_once(event_ids, partners)
    places = _find_events(events, event_ids)
    starts, ends = (pd.DatetimeIndex(events[name].array.take(places)) for name in ("date_start", "date_end"))
    _check_dates(event_ids, starts, ends)
    share = window_shares(starts, ends, pd.DatetimeIndex([first]), pd.DatetimeIndex([last]))[:, 0]
    sort_key = list(zip(starts.to_numpy(), event_ids, partners, strict=True))
    kept = np.array(sorted(np.flatnonzero(share > 0), key=sort_key.__getitem__), dtype=np.intp)
    pairs, places, share = pairs[kept], places[kept], share[kept]

    value = dyad_events[WEIGHTS[weight]].to_numpy(dtype=np.float64, na_value=np.nan)[pairs]
    quad_classes = events["quad_class"].array.take(places).tolist()
    columns = {
        **{name: dyad_events[name].array.take(pairs) for name in ("event_id", "weight_basis", "salience", "reason")},
        **{name: events[name].array.take(places) for name in _FROM_EVENTS if name in ENGAGEMENT_COLUMNS},
        "state": pd.array([state] * len(kept), dtype=TEXT),
        "power": pd.array([partners[place] for place in kept], dtype=TEXT),
        "weight": value,
        "window_share": share,
        "cooperation": np.maximum(value, 0.0) * share,
        "conflict": np.maximum(-value, 0.0) * share,
        "is_material": np.array([str(one).startswith("material_") for one in quad_classes], dtype=bool),
    }
    if weight == "derived":
        columns["weight_basis"] = pd.array(["derived"] * len(kept), dtype=TEXT)
    # Every array is a new one: to copy them once more takes longer than the rest of a frame.
    return pd.DataFrame({name: columns[name] for name in ENGAGEMENT_COLUMNS}, copy=False)


def engagement_by_month(engagements: pd.DataFrame, powers: Sequence[str], start: Day, end: Day) -> pd.DataFrame:
    """Sum cooperation and conflict with each power in each month, an event's weight spread evenly over its days.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`create_engagements`, for this window or a wider one.
    powers : sequence of str
        Powers to show, each once.
    start, end : Timestamp or ISO date
        The window; of a month that it cuts, only the days inside count.

    Returns
    -------
    DataFrame
        month (Timestamp, its first day), power, cooperation, conflict (weight points), n_events; one row per month and
        power, also where nothing happened. An event that lasts two months is counted in both, its weight once.

    Raises
    ------
    MeasureError
        If the window is empty or wider than that of the engagements, or an input malformed.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> engagement_by_month(example_engagements(), ["FRA", "RUS"], "2024-01-01", "2024-02-29")
           month power  cooperation  conflict  n_events
    0 2024-01-01   FRA          2.0       0.0         1
    1 2024-01-01   RUS          0.0       0.0         0
    2 2024-02-01   FRA          0.0       0.0         0
    3 2024-02-01   RUS          3.0       0.0         1
    """
    first, last = check_window(start, end)
    chosen = check_codes("powers", powers)
    check_engagements(engagements, ENGAGEMENT_COLUMNS)
    rows = engagements.sort_values(["event_id", "power"])
    months = pd.period_range(first, last, freq="M")
    begins, ends = months.start_time, months.end_time.normalize()
    shares, cooperation, conflict = clip_engagements(
        rows, begins.where(begins > first, first), ends.where(ends < last, last)
    )
    is_with = np.array([rows["power"].eq(power).to_numpy(dtype=bool) for power in chosen])  # powers x rows
    return pd.DataFrame(
        {
            "month": np.repeat(begins.to_numpy(dtype="datetime64[ns]"), len(chosen)),
            "power": pd.Series(chosen * len(months), dtype="str"),
            "cooperation": (is_with.astype(float) @ cooperation).T.ravel(),
            "conflict": (is_with.astype(float) @ conflict).T.ravel(),
            "n_events": (is_with.astype(np.int64) @ (shares > 0).astype(np.int64)).T.ravel(),
        }
    )


def words_and_deeds(engagements: pd.DataFrame, powers: Sequence[str]) -> pd.DataFrame:
    """Sum cooperation and conflict with each power, verbal apart from material.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`create_engagements`.
    powers : sequence of str
        Powers to show, each once.

    Returns
    -------
    DataFrame
        power, form ("words" or "deeds"), cooperation, conflict (weight points), n_events; one row per power and form,
        also where there is none.

    Raises
    ------
    MeasureError
        If a power is repeated or a column missing.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> words_and_deeds(example_engagements(), ["FRA"])
      power   form  cooperation  conflict  n_events
    0   FRA  words          3.0       0.0         2
    1   FRA  deeds          0.0       1.0         1
    """
    chosen = check_codes("powers", powers)
    check_engagements(engagements, ("is_material", "cooperation", "conflict"))
    rows = engagements.sort_values(["event_id", "power"])
    form = np.where(rows["is_material"], "deeds", "words")
    grid = pd.MultiIndex.from_product([chosen, FORMS], names=["power", "form"])
    sums = (
        rows.assign(form=form)
        .groupby(["power", "form"])
        .agg(cooperation=("cooperation", "sum"), conflict=("conflict", "sum"), n_events=("event_id", "size"))
    )
    return sums.reindex(grid, fill_value=0).reset_index().astype({"power": "str", "form": "str"})


def _find_pairs(
    dyad_events: pd.DataFrame, state: str, powers: list[str], weight: str, direction: str
) -> tuple[NDArray[np.intp], list[str]]:
    """Find the rows between the state and a power that count, and the power of each."""
    a, b, initiator = (dyad_events[name].to_numpy(dtype=object) for name in ("actor_a", "actor_b", "initiator"))
    is_a, is_b = (np.array(side == state, dtype=bool) for side in (a, b))
    partner = np.where(is_a, b, a)
    is_with_power = np.array([one in powers for one in partner], dtype=bool)
    wanted = (is_a != is_b) & is_with_power & dyad_events[WEIGHTS[weight]].notna().to_numpy()
    if direction != "both":
        wanted &= np.array(initiator == (state if direction == "from_state" else partner), dtype=bool)
    places = np.flatnonzero(wanted)
    return places, partner[places].tolist()


def _find_events(events: pd.DataFrame, wanted: list[str]) -> NDArray[np.intp]:
    """Find the row of the events table of each of the given events, in their order."""
    place: dict[str, int] = {}
    repeated = set()
    for number, event_id in enumerate(events["event_id"].to_numpy(dtype=object)):
        if place.setdefault(event_id, number) != number:
            repeated.add(event_id)
    if repeated := repeated.intersection(wanted):
        raise MeasureError(f"events must hold each event once; more than once: {name_some(sorted(repeated))}")
    if missing := sorted(set(wanted).difference(place)):
        raise MeasureError(f"events has no row for {name_some(missing)}, which dyad_events names")
    return np.array([place[event_id] for event_id in wanted], dtype=np.intp)


def _check_dates(event_ids: Iterable[str], firsts: pd.DatetimeIndex, lasts: pd.DatetimeIndex) -> None:
    disordered = ~(firsts <= lasts)  # true also where a date is missing
    if disordered.any():
        names = name_some(sorted({one for one, is_wrong in zip(event_ids, disordered, strict=True) if is_wrong}))
        raise MeasureError(f"an event needs a date_start no later than its date_end: {names}")
