"""Every event with each power in order of time: one lane a power, up for cooperation, down for conflict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    day_number,
    day_numbers,
    empty_panel,
    figure_of,
    in_house_style,
    new_figure,
    require_columns,
    set_date_axis,
    text_width,
)
from analysis.figures.labels import stack
from analysis.figures.style import CONTEXT, CONTEXT_MARK, FAINT, INK, actor_colour, power_order
from analysis.figures.wording import NO_EVENTS, fit, format_amount, name_of, shorten, source_line
from analysis.wording import count, format_day, join

_COLUMNS = (
    "event_id", "power", "date_start", "date_end", "weight", "cooperation", "conflict", "is_material", "certainty",
    "summary",
)  # fmt: skip

_LEFT, _RIGHT, _BOTTOM, _HEAD, _ROW = 0.62, 0.12, 0.72, 0.24, 0.165  # inches
_LABEL_SIZE = 7.5
_AXIS = "← conflict     {unit}     cooperation →"
_TALLY = "{events}, cooperation {cooperation}, conflict {conflict}"
_EMPTY = "No powers were given, so there is no lane to draw."
_KEY_DEED, _KEY_WORD, _KEY_SINGLE, _KEY_DISPUTED = "deeds", "words", "fainter: one source only", "dashed edge: disputed"
_CAPTION = "From {start} to {end}: {lanes}."
_LANE = "{power} {tally}"
_LANE_NONE = "{power}, {none}"
_MARKS = "Amounts are {unit}; a bar spans the days of an event that has a range of dates."
_ALT = "{lanes} over time from {start} to {end}, marks above the line for cooperation and below it for conflict."
_ALT_LARGEST = "Labelled events: {events}."
_ALT_EVENT = "{day}, {power}, {weight}: {summary}"


@dataclass(frozen=True)
class _Lane:
    """One power's events and labels, and how high its panel is in inches."""

    power: str
    events: pd.DataFrame
    labels: pd.DataFrame
    rows_above: int
    rows_below: int
    plot_inches: float

    @property
    def inches(self) -> float:
        return _HEAD + self.plot_inches + _ROW * (self.rows_above + self.rows_below)


