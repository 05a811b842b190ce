"""Every hostile text in every place of a page: shown as text in HTML and PDF, obeyed by neither."""

import re
from datetime import UTC, datetime
from urllib.parse import unquote

import pandas as pd
import pytest
from browser import needs_browser
from harmless import (
    Page,
    find_formulas,
    find_harm_in_page,
    find_harm_in_pdf,
    find_orders,
    find_secret,
    fold,
    squeeze,
    text_of_pdf,
    watch_pages,
)
from hostile_strings import hostile_strings
from notebook_factory import code, figure, markdown, notebook, stream, table, title

from analysis.exhibit import Fact, Link, escape_markdown, link_markdown, show_table, show_text
from analysis.plain_text import spell_out
from analysis.reporting import pandoc, pdf
from analysis.reporting.blocks import Document, Prose
from analysis.reporting.document import ExportError, clean_text, read_document
from analysis.reporting.failure import FailedCell, render_failure
from analysis.reporting.html import render_html
from analysis.reporting.index import Entry, render_index
from analysis.reporting.pdf import render_pdf

GIVEN = hostile_strings()
STRINGS = {trick: spell_out(text) for trick, text in GIVEN.items()}
"""As every reader hands them on."""

# What no font of the page draws comes back from a PDF as another sign, or in another order.
UNREADABLE = {"many marks", "no characters", "look-alikes", "wide blanks"}


def create_cells(tricks, strings=STRINGS):
    """A cell for each place of a document, with these texts in it."""
    texts, place = [strings[trick] for trick in tricks], escape_markdown
    frame = pd.DataFrame({"trick": list(tricks), "text": texts, "link": [Link(text, text) for text in texts]})
    headed = pd.DataFrame([texts[:8]], columns=texts[:8])
    return [
        title(texts[0], texts[1], author=texts[2]),
        *(markdown("## " + place(text)) for text in texts),
        code(show_text([place(text) for text in texts], facts=[Fact(text[:40], text[:40], "") for text in texts[:3]])),
        code(show_text([place(text) for text in texts], as_list=True)),
        code(show_text([link_markdown(text, text) for text in texts])),
        code(show_text([link_markdown(text, "https://example.org/") for text in texts])),
        *(figure(f"f{number}", caption=text, alt=text) for number, text in enumerate(texts)),
        code(show_table(frame, "texts", caption=texts[3])),
        code(show_table(headed, "heads", caption=texts[4])),
        code(*(stream(text + "\n") for text in texts)),
    ]


SHORT = [trick for trick, text in STRINGS.items() if len(text) < 1000]


@pytest.fixture(scope="module")
def document():
    return read_document(notebook(*create_cells(SHORT)))


@pytest.fixture(scope="module")
def page(document):
    return render_html(document)


@pytest.fixture(scope="module")
def printed(document):
    return render_pdf(document)


def test_a_page_holds_nothing_that_could_run(page):
    assert find_harm_in_page(page) == []
    assert not find_secret(page)


@pytest.mark.parametrize("trick", SHORT)
def test_a_page_shows_the_text_in_every_place(trick, page):
    shown = Page(page)
    text = fold(clean_text(STRINGS[trick]))
    # Heading, in the contents twice, paragraph, list, two links, caption, two cells of a table, output.
    assert shown.text.count(text) >= 11
    assert text in {fold(attributes.get("alt") or "") for tag, attributes in shown.elements if tag == "img"}


@pytest.mark.parametrize("sign", "\\`*_{}[]()!|~$^&'\ue000\U000f0000")
def test_a_link_in_a_sentence_leads_where_it_says(sign):
    address = f"https://example.org/{sign}a{sign}b{sign * 2}(c{sign}"
    shown = Page(render_html(read_document(notebook(title(), code(show_text([link_markdown("there", address)]))))))
    led = [unquote(attributes["href"]) for tag, attributes in shown.elements if tag == "a" and "href" in attributes]
    assert [place for place in led if not place.startswith("#")] == [address]
    assert "there" in shown.text.split()


