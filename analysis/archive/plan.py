"""What a build has to do: which files are new or changed, and in which batches they are cleaned."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from analysis.archive.ledger import FileRecord, Ledger
from analysis.engine import Batch
from analysis.errors import TightropeError
from analysis.sources.events import LAYOUTS, EventLayout
from analysis.sources.events.files import EventFile, find_event_files, hash_file, recognise, unpacked
from analysis.sources.packed import UnreadableFileError

# Small files of one day, such as quarter-hours, become one part; a larger file is a part of its own.
_SMALL_BYTES = 8 * 2**20
_DAY_DIGITS = 8

UNKNOWN = EventLayout("unreadable", "unreadable file", "", "", ("", ""), (), {}, {})
"""Stands for the layout of an archive that cannot be opened: its one row is rejected."""


@dataclass
class Plan:
    """Batches by key, the keys to be cleaned anew, and the files that hold nothing."""

    batches: dict[str, Batch] = field(default_factory=dict)
    stamps: dict[str, int] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)


def plan_batches(folder: Path, ledger: Ledger | None) -> Plan:
    """Group the event files of a folder into batches; those the ledger knows are not read.

    A file whose size and time of change are those on record is taken to be the one on record.

    Raises
    ------
    TightropeError
        If a file is of no known layout; every such file is named at once.
    """
    known = {file.name: (batch, file) for batch, file in (ledger.files() if ledger else ())}
    titles = {layout.title: layout for layout in (*LAYOUTS, UNKNOWN)}
    groups: dict[tuple[str, str], list[EventFile]] = {}
    plan, faults = Plan(), []
    for path in find_event_files(folder):
        name, stat = path.relative_to(folder).as_posix(), path.stat()
        plan.stamps[name] = stat.st_mtime_ns
        batch, before = known.get(name, (None, None))
        if batch and before and (before.size, before.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
            file, title = EventFile(name, path, stat.st_size, before.sha256), batch.layout
        else:
            file = EventFile(name, path, stat.st_size, hash_file(path))
            try:
                title = _layout_of(file).title
            except TightropeError as error:
                faults.append(str(error))
                continue
        groups.setdefault((title, _group_of(file)), []).append(file)
    if faults:
        raise TightropeError("\n".join(faults))
    for (title, group), files in groups.items():
        batch_now = Batch(group, titles[title], tuple(files))
        plan.batches[_key_of(batch_now)] = batch_now
    plan.changed = set(plan.batches) - set(ledger.batches if ledger else ())
    return plan


def record_files(
    batch: Batch, stamps: dict[str, int], read: dict[str, int], rejected: dict[str, int]
) -> list[FileRecord]:
    """The files of a batch as the ledger keeps them."""
    return [
        FileRecord(
            file.name, file.size, stamps[file.name], file.sha256, read.get(file.name, 0), rejected.get(file.name, 0)
        )
        for file in batch.files
    ]


def _layout_of(file: EventFile) -> EventLayout:
    try:
        with unpacked(file.path) as path:
            return recognise(path, file.name) or UNKNOWN
    except UnreadableFileError:
        return UNKNOWN


def _group_of(file: EventFile) -> str:
    """A batch's name: folder and day of small files named by their time, otherwise the file's own."""
    stem = file.name.split("/")[-1]
    day = stem[:_DAY_DIGITS]
    if file.size <= _SMALL_BYTES and len(stem) > _DAY_DIGITS and day.isdigit():
        return f"{day}-{_short(file.name.removesuffix(stem))}"
    safe = "".join(letter if letter.isalnum() else "-" for letter in stem)[:40]
    return f"{safe}-{_short(file.name)}"


def _key_of(batch: Batch) -> str:
    made_from = [batch.name, batch.layout.title, *(f"{file.name} {file.sha256}" for file in batch.files)]
    return hashlib.sha256("\n".join(made_from).encode()).hexdigest()[:24]


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
