"""Folders of raw files with every hostile text in every field of text, for the tests that build and brief them."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from archive_cases import INVENTED, SOURCE_LAYOUT
from hostile_strings import hostile_strings

from analysis.paths import PROJECT, RAW

REFERENCE = PROJECT / "analysis" / "reference"

FREE = {
    "events": "event_class place summary source1_outlet source1_url source2_outlet source2_url note",
    "tie_effects": "reason",
    "memberships": "source_outlet source_url note",
    "missions": "city source_outlet source_url note",
    "agreements": "title source_url note",
    "deployments": "site source_url note",
    "economic_ties": "unit sector source_outlet source_url note",
    "votes": "source_url note",
    "claims": "claim outlet url version",
    "article_claims": "statement evidence_sought",
    "port_figures": "port source_outlet source_url note",
    "projects": "name operator_or_investor status unit source_outlet source_url note",
    "changes": "reason source_url",
}
"""Layout to its fields that any text may stand in; what hangs on them is shown in reports."""

# Fields by which rows are brought together: one value becomes one hostile text, and stays in it.
_KEPT_TOGETHER = {"port", "unit", "city", "status", "source_outlet", "outlet", "claim", "event_class", "note"}
_BY_LINE = {"memberships", "missions", "agreements", "deployments", "economic_ties"}
TRICKS = hostile_strings()


def plant_in_free_fields(folder: Path, seed: int) -> list[str]:
    """The project's raw files with a hostile text in each field of text of each row; returns the texts planted."""
    folder.mkdir()
    planted: set[str] = set()
    reviewed = (REFERENCE / "tie_choices.csv").read_text(encoding="utf-8")
    corrected = {(row["file"], row["field"], row["old"]) for row in _read(REFERENCE / "corrections.csv")[1]}
    for path in sorted(RAW.glob("*.csv")):
        columns, rows = _read(path)
        layout = _layout_of(columns)
        free = [name for name in columns if name in FREE[layout].split()]
        # Reviewed choices name rows of these by their line.
        texts = [text for text in TRICKS.values() if layout not in _BY_LINE or not set(text) & set("\r\n")]
        for number, row in enumerate(rows):
            for place, name in enumerate(free):
                # A reviewed choice that names an agreement would no longer find it, nor a correction what it corrects.
                is_kept = (name == "title" and row[name] in reviewed) or (path.name, name, row[name]) in corrected
                if (row[name] or name != "source2_url") and not is_kept:
                    row[name] = _plant(row[name], name, texts, seed + number * len(free) + place)
                    planted.add(row[name])
        _write(folder / path.name, columns, rows)
    return sorted(planted)


def _plant(value: str, name: str, texts: list[str], number: int) -> str:
    together = name in _KEPT_TOGETHER
    text = texts[(zlib.crc32(f"{name} {value}".encode()) if together else number) % len(texts)]
    if name == "claim":
        question, _, words = value.partition(": ")
        return f"{question}: {' '.join(text.split())} {words}"
    return f"{text} {value}" if together else text


def plant_one_by_one(folder: Path) -> int:
    """For each layout a file in which each row has one hostile text in one field; returns the number of rows."""
    folder.mkdir()
    n_rows = 0
    seen: set[str] = set()
    for path in sorted(RAW.glob("*.csv")):
        columns, rows = _read(path)
        layout = _layout_of(columns)
        if layout in seen:
            continue
        seen.add(layout)
        spoiled = list(_spoil(columns, rows, list(TRICKS.values())))
        n_rows += len(spoiled)
        _write(folder / f"planted_{path.name}", columns, spoiled)
    return n_rows


def write_field_by_field(folder: Path, text: str) -> int:
    """For each layout a file with a row for each field, in which this text stands, between ordinary rows."""
    folder.mkdir()
    n_rows = 0
    seen: set[str] = set()
    for path in sorted(RAW.glob("*.csv")):
        columns, rows = _read(path)
        if _layout_of(columns) not in seen:
            seen.add(_layout_of(columns))
            spoiled = list(_spoil(columns, rows, [text]))
            n_rows += len(spoiled)
            _write(folder / f"planted_{path.name}", columns, [*spoiled, {**rows[-1], **_identify(rows[-1], -1)}])
    return n_rows


def _spoil(columns: list[str], rows: list[dict[str, str]], texts: list[str]) -> Iterator[dict[str, str]]:
    """Rows of a file, one for each field and text, each with an identifier of its own."""
    number = 0
    for column in columns:
        for text in texts:
            row = dict(rows[number % len(rows)])
            yield row | _identify(row, number) | {column: text}
            number += 1


def _identify(row: dict[str, str], number: int) -> dict[str, str]:
    """Identifiers that no reviewed table names."""
    return {name: f"{value}x{number}" for name, value in row.items() if name in _IDENTIFIERS}


_IDENTIFIERS = {"event_id", "tie_id", "row_id", "claim_id"}


def plant_in_event_files(folder: Path, tricks: Mapping[str, str] = TRICKS) -> dict[str, int]:
    """A file of each layout, each row with one hostile text in one field that is read; rows by file."""
    folder.mkdir()
    counts = {}
    for kind, layout in SOURCE_LAYOUT.items():
        columns = list(dict.fromkeys(layout.reads.values()))
        texts = [text for text in tricks.values() if layout.is_quoted or not set(text) & set("\t\n\r")]
        # A file is known by its first lines, which are ordinary ones.
        rows: list[dict[str, str]] = [{} for _ in range(30)]
        rows += [{column: text} for column in columns for text in texts]
        for number, row in enumerate(rows):
            row.setdefault(layout.reads["event_id"], str(800_000_000 + number))
        path = folder / f"{kind}.{'csv' if layout.is_quoted else 'tab'}"
        with path.open("w", encoding="utf-8", newline="") as handle:
            write = (
                csv.writer(handle, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
                if layout.is_quoted
                else _plain_writer(handle)
            )
            if layout.has_header:
                write(layout.columns)
            for row in rows:
                filled = INVENTED[kind] | row
                write([filled.get(column, "") for column in layout.columns])
        counts[path.name] = len(rows)
    return counts


def _plain_writer(handle):
    return lambda fields: handle.write("\t".join(fields) + "\n")


def _layout_of(columns: list[str]) -> str:
    from analysis.sources.curated import recognise

    return recognise(columns, "a raw file")


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        rows = list(reader)
        return list(reader.fieldnames or []), rows


def _write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
