"""Report folders: half of one is never seen, the last good one stays, and one run holds a report at a time."""

import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.commands.batch import hold_batch
from analysis.errors import TightropeError
from analysis.locks import LOCK, LockedError, hold_lock
from analysis.own import replace_file
from analysis.reporting import publish
from analysis.reporting.days import list_days
from analysis.reporting.publish import open_staging

DAY = "2026-02-28"
HOLDER = """
import sys, time
from pathlib import Path
from analysis.reporting.publish import open_staging
with open_staging(Path(sys.argv[1]), "togo") as staging:
    (staging / "half.html").write_text("half")
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "reports"


def fill(staging, content):
    """A report of several files, and the manifest that holds them together."""
    (staging / "figures").mkdir()
    for number in range(8):
        (staging / "figures" / f"{number}.svg").write_text(f"{content} {number}", encoding="utf-8")
    outputs = {f"figures/{number}.svg": f"{content} {number}" for number in range(8)}
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in outputs.items()}
    publish.write_manifest(staging, {"content": content, "outputs": digests})


def make(reports, day=DAY, content="first", **options):
    with open_staging(reports, "togo") as staging:
        fill(staging, content)
        return publish.publish(staging, day, **options)


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_folder_without_links_is_told_before_anything_is_made(reports, monkeypatch, number):
    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "symlink_to", refuse)
    told = f"no link can be made in .*: {os.strerror(number)}; reports are published by symbolic links"
    for begin in (lambda: open_staging(reports, "togo"), lambda: hold_batch(reports)):
        with pytest.raises(TightropeError, match=told), begin():
            pytest.fail("it was begun")
    assert list((reports / "togo" / ".runs").iterdir()) == []
    monkeypatch.undo()
    with hold_batch(reports):
        make(reports)
    assert sorted(path.name for path in reports.iterdir()) == [".lock", "togo"]
    assert sorted(path.name for path in (reports / "togo").iterdir()) == [".lock", ".runs", DAY, "latest"]


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_folder_without_locks_is_told(reports, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("filelock.FileLock.acquire", lambda *_, **__: refuse())
    for begin in (lambda: open_staging(reports, "togo"), lambda: hold_batch(reports)):
        with pytest.raises(TightropeError, match=f"cannot write reports to .*: {os.strerror(number)}"), begin():
            pytest.fail("it was begun")


def test_a_page_is_written_though_all_files_have_the_same_permissions(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "chmod", refuse)
    replace_file(tmp_path / "failed.html", "what failed")
    assert (tmp_path / "failed.html").read_text(encoding="utf-8") == "what failed"


def content_of(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["content"]


def is_whole(folder):
    outputs = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    return all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in outputs.items())


@pytest.fixture
def holder(reports):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(reports)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


CHANGES = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink"}


class Reader:
    """Looks at some folders before each step that this process takes on the file system."""

    def __init__(self):
        self.folders, self.n_looks, self.faults, self._is_looking = [], 0, [], False
        sys.addaudithook(self._hear)  # it stays to the end of the process, without folders

    def _hear(self, event, arguments):
        if not self.folders or self._is_looking or event not in CHANGES:
            return
        self._is_looking = True
        self.n_looks += 1
        for folder in self.folders:
            try:
                if not is_whole(folder):
                    self.faults.append(f"{folder} holds a file of another report")
            except OSError as error:
                self.faults.append(repr(error))
        self._is_looking = False


def test_a_reader_finds_a_whole_report_before_and_after_every_step(reports):
    make(reports, content="first")
    reader = Reader()
    # Who has opened the folder stays in it, whatever the link points to by then, until the run after the next.
    opened = (reports / "togo" / DAY).resolve(strict=True)
    reader.folders = [reports / "togo" / DAY, reports / "togo" / "latest", opened]
    make(reports, content="second")
    reader.folders = []
    assert reader.n_looks > 10
    assert reader.faults == []
    assert content_of(reports / "togo" / DAY) == "second"
    assert opened.exists()
    make(reports, content="third")
    assert not opened.exists()


def test_others_of_the_machine_can_read_what_is_published(reports):
    usual = os.umask(0o022)
    try:
        folder = make(reports).resolve()
        replace_file(reports / "index.html", "a page")
    finally:
        os.umask(usual)
    paths = [reports, reports / "index.html", reports / "togo", folder.parent, folder, *folder.rglob("*")]
    assert [path.name for path in paths if path.stat().st_mode & 0o044 != 0o044] == []
    assert [path.name for path in paths if path.is_dir() and path.stat().st_mode & 0o011 != 0o011] == []


def test_what_is_not_published_is_not_seen_and_does_not_stay(reports):
    make(reports)
    with open_staging(reports, "togo") as staging:
        fill(staging, "second")
    assert content_of(reports / "togo" / DAY) == "first"
    assert len(list((reports / "togo" / ".runs").iterdir())) == 1


def test_latest_is_the_newest_day_whatever_was_made_last(reports):
    make(reports, "2026-01-31")
    make(reports, "2026-02-28")
    make(reports, "2025-12-31", "an older day, made later")
    assert os.readlink(reports / "togo" / "latest") == "2026-02-28"
    assert list_days(reports / "togo") == ["2025-12-31", "2026-01-31", "2026-02-28"]


def test_retention_keeps_the_newest_days_and_this_one(reports):
    for day in ("2026-01-31", "2026-02-28", "2026-03-31"):
        make(reports, day)
    make(reports, "2026-04-30", keep=2)
    assert list_days(reports / "togo") == ["2026-03-31", "2026-04-30"]
    make(reports, "2020-01-31", keep=1)
    assert list_days(reports / "togo") == ["2020-01-31", "2026-04-30"]
    assert is_whole(reports / "togo" / "latest")
    with pytest.raises(TightropeError, match="keep is 0; 1 or more"):
        make(reports, keep=0)


def test_a_report_published_before_links_were_is_replaced(reports):
    old = reports / "togo" / DAY
    old.mkdir(parents=True)
    (old / "manifest.json").write_text('{"content": "old", "outputs": {}}', encoding="utf-8")
    make(reports)
    assert content_of(old) == "first"
    assert list_days(reports / "togo") == [DAY]


def test_a_copy_without_its_links_is_gone_on_with(reports, tmp_path):
    make(reports, "2026-01-31")
    make(reports, "2026-02-28")
    copy = tmp_path / "copy"
    shutil.copytree(reports, copy)  # what packs or copies a folder may follow its links
    assert not (copy / "togo" / "latest").is_symlink()
    make(copy, "2026-03-31", "third")
    assert content_of(copy / "togo" / "latest") == "third"
    assert os.readlink(copy / "togo" / "latest") == "2026-03-31"
    assert list_days(copy / "togo") == ["2026-01-31", "2026-02-28", "2026-03-31"]


def test_a_folder_of_somebody_else_in_the_place_of_latest_is_not_replaced(reports):
    (reports / "togo" / "latest").mkdir(parents=True)
    (reports / "togo" / "latest" / "notes").write_text("mine", encoding="utf-8")
    with pytest.raises(TightropeError, match=r"latest' holds no report, and would be deleted; move it away"):
        make(reports)
    assert list_days(reports / "togo") == []
    assert (reports / "togo" / "latest" / "notes").is_file()


def test_nothing_hangs_on_the_clock(reports, monkeypatch):
    make(reports, "2026-01-31")
    os.utime(reports / "togo" / "2026-01-31", (4e9, 4e9))
    monkeypatch.setattr(time, "time", lambda: 0.0)
    make(reports, "2026-02-28", keep=1)
    assert list_days(reports / "togo") == ["2026-02-28"]
    assert os.readlink(reports / "togo" / "latest") == "2026-02-28"


def test_a_second_run_says_who_has_the_report(reports, holder):
    said = []
    with pytest.raises(LockedError) as caught, open_staging(reports, "togo", wait_seconds=0.2, say=said.append):
        raise AssertionError("two runs in one report")
    assert f"report 'togo' is being made by process {holder.pid} on " in str(caught.value)
    assert said == [f"waiting for process {holder.pid} on {os.uname().nodename}"]


def test_another_report_is_not_held_up(reports, holder):
    with open_staging(reports, "benin") as staging:
        assert staging.is_dir()


def test_a_second_run_goes_on_once_the_first_has_ended(reports, holder):
    def end_holder(_):
        holder.stdin.close()

    with open_staging(reports, "togo", wait_seconds=60, say=end_holder) as staging:
        assert staging.is_dir()


def test_a_killed_run_leaves_no_lock_and_the_next_one_cleans_up(reports, holder):
    (left,) = (reports / "togo" / ".runs").iterdir()
    assert (left / "half.html").exists()
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    make(reports)
    assert not left.exists()
    assert [path.name for path in (reports / "togo").iterdir() if not path.name.startswith(".")] in (
        [DAY, "latest"],
        ["latest", DAY],
    )


def test_a_lock_file_without_a_name_in_it_is_no_obstacle(tmp_path):
    (tmp_path / LOCK).write_text("{", encoding="utf-8")
    with hold_lock(tmp_path / LOCK, "it is made"):
        (tmp_path / LOCK).write_text("{", encoding="utf-8")
        with (
            pytest.raises(LockedError, match="it is made by another process"),
            hold_lock(tmp_path / LOCK, "it is made"),
        ):
            pass
    assert (tmp_path / LOCK).read_text(encoding="utf-8") == ""  # the name of the machine is nobody's who reads reports


@pytest.fixture
def small_disk(mount_disk):
    return mount_disk("512k")


def test_a_full_disk_is_an_error_and_the_last_report_stays(small_disk):
    make(small_disk)
    with pytest.raises(TightropeError, match=r"cannot write reports to .*togo.*: No space left on device; published"):
        make(small_disk, content="x" * 100_000)
    assert content_of(small_disk / "togo" / "latest") == "first"
    assert is_whole(small_disk / "togo" / DAY)
    make(small_disk, content="second")
    assert content_of(small_disk / "togo" / "latest") == "second"


def test_a_read_only_folder_is_an_error_and_the_last_report_stays(small_disk):
    make(small_disk)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(TightropeError, match=r"cannot write reports to .*: Read-only file system"):
        make(small_disk, content="second")
    assert content_of(small_disk / "togo" / "latest") == "first"


def test_what_is_published_is_on_the_disk_before_a_link_leads_to_it(reports, monkeypatch):
    calls, fsync, replace = [], os.fsync, os.replace

    def note_fsync(opened):
        calls.append(("on the disk", os.fstat(opened).st_ino))
        fsync(opened)

    def note_replace(fresh, link):
        calls.append(("links", os.path.basename(link)))
        replace(fresh, link)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(os, "replace", note_replace)
    folder = make(reports).resolve()
    monkeypatch.undo()
    links = [call for call in calls if call[0] == "links"]
    assert links == [("links", DAY), ("links", "latest")]
    before, after = set(calls[: calls.index(links[0])]), calls[calls.index(links[-1]) :]
    parts = [folder.parent, folder, *folder.rglob("*")]
    assert len(parts) == 2 + 1 + 8 + 1  # two folders, that of the figures, the figures, the manifest
    assert {("on the disk", path.stat().st_ino) for path in parts} <= before
    assert ("on the disk", (reports / "togo").stat().st_ino) in after  # and then the links themselves


def test_a_run_that_dies_between_publishing_and_latest_is_mended_by_the_next(reports, monkeypatch):
    make(reports, "2026-01-31")
    replace = os.replace

    def die_at_latest(fresh, link):
        if link.name == "latest":
            raise KeyboardInterrupt
        replace(fresh, link)

    monkeypatch.setattr(publish.os, "replace", die_at_latest)
    with pytest.raises(KeyboardInterrupt):
        make(reports, "2026-02-28", "second")
    monkeypatch.undo()
    assert is_whole(reports / "togo" / "2026-02-28")
    assert content_of(reports / "togo" / "latest") == "first"
    make(reports, "2026-02-28", "third")
    assert content_of(reports / "togo" / "latest") == "third"
