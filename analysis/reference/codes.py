"""The codes of event sources in Python: states across systems and dates, and Goldstein scores."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from analysis.errors import TightropeError, UnknownNameError
from analysis.reference import load
from analysis.reference.coded_actors import ActorParts, leading_role, split_cameo_actor
from analysis.reference.names import AmbiguousNameError

__all__ = ["CODE_TABLES", "ActorParts", "code_table", "convert_state", "goldstein", "leading_role", "split_cameo_actor"]

CODE_TABLES = ("actor_groups", "actor_roles", "cameo", "event_types", "polecat_contexts", "state_codes")
"""The reviewed tables behind this module."""


@dataclass(frozen=True)
class _Meaning:
    """What one code stands for from one day to another, both inside; an empty bound is open."""

    value: str
    first: str
    last: str

    def holds(self, day: str) -> bool:
        return self.first <= day and (not self.last or day <= self.last)

    @property
    def days(self) -> str:
        if not self.last:
            return f"from {self.first}" if self.first else "at all times"
        return f"from {self.first} to {self.last}" if self.first else f"until {self.last}"


def convert_state(
    code: str, source_system: str, target_system: str = "iso3", on: date | str | None = None
) -> str | None:
    """A state's code in one system, in another system.

    Parameters
    ----------
    code : str
        As the source writes it, capitals and all; numbers as text.
    source_system, target_system : str
        ``iso3`` (our actor codes: ISO 3166 alpha-3, and its former codes such as SUN), ``iso2``,
        ``iso_numeric`` (without leading zeros), ``fips``, ``cameo``, ``cow``, ``gw``, or the names
        of a source: ``icews_name``, ``acled_name``, ``ucdp_name``.
    on : date or ISO date, optional
        The day on which the code was used. Without it the code must have had one meaning ever,
        and is given as the code of the target system that is still in use.

    Returns
    -------
    str or None
        None where the code is known and stands for no state (a region, a sea), or the state has
        no code in the target system.

    Raises
    ------
    UnknownNameError
        The system or the code is not known; lists near matches.
    AmbiguousNameError
        Several meanings hold, or no day was given to choose one.
    TightropeError
        The code stood for a state on other days only; says when.

    Examples
    --------
    >>> convert_state("TO", "fips"), convert_state("TO", "iso2"), convert_state("WAF", "cameo")
    ('TGO', 'TON', None)
    >>> convert_state("365", "gw", on="1985-06-30"), convert_state("Nigeria", "ucdp_name", "cow")
    ('SUN', '475')
    >>> convert_state("UR", "fips", on="2000-01-01")
    Traceback (most recent call last):
        ...
    analysis.errors.TightropeError: fips code 'UR' stood for SUN until 1991-12-25, not on 2000-01-01
    """
    day = None if on is None else _iso_day(on)
    for system in (source_system, target_system):
        if system not in _systems():
            raise UnknownNameError("code system", system, _systems())
    states = _meanings(source_system)
    if code not in states:
        raise UnknownNameError(f"{source_system} code", code, states)
    state = _choose(f"{source_system} code", code, states[code], day)
    if not state or target_system == "iso3":
        return state or None
    held = _codes_of_states(target_system).get(state, ())
    if day is None:
        held = tuple(code for code in held if not code.last) or held
    return _choose(f"{target_system} code of", state, held, day) if held else None


def goldstein(cameo_code: str, source: str) -> float | None:
    """The Goldstein score that a source gives a CAMEO code.

    Parameters
    ----------
    cameo_code : str
        With its leading zero: ``020`` is an appeal, ``20`` the heading of mass violence.
    source : {"gdelt", "icews"}
        The scales differ at 016, 022, 164 and 165.

    Returns
    -------
    float or None
        Goldstein points from -10 to 10; None where the source publishes no score.

    Raises
    ------
    UnknownNameError
        There is no such source or code.

    Examples
    --------
    >>> goldstein("016", "gdelt"), goldstein("016", "icews"), goldstein("1214", "icews")
    (-2.0, -5.0, None)
    """
    scales = {column.removeprefix("goldstein_"): column for column in load("cameo") if column.startswith("goldstein_")}
    if source not in scales:
        raise UnknownNameError("source of Goldstein scores", source, scales)
    scores = _scores(scales[source])
    if cameo_code not in scores:
        raise UnknownNameError("CAMEO code", cameo_code, scores)
    return scores[cameo_code]


def code_table(name: str) -> pd.DataFrame:
    """One of the reviewed code tables, typed.

    Parameters
    ----------
    name : str
        One of :data:`CODE_TABLES`.

    Returns
    -------
    DataFrame
        As the file, described in analysis/reference/README.md: text with "" for none, but for
        goldstein_gdelt and goldstein_icews (float64, missing where none is published) and rank
        (int64).

    Raises
    ------
    UnknownNameError
        There is no such code table.

    Examples
    --------
    >>> int(code_table("cameo")["goldstein_gdelt"].isna().sum())
    3
    """
    if name not in CODE_TABLES:
        raise UnknownNameError("code table", name, CODE_TABLES)
    table = load(name)
    scores = [column for column in table if column.startswith("goldstein_")]
    typed = {column: pd.to_numeric(table[column]).astype("float64") for column in scores}
    if "rank" in table:
        typed["rank"] = table["rank"].astype("int64")
    return table.assign(**typed)


def _iso_day(on: date | str) -> str:
    try:
        return pd.Timestamp(on).strftime("%Y-%m-%d")
    except (ValueError, TypeError) as error:
        raise TightropeError(f"not a day: {on!r}; accepted: a date or text as 1990-10-03") from error


def _choose(kind: str, name: str, meanings: Iterable[_Meaning], day: str | None) -> str:
    held = [meaning for meaning in meanings if day is None or meaning.holds(day)]
    if not held:
        spells = " and ".join(f"{meaning.value or 'no state'} {meaning.days}" for meaning in meanings)
        raise TightropeError(f"{kind} {name!r} stood for {spells}, not on {day}")
    found = {meaning.value: meaning.days for meaning in held}
    if len(found) > 1:
        raise AmbiguousNameError(kind, name, found)
    return next(iter(found))


@cache
def _systems() -> tuple[str, ...]:
    return ("iso3", "cow", "gw", *load("state_codes")["system"].unique())


@cache
def _meanings(system: str) -> dict[str, tuple[_Meaning, ...]]:
    """Every code of a system with its states."""
    meanings: dict[str, tuple[_Meaning, ...]] = {}
    for code, state, first, last in _rows(system).itertuples(index=False, name=None):
        meanings[code] = (*meanings.get(code, ()), _Meaning(state, first, last))
    return meanings


@cache
def _codes_of_states(system: str) -> dict[str, tuple[_Meaning, ...]]:
    """Every state with its codes in a system."""
    codes: dict[str, tuple[_Meaning, ...]] = {}
    for code, meanings in _meanings(system).items():
        for meaning in meanings:
            codes[meaning.value] = (*codes.get(meaning.value, ()), _Meaning(code, meaning.first, meaning.last))
    return codes


def _rows(system: str) -> pd.DataFrame:
    columns = ["code", "state", "first", "last"]
    if system == "iso3":
        current = load("states")["iso3"]
        former = load("former_codes")
        own = pd.DataFrame({"code": current, "state": current})
        return pd.concat([own, former[["code", "state"]]]).assign(first="", last="")[columns]
    if system in ("cow", "gw"):
        table = load("state_systems").rename(columns={"start": "first", "end": "last"})
    else:
        table = load("state_codes").rename(columns={"valid_from": "first", "valid_to": "last"})
    return table.loc[table["system"] == system, columns]


@cache
def _scores(column: str) -> dict[str, float | None]:
    table = load("cameo")
    return {
        code: float(score) if score else None for code, score in zip(table["cameo_code"], table[column], strict=True)
    }
