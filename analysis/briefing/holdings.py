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
    create_route_events,
    create_throughput,
    create_transit,
)
from analysis.measures.portfolio import PortfolioTilt, create_portfolio, summarise_portfolio, tilt_dimensions
from analysis.measures.strengths import TieJudgements
from analysis.measures.trade_figures import choose_latest_list, create_trade_figures

HUB_KINDS = ("port_terminal", "dry_port", "corridor", "rail", "pipeline", "industrial_zone")


ENDED = ("ended", "gone", "closed")
"""What a strength of 0 rests on where the tie once stood."""


@dataclass(frozen=True)
class Portfolios:
    """The ties of every compared state with every power on the last day and on the first."""

    after: pd.DataFrame
    before: pd.DataFrame


@dataclass(frozen=True)
class Hub:
    """Ports by year, the same quarters, routes of the landlocked, what happened on them, investors, trade partners."""

    throughput: pd.DataFrame
    quarters: pd.DataFrame
    transit: pd.DataFrame
    happenings: pd.DataFrame
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
        dimension or reweighted)``, n_dimensions`` (of the mean, also where they are too few for one), a complete grid.
        Dimensions in which no state is known are left out.
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


def select_votes(evidence: Evidence, *, in_common: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Votes held by the last day, and the agreement of each compared state with the first two powers.

    Every roll call on record counts, also one before the window, as in the portfolio: how a state voted stands until
    it votes again. With `in_common` the two agreements of a state rest on the same roll calls.
    """
    held = evidence.votes[evidence.votes["date"] <= evidence.end]
    return held, agree_votes(held, evidence.states, evidence.powers[:2], evidence.end, in_common=in_common)


def find_one_sided_ends(tilts: pd.DataFrame) -> list[tuple[str, str]]:
    """The kinds of tie that ended with one power and are not known with the other: (dimension, "a" or "b")."""
    found = []
    for row in tilts[tilts["strength_a"].isna() != tilts["strength_b"].isna()].to_dict("records"):
        side = "b" if pd.isna(row["strength_a"]) else "a"
        if row[f"strength_{side}"] == 0 and row[f"basis_{side}"] in ENDED:
            found.append((str(row["dimension"]), side))
    return found


def create_hub(evidence: Evidence) -> Hub:
    """Ports, routes, investors and trade partners of the state, as of the last day of the window."""
    readings, end = reference.load("port_readings"), evidence.end
    figures = evidence.port_figures
    compared = figures[figures["state"].isin(evidence.states)]
    transit = create_transit(figures, readings, end)
    happenings = create_route_events(figures, reference.load("route_events"), end)
    concerned = transit["destination"].isin(evidence.states) & transit["state"].isin(evidence.states)
    return Hub(
        create_throughput(compared, readings, end),
        compare_quarters(compared, end),
        transit[concerned],
        happenings[happenings["destination"].isin(evidence.states) & happenings["state"].isin(evidence.states)],
        create_investors(
            evidence.projects[~(evidence.projects["start"] > end)],
            [evidence.state],
            HUB_KINDS,
            readings=reference.load("project_readings"),
        ),
        _partners(evidence),
        pd.Timestamp(NIGER_COUP),
    )


def _partners(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """For each flow the latest list of partner states, whole years first, the largest partner first.

    A figure that another contradicts is left out, and so is a list that covers a region alone.
    """
    partial = set(reference.load("trade_list_scopes")["url"])
    own = evidence.ties[evidence.ties["state"] == evidence.state]
    figures = create_trade_figures(own, reference.load("claimed_figures"), evidence.end)
    figures = figures[figures["partner"].isin(reference.load("states")["iso3"]) & (figures["low"] == figures["high"])]
    figures = figures.loc[[not urls or not partial.issuperset(urls.split()) for urls in figures["urls"]]]
    chosen = {}
    for flow in ("import", "export"):
        found = choose_latest_list(figures[figures["flow"] == flow], evidence.state)
        if len(found):
            chosen[flow] = found
    return chosen
