"""The measures of the archive's quality: known answers by hand, planted faults, and the published files."""

import datetime as dt
from collections import Counter

import ibis
import numpy as np
import pandas as pd
import pytest
from coded_files import published
from hypothesis import given, settings
from hypothesis import strategies as st
from quality_files import read_archive, write_gdelt, write_icews

from analysis.archive import quality, spans
from analysis.archive.overlap import (
    FEW_MONTHS,
    PAIR_KEYS,
    align_months,
    compare_sources,
    count_curated_months,
    count_subject_months,
    create_curated_pairs,
    pair_across_sources,
)
from analysis.archive.rows import open_coded_events, read_rejects, source_names
from analysis.cleaning.coded import DUPLICATE_RULES
from analysis.engine import connect
from analysis.errors import UnknownNameError
from analysis.figures.terms import say_term
from analysis.language import speaking
from analysis.sources.events import LAYOUTS
from analysis.sources.events.gdelt import GDELT1, GDELT2
from analysis.sources.events.icews import ICEWS

DAY = dt.date(2024, 3, 5)
SCHEMA = {
    "event_id": "string", "file": "string", "line": "int64", "date_start": "date", "date_end": "date",
    "source_actor": "string", "target_actor": "string", "source_role": "string", "target_role": "string",
    "source_raw": "string", "target_raw": "string", "event_class": "string", "cameo_code": "string",
    "plover_type": "string", "place": "string", "place_state": "string", "reported": "date",
}  # fmt: skip


@pytest.fixture(scope="module")
def engine():
    engine = connect()
    yield engine
    engine.close()


def fetch(table):
    return table.to_pyarrow().to_pandas()


@pytest.fixture
def ask():
    """The rows of an expression over coded events, each given by what differs from a plain one."""

    def asked(measure, *rows, **options):
        plain = dict.fromkeys(SCHEMA) | {"file": "a", "date_start": DAY, "cameo_code": "042"}
        made = [plain | {"event_id": str(line), "line": line} | row for line, row in enumerate(rows, start=1)]
        table = ibis.memtable([row | {"date_end": row["date_end"] or row["date_start"]} for row in made], schema=SCHEMA)
        return fetch(measure(table, **options))

    return asked


# Years, actors, delays, duplicates, rejects


def test_years_hold_their_events_days_and_ends(ask):
    days = [dt.date(2020, 2, 1), dt.date(2020, 2, 1), dt.date(2020, 12, 31), dt.date(2022, 1, 1)]
    years = ask(quality.count_years, *({"date_start": day} for day in days))
    assert years[["year", "n_events", "n_days"]].to_numpy().tolist() == [[2020, 3, 2], [2022, 1, 1]]
    assert years["last_day"].astype(str).tolist() == ["2020-12-31", "2022-01-01"]


def test_an_actor_named_in_several_parts_of_an_event_counts_once(ask):
    actors = ask(
        quality.count_actors,
        {"source_actor": "TGO", "target_actor": "TGO", "place_state": "TGO"},
        {"source_actor": "BEN", "target_actor": "TGO", "place_state": "BEN"},
        {"place_state": "TGO"},
        {},
    ).set_index("actor")
    assert actors.index.tolist() == ["TGO", "BEN"]
    assert actors.loc["TGO", ["n_as_source", "n_as_target", "n_as_place", "n_events"]].tolist() == [1, 2, 2, 3]
    assert actors.loc["BEN", ["n_as_source", "n_as_target", "n_as_place", "n_events"]].tolist() == [1, 0, 1, 1]


