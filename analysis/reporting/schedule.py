"""When entries of `briefings.toml` are due, by their cron expressions and what was run last."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dateutil.tz import tzlocal

from analysis.errors import TightropeError
from analysis.own import make_folder, replace_file
from analysis.paths import BRIEFINGS_TOML, NOTEBOOKS
from analysis.reporting.entries import read_entries

STATE = ".state"
_LAST_RUNS = "last_runs.json"


@dataclass(frozen=True)
class Watch:
    """When an entry is to be made, and what is run if that fails.

    Attributes
    ----------
    cron : str
        Cron expression of five fields, in the machine's time; empty for an entry that is made by hand alone.
    on_failure : tuple of str
        Command and arguments, empty for none.
    """

    cron: str
    on_failure: tuple[str, ...]


def read_watches(notebooks: Path = NOTEBOOKS) -> dict[str, Watch]:
    """What each entry of `briefings.toml` says of its schedule; what stands above all entries holds for each.

    Raises
    ------
    TightropeError
        If an expression or a command cannot be understood; names the entry.
    """
    entries, common = read_entries(notebooks)
    return {name: _read_watch(name, {**common, **entry}) for name, entry in entries.items()}


def read_standing_watches(notebooks: Path = NOTEBOOKS) -> dict[str, Watch]:
    """What can be understood of what each entry says of its schedule, where something in `briefings.toml` is wrong."""
    try:
        entries, common = read_entries(notebooks)
    except TightropeError:
        return {}
    watches: dict[str, Watch] = {}
    for name, entry in entries.items():
        said = {**common, **entry}
        for known in (said, {key: value for key, value in said.items() if key != "cron"}):
            with suppress(TightropeError):
                watches.setdefault(name, _read_watch(name, known))
    return watches


def find_due(watches: Mapping[str, Watch], last_runs: Mapping[str, datetime], now: datetime) -> list[str]:
    """The entries whose latest scheduled time lies after their last run.

    However many times were missed, an entry is due once. One that was never run is due; so is one whose last run lies
    ahead of now, as after a clock was set back.

    Parameters
    ----------
    watches : mapping of str to Watch
        From :func:`read_watches`.
    last_runs : mapping of str to datetime
        When each entry was last run, with a time zone.
    now : datetime
        The time it is, from :func:`read_clock`: times of expressions are those of its zone.

    Examples
    --------
    >>> from datetime import UTC
    >>> watches = {"togo": Watch("0 5 * * *", ())}
    >>> now = datetime(2026, 3, 2, 4, 59, tzinfo=UTC)
    >>> find_due(watches, {"togo": datetime(2026, 3, 1, 5, 0, 1, tzinfo=UTC)}, now)
    []
    >>> find_due(watches, {"togo": datetime(2026, 2, 20, 5, 0, 1, tzinfo=UTC)}, now)
    ['togo']
    """
    due = []
    for name, watch in watches.items():
        if not watch.cron:
            continue
        last = last_runs.get(name)
        if last is None or last > now or last < _latest_time(watch.cron, now):
            due.append(name)
    return due


def read_clock() -> datetime:
    """The time it is, in the zone of the machine, in which an hour that is put back is not a time that comes twice."""
    return datetime.now(tzlocal())


def read_last_runs(reports: Path) -> dict[str, datetime]:
    """When each entry was last run; what cannot be read counts as never."""
    try:
        written = json.loads((reports / STATE / _LAST_RUNS).read_text(encoding="utf-8"))
        runs = {str(name): datetime.fromisoformat(text) for name, text in written.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
    return {name: time for name, time in runs.items() if time.tzinfo is not None}


def note_runs(reports: Path, names: Iterable[str], now: datetime) -> None:
    """Note that entries were run, by one rename.

    Parameters
    ----------
    reports : Path
        Folder of published reports.
    names : iterable of str
        Entries.
    now : datetime
        The time at which the run began, with a time zone: what falls due meanwhile is run next.
    """
    runs = {**read_last_runs(reports), **dict.fromkeys(names, now)}
    text = json.dumps({name: runs[name].isoformat() for name in sorted(runs)}, indent=1) + "\n"
    replace_file(make_folder(reports / STATE) / _LAST_RUNS, text)


def _read_watch(name: str, entry: Mapping[str, Any]) -> Watch:
    cron, command = entry.get("cron", ""), entry.get("on_failure", "")
    if not isinstance(cron, str) or (cron and len(cron.split()) != 5):
        raise TightropeError(
            f"{BRIEFINGS_TOML}: cron of {name!r} is {cron!r}; five fields such as '0 5 * * *' are accepted"
        )
    if cron:
        _check_expression(name, cron)
    if not isinstance(command, str) or "\0" in command:
        raise TightropeError(f"{BRIEFINGS_TOML}: on_failure of {name!r} is {command!r}; a command is accepted")
    try:
        return Watch(cron, tuple(shlex.split(command)))
    except ValueError as error:
        raise TightropeError(f"{BRIEFINGS_TOML}: on_failure of {name!r} is {command!r}: {error}") from error


def _check_expression(name: str, cron: str) -> None:
    from cronsim import CronSim, CronSimError

    try:
        next(CronSim(cron, datetime(2026, 1, 1)))
    except (CronSimError, StopIteration) as error:
        raise TightropeError(
            f"{BRIEFINGS_TOML}: cron of {name!r} is {cron!r}: {error or 'no such day'}; "
            "five fields such as '0 5 * * *' are accepted"
        ) from error


def _latest_time(cron: str, now: datetime) -> datetime:
    """The latest scheduled time that has come."""
    from cronsim import CronSim

    # What is scheduled for this very minute has come, and a search backwards begins before it.
    return next(CronSim(cron, now.replace(second=1, microsecond=0), reverse=True))
