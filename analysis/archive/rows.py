"""The archive's rows as the measures of its quality read them: tables of an engine, and the rejected rows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.archive.ledger import Ledger
from analysis.archive.plan import UNKNOWN
from analysis.engine import Engine
from analysis.paths import ARCHIVE
from analysis.schema import TABLES
from analysis.sources.events import LAYOUTS


def source_names(ledger: Ledger) -> list[str]:
    """The sources of which the archive was given files, those whose every row was rejected among them."""
    known = {layout.source_name for layout in LAYOUTS}
    return sorted(known & {batch.source_name for batch in ledger.batches.values()})


def open_coded_events(
    engine: Engine,
    ledger: Ledger,
    source_name: str,
    start: str | None = None,
    end: str | None = None,
    folder: Path | str = ARCHIVE,
) -> ir.Table | None:
    """The events of one source as a table of the engine, of which a query reads only the columns it names.

    Parameters
    ----------
    engine : Engine
        Runs the queries.
    ledger : Ledger
        What the archive is made of.
    source_name : str
        Data source.
    start, end : str, optional
        First and last day, ISO dates.
    folder : Path, optional
        Folder of the archive.

    Returns
    -------
    Table or None
        None where no part of the archive meets the days.
    """
    first, last = pd.Timestamp(start or "1900-01-01"), pd.Timestamp(end or "2100-12-31")
    parts = [part for part in ledger.parts(source_name) if first.year <= part.year <= last.year]
    if not parts:
        return None
    rows = engine.read([Path(folder) / part.path for part in parts])
    return rows.filter(rows.date_start.between(ibis.date(str(first.date())), ibis.date(str(last.date()))))


def read_rejects(ledger: Ledger, sources: Iterable[str], folder: Path | str = ARCHIVE) -> pd.DataFrame:
    """The rejected rows of some sources, and of unreadable files: source_name, file, line, reason."""
    wanted = {*sources, UNKNOWN.source_name}
    columns = ["file", "line", "reason"]
    frames = [
        pd.read_parquet(Path(folder) / batch.rejects, columns=columns).assign(source_name=batch.source_name)
        for batch in ledger.batches.values()
        if batch.rejects and batch.source_name in wanted
    ]
    empty = TABLES["rejects"].frame([])[columns].assign(source_name=pd.Series(dtype="str"))
    table = pd.concat([empty, *frames], ignore_index=True)[["source_name", *columns]] if frames else empty
    return table[["source_name", *columns]].sort_values(["file", "line"], kind="stable", ignore_index=True)