def test_whatever_text_a_link_has_it_leads_where_it_says():
    address = "https://example.org/there"
    cells = [code(show_text([link_markdown(STRINGS[trick], address)])) for trick in SHORT]
    shown = Page(render_html(read_document(notebook(title(), *cells))))
    led = [attributes["href"] for tag, attributes in shown.elements if tag == "a" and "href" in attributes]
    led = [place for place in led if not place.startswith("#")]
    assert set(led) == {address}
    assert len(led) > 0.9 * len(SHORT)


def test_a_pdf_holds_no_action_file_or_script(printed):
    assert find_harm_in_pdf(printed) == []


def missing_in(shown):
    return [trick for trick in SHORT if trick not in UNREADABLE and squeeze(clean_text(STRINGS[trick])) not in shown]


def test_a_pdf_shows_the_texts(printed):
    shown = text_of_pdf(printed)
    assert missing_in(shown) == []
    assert not find_secret(shown)


def test_a_pdf_shows_the_texts_as_items_of_a_list():
    items = code(show_text([escape_markdown(STRINGS[trick]) for trick in SHORT], as_list=True))
    shown = text_of_pdf(render_pdf(read_document(notebook(title(), items))))
    assert missing_in(shown) == []
    assert not find_secret(shown)


STARTS = [
    "= {}",
    "== {}",
    "+ {}",
    "/ {}",
    "/ {}: y",
    "- {}",
    "1. {}",
    "12.\N{NO-BREAK SPACE}{}",
    "={}",
    "-{}",
    "+",
    "=",
]


def test_a_sign_that_begins_an_item_a_cell_or_a_note_is_no_markup_of_typst():
    texts = [start.format(f"word{number}") for number, start in enumerate(STARTS)]
    escaped = list(map(escape_markdown, texts))
    prose = [
        *("- " + text for text in escaped), *(f"{number}. {text}" for number, text in enumerate(escaped, start=1)),
        "| a |\n|---|\n" + "\n".join(f"| {text} |" for text in escaped),
        *(f"- [{text}](https://example.org/) **{text}**" for text in escaped),
        *(f"see[^{number}]\n\n[^{number}]: {text}" for number, text in enumerate(escaped)),
    ]  # fmt: skip
    written = "\n".join(pandoc.convert(prose, "typst").pieces)
    for text in texts:
        sign = re.match(r"\d*[=+/.-]", text)[0]
        start = f"{sign[:-1]}\\{sign[-1]}"
        rest = text.removeprefix(sign).replace("\N{NO-BREAK SPACE}", "~")
        assert written.count(f"{start}{rest}") >= 6, text
    items = [code(show_text([text, "z"], as_list=True)) for text in escaped]
    shown = text_of_pdf(render_pdf(read_document(notebook(title(), *items, *map(markdown, prose)))))
    for text in texts:
        assert shown.count(squeeze(text)) >= 7, text


def test_what_no_reader_has_seen_is_spelled_out_or_left_out_as_well():
    # A notebook may show what it has read itself.
    raw = read_document(notebook(*create_cells(SHORT, GIVEN)))
    page = render_html(raw)
    assert find_harm_in_page(page) == []
    assert find_orders(Page(page).text) == []
    assert find_harm_in_pdf(render_pdf(raw)) == []


def test_markdown_that_nobody_escaped_makes_no_script_link_picture_or_include():
    # Prose of a notebook, or a sentence that forgot to: pandoc's output is the second wall.
    raw = read_document(notebook(title(), *(markdown(text) for text in STRINGS.values())))
    page, printed = render_html(raw), render_pdf(raw)
    assert find_harm_in_page(page) == []
    assert find_harm_in_pdf(printed) == []
    assert not find_secret(page, text_of_pdf(printed))


@pytest.fixture(scope="module")
def failed(tmp_path_factory):
    parts = [text for text in STRINGS.values() if len(text) < 1000]
    home = tmp_path_factory.mktemp("failed")
    return render_failure(
        home, parts[0], {text: text for text in parts}, ExportError("\n".join(parts[:20])),
        datetime(2026, 3, 2, 5, 0, tzinfo=UTC), FailedCell(1, "\n".join(parts[20:40]), "\n".join(parts[40:60]), "\n".join(parts[60:])),
    )  # fmt: skip


