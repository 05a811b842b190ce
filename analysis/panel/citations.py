"""What a frame was built from: the citations of the sources behind its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from analysis.errors import UnknownNameError
from analysis.panel import alliances, events, flows, votes, years
from analysis.reference.relation_sources import source_names, source_note

COLUMNS: dict[str, tuple[str, ...]] = {
    pattern: sources
    for module in (years, alliances, votes, flows, events)
    for pattern, sources in module.COLUMNS.items()
}
_NOTED = ("source", "name", "version", "first", "last", "citation", "licence", "missing")
# pandas marks a column that stood in both sides of a merge.
_MARK = r"(_x|_y)?"
_SYSTEMS = {"cow": ("cow_states",), "gw": ("gw_states",), "cow and gw": ("cow_states", "gw_states")}


def cite(what: pd.DataFrame | Iterable[str]) -> pd.DataFrame:
    """The citations of everything that a frame, or some columns, were built from.

    Nothing is remembered beside the frame: a column's name says which source it comes from, so the answer is the
    same after a merge, a concatenation or a round trip through a file. A renamed column is not recognised.

    Parameters
    ----------
    what : DataFrame, or iterable of str
        A panel with any columns, or names of columns or of sources.

    Returns
    -------
    DataFrame
        One row per source, in a fixed order: ``source, name, version, first, last, citation, licence,
        missing, columns`` (the columns that rest on it, separated by commas). The state systems behind the codes of
        a source are among them, for codes are converted through them.

    Raises
    ------
    UnknownNameError
        A given name is neither a column of a panel nor a source; of a frame other columns are passed over.

    Examples
    --------
    >>> cite(["atop_defense", "trade_baci_a_to_b_musd"])["source"].tolist()
    ['atop', 'baci', 'cow_states']
    """
    names = [str(column) for column in what.columns] if isinstance(what, pd.DataFrame) else list(what)
    columns: dict[str, list[str]] = {}
    for name in names:
        sources = _sources(name)
        if not sources and not isinstance(what, pd.DataFrame):
            raise UnknownNameError("column of a panel, or source", name, source_names())
        for source in sources:
            columns.setdefault(source, []).append(name)
    has_numbers = "cow_states" in columns or "gw_states" in columns
    for source in list(columns):
        systems = _SYSTEMS.get(source_note(source).system, ())
        if source == "iso_states" and not has_numbers:
            systems = ("cow_states", "gw_states")
        for system in systems:
            columns.setdefault(system, [])
    rows = []
    for source in source_names():
        if source in columns:
            note = source_note(source)
            rows.append(
                {name: getattr(note, name) for name in _NOTED} | {"columns": ", ".join(columns[source])},
            )
    named = [*_NOTED, "columns"]
    return pd.DataFrame(rows, columns=named).astype(dict.fromkeys(named, "str") | {"first": "Int64", "last": "Int64"})


def _sources(name: str) -> tuple[str, ...]:
    if name in source_names():
        return (name,)
    return next((sources for pattern, sources in COLUMNS.items() if re.fullmatch(pattern + _MARK, name)), ())
