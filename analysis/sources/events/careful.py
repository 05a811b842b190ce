"""One event file line by line: what does not fit is told with its line number, the rest goes on."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.plain_text import one_line
from analysis.sources.events.layout import EventLayout
from analysis.sources.packed import UnreadableFileError
from analysis.sources.records import csv_reader

MAX_LINE_BYTES = 1_000_000
_MARK = b"\xef\xbb\xbf"

Columns = dict[str, list[Any]]
Malformed = list[dict[str, object]]


def read_carefully(
    path: Path, layout: EventLayout, names: list[str], chunk_rows: int
) -> Iterator[tuple[Columns, Malformed]]:
    """Chunks of columns, with `line`, and the malformed lines met on the way.

    A malformed line has ``line``, ``reason`` and ``raw`` (its beginning). Blank lines are no rows.

    Raises
    ------
    UnreadableFileError
        If its first record is no header of the layout, or names a column that is read twice.
    """
    columns: Columns = {name: [] for name in (*names, "line")}
    malformed: Malformed = []
    places: list[int] | None = None
    n_fields = layout.n_fields
    for line, record in _records(path, layout):
        if layout.has_header and places is None:
            places, n_fields = _read_header(line, record, layout, names)
            continue
        if isinstance(record, str):
            malformed.append({"line": line, "reason": record, "raw": ""})
            continue
        if places is None:
            places = [layout.columns.index(layout.reads[name]) for name in names]
        if layout.comment_prefix and _is_comment(record, layout.comment_prefix):
            continue
        fault = _find_fault(record, places, n_fields)
        if fault:
            malformed.append({"line": line, "reason": fault, "raw": one_line(layout.delimiter.join(record))})
            continue
        for name, place in zip(names, places, strict=True):
            value = record[place] if place < len(record) else ""
            columns[name].append(None if value == "" or value in layout.missing else value)
        columns["line"].append(line)
        if len(columns["line"]) >= chunk_rows:
            yield columns, malformed
            columns, malformed = {name: [] for name in (*names, "line")}, []
    yield columns, malformed


def _read_header(
    line: int, record: list[str] | str, layout: EventLayout, names: list[str]
) -> tuple[list[int], tuple[int, ...]]:
    """The places of the columns that are read, and the one number of fields that a line may have."""
    if isinstance(record, str):
        raise UnreadableFileError(f"its header {record}")
    if missing := [layout.reads[name] for name in names if layout.reads[name] not in record]:
        raise UnreadableFileError(f"line {line} should be its header, and lacks {', '.join(missing[:6])}")
    if repeated := [layout.reads[name] for name in names if record.count(layout.reads[name]) > 1]:
        raise UnreadableFileError(f"its header repeats {', '.join(repeated[:6])}; every column needs its own name")
    return [record.index(layout.reads[name]) for name in names], (len(record),)


def _is_comment(record: list[str], prefix: str) -> bool:
    filled = [field for field in record if field]
    return sum(field.startswith(prefix) for field in filled) > len(filled) / 2


def _find_fault(record: list[str], places: list[int], n_fields: tuple[int, ...]) -> str:
    if len(record) not in n_fields:
        accepted = " or ".join(str(count) for count in sorted(n_fields))
        return f"has {len(record)} fields; a line of this file has {accepted}"
    for place in places:
        value = record[place] if place < len(record) else ""
        if "\0" in value:
            return f"field {place + 1} holds a NUL byte; text has none"
        if any("\udc80" <= letter <= "\udcff" for letter in value):
            return f"field {place + 1} holds bytes that are not UTF-8"
    return ""


def _records(path: Path, layout: EventLayout) -> Iterator[tuple[int, list[str] | str]]:
    """Each record with the line it begins on; a reason in place of one that is too long to be read."""
    if layout.is_quoted:
        yield from _quoted_records(path, layout)
        return
    too_long = f"is longer than {MAX_LINE_BYTES:,} bytes; no line of an event file is"
    with path.open("rb") as handle:
        line = 0
        while block := handle.readline(MAX_LINE_BYTES + 1):
            line += 1
            if len(block) > MAX_LINE_BYTES:
                while block and not block.endswith(b"\n"):
                    block = handle.readline(MAX_LINE_BYTES)
                yield line, too_long
                continue
            if line == 1:
                block = block.removeprefix(_MARK)
            text = block.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", errors="surrogateescape")
            if text.strip(" "):
                yield line, text.split(layout.delimiter)


def _quoted_records(path: Path, layout: EventLayout) -> Iterator[tuple[int, list[str] | str]]:
    """Records of a file with quotes; one that does not fit ends with its first line, whatever quote it opens.

    Otherwise a quote that nothing closes would take all the following lines with it.
    """
    taken: list[str] = []
    waiting: deque[str] = deque()
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as handle:
        handle.seek(len(_MARK) if handle.read(1) == "\ufeff" else 0)

        def feed() -> Iterator[str]:
            while sum(map(len, taken)) <= MAX_LINE_BYTES:
                text = waiting.popleft() if waiting else handle.readline(MAX_LINE_BYTES + 1)
                if not text:
                    return
                taken.append(text)
                yield text

        line, n_fields = 1, 0
        while True:
            fault = ""
            try:
                record: list[str] = next(csv_reader(feed(), delimiter=layout.delimiter, strict=True), [])
            except csv.Error as error:
                record, fault = [], f"is no line of a CSV file ({error})"
            if not taken:
                return
            if len(taken[0]) > MAX_LINE_BYTES:
                text = taken[0]
                while text and not text.endswith(("\n", "\r")):
                    text = handle.readline(MAX_LINE_BYTES)
                fault = f"is longer than {MAX_LINE_BYTES:,} characters; no line of an event file is"
            elif len(taken) > 1 and not fault and len(record) != n_fields:
                fault = "opens a quote that does not close within its record"
            n_lines = 1 if fault else len(taken)
            waiting.extendleft(reversed(taken[n_lines:]))
            taken.clear()
            if fault:
                yield line, fault
            elif record:
                n_fields = n_fields or len(record)
                yield line, record
            line += n_lines
