"""The figures: pure functions from a frame to Axes, each with a caption and an alt text made from the same numbers.

For every figure `x` there are `plot_x`, `caption_x` and `alt_x`, which take the same leading arguments.
"""

from analysis.figures.coverage import alt_coverage, caption_coverage, plot_coverage
from analysis.figures.memberships import alt_memberships, caption_memberships, plot_memberships
from analysis.figures.neighbours import alt_neighbours, caption_neighbours, plot_neighbours
from analysis.figures.sensitivity import alt_sensitivity, caption_sensitivity, plot_sensitivity
from analysis.figures.style import actor_colour, power_order, style
from analysis.figures.ties import alt_ties, caption_ties, plot_ties
from analysis.figures.tilt import alt_tilt, caption_tilt, plot_tilt
from analysis.figures.timeline import alt_timeline, caption_timeline, plot_timeline
from analysis.figures.words_deeds import alt_words_and_deeds, caption_words_and_deeds, plot_words_and_deeds

__all__ = [
    "actor_colour",
    "alt_coverage",
    "alt_memberships",
    "alt_neighbours",
    "alt_sensitivity",
    "alt_ties",
    "alt_tilt",
    "alt_timeline",
    "alt_words_and_deeds",
    "caption_coverage",
    "caption_memberships",
    "caption_neighbours",
    "caption_sensitivity",
    "caption_ties",
    "caption_tilt",
    "caption_timeline",
    "caption_words_and_deeds",
    "plot_coverage",
    "plot_memberships",
    "plot_neighbours",
    "plot_sensitivity",
    "plot_ties",
    "plot_tilt",
    "plot_timeline",
    "plot_words_and_deeds",
    "power_order",
    "style",
]
