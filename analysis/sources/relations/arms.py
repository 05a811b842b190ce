"""Arms transfers of SIPRI: compiled dyad-years, and the tables that its database exports."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import TightropeError
from analysis.plain_text import MAX_CHARACTERS, find_fault, one_line, spell_out_lines
from analysis.reference.relation_sources import source_note
from analysis.schema import REJECTS
from analysis.sources.records import csv_reader
from analysis.sources.relations.delimited import decode, open_sheet, read_bytes
from analysis.sources.relations.sheet import Reading

NOTE = source_note("sipri_arms")
_DYADS = {"dyad-years": ("year", "sender", "ccode1", "receiver", "ccode2", "value")}
_ROWS_ARE = {
    "recipient": "recipient", "recipients": "recipient", "exports to": "recipient", "imports by": "recipient",
    "supplier": "supplier", "suppliers": "supplier", "exports by": "supplier", "exports from": "supplier",
}  # fmt: skip
_TITLE = re.compile(r"TIV of arms (?:exports|imports) (?P<side>from|to) (?P<name>.+?), \d{4}\s*-\s*\d{4}\W*$")
_YEAR = re.compile(r"(19|20)\d\d$")
_LINE_END = re.compile("\r\n|\r|\n")
_SHOWN = 200
_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")
_EVERYONE = {
    "all",
    "the world",
    "all suppliers",
    "all recipients",
    "the top 50 largest exporters",
    "the top 50 largest importers",
}
_COLUMNS = (
    "supplier_name",
    "supplier_cow_number",
    "recipient_name",
    "recipient_cow_number",
    "year",
    "tiv_millions",
    "is_under_half",
)
_DTYPES = ("str", "Int64", "str", "Int64", "Int64", "float64", "boolean")


def read_arms_dyads(path: Path | str) -> Reading:
    """Arms transfers by supplier, recipient and year, from compiled dyad-years.

    Parameters
    ----------
    path : Path
        Dyad-years (year, sender, ccode1, receiver, ccode2, value), plain or gzip.

    Returns
    -------
    Reading
        frame: ``supplier_name`` (str), ``supplier_cow_number`` (Int64), ``recipient_name``,
        ``recipient_cow_number``, ``year`` (Int64), ``tiv_millions`` (float64, trend-indicator value in
        millions: a volume, not a price), ``is_under_half`` (boolean, always missing: these dyad-years write
        0 both for no transfer and for one under half a million).

    Raises
    ------
    TightropeError
        The file is not one of these.
    """
    path = Path(path)
    sheet = open_sheet(path, "arms transfers (dyad-years)", _DYADS)
    values = sheet.numbers("value")
    sheet.refuse(values < 0, lambda row: f"value {values[row]:g} is below zero")
    frame = pd.DataFrame(
        {
            "supplier_name": sheet.texts("sender"),
            "supplier_cow_number": sheet.integers("ccode1", 1, 999),
            "recipient_name": sheet.texts("receiver"),
            "recipient_cow_number": sheet.integers("ccode2", 1, 999),
            "year": sheet.integers("year", 1900, 2100),
            "tiv_millions": values,
            "is_under_half": pd.Series([None] * len(values), dtype="boolean"),
        }
    )
    return sheet.close(frame, key=("supplier_cow_number", "recipient_cow_number", "year"))


def read_arms_table(path: Path | str, *, supplier: str | None = None, recipient: str | None = None) -> Reading:
    """Arms transfers by year from a table that SIPRI's database exports as CSV.

    Such a table has some lines of explanation, a header with one column per year and totals, and one row per
    supplier or per recipient. An empty cell means that no transfer is known; a 0 is one under half a million.
    Rows of totals are no records.

    Parameters
    ----------
    path : Path
        The exported table.
    supplier, recipient : str, optional
        To which supplier or recipient the table was limited, where its title does not say so. Without
        either the values are those with all the world.

    Returns
    -------
    Reading
        frame: the columns of :func:`read_arms_dyads`, one row per name and year with a transfer;
        both numbers are missing, for SIPRI gives names. A missing ``supplier_name`` or
        ``recipient_name`` stands for all the world. ``n_read`` and ``n_kept`` count rows of the table, each one name.

    Raises
    ------
    TightropeError
        No header with years is found, its rows are neither suppliers nor recipients, or the title contradicts
        the given supplier or recipient.
    """
    path = Path(path)
    lines = _LINE_END.split(decode(read_bytes(path)))
    start = next((number for number, line in enumerate(lines) if _is_header(line)), None)
    if start is None:
        shown = " / ".join(line.strip()[:_SHOWN] for line in lines[:3])
        raise TightropeError(
            f"{path.name}: is no file of arms transfers (exported table). It begins: {shown}. Expected: a header such "
            "as 'Recipient,2020,2021,...' or 'Exports by,2020,2021,...' below some lines of explanation"
        )
    header = _fields(lines[start])
    fixed = _fixed_side(path.name, lines[:start], supplier, recipient)
    role = _role(path.name, header[0], fixed)
    years = {place: int(text.strip()) for place, text in enumerate(header) if _YEAR.fullmatch(text.strip())}
    if repeated := sorted(year for year, times in Counter(years.values()).items() if times > 1):
        shown = ", ".join(map(str, repeated))
        raise TightropeError(f"{path.name}: the header repeats {shown}; every column needs its own name")
    rows: list[dict[str, Any]] = []
    rejects: list[dict[str, Any]] = []
    names: set[str] = set()
    n_read = 0
    for line, record in _records(path.name, lines, start + 1):
        name = spell_out_lines(record[0].strip()) if record else ""
        if not "".join(record).strip() or name.lower().startswith("total"):
            continue
        n_read += 1
        found, reason = _cells(record, header, years)
        if not name:
            reason = "the row has no name"
        elif name in names:
            reason = f"an earlier row has the same name: {name}"
        reason = find_fault("name", name) or reason
        if reason:
            raw = one_line(json.dumps(record, ensure_ascii=False), most=MAX_CHARACTERS)
            rejects.append({"file": path.name, "line": line, "reason": one_line(reason), "raw": raw})
            continue
        names.add(name)
        sides = {"supplier_name": fixed.get("supplier"), "recipient_name": fixed.get("recipient"), f"{role}_name": name}
        rows += [sides | cell for cell in found]
    frame = pd.DataFrame(rows).reindex(columns=list(_COLUMNS)).astype(dict(zip(_COLUMNS, _DTYPES, strict=True)))
    return Reading(frame, REJECTS.frame(rejects), n_read, n_read - len(rejects))


def _cells(record: list[str], header: list[str], years: dict[int, int]) -> tuple[list[dict[str, Any]], str | None]:
    if len(record) != len(header):
        return [], f"the record has {len(record)} fields where the header names {len(header)}"
    found = []
    for place, year in years.items():
        text = record[place].strip()
        if not text:
            continue
        value = float(text) if _NUMBER.fullmatch(text) else math.inf
        if math.isinf(value):
            return [], f"{year} {text!r} is no number of at least 0"
        found.append({"year": year, "tiv_millions": value, "is_under_half": value == 0})
    return found, None


def _records(name: str, lines: list[str], first: int) -> Iterator[tuple[int, list[str]]]:
    """The records below the header with the line on which each begins; a quoted name may hold a line end."""
    reader = csv_reader([f"{line}\n" for line in lines[first:]], strict=True)
    line = first + 1
    try:
        for record in reader:
            yield line, record
            line = first + reader.line_num + 1
    except csv.Error as error:
        raise TightropeError(f"{name}: the record on line {line} cannot be read: {error}; check its quotes") from error


def _is_header(line: str) -> bool:
    fields = _fields(line)
    return sum(bool(_YEAR.fullmatch(field.strip())) for field in fields[1:]) >= 1 and not _YEAR.fullmatch(
        fields[0].strip()
    )


def _fields(line: str) -> list[str]:
    return next(csv_reader(io.StringIO(line)), [])


def _fixed_side(name: str, preamble: list[str], supplier: str | None, recipient: str | None) -> dict[str, str]:
    given = {side: text for side, text in (("supplier", supplier), ("recipient", recipient)) if text}
    titled = {}
    for line in preamble:
        match = _TITLE.search(line.strip())
        if match and match["name"].strip().lower() not in _EVERYONE:
            titled["supplier" if match["side"] == "from" else "recipient"] = match["name"].strip()
    for side, text in titled.items():
        if given.setdefault(side, text) != text:
            raise TightropeError(f"{name}: its title names the {side} {text!r}, not {given[side]!r}")
    if len(given) > 1:
        raise TightropeError(f"{name}: a table is limited to a supplier or to a recipient, not to both: {given}")
    return given


def _role(name: str, first: str, fixed: dict[str, str]) -> str:
    """Whether the rows are suppliers or recipients: as the header says, or else the side that the title leaves open."""
    role = _ROWS_ARE.get(first.strip().lower())
    if role is None and not first.strip() and fixed:
        role = "recipient" if "supplier" in fixed else "supplier"
    if role is None or role in fixed:
        raise TightropeError(
            f"{name}: whether its rows are suppliers or recipients is not known: its header begins {first!r}, "
            f"its title names {fixed or 'neither'}; accepted: {', '.join(sorted(_ROWS_ARE))}"
        )
    return role
