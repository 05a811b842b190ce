"""Similarity of alliance portfolios: every pair of states of a system in every year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.checks import MeasureError, check_choice, check_columns, name_some
from analysis.measures.similarity.coefficients import MEASURES, PairTables, Scale
from analysis.measures.similarity.joint import NOT_KNOWN, Codes, Floats, all_pairs, count_jointly
from analysis.measures.similarity.portfolios import create_scale

CATEGORIES = (0, 1, 2, 3)
COMMITMENTS: Mapping[str, int] = {"defense": 3, "offense": 3, "neutral": 2, "consul": 2, "nonagg": 1}
"""ATOP's obligations as fpsim (Miller 2026) orders them, after Chiba et al. (2022): what most binds counts."""


def add_commitment(alliances: pd.DataFrame, *, commitments: Mapping[str, int] = COMMITMENTS) -> pd.DataFrame:
    """Add the strongest obligation of each row as a category from 0 to 3.

    Parameters
    ----------
    alliances : DataFrame
        With a column per obligation: 1 if it is in force, 0 if not, missing if not known.
    commitments : mapping of str to int
        The category of each of these columns.

    Returns
    -------
    DataFrame
        The same rows with ``commitment``: the highest category in force, 0 if none is; missing where an obligation
        that could be higher is not known.

    Raises
    ------
    MeasureError
        If a column is missing or holds anything but 0, 1 and missing.

    Examples
    --------
    >>> flags = pd.DataFrame({"defense": [1, 0, 0], "consul": [1, 1, 0]})
    >>> add_commitment(flags, commitments={"defense": 3, "consul": 2})["commitment"].tolist()
    [3.0, 2.0, 0.0]
    """
    check_columns(alliances, commitments, "alliances")
    known = np.zeros(len(alliances))
    possible = np.zeros(len(alliances))
    for column, category in commitments.items():
        flags = alliances[column].to_numpy(dtype=np.float64, na_value=np.nan)
        is_missing = np.isnan(flags)
        if not (is_missing | (flags == 0) | (flags == 1)).all():
            raise MeasureError(f"{column} must hold 0, 1 or missing")
        known = np.where(flags == 1, np.maximum(known, category), known)
        possible = np.where(is_missing | (flags == 1), np.maximum(possible, category), possible)
    return alliances.assign(commitment=np.where(possible > known, np.nan, known))


def compare_alliances(
    alliances: pd.DataFrame,
    *,
    members: pd.DataFrame | None = None,
    weights: pd.DataFrame | None = None,
    unlisted: int | None = None,
    own: int | None = 3,
    directed: bool = False,
    measures: Sequence[str] = MEASURES,
    distance: str = "absolute",
    kappa_distance: str = "squared",
    pi_distance: str = "squared",
) -> pd.DataFrame:
    """Measure how alike the alliances of every two states are, by year.

    A state's portfolio of a year is its commitment to every state of the system, itself included.

    Parameters
    ----------
    alliances : DataFrame
        year, state_a, state_b, commitment (0 none, 1, 2, 3 defence; missing where not known): one row per pair and
        year, or per direction if `directed`.
    members : DataFrame, optional
        year, state: who was in the system. Without it, the states that `alliances` names in that year.
    weights : DataFrame, optional
        year, state, weight: what a commitment to that state counts for, such as its share of the system's
        capabilities. They need not add up to 1.
    unlisted : int, optional
        The category of a pair that `alliances` does not list: 0 if it lists all alliances in force. None means that
        nothing is known of such a pair.
    own : int, optional
        A state's commitment to itself: 3 as in Signorino and Ritter (1999), or None to leave it out.
    directed : bool
        Whether a row speaks only for state_a's commitment to state_b.
    measures : sequence of str
        As in :func:`~analysis.measures.similarity.compare_votes`.
    distance, kappa_distance, pi_distance : {"absolute", "squared", "nominal"}
        How far apart categories are for S and A, for kappa, and for pi.

    Returns
    -------
    DataFrame
        year, state_a, state_b (a before b), n_common (states to which the commitment of both is known), a column per
        measure, and undefined: which measures are missing and why, or empty.

    Raises
    ------
    MeasureError
        For missing columns or weights, a category out of range, a pair that is listed twice in a year, or a state
        that is no member.

    Examples
    --------
    >>> pacts = pd.DataFrame(
    ...     [(1914, "AUH", "GMY", 3), (1914, "GMY", "ITA", 3), (1914, "FRN", "RUS", 3)],
    ...     columns=["year", "state_a", "state_b", "commitment"],
    ... )
    >>> alike = compare_alliances(pacts, unlisted=0, measures=["s"]).round(3)
    >>> alike.set_index(["state_a", "state_b"])["s"].loc[[("AUH", "GMY"), ("AUH", "FRN")]].tolist()
    [0.6, -0.6]
    """
    for name in measures:
        check_choice("measure", name, MEASURES)
    scale = create_scale(distance, kappa_distance, pi_distance)
    rows = _read_alliances(alliances, directed)
    for value in (unlisted, own):
        if value is not None and value not in CATEGORIES:
            raise MeasureError(f"unknown category {value!r}; accepted: 0, 1, 2, 3, or None")
    rosters = _read_rosters(rows, members)
    parts = []
    for year, states in rosters.items():
        codes = _lay_out(rows[rows["year"] == year], states, unlisted, own, year)
        parts.append(_compare_year(year, states, codes, _weigh(weights, year, states), scale, list(measures)))
    if parts:
        return pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns=["year", "state_a", "state_b", "n_common", *measures, "undefined"])


