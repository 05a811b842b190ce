"""Event files to chunks of raw rows: the common raw columns as text, each with its line; nothing cleaned.

Files are parsed by DuckDB, many lines at a time. Where its parser meets a line that does not fit, or
where its rows are not the file's lines one to one (blank lines, line ends inside quotes), the file is
read again with care, line by line, by :mod:`analysis.sources.events.careful`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from analysis.sources.events.careful import read_carefully
from analysis.sources.events.layout import EventLayout, split_line

RAW_COLUMNS = (
    "event_id", "date_start", "date_end", "date_precision_code", "reported",
    "source_raw", "source_key", "source_role_code", "target_raw", "target_key", "target_role_code",
    "event_class", "type_code", "cameo_code", "cameo_root", "goldstein", "contexts", "mentions",
    "place", "place_code", "lat", "lon", "url", "summary",
)  # fmt: skip
"""The common raw columns: what the layouts read, all as text. A layout without one leaves it missing."""

FAULT, LINE_NUMBER, RAW_TEXT = "fault", "line", "raw_text"
CHUNK_ROWS = 500_000
_BLOCK = 1 << 22


@dataclass(frozen=True)
class RawChunk:
    """Some rows of one file: a table of its layout's raw columns, `line`, and for malformed rows their fault."""

    rows: pa.Table
    malformed: list[dict[str, object]]


class NeedsCareError(Exception):
    """The quick parser's rows are not the file's lines; read it again with care."""


def raw_columns(layout: EventLayout) -> list[str]:
    """The common raw columns that a layout reads, in order."""
    return [name for name in RAW_COLUMNS if name in layout.reads]


def read_chunks(path: Path, layout: EventLayout, *, with_care: bool = False) -> Iterator[RawChunk]:
    """The rows of one plain event file, in chunks, in the order of its lines.

    Parameters
    ----------
    path : Path
        Unpacked file.
    layout : EventLayout
        Its layout.
    with_care : bool
        Read line by line: slower, and every malformed line is told with its number.

    Raises
    ------
    NeedsCareError
        Perhaps after some chunks, unless `with_care`: discard them and read with care.
    """
    if with_care:
        for columns, malformed in read_carefully(path, layout, raw_columns(layout), CHUNK_ROWS):
            lines = columns.pop(LINE_NUMBER)
            arrays = {name: pa.array(values, pa.string()) for name, values in columns.items()}
            yield RawChunk(pa.table({**arrays, LINE_NUMBER: pa.array(lines, pa.int64())}), malformed)
        return
    yield from _read_quickly(path, layout)


def _read_quickly(path: Path, layout: EventLayout) -> Iterator[RawChunk]:
    import duckdb

    if layout.comment_prefix:
        raise NeedsCareError
    n_lines, has_nul = count_lines(path)
    if has_nul:
        raise NeedsCareError
    with path.open("rb") as handle:
        first = handle.readline(_BLOCK).removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace").rstrip("\r\n")
    fields = split_line(first, layout)
    columns = tuple(fields) if layout.has_header else layout.columns[: len(fields)]
    if len(set(columns)) != len(fields) or not (layout.has_header or len(fields) in layout.n_fields):
        raise NeedsCareError
    line = 1 + layout.has_header
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = true; SET streaming_buffer_size = '16MB'")
        connection.execute("SET memory_limit = '512MB'")
        try:
            rows = connection.sql(_select(path, layout, columns)).to_arrow_reader(CHUNK_ROWS)
            for batch in rows:
                numbers = np.arange(line, line + batch.num_rows)
                line += batch.num_rows
                table = pa.Table.from_batches([batch])
                yield RawChunk(table.append_column(LINE_NUMBER, pa.array(numbers, pa.int64())), [])
        except (duckdb.Error, pa.ArrowException, OSError) as error:  # a fault in a later batch is an OSError
            raise NeedsCareError(str(error)) from error
    if line - 1 != n_lines:
        raise NeedsCareError


def _select(path: Path, layout: EventLayout, columns: tuple[str, ...]) -> str:
    """The query that reads one file: our names for its columns, every value as text."""
    wanted = ", ".join(
        f"{_identifier(column) if (column := layout.reads[name]) in columns else 'NULL::VARCHAR'} AS {name}"
        for name in raw_columns(layout)
    )
    types = ", ".join(f"{_literal(column)}: 'VARCHAR'" for column in columns)
    nulls = ", ".join(_literal(text) for text in ("", *layout.missing))
    quote = '"' if layout.is_quoted else ""
    return (
        f"SELECT {wanted} FROM read_csv({_literal(str(path))}, delim = {_literal(layout.delimiter)}, "
        f"header = {str(layout.has_header).lower()}, quote = '{quote}', escape = '{quote}', "
        f"columns = {{{types}}}, nullstr = [{nulls}], auto_detect = false, strict_mode = true, "
        "compression = 'none', allow_quoted_nulls = true)"
    )


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def count_lines(path: Path) -> tuple[int, bool]:
    """How many lines a file has, the last with or without an end, and whether it holds a NUL byte."""
    lines, has_nul, last = 0, False, b"\n"
    with path.open("rb", buffering=0) as handle:
        while block := handle.read(_BLOCK):
            lines += int(np.count_nonzero(np.frombuffer(block, dtype=np.uint8) == 10))
            has_nul = has_nul or b"\0" in block
            last = block[-1:]
    return lines + (last != b"\n"), has_nul
