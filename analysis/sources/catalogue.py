"""SOURCES.toml: which raw files belong to the project, and whether they are still what was listed."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import TightropeError
from analysis.paths import SOURCES_TOML


@dataclass(frozen=True)
class SourceEntry:
    """One listed file: its name, sha256, citation, licence and day of access."""

    name: str
    sha256: str
    citation: str
    licence: str
    accessed: str


def read_catalogue(raw: Path) -> list[SourceEntry]:
    """The entries of SOURCES.toml in a raw folder; none where the folder has no such file.

    Raises
    ------
    TightropeError
        If an entry lacks a field or the file is not TOML.
    """
    path = raw / SOURCES_TOML
    if not path.is_file():
        return []
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("file", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TightropeError(f"{SOURCES_TOML}: {error}") from error
    fields = tuple(SourceEntry.__dataclass_fields__)
    for number, entry in enumerate(entries, start=1):
        missing = [field for field in fields if field not in entry]
        if missing:
            raise TightropeError(
                f"{SOURCES_TOML}: entry {number} ({entry.get('name', 'unnamed')}) lacks {', '.join(missing)}"
            )
    return [SourceEntry(**{field: str(entry[field]) for field in fields}) for entry in entries]


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def find_raw_files(raw: Path) -> list[Path]:
    """Every CSV file of a raw folder, by name.

    Raises
    ------
    TightropeError
        If the folder does not exist or holds no CSV file.
    """
    if not raw.is_dir():
        raise TightropeError(f"raw folder {str(raw)!r} does not exist; give another with --raw")
    files = sorted(path for path in raw.iterdir() if path.suffix.lower() == ".csv" and path.is_file())
    if not files:
        raise TightropeError(f"raw folder {str(raw)!r} holds no CSV file")
    return files


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
            f'name = "{name}"',
            f'sha256 = "{digest}"',
            'citation = "who coded it, when, what from"',
            'licence = "for example CC-BY-4.0"',
            'accessed = "YYYY-MM-DD"',
        ]
    )
