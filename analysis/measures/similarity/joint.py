"""Joint tables: how often two portfolios combined each category with each, for all pairs by one matrix product."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]
Indices = NDArray[np.intp]

NOT_KNOWN = -1


def all_pairs(n_units: int) -> tuple[Indices, Indices]:
    """List every pair of units once, the lower number first.

    Examples
    --------
    >>> [one.tolist() for one in all_pairs(3)]
    [[0, 0, 1], [1, 2, 2]]
    """
    first, second = np.triu_indices(n_units, 1)
    return first, second


def count_jointly(codes: Codes, n_categories: int, weights: Floats | None = None) -> tuple[Floats, Floats]:
    """Count, for every pair of units, the items on which one has category x and the other y.

    With Z the indicator matrix of items by (category, unit), Z'Z holds the counts of all pairs and categories at once.

    Parameters
    ----------
    codes : int array, shape (items, units)
        Categories from 0 to `n_categories` - 1, -1 where not known.
    n_categories : int
        How many categories there are, used or not.
    weights : float array, shape (items,), optional
        What each item counts for.

    Returns
    -------
    joint : float array, shape (n_categories, n_categories, pairs)
        The counts, or sums of weights; pairs in the order of :func:`all_pairs`. Whole numbers are exact.
    n_common : float array, shape (pairs,)
        The items on which both are known, unweighted.

    Examples
    --------
    >>> joint, n_common = count_jointly(np.array([[0, 0], [0, 1], [-1, 1]], dtype=np.int8), 2)
    >>> joint[:, :, 0].tolist(), n_common.tolist()
    ([[1.0, 1.0], [0.0, 0.0]], [2.0])
    """
    n_items, n_units = codes.shape
    categories = np.arange(n_categories, dtype=codes.dtype)[None, :, None]
    indicators = (codes[:, None, :] == categories).astype(np.float64).reshape(n_items, n_categories * n_units)
    first, second = all_pairs(n_units)
    places = first * n_units + second
    weighed = indicators if weights is None else indicators * weights[:, None]
    products = (weighed.T @ indicators).reshape(n_categories, n_units, n_categories, n_units)
    joint = np.empty((n_categories, n_categories, len(places)))
    for x in range(n_categories):
        for y in range(n_categories):
            np.take(products[x, :, y, :].reshape(-1), places, out=joint[x, y])
    if weights is None:
        return joint, joint.sum(axis=(0, 1))
    known = (codes != NOT_KNOWN).astype(np.float64)
    return joint, np.take((known.T @ known).reshape(-1), places)
