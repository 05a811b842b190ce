"""Tables sorted in a browser: what by, with mouse and keyboard, what is announced, and that no other script may run."""

import re
from datetime import date

import pandas as pd
import pypdfium2
import pytest
from browser import find_violations, needs_browser, opened_view
from notebook_factory import code, display, notebook, table, title

from analysis.exhibit import show_table
from analysis.language import LANGUAGES, speaking
from analysis.language.numbers import format_digits
from analysis.reporting.blocks import Cell, TableBlock
from analysis.reporting.html import TightropeHTMLExporter
from analysis.reporting.pages import TEMPLATES
from analysis.reporting.sort_keys import find_sort_keys
from analysis.wording import format_day, format_month, format_percent, format_period

NARROW = "\N{NARROW NO-BREAK SPACE}"
ROWS = [
    ["Mali", "−0.50 (−0.60 to −0.40)", "Nov 2024", "1,200", "RFI"],
    ["Bénin", "not known", "2 Nov 2024", "35", "Le Monde"],
    ["Togo", "+0.10 (no range)", "2023", "9", "RFI"],
    ["Ghana", "−1.00 (−1.00 to −1.00)", "30 Mar 2023 to 2 Apr 2023", "120", "élan"],
]
HEADS = ["State", "Tilt", "When", "Events", "Outlet"]
FRENCH = [
    ["Mali", "−0,50 (de −0,60 à −0,40)", "nov. 2024", f"1{NARROW}200", "RFI"],
    ["Bénin", "non connu", "2 nov. 2024", "35", "Le Monde"],
    ["Togo", "+0,10 (sans étendue)", "2023", "9", "RFI"],
    ["Ghana", "−1,00 (de −1,00 à −1,00)", "du 30 mars 2023 au 2 avr. 2023", "120", "élan"],
]
TOTALS = (
    "<table><thead><tr><th></th><th>n</th></tr></thead>"
    "<tbody><tr><td>a</td><td>2</td></tr><tr><td>b</td><td>1</td></tr><tr><td>c</td><td>3</td></tr></tbody>"
    "<tfoot><tr><td>all</td><td>6</td></tr></tfoot></table>"
)
ORDERS = {
    "State": ("Bénin", "Ghana", "Mali", "Togo"),
    "Tilt": ("Ghana", "Mali", "Togo", "Bénin"),
    "When": ("Togo", "Ghana", "Mali", "Bénin"),
    "Events": ("Togo", "Bénin", "Ghana", "Mali"),
    "Outlet": ("Ghana", "Bénin", "Mali", "Togo"),
}


def keys(texts, language="en"):
    return find_sort_keys(
        TableBlock(1, "t", "", ("a",), tuple((Cell(text),) for text in texts), ("left",)), language
    )[0]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", [0.0, -0.27, 1234567.891, -1234.5, 999.0, 12345.0])
def test_numbers_are_read_as_they_are_written(language, value):
    with speaking(language):
        texts = [format_digits(value, 3, signed=True), format_digits(value, 3)]
    assert [float(key) for key in keys(texts, language)] == [round(value, 3)] * 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("month", range(1, 13))
def test_days_are_read_as_they_are_written(language, month):
    day, last = pd.Timestamp(2024, month, 1), pd.Timestamp(2024, month, 29)
    with speaking(language):
        texts = [format_day(day), format_month(day), format_period(day, day, "day"), format_period(day, last, "month"),
                 format_period(day, last, "week"), f"{day:%Y-%m-%d}", f"{day:%Y-%m}", "2024"]  # fmt: skip
    whole, part = f"2024{month:02d}01", f"2024{month:02d}00"
    assert keys(texts, language) == [whole, part, whole, part, whole, whole, part, "20240000"]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ([format_percent(0.38), format_percent(-0.02), format_percent(0.001), ""], ["38", "-2", "1", ""]),
        (["≥\N{NO-BREAK SPACE}12", "3, 14", "7 of 9", "0.5¹"], ["12", "3", "7", "0.5"]),
        (["2021", "1850", "1234"], ["2021", "1850", "1234"]),
        (["2021", "2019-03", "undated"], ["20210000", "20190300", ""]),
        (["A1", "12"], None),
        (["3f0c2", "77a01"], None),
        (["1-2", "3"], None),
        (["3 soldiers were killed", "A visit", "Talks"], None),
        (["France 24", "7"], None),
        (["not known", "none"], None),
        (["", ""], None),
        ([], None),
    ],
)
def test_a_column_is_of_numbers_or_days_only_if_all_its_cells_are(texts, found):
    assert keys(texts) == found


