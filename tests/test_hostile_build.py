"""Every hostile text in every field of every raw and event file: a row stands with it as text, or is told why not."""

import csv
import os
import shutil
import subprocess
import sys

import pytest
from archive_cases import read_all
from harmless import find_orders
from hostile_data import FREE, TRICKS, plant_in_event_files, plant_one_by_one, write_field_by_field
from hostile_strings import NUL, TOO_LONG

from analysis.archive import build_archive
from analysis.build import clean
from analysis.engine import connect
from analysis.plain_text import spell_out
from analysis.sources.curated import LAYOUTS
from analysis.sources.events.files import recognise

LONGEST_REASON = 500


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted") / "raw"
    return folder, plant_one_by_one(folder)


@pytest.fixture(scope="module")
def made(planted):
    return clean(planted[0])


def cells(frame):
    """Every text of a table."""
    return {text for name in frame.select_dtypes(["str", "object"]) for text in frame[name].dropna().unique()}


def test_every_layout_has_fields_of_text_to_plant_in():
    assert set(FREE) == set(LAYOUTS)


def test_every_row_stands_is_merged_or_is_rejected(planted, made):
    counts = made.record["files"]
    assert sum(count["rows_read"] for count in counts) == planted[1]
    assert all(count["rows_rejected"] for count in counts)
    assert sum(count["rows_kept"] for count in counts) > planted[1] / 4


def test_no_table_holds_a_hidden_character(made):
    assert [
        (name, text) for name, frame in made.tables.items() for text in cells(frame) if find_orders(str(text))
    ] == []


@pytest.mark.parametrize("trick", TRICKS)
def test_a_text_stands_as_it_is_in_the_tables(trick, made):
    text = spell_out(TRICKS[trick]).strip()
    holding = [name for name, frame in made.tables.items() if name != "rejects" and text in cells(frame)]
    assert {"events", "ties", "claims", "article_claims", "projects"} <= set(holding)


def test_a_reason_is_one_line_that_names_the_offender(made):
    reasons = made.tables["rejects"]["reason"]
    assert reasons.str.len().max() <= LONGEST_REASON
    assert not reasons.str.contains("[\t\r\n]").any()
    assert reasons.str.contains("unknown actor '**canary** _canary_", regex=False).any()


def test_a_field_of_a_megabyte_costs_its_own_row_alone(tmp_path):
    n_fields = write_field_by_field(tmp_path / "raw", TOO_LONG)
    made = clean(tmp_path / "raw")
    rejected = made.tables["rejects"]
    long = rejected["reason"].str.contains("has 1,050,000 characters; at most 10,000 are accepted", regex=False)
    assert long.sum() == n_fields
    assert rejected["raw"].str.len().max() < 20_000
    assert sum(count["rows_read"] for count in made.record["files"]) > n_fields


def test_what_a_terminal_is_told_has_no_order_in_it(planted):
    command = [sys.executable, "-m", "analysis", "check", "--raw", str(planted[0])]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=True)
    assert find_orders(run.stdout + run.stderr) == []
    assert "[red]canary[/red]" in run.stdout
    assert "[U+001B][2J" in run.stdout


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("a.csv", "state,\x1b[2J[red]x[/red],\u202e\n", "[U+001B][2J[red]x[/red]"),
        ("a\x1b[2J[bold].csv", "state,other\n", "[bold].csv"),
        ("nul.csv", f"state,{NUL}\n", "NUL"),
    ],
)
def test_an_error_about_a_file_has_no_order_in_it(name, content, shown, tmp_path):
    (tmp_path / name).write_text(content, encoding="utf-8")
    command = [sys.executable, "-m", "analysis", "check", "--raw", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)
    assert run.returncode == 1
    assert find_orders(run.stdout + run.stderr) == []
    assert shown in run.stderr


