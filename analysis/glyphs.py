"""Lines of text as glyphs and where each stands, from pairs of signs that are laid out once in a process.

Matplotlib lays a line out to measure it and again to draw it, on every axes it stands on, and reads each glyph of it
anew. Here a line is put together from its words, and a word from its pairs of signs. What is kept is numbers and names
alone: an open font is of no use to a forked process, what it measured is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import FT2Font, LayoutItem, LoadFlags
from matplotlib.textpath import TextToPath

EM = TextToPath.FONT_SCALE
"""The size that lines are laid out at, in points."""

Face = tuple[Any, ...]
"""Files of a font; a later one has the glyphs that those before it lack."""

# In the fonts of the house no pair with a space is kerned; scripts that run to the left do not stand word after word.
_SPACED = re.compile(r"DejaVuSans(-Bold)?\.ttf\Z")
_RIGHTWARD = re.compile(r"[\0-\u058f\u1e00-\u200a\u2010-\u2027\u202f-\u205e\u2070-\u2bff]*\Z")
_SIGNS = re.compile(r"[!-~\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u205e\u2190-\u22ff]{2,}")  # no space, no mark
_UNDRAWN = "MC"  # categories of marks and controls, whose place a font decides by what is before them
_MOST = 16384  # lines, words and pairs that are kept
_MOST_LEARNED = 2048  # pairs; names in the letters of Europe have a third of that


class _Glyph(NamedTuple):
    """A glyph: its name in SVG, its lowest and highest point and how far it leads, in 64ths of a point."""

    name: str
    low: float
    high: float
    advance: float


class Line(NamedTuple):
    """A line of text at the size :data:`EM`: its width, its lowest and highest point, its glyphs and their places."""

    width: float
    low: float
    high: float
    glyphs: tuple[tuple[str, float, float], ...]


class _Pair(NamedTuple):
    """Two glyphs side by side, and how far the second stands from the first."""

    first: _Glyph
    step: float
    second: _Glyph


_PATHS = TextToPath()
_GLYPHS: dict[tuple[Any, int], _Glyph] = {}
OUTLINES: dict[str, tuple[Any, Any]] = {}
"""Corners and codes of every glyph met, by its name."""


def find_face(font: FontProperties) -> Face:
    """Find the files of a font, which stay the same while no setting changes."""
    font = font.copy()
    font.set_size(EM)  # files hold every size, but are searched for anew at each
    return tuple(fontManager._find_fonts_by_props(font))  # type: ignore[attr-defined]


def open_font(face: Face) -> FT2Font:
    """Open a font at the size :data:`EM`."""
    font = get_font(face)
    font.set_size(EM, TextToPath.DPI)
    return font


def learn_pairs(texts: Iterable[str], face: Face) -> None:
    """Lay out the pairs of signs that stand in some texts, for who makes lines of the same signs later.

    Examples
    --------
    >>> learn_pairs(["Togo"], find_face(FontProperties(family="DejaVu Sans")))
    """
    text = " ".join(texts)
    pairs = filter(_SIGNS.fullmatch, set(map(str.__add__, text, text[1:])))
    for pair in sorted(pairs)[:_MOST_LEARNED]:
        _find_pair(pair, face)


@lru_cache(maxsize=_MOST)
def lay_out(text: str, face: Face) -> Line:
    """Lay out one line of text.

    Examples
    --------
    >>> face = find_face(FontProperties(family="DejaVu Sans"))
    >>> line = lay_out("to Togo", face)
    >>> len(line.glyphs), line.low < 0 < line.high, lay_out("to", face).width < line.width
    (7, True, True)
    """
    if not (_SPACED.search(str(face[0])) and _RIGHTWARD.match(text)):
        return _shape(text, face)
    words = text.split(" ")
    if len(words) == 1:
        return _spell(text, face)
    space = _spell(" ", face)
    parts = [space] * (2 * len(words) - 1)
    parts[::2] = [_spell(word, face) for word in words]
    start, glyphs = 0.0, []
    for part in parts:
        glyphs += [(name, start + x, y) for name, x, y in part.glyphs]
        start += part.width
    shown = [part for part in parts if part.glyphs]
    return Line(start, min(part.low for part in shown), max(part.high for part in shown), tuple(glyphs))


@lru_cache(maxsize=_MOST)
def _spell(word: str, face: Face) -> Line:
    """Put a word together from its pairs; one with a ligature is laid out as a whole."""
    found = [_find_pair(pair, face) for pair in map(str.__add__, word, word[1:])] if _SIGNS.fullmatch(word) else []
    pairs = [pair for pair in found if pair is not None]
    if not pairs or len(pairs) < len(found):
        return _shape(word, face)
    glyphs, x, placed = [pairs[0].first], 0.0, [(pairs[0].first.name, 0.0, 0.0)]
    for pair in pairs:
        x += pair.step
        glyphs.append(pair.second)
        placed.append((pair.second.name, x, 0.0))
    low, high = min(glyph.low for glyph in glyphs) / 64, max(glyph.high for glyph in glyphs) / 64
    return Line(x + glyphs[-1].advance / 64, low, high, tuple(placed))


@lru_cache(maxsize=_MOST)
def _find_pair(pair: str, face: Face) -> _Pair | None:
    """Lay two signs out; None if they make one glyph, or do not both stand on the line."""
    items = open_font(face)._layout(pair, LoadFlags.NO_HINTING, features=None, language=None)  # type: ignore[attr-defined]
    if len(items) != 2 or any(item.y for item in items):
        return None
    first, second = items
    return _Pair(_find_glyph(first), second.x, _find_glyph(second))


def _shape(text: str, face: Face) -> Line:
    """Lay out what is not put together from parts."""
    if not text:
        return Line(0.0, 0.0, 0.0, ())
    font = open_font(face)
    items = font._layout(text, LoadFlags.NO_HINTING, features=None, language=None)  # type: ignore[attr-defined]
    placed = [(_find_glyph(item), item.x, item.y) for item in items]
    if unicodedata.category(text[-1])[0] in _UNDRAWN:
        font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
        width = font.get_width_height()[0] / 64
    else:
        last, x, _ = placed[-1]
        width = x + last.advance / 64
    low, high = min(glyph.low / 64 + y for glyph, _, y in placed), max(glyph.high / 64 + y for glyph, _, y in placed)
    return Line(width, low, high, tuple((glyph.name, x, y) for glyph, x, y in placed))


def _find_glyph(item: LayoutItem) -> _Glyph:
    font, index = item.ft_object, item.glyph_index
    key = (font.fname, index)
    if key not in _GLYPHS:
        name = _PATHS._get_glyph_repr(font, index)  # type: ignore[attr-defined]
        glyph = font.load_glyph(index, flags=LoadFlags.NO_HINTING)
        OUTLINES[name] = font.get_path()
        _GLYPHS[key] = _Glyph(name, glyph.bbox[1], glyph.bbox[3], glyph.horiAdvance)
    return _GLYPHS[key]
