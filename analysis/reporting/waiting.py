"""A process that imports what notebooks use, waits, and becomes a kernel once it is told how to connect.

Run as a module by :mod:`analysis.reporting.kernel`; it reads one line of JSON, the kernel's
arguments, and ends without a word if there is none.
"""

from __future__ import annotations

import json
import os
import sys


def import_libraries() -> None:
    """Import what a kernel is made of and what notebooks use.

    Text is kept as Python's, as in the tables (see :data:`analysis.schema.table.TEXT`): what a report makes of it is
    the same, and takes a tenth less time.
    """
    import ipykernel.debugger
    import ipykernel.kernelapp  # noqa: F401
    import matplotlib.backends.backend_svg  # noqa: F401
    import pandas as pd
    import ruptures  # noqa: F401
    import seaborn  # noqa: F401

    import analysis

    pd.set_option("mode.string_storage", "python")

    for name in analysis.__all__:
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
