"""What cells put out stops at a limit: the cell and the limit are named, little is kept, and other reports are made."""

import json
import re
from pathlib import Path

import nbformat
import psutil
import pytest

from analysis.errors import TightropeError
from analysis.reporting import brief, document, failure
from analysis.reporting.batch import make_batch
from analysis.reporting.brief import make_briefing
from analysis.reporting.crew import LocalCrew
from analysis.reporting.document import ExportError, read_document
from analysis.reporting.execute import execute_notebook
from analysis.reporting.forked import CAN_FORK, ForkedKernel, KernelServer
from analysis.reporting.limits import MOST_PRINTED, Limits, NotebookError
from analysis.reporting.outputs import OutputMeter, check_files, measure
from analysis.reporting.schedule import read_clock
from tests import notebook_factory as made
from tests.small_briefings import write_briefings, write_notebook

MB = 2**20
needs_fork = pytest.mark.skipif(not CAN_FORK, reason="no fork here")
ONE_PRINT = "print('x' * 100 * 2**20)"
ENDLESS_PRINT = "while True:\n    print('x' * 1000)"
MANY_PICTURES = (
    "from IPython.display import display\n"
    "for number in range(1000):\n"
    "    display({'image/svg+xml': '<svg>' + 'x' * 2**20 + '</svg>'}, raw=True, metadata={'alt': 'x'})"
)
LONG_ERROR = "raise ValueError('x' * 10 * 2**20)"


@pytest.fixture(scope="module")
def server(built):
    with KernelServer(built) as server:
        server.connect().close()
        yield server


@pytest.fixture
def run(server, tmp_path):
    def run(*sources, **limits):
        notebook = write_notebook(tmp_path / "small.ipynb", *sources)
        with ForkedKernel(server.path) as kernel:
            return execute_notebook(notebook, {}, tmp_path / "out.ipynb", kernel, Limits(cell_seconds=600.0, **limits))

    return run


@needs_fork
@pytest.mark.slow
@pytest.mark.parametrize("source", [ONE_PRINT, ENDLESS_PRINT, MANY_PICTURES, LONG_ERROR])
def test_a_cell_that_puts_out_too_much_is_named_with_the_limit_and_little_is_kept(run, tmp_path, source):
    before = psutil.Process().memory_info().rss
    with pytest.raises(NotebookError) as told:
        run("print('well')", source, "print('never')", file_bytes=3 * MB)
    first_line = source.splitlines()[0]
    assert str(told.value).startswith(f"small.ipynb: code cell 3 ({first_line!r}) put out ")
    assert "a file of a report may have 3 MB" in str(told.value)
    assert "--file-limit" in str(told.value)
    assert (tmp_path / "out.ipynb").stat().st_size < 5 * MB
    kept = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert [len(cell.outputs) for cell in kept.cells][-1] == 0
    assert psutil.Process().memory_info().rss - before < 600 * MB


@needs_fork
@pytest.mark.slow
def test_what_is_cleared_or_replaced_does_not_count(run):
    clearing = (
        "from IPython.display import clear_output\n"
        "for number in range(40):\n"
        "    clear_output()\n"
        "    print(str(number % 10) * 100_000)"
    )
    executed = run(clearing, file_bytes=MB)
    assert executed.cells[-1].outputs[0].text == "9" * 100_000 + "\n"


@needs_fork
@pytest.mark.slow
def test_the_batch_goes_on_and_the_page_of_the_failure_names_the_cell(built, tmp_path):
    briefings = write_briefings(tmp_path / "notebooks", 2, large=ONE_PRINT)
    reports = tmp_path / "reports"
    limits = Limits(report_seconds=120.0, file_bytes=3 * MB)
    with LocalCrew(built) as crew:
        outcomes = make_batch(briefings[::-1], crew, reports=reports, data=built, jobs=1, limits=limits)
    assert {each.name: each.state for each in outcomes} == {"large": "failed", "good-1": "made", "good-2": "made"}
    page = reports / "large" / "failed.html"
    assert "put out 100 MB" in page.read_text(encoding="utf-8")
    assert page.stat().st_size < MB


