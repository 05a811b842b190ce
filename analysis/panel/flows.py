"""Trade and arms transfers, joined to a panel."""

from __future__ import annotations

import pandas as pd

from analysis.errors import TightropeError
from analysis.measures.checks import name_some
from analysis.panel.joins import (
    Coverage,
    attach,
    check_columns,
    check_source_codes,
    check_unique,
    codes_in,
    covered_years,
    kind_of,
    look_up,
    numbers_at,
)
from analysis.reference.arms_names import state_from_arms_name
from analysis.reference.relation_sources import source_note

COLUMNS: dict[str, tuple[str, ...]] = {
    r"trade_cow_(a_to_b|b_to_a)_musd": ("cow_trade",),
    r"(imports|exports)_cow_musd": ("cow_trade",),
    r"trade_baci_(a_to_b|b_to_a)_musd": ("baci",),
    r"arms_(a_to_b|b_to_a)_tiv_millions": ("sipri_arms",),
}
_LAYOUTS = {
    "cow_dyads": ("cow_number_a", "cow_number_b", "imports_a_musd", "imports_b_musd"),
    "cow_states": ("cow_number", "imports_musd", "exports_musd"),
    "baci": ("exporter_code", "importer_code", "trade_musd"),
}


def add_trade(panel: pd.DataFrame, trade: pd.DataFrame) -> pd.DataFrame:
    """Add trade in million current US dollars; the source is known by its columns and stands in the new names.

    Parameters
    ----------
    panel : DataFrame
        Dyad-years for ``read_cow_trade_dyads`` and ``read_baci``, state-years for ``read_cow_trade_states``.
    trade : DataFrame
        From one of these readers. Two sources are two columns and never averaged.

    Returns
    -------
    DataFrame
        The panel with ``trade_cow_a_to_b_musd`` and ``trade_cow_b_to_a_musd`` (goods from a to b as b's
        imports, and the other way), ``trade_baci_a_to_b_musd`` and ``trade_baci_b_to_a_musd``, or
        ``imports_cow_musd`` and ``exports_cow_musd``. Zero only where the source says zero; a
        pair without a row, and a value of -9, are not known.

    Raises
    ------
    TightropeError
        The frame is none of these, the panel is of the other kind or has the columns already, or a pair
        stands twice.

    Examples
    --------
    >>> from analysis.panel import create_dyad_years
    >>> flows = {"cow_number_a": [220], "cow_number_b": [461], "year": [2014]}
    >>> trade = pd.DataFrame(flows | {"imports_a_musd": [None], "imports_b_musd": [525.0]})
    >>> pair = create_dyad_years(2014, 2014).query("state_a == 'FRA' and state_b == 'TGO'")
    >>> add_trade(pair, trade).iloc[0, -2:].tolist()
    [525.0, nan]
    """
    layout = next((name for name, needed in _LAYOUTS.items() if {*needed, "year"} <= set(trade.columns)), None)
    if layout is None:
        accepted = "; or ".join(", ".join(needed) for needed in _LAYOUTS.values())
        raise TightropeError(f"trade: its columns are those of no source of trade; accepted, with year: {accepted}")
    if layout == "cow_states":
        return _add_national(panel, trade)
    if layout == "baci":
        ends = ("exporter_code", "importer_code")
        return _add_directed(panel, trade, ends, "iso3", "trade_musd", "trade_baci_{}_musd")
    check_unique(_pairs(trade), ["a", "b", "year"], "trade")
    sides = ["cow_number_a", "cow_number_b"]
    to_a = trade.rename(columns={sides[0]: "to", sides[1]: "from", "imports_a_musd": "value"})
    to_b = trade.rename(columns={sides[1]: "to", sides[0]: "from", "imports_b_musd": "value"})
    both = pd.concat([frame[["from", "to", "year", "value"]] for frame in (to_a, to_b)], ignore_index=True)
    return _add_directed(panel, both, ("from", "to"), "cow", "value", "trade_cow_{}_musd")


def _add_national(panel: pd.DataFrame, trade: pd.DataFrame) -> pd.DataFrame:
    kind = kind_of(panel, dyadic=False)
    right = trade.assign(
        cow_number=check_source_codes(trade["cow_number"], "cow", "trade"), year=trade["year"].astype("Int64")
    )
    years = panel["year"].reset_index(drop=True).astype("Int64")
    keys = pd.DataFrame({"cow_number": codes_in(panel, kind, "", "cow"), "year": years})
    values, _ = look_up(keys, right, ["imports_musd", "exports_musd"], "trade")
    return attach(panel, {"imports_cow_musd": values["imports_musd"], "exports_cow_musd": values["exports_musd"]})


def _pairs(trade: pd.DataFrame) -> pd.DataFrame:
    """The pair of each row with its lower number first: COW has each pair once."""
    numbers = trade[["cow_number_a", "cow_number_b"]]
    return pd.DataFrame({"a": numbers.min(axis=1), "b": numbers.max(axis=1), "year": trade["year"]})


