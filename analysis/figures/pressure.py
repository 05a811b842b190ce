"""What happens at home by kind, and engagement with each power below it, on one axis of time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    date_limits,
    day_number,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_date_axis,
    wrap_to,
)
from analysis.figures.strokes import Bar, add_level, fill_bars
from analysis.figures.style import CONTEXT, CONTEXT_MARK, INK, actor_colour, power_order
from analysis.figures.terms import PRESSURE_KINDS, say_code
from analysis.figures.wording import (
    NO_EVENTS,
    alt_empty,
    caption_empty,
    chain,
    fit,
    format_amount,
    name_of,
    source_line,
)
from analysis.language import message, say
from analysis.language.numbers import MINUS, format_digits
from analysis.measures.pressure import KINDS, RELIEF
from analysis.schema.rows import each_row
from analysis.wording import format_day, format_month, join

_LEFT, _RIGHT, _BOTTOM, _TOP = 1.62, 0.55, 0.62, 0.08  # inches
_HOME, _ABROAD, _GAP, _BETWEEN = 0.43, 0.72, 0.1, 0.16
_HATCH = "//////"
_GREY = "#555555"
_HOME_COLOURS = {RELIEF: "#6F8F5F"}

_EMPTY = message("No events were gathered in this window, at home or with a power.")
_KEY_SURE, _KEY_UNSURE = message("confirmed"), message("one source only, or disputed")
_CAPTION = message("At home, in points by kind: {kinds}.")
_NOTHING = message("No pressure or relief at home is on record in this window.")
_PEAK = message("The quarter that begins in {month} has most pressure, {points}.")
_PEAKS = message("The quarters that begin in {months} have most pressure, {points} each.")
_MANY_PEAKS = message("{n} quarters have most pressure, {points} each; the first begins in {month}.")
_MOST_NAMED = 4
_POWER = message("With {power}: {cooperation} of cooperation, {conflict} of conflict.")
_POWER_NONE = message("With {power}: no events gathered.")
_KIND = message("{kind} {points}")
_UNIT = message(
    "Bars are sums by quarter: each act at home counts 1 to 3, engagement is in effect points, cooperation upwards and "
    "conflict downwards."
)
_ALT = message("Bars by quarter from {start} to {end}: kinds of pressure at home above, engagement with powers below.")


@in_house_style
def plot_pressure(
    quarters: pd.DataFrame,
    powers: Sequence[str],
    names: Mapping[str, str],
    start: pd.Timestamp | str,
    end: pd.Timestamp | str,
) -> Figure | Axes:
    """Draw pressure at home by kind and engagement with each power, by quarter.

    Parameters
    ----------
    quarters : DataFrame
        ``place`` ("home" or "abroad"), ``lane`` (kind of pressure, or power), ``up`` and ``down`` (points),
        ``date_start, date_end, is_confirmed``; rows without any may be absent.
    powers : sequence of str
        Codes, in the order of the panels.
    names : mapping
        Actor code to the reader's name.
    start, end : Timestamp or str
        First and last day of the axis.

    Returns
    -------
    Figure
        One axes for what happens at home, a lane a kind, then one for each power; a single axes with the reason where
        nothing is on record.
    """
    require_columns(quarters, ("place", "lane", "up", "down", "date_start", "date_end", "is_confirmed"), "pressure")
    if quarters.empty:
        return empty_panel(say(_EMPTY))
    chosen = power_order(powers)
    height = _TOP + len(KINDS) * _HOME + _BETWEEN + len(chosen) * (_ABROAD + _GAP) + _BOTTOM
    figure = new_figure(height)
    width = WIDTH_INCHES - _LEFT - _RIGHT
    limits = date_limits(start, end)
    bottom = height - _TOP - len(KINDS) * _HOME
    home = add_panel(figure, _LEFT, bottom, width, len(KINDS) * _HOME)
    rows = [row for row in each_row(quarters) if row.place == "home"]
    # One scale for all kinds at home and one for all powers: a small bar is little everywhere.
    tallest = 1.3 * max(_reach(rows)[1], 1.0)
    _clear(home, limits, (-0.05 * tallest, len(KINDS) * tallest))
    for number, kind in enumerate(reversed(KINDS)):
        own = [row for row in rows if row.lane == kind]
        _draw(home, own, _HOME_COLOURS.get(kind, _GREY), number * tallest)
        _label(home, say_code(kind, PRESSURE_KINDS), own, (number + 0.4) * tallest)
    bottom -= _BETWEEN
    rows = [row for row in each_row(quarters) if row.place == "abroad"]
    low, high = _reach(rows)
    for power in chosen:
        bottom -= _ABROAD
        axes = add_panel(figure, _LEFT, bottom, width, _ABROAD)
        bottom -= _GAP
        _clear(axes, limits, (-1.08 * low - 0.02, 1.08 * max(high, 1.0)))
        own = [row for row in rows if row.lane == power]
        _draw(axes, own, actor_colour(power), 0.0)
        _label(axes, name_of(power, names), own, sum(axes.get_ylim()) / 2, is_power=True)
    set_date_axis(figure.axes[-1], start, end)
    keys = {
        True: Patch(facecolor=CONTEXT_MARK, edgecolor=CONTEXT, label=say(_KEY_SURE)),
        False: Patch(facecolor="white", edgecolor=CONTEXT, hatch=_HATCH, label=say(_KEY_UNSURE)),
    }
    shown = quarters[(quarters["place"] == "home") | quarters["lane"].isin(chosen)]
    drawn = set(shown.loc[(shown["up"] > 0) | (shown["down"] > 0), "is_confirmed"].astype(bool))
    figure.legend(
        handles=[patch for is_sure, patch in keys.items() if is_sure in drawn],
        loc="lower center",
        ncols=2,
        columnspacing=1.6,
    )
    return figure


def caption_pressure(
    quarters: pd.DataFrame,
    powers: Sequence[str],
    names: Mapping[str, str],
    start: pd.Timestamp | str,
    end: pd.Timestamp | str,
    *,
    source: str = message("curated events"),
) -> str:
    """Say how much of each kind there is, in which quarter most, and how much with each power."""
    if quarters.empty:
        return caption_empty(_EMPTY, source)
    return " ".join([*_answers(quarters, power_order(powers), names), say(_UNIT), source_line(source)])


def alt_pressure(
    quarters: pd.DataFrame,
    powers: Sequence[str],
    names: Mapping[str, str],
    start: pd.Timestamp | str,
    end: pd.Timestamp | str,
) -> str:
    """Give the same sums to a reader who cannot see the bars."""
    if quarters.empty:
        return alt_empty(_EMPTY)
    first, last = (format_day(pd.Timestamp(day)) for day in (start, end))
    return fit([say(_ALT, start=first, end=last), *_answers(quarters, power_order(powers), names)])


def _clear(axes: Axes, across: tuple[float, float], up: tuple[float, float]) -> None:
    """Leave of a panel nothing but its limits."""
    axes.set(xlim=across, ylim=up, xticks=[], yticks=[])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _draw(axes: Axes, rows: list[Any], colour: str, base: float) -> None:
    """Draw a lane's bars from its base line, the confirmed ones nearest to it."""
    add_level(axes, base, color=CONTEXT_MARK, linewidth=0.8)
    if not rows:
        is_below = not base and sum(axes.get_ylim()) < 0  # where the lane has its room
        offset = -4 if is_below else 7 if base else 4
        axes.annotate(
            say(NO_EVENTS), (0.5, base), (0, offset), xycoords=("axes fraction", "data"), textcoords="offset points",
            ha="center", va="top" if is_below else "bottom", color=CONTEXT, size=7.5,
        )  # fmt: skip
        return
    sums: dict[tuple[pd.Timestamp, pd.Timestamp], Counter[tuple[str, bool]]] = defaultdict(Counter)
    for row in rows:
        for side in ("up", "down"):
            sums[row.date_start, row.date_end][side, bool(row.is_confirmed)] += getattr(row, side)
    bars: dict[bool, list[Bar]] = {True: [], False: []}
    for (first, last), points in sorted(sums.items()):
        left, width = day_number(first), day_number(last) - day_number(first) + 1
        for side, sign in (("up", 1), ("down", -1)):
            sure, unsure = (float(points[side, is_sure]) for is_sure in (True, False))
            for is_sure, height, floor in ((True, sure, base), (False, unsure, base + sign * sure)):
                if height:
                    bars[is_sure].append(Bar(left + 0.09 * width, floor, 0.82 * width, sign * height))
    looks: dict[bool, dict[str, Any]] = {
        True: {"facecolor": colour, "label": "confirmed"},
        False: {"facecolor": "white", "hatch": _HATCH, "label": "unconfirmed"},
    }
    for is_sure, drawn in bars.items():
        fill_bars(axes, drawn, edgecolor=colour, linewidth=0.7, **looks[is_sure])


