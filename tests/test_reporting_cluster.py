"""The same reports as tasks of a real Spark cluster, also when one of its workers is lost."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import spark_cluster as module
from spark_cluster import has_spark, spark_cluster

from analysis.commands.batch import open_crew
from analysis.errors import TightropeError
from analysis.reporting.batch import make_batch
from analysis.reporting.cluster import ClusterCrew, describe_installed, make_on_executor
from analysis.reporting.crew import LocalCrew
from analysis.reporting.entries import find_briefing
from analysis.reporting.forked import CAN_FORK
from tests.small_briefings import read_reports, write_briefings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("spark"),
    pytest.mark.skipif(not CAN_FORK, reason="no fork here"),
    pytest.mark.filterwarnings(f"ignore:{module.PANDAS_WARNING}:FutureWarning"),
    # Python workers are left to the end of the session; PySpark's sockets are closed when they are forgotten.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
N_REPORTS = 6


@pytest.fixture(scope="module")
def cluster():
    """One cluster for the tests in their order; the last of them costs it a worker."""
    if reason := has_spark():
        pytest.skip(reason)
    with spark_cluster() as running:
        try:
            yield running
        finally:
            module.end_driver()


@pytest.fixture(scope="module")
def crew(cluster):
    with ClusterCrew(cluster.url, "512MB") as crew:
        yield crew


@pytest.fixture(scope="module")
def expected(built, tmp_path_factory):
    folder = tmp_path_factory.mktemp("expected")
    with LocalCrew(built) as crew:
        make_batch(
            write_briefings(folder / "notebooks", N_REPORTS), crew, reports=folder / "reports", data=built, jobs=2
        )
    found = read_reports(folder / "reports")
    assert len({path.partition("/")[0] for path in found if path.endswith("briefing.html")}) == N_REPORTS
    return found


def test_a_cluster_without_so_much_memory_is_told_and_nothing_hangs(cluster):
    with pytest.raises(TightropeError, match=r"no worker of .* has 8GB of memory and a core free; .*--executor-memory"):
        ClusterCrew(cluster.url, "8GB", wait_seconds=5)


def test_a_cluster_makes_the_same_reports_and_one_that_fails_fails_alone(crew, built, tmp_path, expected):
    briefings = write_briefings(tmp_path / "notebooks", N_REPORTS, failing='raise ValueError("no such tilt")')
    assert crew.n_places == 2
    outcomes = make_batch(briefings, crew, reports=tmp_path / "reports", data=built, jobs=2)
    assert [outcome.state for outcome in outcomes] == ["made"] * N_REPORTS + ["failed"]
    assert "ValueError: no such tilt" in outcomes[-1].message
    assert read_reports(tmp_path / "reports") == expected


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("spark://127.0.0.1:1", "Connection refused"),
        ("spark://127.0.0.1:1,127.0.0.1:2", "Connection refused"),
        ("spark://127.0.0.1", "it names no HOST:PORT"),
        ("spark://127.0.0.1:x", "it names no HOST:PORT"),
        ("http://127.0.0.1:1", "it begins with no spark://"),
        ("", "it begins with no spark://"),
    ],
)
def test_an_address_at_which_nobody_answers_is_told_at_once_in_a_line(address, said, capfd):
    if reason := has_spark():
        pytest.skip(reason)
    begun = time.monotonic()
    with pytest.raises(TightropeError) as caught:
        ClusterCrew(address)
    assert str(caught.value) == f"no Spark cluster answers at {address}: {said}"
    assert time.monotonic() - begun < 15
    assert "org.apache" not in "".join(capfd.readouterr())


def test_the_command_says_how_much_memory_an_executor_takes(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr("analysis.reporting.cluster.ClusterCrew", lambda *given: asked.append(given))
    for size in ("512MB", "1.5GB"):
        open_crew("spark://host:7077", tmp_path, size)
    assert asked == [("spark://host:7077", "512MB"), ("spark://host:7077", "1536MB")]
    with pytest.raises(TightropeError, match="executor memory '100MB'; Spark needs 450 MB or more"):
        open_crew("spark://host:7077", tmp_path, "100MB")


class FakeSpark:
    """A session, its context and what they hand out, of which a test says how many executors it has."""

    master = "spark://host:7077"
    defaultParallelism = 2  # noqa: N815

    def __init__(self):
        self.n_executors, self.is_java_gone = 1, False
        self.cancelled = threading.Event()
        self.sparkContext = self._jsc = self

    def sc(self):
        return self

    def getExecutorMemoryStatus(self):  # noqa: N802
        return self

    def size(self):
        return 1 + self.n_executors

    def parallelize(self, requests, slices):
        return self

    def map(self, make):
        return self

    def collect(self):
        if not self.cancelled.wait(20):
            pytest.fail("nobody ended it")
        raise RuntimeError("An error occurred.\n: org.apache.spark.SparkException: Job 3 was cancelled")

    def setJobGroup(self, *_, **__):  # noqa: N802
        pass

    def cancelAllJobs(self):  # noqa: N802
        self.cancelled.set()

    def cancelJobGroup(self, group):  # noqa: N802
        self._ask_java()
        self.cancelled.set()

    def stop(self):
        self._ask_java()

    def _ask_java(self):
        if self.is_java_gone:
            raise ConnectionRefusedError(111, "Connection refused")


@pytest.fixture
def spark(monkeypatch):
    spark = FakeSpark()
    monkeypatch.setattr("analysis.reporting.cluster.create_session", lambda *_: spark)
    monkeypatch.setattr("analysis.reporting.cluster._WATCH_SECONDS", 0.01)
    return spark


def ask(crew, built):
    return crew.hire().make({"briefing": {"name": "x"}, "data": str(built)}, lambda _: None)


def test_once_no_worker_is_left_nothing_waits_for_one(spark, built):
    with ClusterCrew("spark://host:7077", wait_seconds=0.1) as crew:
        spark.n_executors = 0
        with pytest.raises(TightropeError, match=r"^the cluster lost the task: no worker of it is left$"):
            ask(crew, built)


def test_a_signal_that_has_ended_java_too_leaves_no_traceback(spark, built):
    with ClusterCrew("spark://host:7077") as crew:
        spark.is_java_gone = True
        crew.hire().stop()
        spark.cancelled.set()
        with pytest.raises(TightropeError, match=r"^the cluster lost the task: Job 3 was cancelled$"):
            ask(crew, built)


def test_a_worker_with_another_package_makes_nothing(built, monkeypatch):
    here = describe_installed(built)
    other = {**here, "pandas": "0.1", "code of tightrope": "x"}
    monkeypatch.setattr("analysis.reporting.cluster.LocalCrew", lambda _: pytest.fail("it was begun"))
    answer = make_on_executor({"data": str(built), "installed": other})
    assert answer == {
        "error": "a worker of the cluster has another code of tightrope, pandas; install the same on each"
    }
    assert "nowhere" in make_on_executor({"data": "/nowhere", "installed": here})["error"]


REAL = ("togo", "west_africa-tgo-fr", "region", "claims")


def test_real_reports_are_the_same_by_one_worker_by_two_and_on_a_cluster(crew, built, tmp_path):
    briefings = [find_briefing(name) for name in REAL]
    made = {}
    with LocalCrew(built) as local:
        for way, workers, jobs in (("one", local, 1), ("two", local, 2), ("cluster", crew, 2)):
            outcomes = make_batch(briefings, workers, reports=tmp_path / way, data=built, jobs=jobs)
            assert [outcome.state for outcome in outcomes] == ["made"] * len(REAL), outcomes
            made[way] = read_reports(tmp_path / way)
    assert {path.rpartition(".")[2] for path in made["one"]} == {"html", "pdf", "ipynb", "svg", "csv", "json"}
    assert [path for path in made["one"] if made["two"].get(path) != made["one"][path]] == []
    assert made["two"].keys() == made["one"].keys()
    assert [path for path in made["one"] if made["cluster"].get(path) != made["one"][path]] == []
    assert made["cluster"].keys() == made["one"].keys()


WAITING = """
import os, time
from pathlib import Path
import psutil
tries = Path({tries!r})
(tries / str(os.getpid())).write_text(" ".join(str(parent.pid) for parent in psutil.Process().parents()))
given_up = time.monotonic() + 120
while len(list(tries.iterdir())) == 1:  # the first of its kernels only ends with its worker
    assert time.monotonic() < given_up, "nobody lost it"
    time.sleep(0.05)
