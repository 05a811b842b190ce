"""Rules of duplicates: which rows are one event, which of them stands, and that every row is accounted for."""

import itertools
import shutil

import pandas as pd
import pytest
from archive_cases import SharedEngine, read_all, write_events
from coded_files import gdelt, icews, published
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.archive.ledger import load_ledger
from analysis.cleaning.coded import DUPLICATE_RULES, check_rule
from analysis.errors import UnknownNameError


@pytest.fixture(scope="module")
def engine():
    shared = SharedEngine()
    yield shared
    shared._folder.cleanup()


def build(engine, folder, rule, files, kind="gdelt2"):
    """Build an archive of files given as name -> rows."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, rows in files.items():
        write_events(folder / "events" / name, kind, rows)
    engine.build(folder / "events", folder / "archive", rule=rule)
    return read_all(folder / "archive")


def standing(found):
    return [(row["file"], row["line"]) for row in found["events"]]


def merged(found):
    rows = [row for merges in found["merges"].values() for row in merges]
    return {(row["file"], row["line"]): (row["kept_file"], row["kept_line"], row["kept_id"]) for row in rows}


def test_an_unknown_rule_is_told_with_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'story'"):
        check_rule("storey")
    assert check_rule("one_a_day") == "one_a_day"


# One change of the invented row each, and which rules still take the two for one event.
CHANGES = {
    "nothing": ({}, {"event", "story", "one_a_day"}),
    "the id": ({"GLOBALEVENTID": 2}, {"story", "one_a_day"}),
    "the place": ({"ActionGeo_FullName": "Kara"}, {"event", "one_a_day"}),
    "the place, unknown": ({"ActionGeo_FullName": ""}, {"event", "one_a_day"}),
    "the source actor": ({"Actor1Code": "TGO"}, {"event"}),
    "the target actor": ({"Actor2Code": ""}, {"event"}),
    "the code": ({"EventCode": "043"}, {"event"}),
    "the day": ({"SQLDATE": "20260114"}, set()),
    "the address and the tone": ({"SOURCEURL": "", "AvgTone": "3"}, {"event", "story", "one_a_day"}),
    "two of the story": ({"GLOBALEVENTID": 2, "ActionGeo_FullName": "Kara"}, {"one_a_day"}),
}


@pytest.mark.parametrize("rule", DUPLICATE_RULES)
def test_a_rule_compares_its_own_columns_and_no_others(rule, engine, tmp_path):
    for name, (change, rules) in CHANGES.items():
        found = build(engine, tmp_path / "a", rule, {"e.csv": [{}, change]})
        assert len(found["events"]) == (1 if rule in rules else 2), (rule, name)


@pytest.mark.parametrize("rule", ["story", "one_a_day"])
def test_what_is_missing_on_both_sides_is_the_same(rule, engine, tmp_path):
    nowhere = {"Actor1Code": "", "ActionGeo_FullName": ""}
    found = build(engine, tmp_path, rule, {"e.csv": [nowhere, nowhere | {"GLOBALEVENTID": 2}, {}]})
    assert standing(found) == [("e.csv", 1), ("e.csv", 3)]


def test_an_icews_id_is_one_event_only_on_one_day(engine, tmp_path):
    rows = [{}, {}, {"Event Date": "2018-06-02"}, {"Event ID": 40000002}]
    found = build(engine, tmp_path, "event", {"e.tab": rows}, kind="icews")
    assert standing(found) == [("e.tab", 2), ("e.tab", 4), ("e.tab", 5)]
    assert merged(found) == {("e.tab", 3): ("e.tab", 2, "40000001")}


@pytest.mark.parametrize(("kind", "id_column"), [("ucdp", "id"), ("acled", "event_id_cnty")])
def test_a_later_edition_of_an_event_stands_whatever_its_day(kind, id_column, engine, tmp_path):
    def told(number, day, **changes):
        days = {"date_start": day, "date_end": day} if kind == "ucdp" else {"event_date": day}
        return {id_column: number, **days, **changes}

    files = {
        "v24.csv": [told(1, "2018-12-31"), told(2, "2019-05-01"), told(3, "2019-05-01")],
        "v25.csv": [told(1, "2019-01-02"), told(2, "2019-05-01"), told(2, "2019-05-03")],
    }
    found = build(engine, tmp_path / "a", "event", files, kind=kind)
    assert standing(found) == [("v24.csv", 4), ("v25.csv", 2), ("v25.csv", 4)]
    assert merged(found) == {
        ("v24.csv", 2): ("v25.csv", 2, "1"),
        ("v24.csv", 3): ("v25.csv", 4, "2"),
        ("v25.csv", 3): ("v25.csv", 4, "2"),
    }
    assert len(build(engine, tmp_path / "b", "none", files, kind=kind)["events"]) == 6


def test_two_groups_of_one_state_are_not_one_actor(engine, tmp_path):
    rows = [{}, {"event_id_cnty": "TGO2", "actor1": "Police Forces of Togo (2005-)"}]
    found = build(engine, tmp_path, "story", {"e.csv": rows}, kind="acled")
    assert len(found["events"]) == 2
    assert {row["source_actor"] for row in found["events"]} == {"TGO"}


def test_the_first_reported_stands_then_the_order_of_files_and_lines(engine, tmp_path):
    late, early = {"DATEADDED": "20260117000000"}, {"DATEADDED": "20260116000000"}
    one, two, three = ({"GLOBALEVENTID": number} for number in (1, 2, 3))
    found = build(engine, tmp_path, "story", {"a.csv": [late | one], "b.csv": [early | two]})
    assert merged(found) == {("a.csv", 1): ("b.csv", 1, "2")}
    found = build(engine, tmp_path, "story", {"b.csv": [early | one], "a.csv": [early | two]})
    assert merged(found) == {("b.csv", 1): ("a.csv", 1, "2")}
    found = build(engine, tmp_path, "story", {"a.csv": [late | one, early | two, early | three]})
    assert merged(found) == {("a.csv", 1): ("a.csv", 2, "2"), ("a.csv", 3): ("a.csv", 2, "2")}


def test_rows_of_two_sources_are_never_merged(engine, tmp_path):
    write_events(tmp_path / "events" / "1.csv", "gdelt1")
    write_events(tmp_path / "events" / "2.csv", "gdelt2")
    engine.build(tmp_path / "events", tmp_path / "archive", rule="one_a_day")
    assert len(read_all(tmp_path / "archive")["events"]) == 2


def test_a_table_and_a_raw_file_of_one_source_are_compared(engine, tmp_path):
    write_events(tmp_path / "events" / "20260115.csv", "gdelt2")
    write_events(tmp_path / "events" / "20260115-table.csv", "gdelt2_table", [{}, {"GLOBALEVENTID": 7}])
    engine.build(tmp_path / "events", tmp_path / "archive", rule="event")
    found = read_all(tmp_path / "archive")
    assert standing(found) == [("20260115-table.csv", 2), ("20260115-table.csv", 3)]
    assert merged(found) == {("20260115.csv", 1): ("20260115-table.csv", 2, "900000001")}


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "GLOBALEVENTID": st.integers(1, 3),
                "SQLDATE": st.sampled_from(["20251231", "20260101", "20260102"]),
                "ActionGeo_FullName": st.sampled_from(["", "Lomé", "Kara"]),
                "DATEADDED": st.sampled_from(["20260102000000", "20260103000000"]),
            }
        ),
        min_size=1,
        max_size=14,
    ),
    cuts=st.lists(st.integers(0, 14), max_size=2),
    rule=st.sampled_from(list(DUPLICATE_RULES)),
)
def test_any_rows_come_out_as_a_plain_recount_says(rows, cuts, rule, engine, tmp_path):
    edges = sorted({0, *cuts, len(rows)})
    files = {f"{n}.csv": rows[i:j] for n, (i, j) in enumerate(itertools.pairwise(edges)) if rows[i:j]}
    found = build(engine, tmp_path / "a", rule, files)
    keys = {
        "event": ["GLOBALEVENTID", "SQLDATE"],
        "story": ["SQLDATE", "ActionGeo_FullName"],
        "one_a_day": ["SQLDATE"],
        "none": ["file", "line"],
    }[rule]
    frame = pd.DataFrame(
        [{**row, "file": name, "line": n} for name, part in files.items() for n, row in enumerate(part, start=1)]
    )
    firsts = frame.sort_values(["DATEADDED", "file", "line"]).drop_duplicates(keys)
    assert standing(found) == sorted(zip(firsts["file"], firsts["line"], strict=True))
    heads = {tuple(row[key] for key in keys): row for row in firsts.to_dict("records")}
    rows_by_place = {(row["file"], row["line"]): row for row in frame.to_dict("records")}
    for place, kept in merged(found).items():
        head = heads[tuple(rows_by_place[place][key] for key in keys)]
        assert kept == (head["file"], head["line"], str(head["GLOBALEVENTID"]))
    assert len(merged(found)) == len(frame) - len(firsts)
    for count in found["counts"]:
        assert count["rows_read"] == count["rows_kept"] + count["rows_merged"] + count["rows_rejected"]
        assert count["rows_read"] == len(files[count["file"]])


def plain_duplicates(frame, keys):
    return int(frame.duplicated(keys).sum())


@pytest.mark.parametrize("rule", DUPLICATE_RULES)
def test_the_published_export_of_benin_merges_as_counted_by_hand(rule, engine, tmp_path):
    (file,) = published("gdelt_benin", "*.csv")
    (tmp_path / "events").mkdir()
    shutil.copyfile(file, tmp_path / "events" / "benin.csv")
    engine.build(tmp_path / "events", tmp_path / "archive", rule=rule)
    (count,) = load_ledger(tmp_path / "archive").count()
    raw = gdelt()
    raw = raw[raw["file"] == file.name]
    columns = ["SQLDATE", "Actor1Code", "Actor2Code", "EventCode", "ActionGeo_FullName"]
    expected = {
        "event": plain_duplicates(raw, ["GLOBALEVENTID", "SQLDATE"]),
        "story": plain_duplicates(raw, columns),
        "one_a_day": plain_duplicates(raw, columns[:4]),
        "none": 0,
    }
    assert expected["story"] == 917  # README of the published data
    assert (count["rows_merged"], count["rows_rejected"]) == (expected[rule], 0)
    assert count["rows_kept"] == 10_000 - expected[rule]


def test_published_icews_ids_repeat_on_no_day(engine, tmp_path):
    (file,) = published("icews", "*.tab")
    (tmp_path / "events").mkdir()
    shutil.copyfile(file, tmp_path / "events" / "icews.tab")
    engine.build(tmp_path / "events", tmp_path / "archive", rule="event")
    (count,) = load_ledger(tmp_path / "archive").count()
    assert count["rows_merged"] == plain_duplicates(icews(), ["Event ID", "Event Date"]) == 0
