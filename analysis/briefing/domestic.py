"""What happens at home and what abroad at the same time: measured once, for the sentences and figures of a briefing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.briefing.alternatives import (
    Alternatives,
    correlate_home,
    find_gathered_shifts,
    gather_pressure,
    measure_alternatives,
)
from analysis.briefing.evidence import Evidence, once
from analysis.measures.epochs import join_epochs, select_epochs
from analysis.measures.lags import LaggedCorrelation
from analysis.measures.movement import TiltMovement, compare_tilts
from analysis.measures.nearest import nearest_events
from analysis.measures.neighbourhood import split_halves
from analysis.measures.periods import density, net_engagement, whole_periods
from analysis.measures.pressure import pressure_series
from analysis.measures.responses import EpochResponse, measure_response
from analysis.measures.shifts import Shifts, find_shifts
from analysis.measures.windows import window_shares
from analysis.reference import load

_DRAWS = 40_000  # of the difference of two tilts, which has no exact form


@dataclass(frozen=True)
class Movement:
    """How the state's engagement with each power moved.

    ``shifts`` has the change points of the quarters with each power; ``nearest`` the weightiest events around each
    change point, by power (with ``point``, its day); ``halves`` the tilt in the two halves of the window, or None where
    the window is a day; ``gathered`` the change points of what else was gathered, and ``has_pressure`` whether pressure
    at home has events enough to be searched too.
    """

    shifts: Mapping[str, Shifts]
    nearest: pd.DataFrame
    halves: TiltMovement | None
    spans: tuple[tuple[pd.Timestamp, pd.Timestamp], ...]
    gathered: Shifts
    has_pressure: bool


@dataclass(frozen=True)
class Home:
    """What happens at home, and how it stands beside engagement with each power.

    ``pressure`` has one row per event at home, ``quarters`` the figure's bars (see :func:`count_quarters`),
    ``shift`` the change points of pressure by quarter, ``correlations`` the lagged correlations by month and power,
    ``by_quarter`` those of the same quarter, ``shared`` how many events of pressure are engagement with a power too,
    ``alternatives`` the correlations without some events, ``gathered`` the change points of what else was gathered,
    ``epochs`` the epochs of each kind and ``responses`` the response of each power around them, by kind.
    """

    pressure: pd.DataFrame
    quarters: pd.DataFrame
    shift: Shifts
    correlations: Mapping[str, LaggedCorrelation]
    by_quarter: Mapping[str, LaggedCorrelation]
    alternatives: Mapping[str, Alternatives]
    gathered: Shifts
    shared: Mapping[str, int]
    epochs: Mapping[str, pd.DataFrame]
    responses: Mapping[str, tuple[EpochResponse, ...]]


def measure_movement(evidence: Evidence) -> Movement:
    """Find where engagement with each power changed its level, and compare the tilt of the halves of the window."""
    shifts = {
        power: find_shifts(net_engagement(evidence.engagements, power, evidence.start, evidence.end))
        for power in evidence.powers
    }
    near = [
        nearest_events(evidence.engagements, power, day).assign(point=day)
        for power, found in shifts.items()
        for day in found.points["date"]
    ]
    columns = [*evidence.engagements.columns, "days", "point"]
    nearest = pd.concat(near, ignore_index=True) if near else pd.DataFrame(columns=columns)
    pressure = gather_pressure(evidence, evidence.start, evidence.end)
    at_home = density(pressure_series(pressure, evidence.start, evidence.end, "quarter"))
    gathered = _find_gathered(evidence)
    if evidence.start == evidence.end:
        return Movement(shifts, nearest, None, (), gathered, at_home.is_enough)
    spans = split_halves(evidence.start, evidence.end)
    a, b = evidence.powers[:2]
    halves = compare_tilts(evidence.engagements, a, b, *spans, draws=_DRAWS)
    return Movement(shifts, nearest, halves, tuple(spans), gathered, at_home.is_enough)


def measure_home(evidence: Evidence) -> Home:
    """Gather pressure at home, and set it and what happens around beside engagement with each power."""
    window = evidence.start, evidence.end
    pressure = gather_pressure(evidence, *window)
    epochs, responses = {}, {}
    for kind, rows in load("epoch_kinds").groupby("kind", sort=False):
        selected = select_epochs(
            evidence.events, evidence.event_actors, rows, evidence.state, evidence.states, evidence.powers, *window
        )
        epochs[str(kind)] = join_epochs(selected)
        responses[str(kind)] = tuple(
            measure_response(evidence.engagements, power, selected, *window) for power in evidence.powers
        )
    return Home(
        pressure=pressure,
        quarters=count_quarters(evidence, pressure),
        shift=find_shifts(pressure_series(pressure, *window, "quarter")),
        correlations={
            power: correlate_home(evidence, pressure, power, evidence.engagements) for power in evidence.powers
        },
        shared={
            power: int(pressure["event_id"].isin(_events_with(evidence, power)).sum()) for power in evidence.powers
        },
        by_quarter={
            power: correlate_home(evidence, pressure, power, evidence.engagements, "quarter", (0,))
            for power in evidence.powers
        },
        alternatives={power: measure_alternatives(evidence, pressure, power) for power in evidence.powers},
        gathered=_find_gathered(evidence),
        epochs=epochs,
        responses=responses,
    )


def count_quarters(evidence: Evidence, pressure: pd.DataFrame) -> pd.DataFrame:
    """Sum what happened at home by kind, and engagement by power, in each quarter, confirmed events apart.

    Returns
    -------
    DataFrame
        ``place`` ("home" or "abroad"), ``lane`` (kind of pressure, or power), ``date_start, date_end`` (the quarter,
        cut to the window), ``is_confirmed``, ``up`` (pressure or cooperation), ``down`` (conflict), in points; rows
        without any are left out.
    """
    quarters = whole_periods(evidence.start.to_period("Q").start_time, evidence.end.to_period("Q").end_time)
    firsts = quarters.start_time.where(quarters.start_time > evidence.start, evidence.start)
    ends = quarters.end_time.normalize()
    lasts = ends.where(ends < evidence.end, evidence.end)
    sides = [
        pressure.assign(place="home", lane=pressure["kind"]),
        evidence.engagements.assign(place="abroad", lane=evidence.engagements["power"]),
    ]
    frames = []
    for rows in sides:
        shares = window_shares(rows["date_start"], rows["date_end"], firsts, lasts)
        events, columns = shares.nonzero()
        amounts = rows["weight"].to_numpy(dtype=float)[events] * shares[events, columns]
        frames.append(
            rows.iloc[events][["place", "lane"]].assign(
                date_start=firsts[columns], date_end=lasts[columns],
                is_confirmed=rows["certainty"].eq("confirmed").to_numpy()[events],
                up=amounts.clip(min=0), down=(-amounts).clip(min=0),
            )
        )  # fmt: skip
    keys = ["place", "lane", "date_start", "date_end", "is_confirmed"]
    summed = pd.concat(frames, ignore_index=True).groupby(keys, as_index=False)[["up", "down"]].sum()
    return summed[(summed["up"] > 0) | (summed["down"] > 0)].reset_index(drop=True)


def frame_shifts(movement: Movement) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The series, levels and change points of all powers, one below the other."""
    parts: dict[str, list[pd.DataFrame]] = {"series": [], "levels": [], "points": []}
    for power, found in movement.shifts.items():
        about = {"n_distinct": found.density.n_events, "is_enough": found.density.is_enough}
        parts["series"].append(found.series.assign(power=power, **about))
        parts["levels"].append(found.levels.assign(power=power))
        parts["points"].append(found.points.assign(power=power))
    series, levels, points = (pd.concat(frames, ignore_index=True) for frames in parts.values())
    return series, levels, points


def frame_responses(home: Home) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The responses of all kinds and powers one below the other, and a row about each."""
    responses, about = [], []
    for kind, found in home.responses.items():
        for one in found:
            responses.append(one.response.assign(kind=kind, power=one.power))
            about.append((kind, one.power, one.rest, one.effect, one.p_value, one.n_epochs))
    columns = ["kind", "power", "rest", "effect", "p_value", "n_epochs"]
    types = dict.fromkeys(("rest", "effect", "p_value"), "float64")
    return pd.concat(responses, ignore_index=True), pd.DataFrame(about, columns=columns).astype(types)


@once
def _find_gathered(evidence: Evidence) -> Shifts:
    return find_gathered_shifts(evidence, gather_pressure(evidence, evidence.start, evidence.end))


def _events_with(evidence: Evidence, power: str) -> frozenset[str]:
    return frozenset(evidence.engagements.loc[evidence.engagements["power"].eq(power), "event_id"])
