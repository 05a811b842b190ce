"""A batch that did not run to its end: the page that says why, the note that the index reads, and who was told.

Whom a fault was told to is noted by the names and times of empty files: on a full disk, which may be the fault, a file
without content can still be made.
"""

from __future__ import annotations

import hashlib
import json
import os
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from analysis.errors import TightropeError
from analysis.language import message, say
from analysis.own import make_folder, replace_file, write_new
from analysis.reporting.failure import FAILED_PAGE
from analysis.reporting.pages import MASTHEAD, render_page
from analysis.reporting.places import hide_places
from analysis.reporting.schedule import STATE, Watch, find_due

_NOTE, _TOLD = "unbegun.json", "told-"


class Unbegun(NamedTuple):
    """Why the last batch did not run to its end, and when the first one did not for that reason."""

    error: str
    since: datetime


def note_unbegun(reports: Path, error: Exception, entries: Sequence[str], now: datetime) -> Path | None:
    """Leave a page that says why a batch did not run to its end, and note it for the index.

    Parameters
    ----------
    reports : Path
        Folder of published reports.
    error : Exception
        What went wrong.
    entries : sequence of str
        The entries of `briefings.toml` that it would have made.
    now : datetime
        When the batch began, with a time zone.

    Returns
    -------
    Path or None
        The page; None where it could not be written, or a page of somebody else's stands in its place.
    """
    told = describe_error(error, reports)
    before = read_unbegun(reports)
    since = before.since if before is not None and before.error == told else now
    page = reports / FAILED_PAGE
    if page.exists() and not _is_ours(page):
        return None
    try:
        state = make_folder(reports / STATE)
        replace_file(page, _render(error, told, entries, since, reports))
        replace_file(state / _NOTE, json.dumps({"error": told, "since": since.isoformat()}, indent=1) + "\n")
    except (OSError, TightropeError):
        return None  # the folder or the disk may be what failed
    return page


def read_unbegun(reports: Path) -> Unbegun | None:
    """Why the last batch did not run to its end; None if it did.

    Examples
    --------
    >>> read_unbegun(Path("reports/nowhere")) is None
    True
    """
    try:
        written = json.loads((reports / STATE / _NOTE).read_text(encoding="utf-8"))
        return Unbegun(str(written["error"]), datetime.fromisoformat(written["since"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def clear_unbegun(reports: Path) -> None:
    """Remove what an older batch that did not run to its end has left, once one did."""
    with suppress(OSError):
        if (reports / STATE / _NOTE).exists() and _is_ours(reports / FAILED_PAGE):
            (reports / FAILED_PAGE).unlink()
        for path in [reports / STATE / _NOTE, *(reports / STATE).glob(f"{_TOLD}*")]:
            path.unlink(missing_ok=True)


def find_untold(
    reports: Path, error: Exception, entries: Sequence[str], watches: Mapping[str, Watch], now: datetime
) -> list[str]:
    """The entries of which nobody was told that this fault kept them from being made since they were last due.

    Parameters
    ----------
    reports : Path
        Folder of published reports.
    error : Exception
        What went wrong.
    entries : sequence of str
        The entries that would have been made.
    watches : mapping of str to Watch
        When they are due.
    now : datetime
        The time it is, with a time zone.
    """
    told = describe_error(error, reports)
    times = {}
    for entry in entries:
        with suppress(OSError):
            times[entry] = datetime.fromtimestamp(_mark(reports, told, entry).lstat().st_mtime, UTC)
    due = find_due(watches, times, now)
    return [entry for entry in entries if entry not in times or entry in due]


def note_told(reports: Path, error: Exception, entries: Sequence[str], now: datetime) -> None:
    """Note that those who wait for some entries were told of a fault; where it cannot be noted, they are told again."""
    told, second = describe_error(error, reports), int(now.timestamp())
    with suppress(OSError, TightropeError):
        make_folder(reports / STATE)
        for entry in entries:
            mark = _mark(reports, told, entry)
            mark.unlink(missing_ok=True)
            write_new(mark, b"")
            os.utime(mark, (second, second), follow_symlinks=False)


def describe_error(error: Exception, reports: Path) -> str:
    """An error in words, without the folders of the machine."""
    told = str(error) if isinstance(error, TightropeError) else f"{type(error).__name__}: {error}"
    return hide_places(told, reports=reports)


def _mark(reports: Path, told: str, entry: str) -> Path:
    return reports / STATE / (_TOLD + hashlib.sha256(f"{entry}\n{told}".encode(errors="replace")).hexdigest()[:20])


def _is_ours(page: Path) -> bool:
    return page.is_file() and not page.is_symlink() and MASTHEAD in page.read_bytes()


def _render(error: Exception, told: str, entries: Sequence[str], since: datetime, reports: Path) -> str:
    sections = [(say(_HEADINGS["error"]), told)]
    if not isinstance(error, TightropeError):
        trace = hide_places("".join(traceback.format_exception(error)), reports=reports)
        sections.append((say(_HEADINGS["traceback"]), trace))
    if named := [entry for entry in entries if entry]:
        sections.append((say(_HEADINGS["entries"]), "\n".join(named)))
    return render_page(
        "failed.html.j2",
        title=say("The batch did not run to its end"),
        summary=say("The first that did not, for this reason: {time}.", time=f"{since:%Y-%m-%d %H:%M %z}"),
        standing=say("The reports that were published before stay as they were."),
        links=[],
        parameters=[],
        sections=sections,
    )


_HEADINGS = {
    "error": message("What went wrong"),
    "traceback": message("Where in the code"),
    "entries": message("What it was to make"),
}
