"""The hand-coded CSV files: a file is known by its columns, and its rows come out as they stand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import TightropeError, UnknownNameError
from analysis.plain_text import find_fault, one_line, spell_out
from analysis.sources.records import csv_reader

_EVENT_COLUMNS = (
    "event_id date_start date_end date_precision actor1 actor2 third_parties event_class plover_event domain place "
    "summary source1_outlet source1_url source1_date source2_outlet source2_url source2_date certainty note"
)

LAYOUTS: dict[str, frozenset[str]] = {
    name: frozenset(columns.split())
    for name, columns in {
        "events": _EVENT_COLUMNS,
        "tie_effects": "file event_id state_a state_b tie_effect salience reason",
        "memberships": "state organisation start end status source_url note",
        "missions": "state sender mission_type status since until source_url note",
        "agreements": "party_a party_b title signed in_force terminated source_url note",
        "deployments": "host sender start end size site source_url note",
        "economic_ties": "tie_id state partner kind year value unit sector source_outlet source_url source_date note",
        "votes": "resolution date state vote source_url note",
        "claims": "claim_id claim outlet url published version",
        "article_claims": "claim_id statement kind evidence_sought related_questions",
        "port_figures": "row_id port country year measure destination value unit source_outlet source_url note",
        "projects": "row_id name country kind operator_or_investor investor_home start end status value unit note",
        "changes": "file row_id field old new reason source_url",
    }.items()
}
_OPTIONAL: dict[str, frozenset[str]] = {
    "events": frozenset({"statement_certainty", "weak_fit"}),
    "memberships": frozenset({"source_outlet"}),
    "missions": frozenset({"city", "source_outlet", "source_date"}),
    "port_figures": frozenset({"source_date"}),
    "projects": frozenset({"source_outlet", "source_url"}),
}
ID_COLUMNS = ("event_id", "tie_id", "row_id", "claim_id")


@dataclass(frozen=True)
class RawFile:
    """One raw file as read.

    Attributes
    ----------
    name : str
        File name.
    layout : str
        Key of :data:`LAYOUTS`.
    rows : DataFrame
        Every column of the file as text ("" where empty, by the rule of :mod:`analysis.plain_text`; a file column
        named ``file`` becomes ``file_named``), plus ``file`` and ``line`` (the line on which the record begins).
    malformed : list of dict
        Records without the header's number of fields, or with a field that is too long: ``file, line, reason, raw``.
    """

    name: str
    layout: str
    rows: pd.DataFrame
    malformed: list[dict[str, object]]

    @property
    def n_read(self) -> int:
        """Records in the file, well formed or not."""
        return len(self.rows) + len(self.malformed)


def read_curated(path: Path) -> RawFile:
    """Read one hand-coded CSV file.

    Parameters
    ----------
    path : Path
        A UTF-8 CSV file with a header.

    Raises
    ------
    TightropeError
        If the file is empty, is not UTF-8, repeats a column, or matches no layout; the message
        names the file, what was found and what would be accepted.
    """
    header, records = _read_records(path)
    layout = recognise(header, path.name)
    named = ["file_named" if column == "file" else column for column in header]
    rows, malformed = [], []
    for line, record in records:
        fault = _find_fault(record, header)
        if fault:
            raw = json.dumps([one_line(value) for value in record], ensure_ascii=False)
            malformed.append({"file": path.name, "line": line, "reason": fault, "raw": raw})
        else:
            rows.append([*(spell_out(value).strip() for value in record), path.name, line])
    frame = pd.DataFrame(rows, columns=[*named, "file", "line"], dtype=object)
    return RawFile(path.name, layout, frame, malformed)


def recognise(header: list[str], name: str) -> str:
    """The layout whose columns the header holds.

    Examples
    --------
    >>> recognise(["resolution", "date", "state", "vote", "source_url", "note"], "votes.csv")
    'votes'
    """
    repeated = sorted({column for column in header if header.count(column) > 1})
    if repeated:
        raise TightropeError(f"{name}: the header repeats {', '.join(repeated)}; every column needs its own name")
    found = frozenset(header)
    for layout, required in LAYOUTS.items():
        if required <= found <= required | _OPTIONAL.get(layout, frozenset()):
            return layout
    nearest = max(LAYOUTS, key=lambda layout: len(LAYOUTS[layout] & found) / len(LAYOUTS[layout] | found))
    missing, extra = (
        sorted(LAYOUTS[nearest] - found),
        sorted(found - LAYOUTS[nearest] - _OPTIONAL.get(nearest, frozenset())),
    )
    for error in (UnknownNameError("column", column, missing) for column in extra):
        if error.near:
            raise TightropeError(f"{name}: layout {nearest!r} is nearest, but {error}")
    raise TightropeError(
        f"{name}: no layout has these columns: {one_line(', '.join(header))}. Nearest is {nearest!r}"
        + (f"; missing: {', '.join(missing)}" if missing else "")
        + (f"; not expected: {one_line(', '.join(extra))}" if extra else "")
        + f". Accepted layouts: {', '.join(sorted(LAYOUTS))}"
    )


def _find_fault(record: list[str], header: list[str]) -> str:
    if len(record) != len(header):
        return f"the record has {len(record)} fields where the header names {len(header)}"
    return next(filter(None, map(find_fault, header, record)), "")


def _read_records(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TightropeError(f"{path.name}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    if "\0" in text:
        raise TightropeError(f"{path.name}: holds a NUL character; save the file as UTF-8 text")
    # A field that is too long is one row's fault, not the file's.
    reader = csv_reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader)
    except StopIteration:
        raise TightropeError(f"{path.name}: is empty; a header line with the columns of a layout is needed") from None
    except csv.Error as error:
        raise TightropeError(f"{path.name}: line 1: {error}; check the quotes around the header") from error
    return header, _numbered(reader, path.name)


def _numbered(reader: Iterator[list[str]], name: str) -> Iterator[tuple[int, list[str]]]:
    """Records with the line each begins on; blank lines are no records."""
    while True:
        line = reader.line_num + 1  # type: ignore[attr-defined]
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TightropeError(f"{name}: line {line}: {error}; check the quotes around that record") from error
        if record:
            yield line, record
