"""Where a number on a page leads: from a key number to its figure or table, from a source's number to its row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.exhibit import Fact
from analysis.reporting.blocks import Document, FigureBlock, TableBlock

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class References:
    """The places of one document that something on it leads to; a place that is not there is led to by nothing."""

    exhibits: dict[str, str]
    rows: frozenset[str]

    def of_fact(self, fact: Fact) -> str | None:
        """Anchor of the figure or table that a key number comes from."""
        return self.exhibits.get(fact.exhibit)

    def of_row(self, table: TableBlock, row: int) -> str | None:
        """Anchor of a row, if other tables refer to its table and the row begins with a number."""
        anchor = _row_anchor(table.name, table.rows[row][0].text)
        return anchor if anchor in self.rows else None

    def split(self, table: TableBlock, column: int, text: str) -> list[tuple[str, str | None]]:
        """Split the text of a cell into pieces, each number of a row elsewhere with the anchor of that row.

        Examples
        --------
        >>> from analysis.reporting.blocks import Cell
        >>> table = TableBlock(1, "events", "", (), ((Cell("3, 12"),),), ("left",), ("sources",))
        >>> References({}, frozenset({"sources-3"})).split(table, 0, "3, 12")
        [('3', 'sources-3'), (', 12', None)]
        """
        target = table.refers[column] if column < len(table.refers) else ""
        return [piece for piece in self._pieces(target, text) if piece[0]]

    def _pieces(self, target: str, text: str) -> Iterator[tuple[str, str | None]]:
        end = 0
        for match in _NUMBER.finditer(text):
            anchor = _row_anchor(target, match[0])
            if anchor in self.rows:
                yield text[end : match.start()], None
                yield match[0], anchor
                end = match.end()
        yield text[end:], None


def find_references(document: Document) -> References:
    """Find what the facts and tables of a document can lead to."""
    exhibits = {
        block.name: f"{'figure' if isinstance(block, FigureBlock) else 'table'}-{block.number}"
        for block in reversed(document.blocks)
        if isinstance(block, FigureBlock | TableBlock)
    }
    tables = [block for block in document.blocks if isinstance(block, TableBlock)]
    targets = {name for table in tables for name in table.refers if name}
    found: list[str] = []
    for table in tables:
        if table.name in targets:
            targets.discard(table.name)
            firsts = Counter(row[0].text for row in table.rows)
            found += [_row_anchor(table.name, text) for text, n in firsts.items() if n == 1 and _NUMBER.fullmatch(text)]
    return References(exhibits, frozenset(found))


def _row_anchor(table: str, number: str) -> str:
    return f"{table}-{number}"
