"""The HTML page, parsed and opened in a browser: one file that loads nothing and fits every screen."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import quote, unquote, unquote_to_bytes

import pandas as pd
import pytest
from browser import CHROMIUM, needs_browser, open_page
from notebook_factory import SVG, code, display, figure, markdown, notebook, png, stream, table, title

from analysis.exhibit import Fact, Link, escape_markdown, show_table, show_text
from analysis.reporting import html
from analysis.reporting.blocks import FigureBlock
from analysis.reporting.html import TightropeHTMLExporter

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
        if not {"style", "script"} & {*self.within}:
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


def test_a_drawing_is_an_address_as_the_standard_library_quotes_it():
    data = bytes(range(256)) + "<svg>100 %25 %é</svg>".encode() + b"%%%"
    address = html._data_address(FigureBlock(1, "a", "", "a", "image/svg+xml", data))
    assert unquote_to_bytes(address.partition(",")[2]) == data
    assert address.partition(",")[2] == quote(data, safe=" !$()*+,/:;=?@[]^_`{|}~-.")


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
    assert page.all("script") == [{}]
    assert not {"link", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in page.elements}
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
    assert unquote(images[0]["src"].removeprefix("data:image/svg+xml;charset=utf-8,")) == SVG
    assert images[1]["src"].startswith("data:image/png;base64,")
    assert len(page.all("figcaption")) == 2
    assert "Figure 1 It rises." in page.text


def test_tables_are_named_and_can_be_reached(page):
    regions = [region for region in page.all("div") if region.get("role") == "region"]
    captions = [attributes["id"] for _, attributes in page.elements if attributes.get("id", "").endswith("-caption")]
    named = [region["aria-labelledby"] for region in regions]
    assert named == ["figure-1-caption", "table-1-caption", "table-2-caption"]
    assert set(named) <= set(captions)
    assert all(region["tabindex"] == "0" for region in regions)
    assert [head["scope"] for head in page.all("th")] == ["col"] * (3 + 12)
    assert "Tableau 1 Three visits" in page.text
    assert "11.10" in page.text


def test_days_and_identifiers_are_not_broken_at_their_hyphens():
    source = export(title(), table([["C1a-04 and <b> of 2022-01-31, in the mid-1990s, a coup-maker"]], ["a"]))
    assert re.findall(r'<span class="whole">(.*?)</span>', source) == ["C1a-04", "2022-01-31"]
    assert "&lt;b&gt; of" in source


def test_a_verb_is_not_broken_from_its_pronoun():
    source = export(title(), markdown("## Où penche-t-il, et depuis quand est-ce ainsi ?\n\nUn porte-avions."))
    # In the contents and in the heading, and not within an address.
    assert re.findall(r'<span class="whole">(.*?)</span>', source)[-2:] == ["penche-t-il", "est-ce"]
    assert 'id="section-où-penche-t-il' in source


def test_columns_get_room_by_their_longest_cell():
    source = export(title(), table([["x" * size for size in (16, 17, 41, 161)], ["y"] * 4], list("abcd")))
    classes = re.findall(r'<td class="([^"]*)">x', source)
    assert [one.split()[-1] for one in classes] == ["short", "middle", "long", "vast"]
    assert "long" in classes[-1].split()


def test_signs_that_touch_a_formula_are_not_parted_from_it():
    source = export(title(), markdown("Effect ($-1$, $a$ and $b$), so.[^n]\n\n$$c$$\n\n[^n]: It is $d$."))
    whole = re.findall(r'<span class="whole">(.*?)</span>', source)
    assert [re.sub(r"<annotation.*?</annotation>|<.*?>", "", text) for text in whole] == ["(−1,", "a", "b),", "d."]


def test_headings_notes_and_formulas(page):
    identifiers = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert len(identifiers) == len(set(identifiers))
    assert {"section-what", "section-what-2", "fn1", "notes"} <= set(identifiers)
    assert all(formula["tabindex"] == "0" for formula in page.all("math") if formula["display"] == "block")
    targets = [a["href"][1:] for a in page.all("a") if a["href"].startswith("#")]
    assert set(targets) <= set(identifiers)
    assert len(page.all("h1")) == 1
    assert len(page.all("math")) == 2
    assert "The note itself." in page.text
    assert "Situation au 31 octobre 2025" in page.text


def test_numbers_lead_to_where_they_come_from():
    facts = [Fact("Events", "3", "", "events"), Fact("Depth", "8.9", "", "no such exhibit")]
    events = pd.DataFrame({"No.": ["1"], "Sources": ["2, 1, 7"]})
    sources = pd.DataFrame({"No.": ["1", "2"], "Page": ["a", "b 1"]})
    page = Page(
        export(
            title(),
            code(show_text(["It is so."], facts=facts)),
            code(show_table(events, "events", caption="c", refers={"Sources": "sources"})),
            code(show_table(sources, "sources", caption="c")),
        )
    )
    assert [a["href"] for a in page.all("a")] == ["#text", "#table-1", "#sources-2", "#sources-1"]
    assert [row.get("id") for row in page.all("tr")] == [None, None, None, "sources-1", "sources-2"]
    assert "2, 1, 7" in page.text
    assert "8.9" in page.text


def test_a_number_without_a_row_of_its_own_leads_nowhere():
    twice = pd.DataFrame({"No.": ["1", "1"], "Page": ["a", "b"]})
    events = pd.DataFrame({"Sources": ["1"], "Others": ["1"]})
    shown = [
        code(show_table(events, "events", caption="c", refers={"Sources": "sources", "Others": "missing"})),
        code(show_table(twice, "sources", caption="c")),
    ]
    page = Page(export(title(), *shown))
    assert [a["href"] for a in page.all("a")] == ["#text"]
    assert not [row for row in page.all("tr") if row]


def test_a_style_attribute_is_allowed_only_where_there_is_one(page):
    def policy(page):
        (meta,) = [meta for meta in page.all("meta") if meta.get("http-equiv")]
        return meta["content"]

    assert "unsafe-inline" not in policy(page)
    aligned = Page(export(markdown("$$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$$")))
    assert any("style" in attributes for _, attributes in aligned.elements)
    assert "style-src-attr 'unsafe-inline'" in policy(aligned)


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
    assert page.all("script") == [{}]
    assert source.count("<script") == 1
    assert [image["alt"] for image in page.all("img")] == [HOSTILE]
    # Title twice, subtitle, author, contents twice, heading, paragraph, two captions, head, cell, output.
    assert page.text.count(HOSTILE) == 13
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
@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1400])
def test_in_a_browser_nothing_is_requested_and_nothing_overflows(tmp_path, width, scheme):
    path = tmp_path / "briefing.html"
    path.write_text(export(*everything()), encoding="utf-8")
    seen = open_page(path, width, scheme)
    assert seen.requests == [path.as_uri()]
    assert seen.complaints == []
    assert seen.violations == []
    assert seen.width == width
    # The style sheet passed the page's own security policy.
    assert seen.background == ("rgb(253, 253, 252)" if scheme == "light" else "rgb(20, 24, 29)")
    assert seen.are_pictures_drawn == [True, True]


@pytest.mark.slow
@needs_browser
def test_eight_columns_of_intervals_stand_beside_the_contents(tmp_path):
    from playwright.sync_api import sync_playwright

    columns = ["State", "Tilt of events", "Events", "Points a year", "Mean tilt of ties", "Kinds", "Votes with France"]
    row = ["Burkina Faso", "+0.47 (+0.0003 to +0.84)", 37, 8.9, "+0.67 (+0.33 to +1.00)", 3, "1.00 over 3"]
    cells = table([[*row, "0.33 over 3"]] * 11, [*columns, "Votes with Russia"])
    path = tmp_path / "briefing.html"
    path.write_text(export(title("A region", "B"), *map(markdown, ["## One", "## Two"]), cells), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": 1200, "height": 844})
        view.goto(path.as_uri())
        wide, room = view.evaluate(
            "(({scrollWidth, clientWidth}) => [scrollWidth, clientWidth])(document.querySelector('.scroll'))"
        )
        browser.close()
    assert room > 700
    assert wide <= room


LOOK = """() => ({
    regions: [...document.querySelectorAll('.scroll, .card.broad')].map(region => [
        region.scrollWidth > region.clientWidth + 1,
        region.querySelector('.hint').checkVisibility(),
        region.querySelector('.hint').getBoundingClientRect().right <= innerWidth,
    ]),
    drawn: document.querySelector('.card.broad img').getBoundingClientRect().width,
    contents: [...document.querySelectorAll('nav')].map(nav => nav.checkVisibility()),
    entries: document.querySelector('details li').checkVisibility(),
    sticks: getComputedStyle(document.querySelector('.contents')).position,
})"""


@pytest.mark.slow
@needs_browser
@pytest.mark.parametrize("width", [390, 1400])
def test_what_is_wider_than_the_screen_says_so_and_contents_fold(tmp_path, width):
    from playwright.sync_api import sync_playwright

    path = tmp_path / "briefing.html"
    path.write_text(export(*everything()), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": width, "height": 844})
        view.goto(path.as_uri())
        seen = view.evaluate(LOOK)
        if width == 390:
            view.focus("summary")
            view.keyboard.press("Enter")
        opened = view.evaluate(LOOK)["entries"]
        browser.close()
    assert len(seen["regions"]) == 3
    assert all(overflows == is_said and is_inside for overflows, is_said, is_inside in seen["regions"])
    assert seen["drawn"] >= 640
    assert seen["contents"] == ([False, True] if width == 390 else [True, False])
    assert not seen["entries"]
    assert opened == (width == 390)
    assert seen["sticks"] == "sticky" or width == 390
    if width == 390:
        assert [overflows for overflows, *_ in seen["regions"]] == [True, False, True]
