"""Similarity of votes: every pair of states in every year or session."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import UnknownNameError
from analysis.measures.checks import check_choice
from analysis.measures.similarity.ballots import Ballots, create_ballots
from analysis.measures.similarity.coefficients import MEASURES, PairTables, Scale
from analysis.measures.similarity.joint import Floats, all_pairs, count_jointly
from analysis.measures.similarity.recipes import RECIPES, Recipe


def compare_votes(
    votes: pd.DataFrame,
    *,
    recipe: Recipe = RECIPES["tightrope"],
    measures: Sequence[str] = MEASURES,
    states: Sequence[object] | None = None,
    state_column: str = "state",
) -> pd.DataFrame:
    """Measure how alike every two states voted, by year or session.

    Parameters
    ----------
    votes : DataFrame
        One row per state and roll call: roll_call_id; the state; vote (yes, abstain, no, absent, not_member, or
        missing where not known); and what the recipe's year needs: date, session or year.
    recipe : Recipe
        One of :data:`RECIPES`, or one of your own.
    measures : sequence of str
        Among agreement, voeten_agreement, s, kappa, pi, tau_b and a.
    states : sequence, optional
        Compare only these with each other; which roll calls are unanimous is still judged on all.
    state_column : str
        The column that names the state, such as ``"cow_number"``.

    Returns
    -------
    DataFrame
        year (session, under a recipe by session), state_a, state_b (a before b), n_common (roll calls that count
        for the pair), a column per measure, and undefined: which measures are missing and why, or empty. A pair
        has a row where both were members in some roll call of that year. Sorted by its keys; the order of the
        votes does not matter.

    Raises
    ------
    MeasureError
        If the votes are malformed (see :func:`~analysis.measures.similarity.ballots.create_ballots`) or a measure is
        unknown.
    UnknownNameError
        For a state that is not in the votes.

    Notes
    -----
    Each measure follows from the joint table of the pair; docs/method.md has the formulas and sources.

    Examples
    --------
    >>> votes = pd.DataFrame(
    ...     [
    ...         (roll_call, "2024-12-01", state, vote)
    ...         for roll_call, cast in {"A": "yes no", "B": "yes yes", "C": "abstain no", "D": "no absent"}.items()
    ...         for state, vote in zip(["FRA", "RUS"], cast.split(), strict=True)
    ...     ],
    ...     columns=["roll_call_id", "date", "state", "vote"],
    ... )
    >>> compare_votes(votes, measures=["agreement", "s", "kappa"]).round(3).drop(columns="undefined")
       year state_a state_b  n_common  agreement    s  kappa
    0  2024     FRA     RUS         3      0.333  0.0  0.211
    """
    for name in measures:
        check_choice("measure", name, MEASURES)
    ballots = create_ballots(votes, recipe, state_column)
    chosen = _find_states(ballots.states, states)
    scale = Scale(recipe.distance, recipe.kappa_distance, recipe.pi_distance, is_ordered=recipe.absences != "keep")
    order = np.argsort(ballots.years, kind="stable")
    years, begins = np.unique(ballots.years[order], return_index=True)
    parts = [
        _compare_year(ballots, roll_calls, chosen, scale, list(measures))
        for roll_calls in np.split(order, begins[1:])
        if len(order)
    ]
    return _gather(years, parts, ballots.states, recipe, list(measures))


_Part = tuple[NDArray[np.intp], NDArray[np.intp], Floats, dict[str, Floats], pd.Series]


def _find_states(known: pd.Index, states: Sequence[object] | None) -> NDArray[np.intp]:
    if states is None:
        return np.arange(len(known))
    for state in states:
        if state not in known:
            raise UnknownNameError("state", str(state), map(str, known))
    return np.flatnonzero(known.isin(list(states)))


def _compare_year(
    ballots: Ballots, roll_calls: NDArray[np.intp], chosen: NDArray[np.intp], scale: Scale, measures: list[str]
) -> _Part:
    present = chosen[ballots.is_member[np.ix_(roll_calls, chosen)].any(axis=0)]
    weights = None if ballots.weights is None else ballots.weights[roll_calls]
    joint, n_common = count_jointly(ballots.codes[np.ix_(roll_calls, present)], ballots.n_categories, weights)
    values, undefined = PairTables(joint, n_common, scale).measure(measures, "no common roll call")
    first, second = all_pairs(len(present))
    return present[first], present[second], n_common, values, undefined


def _gather(
    years: NDArray[np.int64], parts: list[_Part], states: pd.Index, recipe: Recipe, measures: list[str]
) -> pd.DataFrame:
    def join(pieces: list[NDArray[np.generic]]) -> NDArray[np.generic]:
        return np.concatenate(pieces) if pieces else np.empty(0)

    decimals = recipe.rounding
    columns: dict[str, object] = {
        "session" if recipe.year == "session" else "year": np.repeat(years, [len(part[0]) for part in parts]),
        "state_a": states.take(join([part[0] for part in parts]).astype(np.intp)),
        "state_b": states.take(join([part[1] for part in parts]).astype(np.intp)),
        "n_common": join([part[2] for part in parts]).astype(np.int64),
    }
    for name in measures:
        value = join([part[3][name] for part in parts]).astype(np.float64)
        columns[name] = value if decimals is None else value.round(decimals) + 0.0  # no minus zero
    reasons = [part[4] for part in parts]
    columns["undefined"] = pd.concat(reasons, ignore_index=True) if reasons else pd.Series(dtype="str")
    return pd.DataFrame(columns)
