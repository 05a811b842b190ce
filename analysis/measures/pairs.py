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
    rows = engagements.loc[engagements["power"].isin([a, b]), ["event_id", "state", "power", *PAIR_COLUMNS]]
    return rows.sort_values(["event_id", "power"], ignore_index=True)


def units_of_pair(
    rows: pd.DataFrame, pair: list[str], amounts: NDArray[np.float64]
) -> tuple[list[str], NDArray[np.float64]]:
    """Find the distinct events with any amount, and their amounts (rows x windows) as powers x events x windows."""
    has_any = (amounts > 0).any(axis=1)
    chosen = rows[has_any]
    event_ids = sorted(set(chosen["event_id"]))
    place = {event_id: number for number, event_id in enumerate(event_ids)}
    units = np.zeros((len(pair), len(event_ids), amounts.shape[1]))
    units[chosen["power"].eq(pair[1]).to_numpy(dtype=np.int64), [place[one] for one in chosen["event_id"]]] = amounts[
        has_any
    ]
    return event_ids, units
