"""A process that has imported what kernels and workers use, and forks them from itself.

Run as a module by :class:`analysis.reporting.forked.KernelServer`, with its socket's path; it ends, and everything
forked with it, when its standard input does. It has one thread and runs nothing of a notebook, so that what it forks
is as a new process would be once its imports are done.

A client sends one line of JSON. ``{"kernel": arguments}`` is answered with ``{"pid": number}``, and with
``{"code": number}`` once the kernel has ended; meanwhile ``{"signal": number}`` sends a signal, and a client that
goes ends its kernel. ``{"worker": true}`` hands the connection to a new worker.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from analysis import paths
from analysis.reporting.waiting import import_libraries, read_nothing
from analysis.streams import hold_streams

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux
_LINE = 1 << 20  # bytes; a request is far shorter
_THRESHOLD = (200_000, 20, 100)
"""Of the collection of garbage, in what is forked and lives for one report: figures alone make millions of objects."""


class _Fork:
    """A forked kernel, and the connection of the client it serves."""

    def __init__(self, pid: int, client: socket.socket) -> None:
        self.pid, self.client = pid, client

    def send_signal(self, number: int) -> None:
        # Its own group, so that what a cell has started ends too; a pid is not reused before it was waited for.
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            os.kill(self.pid, number)  # it has not made its group yet, or only it is left to be waited for


class Server:
    """Listens, forks, waits for what it forked, and ends it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.build = ""
        self.kernels: dict[int, _Fork] = {}
        self.workers: set[int] = set()
        self.selector = selectors.DefaultSelector()
        self.listener = socket.socket(socket.AF_UNIX)
        fresh = path.with_suffix(".new")
        self.listener.bind(str(fresh))
        self.listener.listen(64)
        fresh.rename(path)  # so that a socket of this name that nobody answers at is a dead run's
        self.woken, self.wakes = socket.socketpair()
        self.wakes.setblocking(False)

    def run(self) -> None:
        """Serve until standard input ends."""
        signal.set_wakeup_fd(self.wakes.fileno())
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        for watched in (self.listener, self.woken, sys.stdin):
            self.selector.register(watched, selectors.EVENT_READ)
        while True:
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
                    self.answer(key.fileobj, key.data)

    def answer(self, client: socket.socket, kernel: _Fork | None) -> None:
        """Do what a client asks, or end its kernel when it has gone."""
        try:
            received = client.recv(_LINE)
        except OSError:
            received = b""
        if not received:
            self.selector.unregister(client)
            client.close()
            if kernel is not None and kernel.pid in self.kernels:
                kernel.send_signal(signal.SIGKILL)
            return
        for line in received.splitlines():
            request = json.loads(line)
            if kernel is not None and kernel.pid in self.kernels:
                kernel.send_signal(request["signal"])
            elif "kernel" in request:
                self.fork_kernel(client, request["kernel"])
            elif "worker" in request:
                self.fork_worker(client)

    def fork_kernel(self, client: socket.socket, arguments: list[str]) -> None:
        """A kernel with the arguments of an ordinary one."""
        pid = _fork()
        if pid == 0:
            _become(self, _run_kernel, arguments)
        self.kernels[pid] = _Fork(pid, client)
        self.selector.modify(client, selectors.EVENT_READ, self.kernels[pid])
        _send(client, {"pid": pid})

    def fork_worker(self, client: socket.socket) -> None:
        """A worker that talks to the client itself."""
        with suppress(Exception):  # where tables cannot be read, the worker says why
            self.read_ahead()
        pid = _fork()
        if pid == 0:
            _become(self, _run_worker, client.detach(), str(self.path))
        self.workers.add(pid)
        self.selector.unregister(client)
        client.close()

    def read_ahead(self) -> None:
        """Read the tables that every report rests on, unless those of this build have been read."""
        from analysis.reporting.inputs import Snapshot

        snapshot = Snapshot(paths.PROCESSED)
        if snapshot.record["inputs"] != self.build:
            snapshot.read_tables()
            self.build = snapshot.record["inputs"]
            _share()

    def reap(self) -> None:
        """End what has lost its kernel or worker, and tell the clients of kernels that have ended."""
        while self.kernels or self.workers:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)  # what it has started; its number is kept while it has a group
            self.workers.discard(pid)
            kernel = self.kernels.pop(pid, None)
            if kernel is not None:
                _send(kernel.client, {"code": os.waitstatus_to_exitcode(status)})

    def end(self) -> None:
        """Kill everything forked and delete the folder of the sockets, which nobody may be left to do."""
        signal.set_wakeup_fd(-1)
        for pid in [*self.kernels, *self.workers]:
            _Fork(pid, self.listener).send_signal(signal.SIGKILL)
            os.waitpid(pid, 0)
        shutil.rmtree(self.path.parent, ignore_errors=True)


