"""Dates that outlets give, on one axis: a row for each independent origin, beside what a statement says."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    day_number,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_date_axis,
    text_width,
    wrap_to,
)
from analysis.figures.claim_rows import thin_dates
from analysis.figures.keys import draw_key, key_height, name_marks, wrap_key
from analysis.figures.style import CONTEXT, CONTEXT_MARK, FAINT, INK, SMALL
from analysis.figures.wording import alt_empty, caption_empty, fit, one_line, source_line
from analysis.language import message, say, say_number
from analysis.schema.rows import each_row
from analysis.wording import format_day, join

_COLUMNS = ("question", "origin", "grade", "is_official", "version", "start", "end")
_ROW, _HEAD, _GAP, _FOOT, _TOP = 0.155, 0.28, 0.05, 0.3, 0.06  # inches
_BAR = 0.05  # inches between the rows and the bar above them, and its height
_CLEAR = 0.14  # inches between the rows and the words above the bar
_OTHER, _BAND = "#B34700", "#F3E3D3"
_MARKS = {"official": "D", "wire": "s", "newspaper": "o", "aggregator": "^", "mirror": "v"}
_HOLLOW = ("aggregator", "mirror")
_PAD = pd.Timedelta(days=12)

_EMPTY = message("No dated versions are on record.")
_KEY_GRADES = {
    "official": message("◆  official"),
    "wire": message("■  agency"),
    "newspaper": message("●  newspaper"),
    "aggregator": message("△  aggregator"),
    "mirror": message("▽  mirror"),
    "": message("×  not graded"),
}
_KEY = message(
    "line: the days that the date may mean     joined marks: versions of one origin     bold: official record\n"
    "bar above: what a statement says     orange: excluded by the leading version"
)
_LEADING = message("{question} {day}.")
_ALT = message("Marks on one axis of days from {start} to {end}, a row for each independent origin.")


@in_house_style
def plot_claim_dates(versions: pd.DataFrame, claimed: pd.DataFrame) -> Figure | Axes:
    """Draw each dated version where its days lie; of very many, those that look alike once (`thin_dates`).

    Parameters
    ----------
    versions : DataFrame
        One row a version: ``question, origin`` (as the reader sees them)``, grade`` (of the page)``, is_official`` (of
        the origin as seen)``, version`` (0 leads)``, start, end``.
    claimed : DataFrame
        ``question, claim_id, start, end``: the days that a statement names.

    Returns
    -------
    Axes
        One axis of days; a panel with the reason where there is nothing to draw.
    """
    require_columns(versions, _COLUMNS, "claim_dates")
    if versions.empty:
        return empty_panel(say(_EMPTY))
    groups = [(str(question), own) for question, own in thin_dates(versions)[0].groupby("question", sort=False)]
    names = {one_line(name) for _, own in groups for name in own["origin"].unique()}
    left = max(text_width(name, 7.5, "bold") for name in names) + 0.15
    left = min(left, 0.42 * WIDTH_INCHES)
    width = WIDTH_INCHES - left - 0.15
    heights = [_HEAD + _ROW * own["origin"].nunique() + _GAP for _, own in groups]
    grades = {grade if grade in _MARKS else "" for grade in versions["grade"]}
    key = wrap_key(f"{name_marks(_KEY_GRADES, grades)}\n{say(_KEY)}", 7.5)
    total = _TOP + sum(heights) + _FOOT + key_height(key, 7.5)
    figure = new_figure(total)
    axes = add_panel(figure, left, _FOOT + key_height(key, 7.5), width, sum(heights))
    axes.set_ylim(sum(heights), 0)
    first, last = _limits(versions, claimed)
    set_date_axis(axes, first, last, most=12)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    top = 0.0
    for (question, own), height in zip(groups, heights, strict=True):
        bands = claimed[claimed["question"] == question]
        _draw_question(axes, question, own, bands, top, left)
        top += height
    draw_key(figure, key, 7.5)
    return axes


def caption_claim_dates(
    versions: pd.DataFrame, claimed: pd.DataFrame, *, source: str = message("curated claims")
) -> str:
    """Say what the leading version of each question is, and which statement names another time."""
    if versions.empty:
        return caption_empty(_EMPTY, source)
    leading = [
        say(_LEADING, question=question, day=_day_of(own)) for question, own in versions.groupby("question", sort=False)
    ]
    said = [*leading, *_outside(versions, claimed), *thin_dates(versions)[1]]
    return " ".join([*said, source_line(source, len(versions))])


def alt_claim_dates(versions: pd.DataFrame, claimed: pd.DataFrame) -> str:
    """Give the leading dates, and how many origins give them or others, to a reader who cannot see the marks."""
    if versions.empty:
        return alt_empty(_EMPTY)
    first, last = _limits(versions, claimed)
    said = [say(_ALT, start=format_day(first), end=format_day(last))]
    for question, own in versions.groupby("question", sort=False):
        leads = own[own["version"] == 0]["origin"].nunique()
        said.append(
            say_number(
                leads, "{question} {day} by {n} origin.", "{question} {day} by {n} origins.",
                question=question, day=_day_of(own),
            )
        )  # fmt: skip
        others = own[own["version"] != 0]["origin"].nunique()
        if others:
            said.append(say_number(others, "Another time by {n} origin.", "Another time by {n} origins."))
    return fit([*said, *_outside(versions, claimed), *thin_dates(versions)[1]])


def _draw_question(axes: Axes, question: str, own: pd.DataFrame, bands: pd.DataFrame, top: float, left: float) -> None:
    """The question's line, its rows, and behind them the days that a statement names."""
    n_rows = own["origin"].nunique()
    begins, ends = top + _HEAD, top + _HEAD + _ROW * n_rows
    lead = own[own["version"] == 0].iloc[0]
    for band in each_row(bands):
        low, high = day_number(band.start), day_number(band.end) + 1
        is_outside = _is_outside(band, lead)
        colour = _OTHER if is_outside else CONTEXT_MARK
        axes.fill_between([low, high], begins - 2 * _BAR, begins - _BAR, facecolor=colour, edgecolor="none", zorder=1)
        if is_outside:
            axes.fill_between([low, high], begins, ends, facecolor=_BAND, edgecolor="none", zorder=0)
        axes.text(
            (low + high) / 2, begins - _CLEAR, str(band.claim_id), ha="center", va="bottom", size=SMALL,
            color=_OTHER if is_outside else CONTEXT,
        )  # fmt: skip
    axes.annotate(
        wrap_to(one_line(question), 8, WIDTH_INCHES - 0.2), (0, begins - _CLEAR), (-72 * left + 4, 0), size=8,
        weight="bold",
        xycoords=axes.get_yaxis_transform(), textcoords="offset points", va="bottom",
    )  # fmt: skip
    for number, (origin, pages) in enumerate(own.groupby("origin", sort=False)):
        height = begins + _ROW * (number + 0.5)
        axes.axhline(height, color=FAINT, linewidth=0.5, zorder=0.5)
        is_official = bool(pages["is_official"].any())
        axes.annotate(
            one_line(origin), (0, height), (-5, 0), xycoords=axes.get_yaxis_transform(), textcoords="offset points",
            ha="right", va="center", size=7.5, weight="bold" if is_official else "normal", color=INK,
        )  # fmt: skip
        _draw_origin(axes, pages, height)


