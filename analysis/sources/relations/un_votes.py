"""Votes in the General Assembly from Voeten's UNVotes files (CSV or RData), and their roll calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.errors import TightropeError
from analysis.reference.relation_sources import source_note
from analysis.sources.relations.delimited import fit_layout, open_sheet, read_bytes
from analysis.sources.relations.ideal_points import FIRST_SESSION_YEAR
from analysis.sources.relations.r_workspace import as_texts, is_workspace, read_frames
from analysis.sources.relations.sheet import Reading, Sheet

NOTE = source_note("un_votes")
VOTE_CODES = {1: "yes", 2: "abstain", 3: "no", 8: "absent", 9: "not_member"}
DAY_FORMATS = ("%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y")
_VOTES = {"UNVotes": ("rcid", "session", "vote", "ccode")}
_ROLL_CALLS = {"roll calls": ("rcid", "session", "unres", "descr")}
_MARKS = {"importantvote": "is_important", "amend": "is_amendment", "para": "is_paragraph"}
_EPOCH = pd.Timestamp("1970-01-01")


def read_un_votes(path: Path | str) -> Reading:
    """Votes in the General Assembly, one row per roll call and state.

    Parameters
    ----------
    path : Path
        A UNVotes file as CSV (plain or gzip) or RData, known by its content.

    Returns
    -------
    Reading
        frame: ``roll_call_id`` (str, the source's rcid), ``session`` (Int64), ``date``
        (datetime64[ns], missing where the file has none), ``cow_number`` (Int64), ``vote`` (str:
        yes, no, abstain, absent, not_member). In a reject from RData, ``line`` is the row's number.

    Raises
    ------
    TightropeError
        The file is not one of these; says what was found and what is expected.
    """
    path = Path(path)
    data = read_bytes(path)
    if is_workspace(data):
        sheet = _sheet_from_workspace(path.name, data)
    else:
        sheet = open_sheet(path, "General Assembly votes (UNVotes)", _VOTES, ["date"])
    session = sheet.integers("session", 1)
    frame = pd.DataFrame(
        {
            "roll_call_id": sheet.integers("rcid", 0),
            "session": session,
            "date": _days(sheet, session),
            "cow_number": sheet.integers("ccode", 1, 999),
            "vote": sheet.coded("vote", VOTE_CODES),
        }
    )
    reading = sheet.close(frame, key=("roll_call_id", "cow_number"))
    reading.frame["roll_call_id"] = reading.frame["roll_call_id"].astype("int64").astype("str")
    return reading


def read_roll_calls(path: Path | str) -> Reading:
    """Roll calls of the General Assembly, one row each.

    Parameters
    ----------
    path : Path
        A CSV of descriptions (rcid, session, unres, ...), plain or gzip.

    Returns
    -------
    Reading
        frame: ``roll_call_id`` (str), ``session`` (Int64), ``date`` (datetime64[ns]; the file may
        count days from 1970), ``resolution`` (str), ``is_important``, ``is_amendment``,
        ``is_paragraph`` (boolean, missing where not coded), ``title``, ``description`` (str).

    Raises
    ------
    TightropeError
        The file is not one of these.
    """
    path = Path(path)
    optional = ["date", *_MARKS, "short", "ccode"]
    sheet = open_sheet(path, "General Assembly roll calls", _ROLL_CALLS, optional)
    if sheet.has("ccode"):
        raise TightropeError(
            f"{path.name}: is no file of roll calls: with ccode it is one of votes; read_un_votes reads it"
        )
    session = sheet.integers("session", 1)
    columns: dict[str, Any] = {
        "roll_call_id": sheet.integers("rcid", 0),
        "session": session,
        "date": _days(sheet, session),
        "resolution": sheet.texts("unres"),
    }
    for column, name in _MARKS.items():
        columns[name] = _mark(sheet, column)
    columns["title"] = sheet.texts("short") if sheet.has("short") else _empty(sheet, "str")
    columns["description"] = sheet.texts("descr")
    reading = sheet.close(pd.DataFrame(columns), key=("roll_call_id",))
    reading.frame["roll_call_id"] = reading.frame["roll_call_id"].astype("int64").astype("str")
    return reading


def _days(sheet: Sheet, session: pd.Series) -> pd.Series:
    """The day of the vote: written out, or as a number of days since 1970, as R stores it."""
    if not sheet.has("date"):
        return _empty(sheet, "datetime64[ns]")
    first = next((value.as_py() for value in sheet.table.column("date") if value.is_valid), "")
    try:
        float(first or "day")
    except ValueError:
        return _in_their_century(sheet, sheet.dates("date", DAY_FORMATS), session)
    days = sheet.numbers("date", -20000, 60000, required=False).where(lambda values: values.between(-20000, 60000))
    return (_EPOCH + pd.to_timedelta(days, unit="D")).astype("datetime64[ns]")


def _in_their_century(sheet: Sheet, days: pd.Series, session: pd.Series) -> pd.Series:
    """Days of which a year of two digits is that of the session; a date alone would take 46 for 2046."""
    is_late = (days.dt.year - (session + FIRST_SESSION_YEAR) > 50).fillna(False).astype(bool)
    if not is_late.any():
        return days
    is_short = pc.match_substring_regex(sheet.table.column("date"), r"/\d\d$").to_pandas().fillna(False).astype(bool)
    return days.mask(is_late & is_short, days - pd.DateOffset(years=100))


def _mark(sheet: Sheet, column: str) -> pd.Series:
    if not sheet.has(column):
        return _empty(sheet, "boolean")
    return sheet.integers(column, 0, 1, required=False).where(lambda values: values.isin([0, 1])).astype("boolean")


def _empty(sheet: Sheet, dtype: str) -> pd.Series:
    return pd.Series([None] * sheet.table.num_rows, dtype=dtype)


def _sheet_from_workspace(name: str, data: bytes) -> Sheet:
    """The one data frame of a workspace with the columns of the votes, every value as text."""
    frames = read_frames(name, data)
    columns = set(_VOTES["UNVotes"]) | {"date"}
    fitting = [frame for frame in frames.values() if set(_VOTES["UNVotes"]) <= {str(c).lower() for c in frame.columns}]
    if len(fitting) != 1:
        found = "; ".join(f"{key}: {', '.join(map(str, frame.columns))}" for key, frame in frames.items())
        if fitting:
            raise TightropeError(f"{name}: holds several frames of votes: {found}; keep one")
        fit_layout(name, "General Assembly votes (UNVotes)", [found], _VOTES)
    frame = fitting[0].rename(columns=lambda column: str(column).lower()).reset_index(drop=True)
    frame = frame[[column for column in frame.columns if column in columns]]
    texts = {column: as_texts(frame[column]) for column in frame.columns}

    def find(rows: Any) -> tuple[dict[int, tuple[int, Any]], list[tuple[int, Any, str]]]:
        return {row: (row + 1, {key: value[row].as_py() for key, value in texts.items()}) for row in rows}, []

    return Sheet(name, "UNVotes", pa.table(texts), find)
