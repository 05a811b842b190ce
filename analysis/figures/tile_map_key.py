"""The outlines of a map of tiles, one for each bloc, and the key that names what is drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.figures.canvas import wrap_to
from analysis.figures.style import CONTEXT, CONTEXT_MARK, FAINT, INK, SMALL, actor_colour
from analysis.figures.wording import name_of
from analysis.language import message, say

Outline: TypeAlias = tuple[float, Any]
"""Width and dashes of a line."""

KEY_WIDTH = 1.6  # inches
_SIZE = SMALL
# The outline of the largest bloc, the next, and any other.
_OUTLINES: tuple[Outline, ...] = ((1.3, "-"), (3.2, "-"), (2.0, (0, (4, 1.5))))
OUTSIDE: Outline = (1.1, (0, (1, 1.5)))
_KEY_LINE, _KEY_MORE = 0.21, 0.11
_COUP_KEY = message("year of a coup or an attempt")
_CROSS = "×"
_NOT_COMPARED = message("not compared")
_TOWARDS = message("towards {power}")
_UNSETTLED = message("not placed on either side")
_FEW = message("?, hatched: too few events or none")
_BLOC = message("in {bloc:bare}")
_OUTSIDE = message("member of neither")
SHADE = 0.42
UNDECIDED = "#E9E9E9"
HATCH = "////"


def outline_blocs(blocs: Mapping[str, str], states: Iterable[str], names: Mapping[str, str]) -> dict[str, Outline]:
    """The outline of each bloc, the one with most of the states first."""
    sizes = pd.Series([blocs[code] for code in states if blocs.get(code) in names], dtype="str").value_counts()
    ordered = sorted(sizes.index, key=lambda bloc: (-sizes[bloc], bloc))
    return {bloc: _OUTLINES[min(place, len(_OUTLINES) - 1)] for place, bloc in enumerate(ordered)}


def list_keys(
    a: str, b: str, names: Mapping[str, str], outlines: Mapping[str, Outline], drawn: Collection[str]
) -> list[tuple[dict[str, Any], str]]:
    """What the faces and outlines that are drawn stand for: how each is drawn, and its name in lines.

    `drawn` has the sides of the tilts ("a", "b", "between", "" for none), the blocs, "outside", "context" and "coups".
    """
    keys: list[tuple[str, dict[str, Any], str]] = [
        ("a", {"facecolor": to_rgba(actor_colour(a), SHADE)}, say(_TOWARDS, power=name_of(a, names))),
        ("b", {"facecolor": to_rgba(actor_colour(b), SHADE)}, say(_TOWARDS, power=name_of(b, names))),
        ("between", {"facecolor": UNDECIDED}, say(_UNSETTLED)),
        ("", {"facecolor": "white", "edgecolor": CONTEXT_MARK, "hatch": HATCH}, say(_FEW)),
    ]
    keys += [(bloc, style_frame(outline), say(_BLOC, bloc=name_of(bloc, names))) for bloc, outline in outlines.items()]
    keys += [("outside", style_frame(OUTSIDE), say(_OUTSIDE))] if outlines else []
    keys.append(("context", {"facecolor": "none", "edgecolor": FAINT, "linewidth": 0.8}, say(_NOT_COMPARED)))
    keys.append(("coups", {"facecolor": "none", "linewidth": 0}, say(_COUP_KEY)))
    return [(patch, wrap_to(text, _SIZE, KEY_WIDTH - 0.35)) for mark, patch, text in keys if mark in drawn]


def style_frame(outline: Outline) -> dict[str, Any]:
    """The square that an outline is drawn as."""
    width, dashes = outline
    return {"facecolor": "none", "edgecolor": INK, "linewidth": width, "linestyle": dashes}


def key_heights(keys: Sequence[tuple[dict[str, Any], str]]) -> list[float]:
    """How high each entry of the key is, in inches."""
    return [_KEY_LINE + _KEY_MORE * text.count("\n") for _, text in keys]


def draw_key(figure: Figure, left: float, keys: Sequence[tuple[dict[str, Any], str]]) -> None:
    """Draw the key from the top of the figure downwards, its left edge in inches."""
    across, up = figure.get_size_inches()
    top = up - 0.05
    for (patch, text), height in zip(keys, key_heights(keys), strict=True):
        middle = top - height / 2
        figure.add_artist(Rectangle((left / across, (middle - 0.07) / up), 0.2 / across, 0.14 / up, **patch))
        if not patch.get("linewidth", 1):
            figure.text((left + 0.1) / across, middle / up, _CROSS, size=_SIZE, ha="center", va="center", color=INK)
        figure.text((left + 0.28) / across, middle / up, text, size=_SIZE, va="center", color=CONTEXT)
        top -= height
