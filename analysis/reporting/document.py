"""An executed notebook read as a document: the blocks of :mod:`analysis.reporting.blocks`, in order."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from analysis.errors import TightropeError
from analysis.exhibit import METADATA_KEY, Fact
from analysis.plain_text import spell_out
from analysis.reporting.blocks import Block, Cell, Document, FigureBlock, Preformatted, Prose, TableBlock
from analysis.reporting.editions import find_language, select_cells
from analysis.reporting.limits import MOST_PRINTED

IMAGE_TYPES = ("image/svg+xml", "image/png", "image/jpeg")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TITLE_LINE = re.compile(r"#[ \t]+(.*?)[ \t]*#*[ \t]*")
_MARKUP = re.compile(r"\\([!-/:-@\[-`{-~])|[*_`]")
_TERMINAL_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# Code points that no font draws and PDF/A forbids: control characters go, private ones are shown as unknown.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_PERCENT = re.compile(r"(?<=\d) (?=%)")  # a number and its sign stay on one line
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


class ExportError(TightropeError):
    """A notebook that cannot become a page; names the cell and what to do."""


def read_document(notebook: Mapping[str, Any], name: str = "") -> Document:
    r"""Read an executed notebook; code and prose of other languages are left out, outputs are taken as they are.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook of format 4. Outputs made by `analysis.exhibit` say what they are; of any
        other output the picture, table, Markdown or plain text is taken.
    name : str
        File name without suffix: the title, if the notebook has no other.

    Raises
    ------
    ExportError
        If the notebook was never executed, a cell failed or printed too much, a figure has no alt text,
        or language or day cannot be understood.

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "source": "# Two ports\n\nA question."}
    >>> document = read_document({"metadata": {}, "cells": [cell]})
    >>> document.title, document.blocks
    ('Two ports', (Prose(markdown='A question.'),))
    """
    _require_executed(notebook)
    reader = _Reader()
    shown = select_cells(notebook)
    for index, cell in enumerate(notebook["cells"], start=1):
        if any(cell is one for one in shown):
            reader.read_cell(cell, _place(index, cell))
    metadata = notebook.get("metadata", {})
    about = {**_ordinary_metadata(metadata), **metadata.get(METADATA_KEY, {}), **reader.about}
    title = about.get("title")
    blocks = reader.blocks
    if not title:
        title, blocks = _take_title(blocks)
    return Document(
        title=clean_text(title or name or "Notebook"),
        subtitle=clean_text(about.get("subtitle") or ""),
        author=clean_text(about.get("author") or ""),
        language=_language(find_language(notebook)),
        as_of=_day(about.get("as_of")),
        blocks=tuple(block for block in blocks if block != Prose("")),
        facts=tuple(reader.facts),
    )


def clean_text(text: str) -> str:
    r"""Text that can be set: no control characters, the hidden spelled out as :mod:`analysis.plain_text` does.

    No line breaks before a percent sign; code points of private use become U+FFFD.

    Examples
    --------
    >>> clean_text("\x1b[31mred\x1b[0m\x00")
    'red'
    >>> clean_text("90 %") == "90\N{NO-BREAK SPACE}%"
    True
    """
    text = _TERMINAL_COLOUR.sub("", text.replace("\r\n", "\n"))
    text = _PERCENT.sub("\N{NO-BREAK SPACE}", text)
    return _PRIVATE.sub("\ufffd", spell_out(_UNPRINTABLE.sub("", text)))


class _Reader:
    """Takes blocks from cells in order, and counts figures and tables."""

    def __init__(self) -> None:
        self.about: dict[str, Any] = {}
        self.blocks: list[Block] = []
        self.facts: list[Fact] = []
        self.figures = 0
        self.tables = 0

    def read_cell(self, cell: Mapping[str, Any], place: str) -> None:
        if cell["cell_type"] == "markdown":
            self._add_prose(_joined(cell["source"]))
        elif cell["cell_type"] == "code":
            for output in cell.get("outputs", []):
                self._read_output(output, place)

    def _read_output(self, output: Mapping[str, Any], place: str) -> None:
        kind = output["output_type"]
        if kind == "error":
            raise ExportError(f"{place} failed: {output.get('ename')}: {output.get('evalue')}; mend it and run again")
        if kind == "stream":
            if output.get("name") == "stdout":
                self._add_preformatted(_joined(output["text"]), place)
            return
        data = {mime: _joined(value) for mime, value in output.get("data", {}).items() if isinstance(value, str | list)}
        metadata = output.get("metadata", {})
        about = metadata.get(METADATA_KEY, {})
        self.facts += [Fact(*map(clean_text, fact)) for fact in about.get("facts", [])]
        image = next((mime for mime in IMAGE_TYPES if mime in data), None)
        if about.get("kind") == "title":
            self.about = {key: value for key, value in about.items() if key != "kind"}
        elif image:
            self._add_figure(image, data[image], {**metadata, **metadata.get(image, {}), **about}, place)
        elif "<table" in data.get("text/html", "").lower():
            self._add_tables(data["text/html"], about, place)
        elif "text/markdown" in data or "text/latex" in data:
            self._add_prose(data["text/markdown"] if "text/markdown" in data else data["text/latex"])
        elif "text/plain" in data:
            self._add_preformatted(data["text/plain"], place)

    def _add_prose(self, markdown: str) -> None:
        self.blocks.append(Prose(clean_text(markdown).strip("\n")))

    def _add_preformatted(self, text: str, place: str) -> None:
        if len(text) > MOST_PRINTED:
            raise ExportError(
                f"{place} prints {len(text):,} characters, of which a page takes at most {MOST_PRINTED:,}; "
                "print less, or show it as a table"
            )
        text = clean_text(text).strip("\n")
        if text.strip():
            self.blocks.append(Preformatted(text))

    def _add_figure(self, mime: str, data: str, about: Mapping[str, Any], place: str) -> None:
        alt = clean_text(about.get("alt") or "").strip()
        if not alt:
            raise ExportError(
                f"the figure of {place} has no alt text; show it with show_figure(axes, name, caption=..., alt=...), "
                "or display it with metadata={'alt': '...'}"
            )
        self.figures += 1
        image = data.encode() if mime == "image/svg+xml" else base64.b64decode(data)
        name = about.get("name") or f"figure-{self.figures}"
        self.blocks.append(FigureBlock(self.figures, name, clean_text(about.get("caption") or ""), alt, mime, image))

    def _add_tables(self, markup: str, about: Mapping[str, Any], place: str) -> None:
        from analysis.reporting.html_tables import read_html_tables

        tables, rest = read_html_tables(markup)
        for table in tables:
            self.tables += 1
            self.blocks.append(
                TableBlock(
                    number=self.tables,
                    name=about.get("name") or f"table-{self.tables}",
                    caption=clean_text(about.get("caption") or table.caption),
                    header=tuple(clean_text(text) for text in table.header),
                    rows=tuple(tuple(Cell(clean_text(text), href) for text, href in row) for row in table.rows),
                    align=tuple(table.align),
                    refers=tuple(about.get("refers", ())),
                    n_foot=table.n_foot,
                )
            )
        self._add_preformatted(rest, place)


def _require_executed(notebook: Mapping[str, Any]) -> None:
    code = [c for c in notebook["cells"] if c["cell_type"] == "code" and _joined(c["source"]).strip()]
    if code and not any(cell.get("outputs") or cell.get("execution_count") for cell in code):
        raise ExportError(
            "the notebook was never executed, so there is nothing to show; run all its cells, then export"
        )


def _place(index: int, cell: Mapping[str, Any]) -> str:
    lines = [line.strip() for line in _joined(cell["source"]).splitlines() if line.strip()]
    identity = f", id {cell['id']}" if cell.get("id") else ""
    return f"cell {index} ({lines[0] if lines else 'empty'!r}{identity})"


def _ordinary_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Title and authors as nbformat and JupyterLab keep them."""
    names = [author.get("name", "") for author in metadata.get("authors", []) if isinstance(author, Mapping)]
    return {
        "title": metadata.get("title"),
        "author": ", ".join(filter(None, names)),
    }


