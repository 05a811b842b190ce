"""The briefings as everyone reads them: axe in both schemes, headings and tables, words in figures, size, white paper."""

import json
import re

import pypdfium2
import pytest
from browser import find_violations, needs_browser, open_page, opened_view
from test_figures_style import contrast_on_white
from test_reporting_html import Page
from test_reporting_paging import white_shares

from analysis.reporting.brief import make_briefing
from analysis.reporting.document import clean_text
from analysis.reporting.entries import choose_briefing

LARGEST = 2_000_000  # bytes
BRIEFINGS = [("togo", "en"), ("togo", "fr"), ("region", "en"), ("claims", "en")]
# A text that matplotlib draws as paths, with the fill of its letters.
DRAWN = re.compile(r'<g id="text_\d+">\s*<!-- (.*?) -->\s*<g(?: style="([^"]*)")?', re.DOTALL)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=BRIEFINGS, ids=["-".join(one) for one in BRIEFINGS])
def folder(built, tmp_path_factory, request):
    name, language = request.param
    chosen = choose_briefing(name, {"language": language})
    return make_briefing(chosen, reports=tmp_path_factory.mktemp("reports"), data=built)


@pytest.fixture(scope="module")
def source(folder):
    return (folder / "briefing.html").read_text(encoding="utf-8")


@needs_browser
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1400, "light"), (390, "light"), (1400, "dark")])
def test_axe_finds_nothing(folder, width, scheme):
    page = folder / "briefing.html"
    seen = open_page(page, width, scheme)
    assert seen.violations == []
    assert seen.complaints == []
    assert seen.requests == [page.as_uri()]
    assert seen.width == width
    assert all(seen.are_pictures_drawn)


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_table_sorts_and_axe_finds_nothing_then(folder, scheme):
    page = folder / "briefing.html"
    rows = "[...document.querySelectorAll('tbody tr')].map(row => row.innerText)"
    with opened_view(page, color_scheme=scheme) as (view, requests, complaints):
        before = view.evaluate(rows)
        buttons = view.locator("thead tr th:nth-child(2) button").all()
        assert len(buttons) > 1
        for button in buttons:
            button.click()
        assert view.locator("th[aria-sort=ascending]").count() == len(buttons)
        assert view.evaluate(rows) != before
        assert find_violations(view) == []
        for button in buttons:
            button.click()
            button.click()
        assert view.evaluate(rows) == before
        assert requests == [page.as_uri()]
        assert complaints == []


def test_the_head_holds_the_key_numbers_on_page_and_paper(folder, source):
    facts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["facts"]
    assert 3 <= len(facts) <= 5
    assert all(label and re.search(r"\d", value) and note for label, value, note in facts)
    page = Page(source)
    assert len(page.all("dt")) == len(facts)
    head = source[source.index("<dl") : source.index("</dl>")]
    assert head.count("<a ") == len(facts)  # each leads to the figure or table that it comes from
    with pypdfium2.PdfDocument(folder / "briefing.pdf") as paper:
        first = squeeze(paper[0].get_textpage().get_text_range())
    for part in (clean_text(part) for fact in facts for part in fact):
        assert part in page.text
        assert squeeze(part) in first


def elided(text, apostrophe):
    """Words that an apostrophe joins."""
    return re.findall(rf"[^\W\d_]+{apostrophe}[^\W\d_]+", text)


def test_apostrophes_are_those_of_the_language(folder, source):
    page = Page(source)
    manifest = (folder / "manifest.json").read_text(encoding="utf-8")
    manifest = re.sub('"citation": "[^"]*"', "", manifest)  # is that of the data, whatever the language
    drawn = "\n".join(path.read_text(encoding="utf-8") for path in sorted((folder / "figures").glob("*.svg")))
    texts = [page.text, *(image["alt"] for image in page.all("img")), manifest, *re.findall("<!-- (.*?) -->", drawn)]
    own, other = ("’", "'") if page.all("html")[0]["lang"] == "fr" else ("'", "’")
    assert [found for text in texts for found in elided(text, other)] == []
    assert sum(len(elided(text, own)) for text in texts) > 0


def squeeze(text):
    return re.sub(r"[\s\u00ad\u200b\ufffe\u2010\x02-]+", "", text)


def skipped_levels(levels):
    """Levels of headings that do not follow from the one before; the first must be the only one of level one."""
    wrong = [level for before, level in zip([0, *levels], levels, strict=False) if level > before + 1]
    return wrong + [1] * (levels.count(1) - 1)


def test_headings_are_in_order(source):
    levels = [int(tag[1]) for tag, _ in Page(source).elements if re.fullmatch("h[1-6]", tag)]
    assert len(levels) > 5
    assert skipped_levels(levels) == []
    assert skipped_levels([1, 3, 2, 1]) == [3, 1]


def test_every_table_has_a_caption_and_scopes(source):
    page = Page(source)
    assert len(page.all("table")) == len(page.all("caption")) > 0
    assert all(head.get("scope") == "col" for head in page.all("th"))
    assert page.all("th")


def test_every_picture_says_more_than_its_name(source):
    alts = [image["alt"] for image in Page(source).all("img")]
    assert all(len(alt) > 40 and re.search(r"\d", alt) for alt in alts)
    assert len(set(alts)) == len(alts)


def test_the_page_is_one_file_of_less_than_two_megabytes(source):
    assert len(source.encode()) < LARGEST


def pale_words(svg):
    """Texts of a drawing that are too pale on its white paper; white ones stand on a dark mark."""
    found = []
    for text, style in DRAWN.findall(svg):
        fill = re.search(r"fill: (#[0-9a-f]{6})", style)
        if fill and fill[1] != "#ffffff" and contrast_on_white(fill[1]) < 4.5:
            found.append((text, fill[1]))
    return found


def test_words_in_figures_can_be_read(folder):
    drawings = sorted((folder / "figures").glob("*.svg"))
    svgs = {path.name: path.read_text(encoding="utf-8") for path in drawings}
    assert {name: pale for name, svg in svgs.items() if (pale := pale_words(svg))} == {}
    assert all(DRAWN.search(svg) for svg in svgs.values())
    assert pale_words(next(iter(svgs.values())).replace("#222222", "#d55e00"))


def test_little_paper_is_left_white(folder):
    shares = white_shares((folder / "briefing.pdf").read_bytes())
    assert sum(shares) / len(shares) < 0.15
    assert max(shares) < 0.45
