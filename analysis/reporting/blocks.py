"""What a page shows, in order, whatever the page is made of: prose, figures, tables and printed text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from analysis.exhibit import Fact


class Cell(NamedTuple):
    """One cell of a table: its text and, if it leads somewhere on the web, the address."""

    text: str
    href: str | None = None


@dataclass(frozen=True)
class Prose:
    """Markdown, as it was written or generated."""

    markdown: str


@dataclass(frozen=True)
class FigureBlock:
    """A numbered picture; `data` holds an image of the MIME type `mime`."""

    number: int
    name: str
    caption: str
    alt: str
    mime: str
    data: bytes


@dataclass(frozen=True)
class TableBlock:
    """A numbered table; every row is as wide as `align`, and so is `header` unless it is empty.

    `refers` names, for each column or for none, the table whose rows its numbers stand for; the last `n_foot`
    rows are a foot, such as totals.
    """

    number: int
    name: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    align: tuple[str, ...]
    refers: tuple[str, ...] = ()
    n_foot: int = 0


@dataclass(frozen=True)
class Preformatted:
    """Text whose line breaks and spaces are kept, such as printed output."""

    text: str


Block = Prose | FigureBlock | TableBlock | Preformatted


@dataclass(frozen=True)
class Document:
    """Title, subtitle, author, language (BCP 47), the day it speaks of, the blocks in order, and the key numbers."""

    title: str
    subtitle: str
    author: str
    language: str
    as_of: date | None
    blocks: tuple[Block, ...]
    facts: tuple[Fact, ...] = ()
