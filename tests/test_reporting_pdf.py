"""The PDF, read back: tags, marks, outline, alternative texts, and every word in its place."""

import io
import json
import re
import subprocess
import sys
import unicodedata

import pandas as pd
import pikepdf
import pypdfium2
import pytest
from notebook_factory import SVG, code, display, figure, markdown, notebook, png, stream, table, title

from analysis.exhibit import Fact, Link, escape_markdown, show_table, show_text
from analysis.reporting.blocks import Document, Prose
from analysis.reporting.document import ExportError
from analysis.reporting.pdf import TightropePDFExporter, render_pdf

A4 = (595.3, 841.9)
HOSTILE = [
    '#import "@preview/x:1.0.0"',
    '#read("/etc/passwd")',
    "<script>alert(1)</script>",
    "$x$ $#read(1)$",
    "back\\slash \\",
    "@ref <label>",
    "[^1]: [a](javascript:b)",
    "{{ 7 * 7 }} {% raw %}",
    "*bold* _it_ `code` ~sub~ = head",
    "// comment /* so */ https://a.b//c",
    "\"quoted\" 'single' -- --- ... - + 1. /term",
]
SENTENCE = "Lomé and Moscow signed a defence cooperation agreement that the parliament ratified in the autumn. "


def export(*cells, **metadata):
    return TightropePDFExporter().from_notebook_node(notebook(*cells, **metadata))[0]


def pages(pdf):
    """The text of each page."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]


def squeezed(text):
    """Text without anything that setting it may add or take: spaces, breaks, hyphens of broken words."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\u00ad\u200b\u2010\ufffe\x02-]+", "", text)


def alternative_texts(pdf, kind):
    """The alternative text of every element of the structure tree of one kind; empty where it has none."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found, waiting = [], [opened.Root.StructTreeRoot.K]
        while waiting:
            node = waiting.pop()
            if isinstance(node, pikepdf.Array):
                waiting.extend(node)
            elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
                if kind == node.S:
                    found.append(str(node.get("/Alt", "")))
                waiting.append(node.get("/K", pikepdf.Array()))
    return found


def link_targets(pdf):
    """Every address that a link of the document leads to."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        actions = [mark.get("/A", {}) for page in opened.pages for mark in page.get("/Annots", [])]
        return {str(action["/URI"]) for action in actions if "/URI" in action}


@pytest.fixture(scope="module")
def briefing():
    """A briefing with everything in it."""
    rows = [
        [f"{day} Nov 2024", "France", SENTENCE, Link("site", "https://example.org/x"), f"−{day}"] for day in range(40)
    ]
    wide = [[f"state {row}", *(f"{row}.{column}" for column in range(11))] for row in range(12)]
    return export(
        title("Between two ports № 1", "Ɖoɖo, Côte d’Ivoire", language="fr", author="Ama Ɖe"),
        code(show_text(["The answer."], {"tilt": -0.27}, [Fact("Tilt <a>", "−0,27", "#read(1) % interval")])),
        markdown("Prose with a note[^1] and $\\frac{a}{b}$.\n\n[^1]: The *note* itself."),
        markdown("## First question"),
        figure(alt="First alt ≥ 1"),
        markdown("### Under it\n\nText."),
        figure(alt="Second alt"),
        markdown("## Second question"),
        table(rows, ["When", "Power", "What happened", "Source", "Weight"], "Forty events"),
        markdown("## Wide question"),
        table(wide, ["State", *(f"c{column}" for column in range(11))], "Twelve states"),
        code(stream("printed   output\n")),
    )


def test_a_table_divides_no_short_word():
    told = ["i" * n + " dirigeant du Togo a rencontré le président français du Mali" for n in range(24)]
    pdf = export(title("A", "b", language="fr"), table([[one, SENTENCE, SENTENCE * 4] for one in told], list("abc")))
    found = set(re.findall(r"\b(?:To|Ma)[^L\s]*", "".join(pages(pdf))))
    assert found == {"Togo", "Mali"}


