"""What each source of events has of each year, and what its files do not speak of: one lane per source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    text_width,
)
from analysis.figures.keys import draw_key, key_height, name_marks, wrap_key
from analysis.figures.style import CONTEXT, CONTEXT_MARK, FAINT, INK
from analysis.figures.wording import alt_empty, caption_empty, chain, fit, list_names, name_of, source_line
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count, format_number

_COLUMNS = ("source_name", "year", "n_events", "n_covered_days", "status")
_LANE, _STRIP, _GAP, _FOOT, _HEAD = 0.46, 0.09, 0.17, 0.2, 0.12  # inches
_MOST_NUMBERS = 14
_BAR, _WHOLE = "#3B4A5A", 0.9
_SHADES = {"dark": _BAR, "grey": "#B5B5B5", "white": "white"}

_EMPTY = message("There are no event files and no events in this window.")
_BARS = message("bars: events, each source by its own scale, the number on the highest")
_STRIPS = {
    "dark": message("dark strip: files speak of nearly every day of the year"),
    "grey": message("grey strip: of some days"),
    "white": message("white strip: no file"),
    "none": message("no strip: out of coverage"),
}
_CAPTION = message("Events of {sources} by year, {first} to {last}: {parts}.")
_PART = message("{name:bare} {n} ({spoken} of {years})")
_GAPS = message("None of {names}.")
_N = message("n = {n}")
_ALT = message("One lane of bars per source, {first} to {last}, with a strip of the days that files speak of.")
_ALT_PART = message("{name:bare}: {n}, most in {top_year} ({top}); files for {years}.")
_ALT_NONE = message("{name:bare}: no events.")


@in_house_style
def plot_quality_coverage(years: pd.DataFrame, names: Mapping[str, str]) -> Figure | Axes:
    """Draw the events of each year as bars, and below them which years the files speak of.

    Parameters
    ----------
    years : DataFrame
        ``source_name, year, n_events, n_covered_days, status`` ("events", "no events", "no file",
        "out of coverage"), one row a source and year, sources in the order of their first row.
    names : mapping
        Source to the reader's name.

    Returns
    -------
    Figure
        One axes per source, from the top; a single axes with the reason where there is nothing to draw.
    """
    require_columns(years, _COLUMNS, "quality_coverage")
    if years.empty or not years["n_events"].sum():
        return empty_panel(say(_EMPTY))
    shown = _within(years)
    sources = list(dict.fromkeys(shown["source_name"]))
    labels = {source: f"{name_of(source, names):bare}\n" for source in sources}
    left = max(text_width(label, 8.5, "bold") for label in labels.values()) + 0.2
    first, last = int(shown["year"].min()), int(shown["year"].max())
    width = WIDTH_INCHES - left - 0.3
    key = wrap_key(f"{say(_BARS)}\n{name_marks(_STRIPS, {_find_strip(row) for row in each_row(shown)})}", 7.5)
    total = _HEAD + len(sources) * (_LANE + _STRIP + _GAP) + _FOOT + key_height(key, 7.5)
    figure = new_figure(total)
    for number, source in enumerate(sources):
        bottom = total - _HEAD - (number + 1) * (_LANE + _STRIP + _GAP) + _GAP / 2
        axes = add_panel(figure, left, bottom, width, _LANE + _STRIP)
        _draw_lane(axes, shown[shown["source_name"] == source], first, last)
        n_events = int(shown.loc[shown["source_name"] == source, "n_events"].sum())
        axes.annotate(name_of(source, names), (0, 0.62), (-8, 0), xycoords="axes fraction", size=8.5, weight="bold",
                      textcoords="offset points", ha="right", va="center", annotation_clip=False)  # fmt: skip
        axes.annotate(
            say(_N, n=format_digits(n_events, 0)),
            (0, 0.3),
            (-8, 0),
            xycoords="axes fraction",
            size=7.5,
            color=CONTEXT,
            textcoords="offset points",
            ha="right",
            va="center",
            annotation_clip=False,
        )
        if number == len(sources) - 1:
            step = -(-(last - first + 1) // _MOST_NUMBERS)
            ticks = [year for year in range(first, last + 1) if not year % step]
            axes.set_xticks(ticks, [str(year) for year in ticks])
            axes.tick_params(axis="x", length=2)
    draw_key(figure, key, 7.5)
    return figure


def caption_quality_coverage(
    years: pd.DataFrame, names: Mapping[str, str], *, source: str = message("event archive and curated events")
) -> str:
    """Say how many events each source has, in how many of the years."""
    if years.empty or not years["n_events"].sum():
        return caption_empty(_EMPTY, source, 0)
    parts, silent = [], []
    for name, own in years.groupby("source_name", sort=False):
        n_events = int(own["n_events"].sum())
        if not n_events:
            silent.append(name)
            continue
        spoken = int((own["n_events"] > 0).sum())
        parts.append(
            say(
                _PART, name=name_of(str(name), names), n=format_number(n_events, 0), spoken=format_digits(spoken, 0),
                years=count(len(own), "year", "years"),
            )
        )  # fmt: skip
    total = int(years["n_events"].sum())
    text = say(
        _CAPTION, sources=count(years["source_name"].nunique(), "source", "sources"),
        first=int(years["year"].min()), last=int(years["year"].max()), parts=chain(parts),
    )  # fmt: skip
    gaps = say(_GAPS, names=list_names(silent, names)) if silent else ""
    return " ".join(filter(None, [text, gaps, source_line(source, total)]))


def alt_quality_coverage(years: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Give each source's numbers to a reader who cannot see the lanes."""
    if years.empty or not years["n_events"].sum():
        return alt_empty(_EMPTY)
    sentences = [say(_ALT, first=int(years["year"].min()), last=int(years["year"].max()))]
    for name, own in years.groupby("source_name", sort=False):
        if not own["n_events"].sum():
            sentences.append(say(_ALT_NONE, name=name_of(str(name), names)))
            continue
        top: Any = own.loc[own["n_events"].idxmax()]
        sentences.append(
            say(
                _ALT_PART,
                name=name_of(str(name), names),
                n=count(int(own["n_events"].sum()), "event", "events"),
                top_year=int(top["year"]),
                top=format_number(int(top["n_events"]), 0),
                years=count(int((own["n_covered_days"] > 0).sum()), "year", "years"),
            )
        )
    return fit(sentences)


