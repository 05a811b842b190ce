"""Dates as sources print them: a year, a month or a day becomes the days it may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from analysis.errors import RowError, TightropeError
from analysis.paths import SOURCES_TOML
from analysis.schema import DATE_PRECISIONS, FIRST_YEAR, LAST_YEAR
from analysis.sources.catalogue import SourceEntry

_FORM = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?", re.ASCII)
_ACCEPTED = f"write YYYY, YYYY-MM or YYYY-MM-DD, from {FIRST_YEAR} to {LAST_YEAR}"
_LENGTHS = {
    "day": pd.DateOffset(days=1),
    "week": pd.DateOffset(days=7),
    "month": pd.DateOffset(months=1),
    "quarter": pd.DateOffset(months=3),
    "year": pd.DateOffset(years=1),
}
_DAY = pd.Timedelta(days=1)


class DateRange(NamedTuple):
    """First and last day on which something may have happened, both inclusive, and how finely it is dated."""

    start: pd.Timestamp
    end: pd.Timestamp
    precision: str


def parse_partial(text: str) -> DateRange:
    """Find the days that one date may mean.

    Parameters
    ----------
    text : str
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

    Returns
    -------
    DateRange
        First day, last day, and the precision of the form: year, month or day.

    Raises
    ------
    RowError
        If the text has another form, or names a day that does not exist.

    Examples
    --------
    >>> first, last, precision = parse_partial("2024-02")
    >>> print(first.date(), last.date(), precision)
    2024-02-01 2024-02-29 month
    """
    match = _FORM.fullmatch(text.strip())
    if not match or not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
        raise RowError(f"date {text!r} cannot be read; {_ACCEPTED}")
    precision = "day" if match["day"] else "month" if match["month"] else "year"
    try:
        first = pd.Timestamp(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        raise RowError(f"date {text!r} is not in the calendar; {_ACCEPTED}") from None
    return DateRange(first, _last_day(first, precision), precision)


def parse_date_range(start: str, end: str = "", precision: str = "") -> DateRange:
    """Find the days between which something may have happened.

    Parameters
    ----------
    start : str
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
    end : str
        The same; "" where the source gives one date. An end equal to the start counts as one date.
    precision : str
        How finely the source dates it: day, week, month, quarter or year; "" to read it off the
        coarser of the two forms. It never narrows a range that start and end give. With one date
        it gives the length: a week dated by a day is the seven days that begin with it.

    Returns
    -------
    DateRange
        First day of the start, last day of the end, and the precision.

    Raises
    ------
    RowError
        If a date cannot be read, the end lies before the start, the precision is not known, or
        it is finer than the dates.

    Examples
    --------
    >>> week = parse_date_range("2025-01-16", precision="week")
    >>> print(week.start.date(), week.end.date(), week.precision)
    2025-01-16 2025-01-22 week
    >>> print(parse_date_range("2021-03", "2021-04-15").precision)
    month
    """
    if precision and precision not in DATE_PRECISIONS:
        raise RowError(f"date precision {precision!r} is not known; accepted: {', '.join(DATE_PRECISIONS)}, or none")
    if not start.strip():
        raise RowError(f"the start date is empty{f' though the end is {end!r}' if end else ''}; {_ACCEPTED}")
    first = parse_partial(start)
    last = parse_partial(end) if end.strip() else first
    if last.end < first.start:
        raise RowError(f"the end {end!r} lies before the start {start!r}; swap or correct them")
    form = max(first.precision, last.precision, key=DATE_PRECISIONS.index)
    if precision and DATE_PRECISIONS.index(precision) < DATE_PRECISIONS.index(form):
        dates = " to ".join(repr(text) for text in (start, end) if text)
        raise RowError(
            f"{dates} gives the {form} only, but the precision says {precision!r}; give full dates or {form!r}"
        )
    precision = precision or form
    if first == last:
        return DateRange(first.start, max(first.end, _last_day(first.start, precision)), precision)
    return DateRange(first.start, last.end, precision)


def days_of_access(entries: Iterable[SourceEntry]) -> dict[str, pd.Timestamp]:
    """The last day that a listed file can know of, by its name.

    Raises
    ------
    TightropeError
        If `accessed` of an entry is no date.

    Examples
    --------
    >>> from types import SimpleNamespace as Entry
    >>> days_of_access([Entry(name="mine.csv", accessed="2026-11")])
    {'mine.csv': Timestamp('2026-11-30 00:00:00')}
    """
    days = {}
    for entry in entries:
        try:
            days[entry.name] = parse_partial(entry.accessed).end
        except RowError as error:
            raise TightropeError(f"{SOURCES_TOML}, {entry.name}, accessed: {error}") from None
    return days


def refuse_unknowable(text: str, row: Mapping[str, Any], accessed: Mapping[str, pd.Timestamp]) -> None:
    """Refuse the date of what has happened, or was published, after its file was coded: nobody could know it.

    Parameters
    ----------
    text : str
        The date as printed; "" is none.
    row : mapping
        A raw row with its ``file``.
    accessed : dict of str to Timestamp
        Last day of access by file name; a file without one is not held to any.

    Raises
    ------
    RowError
        If the whole date lies after the day of access.

    Examples
    --------
    >>> refuse_unknowable("2031-05", {"file": "mine.csv"}, {"mine.csv": pd.Timestamp(2026, 11, 23)})
    Traceback (most recent call last):
        ...
    analysis.errors.RowError: date '2031-05' lies after 2026-11-23, when its file was accessed: correct one of the two
    """
    known_to = accessed.get(row["file"])
    if text and known_to is not None and parse_partial(text).start > known_to:
        raise RowError(
            f"date {text!r} lies after {known_to:%Y-%m-%d}, when its file was accessed: correct one of the two"
        )


def _last_day(first: pd.Timestamp, precision: str) -> pd.Timestamp:
    return first + _LENGTHS[precision] - _DAY
