"""The days of which a report is published, as the links in its folder tell."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

LATEST = "latest"
RUNS = ".runs"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_day(name: str) -> bool:
    """Whether a text is a day of the calendar, as a report is filed under.

    Examples
    --------
    >>> is_day("2026-02-28"), is_day("2026-02-30"), is_day("latest")
    (True, False, False)
    """
    try:
        return bool(_DAY.fullmatch(name) and date.fromisoformat(name))
    except ValueError:
        return False


def list_days(home: Path) -> list[str]:
    """The days of which a report is published, the newest last; a link out of the report's folder is none.

    A folder that is a link itself has none either.

    Examples
    --------
    >>> list_days(Path("reports/nowhere"))
    []
    """
    if home.is_symlink():
        return []
    return sorted(path.name for path in home.glob("*") if is_day(path.name) and path.is_dir() and not _leads_away(path))


def is_latest_newest(home: Path) -> bool:
    """Whether `latest` leads to the newest day, which it does unless a run was killed between two renames."""
    link = home / LATEST
    return link.is_symlink() and [os.readlink(link)] == list_days(home)[-1:]


def list_published_runs(home: Path) -> set[str]:
    """The folders of runs that a day points to."""
    return {Path(os.readlink(home / day)).name for day in list_days(home) if (home / day).is_symlink()}


def _leads_away(path: Path) -> bool:
    return path.is_symlink() and Path(os.readlink(path)).parts[:-1] != (RUNS,)
