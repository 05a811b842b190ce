"""Telling of a failure by a command of the user's choice, to which the data are arguments and never code."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

NAME_VARIABLE, PAGE_VARIABLE, ERROR_VARIABLE = "TIGHTROPE_REPORT", "TIGHTROPE_FAILURE", "TIGHTROPE_ERROR"
PATIENCE_SECONDS = 60.0
_MOST_BYTES = 10_000  # of an error; a system hands on no variable of any length


def tell_failure(command: Sequence[str], name: str, page: Path | None, error: str = "") -> str:
    """Run a command with the path of a failure's page as its last argument; no shell reads it.

    Parameters
    ----------
    command : sequence of str
        Program and arguments. It also finds the report's name, the page's path and the error in its environment.
    name : str
        The report that failed, or the entries of a batch that did not run to its end.
    page : Path or None
        The page that says what failed; None where it could not be written: the last argument is empty then.
    error : str
        What failed, in words; the page has what is too long for a variable.

    Returns
    -------
    str
        What went wrong with the command, empty if nothing did. It never keeps a batch from going on.

    Examples
    --------
    >>> tell_failure(["test", "-e"], "togo", Path("/nowhere/failed.html"))
    "on_failure of 'togo': test ended with 1"
    """
    told, path = f"on_failure of {name!r}: {command[0]}", "" if page is None else str(page.absolute())
    shown = error.replace("\0", "").encode(errors="replace")[:_MOST_BYTES].decode(errors="ignore")
    try:
        done = subprocess.run(
            [*command, path],
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS,
            env={**os.environ, NAME_VARIABLE: name, PAGE_VARIABLE: path, ERROR_VARIABLE: shown},
            check=False,
        )
    except OSError as error:
        return f"{told} cannot be run: {error.strerror}"
    except subprocess.TimeoutExpired:
        return f"{told} did not end in {PATIENCE_SECONDS:g} seconds"
    return f"{told} ended with {done.returncode}" if done.returncode else ""
