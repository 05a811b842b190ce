"""How far a run is: what the core tells, and how it is shown on a terminal or in a log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich import filesize
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as RichBars

from analysis.terminal import shown


class Progress:
    """What a run tells of itself; this one keeps quiet. Calls may come from several threads."""

    def planned(self, files: int, size: int | None) -> None:
        """So many files will be fetched, of so many bytes in all if that is known."""

    def moved(self, name: str, received: int, size: int | None) -> None:
        """So many bytes of a file are here now, of so many if that is known."""

    def waiting(self, name: str, seconds: float, reason: str) -> None:
        """A file waits before its next try."""

    def done(self, name: str, outcome: str) -> None:
        """A file has ended as "new", "already there" or "failed"."""


class LineProgress(Progress):
    """Plain lines, for a log.

    Parameters
    ----------
    say : callable
        Takes one line of text.

    Examples
    --------
    >>> shown = LineProgress(print)
    >>> shown.planned(2, 3_000_000)
    files to fetch: 2, 3.0 MB
    >>> shown.waiting("a.zip", 1.25, "the server answered 503")
    a.zip: the server answered 503; next try in 1.2 s
    >>> shown.done("a.zip", "new")
    [1/2] a.zip: new
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say, self.files, self.ended = say, 0, 0
        self._lock = threading.Lock()

    def planned(self, files: int, size: int | None) -> None:
        """One line with the number of files and their size."""
        self.files = files
        self.say(f"files to fetch: {files}, {filesize.decimal(size) if size is not None else 'size not published'}")

    def waiting(self, name: str, seconds: float, reason: str) -> None:
        """One line with the reason."""
        self.say(f"{name}: {reason}; next try in {seconds:.1f} s")

    def done(self, name: str, outcome: str) -> None:
        """One line a file."""
        with self._lock:
            self.ended += 1
            self.say(f"[{self.ended}/{self.files}] {name}: {outcome}")


class BarProgress(Progress):
    """A bar with bytes, rate and time left, for a terminal.

    Parameters
    ----------
    bars : rich.progress.Progress
        Where it is drawn.
    """

    def __init__(self, bars: RichBars) -> None:
        self.bars, self.files, self.ended, self.total = bars, 0, 0, 0
        self._received: dict[str, int] = {}
        self._lock = threading.Lock()
        self._task: TaskID = bars.add_task("asking what there is", total=None)

    def planned(self, files: int, size: int | None) -> None:
        """Begin the bar of the files; what was read before were lists."""
        with self._lock:
            self.files, self.total, self._received = files, 0, {}
            self.bars.remove_task(self._task)
            self._task = self.bars.add_task(f"0/{files} files", total=size)

    def moved(self, name: str, received: int, size: int | None) -> None:
        """Move the bar; a file that starts anew moves it back."""
        with self._lock:
            self.total += received - self._received.get(name, 0)
            self._received[name] = received
            self.bars.update(self._task, completed=self.total)
            if not self.files:
                self.bars.update(self._task, description=shown(f"reading {name}"), total=size)

    def waiting(self, name: str, seconds: float, reason: str) -> None:
        """One line above the bar."""
        self.bars.console.print(
            shown(f"{name}: {reason}; next try in {seconds:.1f} s"), soft_wrap=True, highlight=False
        )

    def done(self, name: str, outcome: str) -> None:
        """Count the file; a failure gets a line above the bar."""
        with self._lock:
            self.ended += 1
            self.bars.update(self._task, description=f"{self.ended}/{self.files} files")
        if outcome.startswith("failed"):
            self._print(f"{name}: {outcome}")

    def _print(self, line: str) -> None:
        self.bars.console.print(shown(line), soft_wrap=True, highlight=False)


@contextmanager
def show_progress(console: Console) -> Iterator[Progress]:
    """A progress bar if the console is a terminal, plain lines otherwise."""
    if not console.is_terminal:
        yield LineProgress(lambda line: console.print(shown(line), soft_wrap=True, highlight=False))
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with RichBars(*columns, console=console, transient=True) as bars:
        yield BarProgress(bars)
