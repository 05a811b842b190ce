"""Delimited files, plain or packed: recognised by their columns and opened as a sheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

from analysis.errors import TightropeError
from analysis.sources import packed
from analysis.sources.records import csv_reader
from analysis.sources.relations.sheet import LineFinder, Sheet

NULLS = ["", "NA", "NaN", "nan", "."]
_BLOCK_BYTES = 1 << 24


def open_sheet(
    path: Path,
    what: str,
    layouts: Mapping[str, Sequence[str]],
    optional: Iterable[str] | None = (),
    *,
    names: list[str] | None = None,
) -> Sheet:
    """Read a delimited file whose header holds the columns of one of the layouts.

    Parameters
    ----------
    path : Path
        A file with a header, plain, gzip, bzip2 or xz, UTF-8 or Latin-1, with commas or tabs. Its name does not matter.
    what : str
        What the file should be, for the message.
    layouts : mapping of str to columns
        Columns, in lower case, that each layout needs; the first that fits is taken.
    optional : iterable of str, or None
        Further columns to read where the file has them; None reads every column.
    names : list of str, optional
        The columns of a file known to be without a header.

    Raises
    ------
    TightropeError
        The file is missing or empty, or its header fits no layout; says what was found and what is expected.
    """
    data = read_bytes(path)
    text = decode(data)
    head = text.split("\n", 1)[0]
    delimiter = "\t" if head.count("\t") > head.count(",") else ","
    if text.count('"') % 2:
        raise TightropeError(f"{path.name}: a quote is opened and never closed; check the quotes around its records")
    has_header = names is None
    if names is None:
        header: list[str] = next(csv_reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
        names = [column.strip().lower() for column in header]
    layout = fit_layout(path.name, what, names, layouts)
    wanted = set(names) if optional is None else {*layouts[layout], *optional}
    malformed: list[int] = []

    def count(row: Any) -> str:
        malformed.append(1)
        return "skip"

    # most of these files are plain ASCII, and so need no second copy in UTF-8
    is_plain = text.isascii() and len(text) == len(data)
    table = _parse(
        path.name,
        pa.BufferReader(data if is_plain else text.encode("utf-8")),
        read_options=pacsv.ReadOptions(
            use_threads=False, column_names=names, skip_rows=int(has_header), block_size=_BLOCK_BYTES
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=delimiter, newlines_in_values='"' in text, invalid_row_handler=count
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=NULLS, strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            include_columns=[column for column in names if column in wanted],
        ),
    )  # fmt: skip
    find = line_finder(text, names, delimiter, has_header=has_header)
    return Sheet(path.name, layout, table, find, len(malformed))


def _parse(name: str, source: Any, **options: Any) -> pa.Table:
    try:
        return pacsv.read_csv(source, **options)
    except pa.ArrowInvalid as error:
        raise TightropeError(f"{name}: is no table of delimited records: {error}") from error


def fit_layout(name: str, what: str, found: Sequence[str], layouts: Mapping[str, Sequence[str]]) -> str:
    """The layout whose columns are all among those found.

    Raises
    ------
    TightropeError
        None is, or a column stands twice.

    Examples
    --------
    >>> fit_layout("x.csv", "a list", ["a", "b", "c"], {"long": ["a", "d"], "short": ["a", "b"]})
    'short'
    """
    repeated = sorted(column for column, times in Counter(found).items() if column and times > 1)
    if repeated:
        raise TightropeError(f"{name}: the header repeats {', '.join(repeated)}; every column needs its own name")
    for layout, columns in layouts.items():
        if set(columns) <= set(found):
            return layout
    shown = ", ".join(found[:12]) + (f" and {len(found) - 12} more" if len(found) > 12 else "")
    expected = "; or ".join(f"{', '.join(columns)} ({layout})" for layout, columns in layouts.items())
    raise TightropeError(f"{name}: is no file of {what}. Its columns: {shown or 'none'}. Expected: {expected}")


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, unpacked where they are gzip, bzip2 or xz.

    Raises
    ------
    TightropeError
        There is no such file, or nothing in it, or it is packed and broken, or too large for memory.
    """
    try:
        with packed.open_packed(path, packed.MAX_HELD_BYTES) as file:
            data = file.read()
    except (OSError, packed.UnreadableFileError) as error:
        raise TightropeError(f"{path.name}: cannot be read: {error}") from error
    if not data.strip():
        raise TightropeError(f"{path.name}: is empty; a header line and rows are needed")
    return data


def decode(data: bytes) -> str:
    """Text from UTF-8, or else from Latin-1, in which the older of these files are."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _next_record(reader: Iterator[list[str]], line: int) -> list[str] | None:
    """The next record, or None after the last."""
    try:
        return next(reader, None)
    except csv.Error as error:
        raise TightropeError(f"the record on line {line} cannot be read: {error}; check its quotes") from error


def line_finder(text: str, names: Sequence[str], delimiter: str, *, has_header: bool = True) -> LineFinder:
    """A second, exact pass over the text, made only when a row is refused: the line each record begins on."""

    def find(rows: Sequence[int]) -> tuple[dict[int, tuple[int, Any]], list[tuple[int, Any, str]]]:
        wanted = set(rows)
        found: dict[int, tuple[int, Any]] = {}
        malformed: list[tuple[int, Any, str]] = []
        reader = csv_reader(io.StringIO(text, newline=""), delimiter=delimiter)
        if has_header:
            next(reader)
        number, line = 0, reader.line_num + 1
        while (record := _next_record(reader, line)) is not None:
            if record and len(record) != len(names):
                reason = f"the record has {len(record)} fields where the header names {len(names)}"
                malformed.append((line, record, reason))
            elif record:
                if number in wanted:
                    found[number] = (line, dict(zip(names, record, strict=True)))
                number += 1
            line = reader.line_num + 1
        return found, malformed

    return find
