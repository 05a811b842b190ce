"""Alliances and memberships of organisations, joined to a panel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import UnknownNameError
from analysis.panel.joins import (
    Coverage,
    Kind,
    attach,
    check_columns,
    check_source_codes,
    check_unique,
    codes_in,
    covered_years,
    kind_of,
    look_up,
)
from analysis.reference.relation_sources import source_note

OBLIGATIONS = ("has_defense", "has_offense", "has_neutrality", "has_nonaggression", "has_consultation")
STATUSES = ("none", "full", "associate", "observer", "unknown", "not_in_system")
COLUMNS: dict[str, tuple[str, ...]] = {
    r"atop_(defense|offense|neutrality|nonaggression|consultation)(_a_to_b|_b_to_a)?": ("atop",),
    r"igo_\w+": ("cow_igo",),
}


def add_alliances(
    panel: pd.DataFrame, alliances: pd.DataFrame, *, directed: bool = False, coverage: Coverage | None = None
) -> pd.DataFrame:
    """Add the obligations of alliances between the two states of each dyad-year.

    Parameters
    ----------
    panel : DataFrame
        Dyad-years.
    alliances : DataFrame
        From ``read_atop_dyad_years``: cow_number_a, cow_number_b, year and the five obligations.
    directed : bool
        Whether to keep what a owes b and what b owes a apart. Otherwise an obligation of either counts.
    coverage : (int, int), optional
        First and last year that the release covers; 1815 to 2018 (ATOP 5.1) when not given.

    Returns
    -------
    DataFrame
        The panel with ``atop_defense``, ``atop_offense``, ``atop_neutrality``, ``atop_nonaggression``,
        ``atop_consultation`` (boolean), directed with ``_a_to_b`` and ``_b_to_a`` each. False where the
        source has no row for the pair in a year it covers, for that means no alliance; missing
        outside its coverage, and for states that Correlates of War does not count.

    Raises
    ------
    TightropeError
        The panel has other rows or these columns already, or a pair stands twice in the source.

    Examples
    --------
    >>> from analysis.panel import create_dyad_years
    >>> pact = dict.fromkeys(OBLIGATIONS, False) | {"has_consultation": True}
    >>> pacts = pd.DataFrame([{"cow_number_a": 220, "cow_number_b": 461, "year": 1990} | pact])
    >>> years = create_dyad_years(1990, 1990).query("state_a == 'FRA' and state_b in ['TGO', 'BEN']")
    >>> add_alliances(years, pacts)[["state_b", "atop_defense", "atop_consultation"]].to_string(index=False).split()[3:]
    ['BEN', 'False', 'False', 'TGO', 'False', 'True']
    """
    kind = kind_of(panel, dyadic=True)
    note = source_note("atop")
    check_columns(alliances, ["cow_number_a", "cow_number_b", "year", *OBLIGATIONS], "alliances")
    a, b = (codes_in(panel, kind, side, "cow") for side in kind.sides)
    right = alliances.assign(
        cow_number_a=check_source_codes(alliances["cow_number_a"], "cow", "alliances"),
        cow_number_b=check_source_codes(alliances["cow_number_b"], "cow", "alliances"),
        year=alliances["year"].astype("Int64"),
    )
    is_covered = covered_years(panel, note, coverage, right["year"]) & a.notna() & b.notna()
    ways = {"_a_to_b": (a, b), "_b_to_a": (b, a)}
    found = {way: _obligations(panel, right, *pair, is_covered) for way, pair in ways.items()}
    columns: dict[str, pd.Series] = {}
    for obligation in OBLIGATIONS:
        name = obligation.replace("has_", "atop_")
        if directed:
            columns |= {f"{name}{way}": values[obligation] for way, values in found.items()}
        else:
            columns[name] = found["_a_to_b"][obligation] | found["_b_to_a"][obligation]
    return attach(panel, columns)


def _obligations(
    panel: pd.DataFrame, right: pd.DataFrame, a: pd.Series, b: pd.Series, is_covered: pd.Series
) -> pd.DataFrame:
    keys = pd.DataFrame({"cow_number_a": a, "cow_number_b": b, "year": panel["year"].reset_index(drop=True)})
    values, is_found = look_up(keys, right, OBLIGATIONS, "alliances")
    return values.astype("boolean").where(is_found, other=False).where(is_covered)


def add_memberships(
    panel: pd.DataFrame,
    memberships: pd.DataFrame,
    organisations: Sequence[str] = (),
    *,
    counted: Sequence[str] = ("full",),
    count: bool = True,
) -> pd.DataFrame:
    """Add membership of named organisations, and how many organisations two states share.

    Parameters
    ----------
    panel : DataFrame
        State-years or dyad-years.
    memberships : DataFrame
        From ``read_igo_memberships``: cow_number, year, organisation, membership.
    organisations : sequence of str
        Organisations to name, as the source does (ecowas).
    counted : sequence of str
        Which memberships count as shared; full ones when not given.
    count : bool
        Whether to add the counts.

    Returns
    -------
    DataFrame
        The panel with ``igo_<organisation>`` (``_a`` and ``_b`` for dyads): full, associate, observer,
        none, or not_in_system where the organisation did not exist; missing where the source does not know
        or has no row for the state-year. And with the counts, over the organisations in ``memberships``:
        ``igo_n`` for state-years, ``igo_n_shared`` for dyads (Int64), and beside it ``igo_n_unknown`` or
        ``igo_n_shared_unknown``: how many more it would be if every membership that the source
        does not know stood. A count is missing where a state has no row in that year.

    Raises
    ------
    UnknownNameError
        An organisation or a kind of membership is not among those of the source.
    TightropeError
        The panel has these columns already, or a state-year stands twice for one organisation.
    """
    kind = kind_of(panel)
    check_columns(memberships, ["cow_number", "year", "organisation", "membership"], "memberships")
    for status in counted:
        if status not in STATUSES:
            raise UnknownNameError("kind of membership", status, STATUSES)
    listed = list(pd.unique(memberships["organisation"].astype("str"))) if len(memberships) else []
    for name in organisations:
        if name not in listed:
            raise UnknownNameError("organisation", name, listed)
    check_unique(memberships, ["cow_number", "year", "organisation"], "memberships")
    right = memberships.assign(
        cow_number=check_source_codes(memberships["cow_number"], "cow", "memberships"),
        year=memberships["year"].astype("Int64"),
    )
    columns: dict[str, pd.Series] = {}
    for name in organisations:
        one = right[right["organisation"] == name]
        for side in kind.sides:
            values, _ = look_up(_keys(panel, kind, side), one, ["membership"], "memberships")
            statuses = values["membership"].astype("str")
            columns[f"igo_{name}{side}"] = statuses.where(statuses != "unknown")
    if count:
        columns |= _counts(panel, kind, right, list(counted))
    return attach(panel, columns)


def _keys(panel: pd.DataFrame, kind: Kind, side: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"cow_number": codes_in(panel, kind, side, "cow"), "year": panel["year"].reset_index(drop=True).astype("Int64")}
    )


def _counts(panel: pd.DataFrame, kind: Kind, right: pd.DataFrame, counted: list[str]) -> dict[str, pd.Series]:
    usable = right.dropna(subset=["cow_number", "year"])
    state_years = usable[["cow_number", "year"]].drop_duplicates(ignore_index=True)
    state_years["place"] = np.arange(len(state_years))
    organisations = usable["organisation"].astype("category").cat.codes.to_numpy()
    places = usable[["cow_number", "year"]].merge(state_years, on=["cow_number", "year"])["place"].to_numpy()
    shape = (len(state_years) + 1, int(organisations.max(initial=-1)) + 1)
    member, possible = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    is_member = usable["membership"].isin(counted).to_numpy()
    member[places, organisations] = is_member
    possible[places, organisations] = is_member | usable["membership"].eq("unknown").to_numpy()
    rows = [look_up(_keys(panel, kind, side), state_years, ["place"], "memberships")[0]["place"] for side in kind.sides]
    is_known = pd.concat([row.notna() for row in rows], axis=1).all(axis=1)
    sides = [row.where(is_known).fillna(len(state_years)).astype(int).to_numpy() for row in rows]
    sure, most = (_shared(table, sides) for table in (member, possible))
    names = ("igo_n_shared", "igo_n_shared_unknown") if kind.is_dyadic else ("igo_n", "igo_n_unknown")
    return {
        name: pd.Series(values, dtype="Int64").where(is_known)
        for name, values in zip(names, (sure, most - sure), strict=True)
    }


def _shared(table: NDArray[np.bool_], sides: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """How many organisations hold for every side, counted in blocks so that memory stays small."""
    counts = np.zeros(len(sides[0]), dtype=np.int64)
    for start in range(0, len(counts), 50_000):
        block = slice(start, start + 50_000)
        counts[block] = np.logical_and.reduce([table[side[block]] for side in sides]).sum(axis=1)
    return counts
