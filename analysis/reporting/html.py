"""The HTML page of a document: one file that loads nothing, runs nothing and reads well on any screen."""

from __future__ import annotations

import base64

from markupsafe import Markup
from traitlets import default

from analysis.reporting.document import Document, FigureBlock, Preformatted, Prose, TableBlock
from analysis.reporting.exporter import DocumentExporter
from analysis.reporting.labels import read_labels, write_day
from analysis.reporting.pages import render_page
from analysis.reporting.pandoc import convert

_SHORT_CELL, _LONG_CELL = 16, 40  # characters
_KINDS: dict[type, str] = {
    Prose: "prose",
    FigureBlock: "figure",
    TableBlock: "table",
    Preformatted: "preformatted",
}


class TightropeHTMLExporter(DocumentExporter):
    """Executed notebook to one accessible HTML file."""

    export_from_notebook = "Tightrope HTML"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def render(self, document: Document) -> str:
        """Render a document; see :func:`render_html`."""
        return render_html(document)


def render_html(document: Document) -> str:
    """Render a document as one HTML file.

    Examples
    --------
    >>> page = render_html(Document("A & B", "", "", "fr", None, (Prose("Bonjour"),)))
    >>> '<html lang="fr">' in page, "<h1>A &amp; B</h1>" in page, "<p>Bonjour</p>" in page
    (True, True, True)
    """
    prose = convert([block.markdown for block in document.blocks if isinstance(block, Prose)], "html")
    pieces = iter(prose.pieces)
    blocks = [{"kind": _KINDS[type(block)], "block": block} for block in document.blocks]
    for entry in blocks:
        if entry["kind"] == "prose":
            entry["html"] = Markup(next(pieces))
    return render_page(
        "briefing.html.j2",
        filters={"data_address": _data_address, "column_classes": _column_classes},
        document=document,
        blocks=blocks,
        contents=Markup(prose.contents) if "<li>" in prose.contents else "",
        notes=Markup(prose.notes),
        labels=read_labels(document.language),
        day=write_day(document.as_of, document.language),
    )


def _data_address(figure: FigureBlock) -> str:
    return f"data:{figure.mime};base64,{base64.b64encode(figure.data).decode()}"


def _column_classes(table: TableBlock) -> list[str]:
    """For each column its alignment, and whether its cells stay on one line or need room."""
    classes = []
    for number, align in enumerate(table.align):
        longest = max((len(row[number].text) for row in table.rows), default=0)
        width = "short" if longest <= _SHORT_CELL else "long" if longest > _LONG_CELL else ""
        classes.append(" ".join(filter(None, [align, width])))
    return classes