def test_missing_actors_are_parted_by_side_and_sum_to_all(ask):
    (row,) = ask(
        quality.count_missing_actors,
        {"source_actor": "TGO", "target_actor": "BEN", "source_raw": "TGO", "target_raw": "BEN", "source_role": "GOV"},
        {"target_actor": "BEN", "source_raw": "COP", "target_raw": "BEN"},
        {"target_actor": "BEN", "target_raw": "BEN"},
        {"source_actor": "TGO", "source_raw": "TGO"},
        {"source_raw": "COP", "target_raw": "CVL", "target_role": "CVL"},
    ).to_dict("records")
    assert row == {
        "n_events": 5, "n_both": 1, "n_no_source": 2, "n_no_target": 1, "n_neither": 1, "n_unnamed_source": 1,
        "n_unnamed_target": 1, "n_source_role": 1, "n_target_role": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("days", "delay"),
    [(-1, "before the event"), (0, "same day"), (1, "1 to 7 days"), (7, "1 to 7 days"), (8, "8 to 31 days"),
     (31, "8 to 31 days"), (32, "32 to 300 days"), (300, "32 to 300 days"), (301, "over 300 days"), (None, "not known")],
)  # fmt: skip
def test_a_delay_falls_into_one_span(ask, days, delay):
    reported = None if days is None else DAY + dt.timedelta(days)
    assert ask(quality.count_delays, {"reported": reported}).to_numpy().tolist() == [[delay, 1]]


def test_rows_coded_afterwards_have_no_delay(ask):
    rows = [{"reported": DAY + dt.timedelta(9)}, {"reported": DAY + dt.timedelta(40)}]
    found = ask(quality.count_delays, *rows, collected_until=str(DAY + dt.timedelta(10)))
    assert dict(found.to_numpy().tolist()) == {"coded afterwards": 1, "32 to 300 days": 1}


KEYED = st.fixed_dictionaries(
    {
        "event_id": st.sampled_from(["1", "2"]),
        "source_raw": st.sampled_from(["TGO", None]),
        "target_raw": st.sampled_from(["BEN", "FRA"]),
        "cameo_code": st.sampled_from(["042", "043"]),
        "place": st.sampled_from(["Lome", None]),
        "date_start": st.sampled_from([DAY, dt.date(2024, 3, 6)]),
    }
)


def test_an_id_that_lasts_is_one_event_on_two_days():
    plain = dict.fromkeys(SCHEMA) | {"event_id": "1", "file": "a"}
    days = [DAY, dt.date(2024, 3, 6)]
    rows = [plain | {"line": line, "date_start": day, "date_end": day} for line, day in enumerate(days)]
    events = ibis.memtable(rows, schema=SCHEMA)
    for lasting, n_merged in ((False, 0), (True, 1)):
        found = fetch(quality.count_duplicates(events, ids_last=lasting)).set_index("rule")["n_merged"]
        assert found["event"] == n_merged


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(KEYED, min_size=1, max_size=12))
def test_each_rule_merges_all_but_one_of_a_group(rows):
    plain = dict.fromkeys(SCHEMA) | {"file": "a"}
    made = [plain | {"line": line, "date_end": row["date_start"]} | row for line, row in enumerate(rows)]
    found = fetch(quality.count_duplicates(ibis.memtable(made, schema=SCHEMA)))
    columns = {"type_code": "cameo_code"}
    for rule, n_merged in found[["rule", "n_merged"]].itertuples(index=False):
        groups = Counter(tuple(row[columns.get(key, key)] for key in DUPLICATE_RULES[rule]) for row in rows)
        assert n_merged == sum(groups.values()) - len(groups)
    assert set(found["rule"]) == {rule for rule, keys in DUPLICATE_RULES.items() if keys}


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("date 20261345; a day written as YYYYMMDD", "date (accepted: a day written as YYYYMMDD)"),
        ("date (missing); a day written as YYYYMMDD", "date (accepted: a day written as YYYYMMDD)"),
        ("latitude 400; between -90 and 90", "latitude (accepted: between -90 and 90)"),
        ("day of report x; y; z; a calendar day", "day of report (accepted: a calendar day)"),
        ("event type 9\n9; a code of the source's codebook", "event type (accepted: a code of the source's codebook)"),
        ("has 3 fields; a line of this file has 57 or 58", "has another number of fields"),
        ("field 12 holds bytes that are not UTF-8", "holds bytes that are not UTF-8"),
        ("is longer than 10,000,000 bytes; no line of an event file is", "is longer than N bytes"),
        ("a broken archive (bad magic number); fetch it again", "a broken archive"),
        ("the archive holds 2 files; an event file is packed alone", "the archive holds N files"),
    ],
)
def test_a_reason_is_named_without_the_value_that_offended(reason, kind):
    assert quality.name_reason(reason) == kind


