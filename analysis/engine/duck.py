"""DuckDB on this machine: files are streamed through it, within a limit of memory."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.cleaning.coded import LOOKUP_SCHEMAS, create_lookups, judge_rows
from analysis.engine.codes import count_codes, resolve_codes
from analysis.engine.parts import Batch, BatchResult, PartWriter, Row, with_file
from analysis.sources.events.files import EventFile, UnreadableFileError, unpacked
from analysis.sources.events.layout import EventLayout
from analysis.sources.events.reading import CHUNK_ROWS, NeedsCareError, RawChunk, raw_columns, read_chunks

_RAW = "raw_chunk"


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
        self._queries: dict[str, str] = {}

    def clean(self, batch: Batch, folder: Path) -> BatchResult:
        """Clean a batch into one part a year below a folder."""
        result, writer = BatchResult(), PartWriter(folder, batch.name)
        try:
            if len(batch.files) == 1:
                self._clean_one(batch.files[0], batch.layout, result, writer)
            else:
                self._clean_many(batch, result, writer)
        except BaseException:
            writer.discard()
            raise
        result.parts = writer.finish()
        result.rejects.sort(key=lambda row: (row["file"], row["line"]))
        return result

    def _clean_one(self, file: EventFile, layout: EventLayout, result: BatchResult, writer: PartWriter) -> None:
        """A file of any size, streamed; begun anew with care where the quick parser gives up."""
        for with_care in (False, True):
            counts = BatchResult()
            try:
                held: list[pa.Table] = []
                for rows in self._read(file, layout, counts, with_care=with_care):
                    held.append(rows)
                    if _n_rows(held) >= CHUNK_ROWS:
                        self._flush(held, layout, counts, writer)
                self._flush(held, layout, counts, writer)
            except NeedsCareError:
                writer.discard()
                continue
            _merge(result, counts)
            return

    def _clean_many(self, batch: Batch, result: BatchResult, writer: PartWriter) -> None:
        """Small files, each read whole and cleaned together."""
        waiting: list[pa.Table] = []
        for file in batch.files:
            counts = BatchResult()
            try:
                held = list(self._read(file, batch.layout, counts, with_care=False))
            except NeedsCareError:
                counts = BatchResult()
                held = list(self._read(file, batch.layout, counts, with_care=True))
            _merge(result, counts)
            waiting += held
            if _n_rows(waiting) >= CHUNK_ROWS:
                self._flush(waiting, batch.layout, result, writer)
        self._flush(waiting, batch.layout, result, writer)

    def read(self, paths: list[Path]) -> ir.Table:
        """The rows of some Parquet files as one table."""
        return self.connection.read_parquet([str(path) for path in paths])

    def fetch(self, table: ir.Table) -> pa.Table:
        """The rows of an expression, in memory."""
        return self.connection.to_pyarrow(table)

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

    def _flush(self, held: list[pa.Table], layout: EventLayout, counts: BatchResult, writer: PartWriter) -> None:
        """Clean the rows held so far and hand them to the writer."""
        if not _n_rows(held):
            held.clear()
            return
        rows = pa.concat_tables(held).unify_dictionaries()
        held.clear()
        judging = self._queries.get(layout.title) or self._compile(layout)
        database = self.connection.con
        lookups, unknown = resolve_codes(count_codes(rows, layout), layout)
        counts.unknown_codes.update(unknown)
        for name, frame in lookups.items():
            database.register(name, _as_arrow(frame, name))
        database.register(_RAW, rows)
        judged = _in_order(database.sql(judging).to_arrow_table(), rows["file"].chunk(0).dictionary.to_pylist())
        for name in (_RAW, *lookups):
            database.unregister(name)
        reasons = judged["reason"]
        if reasons.null_count < judged.num_rows:
            bad = pc.is_valid(reasons)
            counts.rejects += as_rejects(rows.filter(bad), judged.filter(bad).select(["file", "line", "reason"]))
            judged = judged.filter(pc.invert(bad))
        writer.write(judged.drop_columns("reason"))

    def _compile(self, layout: EventLayout) -> str:
        """The query of a layout, its lookups loaded; compiled once."""
        lookups = {name: ibis.table(schema, name=name) for name, schema in LOOKUP_SCHEMAS.items()}
        for name, frame in create_lookups(layout).items():
            table = f"{name}_{len(self._queries)}"
            lookups[name] = ibis.table(LOOKUP_SCHEMAS[name], name=table)
            self.connection.con.register(_RAW, _as_arrow(frame, name))
            self.connection.con.execute(f"CREATE TEMP TABLE {table} AS FROM {_RAW}")
            self.connection.con.unregister(_RAW)
        judging = self.connection.compile(judge_rows(ibis.table(raw_schema(layout), name=_RAW), layout, lookups))
        self._queries[layout.title] = str(judging)
        return self._queries[layout.title]


def _as_arrow(frame: pd.DataFrame, name: str) -> pa.Table:
    """A lookup as Arrow, in its types."""
    schema = ibis.schema(LOOKUP_SCHEMAS[name]).to_pyarrow()
    return pa.Table.from_pandas(frame, schema, preserve_index=False)


def _in_order(judged: pa.Table, files: list[str]) -> pa.Table:
    """Judged rows in the order of the raw ones; a join gives them back in unbroken runs, and the runs in any order."""
    keys = judged["line"].to_numpy()
    if len(files) > 1:
        numbers = pc.index_in(judged["file"], value_set=pa.array(files)).to_numpy().astype(np.int64)
        keys = keys + (numbers << 40)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(keys) != 1) + 1, [len(keys)]])
    order = np.argsort(keys[starts[:-1]], kind="stable")
    runs = [judged.slice(starts[run], starts[run + 1] - starts[run]) for run in order]
    ends = np.concatenate([[keys[starts[run]], keys[starts[run + 1] - 1]] for run in order])
    if (np.diff(ends) >= 0).all():
        return pa.concat_tables(runs)
    return judged.take(pa.array(np.argsort(keys, kind="stable")))


def raw_schema(layout: EventLayout) -> dict[str, str]:
    """Columns and types of a layout's raw rows."""
    return {**dict.fromkeys(raw_columns(layout), "string"), "line": "int64", "file": "string"}


def as_rejects(raw: pa.Table, reasons: pa.Table) -> list[Row]:
    """Rejected rows as the rejects table has them: what was read of each as JSON."""
    said = {(row["file"], row["line"]): row["reason"] for row in reasons.to_pylist()}
    rows = []
    for row in raw.to_pylist():
        file, line = row.pop("file"), row.pop("line")
        text = json.dumps({name: value for name, value in row.items() if value is not None}, ensure_ascii=False)
        rows.append({"file": file, "line": line, "reason": said[file, line], "raw": text})
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