def _draw_origin(axes: Axes, pages: pd.DataFrame, height: float) -> None:
    """The versions of one origin one above the other, joined, each with the days that it may mean."""
    step = min(0.055, 0.12 / max(len(pages) - 1, 1))
    places = []
    for number, page in enumerate(each_row(pages)):
        up = height + step * (number - (len(pages) - 1) / 2)
        low, high = day_number(page.start), day_number(page.end)
        colour = INK if page.version == 0 else _OTHER
        axes.plot([low, high], [up, up], color=colour, linewidth=2, alpha=0.45, solid_capstyle="butt", zorder=2)
        look: dict[str, Any] = {"marker": _MARKS.get(str(page.grade), "x"), "color": colour, "markersize": 4.6}
        if page.grade in _HOLLOW:
            look["markerfacecolor"] = "white"
        axes.plot([(low + high) / 2], [up], linestyle="none", zorder=4, clip_on=False, **look)
        places.append(((low + high) / 2, up))
    if len(places) > 1:
        axes.plot(*zip(*places, strict=True), color=CONTEXT_MARK, linewidth=0.8, zorder=3)


def _limits(versions: pd.DataFrame, claimed: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    starts, ends = [*versions["start"], *claimed["start"]], [*versions["end"], *claimed["end"]]
    return min(starts) - _PAD, max(ends) + _PAD


def _day_of(own: pd.DataFrame) -> str:
    lead = own[own["version"] == 0].iloc[0]
    first, last = format_day(lead["start"]), format_day(lead["end"])
    return first if lead["start"] == lead["end"] else say("{start} to {end}", start=first, end=last)


def _is_outside(band: Any, lead: pd.Series) -> bool:
    return bool(band.end < lead["start"] or band.start > lead["end"])


def _outside(versions: pd.DataFrame, claimed: pd.DataFrame) -> list[str]:
    """The statements whose days lie wholly outside those of the leading version."""
    ids = []
    for band in each_row(claimed):
        own = versions[(versions["question"] == band.question) & (versions["version"] == 0)]
        if len(own) and _is_outside(band, own.iloc[0]):
            ids.append(str(band.claim_id))
    return [
        say_number(
            len(ids), "{claims} names a time that the leading version excludes.",
            "{claims} name times that the leading versions exclude.", claims=join(ids),
        )
    ] if ids else []  # fmt: skip
