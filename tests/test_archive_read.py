"""Reading the archive: no more than is asked for, exact sums, and an error where an empty table would mislead."""

import shutil
from fractions import Fraction

import pandas as pd
import pytest
from archive_cases import SharedEngine, write_events
from coded_files import published
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.archive import read_coded_events, read_dyad_months, read_ledger
from analysis.archive.ledger import LEDGER_JSON
from analysis.errors import TightropeError, UnknownNameError

QUADS = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")


def row(number, day, source="TGO", target="FRA", **changes):
    given = {"GLOBALEVENTID": number, "SQLDATE": day, "DATEADDED": day, "Actor1Code": source, "Actor2Code": target}
    return given | changes


ROWS = [
    row(1, "20251231"),
    row(2, "20260101", "FRA", "TGO", ActionGeo_CountryCode="FR"),
    row(3, "20260131", "RUS", "MLI", ActionGeo_CountryCode="TO"),
    row(4, "20260201", "RUS", "MLI", ActionGeo_CountryCode="ML"),
    row(5, "20260201", "TGOGOV", "RUSMIL", EventCode="190", GoldsteinScale="-10", ActionGeo_CountryCode=""),
    row(6, "20260215", "", "TGO", GoldsteinScale="0.1"),
    row(7, "20260215", "IGOWAFWAS", "TGO", GoldsteinScale="0.2"),
    row(8, "20260220", "TGO", "TGO", GoldsteinScale=""),
    row(9, "20260331", "NER", "NGA", GoldsteinScale="-0.3"),
]


@pytest.fixture(scope="module")
def engine():
    shared = SharedEngine()
    yield shared
    shared._folder.cleanup()


@pytest.fixture(scope="module")
def archive(engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    write_events(folder / "raw" / "b.csv", "gdelt2", ROWS[4:])
    write_events(folder / "raw" / "a.csv", "gdelt2", ROWS[:4])
    write_events(folder / "raw" / "empty.csv", "icews", [{"Event Date": "never"}])
    engine.build(folder / "raw", folder / "out", rule="none")
    return folder / "out"


def ids(archive, **asked):
    return [int(one) for one in read_coded_events("gdelt2", folder=archive, **asked)["event_id"]]


def test_events_come_in_the_order_of_days_files_and_lines(archive):
    events = read_coded_events("gdelt2", folder=archive)
    assert events["event_id"].astype(int).tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert events["date_start"].is_monotonic_increasing
    assert set(events["file"]) == {"a.csv", "b.csv"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"states": ["TGO"]}, [1, 2, 3, 5, 6, 7, 8, 9]),
        ({"states": ["Togo"]}, [1, 2, 3, 5, 6, 7, 8, 9]),
        ({"states": ["MLI"]}, [3, 4]),
        ({"states": ["CEDEAO", "Niger"]}, [7, 9]),
        ({"states": ["RUS", "NGA"]}, [3, 4, 5, 9]),
        ({"states": iter(["FRA"])}, [1, 2]),
        ({"states": []}, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ({"start": "2026-02-01"}, [4, 5, 6, 7, 8, 9]),
        ({"end": "2025-12-31"}, [1]),
        ({"start": "2026-01-01", "end": "2026-01-31"}, [2, 3]),
        ({"start": "2026-02-15", "end": "2026-02-15"}, [6, 7]),
        ({"states": ["TGO"], "start": "2026-02-01", "end": "2026-02-28"}, [5, 6, 7, 8]),
        ({"states": ["SUN"]}, []),
    ],
)
def test_states_and_days_choose_the_rows(asked, expected, archive):
    assert ids(archive, **asked) == expected


def test_a_state_is_found_by_actor_and_by_place(archive):
    # Row 3 is about others, in Togo; row 6 has a target alone.
    events = read_coded_events("gdelt2", states=["TGO"], folder=archive).set_index("event_id")
    assert events.at["3", "place_state"] == "TGO"
    assert pd.isna(events.at["6", "source_actor"])


def test_columns_come_as_asked_for_and_in_that_order(archive):
    events = read_coded_events("gdelt2", columns=["goldstein", "event_id"], folder=archive)
    assert list(events.columns) == ["goldstein", "event_id"]
    assert events["event_id"].tolist() == [str(number) for number in range(1, 10)]
    assert pd.isna(events["goldstein"][7]), "a score that is not known is not zero"
    every = read_coded_events("gdelt2", folder=archive)
    assert {"event_id", "file", "line", "date_start", "source_actor", "goldstein", "summary"} <= set(every.columns)


@pytest.mark.parametrize("read", [read_coded_events, read_dyad_months])
def test_a_wrong_name_is_told_with_the_nearest(read, archive):
    with pytest.raises(UnknownNameError, match=r"unknown source of events 'gdelt'; did you mean 'gdelt2'\?"):
        read("gdelt", folder=archive)
    with pytest.raises(UnknownNameError, match=r"unknown actor 'TOGOO'; did you mean 'Togo'"):
        read("gdelt2", states=["FRA", "TOGOO"], folder=archive)
    with pytest.raises(TightropeError, match=r"states is the text 'TGO'; write a list, as \['TGO'\]"):
        read("gdelt2", states="TGO", folder=archive)


def test_a_wrong_column_is_told_with_the_nearest(archive):
    with pytest.raises(UnknownNameError, match="unknown column 'goldstien'; did you mean 'goldstein'"):
        read_coded_events("gdelt2", columns=["event_id", "goldstien"], folder=archive)


