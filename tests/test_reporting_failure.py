"""The page of a failure: what failed and where, harmless whatever the data say, readable by everyone."""

import re
from datetime import UTC, datetime, timedelta

import nbformat
import pytest
from browser import needs_browser, open_page
from nbformat import v4

from analysis.errors import TightropeError
from analysis.reporting.failure import clear_failure, keep_failure

HOSTILE = "</pre><script>alert(1)</script> {{ 7 * 7 }} <img src=x onerror=alert(1)>"
PARAMETERS = {"state": "TGO", "powers": ["FRA", "RUS"]}


@pytest.fixture
def home(tmp_path):
    (tmp_path / "togo" / "2026-02-28").mkdir(parents=True)
    return tmp_path / "togo"


@pytest.fixture
def staging(tmp_path):
    folder = tmp_path / "staging"
    folder.mkdir()
    (folder / "large.html").write_text("half a page", encoding="utf-8")
    return folder


def write_failed(staging, *cells):
    nbformat.write(v4.new_notebook(cells=list(cells)), staging / "running.ipynb")


def cell(source, *outputs, status="completed", tags=()):
    return v4.new_code_cell(
        source, metadata={"papermill": {"status": status}, "tags": list(tags)}, outputs=list(outputs)
    )


def keep(home, staging, error=None):
    page = keep_failure(home, home / "briefing.ipynb", PARAMETERS, error or TightropeError("it broke"), staging)
    return page.read_text(encoding="utf-8")


def test_the_cell_the_error_the_log_and_the_parameters_are_told(home, staging):
    log = v4.new_output("stream", name="stderr", text="".join(f"line {number}\n" for number in range(200)))
    trace = ["\x1b[31mValueError\x1b[0m in code", "ValueError: no such tilt"]
    raised = v4.new_output("error", ename="ValueError", evalue="no such tilt", traceback=trace)
    write_failed(
        staging,
        cell("state = 'TGO'", tags=["parameters"]),
        cell("state = 'BEN'", tags=["injected-parameters"]),
        v4.new_markdown_cell("## A question"),
        cell("fine()"),
        cell("draw(tilt)", log, raised, status="failed"),
        cell("never()", status="pending"),
    )
    page = keep(home, staging, TightropeError("briefing.ipynb: ValueError"))
    for part in (
        "The report togo could not be made", "Code cell 3 of briefing.ipynb failed.", "briefing.ipynb: ValueError",
        "draw(tilt)", "ValueError in code", "line 199", "line 161", "FRA, RUS", 'href="failed.ipynb"',
        "of 2026-02-28, stays", 'href="latest/briefing.html"',
    ):  # fmt: skip
        assert part in page
    for part in ("line 159", "\x1b", "never()", "<script"):
        assert part not in page
    assert not (staging / "running.ipynb").exists()
    assert (home / "failed.ipynb").is_file()


def test_the_page_tells_when_it_was(home):
    now = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
    for days in (0, 1):
        page = keep_failure(home, home / "b.ipynb", {}, TightropeError("it broke"), now=now + timedelta(days=days))
        text = page.read_text(encoding="utf-8")
        assert f"could not be made. That was at 2026-03-0{2 + days} 05:00 +0000." in text
    begun = datetime.now(UTC).replace(second=0, microsecond=0)
    text = keep_failure(home, home / "b.ipynb", {}, TightropeError("it broke")).read_text(encoding="utf-8")
    (told,) = re.findall(r"That was at (.*?)\.", text)
    assert begun <= datetime.strptime(told, "%Y-%m-%d %H:%M %z") <= datetime.now(UTC)


def test_room_is_made_before_the_page_is_written(home, staging):
    keep(home, staging)
    assert not staging.exists()


def test_a_kernel_that_died_is_found_by_the_cell_that_was_running(home, staging):
    write_failed(staging, cell("a = 1"), cell("allocate()", status="running"))
    page = keep(home, staging)
    assert "Code cell 2 of briefing.ipynb failed." in page
    assert "allocate()" in page


def test_a_failure_without_a_notebook_links_to_none(home, staging):
    (home / "failed.ipynb").write_text("of an older failure", encoding="utf-8")
    page = keep(home, staging)
    assert "failed.ipynb" not in page
    assert not (home / "failed.ipynb").exists()
    assert "it broke" in page


def test_a_notebook_written_by_half_is_kept_all_the_same(home, staging):
    (staging / "running.ipynb").write_text('{"cells": [', encoding="utf-8")
    assert 'href="failed.ipynb"' in keep(home, staging)


def test_a_fault_of_the_code_shows_where(home, staging):
    try:
        raise RuntimeError("of the package")
    except RuntimeError as error:
        page = keep(home, staging, error)
    assert "test_reporting_failure.py" in page
    assert "of the package" in page


def test_text_from_data_is_shown_as_text(home, staging):
    raised = v4.new_output("error", ename="E", evalue=HOSTILE, traceback=[HOSTILE])
    write_failed(staging, cell(HOSTILE, raised, v4.new_output("stream", name="stdout", text=HOSTILE)))
    page = keep(home, staging, TightropeError(HOSTILE))
    assert page.count("&lt;script&gt;alert(1)") == 4
    assert "<script" not in page
    assert "<img" not in page
    assert "{{ 7 * 7 }}" in page


def test_a_page_that_cannot_be_written_is_not_the_error(tmp_path):
    (tmp_path / "togo").write_text("a file where the folder should be", encoding="utf-8")
    assert keep_failure(tmp_path / "togo", tmp_path / "b.ipynb", {}, TightropeError("it broke")) is None


def test_success_clears_it(home, staging):
    write_failed(staging, cell("a", status="failed"))
    keep(home, staging)
    clear_failure(home)
    assert [path.name for path in home.iterdir()] == ["2026-02-28"]


@pytest.mark.slow
@needs_browser
@pytest.mark.parametrize(
    ("width", "scheme", "paper"), [(390, "dark", "rgb(20, 24, 29)"), (1400, "light", "rgb(253, 253, 252)")]
)
def test_everyone_can_read_it(home, staging, width, scheme, paper):
    raised = v4.new_output("error", ename="E", evalue="x", traceback=["x" * 300])
    write_failed(staging, cell("y" * 300, raised))
    keep(home, staging)
    seen = open_page(home / "failed.html", width, scheme)
    assert seen.violations == []
    assert seen.width == width
    assert seen.complaints == []
    assert seen.requests == [(home / "failed.html").as_uri()]
    assert seen.background == paper
