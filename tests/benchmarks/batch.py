"""A night's reports against the route that users have today, against the bare cells, and in memory.

Run it small while working on it: TIGHTROPE_BENCH_REPORTS=2 TIGHTROPE_BENCH_ROUNDS=1 python -m tests.benchmarks batch.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.paths import PROJECT
from tests.benchmarks.pdf_routes import list_missing, measure_pdf
from tests.benchmarks.progress import tell
from tests.benchmarks.routes import (
    command_batch,
    find_browser,
    list_questions,
    name_of,
    run_module,
    time_floor,
    time_today,
    write_folder,
)
from tests.benchmarks.tree_memory import run_watched

REPORTS = int(os.environ.get("TIGHTROPE_BENCH_REPORTS", "16"))
ROUNDS = int(os.environ.get("TIGHTROPE_BENCH_ROUNDS", "3"))
ASKED = 16
SIZES = (4, 16, 40)
"""Numbers of reports of which the memory is measured; the last of them is also the batch in which nothing changes."""
_FLAT = 1.1
_LABELS = {
    "batch": "`tightrope batch --force --jobs 2`: tables, notebooks, HTML, PDF, publishing",
    "floor": "the floor: bare cells in two warm processes, imports done, and the same exports",
    "apart": "the floor with a process of its own for each report, forked from one whose imports are done",
    "today": "`papermill`, `nbconvert --to html`, `nbconvert --to webpdf`, one report after the other",
    "today in two processes": "the same in two processes at a time",
}
_PDF_LABELS = {
    "warm": "ours, set again in a warm process",
    "cold": "ours, process and imports included",
    "webpdf": "`nbconvert --to webpdf`",
    "latex": "`nbconvert --to pdf`: XeLaTeX, figures by Inkscape",
}


def write_batch() -> list[str]:
    """The lines of the page on reports at night."""
    with tempfile.TemporaryDirectory() as name:
        return _write(Path(name))


def _write(folder: Path) -> list[str]:
    data, reports = folder / "processed", folder / "reports"
    find_browser(folder / "browsers")
    run_module("analysis", "build", "--out", str(data))
    os.environ["TIGHTROPE_DATA"] = str(data)
    memory = measure_memory(folder, data, reports)  # the floor exports what the largest of these has made
    notebooks = folder / f"memory-{max(memory)}"
    command = [word for word in command_batch(notebooks, data, reports) if word != "--force"]
    unchanged = [_time(command) for _ in range(ROUNDS)]
    tell(f"{max(memory)} unchanged reports: {statistics.median(unchanged):.2f} s")
    seconds = measure_routes(folder, data, reports)
    pdf = measure_pdf(reports / name_of(list_questions(1)[0]) / "latest" / "briefing.ipynb", folder, ROUNDS)
    return describe(seconds, unchanged, memory, pdf)


def measure_memory(folder: Path, data: Path, reports: Path) -> dict[int, tuple[float, float, float]]:
    """Peaks of a batch in MiB by its number of reports, of all its processes and of the largest, and seconds a report.

    Medians of rounds in turns: how much of one report is in memory when another is largest differs from run to run.
    """
    sizes = SIZES if REPORTS == ASKED else (REPORTS,)
    commands = {
        number: command_batch(write_folder(folder / f"memory-{number}", list_questions(number)), data, reports)
        for number in sizes
    }
    found: dict[int, list[tuple[float, float, float]]] = {number: [] for number in sizes}
    for _ in range(ROUNDS):
        for number, command in commands.items():
            peak, largest, taken = run_watched(command)
            found[number].append((peak, largest, taken / number))
            tell(f"{number} reports: peak {peak:,.0f} MiB, {taken:.0f} s")
    return {number: tuple(map(statistics.median, zip(*each, strict=True))) for number, each in found.items()}


def measure_routes(folder: Path, data: Path, reports: Path) -> dict[str, list[float]]:
    """Seconds of each route in each round, in turns."""
    questions = list_questions(REPORTS)
    command = command_batch(write_folder(folder / "notebooks", questions), data, reports)
    seconds: dict[str, list[float]] = {name: [] for name in _LABELS}
    for number in range(ROUNDS):
        seconds["batch"].append(_time(command))
        seconds["floor"].append(time_floor(questions, reports))
        seconds["apart"].append(time_floor(questions, reports, is_apart=True))
        seconds["today"].append(time_today(questions, folder / f"one-{number}", 1))
        seconds["today in two processes"].append(time_today(questions, folder / f"two-{number}", 2))
        tell(
            f"round {number + 1} of {ROUNDS}: "
            + ", ".join(f"{name} {each[-1]:.1f} s" for name, each in seconds.items())
        )
    return seconds


def _time(command: Sequence[str]) -> float:
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the batch ended with {done.returncode}: {done.stderr[-2000:]}")
    return time.perf_counter() - begun


def describe(
    seconds: Mapping[str, Sequence[float]],
    unchanged: Sequence[float],
    memory: Mapping[int, tuple[float, float, float]],
    pdf: Mapping[str, tuple[float, float]],
    reports: int = REPORTS,
) -> list[str]:
    """What was measured, as lines of the page; each target is said to be met or missed by the numbers."""
    return [
        f"{reports} briefings of the real data, each of another state, language or start; median of "
        f"{len(unchanged)} rounds in turns."
        + (
            f" {ASKED}, as the targets ask, were not run; start and build weigh more on fewer."
            if reports < ASKED
            else ""
        ),
        "",
        "| what | median, s | fastest to slowest, s | s a report |",
        "|---|---:|---:|---:|",
        *(
            f"| {_LABELS[name]} | {statistics.median(each):.1f} | {min(each):.1f} to {max(each):.1f} "
            f"| {statistics.median(each) / reports:.2f} |"
            for name, each in seconds.items()
        ),
        "",
        describe_routes(seconds),
        "",
        f"A batch in which nothing has changed takes {statistics.median(unchanged):.2f} s for {max(memory)} reports "
        f"(target: under 1.5, {_verdict(statistics.median(unchanged) < 1.5)}).",
        "",
        "| reports | peak of the whole process tree, MiB | of its largest process, MiB | s a report |",
        "|---:|---:|---:|---:|",
        *(
            f"| {number} | {peak:,.0f} | {largest:,.0f} | {each:.2f} |"
            for number, (peak, largest, each) in memory.items()
        ),
        "",
        describe_memory(memory),
        "",
        "| PDF of the Togo briefing | median, s | values of its tables found in the text |",
        "|---|---:|---:|",
        *(f"| {_PDF_LABELS[name]} | {taken:.2f} | {found:.1%} |" for name, (taken, found) in pdf.items()),
        "",
        *([] if "latex" in pdf else [f"LaTeX is not measured: this machine lacks {' and '.join(list_missing())}.", ""]),
    ]


def describe_routes(seconds: Mapping[str, Sequence[float]]) -> str:
    """How many times faster, against the targets, and what of them the floor leaves within reach."""

    def ratio(one: str, other: str) -> float:
        return statistics.median(a / b for a, b in zip(seconds[one], seconds[other], strict=True))

    one, two, cost = ratio("today", "batch"), ratio("today in two processes", "batch"), ratio("batch", "floor")
    apart, beside = ratio("apart", "floor"), ratio("batch", "apart")
    best_one, best_two = ratio("today", "floor"), ratio("today in two processes", "floor")
    beyond = [f"{target}" for best, target in ((best_one, 8), (best_two, 5)) if best < target]
    return (
        f"The batch is {one:.1f} times as fast as the route of today (target: 8, {_verdict(one >= 8)}), "
        f"{two:.1f} times as that route in two processes (target: 5, {_verdict(two >= 5)}), "
        f"and takes {cost:.2f} times the floor (target: at most 1.3, {_verdict(cost <= 1.3)}). "
        f"That no report is made where another was takes the floor alone to {apart:.2f} times itself; the batch is "
        f"{beside:.2f} times that. "
        f"The floor itself is {best_one:.1f} and {best_two:.1f} times as fast as these routes"
        + (f", so that {' and '.join(beyond)} cannot be reached while the cells cost what they do." if beyond else ".")
    )


def describe_memory(memory: Mapping[int, tuple[float, float, float]]) -> str:
    """Whether the peak grows with the number of reports."""
    few, many = min(memory), max(memory)
    text = "Medians of the rounds; shared pages are counted once."
    if few == many:
        return f"{text} One size alone was measured: {few} reports."
    growth = memory[many][0] / memory[few][0]
    return (
        f"{text} With {many} reports the peak is {growth:.2f} times that with {few} "
        f"(target: flat, at most {_FLAT}, {_verdict(growth <= _FLAT)})."
    )


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "missed"
