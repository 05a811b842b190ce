"""The cluster that tests run on is real, stays on loopback, survives the loss of a worker and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from pathlib import Path

import pandas as pd
import pytest
import spark_cluster as module
from spark_cluster import active_tasks, has_spark, spark_cluster, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings(f"ignore:{module.PANDAS_WARNING}:FutureWarning"),
]


@pytest.fixture(scope="module")
def cluster():
    """One cluster for the tests in their order; the second of them costs it a worker."""
    if reason := has_spark():
        pytest.skip(reason)
    with spark_cluster() as running:
        yield running
        pids = [pid for process in (running.master, *running.workers) for pid in process.pids()]
        assert len(pids) >= 3  # the master, a worker and its executor
    assert [pid for pid in pids if module.session_of(pid) is not None] == []
    assert not running.folder.exists()


@pytest.fixture
def events(tmp_path) -> Path:
    """Four files of Parquet, so that a scan has several tasks."""
    folder = tmp_path / "events"
    folder.mkdir()
    for part in range(4):
        rows = pd.DataFrame({"state": ["TGO", "BEN", "TGO", "GHA"] * 50, "score": range(200 * part, 200 * part + 200)})
        rows.to_parquet(folder / f"{part}.parquet")
    return folder


def sums(frame) -> list[tuple]:
    from pyspark.sql import functions

    grouped = frame.groupBy("state").agg(functions.count("*"), functions.sum("score"))
    return sorted(tuple(row) for row in grouped.collect())


SUMS = [  # of 0 to 799: the places 1 and 3 of every four are Togo's, 2 Benin's, 4 Ghana's
    ("BEN", 200, sum(range(1, 800, 4))),
    ("GHA", 200, sum(range(3, 800, 4))),
    ("TGO", 400, sum(range(0, 800, 2))),
]


def listening(pids: set[int]) -> list[str]:
    """The addresses on which these processes listen, in the kernel's spelling."""
    sockets = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = os.readlink(link)
            except OSError:  # closed meanwhile
                continue
            if target.startswith("socket:["):
                sockets.add(target[8:-1])
    lines = [line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()]
    return [line[1].rpartition(":")[0] for line in lines if line[3] == "0A" and line[9] in sockets]


LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F"}


def test_a_job_runs_and_everything_listens_on_loopback_alone(cluster, events):
    session = cluster.connect()
    assert cluster.alive_workers() == 2
    assert session.sparkContext.master == cluster.url
    assert cluster.url.startswith("spark://127.0.0.1:")
    frame = session.read.parquet(str(events))
    assert frame.count() == 800
    assert sums(frame) == SUMS

    pids = {pid for process in (cluster.master, *cluster.workers) for pid in process.pids()}
    assert len(pids) >= 5  # a master, two workers and an executor on each
    addresses = listening(pids)
    assert len(addresses) >= 5
    assert set(addresses) <= LOOPBACK


def test_the_same_result_with_one_worker_killed_in_the_middle_of_the_job(cluster, events, tmp_path):
    session = cluster.connect()
    go, started = tmp_path / "go", tmp_path / "started"
    started.mkdir()
    frame = session.read.parquet(str(events))
    schema = frame.schema

    def hold(batches):
        from pyspark import TaskContext

        context = TaskContext.get()
        (started / str(context.taskAttemptId())).touch()
        end = time.monotonic() + 120
        while not go.exists():
            if time.monotonic() > end:
                raise TimeoutError("nobody let the tasks go")
            time.sleep(0.05)
        yield from batches

    parts = [session.read.parquet(str(path)) for path in sorted(events.iterdir())]  # a task each
    scanned = reduce(lambda one, other: one.union(other), parts)
    with ThreadPoolExecutor(1) as pool:
        try:
            job = pool.submit(sums, scanned.mapInArrow(hold, schema))
            wait_until(lambda: active_tasks(session) == 2, "a task on either worker")
            wait_until(lambda: len(list(started.iterdir())) == 2, "both tasks at work")
            cluster.kill_worker(0)
            assert cluster.alive_workers() == 1
            assert not job.done()
        finally:
            go.touch()
        assert job.result(timeout=120) == SUMS
    assert len(list(started.iterdir())) == 5  # four tasks, and the lost one a second time
    assert sums(frame) == SUMS  # one worker is enough for the next job


def test_processes_end_when_the_test_fails(tmp_path):
    if reason := has_spark():
        pytest.skip(reason)
    seen = []

    def fail() -> None:
        with spark_cluster(workers=1) as running:
            assert running.folder.exists()
            seen.extend([running.folder, *running.master.pids(), *running.workers[0].pids()])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    folder, *pids = seen
    assert len(pids) == 2
    assert [pid for pid in pids if module.session_of(pid) is not None] == []
    assert not folder.exists()


def test_a_daemon_that_cannot_start_shows_its_log():
    if reason := has_spark():
        pytest.skip(reason)
    with pytest.raises(RuntimeError, match=r"(?s)worker0 ended with .*[Mm]emory"), spark_cluster(memory="nothing"):
        pass


def test_what_is_missing_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert "JAVA_HOME" in has_spark()
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Java is not installed" in has_spark()
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    assert "tightrope[spark]" in has_spark()


def test_waiting_ends_at_its_deadline():
    with pytest.raises(TimeoutError, match="rain: not within"):
        wait_until(lambda: False, "rain", seconds=0.1)


def test_a_process_of_ours_is_known_by_its_session():
    child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, start_new_session=True)
    assert module.session_of(child.pid) == child.pid
    child.kill()
    wait_until(lambda: module.session_of(child.pid) is None, "the child's end")  # a zombie counts as gone
    child.communicate()
    assert module.session_of(child.pid) is None
