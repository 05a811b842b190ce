"""The key below a figure's panels: what each mark that was drawn means."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from matplotlib.figure import Figure

from analysis.figures.canvas import POINT, WIDTH_INCHES, text_width, wrap_to
from analysis.figures.style import CONTEXT
from analysis.language import say

_APART = " " * 5  # between entries


def name_marks(meanings: Mapping[str, str], drawn: Collection[str], **values: object) -> str:
    """Say what the marks of a figure mean that were drawn, set apart as :func:`wrap_key` parts them.

    Examples
    --------
    >>> name_marks({"dot": "●  member", "cross": "✕  left"}, {"dot"})
    '●  member'
    """
    return _APART.join(say(meaning, **values) for mark, meaning in meanings.items() if mark in drawn)


def wrap_key(text: str, size: float, width: float = WIDTH_INCHES - 0.1) -> str:
    r"""Break a key into lines no wider than `width` inches, entries (set apart by three blanks or more) kept whole.

    Examples
    --------
    >>> wrap_key("dark: known     white: not known", 8, 1.5)
    'dark: known\nwhite: not known'
    """
    lines: list[str] = []
    for given in text.split("\n"):
        lines.append("")
        for entry in re.split(r"\s{3,}", given.strip()):
            longer = f"{lines[-1]}{_APART}{entry}" if lines[-1] else entry
            if text_width(longer, size) <= width:
                lines[-1] = longer
                continue
            kept = entry if text_width(entry, size) <= width else wrap_to(entry, size, width)
            lines[-1:] = [lines[-1], kept] if lines[-1] else [kept]
    return "\n".join(lines)


def draw_key(figure: Figure, key: str, size: float, linespacing: float = 1.4) -> None:
    """Draw a key below all panels, as high as :func:`key_height` says."""
    figure.text(0.5, 0.05 / figure.get_figheight(), key, ha="center", va="bottom", size=size, color=CONTEXT,
                linespacing=linespacing)  # fmt: skip


def key_height(key: str, size: float, linespacing: float = 1.4) -> float:
    r"""Height of a key in inches, with the room about it.

    Examples
    --------
    >>> 0.2 < key_height("one line", 7.5) < key_height("one\nand another", 7.5) < 0.5
    True
    """
    return 0.1 + (key.count("\n") + 1) * size * linespacing * POINT
