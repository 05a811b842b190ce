"""How far a batch is, on a terminal or in a log, and the table of what has become of each report."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichBars
from rich.table import Table

from analysis.commands.console import ERR, OUT
from analysis.reporting.batch import Outcome, Progress
from analysis.terminal import shown, shown_lines

_STYLES = {"made": "", "unchanged": "dim", "skipped": "dim", "failed": "red", "left": "yellow"}


class LineProgress(Progress):
    """Plain lines, for a log.

    Parameters
    ----------
    n_reports : int
        How many reports the batch has.
    say : callable
        Takes one line of text.

    Examples
    --------
    >>> shown = LineProgress(2, print)
    >>> shown.step("togo", "exporting HTML and PDF")
    togo: exporting HTML and PDF
    >>> shown.done(Outcome("togo", "made", 4.25))
    [1/2] togo: made in 4.2 s
    """

    def __init__(self, n_reports: int, say: Callable[[str], None]) -> None:
        self._n_reports, self._say, self._n_done = n_reports, say, 0
        self._lock = threading.Lock()

    def step(self, name: str, text: str) -> None:
        """One line a step."""
        self._say(f"{name}: {text}")

    def done(self, outcome: Outcome) -> None:
        """One line a report, with the reason if it failed."""
        with self._lock:
            self._n_done += 1
            self._say(f"[{self._n_done}/{self._n_reports}] {describe(outcome)}")


class BarProgress(Progress):
    """A bar for the batch, and a line for each report that is being made, for a terminal."""

    def __init__(self, bars: RichBars, n_reports: int) -> None:
        self._bars = bars
        self._all = bars.add_task("reports", total=n_reports)
        self._tasks: dict[str, TaskID] = {}
        self._lock = threading.Lock()

    def step(self, name: str, text: str) -> None:
        """The report's line says the step."""
        with self._lock:
            description = shown(f"{name}: {text}")
            if name not in self._tasks:
                self._tasks[name] = self._bars.add_task(description, total=None)
            self._bars.update(self._tasks[name], description=description)

    def done(self, outcome: Outcome) -> None:
        """The report's line goes, the bar moves; a failure gets a line above."""
        with self._lock:
            if outcome.name in self._tasks:
                self._bars.remove_task(self._tasks.pop(outcome.name))
            self._bars.advance(self._all)
            if outcome.state == "failed":
                self._bars.console.print(shown_lines(describe(outcome)), soft_wrap=True, highlight=False)


def describe(outcome: Outcome) -> str:
    """One line, or some if it failed, on what became of a report."""
    if outcome.state == "made":
        return f"{outcome.name}: made in {outcome.seconds:.1f} s"
    return f"{outcome.name}: {outcome.state}" + (f": {outcome.message}" if outcome.message else "")


@contextmanager
def show_batch(n_reports: int) -> Iterator[Progress]:
    """Bars if the console is a terminal, plain lines otherwise."""
    if not ERR.is_terminal:
        yield LineProgress(n_reports, lambda line: ERR.print(shown_lines(line), soft_wrap=True))
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with RichBars(*columns, console=ERR, transient=True) as bars:
        yield BarProgress(bars, n_reports)


def print_outcomes(outcomes: Sequence[Outcome]) -> None:
    """The table at the end: each report, what became of it, how long it took, where it is or why it is not."""
    table = Table("report", "state", box=None, pad_edge=False)
    table.add_column("seconds", justify="right")
    table.add_column("where, or why not", overflow="fold")
    for outcome in outcomes:
        reason = next(iter(outcome.message.splitlines()), "")
        table.add_row(
            shown(outcome.name),
            outcome.state,
            f"{outcome.seconds:.1f}" if outcome.seconds else "",
            shown(str(outcome.folder) if outcome.folder else reason),
            style=_STYLES[outcome.state],
        )
    OUT.print(table)
    counts = {state: sum(outcome.state == state for outcome in outcomes) for state in _STYLES}
    OUT.print(", ".join(f"{n} {state}" for state, n in counts.items() if n or state == "made"))
