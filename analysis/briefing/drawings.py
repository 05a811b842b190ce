"""The figures of a briefing: each drawn from the evidence, with the caption and alt text its numbers give."""

from __future__ import annotations

import pandas as pd

from analysis import figures
from analysis.briefing.evidence import Evidence
from analysis.briefing.frames import key_events
from analysis.exhibit import Exhibit, show_figure


def draw_coverage(evidence: Evidence, counts: pd.DataFrame) -> Exhibit:
    """Events by year and certainty, from :func:`analysis.briefing.frames.count_events`."""
    drawn = figures.plot_coverage(counts)
    return show_figure(drawn, "coverage", caption=figures.caption_coverage(counts), alt=figures.alt_coverage(counts))


def draw_timeline(evidence: Evidence) -> Exhibit:
    """Every event with each power, the weightiest labelled."""
    given = (evidence.engagements, evidence.powers, evidence.names, evidence.start, evidence.end)
    drawn = figures.plot_timeline(*given)
    return show_figure(drawn, "timeline", caption=figures.caption_timeline(*given), alt=figures.alt_timeline(*given))


def draw_tilt(evidence: Evidence, rolling: pd.DataFrame, months: int) -> Exhibit:
    """The rolling tilt with its band, and the weightiest events beside it."""
    given = (rolling, *evidence.powers[:2], evidence.names, key_events(evidence))
    drawn = figures.plot_tilt(*given)
    caption = figures.caption_tilt(*given, months=months)
    return show_figure(drawn, "tilt", caption=caption, alt=figures.alt_tilt(*given, months=months))


def draw_sensitivity(evidence: Evidence, weightings: pd.DataFrame) -> Exhibit:
    """The tilt under each way of weighing, from :func:`analysis.measures.compare_weights`."""
    given = (weightings, *evidence.powers[:2], evidence.names)
    drawn = figures.plot_sensitivity(*given)
    return show_figure(
        drawn, "sensitivity", caption=figures.caption_sensitivity(*given), alt=figures.alt_sensitivity(*given)
    )


def draw_words_and_deeds(evidence: Evidence, forms: pd.DataFrame) -> Exhibit:
    """Verbal and material cooperation and conflict, from :func:`analysis.measures.words_and_deeds`."""
    given = (forms, evidence.names)
    drawn = figures.plot_words_and_deeds(*given)
    return show_figure(
        drawn,
        "words_and_deeds",
        caption=figures.caption_words_and_deeds(*given),
        alt=figures.alt_words_and_deeds(*given),
    )


def draw_neighbours(evidence: Evidence, compared: pd.DataFrame) -> Exhibit:
    """Depth against tilt for the compared states, from :func:`analysis.measures.compare_states`."""
    given = (compared, evidence.state, *evidence.powers[:2], evidence.names)
    drawn = figures.plot_neighbours(*given)
    return show_figure(
        drawn, "neighbours", caption=figures.caption_neighbours(*given), alt=figures.alt_neighbours(*given)
    )


def draw_ties(evidence: Evidence, matrix: pd.DataFrame) -> Exhibit:
    """What ties the state to each power, from :func:`analysis.briefing.frames.create_tie_matrix`."""
    given = (matrix, evidence.powers, evidence.names)
    drawn = figures.plot_ties(*given)
    return show_figure(drawn, "ties", caption=figures.caption_ties(*given), alt=figures.alt_ties(*given))


def draw_memberships(evidence: Evidence, spells: pd.DataFrame) -> Exhibit:
    """Who was in which organisation when, from :func:`analysis.briefing.frames.create_spells`."""
    organisations = list(dict.fromkeys(spells["organisation"]))
    given = (spells, evidence.states, organisations, evidence.start, evidence.end, evidence.names)
    drawn = figures.plot_memberships(*given)
    return show_figure(
        drawn, "memberships", caption=figures.caption_memberships(*given), alt=figures.alt_memberships(*given)
    )