def test_a_table_divides_what_its_columns_have_no_room_for_and_nothing_beside_it():
    word = "anticonstitutionnellement"
    told = [f"{'i' * n} le Togo et le Mali {word} " * 3 for n in range(24)]
    text = "".join(
        pages(export(title("A", "b", language="fr"), table([[one] * 8 for one in told], [f"{word} du Togo"] * 8)))
    )
    assert word not in text
    assert squeezed(text).count(word) >= 24 * 8 * 3 + 8
    assert set(re.findall(r"\b(?:To|Ma)\w{0,2}", text)) == {"Togo", "Mali"}


@pytest.mark.parametrize("words", ["ab " * 3333, "a " * 499, "a," * 499], ids=["long", "short", "one run"])
def test_a_cell_holds_as_many_short_words_as_a_field(words):
    text = "".join(pages(export(title(), table([["1", words]], ["No.", "What"]))))
    assert len(re.findall(r"\ba", text)) == len(re.findall("a", words))


@pytest.mark.parametrize(
    ("row", "header", "whole"),
    [
        (
            ["1", "28 Nov 2024", SENTENCE, "France −3", "confirmed", "3, 4"],
            ["No.", "When", "What happened", "Effect (points)", "Certainty", "Sources"],
            "28 Nov 2024",
        ),
        (["refuge", "memberships2:13, " * 12, SENTENCE], ["What is asked", "Rows", "Origin"], "memberships2:13"),
        (["China", "2", "1", SENTENCE * 2], ["Home of the investor", "Entries", "Investments", "What"], "investor"),
    ],
    ids=["date", "identifier", "word of a heading"],
)
def test_a_table_with_room_keeps_together_what_is_short(row, header, whole):
    text = "".join(pages(export(title(), table([row], header))))
    assert text.count(whole) == sum(cell.count(whole) for cell in (*row, *header))


def test_document_properties(briefing):
    with pikepdf.open(io.BytesIO(briefing)) as pdf:
        assert pdf.Root.Lang == "fr"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == "Between two ports № 1"
        assert str(pdf.docinfo.Author) == "Ama Ɖe"
        assert str(pdf.docinfo.CreationDate).startswith("D:20251031000000")
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["dc:description"] == "Ɖoɖo, Côte d’Ivoire"
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
            assert titles == ["First question", "Second question", "Wide question"]
            assert [item.title for item in outline.root[0].children] == ["Under it"]
        sizes = {tuple(round(float(edge), 1) for edge in page.MediaBox[2:]) for page in pdf.pages}
        assert sizes == {A4, A4[::-1]}


def test_every_figure_and_formula_has_its_own_alternative_text(briefing):
    assert sorted(alternative_texts(briefing, "/Figure")) == ["First alt ≥ 1", "Second alt"]
    assert alternative_texts(briefing, "/Formula") == ["\\frac{a}{b}"]
    assert len(alternative_texts(briefing, "/Note")) == 1
    assert len(alternative_texts(briefing, "/Table")) == 2
    assert link_targets(briefing) == {"https://example.org/x"}


def test_a_note_stands_on_the_page_of_its_mark():
    """The first line of a paragraph may not stand alone, and was moved to the next page without its note."""
    words, marked = SENTENCE.split(), []
    for length in range(520, 720, 7):  # from well above the foot of a page to below it
        filler = " ".join(words[place % len(words)] for place in range(length))
        text = f"{filler}\n\nMarked[^1] in its first line. {4 * SENTENCE}\n\n[^1]: The note of it."
        made = pages(export(markdown(text)))
        marked += [number for number, page in enumerate(made) if "Marked" in page]
        assert [number for number, page in enumerate(made) if "The note of it" in page] == marked[-1:], length
    assert {*marked} == {0, 1}


