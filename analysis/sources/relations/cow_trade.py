"""Trade of the Correlates of War project, by dyad-year and by state-year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from analysis.reference.relation_sources import source_note
from analysis.sources.relations.delimited import open_sheet
from analysis.sources.relations.sheet import Reading, Sheet

NOTE = source_note("cow_trade")
UNKNOWN = -9
_DYADS = {"dyadic": ("ccode1", "ccode2", "year", "flow1", "flow2")}
_STATES = {"national": ("ccode", "year", "imports", "exports")}


def read_cow_trade_dyads(path: Path | str) -> Reading:
    """Imports of two states from each other, one row per pair and year.

    Parameters
    ----------
    path : Path
        The dyadic file (ccode1, ccode2, year, flow1, flow2), plain or gzip.

    Returns
    -------
    Reading
        frame: ``cow_number_a``, ``cow_number_b``, ``year`` (Int64), ``imports_a_musd`` (imports of a
        from b) and ``imports_b_musd`` (of b from a), million current US dollars, missing where
        the source writes -9 or nothing. Zero is what the source reports as no trade.

    Raises
    ------
    TightropeError
        The file is not one of these.
    """
    path = Path(path)
    sheet = open_sheet(path, "COW dyadic trade", _DYADS)
    frame = pd.DataFrame(
        {
            "cow_number_a": sheet.integers("ccode1", 1, 999),
            "cow_number_b": sheet.integers("ccode2", 1, 999),
            "year": sheet.integers("year", 1800, 2100),
            "imports_a_musd": _money(sheet, "flow1"),
            "imports_b_musd": _money(sheet, "flow2"),
        }
    )
    sheet.refuse(frame["cow_number_a"] == frame["cow_number_b"], lambda row: "a state has no trade with itself")
    return sheet.close(frame, key=("cow_number_a", "cow_number_b", "year"))


def read_cow_trade_states(path: Path | str) -> Reading:
    """Total imports and exports, one row per state and year.

    Parameters
    ----------
    path : Path
        The national file (ccode, year, imports, exports), plain or gzip.

    Returns
    -------
    Reading
        frame: ``cow_number``, ``year`` (Int64), ``imports_musd``, ``exports_musd`` (million current US
        dollars, missing where not known).

    Raises
    ------
    TightropeError
        The file is not one of these.
    """
    path = Path(path)
    sheet = open_sheet(path, "COW national trade", _STATES)
    frame = pd.DataFrame(
        {
            "cow_number": sheet.integers("ccode", 1, 999),
            "year": sheet.integers("year", 1800, 2100),
            "imports_musd": _money(sheet, "imports"),
            "exports_musd": _money(sheet, "exports"),
        }
    )
    return sheet.close(frame, key=("cow_number", "year"))


def _money(sheet: Sheet, column: str) -> Any:
    values = sheet.numbers(column, required=False)
    values = values.where(values != UNKNOWN)
    sheet.refuse(
        values < 0, lambda row: f"{column} {values[row]:g} is below zero; accepted: 0 or more, or -9 for not known"
    )
    return values
