"""Event files to chunks of raw rows: the common raw columns as text, each with its line; nothing cleaned.

Files are parsed by Arrow, a block of whole lines at a time and several blocks at once. Where a block holds a line that
does not fit, or where its rows are not its lines one to one (blank lines, line ends inside quotes), the file is read
again with care, line by line, by :mod:`analysis.sources.events.careful`.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.csv as pv

from analysis.plain_text import one_line
from analysis.sources.events.careful import MAX_LINE_BYTES, read_carefully
from analysis.sources.events.layout import EventLayout, split_line
from analysis.sources.plain_columns import hold_to_rule

RAW_COLUMNS = (
    "event_id", "date_start", "date_end", "date_precision_code", "reported",
    "source_raw", "source_key", "source_role_code", "target_raw", "target_key", "target_role_code",
    "event_class", "type_code", "cameo_code", "cameo_root", "goldstein", "contexts", "mentions",
    "place", "place_code", "lat", "lon", "url", "summary",
)  # fmt: skip
"""The common raw columns: what the layouts read, all as text. A layout without one leaves it missing."""

UNIQUE = ("event_id", "url", "summary")
"""Those that hardly hold a value twice. The others are read as dictionaries, in which every value is held once."""

FAULT, LINE_NUMBER, RAW_TEXT = "fault", "line", "raw_text"
CHUNK_ROWS = 500_000
# No line that fits into a block is too long.
_BLOCK = MAX_LINE_BYTES
_THREADS = min(4, os.cpu_count() or 1)
# Blocks parsed while the rows before them are judged; parsed, each takes a sixth of its size.
_BLOCKS_AHEAD = 128
# So far from the end of a block a line end is looked for first.
_TAIL = 16 * 2**10
_MARK = b"\xef\xbb\xbf"

Item = TypeVar("Item")
Result = TypeVar("Result")


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
            lines = pa.array(columns.pop(LINE_NUMBER), pa.int64())
            arrays = {name: pa.array(values, pa.string()).cast(_type_of(name)) for name, values in columns.items()}
            yield _hold_to_rule(pa.table({**arrays, LINE_NUMBER: lines}), malformed)
        return
    yield from _read_quickly(path, layout)


def _type_of(name: str) -> pa.DataType:
    return pa.string() if name in UNIQUE else pa.dictionary(pa.int32(), pa.string())


def _read_quickly(path: Path, layout: EventLayout) -> Iterator[RawChunk]:
    if layout.comment_prefix:
        raise NeedsCareError
    with path.open("rb") as handle, ThreadPoolExecutor(_THREADS) as pool:
        first = handle.readline(_BLOCK)
        text = first.removeprefix(_MARK).decode("utf-8", errors="replace").rstrip("\r\n")
        fields = split_line(text, layout)
        columns = tuple(fields) if layout.has_header else layout.columns[: len(fields)]
        if len(set(columns)) != len(fields):
            raise NeedsCareError
        if not (set(layout.required) <= set(columns) if layout.has_header else len(fields) in layout.n_fields):
            raise NeedsCareError
        line, start = 1, len(_MARK) if first.startswith(_MARK) else 0
        if layout.has_header:
            if not _is_plain(first) or first.count(b'"') % 2:
                raise NeedsCareError
            line, start = 2, len(first)
        parse = partial(_parse, file=handle.fileno(), layout=layout, columns=columns)
        held: list[pa.Table] = []
        for rows in map_ahead(pool, parse, _blocks(handle.fileno(), start), _BLOCKS_AHEAD):
            held.append(rows)
            if sum(map(len, held)) >= CHUNK_ROWS:
                yield _join(held, line)
                line += sum(map(len, held))
                held.clear()
        if held:
            yield _join(held, line)


def _blocks(file: int, start: int) -> Iterator[range]:
    """Where the blocks of an open file lie from some place on, which is the beginning of a line: whole lines each."""
    size = os.fstat(file).st_size
    while start < size:
        stop = size if size - start < _BLOCK else _line_end(file, start, start + _BLOCK)
        yield range(start, stop)
        start = stop


def _line_end(file: int, start: int, stop: int) -> int:
    """Where the last line ends that ends between two places of a file."""
    for begin in (max(start, stop - _TAIL), start):
        if place := os.pread(file, stop - begin, begin).rfind(b"\n") + 1:
            return begin + place
    raise NeedsCareError


def map_ahead(
    pool: Executor, function: Callable[[Item], Result], items: Iterable[Item], n_ahead: int
) -> Iterator[Result]:
    """Results in the order of the items, of which so many more are worked on ahead."""
    ahead: deque[Future[Result]] = deque()
    try:
        for item in items:
            ahead.append(pool.submit(function, item))
            if len(ahead) > n_ahead:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        for future in ahead:
            future.cancel()


def _parse(place: range, file: int, layout: EventLayout, columns: tuple[str, ...]) -> pa.Table:
    """The rows of some whole lines in our names, every value as text."""
    block = os.pread(file, len(place), place.start)
    # Arrow would take a byte order mark for its own at the beginning of any block, not of the file alone.
    if block.startswith(_MARK) or not _is_plain(block):
        raise NeedsCareError
    if layout.is_quoted and not _is_well_quoted(block, layout.delimiter):
        raise NeedsCareError
    names = raw_columns(layout)
    wanted = [layout.reads[name] for name in names]
    try:
        rows = pv.read_csv(
            pa.BufferReader(block),
            pv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=columns),
            pv.ParseOptions(delimiter=layout.delimiter, quote_char='"' if layout.is_quoted else False),
            pv.ConvertOptions(
                column_types={layout.reads[name]: _type_of(name) for name in names},
                include_columns=wanted,
                include_missing_columns=True,
                null_values=["", *layout.missing],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowException as error:
        raise NeedsCareError(str(error)) from error
    if rows.num_rows != block.count(b"\n") + (not block.endswith(b"\n")):
        raise NeedsCareError
    return rows.rename_columns(names)


def _join(blocks: list[pa.Table], line: int) -> RawChunk:
    """The rows of some blocks, which are the lines of a file from some number on."""
    rows = pa.concat_tables(blocks)
    for place, name in enumerate(rows.column_names):
        if name not in UNIQUE:
            rows = rows.set_column(place, name, pa.chunked_array([rows[name].combine_chunks()]))
    return _hold_to_rule(rows.append_column(LINE_NUMBER, pa.array(np.arange(line, line + rows.num_rows))), [])


def _hold_to_rule(rows: pa.Table, malformed: list[dict[str, object]]) -> RawChunk:
    """Rows whose text is seen as it is, by the rule of :mod:`analysis.plain_text`; with them those that it refuses."""
    faults: dict[int, str] = {}
    for place, name in enumerate(rows.column_names):
        if name != LINE_NUMBER:
            plain, found = hold_to_rule(rows[name], name)
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


def _is_plain(block: bytes) -> bool:
    """Whether text has no NUL byte, and no carriage return that ends no line."""
    if b"\0" in block:
        return False
    return b"\r" not in block or block.count(b"\r") == block.count(b"\r\n")


def _is_well_quoted(block: bytes, delimiter: str) -> bool:
    """Whether every quote in some lines opens or closes a field, or is doubled within one; Arrow would take others."""
    if b'"' not in block:
        return True
    codes = np.frombuffer(b"\n" + block + b"\n", dtype=np.uint8)
    quotes = np.flatnonzero(codes == ord('"'))
    if (np.searchsorted(quotes, np.flatnonzero(codes == ord("\n"))) % 2).any():
        return False
    first = np.flatnonzero(np.diff(quotes, prepend=-1) > 1)  # of each run of quotes
    length = np.diff(first, append=len(quotes))
    is_inside, is_odd = first % 2 == 1, length % 2 == 1
    begins = np.isin(codes[quotes[first] - 1], (ord(delimiter), ord("\n")))
    ends = np.isin(codes[quotes[first] + length], (ord(delimiter), ord("\n"), ord("\r")))
    return bool(np.where(is_inside, ends | ~is_odd, begins & (ends | is_odd)).all())
