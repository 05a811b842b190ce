"""Figures of trade that may stand side by side: one flow, one period, one currency or share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.measures.checks import check_columns
from analysis.measures.windows import Day
from analysis.schema.rows import each_row

_COLUMNS = ("tie_id", "kind", "state", "partner", "detail", "start", "end", "value", "unit", "is_part_year",
            "has_conflict", "outlet", "url", "note")  # fmt: skip
ALL_GOODS = re.compile(r"sector: (?:all )?goods(?:\.| \(|$)")
PRINTED_AT_LEAST = re.compile(r'"(?:more than|above|over|at least)')
"""A remark by which a source prints a figure as more than so much, in its own words."""
PRINTED_AT_MOST = re.compile(r'"(?:a little )?(?:less than|below|under|at most)')
"""The same for less than so much; "nearly" and "about" are no bounds."""
_PERIOD = re.compile(r"\bperiod: (?:taken as )?([^;,(]+)")
_MULTIPLES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_QUARTER = re.compile(r"\d{4}Q([1-4])$")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_FLOWS = ("trade_total", "import", "export")
FIGURE_COLUMNS = ["state", "partner", "flow", "period", "is_part_year", "start", "unit", "low", "high", "is_least",
                  "is_most", "n_sources", "outlets", "urls"]  # fmt: skip


def create_trade_figures(ties: pd.DataFrame, claims: pd.DataFrame, as_of: Day, *, years: int = 5) -> pd.DataFrame:
    """Gather the figures of all goods that a state trades with a partner, one row per flow, period and unit.

    Parameters
    ----------
    ties : DataFrame
        The table `ties`.
    claims : DataFrame
        Column ``tie_id``: figures that somebody merely claims, which are left out.
    as_of : Timestamp or ISO date
        Only periods that had ended by this day, and not more than `years` years before it, count.
    years : int
        How old a figure may be.

    Returns
    -------
    DataFrame
        ``state, partner, flow`` (trade_total, import, export)``, period, is_part_year, start, unit, low, high,
        is_least`` (printed as "more than" the most)``, is_most`` ("less than" that)``, n_sources, outlets, urls``.
        Millions and billions of one currency are written out in that currency; currencies are never converted. Where
        two sources differ, ``low`` and ``high`` do too; where the other figure is known from a remark alone, ``high``
        is missing. A period is a
        year, or as its source names it ("2024Q3"); figures of part of a year keep that period and are never added.

    Examples
    --------
    >>> tie = {"kind": "trade", "state": "TGO", "start": pd.Timestamp("2023-01-01"), "end": pd.Timestamp("2023-12-31")}
    >>> tie |= {"detail": "import", "unit": "million EUR", "is_part_year": False, "has_conflict": False}
    >>> tie |= {"outlet": "Customs", "url": "https://example.org", "note": "sector: goods. mirror data"}
    >>> ties = pd.DataFrame([tie | {"tie_id": "t1", "partner": "FRA", "value": 225.0}])
    >>> create_trade_figures(ties, pd.DataFrame({"tie_id": []}), "2026-02-28")[["partner", "period", "unit", "low"]]
      partner period unit          low
    0     FRA   2023  EUR  225000000.0
    """
    check_columns(ties, _COLUMNS, "ties")
    day = pd.Timestamp(as_of)
    inside = (ties["end"] <= day) & (ties["end"] > day - pd.DateOffset(years=years))
    chosen = ties[(ties["kind"] == "trade") & inside & ties["value"].notna()]
    chosen = chosen[chosen["note"].fillna("").str.match(ALL_GOODS)]
    chosen = chosen[~chosen["tie_id"].isin(claims["tie_id"])]
    groups: dict[tuple[str, str, str, str, str], list[tuple[float, Any]]] = {}
    row: Any
    for row in each_row(chosen.sort_values("tie_id")):
        value, unit = _in_units(float(row.value), str(row.unit))
        key = (str(row.state), str(row.partner), str(row.detail), _period(row), unit)
        groups.setdefault(key, []).append((value, row))
    rows = [_figure(key, found) for key, found in sorted(groups.items())]
    return pd.DataFrame(rows, columns=FIGURE_COLUMNS)


def choose_side_by_side(figures: pd.DataFrame, state: str, partners: list[str], *, first: int = 0) -> pd.DataFrame:
    """Choose the flow, period and unit in which most of the partners can be set side by side.

    Ranked by whether the `first` partners are all there, by how many of the partners are, then whole years before
    parts of one, the later period, and imports and exports together before either.

    Parameters
    ----------
    figures : DataFrame
        From :func:`create_trade_figures`.
    state : str
        Whose trade.
    partners : list of str
        Codes of the partners.
    first : int
        How many of the partners, from the first, matter most.

    Returns
    -------
    DataFrame
        The rows of that group, in the order of the partners; empty if no group holds two of them.
    """
    own = figures[(figures["state"] == state) & figures["partner"].isin(partners)]
    best = find_side_by_side(list(each_row(own)), partners, first=first)
    return own.take(best).reset_index(drop=True) if best else own.iloc[:0]


def find_side_by_side(rows: Sequence[Any], partners: list[str], *, first: int = 0) -> list[int]:
    """Which rows of one state's figures :func:`choose_side_by_side` chooses, in the order of the partners."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for place, row in enumerate(rows):
        if row.partner in partners:
            groups.setdefault((row.flow, row.period, row.unit), []).append(place)
    ranked = []
    for (flow, period, unit), places in groups.items():
        held = {rows[place].partner for place in places}
        if len(held) >= 2:
            one = rows[places[0]]
            rank = (set(partners[:first]) <= held, len(held), not one.is_part_year, one.start.value,
                    -_FLOWS.index(flow), unit, period)  # fmt: skip
            ranked.append((rank, places))
    return sorted(max(ranked)[1], key=lambda place: partners.index(rows[place].partner)) if ranked else []


