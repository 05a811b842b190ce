"""Small panels of the compared states: tilt and depth year by year, coups, and time out of the bloc."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.canvas import (
    add_panel,
    day_number,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_date_axis,
    wrap_to,
)
from analysis.figures.neighbourhood_marks import (
    ATTEMPT,
    COUP,
    KEY_LINE,
    LEFT,
    SUSPENDED,
    draw_key,
    lay_key,
    list_keys,
    style_bar,
    style_cross,
    style_dot,
)
from analysis.figures.neighbourhood_words import EMPTY, amounts_of
from analysis.figures.style import CONTEXT, CONTEXT_MARK, FAINT, INK, SMALL, actor_colour
from analysis.figures.wording import (
    format_amount,
    has_no_width,
    is_given,
    name_of,
)
from analysis.language import message, say
from analysis.schema.rows import each_row
from analysis.wording import format_number

_COLUMNS = ("state", "date_start", "date_end", "tilt", "low", "high", "n_events", "depth")
_ACROSS = 3
_WIDE, _GAP, _MARGIN = 1.91, 0.13, 0.68  # inches
_HEAD, _TILT, _BETWEEN, _DEPTH, _FOOT = 0.22, 0.84, 0.05, 0.24, 0.1
_TICKS, _SIZE = 0.2, SMALL
_LIMITS, _STRIP = (-1.2, 1.62), (1.28, 1.5)
_BAR_SHARE = 0.72
_EDGE = 0.12  # share of a panel in which a year would run into the next

_END = message("{power:bare} {tilt}")
_NOTHING = message("no cooperation on record")


@in_house_style
def plot_neighbourhood(
    years: pd.DataFrame,
    happenings: pd.DataFrame,
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    unit: str = message("effect points"),
    level: float = 0.90,
) -> Figure | Axes:
    """Draw a small panel for each state: the tilt of each year above, its depth below.

    Parameters
    ----------
    years : DataFrame
        ``state, date_start, date_end, tilt, low, high`` (missing where not known)``, n_events, depth``, as from
        :func:`~analysis.measures.compare_spans`; panels in the order of the states' first rows.
    happenings : DataFrame
        ``state, kind`` (coup, coup_attempt, suspended, left)``, organisation, date_start,
        date_end, date_precision``. A coup is a
        cross on its day, a suspension a hatched and a time outside a filled bar, open where it has no end.
    state : str
        The subject, in its colour.
    a, b : str
        The powers at +1 and at -1.
    names : mapping
        Actor code to the reader's name.
    unit : str
        Unit of the weights.
    level : float
        Level of the intervals.

    Returns
    -------
    Figure
        Two axes for each state, tilt and then depth; axes with the reason where no state is given.
    """
    require_columns(years, _COLUMNS, "neighbourhood")
    if years.empty:
        return empty_panel(say(EMPTY))
    states = list(dict.fromkeys(years["state"]))
    start, end = years["date_start"].min(), years["date_end"].max()
    deepest = float(amounts_of(years).max()) or 1.0
    n_rows = -(-len(states) // _ACROSS)
    row_height = _HEAD + _TILT + _BETWEEN + _DEPTH + _FOOT
    keys = lay_key(list_keys(years, happenings, names, deepest, unit, level))
    key_height = KEY_LINE * (max(row for _, _, row, _ in keys) + 1) + 0.05
    height = n_rows * row_height + _TICKS + key_height
    figure = new_figure(height)
    for number, code in enumerate(states):
        down, across = divmod(number, _ACROSS)
        left = _MARGIN + across * (_WIDE + _GAP)
        top = height - down * row_height - _HEAD
        upper = add_panel(figure, left, top - _TILT, _WIDE, _TILT)
        lower = add_panel(figure, left, top - _TILT - _BETWEEN - _DEPTH, _WIDE, _DEPTH)
        own = years[years["state"] == code]
        colour = actor_colour(code) if code == state else CONTEXT
        _draw_tilts(upper, own, colour)
        _draw_happenings(upper, happenings[happenings["state"] == code], end)
        _draw_depths(lower, own, colour, deepest)
        is_lowest = number + _ACROSS >= len(states)
        for axes in (upper, lower):
            set_date_axis(axes, start, end, most=4)
            axes.tick_params(axis="x", labelbottom=is_lowest and axes is lower, labelsize=_SIZE, length=2)
        upper.tick_params(axis="x", length=0)
        upper.set_title(
            name_of(code, names), size=8, loc="left", pad=3, weight="bold" if code == state else "normal",
            color=INK,
        )  # fmt: skip
        ends = [say(_END, power=name_of(power, names), tilt=format_number(tilt, 0, signed=True))
                for power, tilt in ((b, -1), (a, 1))]  # fmt: skip
        labels = [wrap_to(ends[0], _SIZE, _MARGIN - 0.08), "0", wrap_to(ends[1], _SIZE, _MARGIN - 0.08)]
        upper.set_yticks([-1, 0, 1], labels if across == 0 else ["", "", ""], size=_SIZE)
        lower.set_yticks([deepest], [format_amount(deepest)] if across == 0 else [""], size=_SIZE)
        _keep_labels_apart(lower, is_first=across == 0)
    for left, middle, _, (draw, text) in keys:
        draw_key(figure, left, key_height - middle, draw, text)
    return figure


def _draw_tilts(axes: Axes, own: pd.DataFrame, colour: str) -> None:
    axes.set_ylim(*_LIMITS)
    axes.axhline(0, color=CONTEXT_MARK, linewidth=0.7, zorder=1)
    axes.hlines([-1, 1], 0, 1, transform=axes.get_yaxis_transform(), color=FAINT, linewidth=0.6, zorder=0)
    axes.spines["left"].set_bounds(-1, 1)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=2)
    known = own[own["tilt"].notna()]
    places = [_middle(row) for row in each_row(known)]
    axes.plot(places, known["tilt"].astype(float), color=colour, linewidth=0.6, alpha=0.4, zorder=2, label="path")
    for place, row in zip(places, each_row(known), strict=True):
        if is_given(row.low):
            axes.vlines(place, row.low, row.high, color=colour, linewidth=1.6, zorder=3)
        dot = style_dot(colour, is_known=is_given(row.low), is_point=has_no_width(row.low, row.high))
        axes.plot([place], [row.tilt], **dot, zorder=4)
    if known.empty:
        axes.text(0.5, -0.5, say(_NOTHING), transform=axes.get_yaxis_transform(), ha="center", va="center",
                  size=_SIZE, color=CONTEXT, zorder=6,
                  bbox={"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": "none"})  # fmt: skip


def _draw_happenings(axes: Axes, happenings: pd.DataFrame, end: pd.Timestamp) -> None:
    middle, height = sum(_STRIP) / 2, _STRIP[1] - _STRIP[0]
    for row in each_row(happenings[happenings["kind"].isin([SUSPENDED, LEFT])]):
        first, last = _day(row), day_number(min(row.date_end, end) if is_given(row.date_end) else end)
        axes.barh(middle, last - first, left=first, height=height, zorder=2, label=row.kind, **style_bar(row.kind))
    for row in each_row(happenings[happenings["kind"].isin([COUP, ATTEMPT])]):
        place = _day(row)
        axes.vlines(place, _LIMITS[0], middle, color=INK, linewidth=0.6, linestyle=(0, (2, 2)), zorder=1)
        axes.plot([place], [middle], **style_cross(row.kind), zorder=5, label=row.kind)


def _draw_depths(axes: Axes, own: pd.DataFrame, colour: str, deepest: float) -> None:
    widths = [_BAR_SHARE * ((row.date_end - row.date_start).days + 1) for row in each_row(own)]
    axes.bar([_middle(row) for row in each_row(own)], amounts_of(own), widths, color=colour, alpha=0.75)
    axes.set_ylim(0, deepest)
    axes.tick_params(axis="y", length=2)


def _keep_labels_apart(axes: Axes, *, is_first: bool) -> None:
    """Let no year meet that of the next panel, and no depth the tilt above it."""
    left, right = axes.get_xlim()
    for tick in axes.xaxis.get_major_ticks():
        if right - tick.get_loc() < _EDGE * (right - left):
            tick.label1.set_visible(False)
    for label in axes.get_yticklabels() if is_first else ():
        label.set_verticalalignment("top")


def _day(row: object) -> float:
    """The day on which something happened; the middle of the month or year if no more is known."""
    day: pd.Timestamp = row.date_start  # type: ignore[attr-defined]
    period = {"month": "M", "year": "Y"}.get(row.date_precision)  # type: ignore[attr-defined]
    return day_number(day) if period is None else day_number(day + (day.to_period(period).end_time - day) / 2)


def _middle(row: object) -> float:
    return (day_number(row.date_start) + day_number(row.date_end) + 1) / 2  # type: ignore[attr-defined]
