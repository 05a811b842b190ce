"""`tightrope build` with event files: counts, what is unchanged, and errors without a traceback."""

import os
import subprocess
import sys

import pytest
from archive_cases import stored_files, write_events

from analysis.paths import PROJECT


def tightrope(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "analysis", *map(str, arguments)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "120", "NO_COLOR": "1"},
        check=False,
    )


@pytest.fixture
def raw(raw_copy):
    write_events(raw_copy / "events" / "20260115.export.CSV", "gdelt2", [{}, {}, {"SQLDATE": "20261345"}])
    write_events(raw_copy / "events" / "icews.tab", "icews", [{}, {"Source Country": "Nowhere"}])
    return raw_copy


def test_build_prints_counts_and_says_what_is_unchanged(raw, tmp_path):
    out = tmp_path / "out"
    (raw / "events" / "packed.csv.bz2").write_bytes(b"BZh")
    first = tightrope("build", "--raw", raw, "--out", out)
    assert first.returncode == 0, first.stderr
    assert "warning: not read: packed.csv.bz2; the name of an event file ends in .csv" in first.stderr
    lines = {line.split()[0]: line.split()[1:] for line in first.stdout.splitlines() if line.split()}
    assert lines["20260115.export.CSV"] == ["3", "1", "1", "1"]
    assert lines["icews.tab"] in (["2", "2", "0", "0"], ["2", "1", "1", "0"])
    assert "for review: icews has icews_name code 'Nowhere' in 1 rows, which no table knows" in first.stdout
    assert "2 event files read, 0 unchanged" in first.stdout

    archive = stored_files(out / "archive")
    again = tightrope("build", "--raw", raw, "--out", out)
    assert again.returncode == 0
    assert "0 event files read, 2 unchanged" in again.stdout

    # The hand-coded tables are put in their place as a whole; the archive within stays.
    built = tightrope("build", "--raw", raw, "--out", out, "--force")
    assert built.returncode == 0
    assert "2 event files read" in built.stdout
    assert stored_files(out / "archive") == archive

    (raw / "SOURCES.toml").unlink()
    curated = tightrope("build", "--raw", raw, "--out", out)
    assert curated.returncode == 0, curated.stderr
    assert "0 event files read, 2 unchanged" in curated.stdout
    assert stored_files(out / "archive") == archive


def test_a_bad_option_is_told_without_a_traceback(raw, tmp_path):
    out = tmp_path / "out"
    assert tightrope("build", "--raw", raw, "--out", out).returncode == 0
    before = stored_files(out / "archive")
    for option, value, said in (
        ("--engine", "sparkle", "error: unknown engine 'sparkle'; accepted: duckdb, or a cluster as spark://host:port"),
        ("--engine", "spark://", "error: unknown engine 'spark://'"),
        ("--duplicates", "storey", "error: unknown rule of duplicates 'storey'; did you mean 'story'?"),
        ("--memory-limit", "lots", "error: memory limit 'lots' is no size; write a whole number of MB or GB, as 500MB"),
        ("--memory-limit", "0GB", "error: memory limit '0GB' is no size"),
        ("--memory-limit", "-1GB", "error: memory limit '-1GB' is no size"),
    ):
        # Also when nothing is left to do, so that a scheduler's typing error is seen on the first night.
        done = tightrope("build", "--raw", raw, "--out", out, f"{option}={value}")
        assert done.returncode == 1, (option, value)
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    done = tightrope("build", "--raw", raw, "--out", out, "--memory-limit=1KB", "--duplicates=none")
    assert done.returncode == 1
    assert "error: the memory limit is too small for these files; give more" in done.stderr
    assert "Traceback" not in done.stderr
    (tmp_path / "file").write_text("")
    done = tightrope("build", "--raw", raw, "--out", out, "--duplicates=none", "--spill", tmp_path / "file" / "spill")
    assert done.returncode == 1
    assert "error: cannot spill to" in done.stderr
    assert {name: stored_files(out / "archive")[name] for name in before} == before


def test_an_unknown_file_is_told_and_the_hand_coded_tables_are_built(raw, tmp_path):
    (raw / "events" / "notes.txt").write_text("a shopping list\n", encoding="utf-8")
    done = tightrope("build", "--raw", raw, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "error: notes.txt is of no known layout" in done.stderr
    assert "ICEWS event file: a header with Event ID" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out" / "events.parquet").is_file()


def test_the_spill_folder_is_used_and_left_empty(raw, tmp_path):
    spill = tmp_path / "a" / "spill"
    done = tightrope("build", "--raw", raw, "--out", tmp_path / "out", "--spill", spill, "--memory-limit", "200MB")
    assert done.returncode == 0, done.stderr
    assert list(spill.iterdir()) == []
