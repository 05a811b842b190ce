"""The moment at which the archive changes: new files to their places, then the ledger, then what it no longer names."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from analysis.archive.ledger import Ledger, save_ledger
from analysis.sources.events.files import hash_file

WORK = ".work"
"""The folder of unfinished work within the archive."""


def commit(after: Ledger, out: Path, work: Path) -> None:
    """Move the new files to their places, replace the ledger, and delete what it no longer names."""
    for key, batch in after.batches.items():
        # Another version of the code makes other rows of the same raw files.
        mark = hashlib.sha256(f"{after.code} {key}".encode()).hexdigest()
        for part in batch.parts:
            part.path = _place(work, out, part.path, f"events/source={batch.source_name}/year={part.year}", mark)
        batch.rejects = _place(work, out, batch.rejects, f"rejects/source={batch.source_name}", mark)
    for year in after.years.values():
        folder = f"source={year.source_name}/year={year.year}"
        year.dyad_months = _place(work, out, year.dyad_months, f"dyad_months/{folder}")
        year.merges = _place(work, out, year.merges, f"merges/{folder}")
    save_ledger(out, after)
    sweep(after, out)


def sweep(ledger: Ledger, out: Path) -> None:
    """Delete what the ledger does not name, and unfinished work."""
    kept = ledger.paths()
    for folder in ("events", "rejects", "merges", "dyad_months"):
        for path in sorted((out / folder).rglob("*.parquet")):
            if path.relative_to(out).as_posix() not in kept:
                path.unlink()
    _remove_empty(out)
    shutil.rmtree(out / WORK, ignore_errors=True)


def _place(work: Path, out: Path, path: str, folder: str, mark: str = "") -> str:
    """Where a file of the archive is to stand; moved there if it is still in the folder of unfinished work.

    Every name holds a hash of what the file was made from, so that no new file takes the place of an old one.
    """
    source = work / path
    if not path or not source.is_file():
        return path
    target = out / folder / f"{source.stem}-{(mark or hash_file(source))[:8]}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    return target.relative_to(out).as_posix()


def _remove_empty(out: Path) -> None:
    folders = sorted((path for path in out.rglob("*=*") if path.is_dir()), reverse=True)
    for folder in folders:
        if not any(folder.iterdir()):
            folder.rmdir()
