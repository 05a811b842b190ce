r"""What a field of text may hold: one rule for all that comes from outside, and for every line on a terminal.

Nothing is taken out of a text and nothing in it is obeyed: a character that nobody would see, or that would change how
the text around it is shown, is spelled out as its code point in brackets. Those are control characters, what turns the
direction of writing, blanks of no width, and code points that are no characters. Line ends and tabs stay. A joiner
between letters that are not Latin belongs to their spelling and stays too. Letters that look like others are left as
they are: such a name is not the other name, and no table knows it.

A field of more than :data:`MAX_CHARACTERS` is refused, with its row.
"""

from __future__ import annotations

import re

MAX_CHARACTERS = 10_000
"""Most characters of one field. The longest in the published files of any source here has some 1,400."""

_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_WITHOUT_WIDTH = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0d"
    "\ufeff\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_SURROGATES = "\ud800-\udfff"
_NO_CHARACTERS = "\ufdd0-\ufdef\ufff0-\ufffb" + "".join(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_HIDDEN = _CONTROLS + _DIRECTIONS + _WITHOUT_WIDTH + _NO_CHARACTERS
_JOINERS = "\u200c\u200d"
SUSPECT = rf"[\r{_HIDDEN}{_JOINERS}]"
"""A pattern for any engine of regular expressions: found in every text of valid UTF-8 that the rule changes."""

_SPELLED_OUT = re.compile(rf"[{_HIDDEN}{_SURROGATES}]|\r(?!\n)")
_ELSEWHERE = rf"[^\x00-\u024f{_JOINERS}]"  # no Latin letter, and no joiner
_STRAY_JOINER = re.compile(rf"(?<!{_ELSEWHERE})[{_JOINERS}]|[{_JOINERS}](?!{_ELSEWHERE})")
_LINE_ENDS = re.compile("[\t\r\n]")
_GAP = " ... "


def spell_out(text: str) -> str:
    r"""Text in which everything is seen and nothing is obeyed.

    Examples
    --------
    >>> print(spell_out("\x1b[2JLom\u202e\u00e9"))
    [U+001B][2JLom[U+202E]é
    >>> spell_out("Lom\u00e9, 20\u00a0%\n") == "Lom\u00e9, 20\u00a0%\n"
    True
    """
    if text.isascii() and text.isprintable():
        return text
    return _STRAY_JOINER.sub(_name_code_point, _SPELLED_OUT.sub(_name_code_point, text))


def spell_out_lines(text: str) -> str:
    r"""The same for text that is one line: tabs and line ends are spelled out too.

    Examples
    --------
    >>> print(spell_out_lines("HX0\nwarning: all is well"))
    HX0[U+000A]warning: all is well
    """
    return _LINE_ENDS.sub(_name_code_point, spell_out(text))


def one_line(text: str, most: int = 500) -> str:
    r"""Text for one line of a message: spelled out, line ends too, and its middle left out where it is long.

    Examples
    --------
    >>> print(one_line("unknown actor 'a\nb'"))
    unknown actor 'a[U+000A]b'
    >>> print(one_line("unknown actor 'aaaaaaaaaaaaaaaa'; accepted: b", most=30))
    unknown actor ...  accepted: b
    """
    text = spell_out_lines(text)
    half = (most - len(_GAP)) // 2
    return text if len(text) <= most else text[: most - len(_GAP) - half] + _GAP + text[-half:]


def find_fault(name: str, text: str) -> str:
    """Why a field of this name cannot be taken, or nothing.

    Examples
    --------
    >>> find_fault("place", "a" * 10_001)
    'place has 10,001 characters; at most 10,000 are accepted'
    """
    if len(text) <= MAX_CHARACTERS:
        return ""
    return f"{name} has {len(text):,} characters; at most {MAX_CHARACTERS:,} are accepted"


def _name_code_point(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"
