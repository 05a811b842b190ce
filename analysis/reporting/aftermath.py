"""What follows a batch: each failure has its page and is told of, the index is written, the runs are noted.

One that did not run to its end is told of too, through the commands of the entries that it would have made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from analysis.errors import TightropeError
from analysis.reporting.batch import Outcome
from analysis.reporting.failure import FAILED_PAGE, keep_failure
from analysis.reporting.index import renew_index
from analysis.reporting.notify import tell_failure
from analysis.reporting.parameters import Briefing, name_report
from analysis.reporting.publish import retire_days
from analysis.reporting.schedule import Watch, note_runs
from analysis.reporting.unbegun import clear_unbegun, describe_error, find_untold, note_told, note_unbegun, read_unbegun


def follow_up(
    outcomes: Sequence[Outcome],
    briefings: Sequence[Briefing],
    watches: Mapping[str, Watch],
    *,
    reports: Path,
    data: Path,
    notebooks: Path,
    now: datetime,
    keep: int | None = None,
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
    reports, data, notebooks : Path
        Folders of published reports, of built tables and of notebooks.
    now : datetime
        When the batch began, with a time zone.
    keep : int, optional
        How many days to keep of each report that was not made now, as a run keeps them of its own; all if absent.
    warn : callable
        Told of each command that could not tell of a failure, of each report whose days could not be taken away, and
        if the index could not be renewed.

    Raises
    ------
    TightropeError
        If the runs cannot be noted.
    """
    by_name = {briefing.name: briefing for briefing in briefings}
    for outcome in outcomes:
        if outcome.state == "failed":
            briefing = by_name[outcome.name]
            name = name_report(briefing)
            page = _find_page(outcome, briefing, reports / name, now)
            command = watches[briefing.entry].on_failure
            if command and (fault := tell_failure(command, name, page, outcome.message)):
                warn(fault)
        if keep and outcome.state in ("unchanged", "failed", "skipped"):
            try:
                retire_days(reports / name_report(by_name[outcome.name]), keep)
            except TightropeError as error:
                warn(str(error))
    ended = {outcome.name for outcome in outcomes if outcome.state != "left"}
    entries = {briefing.entry for briefing in briefings}
    complete = entries - {briefing.entry for briefing in briefings if briefing.name not in ended}
    lost: OSError | None = None
    try:
        note_runs(reports, sorted(complete), now)
        clear_unbegun(reports)
    except OSError as error:
        lost = error
    made = {outcome.folder.parent.name for outcome in outcomes if outcome.state == "made" and outcome.folder}
    renew_index(reports, data, made, notebooks, warn)
    if lost is not None:
        raise TightropeError(f"cannot note the runs in {str(reports)!r}: {lost.strerror}") from lost


def tell_unbegun(
    error: Exception,
    entries: Sequence[str],
    watches: Mapping[str, Watch],
    *,
    reports: Path,
    data: Path,
    notebooks: Path,
    now: datetime,
    is_looking: bool = False,
    warn: Callable[[str], None] = lambda _: None,
) -> bool:
    """Tell of a batch that did not run to its end: by a page, in the index, and once for each command to be told by.

    Parameters
    ----------
    error : Exception
        What went wrong.
    entries : sequence of str
        The entries that it would have made; none where `briefings.toml` cannot be read.
    watches : mapping of str to Watch
        What entries say of their schedule, as far as that is known.
    reports, data, notebooks : Path
        Folders of published reports, of built tables and of notebooks.
    now : datetime
        When the batch began, with a time zone.
    is_looking : bool
        Whether it only looked for what is due, which it does every few minutes: those who wait for an entry are told
        of a fault once, and again when that entry falls due again or the fault is another.
    warn : callable
        Told of each command that could not tell, and if the index could not be renewed.

    Returns
    -------
    bool
        Whether anybody had to be told; False where all know it already.
    """
    waiting = list(entries) or [""]
    untold = find_untold(reports, error, waiting, watches, now) if is_looking else waiting
    say = warn if untold else lambda _: None
    page = note_unbegun(reports, error, waiting, now)
    renew_index(reports, data, (), notebooks, say)
    told: dict[tuple[str, ...], list[str]] = {}
    for entry in untold:
        if entry in watches and watches[entry].on_failure:
            told.setdefault(watches[entry].on_failure, []).append(entry)
    for command, names in told.items():
        if fault := tell_failure(command, ", ".join(names), page, describe_error(error, reports)):
            say(fault)
    note_told(reports, error, untold, now)
    return bool(untold)


def forget_unbegun(*, reports: Path, data: Path, notebooks: Path, warn: Callable[[str], None] = lambda _: None) -> None:
    """Take back what was told of a batch that did not run to its end, where a look finds that nothing waits for it.

    Parameters
    ----------
    reports, data, notebooks : Path
        Folders of published reports, of built tables and of notebooks.
    warn : callable
        Told if the index could not be renewed.
    """
    if read_unbegun(reports) is not None:
        clear_unbegun(reports)
        renew_index(reports, data, (), notebooks, warn)


def _find_page(outcome: Outcome, briefing: Briefing, home: Path, now: datetime) -> Path | None:
    """The page of a failure: the run's own, or one that says what kept it from running; None if there can be none."""
    if FAILED_PAGE in outcome.message:
        return home / FAILED_PAGE
    return keep_failure(home, briefing.notebook, briefing.parameters, TightropeError(outcome.message), now=now)
