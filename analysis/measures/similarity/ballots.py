"""Votes as a matrix of roll calls by states: what the votes must be, and how absences and unanimity are treated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.checks import MeasureError, check_columns, name_some
from analysis.measures.similarity.joint import NOT_KNOWN, Codes, Floats
from analysis.measures.similarity.recipes import Recipe

CHOICES = ("yes", "abstain", "no", "absent", "not_member")
ABSTAIN, ABSENT, NOT_MEMBER = 1, 3, 4
_YEAR_COLUMNS = {"calendar": "date", "session": "session", "file": "year"}


@dataclass(frozen=True)
class Ballots:
    """Roll calls by states, in the order of their names; categories as the recipe has them, -1 where there is none.

    ``is_member`` says whether the state could have voted, ``years`` to which year or session a roll call belongs.
    """

    codes: Codes
    is_member: NDArray[np.bool_]
    years: NDArray[np.int64]
    weights: Floats | None
    states: pd.Index
    n_categories: int


def create_ballots(votes: pd.DataFrame, recipe: Recipe, state_column: str) -> Ballots:
    """Lay out votes as the recipe asks.

    Parameters
    ----------
    votes : DataFrame
        One row per state and roll call, as :func:`~analysis.measures.similarity.compare_votes` describes.
    recipe : Recipe
        How absences, years, unanimous roll calls and weights are treated.
    state_column : str
        The column that names the state.

    Returns
    -------
    Ballots

    Raises
    ------
    MeasureError
        Names a missing column, a missing key, an unknown vote, a state that votes twice in a roll call, or a roll
        call without a year, with two years, or without one good weight.
    """
    year_column = _YEAR_COLUMNS[recipe.year]
    check_columns(votes, ["roll_call_id", state_column, "vote", year_column], "votes")
    rows, roll_calls = _number(votes, "roll_call_id")
    columns, states = _number(votes, state_column)
    _check_keys(rows, columns, roll_calls, states)
    votes_cast = np.full((len(roll_calls), len(states)), NOT_KNOWN, dtype=np.int8)
    votes_cast[rows, columns] = _read_choices(votes["vote"])
    is_member = (votes_cast != NOT_KNOWN) & (votes_cast != NOT_MEMBER)
    codes = np.where(is_member, votes_cast, np.int8(NOT_KNOWN))
    if recipe.absences == "drop":
        codes[codes == ABSENT] = NOT_KNOWN
    elif recipe.absences == "abstain":
        codes[codes == ABSENT] = ABSTAIN
    if recipe.drop_unanimous:
        codes[_is_unanimous(codes)] = NOT_KNOWN
    return Ballots(
        codes=codes,
        is_member=is_member,
        years=_one_per_roll_call(_read_years(votes[year_column], recipe), rows, roll_calls, year_column),
        weights=None if recipe.weights is None else _read_weights(votes, recipe.weights, rows, roll_calls),
        states=states,
        n_categories=4 if recipe.absences == "keep" else 3,
    )


def _number(votes: pd.DataFrame, column: str) -> tuple[NDArray[np.intp], pd.Index]:
    values = votes[column]
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)  # in the order of the names, not of the categories
    numbers, names = pd.factorize(values, sort=True)
    if (numbers < 0).any():
        raise MeasureError(f"votes has {int((numbers < 0).sum())} rows without {column}")
    return numbers, pd.Index(names)


def _check_keys(rows: NDArray[np.intp], columns: NDArray[np.intp], roll_calls: pd.Index, states: pd.Index) -> None:
    times = np.bincount(rows * len(states) + columns, minlength=1)
    twice = np.flatnonzero(times > 1)
    if len(twice):
        named = name_some(f"{states[one % len(states)]} in {roll_calls[one // len(states)]}" for one in twice)
        raise MeasureError(f"a state votes once in a roll call; more than once: {named}")


def _read_choices(votes: pd.Series) -> NDArray[np.int8]:
    numbers, names = pd.factorize(votes)
    unknown = sorted(str(name) for name in names if name not in CHOICES)
    if unknown:
        raise MeasureError(f"unknown vote {name_some(unknown)}; accepted: {', '.join(CHOICES)}")
    # the last place answers the number -1, a vote that is missing
    lookup = np.array([*(CHOICES.index(name) for name in names), NOT_KNOWN], dtype=np.int8)
    return lookup[numbers]


def _is_unanimous(codes: Codes) -> NDArray[np.bool_]:
    highest = codes.max(axis=1)
    lowest = np.where(codes == NOT_KNOWN, np.int8(CHOICES.index("not_member")), codes).min(axis=1)
    return lowest >= highest  # also where nobody voted


def _read_years(values: pd.Series, recipe: Recipe) -> NDArray[np.float64]:
    if recipe.year != "calendar":
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    try:
        dates = pd.to_datetime(values, format="ISO8601")
    except (ValueError, TypeError) as error:
        raise MeasureError(f"votes has a date that is none; accepted: dates or ISO texts ({error})") from None
    return dates.dt.year.to_numpy(dtype=np.float64, na_value=np.nan)


def _one_per_roll_call(
    values: NDArray[np.float64], rows: NDArray[np.intp], roll_calls: pd.Index, column: str
) -> NDArray[np.int64]:
    unknown = np.unique(rows[np.isnan(values)])
    if len(unknown):
        raise MeasureError(
            f"a roll call without {column} belongs to no year: {name_some(roll_calls[unknown])}; "
            "give it one, leave it out, or take another year"
        )
    years = np.zeros(len(roll_calls))
    years[rows] = values
    torn = np.unique(rows[years[rows] != values])
    if len(torn):
        raise MeasureError(f"a roll call belongs to one year; to several by {column}: {name_some(roll_calls[torn])}")
    return years.astype(np.int64)


def _read_weights(votes: pd.DataFrame, column: str, rows: NDArray[np.intp], roll_calls: pd.Index) -> Floats:
    check_columns(votes, [column], "votes")
    values = votes[column].to_numpy(dtype=np.float64, na_value=np.nan)
    weights = np.zeros(len(roll_calls))
    weights[rows] = values
    bad = np.unique(rows[~((values >= 0) & np.isfinite(values) & (weights[rows] == values))])
    if len(bad):
        raise MeasureError(f"a roll call has one weight, finite and not negative: {name_some(roll_calls[bad])}")
    return weights
