"""Fifty batches of which one process is killed at a seeded point: what was found wrong afterwards, counted."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from analysis.build import build
from analysis.paths import RAW
from analysis.reporting.batch import make_batch
from analysis.reporting.crew import LocalCrew
from tests.benchmarks.progress import tell
from tests.small_briefings import read_reports, write_briefings
from tests.sudden_ends import N_REPORTS, N_SEEDS, SuddenEnd, kill_and_look

_VICTIMS = {
    "batch": "the batch",
    "server": "the server of kernels",
    "second": "the server of workers",
    "worker": "a worker",
    "kernel": "a kernel",
}


def measure_kills() -> list[SuddenEnd]:
    """One sudden end for each seed, in order."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder, data = Path(name), Path(name) / "processed"
        build(RAW, data)
        with LocalCrew(data) as crew:
            briefings = write_briefings(folder / "notebooks", N_REPORTS)
            make_batch(briefings, crew, reports=folder / "reports", data=data, jobs=1)
            expected = read_reports(folder / "reports")
            for seed in range(N_SEEDS):
                (folder / str(seed)).mkdir()
                with tempfile.TemporaryDirectory(prefix="t") as place:
                    end = kill_and_look(seed, folder / str(seed), Path(place), crew, data, expected)
                tell(f"seed {seed}: {end.victim} at {end.step}: {'; '.join(end.faults) or 'nothing wrong'}")
                found.append(end)
    return found


def write_kills() -> list[str]:
    """The lines of the page on sudden ends."""
    return describe(measure_kills())


def describe(ends: Sequence[SuddenEnd]) -> list[str]:
    """What was found, as lines of the page."""
    steps = Counter(end.step for end in ends)
    rows = []
    for victim, words in _VICTIMS.items():
        own = [end for end in ends if end.victim == victim]
        counts = (sum(bool(part) for part in parts) for parts in zip(*map(_wrong, own), strict=True))
        rows.append(
            f"| {words} | {len(own)} | {' | '.join(map(str, counts))} |" if own else f"| {words} | 0 | | | | | |"
        )
    wrong = [f"seed {seed}: {'; '.join(end.faults)}" for seed, end in enumerate(ends) if end.faults]
    return [
        f"`kill -9` of one process of a batch of {N_REPORTS} small reports on 2 workers, {len(ends)} times; seed by seed "
        "another process at another line of what the batch says "
        f"({', '.join(f'{step}: {number}' for step, number in steps.most_common())}). "
        "Then the next batch is run, and compared with one that was let be.",
        "",
        "| killed | times | half reports | processes left | locks or files left | next run not complete | other bytes |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *rows,
        "",
        "Nothing was wrong after any of them." if not wrong else f"Wrong were: {'. '.join(wrong)}.",
        "",
    ]


def _wrong(end: SuddenEnd) -> tuple[tuple[str, ...], ...]:
    return end.half, end.alive, end.left, end.not_made, end.different
