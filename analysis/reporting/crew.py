"""The workers of a batch as the batch sees them: hired from one warm server, asked, replaced when they are lost."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from analysis.errors import TightropeError
from analysis.reporting.forked import CAN_FORK, KernelServer, ServerGoneError
from analysis.reporting.kernel import start_module


class WorkerLostError(TightropeError):
    """A worker has ended before it answered: killed, or out of memory."""


class Worker(ABC):
    """Makes one report at a time."""

    most_reports = 2
    """How many it makes before a new one takes its place: what libraries keep of each export goes with it."""

    @abstractmethod
    def make(self, request: Mapping[str, Any], say: Callable[[str], None]) -> dict[str, Any]:
        """Have a report made; the last answer to a request of :mod:`analysis.reporting.worker`.

        Raises
        ------
        WorkerLostError
            If there is no answer.
        """

    @abstractmethod
    def stop(self) -> None:
        """Have what is being made left, from another thread; :meth:`make` then returns soon."""

    @abstractmethod
    def close(self) -> None:
        """Let the worker go."""


class Crew(ABC):
    """Where workers come from; ends with its context."""

    n_places: int
    """How many reports it makes at a time without one waiting for the other."""

    @abstractmethod
    def hire(self) -> Worker:
        """A new worker."""

    @abstractmethod
    def close(self) -> None:
        """End everything that was started for the crew."""

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class LocalCrew(Crew):
    """Worker processes on this machine: forked from a warm server, or started one by one where there is no fork.

    Parameters
    ----------
    data : Path
        Folder of built tables.
    is_warm : bool
        Whether to fork, where that is possible.
    """

    def __init__(self, data: Path, is_warm: bool = True) -> None:
        self.n_places = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._data = data
        self._lock = threading.Lock()
        self._server = KernelServer(data) if is_warm and CAN_FORK else None

    @property
    def server(self) -> KernelServer | None:
        """The server of kernels and workers."""
        return self._server

    def hire(self) -> Worker:
        """A new worker, of a new server if the old one has ended."""
        if self._server is None:
            return _StartedWorker(self._data)
        with self._lock:
            try:
                return _ForkedWorker(self._server)
            except ServerGoneError:
                self._server.close()
                self._server = KernelServer(self._data)
                return _ForkedWorker(self._server)

    def close(self) -> None:
        """End the server, and with it every worker and kernel that is left."""
        if self._server is not None:
            self._server.close()


class _StreamWorker(Worker):
    """A worker that is talked to in lines."""

    def __init__(self, reader: IO[str], writer: IO[str]) -> None:
        self._reader, self._writer = reader, writer

    def make(self, request: Mapping[str, Any], say: Callable[[str], None]) -> dict[str, Any]:
        try:
            self._send({"make": request})
            for line in self._reader:
                answer: dict[str, Any] = json.loads(line)
                if "step" not in answer:
                    return answer
                say(answer["step"])
        except (OSError, ValueError):
            pass  # it has gone in the middle of a line
        raise WorkerLostError("the worker was killed or ran out of memory; what it was making is left")

    def stop(self) -> None:
        with suppress(OSError, ValueError):
            self._send({"stop": True})

    def close(self) -> None:
        for stream in (self._writer, self._reader):
            with suppress(OSError):
                stream.close()

    def _send(self, request: Mapping[str, Any]) -> None:
        self._writer.write(json.dumps(request) + "\n")
        self._writer.flush()


class _ForkedWorker(_StreamWorker):
    """A worker forked from the server."""

    def __init__(self, server: KernelServer) -> None:
        self._connection = server.connect()
        super().__init__(
            self._connection.makefile("r", encoding="utf-8"),
            self._connection.makefile("w", encoding="utf-8", newline="\n"),
        )
        try:
            self._send({"worker": True})
            greeting = self._reader.readline()  # until then the server reads what is sent
        except OSError:
            greeting = ""
        if not greeting:
            self.close()
            raise ServerGoneError("the kernel server ended before it forked a worker")

    def close(self) -> None:
        super().close()
        self._connection.close()


class _StartedWorker(_StreamWorker):
    """A worker that is a new process."""

    most_reports = 4  # it imports everything itself

    def __init__(self, data: Path) -> None:
        self._process = start_module("analysis.reporting.worker", data, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        super().__init__(self._process.stdout, self._process.stdin)
        self._reader.readline()

    def close(self) -> None:
        super().close()
        self._process.wait()
