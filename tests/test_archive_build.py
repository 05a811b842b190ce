"""The archive of coded events: built step by step it is what a build at one go makes, and no death leaves it broken."""

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from archive_cases import SharedEngine, read_all, stored_files, write_events
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import folders
from analysis.archive import build as archive_build
from analysis.archive import build_archive
from analysis.archive import commit as archive_commit
from analysis.archive.ledger import LEDGER_JSON, load_ledger
from analysis.engine import parts
from analysis.errors import TightropeError, UnknownNameError
from analysis.folders import replace_folder
from analysis.locks import LOCK, LockedError, hold_lock
from analysis.paths import ARCHIVE

TESTS = Path(__file__).parent


@pytest.fixture(scope="module")
def engine():
    shared = SharedEngine()
    yield shared
    shared._folder.cleanup()


def row(number, day="20260115", **changes):
    return {"GLOBALEVENTID": number, "SQLDATE": day, "DATEADDED": "20260120000000", **changes}


# Three years and two sources; rows that are one story stand in several files, the first reported in the last.
FILES = {
    "20260115.export.CSV": ("gdelt2", [row(1), row(2), row(3, "20251230"), row(4, "20261345")]),
    "20260116.export.CSV": (
        "gdelt2",
        [row(5), row(6, DATEADDED="20260118000000"), row(7, "20251230"), row(8, "20260116")],
    ),
    "20260117120000.export.CSV": ("gdelt2", [row(9, "20260117"), row(10, "20260117")]),
    "20260117121500.export.CSV": ("gdelt2", [row(11, "20260117", DATEADDED="20260117000000"), row(12, "20251230")]),
    "table.csv": (
        "gdelt2_table",
        [row(13, "20251230", DATEADDED="20251231000000"), row(14, "20260201", DATEADDED="20260202000000")],
    ),
    "old/2014.tsv": ("gdelt1", [row(15, "20140102", DATEADDED="20140103"), row(16, "20140102", DATEADDED="20140103")]),
}


def write(raw, names=FILES):
    for name in names:
        kind, rows = FILES[name]
        write_events(raw / name, kind, rows)


def touch_later(path):
    """Give a changed file another time of change, however fast the test runs."""
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 10**9))


def assert_whole(out):
    """What the ledger names is there, nothing else is, and every row is accounted for."""
    ledger = load_ledger(out)
    ledger.count()
    assert set(stored_files(out)) == {*ledger.paths(), LEDGER_JSON}
    return read_all(out)


@pytest.fixture
def raw(tmp_path):
    write(tmp_path / "raw")
    return tmp_path / "raw"


@pytest.fixture(scope="module")
def at_one_go(engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("one")
    write(folder / "raw")
    engine.build(folder / "raw", folder / "out", rule="story")
    return assert_whole(folder / "out")


def rebuilt(engine, raw, tmp_path, **options):
    """The archive as a build at one go would make it now."""
    shutil.rmtree(tmp_path / "clean", ignore_errors=True)
    engine.build(raw, tmp_path / "clean", **options)
    found = assert_whole(tmp_path / "clean")
    shutil.rmtree(tmp_path / "clean")
    return found


def test_the_rows_of_the_example_are_what_they_were_made_to_be(at_one_go):
    assert [event["event_id"] for event in at_one_go["events"]] == ["6", "8", "11", "15", "13", "14"]
    assert sorted(at_one_go["merges"]) == ["gdelt1/2014", "gdelt2/2025", "gdelt2/2026"]
    assert [reject["line"] for reject in at_one_go["rejects"]] == [4]


def test_no_event_files_and_no_archive_is_nothing(engine, tmp_path):
    assert engine.build(tmp_path / "nowhere", tmp_path / "out") is None
    (tmp_path / "raw").mkdir()
    assert engine.build(tmp_path / "raw", tmp_path / "out") is None
    assert not (tmp_path / "out").exists()


def test_an_unchanged_folder_is_not_read(engine, raw, tmp_path):
    made = engine.build(raw, tmp_path / "out", rule="story")
    assert (made.n_read, made.n_known, sorted(engine.cleaned)) == (6, 0, sorted(FILES))
    before = stored_files(tmp_path / "out")

    def must_not_open():
        raise AssertionError("the engine was opened")

    made = build_archive(raw, tmp_path / "out", must_not_open, rule="story")
    assert (made.n_read, made.n_known) == (0, 6)
    assert stored_files(tmp_path / "out") == before
    # The same bytes with another time of change are the same file.
    touch_later(raw / "table.csv")
    assert build_archive(raw, tmp_path / "out", must_not_open, rule="story").n_read == 0


def test_a_new_file_alone_is_read_and_leaves_other_years_as_they_are(engine, raw, tmp_path):
    out = tmp_path / "out"
    engine.build(raw, out, rule="story")
    before = stored_files(out)
    write_events(raw / "late.csv", "gdelt2", [row(20, "20251230", DATEADDED="20251230000000")])
    made = engine.build(raw, out, rule="story")
    assert engine.cleaned == ["late.csv"]
    assert (made.n_read, made.n_known) == (1, 6)
    after = stored_files(out)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} - {LEDGER_JSON}
    assert changed
    assert all("source=gdelt2/year=2025" in name for name in changed)
    assert assert_whole(out) == rebuilt(engine, raw, tmp_path, rule="story")


