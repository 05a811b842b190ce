"""A process that forks others from itself when it is asked to, waits for them and ends them.

It has one thread, so that what it forks is as a new process would be once its imports are done.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import sys
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from analysis.reporting.waiting import read_nothing

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux
_LINE = 1 << 20  # bytes; a request is far shorter


class Server(ABC):
    """Listens on a Unix socket, forks, waits for what it forked, and ends it.

    Parameters
    ----------
    path : Path
        Of the socket.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.forked: dict[int, socket.socket | None] = {}  # with the connection of the client that each serves
        self.other: int | None = None
        self.leash: int | None = None
        self.selector = selectors.DefaultSelector()
        self.listener = socket.socket(socket.AF_UNIX)
        fresh = path.with_suffix(".new")
        self.listener.bind(str(fresh))
        self.listener.listen(64)
        fresh.rename(path)  # so that a socket of this name that nobody answers at is a dead run's
        self.woken, self.wakes = socket.socketpair()
        self.wakes.setblocking(False)

    @abstractmethod
    def answer(self, client: socket.socket, request: dict[str, Any]) -> None:
        """Do what a client asks that has nothing forked for it yet."""

    def run(self) -> None:
        """Serve until standard input ends.

        Raises
        ------
        SystemExit
            If the other server has ended.
        """
        signal.set_wakeup_fd(self.wakes.fileno())
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        self.reap()  # what has ended before anybody listened
        for watched in (self.listener, self.woken, sys.stdin):
            self.selector.register(watched, selectors.EVENT_READ)
        while self.other is None or self.other in self.forked:
            for key, _ in self.selector.select():
                if key.fileobj is sys.stdin:
                    return
                if key.fileobj is self.listener:
                    client, _ = self.listener.accept()
                    self.selector.register(client, selectors.EVENT_READ)
                elif key.fileobj is self.woken:
                    self.woken.recv(_LINE)
                    self.reap()
                elif isinstance(key.fileobj, socket.socket) and key.fileobj.fileno() >= 0:
                    self._hear(key.fileobj, key.data)
        sys.exit(1)

    def fork_other(self) -> bool:
        """Fork a process that becomes a server too, without which this one is of no use; whether this is that process.

        Its standard input ends when this one lets go of it.
        """
        first = os.getpid()
        rein, leash = os.pipe()
        pid = _fork()
        if pid == 0:
            _die_with(first)
            self.let_go()
            os.close(leash)
            os.dup2(rein, 0)
        else:
            self.other, self.leash = pid, leash
            self.forked[pid] = None
        os.close(rein)
        return pid == 0

    def let_go(self) -> None:
        """Close everything that is open for this server alone."""
        clients = [key.fileobj for key in self.selector.get_map().values() if isinstance(key.fileobj, socket.socket)]
        for held in {*clients, self.listener, self.woken, self.wakes}:
            held.close()
        self.selector.close()
        if self.leash is not None:
            os.close(self.leash)

    def _hear(self, client: socket.socket, pid: int | None) -> None:
        """Do what a client asks, or end what was forked for it when it has gone."""
        try:
            requests = [json.loads(line) for line in client.recv(_LINE).splitlines()]
        except (OSError, ValueError):  # who is killed may have sent half a line
            requests = []
        if not requests:
            self.selector.unregister(client)
            client.close()
            if pid in self.forked:
                _send_signal(pid, signal.SIGKILL)
            return
        for request in requests:
            if pid is None:
                self.answer(client, request)
            elif pid in self.forked:
                _send_signal(pid, request["signal"])

    def fork_for(self, client: socket.socket, run: Callable[..., object], *arguments: object) -> None:
        """Fork a process that the client hears of and can send signals to, and that ends when the client goes."""
        pid = self.fork(run, *arguments)
        self.forked[pid] = client
        self.selector.modify(client, selectors.EVENT_READ, pid)
        _send(client, {"pid": pid})

    def hand_over(self, client: socket.socket, run: Callable[..., object], *arguments: object) -> None:
        """Fork a process that talks to the client itself: what it runs is given the connection first."""
        self.selector.unregister(client)
        channel = client.detach()
        self.fork(run, channel, *arguments)
        os.close(channel)

    def fork(self, run: Callable[..., object], *arguments: object) -> int:
        """Fork a process that lets go of everything that is the server's, runs, and ends without its clean-up."""
        server = os.getpid()
        pid = _fork()
        if pid == 0:
            self._become(server, run, *arguments)
        self.forked[pid] = None
        return pid

    def _become(self, server: int, run: Callable[..., object], *arguments: object) -> NoReturn:
        code = 1
        try:
            os.setsid()
            _die_with(server)
            for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
            signal.set_wakeup_fd(-1)
            self.let_go()
            read_nothing()
            run(*arguments)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            try:  # a stream may be one of a notebook's, which raises whatever it likes
                for stream in (sys.stdout, sys.stderr):
                    if stream is not None:
                        stream.flush()
            finally:
                os._exit(code)

    def reap(self) -> None:
        """End what has lost its leader, and tell the clients of what has ended."""
        while self.forked:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)  # what it has started; its number is kept while it has a group
            client = self.forked.pop(pid, None)
            if client is not None:
                _send(client, {"code": os.waitstatus_to_exitcode(status)})

    def end(self) -> None:
        """End everything forked, and wait for it."""
        signal.set_wakeup_fd(-1)
        for pid in self.forked:
            if pid != self.other:
                _send_signal(pid, signal.SIGKILL)
        if self.leash is not None:
            os.close(self.leash)  # the other server ends what it has forked, and then itself
        for pid in self.forked:
            os.waitpid(pid, 0)


def _fork() -> int:
    """Fork this process, whose libraries have no thread that matters."""
    # Threads of libraries are meant by the warning; the one left, an allocator's, sees to itself at a fork.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _die_with(parent: int) -> None:
    """Ask to be killed when the parent is; elsewhere than on Linux a kernel looks for its parent each second."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _send_signal(pid: int, number: int) -> None:
    """Send a signal to what was forked and to its own group, so that what a cell has started ends too."""
    try:  # a pid is not reused before it was waited for
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        os.kill(pid, number)  # it has not made its group yet, or only it is left to be waited for


def _send(client: socket.socket, answer: dict[str, int]) -> None:
    with suppress(OSError):  # it has gone; its end is read next
        client.sendall(json.dumps(answer).encode() + b"\n")
