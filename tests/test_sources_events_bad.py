"""Bad event files: every row is kept, merged or rejected with its line and a reason, and nothing gets out."""

import gzip
import json

import pandas as pd
import pytest
from archive_cases import SharedEngine, create_text, read_all, write_events
from bad_event_files import (
    ALL_BUILDERS,
    EXPANDED_BYTES,
    gdelt2_line,
    good_lines,
    truncated_zip,
    write,
    zip_that_expands,
    zip_with_a_false_size,
)

from analysis.archive.quality import name_reason
from analysis.figures.reject_reasons import say_reason
from analysis.figures.wording import one_line
from analysis.language import speaking
from analysis.sources import packed
from analysis.sources.events.careful import MAX_LINE_BYTES
from analysis.sources.events.files import recognise, unpacked
from analysis.sources.events.gdelt import GDELT2, GDELT2_TABLE
from analysis.sources.events.reading import read_chunks
from analysis.sources.packed import UnreadableFileError

READ_AS = {column: name for name, column in GDELT2.reads.items()}


def assert_told_in_french(reasons):
    """A reader of French is told what the tables say in English, in full and by its kind."""
    for reason in {*reasons}:
        for text in (reason, name_reason(reason)):
            assert say_reason(text) == one_line(text)
            with speaking("fr"):
                assert "[en]" not in say_reason(text)
                assert say_reason(text) != text


@pytest.fixture(scope="module")
def engine():
    shared = SharedEngine()
    yield shared
    shared._folder.cleanup()


@pytest.fixture
def limit(monkeypatch):
    monkeypatch.setattr(packed, "MAX_EXPANDED_BYTES", EXPANDED_BYTES // 2)


@pytest.mark.usefixtures("limit")
@pytest.mark.parametrize("builder", ALL_BUILDERS, ids=lambda builder: builder.__name__)
def test_every_row_of_a_bad_file_is_kept_merged_or_rejected(builder, engine, tmp_path, capfd):
    bad = builder(tmp_path / "events")
    made = engine.build(tmp_path / "events", tmp_path / "archive")
    found = read_all(tmp_path / "archive")
    (count,) = made.ledger.count()
    assert [count[f"rows_{end}"] for end in ("read", "kept", "merged", "rejected")] == [
        bad.read,
        bad.kept,
        bad.merged,
        bad.rejected,
    ]
    assert [row["line"] for row in found["rejects"]] == [bad.line] * bad.rejected
    assert all(bad.reason in row["reason"] for row in found["rejects"])
    assert_told_in_french(row["reason"] for row in found["rejects"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "events"]
    said = "".join(capfd.readouterr()) + json.dumps(found["rejects"], ensure_ascii=False)
    assert not bad.must_not_show or bad.must_not_show not in said
    rows = {row["event_id"]: row for row in found["events"]}
    for (event_id, column), value in bad.values.items():
        name = READ_AS[column]
        if name != "place_code":
            assert rows[event_id][name] == value, (event_id, column)


@pytest.mark.usefixtures("limit")
@pytest.mark.parametrize(
    "builder", [one for one in ALL_BUILDERS if "zip" not in one.__name__], ids=lambda b: b.__name__
)
def test_the_careful_reader_hands_on_raw_values_unchanged(builder, tmp_path):
    bad = builder(tmp_path)
    layout = recognise(bad.path, bad.path.name)
    if layout is None:
        assert bad.read == 0
        return
    chunks = list(read_chunks(bad.path, layout, with_care=True))
    rows = pd.concat([chunk.rows.to_pandas() for chunk in chunks]).set_index("event_id")
    assert len(rows) + sum(len(chunk.malformed) for chunk in chunks) == bad.read
    for (event_id, column), value in bad.values.items():
        if rows.index.is_unique:
            assert rows.at[event_id, READ_AS[column]] == value


def test_a_fault_far_down_a_large_file_is_told_by_its_line(engine, tmp_path):
    # More than the parser has in hand at once: it finds the fault when rows have long been handed on.
    lines = good_lines(30_000)
    lines[28_000] = "only\tthree\tfields"
    write(tmp_path / "events", [gdelt2_line(GLOBALEVENTID=900_000_000 + i) for i in range(60_000)] + lines)
    engine.build(tmp_path / "events", tmp_path / "archive", rule="none")
    found = read_all(tmp_path / "archive")
    assert [(row["line"], row["reason"]) for row in found["rejects"] if "fields" in row["reason"]] == [
        (88_001, "has 3 fields; a line of this file has 61")
    ]
    (count,) = found["counts"]
    assert count["rows_read"] == 90_000


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_quote_that_nothing_closes_costs_its_own_line_alone(end, engine, tmp_path):
    text = create_text("gdelt2_table", [{"GLOBALEVENTID": 900000001 + i} for i in range(9)], line_end=end)
    lines = text.split(end)
    for row in (3, 6):
        lines[row] = lines[row].replace("https://", '"https://')
    path = tmp_path / "events" / "table.csv"
    path.parent.mkdir()
    path.write_text(end.join(lines), encoding="utf-8", newline="")
    engine.build(tmp_path / "events", tmp_path / "archive")
    found = read_all(tmp_path / "archive")
    assert [row["line"] for row in found["rejects"]] == [4, 7]
    assert all("quote" in row["reason"] or "CSV" in row["reason"] for row in found["rejects"])
    assert [row["line"] for row in found["events"]] == [2, 3, 5, 6, 8, 9, 10]


def test_a_table_line_without_end_is_not_held_in_memory(tmp_path):
    text = create_text("acled", [{}, {"notes": "a" * (2 * MAX_LINE_BYTES)}, {"event_id_cnty": "TGO0002"}])
    path = tmp_path / "acled.csv"
    path.write_text(text, encoding="utf-8")
    (chunk,) = read_chunks(path, recognise(path, path.name), with_care=True)
    assert chunk.rows["event_id"].to_pylist() == ["TGO0001", "TGO0002"]
    assert chunk.rows["line"].to_pylist() == [2, 4]
    assert [(fault["line"], "longer" in fault["reason"]) for fault in chunk.malformed] == [(3, True)]


def test_a_limit_counts_what_comes_out_and_does_not_believe_what_is_said(tmp_path):
    # Both halves: a true size above the limit, and a stream that goes on beyond what its header says.
    with (
        pytest.raises(UnreadableFileError, match="limit is 33,554,432"),
        unpacked(zip_that_expands(tmp_path / "a").path, limit=EXPANDED_BYTES // 2),
    ):
        raise AssertionError("was unpacked")
    with pytest.raises(UnreadableFileError), unpacked(zip_with_a_false_size(tmp_path / "b").path, limit=10_000):
        raise AssertionError("was unpacked")
    bomb = tmp_path / "bomb.csv.gz"
    bomb.write_bytes(gzip.compress(b"0" * 10_000_000))
    with pytest.raises(UnreadableFileError, match="beyond the limit of 1,000,000"), unpacked(bomb, limit=1_000_000):
        raise AssertionError("was unpacked")
    with unpacked(bomb, limit=10_000_000) as plain:
        assert plain.stat().st_size == 10_000_000


@pytest.mark.parametrize("method", ["stored", "deflated", "bzip2", "lzma", "gzip"])
def test_an_archive_with_any_byte_wrong_is_unreadable_or_as_it_was(method, tmp_path):
    import zipfile

    content = "\n".join(good_lines(2)).encode()
    path = tmp_path / ("events.gz" if method == "gzip" else "events.zip")
    if method == "gzip":
        path.write_bytes(gzip.compress(content, mtime=0))
    else:
        with zipfile.ZipFile(path, "w", getattr(zipfile, f"ZIP_{method.upper()}")) as archive:
            archive.writestr(zipfile.ZipInfo("a.CSV"), content, getattr(zipfile, f"ZIP_{method.upper()}"))
    whole = path.read_bytes()
    refused = 0
    for place in range(len(whole)):
        for mask in (0x01, 0x80, 0xFF):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ mask]) + whole[place + 1 :])
            try:
                with unpacked(path, limit=100_000) as plain:
                    assert plain.read_bytes() == content, (place, mask)
            except UnreadableFileError:
                refused += 1
    assert refused > len(whole)
    for length in range(1, len(whole), 5):
        path.write_bytes(whole[:length])
        with pytest.raises(UnreadableFileError), unpacked(path):
            raise AssertionError(f"{length} bytes were enough")


