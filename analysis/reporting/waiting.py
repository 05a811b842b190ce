"""A process that imports what notebooks use, waits, and becomes a kernel once it is told how to connect.

Run as a module by :mod:`analysis.reporting.kernel`; it reads one line of JSON, the kernel's
arguments, and ends without a word if there is none.
"""

from __future__ import annotations

import json
import os
import sys

from analysis.paths import ARCHIVE

_CODED = ("analysis.archive", "analysis.briefing.quality")
"""What begins so reads machine-coded events, with engines that take as long to import as everything else."""


def import_pandas() -> None:
    """Import pandas, and keep text as Python's, as in the tables (see :data:`analysis.schema.table.TEXT`).

    What a report makes of it is the same, and takes a tenth less time.
    """
    import pandas as pd

    pd.set_option("mode.string_storage", "python")


def import_libraries() -> None:
    """Import what a kernel is made of and what notebooks use.

    What reads machine-coded events is left to a notebook that asks for it where none were built.
    """
    import_pandas()  # first, as where a fork follows: a kernel can see in which order filters of warnings were made
    import sqlite3  # noqa: F401

    import ipykernel.debugger
    import ipykernel.kernelapp  # noqa: F401
    import IPython.core.completerlib
    import IPython.core.debugger
    import IPython.core.oinspect
    import IPython.extensions.storemagic  # noqa: F401
    import matplotlib.backends.backend_svg  # noqa: F401
    import pyarrow.pandas_compat  # noqa: F401
    import ruptures  # noqa: F401
    import seaborn  # noqa: F401
    import tornado.platform.asyncio  # noqa: F401

    import analysis

    for name, module in analysis.HOMES.items():
        if ARCHIVE.is_dir() or not module.startswith(_CODED):
            getattr(analysis, name)


def read_nothing() -> None:
    """Let standard input be empty: a kernel reads nothing from the terminal."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def main() -> None:
    """Import, wait for the arguments, run the kernel."""
    import_libraries()
    line = sys.stdin.readline()
    if not line:
        return
    read_nothing()
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(json.loads(line))


if __name__ == "__main__":
    main()
