"""Tightrope: how a state balances between rival powers.

Notebooks import this package alone; each public name is loaded when it is first used.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "analysis.archive": (
        "read_coded_events",
        "read_dyad_months",
        "read_ledger",
    ),
    "analysis.briefing.answer": ("write_answer",),
    "analysis.briefing.changes": ("show_changes",),
    "analysis.briefing.domestic": ("measure_home", "measure_movement"),
    "analysis.briefing.evidence": ("Evidence", "load_evidence"),
    "analysis.briefing.frames": ("count_events", "key_events", "rank_events"),
    "analysis.briefing.harbours": ("table_investors", "write_hub"),
    "analysis.briefing.home": ("write_epochs", "write_home", "write_shifts"),
    "analysis.briefing.holdings": ("create_hub", "measure_portfolios"),
    "analysis.briefing.leanings": ("write_brokerage", "write_portfolio"),
    "analysis.briefing.neighbourhood": (
        "Neighbourhood",
        "find_happenings",
        "measure_neighbourhood",
        "write_balance_change",
        "write_neighbourhood",
    ),
    "analysis.briefing.network": ("create_blocs", "create_network", "find_brokers"),
    "analysis.briefing.own_events": (
        "OwnEvents",
        "add_own_events",
        "read_own_events",
        "table_own_events",
    ),
    "analysis.briefing.pairs": ("table_pair_events",),
    "analysis.briefing.quality": ("Quality", "load_quality"),
    "analysis.briefing.quality_drawings": (
        "draw_quality_actors",
        "draw_quality_coverage",
        "draw_quality_overlap",
        "draw_quality_rejects",
    ),
    "analysis.briefing.quality_sentences": (
        "quality_numbers",
        "title_quality",
        "write_archive_provenance",
        "write_delays",
        "write_duplicates",
        "write_frequent_actors",
        "write_overlap",
        "write_pairs",
        "write_quality",
        "write_rejects",
        "write_source_coverage",
    ),
    "analysis.briefing.quality_tables": (
        "table_citations",
        "table_coded_sources",
        "table_delays",
        "table_duplicates",
        "table_event_files",
        "table_missing_actors",
        "table_overlap",
        "table_pairs",
        "table_state_events",
        "table_unknown_codes",
    ),
    "analysis.briefing.region": (
        "table_states",
        "title_region",
        "write_portfolios",
        "write_standing",
        "write_voting",
    ),
    "analysis.briefing.relations": ("create_spells", "create_tie_matrix"),
    "analysis.briefing.sentences": (
        "key_numbers",
        "title_briefing",
        "write_coverage",
        "write_events_with_powers",
        "write_organisations",
        "write_provenance",
    ),
    "analysis.briefing.tables": (
        "table_balance",
        "table_events",
        "table_files",
        "table_sources",
    ),
    "analysis.briefing.voting": ("write_votes",),
    "analysis.errors": ("TightropeError", "UnknownNameError"),
    "analysis.exhibit": ("Link", "show_figure", "show_table", "show_text", "show_title"),
    "analysis.briefing.drawings": (
        "draw_brokerage",
        "draw_coverage",
        "draw_epochs",
        "draw_memberships",
        "draw_neighbourhood",
        "draw_neighbours",
        "draw_portfolio",
        "draw_portfolios",
        "draw_ports",
        "draw_pressure",
        "draw_sensitivity",
        "draw_shifts",
        "draw_ties",
        "draw_tile_map",
        "draw_tilt",
        "draw_timeline",
        "draw_transit",
        "draw_votes",
        "draw_words_and_deeds",
    ),
    "analysis.measures": (
        "balance",
        "compare_spans",
        "compare_states",
        "compare_weights",
        "count_standings",
        "create_engagements",
        "depth",
        "engagement_by_month",
        "measure_balance_change",
        "rolling_tilt",
        "split_halves",
        "split_years",
        "tilt",
        "words_and_deeds",
    ),
    "analysis.measures.betweenness": ("trade_betweenness",),
    "analysis.measures.brokerage": ("brokerage",),
    "analysis.measures.epochs": ("select_epochs",),
    "analysis.measures.lags": ("correlate_series",),
    "analysis.measures.movement": ("compare_tilts",),
    "analysis.measures.periods": ("net_engagement",),
    "analysis.measures.pressure": ("create_pressure", "pressure_series"),
    "analysis.measures.responses": ("measure_response",),
    "analysis.measures.nearest": ("nearest_events",),
    "analysis.measures.shifts": ("find_shifts",),
    "analysis.measures.signed_balance": ("signed_balance",),
    "analysis.measures.similarity": (
        "RECIPES",
        "Recipe",
        "add_commitment",
        "add_dates",
        "compare_alliances",
        "compare_portfolios",
        "compare_votes",
    ),
    "analysis.panel": (
        "add_alliances",
        "add_arms",
        "add_coups",
        "add_events",
        "add_ideal_points",
        "add_memberships",
        "add_trade",
        "add_votes_similarity",
        "cite",
        "create_dyad_years",
        "create_state_years",
    ),
    "analysis.reference.actors": ("resolve_actor", "resolve_state"),
    "analysis.reporting.saving": ("save_briefing",),
    "analysis.sources.relations.arms": (
        "read_arms_dyads",
        "read_arms_table",
    ),
    "analysis.sources.relations.atop": (
        "read_atop_alliances",
        "read_atop_dyad_years",
        "read_atop_members",
    ),
    "analysis.sources.relations.baci": ("read_baci",),
    "analysis.sources.relations.coups": (
        "read_coup_events",
        "read_coup_years",
    ),
    "analysis.sources.relations.cow_trade": (
        "read_cow_trade_dyads",
        "read_cow_trade_states",
    ),
    "analysis.sources.relations.digital_library": ("read_digital_library_votes",),
    "analysis.sources.relations.ideal_points": ("read_ideal_points",),
    "analysis.sources.relations.igo": ("read_igo_memberships",),
    "analysis.sources.relations.state_lists": (
        "read_cow_states",
        "read_gw_states",
    ),
    "analysis.sources.relations.un_votes": (
        "read_roll_calls",
        "read_un_votes",
    ),
    "analysis.store": ("read_build", "read_table"),
}
_HOMES = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
