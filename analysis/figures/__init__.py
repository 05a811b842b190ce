"""The figures: pure functions from a frame to Axes, each with a caption and an alt text made from the same numbers.

For every figure `x` there are `plot_x`, `caption_x` and `alt_x`, which take the same leading arguments.
"""

from analysis.figures.brokerage import alt_brokerage, caption_brokerage, plot_brokerage
from analysis.figures.claim_dates import alt_claim_dates, caption_claim_dates, plot_claim_dates
from analysis.figures.coverage import alt_coverage, caption_coverage, plot_coverage
from analysis.figures.epochs import alt_epochs, caption_epochs, plot_epochs
from analysis.figures.memberships import alt_memberships, caption_memberships, plot_memberships
from analysis.figures.neighbourhood import plot_neighbourhood
from analysis.figures.neighbourhood_words import alt_neighbourhood, caption_neighbourhood
from analysis.figures.neighbours import plot_neighbours
from analysis.figures.neighbours_words import alt_neighbours, caption_neighbours
from analysis.figures.portfolio import plot_portfolio
from analysis.figures.portfolio_words import alt_portfolio, caption_portfolio
from analysis.figures.portfolios import alt_portfolios, caption_portfolios, plot_portfolios
from analysis.figures.ports import alt_ports, caption_ports, plot_ports
from analysis.figures.pressure import alt_pressure, caption_pressure, plot_pressure
from analysis.figures.sensitivity import alt_sensitivity, caption_sensitivity, plot_sensitivity
from analysis.figures.shifts import alt_shifts, caption_shifts, plot_shifts
from analysis.figures.style import actor_colour, power_order, style
from analysis.figures.ties import alt_ties, caption_ties, plot_ties
from analysis.figures.tile_map import alt_tile_map, caption_tile_map, plot_tile_map
from analysis.figures.tilt import alt_tilt, caption_tilt, plot_tilt
from analysis.figures.timeline import alt_timeline, caption_timeline, plot_timeline
from analysis.figures.transit import alt_transit, caption_transit, plot_transit
from analysis.figures.votes import plot_votes
from analysis.figures.votes_words import alt_votes, caption_votes
from analysis.figures.words_deeds import alt_words_and_deeds, caption_words_and_deeds, plot_words_and_deeds

__all__ = [
    "actor_colour",
    "alt_brokerage",
    "alt_claim_dates",
    "alt_coverage",
    "alt_epochs",
    "alt_memberships",
    "alt_neighbourhood",
    "alt_neighbours",
    "alt_portfolio",
    "alt_portfolios",
    "alt_ports",
    "alt_pressure",
    "alt_sensitivity",
    "alt_shifts",
    "alt_ties",
    "alt_tile_map",
    "alt_tilt",
    "alt_timeline",
    "alt_transit",
    "alt_votes",
    "alt_words_and_deeds",
    "caption_brokerage",
    "caption_claim_dates",
    "caption_coverage",
    "caption_epochs",
    "caption_memberships",
    "caption_neighbourhood",
    "caption_neighbours",
    "caption_portfolio",
    "caption_portfolios",
    "caption_ports",
    "caption_pressure",
    "caption_sensitivity",
    "caption_shifts",
    "caption_ties",
    "caption_tile_map",
    "caption_tilt",
    "caption_timeline",
    "caption_transit",
    "caption_votes",
    "caption_words_and_deeds",
    "plot_brokerage",
    "plot_claim_dates",
    "plot_coverage",
    "plot_epochs",
    "plot_memberships",
    "plot_neighbourhood",
    "plot_neighbours",
    "plot_portfolio",
    "plot_portfolios",
    "plot_ports",
    "plot_pressure",
    "plot_sensitivity",
    "plot_shifts",
    "plot_ties",
    "plot_tile_map",
    "plot_tilt",
    "plot_timeline",
    "plot_transit",
    "plot_votes",
    "plot_words_and_deeds",
    "power_order",
    "style",
]
