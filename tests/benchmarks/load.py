"""What the limits hold at full size: rows, states, months, claims and outputs. Part of `make bench`; never of the tests.

Run it small while working on it: TIGHTROPE_BENCH_LOAD=0.01 python -m tests.benchmarks load.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.paths import NOTEBOOKS, PROJECT, RAW, SOURCES_TOML
from tests.benchmarks.curated_rows import list_states, many_claims, write_events
from tests.benchmarks.gdelt_rows import SHARED, why_no_frequencies, write_gdelt2
from tests.benchmarks.tree_memory import watch_memory

SHARE = float(os.environ.get("TIGHTROPE_BENCH_LOAD", "1"))
"""Share of the full sizes; for trying out."""
POWERS = ("FRA", "RUS")
CODED_FILES, CODED_ROWS = 5, 10_000_000
CURATED_ROWS, EVENTS_A_STATE, CLAIMS, MONTHS, OUTPUT_BYTES = 100_000, 12, 10_000, 240, 100 * 2**20
MONTHS_START = "2006-03-01"
PAGE = PROJECT / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Taken:
    """One run of a command: exit code, seconds, peak of its process tree in MiB, and what it printed."""

    code: int
    seconds: float
    mib: float
    printed: str

    def row(self, what: str, outcome: str) -> str:
        """A line of the table, from its second cell on."""
        busy = os.getloadavg()[0]
        return f"{what} | {self.seconds:,.0f} | {self.mib:,.0f} | {busy:.0f} | {datetime.date.today():%Y-%m-%d} | {outcome} |"


def run(folder: Path, *arguments: str | Path) -> Taken:
    """Run a command of ours and watch its memory."""
    begun = time.perf_counter()
    with (folder / "printed.txt").open("w+", encoding="utf-8") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "analysis", *map(str, arguments)],
            cwd=PROJECT,
            stdout=file,
            stderr=subprocess.STDOUT,
            env={**os.environ, "COLUMNS": "1000"},
        )
        peak, _ = watch_memory(process)
        seconds = time.perf_counter() - begun
        file.seek(0)
        return Taken(process.returncode, seconds, peak, file.read())


def copy_raw(folder: Path) -> Path:
    """A folder with the project's own raw files."""
    folder.mkdir()
    for path in (*RAW.glob("*.csv"), *RAW.glob("*.toml")):
        shutil.copy(path, folder)
    return folder


def write_notebooks(folder: Path, entry: str, *, notebook: str = "briefing.ipynb") -> Path:
    """A folder with a notebook of the project and one entry."""
    folder.mkdir()
    shutil.copy(NOTEBOOKS / notebook, folder)
    (folder / "briefings.toml").write_text(f'[load]\nnotebook = "{notebook}"\n{entry}\n', encoding="utf-8")
    return folder


def build_coded(folder: Path) -> str:
    """Fifty million rows of coded events through the archive's build, with a limit of 1 GB."""
    rows = int(CODED_ROWS * SHARE)
    raw = copy_raw(folder / "raw")
    for number in range(CODED_FILES):
        start = datetime.date(2018 + number, 1, 1)
        write_gdelt2(raw / "events", rows, seed=20181 + number, start=start, days_per_file=365)
    taken = run(folder, "build", "--raw", raw, "--out", folder / "processed", "--memory-limit", "1GB")
    kept = re.search(r"(\d+) coded events", taken.printed)
    assert kept, taken.printed[-2000:]
    return taken.row(
        f"{CODED_FILES * rows:,} rows of GDELT 2.0, `build --memory-limit 1GB`", f"{int(kept[1]):,} events kept"
    )


def build_curated(folder: Path) -> str:
    """A hundred thousand hand-coded events through the build."""
    raw, rows = folder / "raw", int(CURATED_ROWS * SHARE)
    raw.mkdir()
    write_events(raw / "events.csv", rows, powers=("FRA", "RUS", "CHN", "USA"), start=MONTHS_START)
    taken = run(folder, "build", "--raw", raw, "--out", folder / "processed")
    assert taken.code == 0, taken.printed[-2000:]
    return taken.row(
        f"{rows:,} hand-coded events, `build`", f"all kept; {len(taken.printed.splitlines()):,} lines printed"
    )


def brief_states(folder: Path, language: str, n_events: int) -> str:
    """A briefing of every state in one batch: of the real events alone, or with some of each state."""
    states = list_states()[: max(3, int(len(list_states()) * SHARE))]
    raw = copy_raw(folder / "raw")
    if n_events:
        write_events(raw / "load_events.csv", n_events * len(list_states()), powers=POWERS, start="2020-01-01")
    entry = f'powers = {json.dumps(POWERS)}\nlanguage = "{language}"\ngrid.state = {json.dumps(states)}'
    notebooks, reports = write_notebooks(folder / "notebooks", entry), folder / "reports"
    taken = run(folder, "batch", *where(folder, raw, notebooks), "--force", "--jobs", "2")
    made = re.findall(r"^\[\d+/\d+\] (\S+): made", taken.printed, re.MULTILINE)
    refused = re.findall(r"^\[\d+/\d+\] \S+: failed: (.*)", taken.printed, re.MULTILINE)
    clear = [why for why in refused if why.startswith(("no event between", "FRA is the state", "RUS is the state"))]
    pages = [path.stat().st_size / 2**20 for path in reports.glob("*/latest/briefing.html")]
    what = f"{len(states)} states in one batch, {language}, " + (
        f"{n_events} events each" if n_events else "real events"
    )
    size = f"; HTML of {min(pages):.2f} to {max(pages):.2f} MiB" if pages else ""
    return taken.row(
        what, f"{len(made)} made, {len(clear)} refused with why, {len(refused) - len(clear)} failed otherwise{size}"
    )


