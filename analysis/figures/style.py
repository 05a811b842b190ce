"""How every figure looks: one colour per actor, one set of drawing parameters, one order of powers."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from matplotlib import rcParams
from matplotlib.style import _STYLE_BLACKLIST, context  # type: ignore[attr-defined]

from analysis.reference import load

SMALL = 7.5
"""Smallest text of a figure, in points: on paper a figure is up to a fifth smaller, and 6.0 can still be read."""

INK = "#222222"
CONTEXT = "#6E6E6E"
CONTEXT_MARK = "#8C8C8C"
FAINT = "#DDDDDD"

# Colours of actors without a fixed one: each passes 3:1 on white, none is in the reviewed table.
DEFAULT_CYCLE = (
    "#56412B", "#6B4C9A", "#009E73", "#CC3311", "#EE3377", "#009988", "#7570B3",
    "#003F5C", "#BC5090", "#B8606A", "#4D7A2A", "#8A4F2D", "#5F6B7A",
)  # fmt: skip

_TEXT_CONTRAST = 4.5

_PARAMETERS = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8.5,
    "axes.labelsize": 8.5,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": CONTEXT_MARK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.color": CONTEXT_MARK,
    "ytick.color": CONTEXT_MARK,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.7,
    "legend.frameon": False,
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.hashsalt": "tightrope",
    # Texts as wide as in SVG, so that a layout made by any renderer holds there.
    "text.hinting": "no_hinting",
    # A dollar sign in an event's summary is money, not a formula.
    "text.parse_math": False,
}

_SETTINGS = cast("dict[str, Any]", rcParams)


@contextmanager
def style() -> Iterator[None]:
    """Draw in the house style within this context; the reader's own settings are back afterwards.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> with style():
    ...     mpl.rcParams["font.family"]
    ['DejaVu Sans']
    """
    before = _read_settings(_looks())
    dict.update(_SETTINGS, _looks())  # each was checked when they were gathered, and would be checked for every figure
    try:
        yield
    finally:
        dict.update(_SETTINGS, before)


@cache
def _looks() -> dict[str, Any]:
    """Every setting that a style may make, as it is in the house's."""
    with context(["default", _PARAMETERS]):
        return _read_settings(rcParams.keys() - _STYLE_BLACKLIST)


def _read_settings(names: Iterable[str]) -> dict[str, Any]:
    return {name: dict.__getitem__(_SETTINGS, name) for name in names}


def actor_colour(code: str) -> str:
    """Give the colour that stands for an actor in every figure.

    Parameters
    ----------
    code : str
        Actor code. Without a row in the reviewed table it gets a colour derived from its
        letters alone, so that it never changes when other actors come or go.

    Returns
    -------
    str
        Hex colour with a contrast of at least 3:1 on white.

    Examples
    --------
    >>> actor_colour("FRA"), actor_colour("MAR") == actor_colour("MAR")
    ('#0072B2', True)
    """
    return _fixed_colours().get(code) or DEFAULT_CYCLE[zlib.crc32(code.encode()) % len(DEFAULT_CYCLE)]


@cache
def actor_text_colour(code: str) -> str:
    """An actor's colour as dark as words in it must be: 4.5:1 on white (WCAG 2.2, success criterion 1.4.3).

    Examples
    --------
    >>> actor_text_colour("FRA") == actor_colour("FRA"), actor_text_colour("RUS")
    (True, '#C15500')
    """
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = to_rgb(actor_colour(code))
    while _contrast_on_white((red, green, blue)) < _TEXT_CONTRAST:
        red, green, blue = 0.98 * red, 0.98 * green, 0.98 * blue
    return to_hex((red, green, blue)).upper()


def _contrast_on_white(colour: tuple[float, float, float]) -> float:
    """Contrast of a colour (sRGB, 0 to 1) as WCAG 2.2 defines it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@cache
def _fixed_colours() -> dict[str, str]:
    table = load("actor_colours")
    return dict(zip(table["actor_code"], table["colour"], strict=True))


def power_order(powers: Iterable[str]) -> list[str]:
    """Each power once, in the order in which it is first named: the caller's order is the reader's.

    Examples
    --------
    >>> power_order(["RUS", "FRA", "RUS"])
    ['RUS', 'FRA']
    """
    return list(dict.fromkeys(powers))
