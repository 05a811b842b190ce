"""Which states, and which pairs of states, there were in which years: the rows of every panel."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import TightropeError, UnknownNameError
from analysis.reference.state_systems import SYSTEMS, state_system

PARTIAL = ("any", "year_end", "full_year")
FIRST_YEAR = 1816
LAST_YEAR = 2100
NUMBERS = {"cow": "cow_number", "gw": "gw_number"}
COLUMNS: dict[str, tuple[str, ...]] = {
    r"cow_number(_a|_b)?": ("cow_states",),
    r"gw_number(_a|_b)?": ("gw_states",),
    r"state_(code|a|b)": ("iso_states",),
}


def create_state_years(start: int, end: int, system: str = "cow", partial: str = "any") -> pd.DataFrame:
    """The universe of state-years: one row per member of a state system and year.

    Parameters
    ----------
    start, end : int
        First and last calendar year, both inside. The lists end in 2016 (cow) and 2017 (gw); later
        years carry their last members on.
    system : {"cow", "gw", "iso"}
        Correlates of War, Gleditsch and Ward, or the current states of ISO 3166 in the days of
        Gleditsch and Ward (see :func:`~analysis.reference.state_systems.state_system`).
    partial : {"any", "year_end", "full_year"}
        Which years count of a state that was a member for a part of them: every year with at least
        one day ("any"), the years on whose 31 December it was a member ("year_end"), or the years of
        which it was a member on every day ("full_year"). A state that left and returned within a year
        counts by the days it was there.

    Returns
    -------
    DataFrame
        ``state_code`` (str: the state that the number stood for on its last day in that year), then
        ``cow_number`` or ``gw_number`` (Int64; neither for iso: the column says which system it is), then
        ``year`` (Int64). Its key is the number and the year, for iso the state_code and the year.
        Sorted by its key. Under "any" two numbers may share a state_code in the year in which one
        takes over from the other: in 1990 COW's 260 and 255 are both DEU, 678 and 679 both YEM.

    Raises
    ------
    UnknownNameError
        The system or the choice of partial years is not one of these.
    TightropeError
        The years are no whole numbers, in the wrong order or before 1816.

    Examples
    --------
    >>> rows = create_state_years(1990, 1990)
    >>> rows.loc[rows["state_code"] == "DEU", "cow_number"].tolist()
    [255, 260]
    >>> len(rows), len(create_state_years(1990, 1990, partial="year_end"))
    (165, 161)
    """
    _check(start, end, system, partial)
    spells, keys = _spells(system)
    parts = []
    for year in range(start, end + 1):
        days = _days(spells, keys, year)
        counted = _counted(days, partial)
        parts.append(pd.DataFrame({"key": keys[counted], "year": year}))
    frame = pd.concat(parts, ignore_index=True)
    frame["state_code"] = _state_codes(spells, frame)
    return _finish(frame, system, ("",))


def create_dyad_years(
    start: int, end: int, system: str = "cow", partial: str = "any", *, directed: bool = False
) -> pd.DataFrame:
    """The universe of dyad-years: one row per pair of members of a state system and year.

    Parameters
    ----------
    start, end, system, partial
        As in :func:`create_state_years`. A pair counts only in a year in which both count and in
        which there was at least one day on which both were members: East Germany (265) and united
        Germany (255) never make a pair.
    directed : bool
        Whether a and b in both orders are two rows. Otherwise a comes before b by number (by code for iso).

    Returns
    -------
    DataFrame
        ``state_a``, ``state_b`` (str), then ``cow_number_a``, ``cow_number_b`` or ``gw_number_a``,
        ``gw_number_b`` (Int64; neither for iso), then ``year`` (Int64); sorted by year, a and b. Where all
        n states of a year coexisted, it has n(n-1)/2 rows, or n(n-1) directed.

    Raises
    ------
    UnknownNameError, TightropeError
        As :func:`create_state_years`.

    Examples
    --------
    >>> pairs = create_dyad_years(2014, 2014)
    >>> n = len(create_state_years(2014, 2014))
    >>> n, len(pairs), n * (n - 1) // 2
    (195, 18915, 18915)
    """
    _check(start, end, system, partial)
    spells, keys = _spells(system)
    parts = []
    for year in range(start, end + 1):
        days = _days(spells, keys, year)
        counted = _counted(days, partial)
        present = days[counted].astype(np.float32)
        met = present @ present.T > 0
        first, second = np.nonzero(met & ~np.eye(len(present), dtype=bool) if directed else np.triu(met, 1))
        names = keys[counted]
        parts.append(pd.DataFrame({"key_a": names[first], "key_b": names[second], "year": year}))
    frame = pd.concat(parts, ignore_index=True)
    for side in ("a", "b"):
        one = frame[[f"key_{side}", "year"]].set_axis(["key", "year"], axis=1)
        frame[f"state_{side}"] = _state_codes(spells, one)
    return _finish(frame, system, ("_a", "_b"))


def _check(start: int, end: int, system: str, partial: str) -> None:
    if system not in SYSTEMS:
        raise UnknownNameError("state system", system, SYSTEMS)
    if partial not in PARTIAL:
        raise UnknownNameError("choice of partial years", partial, PARTIAL)
    for name, year in (("start", start), ("end", end)):
        if not isinstance(year, (int, np.integer)) or isinstance(year, bool) or not FIRST_YEAR <= year <= LAST_YEAR:
            raise TightropeError(f"{name} {year!r} is no year from {FIRST_YEAR} to {LAST_YEAR}")
    if start > end:
        raise TightropeError(f"start {start} is after end {end}; a panel starts no later than it ends")


def _spells(system: str) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    """The spells with their key (number, or ISO code), and the sorted keys."""
    spells = state_system(system)
    key = spells["state"].astype("object") if system == "iso" else spells["code"].astype("int64").astype("object")
    ends = spells["end"].fillna(pd.Timestamp(LAST_YEAR, 12, 31))
    spells = pd.DataFrame({"key": key, "state": spells["state"], "start": spells["start"], "end": ends})
    return spells.sort_values(["key", "start"], ignore_index=True), np.array(sorted(set(key)), dtype=object)


def _days(spells: pd.DataFrame, keys: NDArray[np.object_], year: int) -> NDArray[np.bool_]:
    """On which days of a year each key was a member, one row per key."""
    first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
    inside = spells[(spells["start"] <= last) & (spells["end"] >= first)]
    days = np.zeros((len(keys), (last - first).days + 1), dtype=bool)
    rows = np.searchsorted(keys, inside["key"].to_numpy())
    begins = (inside["start"].clip(lower=first) - first).dt.days.to_numpy()
    ends = (inside["end"].clip(upper=last) - first).dt.days.to_numpy()
    for row, begin, end in zip(rows, begins, ends, strict=True):
        days[row, begin : end + 1] = True
    return days


def _counted(days: NDArray[np.bool_], partial: str) -> NDArray[np.bool_]:
    if partial == "year_end":
        return np.asarray(days[:, -1])
    return np.asarray(days.any(axis=1) if partial == "any" else days.all(axis=1))


def _state_codes(spells: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """The state of each key on its last day as a member in that year."""
    pairs = rows.drop_duplicates().merge(spells, on="key")
    within = pairs[(pairs["start"].dt.year <= pairs["year"]) & (pairs["end"].dt.year >= pairs["year"])]
    last = within.sort_values("start").drop_duplicates(["key", "year"], keep="last")
    return rows.merge(last[["key", "year", "state"]], on=["key", "year"], how="left", validate="m:1")["state"]


def _finish(frame: pd.DataFrame, system: str, sides: tuple[str, ...]) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {
        f"state{side}" if side else "state_code": frame[f"state{side or '_code'}"].astype("str") for side in sides
    }
    if system in NUMBERS:
        columns |= {f"{NUMBERS[system]}{side}": frame[f"key{side}"].astype("Int64") for side in sides}
    columns["year"] = frame["year"].astype("Int64")
    order = ["key", "year"] if sides == ("",) else ["year", "key_a", "key_b"]
    place = frame.sort_values(order).index
    return pd.DataFrame(columns).loc[place].reset_index(drop=True)
