"""The events that stand nearest to a day, such as that of a change point."""

from __future__ import annotations

import pandas as pd

from analysis.measures.windows import Day, as_day


def nearest_events(
    engagements: pd.DataFrame, power: str, day: Day, *, within_days: int = 92, most: int = 3
) -> pd.DataFrame:
    """Name the weightiest events with a power around a day.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`~analysis.measures.create_engagements`.
    power : str
        The power.
    day : Timestamp or ISO date
        The day of a change point.
    within_days : int
        How far an event may begin or end from it.
    most : int
        How many are named: the weightiest, among equals the nearest, then the first by id; in order of time.

    Returns
    -------
    DataFrame
        The rows of `engagements`, with ``days``: how many days from `day` the event is (negative before it, 0 on it).

    Examples
    --------
    >>> from analysis.measures.examples import example_engagements
    >>> nearest_events(example_engagements(), "RUS", "2024-04-01", most=2)[["event_id", "weight", "days"]]
      event_id  weight  days
    0       E2     3.0   -32
    1       E6     3.0    61
    """
    centre = as_day(day, "day")
    rows = engagements[engagements["power"].eq(power)]
    after, before = (rows["date_start"] - centre).dt.days, (rows["date_end"] - centre).dt.days
    days = after.where(after > 0, before.where(before < 0, 0)).astype("int64")
    near = rows.assign(days=days)[days.abs() <= within_days]
    ranked = near.assign(size=-near["weight"].abs(), distance=near["days"].abs())
    chosen = ranked.sort_values(["size", "distance", "event_id"]).head(most).drop(columns=["size", "distance"])
    return chosen.sort_values(["date_start", "event_id"], ignore_index=True)