@pytest.fixture(scope="module")
def listed():
    parts = [text for text in STRINGS.values() if len(text) < 1000]
    return render_index(
        [
            Entry(text, text, "en", "", "", "failed", text, text, False, "", ((text, text, text),), text, text, (), ())
            for text in parts
        ]
    )  # fmt: skip


def test_the_page_of_a_failure_and_the_index_hold_nothing_that_could_run(failed, listed):
    assert find_harm_in_page(failed) == []
    assert find_harm_in_page(listed) == []
    for shown in (Page(failed).text, Page(listed).text):
        assert [trick for trick in SHORT if fold(clean_text(STRINGS[trick]))[:20] not in shown] == []


@pytest.mark.slow
@needs_browser
def test_in_a_browser_nothing_runs_opens_or_asks(page, failed, listed, tmp_path):
    pages = {"briefing.html": page, "failed.html": failed, "index.html": listed}
    for name, source in pages.items():
        (tmp_path / name).write_text(source, encoding="utf-8")
    seen = watch_pages([tmp_path / name for name in pages])
    assert len(seen) == 6
    for name, watched in seen.items():
        assert (watched.requests, watched.dialogs, watched.canary) == ([], [], None), name
        assert watched.complaints == [], name


@pytest.mark.parametrize("trick", STRINGS)
def test_no_cell_of_a_published_table_is_a_formula(trick):
    text = STRINGS[trick]
    frame = pd.DataFrame({text: [text], "a": [text], "b": [f"{text};{text}"]})
    published = show_table(frame, "t", caption="c").data["text/csv"]
    assert find_formulas(published) == []
    assert squeeze(text) in squeeze(published.replace('""', '"').replace("'", "")) or "'" in text


@pytest.mark.parametrize("quotes", ['"', '" '])
@pytest.mark.parametrize("parting", [";", "\t", "\n", "\r\n", ";;", "; \n"])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d"])
def test_a_quote_hides_no_formula_from_who_parts_cells_elsewhere(parting, quotes, sign):
    text = f"x{parting}{quotes}{sign}cmd|'/C calc'!A0;y"
    assert find_formulas(pd.DataFrame({"a": ["b"], text: [text]}).to_csv(index=False)), "there is nothing to guard"
    published = show_table(pd.DataFrame({"a": ["b"], text: [text]}), "t", caption="c").data["text/csv"]
    assert find_formulas(published) == []


def pass_through(pieces, to):
    return pandoc.Converted(list(pieces))


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ('#read("/etc/passwd")', "file not found"),
        ('#read("../../../../../../../../etc/passwd")', "escape the project root"),
        ('#include "/etc/passwd"', "file not found"),
        ('#import "/etc/passwd": *', "file not found"),
    ],
)
def test_were_markup_let_through_typst_would_still_read_no_file(markup, reason, monkeypatch):
    monkeypatch.setattr(pdf, "convert", pass_through)
    with pytest.raises(ExportError, match=reason):
        render_pdf(Document("t", "", "", "en", None, (Prose(f"{markup}\nend"),)))


def test_pandoc_reads_in_a_sandbox(monkeypatch):
    seen = []
    run = pandoc.subprocess.run

    def note(command, **options):
        seen.append(command)
        return run(command, **options)

    monkeypatch.setattr(pandoc.subprocess, "run", note)
    pandoc.convert(["Read in no test before."], "html")
    assert "--sandbox" in seen[0]


class PanicException(BaseException):
    """As Typst's own faults come to Python."""


def test_a_fault_of_typst_itself_is_the_fault_of_one_report(monkeypatch):
    def panic(*_, **__):
        raise PanicException("assertion failed")

    monkeypatch.setattr(pdf, "plan_pages", panic)
    with pytest.raises(ExportError, match="Typst itself broke down: assertion failed"):
        render_pdf(Document("t", "", "", "en", None, (Prose("a"),)))


def test_a_row_as_high_as_pages_is_set_with_all_its_cells():
    rows = [[str(number), "canary " * (1_400 if number == 2 else 9), "+3"] for number in range(5)]
    shown = text_of_pdf(render_pdf(read_document(notebook(table(rows, ["No.", "What happened", "Effect"])))))
    assert shown.count("canary") == 1_400 + 4 * 9
    assert shown.count("+3") == 5
