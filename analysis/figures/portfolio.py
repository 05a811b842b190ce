"""On which dimension of its ties a state leans where: a tilt and both strengths a row, and the mean with its ranges."""

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
    set_tilt_axis,
    text_width,
    tilt_labels,
    wrap_to,
)
from analysis.figures.keys import draw_key, key_height, name_marks, wrap_key
from analysis.figures.portfolio_words import EMPTY, Summary
from analysis.figures.strengths import NOT_KNOWN, describe_strength, explain_strength, label_dimension
from analysis.figures.strokes import Bar, add_bars, add_line, rule_rows
from analysis.figures.style import CONTEXT, CONTEXT_MARK, INK, SMALL, actor_colour, actor_text_colour
from analysis.figures.terms import say_term
from analysis.figures.wording import is_given, name_of
from analysis.language import message, say
from analysis.schema.rows import each_row
from analysis.wording import format_number, split_words

_COLUMNS = ("dimension", "tilt", "strength_a", "strength_b", "scaled_a", "scaled_b", "unit_a", "unit_b", "basis_a",
            "basis_b", "reason_a", "reason_b")  # fmt: skip
_NAMES_WIDTH, _TILT_WIDTH, _GAP, _BAR_WIDTH = 0.98, 2.3, 0.45, 0.5  # inches
_ROW, _MEAN, _HEAD, _SIZE = 0.36, 0.5, 0.3, SMALL
_NARROW = 0.16  # between the two strengths of a row

_MEAN_LABEL = message("Mean of the {n} known")
_NO_MEAN_LABEL = message("Mean")
_TILT_HEAD = message("Tilt")
_STRENGTH_HEAD = message("Strength, and what it rests on")
_KEY = {
    "tilt": message("●  tilt"),
    "before": message("○  tilt on {before}"),
    "unknown": message("?  one side not known"),
    "mean": message("◆  mean"),
}
_KEY_RANGES = message(
    "thick: mean without any one dimension     thin: no dimension less than half or more than twice its share"
)
_UNKNOWN = message("?  {reason}")


@in_house_style
def plot_portfolio(
    tilts: pd.DataFrame,
    summary: Summary,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    before: pd.DataFrame | None = None,
    before_day: str = "",
) -> Figure | Axes:
    """Draw the tilt of each dimension, the strengths behind it and the mean with its ranges.

    Parameters
    ----------
    tilts : DataFrame
        ``dimension, tilt, strength_a, strength_b, scaled_a, scaled_b, unit_a, unit_b, basis_a, basis_b, reason_a,
        reason_b``, one row per dimension, drawn in this order.
    summary : Summary
        The mean and its ranges.
    a, b : str
        The powers at +1 and at -1.
    names : mapping
        Actor code to the reader's name.
    before : DataFrame, optional
        ``dimension, tilt`` of an earlier day, drawn hollow.
    before_day : str
        That day in words.

    Returns
    -------
    Figure
        The tilts at the left, the strengths at the right; axes with the reason where no dimension is given.
    """
    require_columns(tilts, _COLUMNS, "portfolio")
    if tilts.empty:
        return empty_panel(say(EMPTY))
    labels = tilt_labels(a, b, names, width=11)
    earlier = {} if before is None else dict(zip(before["dimension"], before["tilt"], strict=True))
    marks = name_marks(_KEY, _list_marks(tilts, earlier, summary), before=before_day)
    key = wrap_key(f"{marks}\n{say(_KEY_RANGES)}" if summary.value is not None else marks, 7.5)
    foot = key_height(key, 7.5) + 0.32 + 0.14 * max(label.count("\n") for label in labels)
    titles = [wrap_to(label_dimension(str(row.dimension)), 8.5, _NAMES_WIDTH - 0.1) for row in each_row(tilts)]
    label = _MEAN_LABEL if summary.value is not None else _NO_MEAN_LABEL
    mean = wrap_to(say(label, n=format_number(summary.n_dimensions, 0)), 8.5, _NAMES_WIDTH - 0.1)
    # Of the names the longest word may be wider than their place, and the mean is bold.
    widest = max(*(text_width(title, 8.5) for title in titles), text_width(mean, 8.5, "bold"))
    names_width = max(_NAMES_WIDTH, widest + 0.1)
    left = names_width + _TILT_WIDTH + _GAP
    width = WIDTH_INCHES - left - 0.05
    head = wrap_to(say(_STRENGTH_HEAD), 8.5, 0.88 * width)  # bold is wider
    rows = _ROW * len(tilts)
    total = foot + _MEAN + rows + _HEAD + 0.14 * head.count("\n")
    figure = new_figure(total)
    axes = add_panel(figure, names_width, foot, _TILT_WIDTH, rows + _MEAN)
    axes.set(xlim=(-1.08, 1.08), ylim=(rows + _MEAN, 0))
    set_tilt_axis(axes.xaxis, labels)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=CONTEXT_MARK, linewidth=0.8, zorder=1)
    places = [_ROW * (number + 0.5) for number in range(len(tilts))]
    ticks = axes.set_yticks([*places, rows + _MEAN / 2], [*titles, mean])
    ticks[-1].label1.set_fontweight("bold")
    rule_rows(axes, [place + _ROW / 2 for place in places])
    for place, row in zip(places, each_row(tilts), strict=True):
        _draw_tilt(axes, place, row.tilt, earlier.get(row.dimension))
    _draw_mean(axes, rows + _MEAN / 2, summary)
    strengths = add_panel(figure, left, foot + _MEAN, width, rows)
    _draw_strengths(strengths, tilts, places, a, b, names, width)
    for panel, text in ((axes, say(_TILT_HEAD)), (strengths, head)):
        panel.annotate(text, (0, 1), (0, 6), xycoords="axes fraction", textcoords="offset points", weight="bold",
                       size=8.5, va="bottom")  # fmt: skip
    draw_key(figure, key, 7.5)
    return figure