def _take_title(blocks: list[Block]) -> tuple[str, list[Block]]:
    """Find the first heading of level one outside fenced code, as plain text, and the blocks without it."""
    for position, block in enumerate(blocks):
        if isinstance(block, Prose):
            lines = block.markdown.split("\n")
            for number in _lines_outside_fences(lines):
                if match := _TITLE_LINE.fullmatch(lines[number]):
                    rest = Prose("\n".join(lines[:number] + lines[number + 1 :]).strip("\n"))
                    return _MARKUP.sub(r"\1", match[1]), [*blocks[:position], rest, *blocks[position + 1 :]]
    return "", blocks


def _lines_outside_fences(lines: list[str]) -> Iterator[int]:
    fenced = False
    for number, line in enumerate(lines):
        if line.startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced:
            yield number


def _language(tag: str) -> str:
    if not _LANGUAGE.fullmatch(tag):
        raise ExportError(f"language {tag!r} is not a BCP 47 tag; write for example 'en', 'fr' or 'fr-TG'")
    return tag


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ExportError(f"as_of {text!r} is not a day; write it as YYYY-MM-DD") from None


def _joined(text: str | list[str]) -> str:
    """Join a multi-line string, which the notebook format may keep as a list of lines."""
    return text if isinstance(text, str) else "".join(text)