def _label(axes: Axes, label: str, rows: list[Any], height: float, *, is_power: bool = False) -> None:
    """The lane's name on its left, and its sums on its right."""
    place: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
    weight = "bold" if is_power else "normal"
    axes.annotate(wrap_to(label, 8.5, _LEFT - 0.2), (0, height), (-6, 0), ha="right", weight=weight, size=8.5, **place)
    up, down = _sum(rows)
    parts = [f"+{format_amount(up)}"] * (up > 0) + [f"{MINUS}{format_amount(down)}"] * (down > 0)
    sums = "\n".join(parts) or "0" if is_power else format_amount(up)
    axes.annotate(sums, (1, height), (5, 0), ha="left", color=INK, size=8, **place)


def _sum(rows: list[Any]) -> tuple[float, float]:
    return float(sum(row.up for row in rows)), float(sum(row.down for row in rows))


def _reach(rows: list[Any]) -> tuple[float, float]:
    """The longest bar downwards, and upwards."""
    bars: dict[tuple[str, pd.Timestamp], list[Any]] = defaultdict(list)
    for row in rows:
        bars[row.lane, row.date_start].append(row)
    sums = [_sum(bar) for bar in bars.values()]
    return max((down for _, down in sums), default=0.0), max((up for up, _ in sums), default=0.0)