def _list_marks(tilts: pd.DataFrame, earlier: Mapping[str, float], summary: Summary) -> set[str]:
    """The marks of the key that are drawn."""
    known = [is_given(tilt) for tilt in tilts["tilt"]]
    drawn = {
        "tilt": any(known),
        "before": any(is_given(earlier.get(name)) for name in tilts["dimension"]),
        "unknown": not all(known),
        "mean": summary.value is not None,
    }
    return {mark for mark, is_drawn in drawn.items() if is_drawn}


def _draw_tilt(axes: Axes, place: float, tilt: float, earlier: float | None) -> None:
    if earlier is not None and is_given(earlier):
        if is_given(tilt) and abs(tilt - earlier) > 1e-9:
            axes.annotate("", (tilt, place), (earlier, place),
                          arrowprops={"arrowstyle": "->", "color": CONTEXT_MARK, "linewidth": 0.8})  # fmt: skip
        add_line(axes, [earlier], [place], linestyle="none", marker="o", markersize=8.5, markerfacecolor="white",
                 markeredgecolor=CONTEXT_MARK, markeredgewidth=1.1, zorder=3, clip_on=False)  # fmt: skip
    if is_given(tilt):
        add_line(axes, [0, tilt], [place, place], color=CONTEXT_MARK, linewidth=1.0, zorder=2)
        add_line(axes, [tilt], [place], marker="o", markersize=5.5, color=INK, zorder=4, clip_on=False)
    else:
        axes.text(0, place, "?", ha="center", va="center", size=9, color=CONTEXT,
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1}, zorder=4)  # fmt: skip


def _draw_mean(axes: Axes, place: float, summary: Summary) -> None:
    ends = [summary.low_weighted, summary.high_weighted, summary.low, summary.high, summary.value]
    low_weighted, high_weighted, low, high, value = (float("nan") if end is None else end for end in ends)
    if summary.value is None:
        reason = wrap_to(say_term(summary.reason), _SIZE, _TILT_WIDTH)
        axes.text(0, place, reason, ha="center", va="center", size=_SIZE, color=CONTEXT, style="italic",
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
        return
    add_line(axes, [low_weighted, high_weighted], [place, place], color=INK, linewidth=1.0, zorder=2)
    add_line(axes, [low, high], [place, place], color=INK, linewidth=4.0, solid_capstyle="butt", zorder=3,
             alpha=0.55)  # fmt: skip
    add_line(axes, [value], [place], marker="D", markersize=6, color=INK, markeredgecolor="white", zorder=4)
    axes.annotate(format_number(summary.value, signed=True), (value, place), (0, 7), textcoords="offset points",
                  ha="center", va="bottom", size=_SIZE, weight="bold")  # fmt: skip


def _draw_strengths(
    axes: Axes, tilts: pd.DataFrame, places: list[float], a: str, b: str, names: Mapping[str, str], width: float
) -> None:
    axes.set(xlim=(0, width), ylim=(_ROW * len(tilts), 0), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
    heads = max(text_width(name_of(code, names), _SIZE) for code in (a, b))
    spelled = heads < 0.62
    label_width = heads + 0.06 if spelled else 0.34
    rule_rows(axes, [place + _ROW / 2 for place in places], clip_on=False)
    for place, row in zip(places, each_row(tilts), strict=True):
        for side, code, shift in (("a", a, -_NARROW / 2), ("b", b, _NARROW / 2)):
            scaled, y = getattr(row, f"scaled_{side}"), place + shift
            axes.text(
                0, y, name_of(code, names) if spelled else code, size=_SIZE, va="center", color=actor_text_colour(code)
            )
            is_known = is_given(scaled)
            start = label_width
            if is_known:
                bar = Bar(start, y - 0.05, max(float(scaled) * _BAR_WIDTH, 0.012), 0.1)
                add_bars(axes, [bar], facecolor=actor_colour(code))
                start += _BAR_WIDTH + 0.06
                text = describe_strength(row, side)
            else:
                text = _why(row, side)
            axes.text(start, y, _cut(text, _SIZE - 0.3, width - start), size=_SIZE - 0.3, va="center",
                      color=INK if is_known else CONTEXT)  # fmt: skip


def _why(row: Any, side: str) -> str:
    """What stands in the place of a strength that is not known."""
    reason = explain_strength(row, side)
    return say(_UNKNOWN, reason=reason or say(NOT_KNOWN))


def _cut(text: str, size: float, room: float) -> str:
    """A text that fits its room, whole words kept."""
    words = split_words(text)
    while len(words) > 1 and text_width(" ".join(words), size) > room:
        words.pop()
    return " ".join(words) if len(words) == len(split_words(text)) else " ".join(words).rstrip(" ,;:(") + "…"
