"""Measure the archive of coded events against DuckDB's bare scan and the routes users have. Part of `make bench`.

Generated rows have the value frequencies of the published files, which must lie beside the project. Every contestant
runs in a process of its own, in turns; its work is timed from after its imports to its end.
"""

from __future__ import annotations

import math
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import matplotlib as mpl
import numpy as np
import pandas as pd

from analysis.archive.ledger import load_ledger
from analysis.paths import PROJECT
from analysis.reference import load
from analysis.sources.events.gdelt import GDELT2
from analysis.sources.events.reading import raw_columns
from tests.benchmarks.gdelt_rows import GDELT2_COLUMNS, SHARED, why_no_frequencies, write_gdelt2
from tests.benchmarks.peers import Measured, run_measured, run_peer, why_absent, why_too_large

ROUNDS = 3
SIZES = (100_000, 1_000_000, 10_000_000)
FLOORS = ("duckdb_scan", "duckdb_write")
PEERS = ("pandas", "polars", "gdelt", "gdelt_py")
SEED = 20181
COLUMNS = [GDELT2.reads[name] for name in raw_columns(GDELT2)]
PLOT = PROJECT / "docs" / "cost_of_rows.png"


def build(folder: Path, out: Path, scratch: Path, *arguments: str) -> Measured:
    """One build in a process of its own."""
    program = str(Path(__file__).with_name("build_archive.py"))
    environment = {"PYTHONPATH": str(PROJECT), "PYTHONWARNINGS": "ignore"}
    return run_measured([sys.executable, program, str(folder), str(out), *arguments], scratch, **environment)


def measure_sizes(work: Path) -> pd.DataFrame:
    """Seconds and peak memory of the build, the floors and the peers, by number of rows and round."""
    plover = dict(zip(load("cameo")["cameo_code"], load("cameo")["plover_type"], strict=True))
    rows = []
    for size in SIZES:
        files = write_gdelt2(work / f"rows-{size}", size, seed=SEED, days=365, days_per_file=365)
        for number in range(ROUNDS):
            out = work / "archive"
            shutil.rmtree(out, ignore_errors=True)
            rows.append(("tightrope", size, number, build(files[0].parent, out, work, "duckdb", "TGO")))
            for peer in (*FLOORS, *(PEERS if size == SIZES[1] else ())):
                if why_absent(peer) or why_too_large(peer, files):
                    continue
                scratch = work / f"peer-{peer}"
                measured = run_peer(
                    peer, files, scratch, all_columns=list(GDELT2_COLUMNS), columns=COLUMNS, plover=plover
                )
                shutil.rmtree(scratch)
                rows.append((peer, size, number, measured))
    frame = pd.DataFrame(rows, columns=["who", "rows", "round", "measured"])
    frame["seconds"] = [one.answer["work_seconds"] for one in frame["measured"]]
    frame["cpu"] = [one.answer.get("cpu_seconds") for one in frame["measured"]]
    frame["mib"] = [one.peak_mib for one in frame["measured"]]
    frame["query_ms"] = [one.answer.get("query_ms") for one in frame["measured"]]
    return frame


def measure_one_more_day(work: Path) -> dict[str, float]:
    """Seconds for a year of daily files: all but its last day, then that day, then nothing new."""
    files = write_gdelt2(work / "daily", SIZES[-1], seed=SEED, days=365)
    out, later, found = work / "archive", work / files[-1].name, {"year": [], "day": [], "nothing": []}
    for _ in range(ROUNDS):
        shutil.rmtree(out, ignore_errors=True)
        files[-1].rename(later)
        found["year"].append(build(files[0].parent, out, work, "duckdb").answer["work_seconds"])
        later.rename(files[-1])
        found["day"].append(build(files[0].parent, out, work, "duckdb").answer["work_seconds"])
        found["nothing"].append(build(files[0].parent, out, work, "duckdb").answer["work_seconds"])
    return {name: statistics.median(values) for name, values in found.items()}


