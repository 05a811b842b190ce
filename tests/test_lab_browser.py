"""JupyterLab in a browser, as a researcher uses it: run, change, export from the menu, schedule."""

import re
import shutil

import nbformat
import pikepdf
import pypdfium2
import pytest
from browser import CHROMIUM, needs_browser
from lab_server import needs_lab, run_lab
from nbformat.v4 import new_code_cell, new_notebook

import analysis as tr
from analysis.paths import NOTEBOOKS
from analysis.reporting.exports import load_exporters
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


def pdf_text(path):
    with pypdfium2.PdfDocument(path) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    return " ".join(text.split())


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
    assert f"is {format_number(tilt, 2, signed=True)}" in pdf_text(tmp_path / "menu.pdf")

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


def test_the_notebook_to_explore_runs_from_top_to_bottom(page, address):
    open_notebook(page, address, "explore.ipynb")
    run_all(page)
    drawn = pictures(page)
    assert len(drawn) > 3
    assert all(drawn)


def small_notebook():
    """A notebook of a few seconds that says what its parameters are."""
    sources = [
        'state: str = "TGO"  # the state\npowers: list[str] = ["FRA", "CHN"]  # the powers\nmonths: int = 12  # window',
        "import analysis as tr\n\ntr.show_title('A small report', '', language='en', as_of='2026-02-28')",
        "tr.show_text([f'{state} between {\" and \".join(powers)} over {months + 1} months'])",
    ]
    cells = [new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def fill_job(page, address, name, parameters):
    """Open the form of a new job for a notebook and fill it in."""
    open_notebook(page, address, name)
    page.get_by_title("Create a job").click()
    page.get_by_role("button", name="Create", exact=True).wait_for()
    for number, (parameter, value) in enumerate(parameters.items()):
        page.get_by_title("Add new parameter").click()
        for part, text in (("name", parameter), ("value", value)):
            field = page.locator(f"[name=parameter-{number}-{part}]")
            field.fill(text)
            field.blur()  # the form checks a field when it is left


def create(page):
    """Press Create; returns the answer of the server."""
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        page.get_by_role("button", name="Create", exact=True).click()
    return answer.value.json()


def wait_for_job(page, address, job):
    """Wait for the end of a job; returns its status."""
    return page.evaluate(
        """async ([address, patience]) => {
            for (const end = Date.now() + patience; Date.now() < end; ) {
                const job = await (await fetch(address)).json();
                if (["COMPLETED", "FAILED"].includes(job.status)) return job.status;
                await new Promise((resolve) => setTimeout(resolve, 300));
            }
        }""",
        [f"{address}/scheduler/jobs/{job}", PATIENCE],
    )


def test_a_job_of_the_form_makes_html_and_pdf(page, address, notebooks):
    nbformat.write(small_notebook(), notebooks / "small.ipynb")
    fill_job(page, address, "small.ipynb", {"state": "Benin", "powers": "FRA, Russia", "months": "6"})
    job = create(page)["job_id"]
    assert wait_for_job(page, address, job) == "COMPLETED"

    page.get_by_role("button", name="Reload").click()
    page.get_by_title('Download output files for "small"').click()
    page.locator("a[title^='Open output file'][title*='.pdf']", has_text="Tightrope PDF").wait_for()
    files = {path.suffix: path for path in (notebooks / "jobs" / f"small-{job}").glob("small-2*")}
    assert sorted(files) == [".html", ".ipynb", ".pdf"]
    with pikepdf.open(files[".pdf"]) as pdf:
        assert str(pdf.docinfo.Title) == "A small report"
    assert "BEN between FRA and RUS over 7 months" in pdf_text(files[".pdf"])
    for suffix, exporter in load_exporters().items():
        made, _ = exporter.from_filename(files[".ipynb"])
        assert files[f".{suffix}"].read_bytes() == (made if isinstance(made, bytes) else made.encode())


def test_a_schedule_of_the_form_keeps_its_parameters_for_every_job(page, address, notebooks):
    nbformat.write(small_notebook(), notebooks / "nightly.ipynb")
    fill_job(page, address, "nightly.ipynb", {"state": "Mali"})
    page.get_by_label("Run on a schedule").check()
    definition = f"{address}/scheduler/job_definitions/{create(page)['job_definition_id']}"
    page.get_by_title('Open detail view for "nightly"').click()
    page.get_by_text("0 0 * * MON-FRI").wait_for()
    # What the schedule does when its time has come.
    job = page.evaluate(
        """async (address) => {
            const token = document.cookie.match(/_xsrf=([^;]+)/)[1];
            const options = {method: "POST", headers: {"X-XSRFToken": token}, body: "{}"};
            return (await (await fetch(address, options)).json()).job_id;
        }""",
        f"{definition}/jobs",
    )
    assert wait_for_job(page, address, job) == "COMPLETED"
    [pdf] = (notebooks.parent / "home" / "data" / "scheduler_staging_area" / job).glob("*.pdf")
    assert "MLI between FRA and CHN over 13 months" in pdf_text(pdf)


def test_a_parameter_that_cannot_be_answered_is_told_in_the_detail_view(page, address):
    fill_job(page, address, "briefing.ipynb", {"state": "TOGOO"})
    assert wait_for_job(page, address, create(page)["job_id"]) == "FAILED"
    page.get_by_role("button", name="Reload").click()
    page.get_by_title('Open detail view for "briefing"').click()
    alert = page.get_by_role("alert")
    assert alert.inner_text() == "unknown state 'TOGOO'; did you mean 'Togo' or 'TGO' or 'Tonga'?"
