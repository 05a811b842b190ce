"""The command line: the commands in one place, and the errors a user can act on."""

from __future__ import annotations

import atexit
import errno
import gc
import io
import sys
from typing import NoReturn

import typer

from analysis.commands.batch import batch
from analysis.commands.brief import brief
from analysis.commands.build import build
from analysis.commands.check import check
from analysis.commands.console import ERR
from analysis.commands.fetch import fetch
from analysis.commands.schedule import schedule
from analysis.commands.verify import verify
from analysis.errors import TightropeError
from analysis.plain_text import one_line
from analysis.streams import hold_streams, is_output_lost
from analysis.terminal import shown_lines

_OF_THE_PATH = (errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.EROFS)
"""What is wrong with a path that was given, and not with the code that looked there."""

app = typer.Typer(
    name="tightrope",
    help="How a state balances between rival powers: from event and relationship data to HTML and PDF briefings.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (build, check, brief, batch, schedule, verify, fetch):
    app.command()(command)


def main() -> None:
    """Run the command line; an error a user can act on is printed without a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as of errors: a name that it lacks a sign for ends no run
    hold_streams()
    atexit.register(gc.freeze)  # what is left at the end goes with the process, and need not be looked through
    try:
        app()
    except TightropeError as error:
        _end(str(error))
    except OSError as error:
        if error.errno not in _OF_THE_PATH or error.filename is None:
            raise
        _end(f"cannot use {one_line(ascii(error.filename), 120)}: {error.strerror}; give another path")
    except SystemExit as end:
        if not end.code and is_output_lost():
            raise SystemExit(1) from None
        raise


def _end(message: str) -> NoReturn:
    ERR.print(f"[red]error:[/red] {shown_lines(message)}", soft_wrap=True)
    raise SystemExit(1) from None


if __name__ == "__main__":
    main()
