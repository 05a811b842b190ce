"""Many like marks drawn as one artist: matplotlib spends its time on each artist, not on each stroke."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D

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