def _answers(quarters: pd.DataFrame, powers: Sequence[str], names: Mapping[str, str]) -> list[str]:
    rows = list(each_row(quarters))
    home = [row for row in rows if row.place == "home"]
    sentences = [_kinds(home)]
    pressure: Counter[pd.Timestamp] = Counter()
    for row in home:
        if row.lane != RELIEF:
            pressure[row.date_start] += row.up
    if pressure:
        sentences.append(_say_peaks(pressure))
    for power in powers:
        own = [row for row in rows if row.place == "abroad" and row.lane == power]
        if not own:
            sentences.append(say(_POWER_NONE, power=name_of(power, names)))
            continue
        up, down = _sum(own)
        amounts = {"cooperation": format_amount(up), "conflict": format_amount(down)}
        sentences.append(say(_POWER, power=name_of(power, names), **amounts))
    return sentences


def _say_peaks(pressure: Mapping[pd.Timestamp, float]) -> str:
    """The quarter with most pressure, or all that share that place."""
    most = max(pressure.values())
    months = [format_month(quarter) for quarter in sorted(pressure) if pressure[quarter] == most]
    points = format_amount(float(most))
    if len(months) == 1:
        return say(_PEAK, month=months[0], points=points)
    if len(months) > _MOST_NAMED:
        return say(_MANY_PEAKS, n=format_digits(len(months), 0), month=months[0], points=points)
    return say(_PEAKS, months=join(months), points=points)


def _kinds(home: list[Any]) -> str:
    if not home:
        return say(_NOTHING)
    kinds = [
        say(
            _KIND,
            kind=say_code(kind, PRESSURE_KINDS),
            points=format_amount(_sum([row for row in home if row.lane == kind])[0]),
        )
        for kind in KINDS
    ]
    return say(_CAPTION, kinds=chain(kinds))
