"""Folders and files that a run writes are its own: a link planted in their place leads nowhere."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from analysis.errors import TightropeError


def refuse_link(path: Path) -> None:
    """Raise an error if a link stands where only what we have made ourselves may stand.

    Raises
    ------
    TightropeError
        If `path` is a link, wherever it leads.
    """
    if path.is_symlink():
        raise TightropeError(
            f"{str(path)!r} is a link to {os.readlink(path)!r}, and links are not followed there; remove it, "
            "or name the folder that is meant"
        )


def make_folder(path: Path) -> Path:
    """A folder below one that the user has named, made if it is not there.

    Raises
    ------
    TightropeError
        If a link stands in its place.
    OSError
        If it cannot be made.
    """
    refuse_link(path)
    path.mkdir(parents=True, exist_ok=True)
    return path


def write_new(path: Path, content: str | bytes) -> None:
    """Write a file that is not there yet.

    Raises
    ------
    FileExistsError
        If anything stands in its place, be it a link that leads nowhere.
    """
    with path.open("xb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def replace_file(path: Path, text: str) -> None:
    """Put a text in the place of a file by one rename; a link that stands there is replaced, and not followed.

    Raises
    ------
    OSError
        If it cannot be written; what stood there stays.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     replace_file(Path(folder, "page.html"), "new")
    ...     [path.name for path in Path(folder).iterdir()]
    ['page.html']
    """
    number, fresh = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # or a power cut may leave the name with nothing in it
        with suppress(PermissionError):  # some file systems give every file the same
            os.chmod(fresh, 0o644)
        os.replace(fresh, path)
    finally:
        Path(fresh).unlink(missing_ok=True)
