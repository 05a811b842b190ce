"""Days of votes that the votes themselves leave out, from a list of the roll calls."""

from __future__ import annotations

import pandas as pd

from analysis.measures.checks import MeasureError, check_columns, name_some


def add_dates(votes: pd.DataFrame, roll_calls: pd.DataFrame) -> pd.DataFrame:
    """Give votes without a date that of their roll call.

    The published votes leave one roll call of 2006 undated, which the list of roll calls dates.

    Parameters
    ----------
    votes : DataFrame
        With roll_call_id and date, missing where not known.
    roll_calls : DataFrame
        roll_call_id, once each, and date.

    Returns
    -------
    DataFrame
        The same rows; a date that was known stands as it is, and one that neither knows stays missing.

    Raises
    ------
    MeasureError
        If a column is missing or a roll call is listed twice.

    Examples
    --------
    >>> votes = pd.DataFrame({"roll_call_id": ["4591", "4592"], "date": pd.to_datetime(["2005-04-15", None])})
    >>> listed = pd.DataFrame({"roll_call_id": ["4592"], "date": pd.to_datetime(["2006-05-08"])})
    >>> add_dates(votes, listed)["date"].dt.strftime("%Y-%m-%d").tolist()
    ['2005-04-15', '2006-05-08']
    """
    check_columns(votes, ["roll_call_id", "date"], "votes")
    check_columns(roll_calls, ["roll_call_id", "date"], "roll_calls")
    twice = roll_calls.loc[roll_calls["roll_call_id"].duplicated(), "roll_call_id"]
    if len(twice):
        raise MeasureError(f"roll_calls lists a roll call more than once: {name_some(sorted(set(map(str, twice))))}")
    is_undated = votes["date"].isna()
    days = roll_calls.set_index("roll_call_id")["date"]
    listed = votes.loc[is_undated, "roll_call_id"].map(days).astype(votes["date"].dtype)
    return votes.assign(date=votes["date"].where(~is_undated, listed))
