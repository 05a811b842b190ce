"""How the pages of a PDF are filled: which figures are made smaller, or let text come before them, to leave no white.

Typst sets a document from front to back and moves a figure that does not fit to the next page, which leaves white
behind. A plan is improved from what was measured on the set pages until nothing is left to gain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

LEAST_SCALE = 0.8  # of the width of the text
LEAST_LETTERS = 6.0  # points; smaller words cannot be read on paper
_MOST_WHITE = 75.0  # points at the foot of a page that are not worth a change
_SPACE = 32.0  # points between two blocks, the second perhaps a heading, and a little for what was measured roughly
_MOST_PASSES = 24


@dataclass(frozen=True)
class Placed:
    """Where a block stands: pages and heights (points from the top) of its start and its end.

    `picture` is the height of its picture, 0 for a block without; `runs_on` says that text without a
    heading of its own comes next; `letters` is the size of its smallest text in points, 0 if not known.
    """

    number: int
    start: tuple[int, float]
    end: tuple[int, float]
    picture: float = 0.0
    runs_on: bool = False
    letters: float = 0.0


@dataclass(frozen=True)
class PagePlan:
    """For blocks by number: the share of its natural size, and whether it goes to the head of a page alone."""

    scales: Mapping[int, float] = field(default_factory=dict)
    floats: frozenset[int] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """What the template reads."""
        return {
            "scales": {str(number): round(scale, 4) for number, scale in self.scales.items()},
            "floats": sorted(self.floats),
        }


def plan_pages(measure: Callable[[PagePlan], Sequence[Placed]], foot: float) -> PagePlan:
    """Find a plan under which figures leave little white.

    Each figure that was moved to another page is looked at once, in order: if it and the figures of the
    page before can be made a little smaller so that it fits there, they are; if text follows that
    belongs to it, the text may come before it; otherwise the white stays.

    Parameters
    ----------
    measure : function
        Sets the document by a plan and says where each block stands, in order.
    foot : float
        Points from the top of a page to the foot of its text.

    Examples
    --------
    >>> def measure(plan):  # two pictures of 300 points on pages of 560
    ...     first, second = (300 * plan.scales.get(number, 1.0) for number in (1, 2))
    ...     start = (1, first + 20) if first + second + 20 <= 560 else (2, 0.0)
    ...     return [
    ...         Placed(1, (1, 0.0), (1, first), first),
    ...         Placed(2, start, (start[0], start[1] + second), second),
    ...     ]
    >>> plan_pages(measure, 560.0).scales
    {1: 0.88, 2: 0.88}
    """
    plan, settled = PagePlan(), frozenset[int]()
    placed = measure(plan)
    for _ in range(_MOST_PASSES):
        moved = _find_moved(placed, settled, foot)
        if moved is None:
            break
        block = placed[moved[1]]
        settled |= {block.number}
        for better in _improve(plan, placed, moved, foot):
            tried = measure(better)
            if block.number in better.floats or tried[moved[1]].start[0] < block.start[0]:
                plan, placed = better, tried
                break
    return plan


def _find_moved(placed: Sequence[Placed], settled: frozenset[int], foot: float) -> tuple[int, int] | None:
    """Positions of the first block on a page and of a picture on it that together left white on the page before."""
    for first in range(1, len(placed)):
        before = placed[first - 1]
        page = before.end[0] + 1
        if placed[first].start[0] != page or foot - before.end[1] < _MOST_WHITE:
            continue
        for index in range(first, len(placed)):
            if placed[index].end[0] != page:
                break
            if placed[index].picture:
                if placed[index].number not in settled:
                    return first, index
                break
    return None


def _improve(plan: PagePlan, placed: Sequence[Placed], moved: tuple[int, int], foot: float) -> list[PagePlan]:
    """Plans under which the moved picture may stand better, the best first."""
    first, index = moved
    block, before = placed[index], placed[first - 1]
    missing = before.end[1] + _SPACE + block.end[1] - placed[first].start[1] - foot
    sharing = [one for one in placed[:index] if one.picture and one.start[0] == before.end[0]] + [block]
    scale = 1.0 - max(missing, 0.0) / sum(one.picture for one in sharing)
    scales = {one.number: round(plan.scales.get(one.number, 1.0) * scale, 3) for one in sharing}
    plans = []
    can_be_read = all(one.letters * scale >= LEAST_LETTERS for one in sharing if one.letters)
    if min(scales.values()) >= LEAST_SCALE and can_be_read:
        plans.append(replace(plan, scales={**plan.scales, **scales}))
    if block.runs_on and first == index:
        plans.append(replace(plan, floats=plan.floats | {block.number}))
    return plans
