"""Where engagement with each power changed its level: quarters as bars, levels as lines with their bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    day_number,
    day_numbers,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_date_axis,
    set_number_axis,
    text_width,
)
from analysis.figures.strokes import Bar, add_bars, add_line
from analysis.figures.style import CONTEXT, CONTEXT_MARK, FAINT, INK, actor_colour, power_order
from analysis.figures.wording import (
    alt_empty,
    caption_empty,
    chain,
    count_span,
    fit,
    format_amount,
    is_given,
    name_of,
    shorten,
    source_line,
)
from analysis.language import message, say, say_data
from analysis.schema.rows import each_row
from analysis.wording import count, format_month, format_number, format_percent, format_period

_LEFT, _RIGHT, _BOTTOM, _HEAD, _PLOT = 0.75, 0.2, 0.35, 0.3, 1.15  # inches
_EVENT_WIDTH = 60  # characters of an event in the caption

_EMPTY = message("No whole quarter lies in this window, so there is no series to draw.")
_AXIS = message("points a quarter")
_NONE = message("no change of level found in {events}")
_FOUND = message("{events}; {shifts}")
_SHIFT = message("{month}: {before} → {after}")
_TOO_FEW = message("too few events to say: {events} in {filled} of {quarters}")
_POINT = message("With {power} the level changes in {month}, from {before} to {after} points a quarter ({steadiness}).")
_STEADINESS = message("found within a quarter in {share} of the resamples")
_NO_POINT = message("With {power} no change of level is found in {events}.")
_SPARSE = message("With {power} there are too few events to say ({events}, in {filled} of {quarters}).")
_NEAR = message("Around {month} with {power}: {events}.")
_EVENT = message("{day}, {event}")
_MARKS = {
    "bars": message("Bars are the sums of the events of a quarter."),
    "levels": message("Lines are the mean of each stretch, with the band of nine tenths of its resamples."),
    "changes": message("A dashed line marks a change, the pale strip where the resamples have it."),
}
_WHOLE = message("The quarters run to {last}; a quarter that the window cuts is left out with its events.")
_ALT = message("Bars of net engagement by quarter with each power, {first} to {last}, with the mean of each stretch.")
_ALT_SPAN = message("Each quarter holds {span}.")


@in_house_style
def plot_shifts(
    series: pd.DataFrame,
    levels: pd.DataFrame,
    points: pd.DataFrame,
    events: pd.DataFrame,
    powers: Sequence[str],
    names: Mapping[str, str],
) -> Figure | Axes:
    """Draw net engagement with each power by quarter, and the levels between its change points.

    Parameters
    ----------
    series : DataFrame
        ``power, date_start, value, date_end, n_events, is_enough``: the quarters of each power, and whether it has
        enough events to be searched.
    levels : DataFrame
        ``power, date_start, date_end, mean, low, high`` of each stretch.
    points : DataFrame
        ``power, date, earliest, latest, before, after, steadiness`` of each change point.
    events : DataFrame
        ``power, point, date_start, date_end, date_precision, summary``: events around each change point.
    powers : sequence of str
        Codes, in the order of the panels.
    names : mapping
        Actor code to the reader's name.

    Returns
    -------
    Figure
        One axes per power; a single axes with the reason where there is no quarter.
    """
    require_columns(series, ("power", "date_start", "value", "date_end", "n_events", "is_enough"), "shifts")
    chosen = power_order(powers)
    if series.empty or not chosen:
        return empty_panel(say(_EMPTY))
    height = _BOTTOM + len(chosen) * (_HEAD + _PLOT)
    figure = new_figure(height)
    for number, power in enumerate(chosen):
        bottom = height - (number + 1) * (_HEAD + _PLOT)
        axes = add_panel(figure, _LEFT, bottom, WIDTH_INCHES - _LEFT - _RIGHT, _PLOT)
        own, found = series[series["power"] == power], points[points["power"] == power]
        _draw(axes, own, levels[levels["power"] == power], found, actor_colour(power))
        _name(axes, name_of(power, names), _tell(own, found))
        is_last = number == len(chosen) - 1
        set_date_axis(axes, series["date_start"].min(), series["date_end"].max(), is_labelled=is_last)
    return figure


def caption_shifts(
    series: pd.DataFrame,
    levels: pd.DataFrame,
    points: pd.DataFrame,
    events: pd.DataFrame,
    powers: Sequence[str],
    names: Mapping[str, str],
    *,
    source: str = message("curated events"),
) -> str:
    """Say where each level changes, from what to what, how steadily, and which events stand near."""
    chosen = power_order(powers)
    if series.empty or not chosen:
        return caption_empty(_EMPTY, source)
    sentences = [sentence for power in chosen for sentence in _answer(series, points, power, names)]
    sentences += [_near(events, row, names) for row in each_row(points)]
    whole = say(_WHOLE, last=format_month(series["date_end"].max()))
    marks = [say(text) for mark, text in _MARKS.items() if mark in _list_marks(series, levels, points, chosen)]
    return " ".join([*filter(None, sentences), *marks, whole, source_line(source)])


def alt_shifts(
    series: pd.DataFrame,
    levels: pd.DataFrame,
    points: pd.DataFrame,
    events: pd.DataFrame,
    powers: Sequence[str],
    names: Mapping[str, str],
) -> str:
    """Give the levels and where they change to a reader who cannot see them."""
    chosen = power_order(powers)
    if series.empty or not chosen:
        return alt_empty(_EMPTY)
    head = say(
        _ALT, first=format_month(series["date_start"].min()), last=format_month(series["date_end"].max())
    )  # fmt: skip
    answers = [sentence for power in chosen for sentence in _answer(series, points, power, names)]
    return fit([head, *answers, say(_ALT_SPAN, span=count_span(series["n_events"], "event", "events"))])


def _list_marks(series: pd.DataFrame, levels: pd.DataFrame, points: pd.DataFrame, powers: Sequence[str]) -> set[str]:
    """Which marks the panels have."""
    values, means = (frame[frame["power"].isin(powers)] for frame in (series, levels))
    occur = {
        "bars": values["value"].ne(0).any(),
        "levels": means["low"].notna().any(),
        "changes": points["power"].isin(powers).any(),
    }
    return {mark for mark, does in occur.items() if does}


def _draw(axes: Axes, own: pd.DataFrame, levels: pd.DataFrame, points: pd.DataFrame, colour: str) -> None:
    for point in each_row(points):
        left, right = day_number(point.earliest), day_number(point.latest)
        axes.axvspan(left, right, color=FAINT, linewidth=0, alpha=0.6, zorder=0.3)
        axes.axvline(day_number(point.date), color=INK, linewidth=0.9, linestyle=(0, (3, 2)), zorder=0.6)
    starts, ends = day_numbers(own["date_start"]), day_numbers(own["date_end"])
    bars = [
        Bar(start, 0, 0.82 * (end - start + 1), value)
        for start, end, value in zip(starts, ends, own["value"], strict=True)
    ]
    add_bars(axes, bars, facecolor=CONTEXT_MARK, alpha=0.55, linewidth=0, label="_nolegend_")
    axes.axhline(0, color=CONTEXT_MARK, linewidth=0.8)
    for level in each_row(levels):
        if not is_given(level.low):
            continue
        first, last = day_number(level.date_start), day_number(level.date_end)
        axes.fill_between([first, last], level.low, level.high, color=colour, alpha=0.18, linewidth=0)
        add_line(axes, [first, last], [level.mean, level.mean], color=colour, linewidth=1.8, label="level")
    values = [*own["value"], *levels["low"].dropna(), *levels["high"].dropna(), 0.0]
    room = 0.12 * max(max(values) - min(values), 1.0)
    axes.set(ylim=(min(values) - room, max(*values, 1.0) + room))
    axes.set_ylabel(say(_AXIS), size=8)
    set_number_axis(axes.yaxis, 4, integer=True)


def _name(axes: Axes, name: str, told: str) -> None:
    place: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "bottom"}
    axes.annotate(name, (0, 1), (0, 4), weight="bold", size=9, **place)
    axes.annotate(told, (0, 1), (72 * text_width(name, 9, "bold") + 6, 4), color=CONTEXT, size=8, **place)


def _tell(own: pd.DataFrame, points: pd.DataFrame) -> str:
    """What stands beside a power's name."""
    if not own["is_enough"].all():
        return say(_TOO_FEW, **_counts(own))
    events = count(_total(own), "event", "events")
    if points.empty:
        return say(_NONE, events=events)
    shifts = chain(
        say(_SHIFT, month=format_month(row.date), before=_signed(row.before), after=_signed(row.after))
        for row in each_row(points)
    )  # fmt: skip
    return say(_FOUND, events=events, shifts=shifts)


