"""Who was a state when: the spells of both state systems, and the state that a number stood for on a day."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import pandas as pd

from analysis.errors import TightropeError, UnknownNameError
from analysis.reference import load

__all__ = ["SYSTEMS", "number_of", "state_from_code", "state_system", "states_on", "to_state"]

SYSTEMS = ("cow", "gw", "iso")
Day: TypeAlias = pd.Timestamp | str
_ENDLESS = pd.Timestamp("2200-12-31")


def state_system(system: str) -> pd.DataFrame:
    """The spells of one state system, one row per number, state and unbroken stretch of days.

    Parameters
    ----------
    system : {"cow", "gw", "iso"}
        Correlates of War (v2016), Gleditsch and Ward (through 2017), or the current states of
        ISO 3166: every state that has an ISO code today, in the days for which Gleditsch and Ward
        count a state under that code; Correlates of War's days stand in for the states too small
        for that list. A state that has left ISO (the Soviet Union) is none of them, and Russia is
        absent from 1922-12-30 to 1991-12-25.

    Returns
    -------
    DataFrame
        ``system, code, abbreviation, name, state, start, end, reason, source``, sorted by code and
        start. ``code`` is the number (Int64; missing for iso). ``state`` is the ISO 3166 alpha-3
        code, the former code of ISO 3166-3 (DDR, YMD, SUN, CSK, YUG, SCG, VDR), or one of ISO's
        user-assigned codes (XAA to XZZ) for a state that ISO never had. Both days are inside the
        spell; a missing ``end`` is a member still. One number may change its state without a
        break: 365 is RUS, SUN and RUS again.

    Raises
    ------
    UnknownNameError
        There is no such system.

    Examples
    --------
    >>> rows = state_system("cow")
    >>> rows.loc[rows["code"] == 365, "state"].tolist()
    ['RUS', 'SUN', 'RUS']
    """
    if system not in SYSTEMS:
        raise UnknownNameError("state system", system, SYSTEMS)
    return _spells(system).copy()


def states_on(system: str, day: Day) -> pd.DataFrame:
    """The members of a state system on one day.

    Parameters
    ----------
    system : {"cow", "gw", "iso"}
        See :func:`state_system`.
    day : Timestamp or ISO date
        The day.

    Returns
    -------
    DataFrame
        The rows of :func:`state_system` that hold on that day: one per number, and one per state.

    Examples
    --------
    >>> germany = states_on("cow", "1990-10-02").set_index("code")["state"]
    >>> germany[260], germany[265], 255 in germany.index
    ('DEU', 'DDR', False)
    """
    rows = state_system(system)
    when = _as_day(day)
    return rows[(rows["start"] <= when) & (rows["end"].fillna(_ENDLESS) >= when)].reset_index(drop=True)


def to_state(system: str, code: int | str, day: Day) -> str | None:
    """The state that a number stood for on a day, or None where it was no member then.

    Parameters
    ----------
    system : {"cow", "gw", "iso"}
        See :func:`state_system`.
    code : int, or str for iso
        Number in that system, or ISO code.
    day : Timestamp or ISO date
        The day.

    Raises
    ------
    UnknownNameError
        The system never used this code.

    Examples
    --------
    >>> to_state("cow", 365, "1970-06-30"), to_state("cow", 365, "2000-06-30")
    ('SUN', 'RUS')
    >>> print(to_state("cow", 220, "1943-07-01"))
    None
    """
    rows = state_system(system)
    key = rows["state"] if system == "iso" else rows["code"]
    mine = rows[key == code]
    if mine.empty:
        raise UnknownNameError(f"code of the state system {system!r}", str(code), key.astype(str))
    when = _as_day(day)
    held = mine[(mine["start"] <= when) & (mine["end"].fillna(_ENDLESS) >= when)]
    return None if held.empty else str(held["state"].iloc[0])


def number_of(system: str, state: str, day: Day) -> int | None:
    """The number of a state in a system: the one it held on a day, or else the nearest before or after.

    A source may name a state that was no member on that day (Ukraine voted in the United Nations
    from 1945). So the number of the nearest spell stands in, and None only where the state has no
    number in the system at all.

    Parameters
    ----------
    system : {"cow", "gw"}
        See :func:`state_system`.
    state : str
        Code as in the column ``state`` of :func:`state_system`.
    day : Timestamp or ISO date
        The day.

    Examples
    --------
    >>> number_of("cow", "DEU", "1980-01-01"), number_of("cow", "DEU", "1990-12-11")
    (260, 255)
    >>> number_of("cow", "UKR", "1950-01-01")
    369
    """
    spells = _numbers(system).get(state)
    if spells is None:
        return None
    when = _as_day(day)
    distances = [max((start - when).days, (when - end).days, 0) for start, end, _ in spells]
    return spells[distances.index(min(distances))][2]


def state_from_code(code: str) -> str | None:
    """The state that an alpha-3 code of a source stands for: a current code, or a former one of ISO 3166.

    Examples
    --------
    >>> state_from_code("TGO"), state_from_code("ZAR"), state_from_code("SUN"), state_from_code("S19")
    ('TGO', 'COD', 'SUN', None)
    """
    return _alpha3().get(code)


@cache
def _alpha3() -> dict[str, str]:
    former = dict(load("former_codes")[["code", "state"]].itertuples(index=False, name=None))
    return former | {code: code for code in load("states")["iso3"]}


@cache
def _numbers(system: str) -> dict[str, list[tuple[pd.Timestamp, pd.Timestamp, int]]]:
    spells: dict[str, list[tuple[pd.Timestamp, pd.Timestamp, int]]] = {}
    rows = _spells(system)
    ends = rows["end"].fillna(_ENDLESS)
    for state, start, end, code in zip(rows["state"], rows["start"], ends, rows["code"], strict=True):
        spells.setdefault(state, []).append((start, end, int(code)))
    return spells


@cache
def _spells(system: str) -> pd.DataFrame:
    rows = load("state_systems")
    rows = _current_iso(rows) if system == "iso" else rows[rows["system"] == system]
    typed = rows.assign(
        code=pd.to_numeric(rows["code"]).astype("Int64"),
        start=pd.to_datetime(rows["start"]).astype("datetime64[ns]"),
        end=pd.to_datetime(rows["end"].where(rows["end"] != "")).astype("datetime64[ns]"),
    )
    order = ["state", "start"] if system == "iso" else ["code", "start"]
    typed = typed.sort_values(order, ignore_index=True)
    return typed.assign(code=pd.array([pd.NA] * len(typed), dtype="Int64")) if system == "iso" else typed


def _current_iso(rows: pd.DataFrame) -> pd.DataFrame:
    codes = load("states")
    listed = rows[(rows["system"] == "gw") & rows["state"].isin(codes["iso3"])]
    small = codes.loc[(codes["gw_number"] == "") & (codes["cow_number"] != ""), "iso3"]
    filled = rows[(rows["system"] == "cow") & rows["state"].isin(small)]
    return pd.concat([listed, filled]).assign(system="iso")


def _as_day(day: Day) -> pd.Timestamp:
    try:
        return pd.Timestamp(day).normalize()
    except (ValueError, TypeError) as error:
        raise TightropeError(f"not a day: {day!r}; accepted: a Timestamp or text as 1990-10-03") from error
