"""Two processes that have imported what kernels and what workers use, and fork them from themselves.

Run as a module by :class:`analysis.reporting.forked.KernelServer`, with the paths of their sockets. What both use is
imported before the first forks the second, the rest by both at a time. Neither runs anything of a notebook. The first
ends, and everything forked with it, when its standard input does; the second when the first does.

A client sends one line of JSON. To the first, ``{"kernel": arguments}`` is answered with ``{"pid": number}``, and with
``{"code": number}`` once the kernel has ended; meanwhile ``{"signal": number}`` sends a signal, and a client that
goes ends its kernel. To the second, ``{"worker": true}`` hands the connection to a new worker.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import socket
import sys
from abc import abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from analysis import paths
from analysis.reporting.forks import Server
from analysis.reporting.waiting import import_libraries, import_pandas
from analysis.streams import hold_streams

_THRESHOLD = (200_000, 20, 100)
"""Of the collection of garbage, in what is forked and lives for one report: figures alone make millions of objects."""

_MOST_NAMES = 1000  # that a figure is rehearsed with; curated tables have a third of that


class _WarmServer(Server):
    """Forks what has the tables that every report rests on; those of a newer build are read before the next fork."""

    _build = ""

    @abstractmethod
    def read_tables(self) -> None:
        """Read the tables as what is forked will ask for them."""

    def read_ahead(self) -> None:
        """Read the tables, unless those of this build have been read."""
        from analysis.store import read_build

        with suppress(Exception):  # where tables cannot be read, what is forked says why
            build = read_build(paths.PROCESSED)["inputs"]
            if build != self._build:
                self.read_tables()
                self._build = build
                _share()


class Kernels(_WarmServer):
    """Forks kernels."""

    def answer(self, client: socket.socket, request: dict[str, Any]) -> None:
        """A kernel with the arguments of an ordinary one."""
        self.read_ahead()
        self.fork_for(client, _run_kernel, request["kernel"])

    def read_tables(self) -> None:
        """Read every table, draw the weights of the events, and rehearse a figure."""
        from analysis.figures.rehearsal import rehearse
        from analysis.measures.bootstrap import Bootstrap
        from analysis.schema import TABLES
        from analysis.store import read_table

        tables = {name: read_table(name, paths.PROCESSED) for name in TABLES}
        Bootstrap().draw(tables["events"]["event_id"].tolist())
        rehearse(tables["actors"][["name_en", "name_fr"]].head(_MOST_NAMES).to_numpy().ravel().tolist())


class Workers(_WarmServer):
    """Forks workers, whose kernels are forked by another."""

    def __init__(self, path: Path, kernels: Path) -> None:
        super().__init__(path)
        self._kernels = kernels

    def answer(self, client: socket.socket, request: dict[str, Any]) -> None:
        """A worker that talks to the client itself."""
        self.read_ahead()
        self.hand_over(client, _run_worker, self._kernels)

    def read_tables(self) -> None:
        """Read and digest every table."""
        from analysis.reporting.inputs import Snapshot

        Snapshot(paths.PROCESSED).read_tables()


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


def _run_worker(channel: int, kernels: Path) -> None:
    import tempfile

    from analysis.reporting.worker import serve

    gc.set_threshold(*_THRESHOLD)
    tempfile.tempdir = str(kernels.parent)  # deleted with the server, even if the worker is killed
    with socket.socket(fileno=channel) as client, client.makefile("rw", encoding="utf-8", newline="\n") as stream:
        serve(stream, stream, kernels)


def _import_shared() -> None:
    """Import what kernels and workers both use, and read the reviewed tables and each language's words.

    Every kernel would else read them for its one report.
    """
    import_pandas()
    import pandas as pd

    from analysis import reference
    from analysis.language import LANGUAGES, speaking
    from analysis.language.speech import CODE, DATA, translations
    from analysis.wording import format_day, format_number

    reference.load_all()
    for language in LANGUAGES:
        with speaking(language):
            for catalogue in (CODE, DATA):
                translations(catalogue, language)
            format_day(pd.Timestamp(0))
            format_number(0.5)


def _import_workers() -> None:
    """Import what makes a report of a notebook, and read what every report needs alike."""
    import filelock  # noqa: F401
    import psutil  # noqa: F401
    import rocrate.rocrate  # noqa: F401
    import typst  # noqa: F401  # runs nothing here: it would start threads
    from jupyter_client.kernelspec import KernelSpecManager

    from analysis.reference.actors import resolve_state
    from analysis.reporting import brief, html_tables, managers, saved_once, worker  # noqa: F401
    from analysis.reporting.exports import load_exporters
    from analysis.reporting.inputs import hash_code, read_versions

    load_exporters()
    hash_code()
    read_versions()
    resolve_state("Togo")  # with the first, the names of all actors are read
    KernelSpecManager().get_kernel_spec("python3")  # with the first, all that is installed is looked through


def _serve(server: _WarmServer, prepare: Callable[[], None]) -> NoReturn:
    """Import, serve, and end without undoing the imports, for which nobody need wait."""
    try:
        prepare()
        server.read_ahead()
        _share()
        gc.enable()
        server.run()
    finally:
        server.end()
        if isinstance(server, Kernels):
            shutil.rmtree(server.path.parent, ignore_errors=True)  # nobody else may be left to do so
    sys.stderr.flush()
    os._exit(0)  # what is frozen would outlive its modules


def main() -> None:
    """Import, fork the second server, then serve in both."""
    hold_streams()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # it ends with who started it, who may have something to put away
    kernels, workers = map(Path, sys.argv[1:])
    gc.disable()  # imports make much that stays, which would be looked through again and again
    server = Kernels(kernels)  # before what takes long: a folder without a socket is deleted by no later run
    _import_shared()
    _share()
    if server.fork_other():
        _serve(Workers(workers, kernels), _import_workers)
    _serve(server, import_libraries)


if __name__ == "__main__":
    main()