def _answer(series: pd.DataFrame, points: pd.DataFrame, power: str, names: Mapping[str, str]) -> list[str]:
    own, found, name = series[series["power"] == power], points[points["power"] == power], name_of(power, names)
    if not own["is_enough"].all():
        return [say(_SPARSE, power=name, **_counts(own))]
    if found.empty:
        return [say(_NO_POINT, power=name, events=count(_total(own), "event", "events"))]
    return [
        say(
            _POINT,
            power=name,
            month=format_month(row.date),
            before=_signed(row.before),
            after=_signed(row.after),
            steadiness=say(_STEADINESS, share=format_percent(row.steadiness)),
        )
        for row in each_row(found)
    ]


def _near(events: pd.DataFrame, point: Any, names: Mapping[str, str]) -> str:
    if events.empty:
        return ""
    own = events[(events["power"] == point.power) & (events["point"] == point.date)]
    named = chain(
        say(
            _EVENT,
            day=format_period(row.date_start, row.date_end, row.date_precision),
            event=shorten(say_data(row.summary), _EVENT_WIDTH).rstrip("."),
        )
        for row in each_row(own)
    )
    return say(_NEAR, month=format_month(point.date), power=name_of(point.power, names), events=named) if named else ""


def _counts(own: pd.DataFrame) -> dict[str, str]:
    return {
        "events": count(_total(own), "event", "events"),
        "filled": format_amount(float((own["n_events"] > 0).sum())),
        "quarters": count(len(own), "quarter", "quarters"),
    }


def _total(own: pd.DataFrame) -> int:
    """Distinct events where their number is given, as an event may last from one quarter into the next."""
    return int(own["n_distinct"].iloc[0] if "n_distinct" in own else own["n_events"].sum())


def _signed(value: float) -> str:
    return format_number(value, 1, signed=True)