@needs_fork
@pytest.mark.slow
def test_a_page_that_is_too_large_is_not_published_and_names_the_cell_that_puts_out_most(server, built, tmp_path):
    # A sign that HTML must spell out is one byte in the notebook and five on the page.
    (briefing,) = write_briefings(tmp_path / "notebooks", large="print('&' * 150_000)")
    with ForkedKernel(server.path) as kernel, pytest.raises(TightropeError) as told:
        make_briefing(
            briefing, reports=tmp_path / "reports", data=built, kernel=kernel, limits=Limits(file_bytes=500_000)
        )
    size = re.search(r"briefing\.html has (\d+) bytes", str(told.value))
    assert size is not None
    assert 5 * 150_000 < int(size[1]) < 6 * 150_000
    assert "may have 500000 bytes; the cell \"print('&' * 150_000)\" puts out most" in str(told.value)
    assert not (tmp_path / "reports" / "large" / "latest").exists()


@needs_fork
@pytest.mark.slow
def test_both_commands_take_the_limit_and_refuse_what_is_none(built, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from analysis.__main__ import app

    write_briefings(tmp_path / "notebooks", large="print('x' * 2**20)")
    given = ["--data", str(built), "--reports", str(tmp_path / "reports")]
    notebooks = ["--notebooks", str(tmp_path / "notebooks")]
    done = CliRunner().invoke(app, ["batch", *given, *notebooks, "--file-limit", "500KB"])
    assert (done.exit_code, "may have 512000 bytes" in " ".join(done.output.split())) == (1, True)
    taken = []

    def take(*_, limits, **__):
        taken.append(limits.file_bytes)
        raise TightropeError("far enough")

    monkeypatch.setattr(brief, "make_briefing", take)
    CliRunner().invoke(app, ["brief", "togo", *given, "--file-limit", "500KB"])
    assert taken == [512_000]
    for command in (["batch", *notebooks], ["brief", "togo"]):
        done = CliRunner().invoke(app, [*command, *given, "--file-limit", "much"])
        assert "file limit 'much'; a size such as 512MB or 2GB is accepted" in str(done.exception)


def test_a_page_takes_no_more_printed_text_than_its_limit(monkeypatch):
    monkeypatch.setattr(document, "MOST_PRINTED", 100)
    read_document(made.notebook(made.title(), made.code(made.stream("x" * 100))))
    for long in (made.stream("x" * 101), made.display(text__plain="x" * 101)):
        with pytest.raises(
            ExportError, match=r"cell 2 \('show\(\)'.* prints 101 characters.* takes at most 100; print"
        ):
            read_document(made.notebook(made.title(), made.code(long)))


def test_the_page_of_a_failure_shows_the_end_of_what_was_printed_however_long_its_lines(tmp_path):
    cell = failure.FailedCell(1, "print()", "", "earliest " + "x" * 10 * MB + " last")
    page = failure.render_failure(tmp_path, "small.ipynb", {}, TightropeError("it failed"), read_clock(), cell)
    assert len(page) < 100_000
    assert "x last" in page
    assert "earliest" not in page


def test_the_meter_ends_the_kernel_once_and_admits_nothing_afterwards():
    ended = []
    meter = OutputMeter(100, ended.append)
    nothing = made.notebook()
    assert meter.admits({"text": "x" * 90}, nothing)
    meter.stop_here(cell=None)
    assert not meter.admits({"text": "x" * 101}, nothing)
    assert not meter.admits({"text": "x"}, nothing)
    assert ended == [meter.error]
    with pytest.raises(NotebookError, match="put out 105 bytes more than the 0 bytes of outputs before"):
        meter.stop_here(cell=None)


def test_without_a_limit_all_is_admitted(tmp_path):
    meter = OutputMeter(None, pytest.fail)
    assert meter.admits({"text": "x" * 10 * MB}, made.notebook())
    (tmp_path / "page.html").write_bytes(b"x" * 100)
    check_files(tmp_path, None, made.notebook())
    check_files(tmp_path, 100, made.notebook(made.title()))
    with pytest.raises(TightropeError, match=r"page\.html has 100 bytes"):
        check_files(tmp_path, 99, made.notebook(made.title()))


def test_text_is_measured_as_it_is_written():
    assert measure({"a": ["é", {"b": "\ud800"}], "n": 3}) == 1 + 2 + 1 + 3 + 1 + 8


def test_the_reports_of_this_project_are_far_from_the_limits(request):
    sample = Path(request.config.rootpath) / "reports" / "sample"
    assert json.loads((sample / "manifest.json").read_text(encoding="utf-8"))["name"] == "togo"
    assert max(path.stat().st_size for path in sample.iterdir()) * 5 < Limits().file_bytes
    assert MOST_PRINTED == 200_000
