"""A batch on a Spark cluster: each report is one task, made where the task runs, over folders that all see alike.

Every worker's Python must have this package, and notebooks, data and reports lie on storage that every machine sees
under the same path.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from analysis.engine.spark import create_session
from analysis.errors import TightropeError
from analysis.reporting.crew import Crew, LocalCrew, Worker, WorkerLostError

LEAST_MEMORY = 450 * 1024**2
"""What Spark asks of an executor at least, in bytes."""

_LOOK_SECONDS = 0.1
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
        How long to wait for the first executor, in seconds.

    Raises
    ------
    TightropeError
        If PySpark is not installed, the cluster does not answer, or none of its workers has that memory free.
    """

    def __init__(self, address: str, memory_limit: str = "1GB", *, wait_seconds: float = 120.0) -> None:
        self._session = create_session(address, memory_limit)
        if not self._has_executor(wait_seconds):
            self.close()
            raise TightropeError(
                f"no worker of {address} has {memory_limit} of memory and a core free; name less with "
                "--executor-memory, or wait until one is free"
            )
        self.n_places = int(self._session.sparkContext.defaultParallelism)

    def _has_executor(self, seconds: float) -> bool:
        """Whether any is there in time: a task for which there is none would wait without end."""
        context = self._session.sparkContext
        given_up = time.monotonic() + seconds
        # Spark counts itself among them, and has no other where it runs in this process.
        while not context.master.startswith("local") and context._jsc.sc().getExecutorMemoryStatus().size() < 2:
            if time.monotonic() > given_up:
                return False
            time.sleep(_LOOK_SECONDS)
        return True

    def hire(self) -> Worker:
        """A thread's place among the tasks."""
        return _TaskWorker(self._session.sparkContext)

    def close(self) -> None:
        """End the session."""
        self._session.stop()


class _TaskWorker(Worker):
    """Has each report made by a task of its own, which Spark gives to another executor if one is lost."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._group = f"tightrope-{threading.get_ident()}"

    def make(self, request: Mapping[str, Any], say: Callable[[str], None]) -> dict[str, Any]:
        say("given to the cluster")
        self._context.setJobGroup(self._group, request["briefing"]["name"], interruptOnCancel=True)
        try:
            answers: list[dict[str, Any]] = (
                self._context.parallelize([dict(request)], 1).map(make_on_executor).collect()
            )
        except Exception as error:  # whatever Spark calls it
            raise WorkerLostError(f"the cluster lost the task: {next(iter(str(error).splitlines()), '')}") from error
        return answers[0]

    def stop(self) -> None:
        self._context.cancelJobGroup(self._group)

    def close(self) -> None:
        pass


def make_on_executor(request: Mapping[str, Any]) -> dict[str, Any]:
    """Make one report in a task; the kernel server is kept for the next, and ends with the executor's Python.

    Returns
    -------
    dict
        As :mod:`analysis.reporting.worker` answers.
    """
    # Spark sets it to the executor's cores; a kernel elsewhere has what the machine has.
    os.environ.pop("OMP_NUM_THREADS", None)
    data = request["data"]
    if data not in _kept:
        _kept[data] = LocalCrew(Path(data))
    worker = _kept[data].hire()
    try:
        return worker.make(request, lambda _: None)
    finally:
        worker.close()
