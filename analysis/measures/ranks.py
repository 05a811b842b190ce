"""Ranks of a series, so that neither the skew of its values nor one great value decides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def standardised_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank along the last axis, ties sharing their mean rank, with mean 0 and variance 1 (all 0 if all are equal).

    Examples
    --------
    >>> standardised_ranks(np.array([5.0, 7.0, 100.0])).tolist()
    [-1.0, 0.0, 1.0]
    """
    from scipy.stats import rankdata

    if not values.size:
        return np.zeros(values.shape)
    ranks = rankdata(values.round(9), axis=-1)  # equals that differ in the last bits are equals
    centred = ranks - ranks.mean(axis=-1, keepdims=True)
    spread = centred.std(axis=-1, ddof=1, keepdims=True)
    return np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
