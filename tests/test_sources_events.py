"""Event files: recognised by their content, and read the same by the quick reader and by the careful one."""

import csv
import gzip
import io
import zipfile

import pyarrow as pa
import pytest
from archive_cases import INVENTED, SOURCE_LAYOUT, SharedEngine, create_text, read_all, write_events
from coded_files import published
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import TightropeError
from analysis.locks import LOCK
from analysis.plain_text import spell_out
from analysis.sources.events import LAYOUTS, reading
from analysis.sources.events.files import find_event_files, list_left_out, recognise, unpacked
from analysis.sources.events.reading import NeedsCareError, raw_columns, read_chunks

REAL = {
    "gdelt1/*.tsv": "gdelt1",
    "gdelt2/*.CSV": "gdelt2",
    "gdelt_benin/*.csv": "gdelt2_table",
    "gdelt_westafrica/*.csv": "gdelt1_table",
    "icews/*.tab": "icews",
    "ucdp/*.csv": "ucdp",
    "acled/*.csv.gz": "acled",
}
REAL_ROWS = {
    "mixed_57_58_columns.tsv": 710,
    "20180326044500.export.CSV": 1540,
    "bq-results-20260427-213006.csv": 10000,
    "events.2018.sample.tab": 3705,
    "hdx_conflict_data_nga.csv": 4603,
    "acled_dummy.csv.gz": 326,
}


@pytest.fixture(scope="module")
def engine():
    shared = SharedEngine()
    yield shared
    shared._folder.cleanup()


def read(path, layout, *, with_care):
    """All rows of a file as one table, and its malformed lines."""
    chunks = list(read_chunks(path, layout, with_care=with_care))
    return pa.concat_tables([chunk.rows for chunk in chunks]), [fault for chunk in chunks for fault in chunk.malformed]


@pytest.mark.parametrize("kind", SOURCE_LAYOUT)
@pytest.mark.parametrize("name", ["events.csv", "20260115.export.CSV", "x.tab", "y.txt"])
def test_a_layout_is_recognised_by_content_under_any_name(kind, name, tmp_path):
    path = write_events(tmp_path / name, kind, [{}, {}])
    assert recognise(path, name) is SOURCE_LAYOUT[kind]


@pytest.mark.parametrize("kind", SOURCE_LAYOUT)
def test_every_layout_names_its_coverage_citation_and_licence(kind):
    layout = SOURCE_LAYOUT[kind]
    first, last = layout.covers
    assert first >= "1979-01-01"
    assert last == "" or last > first
    assert len(layout.citation) > 40
    assert len(layout.licence) > 5
    assert set(layout.reads.values()) <= set(layout.columns)


@pytest.mark.parametrize(("pattern", "kind"), REAL.items())
def test_published_files_are_recognised_and_read_alike_by_both_readers(pattern, kind, tmp_path):
    layout = SOURCE_LAYOUT[kind]
    for file in published(*pattern.split("/")):
        with unpacked(file, spill=tmp_path) as path:
            assert recognise(path, "renamed") is layout
            careful, malformed = read(path, layout, with_care=True)
            assert malformed == []
            if file.name in REAL_ROWS:
                assert careful.num_rows == REAL_ROWS[file.name]
            try:
                quick, _ = read(path, layout, with_care=False)
            except NeedsCareError:
                assert layout.comment_prefix or b'"' in path.read_bytes() or kind == "gdelt1", file.name
                continue
            assert quick.equals(careful)


@pytest.mark.parametrize("kind", [kind for kind, layout in SOURCE_LAYOUT.items() if layout.has_header])
def test_the_order_of_a_header_and_columns_beyond_it_do_not_matter(kind, tmp_path):
    layout = SOURCE_LAYOUT[kind]
    rows = [{}, {}]
    plain = write_events(tmp_path / "plain.csv", kind, rows)
    turned = write_events(tmp_path / "turned.csv", kind, rows, header=["row_id", *reversed(layout.columns)])
    assert recognise(turned, turned.name) is layout
    for with_care in {True, bool(layout.comment_prefix)}:
        assert read(plain, layout, with_care=with_care)[0].equals(read(turned, layout, with_care=with_care)[0])


def test_a_header_that_repeats_a_column_that_is_read_is_refused(engine, tmp_path):
    columns = list(SOURCE_LAYOUT["ucdp"].columns)
    write_events(tmp_path / "events" / "id.csv", "ucdp", header=[*columns, "date_start"])
    write_events(tmp_path / "events" / "others.csv", "ucdp", header=[*columns, "note", "note"])
    engine.build(tmp_path / "events", tmp_path / "archive")
    found = read_all(tmp_path / "archive")
    assert [row["file"] for row in found["events"]] == ["others.csv"]
    assert [(row["file"], row["line"], row["reason"]) for row in found["rejects"]] == [
        ("id.csv", 0, "its header repeats date_start; every column needs its own name")
    ]


