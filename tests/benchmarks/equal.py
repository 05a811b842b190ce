"""The same real reports by one worker, by two and on a Spark cluster, compared byte for byte."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.build import build
from analysis.paths import RAW
from analysis.reporting.batch import make_batch
from analysis.reporting.cluster import ClusterCrew
from analysis.reporting.crew import Crew, LocalCrew
from analysis.reporting.entries import read_briefings
from analysis.reporting.parameters import Briefing
from tests.benchmarks.progress import tell
from tests.small_briefings import read_reports
from tests.spark_cluster import has_spark, spark_cluster

REPORTS = 16
_ONE, _TWO, _SPARK = "1 worker", "2 workers", "a Spark cluster of 2 machines"


def choose_reports(number: int = REPORTS) -> list[Briefing]:
    """So many briefings of `briefings.toml`, in its order; the one that asks machine-coded events is left out."""
    return [briefing for briefing in read_briefings() if briefing.entry != "data_quality"][:number]


def make_reports(briefings: Sequence[Briefing], crew: Crew, folder: Path, data: Path, jobs: int) -> dict[str, bytes]:
    """Make reports and read every file of them.

    Raises
    ------
    RuntimeError
        If one is not made.
    """
    outcomes = make_batch(briefings, crew, reports=folder, data=data, jobs=jobs)
    if faults := [f"{each.name}: {each.state} {each.message}" for each in outcomes if each.state != "made"]:
        raise RuntimeError("; ".join(faults))
    return read_reports(folder)


def measure_equal() -> tuple[dict[str, float], dict[str, dict[str, bytes]]]:
    """Seconds, and every file, of each way."""
    seconds: dict[str, float] = {}
    files: dict[str, dict[str, bytes]] = {}
    briefings = choose_reports()
    with tempfile.TemporaryDirectory() as name:
        folder, data = Path(name), Path(name) / "processed"
        build(RAW, data)

        def make(way: str, crew: Crew, jobs: int) -> None:
            begun = time.perf_counter()
            files[way] = make_reports(briefings, crew, folder / str(len(files)), data, jobs)
            seconds[way] = time.perf_counter() - begun
            tell(f"{len(briefings)} reports by {way}: {seconds[way]:.0f} s")

        for way, jobs in ((_ONE, 1), (_TWO, 2)):
            with LocalCrew(data) as crew:
                make(way, crew, jobs)
        if not has_spark():
            with spark_cluster() as cluster, ClusterCrew(cluster.url, "512MB") as crew:
                make(_SPARK, crew, 2)
    return seconds, files


def write_equal() -> list[str]:
    """The lines of the page on equal reports."""
    return describe(*measure_equal())


def describe(seconds: Mapping[str, float], files: Mapping[str, Mapping[str, bytes]]) -> list[str]:
    """What was compared, as lines of the page."""
    first = files[_ONE]
    n_reports = len({name.partition("/")[0] for name in first})
    rows = []
    for way, found in files.items():
        same = sum(found.get(name) == content for name, content in first.items())
        rows.append(f"| {way} | {seconds[way]:.0f} | {len(found)} | {same} |")
    different = {
        name for found in files.values() for name in first.keys() | found.keys() if found.get(name) != first.get(name)
    }
    verdict = (
        f"The {n_reports} reports are equal byte for byte."
        if not different
        else f"Not equal are {len(different)} of the files: {', '.join(sorted(different)[:10])}."
    )
    return [
        f"{n_reports} reports of `notebooks/briefings.toml`, every file of each, once by each way; the manifest and its "
        "metadata are among the files.",
        "",
        "| made by | s | files | the same as by 1 worker |",
        "|---|---:|---:|---:|",
        *rows,
        "",
        verdict + ("" if _SPARK in files else f" Spark was not measured: {has_spark()}."),
        "",
    ]
