"""What is read from an executed notebook, exhibits and ordinary outputs alike."""

import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import nbformat.v4 as v4
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from notebook_factory import SVG, code, display, figure, markdown, notebook, png, stream, table, title

from analysis.errors import TightropeError
from analysis.exhibit import Fact, Link, show_text
from analysis.reporting import pandoc
from analysis.reporting.blocks import Cell, FigureBlock, Preformatted, Prose, TableBlock
from analysis.reporting.document import ExportError, read_document
from analysis.reporting.html_tables import read_html_tables
from analysis.reporting.labels import read_labels, write_day
from analysis.reporting.pandoc import HEADING_MARK, convert
from analysis.reporting.table_layout import fit_table, with_breaks
from analysis.wording import split_words


def test_title_exhibit_names_the_document_and_is_no_block():
    document = read_document(notebook(title("A & *B*", "why", language="fr", author="Ama"), markdown("Text.")))
    assert (document.title, document.subtitle, document.author) == ("A & *B*", "why", "Ama")
    assert (document.language, str(document.as_of)) == ("fr", "2025-10-31")
    assert document.blocks == (Prose("Text."),)


def test_blocks_keep_their_order_and_numbers():
    document = read_document(
        notebook(
            figure("one"), table([["a"]], ["x"]), figure("two"), code(show_text(["It is so."])), code(stream("out\n"))
        )
    )
    assert [type(block) for block in document.blocks] == [FigureBlock, TableBlock, FigureBlock, Prose, Preformatted]
    assert [(block.number, block.name) for block in document.blocks[:3]] == [(1, "one"), (1, "table"), (2, "two")]
    assert document.blocks[0].alt == "A rising line."
    assert document.blocks[0].data == SVG.encode()


def test_code_is_hidden_and_warnings_are_dropped():
    document = read_document(notebook(code(stream("careful", name="stderr"), source="secret = 1")))
    assert document.blocks == ()


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ("# Two *ports* \\& a road\n\nText.", "file", "Two ports & a road"),
        ("Text.\n\n# Later #", "file", "Later"),
        ("```\n# a comment\n```", "file", "file"),
        ("#hashtag", "", "Notebook"),
    ],
)
def test_title_without_exhibit(source, name, expected):
    assert read_document(notebook(markdown(source)), name).title == expected


def test_title_heading_is_not_shown_twice():
    document = read_document(notebook(markdown("# Once\n\nText."), markdown("## Twice")))
    assert document.blocks == (Prose("Text."), Prose("## Twice"))


def test_ordinary_metadata_is_read():
    document = read_document(notebook(markdown("Hi"), title="T", authors=[{"name": "A"}, {"name": "B"}], language="fr"))
    assert (document.title, document.author, document.language) == ("T", "A, B", "fr")


@pytest.mark.parametrize("metadata", [{"alt": "A square."}, {"image/png": {"alt": "A square."}}])
def test_plain_picture_with_alt_text(metadata):
    (block,) = read_document(notebook(code(display(metadata, image__png=png())))).blocks
    assert (block.alt, block.caption, block.mime, block.data[1:4]) == ("A square.", "", "image/png", b"PNG")


@pytest.mark.parametrize("output", [display(image__png=png()), display({"alt": "  "}, image__svg_xml=SVG)])
def test_picture_without_alt_text_names_the_cell(output):
    faulty = notebook(markdown("Hi"), code(output, source="\nplot(frame)\nmore()"))
    with pytest.raises(ExportError, match=r"cell 2 \('plot\(frame\)', id cell-001\) has no alt text"):
        read_document(faulty)


def test_exhibit_without_alt_text_names_the_cell():
    faulty = figure("bare")
    faulty.outputs[0].metadata["tightrope"]["alt"] = ""
    with pytest.raises(ExportError, match=r"show_figure\(bare\)"):
        read_document(notebook(faulty))


def test_failed_cell_is_an_error():
    error = v4.new_output("error", ename="KeyError", evalue="'TGO'", traceback=[])
    with pytest.raises(TightropeError, match=r"cell 1 \('load\(\)', id cell-000\) failed: KeyError: 'TGO'"):
        read_document(notebook(code(error, source="load()")))


def test_notebook_never_executed_is_an_error():
    with pytest.raises(ExportError, match="never executed"):
        read_document(notebook(markdown("Hi"), v4.new_code_cell("load()")))


def test_notebook_of_prose_alone_needs_no_execution():
    assert read_document(notebook(markdown("Hi"), v4.new_code_cell(" "))).blocks == (Prose("Hi"),)


@pytest.mark.parametrize("about", [{"language": "français"}, {"as_of": "31/10/2025"}])
def test_language_and_day_are_checked(about):
    with pytest.raises(ExportError, match=r"français|31/10/2025"):
        read_document(notebook(title(**about)))


def test_control_characters_and_colours_are_taken_out():
    (block,) = read_document(notebook(code(stream("\x1b[31mred\x1b[0m\x00 a\tb \ue000")))).blocks
    assert block == Preformatted("red a\tb \ufffd")


