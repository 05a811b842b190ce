"""JupyterLab in a browser, as a researcher uses it: run, change, export from the menu, schedule."""

import re
import shutil

import pikepdf
import pypdfium2
import pytest
from browser import CHROMIUM, needs_browser
from lab_server import needs_lab, run_lab
from notebook_factory import notebook

import analysis as tr
from analysis.paths import NOTEBOOKS
from analysis.reporting.brief import load_exporters
from analysis.wording import format_number

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lab"), needs_browser, needs_lab]

PATIENCE = 120_000  # milliseconds, of a machine that does other things too
RUN = re.compile(r"\[\d+\]:")


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """A copy of the notebooks that JupyterLab may save to."""
    folder = tmp_path_factory.mktemp("lab") / "notebooks"
    shutil.copytree(NOTEBOOKS, folder, ignore=shutil.ignore_patterns("jobs", ".*"))
    return folder


@pytest.fixture(scope="module")
def address(notebooks, built):
    with run_lab(notebooks, notebooks.parent / "home", built) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    view = browser.new_page(viewport={"width": 1400, "height": 1000})
    view.set_default_timeout(PATIENCE)
    # An export opens in a tab that knows nothing of ours, and Playwright may see it too late to see its download.
    view.add_init_script("window.open = (address) => { location.assign(address); return window; }")
    yield view
    view.close()


def open_notebook(page, address, name):
    """Open a notebook and wait until its kernel is there and the export menu is filled."""
    with page.expect_response("**/api/nbconvert*"):
        page.goto(f"{address}/lab/tree/{name}?reset")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(state="attached")


def choose(page, menu, *items):
    page.get_by_role("menuitem", name=menu, exact=True).click()
    for item in items[:-1]:
        page.locator(f".lm-Menu-itemLabel:text-is('{item}')").hover()
    page.locator(f".lm-Menu-itemLabel:text-is('{items[-1]}')").click()


def run_all(page):
    """Run all cells and wait for the last of them."""
    from playwright.sync_api import expect

    prompts = page.locator(".jp-CodeCell .jp-InputArea-prompt")
    choose(page, "Run", "Run All Cells")
    expect(prompts.last).to_have_text("[*]:", timeout=PATIENCE)
    expect(prompts.last).to_have_text(RUN, timeout=PATIENCE)
    # A cell that fails keeps those after it from being run.
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").all_text_contents() == []
    assert [text for text in prompts.all_text_contents() if not RUN.fullmatch(text)] == []


def export(page, label, path):
    with page.expect_download() as download:
        choose(page, "File", "Save and Export Notebook As", label)
    download.value.save_as(path)
    return download.value.suggested_filename


def set_parameter(page, name, value):
    """Write another value into the cell of parameters."""
    page.locator(".jp-CodeCell").first.locator(".cm-line", has_text=re.compile(f"^{name}:")).click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.insert_text(f"{name}: str = {value!r}")


def pictures(page):
    return page.locator(".jp-OutputArea-output img").evaluate_all(
        "images => images.map(image => image.complete && image.naturalWidth > 100 && image.clientWidth > 100)"
    )


def test_a_briefing_is_run_changed_run_again_and_exported(page, address, notebooks, built, tmp_path):
    open_notebook(page, address, "briefing.ipynb")
    run_all(page)
    assert page.locator("h1", has_text="Togo between France and Russia").count() == 1
    drawn = pictures(page)
    assert len(drawn) > 10
    assert all(drawn)

    set_parameter(page, "state", "BEN")
    run_all(page)
    assert page.locator("h1", has_text="Benin between France and Russia").count() == 1
    assert all(pictures(page))

    assert export(page, "Tightrope PDF", tmp_path / "menu.pdf") == "briefing.pdf"
    with pikepdf.open(tmp_path / "menu.pdf") as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo.Title) == "Benin between France and Russia"
    evidence = tr.load_evidence("BEN", ["FRA", "RUS"], "2020-01-01", "2026-02-28", [], data=built)
    tilt = tr.tilt(evidence.engagements, "FRA", "RUS").value
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(tmp_path / "menu.pdf"))
    assert f"is {format_number(tilt, 2, signed=True)}" in " ".join(text.split())

    assert export(page, "Tightrope HTML", tmp_path / "menu.html") == "briefing.html"
    for suffix, exporter in load_exporters().items():
        made, _ = exporter.from_filename(notebooks / "briefing.ipynb")
        assert (tmp_path / f"menu.{suffix}").read_bytes() == (made if isinstance(made, bytes) else made.encode())


def test_a_notebook_that_was_never_run_says_so(page, address):
    open_notebook(page, address, "region.ipynb")
    choose(page, "File", "Save and Export Notebook As", "Tightrope PDF")
    page.locator("h1").wait_for()
    assert "Tightrope PDF: not exported" in page.locator("h1").inner_text()
    said = page.locator("body").inner_text()
    assert "the notebook was never executed" in said
    assert "run all its cells, then export" in said
    assert "Traceback" not in said