def test_parts_that_lose_no_further_row_are_not_written_again(engine, raw, tmp_path):
    out = tmp_path / "out"
    engine.build(raw, out, rule="story")
    times = {path: path.stat().st_mtime_ns for path in (out / "events").rglob("*.parquet")}
    inodes = {path: path.stat().st_ino for path in times}
    write_events(raw / "20260301.export.CSV", "gdelt2", [row(30, "20260301", DATEADDED="20260301000000")])
    engine.build(raw, out, rule="story")
    assert {path: path.stat().st_ino for path in times} == inodes
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert assert_whole(out) == rebuilt(engine, raw, tmp_path, rule="story")


def test_a_changed_file_is_read_again_with_those_merged_into_it(engine, raw, tmp_path):
    out = tmp_path / "out"
    engine.build(raw, out, rule="story")
    # The rows that stood for others are there no more; those come back and stand, or find another to stand for them.
    write_events(raw / "20260116.export.CSV", "gdelt2", [row(8, "20260116"), row(40, "20260116")])
    touch_later(raw / "20260116.export.CSV")
    engine.build(raw, out, rule="story")
    assert "20260116.export.CSV" in engine.cleaned
    assert "20260115.export.CSV" in engine.cleaned
    assert "old/2014.tsv" not in engine.cleaned
    found = assert_whole(out)
    assert found == rebuilt(engine, raw, tmp_path, rule="story")
    assert [event["event_id"] for event in found["events"]] == ["1", "8", "11", "15", "13", "14"]


@pytest.mark.parametrize("gone", FILES)
def test_a_removed_file_takes_its_rows_along_and_gives_back_those_merged_into_them(gone, engine, raw, tmp_path):
    out = tmp_path / "out"
    engine.build(raw, out, rule="story")
    (raw / gone).unlink()
    engine.build(raw, out, rule="story")
    assert gone not in engine.cleaned
    found = assert_whole(out)
    assert found == rebuilt(engine, raw, tmp_path, rule="story")
    assert gone not in {event["file"] for event in found["events"]}


def test_an_archive_of_no_files_any_more_is_empty(engine, raw, tmp_path):
    out = tmp_path / "out"
    engine.build(raw, out)
    shutil.rmtree(raw)
    made = engine.build(raw, out)
    assert made.ledger.count() == []
    assert set(stored_files(out)) == {LEDGER_JSON}


def test_another_rule_brings_merged_rows_back(engine, raw, tmp_path):
    out = tmp_path / "out"
    for rule in ("story", "none", "one_a_day", "event", "story"):
        made = engine.build(raw, out, rule=rule)
        assert sorted(engine.cleaned) == sorted(FILES)
        assert made.ledger.rule == rule
        assert assert_whole(out) == rebuilt(engine, raw, tmp_path, rule=rule)
    with pytest.raises(UnknownNameError, match="unknown rule of duplicates 'stories'"):
        engine.build(raw, out, rule="stories")


def test_another_version_of_the_code_reads_everything_anew(engine, raw, tmp_path, monkeypatch):
    out = tmp_path / "out"
    engine.build(raw, out)
    monkeypatch.setattr(archive_build, "hash_code", lambda: "another version")
    made = engine.build(raw, out)
    assert sorted(engine.cleaned) == sorted(FILES)
    assert made.ledger.code == "another version"
    assert engine.build(raw, out).n_read == 0