def compare_engines(work: Path) -> str:
    """Whether Spark gives the same tables as DuckDB."""
    from tests.spark_cluster import has_spark

    if reason := has_spark():
        return f"Spark was not run: {reason}."
    folder = work / "compared"
    write_gdelt2(folder, SIZES[1], seed=SEED, days=365, days_per_file=365)
    outs = {engine: work / f"by-{engine.split(':')[0]}" for engine in ("duckdb", "spark://local")}
    seconds = {engine: build(folder, out, work, engine).answer["work_seconds"] for engine, out in outs.items()}
    tables = {engine: hash_tables(out) for engine, out in outs.items()}
    same = tables["duckdb"] == tables["spark://local"]
    assert same, tables
    return (
        f"DuckDB and Spark (in one process, two threads) give identical tables on {SIZES[1]:,} rows: events, rejects, "
        f"dyad-months, {tables['duckdb']['events'][0]:,} events kept; {seconds['duckdb']:.1f} s and "
        f"{seconds['spark://local']:.1f} s, once each."
    )


def hash_tables(out: Path) -> dict[str, Any]:
    """Rows and a hash of each table of an archive that does not depend on their order."""
    ledger = load_ledger(out)
    paths = {
        "events": [part.path for batch in ledger.batches.values() for part in batch.parts],
        "rejects": [batch.rejects for batch in ledger.batches.values() if batch.rejects],
        "dyad_months": [year.dyad_months for year in ledger.years.values()],
    }
    found = {}
    for name, files in paths.items():
        listed = [str(out / path) for path in files]
        columns = duckdb.execute("SELECT * FROM read_parquet(?) LIMIT 0", [listed]).df().columns
        row = "hash(" + ", ".join(f'"{column}"' for column in sorted(columns)) + ")"
        found[name] = duckdb.execute(f"SELECT count(*), bit_xor({row}) FROM read_parquet(?)", [listed]).fetchone()
    return found


