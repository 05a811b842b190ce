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
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

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

FAULT, LINE_NUMBER, RAW_TEXT = "fault", "line", "raw_text"
CHUNK_ROWS = 500_000
# No line that fits into a block is too long.
_BLOCK = MAX_LINE_BYTES
_THREADS = min(4, os.cpu_count() or 1)
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
            lines = columns.pop(LINE_NUMBER)
            arrays = {name: pa.array(values, pa.string()) for name, values in columns.items()}
            yield _hold_to_rule(pa.table({**arrays, LINE_NUMBER: pa.array(lines, pa.int64())}), malformed)
        return
    yield from _read_quickly(path, layout)


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
            if not _is_plain(first, len(first)) or first.count(b'"') % 2:
                raise NeedsCareError
            line, start = 2, len(first)
        parse = partial(_parse, layout=layout, columns=columns)
        yield from _map_ahead(pool, parse, _blocks(handle.fileno(), start, line))


class Block(NamedTuple):
    """Some bytes of a file: the end of the last whole line in them, and the numbers of its lines."""

    content: bytes
    end: int
    lines: range


def _blocks(file: int, start: int, line: int) -> Iterator[Block]:
    """An open file from some place on, which is the beginning of a line."""
    while content := os.pread(file, _BLOCK, start):
        end = content.rfind(b"\n") + 1 if len(content) == _BLOCK else len(content)
        if not end:
            raise NeedsCareError
        next_line = line + content.count(b"\n", 0, end) + (content[end - 1 : end] != b"\n")
        yield Block(content, end, range(line, next_line))
        start, line = start + end, next_line


def _map_ahead(pool: ThreadPoolExecutor, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Results in the order of the items, of which a few are worked on ahead."""
    ahead: deque[Future[Result]] = deque()
    for item in items:
        ahead.append(pool.submit(function, item))
        if len(ahead) > 2 * _THREADS:
            yield ahead.popleft().result()
    while ahead:
        yield ahead.popleft().result()


def _parse(read: Block, layout: EventLayout, columns: tuple[str, ...]) -> RawChunk:
    """The rows of some whole lines in our names, every value as text."""
    block, end, lines = read
    # Arrow would take a byte order mark for its own at the beginning of any block, not of the file alone.
    if block.startswith(_MARK) or not _is_plain(block, end):
        raise NeedsCareError
    if layout.is_quoted and not _is_well_quoted(block[:end], layout.delimiter):
        raise NeedsCareError
    names = raw_columns(layout)
    wanted = [layout.reads[name] for name in names]
    try:
        rows = pv.read_csv(
            pa.BufferReader(pa.py_buffer(block).slice(0, end)),
            pv.ReadOptions(use_threads=False, block_size=end + 1, column_names=columns),
            pv.ParseOptions(delimiter=layout.delimiter, quote_char='"' if layout.is_quoted else False),
            pv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()),
                include_columns=wanted,
                include_missing_columns=True,
                null_values=["", *layout.missing],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowException as error:
        raise NeedsCareError(str(error)) from error
    if rows.num_rows != len(lines):
        raise NeedsCareError
    numbers = pa.array(np.arange(lines.start, lines.stop))
    return _hold_to_rule(rows.rename_columns(names).append_column(LINE_NUMBER, numbers), [])


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


def _is_plain(block: bytes, end: int) -> bool:
    """Whether text up to some end has no NUL byte, and no carriage return that ends no line."""
    if b"\0" in block:
        return False
    return b"\r" not in block or block.count(b"\r", 0, end) == block.count(b"\r\n", 0, end)


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
