"""The figures of a briefing: each drawn from the evidence, with the caption and alt text its numbers give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis import figures, reference
from analysis.briefing.domestic import Home, Movement, frame_responses, frame_shifts
from analysis.briefing.evidence import Evidence
from analysis.briefing.frames import key_events
from analysis.briefing.holdings import Hub, Portfolios, create_portfolio_grid, select_votes, tilt_of
from analysis.briefing.leanings import write_memberships
from analysis.briefing.neighbourhood import Neighbourhood, with_acronyms
from analysis.briefing.network import OUTSIDE, create_blocs
from analysis.briefing.wording import short_names, spoken
from analysis.exhibit import Exhibit, show_figure
from analysis.language import say
from analysis.wording import format_day


@spoken
def draw_coverage(evidence: Evidence, counts: pd.DataFrame) -> Exhibit:
    """Events by year and certainty, from :func:`analysis.briefing.frames.count_events`."""
    return _draw("coverage", counts)


@spoken
def draw_timeline(evidence: Evidence) -> Exhibit:
    """Every event with each power, the weightiest labelled."""
    return _draw("timeline", evidence.engagements, evidence.powers, evidence.names, evidence.start, evidence.end)


@spoken
def draw_tilt(evidence: Evidence, rolling: pd.DataFrame, months: int) -> Exhibit:
    """The rolling tilt with its band, and the weightiest events beside it."""
    return _draw("tilt", rolling, *evidence.powers[:2], evidence.names, key_events(evidence), months=months)


@spoken
def draw_sensitivity(evidence: Evidence, weightings: pd.DataFrame) -> Exhibit:
    """The tilt under each way of weighing, from :func:`analysis.measures.compare_weights`."""
    return _draw("sensitivity", weightings, *evidence.powers[:2], evidence.names)


@spoken
def draw_words_and_deeds(evidence: Evidence, forms: pd.DataFrame) -> Exhibit:
    """Verbal and material cooperation and conflict, from :func:`analysis.measures.words_and_deeds`."""
    return _draw("words_and_deeds", forms, evidence.names)


@spoken
def draw_neighbours(evidence: Evidence, compared: pd.DataFrame) -> Exhibit:
    """Depth against tilt for the compared states, from :func:`analysis.measures.compare_states`."""
    return _draw("neighbours", compared, evidence.state, *evidence.powers[:2], evidence.names)


@spoken
def draw_neighbourhood(evidence: Evidence, years: pd.DataFrame, moves: Neighbourhood) -> Exhibit:
    """Tilt and depth of the compared states by year, from :func:`analysis.briefing.neighbourhood.measure_years`."""
    given = (years, moves.happenings, evidence.state, *evidence.powers[:2])
    return _draw("neighbourhood", *given, with_acronyms(evidence))


@spoken
def draw_tile_map(evidence: Evidence, compared: pd.DataFrame, moves: Neighbourhood) -> Exhibit:
    """The compared states as a map of tiles, from :func:`analysis.measures.compare_states`."""
    positions = reference.load("tile_positions").astype({"column": "int64", "row": "int64"})
    given = (compared, positions, moves.happenings, create_blocs(evidence))
    return _draw("tile_map", *given, evidence.state, *evidence.powers[:2], with_acronyms(evidence))


@spoken
def draw_ties(evidence: Evidence, matrix: pd.DataFrame) -> Exhibit:
    """What ties the state to each power, from :func:`analysis.briefing.relations.create_tie_matrix`."""
    return _draw("ties", matrix, evidence.powers, evidence.names)


@spoken
def draw_memberships(evidence: Evidence, spells: pd.DataFrame) -> Exhibit:
    """Who was in which organisation when, from :func:`analysis.briefing.memberships.create_spells`."""
    organisations = list(dict.fromkeys(spells["organisation"]))
    names = with_acronyms(evidence, organisations)
    return _draw("memberships", spells, evidence.states, organisations, evidence.start, evidence.end, names)


@spoken
def draw_portfolio(evidence: Evidence, portfolios: Portfolios) -> Exhibit:
    """The tilt of each kind of tie, and their mean with its ranges."""
    tilts, summary, before = tilt_of(evidence, portfolios)
    earlier = {"before": before, "before_day": format_day(evidence.start)}
    note = write_memberships(evidence, portfolios)
    return _draw("portfolio", tilts, summary, *evidence.powers[:2], evidence.names, common=earlier, note=note)


@spoken
def draw_portfolios(evidence: Evidence, portfolios: Portfolios) -> Exhibit:
    """The tilts of all compared states side by side."""
    grid = create_portfolio_grid(evidence, portfolios)
    note = write_memberships(evidence, portfolios)
    return _draw("portfolios", grid, evidence.state, *evidence.powers[:2], evidence.names, note=note)


@spoken
def draw_votes(evidence: Evidence) -> Exhibit:
    """How the compared states voted beside the first two powers, agreements over the same roll calls."""
    votes, agreements = select_votes(evidence, in_common=True)
    given = (votes, evidence.states, *evidence.powers[:2], evidence.names)
    return _draw("votes", *given, common={"agreements": agreements})


@spoken
def draw_brokerage(evidence: Evidence, brokers: pd.DataFrame, blocs: Mapping[str, str]) -> Exhibit:
    """Who stands between others, from :func:`analysis.briefing.network.find_brokers`."""
    named = {**short_names(blocs.values()), OUTSIDE: say(OUTSIDE)}
    said = {state: named[bloc] for state, bloc in blocs.items()}
    return _draw("brokerage", brokers, evidence.state, evidence.names, said)


@spoken
def draw_ports(evidence: Evidence, hub: Hub) -> Exhibit:
    """The ports side by side, from :func:`analysis.briefing.holdings.create_hub`."""
    return _draw("ports", hub.throughput, evidence.state, evidence.names)


@spoken
def draw_transit(evidence: Evidence, hub: Hub) -> Exhibit:
    """The routes of the landlocked states before and after Niger's coup, unless the report ends before it."""
    turn = format_day(hub.turn) if hub.turn <= evidence.end else ""
    return _draw("transit", hub.transit, evidence.state, evidence.names, turn)


@spoken
def draw_shifts(evidence: Evidence, movement: Movement) -> Exhibit:
    """Where engagement with each power changed its level, from :func:`analysis.briefing.domestic.measure_movement`."""
    return _draw("shifts", *frame_shifts(movement), movement.nearest, evidence.powers, evidence.names)


@spoken
def draw_pressure(evidence: Evidence, home: Home) -> Exhibit:
    """Pressure at home above engagement with each power, from :func:`analysis.briefing.domestic.measure_home`."""
    return _draw("pressure", home.quarters, evidence.powers, evidence.names, evidence.start, evidence.end)


@spoken
def draw_epochs(evidence: Evidence, home: Home) -> Exhibit:
    """The response around each kind of event, from :func:`analysis.briefing.domestic.measure_home`."""
    return _draw("epochs", *frame_responses(home), evidence.powers, evidence.names)


def _draw(name: str, *given: Any, common: Mapping[str, Any] | None = None, **spoken: Any) -> Exhibit:
    """Figure, caption and alt text of one name, from the same numbers."""
    plot, caption, alt = (getattr(figures, f"{part}_{name}") for part in ("plot", "caption", "alt"))
    common = common or {}
    said = {**common, **spoken}
    return show_figure(plot(*given, **common), name, caption=caption(*given, **said), alt=alt(*given, **said))
