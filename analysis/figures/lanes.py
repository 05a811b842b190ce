"""One lane of the timeline: a power's events as marks, its labels, and the key that explains the marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D

from analysis.figures.canvas import day_numbers, text_width
from analysis.figures.strokes import add_dots, add_level, rule_spans
from analysis.figures.style import CONTEXT, CONTEXT_MARK, FAINT, INK, actor_colour
from analysis.figures.terms import FORMS
from analysis.figures.wording import NO_EVENTS, format_amount
from analysis.language import message, say
from analysis.schema.rows import each_row
from analysis.wording import count

LANE_INCHES = 5.83  # width of a lane
HEAD, ROW = 0.24, 0.165  # inches: the line with the name, and one row of labels
LABEL_SIZE = 7.5

_DASHES = (0, (1.6, 1.1))
_TALLY = message("{events}, cooperation {cooperation}, conflict {conflict}")
_KEY_SINGLE, _KEY_DISPUTED = message("pale or thin: one source only"), message("dashed edge: disputed")


class _Mark(NamedTuple):
    day: float
    weight: float
    is_material: bool
    certainty: str


class Label(NamedTuple):
    """The text of an event above or below a lane: its row from the lane on; left edge and mark in inches."""

    power: str
    is_up: bool
    weight: float
    text: str
    anchor: float
    row: int
    left: float


@dataclass(frozen=True)
class Lane:
    """One power's events and labels, and how high its panel is in inches."""

    power: str
    events: pd.DataFrame
    labels: list[Label]
    rows_above: int
    rows_below: int
    plot_inches: float

    @property
    def inches(self) -> float:
        """Height with the line of the name and the rows of labels."""
        return HEAD + self.plot_inches + ROW * (self.rows_above + self.rows_below)


def create_lane(power: str, events: pd.DataFrame, labels: Sequence[Label], plot_inches: float) -> Lane:
    """Gather one power's events and labels; a lane without events is low."""
    own, texts = events[events["power"] == power], [label for label in labels if label.power == power]
    above, below = (
        max((label.row + 1 for label in texts if label.is_up == is_up), default=0) for is_up in (True, False)
    )
    return Lane(power, own, texts, above, below, plot_inches if len(own) else 0.4)


def draw_lane(axes: Axes, lane: Lane, name: str, reach: int) -> None:
    """Draw a lane whose weights run from -`reach` to `reach`; without events it says so."""
    half = reach * 1.15  # room for half a mark beyond the weightest weight
    unit = 2 * half / lane.plot_inches
    axes.set_ylim(-half - unit * ROW * lane.rows_below, half + unit * ROW * lane.rows_above)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.annotate(
        name, (0, 1), (0, 4), xycoords="axes fraction", textcoords="offset points", weight="bold", size=9, va="bottom"
    )
    if lane.events.empty:
        axes.set_yticks([])
        add_level(axes, 0, color=FAINT, linewidth=0.8)
        axes.text(0.5, 0.5, say(NO_EVENTS), transform=axes.transAxes, ha="center", va="center", color=CONTEXT,
                  backgroundcolor="white")  # fmt: skip
        return
    indent = 72 * text_width(name, 9, "bold") + 6
    axes.annotate(
        tally(lane.events), (0, 1), (indent, 4), xycoords="axes fraction", textcoords="offset points",
        color=CONTEXT, size=8, va="bottom",
    )  # fmt: skip
    axes.set_yticks([-reach, 0, reach], [format_weight(value) for value in (-reach, 0, reach)])
    for level in (-reach, reach):
        add_level(axes, level, color=FAINT, linewidth=0.6)
    add_level(axes, 0, color=CONTEXT_MARK, linewidth=0.8)
    _draw_marks(axes, lane.events, actor_colour(lane.power))
    _draw_labels(axes, lane.labels, half, unit)


