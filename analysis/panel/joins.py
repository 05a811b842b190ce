"""The one left join of every add_ function: rows and their order stay, keys are checked, codes are converted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from analysis.errors import TightropeError, UnknownNameError
from analysis.measures.checks import name_some
from analysis.panel.years import LAST_YEAR, NUMBERS
from analysis.reference import load
from analysis.reference.relation_sources import SourceNote
from analysis.reference.state_systems import state_from_code, state_system

Coverage = tuple[int, int]
CODES = ("cow", "gw", "iso3")


@dataclass(frozen=True)
class Kind:
    """What the columns of a panel say it is: its state system, and the suffixes of its sides."""

    system: str
    sides: tuple[str, ...]

    @property
    def is_dyadic(self) -> bool:
        """Whether a row is a pair of states."""
        return len(self.sides) == 2


def kind_of(panel: pd.DataFrame, *, dyadic: bool | None = None) -> Kind:
    """Read from its columns what a panel is.

    Parameters
    ----------
    panel : DataFrame
        From create_state_years or create_dyad_years, with any further columns.
    dyadic : bool, optional
        What is needed; either when not given.

    Raises
    ------
    TightropeError
        The columns are those of no panel, of two state systems, or of the other kind than needed.
    """
    if {"state_code", "year"} <= set(panel.columns):
        sides: tuple[str, ...] = ("",)
    elif {"state_a", "state_b", "year"} <= set(panel.columns):
        sides = ("_a", "_b")
    else:
        raise TightropeError(
            "the frame is no panel: it needs state_code and year, or state_a, state_b and year; "
            "create_state_years and create_dyad_years make one"
        )
    systems = [system for system, name in NUMBERS.items() if {f"{name}{side}" for side in sides} <= set(panel.columns)]
    if len(systems) > 1:
        raise TightropeError("the panel has the numbers of two state systems; keep those of one")
    kind = Kind(systems[0] if systems else "iso", sides)
    if dyadic is not None and kind.is_dyadic != dyadic:
        needed, given = ("dyad-years", "state-years") if dyadic else ("state-years", "dyad-years")
        raise TightropeError(f"this source needs {needed}; the panel has {given}")
    return kind


def codes_in(panel: pd.DataFrame, kind: Kind, side: str, codes: str) -> pd.Series:
    """The code of each row's state in another system at its year, missing where it has no counterpart.

    The state of the row (its state_code, the state on the last day of membership in that year) is
    looked up among the spells of the other system in that year; of several the latest is taken.
    """
    states = panel[f"state{side}" if side else "state_code"].reset_index(drop=True).astype("str")
    if codes == "iso3":
        return states
    if kind.system == codes:
        return panel[f"{NUMBERS[codes]}{side}"].reset_index(drop=True).astype("Int64")
    return numbers_at(states, panel["year"].reset_index(drop=True), codes)


def numbers_at(states: pd.Series, years: pd.Series, system: str) -> pd.Series:
    """The number of each state in a system in each year, missing where it was no member on any day of it.

    The states too small for Gleditsch and Ward's list have a number in their list of microstates,
    which holds in every year.
    """
    rows = pd.DataFrame({"state": states.array, "year": years.astype("Int64").array})
    found = rows.merge(_numbers_by_year(system), on=["state", "year"], how="left", validate="m:1")["code"].astype(
        "Int64"
    )
    if system == "gw":
        found = found.fillna(rows["state"].map(_microstates()).astype("Int64"))
    return pd.Series(found.array, index=states.index)


def check_source_codes(values: pd.Series, codes: str, name: str) -> pd.Series:
    """A source's codes as the type that panels are joined on.

    Raises
    ------
    UnknownNameError
        The code system is not one of cow, gw, iso3.
    TightropeError
        The codes are of another kind, or hold numbers that the system never used.
    """
    if codes not in CODES:
        raise UnknownNameError("code system", codes, CODES)
    is_number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if len(values.dropna()) and is_number == (codes == "iso3"):
        shown = name_some(values.dropna().drop_duplicates().head(6))
        raise TightropeError(f"{name}: its codes are not those of {codes}: {shown}; say which system they are of")
    if codes == "iso3":
        return _current(values.astype("str"))
    numbers = values.astype("Int64")
    strangers = sorted(set(numbers.dropna()) - _known_numbers(codes))
    if strangers:
        raise TightropeError(
            f"{name}: not numbers of the state system {codes!r}: {name_some(strangers)}; is it coded in another system?"
        )
    return numbers


def look_up(
    keys: pd.DataFrame, right: pd.DataFrame, values: Sequence[str], name: str
) -> tuple[pd.DataFrame, pd.Series]:
    """Left-join the value columns of a source to keys.

    Parameters
    ----------
    keys : DataFrame
        One row per row of the panel; its columns are the key.
    right : DataFrame
        The source, with the key and the values. Rows with a missing key match nothing.
    values : sequence of str
        Columns to join.
    name : str
        The source, for messages.

    Returns
    -------
    values : DataFrame, found : Series of bool
        In the order of keys, numbered from 0.

    Raises
    ------
    TightropeError
        The source lacks a column or has several rows for one key; the message names them.
    """
    key = list(keys.columns)
    check_columns(right, [*key, *values], name)
    usable = right.dropna(subset=key)
    check_unique(usable, key, name)
    merged = keys.merge(usable[[*key, *values]], on=key, how="left", validate="m:1", indicator="_found")
    if len(merged) != len(keys):
        raise TightropeError(f"{name}: the join changed the number of rows from {len(keys)} to {len(merged)}")
    return merged[list(values)], merged["_found"].eq("both")


def check_unique(frame: pd.DataFrame, key: Sequence[str], name: str) -> None:
    """Refuse a source with several rows for one key.

    Raises
    ------
    TightropeError
        Names the repeated keys.
    """
    repeated = frame.loc[frame.duplicated(list(key)), list(key)].drop_duplicates()
    if len(repeated):
        shown = name_some(" ".join(map(str, row)) for row in repeated.itertuples(index=False, name=None))
        raise TightropeError(f"{name}: several rows for one {', '.join(key)}: {shown}")


def check_columns(frame: pd.DataFrame, columns: Collection[str], name: str) -> None:
    """Refuse a source that lacks columns.

    Raises
    ------
    TightropeError
        Names the missing columns.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        found = ", ".join(map(str, frame.columns))
        raise TightropeError(f"{name}: has no column {', '.join(missing)}; its columns: {found}")