def test_pandas_table_with_named_index_has_one_header():
    frame = pd.DataFrame({"n": [1, 2], "state": ["Togo", "Mali"]}, index=pd.Index(["a", "b"], name="key"))
    frame.columns.name = "measure"
    (block,) = read_document(notebook(code(display(text__html=frame._repr_html_())))).blocks
    assert block.header == ("key", "n", "state")
    assert block.rows[1] == (Cell("b"), Cell("2"), Cell("Mali"))
    assert block.align == ("left", "right", "left")


def test_pandas_table_with_levels_can_be_read_row_by_row():
    columns = pd.MultiIndex.from_product([["France", "Russia"], ["words", "deeds"]])
    index = pd.MultiIndex.from_product([["Togo", "Mali"], [2024, 2025]], names=["state", "year"])
    frame = pd.DataFrame([[1, 2, 3, 4]] * 4, index=index, columns=columns)
    (table,), rest = read_html_tables(frame.to_html())
    assert table.header == ["state", "year", "France / words", "France / deeds", "Russia / words", "Russia / deeds"]
    assert [cell for cell, _ in table.rows[1]] == ["Togo", "2025", "1", "2", "3", "4"]
    assert rest == ""


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=8), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    )
)
def test_every_cell_of_a_pandas_table_is_kept(rows):
    frame = pd.DataFrame(rows, columns=["a", "b", "c"], dtype=object)
    (read,), _ = read_html_tables(frame.to_html(index=False))
    # pandas itself writes a cell without the blanks at its ends, no-break ones included.
    expected = [[" ".join(split_words(text.strip())) for text in row] for row in rows]
    assert [[text for text, _ in row] for row in read.rows] == expected


def test_links_stay_only_if_they_lead_to_the_web():
    rows = [[Link("good", "https://example.org/a?b=1&c=2")], [Link("bad", "javascript:alert(1)")]]
    (block,) = read_document(notebook(table(rows, ["source"]))).blocks
    assert block.rows == ((Cell("good", "https://example.org/a?b=1&c=2"),), (Cell("bad"),))
    (plain,), _ = read_html_tables('<table><tr><td><a href="data:text/html,x">x</a></td></tr></table>')
    assert plain.rows == [[("x", None)]]


def test_broken_and_nested_markup_gives_text():
    markup = (
        "<style>td {}</style><table><tr><td>a<td>b<br>c<tr><td colspan=9999999 rowspan=x><table><tr><td>in</table>"
        "<script>bad()</script>side</table>after <p>words"
    )
    (table,), rest = read_html_tables(markup)
    assert [text for text, _ in table.rows[0]][:2] == ["a", "b c"]
    assert table.rows[1][0][0] == "in side"
    assert len(table.rows[1]) == 100
    assert rest == "after words"


def test_prose_cannot_carry_code_or_other_links():
    source = '<script>x()</script>\n\n`#read("a")`{=typst} [a](javascript:b) ![alt](secret.png) <b>c</b> <!-- d -->'
    (page,) = convert([source], "html").pieces
    assert "<script" not in page
    assert "<b>" not in page
    assert "<img" not in page
    assert "href" not in page
    assert "&lt;script&gt;x()&lt;/script&gt;" in page
    assert "alt" in page
    assert "d --" not in page
    (markup,) = convert([source], "typst").pieces
    assert "image" not in markup
    assert "link" not in markup


def test_headings_begin_under_the_title_and_skip_no_level():
    sources = ["# A\n\n#### B\n\n## A", "## A\n\n##### C"]
    html = "\n".join(convert(sources, "html").pieces)
    assert re.findall(r'<h(\d) id="([^"]*)">', html) == [
        ("2", "section-a"), ("3", "section-b"), ("2", "section-a-2"), ("2", "section-a-3"), ("3", "section-c"),
    ]  # fmt: skip
    typst = "\n".join(convert(sources, "typst").pieces)
    assert [line.strip(HEADING_MARK) for line in typst.split("\n") if line.startswith("=")] == [
        "= A", "== B", "= A", "= A", "== C",
    ]  # fmt: skip


def test_notes_of_two_cells_do_not_meet_and_may_stand_elsewhere():
    converted = convert(["One[^1].\n\n[^1]: First.", "Two[^1] three[^far].\n\n[^1]: Second.", "[^far]: Far."], "html")
    assert converted.pieces[2] == ""
    assert [converted.notes.count(word) for word in ("First.", "Second.", "Far.")] == [1, 1, 1]
    assert "[^" not in "".join(converted.pieces)


@pytest.mark.parametrize(
    ("sign", "made"),
    [
        ("a[^1]\n\n[^1]: b", 'class="footnote-ref"'),
        ("$x$", "<math"),
        ("|a|\n|---|\n|b|", "<table>"),
        ("~~a~~", "<del>a</del>"),
        ("https://a.org", 'href="https://a.org"'),
        ("www.a.org", 'href="http://www.a.org"'),
        ("a@b.org", "<p>a@b.org</p>"),  # mail is no link
    ],
)
def test_what_a_sign_stands_for_is_read_in_the_piece_that_has_it(sign, made):
    plain = "Nothing of the kind."
    assert [made in piece for piece in convert([plain, sign, plain], "html").pieces] == [False, True, False]