def test_rejects_are_counted_by_source_and_kind_the_most_frequent_first():
    rows = pd.DataFrame(
        [("gdelt1", "a", "date 1; a day"), ("gdelt2", "b", "date 2; a day"), ("gdelt2", "c", "date 3; a day"),
         ("gdelt2", "c", "latitude 91; between -90 and 90")],
        columns=["source_name", "file", "reason"],
    )  # fmt: skip
    found = quality.count_rejects(rows)
    assert found[["source_name", "n_rows", "n_files"]].to_numpy().tolist() == [
        ["gdelt2", 2, 2],
        ["gdelt1", 1, 1],
        ["gdelt2", 1, 1],
    ]
    assert quality.count_rejects(rows.iloc[::-1]).equals(found)
    assert quality.count_rejects(rows.iloc[:0]).empty


# What the files speak of


def test_rows_that_look_back_do_not_widen_what_a_daily_file_speaks_of(ask):
    rows = [
        {"date_start": dt.date(2024, 3, 5), "reported": dt.date(2024, 3, 5)},
        {"date_start": dt.date(2024, 3, 4), "reported": dt.date(2024, 3, 5)},
        {"date_start": dt.date(2023, 12, 1), "reported": dt.date(2024, 3, 5)},
    ]
    own = ask(spans.create_file_spans, *rows, layout=GDELT2)
    assert own.astype(str).to_numpy().tolist() == [["a", "2024", "2024-03-04", "2024-03-05"]]
    # ICEWS names no day of report: every row is of the file's own time.
    assert len(ask(spans.create_file_spans, *rows, layout=ICEWS)) == 2


def test_years_coded_in_one_go_are_covered(ask):
    rows = [{"date_start": dt.date(1985, 5, day), "reported": dt.date(2013, 3, 1)} for day in (1, 9)]
    assert ask(spans.create_file_spans, *rows, layout=GDELT1)["first_day"].astype(str).tolist() == ["1985-05-01"]
    assert ask(spans.create_file_spans, *rows, layout=GDELT2).empty


def file_spans(*rows):
    return pd.DataFrame(rows, columns=["file", "first_day", "last_day"])


def test_a_silence_of_more_than_a_year_parts_a_file():
    found = spans.join_spans(file_spans(("a", "2019-01-01", "2019-12-31"), ("a", "2020-12-31", "2020-12-31")))
    assert found.astype(str).to_numpy().tolist() == [["2019-01-01", "2020-12-31"]]
    found = spans.join_spans(file_spans(("a", "2019-01-01", "2019-12-31"), ("a", "2021-01-02", "2021-02-01")))
    assert len(found) == 2


def test_days_between_two_files_are_not_covered():
    found = spans.join_spans(file_spans(("a", "2020-01-01", "2020-01-02"), ("b", "2020-01-04", "2020-01-05")))
    assert len(found) == 2
    assert spans.count_covered_days(found, pd.Timestamp("2020-01-02"), pd.Timestamp("2020-01-04")) == 2
    assert spans.join_spans(file_spans()).empty


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 60), st.integers(0, 20)), min_size=1, max_size=8),
    seed=st.integers(0, 9),
)
def test_joined_spans_cover_what_the_files_cover_in_any_order(rows, seed):
    start = pd.Timestamp("2020-01-01")
    frame = file_spans(*((name, start + pd.Timedelta(a, "D"), start + pd.Timedelta(a + b, "D")) for name, a, b in rows))
    found = spans.join_spans(frame)
    pd.testing.assert_frame_equal(found, spans.join_spans(frame.sample(frac=1, random_state=seed)))
    assert (
        found["first_day"].iloc[1:].to_numpy() > found["last_day"].iloc[:-1].to_numpy() + np.timedelta64(1, "D")
    ).all()
    days = {day for row in frame.itertuples() for day in pd.date_range(row.first_day, row.last_day)}
    covered = {day for row in found.itertuples() for day in pd.date_range(row.first_day, row.last_day)}
    # Within one file the days between its rows count as well, and no others do.
    filled = {
        day for _, own in frame.groupby("file") for day in pd.date_range(own["first_day"].min(), own["last_day"].max())
    }
    assert days <= covered == filled


