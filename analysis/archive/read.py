"""Reading the archive back: events of a state between two days, and dyad-months, no more than is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.compute as pc
import pyarrow.dataset as ds

from analysis import reference
from analysis.archive.ledger import Ledger, load_ledger
from analysis.errors import TightropeError, UnknownNameError
from analysis.paths import ARCHIVE
from analysis.reference.actors import resolve_actor


def read_ledger(folder: Path | str = ARCHIVE) -> Ledger:
    """What the archive is made of.

    Raises
    ------
    TightropeError
        If there is no archive.
    """
    ledger = load_ledger(Path(folder))
    if ledger is None:
        raise TightropeError(
            f"no archive of machine-coded events in {str(folder)!r}; put event files below data/raw/events "
            "(tightrope fetch downloads some) and run: tightrope build"
        )
    return ledger


def read_coded_events(
    source_name: str,
    *,
    states: Iterable[str] = (),
    start: str | None = None,
    end: str | None = None,
    columns: list[str] | None = None,
    folder: Path | str = ARCHIVE,
) -> pd.DataFrame:
    """Events of one source, in the order of days, files and lines.

    Parameters
    ----------
    source_name : str
        Data source, for example ``"gdelt2"``.
    states : iterable of str
        Codes or names of actors, one of which must act, be acted upon, or be the place; none for all events.
    start, end : str, optional
        First and last day, ISO dates.
    columns : list of str, optional
        Columns to read; all when None.
    folder : Path, optional
        Folder of the archive.

    Raises
    ------
    UnknownNameError
        If the archive has no such source or column, or there is no such actor.
    TightropeError
        If there is no archive, or it holds nothing of these days.
    """
    ledger = read_ledger(folder)
    first, last = _days(start, end)
    years = range(first.year, last.year + 1)
    parts = [part for part in _parts(ledger, source_name) if part.year in years]
    _check_span(ledger, source_name, first, last)
    dataset = ds.dataset([str(Path(folder) / part.path) for part in parts], format="parquet")
    for column in columns or ():
        if column not in dataset.schema.names:
            raise UnknownNameError("column", column, dataset.schema.names)
    day = ds.field("date_start")
    chosen = (day >= first.date()) & (day <= last.date())
    codes = _codes(states)
    if codes:
        fields = [ds.field(name).isin(codes) for name in ("source_actor", "target_actor", "place_state")]
        chosen = chosen & (fields[0] | fields[1] | fields[2])
    order = ["date_start", "file", "line"]
    wanted = list(dict.fromkeys([*(columns or dataset.schema.names), *order]))
    frame = dataset.to_table(columns=wanted, filter=chosen).to_pandas()
    frame = frame.sort_values(order, kind="stable", ignore_index=True)
    return frame[columns] if columns else frame


def read_dyad_months(
    source_name: str,
    *,
    states: Iterable[str] = (),
    start: str | None = None,
    end: str | None = None,
    folder: Path | str = ARCHIVE,
) -> pd.DataFrame:
    """Events per month and directed pair of actors, for pairs that hold any of some states.

    Parameters
    ----------
    source_name, states, start, end, folder
        As for :func:`read_coded_events`; a month counts if its first day lies in the span.

    Returns
    -------
    DataFrame
        month, source_actor, target_actor, n_events, n_scored, cooperation and conflict (sums of Goldstein
        points, both positive), and the number of events of each quad class.
    """
    ledger = read_ledger(folder)
    _parts(ledger, source_name)
    first, last = _days(start, end)
    years = [
        year for _, year in sorted(ledger.years.items())
        if year.source_name == source_name and first.year <= year.year <= last.year
    ]  # fmt: skip
    _check_span(ledger, source_name, first, last, first_days=True)
    dataset = ds.dataset([str(Path(folder) / year.dyad_months) for year in years], format="parquet")
    chosen = (ds.field("month") >= first.date()) & (ds.field("month") <= last.date())
    codes = _codes(states)
    if codes:
        chosen = chosen & (ds.field("source_actor").isin(codes) | ds.field("target_actor").isin(codes))
    table = dataset.to_table(filter=chosen).sort_by(
        [(name, "ascending") for name in ("month", "source_actor", "target_actor")]
    )
    for name in ("cooperation", "conflict"):
        points = pc.divide(table[f"{name}_milli"].cast("float64"), 1000.0)
        table = table.set_column(table.schema.get_field_index(f"{name}_milli"), name, points)
    return table.to_pandas()


def describe_coverage(ledger: Ledger, source_name: str) -> str:
    """From which month to which the archive holds events of a source."""
    months = sorted({month for part in ledger.parts(source_name) for month in part.months})
    return f"the archive holds {months[0]} to {months[-1]}" if months else "the archive holds none"


def _parts(ledger: Ledger, source_name: str) -> list[Any]:
    sources = {batch.source_name for batch in ledger.batches.values() if batch.parts}
    if source_name not in sources:
        raise UnknownNameError("source of events", source_name, sources)
    return ledger.parts(source_name)


def _check_span(
    ledger: Ledger, source_name: str, first: pd.Timestamp, last: pd.Timestamp, *, first_days: bool = False
) -> None:
    """Refuse days of which the archive knows nothing: an empty table would read as "no events"."""
    if first_days and first.day > 1:
        first = first + pd.offsets.MonthBegin(1)
    months = {month for part in ledger.parts(source_name) for month in part.months}
    if not any(f"{first:%Y-%m}" <= month <= f"{last:%Y-%m}" for month in months):
        raise TightropeError(
            f"{source_name} has no {'month that begins' if first_days else 'events'} "
            f"from {first.date()} to {last.date()}; {describe_coverage(ledger, source_name)}"
        )


def _codes(states: Iterable[str]) -> list[str]:
    """Codes of actors; a name is resolved, a typing error told."""
    if isinstance(states, str):
        raise TightropeError(f"states is the text {states!r}; write a list, as [{states!r}]")
    tables = {"state_codes": "state", "state_systems": "state", "actor_groups": "actor_code"}
    known = {code for table, column in tables.items() for code in reference.load(table)[column]} - {""}
    return sorted({name if name in known else resolve_actor(name).actor_code for name in states})


def _days(start: str | None, end: str | None) -> tuple[pd.Timestamp, pd.Timestamp]:
    days = []
    for text in (start or "1900-01-01", end or "2100-12-31"):
        try:
            days.append(pd.Timestamp(datetime.strptime(text, "%Y-%m-%d")))  # pandas would take "today"
        except (ValueError, TypeError) as error:
            raise TightropeError(f"{text!r} is no day; write it as YYYY-MM-DD") from error
    first, last = days
    if first > last:
        raise TightropeError(f"the first day {start} is after the last, {end}")
    return first, last
