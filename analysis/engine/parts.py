"""What an engine makes of a batch of files: Parquet parts by year, rejects, and the rows counted per file."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.engine.judging import JudgedRows
from analysis.sources.events.files import EventFile
from analysis.sources.events.layout import EventLayout

Row = dict[str, Any]

# Hardly any value twice: a dictionary of them would only be built to be given up.
_PLAIN = ("event_id", "line", "url", "summary")
# What queries choose rows by; statistics of the other columns would help nobody.
_SOUGHT = ("date_start", "source_actor", "target_actor", "place_state", "reported")


@dataclass(frozen=True)
class Batch:
    """Files of one layout that are cleaned together and make one part a year."""

    name: str
    layout: EventLayout
    files: tuple[EventFile, ...]


@dataclass
class Part:
    """One Parquet file of clean rows: its year, and its rows by month (YYYY-MM) and by raw file."""

    path: Path
    year: int
    months: dict[str, int]
    files: dict[str, int]

    @property
    def rows(self) -> int:
        """Its number of rows."""
        return sum(self.files.values())


@dataclass
class BatchResult:
    """What became of a batch: its parts, its rejects, and the rows read per file."""

    parts: list[Part] = field(default_factory=list)
    rejects: list[Row] = field(default_factory=list)
    rows_read: dict[str, int] = field(default_factory=dict)
    unknown_codes: Counter[tuple[str, str]] = field(default_factory=Counter)


class Engine(Protocol):
    """What the archive asks of an engine."""

    def clean(self, batches: list[Batch], folders: list[Path]) -> list[BatchResult]:
        """Clean some batches of one layout together, each into parts below its own folder."""

    def read(self, paths: list[Path]) -> ir.Table:
        """The rows of some Parquet files as one table."""

    def fetch(self, table: ir.Table) -> pa.Table:
        """The rows of an expression, in memory."""

    def close(self) -> None:
        """Let go of memory, threads and temporary files."""


class PartWriter:
    """Writes clean rows to one Parquet file a year, while the next rows are being cleaned.

    Parameters
    ----------
    folder : Path
        Folder of the parts.
    stem : str
        Name of the batch; each part is called ``<stem>-<year>.parquet``.
    pool : Executor
        One thread that writes, for all the writers of a run.
    """

    def __init__(self, folder: Path, stem: str, pool: Executor) -> None:
        self._folder, self._stem, self._pool = folder, stem, pool
        self._writers: dict[int, pq.ParquetWriter] = {}
        self._months: dict[int, Counter[str]] = {}
        self._files: dict[int, Counter[str]] = {}
        self._pending: list[Future[None]] = []

    def write(self, judged: JudgedRows, rows: slice, stands: np.ndarray, file: str) -> None:
        """Write those of one file's rows that stand; returns while they are being written."""
        self._pending.append(self._pool.submit(self._write, judged, rows, stands[rows], file))

    def wait(self) -> None:
        """Wait until everything given so far is written."""
        pending, self._pending = self._pending, []
        for one in pending:
            one.result()

    def discard(self) -> None:
        """Forget and delete everything written."""
        self.wait()
        for year, writer in self._writers.items():
            writer.close()
            self._path(year).unlink()
        self._writers, self._months, self._files = {}, {}, {}

    def finish(self) -> list[Part]:
        """Close the files; returns the parts in the order of their years."""
        self.wait()
        for writer in self._writers.values():
            writer.close()
        return [
            Part(self._path(year), year, dict(sorted(months.items())), dict(sorted(self._files[year].items())))
            for year, months in sorted(self._months.items())
        ]

    def _write(self, judged: JudgedRows, rows: slice, stands: np.ndarray, file: str) -> None:
        days = judged.columns["day"]
        of_day = pc.year(days.values).to_numpy(zero_copy_only=False)
        years = np.where(stands, np.append(of_day, 0)[days.places[rows]], 0)
        for year in sorted({int(year) for year in of_day[np.unique(days.places[rows][stands])]}):
            chosen = judged.select(rows, years == year, file)
            if year not in self._writers:
                self._writers[year] = open_part(self._path(year), chosen.schema)
                self._months[year], self._files[year] = Counter(), Counter()
            self._writers[year].write_table(chosen)
            self._months[year].update(count_months(chosen))
            self._files[year][file] += chosen.num_rows

    def _path(self, year: int) -> Path:
        return self._folder / f"{self._stem}-{year}.parquet"


def open_part(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A Parquet file for clean rows."""
    coded = [name for name in schema.names if name not in _PLAIN]
    # Without its own schema beside that of Parquet, which would give text back as categories in the order of rows.
    return pq.ParquetWriter(
        path, schema, compression="zstd", use_dictionary=coded, write_statistics=list(_SOUGHT), store_schema=False
    )


def count_months(rows: pa.Table) -> dict[str, int]:
    """Rows by the month (YYYY-MM) in which their events began."""
    days = rows["date_start"]
    months = pc.add(pc.multiply(pc.year(days), 100), pc.month(days))
    return {f"{month // 100:04d}-{month % 100:02d}": count for month, count in count_values(months).items()}


def count_values(column: pa.ChunkedArray) -> dict[Any, int]:
    """How often each value of a column occurs."""
    return {entry["values"]: entry["counts"] for entry in pc.value_counts(column).to_pylist()}


def with_file(rows: pa.Table, name: str) -> pa.Table:
    """Rows with the name of their file as a column, which is held once."""
    indices = pa.array(np.zeros(rows.num_rows, dtype=np.int32))
    return rows.append_column("file", pa.DictionaryArray.from_arrays(indices, pa.array([name])))