def test_a_long_name_of_a_column_beyond_those_that_are_read_stops_nothing(engine, tmp_path):
    before = csv.field_size_limit(131_072)  # what a process begins with
    columns = [*SOURCE_LAYOUT["acled"].columns, "x" * 200_000]
    write_events(tmp_path / "events" / "e.csv", "acled", header=columns)
    engine.build(tmp_path / "events", tmp_path / "archive")
    csv.field_size_limit(before)
    assert len(read_all(tmp_path / "archive")["events"]) == 1


def test_a_table_of_gdelt_2_is_not_taken_for_one_of_gdelt_1(tmp_path):
    wide, narrow = (write_events(tmp_path / f"{kind}.csv", kind) for kind in ("gdelt2_table", "gdelt1_table"))
    assert recognise(wide, "w").source_name == "gdelt2"
    assert recognise(narrow, "n").source_name == "gdelt1"
    # In a table of 1.0 the text NA says that nothing is known; in one of 2.0 it is a value.
    for path, place in ((wide, "NA"), (narrow, None)):
        path.write_text(path.read_text().replace("Lomé, Maritime, Togo", "NA"))
        rows, _ = read(path, recognise(path, "p"), with_care=True)
        assert rows["place"].to_pylist() == [place]


def test_unrecognised_files_are_named_at_once_with_what_is_expected(engine, tmp_path):
    (tmp_path / "a.csv").write_text("day,who\n2026-01-15,TGO\n")
    (tmp_path / "b.tab").write_text("one\ttwo\tthree\n")
    write_events(tmp_path / "c.csv", "acled")
    with pytest.raises(TightropeError) as caught:
        engine.build(tmp_path, tmp_path / "archive")
    said = str(caught.value)
    assert "a.csv is of no known layout; its first line has 1 fields parted by tab, 2 by comma" in said
    assert "begins 'day,who'" in said
    assert "b.tab is of no known layout; its first line has 3 fields parted by tab" in said
    assert "c.csv" not in said
    assert all(layout.expects in said for layout in LAYOUTS)
    assert {path.name for path in (tmp_path / "archive").iterdir()} <= {LOCK}


def test_a_header_that_lacks_a_column_is_not_recognised(tmp_path):
    layout = SOURCE_LAYOUT["icews"]
    path = write_events(tmp_path / "e.tab", "icews", header=[name for name in layout.columns if name != "CAMEO Code"])
    with pytest.raises(TightropeError, match="no known layout"):
        recognise(path, path.name)


def test_lines_of_57_and_58_columns_stand_in_one_file(tmp_path):
    lines = create_text("gdelt1", [{"GLOBALEVENTID": 900000001 + i} for i in range(4)]).splitlines()
    lines[1], lines[2] = lines[1].rpartition("\t")[0], lines[2].rpartition("\t")[0]
    path = tmp_path / "mixed.tsv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert recognise(path, path.name) is SOURCE_LAYOUT["gdelt1"]
    rows, malformed = read(path, SOURCE_LAYOUT["gdelt1"], with_care=True)
    assert malformed == []
    assert [url is None for url in rows["url"].to_pylist()] == [False, True, True, False]
    for only in (lines[1:3], lines[:1]):
        path.write_text("\n".join(only), encoding="utf-8")
        quick, _ = read(path, SOURCE_LAYOUT["gdelt1"], with_care=False)
        assert quick.equals(read(path, SOURCE_LAYOUT["gdelt1"], with_care=True)[0])


@pytest.mark.parametrize("kind", SOURCE_LAYOUT)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("is_closed", [True, False])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_byte_order_mark_line_ends_and_last_line_leave_no_trace(kind, line_end, is_closed, mark, tmp_path):
    layout = SOURCE_LAYOUT[kind]
    text = create_text(kind, [{}] * 3, line_end=line_end)
    path = tmp_path / "events.csv"
    path.write_text(mark + (text if is_closed else text.removesuffix(line_end)), encoding="utf-8", newline="")
    assert recognise(path, path.name) is layout
    expected = {name: INVENTED[kind].get(column) or None for name, column in layout.reads.items()}
    for with_care in (True, False):
        try:
            rows, malformed = read(path, layout, with_care=with_care)
        except NeedsCareError:
            continue
        assert malformed == []
        first = 1 + layout.has_header
        missing = {name: None if value in layout.missing else value for name, value in expected.items()}
        assert rows.to_pylist() == [{**missing, "line": first + i} for i in range(3)]


