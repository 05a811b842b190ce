"""The panel: state-years and dyad-years, and what each source says of them, joined without losing or adding a row."""

from analysis.panel.alliances import add_alliances, add_memberships
from analysis.panel.citations import cite
from analysis.panel.events import add_coups, add_events
from analysis.panel.flows import add_arms, add_trade
from analysis.panel.votes import add_ideal_points, add_votes_similarity
from analysis.panel.years import create_dyad_years, create_state_years

__all__ = [
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
]