def brief_months(folder: Path) -> str:
    """One briefing over twenty years of months."""
    raw = folder / "raw"
    raw.mkdir()
    rows = int(10_000 * max(SHARE, 0.1))
    write_events(raw / "events.csv", rows, powers=POWERS, start=MONTHS_START)
    notebooks = write_notebooks(
        folder / "notebooks", f'state = "TGO"\npowers = {json.dumps(POWERS)}\nstart = "{MONTHS_START}"'
    )
    taken = run(folder, "batch", *where(folder, raw, notebooks), "--force")
    return taken.row(f"a briefing over {MONTHS} months, {rows:,} events", describe_report(folder, taken))


def brief_claims(folder: Path) -> str:
    """The ledger of ten thousand claims, and its pages."""
    from analysis.build import build

    raw, rows = copy_raw(folder / "raw"), int(CLAIMS * SHARE)
    (raw / SOURCES_TOML).unlink()  # it holds the hash of the claims that these take the place of
    with many_claims(raw / "togo_claims.csv", rows):
        build(raw, folder / "processed")
    notebooks = write_notebooks(
        folder / "notebooks", f'state = "TGO"\npowers = {json.dumps(POWERS)}', notebook="claims.ipynb"
    )
    # The batch finds the tables built already, with judgements on these claims that the package does not have.
    taken = run(folder, "batch", *where(folder, raw, notebooks), "--force")
    return taken.row(f"{rows:,} claims, the notebook of claims", describe_report(folder, taken))


def print_much(folder: Path) -> str:
    """A cell that prints a hundred megabytes, in a batch with others."""
    from tests.small_briefings import write_briefings

    n_bytes = int(OUTPUT_BYTES * max(SHARE, 0.3))
    write_briefings(folder / "notebooks", 2, large=f"print('x' * {n_bytes})")
    taken = run(folder, "batch", *where(folder, RAW, folder / "notebooks"), "--force", "--jobs", "1")
    why = re.search(r"large: failed: (.*?);", taken.printed)
    assert why, taken.printed[-2000:]
    made = len(re.findall(r": made", taken.printed))
    return taken.row(f"a cell that prints {n_bytes / 2**20:,.0f} MiB, beside two others", f"{made} made; {why[1]}")


def where(folder: Path, raw: Path, notebooks: Path) -> Sequence[str | Path]:
    """The options that name folders."""
    return [
        "--data", folder / "processed", "--reports", folder / "reports", "--notebooks", notebooks, "--raw", raw,
    ]  # fmt: skip


def describe_report(folder: Path, taken: Taken) -> str:
    """Sizes of the pages of the one report of a folder, or why there is none."""
    latest = folder / "reports" / "load" / "latest"
    if not latest.is_dir():
        return re.sub(r"\s+", " ", taken.printed.strip()[-300:])
    html, pdf = (latest / f"briefing.{suffix}" for suffix in ("html", "pdf"))
    pages = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=False).stdout
    number = re.search(r"Pages:\s+(\d+)", pages)
    return f"HTML of {html.stat().st_size / 2**20:.2f} MiB, PDF of {pdf.stat().st_size / 2**20:.2f} MiB" + (
        f" on {number[1]} pages" if number else ""
    )


def write_load() -> list[str]:
    """The lines of the page on load."""
    runs = {
        "coded": build_coded,
        "curated": build_curated,
        "states": lambda folder: brief_states(folder, "en", 0),
        "states with events": lambda folder: brief_states(folder, "en", EVENTS_A_STATE),
        "states in French": lambda folder: brief_states(folder, "fr", EVENTS_A_STATE),
        "months": brief_months,
        "claims": brief_claims,
        "output": print_much,
    }
    chosen = os.environ.get("TIGHTROPE_BENCH_LOAD_RUNS", ",".join(runs)).split(",")
    rows = read_rows(list(runs))
    for name in chosen:
        if name == "coded" and (reason := why_no_frequencies(SHARED)):
            rows[name] = f"| {name} | rows of GDELT 2.0 | | | | | not measured: {reason} |"
        else:
            with tempfile.TemporaryDirectory(dir=os.environ.get("TIGHTROPE_BENCH_FOLDER")) as folder:
                rows[name] = f"| {name} | {runs[name](Path(folder))}"
        print(rows[name], flush=True)
    return [
        "Once each, at the sizes that stand in the row; the peak is that of the whole process tree, shared pages counted "
        "once. The load is the machine's average number of running processes in the last minute of the run: where it is "
        "above the number of cores, the machine was shared, and seconds say only that the run ends.",
        "",
        "| part | what | s | peak, MiB | load | day | outcome |",
        "|---|---|---:|---:|---:|---|---|",
        *(rows[name] for name in runs if name in rows),
        "",
    ]


def read_rows(names: Sequence[str]) -> dict[str, str]:
    """The rows that stand on the page, by part: each may take an hour, and one is measured without the others."""
    _, _, section = PAGE.read_text(encoding="utf-8").partition("\n## Load and limits\n")
    lines = section.partition("\n## ")[0].splitlines()
    return {name: line for name in names for line in lines if line.startswith(f"| {name} |")}