def _draw_marks(axes: Axes, events: pd.DataFrame, colour: str) -> None:
    begins, ends = day_numbers(events["shown_from"]).tolist(), day_numbers(events["shown_to"]).tolist()
    marks = [
        _Mark((begin + end) / 2, float(row.weight), bool(row.is_material), str(row.certainty))
        for row, begin, end in zip(each_row(events), begins, ends, strict=True)
    ]
    ranges = [(mark.weight, begin, end) for mark, begin, end in zip(marks, begins, ends, strict=True) if end > begin]
    rule_spans(axes, ranges, color=colour, linewidth=2.2, alpha=0.45, zorder=2)
    for is_material, certainty in sorted({(mark.is_material, mark.certainty) for mark in marks}):
        group = [mark for mark in marks if (mark.is_material, mark.certainty) == (is_material, certainty)]
        is_single = certainty == "single_source"
        add_dots(
            axes, [mark.day for mark in group], [mark.weight for mark in group], sizes=[30], zorder=3, clip_on=False,
            facecolors=to_rgba(colour, 0.3 if is_single else 1.0) if is_material else "white", edgecolors=colour,
            linewidths=0.6 if is_single else 1.2, linestyle=_DASHES if certainty == "disputed" else "solid",
        )  # fmt: skip


def _draw_labels(axes: Axes, labels: list[Label], half: float, unit: float) -> None:
    for label in labels:
        side = 1 if label.is_up else -1
        height = side * (half + unit * ROW * (label.row + 0.5))
        across = label.anchor / LANE_INCHES
        axes.annotate(
            "", (across, label.weight), (across, height - side * unit * ROW * 0.38), zorder=1,
            xycoords=("axes fraction", "data"), textcoords=("axes fraction", "data"),
            arrowprops={"arrowstyle": "-", "color": CONTEXT_MARK, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3},
        )  # fmt: skip
        axes.text(
            label.left / LANE_INCHES, height, label.text, transform=axes.get_yaxis_transform(), size=LABEL_SIZE,
            color=INK, ha="left", va="center",
        )  # fmt: skip


def mark_key(events: pd.DataFrame) -> list[Line2D]:
    """Make the key of the marks that the events of all lanes have: deeds, words, one source only, disputed."""
    is_material, certainties = events["is_material"].astype(bool), set(events["certainty"])

    def mark(label: str, **look: Any) -> Line2D:
        return Line2D([], [], linestyle="none", marker="o", markersize=5.5, markeredgecolor=INK, label=label, **look)

    keys = [
        (is_material.any(), mark(say(FORMS["deeds"]), markerfacecolor=INK)),
        (not is_material.all(), mark(say(FORMS["words"]), markerfacecolor="white")),
        (
            "single_source" in certainties,
            mark(say(_KEY_SINGLE), markerfacecolor=to_rgba(INK, 0.3), markeredgewidth=0.6),
        ),
        (
            "disputed" in certainties,
            Line2D([], [], color=INK, linewidth=1.2, linestyle=_DASHES, label=say(_KEY_DISPUTED)),
        ),
    ]
    return [key for is_drawn, key in keys if is_drawn]


def middle_days(events: pd.DataFrame) -> pd.Series:
    """Place each event in the middle of the days that are shown, on the date axis."""
    return (day_numbers(events["shown_from"]) + day_numbers(events["shown_to"])) / 2


def format_weight(weight: float) -> str:
    """Write a weight with its sign.

    Examples
    --------
    >>> format_weight(2.0), format_weight(-1.5), format_weight(0)
    ('+2', '−1.5', '0')
    """
    text = format_amount(weight)
    return f"+{text}" if weight > 0 and text != "0" else text


def tally(events: pd.DataFrame) -> str:
    """Sum up a lane: how many events, how much cooperation and conflict."""
    return say(
        _TALLY,
        events=count(len(events), "event", "events"),
        cooperation=format_amount(events["cooperation"].sum()),
        conflict=format_amount(events["conflict"].sum()),
    )
