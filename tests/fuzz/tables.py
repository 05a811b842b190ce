"""Tables on the page and in the PDF: what a cell says comes back as that text, and nothing else comes with it."""

from __future__ import annotations

import io
import json
from collections import Counter
from functools import cache
from html.parser import HTMLParser

import pypdfium2

from analysis.errors import TightropeError
from analysis.reporting.blocks import Cell, Document, Prose, TableBlock
from analysis.reporting.document import clean_text, read_document
from analysis.reporting.html import render_html
from analysis.reporting.pdf import render_pdf, typst_data
from analysis.wording import split_words
from fuzz.targets import Target

_VOID = {"meta", "link", "img", "br", "hr", "input", "col", "area", "base", "embed", "source", "track", "wbr"}
_PLAIN = "plain"


def create_target(part: str) -> Target:
    """Tables of HTML read and written again, or the texts of cells set by Typst."""
    if part == "html":
        return Target(check_html, create_html_seeds)
    return Target(check_cells, create_cell_seeds, check_pdf)


def check_html(data: bytes) -> None:
    """Hold any HTML output of a cell to the oracle: the page has exactly its tables, with the texts of their cells."""
    markup = data.decode("utf-8", errors="surrogateescape")
    if "<table" not in markup.lower():
        markup = "<table>" + markup
    output = {"output_type": "display_data", "data": {"text/html": markup}, "metadata": {}}
    cell = {"cell_type": "code", "source": "x", "execution_count": 1, "outputs": [output], "metadata": {}}
    try:
        document = read_document({"metadata": {}, "cells": [cell]}, "page")
    except TightropeError as error:
        assert str(error)
        return
    check_page(document)


def check_page(document: Document) -> None:
    """The page of a document holds its tables and the elements of a page without any content, and no more."""
    tables = [block for block in document.blocks if isinstance(block, TableBlock)]
    for table in tables:
        assert all(len(row) == len(table.align) for row in table.rows)
        assert not table.header or len(table.header) == len(table.align)
    page = _Page()
    page.feed(render_html(document))
    page.close()
    assert not page.open, f"left open: {page.open}"
    found = [[[_words(text) for text in row] for row in rows] for rows in page.tables]
    expected = [
        [*([[_words(text) for text in table.header]] if table.header else [])]
        + [[_words(cell.text) for cell in row] for row in table.rows]
        for table in tables
    ]
    assert found == expected, "the cells do not say what they were given"
    hrefs = sorted(cell.href for table in tables for row in table.rows for cell in row if cell.href)
    assert sorted(page.addresses) == hrefs
    assert all(address.startswith(("http://", "https://")) for address in hrefs)
    known = _elements()
    assert page.elements.keys() <= known.keys(), page.elements.keys() - known.keys()
    assert page.elements["table"] == len(tables)
    assert page.elements["script"] <= known["script"], "a script that is not the page's own"
    assert not page.handlers


def check_cells(data: bytes) -> None:
    """Hold the texts of a table to the oracle of the page, and of what Typst is given: strings, never markup."""
    document = _document(_texts(data))
    check_page(document)
    for block, entry in zip(document.blocks, typst_data(document)["blocks"], strict=False):
        if isinstance(block, TableBlock) and entry["kind"] == "table":
            said = [["".join(piece[0] for piece in cell["pieces"]) for cell in row] for row in entry["rows"]]
            assert [[text.replace("\u200b", "") for text in row] for row in said] == [
                [cell.text.replace("\u200b", "") for cell in row] for row in block.rows
            ]
            json.dumps(entry).encode("utf-8")


def check_pdf(given: list[bytes]) -> None:
    """Set the texts of many inputs in one table each of a single PDF: it compiles, and the plain words come back."""
    texts = [text for data in given for text in _texts(data)]
    pdf = render_pdf(_document(texts, marks=True))
    assert b"/JavaScript" not in pdf
    assert b"/EmbeddedFile" not in pdf
    opened = pypdfium2.PdfDocument(io.BytesIO(pdf))
    said = "".join(page.get_textpage().get_text_bounded() for page in opened)
    opened.close()
    assert "root:x:0" not in said, "a file was read"
    missing = [number for number in range(len(texts)) if f"mark{number}end" not in "".join(said.split())]
    assert not missing, f"{len(missing)} cells are not on the page"


