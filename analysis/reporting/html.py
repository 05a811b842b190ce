"""The HTML page of a document: one file that loads nothing, runs nothing and reads well on any screen."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup
from traitlets import default

from analysis.reporting.document import Document, FigureBlock, Preformatted, Prose, TableBlock
from analysis.reporting.exporter import DocumentExporter
from analysis.reporting.labels import read_labels, write_day
from analysis.reporting.pandoc import TEMPLATES, convert

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
    style, digest = _style()
    return _template().render(
        document=document,
        blocks=blocks,
        contents=Markup(prose.contents) if "<li>" in prose.contents else "",
        notes=Markup(prose.notes),
        labels=read_labels(document.language),
        day=write_day(document.as_of, document.language),
        style=Markup(style),
        style_digest=digest,
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


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["data_address"] = _data_address
    environment.filters["column_classes"] = _column_classes
    return environment.get_template("briefing.html.j2")


@cache
def _style() -> tuple[str, str]:
    """Read the style sheet, and its hash, by which the page's security policy allows it and no other."""
    style = "\n" + (TEMPLATES / "briefing.css").read_text(encoding="utf-8")
    return style, base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
