"""From event files to the archive: reads only what is new or changed, and changes the archive at one stroke."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

import analysis
from analysis.archive.commit import WORK, commit, sweep
from analysis.archive.finish import finish_years
from analysis.archive.ledger import BatchRecord, Ledger, PartRecord, batch_from, load_ledger, write_json
from analysis.archive.plan import UNKNOWN, Plan, plan_batches, record_files
from analysis.cleaning.coded import check_rule
from analysis.engine import Batch, BatchResult, Engine, explain_memory
from analysis.errors import TightropeError
from analysis.locks import LOCK, hold_lock
from analysis.schema import CODED_EVENTS, TABLES
from analysis.sources.events.files import find_event_files, hash_file, unpacked
from analysis.sources.packed import UnreadableFileError

_ROOMS = ("cleaning/coded", "engine", "sources/events")
_TABLES = (
    "actor_groups", "actor_roles", "cameo", "date_precisions", "event_types", "polecat_contexts", "state_codes",
    "state_systems", "states",
)  # fmt: skip
_DONE = "done.json"
_GROUP_BYTES = 256 * 2**20


@dataclass
class ArchiveBuild:
    """What a build of the archive did.

    Attributes
    ----------
    ledger : Ledger
        The archive as it stands now.
    n_read : int
        Files that were read, being new or changed.
    n_known : int
        Files that were not, being as they were.
    """

    ledger: Ledger
    n_read: int
    n_known: int


def build_archive(
    folder: Path,
    out: Path,
    engine: Callable[[], Engine],
    *,
    rule: str = "event",
    force: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> ArchiveBuild | None:
    """Bring the archive in line with the event files of a folder.

    Parameters
    ----------
    folder, out : Path
        Folder of event files, and of the archive.
    engine : callable
        Opens the engine; not called when there is nothing to clean.
    rule : str
        Rule by which duplicates are merged, of :data:`analysis.cleaning.coded.DUPLICATE_RULES`.
    force : bool
        Clean every file anew.
    say : callable
        Told of each step.

    Returns
    -------
    ArchiveBuild or None
        None where there are no event files and never were.

    Raises
    ------
    UnknownNameError
        If there is no such rule.
    LockedError
        If another process is building the archive.
    TightropeError
        If a file is of no known layout, or the archive cannot be written. The archive is as it was then.
    """
    check_rule(rule)
    if not out.exists() and not find_event_files(folder):
        return None
    with ExitStack() as stack:
        try:
            out.mkdir(parents=True, exist_ok=True)
            stack.enter_context(hold_lock(out / LOCK, f"the archive {str(out)!r} is being built"))
        except OSError as error:
            raise TightropeError(f"cannot write to {str(out)!r}: {error.strerror}") from error
        return _build(folder, out, engine, rule, force, say)


def _build(
    folder: Path, out: Path, engine: Callable[[], Engine], rule: str, force: bool, say: Callable[[str], None]
) -> ArchiveBuild | None:
    code = hash_code()
    before = None if force else load_ledger(out)
    if before and (before.code != code or not all((out / path).is_file() for path in before.paths())):
        before = None
    plan = plan_batches(folder, before)
    if not plan.batches and not (out / "ledger.json").is_file():
        return None
    if before and not plan.changed and set(plan.batches) == set(before.batches) and before.rule == rule:
        if (out / WORK).exists():
            sweep(before, out)
        return ArchiveBuild(before, 0, len(plan.stamps))
    if before and before.rule != rule:
        # Rows that another rule merged are in no part; they come back from the raw files.
        before = None
        plan.changed = set(plan.batches)
    if force:
        shutil.rmtree(out / WORK, ignore_errors=True)
    work = _open_work(out, code)
    opened = engine()
    try:
        with explain_memory():
            after = Ledger(code=code, rule=rule)
            again = _with_merged_rows(plan, before, out)
            if before:
                after.batches = {key: before.batches[key] for key in plan.batches if key not in again}
            done = 0
            for keys in _groups(plan, again):
                names = plan.batches[keys[0]].name + (f" to {plan.batches[keys[-1]].name}" if len(keys) > 1 else "")
                say(f"{plan.batches[keys[0]].layout.source_name} {names} ({done + len(keys)} of {len(again)})")
                after.batches |= _clean(keys, plan, opened, work)
                done += len(keys)
            say("merging duplicates and counting dyad-months")
            finish_years(before, after, again, out, work, opened)
            counts = after.count()
            commit(after, out, work)
    finally:
        opened.close()
    n_read = sum(len(plan.batches[key].files) for key in again)
    return ArchiveBuild(after, n_read, len(counts) - n_read)


def hash_code() -> str:
    """One sha256 over the code and the reference tables that the archive depends on."""
    package = Path(analysis.__file__).parent
    paths = [path for room in _ROOMS for path in sorted((package / room).rglob("*.py"))]
    paths += [package / "reference" / f"{name}.csv" for name in _TABLES]
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(package).as_posix()} {hash_file(path)}\n".encode())
    return digest.hexdigest()


def _open_work(out: Path, code: str) -> Path:
    """The folder of unfinished work; what another version of the code left there is thrown away."""
    work = out / WORK
    try:
        mark = work / "code"
        if work.exists() and not (mark.is_file() and mark.read_text(encoding="utf-8") == code):
            shutil.rmtree(work)
        work.mkdir(parents=True, exist_ok=True)
        mark.write_text(code, encoding="utf-8")
    except OSError as error:
        raise TightropeError(f"cannot write to {str(out)!r}: {error.strerror}") from error
    return work


def _with_merged_rows(plan: Plan, before: Ledger | None, out: Path) -> set[str]:
    """The batches to clean: the changed ones, and those whose rows were merged into rows now gone."""
    if before is None:
        return set(plan.batches)
    gone = {file.name for key, batch in before.batches.items() if key not in plan.batches for file in batch.files}
    again = set(plan.changed)
    while gone:
        bereft: set[str] = set()
        for year in before.years.values():
            if year.merges:
                merges = pd.read_parquet(out / year.merges, columns=["file", "kept_file"])
                bereft |= set(merges.loc[merges["kept_file"].isin(gone), "file"])
        added = {key for key, batch in plan.batches.items() if {file.name for file in batch.files} & bereft} - again
        again |= added
        gone = {file.name for key in added for file in plan.batches[key].files}
    return again


def _groups(plan: Plan, again: set[str]) -> Iterator[list[str]]:
    """The batches to clean, by layout and name, as many together as are cleaned at a time."""
    ordered = sorted(again, key=lambda key: (plan.batches[key].layout.title, plan.batches[key].name))
    group: list[str] = []
    size = 0
    for key in ordered:
        batch = plan.batches[key]
        bytes_of = sum(file.size for file in batch.files)
        if group and (batch.layout is not plan.batches[group[0]].layout or size + bytes_of > _GROUP_BYTES):
            yield group
            group, size = [], 0
        group.append(key)
        size += bytes_of
    if group:
        yield group


def _clean(keys: list[str], plan: Plan, engine: Engine, work: Path) -> dict[str, BatchRecord]:
    """Batches of one layout cleaned into the folder of unfinished work, or found there finished."""
    records = {key: record for key in keys if (record := _finished(work, key))}
    missing = [key for key in keys if key not in records]
    folders = [work / key for key in missing]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    batches = [plan.batches[key] for key in missing]
    if not batches:
        return records
    unreadable = batches[0].layout is UNKNOWN
    results = [_reject_whole(batch) for batch in batches] if unreadable else engine.clean(batches, folders)
    for key, result in zip(missing, results, strict=True):
        records[key] = _record(plan.batches[key], result, plan, work, work / key)
    return records


def _finished(work: Path, key: str) -> BatchRecord | None:
    done = work / key / _DONE
    if not done.is_file():
        return None
    record = batch_from(json.loads(done.read_text(encoding="utf-8")))
    paths = [path for path in (*(part.path for part in record.parts), record.rejects) if path]
    return record if all((work / path).is_file() for path in paths) else None


def _record(batch: Batch, result: BatchResult, plan: Plan, work: Path, folder: Path) -> BatchRecord:
    """What came of a batch, written beside its parts once they are all there."""
    for part in result.parts:
        assert pq.read_schema(part.path).names == CODED_EVENTS.columns, f"{part.path.name} breaks its schema"
    rejected = Counter(row["file"] for row in result.rejects)
    record = BatchRecord(
        name=batch.name,
        source_name=batch.layout.source_name,
        layout=batch.layout.title,
        files=record_files(batch, plan.stamps, result.rows_read, rejected),
        parts=[
            PartRecord(part.path.relative_to(work).as_posix(), part.year, part.months, part.files)
            for part in result.parts
        ],
        unknown_codes=[(*code, count) for code, count in sorted(result.unknown_codes.items())],
    )
    if result.rejects:
        path = folder / "rejects.parquet"
        TABLES["rejects"].frame(result.rejects).to_parquet(path, index=False, compression="zstd")
        record.rejects = path.relative_to(work).as_posix()
    write_json(folder / _DONE, asdict(record))
    return record


def _reject_whole(batch: Batch) -> BatchResult:
    """Files that cannot be opened, or hold nothing: the first are one rejected record each, on line 0."""
    result = BatchResult()
    for file in batch.files:
        try:
            with unpacked(file.path):
                result.rows_read[file.name] = 0
        except UnreadableFileError as error:
            result.rows_read[file.name] = 1
            result.rejects.append({"file": file.name, "line": 0, "reason": str(error), "raw": ""})
    return result


def describe_unknown(ledger: Ledger, most: int = 20) -> list[dict[str, Any]]:
    """Codes of actors and places that no reviewed table knows, the most frequent first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for batch in ledger.batches.values():
        for system, code, count in batch.unknown_codes:
            counts[batch.source_name, system, code] += count
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    return [
        {"source_name": source, "system": system, "code": code, "rows": count}
        for (source, system, code), count in ordered
    ]
