"""Membership of intergovernmental organisations by state-year (Correlates of War), by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import UnknownNameError
from analysis.reference.relation_sources import source_note
from analysis.sources.relations.delimited import open_sheet
from analysis.sources.relations.sheet import Reading

NOTE = source_note("cow_igo")
MEMBERSHIP_CODES = {0: "none", 1: "full", 2: "associate", 3: "observer", -9: "unknown", -1: "not_in_system"}
_LAYOUTS = {"state-years": ("ccode", "year", "state", "un")}
_NOT_ORGANISATIONS = {"ccode", "year", "state", "statenme", "stateabb", "version"}


def read_igo_memberships(path: Path | str, organisations: Sequence[str] | None = None) -> Reading:
    """Membership of organisations, one row per state, year and organisation.

    Parameters
    ----------
    path : Path
        The state-year file (one column per organisation), plain or gzip.
    organisations : sequence of str, optional
        Short names of the organisations to read, as the file's columns name them (ecowas, uemoa,
        nato); all of them when not given.

    Returns
    -------
    Reading
        frame: ``cow_number``, ``year`` (Int64), ``organisation`` (category, the column's name in
        lower case), ``membership`` (category): none (0), full (1), associate (2), observer (3),
        unknown (-9), not_in_system (-1: the organisation did not exist in that year). These six
        stay apart. ``n_read`` and ``n_kept`` count state-years, the records of the file; a
        state-year with any other code is refused whole.

    Raises
    ------
    TightropeError
        The file is not one of these.
    UnknownNameError
        The file has no such organisation; lists near matches.
    """
    path = Path(path)
    sheet = open_sheet(path, "memberships of organisations (state-year)", _LAYOUTS, None)
    listed = [column for column in sheet.table.column_names if column and column not in _NOT_ORGANISATIONS]
    chosen = [name.lower() for name in organisations] if organisations is not None else listed
    for name in chosen:
        if name not in listed:
            raise UnknownNameError("organisation of the COW IGO data", name, listed)
    keys = pd.DataFrame({"cow_number": sheet.integers("ccode", 1, 999), "year": sheet.integers("year", 1800, 2100)})
    statuses = list(MEMBERSHIP_CODES.values())
    positions = np.empty((len(keys), len(chosen)), dtype=np.int8)
    for column, name in enumerate(chosen):
        words = sheet.coded(name, MEMBERSHIP_CODES)
        positions[:, column] = pd.Categorical(words, categories=statuses).codes
    reading = sheet.close(keys, key=("cow_number", "year"))
    kept = positions[sheet.standing]
    order = np.repeat(np.arange(len(kept)), len(chosen))
    frame = reading.frame.iloc[order].reset_index(drop=True)
    frame["organisation"] = pd.Categorical.from_codes(np.tile(np.arange(len(chosen)), len(kept)), categories=chosen)
    frame["membership"] = pd.Categorical.from_codes(kept.ravel(), categories=statuses)
    return Reading(frame, reading.rejects, reading.n_read, reading.n_kept)
