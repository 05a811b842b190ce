"""The HTML page of a document: one file that loads nothing and reads well on any screen, its script run or not."""

from __future__ import annotations

import base64
import re
import string

from markupsafe import Markup, escape
from traitlets import default

from analysis.reporting.blocks import Document, FigureBlock, Preformatted, Prose, TableBlock
from analysis.reporting.exporter import DocumentExporter
from analysis.reporting.labels import read_labels, write_day
from analysis.reporting.pages import render_page
from analysis.reporting.pandoc import convert
from analysis.reporting.references import find_references
from analysis.reporting.sort_keys import find_sort_keys

_SHORT_CELL, _LONG_CELL, _VAST_CELL = 16, 40, 160  # characters
# Signs that stand for themselves in an address within quotes.
_PLAIN = (string.ascii_letters + string.digits + " !$()*+,/:;=?@[]^_`{|}~-.").encode()
_ANCHOR = re.compile(' id="[^"]*"')  # of an entry of the contents, which stand on the page twice
_SVG_WIDTH = re.compile(rb'<svg\b[^>]*?\swidth="([\d.]+)(?:pt|px)?"')
_HYPHENATED = re.compile(r"\b\w{1,8}(?:-\d{1,4}){1,2}\b")  # 2022-01-31, C1a-04
_INVERTED = re.compile(r"<[^>]*>|\b\w+(?:-t)?-(?:ils?|elles?|on|ce)\b")  # penche-t-il, est-ce, as French asks
_FORMULA = re.compile(r'\(?<math display="inline".*?</math>[).,:;]*', re.DOTALL)  # with the signs that touch it
_BROAD = 330.0  # points: a picture drawn wider than this is too small to read on a phone
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
            entry["html"] = _set_formulas(next(pieces))
    sort_keys = {
        block.number: find_sort_keys(block, document.language)
        for block in document.blocks
        if isinstance(block, TableBlock) and block.header
    }
    contents = _keep_inversions(_ANCHOR.sub("", prose.contents)) if "<li>" in prose.contents else ""
    return render_page(
        "briefing.html.j2",
        "document.css",
        script="sort.js" if sort_keys else "",
        sort_keys=sort_keys,
        filters={
            "keep_whole": _keep_whole,
            "data_address": _data_address,
            "column_classes": _column_classes,
            "is_broad": _is_broad,
        },
        references=find_references(document),
        has_styles=any(" style=" in piece for piece in [*prose.pieces, prose.notes]),
        document=document,
        blocks=blocks,
        contents=Markup(contents),
        notes=_set_formulas(prose.notes),
        labels=read_labels(document.language),
        day=write_day(document.as_of, document.language),
    )


def _data_address(figure: FigureBlock) -> str:
    """A picture as an address of its own; a drawing is text, which base64 would make a third longer."""
    if figure.mime == "image/svg+xml":
        return f"data:{figure.mime};charset=utf-8,{_quote(figure.data)}"
    return f"data:{figure.mime};base64,{base64.b64encode(figure.data).decode()}"


def _quote(data: bytes) -> str:
    """What :func:`urllib.parse.quote` gives byte by byte, by the few signs that need it: drawings are long."""
    signs = {*data.translate(None, _PLAIN)}
    for sign in sorted(signs, key=lambda sign: sign != ord("%")):  # that one first, since all others turn into it
        data = data.replace(bytes([sign]), b"%%%02X" % sign)
    return data.decode("ascii")


def _set_formulas(html: str) -> Markup:
    """Prose in which a wide formula can be moved, also with the keyboard, and no comma is parted from its formula."""
    whole = _FORMULA.sub(r'<span class="whole">\g<0></span>', _keep_inversions(html))
    return Markup(whole.replace('<math display="block"', '<math display="block" tabindex="0"'))


def _keep_inversions(html: str) -> str:
    """Prose in which no verb is broken from the pronoun that follows it at a hyphen; tags are left alone."""
    return _INVERTED.sub(
        lambda found: found[0] if found[0].startswith("<") else f'<span class="whole">{found[0]}</span>', html
    )


def _keep_whole(text: str) -> Markup:
    """A text in which days and identifiers are not broken at their hyphens."""
    return Markup(_HYPHENATED.sub(r'<span class="whole">\g<0></span>', str(escape(text))))


def _is_broad(figure: FigureBlock) -> bool:
    """Whether a drawing must keep a width at which its words can be read."""
    width = _SVG_WIDTH.search(figure.data) if figure.mime == "image/svg+xml" else None
    return width is not None and float(width[1]) > _BROAD


def _column_classes(table: TableBlock) -> list[str]:
    """For each column its alignment, and whether its cells stay on one line or need room."""
    classes = []
    for number, align in enumerate(table.align):
        longest = max((len(row[number].text) for row in table.rows), default=0)
        width = "short" if longest <= _SHORT_CELL else "long" if longest > _LONG_CELL else "middle"
        classes.append(" ".join(filter(None, [align, width, "vast" if longest > _VAST_CELL else ""])))
    return classes