def test_a_month_is_covered_from_nine_tenths_of_its_days():
    def covered(first, last):
        frame = pd.DataFrame({"first_day": [first], "last_day": [last]})
        return [f"{month:%Y-%m}" for month in spans.covered_months(frame, "2023-01-01", "2023-04-29")]

    assert covered("2023-02-03", "2023-02-28") == ["2023-02"]  # 26 of 28
    assert covered("2023-02-04", "2023-02-28") == []  # 25 of 28
    assert covered("2022-01-01", "2024-01-01") == ["2023-01", "2023-02", "2023-03"]  # April is cut by the window


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.title)
def test_every_source_has_a_layout_and_a_title(layout):
    assert spans.layout_of(layout.source_name).source_name == layout.source_name
    assert spans.title_of(layout.source_name)
    assert spans.title_of(layout.source_name) in layout.title


def test_an_unknown_source_is_named():
    with pytest.raises(UnknownNameError, match="did you mean 'gdelt2'"):
        spans.layout_of("gdelt22")


# Two sources side by side


def months(*rows):
    frame = pd.DataFrame(rows, columns=["subject", "source_name", "month", "n_events"])
    return frame.assign(month=pd.to_datetime(frame["month"]))


YEAR = pd.date_range("2020-01-01", periods=12, freq="MS")


def one_year(counts_a, counts_b, covered=None):
    rows = [
        ("TGO", source, month, count)
        for source, counts in (("a", counts_a), ("b", counts_b))
        for month, count in zip(YEAR, counts, strict=False)
        if count
    ]
    return months(*rows), covered or {"a": YEAR, "b": YEAR}


@pytest.mark.parametrize(
    ("counts_b", "rho"),
    [
        (range(1, 13), 1.0),
        (range(12, 0, -1), -1.0),
        ([2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11], 1 - 72 / 1716),  # squared differences of rank sum to 12
        ([0] * 6 + [1] * 6, 9 / np.sqrt(143 / 12 * 9)),  # ties take their mean rank, 3.5 and 9.5
    ],
)
def test_the_rank_correlation_is_spearmans(counts_b, rho):
    (row,) = compare_sources(*one_year(range(1, 13), counts_b)).itertuples()
    assert row.rho == pytest.approx(rho)
    assert (row.n_months, row.n_a, row.reason) == (12, 78, "")


@pytest.mark.parametrize(
    ("counts_a", "counts_b", "covered", "reason"),
    [
        ([1, 2], [1, 2], {"a": YEAR[: FEW_MONTHS - 1], "b": YEAR}, "too few months to say"),
        ([1, 2], [1, 2], {"a": YEAR[:6], "b": YEAR[6:]}, "no month that both cover"),
        ([1, 2], [], None, "no event in one of them"),
        ([1, 2], [3] * 12, None, "one of the two does not vary"),
    ],
)
def test_no_correlation_is_given_without_a_reason_to_believe_it(counts_a, counts_b, covered, reason):
    (row,) = compare_sources(*one_year(counts_a, counts_b, covered)).itertuples()
    assert np.isnan(row.rho)
    assert row.reason == reason
    with speaking("fr"):
        assert "[en]" not in say_term(reason)


