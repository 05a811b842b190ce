"""SOURCES.toml: which raw files belong to the project, and whether they are still what was listed."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from analysis.errors import TightropeError
from analysis.paths import SOURCES_TOML
from analysis.plain_text import one_line


@dataclass(frozen=True)
class SourceEntry:
    """One listed file: its name, sha256, citation, licence and day of access."""

    name: str
    sha256: str
    citation: str
    licence: str
    accessed: str

    def describe(self) -> dict[str, str]:
        """Where the file comes from, for the record of a build."""
        return {"citation": self.citation, "licence": self.licence, "accessed": self.accessed}


def read_catalogue(raw: Path) -> list[SourceEntry]:
    """The entries of SOURCES.toml in a raw folder; none where the folder has no such file.

    Raises
    ------
    TightropeError
        If an entry lacks a field or is no table of texts, or the file is not TOML.
    """
    path = raw / SOURCES_TOML
    if not path.is_file():
        return []
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("file", [])
    except ValueError as error:  # no TOML, no UTF-8, or a number of more digits than Python reads
        raise TightropeError(f"{SOURCES_TOML}: {error}") from error
    except RecursionError as error:
        raise TightropeError(f"{SOURCES_TOML}: values are nested too deeply; texts are accepted") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise TightropeError(
            f"{SOURCES_TOML}: file is {_shorten(entries)}; entries that begin with [[file]] are accepted"
        )
    fields = tuple(SourceEntry.__dataclass_fields__)
    for number, entry in enumerate(entries, start=1):
        missing = [field for field in fields if field not in entry]
        if missing:
            raise TightropeError(
                f"{SOURCES_TOML}: entry {number} ({_shorten(entry.get('name', 'unnamed'))}) lacks {', '.join(missing)}"
            )
        for field in fields:
            if not isinstance(entry[field], str | date):
                raise TightropeError(
                    f"{SOURCES_TOML}: entry {number}: {field} is {_shorten(entry[field])}; a text is accepted"
                )
    return [SourceEntry(**{field: str(entry[field]) for field in fields}) for entry in entries]


def _shorten(value: Any) -> str:
    return one_line(str(value), 120)


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def find_raw_files(raw: Path) -> list[Path]:
    """Every CSV file of a raw folder, by name.

    Raises
    ------
    TightropeError
        If the folder does not exist, holds no CSV file, or one whose name is no UTF-8.
    """
    if not raw.is_dir():
        raise TightropeError(f"raw folder {str(raw)!r} does not exist; give another with --raw")
    files = sorted(path for path in raw.iterdir() if path.suffix.lower() == ".csv" and path.is_file())
    if not files:
        raise TightropeError(f"raw folder {str(raw)!r} holds no CSV file")
    refuse_names(path.name for path in files)
    return files


def refuse_names(names: Iterable[str]) -> None:
    r"""Refuse names of files that no table could hold.

    Raises
    ------
    TightropeError
        Naming each that is no UTF-8.

    Examples
    --------
    >>> refuse_names(["a.csv", "z\udcff.csv"])
    Traceback (most recent call last):
        ...
    analysis.errors.TightropeError: the name of a file is no UTF-8: 'z\udcff.csv'; rename it
    """
    broken = [name for name in names if not _is_utf8(name)]
    if broken:
        raise TightropeError(f"the name of a file is no UTF-8: {', '.join(map(ascii, broken))}; rename it")


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_catalogue(raw: Path) -> dict[str, str]:
    """Hold the raw files to SOURCES.toml.

    Returns
    -------
    dict
        A ready-made entry for each file that SOURCES.toml does not list, by file name.

    Raises
    ------
    TightropeError
        If a listed file is missing or has changed, naming each with both hashes.
    """
    entries = {entry.name: entry for entry in read_catalogue(raw)}
    present = {path.name: sha256_of(path) for path in find_raw_files(raw)}
    faults = [
        f"{name} is listed in {SOURCES_TOML} but missing from {str(raw)!r}" for name in entries if name not in present
    ]
    faults += [
        f"{name} has changed: {SOURCES_TOML} lists sha256 {entry.sha256}, the file has {present[name]}"
        for name, entry in entries.items()
        if name in present and present[name] != entry.sha256
    ]
    if faults:
        raise TightropeError("\n".join(faults))
    return {name: suggest_entry(name, digest) for name, digest in present.items() if name not in entries}


def suggest_entry(name: str, digest: str) -> str:
    """An entry of SOURCES.toml to fill in.

    Examples
    --------
    >>> print(suggest_entry("mine.csv", "ab12"))
    [[file]]
    name = "mine.csv"
    sha256 = "ab12"
    citation = "who coded it, when, what from"
    licence = "for example CC-BY-4.0"
    accessed = "YYYY-MM-DD"
    """
    return "\n".join(
        [
            "[[file]]",
            f"name = {json.dumps(name, ensure_ascii=False)}",
            f'sha256 = "{digest}"',
            'citation = "who coded it, when, what from"',
            'licence = "for example CC-BY-4.0"',
            'accessed = "YYYY-MM-DD"',
        ]
    )