def _add_directed(
    panel: pd.DataFrame, flows: pd.DataFrame, ends: tuple[str, str], codes: str, value: str, pattern: str
) -> pd.DataFrame:
    kind = kind_of(panel, dyadic=True)
    right = _directed(flows, ends, codes, "trade").rename(columns={value: "value"})
    both = {side: codes_in(panel, kind, side, codes) for side in kind.sides}
    found = _both_ways(panel, kind.sides, both, right, "trade")
    return attach(panel, {pattern.format(way): values for way, (values, _) in found.items()})


def _directed(flows: pd.DataFrame, ends: tuple[str, str], codes: str, name: str) -> pd.DataFrame:
    source, target = (check_source_codes(flows[column], codes, name) for column in ends)
    return flows.assign(source=source, target=target, year=flows["year"].astype("Int64"))


def _both_ways(
    panel: pd.DataFrame, sides: tuple[str, ...], codes: dict[str, pd.Series], right: pd.DataFrame, name: str
) -> dict[str, tuple[pd.Series, pd.Series]]:
    """The value from a to b and from b to a, and whether the source has a row for it."""
    years = panel["year"].reset_index(drop=True).astype("Int64")
    a, b = (codes[side] for side in sides)
    found = {}
    for way, (source, target) in {"a_to_b": (a, b), "b_to_a": (b, a)}.items():
        keys = pd.DataFrame({"source": source, "target": target, "year": years})
        values, is_found = look_up(keys, right, ["value"], name)
        found[way] = values["value"].astype("float64"), is_found
    return found


def add_arms(panel: pd.DataFrame, arms: pd.DataFrame, *, coverage: Coverage | None = None) -> pd.DataFrame:
    """Add arms transfers between the two states of each dyad-year, in millions of SIPRI's trend-indicator value.

    Parameters
    ----------
    panel : DataFrame
        Dyad-years.
    arms : DataFrame
        From ``read_arms_dyads`` or ``read_arms_table`` (of one or several suppliers or recipients, put together).
    coverage : (int, int), optional
        First and last year that the source covers; 1970 to 2014 (the compiled dyad-years) when not given.

    Returns
    -------
    DataFrame
        The panel with ``arms_a_to_b_tiv_millions`` and ``arms_b_to_a_tiv_millions``. In a covered year a pair
        without a row is zero where the source lists the one as a supplier and the other as a recipient in that
        year, for it has no transfer to report then; otherwise it is missing.

    Raises
    ------
    UnknownNameError
        A name in the source stands for no state and is not known as anything else; lists near matches.
    TightropeError
        The panel is of state-years or has the columns already, a pair stands twice, the values are with all
        the world, or the source has years outside the coverage.
    """
    kind = kind_of(panel, dyadic=True)
    note = source_note("sipri_arms")
    right = _coded_arms(arms).rename(columns={"tiv_millions": "value"})
    is_covered = covered_years(panel, note, coverage, right["year"])
    both = {side: codes_in(panel, kind, side, "cow") for side in kind.sides}
    years = panel["year"].reset_index(drop=True).astype("Int64")
    columns = {}
    found = _both_ways(panel, kind.sides, both, right, "arms")
    for (way, (values, is_found)), (source, target) in zip(found.items(), (("_a", "_b"), ("_b", "_a")), strict=True):
        is_listed = _stands(both[source], years, right, "source") & _stands(both[target], years, right, "target")
        is_known = is_covered & (is_found | is_listed)
        columns[f"arms_{way}_tiv_millions"] = values.where(is_found, other=0.0).where(is_known)
    return attach(panel, columns)


def _stands(codes: pd.Series, years: pd.Series, right: pd.DataFrame, end: str) -> pd.Series:
    listed = right[[end, "year"]].dropna().drop_duplicates()
    return look_up(pd.DataFrame({end: codes, "year": years}), listed, [], "arms")[1]


def _coded_arms(arms: pd.DataFrame) -> pd.DataFrame:
    """The transfers by COW number: the source's own, or that of the state its name stands for, in that year.

    Two names may share a number in the year in which one state takes over from another (North Yemen and Yemen in
    1990); their transfers are added.
    """
    names, numbers = (
        tuple(f"{end}_{column}" for end in ("supplier", "recipient")) for column in ("name", "cow_number")
    )
    check_columns(arms, [*names, *numbers, "year", "tiv_millions"], "arms")
    if arms[list(numbers)].notna().all(axis=None):
        return _directed(arms, (numbers[0], numbers[1]), "cow", "arms")
    if arms[list(numbers)].notna().any(axis=None):
        raise TightropeError("arms: some rows have numbers and some have names only; join them one after the other")
    everyone = arms[arms[list(names)].isna().any(axis=1)]
    if len(everyone):
        shown = name_some(everyone[list(names)].bfill(axis=1).iloc[:, 0].drop_duplicates())
        raise TightropeError(f"arms: the values of {shown} are with all the world; dyads need both sides")
    check_unique(arms, [*names, "year"], "arms")
    rows = pd.DataFrame({"year": arms["year"].astype("Int64"), "tiv_millions": arms["tiv_millions"]})
    for end, name in zip(("source", "target"), names, strict=True):
        states = arms[name].map({text: state_from_arms_name(text) for text in arms[name].unique()}).astype("str")
        rows[end] = numbers_at(states, rows["year"], "cow")
    return rows.groupby(["source", "target", "year"], as_index=False)["tiv_millions"].sum()
