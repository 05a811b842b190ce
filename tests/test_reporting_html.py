"""The HTML page, parsed and opened in a browser: one file that loads nothing and fits every screen."""

import base64
import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from notebook_factory import SVG, code, display, figure, markdown, notebook, png, stream, table, title

from analysis.exhibit import Fact, Link, escape_markdown, show_text
from analysis.reporting.html import TightropeHTMLExporter

CHROMIUM = shutil.which("chromium")
HOSTILE = '</p><script>alert(1)</script> <img src=x onerror=alert(1)> $x$ [^1] {{ 7 * 7 }} "\'> #read("/etc") &amp;'


class Page(HTMLParser):
    """Elements with their attributes, and the text."""

    def __init__(self, source):
        super().__init__()
        self.elements, self.text, self.within = [], "", []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.within.append(tag)

    def handle_endtag(self, tag):
        if tag in self.within:
            del self.within[len(self.within) - 1 - self.within[::-1].index(tag) :]

    def handle_data(self, data):
        if "style" not in self.within:
            self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def export(*cells, **metadata):
    return TightropeHTMLExporter().from_notebook_node(notebook(*cells, **metadata))[0]


def everything():
    """The cells of a briefing with everything in it."""
    long = "A sentence about a visit that was announced, postponed and then took place in the capital. "
    wide = [[f"state {row}", *(f"{row}.{column}" for column in range(11))] for row in range(12)]
    return (
        title("Between <two> ports", "A & B", language="fr", author="Ama"),
        markdown("Prose with a note[^1] and $\\frac{a}{b}$, [out](https://example.org/x).\n\n[^1]: The note itself."),
        code(show_text(["The answer."], {"tilt": -0.27}, [Fact("Tilt <a>", "−0,27", "no interval")])),
        markdown("## What?\n\nSee https://example.org/" + "a-very-long-path/" * 20),
        figure(alt='First "alt" <b>'),
        markdown("## What?\n\n$$" + " + ".join("abcdefghijklmnopqrstuvwxyz") + "$$"),
        code(display({"alt": "A white square."}, image__png=png())),
        table([["Togo", long, Link("site", "https://example.org/y")]] * 3, ["State", "What", "Source"], "Three visits"),
        table(wide, ["State", *(f"column {column}" for column in range(11))], "Twelve states"),
        code(stream("x" * 300 + "\n")),
    )


@pytest.fixture(scope="module")
def page():
    return Page(export(*everything()))


def test_head(page):
    assert page.all("html") == [{"lang": "fr"}]
    metas = {meta.get("name") or meta.get("http-equiv"): meta.get("content") for meta in page.all("meta")}
    assert metas["description"] == "A & B"
    assert metas["author"] == "Ama"
    assert metas["Content-Security-Policy"].startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "Between <two> ports" in page.text
    assert len(page.all("dl")) == len(page.all("dt")) == 1
    assert "Tilt <a>−0,27 no interval" in page.text


def test_nothing_is_loaded(page):
    assert not {"script", "link", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in page.elements}
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")]
        if "src" in attributes:
            assert tag == "img"
            assert attributes["src"].startswith("data:image/")
        if "href" in attributes:
            assert tag == "a"
            assert re.match(r"https?://|#", attributes["href"])


def test_figures_have_their_alternative_texts_and_pictures(page):
    images = page.all("img")
    assert [image["alt"] for image in images] == ['First "alt" <b>', "A white square."]
    assert base64.b64decode(images[0]["src"].removeprefix("data:image/svg+xml;base64,")).decode() == SVG
    assert images[1]["src"].startswith("data:image/png;base64,")
    assert len(page.all("figcaption")) == 2
    assert "Figure 1 It rises." in page.text


def test_tables_are_named_and_can_be_reached(page):
    regions = [region for region in page.all("div") if region.get("role") == "region"]
    captions = [span["id"] for span in page.all("span") if span.get("id", "").endswith("-caption")]
    assert [region["aria-labelledby"] for region in regions] == captions
    assert all(region["tabindex"] == "0" for region in regions)
    assert [head["scope"] for head in page.all("th")] == ["col"] * (3 + 12)
    assert "Tableau 1 Three visits" in page.text
    assert "11.10" in page.text


def test_headings_notes_and_formulas(page):
    identifiers = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert len(identifiers) == len(set(identifiers))
    assert {"section-what", "section-what-2", "fn1", "notes"} <= set(identifiers)
    targets = [a["href"][1:] for a in page.all("a") if a["href"].startswith("#")]
    assert set(targets) <= set(identifiers)
    assert len(page.all("h1")) == 1
    assert len(page.all("math")) == 2
    assert "The note itself." in page.text
    assert "Situation au 31 octobre 2025" in page.text


def test_hostile_text_is_shown_as_text():
    source = export(
        title(HOSTILE, HOSTILE, author=HOSTILE),
        markdown("## " + escape_markdown(HOSTILE)),
        code(show_text([escape_markdown(HOSTILE)])),
        figure(caption=HOSTILE, alt=HOSTILE),
        table([[HOSTILE, Link("bad", "javascript:alert(1)")]], [HOSTILE, "b"], HOSTILE),
        code(stream(HOSTILE)),
    )
    page = Page(source)
    assert not page.all("script")
    assert [image["alt"] for image in page.all("img")] == [HOSTILE]
    # Title twice, subtitle, author, contents, heading, paragraph, two captions, head, cell, output.
    assert page.text.count(HOSTILE) == 12
    assert "javascript:alert" not in source


def test_raw_markdown_cannot_load_or_run():
    page = Page(
        export(markdown('<script src="https://x.y/z.js"></script> <img src="https://x.y/z.png"> ![a](https://x.y)'))
    )
    assert not page.all("script")
    assert not page.all("img")
    assert '<img src="https://x.y/z.png">' in page.text


def test_same_notebook_gives_same_page():
    assert export(*everything()) == export(*everything())


def test_nbconvert_finds_the_exporter_by_name(tmp_path):
    path = tmp_path / "plain.ipynb"
    path.write_text(json.dumps(notebook(markdown("Text."))))
    command = [sys.executable, "-m", "nbconvert", "--to", "analysis.reporting.html.TightropeHTMLExporter", str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert "<title>plain</title>" in (tmp_path / "plain.html").read_text()


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
@pytest.mark.parametrize("width", [390, 1400])
def test_in_a_browser_nothing_is_requested_and_nothing_overflows(tmp_path, width):
    from playwright.sync_api import sync_playwright

    path = tmp_path / "briefing.html"
    path.write_text(export(*everything()))
    requests, complaints = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": width, "height": 844})
        view.on("request", lambda request: requests.append(request.url))
        view.on("console", lambda message: complaints.append(message.text))
        view.goto(path.as_uri())
        page_width = view.evaluate("document.documentElement.scrollWidth")
        background = view.evaluate("getComputedStyle(document.body).backgroundColor")
        drawn = view.evaluate("[...document.images].map(image => image.naturalWidth > 0)")
        browser.close()
    assert [url for url in requests if not url.startswith("data:")] == [path.as_uri()]
    assert complaints == []
    assert page_width == width
    assert background == "rgb(253, 253, 252)"  # the style sheet passed the page's own security policy
    assert drawn == [True, True]