def test_a_month_that_one_source_does_not_cover_is_left_out_and_a_silent_one_is_none():
    counted, _ = one_year([5, 5, 5], [7])
    aligned = align_months(counted, {"a": YEAR[:2], "b": YEAR}, "TGO", "a", "b")
    assert aligned[["n_a", "n_b"]].to_numpy().tolist() == [[5, 7], [5, 0]]


def test_states_and_their_pairs_are_counted_by_month_an_event_once(ask):
    found = ask(
        count_subject_months,
        {"source_actor": "TGO", "target_actor": "BEN", "place_state": "TGO"},
        {"source_actor": "BEN", "target_actor": "TGO", "date_start": dt.date(2024, 3, 31)},
        {"source_actor": "TGO", "target_actor": "TGO"},
        {"place_state": "BEN", "source_actor": "FRA", "date_start": dt.date(2024, 4, 1)},
        # Over the end of a month: of no month.
        {"source_actor": "TGO", "date_start": dt.date(2024, 3, 31), "date_end": dt.date(2024, 4, 1)},
        states=["TGO", "BEN"],
    )
    counted = {(row.subject, f"{row.month:%m}"): row.n_events for row in found.itertuples()}
    assert counted == {("TGO", "03"): 3, ("BEN", "03"): 2, ("BEN-TGO", "03"): 2, ("BEN", "04"): 1}


def test_curated_events_count_third_parties_and_pairs_once():
    events = pd.DataFrame(
        {
            "event_id": ["1", "2", "3"],
            "date_start": pd.to_datetime(["2024-03-05", "2024-03-01", "2024-03-05"]),
            "date_end": pd.to_datetime(["2024-03-05", "2024-12-31", "2024-03-06"]),
            "date_precision": ["day", "year", "day"],
            "plover_type": ["CONSULT", "CONSULT", "AID"],
            "summary": ["", "", ""],
        }
    )
    actors = pd.DataFrame(
        [("1", "source", "TGO"), ("1", "source", "BEN"), ("1", "target", "FRA"), ("1", "source", "TGO"),
         ("2", "source", "TGO"), ("3", "third", "TGO"), ("3", "source", None)],
        columns=["event_id", "position", "state"],
    )  # fmt: skip
    dyads = pd.DataFrame([("1", "BEN", "TGO"), ("1", "BEN", "FRA")], columns=["event_id", "actor_a", "actor_b"])
    found = count_curated_months(events, actors, dyads, ["TGO", "BEN"])
    assert dict(zip(found["subject"], found["n_events"], strict=True)) == {"BEN": 1, "BEN-TGO": 1, "TGO": 2}
    pairs = create_curated_pairs(events, actors)
    assert sorted(zip(pairs["source_actor"], pairs["target_actor"], strict=True)) == [("BEN", "FRA"), ("TGO", "FRA")]


# Candidate pairs

EVENT = {"event_id": "1", "date_start": "2024-03-05", "source_actor": "FRA", "target_actor": "TGO",
         "plover_type": "CONSULT", "date_precision": "day"}  # fmt: skip


def frame(*rows):
    return pd.DataFrame([EVENT | row for row in rows], columns=list(EVENT))


@pytest.mark.parametrize(
    "changed",
    [
        {"date_start": "2024-03-06"},
        {"source_actor": "TGO", "target_actor": "FRA"},
        {"plover_type": "AGREE"},
        {"target_actor": None},
        {"plover_type": None},
        {"date_precision": "month"},
    ],
    ids=str,
)
def test_events_that_differ_are_no_candidates(changed):
    assert len(pair_across_sources(frame({}), frame({}))) == 1
    assert pair_across_sources(frame({}), frame(changed)).empty
    assert pair_across_sources(frame(changed), frame({})).empty


def test_two_events_that_both_lack_an_actor_are_no_candidates():
    assert pair_across_sources(frame({"target_actor": None}), frame({"target_actor": None})).empty


