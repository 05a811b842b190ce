"""What is due, made by the command: once, with a page, a word and a line in the index for each that fails."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from analysis.errors import TightropeError
from analysis.locks import LOCK, hold_lock
from analysis.paths import PROJECT, RAW
from analysis.reporting.aftermath import follow_up
from analysis.reporting.batch import Outcome
from analysis.reporting.days import list_days
from analysis.reporting.publish import open_staging, publish, retire_days
from analysis.reporting.schedule import Watch, read_last_runs
from tests.small_briefings import write_briefings

TELL = "import os, sys; open(sys.argv[1], 'a').write(os.environ['TIGHTROPE_REPORT'] + ' ' + sys.argv[2] + chr(10))"
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "reports"


def batch(notebooks, reports, built, *arguments):
    command = [sys.executable, "-m", "analysis", "batch", "--notebooks", notebooks, "--reports", reports]
    return subprocess.run(
        [*command, "--raw", RAW, "--data", built, "--jobs", "1", *arguments],
        capture_output=True, text=True, timeout=300, check=False, cwd=PROJECT,
    )  # fmt: skip


@pytest.mark.slow
def test_what_is_due_is_made_once_and_each_failure_is_told(tmp_path, reports, built):
    notebooks, told = tmp_path / "notebooks", tmp_path / "told"
    write_briefings(notebooks, 2, failing='raise ValueError("no such tilt")')
    toml = notebooks / "briefings.toml"
    lines = toml.read_text(encoding="utf-8").replace("[good]", '[good]\ncron = "0 0 1 1 *"').replace(
        "[failing]", '[failing]\ncron = "0 0 1 1 *"'
    )  # fmt: skip
    wrong = '[wrong]\nnotebook = "good.ipynb"\ncron = "0 0 1 1 *"\nnumbr = 3\n[by_hand]\nnotebook = "good.ipynb"\n'
    command = f"{sys.executable} -c \"{TELL}\" '{told}'"
    toml.write_text(f"on_failure = '''{command}'''\n{lines}{wrong}", encoding="utf-8")

    done = batch(notebooks, reports, built, "--due")
    assert done.returncode == 3, done.stderr
    assert sorted(path.name for path in reports.iterdir()) == [
        ".lock", ".state", "failing", "good-1", "good-2", "index.html", "wrong",
    ]  # fmt: skip
    assert sorted(told.read_text(encoding="utf-8").splitlines()) == [
        f"failing {reports}/failing/failed.html", f"wrong {reports}/wrong/failed.html",
    ]  # fmt: skip
    assert "unknown parameter &#39;numbr&#39;" in (reports / "wrong" / "failed.html").read_text(encoding="utf-8")
    assert "5 reports: 2 failed, 2 fresh, 1 not made yet" in (reports / "index.html").read_text(encoding="utf-8")
    assert sorted(read_last_runs(reports)) == ["failing", "good", "wrong"]

    again = batch(notebooks, reports, built, "--due")
    assert (again.returncode, again.stdout) == (0, "nothing is due\n")
    assert len(told.read_text(encoding="utf-8").splitlines()) == 2

    with hold_lock(reports / LOCK, "the test"):
        second = batch(notebooks, reports, built, "--only", "good")
    assert second.returncode == 1
    assert "a batch is being made by process" in second.stderr

    kept = batch(notebooks, reports, built, "--only", "good")
    assert kept.returncode == 0
    assert "5 reports: 2 failed, 2 unchanged, 1 not made yet" in (reports / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def briefings(tmp_path):
    return write_briefings(tmp_path / "notebooks", 2, other="pass")


def follow(outcomes, briefings, reports, built, command=(), warnings=None):
    reports.mkdir(exist_ok=True)
    watches = {briefing.entry: Watch("0 5 * * *", tuple(command)) for briefing in briefings}
    warn = (lambda text: None) if warnings is None else warnings.append
    folders = {"reports": reports, "data": built, "notebooks": briefings[0].notebook.parent}
    follow_up(outcomes, briefings, watches, **folders, now=NOW, warn=warn)


def test_an_entry_of_which_a_part_was_left_is_still_due(briefings, reports, built):
    outcomes = [Outcome("good-1", "made"), Outcome("good-2", "left"), Outcome("other", "unchanged")]
    follow(outcomes, briefings, reports, built)
    assert read_last_runs(reports) == {"other": NOW}
    follow([Outcome("good-1", "made")], briefings, reports, built)
    assert read_last_runs(reports) == {"other": NOW}
    follow([Outcome("good-1", "made"), Outcome("good-2", "failed", message="x")], briefings, reports, built)
    assert read_last_runs(reports) == {"good": NOW, "other": NOW}


def test_the_index_lists_the_briefings_of_the_folder_that_was_named_though_it_has_none(tmp_path, reports, built):
    (reports / "kept").mkdir(parents=True)
    (reports / "kept" / "failed.html").touch()
    (tmp_path / "briefings.toml").touch()
    follow_up([], [], {}, reports=reports, data=built, notebooks=tmp_path, now=NOW)
    assert "1 report: 1 failed<" in (reports / "index.html").read_text(encoding="utf-8")


def test_a_failures_own_page_is_not_written_over(briefings, reports, built):
    (reports / "other").mkdir(parents=True)
    page = reports / "other" / "failed.html"
    page.write_text("of the run", encoding="utf-8")
    follow([Outcome("other", "failed", message=f"it is described in {page}")], briefings, reports, built)
    assert page.read_text(encoding="utf-8") == "of the run"
    follow([Outcome("other", "failed", message="a worker was lost")], briefings, reports, built)
    assert "a worker was lost" in page.read_text(encoding="utf-8")
    assert f"{NOW:%Y-%m-%d %H:%M %z}" in page.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_not_named_and_an_older_one_neither(briefings, reports, built, tmp_path):
    (reports / "other").mkdir(parents=True)
    (reports / "other" / "failed.html").mkdir()
    command = [sys.executable, "-c", TELL, str(tmp_path / "told")]
    follow([Outcome("other", "failed", message="a worker was lost")], briefings, reports, built, command)
    assert (tmp_path / "told").read_text(encoding="utf-8") == "other \n"


@pytest.mark.parametrize("state", ["unchanged", "failed", "skipped", "left", "made"])
def test_days_are_kept_of_reports_that_were_not_made_too(briefings, reports, built, state):
    for day in ("2025-12-31", "2026-01-31", "2026-02-28"):
        with open_staging(reports, "other") as staging:
            (staging / "manifest.json").write_text("{}", encoding="utf-8")
            publish(staging, day)
    watches = {briefing.entry: Watch("", ()) for briefing in briefings}
    options = {"reports": reports, "data": built, "notebooks": reports, "now": NOW, "keep": 2}
    follow_up([Outcome("other", state)], briefings, watches, **options)
    kept = list_days(reports / "other")
    assert kept == (["2025-12-31"] if state in ("left", "made") else []) + ["2026-01-31", "2026-02-28"]
    n_runs = len(list((reports / "other" / ".runs").iterdir()))
    follow_up([Outcome("other", state)], briefings, watches, **options)
    assert n_runs == 3  # whoever has the day open can finish reading, until the next time
    assert len(list((reports / "other" / ".runs").iterdir())) == len(kept)


def test_a_report_that_is_being_made_or_is_somebody_elses_keeps_its_days(briefings, reports, built):
    for day in ("2025-12-31", "2026-01-31"):
        with open_staging(reports, "other") as staging:
            (staging / "manifest.json").write_text("{}", encoding="utf-8")
            publish(staging, day)
    with hold_lock(reports / "other" / LOCK, "the test"):
        retire_days(reports / "other", 1)
    assert len(list_days(reports / "other")) == 2
    (reports / "other" / "2024-12-31").mkdir()
    with pytest.raises(TightropeError, match="holds no report, and would be deleted"):
        retire_days(reports / "other", 2)
    retire_days(reports / "nowhere", 1)
    assert not (reports / "nowhere").exists()


def test_a_command_that_cannot_tell_is_warned_of_and_nothing_else_suffers(briefings, reports, built):
    warnings = []
    follow([Outcome("other", "failed", message="x")], briefings, reports, built, ["no-such-program"], warnings)
    assert warnings == ["on_failure of 'other': no-such-program cannot be run: No such file or directory"]
    assert json.loads((reports / ".state" / "last_runs.json").read_text(encoding="utf-8")) == {"other": NOW.isoformat()}
    assert "3 reports: 1 failed, 2 not made yet" in (reports / "index.html").read_text(encoding="utf-8")