def test_the_hash_of_the_code_hangs_on_the_code_and_its_tables(tmp_path, monkeypatch):
    package = Path(archive_build.analysis.__file__).parent
    copy = tmp_path / "analysis"
    for room in archive_build._ROOMS:
        shutil.copytree(package / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "reference").mkdir()
    for name in archive_build._TABLES:
        shutil.copyfile(package / "reference" / f"{name}.csv", copy / "reference" / f"{name}.csv")
    before = archive_build.hash_code()
    monkeypatch.setattr(archive_build.analysis, "__file__", str(copy / "__init__.py"))
    assert archive_build.hash_code() == before
    for changed in ("reference/cameo.csv", "engine/duck.py", "cleaning/coded/rules.py", "sources/events/gdelt.py"):
        text = (copy / changed).read_text(encoding="utf-8")
        (copy / changed).write_text(text + "\n", encoding="utf-8")
        assert archive_build.hash_code() != before, changed
        (copy / changed).write_text(text, encoding="utf-8")
    assert archive_build.hash_code() == before


def test_force_reads_everything_anew(engine, raw, tmp_path):
    out = tmp_path / "out"
    engine.build(raw, out)
    before = stored_files(out)
    made = engine.build(raw, out, force=True)
    assert (made.n_read, sorted(engine.cleaned)) == (6, sorted(FILES))
    assert stored_files(out) == before


def test_an_archive_that_lost_a_part_is_built_anew(engine, raw, tmp_path):
    out = tmp_path / "out"
    engine.build(raw, out)
    before = stored_files(out)
    next((out / "events").rglob("*.parquet")).unlink()
    assert engine.build(raw, out).n_read == 6
    assert stored_files(out) == before


def test_a_broken_ledger_is_told_and_force_mends_it(engine, raw, tmp_path):
    out = tmp_path / "out"
    engine.build(raw, out)
    before = stored_files(out)
    (out / LEDGER_JSON).write_text("{", encoding="utf-8")
    with pytest.raises(TightropeError, match="--force"):
        engine.build(raw, out)
    engine.build(raw, out, force=True)
    assert stored_files(out) == before


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(list(FILES)), cuts=st.sets(st.integers(1, len(FILES) - 1), max_size=3))
def test_files_in_any_order_of_arrival_make_the_same_archive(order, cuts, engine, at_one_go, tmp_path):
    folder = tmp_path / "any"
    shutil.rmtree(folder, ignore_errors=True)
    edges = [0, *sorted(cuts), len(order)]
    for first, last in itertools.pairwise(edges):
        write(folder / "raw", order[first:last])
        engine.build(folder / "raw", folder / "out", rule="story")
        # A day whose quarter-hours come one by one is cleaned again as a whole; rows merged are only compared.
        assert set(order[first:last]) <= set(engine.cleaned)
    assert assert_whole(folder / "out") == at_one_go


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_files_that_come_change_and_go_leave_what_is_there_now(data, engine, tmp_path):
    folder = tmp_path / "any"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "raw").mkdir(parents=True)
    stamps = itertools.count(10**18, 10**9)
    days = st.sampled_from(["20251231", "20260101", "20260201"])
    reported = st.sampled_from(["20260202000000", "20260203000000"])
    rows = st.lists(st.tuples(st.integers(1, 2), days, reported), max_size=3)
    for _ in range(data.draw(st.integers(2, 4))):
        changes = data.draw(st.dictionaries(st.sampled_from(["a.csv", "b.csv", "c.csv"]), st.none() | rows, min_size=1))
        for name, given_rows in changes.items():
            path = folder / "raw" / name
            path.unlink(missing_ok=True)
            if given_rows is not None:
                write_events(path, "gdelt2", [row(one, day, DATEADDED=seen) for one, day, seen in given_rows])
                os.utime(path, ns=(next(stamps),) * 2)
        engine.build(folder / "raw", folder / "out", rule="story")
    if load_ledger(folder / "out"):
        found = assert_whole(folder / "out")
        clean = engine.build(folder / "raw", folder / "clean", rule="story")
        assert found == (read_all(folder / "clean") if clean else {**found, "counts": [], "events": []})


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_editions_that_come_change_and_go_leave_every_event_once(data, engine, tmp_path):
    folder = tmp_path / "any"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "raw").mkdir(parents=True)
    stamps = itertools.count(10**18, 10**9)
    days = st.sampled_from(["2018-12-31", "2019-01-01", "2019-02-01", "2021-03-03"])
    rows = st.lists(st.tuples(st.integers(1, 3), days), max_size=3)
    held = {}
    for _ in range(data.draw(st.integers(2, 4))):
        changes = data.draw(st.dictionaries(st.sampled_from(["a.csv", "b.csv", "c.csv"]), st.none() | rows, min_size=1))
        for name, given_rows in changes.items():
            path = folder / "raw" / name
            path.unlink(missing_ok=True)
            held[name] = given_rows or []
            if given_rows is not None:
                write_events(path, "ucdp", [{"id": one, "date_start": day, "date_end": day} for one, day in given_rows])
                os.utime(path, ns=(next(stamps),) * 2)
        engine.build(folder / "raw", folder / "out")
    if load_ledger(folder / "out"):
        last = {str(one): (day, name) for name in sorted(held) for one, day in held[name]}
        found = assert_whole(folder / "out")
        events = {row["event_id"]: (str(row["date_start"]), row["file"]) for row in found["events"]}
        assert events == last
        assert len(found["events"]) == len(last)
        clean = engine.build(folder / "raw", folder / "clean")
        assert found == (read_all(folder / "clean") if clean else {**found, "counts": [], "events": []})


