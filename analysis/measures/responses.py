"""Superposed epochs: the mean response of engagement around a kind of event, against the state's own other months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.measures.checks import MeasureError
from analysis.measures.epochs import AFTER, join_epochs
from analysis.measures.periods import Density, density, net_engagement
from analysis.measures.windows import Day
from analysis.schema.rows import frame_of

MINIMUM_EPOCHS = 5
MINIMUM_REST = 12
BEFORE = 3
LEVEL = 0.90


@dataclass(frozen=True)
class EpochResponse:
    """The mean response of engagement with one power around the epochs of one kind.

    Attributes
    ----------
    power : str
        The power.
    response : DataFrame
        ``lag`` (months from the epoch), ``mean`` (weight points a month, mean over the epochs), ``low, high`` (where
        nine tenths of the circular shifts of the epochs lie), ``n`` (epochs with that month), ``largest_month`` (the
        month that adds most to the mean by size) and ``largest_share`` (of the mean, which other months may offset);
        empty without an answer.
    rest : float or None
        Mean of the months around no epoch.
    effect : float or None
        Mean of the month of the epochs and those after it, minus ``rest``.
    p_value : float or None
        Share of the circular shifts whose effect is no smaller in size, the epochs as they are among them.
    without : DataFrame
        ``month`` (of an epoch), ``p_value`` (without that epoch; missing where too few are left); empty without an
        answer.
    n_epochs : int
        Epochs inside the window.
    density : Density
        What the months hold; with ``n_epochs``, what the answer rests on or why there is none.
    """

    power: str
    response: pd.DataFrame
    rest: float | None
    effect: float | None
    p_value: float | None
    without: pd.DataFrame
    n_epochs: int
    density: Density

    @property
    def has_few_epochs(self) -> bool:
        """Whether there are too few epochs for an answer."""
        return self.n_epochs < MINIMUM_EPOCHS


def measure_response(
    engagements: pd.DataFrame,
    power: str,
    selected: pd.DataFrame,
    start: Day,
    end: Day,
    *,
    before: int = BEFORE,
    after: int = AFTER,
) -> EpochResponse:
    """Measure the mean engagement with one power in the months around the epochs of a kind.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`~analysis.measures.create_engagements`, for this window or a wider one.
    power : str
        The power.
    selected : DataFrame
        From :func:`select_epochs`. These events themselves are left out of the engagement: a visit is no response to
        itself.
    start, end : Timestamp or ISO date
        The window; a month that it cuts is left out.
    before, after : int
        Months looked at on either side.

    Returns
    -------
    EpochResponse
        Without an answer under ``MINIMUM_EPOCHS`` epochs or ``MINIMUM_REST`` months of rest, or where the months are
        too sparse (see :class:`~analysis.measures.periods.Density`).

    Raises
    ------
    MeasureError
        If a number of months is negative, the window empty or wider than that of the engagements.

    Notes
    -----
    C. Chree (1913), "Some Phenomena of Sunspots and of Terrestrial Magnetism at Kew Observatory", Philosophical
    Transactions A 212; M. W. Haurwitz and G. W. Brier (1981), "A Critique of the Superposed Epoch Analysis Method",
    Monthly Weather Review 109(10), whose warning that months are neither independent nor normal is met by shifting the
    epochs together around the ring of months: their distances and the dependence of the months stay as they are. A
    month stands in the response once, after an epoch rather than before the next.

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> few = pd.DataFrame({"event_id": ["X"], "date_start": pd.to_datetime(["2024-02-10"]), "summary": ["made up"]})
    >>> found = measure_response(example_engagements(), "RUS", few, "2024-01-01", "2024-12-31")
    >>> found.n_epochs, found.has_few_epochs, found.p_value is None
    (1, True, True)
    """
    for name, value in (("before", before), ("after", after)):
        if value < 0:
            raise MeasureError(f"{name} is {value!r}; accepted: 0 or more months")
    kept = engagements[~engagements["event_id"].isin(selected["event_id"])]
    series = net_engagement(kept, power, start, end, "month")
    held = density(series)
    months = series["date_start"].tolist()
    epochs = [months.index(month) for month in join_epochs(selected, after)["month"] if month in months]
    if not held.is_enough or (found := _superpose(series, epochs, before, after)) is None:
        return EpochResponse(power, _table([]), None, None, None, _leave_out([], []), len(epochs), held)
    response, rest, effect, p_value = found
    fewer = [_superpose(series, [other for other in epochs if other != epoch], before, after) for epoch in epochs]
    without = _leave_out([months[epoch] for epoch in epochs], [np.nan if one is None else one[3] for one in fewer])
    return EpochResponse(power, response, rest, effect, p_value, without, len(epochs), held)


def _superpose(
    series: pd.DataFrame, epochs: list[int], before: int, after: int
) -> tuple[pd.DataFrame, float, float, float] | None:
    """The response, the rest, the effect and its p-value; None with too few epochs or too little rest."""
    months = series["date_start"].tolist()
    around = _months_around(epochs, len(months), before, after)
    rest = sorted(set(range(len(months))) - {place for places in around.values() for place in places})
    if len(epochs) < MINIMUM_EPOCHS or len(rest) < MINIMUM_REST:
        return None
    values = series["value"].to_numpy(dtype=np.float64)
    # Row s is the series shifted by s months around the ring; row 0 is the series as it is.
    turned = (np.arange(len(months))[:, None] + np.arange(len(months))) % len(months)
    shifted = values[turned]
    rests = shifted[:, rest].mean(axis=1)
    means = {lag: shifted[:, places].mean(axis=1) for lag, places in around.items() if places}
    since = [place for lag, places in around.items() if lag >= 0 for place in places]
    effects = shifted[:, since].mean(axis=1) - rests
    tail = (1 - LEVEL) / 2
    rows = []
    for lag, mean in means.items():
        low, high = np.quantile(mean, [tail, 1 - tail])
        largest = max(around[lag], key=lambda place: abs(values[place]))
        share = values[largest] / values[around[lag]].sum() if abs(mean[0]) > 1e-9 else 0.0
        rows.append(
            {
                "lag": lag, "mean": mean[0], "low": low, "high": high, "n": len(around[lag]),
                "largest_month": months[largest], "largest_share": share,
            }
        )  # fmt: skip
    p_value = float(np.mean(np.abs(effects) >= abs(effects[0]) - 1e-9))
    return _table(rows), float(rests[0]), float(effects[0]), p_value


def _months_around(epochs: list[int], length: int, before: int, after: int) -> dict[int, list[int]]:
    """Places of the months at each lag, each place once: what follows one epoch does not precede the next."""
    taken = {place + lag for place in epochs for lag in range(after + 1)}
    around: dict[int, list[int]] = {lag: [] for lag in range(-before, after + 1)}
    for place in epochs:
        for lag, places in around.items():
            month = place + lag
            if 0 <= month < length and (lag >= 0 or month not in taken):
                places.append(month)
                if lag < 0:
                    taken.add(month)
    return around


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    types = {
        "lag": "int64", "mean": "float64", "low": "float64", "high": "float64", "n": "int64",
        "largest_month": "datetime64[ns]", "largest_share": "float64",
    }  # fmt: skip
    return frame_of(rows, types)


def _leave_out(months: list[pd.Timestamp], p_values: list[float]) -> pd.DataFrame:
    month = np.array(months, dtype="datetime64[ns]")
    return pd.DataFrame({"month": month, "p_value": np.array(p_values, dtype=np.float64)})
