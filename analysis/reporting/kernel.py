"""The process a report's kernel is: one that did its imports early, or one forked from a server that has."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from analysis.errors import TightropeError
from analysis.paths import NOTEBOOKS
from analysis.reporting.surroundings import kernel_environment

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager


_LONGEST_SOCKET = 103  # bytes of its path that macOS allows; Linux four more


class Process(Protocol):
    """What a kernel manager asks of a kernel's process; :class:`subprocess.Popen` is one."""

    pid: int
    stdin: Any
    stdout: Any
    stderr: Any

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""

    def wait(self) -> int:
        """The exit code, once it has ended."""

    def send_signal(self, sig: int) -> None:
        """Send it a signal, and to whatever it has started."""

    def kill(self) -> None:
        """End it at once."""

    def terminate(self) -> None:
        """Ask it to end."""


class ReportKernel(ABC):
    """A process that becomes a kernel when a manager starts it, and ends with its context; it serves one notebook."""

    folder: str
    """A private folder for the connection file and the sockets."""

    why_ended: BaseException | None = None
    """What is to be raised in place of the kernel's death, if it was ended on purpose."""

    @property
    @abstractmethod
    def pid(self) -> int | None:
        """The process, or None before there is one."""

    @abstractmethod
    def begin(self, arguments: list[str]) -> Process:
        """Become a kernel with the arguments of an ordinary one."""

    @abstractmethod
    def close(self) -> None:
        """End the process, however busy it is, and delete its folder."""

    @abstractmethod
    def kill(self) -> None:
        """End the process, however busy it is."""

    def end(self, why: BaseException) -> None:
        """End the process from another thread; who runs its notebook raises `why`."""
        if self.why_ended is None:
            self.why_ended = why
        self.kill()

    def __enter__(self) -> ReportKernel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def manager_class(self) -> type[AsyncKernelManager]:
        """A class of kernel managers whose kernel is this process."""
        from analysis.reporting import managers

        return managers.manager_class(self)


class WaitingKernel(ReportKernel):
    """A process of its own that does its imports while the parameters are checked.

    Parameters
    ----------
    data : Path
        Folder of built tables that its notebook reads.

    Examples
    --------
    >>> with WaitingKernel(Path("data/processed")) as kernel:
    ...     kernel.process.poll() is None
    True
    >>> kernel.process.poll() is None
    False
    """

    def __init__(self, data: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(
            prefix="tightrope-", dir=temporary_folder("tightrope-12345678/kernel-ipc-5"), ignore_cleanup_errors=True
        )
        self.folder = self._folder.name
        self.process = start_module("analysis.reporting.waiting", data)

    @property
    def pid(self) -> int | None:
        """The waiting process."""
        return self.process.pid

    def begin(self, arguments: list[str]) -> Process:
        """Tell the waiting process its arguments."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):  # it has been ended; the manager will find out
            self.process.stdin.write(json.dumps(arguments).encode() + b"\n")
            self.process.stdin.close()
        return self.process

    def kill(self) -> None:
        """Kill the process, and on POSIX systems what it has started."""
        if self.process.poll() is None and os.name == "posix":
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()

    def close(self) -> None:
        """Kill the process and delete its folder."""
        self.kill()
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
        self._folder.cleanup()


def temporary_folder(socket: str) -> str:
    """The folder of temporary files, if its name leaves room for that of a socket in it.

    Raises
    ------
    TightropeError
        If it is too long.
    """
    folder = tempfile.gettempdir()
    longest = _LONGEST_SOCKET - len(socket) - 1
    if os.name == "posix" and len(os.fsencode(folder)) > longest:
        raise TightropeError(
            f"the folder of temporary files, {folder!r}, has a name too long for sockets in it; "
            f"up to {longest} bytes are accepted: name another with TMPDIR"
        )
    return folder


def start_module(module: str, data: Path, *arguments: str, **options: Any) -> subprocess.Popen[Any]:
    """Start a module in the environment and working folder of a kernel; it ends when its standard input does.

    Parameters
    ----------
    module : str
        What to run.
    data : Path
        Folder of built tables that notebooks read.
    arguments : str
        For the module.
    options
        Of :class:`subprocess.Popen`.
    """
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        cwd=NOTEBOOKS,
        env=kernel_environment(data),
        start_new_session=True,
        **options,
    )