@pytest.mark.parametrize("read", [read_coded_events, read_dyad_months])
@pytest.mark.parametrize("day", ["20260101x", "2026-02-30", "yesterday", "today", "NaT", "nan", "1.1.2026", "2026-W01"])
def test_what_is_no_day_is_told(read, day, archive):
    for asked in ({"start": day}, {"end": day}):
        with pytest.raises(TightropeError, match=f"'{day}' is no day; write it as YYYY-MM-DD"):
            read("gdelt2", folder=archive, **asked)


@pytest.mark.parametrize("read", [read_coded_events, read_dyad_months])
def test_the_first_day_is_not_after_the_last(read, archive):
    with pytest.raises(TightropeError, match="the first day 2026-02-01 is after the last, 2026-01-01"):
        read("gdelt2", start="2026-02-01", end="2026-01-01", folder=archive)


@pytest.mark.parametrize("read", [read_coded_events, read_dyad_months])
@pytest.mark.parametrize("days", [("2030-01-01", None), (None, "2010-12-31"), ("2026-04-01", "2026-12-31")])
def test_days_of_which_nothing_is_known_are_an_error_and_not_an_empty_table(read, days, archive):
    with pytest.raises(TightropeError, match="the archive holds 2025-12 to 2026-03"):
        read("gdelt2", start=days[0], end=days[1], folder=archive)


def test_a_span_without_a_first_day_of_a_month_has_no_dyad_month(archive):
    with pytest.raises(TightropeError, match="no month that begins"):
        read_dyad_months("gdelt2", start="2026-01-02", end="2026-01-31", folder=archive)


def test_no_archive_and_another_version_say_what_to_do(archive, tmp_path):
    for reading in (read_ledger, lambda folder: read_coded_events("gdelt2", folder=folder)):
        with pytest.raises(TightropeError, match="run: tightrope build"):
            reading(tmp_path / "nowhere")
    shutil.copytree(archive, tmp_path / "old")
    text = (archive / LEDGER_JSON).read_text(encoding="utf-8")
    (tmp_path / "old" / LEDGER_JSON).write_text(text.replace('"version": 1', '"version": 0'), encoding="utf-8")
    with pytest.raises(TightropeError, match="run: tightrope build"):
        read_ledger(tmp_path / "old")


def test_files_beside_the_ledger_are_not_read(archive, tmp_path):
    shutil.copytree(archive, tmp_path / "copy")
    part = next((tmp_path / "copy" / "events").rglob("*.parquet"))
    shutil.copyfile(part, part.with_name("stray.parquet"))
    assert ids(tmp_path / "copy") == ids(archive)


def recount(events):
    """Dyad-months by pandas, with exact sums of the scores as they are written."""
    known = events.dropna(subset=["source_actor", "target_actor"])
    rows = []
    months = pd.to_datetime(known["date_start"]).dt.to_period("M").dt.start_time.dt.date
    for (month, source, target), group in known.groupby([months, "source_actor", "target_actor"]):
        scores = [Fraction(str(score)) for score in group["goldstein"].dropna()]
        rows.append(
            {
                "month": month,
                "source_actor": source,
                "target_actor": target,
                "n_events": len(group),
                "n_scored": len(scores),
                "cooperation": float(sum((score for score in scores if score > 0), Fraction())),
                "conflict": float(-sum((score for score in scores if score < 0), Fraction())),
                **{f"n_{quad}": int((group["quad_class"] == quad).sum()) for quad in QUADS},
            }
        )
    return rows


def test_dyad_months_are_what_a_recount_of_the_events_gives(archive):
    months = read_dyad_months("gdelt2", folder=archive)
    assert months.to_dict("records") == recount(read_coded_events("gdelt2", folder=archive))
    togo = read_dyad_months("gdelt2", states=["TGO"], start="2026-01-01", folder=archive)
    assert togo[["source_actor", "target_actor"]].to_numpy().tolist() == [
        ["FRA", "TGO"],
        ["ECOWAS", "TGO"],
        ["TGO", "RUS"],
        ["TGO", "TGO"],
    ]
    assert togo["n_scored"].tolist() == [1, 1, 1, 0]
    assert togo["conflict"].tolist() == [0.0, 0.0, 10.0, 0.0]


@settings(deadline=None, max_examples=10)
@given(scores=st.lists(st.integers(-100, 100), min_size=1, max_size=40))
def test_sums_of_scores_are_exact(scores, engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sums")
    rows = [row(n, "20260101", GoldsteinScale=f"{score / 10:.1f}") for n, score in enumerate(scores, start=1)]
    write_events(folder / "raw" / "a.csv", "gdelt2", rows)
    engine.build(folder / "raw", folder / "out", rule="none")
    (month,) = read_dyad_months("gdelt2", folder=folder / "out").to_dict("records")
    assert month["cooperation"] == sum(score for score in scores if score > 0) / 10
    assert month["conflict"] == -sum(score for score in scores if score < 0) / 10
    shutil.rmtree(folder)


@pytest.mark.parametrize("rule", ["none", "story"])
def test_dyad_months_of_published_rows_are_what_a_recount_gives(rule, engine, tmp_path):
    (tmp_path / "raw").mkdir()
    for pattern in ("gdelt_benin/*.csv", "icews/*.tab"):
        (file,) = published(*pattern.split("/"))
        shutil.copyfile(file, tmp_path / "raw" / file.name)
    engine.build(tmp_path / "raw", tmp_path / "out", rule=rule)
    for source in ("gdelt2", "icews"):
        events = read_coded_events(source, folder=tmp_path / "out")
        months = read_dyad_months(source, folder=tmp_path / "out")
        assert months.to_dict("records") == recount(events)
        assert months["n_events"].sum() > 1000
