"""A report folder, made where nobody looks and published by one rename, so that a reader never sees half of it.

``reports/<name>/`` holds the folders of its runs in ``.runs``, and links to them: one named after each day that a
report speaks of, and ``latest``, which points to the newest of these days. A link is swapped by one rename on any file
system; a folder is not. A folder that no link points to is what a dead run left, or what the last run replaced: the
next run removes it, so that whoever is still reading the replaced report can finish.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import TightropeError
from analysis.exhibit import METADATA_KEY
from analysis.locks import LOCK, LockedError, hold_lock
from analysis.own import make_folder, write_new
from analysis.paths import MANIFEST_JSON
from analysis.reporting.days import LATEST, RUNS, list_days, list_published_runs

if TYPE_CHECKING:
    from nbformat import NotebookNode

_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}")
_CANNOT_WRITE = {
    errno.EACCES, errno.EDQUOT, errno.EEXIST, errno.EFBIG, errno.EIO, errno.EISDIR, errno.ENAMETOOLONG, errno.ENOSPC,
    errno.ENOLCK, errno.ENOSYS, errno.ENOTDIR, errno.EOPNOTSUPP, errno.EPERM, errno.EROFS,
}  # fmt: skip
_NO_LINKS = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM)


@contextmanager
def open_staging(
    reports: Path, name: str, *, wait_seconds: float = 0.0, say: Callable[[str], None] = lambda _: None
) -> Iterator[Path]:
    """The folder of one run, gone afterwards unless it was published; the report is locked as long.

    Parameters
    ----------
    reports : Path
        Folder of all reports.
    name : str
        The report's name.
    wait_seconds : float
        How long to wait for another run of the same report, in seconds.
    say : callable
        Told if it has to wait.

    Raises
    ------
    LockedError
        If another run of the report does not end in that time.
    TightropeError
        If the reports folder cannot be written, be it read-only, full or without links, or a link stands where a folder
        of ours must.
    """
    home = reports / name
    with _writing_to(home):
        make_folder(home)
        make_folder(home / RUNS)
        with hold_lock(home / LOCK, f"report {name!r} is being made", wait_seconds=wait_seconds, say=say):
            check_links(home)
            _remove_unpublished(home)
            staging = Path(tempfile.mkdtemp(dir=home / RUNS))
            try:
                staging.chmod(0o755)
                yield staging
            finally:
                discard_staging(staging)


def check_links(folder: Path) -> None:
    """Raise an error if nothing can be published in a folder, because its file system has no symbolic links.

    Parameters
    ----------
    folder : Path
        A folder that is there, and locked by whoever asks.

    Raises
    ------
    TightropeError
        If it has none, as on vfat and some network shares.
    """
    try:
        fresh, _ = _prepare_link(folder / LATEST, RUNS)
        fresh.unlink()
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        raise TightropeError(
            f"no link can be made in {str(folder)!r}: {error.strerror}; reports are published by symbolic links: "
            "name a folder of a file system that has them with --reports"
        ) from error


def discard_staging(staging: Path) -> None:
    """Delete the folder of a run, unless it was published, however the run ended afterwards."""
    if staging.name not in list_published_runs(staging.parent.parent):
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _writing_to(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _CANNOT_WRITE:
            raise
        raise TightropeError(
            f"cannot write reports to {str(home)!r}: {error.strerror}; published reports stay as they were: "
            "make room there, or name another folder with --reports"
        ) from error


def write_outputs(notebook: NotebookNode, staging: Path) -> None:
    """The executed notebook, its figures as SVG and its tables as CSV.

    Raises
    ------
    TightropeError
        If two figures or two tables have the same name, or a name is none of a file.
    """
    import nbformat  # a batch in which nothing has changed should not wait for it

    # Figures stay one text each: as lists of their lines they would take several times as long to write.
    write_new(staging / "briefing.ipynb", nbformat.writes(notebook, split_lines=False) + "\n")
    kinds = {"figure": ("figures", "image/svg+xml", "svg"), "table": ("tables", "text/csv", "csv")}
    for about, data in exhibits(notebook):
        if about["kind"] not in kinds:
            continue
        folder, mime, suffix = kinds[about["kind"]]
        name = about["name"]
        if not isinstance(name, str) or not is_file_name(name):
            raise TightropeError(
                f"{name!r} cannot name one of the {folder}; use up to 100 letters, digits, hyphens and underscores"
            )
        path = make_folder(staging / folder) / f"{name}.{suffix}"
        try:
            write_new(path, "".join(data[mime]))
        except FileExistsError:
            raise TightropeError(f"two {folder} are named {name!r}; name each once") from None


def is_file_name(name: str) -> bool:
    """Whether a figure or a table can have that name.

    Examples
    --------
    >>> is_file_name("tile_map"), is_file_name("../tile_map")
    (True, False)
    """
    return bool(_FILE_NAME.fullmatch(name))


def exhibits(notebook: NotebookNode) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """What each exhibit says of itself, and its representations, in order."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            about = output.get("metadata", {}).get(METADATA_KEY)
            if about:
                yield about, output["data"]