@in_house_style
def plot_timeline(
    engagements: pd.DataFrame,
    powers: Sequence[str],
    names: Mapping[str, str],
    start: pd.Timestamp | str,
    end: pd.Timestamp | str,
    n_labels: int = 5,
    *,
    unit: str = "effect points",
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
        return empty_panel(_EMPTY)
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    events = _within(engagements, chosen, first, last)
    reach = max(1, math.ceil(events["weight"].abs().max())) if len(events) else 1
    measuring = new_figure(1)
    labels = _label(measuring, _weightiest(events, n_labels), first, last)
    lanes = [_lane(power, events, labels, 1.1 if len(chosen) <= 3 else 0.85) for power in chosen]
    height = max(_BOTTOM + sum(lane.inches for lane in lanes), 2.0)
    figure = new_figure(height)
    top = height
    for number, lane in enumerate(lanes):
        top -= lane.inches
        panel = add_panel(figure, _LEFT, top, WIDTH_INCHES - _LEFT - _RIGHT, lane.inches - _HEAD)
        _draw_lane(panel, lane, name_of(lane.power, names), reach)
        set_date_axis(panel, first, last)
        if number < len(lanes) - 1:
            panel.tick_params(axis="x", which="both", bottom=False, labelbottom=False)
    middle = (top + height) / 2 / height
    figure.text(0.06 / WIDTH_INCHES, middle, _AXIS.format(unit=unit), rotation=90, ha="left", va="center", size=8)
    figure.legend(handles=_key(), loc="lower center", ncols=4, handletextpad=0.3, columnspacing=1.6)
    return figure


def caption_timeline(
    engagements: pd.DataFrame,
    powers: Sequence[str],
    names: Mapping[str, str],
    start: pd.Timestamp | str,
    end: pd.Timestamp | str,
    n_labels: int = 5,
    *,
    unit: str = "effect points",
    source: str = "curated events",
) -> str:
    """Say how many events each power has, and how much cooperation and conflict they carry."""
    chosen = power_order(powers)
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if not chosen:
        return f"{_EMPTY} {source_line(source, 0)}"
    events = _within(engagements, chosen, first, last)
    lanes = "; ".join(_sum_up(events, power, names) for power in chosen)
    text = _CAPTION.format(start=format_day(first), end=format_day(last), lanes=lanes)
    return f"{text} {_MARKS.format(unit=unit)} {source_line(source, events['event_id'].nunique())}"


def alt_timeline(
    engagements: pd.DataFrame,
    powers: Sequence[str],
    names: Mapping[str, str],
    start: pd.Timestamp | str,
    end: pd.Timestamp | str,
    n_labels: int = 5,
    *,
    unit: str = "effect points",
) -> str:
    """Give lanes, totals and labelled events to a reader who cannot see the marks."""
    chosen = power_order(powers)
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if not chosen:
        return f"An empty panel. {_EMPTY}"
    events = _within(engagements, chosen, first, last)
    lanes = f"{count(len(chosen), 'lane')}, {join(name_of(power, names) for power in chosen)},"
    head = _ALT.format(lanes=lanes, start=format_day(first), end=format_day(last))
    tallies = "; ".join(_sum_up(events, power, names) for power in chosen)
    named = [
        _ALT_EVENT.format(
            day=f"{row.date_start:%Y-%m-%d}", power=name_of(row.power, names), weight=_signed(row.weight),
            summary=shorten(row.summary),
        )
        for row in _weightiest(events, n_labels).itertuples()
    ]  # fmt: skip
    text = fit([head, f"In {unit}: {tallies}."])
    for number in range(len(named), 0, -1):
        longer = fit([text, _ALT_LARGEST.format(events="; ".join(named[:number]))])
        if longer != text:
            return longer
    return text


def _within(engagements: pd.DataFrame, powers: list[str], first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """The powers' events with the part of each range that the axis shows."""
    frame = engagements.reindex(columns=list(_COLUMNS)) if engagements.empty else engagements
    kept = frame[frame["power"].isin(powers)]
    starts, ends = pd.to_datetime(kept["date_start"]), pd.to_datetime(kept["date_end"])
    kept = kept.assign(
        date_start=starts, shown_from=starts.clip(lower=first), shown_to=ends.fillna(starts).clip(upper=last)
    )
    return kept[kept["shown_from"] <= kept["shown_to"]].sort_values(["date_start", "event_id", "power"])


def _weightiest(events: pd.DataFrame, most: int) -> pd.DataFrame:
    """The rows to label: by size of weight; equals take turns between the lanes, deeds and confirmed ones first."""
    ranked = events.assign(
        size=events["weight"].abs().astype(float),
        is_word=~events["is_material"].astype(bool),
        is_weak=events["certainty"] != "confirmed",
    ).sort_values(["size", "is_word", "is_weak", "date_start", "event_id"], ascending=[False, True, True, False, True])
    turn = ranked.groupby(["power", "size"]).cumcount()
    return (
        ranked.assign(turn=turn)
        .sort_values(["size", "turn", "is_word", "power"], ascending=[False, True, True, True], kind="stable")
        .head(max(most, 0))
    )


def _label(figure: Figure, rows: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Texts and their places: `slot_row`, and `slot_left` and `anchor` in inches along the axis."""
    width = WIDTH_INCHES - _LEFT - _RIGHT
    span = max(day_number(last) - day_number(first), 1.0)
    anchors = (_middle(rows) - day_number(first)) / span * width
    texts = rows["summary"].map(shorten)
    placed = rows.assign(text=texts, anchor=anchors, slot_row=0, slot_left=0.0, is_up=rows["weight"] >= 0)
    for _, group in placed.groupby(["power", "is_up"]):
        widths = [text_width(figure, text, _LABEL_SIZE) for text in group["text"]]
        slots = stack([float(anchor) for anchor in group["anchor"]], widths, 0.0, width, 0.1)
        placed.loc[group.index, "slot_row"] = [slot.row for slot in slots]
        placed.loc[group.index, "slot_left"] = [slot.left for slot in slots]
    return placed


def _lane(power: str, events: pd.DataFrame, labels: pd.DataFrame, plot_inches: float) -> _Lane:
    own, texts = events[events["power"] == power], labels[labels["power"] == power]
    above, below = (texts.loc[texts["is_up"] == is_up, "slot_row"] for is_up in (True, False))
    return _Lane(
        power, own, texts,
        rows_above=int(above.max()) + 1 if len(above) else 0,
        rows_below=int(below.max()) + 1 if len(below) else 0,
        plot_inches=plot_inches if len(own) else 0.4,
    )  # fmt: skip


def _draw_lane(axes: Axes, lane: _Lane, name: str, reach: int) -> None:
    half = reach * 1.15  # room for half a mark beyond the weightest weight
    unit = 2 * half / lane.plot_inches
    axes.set_ylim(-half - unit * _ROW * lane.rows_below, half + unit * _ROW * lane.rows_above)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.annotate(
        name, (0, 1), (0, 4), xycoords="axes fraction", textcoords="offset points", weight="bold", size=9, va="bottom"
    )
    if lane.events.empty:
        axes.set_yticks([])
        axes.axhline(0, color=FAINT, linewidth=0.8)
        axes.text(0.5, 0.5, NO_EVENTS, transform=axes.transAxes, ha="center", va="center", color=CONTEXT,
                  backgroundcolor="white")  # fmt: skip
        return
    indent = 72 * text_width(figure_of(axes), name, 9, "bold") + 6
    axes.annotate(
        _tally(lane.events), (0, 1), (indent, 4), xycoords="axes fraction", textcoords="offset points",
        color=CONTEXT, size=8, va="bottom",
    )  # fmt: skip
    axes.set_yticks([-reach, 0, reach], [_signed(value) for value in (-reach, 0, reach)])
    for level in (-reach, reach):
        axes.axhline(level, color=FAINT, linewidth=0.6)
    axes.axhline(0, color=CONTEXT_MARK, linewidth=0.8)
    _draw_marks(axes, lane.events, actor_colour(lane.power))
    _draw_labels(axes, lane.labels, half, unit)


def _draw_marks(axes: Axes, events: pd.DataFrame, colour: str) -> None:
    ranged = events[events["shown_to"] > events["shown_from"]]
    axes.hlines(
        ranged["weight"].astype(float), day_numbers(ranged["shown_from"]), day_numbers(ranged["shown_to"]),
        color=colour, linewidth=2.2, alpha=0.45, zorder=2,
    )  # fmt: skip
    for (is_material, certainty), group in events.groupby(["is_material", "certainty"]):
        axes.scatter(
            _middle(group), group["weight"].astype(float), s=30, zorder=3,
            facecolor=colour if is_material else "white", edgecolor="white" if is_material and certainty == "confirmed" else colour,
            linewidth=0.5 if is_material and certainty == "confirmed" else 1.1,
            linestyle=(0, (1.6, 1.1)) if certainty == "disputed" else "solid",
            alpha=0.5 if certainty == "single_source" else 0.75 if certainty == "disputed" and is_material else 1,
        )  # fmt: skip


def _draw_labels(axes: Axes, labels: pd.DataFrame, half: float, unit: float) -> None:
    width = WIDTH_INCHES - _LEFT - _RIGHT
    for row in labels.itertuples():
        side = 1 if row.is_up else -1
        height = side * (half + unit * _ROW * (row.slot_row + 0.5))
        across = row.anchor / width
        axes.annotate(
            "", (across, row.weight), (across, height - side * unit * _ROW * 0.38), zorder=1,
            xycoords=("axes fraction", "data"), textcoords=("axes fraction", "data"),
            arrowprops={"arrowstyle": "-", "color": CONTEXT_MARK, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3},
        )  # fmt: skip
        axes.text(
            row.slot_left / width, height, row.text, transform=axes.get_yaxis_transform(), size=_LABEL_SIZE,
            color=INK, ha="left", va="center",
        )  # fmt: skip


def _key() -> list[Line2D]:
    def mark(label: str, **look: object) -> Line2D:
        return Line2D([], [], linestyle="none", marker="o", markersize=5.5, markeredgecolor=INK, label=label, **look)  # type: ignore[arg-type]

    return [
        mark(_KEY_DEED, markerfacecolor=INK),
        mark(_KEY_WORD, markerfacecolor="white"),
        mark(_KEY_SINGLE, markerfacecolor=INK, alpha=0.45),
        Line2D([], [], color=INK, linewidth=1.1, linestyle=(0, (1.6, 1.1)), label=_KEY_DISPUTED),
    ]


def _middle(events: pd.DataFrame) -> pd.Series:
    return (day_numbers(events["shown_from"]) + day_numbers(events["shown_to"])) / 2


def _signed(weight: float) -> str:
    text = format_amount(weight)
    return f"+{text}" if weight > 0 and text != "0" else text


def _tally(events: pd.DataFrame) -> str:
    return _TALLY.format(
        events=count(len(events), "event"),
        cooperation=format_amount(events["cooperation"].sum()),
        conflict=format_amount(events["conflict"].sum()),
    )


def _sum_up(events: pd.DataFrame, power: str, names: Mapping[str, str]) -> str:
    own = events[events["power"] == power]
    if own.empty:
        return _LANE_NONE.format(power=name_of(power, names), none=NO_EVENTS)
    return _LANE.format(power=name_of(power, names), tally=_tally(own))
