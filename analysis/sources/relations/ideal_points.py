"""Ideal points of states estimated from their UN votes (Bailey, Strezhnev and Voeten)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.reference.relation_sources import source_note
from analysis.sources.relations.delimited import open_sheet
from analysis.sources.relations.sheet import Reading

NOTE = source_note("ideal_points")
FIRST_SESSION_YEAR = 1945
_COLUMNS = {
    "one estimate": {"point": "idealpoint", "low": "q5%", "high": "q95%", "votes": "nvotes"},
    "several estimates": {"point": "idealpointall", "low": "q5%all", "high": "q95%all", "votes": "nvotesall"},
}


def read_ideal_points(path: Path | str) -> Reading:
    """Ideal points, one row per state and session.

    Parameters
    ----------
    path : Path
        The estimates as CSV, with one estimate (IdealPoint) or several (IdealPointAll is taken).

    Returns
    -------
    Reading
        frame: ``cow_number``, ``session`` (Int64), ``year`` (Int64, session + 1945, in which the session
        opens), ``ideal_point``, ``ideal_point_low``, ``ideal_point_high`` (float64, standard
        deviations on the first dimension, larger is closer to the United States' side; the bounds of the
        90 % interval), ``n_votes`` (Int64), ``state_name`` (str, as the file writes it).

    Raises
    ------
    TightropeError
        The file is not one of these.
    """
    path = Path(path)
    layouts = {name: ("ccode", "session", *columns.values()) for name, columns in _COLUMNS.items()}
    sheet = open_sheet(path, "ideal points", layouts, ["countryname"])
    columns = _COLUMNS[sheet.layout]
    session = sheet.integers("session", 1, 200)
    names = sheet.texts("countryname") if sheet.has("countryname") else pd.Series([None] * len(session), dtype="str")
    frame = pd.DataFrame(
        {
            "cow_number": sheet.integers("ccode", 1, 999),
            "session": session,
            "year": session + FIRST_SESSION_YEAR,
            "ideal_point": sheet.numbers(columns["point"]),
            "ideal_point_low": sheet.numbers(columns["low"], required=False),
            "ideal_point_high": sheet.numbers(columns["high"], required=False),
            "n_votes": sheet.integers(columns["votes"], 0, required=False),
            "state_name": names,
        }
    )
    return sheet.close(frame, key=("cow_number", "session"))
