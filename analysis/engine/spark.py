"""A Spark cluster: the files are read by its workers and cleaned by the same expressions as on one machine.

Raw files, the archive and the folder for what spills must be on storage that every worker sees under the same path,
and every worker's Python must have this package.
"""

from __future__ import annotations

import os
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.cleaning.coded import LOOKUP_SCHEMAS, create_lookups, judge_rows
from analysis.engine.codes import Counts, code_columns, resolve_codes
from analysis.engine.duck import as_rejects, raw_schema
from analysis.engine.parts import Batch, BatchResult, Part, count_months, count_values
from analysis.errors import TightropeError
from analysis.sources.events.layout import EventLayout
from analysis.sources.events.reading import LINE_NUMBER

_LOCAL = "spark://local"
_RAW = "raw_rows"
_ANSWER_SECONDS = 10.0
_FAULTS = ("fault", "raw_text")


def create_session(address: str, memory_limit: str) -> Any:
    """A Spark session on a cluster.

    Parameters
    ----------
    address : str
        The master's address, or ``"spark://local"`` for Spark within this process.
    memory_limit : str
        Memory of each executor.

    Raises
    ------
    TightropeError
        If PySpark is not installed, or the cluster does not answer.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise TightropeError("Spark is not installed; install it with: pip install 'tightrope[spark]'") from error
    _ask_masters(address)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = (
        SparkSession.builder.master("local[2]" if address == _LOCAL else address)
        .appName("tightrope")
        .config("spark.executor.memory", memory_limit.lower().removesuffix("b"))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.pyspark.python", sys.executable)
    )
    if address == _LOCAL or "127.0.0.1" in address or "localhost" in address:
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    try:
        session = builder.getOrCreate()
    except Exception as error:
        # What follows the first line are frames of Java.
        told = next(iter(str(error).splitlines()), "")
        raise TightropeError(f"no Spark cluster answers at {address}: {told}") from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def _ask_masters(address: str) -> None:
    """Raise an error if nothing listens at a master's address; Spark would try for a minute, and print its frames."""
    if address == _LOCAL:
        return
    fault: object = "it names no HOST:PORT" if address.startswith("spark://") else "it begins with no spark://"
    masters = address.removeprefix("spark://").split(",") if address.startswith("spark://") else []
    for master in masters:
        host, _, port = master.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), _ANSWER_SECONDS).close()
        except OSError as error:
            fault = error.strerror or error
        except (ValueError, OverflowError):
            fault = "it names no HOST:PORT"
        else:
            return
    raise TightropeError(f"no Spark cluster answers at {address}: {fault}")


