"""Tables found in HTML, such as pandas writes, as plain rows of text and links; no markup survives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from analysis.errors import TightropeError
from analysis.wording import are_numbers, split_words

TextAndLink = tuple[str, str | None]
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_WORD_BREAKS = ("br", "p", "div", "li")
_MOST_COLUMNS_SPANNED = 100
_MOST_ROWS_SPANNED = 10_000
_MANY_DIGITS = 9  # of a number beyond any limit here; of thousands of digits Python makes none
_MOST_PLACES = 2_000_000


@dataclass(frozen=True)
class HtmlTable:
    """One table: caption, header (empty if it has none), rows of (text, address), "left" or "right" for each column.

    The last `n_foot` rows are its foot, such as totals.
    """

    caption: str
    header: list[str]
    rows: list[list[TextAndLink]]
    align: list[str]
    n_foot: int = 0


def read_html_tables(markup: str) -> tuple[list[HtmlTable], str]:
    """Read the tables of an HTML fragment, and the text that stands outside them.

    Spanning cells repeat their text in each place they cover, so that a row can be read alone,
    on any page. Several header rows become one. Links stay if they lead to http or https.

    Examples
    --------
    >>> (table,), rest = read_html_tables(
    ...     "<table><tr><th>state</th><th>events</th></tr><tr><td>Togo</td><td>3</td></tr></table>1 row"
    ... )
    >>> table.header, table.rows, table.align, rest
    (['state', 'events'], [[('Togo', None), ('3', None)]], ['left', 'right'], '1 row')
    """
    parser = _TableParser()
    parser.feed(markup)
    parser.close()
    parser.end_table()
    return [table for raw in parser.tables if (table := _table(raw))], " ".join(split_words("".join(parser.outside)))


@dataclass
class _RawCell:
    columns: int
    rows: int
    is_header: bool
    text: str = ""
    href: str | None = None


@dataclass
class _RawTable:
    caption: str = ""
    rows: list[list[_RawCell]] = field(default_factory=list)
    head: int = 0
    foot: int = 0


class _TableParser(HTMLParser):
    """Collects rows; a table within a cell gives its text to that cell, scripts and styles give nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_RawTable] = []
        self.outside: list[str] = []
        self._depth = 0
        self._in_head = False
        self._in_foot = False
        self._in_caption = False
        self._ignored = 0
        self._cell: _RawCell | None = None

    def parse_html_declaration(self, i: int) -> int:
        """A section such as ``<![if x]>``, which HTML takes for a comment; the base class fails at some."""
        if self.rawdata.startswith("<![", i):
            return self.parse_bogus_comment(i)
        return super().parse_html_declaration(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._ignored += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append(_RawTable())
        elif self._depth == 1:
            self._start_in_table(tag, dict(attrs))
        elif self._depth > 1 and tag in ("td", "th", "tr"):
            self.handle_data(" ")
        if tag in _WORD_BREAKS:
            self.handle_data(" ")

    def _start_in_table(self, tag: str, attributes: dict[str, str | None]) -> None:
        table = self.tables[-1]
        if tag in ("thead", "tbody", "tfoot"):
            self._in_head, self._in_foot = tag == "thead", tag == "tfoot"
        elif tag == "caption":
            self._in_caption = True
        elif tag == "tr":
            table.rows.append([])
            table.head += self._in_head
            table.foot = table.foot + 1 if self._in_foot else 0
            self._cell = None
        elif tag in ("td", "th"):
            if not table.rows:
                table.rows.append([])
            self._cell = _RawCell(
                columns=_span(attributes.get("colspan"), _MOST_COLUMNS_SPANNED),
                rows=_span(attributes.get("rowspan"), _MOST_ROWS_SPANNED),
                is_header=tag == "th",
            )
            table.rows[-1].append(self._cell)
        elif tag == "a" and self._cell and not self._cell.href:
            address = attributes.get("href") or ""
            self._cell.href = address if _WEB_ADDRESS.fullmatch(address) else None

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._ignored = max(0, self._ignored - 1)
        elif tag == "table" and self._depth:
            self._depth -= 1
            if self._depth:
                self.handle_data(" ")
            else:
                self.end_table()
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._cell = None
        elif self._depth == 1 and tag == "caption":
            self._in_caption = False
        elif self._depth == 1 and tag in ("thead", "tfoot"):
            self._in_head = self._in_foot = False
        if tag in _WORD_BREAKS:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        if self._ignored:
            return
        if self._cell:
            self._cell.text += data
        elif self._in_caption:
            self.tables[-1].caption += data
        elif not self._depth:
            self.outside.append(data)

    def end_table(self) -> None:
        """Close whatever the markup left open."""
        self._depth, self._cell = 0, None
        self._in_head = self._in_foot = self._in_caption = False


def _span(value: str | None, most: int) -> int:
    digits = value.lstrip("0") if value and value.isdecimal() else ""
    return most if len(digits) > _MANY_DIGITS else min(int(digits or "1"), most)


def _table(raw: _RawTable) -> HtmlTable | None:
    head = raw.head
    if not head:
        while head < len(raw.rows) - 1 and raw.rows[head] and all(cell.is_header for cell in raw.rows[head]):
            head += 1
    grid = _grid(raw.rows)
    width = len(grid[0]) if grid else 0
    if not width:
        return None
    rows = grid[head:]
    header = _fold([[text for text, _ in row] for row in grid[:head]])
    align = ["right" if are_numbers([row[column][0] for row in rows]) else "left" for column in range(width)]
    return HtmlTable(" ".join(split_words(raw.caption)), header, rows, align, min(raw.foot, len(rows)))


def _grid(rows: Sequence[Sequence[_RawCell]]) -> list[list[TextAndLink]]:
    """Rows of one width, each spanning cell repeated in every place it covers."""
    places: dict[tuple[int, int], TextAndLink] = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in places:
                column += 1
            if len(places) > _MOST_PLACES:
                raise TightropeError(
                    f"a table has more than {_MOST_PLACES:,} cells; show fewer rows, or write them to a file"
                )
            for below in range(number, min(number + cell.rows, len(rows))):
                for right in range(column, column + cell.columns):
                    places.setdefault((below, right), (" ".join(split_words(cell.text)), cell.href))
            column += cell.columns
    width = max((column for _, column in places), default=-1) + 1
    return [[places.get((number, column), ("", None)) for column in range(width)] for number in range(len(rows))]


def _fold(header: list[list[str]]) -> list[str]:
    """Several header rows as one.

    pandas puts the names of an index in a row of their own under the column names; there the
    lower name stands for its column. Elsewhere different names are joined from top to bottom.
    """
    if not header:
        return []
    names_index = len(header) > 1 and any(header[-1]) and not all(header[-1])
    folded = []
    for names in zip(*header, strict=True):
        kept = [names[-1]] if names_index and names[-1] else [name for name in dict.fromkeys(names) if name]
        folded.append(" / ".join(kept))
    return folded
