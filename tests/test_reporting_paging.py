"""How pages are filled: figures made smaller or passed by their text, measured in white paper; no figure parted from
its caption, no heading alone."""

import numpy as np
import pypdfium2
import pytest
from notebook_factory import figure, markdown, notebook, table, title

from analysis.reporting import pdf
from analysis.reporting.document import read_document
from analysis.reporting.paging import LEAST_LETTERS, LEAST_SCALE, PagePlan, Placed, plan_pages

FOOT = 771
SENTENCE = "Lomé and Moscow signed a defence cooperation agreement that the parliament ratified in the autumn. "
TALL = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="480pt" height="290pt" viewBox="0 0 480 290">'
    '<path d="M2 2 H478 V288 H2 Z" fill="none" stroke="#1b4f8a" stroke-width="3"/></svg>'
)


def sections(number=8, svg=TALL):
    """A briefing of questions with a short answer and a figure, of which two full ones do not fit on a page."""
    cells = [title()]
    for index in range(number):
        cells += [markdown(f"## Question {index}x?\n\n{SENTENCE}"), figure(svg=svg, caption=f"Drawn{index}x. " * 4)]
    return read_document(notebook(*cells))


def white_shares(data):
    """For each page but the last, the share of the height for text that is white below the lowest ink."""
    shares = []
    for page in pypdfium2.PdfDocument(data):
        ink = np.asarray(page.render(scale=1).to_pil().convert("L"))[66 : FOOT + 6] < 200
        shares.append(1 - (np.flatnonzero(ink.any(axis=1)).max() + 1) / len(ink))
    return shares[:-1]


def texts(data):
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]


def without_plan(monkeypatch):
    monkeypatch.setattr(pdf, "plan_pages", lambda measure, foot: PagePlan())


def test_pages_are_filled_that_would_be_half_empty(monkeypatch):
    filled = white_shares(pdf.render_pdf(sections()))
    assert max(filled) < 0.2
    without_plan(monkeypatch)
    unfilled = white_shares(pdf.render_pdf(sections()))
    assert max(unfilled) > 0.35
    assert len(filled) < len(unfilled)


def test_no_figure_is_parted_from_its_caption_and_no_heading_is_alone(monkeypatch):
    seen = []

    def watched(measure, foot):
        plan = plan_pages(measure, foot)
        seen.append((plan, measure(plan)))
        return plan

    monkeypatch.setattr(pdf, "plan_pages", watched)
    document = sections(9)
    shown = texts(pdf.render_pdf(document))
    ((plan, placed),) = seen
    assert plan.scales
    assert min(plan.scales.values()) >= LEAST_SCALE
    figures = [place for place in placed if document.blocks[place.number].__class__.__name__ == "FigureBlock"]
    assert len(figures) == 9
    assert all(place.start[0] == place.end[0] for place in figures)
    for index in range(9):
        page = [text for text in shown if f"Question {index}x" in text][-1]
        assert "agreement" in page.rpartition(f"Question {index}x")[2]


@pytest.mark.parametrize(("size", "is_scaled"), [(6.5, False), (12, True)])
def test_no_figure_is_made_so_small_that_its_words_cannot_be_read(monkeypatch, size, is_scaled):
    line = f'<g transform="translate(9 8) scale({size / 100} -{size / 100})"></g></svg>'
    seen = []

    def watched(measure, foot):
        plan = plan_pages(measure, foot)
        seen.append((plan, measure(plan)))
        return plan

    monkeypatch.setattr(pdf, "plan_pages", watched)
    pdf.render_pdf(sections(svg=TALL.replace("</svg>", line)))
    ((plan, placed),) = seen
    assert bool(plan.scales) == is_scaled
    assert all(one.letters >= LEAST_LETTERS for one in placed if one.picture)


def test_a_figure_whose_words_are_small_is_not_made_smaller():
    pictures = [Placed(number, (1 + number, 0.0), (1 + number, 360.0), 360.0, letters=7.0) for number in range(2)]
    assert plan_pages(lambda plan: pictures, 700) == PagePlan()


