"""Comparisons: one state beside others, and one answer beside those that other weights would give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.bootstrap import TiltOptions
from analysis.measures.checks import check_codes
from analysis.measures.engagement import create_engagements
from analysis.measures.spread import depth
from analysis.measures.tilts import Tilt, largest_event, tilt
from analysis.measures.windows import Day


def compare_states(
    dyad_events: pd.DataFrame,
    events: pd.DataFrame,
    states: Sequence[str],
    powers: Sequence[str],
    start: Day,
    end: Day,
    weight: str = "reviewed",
    *,
    direction: str = "both",
    **options: Unpack[TiltOptions],
) -> pd.DataFrame:
    """Set tilt and depth of several states side by side.

    Parameters
    ----------
    dyad_events, events : DataFrame
        The tables of these names.
    states : sequence of str
        Actor codes of the states, each once and none of them a power.
    powers : sequence of str
        Two or more powers: the tilt is between the first two, the depth over all.
    start, end : Timestamp or ISO date
        First and last day of the window, both inside it.
    weight, direction : str
        As in :func:`~analysis.measures.create_engagements`.
    **options
        draws, seed, level and minimum_events, as in :func:`~analysis.measures.tilt`.

    Returns
    -------
    DataFrame
        state, tilt, low, high (missing where None), depth (weight points a year), depth_percentile, n_events, reason;
        one row per state in the order given. The percentile is the share (0 to 100) of the other states with less
        depth, ties counting half; missing for a single state.

    Raises
    ------
    MeasureError
        As the measures it calls.

    Examples
    --------
    >>> from analysis.measures.examples import example_tables
    >>> states = compare_states(*example_tables(), ["TGO", "BEN"], ["FRA", "RUS"], "2024-01-01", "2024-12-31")
    >>> states[["state", "tilt", "depth", "depth_percentile", "n_events"]].round(2)
      state  tilt  depth  depth_percentile  n_events
    0   TGO  -0.5  11.98             100.0         5
    1   BEN   1.0   2.99               0.0         1
    """
    chosen = check_codes("powers", powers, at_least=2)
    compared = check_codes("states", states, not_among=chosen)
    rows, depths = [], []
    for state in compared:
        engagements = create_engagements(dyad_events, events, state, chosen, start, end, weight, direction=direction)
        rows.append({"state": state} | _tilt_row(tilt(engagements, chosen[0], chosen[1], **options)))
        depths.append(depth(engagements, chosen, start, end))
    amounts = np.array(depths)
    frame = _typed(rows, "state").assign(depth=amounts, depth_percentile=_percentiles(amounts))
    return frame[["state", "tilt", "low", "high", "depth", "depth_percentile", "n_events", "reason"]]


def compare_weights(
    dyad_events: pd.DataFrame,
    events: pd.DataFrame,
    state: str,
    powers: Sequence[str],
    start: Day,
    end: Day,
    *,
    direction: str = "both",
    **options: Unpack[TiltOptions],
) -> pd.DataFrame:
    """Show how far a tilt depends on what an event weighs and which events count.

    Parameters
    ----------
    dyad_events, events, state, powers, start, end, direction
        As in :func:`~analysis.measures.create_engagements`; the tilt is between the first two powers.
    **options
        draws, seed, level and minimum_events, as in :func:`~analysis.measures.tilt`.

    Returns
    -------
    DataFrame
        weighting, tilt, low, high (missing where None), n_events, reason; one row each for "reviewed", "derived" (the
        mean Goldstein score of the PLOVER type), "unweighted" (the sign of the reviewed weight), "confirmed
        only" (reviewed weights of events that two outlets confirm) and "without largest event" (reviewed weights
        without :func:`~analysis.measures.largest_event`).

    Raises
    ------
    MeasureError
        As the measures it calls.

    Examples
    --------
    >>> from analysis.measures.examples import example_tables
    >>> answers = compare_weights(*example_tables(), "TGO", ["FRA", "RUS"], "2024-01-01", "2024-12-31")
    >>> answers[["weighting", "tilt", "n_events"]].round(2)
                   weighting  tilt  n_events
    0               reviewed -0.50         5
    1                derived -0.59         5
    2             unweighted -0.33         5
    3         confirmed only -0.50         5
    4  without largest event -0.33         4
    """
    a, b, *_ = chosen = check_codes("powers", powers, at_least=2, not_among=[state])
    reviewed, derived = (
        create_engagements(dyad_events, events, state, chosen, start, end, weight, direction=direction)
        for weight in ("reviewed", "derived")
    )
    choices = {
        "reviewed": reviewed,
        "derived": derived,
        "unweighted": _by_sign(reviewed),
        "confirmed only": reviewed.loc[reviewed["certainty"].eq("confirmed")],
        "without largest event": reviewed.loc[~reviewed["event_id"].isin([largest_event(reviewed, a, b)])],
    }
    return _typed(
        [{"weighting": name} | _tilt_row(tilt(frame, a, b, **options)) for name, frame in choices.items()], "weighting"
    )


def _by_sign(engagements: pd.DataFrame) -> pd.DataFrame:
    sign = np.sign(engagements["weight"])
    share = engagements["window_share"]
    return engagements.assign(
        weight=sign, cooperation=sign.clip(lower=0) * share, conflict=(-sign).clip(lower=0) * share
    )


def _tilt_row(one: Tilt) -> dict[str, object]:
    return {"tilt": one.value, "low": one.low, "high": one.high, "n_events": one.n_events, "reason": one.reason}


def _typed(rows: list[dict[str, object]], label: str) -> pd.DataFrame:
    types = {label: "str", "tilt": "float64", "low": "float64", "high": "float64", "n_events": "int64", "reason": "str"}
    return pd.DataFrame(rows).astype(types)


def _percentiles(amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the share (0 to 100) of the other amounts that are smaller, those equal up to rounding counting half."""
    if len(amounts) < 2:
        return np.full(len(amounts), np.nan)
    is_equal = np.isclose(amounts[:, None], amounts[None, :], rtol=1e-9, atol=0)
    is_less = (amounts[None, :] < amounts[:, None]) & ~is_equal
    return np.asarray(
        100 * (is_less.sum(axis=1) + 0.5 * (is_equal.sum(axis=1) - 1)) / (len(amounts) - 1), dtype=np.float64
    )