"""


def kill_its_worker(cluster, tries):
    """Kill the worker of the cluster on which the report is made that has left a note there."""
    note = module.wait_until(lambda: next((path for path in tries.iterdir() if path.read_text()), None), "a try")
    parents = {int(pid) for pid in note.read_text().split()}
    (number,) = (number for number, worker in enumerate(cluster.workers) if parents & set(worker.pids()))
    cluster.kill_worker(number)


def test_reports_of_a_lost_worker_are_made_by_another(crew, cluster, built, tmp_path, expected):
    tries = tmp_path / "tries"
    tries.mkdir()
    briefings = write_briefings(tmp_path / "notebooks", N_REPORTS, waiting=WAITING.format(tries=str(tries)))
    with ThreadPoolExecutor(1) as pool:
        killed = pool.submit(kill_its_worker, cluster, tries)
        outcomes = make_batch(briefings[::-1], crew, reports=tmp_path / "reports", data=built, jobs=2)
        killed.result()
    assert cluster.alive_workers() == 1
    assert len(list(tries.iterdir())) == 2
    assert [outcome.state for outcome in outcomes] == ["made"] * (N_REPORTS + 1), outcomes
    made = read_reports(tmp_path / "reports")
    assert {path: made[path] for path in made if not path.startswith("waiting/")} == expected
