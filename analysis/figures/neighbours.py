"""How a state's tilt and depth compare with those of its neighbours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

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
from analysis.figures.strokes import add_dots, add_line, rule_spans
from analysis.figures.style import CONTEXT, CONTEXT_MARK, INK, actor_colour
from analysis.figures.terms import say_term
from analysis.figures.wording import (
    alt_empty,
    caption_empty,
    fit,
    format_amount,
    format_range,
    has_no_width,
    is_given,
    list_names,
    name_of,
    source_line,
)
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count, count_amount, format_number, join

_COLUMNS = ("state", "tilt", "low", "high", "depth", "n_events", "reason")

_LEFT, _FOOT, _TOP, _PANEL, _STRIP, _GAP = 0.62, 0.42, 0.32, 2.9, 1.45, 0.35  # inches
_SIZE, _LINE = 8, 0.15
_BACKING = {"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none"}  # no gridline strikes a name

_EMPTY = message("No states were compared.")
_DEPTH = message("depth (effect points a year)")
_TILT = message("tilt")
_NO_REASON = message("no interval")
_STRIP_LABEL = message("{name:bare} ({n})")
_STRIP_HEAD = message("{reasons}\n(events of cooperation)")
_OWN = message(
    "{state} has a tilt of {tilt} ({level} % interval {range}, {events}) and a depth of {depth} a year{rank}."
)
_OWN_FEW = message("{state} has no tilt to show ({reason}, {events}) and a depth of {depth} a year{rank}.")
_OWN_MISSING = message("{state} is not among the states compared.")
_RANK = message(", deeper than {n} of the {others} other states")
_RANK_FIRST = message(", deeper than every other state")
_RANK_LAST = message(", no deeper than any other state")
_OTHERS = message(
    "States placed on the side of {a} (+1): {with_a}; on that of {b} (−1): {with_b}; on neither: {with_none}."
)
_ATTENTION = message("Events were gathered by searching, not sampled, so depth also measures attention.")
_LEFT_OUT = message("Without one, at the right: {states}.")
_WIDTHLESS = message(
    "Diamonds ({states}) mark intervals without width: all cooperation is with one power, "
    "which is a limit of the method and not certainty."
)
_ALT = message(
    "Dots of depth, upwards from 0 to {deepest} a year, against tilt, "
    "from −1 (all with {b}) to +1 (all with {a}), with {level} % intervals."
)
_ALT_STATE = message("{name}: tilt {tilt}, depth {depth}.")


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
        return empty_panel(say(_EMPTY))
    spoken, rest = _split(compared, state)
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


def caption_neighbours(
    compared: pd.DataFrame,
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    level: float = 0.90,
    source: str = message("curated events"),
) -> str:
    """State the subject's tilt, depth and rank, and on which side the others stand."""
    if compared.empty:
        return caption_empty(_EMPTY, source, 0)
    spoken, rest = _split(compared, state)
    sentences = [_own(compared, state, names, level), _others(spoken, a, b, names)]
    if len(rest):
        sentences.append(say(_LEFT_OUT, states=list_names(rest["state"], names)))
    pointed = [row.state for row in each_row(spoken) if has_no_width(row.low, row.high)]
    if pointed:
        sentences.append(say(_WIDTHLESS, states=list_names(pointed, names)))
    return " ".join([*filter(None, sentences), say(_ATTENTION), source_line(source)])


def alt_neighbours(
    compared: pd.DataFrame,
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    level: float = 0.90,
) -> str:
    """Give axes, subject and neighbours to a reader who cannot see the dots."""
    if compared.empty:
        return alt_empty(_EMPTY)
    spoken, rest = _split(compared, state)
    head = say(
        _ALT, deepest=_points(compared["depth"].max()), a=name_of(a, names), b=name_of(b, names),
        level=format_number(100 * level, 0),
    )  # fmt: skip
    others = [
        say(
            _ALT_STATE,
            name=name_of(row.state, names),
            tilt=format_number(row.tilt, signed=True),
            depth=format_amount(row.depth),
        )
        for row in each_row(spoken[spoken["state"] != state])
    ]
    left_out = say(_LEFT_OUT, states=list_names(rest["state"], names)) if len(rest) else ""
    return fit([head, _own(compared, state, names, level), left_out, *others])


def _split(compared: pd.DataFrame, state: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """States with a tilt and its interval, the subject first so that its label goes nearest; and the others."""
    rows = list(each_row(compared))
    places = sorted(range(len(rows)), key=lambda place: _rank(rows[place], state))
    given = [all(map(is_given, (rows[place].tilt, rows[place].low, rows[place].high))) for place in places]
    spoken = [place for place, has_interval in zip(places, given, strict=True) if has_interval]
    return compared.iloc[spoken], compared.iloc[[place for place in places if place not in spoken]]


def _rank(row: Any, state: str) -> tuple[bool, float, str]:
    return row.state != state, -row.depth if is_given(row.depth) else math.inf, row.state


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
    reasons = join(dict.fromkeys(_reason(reason) for reason in rest["reason"]), "or")
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


def _reason(reason: object) -> str:
    return say_term(reason) if is_given(reason) else say(_NO_REASON)


def _weight(is_own: bool) -> str:
    return "bold" if is_own else "normal"


def _own(compared: pd.DataFrame, state: str, names: Mapping[str, str], level: float) -> str:
    own = compared[compared["state"] == state]
    if own.empty:
        return say(_OWN_MISSING, state=name_of(state, names))
    row = own.iloc[0]
    about = {
        "state": name_of(state, names),
        "events": count(int(row["n_events"]), "event of cooperation", "events of cooperation"),
        "depth": _points(row["depth"]),
        "rank": _rank_depth(compared, state),
    }
    if row[["tilt", "low", "high"]].notna().all():
        return say(
            _OWN, tilt=format_number(row["tilt"], signed=True), range=format_range(row["low"], row["high"]),
            level=format_number(100 * level, 0), **about,
        )  # fmt: skip
    return say(_OWN_FEW, reason=_reason(row["reason"]), **about)


def _rank_depth(compared: pd.DataFrame, state: str) -> str:
    is_own = compared["state"] == state
    others = compared.loc[~is_own, "depth"]
    n_lower = int((others < compared.loc[is_own, "depth"].iloc[0]).sum())
    if others.empty:
        return ""
    ranked = {len(others): _RANK_FIRST, 0: _RANK_LAST}.get(n_lower, _RANK)
    return say(ranked, n=format_digits(n_lower, 0), others=format_digits(len(others), 0))


def _points(depth: float) -> str:
    return count_amount(float(depth), "effect point", "effect points")


def _others(spoken: pd.DataFrame, a: str, b: str, names: Mapping[str, str]) -> str:
    if spoken.empty:
        return ""
    toward, against = spoken["low"] > 0, spoken["high"] < 0
    return say(
        _OTHERS, with_a=format_digits(toward.sum(), 0), with_b=format_digits(against.sum(), 0),
        with_none=format_digits((~toward & ~against).sum(), 0), a=name_of(a, names), b=name_of(b, names),
    )  # fmt: skip
