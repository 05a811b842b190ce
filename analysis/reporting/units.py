"""What makes a machine make what is due by itself: a systemd user timer, a crontab line, a GitHub Actions workflow."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from analysis.plain_text import one_line

SERVICE, TIMER = "tightrope.service", "tightrope.timer"
MARK = "# tightrope: due briefings"
_MINUTES = 10


def write_service(command: Sequence[str], folder: Path) -> str:
    """The systemd service that makes what is due.

    A stop asks the batch alone to end, which ends its kernels: asked themselves they would count as failures.
    """
    return f"""\
[Unit]
Description=Tightrope: make the briefings that are due

[Service]
Type=oneshot
WorkingDirectory={_specify(str(folder))}
ExecStart={" ".join(_quote(word) for word in command)}
KillMode=mixed
Nice=10
"""


def write_timer() -> str:
    """The systemd timer that looks every ten minutes for what is due, and once after downtime."""
    return f"""\
[Unit]
Description=Tightrope: look for briefings that are due

[Timer]
OnCalendar=*:0/{_MINUTES}
Persistent=true

[Install]
WantedBy=timers.target
"""


def write_crontab_line(command: Sequence[str], folder: Path) -> str:
    r"""The line of a crontab that does the same; mails what is made and what fails, not that nothing is due.

    Examples
    --------
    >>> write_crontab_line(["tightrope", "batch", "--due"], Path("/srv/100%"))
    '*/10 * * * * cd /srv/100\\% && tightrope batch --due > /dev/null # tightrope: due briefings'
    """
    line = f"cd {shlex.quote(str(folder))} && {shlex.join(command)}"
    # To cron a percent sign is the end of the line.
    return f"*/{_MINUTES} * * * * {line} > /dev/null {MARK}".replace("%", "\\%")


def add_crontab_line(crontab: str, line: str) -> str:
    r"""A crontab with the line in it once, in the place of an older one of ours; everything else stays.

    Examples
    --------
    >>> add_crontab_line("0 1 * * * backup\n", "*/10 * * * * tightrope # tightrope: due briefings").splitlines()
    ['0 1 * * * backup', '*/10 * * * * tightrope # tightrope: due briefings']
    """
    kept = [each for each in crontab.splitlines() if not each.endswith(MARK)]
    return "\n".join([*kept, line]) + "\n"


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


def _specify(text: str) -> str:
    # To systemd a percent sign begins a specifier.
    return text.replace("%", "%%")


def _quote(word: str) -> str:
    escaped = _specify(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"'
