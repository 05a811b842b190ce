"""A batch on a Spark cluster: each report is one task, made where the task runs, over folders that all see alike.

Every worker's Python must have this package, and notebooks, data and reports lie on storage that every machine sees
under the same path.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from analysis.engine.spark import create_session
from analysis.errors import TightropeError
from analysis.reporting.crew import Crew, LocalCrew, Worker, WorkerLostError
from analysis.reporting.inputs import Snapshot, list_differences

LEAST_MEMORY = 450 * 1024**2
"""What Spark asks of an executor at least, in bytes."""

_LOOK_SECONDS, _WATCH_SECONDS = 0.1, 5.0
_CLASS = re.compile(r"^: (\w+\.)+\w+: ")
_kept: dict[str, LocalCrew] = {}


class ClusterCrew(Crew):
    """Tasks of a Spark session.

    Parameters
    ----------
    address : str
        The master's address.
    memory_limit : str
        Memory of each executor itself; kernels are processes beside it.
    wait_seconds : float
        How long to wait for the first executor, and for another once all are lost, in seconds.

    Raises
    ------
    TightropeError
        If PySpark is not installed, the cluster does not answer, or none of its workers has that memory free.
    """

    def __init__(self, address: str, memory_limit: str = "1GB", *, wait_seconds: float = 120.0) -> None:
        self._session = create_session(address, memory_limit)
        self._ended = threading.Event()
        self.is_deserted = False
        if not self._has_executor(wait_seconds):
            self.close()
            raise TightropeError(
                f"no worker of {address} has {memory_limit} of memory and a core free; name less with "
                "--executor-memory, or wait until one is free"
            )
        self.n_places = int(self._session.sparkContext.defaultParallelism)
        threading.Thread(target=self._watch, args=(wait_seconds,), daemon=True).start()

    def _has_executor(self, seconds: float) -> bool:
        """Whether any is there in time: a task for which there is none would wait without end."""
        given_up = time.monotonic() + seconds
        while not self._counts_executor():
            if time.monotonic() > given_up:
                return False
            time.sleep(_LOOK_SECONDS)
        return True

    def _counts_executor(self) -> bool:
        context = self._session.sparkContext
        # Spark counts itself among them, and has no other where it runs in this process.
        return context.master.startswith("local") or context._jsc.sc().getExecutorMemoryStatus().size() > 1

    def _watch(self, seconds: float) -> None:
        """Cancel what waits once all executors were lost for so long, for the same reason."""
        seen = time.monotonic()
        with suppress(Exception):  # Spark has ended, and what waited for it with it
            while not self._ended.wait(_WATCH_SECONDS):
                if self._counts_executor():
                    seen = time.monotonic()
                self.is_deserted = time.monotonic() - seen > seconds
                if self.is_deserted:
                    self._session.sparkContext.cancelAllJobs()

    def hire(self) -> Worker:
        """A thread's place among the tasks."""
        return _TaskWorker(self._session.sparkContext, lambda: self.is_deserted)

    def close(self) -> None:
        """End the session."""
        self._ended.set()
        with suppress(Exception):  # a signal to the whole batch has ended its Java too
            self._session.stop()


class _TaskWorker(Worker):
    """Has each report made by a task of its own, which Spark gives to another executor if one is lost."""

    def __init__(self, context: Any, is_deserted: Callable[[], bool]) -> None:
        self._context, self._is_deserted = context, is_deserted
        self._group = f"tightrope-{threading.get_ident()}"

    def make(self, request: Mapping[str, Any], say: Callable[[str], None]) -> dict[str, Any]:
        say("given to the cluster")
        self._context.setJobGroup(self._group, request["briefing"]["name"], interruptOnCancel=True)
        asked = {**request, "installed": describe_installed(Path(request["data"]))}
        try:
            answers: list[dict[str, Any]] = self._context.parallelize([asked], 1).map(make_on_executor).collect()
        except Exception as error:  # whatever Spark calls it
            if self._is_deserted():
                raise WorkerLostError("the cluster lost the task: no worker of it is left") from error
            raise WorkerLostError(f"the cluster lost the task: {find_cause(str(error))}") from error
        return answers[0]

    def stop(self) -> None:
        with suppress(Exception):  # a signal to the whole batch has ended its Java too
            self._context.cancelJobGroup(self._group)

    def close(self) -> None:
        pass


def find_cause(told: str) -> str:
    r"""The line of an error of Spark that says what went wrong, among its frames of Java and Python.

    Examples
    --------
    >>> begun = "An error occurred while calling o1.collect.\n: org.apache.spark.SparkException: Job 0 failed: lost"
    >>> find_cause(f"{begun}\n\tat org.apache.spark.Task.run")
    'Job 0 failed: lost'
    >>> find_cause(f"{begun}: Traceback (most recent call last):\n  File 'x'\nImportError: no pandas\n\n\tat org.x")
    'ImportError: no pandas'
    """
    traced = told.rpartition("Traceback (most recent call last):\n")[2] if "Traceback" in told else ""
    raised = [line for line in traced.splitlines() if line.strip() and not line[0].isspace()]
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    thrown = [line for line in lines if line.startswith(": ")]
    return next(iter(raised), "") or _CLASS.sub("", next(iter([*thrown, *lines]), "")).strip()


def describe_installed(data: Path) -> dict[str, str]:
    """The code of this package and the versions of what it uses, as this machine has them.

    Parameters
    ----------
    data : Path
        Folder of built tables.
    """
    snapshot = Snapshot(data)
    return {"code of tightrope": snapshot.code, **snapshot.versions}


def make_on_executor(request: Mapping[str, Any]) -> dict[str, Any]:
    """Make one report in a task; the kernel server is kept for the next, and ends with the executor's Python.

    Returns
    -------
    dict
        As :mod:`analysis.reporting.worker` answers.
    """
    data = request["data"]
    try:
        # What it made would be another report than this batch asks for, and made again by the next.
        if differing := list_differences(request["installed"], describe_installed(Path(data))):
            return {"error": f"a worker of the cluster has another {', '.join(differing)}; install the same on each"}
    except TightropeError as error:
        return {"error": str(error)}
    if data not in _kept:
        _kept[data] = LocalCrew(Path(data))
    worker = _kept[data].hire()
    try:
        return worker.make(request, lambda _: None)
    finally:
        worker.close()
