"""A batch that cannot be run, or not to its end: who waits for its reports is told once, the index says so, and the exit code stays."""

import json
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from analysis.errors import TightropeError
from analysis.locks import LOCK, hold_lock
from analysis.paths import PROJECT
from analysis.reporting.aftermath import follow_up, tell_unbegun
from analysis.reporting.batch import Outcome
from analysis.reporting.schedule import Watch, read_standing_watches
from analysis.reporting.unbegun import clear_unbegun, read_unbegun
from tests.small_briefings import write_briefings

TELL = (
    "import os, sys; open(sys.argv[1], 'a').write("
    "'|'.join([os.environ['TIGHTROPE_REPORT'], os.environ['TIGHTROPE_ERROR'].splitlines()[0], *sys.argv[2:]]) + chr(10))"
)
NOW = datetime(2026, 3, 2, 5, 0, 30, tzinfo=UTC)
ERROR = TightropeError("missions.csv has changed")


@pytest.fixture
def told(tmp_path):
    """What was told so far, a line each time."""
    path = tmp_path / "told"
    path.touch()
    return path


@pytest.fixture
def reports(tmp_path):
    (tmp_path / "reports").mkdir()
    return tmp_path / "reports"


@pytest.fixture
def fail(tmp_path, told, reports, built):
    write_briefings(tmp_path / "notebooks", 2, other="pass")
    command = (sys.executable, "-c", TELL, str(told))
    watches = {"good": Watch("0 5 * * *", command), "other": Watch("0 5 * * *", command)}
    options = {"reports": reports, "data": built, "notebooks": tmp_path / "notebooks"}

    def fail(now=NOW, error=ERROR, entries=("good", "other"), *, is_looking=True, **other):
        return tell_unbegun(error, entries, watches, **{**options, **other}, now=now, is_looking=is_looking)

    return fail


def lines(path):
    return path.read_text(encoding="utf-8").splitlines()


def test_all_who_wait_are_told_in_one_word_with_a_page_and_a_line_in_the_index(fail, reports, told):
    assert fail()
    assert lines(told) == [f"good, other|missions.csv has changed|{reports}/failed.html"]
    page = (reports / "failed.html").read_text(encoding="utf-8")
    assert "The batch did not run to its end" in page
    assert "missions.csv has changed" in page
    assert "good\nother" in page
    index = (reports / "index.html").read_text(encoding="utf-8")
    assert "The last batch did not run to its end, the first time at 2026-03-02 05:00 +0000:" in index
    assert "missions.csv has changed" in index
    assert 'href="failed.html"' in index
    assert "3 reports: 3 not made yet" in index


def test_each_command_is_told_of_its_own_entries(reports, tmp_path, told, built):
    others = tmp_path / "told others"
    one, other = ((sys.executable, "-c", TELL, str(path)) for path in (told, others))
    watches = {"a": Watch("0 5 * * *", one), "b": Watch("", ()), "c": Watch("", other), "d": Watch("0 5 * * *", one)}
    folders = {"reports": reports, "data": built, "notebooks": tmp_path}
    assert tell_unbegun(ERROR, list(watches), watches, **folders, now=NOW)
    assert [line.split("|")[0] for path in (told, others) for line in lines(path)] == ["a, d", "c"]


def test_what_looks_every_ten_minutes_tells_a_fault_once_until_the_next_time_comes(fail, told):
    assert [fail(NOW + timedelta(minutes=10 * number)) for number in range(144)] == [True] + 143 * [False]
    assert len(lines(told)) == 1
    assert fail(NOW + timedelta(days=1))
    assert not fail(NOW + timedelta(days=1, minutes=10))
    assert len(lines(told)) == 2


def test_another_fault_or_another_entry_is_told_and_so_is_the_same_after_it_was_mended(fail, reports, told):
    fail(entries=["good"])
    fail(NOW + timedelta(minutes=10), TightropeError("the disk is full"), ["good"])
    fail(NOW + timedelta(minutes=20))
    assert [line.split("|")[:2] for line in lines(told)] == [
        ["good", "missions.csv has changed"], ["good", "the disk is full"], ["other", "missions.csv has changed"],
    ]  # fmt: skip
    clear_unbegun(reports)
    assert fail(NOW + timedelta(minutes=30))
    assert lines(told)[-1].startswith("good, other|")


def test_what_is_started_by_hand_tells_each_time(fail, told):
    assert [fail(is_looking=False), fail(is_looking=False)] == [True, True]
    assert len(lines(told)) == 2