def test_the_second_header_of_a_humanitarian_exchange_is_no_row(tmp_path):
    tags = {"id": "#event+id", "date_start": "#date+start", "side_a": "#group+name+first", "gwnoa": ""}
    empty = dict.fromkeys(INVENTED["ucdp"], "") | tags
    path = write_events(tmp_path / "hdx.csv", "ucdp", [empty, {}, {"id": 300002, "side_b": "#1 Front"}])
    rows, malformed = read(path, SOURCE_LAYOUT["ucdp"], with_care=True)
    assert malformed == []
    assert rows["event_id"].to_pylist() == ["300001", "300002"]
    assert rows["line"].to_pylist() == [3, 4]


def test_rows_after_a_line_end_inside_quotes_keep_their_line_numbers(engine, tmp_path):
    rows = [{}, {"event_id_cnty": "TGO2", "notes": 'Two\nlines, "quoted"\nand three.'}, {"event_id_cnty": "TGO3"}]
    rows.append({"event_id_cnty": "TGO4", "event_date": "2022-02-30"})
    write_events(tmp_path / "events" / "acled.csv", "acled", rows)
    engine.build(tmp_path / "events", tmp_path / "archive")
    found = read_all(tmp_path / "archive")
    assert [(row["event_id"], row["line"]) for row in found["events"]] == [("TGO0001", 2), ("TGO2", 3), ("TGO3", 6)]
    assert found["events"][1]["summary"] == 'Two\nlines, "quoted"\nand three.'
    assert [(row["line"], row["reason"]) for row in found["rejects"]] == [
        (7, "date 2022-02-30; a day written as YYYY-MM-DD or DD Month YYYY")
    ]


