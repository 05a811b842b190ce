"""Where labels go so that none overlaps another and none is cut off: numbers in, positions out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_DIRECTIONS = ((1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1), (0, 1), (0, -1))
_DISTANCES = (1.0, 2.5, 4.5, 7.0, 10.0, 14.0)


class Box(NamedTuple):
    """A rectangle: its left, bottom, right and top edges in one unit."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: Box) -> float:
        """Area that two boxes share; 0 where they only touch."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return width * height if width > 0 and height > 0 else 0.0


class Slot(NamedTuple):
    """A place in a band of labels: the row counted from the marks outward, and the left edge."""

    row: int
    left: float


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move points on a line as little as is simple until neighbours stand `gap` apart within [low, high].

    Too many for the room are set at even distances. The order of the points is kept.

    Examples
    --------
    >>> spread([5.0, 5.0, 9.5], 2.0, 0.0, 10.0)
    [5.0, 7.0, 9.5]
    >>> spread([9.0, 9.0, 9.0], 2.0, 0.0, 10.0)
    [6.0, 8.0, 10.0]
    """
    count = len(positions)
    if count > 1 and gap * (count - 1) > high - low:
        gap = (high - low) / (count - 1)
    order = sorted(range(count), key=lambda index: (positions[index], index))
    placed = [0.0] * count
    edge = low
    for index in order:
        placed[index] = edge = max(positions[index], edge)
        edge += gap
    edge = high
    for index in reversed(order):
        placed[index] = edge = min(placed[index], edge)
        edge -= gap
    return placed


def stack(anchors: Sequence[float], widths: Sequence[float], left: float, right: float, gap: float) -> list[Slot]:
    """Put one-line labels into rows, each beside the line that leads up from its anchor.

    Labels are taken from the right and from the left, with several preferences for the side they
    stand on, and the try with the fewest crossings, then the fewest rows, is kept. Each label
    takes the slot nearest the marks where it overlaps no label and, if there is one, where no line
    crosses a label. There are as many rows as that needs.

    Parameters
    ----------
    anchors, widths : sequence of float
        Position of each mark and width of its label.
    left, right : float
        Edges of the band; no label leaves it, unless wider than the band.
    gap : float
        Least distance between two labels of one row.

    Examples
    --------
    >>> stack([1.0, 2.0], [4.0, 4.0], 0.0, 10.0, 0.5)
    [Slot(row=1, left=1.0), Slot(row=0, left=2.0)]
    >>> stack([9.0], [4.0], 0.0, 10.0, 0.5)
    [Slot(row=0, left=5.0)]
    """
    rightward = sorted(range(len(anchors)), key=lambda one: (anchors[one], one))
    tries = [
        _stack(order, [_starts(anchors[one], widths[one], left, right, first) for one in order], anchors, widths, gap)
        for order in (rightward[::-1], rightward)
        for first in range(5)
    ]
    return min(tries, key=lambda one: one[0])[1]


def _starts(anchor: float, width: float, left: float, right: float, first: int) -> list[float]:
    """Where a label may begin: after, before or about its anchor, or flush with an edge; from the `first` of these."""
    starts = [anchor, anchor - width, anchor - width / 2, right - width, left]
    turned = starts[first:] + starts[:first]
    fitting = [start for start in turned if left <= start <= right - width and start <= anchor <= start + width]
    return fitting or [left]


def _stack(
    order: Sequence[int],
    starts: Sequence[Sequence[float]],
    anchors: Sequence[float],
    widths: Sequence[float],
    gap: float,
) -> tuple[tuple[int, int], list[Slot]]:
    """Place labels one after the other; number of crossings and of the highest row, and the slots."""
    slots: dict[int, Slot] = {}
    crossed = 0
    for index, options in zip(order, starts, strict=True):
        free = [
            (crossings, row, place, Slot(row, start))
            for row in range(len(anchors))
            for place, start in enumerate(options)
            if (crossings := _crossings(Slot(row, start), anchors[index], widths[index], slots, anchors, widths, gap))
            is not None
        ]
        crossings, *_, slots[index] = min(free)
        crossed += crossings
    return (crossed, max((slot.row for slot in slots.values()), default=0)), [slots[one] for one in range(len(order))]


def _crossings(
    slot: Slot,
    anchor: float,
    width: float,
    slots: dict[int, Slot],
    anchors: Sequence[float],
    widths: Sequence[float],
    gap: float,
) -> int | None:
    """How many lines would cross a label; None where two labels would overlap."""
    crossings = 0
    for other, (row, start) in slots.items():
        is_apart = start >= slot.left + width + gap or slot.left >= start + widths[other] + gap
        if row == slot.row and not is_apart:
            return None
        crossings += row < slot.row and start < anchor < start + widths[other]
        crossings += row > slot.row and slot.left < anchors[other] < slot.left + width
    return crossings


def surround(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    bounds: Box,
    obstacles: Sequence[Box],
    step: float,
) -> list[Box]:
    """Put a label beside each point, clear of the other labels and, where it can be, of the obstacles.

    Greedy and deterministic: in the order given, each label takes the cheapest of eight directions
    at growing distances; another label in the way costs more than any distance.

    Parameters
    ----------
    points, sizes : sequence of pairs
        Where each point is, and width and height of its label, in one unit.
    bounds : Box
        No label leaves it.
    obstacles : sequence of Box
        Marks that labels had better not cover.
    step : float
        Distance of the nearest label from its point.

    Examples
    --------
    >>> surround([(5, 5)], [(2, 1)], Box(0, 0, 10, 10), [], 1)
    [Box(left=6.0, bottom=4.5, right=8.0, top=5.5)]
    """
    placed: list[Box] = []
    for (x, y), (width, height) in zip(points, sizes, strict=True):
        best, least = None, float("inf")
        for distance in _DISTANCES:
            for across, up in _DIRECTIONS:
                box = _beside(x, y, width, height, across * step * distance, up * step * distance)
                box = _within(box, bounds)
                cost = (
                    1e6 * sum(box.overlap(other) > 0 for other in placed)
                    + 1e3 * sum(box.overlap(other) > 0 for other in obstacles)
                    + step * distance
                )
                if cost < least:
                    best, least = box, cost
        assert best is not None
        placed.append(best)
    return placed


def _beside(x: float, y: float, width: float, height: float, dx: float, dy: float) -> Box:
    left = x + dx - (width if dx < 0 else width / 2 if dx == 0 else 0)
    bottom = y + dy - (height if dy < 0 else height / 2 if dy == 0 else 0)
    return Box(left, bottom, left + width, bottom + height)


def _within(box: Box, bounds: Box) -> Box:
    dx = max(bounds.left - box.left, 0) + min(bounds.right - box.right, 0)
    dy = max(bounds.bottom - box.bottom, 0) + min(bounds.top - box.top, 0)
    return Box(box.left + dx, box.bottom + dy, box.right + dx, box.top + dy)