def write_manifest(staging: Path, manifest: Mapping[str, Any]) -> None:
    """What went into a report and what came out, as JSON."""
    write_new(staging / MANIFEST_JSON, json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def publish(staging: Path, as_of: str, *, keep: int | None = None) -> Path:
    """Put a finished report in place of the one of the same day; `latest` moves last.

    Parameters
    ----------
    staging : Path
        A folder that :func:`open_staging` made, complete.
    as_of : str
        The day it speaks of, as an ISO date.
    keep : int, optional
        How many days to keep, the newest, and this one besides; all if absent.

    Returns
    -------
    Path
        The published folder, by its day.

    Raises
    ------
    TightropeError
        If not even one day is to be kept, or something else than a report stands under that day.
    """
    if keep is not None and keep < 1:
        raise TightropeError(f"keep is {keep}; 1 or more is accepted")
    home = staging.parent.parent
    target, days = home / as_of, sorted({*list_days(home), as_of})
    retired = [home / day for day in days[:-keep] if day != as_of] if keep is not None else []
    for folder in (target, home / LATEST, *retired):
        _refuse_other(folder)  # before anything is moved
    _flush(staging)
    _flush_one(home / RUNS)
    # Both links are made before either is moved: what may want for room is behind us then.
    moves = [_prepare_link(target, f"{RUNS}/{staging.name}"), _prepare_link(home / LATEST, days[-1])]
    for fresh, link in moves:
        if link.is_dir() and not link.is_symlink():
            _retire(link)  # published before reports were linked to, or copied without their links
        os.replace(fresh, link)
    for day in retired:
        _retire(day)
    _flush_one(home)
    return target


def retire_days(home: Path, keep: int) -> None:
    """Take away all but the newest days of a report that no run makes anew; does nothing while one does.

    As after a run, whoever has a day open can finish reading: its folder is removed by the next run, or the next call.

    Parameters
    ----------
    home : Path
        The report's folder.
    keep : int
        How many days to keep.

    Raises
    ------
    TightropeError
        If something else than a report stands under a day, or the folder cannot be written.
    """
    if not (home / RUNS).is_dir() or (home / RUNS).is_symlink():
        return
    with suppress(LockedError), _writing_to(home), hold_lock(home / LOCK, f"report {home.name!r} is being made"):
        _remove_unpublished(home)
        retired = [home / day for day in list_days(home)[:-keep]]
        for day in retired:
            _refuse_other(day)
        for day in retired:
            _retire(day)


def _remove_unpublished(home: Path) -> None:
    published = list_published_runs(home)
    for folder in (home / RUNS).iterdir():
        if folder.is_symlink():
            folder.unlink()
        elif folder.name not in published:
            shutil.rmtree(folder, ignore_errors=True)


def _retire(day: Path) -> None:
    """Take a published report away; whoever has it open can finish reading."""
    if day.is_symlink():
        day.unlink()
        return
    os.rename(day, Path(tempfile.mkdtemp(dir=day.parent / RUNS)) / day.name)


def _refuse_other(folder: Path) -> None:
    """Raise an error if something else than a report stands under a day, or as the latest."""
    if folder.is_dir() and not folder.is_symlink() and not (folder / MANIFEST_JSON).is_file():
        raise TightropeError(f"{str(folder)!r} holds no report, and would be deleted; move it away")


def _prepare_link(link: Path, target: str) -> tuple[Path, Path]:
    """A new link beside the one whose place it takes by one rename."""
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target, target_is_directory=True)
    return fresh, link


def _flush(folder: Path) -> None:
    """Bring a folder to the disk, so that no link to it outlives a power cut without it."""
    # Asked for at once, the disk writes them in one go: twenty times faster than one after the other.
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(_flush_one, [*folder.rglob("*"), folder]))


def _flush_one(path: Path) -> None:
    if os.name != "posix":
        return  # folders cannot be opened elsewhere
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