def test_a_heading_stands_above_three_lines_of_its_text_or_more():
    shown = set()
    for paragraphs in range(30, 46):
        cells = [title(), markdown("Word. " * 12 * paragraphs + "\n\n## What is said?\n\n" + SENTENCE * 12)]
        pages = texts(pdf.render_pdf(read_document(notebook(*cells))))
        (page,) = [page for page in pages if "What is said?" in page]
        after = page.rpartition("What is said?")[2]
        shown.add(min(after.count("signed"), 6))
        assert len(after.split()) > 2.5 * 14, paragraphs  # words of three lines, and of the foot
    assert len(shown) > 3


def test_room_for_a_heading_is_given_back_to_what_follows_it():
    """A list, a figure or another heading stands as near below it as text does."""
    gaps = []
    for below in ("Text that is here.", "- Text that is here.", "### Text that is here."):
        (page, *_) = pypdfium2.PdfDocument(
            pdf.render_pdf(read_document(notebook(title(), markdown(f"## Head\n\n{below}"))))
        )
        text = page.get_textpage()
        head, line = (text.search(word).get_next()[0] for word in ("Head", "Text that"))
        gaps.append(text.get_charbox(head)[1] - text.get_charbox(line)[3])
    assert max(gaps) < 30
    assert gaps[0] == pytest.approx(gaps[1], abs=3)


def test_text_of_the_same_section_may_come_before_its_figure(monkeypatch):
    square = TALL.replace("290", "480")
    cells = [title(), markdown("## One\n\n" + SENTENCE * 12), figure(svg=square, caption="Drawn."),
              markdown("Afterword. " + SENTENCE * 9), markdown("## Two\n\nThe next. " + SENTENCE)]  # fmt: skip
    document = read_document(notebook(*cells))
    first, second = texts(pdf.render_pdf(document))[:2]
    assert "Afterword" in first
    assert second.index("Drawn") < second.index("The next")
    without_plan(monkeypatch)
    assert "Afterword" not in texts(pdf.render_pdf(document))[0]


def test_a_short_table_is_made_smaller_rather_than_moved():
    rows = [[f"row {number}", "text"] for number in range(11)]
    for paragraphs in range(30, 42):
        document = read_document(
            notebook(title(), markdown("Word. " * 10 * paragraphs), table(rows, ["a", "b"]), markdown(SENTENCE * 20))
        )
        pages = texts(pdf.render_pdf(document))
        assert sum("row 0" in page for page in pages) == 1
        (page,) = [page for page in pages if "row 0" in page]
        assert "row 10" in page


def fake(heights, foot=700, runs_on=()):
    """Measures pictures of these heights, set one below the other."""

    def measure(plan):
        placed, page, y = [], 1, 0.0
        for number, height in enumerate(heights):
            tall = height * plan.scales.get(number, 1.0)
            if y + tall > foot:
                page, y = page + 1, 0.0
            placed.append(Placed(number, (page, y), (page, y + tall), tall, number in runs_on))
            y += tall + 20
        return placed

    return measure


@pytest.mark.parametrize(
    ("heights", "scaled", "floating"),
    [
        ([300, 300], set(), set()),
        ([360, 360, 300], {0, 1}, set()),
        ([500, 450], set(), set()),  # more than a fifth too large
        ([500, 450], set(), {1}),
        ([650, 400], set(), set()),  # too little white to care
    ],
)
def test_plan(heights, scaled, floating):
    plan = plan_pages(fake(heights, runs_on=floating), 700)
    assert set(plan.scales) == scaled
    assert plan.floats == floating
    assert all(LEAST_SCALE <= scale < 1 for scale in plan.scales.values())


def test_a_plan_that_does_not_help_is_dropped():
    stubborn = [Placed(0, (1, 0.0), (1, 400.0), 400.0), Placed(1, (2, 0.0), (2, 330.0), 330.0)]
    assert plan_pages(lambda plan: stubborn, 700) == PagePlan()


def test_very_many_very_long_words_of_a_paragraph_are_set_and_stay_within_the_margin():
    document = read_document(notebook(title(), markdown(" ".join(["x" * 60] * 600))))
    (page, *_) = pypdfium2.PdfDocument(pdf.render_pdf(document))
    text = page.get_textpage()
    assert max(text.get_rect(number)[2] for number in range(text.count_rects())) < 595 - 74
