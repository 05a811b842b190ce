"""The comparison of exports finds what it is to find: lost cells, missing tags, network requests, bare figures."""

import pytest
from benchmarks.pages import alternatives_of, cells_with_numbers, find_lost, look_at_page, look_at_pdf
from browser import needs_browser
from notebook_factory import figure, markdown, notebook, table, title

from analysis.exhibit import Link
from analysis.reporting.html import TightropeHTMLExporter
from analysis.reporting.pdf import TightropePDFExporter


@pytest.fixture(scope="module")
def executed():
    rows = [
        ["Togo", "−0.27 (−0.53 to +0.01)", Link("https://example.org/1", "https://example.org/1")],
        ["Mali", "3", "x"],
    ]
    return notebook(title(), markdown("## Question\n\nText."), figure(alt="A line that rises from 1 to 3."),
                    table(rows, ["State", "Tilt", "Page"]))  # fmt: skip


def test_cells_are_those_with_a_number_that_are_no_address(executed):
    assert cells_with_numbers(executed) == {"−0.27 (−0.53 to +0.01)", "3"}
    assert find_lost({"1 234", "9"}, "1\n234") == ["9"]


def test_a_pdf_is_read_back(executed):
    pdf, _ = TightropePDFExporter().from_notebook_node(executed)
    seen = look_at_pdf("ours", 1.0, pdf, cells_with_numbers(executed), alternatives_of(executed))
    assert (seen.tagged, seen.described, seen.lost) == (True, 1, 0)
    other = look_at_pdf("ours", 1.0, pdf, {"77.7"}, {"Another alternative text."})
    assert (other.described, other.lost) == (0, 1)


@pytest.mark.slow
@needs_browser
def test_a_page_is_opened(executed, tmp_path):
    page, _ = TightropeHTMLExporter().from_notebook_node(executed)
    cells, alternatives = cells_with_numbers(executed), alternatives_of(executed)
    seen = look_at_page("ours", 1.0, page, cells, alternatives, tmp_path)
    assert (seen.requests, seen.violations, seen.described, seen.lost) == (0, [], 1, 0)
    bare = "<html><body><img src='http://127.0.0.1:9/x.png'><p>3</p></body></html>"
    other = look_at_page("bare", 1.0, bare, cells, alternatives, tmp_path)
    assert (other.requests, other.described, other.lost) == (1, 0, 1)
    assert "image-alt" in other.violations
