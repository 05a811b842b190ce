"""Every event with each power in order of time: one lane a power, up for cooperation, down for conflict."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    date_limits,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_date_axis,
    text_width,
)
from analysis.figures.labels import stack
from analysis.figures.lanes import (
    HEAD,
    LABEL_SIZE,
    LANE_INCHES,
    Label,
    create_lane,
    draw_lane,
    format_weight,
    mark_key,
    middle_days,
    tally,
)
from analysis.figures.style import power_order
from analysis.figures.wording import (
    NO_EVENTS,
    alt_empty,
    caption_empty,
    chain,
    fit,
    list_names,
    name_of,
    shorten,
    source_line,
)
from analysis.language import message, say, say_data, say_number
from analysis.schema.rows import each_row
from analysis.wording import format_day, format_period

_COLUMNS = (
    "event_id", "power", "date_start", "date_end", "date_precision", "weight", "cooperation", "conflict", "is_material",
    "certainty", "summary",
)  # fmt: skip

_LEFT, _BOTTOM = 0.62, 0.62  # inches
_AXIS_SIZE = 8
_AXIS = message("← conflict     {unit}     cooperation →")
_AXIS_TWO_LINES = message("{unit}\n← conflict   cooperation →")
_EMPTY = message("No powers were given, so there is no lane to draw.")
_CAPTION = message("From {start} to {end}: {lanes}.")
_LANE = message("{power} {tally}")
_LANE_NONE = message("{power}, {none}")
_MARKS = message("Amounts are {unit}.")
_MARKS_RANGES = message("Amounts are {unit}; a bar spans the days of an event that has a range of dates.")
_ALT_TALLIES = message("In {unit}: {lanes}.")
_ALT_LARGEST = message("Labelled events: {events}.")
_ALT_EVENT = message("{day}, {power}, {weight}: {summary}")


@in_house_style
def plot_timeline(
    engagements: pd.DataFrame,
    powers: Sequence[str],
    names: Mapping[str, str],
    start: pd.Timestamp | str,
    end: pd.Timestamp | str,
    n_labels: int = 5,
    *,
    unit: str = message("effect points"),
) -> Figure | Axes:
    """Draw each event at its date and signed weight, in one lane per power.

    Parameters
    ----------
    engagements : DataFrame
        From :func:`analysis.measures.create_engagements`.
    powers : sequence of str
        Codes, in the order of the lanes. A power without events has an empty lane that says so.
    names : mapping
        Actor code to the reader's name.
    start, end : Timestamp or str
        First and last day of the axis; ranges are cut there.
    n_labels : int
        How many of the weightiest events are labelled, over all lanes.
    unit : str
        Unit of the weights.

    Returns
    -------
    Figure
        One axes per power; a single axes with the reason where no power is given.
    """
    require_columns(engagements, _COLUMNS, "timeline")
    chosen = power_order(powers)
    if not chosen:
        return empty_panel(say(_EMPTY))
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    events = _within(engagements, chosen, first, last)
    reach = max(1, math.ceil(events["weight"].abs().max())) if len(events) else 1
    labels = _label(_weightiest(events, n_labels), first, last)
    lanes = [create_lane(power, events, labels, 1.1 if len(chosen) <= 3 else 0.85) for power in chosen]
    height = max(_BOTTOM + sum(lane.inches for lane in lanes), 2.0)
    figure = new_figure(height)
    top = height
    for number, lane in enumerate(lanes):
        top -= lane.inches
        panel = add_panel(figure, _LEFT, top, LANE_INCHES, lane.inches - HEAD)
        draw_lane(panel, lane, name_of(lane.power, names), reach)
        set_date_axis(panel, first, last, is_labelled=number == len(lanes) - 1)
    if len(events):
        _name_axis(figure, unit, (top + height) / 2, height - top)
    if len(events):
        figure.legend(handles=mark_key(events), loc="lower center", ncols=4, handletextpad=0.3, columnspacing=1.6)
    return figure


def caption_timeline(
    engagements: pd.DataFrame,
    powers: Sequence[str],
    names: Mapping[str, str],
    start: pd.Timestamp | str,
    end: pd.Timestamp | str,
    n_labels: int = 5,
    *,
    unit: str = message("effect points"),
    source: str = message("curated events"),
) -> str:
    """Say how many events each power has, and how much cooperation and conflict they carry."""
    chosen = power_order(powers)
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if not chosen:
        return caption_empty(_EMPTY, source, 0)
    events = _within(engagements, chosen, first, last)
    lanes = chain(_sum_up(events, power, names) for power in chosen)
    text = say(_CAPTION, start=format_day(first), end=format_day(last), lanes=lanes)
    marks = _MARKS_RANGES if (events["shown_to"] > events["shown_from"]).any() else _MARKS
    return f"{text} {say(marks, unit=say(unit))} {source_line(source, events['event_id'].nunique())}"


def alt_timeline(
    engagements: pd.DataFrame,
    powers: Sequence[str],
    names: Mapping[str, str],
    start: pd.Timestamp | str,
    end: pd.Timestamp | str,
    n_labels: int = 5,
    *,
    unit: str = message("effect points"),
) -> str:
    """Give lanes, totals and labelled events to a reader who cannot see the marks."""
    chosen = power_order(powers)
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if not chosen:
        return alt_empty(_EMPTY)
    events = _within(engagements, chosen, first, last)
    head = say_number(
        len(chosen),
        "{n} lane, {powers}, over time from {start} to {end}, "
        "marks above the line for cooperation and below it for conflict.",
        "{n} lanes, {powers}, over time from {start} to {end}, "
        "marks above the line for cooperation and below it for conflict.",
        powers=list_names(chosen, names), start=format_day(first), end=format_day(last),
    )  # fmt: skip
    tallies = chain(_sum_up(events, power, names) for power in chosen)
    named = [
        say(
            _ALT_EVENT,
            day=format_period(row.date_start, row.date_end, row.date_precision),
            power=name_of(row.power, names),
            weight=format_weight(row.weight),
            summary=shorten(say_data(row.summary)),
        )
        for row in each_row(_weightiest(events, n_labels))
    ]
    text = fit([head, say(_ALT_TALLIES, unit=say(unit), lanes=tallies)])
    for number in range(len(named), 0, -1):
        longer = fit([text, say(_ALT_LARGEST, events=chain(named[:number]))])
        if longer != text:
            return longer
    return text


def _within(engagements: pd.DataFrame, powers: list[str], first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Select the powers' events, with the part of each range that the axis shows."""
    frame = engagements.reindex(columns=list(_COLUMNS)) if engagements.empty else engagements
    kept = frame[frame["power"].isin(powers)]
    starts, ends = pd.to_datetime(kept["date_start"]), pd.to_datetime(kept["date_end"])
    ends = ends.fillna(starts)
    kept = kept.assign(
        date_start=starts,
        date_end=ends,
        shown_from=starts.mask(starts < first, first),
        shown_to=ends.mask(ends > last, last),
    )
    return kept[kept["shown_from"] <= kept["shown_to"]].sort_values(
        ["date_start", "event_id", "power"], ignore_index=True
    )


