"""ATOP: alliances, their members, and the obligations of each directed dyad-year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.reference.relation_sources import source_note
from analysis.sources.relations.delimited import open_sheet
from analysis.sources.relations.sheet import Reading, Sheet

NOTE = source_note("atop")
OBLIGATIONS = {
    "defense": "has_defense", "offense": "has_offense", "neutral": "has_neutrality",
    "nonagg": "has_nonaggression", "consul": "has_consultation",
}  # fmt: skip
_MEMBER_DAYS = ("yrent", "moent", "dayent", "yrexit", "moexit", "dayexit")
_ALLIANCE_DAYS = ("begyr", "begmo", "begday", "endyr", "endmo", "endday")
_MEMBERS = {"ATOP members": ("atopid", "member", "phase", *_MEMBER_DAYS, *OBLIGATIONS)}
_ALLIANCES = {"ATOP alliances": ("atopid", *_ALLIANCE_DAYS, "bilat", *OBLIGATIONS)}
_DYADS = {
    "dyad-years with ccode": ("ccode1", "ccode2", "year", *(f"atop_{name}" for name in OBLIGATIONS)),
    "ATOP dyad-years": ("statea", "stateb", "year", *OBLIGATIONS),
}


def read_atop_members(path: Path | str) -> Reading:
    """Members of alliances, one row per alliance, member, phase and entry.

    Parameters
    ----------
    path : Path
        The member file of ATOP (atop5_1m), plain or gzip.

    Returns
    -------
    Reading
        frame: ``alliance_id``, ``phase``, ``cow_number`` (Int64; ATOP gives some members outside
        the state system numbers of its own), ``start_year``, ``start_month``, ``start_day``,
        ``end_year``, ``end_month``, ``end_day`` (Int64; missing where not known, the end also where the
        membership stood at the end of the data), ``is_in_force`` (boolean: stood at the end of the
        data), and ``has_defense``, ``has_offense``, ``has_neutrality``, ``has_nonaggression``,
        ``has_consultation`` (boolean).

    Raises
    ------
    TightropeError
        The file is not one of these.
    """
    path = Path(path)
    sheet = open_sheet(path, "ATOP members", _MEMBERS)
    frame = pd.DataFrame(
        {
            "alliance_id": sheet.integers("atopid", 1),
            "phase": sheet.integers("phase", 0),
            "cow_number": sheet.integers("member", 1),
            **_spell(sheet, _MEMBER_DAYS),
            **_obligations(sheet, list(OBLIGATIONS)),
        }
    )
    return sheet.close(frame, key=("alliance_id", "cow_number", "phase", "start_year", "start_month"))


def read_atop_alliances(path: Path | str) -> Reading:
    """Alliances, one row each.

    Parameters
    ----------
    path : Path
        The alliance file of ATOP (atop5_1a), plain or gzip.

    Returns
    -------
    Reading
        frame: ``alliance_id`` (Int64), start and end as in :func:`read_atop_members`, ``is_in_force``
        and ``is_bilateral`` (boolean), the five obligations, ``n_members`` (Int64, members ever).

    Raises
    ------
    TightropeError
        The file is not one of these.
    """
    path = Path(path)
    sheet = open_sheet(path, "ATOP alliances", _ALLIANCES, [f"mem{number}" for number in range(1, 60)])
    members = [column for column in sheet.table.column_names if column.startswith("mem") and column[3:].isdigit()]
    counted = sum((sheet.table.column(column).to_pandas().notna().astype(int) for column in members), start=0)
    frame = pd.DataFrame(
        {
            "alliance_id": sheet.integers("atopid", 1),
            **_spell(sheet, _ALLIANCE_DAYS),
            "is_bilateral": sheet.integers("bilat", 0, 1).astype("boolean"),
            **_obligations(sheet, list(OBLIGATIONS)),
            "n_members": pd.Series(counted, index=range(sheet.table.num_rows), dtype="Int64"),
        }
    )
    return sheet.close(frame, key=("alliance_id",))


def read_atop_dyad_years(path: Path | str) -> Reading:
    """Obligations between two states, one row per directed dyad and year with an alliance.

    Parameters
    ----------
    path : Path
        Directed dyad-years: ATOP's own (stateA, stateB, year, defense, ...) or with ccode1, ccode2
        and atop_defense ..., plain or gzip.

    Returns
    -------
    Reading
        frame: ``cow_number_a``, ``cow_number_b``, ``year`` (Int64), and the five obligations
        (boolean) of a towards b in any alliance of theirs. A pair of states without a row has none.

    Raises
    ------
    TightropeError
        The file is not one of these.
    """
    path = Path(path)
    sheet = open_sheet(path, "ATOP dyad-years", _DYADS)
    a, b, year, *obligations = _DYADS[sheet.layout]
    frame = pd.DataFrame(
        {
            "cow_number_a": sheet.integers(a, 1),
            "cow_number_b": sheet.integers(b, 1),
            "year": sheet.integers(year, 1800, 2100),
            **_obligations(sheet, obligations),
        }
    )
    return sheet.close(frame, key=("cow_number_a", "cow_number_b", "year"))


def _spell(sheet: Sheet, columns: Sequence[str]) -> dict[str, pd.Series]:
    """Start and end by parts: an ATOP year of 0 is a membership that stood at the end of the data."""
    bounds = ((1800, 2100), (1, 12), (1, 31))
    parts = {}
    for column, name, (low, high) in zip(columns[:3], ("year", "month", "day"), bounds, strict=True):
        parts[f"start_{name}"] = sheet.integers(column, low, high, required=name == "year")
    ends = [
        sheet.integers(column, 0, high, required=False) for column, (_, high) in zip(columns[3:], bounds, strict=True)
    ]
    in_force = ends[0].eq(0)
    for values, name in zip(ends, ("year", "month", "day"), strict=True):
        parts[f"end_{name}"] = values.where(values != 0)
    return parts | {"is_in_force": in_force.astype("boolean")}


def _obligations(sheet: Sheet, columns: Sequence[str]) -> dict[str, pd.Series]:
    return {
        name: sheet.integers(column, 0, 1).where(lambda values: values.isin([0, 1])).astype("boolean")
        for column, name in zip(columns, OBLIGATIONS.values(), strict=True)
    }
