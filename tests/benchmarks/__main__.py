"""Measure speed and memory, and write docs/benchmarks.md. Run by `make bench`; never part of the tests.

Every figure is the median of several rounds; the rounds of all contestants are interleaved, so that a busy machine
slows all of them alike, and what is claimed is the ratio within one run.
"""

from __future__ import annotations

import ast
import datetime
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import nbformat

from analysis.paths import NOTEBOOKS, PROJECT, RAW

ROUNDS = 5
PAGE = PROJECT / "docs" / "benchmarks.md"
PACKAGES = ("pandas", "numpy", "duckdb", "ibis-framework", "papermill", "nbconvert", "typst", "pypandoc_binary")
TARGET = 2.5


def run_bare_cells(sources: list[str]) -> float:
    """Seconds that the notebook's cells take in this process, imports done, figures rendered as a kernel would."""
    space: dict[str, object] = {"display": lambda *shown: [one._repr_mimebundle_() for one in shown]}
    begun = time.perf_counter()
    for source in sources:
        tree = ast.parse(source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "<cell>", "exec"), space)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), space)
            if hasattr(value, "_repr_mimebundle_"):
                value._repr_mimebundle_()
    return time.perf_counter() - begun


def run_command(*arguments: str) -> float:
    """Seconds that a command takes from start to exit.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails.
    """
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", *arguments], cwd=PROJECT, check=True, capture_output=True)
    return time.perf_counter() - begun


def measure(folder: Path) -> dict[str, list[float]]:
    """Seconds of each contestant in each round."""
    data, reports, executed = folder / "processed", folder / "reports", folder / "plain.ipynb"
    run_command("analysis", "build", "--out", str(data))
    os.environ["TIGHTROPE_DATA"] = str(data)
    notebook = nbformat.read(NOTEBOOKS / "briefing.ipynb", as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    run_bare_cells(sources)  # every import done
    seconds: dict[str, list[float]] = {name: [] for name in ("cells", "brief", "plain", "build")}
    for _ in range(ROUNDS):
        seconds["cells"].append(run_bare_cells(sources))
        seconds["brief"].append(
            run_command("analysis", "brief", "togo", "--data", str(data), "--reports", str(reports))
        )
        plain = run_command("papermill", str(NOTEBOOKS / "briefing.ipynb"), str(executed), "--no-progress-bar")
        plain += run_command("nbconvert", "--to", "html", "--no-input", str(executed))
        seconds["plain"].append(plain)
        seconds["build"].append(run_command("analysis", "build", "--out", str(data), "--force"))
    return seconds


def write_briefings() -> list[str]:
    """The lines of the page on briefings."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = measure(Path(folder))
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    ratio = statistics.median(brief / cells for brief, cells in zip(seconds["brief"], seconds["cells"], strict=True))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    rows = sum(path.read_bytes().count(b"\n") for path in RAW.glob("*.csv"))
    labels = {
        "cells": "the notebook's bare cells, in one process, imports done",
        "brief": "`tightrope brief togo`: check, run, HTML, PDF, publish",
        "plain": "`papermill` then `jupyter nbconvert --to html`: no PDF, no checks, no publishing",
        "build": "`tightrope build --force`: 18 raw files to 14 tables",
    }
    return [
        f"Median of {ROUNDS} interleaved rounds; the raw files hold some {round(rows, -2):,} lines.",
        "",
        "| what | median, s | fastest to slowest, s |",
        "|---|---|---|",
        *(
            f"| {labels[name]} | {medians[name]:.2f} | {min(seconds[name]):.2f} to {max(seconds[name]):.2f} |"
            for name in labels
        ),
        "",
        f"`tightrope brief togo` takes {ratio:.2f} times its bare cells (target: at most {TARGET}), "
        f"and {medians['brief'] / medians['plain']:.2f} times the plain route, which makes no PDF.",
        f"The largest process of a run held {memory:,.0f} MiB.",
        "",
    ]


def write_similarity() -> list[str]:
    """The lines of the page on UN votes."""
    from tests.benchmarks.votes import measure_votes, write_votes

    found = measure_votes()
    return write_votes(found) if found else ["Not measured: the published votes are not beside the project.", ""]


def write_event_archive() -> list[str]:
    """The lines of the page on the archive of coded events."""
    from tests.benchmarks.archive import write_archive

    return write_archive()


def write_archive_by_days() -> list[str]:
    """The lines of the page on the archive's days and engines."""
    from tests.benchmarks.archive import write_days_and_engines

    return write_days_and_engines()


def write_reports_at_night() -> list[str]:
    """The lines of the page on batches."""
    from tests.benchmarks.batch import write_batch

    return write_batch()


def write_equal_reports() -> list[str]:
    """The lines of the page on reports that are equal however they are made."""
    from tests.benchmarks.equal import write_equal

    return write_equal()


def write_sudden_ends() -> list[str]:
    """The lines of the page on batches of which a process is killed."""
    from tests.benchmarks.kills import write_kills

    return write_kills()


def write_exports() -> list[str]:
    """The lines of the page on our pages beside nbconvert's."""
    from tests.benchmarks.pages import write_pages

    return write_pages()


def write_limits() -> list[str]:
    """The lines of the page on what the limits hold at full size."""
    from tests.benchmarks.load import write_load

    return write_load()


SECTIONS = {
    "briefings": ("Briefings", write_briefings),
    "pages": ("HTML and PDF, beside nbconvert's", write_exports),
    "batch": ("Reports at night", write_reports_at_night),
    "equal": ("The same reports by one worker, two and a cluster", write_equal_reports),
    "kills": ("Sudden ends of a batch", write_sudden_ends),
    "archive": ("The archive of coded events", write_event_archive),
    "archive_days": ("The archive, one day more and by Spark", write_archive_by_days),
    "load": ("Load and limits", write_limits),
    "votes": ("Similarity of UN votes", write_similarity),
}


def read_sections() -> dict[str, list[str]]:
    """The page's sections as they stand, by heading."""
    found: dict[str, list[str]] = {}
    if PAGE.is_file():
        for block in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
            heading, *lines = block.split("\n")
            found[heading] = lines[1:]
    return found


def main(names: list[str]) -> None:
    """Measure some sections, all unless some are named, and write the page; the others stay as they were."""
    standing = read_sections()
    versions = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    for name in names or SECTIONS:
        heading, measure_section = SECTIONS[name]
        lines = [f"Measured on {datetime.date.today():%Y-%m-%d} with Python {platform.python_version()}, {versions}; "
                 f"{os.cpu_count()} cores.", "", *measure_section()]  # fmt: skip
        standing[heading] = lines
        print("\n".join(lines))
    page = ["# Benchmarks", "", "Written by `make bench`.", ""]
    for heading, _ in SECTIONS.values():
        if heading in standing:
            page += [f"## {heading}", "", *standing[heading]]
    PAGE.write_text("\n".join(page).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
