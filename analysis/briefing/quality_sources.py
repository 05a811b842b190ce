"""One source of events measured for a report on its quality: what it has of each year and state, and why not more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.archive.ledger import Ledger
from analysis.archive.overlap import PAIR_KEYS, count_curated_months, count_subject_months, create_curated_pairs
from analysis.archive.quality import (
    count_actors,
    count_delays,
    count_duplicates,
    count_merged,
    count_missing_actors,
    count_years,
)
from analysis.archive.rows import open_coded_events
from analysis.archive.spans import (
    count_covered_days,
    create_file_spans,
    describe_spans,
    join_spans,
    layout_of,
    name_status,
)
from analysis.engine import Engine
from analysis.errors import TightropeError
from analysis.language import say, say_number
from analysis.schema.rows import each_row
from analysis.store import read_table

_YEARS = ["year", "n_events", "n_days", "n_files", "first_day", "last_day", "n_covered_days", "status"]
_NO_SPANS = pd.DataFrame({"first_day": pd.Series(dtype="datetime64[s]"), "last_day": pd.Series(dtype="datetime64[s]")})


def measure_source(
    engine: Engine,
    ledger: Ledger,
    name: str,
    states: Sequence[str],
    first: pd.Timestamp,
    last: pd.Timestamp,
    folder: Path,
) -> dict[str, Any]:
    """Measure one machine-coded source; a frame that cannot be is absent.

    Parameters
    ----------
    engine : Engine
        Runs the queries.
    ledger : Ledger
        What the archive is made of.
    name : str
        Data source.
    states : sequence of str
        Codes of the states of interest.
    first, last : Timestamp
        First and last day of the window.
    folder : Path
        Folder of the archive.

    Returns
    -------
    dict
        spans, years, state_counts, and where there are events in the window actors, missing, delays,
        duplicates, months and events, as :class:`analysis.briefing.quality.Quality` describes them.
    """
    layout = layout_of(name)
    everything = open_coded_events(engine, ledger, name, folder=folder)
    window = open_coded_events(engine, ledger, name, str(first.date()), str(last.date()), folder)

    def fetch(table: ir.Table) -> pd.DataFrame:
        return engine.fetch(table).to_pandas()

    found: dict[str, Any] = {"spans": _NO_SPANS}
    if everything is not None:
        found["spans"] = join_spans(fetch(create_file_spans(everything, layout)))
    n_events = 0
    if window is not None:
        missing = fetch(count_missing_actors(window))
        n_events = int(missing["n_events"].iloc[0])
    if window is not None and n_events:  # a month of which the window has some days may have none on them
        missing["n_outside"] = _count_outside(engine, window, layout.covers)
        found |= {"actors": fetch(count_actors(window)), "missing": missing, "years": fetch(count_years(window))}
        found["delays"] = fetch(count_delays(window, layout.delay_since))
        found["duplicates"] = (
            fetch(count_duplicates(window, ids_last=layout.ids_last))
            .sort_values("rule")
            .assign(n_events=n_events, n_built=count_merged(ledger, name, first.year, last.year))
        )
        found["months"] = fetch(count_subject_months(window, states))
        found["events"] = fetch(
            window.filter(window.source_actor.isin(states) | window.target_actor.isin(states)).select(
                "event_id", "date_precision", *PAIR_KEYS
            )
        )
    n_files = _count_files(ledger, name)
    found["years"] = _fill_years(found.get("years"), found["spans"], n_files, layout.covers, first, last)
    found["state_counts"] = _count_states(
        found.get("actors"),
        None if everything is None else fetch(count_actors(everything.filter(_names_any(everything, states)))),
        states, layout.covers, found["spans"], first, last, n_events,
    )  # fmt: skip
    return found


def _count_outside(engine: Engine, events: ir.Table, covers: tuple[str, str]) -> int:
    """Events on days that the source itself does not claim to cover."""
    is_outside = events.date_start < ibis.date(covers[0])
    if covers[1]:
        is_outside = is_outside | (events.date_start > ibis.date(covers[1]))
    found = engine.fetch(events.agg(n_outside=events.count(where=is_outside)))
    return int(found["n_outside"][0].as_py())


def _names_any(events: ir.Table, states: Sequence[str]) -> ir.BooleanValue:
    return events.source_actor.isin(states) | events.target_actor.isin(states) | events.place_state.isin(states)


def _count_files(ledger: Ledger, source_name: str) -> dict[int, int]:
    files: dict[int, set[str]] = {}
    for part in ledger.parts(source_name):
        files.setdefault(part.year, set()).update(part.files)
    return {year: len(names) for year, names in files.items()}


def _fill_years(
    counted: pd.DataFrame | None,
    spans: pd.DataFrame,
    n_files: Mapping[int, int],
    covers: tuple[str, str],
    first: pd.Timestamp,
    last: pd.Timestamp,
) -> pd.DataFrame:
    """Every year of the window with what the source has of it, and why it has nothing."""
    by_year = {} if counted is None else {int(row.year): row for row in each_row(counted)}
    rows = []
    for year in range(first.year, last.year + 1):
        begin = max(first, pd.Timestamp(year, 1, 1))
        finish = min(last, pd.Timestamp(year, 12, 31))
        row: Any = by_year.get(year)
        n_events, n_days = (int(row.n_events), int(row.n_days)) if row else (0, 0)
        days = (pd.Timestamp(row.first_day), pd.Timestamp(row.last_day)) if row else (pd.NaT, pd.NaT)
        n_covered = count_covered_days(spans, begin, finish)
        status = name_status(n_events, n_covered, covers, begin, finish)
        rows.append((year, n_events, n_days, n_files.get(year, 0), *days, n_covered, status))
    return pd.DataFrame(rows, columns=_YEARS)


def _count_states(
    inside: pd.DataFrame | None,
    anywhere: pd.DataFrame | None,
    states: Sequence[str],
    covers: tuple[str, str],
    spans: pd.DataFrame,
    first: pd.Timestamp,
    last: pd.Timestamp,
    n_events: int,
) -> pd.DataFrame:
    """One row a state, with the reason where it has no event."""
    columns = ["n_as_source", "n_as_target", "n_as_place", "n_events", "first_day", "last_day"]
    rows = []
    for state in states:
        own = None if inside is None else inside[inside["actor"] == state]
        if own is not None and len(own):
            rows.append((state, *own[columns].iloc[0], ""))
            continue
        elsewhere = None if anywhere is None else anywhere[anywhere["actor"] == state]
        reason = _explain(elsewhere, covers, spans, first, last, n_events)
        rows.append((state, 0, 0, 0, 0, pd.NaT, pd.NaT, reason))
    return pd.DataFrame(rows, columns=["state", *columns, "reason"])


def _explain(
    elsewhere: pd.DataFrame | None,
    covers: tuple[str, str],
    spans: pd.DataFrame,
    first: pd.Timestamp,
    last: pd.Timestamp,
    n_events: int,
) -> str:
    """Why a state has no event in a window: out of coverage, no file, left out by the window, or named by none."""
    n_covered = count_covered_days(spans, first, last)
    status = name_status(n_events, n_covered, covers, first, last)
    if status == "out of coverage":
        if covers[1]:
            return say("out of coverage: the source covers {start} to {end}", start=covers[0], end=covers[1])
        return say("out of coverage: the source covers the time since {start}", start=covers[0])
    if elsewhere is not None and len(elsewhere):
        own = elsewhere.iloc[0]
        return _outside(int(own["n_events"]), own["first_day"], own["last_day"])
    if status == "no file":
        if len(spans):
            return say("no file: the files hold {spans}", spans=describe_spans(spans))
        return say("no file: no row of the files stands")
    return say("files, but no event names it")


def _outside(n_events: int, first: pd.Timestamp, last: pd.Timestamp) -> str:
    return say_number(
        n_events,
        "filtered by the window: {n} lie from {start} to {end}",
        "filtered by the window: {n} lie from {start} to {end}",
        start=f"{first:%Y-%m-%d}",
        end=f"{last:%Y-%m-%d}",
    )


def measure_curated(states: Sequence[str], first: pd.Timestamp, last: pd.Timestamp, data: Path | str) -> dict[str, Any]:
    """Count in the curated tables what can be set beside the others: spans, years, state_counts, months, events.

    Raises
    ------
    TightropeError
        If the tables have not been built, or hold no events.
    """
    events, event_actors = read_table("events", data), read_table("event_actors", data)
    if events.empty:
        raise TightropeError(f"the curated tables in {str(data)!r} hold no events; build them with: tightrope build")
    spans = pd.DataFrame({"first_day": [events["date_start"].min()], "last_day": [events["date_start"].max()]})
    window = events[events["date_start"].between(first, last)]
    grouped = window.assign(year=window["date_start"].dt.year).groupby("year")["date_start"]
    counted = grouped.agg(n_events="size", n_days="nunique", first_day="min", last_day="max").reset_index()
    files = events.assign(year=events["date_start"].dt.year).groupby("year")["file"].nunique()
    n_files = {int(str(year)): int(number) for year, number in files.items()}
    named = event_actors[event_actors["event_id"].isin(window["event_id"])]
    pairs = create_curated_pairs(window, event_actors)
    return {
        "spans": spans,
        "years": _fill_years(counted, spans, n_files, ("", ""), first, last),
        "state_counts": _count_curated_states(window, named, events, event_actors, states),
        "months": count_curated_months(window, event_actors, read_table("dyad_events", data), states),
        "events": pairs[pairs["source_actor"].isin(states) | pairs["target_actor"].isin(states)],
    }


def _count_curated_states(
    window: pd.DataFrame, named: pd.DataFrame, events: pd.DataFrame, event_actors: pd.DataFrame, states: Sequence[str]
) -> pd.DataFrame:
    rows = []
    for state in states:
        own = named[named["state"] == state]
        parts = [own.loc[own["position"] == side, "event_id"].nunique() for side in ("source", "target")]
        days = window.loc[window["event_id"].isin(own["event_id"]), "date_start"]
        reason = ""
        if own.empty:
            outside = events[events["event_id"].isin(event_actors.loc[event_actors["state"] == state, "event_id"])]
            reason = say("no event was gathered")
            if len(outside):
                reason = _outside(len(outside), outside["date_start"].min(), outside["date_start"].max())
        # The curated table writes places as text and names no state for them.
        rows.append((state, *parts, float("nan"), own["event_id"].nunique(), days.min(), days.max(), reason))
    columns = ["state", "n_as_source", "n_as_target", "n_as_place", "n_events", "first_day", "last_day", "reason"]
    return pd.DataFrame(rows, columns=columns)