def _fork() -> int:
    # Threads of libraries are meant by the warning; the one left, an allocator's, sees to itself at a fork.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _become(server: Server, run: object, *arguments: object) -> NoReturn:
    """In the child: let go of everything that is the server's, run, and end without the server's own clean-up."""
    code = 1
    try:
        os.setsid()
        _die_with(os.getppid())
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        for key in list(server.selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        server.wakes.close()
        server.selector.close()
        read_nothing()
        run(*arguments)  # type: ignore[operator]
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(code)


def _die_with(parent: int) -> None:
    """Ask to be killed when the server is; elsewhere than on Linux a kernel looks for its parent each second."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _share() -> None:
    gc.freeze()  # what is shared stays shared: a collection would write to every object


def _run_kernel(arguments: list[str]) -> None:
    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    np.random.seed()
    gc.set_threshold(*_THRESHOLD)
    del sys.argv[1:]  # the server's
    parent = os.getppid()
    os.environ["JPY_PARENT_PID"] = str(parent)
    IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={parent}"])


def _run_worker(channel: int, server: str) -> None:
    import tempfile

    from analysis.reporting.worker import serve

    gc.set_threshold(*_THRESHOLD)
    tempfile.tempdir = str(Path(server).parent)  # deleted with the server, even if the worker is killed
    with socket.socket(fileno=channel) as client, client.makefile("rw", encoding="utf-8", newline="\n") as stream:
        serve(stream, stream, Path(server))


def _send(client: socket.socket, answer: dict[str, int]) -> None:
    with suppress(OSError):  # it has gone; its end is read next
        client.sendall(json.dumps(answer).encode() + b"\n")


def _import_workers() -> None:
    """Import what makes a report of a notebook, and read what every report needs alike."""
    import filelock  # noqa: F401
    import rocrate.rocrate  # noqa: F401
    import typst  # noqa: F401  # runs nothing here: it would start threads
    from jupyter_client.kernelspec import KernelSpecManager

    from analysis.reporting import brief, html_tables, managers, saved_once, worker  # noqa: F401
    from analysis.reporting.exports import load_exporters
    from analysis.reporting.inputs import hash_code

    load_exporters()
    hash_code()
    KernelSpecManager().get_kernel_spec("python3")  # with the first, all that is installed is looked through


def _read_words() -> None:
    """Read the reviewed tables and each language's words, which every kernel would else read for its one report."""
    import pandas as pd

    from analysis import reference
    from analysis.language import LANGUAGES, speaking
    from analysis.language.speech import CODE, DATA, translations
    from analysis.reference.actors import actors_table, resolve_actor
    from analysis.wording import format_day, format_number

    reference.load_all()
    actors_table()
    resolve_actor("TGO")  # with the first, the names of all actors are read
    for language in LANGUAGES:
        with speaking(language):
            for catalogue in (CODE, DATA):
                translations(catalogue, language)
            format_day(pd.Timestamp(0))
            format_number(0.5)


def main() -> None:
    """Import, then serve."""
    hold_streams()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # it ends with who started it, who may have something to put away
    server = Server(Path(sys.argv[1]))
    try:
        gc.disable()  # imports make much that stays, which would be looked through again and again
        import_libraries()
        with warnings.catch_warnings():  # what they would have ignored is a notebook's to see
            _import_workers()
        _read_words()
        _share()
        gc.enable()
        server.run()
    finally:
        server.end()
        # Who waits for it need not wait for its imports to be undone, and what is frozen would outlive them.
        if sys.exc_info()[0] is None:
            sys.stderr.flush()
            os._exit(0)


if __name__ == "__main__":
    main()