SOME = st.lists(
    st.fixed_dictionaries(
        {
            "date_start": st.sampled_from(["2024-03-05", "2024-03-06"]),
            "source_actor": st.sampled_from(["FRA", "TGO", None]),
            "target_actor": st.sampled_from(["FRA", "TGO"]),
            "plover_type": st.sampled_from(["CONSULT", "AGREE", None]),
            "date_precision": st.sampled_from(["day", "week"]),
        }
    ),
    max_size=10,
)


def numbered(rows, prefix):
    return frame(*(row | {"event_id": f"{prefix}{number}"} for number, row in enumerate(rows)))


@settings(max_examples=60, deadline=None)
@given(rows_a=SOME, rows_b=SOME, seed=st.integers(0, 99))
def test_pairing_is_symmetric_complete_and_blind_to_the_order_of_rows(rows_a, rows_b, seed):
    a, b = numbered(rows_a, "a"), numbered(rows_b, "b")
    found = pair_across_sources(a, b)
    expected = sorted(
        (one["event_id"], other["event_id"])
        for one in a.astype(object).where(a.notna(), None).to_dict("records")
        for other in b.astype(object).where(b.notna(), None).to_dict("records")
        if all(one[key] is not None and one[key] == other[key] for key in PAIR_KEYS)
        and one["date_precision"] == other["date_precision"] == "day"
    )
    assert sorted(zip(found["event_id_a"], found["event_id_b"], strict=True)) == expected
    turned = pair_across_sources(b, a)
    assert sorted(zip(turned["event_id_b"], turned["event_id_a"], strict=True)) == expected
    shuffled = pair_across_sources(a.sample(frac=1, random_state=seed), b.sample(frac=1, random_state=seed))
    pd.testing.assert_frame_equal(found, shuffled)


# Archives


def test_the_rows_of_an_archive_are_opened_by_day_and_source(tmp_path, engine):
    raw = tmp_path / "events"
    raw.mkdir()
    gdelt, icews = write_gdelt(raw / "gdelt.csv"), write_icews(raw / "icews.tab")
    (raw / "broken.zip").write_bytes(b"PK not an archive")
    ledger = read_archive(raw, tmp_path / "coded")
    assert source_names(ledger) == ["gdelt2", "icews"]
    for name, told in (("gdelt2", gdelt), ("icews", icews)):
        rows = open_coded_events(engine, ledger, name, folder=tmp_path / "coded")
        assert engine.fetch(rows.count().as_table()).to_pylist()[0].popitem()[1] == told["kept"]
    march = open_coded_events(engine, ledger, "icews", "2022-03-01", "2022-03-31", tmp_path / "coded")
    assert engine.fetch(march.select("event_id")).num_rows == 4
    assert open_coded_events(engine, ledger, "icews", "2019-01-01", "2019-12-31", tmp_path / "coded") is None
    rejects = read_rejects(ledger, ["gdelt2"], tmp_path / "coded")
    assert rejects["source_name"].value_counts().to_dict() == {"gdelt2": gdelt["rejected"], "unreadable": 1}


def test_the_published_benin_file_repeats_itself_as_often_as_is_known(tmp_path, engine):
    (file,) = published("gdelt_benin", "*.csv")
    raw = tmp_path / "events"
    raw.mkdir()
    (raw / file.name).symlink_to(file)
    ledger = read_archive(raw, tmp_path / "coded")
    rows = open_coded_events(engine, ledger, "gdelt2", folder=tmp_path / "coded")
    counts = engine.fetch(quality.count_duplicates(rows)).to_pandas().set_index("rule")["n_merged"]
    # 917 rows repeat another's day, actors, code and place (README of the data); the rest counted with pandas.
    assert counts.to_dict() == {"event": 0, "story": 917, "one_a_day": 1092}
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    missing = engine.fetch(quality.count_missing_actors(rows)).to_pandas().iloc[0]
    assert missing["n_unnamed_source"] == (table["Actor1Code"] == "").sum()
    assert missing["n_unnamed_target"] == (table["Actor2Code"] == "").sum()
    assert missing["n_both"] + missing["n_no_source"] + missing["n_no_target"] + missing["n_neither"] == len(table)
