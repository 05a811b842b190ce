"""The archive's ledger: what was read, what each part holds, and which files make up the archive now.

A build writes its new files beside the old ones and then replaces the ledger: that one rename is the moment at
which the archive changes. Readers go by the ledger and never by what lies in the folders.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import TightropeError

LEDGER_JSON = "ledger.json"
_VERSION = 1


@dataclass(frozen=True)
class FileRecord:
    """One raw event file as it was read, and the rows it had and lost."""

    name: str
    size: int
    mtime_ns: int
    sha256: str
    rows_read: int = 0
    rows_rejected: int = 0


@dataclass
class PartRecord:
    """One Parquet file of events: its rows by month (YYYY-MM) and by raw file."""

    path: str
    year: int
    months: dict[str, int]
    files: dict[str, int]


@dataclass
class BatchRecord:
    """Raw files that were cleaned together, and what came of them."""

    name: str
    source_name: str
    layout: str
    files: list[FileRecord]
    parts: list[PartRecord] = field(default_factory=list)
    rejects: str = ""
    unknown_codes: list[tuple[str, str, int]] = field(default_factory=list)


@dataclass
class YearRecord:
    """One year of one source: its dyad-months, and the rows merged into others, by raw file."""

    source_name: str
    year: int
    dyad_months: str
    merges: str = ""
    merged: dict[str, int] = field(default_factory=dict)


@dataclass
class Ledger:
    """Everything the archive is made of.

    Attributes
    ----------
    code : str
        Hash of the code and reference tables that made it.
    rule : str
        Rule by which duplicates were merged.
    batches : dict of str to BatchRecord
        By the hash of what each was made from.
    years : dict of str to YearRecord
        By source and year, as ``gdelt2/2018``.
    """

    code: str = ""
    rule: str = ""
    batches: dict[str, BatchRecord] = field(default_factory=dict)
    years: dict[str, YearRecord] = field(default_factory=dict)

    def paths(self) -> set[str]:
        """Every file of the archive, relative to its folder."""
        found = {part.path for batch in self.batches.values() for part in batch.parts}
        found |= {batch.rejects for batch in self.batches.values()}
        found |= {path for year in self.years.values() for path in (year.dyad_months, year.merges)}
        return found - {""}

    def files(self) -> Iterator[tuple[BatchRecord, FileRecord]]:
        """Every raw file with its batch, by name."""
        pairs = [(batch, file) for batch in self.batches.values() for file in batch.files]
        yield from sorted(pairs, key=lambda pair: pair[1].name)

    def parts(self, source_name: str, months: set[str] | None = None) -> list[PartRecord]:
        """The parts of a source that hold any of some months, by path."""
        found = [
            part
            for batch in self.batches.values()
            if batch.source_name == source_name
            for part in batch.parts
            if months is None or months & set(part.months)
        ]
        return sorted(found, key=lambda part: part.path)

    def count(self) -> list[dict[str, Any]]:
        """Rows read, kept, merged and rejected per raw file.

        Raises
        ------
        AssertionError
            If a row is lost or counted twice.
        """
        kept: dict[str, int] = {}
        for batch in self.batches.values():
            for part in batch.parts:
                for name, rows in part.files.items():
                    kept[name] = kept.get(name, 0) + rows
        merged: dict[str, int] = {}
        for year in self.years.values():
            for name, rows in year.merged.items():
                merged[name] = merged.get(name, 0) + rows
        counts = []
        for batch, file in self.files():
            ends = (kept.get(file.name, 0), merged.get(file.name, 0), file.rows_rejected)
            assert sum(ends) == file.rows_read, f"{file.name}: {file.rows_read} rows read, {sum(ends)} accounted for"
            names = ("rows_kept", "rows_merged", "rows_rejected")
            counts.append(
                {
                    "file": file.name,
                    "source_name": batch.source_name,
                    "sha256": file.sha256,
                    "rows_read": file.rows_read,
                    **dict(zip(names, ends, strict=True)),
                }
            )
        return counts


def load_ledger(folder: Path) -> Ledger | None:
    """The ledger of an archive, or None where there is none of this version.

    Raises
    ------
    TightropeError
        If it is broken.
    """
    path = folder / LEDGER_JSON
    if not path.is_file():
        return None
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["version"] != _VERSION:
            return None
        return Ledger(
            code=stored["code"],
            rule=stored["rule"],
            batches={key: batch_from(batch) for key, batch in stored["batches"].items()},
            years={key: YearRecord(**year) for key, year in stored["years"].items()},
        )
    except (ValueError, KeyError, TypeError) as error:
        raise TightropeError(f"{str(path)!r} is broken ({error}); build the archive anew with --force") from error


def batch_from(stored: dict[str, Any]) -> BatchRecord:
    """A batch's record as it is stored in JSON."""
    return BatchRecord(
        **{
            **stored,
            "files": [FileRecord(**file) for file in stored["files"]],
            "parts": [PartRecord(**part) for part in stored["parts"]],
            "unknown_codes": [(system, code, count) for system, code, count in stored["unknown_codes"]],
        }
    )


def save_ledger(folder: Path, ledger: Ledger) -> None:
    """Replace the ledger, at one stroke."""
    stored = {"version": _VERSION, **asdict(ledger)}
    stored["batches"] = dict(sorted(stored["batches"].items()))
    stored["years"] = dict(sorted(stored["years"].items()))
    write_json(folder / LEDGER_JSON, stored)


def write_json(path: Path, content: Any) -> None:
    """Write a JSON file beside its place and put it there whole."""
    unfinished = path.with_name(f".{path.name}.new")
    with unfinished.open("w", encoding="utf-8") as handle:
        json.dump(content, handle, indent=1, ensure_ascii=False)
        handle.write("\n")
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(unfinished, path)