def test_a_language_that_nobody_speaks_is_read_as_english():
    assert keys(["1,200.5"], "xx") == ["1200.5"]
    assert keys(["3 November 2024"], "en-GB") == [f"{date(2024, 11, 3):%Y%m%d}"]


def export(*cells, **about):
    return TightropeHTMLExporter().from_notebook_node(notebook(title(**about), *cells))[0]


@pytest.fixture
def page(tmp_path):
    """Write a page of these cells to a file."""

    def write(*cells, **about):
        path = tmp_path / "page.html"
        path.write_text(export(*(cells or [table(ROWS, HEADS)]), **about), encoding="utf-8")
        return path

    return write


def test_the_policy_allows_the_script_of_the_page_alone(page):
    source = page().read_text(encoding="utf-8")
    (policy,) = re.findall('Security-Policy" content="([^"]*)"', source)
    assert re.search(r"; script-src 'sha256-[A-Za-z0-9+/]{43}=';", policy)
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none';")
    (script,) = re.findall("<script>(.*?)</script>", source, re.DOTALL)
    assert script == "\n" + (TEMPLATES / "sort.js").read_text(encoding="utf-8")
    bare = export(code(display(text__html="<table><tr><td>1</td></tr><tr><td>2</td></tr></table>")))
    assert "<script" not in bare
    assert "script-src" not in bare
    assert "data-sort" not in bare


def firsts(view, column=0):
    return tuple(view.locator(f"tbody tr td:nth-child({column + 1})").all_inner_texts())


def states_of(view):
    return [head.get_attribute("aria-sort") for head in view.locator("thead th").all()]


@pytest.mark.slow
@needs_browser
@pytest.mark.parametrize("rows", [ROWS, FRENCH], ids=["en", "fr"])
def test_clicks_sort_up_down_and_back(page, rows):
    document = tuple(row[0] for row in rows)
    with opened_view(page(table(rows, HEADS), language="en" if rows is ROWS else "fr")) as (view, requests, complaints):
        for number, (head, order) in enumerate(ORDERS.items()):
            button = view.get_by_role("button", name=head, exact=True)
            button.click()
            assert firsts(view) == order
            assert states_of(view) == [("ascending" if one == number else None) for one in range(len(HEADS))]
            button.click()
            # What is missing stays last, and rows that do not differ keep their order.
            falling = {"Tilt": ("Togo", "Mali", "Ghana", "Bénin"), "Outlet": ("Mali", "Togo", "Bénin", "Ghana")}
            assert firsts(view) == falling.get(head, order[::-1])
            assert states_of(view)[number] == "descending"
            button.click()
            assert firsts(view) == document
            assert states_of(view) == [None] * len(HEADS)
        view.get_by_role("button", name="Events", exact=True).click()
        view.get_by_role("button", name="Outlet", exact=True).click()
        assert firsts(view) == ORDERS["Outlet"]
        assert states_of(view) == [None] * 4 + ["ascending"]
        assert len(requests) == 1
        assert complaints == []


@pytest.mark.slow
@needs_browser
@pytest.mark.parametrize(
    ("language", "sort", "said"),
    [
        ("en", "Sort the rows by this column", ["Sorted by Events, rising", "Sorted by Events, falling",
                                               "In the order of the document"]),
        ("fr", "Trier les lignes selon cette colonne", ["Trié selon la colonne Events, ordre croissant",
         "Trié selon la colonne Events, ordre décroissant", "Dans l’ordre du document"]),
    ],
)  # fmt: skip
def test_the_keyboard_sorts_with_a_visible_focus_and_the_state_is_announced(page, language, sort, said):
    with opened_view(page(language=language)) as (view, _, _):
        status = view.get_by_role("status")
        assert status.inner_text() == ""
        view.locator(".scroll").focus()
        for _ in range(4):
            view.keyboard.press("Tab")
        focused = view.locator("button:focus")
        assert focused.inner_text() == "Events"
        assert focused.get_attribute("title") == sort
        assert focused.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
        heard = []
        for key in ("Enter", "Space", "Enter"):
            view.keyboard.press(key)
            heard.append(status.inner_text())
        assert heard == said
        assert view.locator("button:focus").inner_text() == "Events"