def choose_latest_list(figures: pd.DataFrame, state: str) -> pd.DataFrame:
    """Choose the latest list of a state's partners in one flow: whole years first, then amounts, then the later.

    Amounts go before shares of a total, for a source often prints amounts of some partners and shares of the others,
    and the list of the others alone would seem to begin with its first.

    Parameters
    ----------
    figures : DataFrame
        From :func:`create_trade_figures`, of one flow; lists that cover a region alone left out.
    state : str
        Whose trade.

    Returns
    -------
    DataFrame
        The rows of that list, largest first; empty if none names two partners.
    """
    own = figures[figures["state"] == state]
    ranked = []
    for (period, unit), group in own.groupby(["period", "unit"], sort=True):
        if group["partner"].nunique() >= 2:
            whole = not bool(group["is_part_year"].iloc[0])
            is_amount = not str(unit).startswith("percent")
            rank = (whole, is_amount, group["start"].iloc[0].year, _month(str(period)), len(group), str(unit))
            ranked.append((rank, str(period), group))
    if not ranked:
        return own.iloc[:0]
    best = max(ranked, key=lambda one: one[:2])[2]
    return best.sort_values(["high", "partner"], ascending=[False, True], ignore_index=True)


def _month(period: str) -> int:
    """The first month of a quarter or the month that a period names; 0 where it names neither."""
    quarter = _QUARTER.match(period)
    if quarter:
        return 3 * int(quarter[1]) - 2
    return next((number for number, name in enumerate(_MONTHS, 1) if period.startswith(name)), 0)


def _in_units(value: float, unit: str) -> tuple[float, str]:
    """Millions and billions written out, so that figures in one currency can be compared."""
    multiple, _, rest = unit.partition(" ")
    return (value * _MULTIPLES[multiple], rest) if multiple in _MULTIPLES and rest else (value, unit)


def _period(row: Any) -> str:
    """The year, or the part of it that the note names; a part that no note names is like no other."""
    year = str(row.start.year)
    if not row.is_part_year:
        return year
    named = _PERIOD.search(str(row.note))
    return named[1].strip() if named else f"part of {year} ({row.tie_id})"


def _figure(key: tuple[str, str, str, str, str], found: list[tuple[float, Any]]) -> dict[str, object]:
    state, partner, flow, period, unit = key
    values, rows = [value for value, _ in found], [row for _, row in found]
    low, high = min(values), max(values)
    of_most = [str(row.note) for value, row in zip(values, rows, strict=True) if value == high]
    # A row marked as in conflict without the other figure beside it: the other is known from a remark alone.
    is_lone_conflict = low == high and any(row.has_conflict for row in rows)
    return {
        "state": state, "partner": partner, "flow": flow, "period": period, "is_part_year": rows[0].is_part_year,
        "start": rows[0].start, "unit": unit, "low": low, "high": float("nan") if is_lone_conflict else high,
        "is_least": all(PRINTED_AT_LEAST.search(note) for note in of_most),
        "is_most": all(PRINTED_AT_MOST.search(note) for note in of_most),
        "n_sources": len(rows), "outlets": "; ".join(dict.fromkeys(row.outlet for row in rows if pd.notna(row.outlet))),
        "urls": " ".join(dict.fromkeys(row.url for row in rows if pd.notna(row.url))),
    }  # fmt: skip
