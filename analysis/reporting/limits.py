"""What a report may take of time and memory, and the guard that ends its kernel when it takes more."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

from analysis.errors import TightropeError

if TYPE_CHECKING:
    from analysis.reporting.kernel import ReportKernel

MOST_FILE_BYTES = 20 * 2**20
"""Largest file of a report, unless another limit is given; the Togo briefing has a tenth of it."""

MOST_PRINTED = 200_000
"""Characters of printed text that one output may put on a page, some forty pages: Typst takes minutes for more."""

_LOOK_SECONDS = 0.2
_MEMORY = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?", re.IGNORECASE)
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}


class NotebookError(TightropeError):
    """A cell that failed: names the notebook, the cell and the error."""


@dataclass(frozen=True)
class Limits:
    """What one report may take; None is without limit.

    Attributes
    ----------
    cell_seconds
        Wall time of each cell.
    report_seconds
        Wall time of all cells together.
    memory_bytes
        Resident memory of the kernel and of every process it has started.
    export_seconds
        Wall time of HTML and PDF, which are made at once.
    file_bytes
        Size of each published file, and of all outputs together, which one of them holds.
    """

    cell_seconds: float | None = None
    report_seconds: float | None = None
    memory_bytes: int | None = None
    export_seconds: float | None = None
    file_bytes: int | None = MOST_FILE_BYTES


USUAL_LIMITS = Limits()


class Guard:
    """Ends a kernel that takes longer or more memory than allowed; ends with its context."""

    def __init__(self, kernel: ReportKernel, limits: Limits) -> None:
        self._kernel, self._limits = kernel, limits
        self._over = threading.Event()
        self._deadline = time.monotonic() + limits.report_seconds if limits.report_seconds else None
        is_needed = limits.report_seconds is not None or limits.memory_bytes is not None
        self._thread = threading.Thread(target=self._watch, daemon=True) if is_needed else None

    def __enter__(self) -> Guard:
        if self._thread:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            if self._deadline is not None and time.monotonic() > self._deadline:
                limit = f"{self._limits.report_seconds:g} seconds"
                self._kernel.end(NotebookError(f"took longer than the time-out of {limit}; allow more with --timeout"))
                return
            allowed = self._limits.memory_bytes
            if allowed is not None and memory_of_tree(self._kernel.pid) > allowed:
                limit = write_memory(allowed)
                self._kernel.end(
                    NotebookError(f"needed more than the memory limit of {limit}; allow more with --memory-limit")
                )
                return


def memory_of_tree(pid: int | None) -> int:
    """Resident memory of a process and of all it has started, in bytes; 0 once it has ended."""
    import psutil

    if pid is None:
        return 0
    try:
        process = psutil.Process(pid)
        tree = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0
    total = 0
    for each in tree:
        try:
            total += each.memory_info().rss
        except psutil.Error:
            continue  # it has just ended
    return total


def read_memory(text: str, what: str = "memory limit") -> int:
    """A size of memory, or of whatever else the error is to name, in bytes.

    Raises
    ------
    TightropeError
        If it is no size.

    Examples
    --------
    >>> read_memory("2GB"), read_memory("512 MiB"), read_memory("1.5g")
    (2147483648, 536870912, 1610612736)
    """
    match = _MEMORY.fullmatch(text.strip())
    size = int(float(match[1]) * 1024 ** _POWERS[match[2].upper()]) if match else 0
    if not size:
        raise TightropeError(f"{what} {text!r}; a size such as 512MB or 2GB is accepted")
    return size


def write_memory(size: int) -> str:
    """A size of memory as a person writes it.

    Examples
    --------
    >>> write_memory(2 * 1024**3), write_memory(300 * 1024**2), write_memory(1000)
    ('2 GB', '300 MB', '1000 bytes')
    """
    for unit, power in (("GB", 3), ("MB", 2)):
        if size >= 1024**power:
            return f"{size / 1024**power:.3g} {unit}"
    return f"{size} bytes"