def _weightiest(events: pd.DataFrame, most: int) -> pd.DataFrame:
    """Select the rows to label: the largest weights; equals take turns between lanes, deeds and confirmed first."""
    ranked = sorted(
        each_row(events),
        key=lambda row: (-abs(row.weight), not row.is_material, row.certainty != "confirmed", -row.date_start.value,
                         row.event_id),
    )  # fmt: skip
    before: Counter[tuple[str, float]] = Counter()
    turns: list[tuple[float, int, bool, str, Any]] = []
    for row in ranked:
        size = float(abs(row.weight))
        turns.append((-size, before[row.power, size], not row.is_material, row.power, row.Index))
        before[row.power, size] += 1
    turns.sort(key=lambda turn: turn[:4])
    return events.loc[[label for *_, label in turns[: max(most, 0)]]]


def _label(rows: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> list[Label]:
    """Texts and their places along the axis, those of each side of a lane clear of each other."""
    left, right = date_limits(first, last)
    anchors = ((middle_days(rows) - left) / (right - left) * LANE_INCHES).tolist()
    sides: dict[tuple[str, bool], list[tuple[Any, float, str]]] = {}
    for row, anchor in zip(each_row(rows), anchors, strict=True):
        text = shorten(say_data(row.summary))
        sides.setdefault((row.power, bool(row.weight >= 0)), []).append((row, anchor, text))
    labels = []
    for (power, is_up), side in sides.items():
        widths = [text_width(text, LABEL_SIZE) for *_, text in side]
        slots = stack([anchor for _, anchor, _ in side], widths, 0.0, LANE_INCHES, 0.1)
        labels += [
            Label(power, is_up, row.weight, text, anchor, slot.row, slot.left)
            for (row, anchor, text), slot in zip(side, slots, strict=True)
        ]
    return labels


def _name_axis(figure: Figure, unit: str, middle: float, room: float) -> None:
    """Name the upright axis beside all lanes, on two lines where they are too low for one."""
    text = say(_AXIS, unit=say(unit))
    if text_width(text, _AXIS_SIZE) > room:
        text = say(_AXIS_TWO_LINES, unit=say(unit))
    figure.text(
        0.05 / WIDTH_INCHES, middle / figure.get_figheight(), text, rotation=90, ha="left", va="center",
        multialignment="center", size=_AXIS_SIZE,
    )  # fmt: skip


def _sum_up(events: pd.DataFrame, power: str, names: Mapping[str, str]) -> str:
    own = events[events["power"] == power]
    if own.empty:
        return say(_LANE_NONE, power=name_of(power, names), none=say(NO_EVENTS))
    return say(_LANE, power=name_of(power, names), tally=tally(own))
