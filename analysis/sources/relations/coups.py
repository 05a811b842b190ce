"""Coups and coup attempts of Powell and Thyne, as a list of events and by country-year."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.reference.relation_sources import source_note
from analysis.sources.relations.delimited import open_sheet
from analysis.sources.relations.sheet import Reading, as_days

NOTE = source_note("powell_thyne")
OUTCOMES = {1: "attempt", 2: "success"}
_EVENTS = {"events": ("country", "ccode", "year", "month", "day", "coup")}
_YEARS = {"country-years": ("gwcode", "year", "pt_attempt_num", "pt_coup_num", "pt_failed_num")}


def read_coup_events(path: Path | str) -> Reading:
    """Coups and attempts, one row each.

    Parameters
    ----------
    path : Path
        The authors' list (country, ccode, year, month, day, coup), with tabs or commas.

    Returns
    -------
    Reading
        frame: ``cow_number`` (Int64), ``gw_number`` (Int64, missing in releases without ccode_gw),
        ``date`` (datetime64[ns]), ``year`` (Int64), ``is_success`` (bool: code 2; code 1 is an attempt
        that failed), ``state_name`` (str, as the file writes it). Two on one day are two rows.

    Raises
    ------
    TightropeError
        The file is not one of these.
    """
    path = Path(path)
    sheet = open_sheet(path, "coups (Powell and Thyne, events)", _EVENTS, ["ccode_gw"])
    parts = pd.DataFrame(
        {
            "year": sheet.integers("year", 1900, 2100),
            "month": sheet.integers("month", 1, 12),
            "day": sheet.integers("day", 1, 31),
        }
    )
    dates = as_days(pd.to_datetime(parts.astype("float64"), errors="coerce"))
    sheet.refuse(dates.isna(), lambda row: "year, month and day are no day of the calendar")
    outcome = sheet.coded("coup", OUTCOMES)
    gw = sheet.integers("ccode_gw", 1, 999, required=False) if sheet.has("ccode_gw") else None
    frame = pd.DataFrame(
        {
            "cow_number": sheet.integers("ccode", 1, 999),
            "gw_number": gw if gw is not None else pd.Series([None] * len(dates), dtype="Int64"),
            "date": dates,
            "year": parts["year"],
            "is_success": outcome.eq("success"),
            "state_name": sheet.texts("country"),
        }
    )
    return sheet.close(frame)


def read_coup_years(path: Path | str) -> Reading:
    """Coups and attempts counted, one row per country and year.

    Parameters
    ----------
    path : Path
        Country-years (gwcode, year, pt_attempt_num, pt_coup_num, pt_failed_num, ...), with zeros.

    Returns
    -------
    Reading
        frame: ``gw_number``, ``year``, ``n_attempts`` (all), ``n_successes``, ``n_failures`` (Int64).

    Raises
    ------
    TightropeError
        The file is not one of these.
    """
    path = Path(path)
    sheet = open_sheet(path, "coups (Powell and Thyne, country-years)", _YEARS)
    frame = pd.DataFrame(
        {
            "gw_number": sheet.integers("gwcode", 1, 999),
            "year": sheet.integers("year", 1900, 2100),
            "n_attempts": sheet.integers("pt_attempt_num", 0),
            "n_successes": sheet.integers("pt_coup_num", 0),
            "n_failures": sheet.integers("pt_failed_num", 0),
        }
    )
    broken = frame["n_attempts"] != frame["n_successes"] + frame["n_failures"]
    sheet.refuse(broken.fillna(False), lambda row: "attempts are not the sum of successes and failures")
    return sheet.close(frame, key=("gw_number", "year"))
