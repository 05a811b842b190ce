"""The steps of a run: ask what there is, plan, skip what is here, fetch the rest, record it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from analysis.errors import TightropeError, UnknownNameError
from analysis.fetch import dataverse, ucdp
from analysis.fetch.ask import SOURCES, acled_by_hand, ask_dataverse, ask_gdelt, read_secret
from analysis.fetch.faults import FetchError
from analysis.fetch.ledger import LedgerEntry, find_present, hold_lock, read_ledger, write_ledger
from analysis.fetch.pages import count_ged, fetch_pages
from analysis.fetch.progress import Progress
from analysis.fetch.remote import Plan, Refusal, RemoteFile, accept_base, accept_days
from analysis.fetch.summary import FetchSummary
from analysis.fetch.transport import Received, Transport

MOST_WORKERS = 8
_WRITE_EVERY = 200


def fetch(
    source: str,
    folder: Path,
    *,
    start: date | str | None = None,
    end: date | str | None = None,
    doi: str | None = None,
    version: str | None = None,
    only: str | None = None,
    form: str | None = None,
    translingual: bool = False,
    base: str | None = None,
    dry_run: bool = False,
    workers: int = 4,
    progress: Progress | None = None,
    transport: Transport | None = None,
    today: date | None = None,
) -> FetchSummary:
    """Fetch the published files of one source of event data into ``folder/<source>``.

    Each file is resumed, retried, verified and put in place by one rename; FETCHED.json beside the files records
    where each came from. A file that is here and still has the published checksum is not fetched again.

    Parameters
    ----------
    source : str
        A name of :data:`SOURCES`.
    folder : Path
        Folder of event files.
    start, end : date or str, optional
        First and last day, both included; needed for GDELT, optional for UCDP GED.
    doi : str, optional
        Dataset of a Dataverse, for the source ``dataverse``.
    version : str, optional
        Version of UCDP GED (needed) or of a dataset (the latest published one by default).
    only : str, optional
        Pattern of file names of a dataset, for example ``"events.2018*"``.
    form : {"original", "archival"}, optional
        Form of the tables that a Dataverse has ingested; the original by default.
    translingual : bool, optional
        Whether GDELT's files from translated news are fetched too.
    base : str, optional
        Another address than the publisher's, for a mirror.
    dry_run : bool, optional
        Only say what would be fetched; nothing is written.
    workers : int, optional
        Files fetched at a time, 1 to 8.
    progress : Progress, optional
        Told how far the run is.
    transport : Transport, optional
        How to fetch; by default with the publisher's token from the environment.
    today : date, optional
        Day of access for the ledger.

    Returns
    -------
    FetchSummary
        What is new, already there and failed.

    Raises
    ------
    UnknownNameError
        If there is no such source.
    TightropeError
        If an option is missing, malformed or of another source, or another run holds the folder.
    FetchError
        If the publisher's list itself could not be fetched.
    """
    if source not in SOURCES:
        raise UnknownNameError("source of events", source, SOURCES)
    home = Path(folder) / source
    if source == "acled":
        raise TightropeError(acled_by_hand(home))
    given = {"start": start, "end": end, "doi": doi, "version": version, "only": only, "form": form}
    used = {option for option, value in given.items() if value is not None}
    _refuse_foreign(source, used | ({"translingual"} if translingual else set()))
    if not 1 <= workers <= MOST_WORKERS:
        raise TightropeError(f"--workers {workers}; give a number from 1 to {MOST_WORKERS}")
    transport = transport or Transport()
    transport = replace(
        transport, progress=progress or transport.progress, secret=transport.secret or read_secret(source)
    )
    if source == "ucdp":
        # The API is reported to answer 400 instead of 429 to many requests in a row.
        limits = replace(transport.limits, passing=transport.limits.passing | {400})
        transport = replace(transport, limits=limits)
    days = accept_days(start, end) if source.startswith("gdelt") or start or end else None
    with closing(transport):
        run = _Run(source, home, transport, today or date.today(), workers, dry_run)
        if source == "ucdp":
            return run.fetch_ged(accept_base(base or ucdp.BASE), ucdp.accept_version(version), days)
        if days:
            return run.fetch_files(lambda scratch: ask_gdelt(source, transport, scratch, base, days, translingual))
        asked = dataverse.accept_doi(dataverse.DATASETS.get(source) or doi)
        return run.fetch_files(
            lambda scratch: ask_dataverse(transport, scratch, base, asked, version, form or dataverse.FORMS[0], only)
        )


@dataclass(frozen=True)
class _Run:
    """One run on one folder."""

    source: str
    home: Path
    transport: Transport
    today: date
    workers: int
    is_dry_run: bool

    def fetch_files(self, ask: Callable[[Path], Plan]) -> FetchSummary:
        """Fetch the files of a plan; one that fails does not keep the others."""
        with ExitStack() as stack:
            self._enter(stack)
            plan = ask(Path(stack.enter_context(tempfile.TemporaryDirectory())))
            book = _Book(self.home, plan, self.today)
            wanted: list[RemoteFile] = []
            present: list[RemoteFile] = []
            failed, transferred = list(plan.refused), 0
            for remote in plan.files:
                try:
                    is_here = book.knows(remote)
                except (TightropeError, OSError) as error:
                    failed.append(Refusal(remote.name, str(error)))
                    continue
                (present if is_here else wanted).append(remote)
            new = wanted
            if not self.is_dry_run:
                stack.callback(book.write)
                new = []
                for remote, received in self._fetch_all(wanted):
                    if isinstance(received, FetchError):
                        failed.append(_refusal(remote, received))
                        continue
                    book.add(remote, received)
                    new.append(replace(remote, size=received.size))
                    transferred += received.transferred
        names = tuple(remote.name for remote in present)
        failed.sort(key=lambda refusal: refusal.name)
        return self._summary(tuple(new), names, tuple(failed), plan.notes, transferred)

    def fetch_ged(self, base: str, version: str, days: tuple[date, date] | None) -> FetchSummary:
        """Fetch one version of UCDP GED, which comes in pages and is one file here."""
        start, end = days or (None, None)
        remote = RemoteFile(ucdp.file_name(version, start, end), ucdp.page_url(base, version, start=start, end=end))
        plan = Plan((remote,), ucdp.CITATION.format(version=version), ucdp.LICENCE)
        with ExitStack() as stack:
            self._enter(stack)
            book = _Book(self.home, plan, self.today)
            if book.knows(remote):
                return self._summary((), (remote.name,))
            if self.is_dry_run:
                scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                rows, pages = count_ged(self.transport, scratch, base, version, start, end)
                note = f"{rows} events on {pages} pages; UCDP publishes no size in bytes"
                return self._summary((remote,), notes=(note,))
            try:
                received = fetch_pages(self.transport, self.home, base, version, start, end)
            except FetchError as error:
                return self._summary((), failed=(_refusal(remote, error),))
            book.add(remote, received)
            return self._summary((replace(remote, size=received.size),), transferred=received.transferred)

    def _enter(self, stack: ExitStack) -> None:
        """Have the folder for ourselves; a dry run leaves it untouched."""
        if self.is_dry_run:
            return
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TightropeError(f"cannot write to {str(self.home)!r}: {error.strerror}") from error
        stack.enter_context(hold_lock(self.home))

    def _fetch_all(self, wanted: list[RemoteFile]) -> Iterator[tuple[RemoteFile, Received | FetchError]]:
        progress = self.transport.progress
        sizes = [remote.size for remote in wanted]
        progress.planned(len(wanted), None if None in sizes else sum(size or 0 for size in sizes))

        def download(remote: RemoteFile) -> Received | FetchError:
            try:
                received = self.transport.download(remote, self.home)
            except FetchError as error:
                progress.done(remote.name, f"failed: {error.reason}")
                return error
            progress.done(remote.name, "new")
            return received

        with ThreadPoolExecutor(self.workers) as pool:
            try:
                yield from zip(wanted, pool.map(download, wanted), strict=True)
            except BaseException:
                # Files under way end at their next bytes, and go on from there in the next run.
                self.transport.stop.set()
                pool.shutdown(cancel_futures=True)
                raise

    def _summary(
        self,
        new: tuple[RemoteFile, ...],
        present: tuple[str, ...] = (),
        failed: tuple[Refusal, ...] = (),
        notes: tuple[str, ...] = (),
        transferred: int = 0,
    ) -> FetchSummary:
        return FetchSummary(self.source, self.home, new, present, failed, notes, transferred, self.is_dry_run)


class _Book:
    """The ledger of a run: read once, written when there is something to lose, and at the end."""

    def __init__(self, home: Path, plan: Plan, today: date) -> None:
        self.home, self.plan, self.today = home, plan, today
        self.entries = read_ledger(home)
        self.unwritten = 0

    def knows(self, remote: RemoteFile) -> bool:
        """Whether the file is here; one that the ledger lacks but that has the published checksum is listed."""
        found = find_present(remote, self.home, self.entries)
        if isinstance(found, str):
            self._enter(remote, (self.home / remote.name).stat().st_size, found)
        return found is not None

    def add(self, remote: RemoteFile, received: Received) -> None:
        self._enter(remote, received.size, received.sha256)
        # A file without a published checksum is known by the ledger alone, so it is listed at once.
        if remote.checksum is None or self.unwritten >= _WRITE_EVERY:
            self.write()

    def write(self) -> None:
        if self.unwritten:
            write_ledger(self.home, self.entries)
            self.unwritten = 0

    def _enter(self, remote: RemoteFile, size: int, sha256: str) -> None:
        terms = (self.plan.citation, self.plan.licence, self.today.isoformat())
        self.entries[remote.name] = LedgerEntry(remote.url, size, remote.checksum, sha256, *terms)
        self.unwritten += 1


def _refusal(remote: RemoteFile, error: FetchError) -> Refusal:
    return Refusal(remote.name, str(error).removeprefix(f"{remote.name}: "))


def _refuse_foreign(source: str, used: set[str]) -> None:
    foreign = sorted(used - SOURCES[source])
    if foreign:
        accepted = ", ".join(f"--{option}" for option in sorted(SOURCES[source]))
        raise TightropeError(f"--{foreign[0]} is not an option of {source}; it takes {accepted}")
