"""DuckDB on this machine: files are streamed through it, within a limit of memory."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.engine.codes import resolve_codes
from analysis.engine.judging import Judge
from analysis.engine.parts import Batch, BatchResult, PartWriter, Row, with_file
from analysis.plain_text import one_line
from analysis.sources.events.files import EventFile, unpacked
from analysis.sources.events.layout import EventLayout
from analysis.sources.events.reading import CHUNK_ROWS, NeedsCareError, RawChunk, map_ahead, raw_columns, read_chunks
from analysis.sources.packed import UnreadableFileError

_WHOLE_BYTES = 64 * 2**20
# Small files read while the rows of those before them are judged.
_FILES_AHEAD = 4

Goals = dict[str, tuple[BatchResult, PartWriter]]
"""By the name of a file, where its rows go."""


class DuckDBEngine:
    """The cleaning on this machine.

    Parameters
    ----------
    memory_limit : str
        Most memory that its queries may use; what does not fit spills.
    spill : Path, optional
        Folder for what spills, and for unpacked archives.
    """

    def __init__(self, memory_limit: str, spill: Path | None = None) -> None:
        self._folder = TemporaryDirectory(prefix="tightrope-", dir=spill)
        self.connection = ibis.duckdb.connect(
            temp_directory=self._folder.name, memory_limit=memory_limit, preserve_insertion_order=True
        )
        self._judges: dict[str, Judge] = {}
        self._n_views = 0

    def clean(self, batches: list[Batch], folders: list[Path]) -> list[BatchResult]:
        """Clean some batches of one layout, each into one part a year below its own folder.

        Small files are read whole and judged together, however many batches they belong to.
        """
        results = [BatchResult() for _ in batches]
        with ThreadPoolExecutor(1) as pool:
            writers = [PartWriter(folder, batch.name, pool) for batch, folder in zip(batches, folders, strict=True)]
            try:
                self._clean(batches, results, writers)
                for result, writer in zip(results, writers, strict=True):
                    result.parts = writer.finish()
                    result.rejects.sort(key=lambda row: (row["file"], row["line"]))
            except BaseException:
                for writer in writers:
                    writer.discard()
                raise
        return results

    def _clean(self, batches: list[Batch], results: list[BatchResult], writers: list[PartWriter]) -> None:
        layout = batches[0].layout
        files = [file for batch in batches for file in batch.files]
        goals = {
            file.name: (result, writer)
            for batch, result, writer in zip(batches, results, writers, strict=True)
            for file in batch.files
        }
        if len(files) == 1 and files[0].size > _WHOLE_BYTES:
            self._clean_large(files[0], layout, goals)
            return
        waiting: list[pa.Table] = []
        read = partial(self._read_whole, layout=layout)
        with ThreadPoolExecutor(1) as pool:
            for file, (rows, counts) in zip(files, map_ahead(pool, read, files, _FILES_AHEAD), strict=True):
                _merge(goals[file.name][0], counts)
                waiting += rows
                if _n_rows(waiting) >= CHUNK_ROWS:
                    self._flush(waiting, layout, goals)
        self._flush(waiting, layout, goals)

    def _clean_large(self, file: EventFile, layout: EventLayout, goals: Goals) -> None:
        """A file of any size, streamed; begun anew with care where the quick parser gives up."""
        result, writer = goals[file.name]
        for with_care in (False, True):
            counts = BatchResult()
            goals[file.name] = (counts, writer)
            try:
                held: list[pa.Table] = []
                for rows in self._read(file, layout, counts, with_care=with_care):
                    held.append(rows)
                    if _n_rows(held) >= CHUNK_ROWS:
                        self._flush(held, layout, goals)
                self._flush(held, layout, goals)
            except NeedsCareError:
                writer.discard()
                continue
            _merge(result, counts)
            return

    def _read_whole(self, file: EventFile, layout: EventLayout) -> tuple[list[pa.Table], BatchResult]:
        for with_care in (False, True):
            counts = BatchResult()
            try:
                return list(self._read(file, layout, counts, with_care=with_care)), counts
            except NeedsCareError:
                continue
        raise AssertionError("the careful reader reads every file")

    def read(self, paths: list[Path]) -> ir.Table:
        """The rows of some Parquet files as one table."""
        self._n_views += 1
        name = f"parts_{self._n_views}"
        self.connection.con.read_parquet([str(path) for path in paths]).create_view(name)
        return ibis.table(ibis.Schema.from_pyarrow(pq.read_schema(paths[0])), name=name)

    def fetch(self, table: ir.Table) -> pa.Table:
        """The rows of an expression, in memory."""
        found: pa.Table = self.connection.con.sql(self.connection.compile(table)).to_arrow_table()
        return found

    def close(self) -> None:
        """Close the connection and delete what has spilled."""
        self.connection.disconnect()
        self._folder.cleanup()

    def _read(
        self, file: EventFile, layout: EventLayout, counts: BatchResult, *, with_care: bool
    ) -> Iterator[pa.Table]:
        counts.rows_read[file.name] = 0
        try:
            with unpacked(file.path, spill=Path(self._folder.name)) as path:
                for chunk in read_chunks(path, layout, with_care=with_care):
                    counts.rows_read[file.name] += chunk.rows.num_rows + len(chunk.malformed)
                    counts.rejects += malformed_rows(file.name, chunk)
                    yield with_file(chunk.rows, file.name)
        except UnreadableFileError as error:
            counts.rows_read[file.name] += 1
            counts.rejects.append({"file": file.name, "line": 0, "reason": str(error), "raw": ""})

    def _flush(self, held: list[pa.Table], layout: EventLayout, goals: Goals) -> None:
        """Judge the rows held so far, and hand each file's to its batch."""
        held[:] = [table for table in held if table.num_rows]
        if not held:
            return
        rows = pa.concat_tables(held)
        held.clear()
        if layout.title not in self._judges:
            self._judges[layout.title] = Judge(self.connection, layout, str(len(self._judges)))
        judged, has_unknown = self._judges[layout.title].judge(rows)
        bad, reasons = judged.find_faults()
        stands = np.ones(rows.num_rows, dtype=bool)
        stands[bad] = False
        for name, of_file in _files(rows["file"]):
            result, writer = goals[name]
            writer.wait()
            first, last = np.searchsorted(bad, (of_file.start, of_file.stop))
            # Not by place: Arrow would join the blocks of a column before it takes any row from it.
            rejected = rows.slice(of_file.start, of_file.stop - of_file.start).filter(pa.array(~stands[of_file]))
            result.rejects += as_rejects(rejected, reasons[first:last])
            writer.write(judged, of_file, stands, name)
            if has_unknown:
                counts = judged.count_codes(layout, of_file)
                result.unknown_codes.update(resolve_codes(counts, layout)[1])


