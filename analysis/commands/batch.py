"""`tightrope batch`: every briefing of `briefings.toml`, several at a time."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis import paths
from analysis.commands.build import build
from analysis.commands.console import (
    ERR,
    USUAL_FILE_LIMIT,
    DataOption,
    FileLimitOption,
    RawOption,
    ReportsOption,
    show_progress,
    tell,
    warn,
)
from analysis.errors import TightropeError

if TYPE_CHECKING:
    from analysis.reporting.batch import Outcome
    from analysis.reporting.crew import Crew
    from analysis.reporting.parameters import Briefing
    from analysis.reporting.schedule import Watch

NOTHING, PARTIAL = 1, 3
"""Exit codes: no report was made, or not all of them."""


def batch(
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help="A briefing or an entry, or a pattern such as '*-fr'; repeatable."),
    ] = None,
    jobs: Annotated[int, typer.Option(help="Reports at a time; as many as there are processors if 0.", min=0)] = 0,
    due: Annotated[bool, typer.Option("--due", help="Only what is due by its cron expression.")] = False,
    keep: Annotated[
        int | None, typer.Option(min=1, help="How many days of each report to keep; all by default.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make them even if nothing has changed.")] = False,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Leave the rest once one has failed.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds that the cells of a report may take.", min=0.1)] = 1800,
    cell_timeout: Annotated[float | None, typer.Option(help="Seconds that one cell may take.", min=0.1)] = None,
    export_timeout: Annotated[
        float, typer.Option(help="Seconds that HTML and PDF of a report may take.", min=0.1)
    ] = 300,
    memory_limit: Annotated[str, typer.Option(help="Most memory of a report's kernel, such as 2GB.")] = "4GB",
    file_limit: FileLimitOption = USUAL_FILE_LIMIT,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="spark://HOST:PORT", help="Make them on a Spark cluster that shares these folders."),
    ] = None,
    executor_memory: Annotated[
        str, typer.Option(help="Memory of each executor of a cluster; kernels are processes beside it.")
    ] = "1GB",
    raw: RawOption = paths.RAW,
    data: DataOption = paths.PROCESSED,
    reports: ReportsOption = paths.REPORTS,
    notebooks: Annotated[
        Path, typer.Option("--notebooks", help="Folder of notebooks and briefings.toml.")
    ] = paths.NOTEBOOKS,
) -> None:
    """Build the tables once and make all briefings of briefings.toml, or some of them, that have changed.

    What asks machine-coded events is skipped where none were built. The exit code is 0 when all others are made or
    unchanged, 3 when some are, and 1 when none is or the batch did not run to its end, which is told like a failure.
    """
    # A scheduler that ends the batch, and a person at the terminal, are answered alike.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        # Where something will be made in any case, what makes it is imported while all else is read and built.
        crew = stack.enter_context(open_crew(cluster, data, executor_memory)) if force and not due else None
        from analysis.commands.batch_progress import print_outcomes, show_batch
        from analysis.reporting.aftermath import follow_up, forget_unbegun
        from analysis.reporting.batch import Outcome, make_batch
        from analysis.reporting.entries import read_briefings, select_briefings
        from analysis.reporting.limits import Limits, read_memory
        from analysis.reporting.schedule import (
            find_due,
            read_clock,
            read_last_runs,
            read_standing_watches,
            read_watches,
        )

        limits = Limits(
            cell_timeout, timeout, read_memory(memory_limit), export_timeout, read_memory(file_limit, "file limit")
        )
        now = read_clock()
        folders = {"reports": reports, "data": data, "notebooks": notebooks}
        standing = read_standing_watches(notebooks)
        with tell_if_it_fails(list(standing), standing, folders, now, due):
            known, watches = read_briefings(notebooks), read_watches(notebooks)
        briefings = select_briefings(known, only or [])
        if due:
            entries = find_due(watches, read_last_runs(reports), now)
            briefings = [briefing for briefing in briefings if briefing.entry in entries]
            if not entries:
                forget_unbegun(**folders, warn=warn)
            if not briefings:
                tell("nothing is due")
                return
        with tell_if_it_fails(list(dict.fromkeys(each.entry for each in briefings)), watches, folders, now, due):
            stack.enter_context(hold_batch(reports))
            build_tables(raw, data)
            skipped = [] if only else skip_without_archive(briefings, data)
            asked = [each for each in briefings if each.name not in {outcome.name for outcome in skipped}]
            with show_progress("comparing with what is published") as say:
                stale = asked if force else select_stale(asked, reports, data, say)
            made: list[Outcome] = []
            if stale:
                with crew or open_crew(cluster, data, executor_memory) as crew, show_batch(len(stale)) as progress:
                    made = make_batch(
                        stale,
                        crew,
                        reports=reports,
                        data=data,
                        jobs=jobs or crew.n_places,
                        limits=limits,
                        is_failing_fast=fail_fast,
                        options={"keep": keep} if keep else None,
                        progress=progress,
                    )
            done = {outcome.name: outcome for outcome in (*skipped, *made)}
            outcomes = [done.get(each.name, Outcome(each.name, "unchanged")) for each in briefings]
            print_outcomes(outcomes)
            follow_up(outcomes, known, watches, **folders, now=now, keep=keep, warn=warn)
    if code := exit_code(outcomes):
        raise typer.Exit(code)


@contextmanager
def tell_if_it_fails(
    entries: Sequence[str], watches: Mapping[str, Watch], folders: Mapping[str, Path], now: datetime, is_looking: bool
) -> Iterator[None]:
    """Tell those who wait for some entries if a batch does not run to its end; a look for what is due tells it once.

    A look that finds another batch at work ends well: what is due is made by that one, or found by the next look.
    """
    from analysis.locks import LockedError
    from analysis.reporting.aftermath import tell_unbegun

    try:
        yield
    except LockedError as error:
        if not is_looking:
            raise
        tell(f"{error}; what is still due is found by the next look")
        raise typer.Exit(0) from None
    except Exception as error:
        is_new = tell_unbegun(error, entries, watches, **folders, now=now, is_looking=is_looking, warn=warn)
        if is_new or ERR.is_terminal:
            raise
        # What ends without a word is mailed to nobody; the first time all was said.
        raise typer.Exit(NOTHING) from None


@contextmanager
def hold_batch(reports: Path) -> Iterator[None]:
    """Hold the reports folder: two batches are never made at once."""
    from analysis.locks import LOCK, hold_lock
    from analysis.reporting.publish import check_links

    with ExitStack() as stack:
        try:
            reports.mkdir(parents=True, exist_ok=True)
            stack.enter_context(hold_lock(reports / LOCK, "a batch is being made"))
            check_links(reports)
        except OSError as error:
            raise TightropeError(
                f"cannot write reports to {str(reports)!r}: {error.strerror}; name another folder with --reports"
            ) from error
        yield


def build_tables(raw: Path, data: Path) -> None:
    """Build what has changed; an archive keeps the rule for duplicates that it was built with."""
    standing = None
    if (data / paths.ARCHIVE.name).is_dir():
        from analysis.archive.ledger import load_ledger

        standing = load_ledger(data / paths.ARCHIVE.name)
    if standing and standing.rule:
        build(raw, data, duplicates=standing.rule)
    else:
        build(raw, data)


def skip_without_archive(briefings: Sequence[Briefing], data: Path) -> list[Outcome]:
    """The briefings that ask machine-coded events where none were built; asked for by name, they fail instead."""
    from analysis.reporting.batch import Outcome
    from analysis.reporting.parameters import read_parameters
    from analysis.reporting.question import needs_archive

    if (data / paths.ARCHIVE.name).is_dir():
        return []
    skipped = []
    for briefing in briefings:
        # A notebook that cannot be read is a failure of its own report.
        with suppress(TightropeError):
            if needs_archive(read_parameters(briefing.notebook)):
                skipped.append(Outcome(briefing.name, "skipped", message="no archive of machine-coded events"))
    return skipped


def select_stale(
    briefings: Sequence[Briefing], reports: Path, data: Path, say: Callable[[str], None]
) -> list[Briefing]:
    """The briefings of which a new run may say something else than what is published."""
    from analysis.reporting.freshness import check_freshness
    from analysis.reporting.inputs import Snapshot

    snapshot = Snapshot(data)
    stale = []
    for briefing in briefings:
        freshness = check_freshness(briefing, reports, snapshot)
        if not freshness.is_fresh:
            say(f"{briefing.name}: {'; '.join(freshness.reasons)}")
            stale.append(briefing)
    return stale


def open_crew(cluster: str | None, data: Path, executor_memory: str = "1GB") -> Crew:
    """Where the reports are made."""
    if cluster is None:
        from analysis.reporting.crew import LocalCrew

        return LocalCrew(data)
    from analysis.reporting.cluster import LEAST_MEMORY, ClusterCrew
    from analysis.reporting.limits import read_memory, write_memory

    size = read_memory(executor_memory, "executor memory")
    if size < LEAST_MEMORY:
        raise TightropeError(f"executor memory {executor_memory!r}; Spark needs {write_memory(LEAST_MEMORY)} or more")
    return ClusterCrew(cluster, f"{size // 1024**2}MB")


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """The exit code: 0 when all reports are made, unchanged or skipped, 3 when some are, 1 when none is.

    Examples
    --------
    >>> from analysis.reporting.batch import Outcome
    >>> exit_code([Outcome("a", "made"), Outcome("b", "failed")])
    3
    """
    n_good = sum(outcome.state in ("made", "unchanged", "skipped") for outcome in outcomes)
    return 0 if n_good == len(outcomes) else PARTIAL if n_good else NOTHING
