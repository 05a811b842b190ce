"""What the command of a batch is told, and what comes of it: each option by what it changes, on real small reports."""

import re
import signal

import pytest
from spark_cluster import has_spark

from analysis.reporting.forked import CAN_FORK
from tests.small_briefings import ENDLESS, GREEDY, PARAMETERS, TITLE, write_briefings, write_notebook
from tests.sudden_ends import SECONDS, begin_batch

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CAN_FORK, reason="no fork here")]

MEET = """
import time
from pathlib import Path
Path({own!r}).touch()
given_up = time.monotonic() + 60
while not Path({other!r}).exists():  # it is made at the same time
    assert time.monotonic() < given_up, "nobody else is at work"
    time.sleep(0.05)
"""


@pytest.fixture
def notebooks(tmp_path):
    return tmp_path / "notebooks"


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "reports"


@pytest.fixture
def run(notebooks, reports, built):
    """Run the command; its exit code, and all that it said in one line."""

    def run(*arguments):
        process = begin_batch(notebooks, reports, built, *arguments)
        try:
            said = re.sub(r"\s+", " ", " ".join(process.communicate(timeout=SECONDS)))
        finally:
            process.kill()
        assert "Traceback" not in said
        return process.returncode, said

    return run


def page_of(reports, name):
    return (reports / name / "latest" / "briefing.html").read_text(encoding="utf-8")


def test_a_second_batch_is_refused_as_long_as_the_first_is_at_work(notebooks, reports, built, run):
    write_briefings(notebooks, 1, endless=ENDLESS)
    first = begin_batch(notebooks, reports, built, "--only", "endless")
    try:
        assert "endless: running endless.ipynb\n" in iter(first.stderr.readline, "")
        code, said = run("--only", "good-1")
    finally:
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=SECONDS)
    assert (code, f"a batch is being made by process {first.pid}" in said) == (1, True)
    assert not (reports / "good-1").exists()


def test_what_has_changed_is_made_anew_and_nothing_else(notebooks, reports, run):
    write_briefings(notebooks, other="print('first')", third="print('first')")
    assert run()[0] == 0
    write_notebook(notebooks / "other.ipynb", TITLE, "print('second')")
    code, said = run()
    assert (code, "1 made, 1 unchanged" in said) == (0, True), said
    assert "other: another notebook" in said
    assert "second" in page_of(reports, "other")


def test_what_asks_event_files_is_skipped_where_there_are_none_and_fails_if_it_is_asked_for(notebooks, run):
    write_briefings(notebooks, other="pass")
    asking = f'{PARAMETERS}\nstart: str = "2026-01-01"  # s\nsources: list[str] = []  # s'
    write_notebook(notebooks / "asking.ipynb", TITLE, parameters=asking)
    with (notebooks / "briefings.toml").open("a", encoding="utf-8") as toml:
        toml.write('[asking]\nnotebook = "asking.ipynb"\n')
    code, said = run()
    assert (code, "1 made, 1 skipped" in said) == (0, True), said
    code, said = run("--only", "asking")
    assert (code, "0 made, 1 failed" in said) == (1, True), said


def test_the_rest_is_left_after_one_that_is_over_its_memory_if_the_command_is_to_fail_fast(notebooks, run):
    write_briefings(notebooks, greedy=GREEDY, other="pass")
    code, said = run("--jobs", "1", "--fail-fast", "--memory-limit", "600MB")
    assert (code, "0 made, 1 failed, 1 left" in said) == (1, True), said
    assert "needed more than the memory limit of 600 MB" in said


def test_the_cells_of_a_report_take_no_longer_than_the_command_allows(notebooks, run):
    write_briefings(notebooks, endless=ENDLESS)
    code, said = run("--timeout", "2")
    assert (code, "took longer than the time-out of 2 seconds; allow more with --timeout" in said) == (1, True), said


def test_as_many_reports_are_made_at_a_time_as_the_command_says(notebooks, tmp_path, run):
    one, other = str(tmp_path / "one"), str(tmp_path / "other")
    write_briefings(notebooks, one=MEET.format(own=one, other=other), other=MEET.format(own=other, other=one))
    code, said = run("--jobs", "2")
    assert (code, "2 made" in said) == (0, True), said


def test_what_is_asked_for_by_name_is_made_only_if_it_is_due(notebooks, reports, run):
    write_briefings(notebooks, 1)
    assert run("--due", "--only", "good") == (0, "nothing is due ")
    assert not (reports / "good-1").exists()


@pytest.mark.xdist_group("spark")
@pytest.mark.skipif(has_spark() is not None, reason=str(has_spark()))
def test_reports_are_made_where_the_command_says(notebooks, reports, run):
    write_briefings(notebooks, other="pass")
    code, said = run("--cluster", "spark://local")
    assert (code, "other: given to the cluster" in said) == (0, True), said
    assert "Report 1" in page_of(reports, "other")
