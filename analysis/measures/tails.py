"""The exact distribution of the Bayesian bootstrap's tilt, so that no side hangs on the noise of draws."""

from __future__ import annotations

from functools import lru_cache
from math import fsum

import numpy as np
from numpy.typing import NDArray

_SMALL = 1e-9  # left out of the integral on either side
_FAINT = -2 * np.log(_SMALL)
_GROWTHS = 1.2 ** np.arange(17)
_SPREADS, _TERMS = 10, 42
_WIDEST_STEP, _STEP = 0.4, 0.9


def probability_above(toward: NDArray[np.float64], against: NDArray[np.float64], bound: float) -> float:
    """The probability that a tilt lies above a bound when its events are weighed at random.

    Parameters
    ----------
    toward, against : ndarray, shape (E,)
        What each event adds to cooperation with the first and with the second power, 0 or more.
    bound : float
        From -1 to +1.

    Returns
    -------
    float
        P(T* > bound), where T* = sum w (toward - against) / sum w (toward + against) and w is Dirichlet(1, ..., 1).

    Notes
    -----
    The weights are independent exponentials over their sum, which cancels, so that T* > x where a sum of exponentials,
    each times (1 - x) toward - (1 + x) against, is positive. J. Gil-Pelaez (1951), "Note on the Inversion Theorem",
    Biometrika 38, and J. P. Imhof (1961), "Computing the Distribution of Quadratic Forms in Normal Variables",
    Biometrika 48, give that probability as an integral over the characteristic function. It is taken over the logarithm
    of its variable by the trapezoidal rule, whose error there falls faster than any power of the step; the step narrows
    with the root of the number of events, as their factors grow together. Of many events the characteristic function
    is soon nothing, and the midpoint rule of R. B. Davies (1973), "Numerical Inversion of a Characteristic Function",
    Biometrika 60, whose step is what the sum can reach, needs fewer points: whichever needs fewer is taken.

    Examples
    --------
    >>> round(probability_above(np.array([1.0, 1.0, 1.0, 1.0, 0.0]), np.array([0.0, 0.0, 0.0, 0.0, 1.0]), 0.0), 6)
    0.9375
    """
    pairs, times = _group(toward, against)
    return _probability(pairs, times, bound)


def tilt_quantiles(
    toward: NDArray[np.float64], against: NDArray[np.float64], tails: tuple[float, ...]
) -> tuple[float, ...]:
    """The quantiles of a tilt when its events are weighed at random.

    Parameters
    ----------
    toward, against : ndarray, shape (E,)
        As in :func:`probability_above`; one event or more with either.
    tails : tuple of float
        The probabilities below which the quantiles lie, more than 0 and less than 1.

    Returns
    -------
    tuple of float
        One for each of `tails`; where all cooperation is with one power, all of them are +1 or -1.

    Examples
    --------
    Of four events with one power and one with the other the share is Beta(4, 1).

    >>> toward, against = np.array([[1.0, 1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0]])
    >>> low, high = tilt_quantiles(toward, against, (0.05, 0.95))
    >>> round(low, 4), round(2 * 0.05**0.25 - 1, 4), round(high, 4)
    (-0.0543, -0.0543, 0.9745)
    """
    if not against.any() or not toward.any():
        return (1.0 if toward.any() else -1.0,) * len(tails)
    return _find_quantiles(*(np.asarray(one, dtype=np.float64).tobytes() for one in (toward, against)), tails)


@lru_cache(maxsize=256)  # several measures of a report ask for the tilt of the same events
def _find_quantiles(toward: bytes, against: bytes, tails: tuple[float, ...]) -> tuple[float, ...]:
    from scipy.optimize import brentq  # loaded when first used

    pairs, times = _group(np.frombuffer(toward), np.frombuffer(against))

    def excess(bound: float, tail: float) -> float:
        return 1 - tail - _probability(pairs, times, bound)

    # Rounded to what the search resolves; adding 0.0 leaves no negative zero.
    return tuple(round(float(brentq(excess, -1.0, 1.0, (tail,), xtol=1e-10)), 9) + 0.0 for tail in tails)


def _group(toward: NDArray[np.float64], against: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Events that weigh alike, and how many they are; in one order, whatever that of the events."""
    both = np.column_stack([toward, against])
    both = both[both.any(axis=1)]
    # An exact sum: the order of the events must not show in the last bit.
    return np.unique((both / fsum(both.ravel())).round(14), axis=0, return_counts=True)


def _probability(pairs: NDArray[np.float64], times: NDArray[np.int64], bound: float) -> float:
    slopes = (1 - bound) * pairs[:, 0] - (1 + bound) * pairs[:, 1]
    lowest, highest = slopes.min(initial=0.0), slopes.max(initial=0.0)
    if lowest == 0 or highest == 0:
        return float(highest > 0)
    is_some = slopes != 0
    times, slopes = times[is_some], slopes[is_some]
    sizes = np.abs(slopes)
    number = int(times.sum())
    mean, spread = float(times @ slopes), float(np.sqrt(times @ sizes**2))
    # Farther from its mean the sum lies with a probability of less than _SMALL: its tails fall as its largest term's.
    farthest = _SPREADS * spread + _TERMS * float(sizes.max())
    if abs(mean) > farthest:
        return float(mean > 0)
    reach = abs(mean) + farthest
    ends = _GROWTHS / spread  # many at a time: of few events the last lies far out
    while (faintness := times @ np.log1p((sizes[:, None] * ends) ** 2))[-1] < _FAINT:
        ends *= _GROWTHS[-1]
    last = ends[np.searchsorted(faintness, _FAINT)]
    step = min(_WIDEST_STEP, _STEP / np.sqrt(number))
    logs = np.arange(np.log(_SMALL / (times @ sizes)), np.log(last) + step, step)
    even = (np.arange(int(last * reach / (2 * np.pi)) + 1) + 0.5) * 2 * np.pi / reach
    points, widths = (even, 2 * np.pi / reach / even) if len(even) < len(logs) else (np.exp(logs), step)
    angles = slopes[:, None] * points
    phase = times @ np.arctan(angles)
    damping = times @ np.log1p(angles**2) / 2
    found = 0.5 + float((widths * np.sin(phase) * np.exp(-damping)).sum()) / np.pi
    return min(max(found, 0.0), 1.0)