def _files(names: pa.ChunkedArray) -> list[tuple[str, slice]]:
    """The files of some rows, each with the place of its rows: all its chunks stand together."""
    found: dict[str, slice] = {}
    start = 0
    for chunk in names.chunks:
        name = chunk[0].as_py()
        found[name] = slice(found[name].start if name in found else start, start + len(chunk))
        start += len(chunk)
    return list(found.items())


def raw_schema(layout: EventLayout) -> dict[str, str]:
    """Columns and types of a layout's raw rows."""
    return {**dict.fromkeys(raw_columns(layout), "string"), "line": "int64", "file": "string"}


def as_rejects(raw: pa.Table, reasons: pa.Array) -> list[Row]:
    """Rejected rows as the rejects table has them: what was read of each as JSON."""
    names = [name for name in raw.column_names if name not in ("file", "line")]
    # A dictionary would look up each value of each row by itself.
    values = zip(*(raw[name].cast(pa.string()).to_pylist() for name in names), strict=True)
    keys = zip(raw["file"].to_pylist(), raw["line"].to_pylist(), reasons.to_pylist(), strict=True)
    rows = []
    for (file, line, reason), row in zip(keys, values, strict=True):
        read = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        text = json.dumps(read, ensure_ascii=False)
        rows.append({"file": file, "line": line, "reason": one_line(reason), "raw": text})
    return rows


def malformed_rows(name: str, chunk: RawChunk) -> list[Row]:
    """The malformed lines of a chunk as rows of the rejects table."""
    return [{"file": name, **fault} for fault in chunk.malformed]


def _n_rows(tables: list[pa.Table]) -> int:
    return sum(table.num_rows for table in tables)


def _merge(into: BatchResult, other: BatchResult) -> None:
    into.rows_read |= other.rows_read
    into.rejects += other.rejects
    into.unknown_codes += Counter(other.unknown_codes)