def test_a_disk_that_is_full_is_no_broken_archive(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    path = tmp_path / "events.gz"
    path.write_bytes(gzip.compress(b"1"))
    monkeypatch.setattr("shutil.copyfileobj", fail)
    with pytest.raises(OSError, match="No space left"), unpacked(path):
        raise AssertionError("was unpacked")


def test_a_file_that_cannot_be_opened_does_not_stop_the_others(engine, tmp_path):
    truncated_zip(tmp_path / "events")
    write_events(tmp_path / "events" / "table.csv", "gdelt2_table")
    made = engine.build(tmp_path / "events", tmp_path / "archive")
    ends = {count["file"]: (count["rows_kept"], count["rows_rejected"]) for count in made.ledger.count()}
    assert ends == {"20260115120000.export.CSV.zip": (0, 1), "table.csv": (1, 0)}


def test_a_row_of_another_width_among_the_first_does_not_change_the_layout(tmp_path):
    narrow = create_text("gdelt1", [{"GLOBALEVENTID": 900000001 + i} for i in range(5)])
    path = tmp_path / "1.CSV"
    path.write_text(gdelt2_line() + "\n" + narrow, encoding="utf-8")
    assert recognise(path, path.name).source_name == "gdelt1"
    path.write_text("\n".join([narrow.split("\n")[0], *good_lines(5)]), encoding="utf-8")
    assert recognise(path, path.name) is GDELT2


def test_no_row_of_a_table_is_read_under_a_wrong_column(tmp_path):
    # A field too few shifts none of the others.
    text = create_text("gdelt2_table", [{}, {"GLOBALEVENTID": 900000002}]).split("\n")
    text[1] = text[1].partition(",")[2]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(text), encoding="utf-8")
    (chunk,) = read_chunks(path, GDELT2_TABLE, with_care=True)
    assert chunk.rows["event_id"].to_pylist() == ["900000002"]
    assert [(fault["line"], fault["reason"]) for fault in chunk.malformed] == [
        (2, "has 60 fields; a line of this file has 61")
    ]