def test_neither_a_field_nor_the_name_of_a_file_makes_a_line_that_seems_to_be_ours(tmp_path):
    forged = "warning: all rows verified"
    names = ("event_id", "date_start", "actor1", "actor2", "event_class", "summary", "certainty", "source1_url")
    row = [f"HX0\n{forged}", "2025-01-01", "TGO", "FRA", "visit", "x", "confirmed", "https://example.org"]
    given = dict(zip(names, row, strict=True))
    for name in (f"a\n{forged}.csv", "b.csv"):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, LAYOUTS["events"], restval="")
            writer.writeheader()
            writer.writerow({**given, "plover_event": "CONSULT", "domain": "diplomatic"})
            writer.writerow({**given, "event_id": f"HX1\n{forged}", "date_start": f"soon\n{forged}"})
    run = check(tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("HX0[U+000A]warning: all rows verified") == 1
    (tmp_path / f"c\n{forged}.csv").write_text("state,other\n", encoding="utf-8")
    failed = check(tmp_path)
    assert (failed.returncode, "error: c" in failed.stderr) == (1, True)
    for line in (run.stdout + run.stderr + failed.stderr).splitlines():
        assert not line.startswith(forged), line


@pytest.mark.parametrize("folder", [".", "events"])
def test_the_name_of_a_file_that_is_no_utf_8_is_an_error_that_names_it(folder, tmp_path, raw_copy):
    (raw_copy / folder).mkdir(exist_ok=True)
    shutil.copy(raw_copy / "unga_votes.csv", raw_copy / folder / os.fsdecode(b"z\xff.csv"))
    run = tightrope("build", "--raw", str(raw_copy), "--out", str(tmp_path / "out"))
    assert run.returncode == 1
    assert "error: the name of a file is no UTF-8: 'z\\udcff.csv'; rename it" in run.stderr
    assert "Traceback" not in run.stderr


def check(folder):
    return tightrope("check", "--raw", str(folder))


def tightrope(*arguments):
    command = [sys.executable, "-m", "analysis", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
        env={**os.environ, "COLUMNS": "1000"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    base = tmp_path_factory.mktemp("planted")
    counts = plant_in_event_files(base / "events")
    build_archive(base / "events", base / "archive", connect, rule="none")
    return counts, read_all(base / "archive")


def test_every_row_of_an_event_file_stands_or_is_rejected(archive):
    counts, found = archive
    assert {count["file"]: count["rows_read"] for count in found["counts"]} == counts
    assert all(count["rows_kept"] and count["rows_rejected"] for count in found["counts"])


def test_no_coded_event_holds_a_hidden_character(archive):
    rows = archive[1]["events"] + archive[1]["rejects"]
    assert [text for row in rows for text in row.values() if isinstance(text, str) and find_orders(text)] == []


@pytest.mark.parametrize("trick", TRICKS)
def test_a_text_stands_as_it_is_among_the_coded_events(trick, archive):
    text = spell_out(TRICKS[trick])
    held = {name for row in archive[1]["events"] for name in ("place", "source_raw", "summary") if row[name] == text}
    is_split = bool(set(TRICKS[trick]) & set("\t\n\r"))
    assert held == {"place", "source_raw", "summary"} or (is_split and held)


def test_a_field_too_long_of_an_event_file_costs_its_own_row_alone(tmp_path):
    plant_in_event_files(tmp_path / "events", {"too long": "canary " * 2_000, "fits": "canary " * 1_400})
    build_archive(tmp_path / "events", tmp_path / "archive", connect, rule="none")
    found = read_all(tmp_path / "archive")
    told = [row for row in found["rejects"] if "14,000 characters; at most 10,000" in row["reason"]]
    for path in sorted((tmp_path / "events").iterdir()):
        layout = recognise(path, path.name)
        n_read = len(set(layout.reads.values()))
        assert sum(row["file"] == path.name for row in told) == n_read, path.name
    assert any(row["place"] == "canary " * 1_400 for row in found["events"])
