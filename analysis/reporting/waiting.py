"""A process that imports what notebooks use, waits, and becomes a kernel once it is told how to connect.

Run as a module by :mod:`analysis.reporting.kernel`; it reads one line of JSON, the kernel's
arguments, and ends without a word if there is none.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Import, wait for the arguments, run the kernel."""
    import ipykernel.ipkernel  # noqa: F401
    import matplotlib.backends.backend_svg  # noqa: F401
    import seaborn  # noqa: F401
    from ipykernel.kernelapp import IPKernelApp

    import analysis

    for name in analysis.__all__:
        getattr(analysis, name)
    line = sys.stdin.readline()
    if not line:
        return
    # A kernel reads nothing from the terminal.
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    os.close(nothing)
    IPKernelApp.launch_instance(json.loads(line))


if __name__ == "__main__":
    main()