class SparkEngine:
    """The cleaning on a Spark cluster.

    Parameters
    ----------
    address : str
        The master's address, or ``"spark://local"`` for Spark within this process.
    memory_limit : str
        Memory of each executor.
    spill : Path, optional
        Folder that every worker sees.

    Raises
    ------
    TightropeError
        If PySpark is not installed, or the cluster does not answer.
    """

    def __init__(self, address: str, memory_limit: str, spill: Path | None = None) -> None:
        self.session = create_session(address, memory_limit)
        self._folder = TemporaryDirectory(prefix="tightrope-", dir=spill)
        self._n_views = 0
        self._lookups: dict[str, dict[str, ir.Table]] = {}

    def clean(self, batches: list[Batch], folders: list[Path]) -> list[BatchResult]:
        """Clean some batches of one layout in one job, each into parts below its own folder."""
        layout = batches[0].layout
        results = [BatchResult(rows_read={file.name: 0 for file in batch.files}) for batch in batches]
        owner = {file.name: number for number, batch in enumerate(batches) for file in batch.files}
        raw = self._read_raw(batches)
        for row in raw.groupBy("file").count().collect():
            results[owner[row["file"]]].rows_read[row["file"]] = row["count"]
        for row in raw.filter("fault IS NOT NULL").select("file", "line", *_FAULTS).collect():
            reject = {"file": row["file"], "line": row["line"], "reason": row["fault"], "raw": row["raw_text"]}
            results[owner[row["file"]]].rejects.append(reject)
        good = raw.filter("fault IS NULL").drop(*_FAULTS)
        good.createOrReplaceTempView(_RAW)
        lookups, unknown = resolve_codes(self._count_codes(good, layout), layout)
        if unknown:
            for batch, result in zip(batches, results, strict=True):
                of_batch = good.filter(good["file"].isin([file.name for file in batch.files]))
                result.unknown_codes = resolve_codes(self._count_codes(of_batch, layout), layout)[1]
        judged = self._run(judge_rows(ibis.table(raw_schema(layout), name=_RAW), layout, self._tables(layout, lookups)))
        judged.persist()
        reasons = judged.filter("reason IS NOT NULL").select("file", "line", "reason")
        rejected = good.join(reasons, ["file", "line"]).toArrow()
        for reject in as_rejects(rejected.drop_columns("reason"), rejected["reason"]):
            results[owner[reject["file"]]].rejects.append(reject)
        parts = self._write(judged.filter("reason IS NULL").drop("reason"), batches, folders, owner)
        judged.unpersist()
        for result, written in zip(results, parts, strict=True):
            result.parts = written
            result.rejects.sort(key=lambda row: (row["file"], row["line"]))
        return results

    def _tables(self, layout: EventLayout, lookups: dict[str, pd.DataFrame]) -> dict[str, ir.Table]:
        """The lookups as views of the cluster; those that do not depend on the rows are sent once."""
        if layout.title not in self._lookups:
            mark = f"_{len(self._lookups)}"
            steady = create_lookups(layout)
            self._lookups[layout.title] = {name: self._view(frame, name, mark) for name, frame in steady.items()}
        return self._lookups[layout.title] | {name: self._view(frame, name) for name, frame in lookups.items()}

    def read(self, paths: list[Path]) -> ir.Table:
        """The rows of some Parquet files as one table."""
        self._n_views += 1
        name = f"parts_{self._n_views}"
        self.session.read.parquet(*(str(path) for path in paths)).createOrReplaceTempView(name)
        schema = pq.read_schema(paths[0])
        return ibis.table(ibis.Schema.from_pyarrow(schema), name=name)

    def fetch(self, table: ir.Table) -> pa.Table:
        """The rows of an expression, in memory."""
        return self._run(table).toArrow()

    def close(self) -> None:
        """End the session and delete what has spilled."""
        self.session.stop()
        self._folder.cleanup()

    def _run(self, expression: ir.Table) -> Any:
        return self.session.sql(str(ibis.pyspark.compile(expression)))

    def _view(self, frame: pd.DataFrame, name: str, mark: str = "") -> ir.Table:
        """A lookup as a view of the cluster."""
        schema = ibis.schema(LOOKUP_SCHEMAS[name])
        table = pa.Table.from_pandas(frame, schema.to_pyarrow(), preserve_index=False)
        self.session.createDataFrame(table).createOrReplaceTempView(f"{name}{mark}")
        return ibis.table(schema, name=f"{name}{mark}")

    def _read_raw(self, batches: list[Batch]) -> Any:
        """The raw rows of some batches, each file read by one worker, kept as Parquet where all workers see it."""
        layout, spill = batches[0].layout, self._folder.name
        names = list(raw_schema(layout))
        types = ", ".join(f"`{name}` {'BIGINT' if name == 'line' else 'STRING'}" for name in (*names, *_FAULTS))
        files = [(file.name, str(file.path)) for batch in batches for file in batch.files]
        listed = self.session.createDataFrame(files, "name STRING, path STRING").repartition(len(files))

        def read(tables: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for table in tables:
                for row in table.to_pylist():
                    yield from _read_file(row["name"], Path(row["path"]), layout, names, Path(spill))

        target = f"{spill}/{batches[0].name}"
        listed.mapInArrow(read, types).write.mode("overwrite").parquet(target)
        return self.session.read.parquet(target)

    def _count_codes(self, rows: Any, layout: EventLayout) -> Counts:
        counts: Counts = {}
        for column in code_columns(layout):
            found = rows.filter(f"{column} IS NOT NULL").groupBy(column).count().collect()
            counts[column] = Counter({row[0]: row[1] for row in found})
        return counts

    def _write(self, rows: Any, batches: list[Batch], folders: list[Path], owner: dict[str, int]) -> list[list[Part]]:
        """The parts of each batch by year, written by the workers and then named after the batch."""
        target = Path(self._folder.name) / f"{batches[0].name}-parts"
        owners = self.session.createDataFrame(sorted(owner.items()), "file STRING, batch INT")
        columns = [*rows.columns, "batch", "year"]
        rows = (
            rows.withColumn("year", rows["date_start"].substr(1, 4).cast("int")).join(owners, "file").select(*columns)
        )
        ordered = rows.repartition("batch", "year").sortWithinPartitions("batch", "year", "file", "line")
        ordered.write.mode("overwrite").partitionBy("batch", "year").option("compression", "zstd").parquet(str(target))
        parts: list[list[Part]] = []
        for number, (batch, folder) in enumerate(zip(batches, folders, strict=True)):
            parts.append([])
            for year_folder in sorted((target / f"batch={number}").glob("year=*")):
                year = int(year_folder.name.removeprefix("year="))
                for place_of, path in enumerate(sorted(year_folder.glob("*.parquet"))):
                    place = folder / f"{batch.name}-{year}-{place_of}.parquet"
                    path.replace(place)
                    found = pq.read_table(place, columns=["date_start", "file"])
                    parts[-1].append(Part(place, year, count_months(found), count_values(found["file"])))
        return parts


def _read_file(name: str, path: Path, layout: EventLayout, names: list[str], spill: Path) -> Iterator[pa.RecordBatch]:
    """The rows of one raw file on a worker; read again with care, and only then handed on, if it is faulty."""
    from analysis.sources.events.files import unpacked
    from analysis.sources.events.reading import NeedsCareError, read_chunks
    from analysis.sources.packed import UnreadableFileError

    try:
        with unpacked(path, spill=spill) as plain:
            try:
                chunks = [(chunk.rows, chunk.malformed) for chunk in read_chunks(plain, layout)]
            except NeedsCareError:
                chunks = [(chunk.rows, chunk.malformed) for chunk in read_chunks(plain, layout, with_care=True)]
    except UnreadableFileError as error:
        chunks = [(None, [{"line": 0, "reason": str(error), "raw": ""}])]
    for rows, malformed in chunks:
        if rows is not None and rows.num_rows:
            yield from _with_faults(rows, name, names)
        if malformed:
            yield _faults(malformed, name, names)


def _with_faults(rows: pa.Table, name: str, names: list[str]) -> list[pa.RecordBatch]:
    """Good rows in the columns that workers hand on: with their file, and without a fault."""
    missing = pa.nulls(rows.num_rows, pa.string())
    columns = {column: rows[column].cast(pa.string()) for column in names if column not in ("file", LINE_NUMBER)}
    columns |= {"file": pa.array([name] * rows.num_rows, pa.string()), LINE_NUMBER: rows[LINE_NUMBER]}
    table = pa.table({**{column: columns[column] for column in names}, **dict.fromkeys(_FAULTS, missing)})
    return table.to_batches()  # each within the blocks of the text that is read as such


def _faults(malformed: list[dict[str, object]], name: str, names: list[str]) -> pa.RecordBatch:
    """Malformed lines in the same columns: all missing but the file, the line, the fault and the text."""
    n_rows = len(malformed)
    columns = {column: pa.nulls(n_rows, pa.string()) for column in names}
    columns["file"] = pa.array([name] * n_rows, pa.string())
    columns["line"] = pa.array([fault["line"] for fault in malformed], pa.int64())
    columns["fault"] = pa.array([fault["reason"] for fault in malformed], pa.string())
    columns["raw_text"] = pa.array([fault["raw"] for fault in malformed], pa.string())
    return pa.record_batch(columns)
