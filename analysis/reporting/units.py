"""What makes a machine make what is due by itself: a systemd user timer, a crontab line, a GitHub Actions workflow."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from analysis.errors import TightropeError
from analysis.plain_text import one_line

_MINUTES = 10
_NO_TEXT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def name_schedule(folder: Path, notebooks: Path) -> str:
    """What tells the schedule of one clone and one `briefings.toml` from every other of the same user.

    Parameters
    ----------
    folder, notebooks : Path
        The clone, and the folder of `briefings.toml`.

    Examples
    --------
    >>> name_schedule(Path("/srv/a"), Path("/srv/a/notebooks"))
    'tightrope-d3f7aa66'
    """
    told = f"{folder.resolve()}\n{notebooks.resolve()}"
    return f"tightrope-{hashlib.sha256(os.fsencode(told)).hexdigest()[:8]}"


def write_service(command: Sequence[str], folder: Path) -> str:
    """The systemd service that makes what is due.

    A shell runs it, because systemd itself takes no quote or backslash in the path of a program, and no blank at the
    end of a folder's name. A stop asks the batch alone to end, which ends its kernels: asked themselves they would
    count as failures.

    Raises
    ------
    TightropeError
        If a name holds what no line of a unit can.
    """
    line = _join(command, folder)
    return f"""\
[Unit]
Description=Tightrope: make the briefings of {_specify(str(folder))} that are due

[Service]
Type=oneshot
ExecStart=/bin/sh -c {_quote(line)}
KillMode=mixed
Nice=10
"""


def write_timer(folder: Path) -> str:
    """The systemd timer that looks every ten minutes for what is due in a folder, and once after downtime."""
    return f"""\
[Unit]
Description=Tightrope: look for briefings of {_specify(str(folder))} that are due

[Timer]
OnCalendar=*:0/{_MINUTES}
Persistent=true

[Install]
WantedBy=timers.target
"""


def write_crontab_line(command: Sequence[str], folder: Path, name: str) -> str:
    r"""The line of a crontab that does the same; mails what is made and what fails, not that nothing is due.

    Raises
    ------
    TightropeError
        If a name holds what no line of a crontab can.

    Examples
    --------
    >>> write_crontab_line(["tightrope", "batch", "--due"], Path("/srv/100%"), "tightrope-1a2b3c4d")
    '*/10 * * * * cd /srv/100\\% && exec tightrope batch --due > /dev/null # tightrope-1a2b3c4d: due briefings'
    """
    # To cron a percent sign is the end of the line.
    return f"*/{_MINUTES} * * * * {_join(command, folder)} > /dev/null {_mark(name)}".replace("%", "\\%")


def add_crontab_line(crontab: str, line: str, name: str) -> tuple[str, list[str]]:
    r"""A crontab with the line in it once, and the older lines of the same schedule that it replaces; all else stays.

    Examples
    --------
    >>> add_crontab_line("0 1 * * * backup\n5 * * * * old # a: due briefings\n", "new # a: due briefings", "a")
    ('0 1 * * * backup\nnew # a: due briefings\n', ['5 * * * * old # a: due briefings'])
    """
    before = crontab.removesuffix("\n").split("\n") if crontab else []
    is_ours = [each.endswith(_mark(name)) for each in before]
    kept = [each for each, ours in zip(before, is_ours, strict=True) if not ours]
    return "\n".join([*kept, line]) + "\n", [each for each, ours in zip(before, is_ours, strict=True) if ours]


def write_workflow(crons: Iterable[str], folders: Mapping[str, str] | None = None, left_out: Sequence[str] = ()) -> str:
    """The GitHub Actions workflow that makes what is due at each of some times, which GitHub reads as UTC.

    Parameters
    ----------
    crons : iterable of str
        Cron expressions.
    folders : mapping of str to str, optional
        Folders of the clone by the option that names them, as ``{"reports": "mine"}``.
    left_out : sequence of str
        Options that a clone cannot have, which the workflow says.
    """
    folders = folders or {}
    options = "".join(f" --{name} {shlex.quote(folder)}" for name, folder in folders.items())
    command = json.dumps(f".venv/bin/tightrope batch --due{options}", ensure_ascii=False)
    reports = json.dumps(folders.get("reports", "reports"), ensure_ascii=False)
    outside = "".join(f"# outside of the project, and so unknown here: {one_line(each)}\n" for each in left_out)
    times = "\n".join(f'    - cron: "{cron}"' for cron in dict.fromkeys(map(_write_for_github, crons)))
    return f"""\
{outside}name: briefings
on:
  schedule:
{times}
  workflow_dispatch:
concurrency: briefings
permissions:
  contents: read
jobs:
  briefings:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      - uses: actions/cache/restore@v4
        with:
          path: {reports}
          key: reports-
          restore-keys: reports-
      - run: make .venv/.base
      - run: {command}
      # Also where a report failed: the next run needs the others, and when each was made.
      - uses: actions/cache/save@v4
        if: always()
        with:
          path: {reports}
          key: reports-${{{{ github.run_id }}}}-${{{{ github.run_attempt }}}}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: reports
          path: {reports}
"""


def _write_for_github(cron: str) -> str:
    """The expression, or the same hours of every day where GitHub knows no such day: what is due is found then too.

    Examples
    --------
    >>> _write_for_github("0 5 L JUL *"), _write_for_github("0 5 17 * MON")
    ('0 5 * JUL *', '0 5 17 * MON')
    """
    minute, hour, day, month, weekday = cron.split()
    if "L" in day.upper() or set("L#7") & set(weekday.upper()):
        day = weekday = "*"
    return f"{minute} {hour} {day} {month} {weekday}"


def _mark(name: str) -> str:
    return f"# {name}: due briefings"


def _join(command: Sequence[str], folder: Path) -> str:
    """A line for a shell that runs a command in a folder."""
    for word in (str(folder), *command):
        if _NO_TEXT.search(word):
            raise TightropeError(
                f"{word!r} holds a character that no schedule can, such as a line end; rename the folder"
            )
    return f"cd {shlex.quote(str(folder))} && exec {shlex.join(command)}"


def _specify(text: str) -> str:
    # To systemd a percent sign begins a specifier.
    return text.replace("%", "%%")


def _quote(word: str) -> str:
    escaped = _specify(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"'