def test_the_index_says_since_when_for_the_same_reason(fail, reports):
    fail()
    fail(NOW + timedelta(hours=3))
    assert read_unbegun(reports).since == NOW
    fail(NOW + timedelta(hours=4), OSError("another"))
    assert read_unbegun(reports) == ("OSError: another", NOW + timedelta(hours=4))
    assert "Where in the code" in (reports / "failed.html").read_text(encoding="utf-8")


def test_a_batch_that_can_be_run_clears_it(fail, reports, tmp_path, built):
    fail()
    briefings = write_briefings(tmp_path / "notebooks", 2, other="pass")
    watches = {briefing.entry: Watch("", ()) for briefing in briefings}
    folders = {"reports": reports, "data": built, "notebooks": tmp_path / "notebooks"}
    follow_up([Outcome("good-1", "unchanged")], briefings, watches, **folders, now=NOW)
    assert not (reports / "failed.html").exists()
    assert sorted(path.name for path in (reports / ".state").iterdir()) == ["last_runs.json"]


def test_without_tables_or_briefings_there_is_an_index_all_the_same(fail, reports, tmp_path):
    (tmp_path / "notebooks" / "briefings.toml").write_text("[broken", encoding="utf-8")
    assert fail(entries=[], data=tmp_path / "none")
    assert not fail(NOW + timedelta(minutes=10), entries=[], data=tmp_path / "none")
    assert "missions.csv has changed" in (reports / "index.html").read_text(encoding="utf-8")


def test_a_page_of_somebody_elses_and_hostile_text_stay_what_they_are(fail, reports, told):
    (reports / "failed.html").write_text("my own", encoding="utf-8")
    fail(error=TightropeError("<script>alert(1)</script>"))
    assert lines(told)[0].endswith("|")  # no page: an empty argument
    clear_unbegun(reports)
    assert (reports / "failed.html").read_text(encoding="utf-8") == "my own"
    (reports / "failed.html").unlink()
    fail(error=TightropeError("<script>alert(1)</script>"))
    assert "<script" not in (reports / "failed.html").read_text(encoding="utf-8")
    assert "<script" not in (reports / "index.html").read_text(encoding="utf-8")


def test_who_is_told_is_known_where_one_entry_is_wrong(tmp_path):
    write_briefings(tmp_path / "notebooks", 1)
    toml = tmp_path / "notebooks" / "briefings.toml"
    toml.write_text('on_failure = "tell"\n[a]\ncron = "0 5 * * *"\n[b]\ncron = "often"\n[c]\non_failure = "\'"\n')
    assert read_standing_watches(toml.parent) == {"a": Watch("0 5 * * *", ("tell",)), "b": Watch("", ("tell",))}
    toml.write_text("[broken")
    assert read_standing_watches(toml.parent) == {}


def batch(folder, reports, *arguments):
    """The command on raw files, tables and notebooks of a folder."""
    command = [sys.executable, "-m", "analysis", "batch", "--notebooks", folder / "notebooks", "--reports", reports]
    return subprocess.run(
        [*command, "--raw", folder / "raw", "--data", folder / "processed", "--jobs", "1", *arguments],
        capture_output=True, text=True, timeout=300, check=False, cwd=PROJECT,
    )  # fmt: skip


@pytest.fixture
def night(tmp_path, told, raw_copy, built):
    """A folder for a night, in which everything is due."""
    write_briefings(tmp_path / "notebooks", 2)
    shutil.copytree(built, tmp_path / "processed")
    toml = tmp_path / "notebooks" / "briefings.toml"
    command = f"{sys.executable} -c \"{TELL}\" '{told}'"
    text = f"on_failure = '''{command}'''\ncron = \"0 0 1 1 *\"\n{toml.read_text(encoding='utf-8')}"
    toml.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_a_changed_raw_file_is_told_once_at_night_and_all_is_well_once_it_is_mended(night, reports, told):
    raw = (night / "raw" / "missions.csv").read_bytes()
    (night / "raw" / "missions.csv").write_bytes(raw + b"x\n")
    first = batch(night, reports, "--due")
    assert first.returncode == 1
    assert "missions.csv has changed" in first.stderr
    assert len(lines(told)) == 1
    assert lines(told)[0].startswith("good|missions.csv has changed")
    assert "missions.csv has changed" in (reports / "index.html").read_text(encoding="utf-8")
    again = batch(night, reports, "--due")
    assert (again.returncode, again.stdout, again.stderr) == (1, "", "")
    by_hand = batch(night, reports, "--only", "good-1")
    assert by_hand.returncode == 1
    assert "missions.csv has changed" in by_hand.stderr
    assert len(lines(told)) == 2
    (night / "raw" / "missions.csv").write_bytes(raw)
    assert batch(night, reports, "--due").returncode == 0
    assert len(lines(told)) == 2
    assert "to its end" not in (reports / "index.html").read_text(encoding="utf-8")
    assert not (reports / "failed.html").exists()