def _texts(data: bytes) -> list[str]:
    return data.decode("utf-8", errors="surrogateescape").split("\n")[:12]


def _document(texts: list[str], *, marks: bool = False) -> Document:
    cells = [Cell(clean_text(text)) for text in texts]
    rows = [(Cell(f"mark{number}end" if marks else _PLAIN), cell) for number, cell in enumerate(cells)]
    caption = cells[0].text if cells else ""
    table = TableBlock(1, "table-1", caption, (_PLAIN, caption), tuple(rows), ("left", "left"))
    return Document("Title", "", "", "en", None, (*([Prose("Words.")] if marks else []), table))


def _words(text: str) -> str:
    """Words alone, with what HTML itself changes in the text of any page."""
    return " ".join(split_words(text))


class _Page(HTMLParser):
    """The elements of a page, the texts of its tables' cells, and where links lead."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: Counter[str] = Counter()
        self.open: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.elements[tag] += 1
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        for name, value in attrs:
            if name.startswith("on") or name in ("srcdoc", "formaction"):
                self.handlers.append(name)
            if name == "href" and not (value or "").startswith("#"):
                self.addresses.append(value or "")

    def handle_endtag(self, tag):
        assert self.open, f"closes {tag}, which is not open"
        assert self.open.pop() == tag, f"closes {tag} out of order"

    def handle_data(self, data):
        if "td" in self.open or "th" in self.open:
            self.tables[-1][-1][-1] += data


@cache
def _elements() -> Counter[str]:
    """What a page with a table and printed text is made of."""
    page = _Page()
    linked = TableBlock(1, "t", "c", ("h", ""), ((Cell("x", "https://example.org/"), Cell("y")),), ("left", "left"))
    page.feed(render_html(Document("T", "s", "a", "en", None, (Prose("Words."), linked))))
    return page.elements + Counter(["pre"])


def create_html_seeds() -> list[bytes]:
    """Tables as pandas writes them, spans, links, what is left open, and markup that must not survive."""
    import pandas as pd

    frame = pd.DataFrame({"state": ["Togo <b>", "Bénin"], "events": [1, 2]})
    parts = [
        frame.to_html(), frame.T.to_html(header=False), frame.set_index(["state", "events"]).to_html(),
        "<tr><td colspan=2 rowspan=3>a<td>b<tr><th>c", '<tr><td><a href="https://example.org/?a=1&b=2">x</a></table>',
        '<tr><td><a href="javascript:x()">x</a><script>y</script><style>z</style></td></tr></table>tail',
        "<caption>a<b>c</caption><thead><tr><th>x</thead><tbody><tr><td>1", "<![CDATA[x]]><!-- y --><?z?><!DOCTYPE a>",
        "<tr><td><table><tr><td>in</table>out", "<tr><td onclick=x()>&lt;img src=x onerror=y()&gt;&#0;&#x110000;", "",
    ]  # fmt: skip
    return [part.encode() for part in parts]


def create_cell_seeds() -> list[bytes]:
    """Texts that Typst, pandoc, TeX, HTML or a terminal would take for more than text."""
    texts = [
        '#read("/etc/passwd")', "#import \"@preview/x:1.0.0\"", "#eval(\"1\")", "$x^2$ *b* _i_ `r` = h", "<lab> @ref",
        "[x](y) ![z](w) ```r```", "\\input{x} \\u{41}", "<script>x</script>&amp;&lt;", "\x1b[2J\x07 \u202e\u200b\u00ad",
        "a" * 200, "https://example.org/" + "b/" * 60, "é\u0301 \U0001f1f9\U0001f1ec 中文 ﷽ \u0b95\u0bcd", "{{ x }} {% y %}",
        "-1.5 %", "\ufeff\ufffe\ue000\U000f0000", "// not a comment /* nor this */", "1 234,5",
    ]  # fmt: skip
    return [text.encode() for text in texts] + ["\n".join(texts[:8]).encode()]
