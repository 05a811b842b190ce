"""What else a finding about home and abroad may be: acts counted on both sides, and more or less gathered."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.briefing.evidence import Evidence, once
from analysis.measures.lags import FEWEST_PERIODS, LAGS, LaggedCorrelation, correlate_nothing, correlate_series
from analysis.measures.periods import as_series, find_edges, net_engagement, whole_periods
from analysis.measures.pressure import create_pressure, pressure_series
from analysis.measures.shifts import Shifts, find_shifts
from analysis.measures.windows import window_shares
from analysis.reference import load

_NEAR_DAYS = 366


@dataclass(frozen=True)
class Alternatives:
    """The correlation of pressure with a power once more: without some events, and over some alone.

    ``n_acts`` are the acts of the state against nationals and media of the power (reviewed table `acts_on_nationals`),
    ``without_acts`` the correlation without them, ``cooperation`` that with cooperation alone.
    """

    n_acts: int
    without_acts: LaggedCorrelation
    cooperation: LaggedCorrelation


@once
def gather_pressure(evidence: Evidence, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Gather the pressure at home of a window, by the reviewed table `pressure_kinds`."""
    return create_pressure(
        evidence.events, evidence.event_actors, load("pressure_kinds"), evidence.state, start, end
    )  # fmt: skip


def measure_alternatives(evidence: Evidence, pressure: pd.DataFrame, power: str) -> Alternatives:
    """Correlate pressure and engagement with a power without acts on its nationals, and with cooperation alone."""
    acts = find_acts_on_nationals(evidence, power)
    rows = evidence.engagements
    return Alternatives(
        n_acts=len(acts),
        without_acts=correlate_home(evidence, pressure, power, rows[~rows["event_id"].isin(acts)], is_sparse_too=True),
        cooperation=correlate_home(evidence, pressure, power, rows[rows["weight"] > 0], is_sparse_too=True),
    )


def find_acts_on_nationals(evidence: Evidence, power: str) -> frozenset[str]:
    """The events of conflict with a power in which the state acts on its nationals or media, by the reviewed table."""
    with_power = evidence.engagements[evidence.engagements["power"].eq(power) & evidence.engagements["weight"].lt(0)]
    actors = evidence.event_actors
    acting = actors.loc[actors["position"].eq("source") & actors["state"].eq(evidence.state), "event_id"]
    is_act = with_power["event_class"].isin(load("acts_on_nationals")["event_class"])
    return frozenset(with_power.loc[is_act & with_power["event_id"].isin(acting), "event_id"])


def correlate_home(
    evidence: Evidence,
    pressure: pd.DataFrame,
    power: str,
    engagements: pd.DataFrame,
    period: str = "month",
    lags: tuple[int, ...] = LAGS,
    *,
    is_sparse_too: bool = False,
) -> LaggedCorrelation:
    """Pressure and some engagements with a power; an event of both, as a station shut, is left out of pressure.

    A window that is too short for the lags has no correlation, as one in which too little happened.
    """
    window = evidence.start, evidence.end
    with_power = evidence.engagements.loc[evidence.engagements["power"].eq(power), "event_id"]
    series = (
        pressure_series(pressure, *window, period, without=frozenset(with_power)),
        net_engagement(engagements, power, *window, period),
    )
    if len(series[0]) < max(map(abs, lags)) + FEWEST_PERIODS:
        return correlate_nothing(*series)
    return correlate_series(*series, lags=lags, is_sparse_too=is_sparse_too)


def find_gathered_shifts(evidence: Evidence, pressure: pd.DataFrame) -> Shifts:
    """Where the number of other events gathered of the state changes its level: no power in them, no pressure."""
    actors = evidence.event_actors
    sides = actors[actors["position"].isin(["source", "target"])]
    own = sides.loc[sides["state"].eq(evidence.state), "event_id"]
    others = {*actors.loc[actors["state"].isin(evidence.powers), "event_id"], *pressure["event_id"]}
    events = evidence.events[evidence.events["event_id"].isin(own) & ~evidence.events["event_id"].isin(others)]
    events = events.sort_values("event_id")
    periods = whole_periods(evidence.start, evidence.end)
    shares = window_shares(events["date_start"], events["date_end"], *find_edges(periods))
    return find_shifts(as_series(periods, shares.sum(axis=0), shares))


def find_step_near(gathered: Shifts, day: pd.Timestamp) -> pd.Series | None:
    """The change of the gathered events that lies nearest to a day, if one does within a year."""
    if gathered.points.empty:
        return None
    apart = (gathered.points["date"] - day).abs()
    return gathered.points.loc[apart.idxmin()] if apart.min() <= pd.Timedelta(days=_NEAR_DAYS) else None
