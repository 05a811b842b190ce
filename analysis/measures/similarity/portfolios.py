"""Similarity of two plain portfolios, such as the alliances of two states with the same list of others."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures.checks import MeasureError, check_choice, name_some
from analysis.measures.similarity.coefficients import MEASURES, PairTables, Scale
from analysis.measures.similarity.joint import Codes, Floats, count_jointly
from analysis.measures.similarity.recipes import DISTANCES

MOST_CATEGORIES = 20


@dataclass(frozen=True)
class Similarity:
    """How alike two portfolios are, by each measure; None where undefined, and ``undefined`` says why."""

    n_common: int
    agreement: float | None
    voeten_agreement: float | None
    s: float | None
    kappa: float | None
    pi: float | None
    tau_b: float | None
    a: float | None
    undefined: str = ""


def compare_portfolios(
    a: Sequence[Hashable],
    b: Sequence[Hashable],
    *,
    categories: Sequence[Hashable],
    weights: Sequence[float] | None = None,
    distance: str = "absolute",
    kappa_distance: str = "squared",
    pi_distance: str = "squared",
) -> Similarity:
    """Measure how alike two portfolios are.

    Parameters
    ----------
    a, b : sequences of equal length
        The category of each item in either portfolio; an item that is missing in one is left out.
    categories : sequence
        All categories in their order, used or not; neighbours are one step apart.
    weights : sequence of float, optional
        What each item counts for: an item of weight 2 counts as two.
    distance, kappa_distance, pi_distance : {"absolute", "squared", "nominal"}
        How far apart categories are for S and A, for kappa, and for pi.

    Returns
    -------
    Similarity

    Raises
    ------
    MeasureError
        For unequal lengths, too few or too many categories, one that is not listed or listed twice, or a bad weight.

    Notes
    -----
    S: C. S. Signorino and J. M. Ritter (1999), "Tau-b or Not Tau-b", International Studies Quarterly 43(1), 115-144.
    The other sources stand in docs/method.md.

    Examples
    --------
    >>> germany, russia = [3, 0, 0, 3, 3, 0], [0, 3, 1, 0, 1, 0]
    >>> alike = compare_portfolios(germany, russia, categories=[0, 1, 2, 3])
    >>> round(alike.s, 4), round(alike.kappa, 4), alike.n_common
    (-0.3333, -0.3913, 6)
    """
    scale = create_scale(distance, kappa_distance, pi_distance)
    if len(a) != len(b):
        raise MeasureError(f"portfolios must be of one length; given: {len(a)} and {len(b)}")
    codes = np.column_stack([read_categories(a, categories), read_categories(b, categories)])
    joint, n_common = count_jointly(codes, len(categories), read_weights(weights, len(codes)))
    values, undefined = PairTables(joint, n_common, scale).measure(MEASURES, "no common item")
    found = {name: None if np.isnan(value[0]) else float(value[0]) for name, value in values.items()}
    return Similarity(n_common=int(n_common[0]), undefined=str(undefined.iloc[0]), **found)


def create_scale(distance: str, kappa_distance: str, pi_distance: str) -> Scale:
    """Hold three distances to the accepted ones.

    Raises
    ------
    MeasureError
        Names the first that is not.
    """
    for kind, choice in (("distance", distance), ("kappa_distance", kappa_distance), ("pi_distance", pi_distance)):
        check_choice(kind, choice, DISTANCES)
    return Scale(distance, kappa_distance, pi_distance)


def read_categories(portfolio: Sequence[Hashable], categories: Sequence[Hashable]) -> Codes:
    """Number the categories of a portfolio, -1 where missing.

    Raises
    ------
    MeasureError
        Names categories that are not listed, or are listed twice.

    Examples
    --------
    >>> read_categories(["no", None, "yes"], ["yes", "abstain", "no"]).tolist()
    [2, -1, 0]
    """
    listed = pd.Index(categories)
    if not 2 <= len(listed) <= MOST_CATEGORIES or not listed.is_unique:
        raise MeasureError(f"categories must be 2 to {MOST_CATEGORIES} that differ; given: {name_some(categories)}")
    given = pd.Series(portfolio, dtype=object if len(portfolio) == 0 else None)
    numbers = listed.get_indexer(pd.Index(given))
    unknown = given[(numbers < 0) & given.notna().to_numpy()]
    if len(unknown):
        raise MeasureError(
            f"unknown category {name_some(sorted(set(map(str, unknown))))}; accepted: {', '.join(map(str, categories))}"
        )
    return numbers.astype(np.int8)


def read_weights(weights: Sequence[float] | None, n_items: int) -> Floats | None:
    """Hold weights to one per item, finite and not negative.

    Raises
    ------
    MeasureError
        If they are not.
    """
    if weights is None:
        return None
    values = np.asarray(weights, dtype=np.float64)
    if values.shape != (n_items,) or not (np.isfinite(values) & (values >= 0)).all():
        raise MeasureError(f"weights must be {n_items} numbers, finite and not negative")
    return values
