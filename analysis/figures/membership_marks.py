"""How a spell of membership, of less than one, or of suspension is drawn, and the key that names the marks."""

from __future__ import annotations

from math import isnan
from typing import Any, NamedTuple

from matplotlib.axes import Axes

from analysis.figures.strokes import Bar, add_bars, add_line
from analysis.figures.style import CONTEXT, CONTEXT_MARK, INK, SMALL
from analysis.language import message, say

_DAYS = {"day": 0, "week": 7, "month": 31, "quarter": 92, "year": 366}  # how long a date so precise may be off
_NONE = message("none on record")
KEY = {
    "membership": message("bar: member"),
    "associate": message("outlined: associate, no member"),
    "observer": message("thin outline: observer, no member"),
    "suspension": message("hatched: suspended"),
    "left": message("✕  left"),
    "not begun": message("?  beginning not known"),
    "not ended": message("▸  suspension without a recorded end"),
    "pale": message("pale: within how finely the date is known"),
}
"""What each mark means, in the order of the key."""
_LOOKS: dict[str, tuple[float, dict[str, Any]]] = {
    "membership": (0.62, {"edgecolor": "none", "zorder": 2}),
    "associate": (0.54, {"facecolor": "white", "linewidth": 1.1, "zorder": 1.8}),
    "observer": (0.2, {"facecolor": "white", "linewidth": 1.1, "zorder": 1.8}),
    "suspension": (0.5, {"facecolor": "white", "edgecolor": INK, "hatch": "//////", "linewidth": 0.6, "zorder": 3}),
}  # how high a bar is, of a row, and how it is drawn; the organisation gives the missing colour


class Window(NamedTuple):
    """First and last day of the axis, as it counts them."""

    left: float
    right: float


class Marks(NamedTuple):
    """A spell on the axis: its ends, how far each may be off, and the marks of the key that it is drawn with."""

    begins: float
    ends: float
    off_first: float
    off_last: float
    names: set[str]


def draw_spells(axes: Axes, row: int, spells: list[tuple[Any, Marks]], colour: str) -> None:
    """Draw what is on record of a state in an organisation, or that nothing is."""
    if not spells:
        axes.text(0.5, row, say(_NONE), transform=axes.get_yaxis_transform(), ha="center", va="center", size=SMALL,
                  color=CONTEXT)  # fmt: skip
    for spell, marks in spells:
        _draw_spell(axes, row, spell.kind, marks, colour)


def find_marks(spell: Any, window: Window) -> Marks:
    """How a spell is drawn; its ``first`` and ``last`` are days on the axis, or missing."""
    is_member = spell.kind == "membership"
    has_first, has_last = not isnan(spell.first), not isnan(spell.last)
    begins = max(spell.first, window.left) if has_first else window.left
    ends = min(spell.last, window.right) if has_last else window.right
    is_left = has_last and spell.last <= window.right
    off_first, off_last = (
        min(_DAYS.get(str(precision), 0), ends - begins) if is_shown else 0
        for is_shown, precision in (
            (has_first and spell.first >= window.left, spell.start_precision),
            (is_left, spell.end_precision),
        )
    )
    found = {
        str(spell.kind): True,
        "left": is_member and is_left,
        "not begun": not has_first,
        "not ended": spell.kind == "suspension" and not has_last,
        "pale": bool(off_first or off_last),
    }
    return Marks(begins, ends, off_first, off_last, {name for name, is_drawn in found.items() if is_drawn})


def _draw_spell(axes: Axes, row: int, kind: str, marks: Marks, colour: str) -> None:
    height, look = _LOOKS[kind]
    look = look | {"facecolor": colour} if kind == "membership" else look
    look = look | {"edgecolor": colour} if kind in ("associate", "observer") else look
    is_member, is_over = kind == "membership", kind == "suspension"  # a suspension lies over its membership
    begins, ends, off_first, off_last, names = marks
    add_bars(axes, [Bar(begins, row - height / 2, ends - begins, height)], **look)
    for edge, off in ((begins, off_first), (ends, -off_last)):
        if off:
            add_bars(axes, [Bar(edge, row - 0.32, off, 0.64)], facecolor="white",
                     alpha=0.8 if is_over else 0.6, zorder=3.5 if is_over else 2.5)  # fmt: skip
    if "not begun" in names:
        axes.annotate("?", (begins, row), (2, 0), textcoords="offset points", ha="left", va="center", size=7.5,
                      color="white" if is_member else INK, weight="bold", zorder=5,
                      bbox=None if is_member else {"facecolor": "white", "edgecolor": "none", "pad": 0.5})  # fmt: skip
    if "left" in names:
        add_line(axes, [ends], [row], marker="X", markersize=5.5, color=INK, markeredgecolor="white",
                 markeredgewidth=0.5, zorder=4, clip_on=False)  # fmt: skip
    if "not ended" in names:
        add_line(axes, [ends], [row], marker=">", markersize=4.5, color=CONTEXT_MARK, zorder=4,
                 clip_on=False)  # fmt: skip
