"""Event files on disk: found in a folder, recognised by their content, unpacked within limits."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from analysis.errors import TightropeError
from analysis.sources import packed
from analysis.sources.catalogue import refuse_names
from analysis.sources.events import LAYOUTS, EventLayout
from analysis.sources.packed import Bounded, UnreadableFileError, faults_told

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".zip", ".gz")
# What stands beside data and is none: unfinished downloads, ledgers, and what people write of files.
_NO_DATA = (".part", ".json", ".toml", ".md", ".pdf")
_HEAD_BYTES = 65_536
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class EventFile:
    """One event file: its name below the folder, where it is, its size in bytes and its sha256."""

    name: str
    path: Path
    size: int
    sha256: str


def find_event_files(folder: Path) -> list[Path]:
    """Every event file below a folder, in the order of their names.

    Names that begin with a dot, unfinished downloads (``.part``) and other suffixes are left out.

    Raises
    ------
    TightropeError
        If the name of a file is no UTF-8.
    """
    if not folder.is_dir():
        return []
    found = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    by_name = {path.relative_to(folder).as_posix(): path for path in found}
    names = sorted(name for name in by_name if not any(part.startswith(".") for part in name.split("/")))
    refuse_names(names)
    return [by_name[name] for name in names]


def list_left_out(folder: Path) -> list[str]:
    """Names below a folder that may be data and are no event files: packed or written otherwise, or leading nowhere."""
    found = (path for path in folder.rglob("*") if not path.is_dir() and path.suffix.lower() not in _NO_DATA)
    names = (
        path.relative_to(folder).as_posix()
        for path in found
        if path.suffix.lower() not in SUFFIXES or not path.is_file()
    )
    return sorted(name for name in names if not any(part.startswith(".") for part in name.split("/")))


def hash_file(path: Path) -> str:
    """The sha256 of a file's bytes, read in blocks."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def recognise(path: Path, name: str) -> EventLayout | None:
    """The layout of an unpacked event file, by its content; None for an empty file.

    Raises
    ------
    TightropeError
        If it is of no known layout: says what was found and what each reader expects.
    """
    with path.open("rb") as handle:
        head = handle.read(_HEAD_BYTES)
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
    # Lines as the readers part them: what else a text may break its lines with is data.
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip(" \r")]
    if not lines:
        return None
    # One line of another width does not make a file of another layout.
    best = max(LAYOUTS, key=lambda layout: layout.count_fitting(lines[:20]))
    if best.count_fitting(lines[:20]):
        return best
    expected = "\n".join(f"  {layout.expects}" for layout in LAYOUTS)
    raise TightropeError(
        f"{name} is of no known layout; its first line has {lines[0].count(chr(9)) + 1} fields parted by tab, "
        f"{lines[0].count(',') + 1} by comma, and begins {lines[0][:80]!r}; a reader expects one of\n{expected}"
    )


@contextmanager
def unpacked(path: Path, *, limit: int | None = None, spill: Path | None = None) -> Iterator[Path]:
    """The plain text of an event file: itself, or what its zip or gzip holds, in a temporary folder.

    Parameters
    ----------
    path : Path
        Event file.
    limit : int, optional
        Most bytes that it may expand to; that of :mod:`analysis.sources.packed` when None.
    spill : Path, optional
        Folder in which the temporary folder is made.

    Raises
    ------
    UnreadableFileError
        If an archive is broken, encrypted, expands beyond the limit, holds more than one
        file, or one whose name leads out of its folder.
    """
    if path.suffix.lower() not in (".zip", ".gz"):
        yield path
        return
    limit = packed.MAX_EXPANDED_BYTES if limit is None else limit
    with TemporaryDirectory(prefix="unpacked-", dir=spill) as folder:
        target = Path(folder) / "events"
        with faults_told(), _open_only_member(path, limit) as member, target.open("wb") as out:
            shutil.copyfileobj(member, out, _BLOCK_BYTES)
        yield target


@contextmanager
def _open_only_member(path: Path, limit: int) -> Iterator[Bounded]:
    if path.suffix.lower() == ".gz":
        with Bounded(gzip.open(path), limit) as member:
            yield member
        return
    with zipfile.ZipFile(path) as archive, Bounded(archive.open(_only_member(archive, limit)), limit) as member:
        yield member


def _only_member(archive: zipfile.ZipFile, limit: int) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise UnreadableFileError(f"the archive holds {len(members)} files; an event file is packed alone")
    member = members[0]
    name = PurePosixPath(member.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in member.filename:
        raise UnreadableFileError(f"the archive's file {member.filename!r} leads out of its folder")
    if member.flag_bits & 0x1:
        raise UnreadableFileError("the archive is encrypted; put the plain file in its place")
    if member.file_size > limit:
        raise UnreadableFileError(f"the archive expands to {member.file_size:,} bytes; the limit is {limit:,}")
    return member