def inner_links(pdf):
    """The page that each link within the document leads to, by the page it stands on."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        numbers = {page.objgen: number for number, page in enumerate(opened.pages, start=1)}
        marks = [(n, mark) for n, page in enumerate(opened.pages, start=1) for mark in page.get("/Annots", [])]
        return [(n, numbers[mark.Dest[0].objgen]) for n, mark in marks if "/Dest" in mark]


def test_numbers_lead_to_where_they_come_from():
    facts = [Fact("Events", "3", "", "events"), Fact("Depth", "8.9", "", "no such exhibit")]
    events = pd.DataFrame({"No.": ["1"], "Sources": ["2, 1, 7"]})
    sources = pd.DataFrame({"No.": ["1", "2"], "Page": ["a", "b 1"]})
    pdf = export(
        title(),
        code(show_text(["It is so."], facts=facts)),
        markdown(SENTENCE * 50),
        code(show_table(events, "events", caption="c", refers={"Sources": "sources"})),
        markdown(SENTENCE * 50),
        code(show_table(sources, "sources", caption="c")),
    )
    assert inner_links(pdf) == [(1, 2), (2, 3), (2, 3)]
    assert "2,1,7" in squeezed("".join(pages(pdf)))


def test_every_word_is_there(briefing):
    text = squeezed("".join(pages(briefing)))
    for row in range(12):
        for column in range(11):
            assert f"{row}.{column}" in text
    for day in range(40):
        assert squeezed(f"{day} Nov 2024") in text
        assert f"−{day}" in text
    assert text.count(squeezed(SENTENCE)) == 40
    for words in ("Tableau 1 Forty events", "Figure 2 It rises.", "The note itself.", "Ɖoɖo, Côte d’Ivoire", "Sommaire",
                  "Situation au 31 octobre 2025", "printed output", "№ 1", "Tilt <a>−0,27#read(1) % interval"):  # fmt: skip
        assert squeezed(words) in text


def test_table_header_is_repeated_and_pages_are_numbered(briefing):
    texts = pages(briefing)
    assert sum("What happened" in text for text in texts) >= 2
    for number, text in enumerate(texts, start=1):
        assert f"{number} / {len(texts)}" in text


def test_heading_goes_with_its_wide_table_onto_the_turned_page(briefing):
    document = pypdfium2.PdfDocument(briefing)
    (turned,) = [page for page in document if page.get_width() > page.get_height()]
    text = turned.get_textpage().get_text_bounded()
    for words in ("Wide question", "Twelve states", "11.10"):
        assert words in text


def test_same_notebook_gives_same_bytes():
    cells = lambda: (title(), markdown("## Q\n\n$x^2$"), figure(), table([["a", "1"]], ["x", "y"]))  # noqa: E731
    assert export(*cells()) == export(*cells())
    assert export(markdown("no day")) == export(markdown("no day"))


def test_figure_without_alternative_text_names_the_cell():
    with pytest.raises(ExportError, match=r"cell 2 .*cell-001"):
        export(title(), code(display(image__png=png())))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(text):
    pdf = export(
        title(text, text, author=text),
        markdown("## " + escape_markdown(text)),
        markdown(escape_markdown(text)),
        code(show_text([escape_markdown(text)])),
        figure(caption=text, alt=text),
        table([[text, Link(text, "javascript:alert(1)")]], [text, "b"], text),
        code(stream(text)),
    )
    shown = squeezed("".join(pages(pdf)))
    # Title, subtitle, author twice (byline, foot), heading, two paragraphs, two captions, three cells, output.
    assert shown.count(squeezed(text)) >= 12
    assert "root:" not in shown
    assert alternative_texts(pdf, "/Figure") == [" ".join(text.split())]
    assert not [target for target in link_targets(pdf) if not target.startswith("https://")]


def test_raw_markdown_cannot_run_code():
    source = (
        '```{=typst}\n#read("/etc/passwd")\n```\n\n`#panic()`{=typst} $#panic()$ '
        '$\\text{#panic("x")}$ \\input{/etc/passwd}'
    )
    text = squeezed("".join(pages(export(markdown(source)))))
    assert text.count("#panic(") == 3
    assert '#read("/etc/passwd")' in text


@pytest.mark.parametrize(
    "cells",
    [
        [table([["x" * 200, "INTERNATIONAL_MONETARY_FUND/" * 6, SENTENCE * 3, "1"]] * 3, ["a", "b" * 80, "c", "d"])],
        [table([[f"{row}{n}.123 456" for n in range(24)] for row in range(60)], [f"column{n}" for n in range(24)])],
        [table([[SENTENCE] * 9] * 8, [f"c{n}" for n in range(9)])],
        [markdown("Word " + "y" * 300 + " `" + "z" * 300 + "` https://example.org/" + "path/" * 60)],
        [code(stream("=" * 400 + "\n" + "word " * 100))],
        [markdown("```\n" + "w" * 400 + "\n```\n\n$$" + " + ".join("abcdefghij") + "$$")],
        [title("A" * 120 + " long title " * 12, "B" * 150), markdown("## " + "C" * 150)],
    ],
    ids=["words", "columns", "sentences", "prose", "output", "code", "title"],
)  # fmt: skip
def test_nothing_is_clipped(cells):
    for page in pypdfium2.PdfDocument(export(*cells)):
        text = page.get_textpage()
        boxes = [text.get_charbox(index) for index in range(text.count_chars())]
        assert min(box[0] for box in boxes) >= 40
        assert max(box[2] for box in boxes) <= page.get_width() - 40
        assert min(box[1] for box in boxes) >= 20
        assert max(box[3] for box in boxes) <= page.get_height() - 20


@pytest.mark.parametrize("caption", ["Short.", SENTENCE * 3], ids=["short", "long"])
def test_captions_begin_at_the_margin_however_wide_their_figure_is(caption):
    narrow = SVG.replace("480pt", "120pt").replace("240pt", "60pt")
    cells = [figure(caption=caption, svg=narrow), table([["a"]], ["b"], caption)]
    page = pypdfium2.PdfDocument(export(title(), *cells))[0].get_textpage()
    text = page.get_text_range()
    lefts = [page.get_charbox(text.index(kind))[0] for kind in ("Figure", "Table")]
    assert lefts == pytest.approx([75, 75], abs=1.5)


def test_headings_and_captions_stay_with_what_follows():
    cells = [title()]
    for number in range(24):
        cells += [
            markdown(f"Filler. {SENTENCE * (number % 7 + 1)}\n\n## Heading {number}x"),
            table([[f"first{number}x"], ["b"], ["c"], ["d"]], ["name"], f"Caption{number}x"),
            markdown(SENTENCE * (number % 5 + 1) + f"\n\n## Before figure {number}x"),
            figure(caption=f"Drawn{number}x"),
        ]  # fmt: skip
    texts = [squeezed(page) for page in pages(export(*cells))]

    def pages_with(words):
        return {number for number, text in enumerate(texts) if squeezed(words) in text}

    for number in range(24):
        assert pages_with(f"Caption{number}x") == pages_with(f"first{number}x") <= pages_with(f"Heading {number}x")
        assert pages_with(f"Drawn{number}x") <= pages_with(f"Before figure {number}x")
        assert len(pages_with(f"Drawn{number}x")) == 1
    assert len(texts) > 12


@pytest.mark.parametrize("lines", range(51, 60))
def test_table_caption_is_never_left_at_the_foot_of_a_page(lines):
    pdf = export(
        code(stream("line\n" * lines)),
        markdown("Word. " * 60),
        table([["first row"], ["second row"]], ["name"], "Caption"),
    )
    (page,) = [text for text in pages(pdf) if "Caption" in text]
    assert "first row" in page


def test_signs_of_many_scripts_are_set():
    text = "é − – — ≥ “ ” № ŋ Ɖ → ✓ ₣ Владимир αβγ العربية"
    shown = squeezed("".join(pages(render_pdf(Document("T", "", "", "en", None, (Prose(text),))))))
    for word in text.split()[:-1]:
        assert squeezed(word) in shown


def test_nbconvert_finds_the_exporter_by_name(tmp_path):
    path = tmp_path / "plain.ipynb"
    path.write_text(json.dumps(notebook(markdown("# Plain title\n\nText."))))
    command = [sys.executable, "-m", "nbconvert", "--to", "analysis.reporting.pdf.TightropePDFExporter", str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    with pikepdf.open(tmp_path / "plain.pdf") as pdf:
        assert str(pdf.docinfo.Title) == "Plain title"