class KilledError(BaseException):
    """Stands for a death: nothing in the code catches it."""


def die_at(monkeypatch, owner, name, number):
    """Die at the n-th call of a function; returns the list of its calls."""
    original, calls = getattr(owner, name), []

    def counted(*args, **kwargs):
        calls.append(name)
        if len(calls) == number:
            raise KilledError(name)
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, counted)
    return calls


STEPS = {
    "clean": lambda engine: (engine, "clean"),
    "read": lambda engine: (engine, "read"),
    "fetch": lambda engine: (engine, "fetch"),
    "finish_years": lambda _: (archive_build, "finish_years"),
    "place": lambda _: (archive_commit, "_place"),
    "save_ledger": lambda _: (archive_commit, "save_ledger"),
    "replace": lambda _: (os, "replace"),
    "write_json": lambda _: (archive_build, "write_json"),
    "unlink": lambda _: (Path, "unlink"),
    "rmtree": lambda _: (shutil, "rmtree"),
    "remove_empty": lambda _: (archive_commit, "_remove_empty"),
}


def change(raw):
    """A new file, a changed one and a removed one, with rows of one story among them."""
    (raw / "table.csv").unlink()
    write_events(raw / "20260116.export.CSV", "gdelt2", [row(8, "20260116"), row(5), row(41, "20251230")])
    touch_later(raw / "20260116.export.CSV")
    write_events(raw / "new.csv", "gdelt2", [row(50, "20260116", DATEADDED="20260116000000"), row(51, "20240229")])


@pytest.fixture(scope="module")
def changed(engine, tmp_path_factory):
    """An archive whose raw files have changed since, what it said before, and what it is to say."""
    folder = tmp_path_factory.mktemp("changed")
    write(folder / "raw")
    engine.build(folder / "raw", folder / "out", rule="story")
    before = read_all(folder / "out")
    change(folder / "raw")
    return folder, before, rebuilt(engine, folder / "raw", folder, rule="story")


@pytest.mark.parametrize("step", STEPS)
def test_a_build_that_dies_leaves_the_archive_whole_and_the_next_one_finishes(
    step, engine, changed, tmp_path, monkeypatch
):
    start, before, wanted = changed
    for number in (1, 2, 3, 5, 8, 13, 21, 34):
        folder = tmp_path / str(number)
        shutil.copytree(start, folder)  # with its times of change
        raw, out = folder / "raw", folder / "out"
        was = stored_files(out)
        with monkeypatch.context() as patched, contextlib.suppress(KilledError):
            calls = die_at(patched, *STEPS[step](engine), number)
            engine.build(raw, out, rule="story")
        after = read_all(out)
        if after != wanted:
            assert after == before
            assert all(stored_files(out)[name] == was[name] for name in load_ledger(out).paths())
        assert len(calls) == number or after == wanted
        engine.build(raw, out, rule="story")
        assert assert_whole(out) == wanted
        shutil.rmtree(folder)
        if len(calls) < number:
            assert number > 1, "no call died"
            return


def test_a_death_while_another_version_takes_over_leaves_the_old_rows(engine, raw, tmp_path, monkeypatch):
    out = tmp_path / "out"
    engine.build(raw, out, rule="story")
    was = stored_files(out)
    with monkeypatch.context() as patched:
        patched.setattr(archive_build, "hash_code", lambda: "another version")
        # The other version writes other parts from the same raw files.
        patched.setattr(parts, "open_part", lambda path, schema: pq.ParquetWriter(path, schema, compression="gzip"))
        die_at(patched, archive_commit, "save_ledger", 1)
        with pytest.raises(KilledError):
            engine.build(raw, out, rule="story")
    assert {name: stored_files(out)[name] for name in was} == was
    names = set(stored_files(out)) - set(was)
    assert any(name.startswith("events/") for name in names), "the new parts lie beside the old ones"