def attach(panel: pd.DataFrame, columns: Mapping[str, pd.Series]) -> pd.DataFrame:
    """A copy of the panel with further columns, row by row; its index stays.

    Raises
    ------
    TightropeError
        A column stands there already, or does not have one value per row.
    """
    standing = [column for column in columns if column in panel.columns]
    if standing:
        raise TightropeError(f"the panel already has {', '.join(standing)}; drop or rename it first")
    added = {}
    for column, values in columns.items():
        if len(values) != len(panel):
            raise TightropeError(f"{column}: {len(values)} values for {len(panel)} rows")
        added[column] = values.array
    return panel.assign(**added)


def covered_years(panel: pd.DataFrame, note: SourceNote, coverage: Coverage | None, years: pd.Series) -> pd.Series:
    """Which rows of a panel lie in the years that a source covers.

    Raises
    ------
    TightropeError
        The coverage is not known or ill-formed, or the source has rows outside it.
    """
    first, last = coverage if coverage is not None else (note.first, note.last)
    if first is None or last is None or first > last:
        raise TightropeError(f"{note.source}: coverage {coverage!r}; accepted: first and last year, as (1990, 2020)")
    outside = sorted(set(years.dropna().astype(int)) - set(range(first, last + 1)))
    if outside:
        raise TightropeError(
            f"{note.source}: has rows of {name_some(outside)}, outside its coverage {first}-{last}; "
            "give the coverage of this release as coverage=(first, last)"
        )
    return panel["year"].reset_index(drop=True).between(first, last).astype(bool)


@cache
def _numbers_by_year(system: str) -> pd.DataFrame:
    """The number of each state in each year; of several the one whose spell begins last."""
    spells = state_system(system)
    firsts, lasts = spells["start"].dt.year, spells["end"].dt.year.fillna(LAST_YEAR).astype(int)
    years = [range(first, last + 1) for first, last in zip(firsts, lasts, strict=True)]
    expanded = spells.assign(year=years)[["state", "code", "start", "year"]].explode("year", ignore_index=True)
    latest = expanded.sort_values("start").drop_duplicates(["state", "year"], keep="last")
    return latest[["state", "year", "code"]].astype({"year": "Int64", "code": "Int64"})


@cache
def _known_numbers(system: str) -> frozenset[int]:
    small = load("gw_microstates")["code"] if system == "gw" else ()
    return frozenset(map(int, [*state_system(system)["code"], *small]))


@cache
def _microstates() -> dict[str, int]:
    rows = load("gw_microstates")
    return {state: int(code) for code, state in zip(rows["code"], rows["state"], strict=True) if state}


def _current(codes: pd.Series) -> pd.Series:
    """Former codes of the same state as current ones; a code that is none of these stays and matches nothing."""
    renamed = {code: state_from_code(code) or code for code in codes.dropna().unique()}
    return codes.map(renamed).astype("str")
