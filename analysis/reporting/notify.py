"""Telling of a failure by a command of the user's choice, to which the data are arguments and never code."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

NAME_VARIABLE, PAGE_VARIABLE = "TIGHTROPE_REPORT", "TIGHTROPE_FAILURE"
PATIENCE_SECONDS = 60.0


def tell_failure(command: Sequence[str], name: str, page: Path) -> str:
    """Run a command with the path of a failure's page as its last argument; no shell reads it.

    Parameters
    ----------
    command : sequence of str
        Program and arguments. It also finds the report's name and the page's path in its environment.
    name : str
        The report that failed.
    page : Path
        The page that says what failed.

    Returns
    -------
    str
        What went wrong with the command, empty if nothing did. It never keeps a batch from going on.

    Examples
    --------
    >>> tell_failure(["test", "-e"], "togo", Path("/nowhere/failed.html"))
    "on_failure of 'togo': test ended with 1"
    """
    told = f"on_failure of {name!r}: {command[0]}"
    try:
        done = subprocess.run(
            [*command, str(page.absolute())],
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS,
            env={**os.environ, NAME_VARIABLE: name, PAGE_VARIABLE: str(page.absolute())},
            check=False,
        )
    except OSError as error:
        return f"{told} cannot be run: {error.strerror}"
    except subprocess.TimeoutExpired:
        return f"{told} did not end in {PATIENCE_SECONDS:g} seconds"
    return f"{told} ended with {done.returncode}" if done.returncode else ""
