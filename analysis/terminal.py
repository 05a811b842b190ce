"""What may stand on a terminal: text from anywhere, with nothing in it that Rich or the terminal would obey."""

from __future__ import annotations

import re

from rich.markup import escape

from analysis.plain_text import spell_out_lines

_LINE_END = re.compile(r"\r?\n")


def shown(text: str) -> str:
    r"""Text for a Rich console, shown as it is, in one line: no name makes a line that seems to be ours.

    Examples
    --------
    >>> print(shown("[red]\x1b[2Jdone\nerror: none"))
    \[red][U+001B][2Jdone[U+000A]error: none
    """
    return escape(spell_out_lines(text))


def shown_lines(text: str, indent: str = "  ") -> str:
    r"""Text of several lines, such as an error; lines after the first are indented, and so seem to be no other message.

    Examples
    --------
    >>> print(shown_lines("a.csv is missing\nwarning: all is well"))
    a.csv is missing
      warning: all is well
    """
    return f"\n{indent}".join(map(shown, _LINE_END.split(text)))