def test_the_pages_of_a_document_are_made_of_one_run_of_pandoc(monkeypatch):
    seen = []
    run = pandoc.subprocess.run
    monkeypatch.setattr(
        pandoc.subprocess, "run", lambda *given, **options: seen.append(given) or run(*given, **options)
    )
    pieces = ["One document of $n$ pages."]
    with ThreadPoolExecutor(2) as pool:
        html, typst = pool.map(partial(convert, pieces), ("html", "typst"))
    assert len(seen) == 1
    assert ("<math" in html.pieces[0], "#math.equation" in typst.pieces[0]) == (True, True)
    assert convert([*pieces, "More."], "html").pieces == [*html.pieces, "<p>More.</p>"]


def test_formulas_keep_their_order_and_their_kind():
    (markup,) = convert(["$a$ [$b$](https://a.org) $a$\n\n$$a$$\n\n# $c$\n\n> $b$\n"], "typst").pieces
    assert re.findall(r'block: (\w+), alt: "(\w)", \$ ?(\w)', markup) == [
        ("false", "a", "a"), ("false", "b", "b"), ("false", "a", "a"), ("true", "a", "a"), ("false", "c", "c"),
        ("false", "b", "b"),
    ]  # fmt: skip


def test_formula_has_its_source_as_alternative_text():
    (markup,) = convert([r"$\frac{a}{\text{``b''}}$ and $\unknown{#x}$"], "typst").pieces
    assert r'alt: "\\frac{a}{\\text{``b' in markup
    assert r"`\unknown{#x}`" in markup


def test_days_and_labels_follow_the_language():
    day = read_document(notebook(title())).as_of
    assert [write_day(day, tag) for tag in ("en", "en-US", "fr-TG", "xx")] == [
        "31 October 2025", "31 October 2025", "31 octobre 2025", "31 October 2025",
    ]  # fmt: skip
    assert read_labels("fr-TG")["skip"] == "Aller au texte"


def test_wide_tables_are_turned_and_their_columns_weighed():
    text = "A sentence that is long enough to need several lines in any column that it may get. " * 2
    rows = [["1 Nov 2024", text, "+1.0"]]
    (upright,) = read_document(notebook(table(rows, ["day", "what", "weight"]))).blocks
    layout = fit_table(upright)
    assert not layout.is_wide
    assert layout.widths[1] > 4 * layout.widths[2]
    (wide,) = read_document(notebook(table([list("123456789")], list("abcdefghi")))).blocks
    assert fit_table(wide).is_wide


def test_a_word_in_bold_gets_more_room_than_the_same_word_below():
    text = "A sentence that is long enough to need several lines in any column that it may get. " * 2
    tables = [table([[text, cell]], ["what", head]) for head, cell in (("Russia", "a"), ("a", "Russia"))]
    of_head, of_cell = (fit_table(block).widths[1] for block in read_document(notebook(*tables)).blocks)
    assert of_head > 1.05 * of_cell


@given(st.text(max_size=80))
def test_breaks_add_nothing_but_places_to_break(text):
    assert with_breaks(text).replace("\u200b", "") == text.replace("\u200b", "")


@pytest.mark.parametrize(
    "text", ["arrangements.", "l’investisseur", "(diversification:", "constitution), intelligence,"]
)
def test_a_word_is_left_to_hyphenation_whatever_signs_stand_beside_it(text):
    assert with_breaks(text) == text


def test_prose_is_shown_in_the_language_of_the_document_alone():
    cells = [markdown("Always."), markdown("Only English."), markdown("Seulement en français.")]
    cells[1].metadata["tags"], cells[2].metadata["tags"] = ["lang-en"], ["lang-fr"]
    for language, expected in (("en", "Only English."), ("fr", "Seulement en français."), ("ee", "Only English.")):
        blocks = read_document(notebook(title("A", "b", language=language), *cells)).blocks
        assert [block.markdown for block in blocks] == ["Always.", expected]


def test_a_fault_is_named_by_its_place_in_the_whole_notebook():
    skipped = markdown("Autrement.")
    skipped.metadata["tags"] = ["lang-fr"]
    other = markdown("Otherwise.")
    other.metadata["tags"] = ["lang-en"]
    faulty = code(display(image__png=png(4, 4)), source="plot()")
    with pytest.raises(ExportError, match="cell 3 "):
        read_document(notebook(skipped, other, faulty))


def test_facts_are_read_in_order_and_clean():
    first = code(show_text(["It is so."], {"tilt": 0.25}, [Fact("Tilt\x00", "+0.25", "no interval")]))
    second = code(show_text(["More."], facts=[Fact("Events", "3", "")]))
    assert read_document(notebook(title(), first, second)).facts == (
        Fact("Tilt", "+0.25", "no interval"),
        Fact("Events", "3", ""),
    )
    assert read_document(notebook(title(), markdown("None."))).facts == ()