def pack(path, text, how):
    path.parent.mkdir(parents=True, exist_ok=True)
    if how == "gz":
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(text.encode()))
    elif how == "zip":
        with zipfile.ZipFile(path.with_name(f"{path.name}.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(path.name, text)
    else:
        path.write_text(text, encoding="utf-8")


def test_quarter_hours_packed_or_not_make_one_part_a_day(engine, tmp_path):
    for number, how in enumerate(["zip", "gz", "plain", "zip"]):
        name = f"2026011{5 + number // 3}{number:02d}0000.export.CSV"
        given = {"GLOBALEVENTID": 900000001 + number, "SQLDATE": f"2026011{5 + number // 3}"}
        pack(tmp_path / "events" / name, create_text("gdelt2", [given]), how)
    made = engine.build(tmp_path / "events", tmp_path / "archive")
    batches = sorted(made.ledger.batches.values(), key=lambda batch: batch.name)
    assert [len(batch.files) for batch in batches] == [3, 1]
    assert [len(batch.parts) for batch in batches] == [1, 1]
    assert [batch.name[:9] for batch in batches] == ["20260115-", "20260116-"]
    assert [count["rows_kept"] for count in made.ledger.count()] == [1, 1, 1, 1]


def test_names_that_are_no_event_files_are_left_out(tmp_path):
    for name in (
        "b.csv",
        "a/2.TAB",
        "a/1.csv.gz",
        ".hidden.csv",
        ".cache/x.csv",
        "c.csv.part",
        "SOURCES.toml",
        "d.pdf",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    assert [path.relative_to(tmp_path).as_posix() for path in find_event_files(tmp_path)] == [
        "a/1.csv.gz",
        "a/2.TAB",
        "b.csv",
    ]
    assert find_event_files(tmp_path / "nowhere") == []
    assert list_left_out(tmp_path) == []
    for name in ("e.csv.bz2", "a/f.XLSX", "noname"):
        (tmp_path / name).write_text("x")
    (tmp_path / "g.csv").symlink_to(tmp_path / "absent.csv")
    assert list_left_out(tmp_path) == ["a/f.XLSX", "e.csv.bz2", "g.csv", "noname"]
    assert list_left_out(tmp_path / "nowhere") == []


# Letters that parsers treat in their own ways, among others.
LETTERS = st.sampled_from([*"aé ,\t\"'\\\0;#=", "\r", "\n", "\r\n", "\ufeff", "\x1a", "\u2028", "\x85", "NA", "None"])
TEXT = st.lists(LETTERS, max_size=4).map("".join)
CARE = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def assert_alike(path, layout):
    """The quick reader gives up, or gives what the careful one gives."""
    careful, malformed = read(path, layout, with_care=True)
    try:
        quick, _ = read(path, layout, with_care=False)
    except NeedsCareError:
        return
    assert malformed == []
    assert quick.to_pylist() == careful.to_pylist()


@pytest.mark.parametrize("is_closed", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("kind", [kind for kind in SOURCE_LAYOUT if kind != "ucdp"])
def test_a_file_is_read_quickly_wherever_its_blocks_end(kind, end, is_closed, tmp_path, monkeypatch):
    path = tmp_path / "events.csv"
    names = {"gdelt1": "GLOBALEVENTID", "gdelt2": "GLOBALEVENTID", "gdelt1_table": "GLOBALEVENTID",
             "gdelt2_table": "GLOBALEVENTID", "acled": "event_id_cnty"}  # fmt: skip
    name = names.get(kind, "Event ID")
    text = create_text(kind, [{name: str(10**number)} for number in range(9)], line_end=end)
    text = text if is_closed else text.removesuffix(end)
    path.write_text(text, encoding="utf-8", newline="")
    layout = SOURCE_LAYOUT[kind]
    careful, _ = read(path, layout, with_care=True)
    longest = max(map(len, text.encode().splitlines(keepends=True)))
    # Some lines are longer, so that their end is looked for in the whole block.
    monkeypatch.setattr(reading, "_TAIL", 40)
    # A last line that fills a block and has no end may be longer than a line may be: that is for the careful reader.
    for size in range(longest + (not is_closed), longest + 40):
        monkeypatch.setattr(reading, "_BLOCK", size)
        quick, malformed = read(path, layout, with_care=False)
        assert (quick.to_pylist(), malformed) == (careful.to_pylist(), [])
    monkeypatch.setattr(reading, "_BLOCK", longest - 1)
    with pytest.raises(NeedsCareError):
        read(path, layout, with_care=False)


def test_a_byte_order_mark_within_a_file_is_data(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(create_text("polecat", [{"Event ID": "\ufeff1"}]), encoding="utf-8")
    assert_alike(path, SOURCE_LAYOUT["polecat"])


@pytest.mark.parametrize(
    "line",
    ['1,"a"b,c', '1,""a,c', '1,a"b,c', '1,"a""b"c,d', '1,"a\nb",c', '1,"a,b', '1,a,b"', '1,"a"""b,c'],
)
def test_a_quote_out_of_place_is_left_to_the_careful_reader(line):
    good = '1,"a",b\n2,"",""\n3,"a""b","""a"""\n4,"a,""b"" c","\r"\n'
    assert reading._is_well_quoted(good.encode(), ",")
    assert not reading._is_well_quoted(f"{good}{line}\n{good}".encode(), ",")


@CARE
@given(rows=st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=4), end=st.sampled_from(["\n", "\r\n", ""]))
@pytest.mark.parametrize("kind", ["gdelt2", "gdelt1", "icews", "polecat"])
def test_both_readers_agree_on_any_text_between_tabs(kind, rows, end, tmp_path):
    layout = SOURCE_LAYOUT[kind]
    first, *_, before_last, last = layout.columns
    lines = create_text(kind, [{first: one, before_last: two, last: three} for one, two, three in rows])
    path = tmp_path / "events.csv"
    path.write_text(lines.removesuffix("\n") + end, encoding="utf-8", newline="")
    assert_alike(path, layout)


@CARE
@given(rows=st.lists(st.tuples(TEXT, TEXT, st.booleans()), min_size=1, max_size=4), end=st.sampled_from(["\n", "\r\n"]))
@pytest.mark.parametrize("kind", ["gdelt2_table", "gdelt1_table", "acled"])
def test_both_readers_agree_on_any_text_between_commas(kind, rows, end, tmp_path):
    layout = SOURCE_LAYOUT[kind]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(layout.columns)
    for one, two, is_raw in rows:
        given = INVENTED[kind] | {layout.reads["event_id"]: one, layout.columns[-1]: two}
        values = [given.get(column, "") for column in layout.columns]
        # Now and then as a careless program would write it.
        text.write(",".join(values) + end) if is_raw else writer.writerow(values)
    path = tmp_path / "events.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    assert_alike(path, layout)
    if not any(is_raw for *_, is_raw in rows):
        found, malformed = read(path, layout, with_care=True)
        expected = [spell_out(value) if value and value not in layout.missing else None for value, *_ in rows]
        told = {fault["line"] for fault in malformed}
        assert len(told) + found.num_rows == len(rows)
        if not told:
            assert found["event_id"].to_pylist() == expected


@pytest.mark.parametrize("kind", SOURCE_LAYOUT)
def test_a_chunk_has_the_columns_of_its_layout(kind, tmp_path):
    path = write_events(tmp_path / "e.csv", kind)
    rows, _ = read(path, SOURCE_LAYOUT[kind], with_care=True)
    assert rows.column_names == [*raw_columns(SOURCE_LAYOUT[kind]), "line"]