def _within(years: pd.DataFrame) -> pd.DataFrame:
    """The years from the first of which any source has events to the last: empty years on either side say nothing."""
    held = years.loc[years["n_events"] > 0, "year"]
    return years[years["year"].between(held.min(), held.max())]


def _draw_lane(axes: Axes, own: pd.DataFrame, first: int, last: int) -> None:
    """Bars above a strip; the strip stands below zero, so that bars begin at zero."""
    highest = max(int(own["n_events"].max()), 1)
    depth = highest * _STRIP / _LANE
    axes.set(xlim=(first - 0.6, last + 0.6), ylim=(-depth, highest), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.axhline(0, color=CONTEXT_MARK, linewidth=0.6)
    few = last - first < _MOST_NUMBERS
    for row in each_row(own):
        if row.n_events:
            axes.bar(row.year, row.n_events, width=0.72, color=_BAR)
        if row.n_events and (few or row.n_events == highest):
            axes.annotate(
                format_digits(row.n_events, 0),
                (row.year, row.n_events),
                (0, 1.5),
                textcoords="offset points",
                ha="center",
                va="bottom",
                size=7.5,
                color=INK,
                annotation_clip=False,
            )
        strip = _find_strip(row)
        if strip in _SHADES:
            axes.bar(row.year, -0.7 * depth, bottom=-0.25 * depth, width=0.9, facecolor=_SHADES[strip],
                     edgecolor=CONTEXT_MARK if strip == "white" else FAINT, linewidth=0.5)  # fmt: skip


def _find_strip(row: Any) -> str:
    """Which strip tells of a year how many of its days files speak of."""
    if not row.n_covered_days:
        return "none" if row.status == "out of coverage" else "white"
    return "dark" if row.n_covered_days / (366 if row.year % 4 == 0 else 365) >= _WHOLE else "grey"
