"""Many like marks drawn as one artist: matplotlib spends its time on each artist, not on each stroke."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.textpath import TextPath, text_to_path
from matplotlib.transforms import IdentityTransform

from analysis.figures.style import CONTEXT_MARK, FAINT


class Bar(NamedTuple):
    """A rectangle from a corner, in units of the axes; a negative height goes down."""

    left: float
    floor: float
    width: float
    height: float


def fill_bars(axes: Axes, bars: Sequence[Bar], **look: Any) -> None:
    """Draw rectangles that share their look, but for colours given one each.

    Parameters
    ----------
    axes : Axes
        Its limits are set already: they do not move.
    bars : sequence of Bar
    **look
        Of :class:`matplotlib.collections.PolyCollection`.
    """
    corners = [
        [(left, floor), (left, floor + height), (left + width, floor + height), (left + width, floor)]
        for left, floor, width, height in bars
    ]
    if corners:
        axes.add_collection(PolyCollection(corners, **look), autolim=False)


def add_bars(axes: Axes, bars: Sequence[Bar], **look: Any) -> None:
    """Draw rectangles that share their look, each a patch that can be asked for its size.

    As :meth:`matplotlib.axes.Axes.bar`, which looks at the units and moves the limits for each, and so takes several
    times as long.

    Parameters
    ----------
    axes : Axes
        Its limits are set by hand: they do not move.
    bars : sequence of Bar
    **look
        Of :class:`matplotlib.patches.Rectangle`.
    """
    for left, floor, width, height in bars:
        axes.add_artist(Rectangle((left, floor), width, height, **look))


def add_line(axes: Axes, across: Sequence[float], up: Sequence[float], **look: Any) -> None:
    """Draw one line, or one kind of mark at several places.

    As :meth:`matplotlib.axes.Axes.plot`, for axes whose limits are set by hand: they do not move.

    Parameters
    ----------
    axes : Axes
    across, up : sequence of float
        Places, in units of the axes.
    **look
        Of :class:`matplotlib.lines.Line2D`.
    """
    axes.add_artist(Line2D(across, up, **look))


def add_dots(axes: Axes, across: Sequence[float], up: Sequence[float], markers: str = "o", **look: Any) -> None:
    """Draw dots of marker shapes, one for all or one for each.

    As :meth:`matplotlib.axes.Axes.scatter`, for axes whose limits are set by hand: they do not move.

    Parameters
    ----------
    axes : Axes
    across, up : sequence of float
        Places, in units of the axes.
    markers : str
        A letter for each shape.
    **look
        Of :class:`matplotlib.collections.PathCollection`; ``sizes`` are areas in square points.
    """
    styles = {marker: MarkerStyle(marker) for marker in markers}
    shapes = {marker: style.get_path().transformed(style.get_transform()) for marker, style in styles.items()}
    dots = PathCollection(
        [shapes[marker] for marker in markers], offsets=list(zip(across, up, strict=True)),
        offset_transform=axes.transData, **look,
    )  # fmt: skip
    dots.set_transform(IdentityTransform())
    axes.add_collection(dots, autolim=False)


def add_level(axes: Axes, height: float, **look: Any) -> None:
    """Draw a level line across a panel, as :meth:`matplotlib.axes.Axes.axhline`, but that no limit moves."""
    add_line(axes, [0, 1], [height, height], transform=axes.get_yaxis_transform(), **look)


def write_letter(
    axes: Axes, places: Sequence[tuple[float, float]], letter: str, size: float, weight: str, **look: Any
) -> None:
    """Write a letter in the middle of many places, one mark at all of them.

    As :meth:`matplotlib.axes.Axes.text` centred both ways (to a fiftieth of the size), which lays out each for itself.

    Parameters
    ----------
    axes : Axes
    places : sequence of tuple
        In units of the axes.
    letter : str
        Is the label of the line too.
    size : float
        In points.
    weight : str
        "normal" or "bold".
    **look
        Of :class:`matplotlib.lines.Line2D`; ``color`` is the letter's.
    """
    outline, reach = _outline(letter, size, weight)
    across, up = zip(*places, strict=True)
    add_line(axes, across, up, linestyle="none", marker=outline, markersize=2 * reach, markeredgecolor="none",
             markeredgewidth=0, zorder=3, label=letter, **look)  # fmt: skip


@lru_cache(maxsize=256)
def _outline(letter: str, size: float, weight: str) -> tuple[Path, float]:
    """A letter about the middle of its line in points, and its farthest coordinate, which a marker is scaled by."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    width, height, descent = text_to_path.get_text_width_height_descent(letter, font, False)
    # A line is as high as one that has an ascender and a descender.
    _, least_height, least_descent = text_to_path.get_text_width_height_descent("lp", font, False)
    base = max(descent, least_descent) - max(height, least_height) / 2
    outline = TextPath((-width / 2, base), letter, size=size, prop=font)
    return outline, float(abs(outline.vertices).max())


def rule_rows(axes: Axes, heights: Sequence[float], **look: Any) -> None:
    """Rule faint lines across a panel, below all else.

    Parameters
    ----------
    axes : Axes
    heights : sequence of float
        Where, in units of the vertical axis.
    **look
        Of :class:`matplotlib.collections.LineCollection`.
    """
    lines = [[(0, height), (1, height)] for height in heights]
    across = axes.get_yaxis_transform()
    look = {"color": FAINT, "linewidth": 0.6, "zorder": 0, "transform": across, **look}
    axes.add_collection(LineCollection(lines, **look), autolim=False)


def rule_spans(axes: Axes, spans: Sequence[tuple[float, float, float]], **look: Any) -> None:
    """Draw level strokes, each at a height from one place to another.

    As :meth:`matplotlib.axes.Axes.hlines`, for axes whose limits are set by hand: they do not move.

    Parameters
    ----------
    axes : Axes
    spans : sequence of tuple
        Height, begin and end of each, in units of the axes.
    **look
        Of :class:`matplotlib.collections.LineCollection`.
    """
    lines = [[(begin, height), (end, height)] for height, begin, end in spans]
    axes.add_collection(LineCollection(lines, **look), autolim=False)


def notch_days(axes: Axes, days: Sequence[float]) -> None:
    """Draw the short ticks of a date axis that have no label.

    They belong to the figure, since they are none of the lines that a panel shows; marker 3 points down, as ticks do.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    notches = Line2D(
        days, [0.0] * len(days), linestyle="none", marker=3, markersize=2, markeredgewidth=0.6,
        color=CONTEXT_MARK, transform=axes.get_xaxis_transform(),
    )  # fmt: skip
    figure.add_artist(notches)
