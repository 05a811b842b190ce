"""UCDP GED in steps: pages are downloaded into a folder of their own, then written as one file."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

from analysis.errors import TightropeError
from analysis.fetch import ucdp
from analysis.fetch.faults import FetchError
from analysis.fetch.remote import PART_SUFFIX, RemoteFile
from analysis.fetch.transport import Received, Transport
from analysis.fetch.verify import digests_of


def fetch_pages(
    transport: Transport, folder: Path, base: str, version: str, start: date | None, end: date | None
) -> Received:
    """Fetch every page of a version of UCDP GED and write them as one CSV.

    Pages that are already here stay from one run to the next, as long as the API still announces the same number of
    events and pages.

    Returns
    -------
    Received
        The CSV now in the folder.

    Raises
    ------
    FetchError
        If a page could not be fetched, or the pages do not add up to what the API announced.
    """
    name = ucdp.file_name(version, start, end)
    store = folder / f".{name}.pages"
    store.mkdir(exist_ok=True)
    transferred = 0
    paths: list[Path] = []
    numbers: set[int] = set()
    number: int | None = None
    try:
        while True:
            url = ucdp.page_url(base, version, number, start=start, end=end)
            page_file = RemoteFile(f"page-{len(paths):05d}.json", url)
            path = store / page_file.name
            if not paths:
                transferred += _renew_first(transport, page_file, store)
            elif not path.exists():
                transferred += transport.download(page_file, store).transferred
            page = _read(path)
            if not paths:
                first = page
                transport.progress.planned(page.total_pages, None)
            if (page.total_rows, page.total_pages) != (first.total_rows, first.total_pages):
                shutil.rmtree(store)
                raise TightropeError("the data changed between two pages")
            paths.append(path)
            transport.progress.done(f"{name} page {len(paths)} of {page.total_pages}", "received")
            number = page.next_page
            if number is None:
                break
            if number in numbers or len(paths) >= max(page.total_pages, 1):
                raise TightropeError(f"the API announced {page.total_pages} pages and names more")
            numbers.add(number)
        part = folder / (name + PART_SUFFIX)
        ucdp.write_ged_csv(paths, part)
    except FetchError as error:
        kept = f"; {len(paths)} pages are kept, the next run goes on from there" if paths else ""
        raise FetchError(name, f"{error.name}: {error.reason}", error.advice + kept, tries=error.tries) from error
    except TightropeError as error:
        # Pages that do not belong together would fail every later run too.
        shutil.rmtree(store, ignore_errors=True)
        (folder / (name + PART_SUFFIX)).unlink(missing_ok=True)
        raise FetchError(name, str(error), "its pages are removed; fetch it again") from error
    received = Received(part.stat().st_size, digests_of(part, ["sha256"])["sha256"], transferred)
    os.replace(part, folder / name)
    shutil.rmtree(store)
    return received


def count_ged(
    transport: Transport, scratch: Path, base: str, version: str, start: date | None, end: date | None
) -> tuple[int, int]:
    """How many events the API announces, and on how many pages they come."""
    url = ucdp.page_url(base, version, start=start, end=end, size=1)
    page_file = RemoteFile("count.json", url)
    transport.download(page_file, scratch)
    rows = ucdp.read_page(scratch / page_file.name).total_rows
    return rows, -(-rows // ucdp.PAGE_SIZE)


def _renew_first(transport: Transport, page_file: RemoteFile, store: Path) -> int:
    """Ask for the first page anew; what else is there stays only if it belongs to the same data."""
    path = store / page_file.name
    before = path.read_bytes() if path.exists() else None
    transferred = transport.download(page_file, store).transferred
    if before is not None and before != path.read_bytes():
        for other in store.iterdir():
            if other != path:
                other.unlink()
    return transferred


def _read(path: Path) -> ucdp.Page:
    try:
        return ucdp.read_page(path)
    except TightropeError:
        path.unlink()
        raise
