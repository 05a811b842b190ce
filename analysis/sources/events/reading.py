"""Event files to chunks of raw rows: the common raw columns as text, each with its line; nothing cleaned.

Files are parsed by DuckDB, many lines at a time. Where its parser meets a line that does not fit, or
where its rows are not the file's lines one to one (blank lines, line ends inside quotes), the file is
read again with care, line by line, by :mod:`analysis.sources.events.careful`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.plain_text import one_line
from analysis.sources.events.careful import read_carefully
from analysis.sources.events.layout import EventLayout, split_line
from analysis.sources.plain_columns import hold_to_rule

if TYPE_CHECKING:
    import duckdb

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
_BEYOND, _MISFIT = "beyond the last", "is_misfit"
_NEVER = "\x01 never \x01"


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
            yield _hold_to_rule(pa.table({**arrays, LINE_NUMBER: pa.array(lines, pa.int64())}), malformed)
        return
    yield from _read_quickly(path, layout)


def _read_quickly(path: Path, layout: EventLayout) -> Iterator[RawChunk]:
    import duckdb

    if layout.comment_prefix:
        raise NeedsCareError
    counted = count_lines(path, layout.delimiter)
    if not counted.is_plain:
        raise NeedsCareError
    with path.open("rb") as handle:
        first = handle.readline(_BLOCK).removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace").rstrip("\r\n")
    fields = split_line(first, layout)
    columns = tuple(fields) if layout.has_header else layout.columns[: len(fields)]
    if len(set(columns)) != len(fields):
        raise NeedsCareError
    if not (set(layout.required) <= set(columns) if layout.has_header else len(fields) in layout.n_fields):
        raise NeedsCareError
    if not layout.is_quoted and counted.delimiters != counted.lines * (len(fields) - 1):
        raise NeedsCareError  # DuckDB takes a line with one empty field too many
    line = 1 + layout.has_header
    with _parser().cursor() as connection:
        try:
            rows = connection.sql(_select(path, layout, columns)).to_arrow_reader(CHUNK_ROWS)
            for batch in rows:
                numbers = np.arange(line, line + batch.num_rows)
                line += batch.num_rows
                table = pa.Table.from_batches([batch])
                if _MISFIT in table.column_names:
                    if pc.any(table[_MISFIT]).as_py():
                        raise NeedsCareError
                    table = table.drop_columns([_MISFIT])
                table = table.append_column(LINE_NUMBER, pa.array(numbers, pa.int64()))
                yield _hold_to_rule(table, [], is_ascii=counted.is_ascii)
        except (duckdb.Error, pa.ArrowException, OSError) as error:  # a fault in a later batch is an OSError
            raise NeedsCareError(str(error)) from error
    if line - 1 != counted.lines:
        raise NeedsCareError


def _hold_to_rule(rows: pa.Table, malformed: list[dict[str, object]], *, is_ascii: bool = False) -> RawChunk:
    """Rows whose text is seen as it is, by the rule of :mod:`analysis.plain_text`; with them those that it refuses.

    A file of printable ASCII hides nothing, and is asked for its length alone.
    """
    faults: dict[int, str] = {}
    for place, name in enumerate(rows.column_names):
        if name != LINE_NUMBER:
            plain, found = hold_to_rule(rows[name], name, is_ascii=is_ascii)
            rows, faults = rows.set_column(place, name, plain), found | faults
    if not faults:
        return RawChunk(rows, malformed)
    taken = rows.take(list(faults)).to_pylist()
    refused = [
        {
            "line": row[LINE_NUMBER],
            "reason": fault,
            "raw": json.dumps({name: one_line(str(value)) for name, value in row.items()}, ensure_ascii=False),
        }
        for fault, row in zip(faults.values(), taken, strict=True)
    ]
    kept = np.ones(rows.num_rows, dtype=bool)
    kept[list(faults)] = False
    return RawChunk(rows.filter(pa.array(kept)), [*malformed, *refused])


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """The database that parses files and keeps nothing; one for a process, for opening one costs as much as a file."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = true; SET streaming_buffer_size = '64MB'")
    connection.execute("SET memory_limit = '512MB'")
    return connection


def _select(path: Path, layout: EventLayout, columns: tuple[str, ...]) -> str:
    """The query that reads one file: our names for its columns, every value as text."""
    read = {
        name: _identifier(layout.reads[name]) if layout.reads[name] in columns else "NULL::VARCHAR"
        for name in raw_columns(layout)
    }
    nulls = ", ".join(_literal(text) for text in ("", *layout.missing))
    if layout.is_quoted:
        # Commas inside quotes cannot be counted. A short line is padded, and one column more takes what a long one
        # has too many; both tell, because no text is read as missing.
        columns = (*columns, _BEYOND)
        read = {name: f"CASE WHEN {column} NOT IN ({nulls}) THEN {column} END" for name, column in read.items()}
        read[_MISFIT] = f"{_identifier(_BEYOND)} IS NOT NULL OR {_identifier(columns[-2])} IS NULL"
        nulls = _literal(_NEVER)
    wanted = ", ".join(f"{column} AS {name}" for name, column in read.items())
    types = ", ".join(f"{_literal(column)}: 'VARCHAR'" for column in columns)
    quote = '"' if layout.is_quoted else ""
    return (
        f"SELECT {wanted} FROM read_csv({_literal(str(path))}, delim = {_literal(layout.delimiter)}, "
        f"header = {str(layout.has_header).lower()}, quote = '{quote}', escape = '{quote}', "
        f"columns = {{{types}}}, nullstr = [{nulls}], auto_detect = false, strict_mode = true, "
        f"null_padding = {str(layout.is_quoted).lower()}, compression = 'none', allow_quoted_nulls = true)"
    )


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class Counted(NamedTuple):
    """What the bytes of a file say before it is parsed.

    Attributes
    ----------
    lines, delimiters : int
        How many there are; the last line with or without an end.
    is_plain : bool
        No NUL byte, and no carriage return that ends no line; where it is not, the file is not read to its end.
    is_ascii : bool
        Nothing but printable ASCII, tabs and line ends.
    """

    lines: int
    delimiters: int
    is_plain: bool
    is_ascii: bool


def count_lines(path: Path, delimiter: str) -> Counted:
    """Count the lines and delimiters of a file."""
    lines, delimiters, last, is_ascii = 0, 0, b"\n", True
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            if block.endswith(b"\r"):
                block += handle.read(1)
            codes = np.frombuffer(block, dtype=np.uint8)
            lines += int(np.count_nonzero(codes == ord("\n")))
            delimiters += int(np.count_nonzero(codes == ord(delimiter)))
            last = block[-1:]
            n_returns = block.count(b"\r") if b"\r" in block else 0
            if b"\0" in block or (n_returns and n_returns != block.count(b"\r\n")):
                return Counted(lines, delimiters, is_plain=False, is_ascii=False)
            if is_ascii:
                n_controls = int(np.count_nonzero(codes < ord(" ")))
                n_ordinary = block.count(b"\n") + block.count(b"\t") + n_returns
                is_ascii = block.isascii() and n_controls == n_ordinary and b"\x7f" not in block
    return Counted(lines + (last != b"\n"), delimiters, is_plain=True, is_ascii=is_ascii)
