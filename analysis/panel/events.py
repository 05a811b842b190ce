"""The project's own events, and coups, joined to a panel."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from analysis.errors import TightropeError
from analysis.measures.checks import check_choice, check_columns, name_some
from analysis.measures.engagement import WEIGHTS
from analysis.measures.windows import window_shares
from analysis.panel.joins import (
    Coverage,
    attach,
    check_source_codes,
    codes_in,
    covered_years,
    kind_of,
    look_up,
)
from analysis.reference.relation_sources import source_note

COLUMNS: dict[str, tuple[str, ...]] = {
    r"events_(n|cooperation|conflict)": ("tightrope_events",),
    r"coups_n_(attempts|successes|failures)(_a|_b)?": ("powell_thyne",),
}
_COUNTS = ("n_attempts", "n_successes", "n_failures")
_VALUES = ("n", "cooperation", "conflict")


def add_events(
    panel: pd.DataFrame,
    dyad_events: pd.DataFrame,
    events: pd.DataFrame,
    *,
    states: Collection[str],
    coverage: Coverage,
    weight: str = "reviewed",
) -> pd.DataFrame:
    """Add the number of events between the two states of each dyad-year, their cooperation and conflict.

    Parameters
    ----------
    panel : DataFrame
        Dyad-years.
    dyad_events, events : DataFrame
        The tables of these names (see ``analysis.schema``).
    states : collection of str
        The states whose events the coders searched for, as state codes. A pair with neither of them is not known.
    coverage : (int, int)
        First and last year that the coders searched, both whole.
    weight : {"reviewed", "derived"}
        What an event weighs, as in :func:`~analysis.measures.create_engagements`.

    Returns
    -------
    DataFrame
        The panel with ``events_n`` (Int64: weighted events with a day in that year), ``events_cooperation`` and
        ``events_conflict`` (effect points; Goldstein points for "derived"). An event of several days is
        spread evenly over them, so one across two years counts in both and its weight once. Zero where nothing
        happened between a searched state and another in a searched year; missing everywhere else.

    Raises
    ------
    TightropeError
        The panel is of state-years or has the columns already, a pair stands twice for an event, an event is
        unknown, or the events reach outside the coverage.
    """
    kind = kind_of(panel, dyadic=True)
    check_choice("weight", weight, WEIGHTS)
    check_columns(dyad_events, ("event_id", "actor_a", "actor_b", WEIGHTS[weight]), "dyad_events")
    check_columns(events, ("event_id", "date_start", "date_end"), "events")
    if isinstance(states, str):
        raise TightropeError(f"states must be a list of state codes, not the text {states!r}")
    yearly = _yearly_events(dyad_events, events, WEIGHTS[weight])
    is_searched = pd.Series(False, index=range(len(panel)))
    codes = {side: codes_in(panel, kind, side, "iso3") for side in kind.sides}
    for side in kind.sides:
        is_searched |= codes[side].isin(list(states))
    note = source_note("tightrope_events")
    is_covered = covered_years(panel, note, coverage, yearly["year"]) & is_searched
    years = panel["year"].reset_index(drop=True).astype("Int64")
    first, second = (codes[side] for side in kind.sides)
    swap = (first > second).to_numpy(dtype=bool)
    keys = pd.DataFrame({"a": first.where(~swap, second), "b": second.where(~swap, first), "year": years})
    values, _ = look_up(keys, yearly, _VALUES, "events")
    filled = values.fillna(0).where(is_covered)
    counted = filled.astype({"n": "Int64", "cooperation": "float64", "conflict": "float64"})
    return attach(panel, {f"events_{name}": counted[name] for name in _VALUES})


def _yearly_events(dyad_events: pd.DataFrame, events: pd.DataFrame, column: str) -> pd.DataFrame:
    for frame, key, name in (
        (events, ["event_id"], "events"),
        (dyad_events, ["event_id", "actor_a", "actor_b"], "dyad_events"),
    ):
        repeated = frame.loc[frame.duplicated(key), "event_id"]
        if len(repeated):
            raise TightropeError(f"{name}: several rows for one {', '.join(key)}: {name_some(repeated.unique())}")
    pairs = dyad_events.loc[dyad_events[column].notna(), ["event_id", "actor_a", "actor_b", column]]
    rows = pairs.merge(events[["event_id", "date_start", "date_end"]], on="event_id", how="left", validate="m:1")
    undated = rows.loc[rows["date_start"].isna() | rows["date_end"].isna(), "event_id"]
    if len(undated):
        raise TightropeError(f"dyad_events: events without dates in the events: {name_some(undated.unique())}")
    swap = (rows["actor_a"] > rows["actor_b"]).to_numpy(dtype=bool)
    a, b = rows["actor_a"].where(~swap, rows["actor_b"]), rows["actor_b"].where(~swap, rows["actor_a"])
    low, high = rows["date_start"].dt.year.min(), rows["date_end"].dt.year.max()
    years = range(int(low), int(high) + 1) if len(rows) else range(0)
    firsts = pd.DatetimeIndex([pd.Timestamp(year, 1, 1) for year in years])
    lasts = pd.DatetimeIndex([pd.Timestamp(year, 12, 31) for year in years])
    shares = window_shares(rows["date_start"], rows["date_end"], firsts, lasts)
    row, place = np.nonzero(shares)
    value = rows[column].to_numpy(dtype=np.float64)[row]
    share = shares[row, place]
    long = pd.DataFrame(
        {
            "a": a.to_numpy()[row],
            "b": b.to_numpy()[row],
            "year": pd.Series(np.array(list(years), dtype=np.int64)[place], dtype="Int64"),
            "n": 1,
            "cooperation": np.maximum(value, 0.0) * share,
            "conflict": np.maximum(-value, 0.0) * share,
        }
    )
    summed = long.groupby(["a", "b", "year"], as_index=False)[list(_VALUES)].sum()
    return summed.astype({"a": "str", "b": "str"})


def add_coups(panel: pd.DataFrame, coups: pd.DataFrame, *, coverage: Coverage | None = None) -> pd.DataFrame:
    """Add the number of coup attempts in each state and year: all, those that succeeded and those that failed.

    Parameters
    ----------
    panel : DataFrame
        State-years or dyad-years.
    coups : DataFrame
        From ``read_coup_years`` (with its zeros) or ``read_coup_events`` (a list, where no row means no coup).
    coverage : (int, int), optional
        First and last year that the source covers; 1950 to 2025 when not given.

    Returns
    -------
    DataFrame
        The panel with ``coups_n_attempts``, ``coups_n_successes``, ``coups_n_failures`` (Int64; ``_a`` and
        ``_b`` for dyads). From a list, zero in a covered year without a coup; from country-years, missing
        where the source has no row.

    Raises
    ------
    TightropeError
        The frame is neither, the panel has the columns already, a country-year stands twice, or the source
        has years outside the coverage.
    """
    kind = kind_of(panel)
    is_list = {"cow_number", "year", "is_success"} <= set(coups.columns)
    if not is_list and not {"gw_number", "year", *_COUNTS} <= set(coups.columns):
        raise TightropeError(
            f"coups: its columns are neither those of events (cow_number, year, is_success) nor of country-years "
            f"(gw_number, year, {', '.join(_COUNTS)})"
        )
    codes = "cow" if is_list else "gw"
    number = f"{codes}_number"
    right = coups.assign(
        **{number: check_source_codes(coups[number], codes, "coups"), "year": coups["year"].astype("Int64")}
    )
    if is_list:
        right = _count_coups(right)
    is_covered = covered_years(panel, source_note("powell_thyne"), coverage, right["year"])
    columns: dict[str, pd.Series] = {}
    for side in kind.sides:
        keys = pd.DataFrame(
            {
                number: codes_in(panel, kind, side, codes),
                "year": panel["year"].reset_index(drop=True).astype("Int64"),
            }
        )
        values, is_found = look_up(keys, right, _COUNTS, "coups")
        known = is_covered & keys[number].notna() & (is_found | is_list)
        for name in _COUNTS:
            columns[f"coups_{name}{side}"] = values[name].astype("Int64").fillna(0).where(known)
    return attach(panel, columns)


def _count_coups(events: pd.DataFrame) -> pd.DataFrame:
    marks = events.assign(n_attempts=1, n_successes=events["is_success"].astype(int))
    marks["n_failures"] = 1 - marks["n_successes"]
    return marks.groupby(["cow_number", "year"], as_index=False)[list(_COUNTS)].sum()