@pytest.mark.parametrize("death", ["build.finish_years", "commit.save_ledger", "commit.sweep"])
def test_a_build_that_is_killed_for_real_is_finished_by_the_next(death, engine, raw, tmp_path):
    out = tmp_path / "out"
    engine.build(raw, out, rule="story")
    before = read_all(out)
    change(raw)
    program = (
        "import os, signal, sys; from pathlib import Path; from analysis.archive import build, build_archive, commit\n"
        "from analysis.engine import connect\n"
        f"{death} = lambda *args: os.kill(os.getpid(), signal.SIGKILL)\n"
        "build_archive(Path(sys.argv[1]), Path(sys.argv[2]), connect, rule='story')\n"
    )
    done = subprocess.run([sys.executable, "-c", program, raw, out], cwd=TESTS.parent, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL
    wanted = rebuilt(engine, raw, tmp_path, rule="story")
    assert read_all(out) == (wanted if death == "commit.sweep" else before)
    engine.build(raw, out, rule="story")
    assert assert_whole(out) == wanted


def test_what_a_dead_build_had_finished_is_not_read_again(engine, raw, tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        die_at(patched, archive_build, "finish_years", 1)
        with pytest.raises(KilledError):
            engine.build(raw, tmp_path / "out", rule="story")
    assert load_ledger(tmp_path / "out") is None
    engine.build(raw, tmp_path / "out", rule="story")
    assert engine.cleaned == []
    assert assert_whole(tmp_path / "out") == rebuilt(engine, raw, tmp_path, rule="story")


def test_unfinished_work_is_swept_even_if_nothing_is_left_to_do(engine, raw, tmp_path, monkeypatch):
    out = tmp_path / "out"
    engine.build(raw, out)
    write_events(raw / "new.csv", "gdelt2", [row(60)])
    with monkeypatch.context() as patched:
        die_at(patched, archive_commit, "save_ledger", 1)
        with pytest.raises(KilledError):
            engine.build(raw, out)
    (raw / "new.csv").unlink()
    assert engine.build(raw, out).n_read == 0
    assert_whole(out)


def test_a_second_build_at_the_same_time_is_refused_and_changes_nothing(engine, raw, tmp_path):
    out = tmp_path / "out"
    engine.build(raw, out)
    before = stored_files(out)
    change(raw)
    with hold_lock(out / LOCK, "the test"), pytest.raises(LockedError, match=r"out' is being built by process [0-9]+"):
        engine.build(raw, out)
    assert stored_files(out) == before
    engine.build(raw, out)
    assert assert_whole(out) == rebuilt(engine, raw, tmp_path)


def test_an_archive_that_cannot_be_written_is_told(engine, raw, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(TightropeError, match="cannot write to"):
        engine.build(raw, tmp_path / "out")


@pytest.mark.parametrize(
    ("function", "number", "can_exchange"),
    [
        ("rename", 1, True), ("exchange", 1, True), ("rename", 2, True),
        *(("rename", number, False) for number in range(1, 6)),
    ],
)  # fmt: skip
def test_the_archive_survives_the_renewal_of_the_tables_around_it(
    function, number, can_exchange, engine, raw, tmp_path, monkeypatch
):
    """The hand-coded tables are replaced as a folder; a death at any of its steps loses nothing of the archive."""
    if not can_exchange:
        monkeypatch.setattr(folders, "exchange", lambda one, other: False)
    out = tmp_path / "processed"
    engine.build(raw, out / ARCHIVE.name)
    before = stored_files(out / ARCHIVE.name)
    for attempt in ("dies", "finishes"):
        staging = tmp_path / attempt
        staging.mkdir()
        (staging / "events.parquet").write_text(attempt)
        with monkeypatch.context() as patched, contextlib.suppress(KilledError):
            if attempt == "dies":
                die_at(patched, folders if function == "exchange" else os, function, number)
            replace_folder(staging, out, keep=(ARCHIVE.name,))
    assert (out / "events.parquet").read_text() == "finishes"
    assert stored_files(out / ARCHIVE.name) == before
    assert sorted(path.name for path in out.iterdir()) == [ARCHIVE.name, "events.parquet"]
    assert not (tmp_path / ".processed.previous").exists()
