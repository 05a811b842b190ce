"""The marks of the small panels of a neighbourhood, and the key that names those drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.canvas import WIDTH_INCHES, add_panel, text_width
from analysis.figures.style import CONTEXT, CONTEXT_MARK, INK, SMALL
from analysis.figures.wording import format_amount, list_names
from analysis.language import message, say
from analysis.wording import format_number

COUP, ATTEMPT, SUSPENDED, LEFT = HAPPENINGS = ("coup", "coup_attempt", "suspended", "left")
KEY_LINE = 0.17  # inches

_SIZE = SMALL
_HATCH = "/////"

_KEY_INTERVAL = message("tilt of the year, {level} % interval")
_KEY_FEW = message("too few events for an interval")
_KEY_POINT = message("all with one power")
_KEY_DEPTH = message("depth: cooperation within the year, to {deepest} {unit}")
_KEY_COUP = message("coup")
_KEY_ATTEMPT = message("coup attempt")
_KEY_SUSPENDED = message("suspended from {organisation:bare}")
_KEY_LEFT = message("out of {organisation:bare}")


def style_dot(colour: str, *, is_known: bool, is_point: bool) -> dict[str, Any]:
    """A tilt: filled with an interval, hollow without, a diamond where the interval has no width."""
    return {
        "marker": "D" if is_point else "o", "markersize": 4.2, "markerfacecolor": colour if is_known else "white",
        "markeredgecolor": colour, "markeredgewidth": 0.9, "linestyle": "none", "clip_on": False,
    }  # fmt: skip


def style_cross(kind: str) -> dict[str, Any]:
    """A coup, or hollow an attempt."""
    return {
        "marker": "X", "markersize": 6, "markerfacecolor": INK if kind == COUP else "white", "markeredgecolor": INK,
        "markeredgewidth": 0.7, "linestyle": "none", "clip_on": False,
    }  # fmt: skip


def style_bar(kind: str) -> dict[str, Any]:
    """A suspension, hatched, or filled a time outside."""
    return {
        "facecolor": CONTEXT_MARK if kind == LEFT else "white", "edgecolor": CONTEXT, "linewidth": 0.6,
        "hatch": "" if kind == LEFT else _HATCH,
    }  # fmt: skip


Glyph = Callable[[Axes], object]


def list_keys(
    years: pd.DataFrame, happenings: pd.DataFrame, names: Mapping[str, str], deepest: float, unit: str, level: float
) -> list[tuple[Glyph, str]]:
    """What the marks drawn stand for: how each is drawn between 0 and 1, and its name."""
    has_interval = years["low"].notna()
    is_point = has_interval & ((years["high"] - years["low"]).abs() < 1e-12)
    is_few = years["tilt"].notna() & ~has_interval
    dots = (
        (has_interval & ~is_point, True, False, say(_KEY_INTERVAL, level=format_number(100 * level, 0))),
        (is_point, True, True, say(_KEY_POINT)),
        (is_few, False, False, say(_KEY_FEW)),
    )
    keys: list[tuple[Glyph, str]] = [
        (partial(_draw_dot, is_known=is_known, is_point=is_point), text)
        for drawn, is_known, is_point, text in dots
        if drawn.any()
    ]
    said = say(_KEY_DEPTH, deepest=format_amount(deepest), unit=say(unit))
    keys.append((lambda axes: axes.bar(0.5, 0.8, 0.5, 0.1, color=CONTEXT, alpha=0.75), said))
    for kind, text in ((COUP, _KEY_COUP), (ATTEMPT, _KEY_ATTEMPT)):
        if happenings["kind"].eq(kind).any():
            keys.append((partial(_draw_cross, kind=kind), say(text)))
    for kind, text in ((SUSPENDED, _KEY_SUSPENDED), (LEFT, _KEY_LEFT)):
        organisations = dict.fromkeys(happenings.loc[happenings["kind"] == kind, "organisation"])
        if organisations:
            said = say(text, organisation=list_names(organisations, names, "or"))
            keys.append((partial(_draw_bar, kind=kind), said))
    return keys


def _draw_dot(axes: Axes, *, is_known: bool, is_point: bool) -> None:
    if is_known and not is_point:
        axes.vlines(0.5, 0.05, 0.95, color=CONTEXT, linewidth=1.6)
    axes.plot(0.5, 0.5, **style_dot(CONTEXT, is_known=is_known, is_point=is_point))


def _draw_cross(axes: Axes, *, kind: str) -> None:
    axes.plot(0.5, 0.5, **style_cross(kind))


def _draw_bar(axes: Axes, *, kind: str) -> None:
    axes.barh(0.5, 1, height=0.5, **style_bar(kind))


def lay_key(keys: Sequence[tuple[Glyph, str]]) -> list[tuple[float, float, int, tuple[Glyph, str]]]:
    """Where each entry of the key begins, and the middle of its line from the top, in inches, and its line."""
    placed, left, row = [], 0.05, 0
    for glyph, text in keys:
        width = 0.3 + text_width(text, _SIZE) + 0.12
        if left > 0.05 and left + width > WIDTH_INCHES:
            left, row = 0.05, row + 1
        placed.append((left, KEY_LINE * (row + 0.5), row, (glyph, text)))
        left += width
    return placed


def draw_key(figure: Figure, left: float, middle: float, draw: Glyph, text: str) -> None:
    """Draw one entry of the key, its line's middle at a height in inches."""
    axes = add_panel(figure, left, middle - 0.07, 0.2, 0.14)
    draw(axes)
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
    axes.axis("off")
    across, up = figure.get_size_inches()
    figure.text((left + 0.26) / across, middle / up, text, size=_SIZE, va="center", color=CONTEXT)
