"""Statements held against measures: each measure that `statement_tests` may name, asked with the evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from analysis import reference
from analysis.briefing.alternatives import correlate_home, find_acts_on_nationals, gather_pressure
from analysis.briefing.evidence import Evidence
from analysis.errors import UnknownNameError
from analysis.measures import create_engagements, tilt
from analysis.measures.amounts import (
    TOO_FEW,
    TOO_FEW_KINDS,
    TOO_FEW_STATES,
    Amount,
    depth_percentile,
    net_margin,
    net_per_year,
    rank_figures,
)
from analysis.measures.hubs import create_throughput, create_transit
from analysis.measures.lags import LAGS
from analysis.measures.neighbourhood import MINIMUM_STATES, measure_balance_change, split_halves
from analysis.measures.portfolio import MINIMUM_DIMENSIONS, create_portfolio
from analysis.measures.strengths import TieJudgements

Given = Mapping[str, list[str]]
Window = tuple[pd.Timestamp, pd.Timestamp]
_LAGS = {"month": LAGS, "quarter": (0,)}
"""The lags at which "At home" looks, by period."""


def measure(evidence: Evidence, name: str, given: Given, window: Window) -> Amount:
    """Measure what a statement speaks of.

    Parameters
    ----------
    evidence : Evidence
        Its state is the subject.
    name : str
        A measure of `statement_tests`.
    given : mapping of str to list of str
        What that measure needs, for example ``{"power": ["FRA"]}``.
    window : pair of Timestamp
        First and last day.

    Raises
    ------
    UnknownNameError
        There is no such measure.
    """
    if name not in _MEASURES:
        raise UnknownNameError("measure of statement_tests.csv", name, _MEASURES)
    return _MEASURES[name](evidence, given, window)


def _engagements(evidence: Evidence, state: str, powers: list[str], window: Window) -> pd.DataFrame:
    return create_engagements(evidence.dyad_events, evidence.events, state, powers, *window)


def _others(evidence: Evidence, given: Given, powers: list[str], window: Window) -> dict[str, pd.DataFrame]:
    """Engagements of the other states, those named or those compared, the powers left out."""
    states = given.get("states", list(evidence.states))
    return {
        state: _engagements(evidence, state, powers, window)
        for state in states
        if state != evidence.state and state not in powers
    }


def _cooperation(evidence: Evidence, given: Given, window: Window) -> Amount:
    return net_per_year(_engagements(evidence, evidence.state, given["power"], window), *window, "cooperation")


def _net(evidence: Evidence, given: Given, window: Window) -> Amount:
    return net_per_year(_engagements(evidence, evidence.state, given["power"], window), *window)


def _margin(evidence: Evidence, given: Given, window: Window) -> Amount:
    powers = given["powers"]
    own = _engagements(evidence, evidence.state, powers, window)
    return net_margin(own, _others(evidence, given, powers, window), *window)


def _depth(evidence: Evidence, given: Given, window: Window) -> Amount:
    powers = given["powers"]
    own = _engagements(evidence, evidence.state, powers, window)
    return depth_percentile(own, _others(evidence, given, powers, window))


def _tilt(evidence: Evidence, given: Given, window: Window) -> Amount:
    a, b = given["powers"]
    rows = _engagements(evidence, evidence.state, [a, b], window)
    lean = tilt(rows, a, b)
    ids = tuple(dict.fromkeys(rows.loc[rows["cooperation"] > 0, "event_id"]))
    return Amount(lean.value, lean.low, lean.high, lean.n_events, ids, TOO_FEW if lean.low is None else "")


def _balance(evidence: Evidence, given: Given, window: Window) -> Amount:
    """How the mean evenness of the compared states moved; without an interval where too few of them can be compared."""
    powers = given["powers"]
    states = [state for state in evidence.states if state not in powers]
    early, late = split_halves(*window)
    found = measure_balance_change(evidence.dyad_events, evidence.events, states, powers, early, late)
    ends = (None, None) if found.reason else (found.low, found.high)
    why = TOO_FEW_STATES if found.reason else ""
    return Amount(found.change, *ends, len(found.states), found.states, why, MINIMUM_STATES)


def _dimensions(evidence: Evidence, given: Given, window: Window) -> Amount:
    """The percentage of kinds of tie on which the power has the strongest, among those known with others too."""
    power, others = given["power"][0], given["others"]
    judgements = TieJudgements(
        *map(reference.load, ("tie_strengths", "power_organisations", "organisation_rosters", "claimed_figures"))
    )
    ties = create_portfolio(
        evidence.ties, evidence.votes, [evidence.state], [power, *others], window[1], judgements
    ).dropna(subset=["strength"])
    grid = ties.pivot_table(index="dimension", columns="power", values="strength")
    known = (
        grid[grid.get(power, pd.Series(dtype="float64")).notna() & (grid.notna().sum(axis=1) > 1)]
        if len(grid)
        else grid
    )
    if len(known) < MINIMUM_DIMENSIONS:
        return Amount(None, None, None, len(known), tuple(map(str, known.index)), TOO_FEW_KINDS, MINIMUM_DIMENSIONS)
    best = known.drop(columns=power).max(axis=1)
    low, high = 100 * float((known[power] > best).mean()), 100 * float((known[power] >= best).mean())
    return Amount(low, low, high, len(known), tuple(map(str, known.index)), n_others=len(known))


def _ports(evidence: Evidence, given: Given, window: Window) -> Amount:
    figures = create_throughput(
        evidence.port_figures, reference.load("port_readings"), window[1], measure=given["measure"][0]
    )
    figures = figures[figures["state"].isin(evidence.states) & (figures["year"] >= window[0].year)].sort_values("year")
    return replace(rank_figures(figures.rename(columns={"state": "name"}), evidence.state), since=window[0].year)


def _transit(evidence: Evidence, given: Given, window: Window) -> Amount:
    """Tonnes to all the landlocked states together, the least and most of whatever years are on record of each."""
    found = create_transit(evidence.port_figures, reference.load("port_readings"), window[1])
    found = found[(found["unit"] == "tonnes") & found["destination"].isin(given["destinations"])]
    found = found[found["state"].isin(evidence.states) & (found["year"] >= window[0].year)]
    of_each = found.groupby(["state", "destination"]).agg(
        {"low": "min", "high": "max", "row_ids": " ".join, "outlets": "; ".join}
    )
    sums = (
        of_each.groupby("state")
        .agg({"low": "sum", "high": "sum", "row_ids": " ".join, "outlets": "; ".join})
        .reset_index()
    )
    return replace(rank_figures(sums.rename(columns={"state": "name"}), evidence.state), since=window[0].year)


def _pressure(evidence: Evidence, given: Given, window: Window) -> Amount:
    """The rank correlation of pressure at home with engagement, as "At home" has it, no event on both sides.

    By month at the strongest of several lags, or by quarter with engagement of the same quarter; where it is asked
    ``without=acts``, without the state's acts on nationals and media of the power, which pressure may count too.
    """
    power, period = given["power"][0], given["by"][0]
    if period not in _LAGS:
        raise UnknownNameError("period of statement_tests.csv", period, _LAGS)
    rows = _engagements(evidence, evidence.state, [power], window)
    # The statement names its power, whatever powers the report is on.
    own = replace(evidence, powers=(power,), engagements=rows, start=window[0], end=window[1])
    pressure = gather_pressure(evidence, *window)
    is_less = given.get("without") == ["acts"]
    left = rows[~rows["event_id"].isin(find_acts_on_nationals(own, power))] if is_less else rows
    found = correlate_home(own, pressure, power, left, period, _LAGS[period], is_sparse_too=is_less)
    rests = tuple(pressure["event_id"])
    why = TOO_FEW if found.correlation is None else ""
    n_periods = found.densities[0].n_periods
    return Amount(found.correlation, None, None, n_periods, rests, why, p_value=found.p_value)


_MEASURES: dict[str, Callable[[Evidence, Given, Window], Amount]] = {
    "balance_change": _balance,
    "cooperation_per_year": _cooperation,
    "depth_percentile": _depth,
    "leading_dimensions": _dimensions,
    "net_margin": _margin,
    "net_per_year": _net,
    "port_percentile": _ports,
    "pressure_association": _pressure,
    "tilt": _tilt,
    "transit_percentile": _transit,
}
