"""FETCHED.json: what was fetched, where from, when and under which terms; and the lock on its folder."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis.errors import TightropeError
from analysis.fetch.remote import LEDGER_NAME, RemoteFile
from analysis.fetch.verify import digests_of

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

LOCK_NAME = ".fetch.lock"


@dataclass(frozen=True)
class LedgerEntry:
    """One fetched file.

    Attributes
    ----------
    url : str
        Where it came from, without secrets.
    size : int
        Bytes.
    checksum : str, optional
        The published checksum that it was held to, for example ``"md5:9e10..."``.
    sha256 : str
        Of the bytes that were written.
    citation, licence : str
        How to cite it, and its terms.
    accessed : str
        Day it was fetched or first verified, YYYY-MM-DD.
    """

    url: str
    size: int
    checksum: str | None
    sha256: str
    citation: str
    licence: str
    accessed: str


def read_ledger(folder: Path) -> dict[str, LedgerEntry]:
    """The ledger of a folder, by file name; empty where there is none.

    Raises
    ------
    TightropeError
        If it is broken.
    """
    path = folder / LEDGER_NAME
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {str(name): LedgerEntry(**entry) for name, entry in listed.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TightropeError(
            f"{str(path)!r} is broken ({type(error).__name__}); move it away: files with a published checksum "
            "are verified and listed anew, others are fetched again"
        ) from error


def write_ledger(folder: Path, entries: Mapping[str, LedgerEntry]) -> None:
    """Replace the ledger of a folder, all or nothing; the same entries give the same bytes."""
    listed = {"files": {name: asdict(entry) for name, entry in entries.items()}}
    text = json.dumps(listed, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    handle, staging = tempfile.mkstemp(prefix=f".{LEDGER_NAME}-", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(staging, 0o644)
        os.replace(staging, folder / LEDGER_NAME)
    except BaseException:
        with suppress(OSError):
            os.unlink(staging)
        raise


def find_present(remote: RemoteFile, folder: Path, entries: Mapping[str, LedgerEntry]) -> LedgerEntry | str | None:
    """Whether a remote file is already here, by its bytes.

    Parameters
    ----------
    remote : RemoteFile
        The file.
    folder : Path
        Where it would be.
    entries : mapping
        The ledger.

    Returns
    -------
    LedgerEntry or str or None
        Its entry, if the bytes are those of the ledger and the published checksum is still the same; its sha256, if
        the ledger does not know it but its checksum is the published one; None if it has to be fetched.

    Raises
    ------
    TightropeError
        If something other than a file stands under its name.
    """
    path = folder / remote.name
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise TightropeError(f"{str(path)!r} is not a plain file; move it away")
    if not path.exists():
        return None
    entry = entries.get(remote.name)
    kind, _, published = (remote.checksum or "").partition(":")
    is_listed = entry is not None and entry.checksum == remote.checksum and entry.size == path.stat().st_size
    if not is_listed and not kind:
        return None
    found = digests_of(path, {"sha256"} if is_listed else {"sha256", kind})
    if is_listed and entry is not None:
        return entry if found["sha256"] == entry.sha256 else None
    return found["sha256"] if found[kind] == published else None


@contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Keep a second run out of a folder.

    Raises
    ------
    TightropeError
        If another run holds it, or the lock's file is a link.
    """
    path = folder / LOCK_NAME
    if fcntl is None:
        with _hold_file(path):
            yield
        return
    if path.is_symlink():
        raise TightropeError(f"{str(path)!r} is a link, and is not followed; remove it")
    # The file stays: removing a locked file would let a third run lock another one of the same name.
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise TightropeError(
                f"another run of tightrope fetch is writing to {str(folder)!r}; wait until it has ended"
            ) from error
        yield


@contextmanager
def _hold_file(path: Path) -> Iterator[None]:
    """The lock where the system has no flock: a file that only one run can create."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError as error:
        raise TightropeError(
            f"another run of tightrope fetch is writing to {str(path.parent)!r}; wait until it has ended, or remove "
            f"{path.name} if it was killed"
        ) from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
