"""Tightrope: how a state balances between rival powers.

Notebooks import this package alone; each public name is loaded when it is first used.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "analysis.briefing.evidence": ("Evidence", "load_evidence"),
    "analysis.briefing.frames": ("count_events", "key_events", "rank_events"),
    "analysis.briefing.relations": ("create_spells", "create_tie_matrix"),
    "analysis.briefing.sentences": (
        "key_numbers",
        "title_briefing",
        "write_answer",
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
    "analysis.errors": ("TightropeError", "UnknownNameError"),
    "analysis.exhibit": ("Link", "show_figure", "show_table", "show_text", "show_title"),
    "analysis.briefing.drawings": (
        "draw_coverage",
        "draw_memberships",
        "draw_neighbours",
        "draw_sensitivity",
        "draw_ties",
        "draw_tilt",
        "draw_timeline",
        "draw_words_and_deeds",
    ),
    "analysis.measures": (
        "balance",
        "compare_states",
        "compare_weights",
        "create_engagements",
        "depth",
        "engagement_by_month",
        "rolling_tilt",
        "tilt",
        "words_and_deeds",
    ),
    "analysis.reference.actors": ("resolve_actor", "resolve_state"),
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
