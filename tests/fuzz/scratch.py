"""Files of one input at a time, in the folder for temporary files: the fuzzer's command sets one that it removes."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory


@cache
def scratch() -> Path:
    """A folder of this process, gone with it."""
    folder = TemporaryDirectory(prefix="tightrope-fuzz-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def write(data: bytes, name: str = "input.csv") -> Path:
    """A file of these bytes, in the place of the one before."""
    path = scratch() / name
    path.write_bytes(data)
    return path
