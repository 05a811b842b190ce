"""The figures of a report on the quality of event data, with the captions and alt texts their numbers give."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.archive.overlap import align_months
from analysis.archive.spans import title_of
from analysis.briefing.quality import CURATED, Quality
from analysis.briefing.wording import spoken
from analysis.exhibit import Exhibit, show_figure
from analysis.figures import quality_actors, quality_coverage, quality_overlap, quality_rejects
from analysis.language import say
from analysis.schema.rows import each_row


@spoken
def draw_quality_coverage(quality: Quality) -> Exhibit:
    """Events by source and year, and what the files do not speak of."""
    return _draw(quality_coverage, "quality_coverage", quality, quality.years)


@spoken
def draw_quality_actors(quality: Quality) -> Exhibit:
    """Shares of events with both actors, one or none, by source."""
    return _draw(quality_actors, "quality_actors", quality, quality.missing)


@spoken
def draw_quality_rejects(quality: Quality) -> Exhibit:
    """Rejected rows by source and kind of reason."""
    return _draw(quality_rejects, "quality_rejects", quality, quality.rejects)


@spoken
def draw_quality_overlap(quality: Quality) -> Exhibit:
    """Monthly counts of two sources back to back, for the longest overlaps."""
    lanes = quality_overlap.order_lanes(quality.compared)
    frames = [
        align_months(quality.months, quality.covered, row.subject, row.source_a, row.source_b).assign(
            subject=row.subject, source_a=row.source_a, source_b=row.source_b, rho=row.rho, reason=row.reason
        )
        for row in each_row(lanes)
    ]
    aligned = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return _draw(quality_overlap, "quality_overlap", quality, aligned)


def _draw(module: Any, name: str, quality: Quality, frame: pd.DataFrame) -> Exhibit:
    titles = {source: title_of(source) for source in (*quality.sources, *quality.rejects["source_name"])}
    names = {**quality.names, **titles, CURATED: say("curated")}
    plot, caption, alt = (getattr(module, f"{part}_{name}") for part in ("plot", "caption", "alt"))
    shown = name.replace("_", "-")
    return show_figure(plot(frame, names), shown, caption=caption(frame, names), alt=alt(frame, names))
