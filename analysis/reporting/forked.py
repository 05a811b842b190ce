"""The client's side of :mod:`analysis.reporting.warm`: the servers of one run, and kernels forked from one of them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from analysis.errors import TightropeError
from analysis.reporting.kernel import Process, ReportKernel, start_module, temporary_folder

CAN_FORK = hasattr(os, "fork") and hasattr(socket, "AF_UNIX")
_PREFIX, _KERNELS, _WORKERS = "tightrope-", "kernels", "workers"
_START_SECONDS = 120.0
_LOOK_SECONDS = 0.01


class ServerGoneError(TightropeError):
    """The process that forks kernels has ended: killed, or out of memory."""


class KernelServer:
    """The server of one run; ends with its context, and whatever was forked with it.

    Parameters
    ----------
    data : Path
        Folder of built tables that notebooks read.

    Examples
    --------
    >>> with KernelServer(Path("data/processed")) as server:
    ...     server.process.poll() is None
    True
    >>> server.process.poll() is None, server.path.parent.exists()
    (False, False)
    """

    def __init__(self, data: Path) -> None:
        _sweep(Path(tempfile.gettempdir()))
        self.path = (
            Path(tempfile.mkdtemp(prefix=_PREFIX, dir=temporary_folder("tightrope-12345678/k12345678/kernel-ipc-5")))
            / _KERNELS
        )
        self._workers = self.path.with_name(_WORKERS)
        self.process = start_module("analysis.reporting.warm", data, str(self.path), str(self._workers))
        self._is_used = False

    def __enter__(self) -> KernelServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def connect(self) -> socket.socket:
        """A connection for a worker, once somebody listens.

        Raises
        ------
        ServerGoneError
            If it has ended, or does not come up.
        """
        given_up = time.monotonic() + _START_SECONDS
        while self.process.poll() is None and time.monotonic() < given_up:
            try:
                connection = _connect(self._workers)
                self._is_used = True
                return connection
            except (FileNotFoundError, ConnectionRefusedError):
                time.sleep(_LOOK_SECONDS)  # between starting and listening there is nothing to wait on
        raise ServerGoneError(f"the kernel server has ended ({self.process.poll()})")

    def close(self) -> None:
        """End the server, which ends what it has forked, and delete its folder."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        if not self._is_used:
            self.process.kill()  # it has forked nothing, and would only end once its imports are done
        self.process.wait()
        shutil.rmtree(self.path.parent, ignore_errors=True)


class ForkedKernel(ReportKernel):
    """A kernel forked from a server that has its imports done.

    Parameters
    ----------
    server : Path
        The server's socket.

    Raises
    ------
    ServerGoneError
        If there is no server any more.
    """

    def __init__(self, server: Path) -> None:
        self._server = server
        self._process: _ForkedProcess | None = None
        try:
            # Beside the server's socket, so that the server deletes it if nobody else is left to do so.
            self.folder = tempfile.mkdtemp(prefix="k", dir=server.parent)
        except FileNotFoundError as error:
            raise ServerGoneError(f"no kernel can be forked: {error.strerror}") from error

    @property
    def pid(self) -> int | None:
        """The forked process."""
        return self._process.pid if self._process else None

    def begin(self, arguments: list[str]) -> Process:
        """Have a kernel forked.

        Raises
        ------
        ServerGoneError
            If there is no server any more.
        """
        try:
            self._process = _ForkedProcess(_connect(self._server), arguments)
        except OSError as error:
            raise ServerGoneError(f"no kernel can be forked: {error.strerror or error}") from error
        if self.why_ended is not None:
            self.kill()
        return self._process

    def kill(self) -> None:
        """Kill the kernel and what it has started."""
        if self._process:
            self._process.kill()

    def close(self) -> None:
        """Kill the kernel and delete its folder."""
        if self._process:
            self._process.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class _ForkedProcess:
    """A forked kernel as a kernel manager sees it: what the server, its parent, tells of it and does to it."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, arguments: list[str]) -> None:
        self._connection = connection
        self._lines = connection.makefile("r", encoding="utf-8")
        self._code: int | None = None
        self._ended = threading.Event()
        try:
            self._send({"kernel": arguments})
            line = self._lines.readline()
            if not line:
                raise ConnectionResetError("the kernel server has ended")
        except OSError:
            self._lines.close()
            connection.close()
            raise
        self.pid = int(json.loads(line)["pid"])
        threading.Thread(target=self._listen, daemon=True).start()

    def poll(self) -> int | None:
        return self._code

    def wait(self) -> int:
        self._ended.wait()
        assert self._code is not None
        return self._code

    def send_signal(self, sig: int) -> None:
        if self._code is None:
            with suppress(OSError):  # the server has gone, and its kernels with it
                self._send({"signal": int(sig)})

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        self.kill()
        self._ended.wait()
        self._lines.close()
        self._connection.close()

    def _listen(self) -> None:
        try:
            line = self._lines.readline()
            self._code = int(json.loads(line)["code"]) if line else -int(signal.SIGKILL)
        except (OSError, ValueError):
            self._code = -int(signal.SIGKILL)
        self._ended.set()

    def _send(self, request: dict[str, Any]) -> None:
        self._connection.sendall(json.dumps(request).encode() + b"\n")


def _sweep(folder: Path) -> None:
    """Delete the folders of servers that were killed together with their run."""
    for path in folder.glob(f"{_PREFIX}*/{_KERNELS}"):
        try:
            _connect(path).close()
        except ConnectionRefusedError:
            shutil.rmtree(path.parent, ignore_errors=True)
        except OSError:
            continue  # somebody else's


def _connect(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(path))
    except BaseException:
        connection.close()
        raise
    return connection
