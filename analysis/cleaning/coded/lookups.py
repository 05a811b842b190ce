"""The reviewed code tables in the form in which raw rows are joined to them: one key, no key twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from analysis import reference
from analysis.sources.events.layout import EventLayout

LOOKUP_SCHEMAS: dict[str, dict[str, str]] = {
    "days": {"text": "string", "day": "date"},
    "places": {"code": "string", "state": "string"},
    "types": {"code": "string", "plover_type": "string", "quad_class": "string", "domain": "string"},
    "precisions": {"code": "string", "precision": "string"},
    "actors": {"code": "string", "actor": "string", "dated_code": "string"},
    "roles": {"code": "string", "role": "string"},
}
"""Columns and types of each lookup; those of actors and roles depend on the rows as well."""

FIRST_DAY = "1900-01-01"
_LAST_YEAR = 2100
# Spreadsheets count days from the end of 1899 and give this number to 1 January 1989, with which UCDP GED begins; as
# a count from 1970 it would be a day of 2059.
_FIRST_SHEET_NUMBER = 32_509
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class DatedCode:
    """A code that stands for a state only within some days; an empty bound is open."""

    code: str
    state: str
    first: str
    last: str


def create_lookups(layout: EventLayout) -> dict[str, pd.DataFrame]:
    """The tables that every row of a layout is joined to, by the names of :data:`LOOKUP_SCHEMAS`.

    Examples
    --------
    >>> from analysis.sources.events.gdelt import GDELT2
    >>> places = create_lookups(GDELT2)["places"].set_index("code")["state"]
    >>> places["TO"], places["NI"], places["NG"]
    ('TGO', 'NGA', 'NER')
    """
    frames = {
        "days": _days(layout.date_format),
        "places": _steady(layout.codes["place_state"]),
        "types": _types(layout),
        "precisions": _precisions(layout),
    }
    return {name: frame[list(LOOKUP_SCHEMAS[name])].reset_index(drop=True) for name, frame in frames.items()}


def dated_codes(system: str) -> list[DatedCode]:
    """The codes of a system whose meaning hangs on the day.

    Examples
    --------
    >>> [code for code in dated_codes("fips") if code.code == "UR"]
    [DatedCode(code='UR', state='SUN', first='', last='1991-12-25')]
    """
    table = codes_of(system)
    dated = table[table["code"].isin(_dated(table))]
    return [
        DatedCode(str(row.code), str(row.state), str(row.first), str(row.last)) for row in dated.itertuples(index=False)
    ]


def days_of_change(system: str) -> set[str]:
    """The days from which any code of a system has another meaning than on the day before.

    Examples
    --------
    >>> "1991-12-26" in days_of_change("fips")
    True
    """
    dated = dated_codes(system)
    after = {(pd.Timestamp(code.last) + pd.Timedelta(days=1)).strftime("%Y-%m-%d") for code in dated if code.last}
    return {code.first for code in dated if code.first} | after


def context_patterns() -> dict[str, str]:
    """For each domain, a pattern that finds any of its contexts in a list parted by semicolons.

    Examples
    --------
    >>> import re
    >>> bool(re.search(context_patterns()["military"], "economic; military"))
    True
    """
    contexts: dict[str, list[str]] = {}
    for row in reference.load("polecat_contexts").itertuples(index=False):
        if row.domain:
            contexts.setdefault(str(row.domain), []).append(re.escape(str(row.context)))
    return {domain: f"(^|;) *({'|'.join(listed)}) *(;|$)" for domain, listed in contexts.items()}


@cache
def codes_of(system: str) -> pd.DataFrame:
    """Every code of a system with its state and the first and last day on which it means it."""
    columns = ["code", "state", "first", "last"]
    if system == "iso3":
        states = reference.load("states")["iso3"]
        return pd.DataFrame({"code": states, "state": states, "first": "", "last": ""})
    if system in ("gw", "cow"):
        spells = reference.load("state_systems")
        spells = spells[spells["system"] == system]
        # One state under a number for good needs no days: an event just outside its membership is still its own. A
        # state that is no more has a last day.
        numbers = spells.groupby("code")
        lone = numbers["state"].transform("nunique") == 1
        is_state = spells["state"].isin(reference.load("states")["iso3"])
        last = spells["end"].where(~lone, numbers["end"].transform("max").where(~is_state, ""))
        spells = spells.assign(first=spells["start"].where(~lone, ""), last=last)
        return spells[columns].drop_duplicates(ignore_index=True)
    table = reference.load("state_codes")
    table = table[table["system"] == system].rename(columns={"valid_from": "first", "valid_to": "last"})
    return table[columns].reset_index(drop=True)


def _dated(table: pd.DataFrame) -> set[str]:
    return set(table.loc[(table["first"] != "") | (table["last"] != ""), "code"])


def _steady(system: str) -> pd.DataFrame:
    """The codes of a system that mean one state at all times."""
    table = codes_of(system)
    return table[~table["code"].isin(_dated(table)) & (table["state"] != "")][["code", "state"]]


@cache
def known_codes(system: str) -> frozenset[str]:
    """Every code of a system, those that stand for no state included."""
    return frozenset(codes_of(system)["code"])


def _precisions(layout: EventLayout) -> pd.DataFrame:
    rows = reference.load("date_precisions")
    return rows[rows["source"] == layout.codes.get("event_type", "")]


def _types(layout: EventLayout) -> pd.DataFrame:
    if "cameo_code" in layout.reads:
        return reference.load("cameo").rename(columns={"cameo_code": "code"}).replace("", None)
    types = reference.load("event_types")
    return types[types["source"] == layout.codes["event_type"]].assign(domain=None).replace("", None)


@cache
def _days(date_format: str) -> pd.DataFrame:
    """Every day of two centuries as the layout writes it; what is not among them is no day."""
    days = np.arange(np.datetime64(FIRST_DAY), np.datetime64(f"{_LAST_YEAR + 1}-01-01"))
    iso = pd.Series(np.datetime_as_string(days), dtype="str")
    if date_format == "%Y-%m-%d":
        return pd.DataFrame({"text": iso, "day": days})
    year, month, day = (iso.str[part] for part in (slice(4), slice(5, 7), slice(8, 10)))
    if date_format == "%Y%m%d":
        return pd.DataFrame({"text": year + month + day, "day": days})
    # "30 June 2022" in the months' English names, whatever the locale, and days since 1970 as far as they can be told
    # from the numbers of a spreadsheet.
    names = month.map({f"{number:02d}": name for number, name in enumerate(_MONTHS, start=1)})
    spelled = day + " " + names + " " + year
    since_1970 = days.astype(np.int64)
    is_counted = since_1970 < _FIRST_SHEET_NUMBER
    counted = pd.Series(since_1970[is_counted]).astype(str)
    return pd.DataFrame({"text": pd.concat([iso, spelled, counted]), "day": [*days, *days, *days[is_counted]]})
