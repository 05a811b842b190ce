"""Installing a schedule for the user who asks: never for the machine, and nothing of anybody else's is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from analysis.errors import TightropeError
from analysis.own import replace_file
from analysis.paths import BUILT, NOTEBOOKS, PROJECT, RAW, REPORTS
from analysis.reporting import units

_USUAL = {"reports": REPORTS, "notebooks": NOTEBOOKS, "raw": RAW, "data": BUILT}
_NO_CRONTAB = ("no crontab", "no such file")


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


def install_systemd(command: Sequence[str], folder: Path, name: str) -> list[str]:
    """Write a service and a timer of the user, and start the timer.

    Parameters
    ----------
    command : sequence of str
        From :func:`due_command`.
    folder : Path
        Where it is run.
    name : str
        From :func:`analysis.reporting.units.name_schedule`; units of the same name are replaced.

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
    service, timer = units.write_service(command, folder), units.write_timer(folder)
    try:
        home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
    except RuntimeError as error:
        raise TightropeError("the user has no home folder; set HOME, or XDG_CONFIG_HOME") from error
    try:
        home.mkdir(parents=True, exist_ok=True)
        replace_file(home / f"{name}.service", service)
        replace_file(home / f"{name}.timer", timer)
    except OSError as error:
        raise TightropeError(f"cannot write to {str(home)!r}: {error.strerror}") from error
    _run([systemctl, "--user", "daemon-reload"])
    _run([systemctl, "--user", "enable", "--now", f"{name}.timer"])
    return [
        f"wrote {home / name}.service",
        f"wrote {home / name}.timer",
        f"started {name}.timer; it runs while you are logged in, and always after: loginctl enable-linger",
        f"to end it: systemctl --user disable --now {name}.timer",
    ]


def install_crontab(command: Sequence[str], folder: Path, name: str) -> list[str]:
    """Put a line into the user's crontab, in the place of an older one of the same schedule.

    Parameters
    ----------
    command : sequence of str
        From :func:`due_command`.
    folder : Path
        Where it is run.
    name : str
        From :func:`analysis.reporting.units.name_schedule`.

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
    line = units.write_crontab_line(command, folder, name)
    listed = _call([crontab, "-l"])
    # A user without a crontab is told so by an error; any other error must not cost a crontab.
    if listed.returncode and not any(words in listed.stderr.lower() for words in _NO_CRONTAB):
        raise TightropeError(f"crontab -l ended with {listed.returncode}: {listed.stderr.strip()}")
    after, replaced = units.add_crontab_line("" if listed.returncode else listed.stdout, line, name)
    _run([crontab, "-"], after)
    return [
        f"put into the crontab: {line}",
        *(f"in the place of: {each}" for each in replaced if each != line),
        "to end it, take that line out: crontab -e",
    ]


def _find(program: str, other: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise TightropeError(f"there is no {program} on this machine; try {other}, or install it")
    return found


def _run(command: Sequence[str], text: str | None = None) -> None:
    done = _call(command, text)
    if done.returncode:
        raise TightropeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")


def _call(command: Sequence[str], text: str | None = None) -> subprocess.CompletedProcess[str]:
    # What others wrote into a crontab may be of any encoding, and goes back as it came.
    return subprocess.run(
        command, input=text, capture_output=True, encoding="utf-8", errors="surrogateescape", check=False
    )
