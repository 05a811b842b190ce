"""The Bayesian bootstrap (Rubin 1981): how much an answer hangs on which of the given events weighed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from analysis.measures.checks import MeasureError

_BLOCK = 1024  # events drawn at a time, so that memory does not grow with their number
_KEPT = 1024


class TiltOptions(TypedDict, total=False):
    """The options of :func:`~analysis.measures.tilt` that other measures pass on to it."""

    draws: int
    seed: int
    level: float
    minimum_events: int


@dataclass(frozen=True)
class Bootstrap:
    """How an interval is drawn: number of draws, seed, level, and the fewest events that carry one.

    Raises
    ------
    MeasureError
        If a number is out of range.
    """

    draws: int = 4000
    seed: int = 20200101
    level: float = 0.90
    minimum_events: int = 5

    def __post_init__(self) -> None:
        for name, value, is_good, accepted in (
            ("draws", self.draws, self.draws >= 1, "1 or more"),
            ("seed", self.seed, self.seed >= 0, "0 or more"),
            ("level", self.level, 0 < self.level < 1, "more than 0 and less than 1"),
            ("minimum_events", self.minimum_events, self.minimum_events >= 1, "1 or more"),
        ):
            if not is_good:
                raise MeasureError(f"{name} is {value!r}; accepted: {accepted}")

    def totals(self, event_ids: Sequence[str], amounts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Total some amounts under each draw of the events' weights.

        Dividing independent Exponential(1) draws by their sum gives a Dirichlet(1, ..., 1) vector. The division is
        left out, for it cancels in any ratio of two totals; for the same reason one set of draws serves any subset
        of the events. Each event has its own stream, seeded by `seed` and its id: its draws depend neither on the
        order of the rows nor on which other events are there, so that a window seen alone and among others has the
        same interval.

        Parameters
        ----------
        event_ids : sequence of str, length E
            The events, each once.
        amounts : ndarray, shape (E, K)
            What each event adds to each of K totals.

        Returns
        -------
        ndarray, shape (draws, K)
        """
        totals = np.zeros((self.draws, amounts.shape[1]))
        for begin in range(0, len(event_ids), _BLOCK):
            block = slice(begin, begin + _BLOCK)
            totals += (
                np.column_stack([_exponentials(self.seed, self.draws, event_id) for event_id in event_ids[block]])
                @ amounts[block]
            )
        return totals

    def draw(self, event_ids: Sequence[str]) -> None:
        """Draw the weights of some events ahead of their first use; of more than are kept, none."""
        if len(event_ids) <= _KEPT:
            for event_id in event_ids:
                _exponentials(self.seed, self.draws, event_id)

    def interval(self, values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Find the quantiles of draws (first axis) that leave half of 1 - level on either side."""
        tail = (1 - self.level) / 2
        low, high = np.quantile(values, [tail, 1 - tail], axis=0)
        return low, high


@lru_cache(maxsize=_KEPT)  # an event counts in several windows and states; 32 MB at the usual number of draws
def _exponentials(seed: int, draws: int, event_id: str) -> NDArray[np.float64]:
    key = np.frombuffer(hashlib.sha256(event_id.encode()).digest()[:16], dtype="<u4").tolist()
    stream = np.random.SeedSequence(seed, spawn_key=key)
    return np.random.Generator(np.random.PCG64(stream)).standard_exponential(draws)
