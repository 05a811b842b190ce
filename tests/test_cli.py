"""The command line as a user meets it: exit codes, what is printed, nothing of Python's."""

import os
import subprocess
import sys

import pytest

from analysis.paths import PROJECT


def tightrope(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "analysis", *map(str, arguments)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", **environment},
        check=False,
    )


def test_help_names_every_command():
    shown = tightrope("--help").stdout
    for command in ("build", "check", "brief"):
        assert command in shown


def test_check_prints_the_sums_and_writes_nothing(tmp_path):
    done = tightrope("check")
    assert done.returncode == 0, done.stderr
    assert "togo_events.csv" in done.stdout
    assert "18 files, 0 rows would be rejected" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_check_prints_each_reject_with_its_reason(raw_copy):
    header = (raw_copy / "unga_votes.csv").read_text(encoding="utf-8").splitlines()[0]
    (raw_copy / "mine.csv").write_text(f"{header}\nES-11/9,2025-02-24,Togoo,yes,,\n", encoding="utf-8")
    done = tightrope("check", "--raw", raw_copy)
    assert done.returncode == 0
    assert "mine.csv line 2: unknown state 'Togoo'" in done.stdout


@pytest.mark.parametrize(
    "command",
    [
        "build --raw", "build --out", "check --raw", "verify", "batch --data", "batch --raw", "batch --reports",
        "batch --notebooks", "brief togo --reports", "brief togo --data", "schedule --notebooks",
    ],
)  # fmt: skip
def test_a_path_that_no_file_can_have_is_refused_in_a_line(command, tmp_path):
    # Reports of its own: on those of the project another test may be at work.
    own = ["--reports", tmp_path] if command.startswith(("batch", "brief")) and "--reports" not in command else []
    done = tightrope(*command.split(), "n" * 256, *own)
    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert done.stderr.endswith(f"{line}\n")
    assert "nnnn" in line


def test_check_fails_on_a_structural_fault(raw_copy):
    (raw_copy / "togo_events.csv").unlink()
    done = tightrope("check", "--raw", raw_copy)
    assert done.returncode == 1
    assert "error: togo_events.csv is listed in SOURCES.toml but missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_build_prints_sums_warns_of_unlisted_files_and_skips_the_second_time(raw_copy, tmp_path):
    (raw_copy / "SOURCES.toml").unlink()
    out = tmp_path / "out"
    first = tightrope("build", "--raw", raw_copy, "--out", out)
    assert first.returncode == 0, first.stderr
    assert "all files" in first.stdout
    assert "warning: missions.csv is not listed in SOURCES.toml" in first.stderr
    assert 'name = "missions.csv"' in first.stderr
    second = tightrope("build", "--raw", raw_copy, "--out", out)
    assert "unchanged, nothing to do" in second.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["brief", "--state", "TOGOO", "--powers", "FRA,RUS"], "unknown state 'TOGOO'; did you mean"),
        (["brief", "--state", "Togo", "--powers", "FRA,Rusia"], "unknown power 'Rusia'; did you mean 'Russia'"),
        (["brief", "togo", "--set", "monts=6"], "unknown parameter 'monts'; did you mean 'months'"),
        (["brief", "togo", "--set", "months"], "write it as NAME=VALUE"),
        (["brief", "togo", "--start", "2026-03-01"], "start 2026-03-01 lies after end"),
        (["brief", "togo", "--end", "2019-12-31", "--start", "2019-01-01"], "no event between TGO and FRA, RUS"),
        (["brief", "tgo"], "unknown briefing 'tgo'; did you mean 'togo'"),
        (["brief"], "--state and --powers"),
        (["brief", "togo", "--state", "BEN"], "briefing 'togo' has its own state"),
    ],
)
def test_what_a_user_gets_wrong_is_named(built, tmp_path, arguments, message):
    done = tightrope(*arguments, "--data", built, "--reports", tmp_path / "reports")
    assert done.returncode == 1
    assert message in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "reports").exists()


def test_a_page_of_somebody_else_where_the_index_belongs_is_warned_of(built, tmp_path):
    reports = tmp_path / "reports"
    (reports / "togo").mkdir(parents=True)
    (reports / "togo" / "failed.html").write_text("of a report that the index would list", encoding="utf-8")
    (reports / "index.html").write_text("<h1>My home</h1>", encoding="utf-8")
    done = tightrope("brief", "togoo", "--data", built, "--reports", reports, COLUMNS="1000")
    assert done.returncode == 1
    assert "warning: the index of reports was not renewed" in done.stderr
    assert "is no index of reports, and would be replaced; move it away" in done.stderr
    assert (reports / "index.html").read_text(encoding="utf-8") == "<h1>My home</h1>"


def test_a_data_folder_without_tables_says_how_to_build_them(tmp_path):
    done = tightrope("brief", "togo", "--data", tmp_path)
    assert done.returncode == 1
    assert "tightrope build" in done.stderr


def test_results_do_not_depend_on_the_locale(raw_copy, tmp_path):
    for locale in ("C", "C.UTF-8"):
        done = tightrope("build", "--raw", raw_copy, "--out", tmp_path / locale, LC_ALL=locale, PYTHONUTF8="0")
        assert done.returncode == 0, done.stderr
    for path in (tmp_path / "C").iterdir():
        assert path.read_bytes() == (tmp_path / "C.UTF-8" / path.name).read_bytes()


def test_of_many_entries_for_review_the_first_are_printed_and_the_rest_counted(capsys):
    from analysis.commands.console import SHOWN_FOR_REVIEW, print_review

    pairs = [[f"A{n}", f"B{n}"] for n in range(SHOWN_FOR_REVIEW + 980)]
    few = [f"E{n}" for n in range(SHOWN_FOR_REVIEW)]
    print_review({"for_review": {"possible_duplicates": pairs, "events_without_judgement": few}})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 * SHOWN_FOR_REVIEW + 1
    assert lines[0] == "for review: E0 has no judgement in tie_effects.csv; its weight is derived from its PLOVER type"
    assert lines[-2].startswith(f"for review: A{SHOWN_FOR_REVIEW - 1} and B{SHOWN_FOR_REVIEW - 1} may tell of the same")
    assert lines[-1] == "for review: 980 more such; all are listed in build.json, possible_duplicates"


def test_a_name_that_the_output_has_no_signs_for_is_spelled_out_and_ends_no_run(tmp_path):
    done = tightrope("build", "--out", tmp_path / "Lom\u00e9", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "Lom\\xe9: actors" in done.stdout
