"""How a table is fitted to an A4 page: size of type, turned or not, and widths of columns, from the text alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from analysis.reporting.blocks import TableBlock
from analysis.wording import split_words

_MOST_UPRIGHT_COLUMNS = 8
_WIDTHS = {False: 445.0, True: 730.0}  # points between the margins of the template: upright, turned
_SIZES = {False: (9.5, 9.0, 8.5, 8.0, 7.5, 7.0), True: (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0)}
_EASY_SIZES = (9.5, 9.0, 8.5, 8.0, 7.5)  # taken first if at one of them every cell stays on one line
_PADDING = 8.0  # points beside the text of a cell, both sides together
_BOLD = 1.1  # how much wider a heading is than the same letters below it
_LONGEST_WORD = 9.0  # em; longer words are hyphenated
_WIDEST = 0.7  # em; a letter
_LONGEST_NUMBER = 14.0
_SHORT_LINE = 7.0  # em; a date or a name that stays on one line where there is room
_RUN_OF_SIGNS = re.compile(r"[^\s\u200b]+")
_BREAKING_SIGN = re.compile(r"([/\\._\-?&=#%+:;,|@])(?=[^\s\u200b])")
_RUN = 10
_WORD = re.compile(r"\W*[^\W\d_]+(?:['’][^\W\d_]+)*\W*")  # with the signs around it


@dataclass(frozen=True)
class TableLayout:
    """Turned to landscape or not, size of type in points, and shares of width (None: as wide as the text)."""

    is_wide: bool
    size: float
    widths: list[float] | None


def fit_table(table: TableBlock) -> TableLayout:
    """Fit a table to the page.

    The largest size is taken at which every cell stays on one line, unless that were too small to read with
    ease; else the largest at which no word or number needs to be broken. A table of more
    than eight columns, or one that fits upright at no size, gets a page turned to landscape.

    Examples
    --------
    >>> from analysis.reporting.blocks import Cell
    >>> fit_table(TableBlock(1, "t", "", ("a", "b"), ((Cell("x"), Cell("1")),), ("left", "right")))
    TableLayout(is_wide=False, size=9.5, widths=None)
    """
    heads = table.header or ("",) * len(table.align)
    columns = [[row[number].text for row in table.rows] for number in range(len(table.align))]
    wanted = [max([_BOLD * _em(head), *map(_em, texts)]) for head, texts in zip(heads, columns, strict=True)]
    least = [_least(*column) for column in zip(heads, columns, table.align, strict=True)]
    cells = [max([some, *map(_em, texts)]) for some, texts in zip(least, columns, strict=True)]
    for size in _EASY_SIZES if len(columns) <= _MOST_UPRIGHT_COLUMNS else ():
        room = (_WIDTHS[False] - _PADDING * len(columns)) / size
        if sum(cells) <= room:
            return TableLayout(False, size, _shares(wanted, cells, room, size))
    for is_wide in (False, True):
        if not is_wide and len(columns) > _MOST_UPRIGHT_COLUMNS:
            continue
        for size in _SIZES[is_wide]:
            room = (_WIDTHS[is_wide] - _PADDING * len(columns)) / size
            if sum(least) <= room:
                return TableLayout(is_wide, size, _shares(wanted, least, room, size))
    return TableLayout(True, _SIZES[True][-1], [width + _PADDING / _SIZES[True][-1] for width in least])


def with_breaks(text: str) -> str:
    r"""Text in which long runs that no hyphenation knows may break: codes, paths, very long words.

    Web addresses are left alone: Typst breaks them itself. So is what every column has room for, which a reader may
    want to search for as it stands.

    Examples
    --------
    >>> with_breaks("INTERNATIONAL_MONETARY_FUND").split("\u200b")
    ['INTERNATIO', 'NAL_', 'MONETARY_', 'FUND']
    >>> with_breaks("internationalisation.") == "internationalisation."
    True
    >>> with_breaks("memberships2:13") == "memberships2:13"
    True
    """
    return _RUN_OF_SIGNS.sub(lambda match: _break(match[0]) if _em(match[0]) > _LONGEST_WORD else match[0], text)


def has_long_word(text: str, *, is_bold: bool = False) -> bool:
    """Whether a word may be longer than its column is wide, and so has to be hyphenated.

    Examples
    --------
    >>> has_long_word("Russia and Togo"), has_long_word("counterrevolutionaries of Togo")
    (False, True)
    """
    room = _LONGEST_WORD / (_BOLD if is_bold else 1.0)
    return len(text) * _WIDEST > room and any(_em(word) > room for word in split_words(text))


def _break(run: str) -> str:
    if "://" in run:
        return run
    return "\u200b".join(map(_break_piece, _BREAKING_SIGN.sub("\\1\u200b", run).split("\u200b")))


def _break_piece(piece: str) -> str:
    if len(piece) <= 3 * _RUN and _WORD.fullmatch(piece):
        return piece  # hyphenated as its language has it
    return "\u200b".join(piece[start : start + _RUN] for start in range(0, len(piece), _RUN))


def _least(head: str, texts: list[str], align: str) -> float:
    """Width in em under which a word, or a whole number, would be broken; very long words may be."""
    words = [_BOLD * _em(word) for word in split_words(head)]
    words += [_em(word) for text in texts for word in split_words(text)]
    numbers = texts if align == "right" else []
    return max(
        min(max(words, default=0.0), _LONGEST_WORD),
        min(max(map(_em, numbers), default=0.0), _LONGEST_NUMBER),
    )


def _shares(wanted: list[float], least: list[float], room: float, size: float) -> list[float] | None:
    """Widths in em: what each column needs at least, and of the rest by what it still wants; None if all fit."""
    if sum(wanted) <= room:
        return None
    widths = [want if want <= _SHORT_LINE else some for want, some in zip(wanted, least, strict=True)]
    if sum(widths) > room:
        widths = list(least)
    rest = room - sum(widths)
    open_columns = {number for number in range(len(widths)) if wanted[number] > widths[number]}
    while open_columns and rest > 1e-6:
        # Less than in proportion, so that one column of long sentences does not starve the others.
        wishes = {number: (wanted[number] - widths[number]) ** 0.8 for number in open_columns}
        part = rest / sum(wishes.values())
        for number, wish in wishes.items():
            given = min(part * wish, wanted[number] - widths[number])
            widths[number] += given
            rest -= given
        open_columns = {number for number in open_columns if wanted[number] - widths[number] > 1e-6}
    return [round(width + _PADDING / size, 3) for width in widths]


def _em(text: str) -> float:
    """Estimate the width of a text in em: capitals are wide, points and thin letters narrow."""
    return sum(map(_width, text))


@cache
def _width(sign: str) -> float:
    return _WIDEST if sign.isupper() else 0.3 if sign in " .,;:'’|ijlt" else 0.53
