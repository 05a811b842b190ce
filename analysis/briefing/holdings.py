"""What the portfolio, the votes and the ports of a briefing rest on: measures asked with the reviewed tables."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis import reference
from analysis.briefing.evidence import Evidence
from analysis.measures.agreement import agree_votes
from analysis.measures.hubs import (
    NIGER_COUP,
    compare_quarters,
    create_investors,
    create_throughput,
    create_transit,
)
from analysis.measures.portfolio import PortfolioTilt, create_portfolio, summarise_portfolio, tilt_dimensions
from analysis.measures.strengths import TieJudgements
from analysis.measures.trade_figures import choose_side_by_side, create_trade_figures

HUB_KINDS = ("port_terminal", "dry_port", "corridor", "rail", "pipeline", "industrial_zone")


@dataclass(frozen=True)
class Portfolios:
    """The ties of every compared state with every power on the last day and on the first."""

    after: pd.DataFrame
    before: pd.DataFrame


@dataclass(frozen=True)
class Hub:
    """Ports by year, the same quarters, routes of the landlocked, investors, and trade partners side by side."""

    throughput: pd.DataFrame
    quarters: pd.DataFrame
    transit: pd.DataFrame
    investors: pd.DataFrame
    partners: dict[str, pd.DataFrame]
    turn: pd.Timestamp


def measure_portfolios(evidence: Evidence) -> Portfolios:
    """Measure the ties of all compared states on the last day of the window and on its first.

    Examples
    --------
    >>> from analysis.briefing.evidence import load_evidence
    >>> portfolios = measure_portfolios(load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28"))
    >>> portfolios.after["dimension"].nunique()
    7
    """
    judgements = TieJudgements(
        *(
            reference.load(name)
            for name in ("tie_strengths", "power_organisations", "organisation_rosters", "claimed_figures")
        )
    )
    after, before = (
        create_portfolio(evidence.ties, evidence.votes, evidence.states, evidence.powers, day, judgements)
        for day in (evidence.end, evidence.start)
    )
    return Portfolios(after, before)


def mean_of(evidence: Evidence, portfolios: Portfolios, state: str) -> tuple[pd.DataFrame, PortfolioTilt]:
    """The tilts of a state's dimensions on the last day, and their mean."""
    tilts = tilt_dimensions(portfolios.after, state, *evidence.powers[:2])
    return tilts, summarise_portfolio(tilts)


def tilt_of(evidence: Evidence, portfolios: Portfolios) -> tuple[pd.DataFrame, PortfolioTilt, pd.DataFrame]:
    """The tilts of the state's own dimensions on the last day, their mean, and the tilts on the first day."""
    tilts, summary = mean_of(evidence, portfolios, evidence.state)
    return tilts, summary, tilt_dimensions(portfolios.before, evidence.state, *evidence.powers[:2])


def create_portfolio_grid(evidence: Evidence, portfolios: Portfolios) -> pd.DataFrame:
    """The tilts of every compared state by dimension, and their mean with its ends.

    Returns
    -------
    DataFrame
        ``state, dimension`` ("mean" for the mean)``, tilt, low, high`` (the mean's least and most without any one
        dimension or reweighted)``, n_dimensions`` (of the mean), a complete grid. Dimensions in which no state is known
        are left out.
    """
    found = {state: mean_of(evidence, portfolios, state) for state in evidence.states}
    seen = {name for tilts, _ in found.values() for name in tilts.loc[tilts["tilt"].notna(), "dimension"]}
    rows = []
    for state, (tilts, summary) in found.items():
        chosen = tilts[tilts["dimension"].isin(seen)]
        rows += [
            {"state": state, "dimension": name, "tilt": tilt, "n_dimensions": 1}
            for name, tilt in zip(chosen["dimension"], chosen["tilt"], strict=True)
        ]
        ends = [summary.low, summary.low_weighted, summary.high, summary.high_weighted]
        known = [end for end in ends if end is not None]
        rows.append(
            {
                "state": state, "dimension": "mean", "tilt": summary.value, "low": min(known, default=None),
                "high": max(known, default=None), "n_dimensions": summary.n_dimensions,
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=["state", "dimension", "tilt", "low", "high", "n_dimensions"])
    return frame.astype({"tilt": "float64", "low": "float64", "high": "float64"})


def select_votes(evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Votes held by the last day, and the agreement of each compared state with the first two powers."""
    held = evidence.votes[evidence.votes["date"].between(evidence.start, evidence.end)]
    return held, agree_votes(held, evidence.states, evidence.powers[:2], evidence.end)


def create_hub(evidence: Evidence) -> Hub:
    """Ports, routes, investors and trade partners of the state, as of the last day of the window."""
    readings, end = reference.load("port_readings"), evidence.end
    figures = evidence.port_figures
    compared = figures[figures["state"].isin(evidence.states)]
    transit = create_transit(figures, readings, end)
    concerned = transit["destination"].isin(evidence.states) & transit["state"].isin(evidence.states)
    return Hub(
        create_throughput(compared, readings, end),
        compare_quarters(compared, end),
        transit[concerned],
        create_investors(evidence.projects, [evidence.state], HUB_KINDS),
        _partners(evidence),
        pd.Timestamp(NIGER_COUP),
    )


def _partners(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """For each flow the period and unit in which most partner states stand side by side, largest first.

    A figure that another contradicts is left out.
    """
    own = evidence.ties[evidence.ties["state"] == evidence.state]
    figures = create_trade_figures(own, reference.load("claimed_figures"), evidence.end)
    figures = figures[figures["partner"].isin(reference.load("states")["iso3"]) & (figures["low"] == figures["high"])]
    chosen = {}
    for flow in ("import", "export"):
        of_flow = figures[figures["flow"] == flow]
        found = choose_side_by_side(of_flow, evidence.state, sorted(set(of_flow["partner"])))
        if len(found):
            chosen[flow] = found.sort_values(["high", "partner"], ascending=[False, True], ignore_index=True)
    return chosen
