"""Files of one input at a time, in memory where the machine has a file system for that."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

_MEMORY = Path("/dev/shm")


@cache
def scratch() -> Path:
    """A folder of this process, gone with it."""
    folder = TemporaryDirectory(prefix="tightrope-fuzz-", dir=_MEMORY if _MEMORY.is_dir() else None)
    atexit.register(folder.cleanup)
    return Path(folder.name)


def write(data: bytes, name: str = "input.csv") -> Path:
    """A file of these bytes, in the place of the one before."""
    path = scratch() / name
    path.write_bytes(data)
    return path
