"""What follows a batch: each failure has its page and is told of, the index is written, the runs are noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from analysis.errors import TightropeError
from analysis.paths import NOTEBOOKS
from analysis.reporting.batch import Outcome
from analysis.reporting.failure import FAILED_PAGE, keep_failure
from analysis.reporting.index import renew_index
from analysis.reporting.notify import tell_failure
from analysis.reporting.parameters import Briefing, check_name, name_edition
from analysis.reporting.schedule import Watch, note_runs


def follow_up(
    outcomes: Sequence[Outcome],
    briefings: Sequence[Briefing],
    watches: Mapping[str, Watch],
    *,
    reports: Path,
    data: Path,
    now: datetime,
    warn: Callable[[str], None] = lambda _: None,
) -> None:
    """See to what a batch leaves to be done.

    Parameters
    ----------
    outcomes : sequence of Outcome
        What became of the briefings that were asked for.
    briefings : sequence of Briefing
        Every briefing of `briefings.toml`.
    watches : mapping of str to Watch
        What its entries say of their schedule.
    reports, data : Path
        Folders of published reports and of built tables.
    now : datetime
        When the batch began, with a time zone.
    warn : callable
        Told of each command that could not tell of a failure, and if the index could not be renewed.

    Raises
    ------
    TightropeError
        If the runs cannot be noted.
    """
    by_name = {briefing.name: briefing for briefing in briefings}
    for outcome in outcomes:
        if outcome.state == "failed":
            briefing = by_name[outcome.name]
            name = _find_name(briefing)
            page = _find_page(outcome, briefing, reports / name)
            command = watches[briefing.entry].on_failure
            if command and (fault := tell_failure(command, name, page)):
                warn(fault)
    made = {outcome.folder.parent.name for outcome in outcomes if outcome.state == "made" and outcome.folder}
    renew_index(reports, data, made, briefings[0].notebook.parent if briefings else NOTEBOOKS, warn)
    ended = {outcome.name for outcome in outcomes if outcome.state != "left"}
    entries = {briefing.entry for briefing in briefings}
    complete = entries - {briefing.entry for briefing in briefings if briefing.name not in ended}
    try:
        note_runs(reports, sorted(complete), now)
    except OSError as error:
        raise TightropeError(f"cannot note the runs in {str(reports)!r}: {error.strerror}") from error


def _find_name(briefing: Briefing) -> str:
    """What a report is filed under; where a parameter that failed it would stand in the name, its briefing's."""
    try:
        return check_name(name_edition(briefing.name, briefing.parameters))
    except TightropeError:
        return briefing.name


def _find_page(outcome: Outcome, briefing: Briefing, home: Path) -> Path:
    """The page of a failure: the run's own, or one that says what kept it from running."""
    if FAILED_PAGE not in outcome.message:
        keep_failure(home, briefing.notebook, briefing.parameters, TightropeError(outcome.message))
    return home / FAILED_PAGE
