"""What may stand on a terminal: text from anywhere, with nothing in it that Rich or the terminal would obey."""

from __future__ import annotations

from rich.markup import escape

from analysis.plain_text import spell_out


def shown(text: str) -> str:
    r"""Text for a Rich console, shown as it is; line ends stay.

    Examples
    --------
    >>> print(shown("[red]\x1b[2Jdone"))
    \[red][U+001B][2Jdone
    """
    return escape(spell_out(text))