@pytest.mark.slow
@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1400])
def test_a_sorted_page_is_accessible_and_fits(page, scheme, width):
    with opened_view(page(), color_scheme=scheme, viewport={"width": width, "height": 844}) as (view, *_):
        view.get_by_role("button", name="When", exact=True).click()
        assert states_of(view)[2] == "ascending"
        assert find_violations(view) == []
        assert view.evaluate("document.documentElement.scrollWidth") == width
        sizes = view.evaluate("[...document.querySelectorAll('th button')].map(one => one.offsetHeight)")
        assert min(sizes) >= 24


@pytest.mark.slow
@needs_browser
def test_cells_left_empty_for_those_above_are_filled_while_a_table_is_sorted(page):
    rows = [["Where?", "Lomé", "3", "x"], ["", "", "1", ""], ["", "Kara", "2", "y"], ["How?", "", "5", "z"]]
    with opened_view(page(table(rows, ["Question", "Place", "Pages", "Mark"]))) as (view, *_):
        pages = view.get_by_role("button", name="Pages", exact=True)
        pages.click()
        assert firsts(view) == ("Where?", "Where?", "Where?", "How?")
        assert firsts(view, 1) == ("Lomé", "Kara", "Lomé", "")
        assert firsts(view, 3) == ("", "y", "x", "z")
        view.get_by_role("button", name="Question", exact=True).click()
        assert firsts(view, 2) == ("5", "3", "1", "2")
        pages.click()
        pages.click()
        pages.click()
        assert firsts(view) == ("Where?", "", "", "How?")
        assert firsts(view, 1) == ("Lomé", "", "Kara", "")


@pytest.mark.slow
@needs_browser
def test_totals_stay_and_a_column_without_a_name_has_no_button(page):
    with opened_view(page(code(display(text__html=TOTALS)))) as (view, *_):
        (button,) = view.locator("thead button").all()
        button.click()
        assert firsts(view) == ("b", "a", "c")
        assert view.locator("tfoot td").all_inner_texts() == ["all", "6"]
        assert view.locator("table").inner_text().split()[-2:] == ["all", "6"]


@pytest.mark.slow
@needs_browser
def test_rows_that_others_lead_to_are_found_after_sorting(page):
    events = pd.DataFrame({"No.": ["1"], "Sources": ["2"]})
    sources = pd.DataFrame({"No.": ["1", "2"], "Page": ["b", "a"]})
    shown = [
        code(show_table(events, "events", caption="c", refers={"Sources": "sources"})),
        code(show_table(sources, "sources", caption="c")),
    ]
    with opened_view(page(*shown)) as (view, *_):
        assert view.get_by_role("button").all_inner_texts() == ["No.", "Page"]  # one row needs no order
        view.get_by_role("button", name="Page", exact=True).click()
        view.get_by_role("link", name="2", exact=True).click()
        assert view.locator("tr:target").inner_text().split() == ["2", "a"]


@pytest.mark.slow
@needs_browser
def test_an_altered_script_is_not_run_and_all_can_be_read(page):
    path = page()
    source = path.read_text(encoding="utf-8")
    path.write_text(source.replace('"ascending"],', '"ascending" ],', 1), encoding="utf-8")
    with opened_view(path) as (view, requests, complaints):
        assert view.locator("button").count() == 0
        assert len(complaints) == 1
        assert "Content Security Policy" in complaints[0]
        assert len(requests) == 1
        assert firsts(view) == tuple(row[0] for row in ROWS)


@pytest.mark.slow
@needs_browser
def test_without_scripts_the_page_is_complete_and_has_no_dead_button(page):
    with opened_view(page(), java_script_enabled=False) as (view, _, complaints):
        assert view.locator("button, [aria-sort], [role=status]").count() == 0
        assert view.locator("table").inner_text().count("\n") == 1 + len(ROWS)
        assert view.locator("thead th").all_inner_texts() == HEADS
        assert complaints == []


@pytest.mark.slow
@needs_browser
def test_on_paper_headings_are_words_alone(page):
    after = "getComputedStyle(document.querySelector('th button'), '::after').content"
    with opened_view(page()) as (view, *_):
        assert "▴" in view.evaluate(after)
        view.emulate_media(media="print")
        assert view.evaluate(after) == "none"
        assert view.locator("thead th").all_inner_texts() == HEADS
        assert not view.get_by_role("status").is_visible()


@pytest.mark.slow
@needs_browser
def test_on_paper_a_table_has_its_headings_on_every_page(page):
    long = table([[str(row), "text"] for row in range(150)], ["Heading", "Other"])
    with opened_view(page(long)) as (view, *_):
        printed = [one.get_textpage().get_text_bounded() for one in pypdfium2.PdfDocument(view.pdf())]
    assert len(printed) > 2
    assert all("Heading" in text for text in printed)
