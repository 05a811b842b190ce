"""The events with two powers, as the units that a tilt and its draws are made of."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.checks import check_codes, check_engagements

PAIR_COLUMNS = ("date_start", "date_end", "weight", "window_share", "cooperation", "conflict")


def rows_of_pair(engagements: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """Choose the engagements with either of two powers, in an order that does not depend on how they are given.

    Raises
    ------
    MeasureError
        If a equals b or the frame is malformed.
    """
    check_codes("powers", [a, b])
    check_engagements(engagements, PAIR_COLUMNS)
    return rows_with(engagements, [a, b])


def rows_with(engagements: pd.DataFrame, powers: list[str]) -> pd.DataFrame:
    """Choose the engagements with some powers, in order of event and power.

    A report asks for some hundred such choices of a few rows, for which lists are faster than a frame's own sorting.

    Examples
    --------
    >>> rows = pd.DataFrame({"event_id": ["E2", "E1", "E1", "E3"], "power": ["FRA", "RUS", "FRA", "CHN"]})
    >>> rows_with(rows, ["FRA", "RUS"]).values.tolist()
    [['E1', 'FRA'], ['E1', 'RUS'], ['E2', 'FRA']]
    """
    keys = list(zip(engagements["event_id"].tolist(), engagements["power"].tolist(), strict=True))
    chosen = [place for place, (_, power) in enumerate(keys) if power in powers]
    return engagements.take(sorted(chosen, key=keys.__getitem__))


def units_of_pair(
    rows: pd.DataFrame, pair: list[str], amounts: NDArray[np.float64]
) -> tuple[list[str], NDArray[np.float64]]:
    """Find the distinct events with any amount, and their amounts (rows x windows) as powers x events x windows."""
    places = np.flatnonzero((amounts > 0).any(axis=1)).tolist()
    events, powers = (
        [values[place] for place in places] for values in (rows["event_id"].tolist(), rows["power"].tolist())
    )
    event_ids = sorted(set(events))
    place_of = {event_id: number for number, event_id in enumerate(event_ids)}
    units = np.zeros((len(pair), len(event_ids), amounts.shape[1]))
    units[[int(power == pair[1]) for power in powers], [place_of[one] for one in events]] = amounts[places]
    return event_ids, units
