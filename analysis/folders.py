"""Putting a finished folder in the place of another, at once where the system can."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

from analysis.own import refuse_link

_HERE = -100  # AT_FDCWD of Linux: paths are taken from the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


def replace_folder(staging: Path, target: Path, keep: tuple[str, ...] = ()) -> None:
    """Put a finished folder in the place of another, which is restored if that fails.

    The two change places in one step on Linux and macOS, so that a reader always finds one of them; where the file
    system cannot do that it takes two renames.

    Parameters
    ----------
    staging, target : Path
        The finished folder, and the one it takes the place of; both on one file system.
    keep : tuple of str
        Folders within the target that live on as they are; they follow in a rename of their own.

    Raises
    ------
    TightropeError
        If a link stands in the place of the target or of the folder that it is moved to meanwhile.
    OSError
        If the folder cannot be put there.
    """
    # A run that ended early has left what it replaced under this name.
    previous = target.with_name(f".{target.name}.previous")
    for path in (target, previous):
        refuse_link(path)  # what `keep` names would be moved out of wherever it leads
    _carry_over(previous, target, keep)
    shutil.rmtree(previous, ignore_errors=True)
    if not target.exists():
        os.rename(staging, target)
        return
    os.rename(staging, previous)
    if not exchange(previous, target):
        os.rename(previous, staging)
        _replace_in_two_steps(staging, target, previous)
    _carry_over(previous, target, keep)
    shutil.rmtree(previous, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; whether that could be done.

    Examples
    --------
    >>> exchange(Path("nowhere"), Path("elsewhere"))
    False
    """
    if os.name != "posix":
        return False
    library = ctypes.CDLL(None)
    paths = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return library.renamex_np(*paths, _EXCHANGE) == 0
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        return bool(library.renameat2(_HERE, paths[0], _HERE, paths[1], _EXCHANGE) == 0)
    return False


def _replace_in_two_steps(staging: Path, target: Path, previous: Path) -> None:
    os.rename(target, previous)
    try:
        os.rename(staging, target)
    except OSError:
        os.rename(previous, target)
        raise


def _carry_over(previous: Path, target: Path, keep: tuple[str, ...]) -> None:
    for name in keep:
        if (previous / name).exists() and not (target / name).exists():
            target.mkdir(parents=True, exist_ok=True)
            os.rename(previous / name, target / name)
