"""How small the letters of a figure are, read from the picture itself."""

from __future__ import annotations

import re

from analysis.reporting.blocks import FigureBlock

_LINE_OF_TEXT = re.compile(rb' transform="translate\([^)]*\)[^"]*? scale\(([0-9.]+) -')
_EM = 100  # units of the outlines that a line of text is put together from


def find_smallest_letters(figure: FigureBlock) -> float:
    """Find the size of the smallest text of a figure, in points at its own size.

    Text is told by how matplotlib draws it in SVG: outlines, upside down, made smaller. 0 where no text is known.

    Examples
    --------
    >>> line = b'<g transform="translate(9 8) scale(0.075 -0.075)"><use/></g>'
    >>> find_smallest_letters(FigureBlock(1, "f", "", "", "image/svg+xml", line))
    7.5
    """
    if figure.mime != "image/svg+xml":
        return 0.0
    return min((_EM * float(size) for size in _LINE_OF_TEXT.findall(figure.data)), default=0.0)