def plot_cost(medians: pd.DataFrame, exponent: float) -> None:
    """Seconds against rows on two logarithmic axes."""
    mpl.use("agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(5.2, 3.4), layout="constrained")
    for who, label, colour in (("tightrope", "Tightrope", "#0072B2"), ("duckdb_scan", "DuckDB bare scan", "#777777")):
        line = medians.loc[who]
        axes.loglog(line.index, line["seconds"], marker="o", color=colour)
        axes.annotate(label, (line.index[1], line["seconds"].iloc[1]), xytext=(8, -12), textcoords="offset points",
                      color=colour)  # fmt: skip
    axes.set(xlabel="rows of 61 columns", ylabel="seconds", title=f"Cost grows as rows to the power {exponent:.2f}")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(PLOT, dpi=120, metadata={"Software": None})


def write_archive() -> list[str]:
    """The lines of docs/benchmarks.md on the archive."""
    if reason := why_no_frequencies(SHARED):
        return [f"Not measured: {reason}", ""]
    with tempfile.TemporaryDirectory(dir=os.environ.get("TIGHTROPE_BENCH_FOLDER")) as name:
        frame = measure_sizes(Path(name))
    medians = frame.groupby(["who", "rows"])[["seconds", "cpu", "mib", "query_ms"]].median()
    ours, scan, floor = (medians.loc[who] for who in ("tightrope", *FLOORS))
    wide = frame.pivot(index=["rows", "round"], columns="who", values="seconds")
    ratios, over_floor = ((wide["tightrope"] / wide[who]).groupby("rows").median() for who in FLOORS)
    exponent = float(np.polyfit(np.log([*ours.index]), np.log(ours["seconds"]), 1)[0])
    plot_cost(medians, exponent)
    largest = SIZES[-1]
    lines = [
        "Rows of 61-column GDELT 2.0 made by a seeded generator with the value frequencies of published files "
        f"(`tests/benchmarks/gdelt_rows.py`, seed {SEED}), one file; median of {ROUNDS} rounds in turns, each in a "
        "process of its own, imports left out. The bare scan is DuckDB's, of the same columns as text. The floor of any "
        "cleaner is DuckDB that reads the same columns and writes them to Parquet by year, with nothing cleaned, "
        "hashed, counted or merged: what the ratio to it leaves above 1 is the cleaning.",
        "",
        "| rows | build to partitioned tables, s | bare scan, s | scan and write, s | build to scan | build to floor "
        "| peak of the build, MiB |",
        "|---:|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {size:,} | {ours.at[size, 'seconds']:.2f} | {scan.at[size, 'seconds']:.2f} "
            f"| {floor.at[size, 'seconds']:.2f} | {ratios[size]:.2f} | {over_floor[size]:.2f} "
            f"| {ours.at[size, 'mib']:,.0f} |"
            for size in SIZES
        ),
        "",
        f"At {largest:,} rows the build takes {ours.at[largest, 'cpu']:.1f} seconds of the processor, so that "
        f"{ours.at[largest, 'cpu'] / ours.at[largest, 'seconds']:.2f} cores are busy; the scan takes "
        f"{scan.at[largest, 'cpu']:.1f} on {scan.at[largest, 'cpu'] / scan.at[largest, 'seconds']:.2f}, the floor "
        f"{floor.at[largest, 'cpu']:.1f} on {floor.at[largest, 'cpu'] / floor.at[largest, 'seconds']:.2f}.",
        "",
        f"Targets: build to scan at most 2.0, of which scanning and writing alone take "
        f"{floor.at[largest, 'seconds'] / scan.at[largest, 'seconds']:.2f} at {largest:,} rows; peak at 10 million rows "
        f"at most 1.3 times that at 1 million (here {ours.at[largest, 'mib'] / ours.at[SIZES[1], 'mib']:.2f}) and under "
        f"2,048 MiB; cost as rows to a power of at most 1.05 (here {exponent:.2f}, [plot](cost_of_rows.png)).",
        "",
        f"| route, {SIZES[1]:,} rows | s | times ours | peak, MiB |",
        "|---|---:|---:|---:|",
    ]
    for peer in ("tightrope", *PEERS):
        if peer in medians.index.get_level_values("who"):
            one = medians.loc[(peer, SIZES[1])]
            times = statistics.median(wide.loc[SIZES[1], peer] / wide.loc[SIZES[1], "tightrope"])
            lines.append(f"| {peer} | {one['seconds']:.2f} | {times:.1f} | {one['mib']:,.0f} |")
        else:
            lines.append(f"| {peer} | not installed here | | |")
    best = min(statistics.median(wide.loc[SIZES[1], peer] / wide.loc[SIZES[1], "tightrope"]) for peer in PEERS
               if peer in wide and wide.loc[SIZES[1], peer].notna().all())  # fmt: skip
    missed = []
    if ratios[largest] > 2:
        missed.append(f"build to scan ({ratios[largest]:.2f} at {largest:,} rows, target 2.0)")
    if best < 10:
        missed.append(f"ten times the speed of every other route (the least is {best:.1f})")
    if missed:
        lines += ["", f"Missed: {', and '.join(missed)}."]
    rows_of_state = int(ours["query_ms"].notna().sum()) and ours.at[largest, "query_ms"]
    lines += [
        "",
        f"Dyad-months of one state over {largest:,} events, warm: {rows_of_state:.1f} ms (target: under 100).",
        "",
    ]
    assert math.isfinite(exponent)
    return lines


def write_days_and_engines() -> list[str]:
    """The lines of docs/benchmarks.md on an archive that grows by a day, and on the one that Spark makes."""
    if reason := why_no_frequencies(SHARED):
        return [f"Not measured: {reason}", ""]
    with tempfile.TemporaryDirectory(dir=os.environ.get("TIGHTROPE_BENCH_FOLDER")) as name:
        engines = compare_engines(Path(name))
        day = measure_one_more_day(Path(name))
    return [
        f"Rows of the same generator; medians of {ROUNDS} rounds.",
        "",
        f"A year of {SIZES[-1]:,} rows in 365 daily files: {day['year']:.1f} s for all but its last day, then "
        f"{day['day']:.2f} s for that day, {100 * day['day'] / day['year']:.1f} % (target: at most 5), and "
        f"{day['nothing']:.2f} s when nothing is new.",
        engines,
        "",
    ]
