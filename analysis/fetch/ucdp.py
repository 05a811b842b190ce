"""UCDP GED from its REST API: addresses of the pages, and the CSV that they add up to."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from analysis.errors import TightropeError

BASE = "https://ucdpapi.pcr.uu.se/api"
TOKEN_VARIABLE = "UCDP_ACCESS_TOKEN"
TOKEN_HEADER = "x-ucdp-access-token"
PAGE_SIZE = 1000

CITATION = (
    "Sundberg, R. and Melander, E. (2013). Introducing the UCDP Georeferenced Event Dataset. "
    "Journal of Peace Research 50(4), 523-532. UCDP GED version {version}."
)
LICENCE = "CC-BY-4.0"

_VERSION = re.compile(r"\d{2}(\.\d{1,2}){1,4}")
_TIMESTAMP = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d+)?")
_DATES = ("date_start", "date_end")


@dataclass(frozen=True)
class Page:
    """One page of the API: its rows, what it announces in all, and the number of the next page."""

    rows: list[dict[str, Any]]
    total_rows: int
    total_pages: int
    next_page: int | None


def accept_version(version: str | None) -> str:
    """A version of UCDP GED.

    Raises
    ------
    TightropeError
        If it is missing or not a version number.

    Examples
    --------
    >>> accept_version("25.1")
    '25.1'
    """
    if version is None or not _VERSION.fullmatch(version):
        given = "is missing" if version is None else f"{version[:40]!r} is not a version of UCDP GED"
        raise TightropeError(
            f"--version {given}; write it as 25.1 (a yearly release) or 26.0.3 (a candidate release); "
            "they are listed on https://ucdp.uu.se/downloads/"
        )
    return version


def file_name(version: str, start: date | None = None, end: date | None = None) -> str:
    """The name of the CSV, as UCDP names its own download; a part of the data says which.

    Examples
    --------
    >>> file_name("25.1")
    'GEDEvent_v25_1.csv'
    >>> file_name("25.1", date(2020, 1, 1), date(2020, 12, 31))
    'GEDEvent_v25_1_20200101_20201231.csv'
    """
    days = f"_{start:%Y%m%d}_{end:%Y%m%d}" if start and end else ""
    return f"GEDEvent_v{version.replace('.', '_')}{days}.csv"


def page_url(
    base: str,
    version: str,
    page: int | None = None,
    *,
    start: date | None = None,
    end: date | None = None,
    size: int = PAGE_SIZE,
) -> str:
    """Where one page is; without a number, the first.

    The API's own ``NextPageUrl`` is read for its page number only, so that the access token never follows an address
    that an answer gives.

    Examples
    --------
    >>> page_url("https://ucdpapi.pcr.uu.se/api", "25.1", 2)
    'https://ucdpapi.pcr.uu.se/api/gedevents/25.1?pagesize=1000&page=2'
    """
    days = f"&StartDate={start}&EndDate={end}" if start and end else ""
    return f"{base}/gedevents/{version}?pagesize={size}{days}" + ("" if page is None else f"&page={page}")


def read_page(path: Path) -> Page:
    """One page as it was downloaded; numbers keep the digits they were published with.

    Raises
    ------
    TightropeError
        If it is not a page of the API.
    """
    try:
        answer = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=str, parse_int=str)
        rows = answer["Result"]
        total_rows, total_pages = int(answer["TotalCount"]), int(answer["TotalPages"])
        following = answer.get("NextPageUrl")
        next_page = int(_query(following)["page"][0]) if following else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TightropeError(f"{path.name}: not a page of the UCDP API ({type(error).__name__})") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "id" in row for row in rows):
        raise TightropeError(f"{path.name}: its Result is not a list of events with an id")
    return Page(rows, total_rows, total_pages, next_page)


def write_ged_csv(pages: Sequence[Path], target: Path) -> int:
    """Write the pages as one CSV in the layout of UCDP's own download.

    Columns have the names and the order that the API gives; timestamps become "YYYY-MM-DD HH:MM:SS.000", truth
    values 1 and 0, and a missing value an empty field, as in the download.

    Parameters
    ----------
    pages : sequence of Path
        Every page, in order.
    target : Path
        The file to write.

    Returns
    -------
    int
        Number of events.

    Raises
    ------
    TightropeError
        If an event comes twice, or there are not as many as the API announced.
    """
    columns: dict[str, None] = {}
    for path in pages:
        for row in read_page(path).rows:
            columns.update(dict.fromkeys(row))
    announced, seen = 0, set()
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for path in pages:
            page = read_page(path)
            announced = page.total_rows
            for row in page.rows:
                if row["id"] in seen:
                    raise TightropeError(f"{target.name}: event {row['id']} comes twice")
                seen.add(row["id"])
                writer.writerow(_field(column, row.get(column)) for column in columns)
    if len(seen) != announced:
        raise TightropeError(f"{target.name}: the API announced {announced} events and gave {len(seen)}")
    return len(seen)


def _field(column: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    match = _TIMESTAMP.fullmatch(value) if column in _DATES and isinstance(value, str) else None
    return f"{match[1]} {match[2]}.000" if match else str(value)


def _query(url: Any) -> dict[str, list[str]]:
    return {name.lower(): values for name, values in parse_qs(urlsplit(str(url)).query).items()}