@pytest.mark.slow
def test_an_entry_that_cannot_be_read_is_told_by_the_others(night, reports, told):
    with (night / "notebooks" / "briefings.toml").open("a", encoding="utf-8") as file:
        file.write('[lost]\nnotebook = "gone.ipynb"\n')
    done = batch(night, reports, "--due")
    assert done.returncode == 1
    assert lines(told)[0].startswith("good, lost|unknown notebook 'gone.ipynb'")
    assert batch(night, reports, "--only", "no-such-name").returncode == 1
    assert len(lines(told)) == 2
    with (night / "notebooks" / "briefings.toml").open("a", encoding="utf-8") as file:
        file.write("[broken")
    done = batch(night, reports, "--due")
    assert done.returncode == 1
    assert "Expected" in done.stderr
    assert "Expected" in (reports / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_fault_that_is_mended_before_anything_is_due_is_taken_back(night, reports, told):
    assert batch(night, reports).returncode == 0
    toml = night / "notebooks" / "briefings.toml"
    written = toml.read_text(encoding="utf-8")
    toml.write_text(f"{written}[half", encoding="utf-8")
    assert batch(night, reports, "--due").returncode == 1
    assert "to its end" in (reports / "index.html").read_text(encoding="utf-8")
    toml.write_text(f"{written}[late]\nnotebook = 'good.ipynb'\n", encoding="utf-8")
    assert batch(night, reports, "--due", "--only", "good").stdout == "nothing is due\n"
    assert "to its end" in (reports / "index.html").read_text(encoding="utf-8")  # another entry waits
    toml.write_text(written, encoding="utf-8")
    assert batch(night, reports, "--due").stdout == "nothing is due\n"
    assert "to its end" not in (reports / "index.html").read_text(encoding="utf-8")
    assert "2 unchanged" in (reports / "index.html").read_text(encoding="utf-8")
    assert not (reports / "failed.html").exists()


@pytest.mark.slow
def test_a_full_disk_is_told_once_though_nothing_can_be_written(night, mount_disk, told):
    place = mount_disk("16m")
    reports = place / "reports"
    assert batch(night, reports).returncode == 0
    (reports / ".state" / "last_runs.json").unlink()
    with suppress(OSError), (place / "ballast").open("wb", buffering=0) as file:
        while True:
            file.write(b"0" * 4096)
    assert [batch(night, reports, "--due").returncode for _ in range(3)] == [1, 1, 1]
    assert len(lines(told)) == 1
    assert re.fullmatch(r"good\|cannot write reports to .*No space left on device.*\|", lines(told)[0])


@pytest.mark.slow
def test_runs_that_cannot_be_noted_are_told_once(night, reports, told):
    assert batch(night, reports).returncode == 0
    (reports / ".state" / "last_runs.json").unlink()
    (reports / ".state" / "last_runs.json").mkdir()
    assert [batch(night, reports, "--due").returncode for _ in range(2)] == [1, 1]
    assert len(lines(told)) == 1
    assert lines(told)[0].startswith("good|cannot note the runs")


@pytest.mark.slow
def test_a_look_that_finds_a_batch_at_work_ends_well(night, reports, told):
    with hold_lock(reports / LOCK, "the test"):
        done = batch(night, reports, "--due")
        assert (done.returncode, done.stderr) == (0, "")
        assert re.fullmatch(
            r"a batch is being made by process \d+ on \S+; wait for it or end it; what is still due is found by the "
            r"next look\n",
            done.stdout,
        )
        assert batch(night, reports).returncode == 1
    assert lines(told) == []


def test_the_note_is_no_help_to_who_may_write_there(fail, reports, tmp_path):
    outside = tmp_path / "outside"
    (reports / ".state").mkdir()
    fail()
    (mark,) = [path for path in (reports / ".state").iterdir() if path.name.startswith("told-")][:1]
    mark.unlink()
    mark.symlink_to(outside)
    fail(NOW + timedelta(days=1))
    assert not outside.exists()
    (reports / ".state" / "unbegun.json").write_text(json.dumps({"error": ["x"], "since": "never"}), encoding="utf-8")
    assert read_unbegun(reports) is None
