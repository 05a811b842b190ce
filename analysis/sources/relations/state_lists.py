"""The published membership lists of both state systems, one row per spell."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.reference.relation_sources import source_note
from analysis.sources.relations.delimited import decode, open_sheet, read_bytes
from analysis.sources.relations.sheet import Reading, Sheet, as_days

COW_NOTE = source_note("cow_states")
GW_NOTE = source_note("gw_states")
_COW = {"COW states": ("stateabb", "ccode", "statenme", "styear", "stmonth", "stday", "endyear", "endmonth", "endday")}
_GW = {"GW states": ("gwcode", "stateabb", "statename", "startdate", "enddate")}
_GW_ORIGINAL = re.compile(r"\d+\t\w+\t[^\t]+\t\d\d:\d\d:\d{4}\t\d\d:\d\d:\d{4}\s*$")
_DAYS = ("%Y-%m-%d", "%d:%m:%Y")
# No state of either list is older than the systems, and R counts the days of 1816 as below -56,000.
_FIRST, _LAST = pd.Timestamp("1816-01-01"), pd.Timestamp("2200-12-31")


def read_cow_states(path: Path | str) -> Reading:
    """State system membership of the Correlates of War project.

    Parameters
    ----------
    path : Path
        The list of states (stateabb, ccode, statenme, styear ... endday), plain or gzip.

    Returns
    -------
    Reading
        frame: ``cow_number`` (Int64), ``abbreviation``, ``state_name`` (str), ``start``, ``end``
        (datetime64[ns], both inside). The last day of the list stands as the end of members still.

    Raises
    ------
    TightropeError
        The file is not one of these.
    """
    path = Path(path)
    sheet = open_sheet(path, "COW state system membership", _COW)
    frame = pd.DataFrame(
        {
            "cow_number": sheet.integers("ccode", 1, 999),
            "abbreviation": sheet.texts("stateabb", required=True),
            "state_name": sheet.texts("statenme"),
            "start": _from_parts(sheet, ["styear", "stmonth", "stday"]),
            "end": _from_parts(sheet, ["endyear", "endmonth", "endday"]),
        }
    )
    return _close(sheet, frame, "cow_number")


def read_gw_states(path: Path | str) -> Reading:
    """The list of independent states of Gleditsch and Ward.

    Parameters
    ----------
    path : Path
        The authors' list (tabs, no header, days as 31:12:2017), or one with the columns gwcode,
        stateabb, statename, startdate, enddate (days written out, or counted from 1970).

    Returns
    -------
    Reading
        frame: ``gw_number`` (Int64), ``abbreviation``, ``state_name`` (str), ``start``, ``end``
        (datetime64[ns], both inside). The last day of the list stands as the end of members still.

    Raises
    ------
    TightropeError
        The file is not one of these.
    """
    path = Path(path)
    first = decode(read_bytes(path)).split("\n", 1)[0]
    names = list(_GW["GW states"]) if _GW_ORIGINAL.match(first) else None
    sheet = open_sheet(path, "Gleditsch and Ward states", _GW, names=names)
    frame = pd.DataFrame(
        {
            "gw_number": sheet.integers("gwcode", 1, 999),
            "abbreviation": sheet.texts("stateabb", required=True),
            "state_name": sheet.texts("statename"),
            "start": _day(sheet, "startdate"),
            "end": _day(sheet, "enddate"),
        }
    )
    return _close(sheet, frame, "gw_number")


def _close(sheet: Sheet, frame: pd.DataFrame, number: str) -> Reading:
    sheet.refuse(frame["start"].isna() | frame["end"].isna(), lambda row: "start or end is no day of the calendar")
    sheet.refuse(frame["end"] < frame["start"], lambda row: "the spell ends before it starts")
    return sheet.close(frame, key=(number, "start"))


def _from_parts(sheet: Sheet, columns: list[str]) -> pd.Series:
    bounds = ((1800, 2100), (1, 12), (1, 31))
    parts = pd.DataFrame(
        {
            name: sheet.integers(column, low, high).astype("float64")
            for name, column, (low, high) in zip(("year", "month", "day"), columns, bounds, strict=True)
        }
    )
    return as_days(pd.to_datetime(parts, errors="coerce"))


def _day(sheet: Sheet, column: str) -> Any:
    first = next((value.as_py() for value in sheet.table.column(column) if value.is_valid), "")
    if "-" in first[1:] or ":" in first:
        return sheet.dates(column, _DAYS)
    low, high = ((day - pd.Timestamp("1970-01-01")).days for day in (_FIRST, _LAST))
    days = sheet.numbers(column, low, high)
    return (pd.Timestamp("1970-01-01") + pd.to_timedelta(days.where(days.between(low, high)), unit="D")).astype(
        "datetime64[ns]"
    )
