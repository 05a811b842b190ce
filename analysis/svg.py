"""Figures as SVG: matplotlib's own drawing, but for two things that would take as long again.

Texts are laid out by :mod:`analysis.glyphs`, once for all uses, and how far a figure reaches is noted while it is
drawn, where matplotlib works it out beforehand.
"""

from __future__ import annotations

import io
from functools import cache, lru_cache
from typing import IO, Any, NamedTuple

import matplotlib as mpl
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import (
    FigureCanvasSVG,
    RendererSVG,
    _generate_css,
    _generate_transform,
    _short_float_fmt,
)
from matplotlib.colors import rgb2hex
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.text import Text

from analysis.glyphs import EM, OUTLINES, Face, find_face, lay_out, open_font
from analysis.reach import DPI, ReachRenderer

_END = "</svg>\n"

_LINE_HEIGHTS = (
    ("OS/2", "sTypoAscender", "sTypoDescender", "sTypoLineGap"),
    ("hhea", "ascent", "descent", "lineGap"),
)
"""The tables of a font that matplotlib takes the height of a line from, and their fields."""


class _Element(NamedTuple):
    """An empty element of SVG; attributes without a value are left out."""

    tag: str
    attributes: dict[str, str]

    def __str__(self) -> str:
        given = [f' {name}="{value}"' for name, value in self.attributes.items() if value]
        return f"<{self.tag}{''.join(given)}/>\n"


def text_size(text: str, face: Face, size: float) -> tuple[float, float, float]:
    """Measure one line of text as SVG draws it: width, height and depth below the baseline in points.

    Examples
    --------
    >>> width, height, depth = text_size("Togo", find_face(FontProperties(family="DejaVu Sans")), 10)
    >>> 20 < width < 30, 0 < depth < height < 12
    (True, True)
    """
    width, low, high, _ = lay_out(text, face)
    scale = size / EM
    return width * scale, (high - low) * scale, -low * scale


@lru_cache(maxsize=16384)
def _draw_line(text: str, face: Face) -> tuple[dict[str, _Element], list[_Element]]:
    """Draw each glyph of a text once, by its name, and put each where it stands."""
    placed = lay_out(text, face).glyphs
    uses = [{"xlink:href": f"#{name}", "transform": _transform(translate=(x, y))} for name, x, y in placed]
    return {name: _draw_glyph(name) for name, *_ in placed}, [_Element("use", use) for use in uses]


@cache
def _draw_glyph(name: str) -> _Element:
    corners, codes = OUTLINES[name]
    path = Path(corners * 64, codes)  # in whole numbers, as fonts have them
    line = _pen()._convert_path(path, simplify=False)  # type: ignore[attr-defined]
    return _Element("path", {"id": name, "d": line, "transform": _transform(scale=(1 / 64,))})


@cache
def _pen() -> RendererSVG:
    return RendererSVG(1, 1, io.StringIO())


@cache
def _line_height(face: Face) -> tuple[float, ...] | None:
    """Rise, depth and gap of a line in units of the font, and how many of those are its size."""
    font = open_font(face)
    for table, *fields in _LINE_HEIGHTS:
        if (found := font.get_sfnt_table(table)) is not None:  # type: ignore[call-overload]
            return *(found[field] for field in fields), font.units_per_EM
    return None


def _transform(**parts: tuple[float, ...]) -> str:
    return _generate_transform(list(parts.items()))


class _Renderer(ReachRenderer):
    """Draws a figure; its measures are those of :func:`text_size`."""

    def __init__(self, width: float, height: float, stream: IO[str], **options: Any) -> None:
        super().__init__(width, height, stream, **options)
        self._stream = stream
        self._faces: dict[int, Face] = {}

    def _face(self, font: FontProperties) -> Face:
        looks = hash(font)  # fonts are equal whose hashes are; looked up by itself, each would be hashed three times
        if looks not in self._faces:
            self._faces[looks] = find_face(font)
        return self._faces[looks]

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        return text_size(s, self._face(prop), prop.get_size_in_points())

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float | None, ...]:
        # Asked for at every look at a text; without an answer matplotlib finds, opens and reads the font.
        height = _line_height(self._face(prop))
        if height is None:
            return None, None, None
        rise, depth, gap, units = height
        scale = 1 / units * prop.get_size_in_points() * DPI / 72
        return rise * scale, -depth * scale, gap * scale

    def _draw_text_as_path(self, gc: GraphicsContextBase, x: float, y: float, s: str, prop: FontProperties,
                           angle: float, ismath: Any, mtext: Text | None = None) -> None:  # fmt: skip
        if ismath or (mtext is not None and (mtext.get_fontfeatures() or mtext.get_language())):
            super()._draw_text_as_path(gc, x, y, s, prop, angle, ismath, mtext)
            return
        glyphs, uses = _draw_line(s, self._face(prop))
        colour, opacity = rgb2hex(gc.get_rgb()), gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        style = {"fill": colour} if colour != "#000000" else {}
        if opacity != 1:
            style["opacity"] = _short_float_fmt(opacity)
        scale = prop.get_size_in_points() / EM
        self.writer.comment(s)
        self.writer.start("g", style=_generate_css(style),
                          transform=_transform(translate=(x, y), rotate=(-angle,), scale=(scale, -scale)))  # fmt: skip
        if new := [glyph for name, glyph in glyphs.items() if name not in self._glyph_map]:
            self._glyph_map.update(glyphs)
            self.writer.start("defs")
            self._write(new)
            self.writer.end("defs")
        self._write(uses)
        self.writer.end("g")

    def _write(self, elements: list[_Element]) -> None:
        """Write elements: the first as any other, which ends the tag that is open, and the rest as they stand."""
        if elements:
            first = elements[0]
            depth = self.writer.start(first.tag, first.attributes)
            self.writer.end()
            self._stream.write("".join([f"{' ' * depth}{element}" for element in elements[1:]]))


class FigureCanvas(FigureCanvasSVG):
    """What matplotlib saves a figure with when it is told this module as its backend."""

    def print_svg(self, filename: IO[str], *, bbox_inches_restore: Any = None, metadata: Any = None, **_: Any) -> None:
        """Draw the figure on a page as large as what it shows; what else other backends are told is of no concern."""
        figure, drawn = self.figure, io.StringIO()
        dpi, figure.dpi = figure.dpi, DPI
        across, up = figure.get_size_inches()
        drawing = _Renderer(across * DPI, up * DPI, drawn, image_dpi=dpi)
        head = drawn.tell()
        renderer = MixedModeRenderer(figure, across, up, dpi, drawing, bbox_inches_restore=bbox_inches_restore)
        is_shown = figure.patch.get_visible()
        figure.patch.set_visible(False)  # as large as the figure, not as what it shows
        try:
            figure.draw(renderer)  # type: ignore[arg-type]
        finally:
            figure.patch.set_visible(is_shown)
        renderer.finalize()
        left, bottom, right, top = drawing.find_edges(mpl.rcParams["savefig.pad_inches"] * DPI)
        page = RendererSVG(right - left, top - bottom, filename, image_dpi=dpi, metadata=metadata)
        if is_shown:
            paper = Rectangle(
                (0, 0), page.width, page.height, facecolor=figure.get_facecolor(), linewidth=0, gid="paper"
            )
            paper.draw(page)
        shift = _transform(translate=(-left, top - drawing.height))
        filename.write(f'<g transform="{shift}">\n{drawn.getvalue()[head:].removesuffix(_END)}</g>\n')
        page.finalize()