def _read_alliances(alliances: pd.DataFrame, directed: bool) -> pd.DataFrame:
    check_columns(alliances, ["year", "state_a", "state_b", "commitment"], "alliances")
    rows = alliances[["year", "state_a", "state_b", "commitment"]]
    if not directed:
        mirrored = rows.rename(columns={"state_a": "state_b", "state_b": "state_a"})
        rows = pd.concat([rows, mirrored], ignore_index=True)
    keys = ["year", "state_a", "state_b"]
    twice = rows.loc[rows.duplicated(keys), keys]
    if len(twice):
        named = name_some(f"{a}-{b} {year}" for year, a, b in twice.itertuples(index=False))
        raise MeasureError(f"a pair stands once in a year, and no state with itself; more than once: {named}")
    unknown = sorted(set(rows["commitment"].dropna()) - set(CATEGORIES))
    if unknown:
        raise MeasureError(f"unknown category {name_some(unknown)}; accepted: 0, 1, 2, 3, or missing")
    return rows


def _read_rosters(rows: pd.DataFrame, members: pd.DataFrame | None) -> dict[int, pd.Index]:
    if members is None:
        members = pd.DataFrame({"year": rows["year"], "state": rows["state_a"]})
        if len(rows):
            other = pd.DataFrame({"year": rows["year"], "state": rows["state_b"]})
            members = pd.concat([members, other], ignore_index=True)
    check_columns(members, ["year", "state"], "members")
    return {int(year): pd.Index(sorted(set(states))) for year, states in members.groupby("year")["state"]}


def _lay_out(rows: pd.DataFrame, states: pd.Index, unlisted: int | None, own: int | None, year: int) -> Codes:
    """Lay out states by portfolios: column j holds the commitments of state j."""
    codes = np.full((len(states), len(states)), NOT_KNOWN if unlisted is None else unlisted, dtype=np.int8)
    holders, partners = states.get_indexer(rows["state_a"]), states.get_indexer(rows["state_b"])
    strangers = sorted(set(rows.loc[holders < 0, "state_a"]) | set(rows.loc[partners < 0, "state_b"]))
    if strangers:
        raise MeasureError(f"not among the members of {year}: {name_some(strangers)}")
    codes[partners, holders] = rows["commitment"].fillna(NOT_KNOWN).to_numpy(dtype=np.int8)
    np.fill_diagonal(codes, NOT_KNOWN if own is None else own)
    return codes


def _weigh(weights: pd.DataFrame | None, year: int, states: pd.Index) -> Floats | None:
    if weights is None:
        return None
    check_columns(weights, ["year", "state", "weight"], "weights")
    of_year = weights[weights["year"] == year]
    if of_year["state"].duplicated().any():
        raise MeasureError(f"weights has a state more than once in {year}")
    values: NDArray[np.float64] = of_year.set_index("state")["weight"].reindex(states).to_numpy(dtype=np.float64)
    bad = ~(np.isfinite(values) & (values >= 0))
    if bad.any():
        raise MeasureError(f"weights must be finite and not negative; in {year}: {name_some(states[bad])}")
    return values


def _compare_year(
    year: int, states: pd.Index, codes: Codes, weights: Floats | None, scale: Scale, measures: list[str]
) -> pd.DataFrame:
    joint, n_common = count_jointly(codes, len(CATEGORIES), weights)
    values, undefined = PairTables(joint, n_common, scale).measure(measures, "no common partner")
    first, second = all_pairs(len(states))
    frame = pd.DataFrame({"year": year, "state_a": states.take(first), "state_b": states.take(second)})
    return frame.assign(n_common=n_common.astype(np.int64), **values, undefined=undefined.to_numpy())
