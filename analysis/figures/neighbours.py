"""How a state's tilt and depth compare with those of its neighbours."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.canvas import (
    POINT,
    WIDTH_INCHES,
    add_panel,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_number_axis,
    set_tilt_axis,
    text_width,
    tilt_labels,
    wrap_to,
)
from analysis.figures.labels import Box, spread, surround
from analysis.figures.neighbours_words import EMPTY, part_states, say_reason
from analysis.figures.strokes import add_dots, add_line, rule_spans
from analysis.figures.style import CONTEXT, CONTEXT_MARK, INK, actor_colour
from analysis.figures.wording import (
    has_no_width,
    name_of,
)
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import join

_COLUMNS = ("state", "tilt", "low", "high", "depth", "n_events", "reason")

_LEFT, _FOOT, _TOP, _PANEL, _STRIP, _GAP = 0.62, 0.42, 0.32, 2.9, 1.45, 0.35  # inches
_SIZE, _LINE = 8, 0.15
_BACKING = {"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none"}  # no gridline strikes a name

_DEPTH = message("depth (effect points a year)")
_TILT = message("tilt")
_STRIP_LABEL = message("{name:bare} ({n})")
_STRIP_HEAD = message("{reasons}\n(events of cooperation)")


@in_house_style
def plot_neighbours(
    compared: pd.DataFrame,
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
) -> Figure | Axes:
    """Draw depth against tilt, the subject in its colour among grey neighbours.

    Parameters
    ----------
    compared : DataFrame
        ``state, tilt, low, high, depth, n_events, reason``, one row per state. A state without an
        interval stands in a strip at the right, at its depth.
    state : str
        The subject.
    a, b : str
        The powers at +1 and at -1.
    names : mapping
        Actor code to the reader's name.

    Returns
    -------
    Figure
        The panel and the strip; axes with the reason where no state is given.
    """
    require_columns(compared, _COLUMNS, "neighbours")
    if compared.empty:
        return empty_panel(say(EMPTY))
    spoken, rest = part_states(compared, state)
    labels = tilt_labels(a, b, names, width=12)
    head = _strip_head(rest) if len(rest) else ""
    foot = max(
        _FOOT + _LINE * max(label.count("\n") for label in labels), 0.12 + 1.25 * _SIZE * POINT * (head.count("\n") + 1)
    )
    figure = new_figure(foot + _PANEL + _TOP)
    strip_width = _STRIP if len(rest) else 0.0
    width = WIDTH_INCHES - _LEFT - (strip_width + _GAP + 0.05 if len(rest) else 0.32)
    deepest = max(float(compared["depth"].max()), 0.0) or 1.0
    axes = add_panel(figure, _LEFT, foot, width, _PANEL)
    axes.set(xlim=(-1.08, 1.08), ylim=(0, deepest * 1.1), xlabel=say(_TILT), ylabel=say(_DEPTH))
    set_tilt_axis(axes.xaxis, labels)
    set_number_axis(axes.yaxis, 6)
    axes.axvline(0, color=CONTEXT_MARK, linewidth=0.8)
    axes.grid(axis="y")
    _draw_states(axes, spoken, state, names, Box(0, 0, width, _PANEL))
    if len(rest):
        strip = add_panel(figure, _LEFT + width + _GAP, foot, strip_width, _PANEL)
        _draw_strip(strip, rest, head, state, names, axes.get_ylim())
    return figure


def _draw_states(axes: Axes, spoken: pd.DataFrame, state: str, names: Mapping[str, str], bounds: Box) -> None:
    (left, right), (_, top) = axes.get_xlim(), axes.get_ylim()
    across, up = bounds.right / (right - left), bounds.top / top
    rows = list(each_row(spoken))
    points, sizes, obstacles = [], [], []
    for row in rows:
        is_own = row.state == state
        colour = actor_colour(state) if is_own else CONTEXT_MARK
        rule_spans(axes, [(row.depth, row.low, row.high)], color=colour, linewidth=2.4 if is_own else 1.2,
                   zorder=3 if is_own else 2)  # fmt: skip
        x, y = (row.tilt - left) * across, row.depth * up
        points.append((x, y))
        sizes.append((text_width(name_of(row.state, names), _SIZE, _weight(is_own)), _LINE))
        obstacles.append(Box(x - 0.05, y - 0.05, x + 0.05, y + 0.05))
        obstacles.append(Box((row.low - left) * across, y - 0.02, (row.high - left) * across, y + 0.02))
    if rows:
        add_dots(
            axes, [row.tilt for row in rows], [row.depth for row in rows],
            "".join("D" if has_no_width(row.low, row.high) else "o" for row in rows),
            sizes=[62 if row.state == state else 34 for row in rows], edgecolors="white", linewidths=0.7, zorder=4,
            facecolors=[actor_colour(state) if row.state == state else CONTEXT_MARK for row in rows], clip_on=False,
        )  # fmt: skip
    room = Box(bounds.left + 0.03, bounds.bottom + 0.02, bounds.right - 0.03, bounds.top + 0.3)
    for row, (x, y), box in zip(rows, points, surround(points, sizes, room, obstacles, 0.085), strict=True):
        is_own = row.state == state
        nearest = (min(max(x, box.left), box.right), min(max(y, box.bottom), box.top))
        if abs(nearest[0] - x) + abs(nearest[1] - y) > 0.25:
            add_line(
                axes, [x / across + left, nearest[0] / across + left], [y / up, nearest[1] / up], color=CONTEXT_MARK,
                linewidth=0.5, zorder=1, clip_on=False,
            )  # fmt: skip
        axes.text(
            box.left / across + left, (box.bottom + box.top) / 2 / up, name_of(row.state, names), size=_SIZE,
            ha="left", va="center", weight=_weight(is_own), color=INK if is_own else CONTEXT, zorder=5, bbox=_BACKING,
        )  # fmt: skip


def _strip_head(rest: pd.DataFrame) -> str:
    reasons = join(dict.fromkeys(say_reason(reason) for reason in rest["reason"]), "or")
    return "\n".join(wrap_to(line, _SIZE, _STRIP) for line in say(_STRIP_HEAD, reasons=reasons).split("\n"))


def _draw_strip(
    strip: Axes,
    rest: pd.DataFrame,
    head: str,
    state: str,
    names: Mapping[str, str],
    depths: tuple[float, float],
) -> None:
    strip.set(xlim=(0, _STRIP), ylim=depths, xticks=[])
    set_number_axis(strip.yaxis, 6)
    strip.tick_params(axis="y", length=0, labelleft=False)
    strip.grid(axis="y")
    strip.spines["bottom"].set_visible(False)
    strip.spines["left"].set(linestyle=(0, (3, 3)))
    strip.annotate(
        head, (0, 0), (0, -4), xycoords="axes fraction", textcoords="offset points",
        size=_SIZE, va="top", color=CONTEXT,
    )  # fmt: skip
    up = _PANEL / (depths[1] - depths[0])
    places = spread([float(depth) * up for depth in rest["depth"]], _LINE, _LINE / 2, _PANEL - _LINE / 2)
    for row, place in zip(each_row(rest), places, strict=True):
        is_own = row.state == state
        colour = actor_colour(state) if is_own else CONTEXT_MARK
        add_line(strip, [0.1], [row.depth], linestyle="none", marker="o", markersize=4.5, markerfacecolor="white",
                 markeredgecolor=colour, clip_on=False)  # fmt: skip
        add_line(
            strip, [0.14, 0.26], [row.depth, place / up], color=CONTEXT_MARK, linewidth=0.6, clip_on=False, zorder=1
        )
        label = say(_STRIP_LABEL, name=name_of(row.state, names), n=format_digits(row.n_events, 0))
        strip.text(0.29, place / up, label, size=_SIZE, va="center", weight=_weight(is_own),
                   color=INK if is_own else CONTEXT, bbox=_BACKING)  # fmt: skip


def _weight(is_own: bool) -> str:
    return "bold" if is_own else "normal"
