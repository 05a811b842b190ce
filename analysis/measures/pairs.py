"""The events with two powers, as the units that a tilt and its draws are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.checks import check_codes, check_engagements

PAIR_COLUMNS = ("date_start", "date_end", "weight", "window_share", "cooperation", "conflict")


Columns = Mapping[str, Any]
"""Columns of the same length by name: a frame, or arrays where a report asks so often that frames take longest."""


def rows_of_pair(engagements: pd.DataFrame, a: str, b: str) -> Columns:
    """Choose the engagements with either of two powers, in an order that does not depend on how they are given.

    Raises
    ------
    MeasureError
        If a equals b or the frame is malformed.
    """
    check_codes("powers", [a, b])
    check_engagements(engagements, PAIR_COLUMNS)
    return rows_with(engagements, [a, b], PAIR_COLUMNS)


def rows_with(engagements: pd.DataFrame, powers: list[str], columns: Iterable[str]) -> dict[str, Any]:
    """Choose the engagements with some powers, in order of event and power: event_id, power and other columns.

    Examples
    --------
    >>> rows = pd.DataFrame({"event_id": ["E2", "E1", "E1", "E3"], "power": ["FRA", "RUS", "FRA", "CHN"]})
    >>> {name: values.tolist() for name, values in rows_with(rows, ["FRA", "RUS"], []).items()}
    {'event_id': ['E1', 'E1', 'E2'], 'power': ['FRA', 'RUS', 'FRA']}
    """
    places = find_places(engagements, powers)
    return {name: engagements[name].array.take(places) for name in ("event_id", "power", *columns)}


def find_places(engagements: pd.DataFrame, powers: list[str]) -> NDArray[np.intp]:
    """Find the rows with some powers, in order of event and power."""
    keys = list(zip(engagements["event_id"].tolist(), engagements["power"].tolist(), strict=True))
    chosen = [place for place, (_, power) in enumerate(keys) if power in powers]
    return np.array(sorted(chosen, key=keys.__getitem__), dtype=np.intp)


def units_of_pair(
    rows: Columns, pair: list[str], amounts: NDArray[np.float64]
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
