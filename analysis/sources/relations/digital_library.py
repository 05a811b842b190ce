"""Votes in the General Assembly from the export of the UN Digital Library."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from analysis.reference.relation_sources import source_note
from analysis.reference.state_systems import number_of, state_from_code
from analysis.sources.relations.delimited import open_sheet
from analysis.sources.relations.sheet import Reading

NOTE = source_note("un_digital_library")
VOTE_LETTERS = {"Y": "yes", "N": "no", "A": "abstain", "X": "absent"}
_LAYOUTS = {"one row per vote": ("undl_id", "ms_code", "ms_vote", "date", "session")}


def read_digital_library_votes(path: Path | str) -> Reading:
    """Votes in the General Assembly on adopted resolutions, one row per resolution and member state.

    The columns are those of :func:`~analysis.sources.relations.un_votes.read_un_votes`, so either may feed the
    measures of similarity; roll calls of the two carry different identifiers.

    Parameters
    ----------
    path : Path
        The export with one row per member state and resolution (undl_id, ms_code, ms_vote, date, session, ...).

    Returns
    -------
    Reading
        frame: ``roll_call_id`` (str, the library's undl_id), ``session`` (Int64; missing for
        special and emergency sessions, which have no number of their own), ``date``
        (datetime64[ns]), ``cow_number`` (Int64, the number of the member on that day or, before and
        after its membership of the state system, the nearest one), ``vote`` (str: yes, no, abstain,
        absent). The library has one letter for every member that did not vote: it is absent here.

    Raises
    ------
    TightropeError
        The file is not one of these.
    """
    path = Path(path)
    sheet = open_sheet(path, "General Assembly votes (UN Digital Library)", _LAYOUTS)
    codes = sheet.texts("ms_code", required=True)
    dates = sheet.dates("date", ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"))
    sheet.refuse(dates.isna(), lambda _: "date is empty")
    letters = sheet.texts("ms_vote", required=True).str.upper()
    sheet.refuse(
        letters.notna() & ~letters.isin(VOTE_LETTERS),
        lambda row: f"ms_vote {letters[row]!r}; accepted: {', '.join(VOTE_LETTERS)}",
    )
    sessions = pd.to_numeric(sheet.texts("session"), errors="coerce")
    numbers = pd.Series([_number(code, day) for code, day in zip(codes, dates, strict=True)], dtype="Int64")
    sheet.refuse(numbers.isna(), lambda row: f"ms_code {codes[row]!r} is no state of the Correlates of War system")
    frame = pd.DataFrame(
        {
            "roll_call_id": sheet.texts("undl_id", required=True),
            "session": sessions.where(sessions.between(1, 999) & (sessions == sessions.round())).astype("Int64"),
            "date": dates,
            "cow_number": numbers,
            "vote": letters.map(VOTE_LETTERS).astype("str"),
        }
    )
    return sheet.close(frame, key=("roll_call_id", "cow_number"))


@cache
def _number(code: object, day: pd.Timestamp) -> int | None:
    state = state_from_code(code) if isinstance(code, str) else None
    return number_of("cow", state, day) if state and not pd.isna(day) else None
