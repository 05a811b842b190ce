"""Links and folders of others in a reports folder: nothing outside is written or deleted, and nothing of theirs inside."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from planted import snapshot

from analysis.commands.batch import hold_batch
from analysis.errors import TightropeError
from analysis.fetch.ledger import LOCK_NAME
from analysis.fetch.ledger import hold_lock as hold_fetch
from analysis.folders import replace_folder
from analysis.own import replace_file, write_new
from analysis.paths import NOTEBOOKS, PROJECT
from analysis.reporting import publish
from analysis.reporting.aftermath import follow_up
from analysis.reporting.batch import Outcome
from analysis.reporting.days import list_days
from analysis.reporting.failure import FAILED_PAGE, clear_failure, keep_failure
from analysis.reporting.index import INDEX, list_entries, renew_index, write_index
from analysis.reporting.inputs import Snapshot
from analysis.reporting.parameters import Briefing
from analysis.reporting.publish import open_staging
from analysis.reporting.schedule import Watch, note_runs
from tests.notebook_factory import figure, notebook, table

DAY = "2026-02-28"
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


@pytest.fixture
def reports(tmp_path):
    (tmp_path / "reports").mkdir()
    return tmp_path / "reports"


@pytest.fixture
def outside(tmp_path):
    """A folder that looks like one of ours, beside the reports; it must be as it was at the end of every test."""
    folder = tmp_path / "outside"
    (folder / "run" / "figures").mkdir(parents=True)
    (folder / "run" / "manifest.json").write_text('{"outputs": {}}', encoding="utf-8")
    (folder / "run" / "figures" / "line.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "precious.txt").write_text("precious", encoding="utf-8")
    before = snapshot(folder)
    yield folder
    assert snapshot(folder) == before


def make(reports, keep=None):
    with open_staging(reports, "togo") as staging:
        publish.write_outputs(notebook(figure()), staging)
        publish.write_manifest(staging, {"outputs": {}})
        return publish.publish(staging, DAY, keep=keep)


def plant(link: Path, target: Path) -> Path:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target)
    return link


@pytest.mark.parametrize(
    ("place", "target"),
    [
        ("togo", "."), ("togo", "run"), ("togo", "nowhere"), ("togo/.runs", "."), ("togo/.runs", "nowhere"),
        ("togo/.lock", "precious.txt"), ("togo/.lock", "nowhere"), ("togo/.lock", "run"),
    ],
)  # fmt: skip
def test_a_link_where_a_folder_or_lock_of_ours_must_stand_is_refused(reports, outside, place, target):
    link = plant(reports / place, outside / target)
    with pytest.raises(TightropeError, match=f"{link.name}' is a link to '.*', and links are not followed there"):
        make(reports)
    assert link.is_symlink()


@pytest.mark.parametrize("target", [".", "run", "precious.txt", "nowhere"])
@pytest.mark.parametrize(
    "place", [f"togo/{DAY}", "togo/latest", "togo/.latest.new", f"togo/.{DAY}.new", "togo/.runs/x", "togo/2020-01-31"]
)
def test_a_link_where_ours_will_stand_is_replaced_and_not_followed(reports, outside, place, target):
    link = plant(reports / place, outside / target)
    published = make(reports, keep=1)
    assert (published / "figures" / "line.svg").is_file()
    assert list_days(reports / "togo") == [DAY]
    assert not link.exists() or outside not in link.resolve().parents or link.name == "2020-01-31"


@pytest.mark.parametrize("target", [".", "precious.txt", "nowhere"])
@pytest.mark.parametrize("name", ["tables", ".tables.previous"])
def test_a_folder_is_put_in_the_place_of_no_link_and_nothing_is_moved_out_of_one(reports, outside, name, target):
    fresh = reports / "fresh"
    fresh.mkdir()
    link = plant(reports / name, outside / target)
    with pytest.raises(TightropeError, match=f"{name}' is a link to '.*', and links are not followed there"):
        replace_folder(fresh, reports / "tables", keep=("run",))
    assert link.is_symlink()
    assert fresh.is_dir()


def test_a_day_that_is_a_link_out_of_the_report_is_none(reports, outside):
    make(reports)
    plant(reports / "togo" / "2027-01-31", outside / "run")
    plant(reports / "togo" / "2020-01-31", outside / "run")
    assert list_days(reports / "togo") == [DAY]
    make(reports, keep=1)
    assert os.readlink(reports / "togo" / "latest") == DAY


def test_a_folder_that_holds_no_report_is_neither_replaced_nor_retired(reports):
    other = reports / "togo" / DAY
    other.mkdir(parents=True)
    (other / "photo.jpg").write_text("precious", encoding="utf-8")
    with pytest.raises(TightropeError, match=f"{DAY}' holds no report, and would be deleted; move it away"):
        make(reports)
    other.rename(reports / "togo" / "2020-01-31")
    with pytest.raises(TightropeError, match="2020-01-31' holds no report, and would be deleted"):
        make(reports, keep=1)
    assert (reports / "togo" / "2020-01-31" / "photo.jpg").is_file()
    assert list_days(reports / "togo") == ["2020-01-31"], "nothing is moved before that is known"


@pytest.mark.parametrize("name", [FAILED_PAGE, "failed.ipynb", f".{FAILED_PAGE}.new"])
def test_the_page_of_a_failure_follows_no_link(reports, outside, name):
    link = plant(reports / "togo" / name, outside / "precious.txt")
    page = keep_failure(reports / "togo", Path("x.ipynb"), {}, TightropeError("it broke"))
    assert "it broke" in page.read_text(encoding="utf-8")
    assert not page.is_symlink()
    clear_failure(reports / "togo")
    assert name.startswith(".") or not link.is_symlink()


def test_a_failure_is_not_written_into_a_folder_that_is_a_link(reports, outside):
    plant(reports / "togo", outside)
    assert keep_failure(reports / "togo", Path("x.ipynb"), {}, TightropeError("it broke")) is None


@pytest.mark.parametrize("language", ["../../up", "/../../up", ["..", "up"], {"a": 1}, "de"])
def test_the_page_of_a_failure_stands_in_the_reports_whatever_the_parameter_that_failed(reports, language, tmp_path):
    briefing = Briefing("togo", tmp_path / "briefing.ipynb", {"language": language}, "togo")
    before = snapshot(tmp_path, without=reports)
    outcomes = [Outcome("togo", "failed", message="unknown language")]
    folders = {"reports": reports, "data": tmp_path, "notebooks": NOTEBOOKS}
    follow_up(outcomes, [briefing], {"togo": Watch("", ())}, **folders, now=NOW)
    assert (reports / "togo" / FAILED_PAGE).is_file()
    assert snapshot(tmp_path, without=reports) == before


def test_the_runs_are_noted_in_no_folder_that_is_a_link(reports, outside):
    link = plant(reports / ".state", outside)
    with pytest.raises(TightropeError, match=r"\.state' is a link"):
        note_runs(reports, ["togo"], NOW)
    link.unlink()
    for name in ("last_runs.json", ".last_runs.json.new"):
        plant(reports / ".state" / name, outside / "precious.txt")
    note_runs(reports, ["togo"], NOW)
    assert not (reports / ".state" / "last_runs.json").is_symlink()


def test_a_batch_takes_no_lock_that_is_a_link(reports, outside):
    plant(reports / ".lock", outside / "precious.txt")
    with pytest.raises(TightropeError, match=r"\.lock' is a link"), hold_batch(reports):
        raise AssertionError("it was taken")


@pytest.mark.parametrize("target", ["precious.txt", "nowhere"])
def test_a_download_takes_no_lock_that_is_a_link(reports, outside, target):
    plant(reports / LOCK_NAME, outside / target)
    with pytest.raises(TightropeError, match=r"\.fetch\.lock' is a link"), hold_fetch(reports):
        raise AssertionError("it was taken")


def test_a_lock_that_was_given_back_tells_nothing_of_the_machine(reports):
    make(reports)
    assert (reports / "togo" / ".lock").read_bytes() == b""


def test_the_index_follows_no_link(reports, outside, built):
    link = plant(reports / INDEX, outside / "precious.txt")
    write_index(reports, Snapshot(built))
    assert not link.is_symlink()
    assert write_index(reports, Snapshot(built)) == link


def test_a_page_of_somebody_else_is_not_replaced_by_the_index(reports, built):
    make(reports)
    (reports / INDEX).write_text("<h1>My home</h1>", encoding="utf-8")
    said = []
    renew_index(reports, built, warn=said.append)
    assert (reports / INDEX).read_text(encoding="utf-8") == "<h1>My home</h1>"
    assert said == [
        f"the index of reports was not renewed: '{reports / INDEX}' is no index of reports, and would be replaced; "
        "move it away"
    ]


def test_an_index_that_a_power_cut_left_empty_is_written_again(reports, built):
    make(reports)
    (reports / INDEX).write_bytes(b"")
    assert "togo" in write_index(reports, Snapshot(built)).read_text(encoding="utf-8")


def test_what_replaces_a_file_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    steps = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(
        os, "fsync", lambda number: steps.append(f"flushed {os.fstat(number).st_size}") or fsync(number)
    )
    monkeypatch.setattr(os, "replace", lambda fresh, path: steps.append("named") or replace(fresh, path))
    replace_file(tmp_path / "page.html", "12345")
    assert steps == ["flushed 5", "named"]


def test_a_report_that_is_a_link_is_not_listed_or_as_one_that_was_never_made(reports, tmp_path):
    (tmp_path / "elsewhere" / "2026-02-28").mkdir(parents=True)
    (tmp_path / "elsewhere" / FAILED_PAGE).write_text("x", encoding="utf-8")
    plant(reports / "togo", tmp_path / "elsewhere")
    assert list_days(reports / "togo") == []
    assert list_entries(reports, None) == []
    (entry,) = list_entries(reports, None, briefings=[Briefing("togo", NOTEBOOKS / "briefing.ipynb", {})])
    assert (entry.state, entry.as_of, entry.links) == ("unmade", "", ())


@pytest.mark.parametrize("name", ["javascript:alert(1)", "x y", "X", "%2e%2e", "a'b"])
def test_a_folder_with_a_name_that_no_run_gives_is_not_listed(reports, name):
    (reports / name).mkdir()
    (reports / name / FAILED_PAGE).write_text("x", encoding="utf-8")
    assert list_entries(reports, None) == []


@pytest.mark.parametrize(
    "name", ["../../up", "/tmp/up", "a/b", "..", "", "a.b", "a\0b", "x" * 101, "\N{FULLWIDTH SOLIDUS}", None, 3, ["x"]]
)
def test_a_figure_or_table_is_no_path(reports, name, tmp_path):
    before = snapshot(tmp_path, without=reports)
    for cell, folder in ((figure(), "figures"), (table([[1]], ["x"]), "tables")):
        cell.outputs[0].metadata["tightrope"]["name"] = name
        with (
            open_staging(reports, "togo") as staging,
            pytest.raises(TightropeError, match=f"cannot name one of the {folder}; use up to 100 letters"),
        ):
            publish.write_outputs(notebook(cell), staging)
    assert snapshot(tmp_path, without=reports) == before


@pytest.mark.parametrize("name", ["figures", "figures/line.svg", "briefing.ipynb", "manifest.json"])
def test_a_link_planted_in_the_folder_of_a_run_is_not_followed(reports, outside, name):
    def write(staging):
        publish.write_outputs(notebook(figure()), staging)
        publish.write_manifest(staging, {"outputs": {}})

    with open_staging(reports, "togo") as staging:
        plant(staging / name, outside / ("run" if name == "figures" else "precious.txt"))
        with pytest.raises((TightropeError, FileExistsError)):
            write(staging)


def test_a_file_is_written_where_there_is_none_and_replaced_as_a_whole(tmp_path, outside):
    write_new(tmp_path / "new", "text")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "new", "other")
    replace_file(plant(tmp_path / "link", outside / "precious.txt"), "new")
    assert (tmp_path / "new").read_text(encoding="utf-8") == "text"
    assert (tmp_path / "link").read_text(encoding="utf-8") == "new"
    with pytest.raises(OSError, match="Is a directory"):
        replace_file(outside / "run", "new")


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
@pytest.mark.parametrize("place", ["reports/togo", "reports/x", "data/processed", ".venv", "x/__pycache__"])
def test_cleaning_removes_links_and_not_what_they_lead_to(tmp_path, outside, place):
    project = tmp_path / "project"
    (project / "reports" / "sample").mkdir(parents=True)
    (project / "reports" / "sample" / "page.html").write_text("kept", encoding="utf-8")
    shutil.copy(PROJECT / "Makefile", project)
    plant(project / place, outside)
    done = subprocess.run(["make", "clean"], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (project / "reports" / "sample" / "page.html").is_file()
    assert not (project / place).exists() or place.startswith("x/")


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_cleaning_follows_no_reports_folder_that_is_a_link(tmp_path, outside):
    project = tmp_path / "project"
    project.mkdir()
    shutil.copy(PROJECT / "Makefile", project)
    plant(project / "reports", outside)
    assert subprocess.run(["make", "clean"], cwd=project, capture_output=True, check=False).returncode == 0
