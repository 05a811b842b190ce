"""Installing a schedule for the user who asks: never for the machine, and nothing of anybody else's is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from analysis.errors import TightropeError
from analysis.paths import NOTEBOOKS, PROCESSED, PROJECT, RAW, REPORTS
from analysis.reporting import units

_USUAL = {"reports": REPORTS, "notebooks": NOTEBOOKS, "raw": RAW, "data": PROCESSED}


def due_command(**folders: Path) -> list[str]:
    """The command that makes what is due, by absolute paths: a timer knows no environment.

    Parameters
    ----------
    **folders : Path
        Any of ``reports``, ``notebooks``, ``raw`` and ``data``; named in the command where they are not the usual ones.

    Examples
    --------
    >>> due_command()[-2:]
    ['batch', '--due']
    """
    beside = Path(sys.executable).with_name("tightrope")
    program = [str(beside)] if beside.is_file() else [sys.executable, "-m", "analysis"]
    options = [word for name, folder in _select_unusual(folders) for word in (f"--{name}", str(folder))]
    return [*program, "batch", "--due", *options]


def folders_of_clone(**folders: Path) -> tuple[dict[str, str], list[str]]:
    """The same folders as a clone of the project has them, for a machine that has nothing else.

    Parameters
    ----------
    **folders : Path
        As for :func:`due_command`.

    Returns
    -------
    tuple of dict and list
        By option, those within the project that are not the usual ones, relative to it; the options of those outside.

    Examples
    --------
    >>> folders_of_clone(reports=REPORTS, notebooks=PROJECT / "mine", data=Path("/srv/data"))
    ({'notebooks': 'mine'}, ['--data /srv/data'])
    """
    inside, outside = {}, []
    for name, folder in _select_unusual(folders):
        if folder.is_relative_to(PROJECT.resolve()):
            inside[name] = folder.relative_to(PROJECT.resolve()).as_posix()
        else:
            outside.append(f"--{name} {folder}")
    return inside, outside


def _select_unusual(folders: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    for name, folder in folders.items():
        if folder.resolve() != _USUAL[name].resolve():
            yield name, folder.resolve()


def install_systemd(command: Sequence[str], folder: Path) -> list[str]:
    """Write a service and a timer of the user, and start the timer.

    Returns
    -------
    list of str
        What was done.

    Raises
    ------
    TightropeError
        If systemd is not there, or refuses.
    """
    systemctl = _find("systemctl", "--cron")
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
    try:
        home.mkdir(parents=True, exist_ok=True)
        for name, text in ((units.SERVICE, units.write_service(command, folder)), (units.TIMER, units.write_timer())):
            (home / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise TightropeError(f"cannot write to {str(home)!r}: {error.strerror}") from error
    _run([systemctl, "--user", "daemon-reload"])
    _run([systemctl, "--user", "enable", "--now", units.TIMER])
    return [
        f"wrote {home / units.SERVICE}",
        f"wrote {home / units.TIMER}",
        f"started {units.TIMER}; it runs while you are logged in, and always after: loginctl enable-linger",
        f"to end it: systemctl --user disable --now {units.TIMER}",
    ]


def install_crontab(command: Sequence[str], folder: Path) -> list[str]:
    """Put a line into the user's crontab, in the place of an older one of ours.

    Returns
    -------
    list of str
        What was done.

    Raises
    ------
    TightropeError
        If there is no cron, or it refuses.
    """
    crontab = _find("crontab", "--systemd")
    line = units.write_crontab_line(command, folder)
    listed = subprocess.run([crontab, "-l"], capture_output=True, text=True, check=False)
    # A user without a crontab is told so by an error; any other error must not cost a crontab.
    if listed.returncode and "no crontab" not in listed.stderr.lower():
        raise TightropeError(f"crontab -l ended with {listed.returncode}: {listed.stderr.strip()}")
    before = listed.stdout if not listed.returncode else ""
    _run([crontab, "-"], units.add_crontab_line(before, line))
    replaced = [each for each in before.splitlines() if each.endswith(units.MARK) and each != line]
    return [
        f"put into the crontab: {line}",
        *(f"in the place of: {each}" for each in replaced),
        "to end it, take that line out: crontab -e",
    ]


def _find(program: str, other: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise TightropeError(f"there is no {program} on this machine; try {other}, or install it")
    return found


def _run(command: Sequence[str], text: str | None = None) -> None:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise TightropeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")
