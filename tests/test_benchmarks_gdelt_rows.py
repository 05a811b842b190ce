"""The generated rows have the layout and the value frequencies of the real ones, and repeat none of them."""

from __future__ import annotations

import datetime
import hashlib

import numpy as np
import pandas as pd
import pytest
from benchmarks import gdelt_rows, peers
from benchmarks.gdelt_rows import ACTION, ACTORS, COUNTS, GDELT2_COLUMNS, PLACES, SHARES, plan, write_gdelt2
from hypothesis import given
from hypothesis import strategies as st

ROWS, DAYS = 60_000, 3
START = datetime.date(2018, 2, 27)
STORY = ["SQLDATE", "Actor1Code", "Actor2Code", "EventCode", "ActionGeo_FullName"]


@pytest.fixture(scope="module")
def real() -> list[pd.DataFrame]:
    if reason := gdelt_rows.why_no_frequencies():
        pytest.skip(reason)
    return gdelt_rows.read_real()


@pytest.fixture(scope="module")
def files(real, tmp_path_factory) -> list:
    return write_gdelt2(tmp_path_factory.mktemp("rows"), ROWS, seed=7, start=START, days=DAYS)


def read(paths) -> pd.DataFrame:
    return pd.concat(
        pd.read_csv(path, sep="\t", header=None, names=GDELT2_COLUMNS, dtype=str, keep_default_na=False, quoting=3)
        for path in paths
    )


@pytest.fixture(scope="module")
def rows(files) -> pd.DataFrame:
    return read(files).reset_index(drop=True)


def expected(real, measure) -> float:
    """What a measure of the real files comes to, in the proportion in which they are drawn from."""
    return sum(share * measure(frame) for share, frame in zip(SHARES.values(), real, strict=True))


def blocks(rows, columns) -> pd.Index:
    return pd.MultiIndex.from_frame(rows[columns].drop_duplicates())


def delay(rows) -> pd.Series:
    reported = pd.to_datetime(rows["DATEADDED"].str[:8], format="%Y%m%d")
    return (reported - pd.to_datetime(rows["SQLDATE"], format="%Y%m%d")).dt.days


def test_layout(files):
    assert [path.name for path in files] == [f"{day}.export.CSV" for day in ("20180227", "20180228", "20180301")]
    lines = [line for path in files for line in path.read_bytes().split(b"\n")]
    assert lines.count(b"") == DAYS  # after the final newline of each file
    assert {line.count(b"\t") for line in lines if line} == {60}
    assert len(lines) == ROWS + DAYS
    assert len(GDELT2_COLUMNS) == len(set(GDELT2_COLUMNS)) == 61


def test_column_names_are_those_of_a_real_header(real):
    path = next(gdelt_rows.SHARED.glob("gdelt_benin/bq-results-*.csv"))
    with path.open(encoding="utf-8") as file:
        assert file.readline().rstrip("\n").split(",") == GDELT2_COLUMNS


def test_ids_ascend_and_reports_come_in_quarter_hours(rows):
    assert (rows["GLOBALEVENTID"].astype(int).diff().dropna() == 1).all()
    assert rows["DATEADDED"].is_monotonic_increasing
    assert set(rows["DATEADDED"].str[10:]) == {"0000", "1500", "3000", "4500"}
    assert rows["DATEADDED"].nunique() == 96 * DAYS
    day = pd.to_datetime(rows["SQLDATE"], format="%Y%m%d")
    assert (rows["MonthYear"] == day.dt.strftime("%Y%m")).all()
    assert (rows["Year"] == day.dt.strftime("%Y")).all()


def test_year_with_fraction_is_that_of_every_real_row(real):
    for frame in real:
        days = pd.to_datetime(frame["SQLDATE"], format="%Y%m%d")
        told = [float(gdelt_rows.fraction_date(day)) for day in days]
        assert told == frame["FractionDate"].astype(float).tolist()


@pytest.mark.parametrize("columns", [*ACTORS, ACTION, COUNTS, *PLACES])
def test_what_belongs_together_stays_together(rows, real, columns):
    known = blocks(pd.concat(real), columns)
    if columns in PLACES:  # a place may be drawn for another part of a row
        known = blocks(pd.concat([frame[of].set_axis(columns, axis=1) for frame in real for of in PLACES]), columns)
    if columns == ACTORS[1]:
        known = blocks(pd.concat([frame[of].set_axis(columns, axis=1) for frame in real for of in ACTORS]), columns)
    assert blocks(rows, columns).isin(known).all()


@pytest.mark.parametrize("column", [*ACTION, *COUNTS, "Actor1Geo_Type", "Actor2Geo_Type", "ActionGeo_CountryCode"])
def test_values_are_as_frequent_as_in_the_real_files(rows, real, column):
    found = rows[column].value_counts(normalize=True)
    shares = pd.concat([frame[column].value_counts(normalize=True) for frame in real], axis=1).fillna(0)
    wanted = (shares * list(SHARES.values())).sum(axis=1)
    assert (found.reindex(wanted.index, fill_value=0) - wanted).abs().max() < 0.012


@pytest.mark.parametrize(
    ("what", "measure"),
    [
        ("no first actor", lambda rows: (rows["Actor1Code"] == "").mean()),
        ("no second actor", lambda rows: (rows["Actor2Code"] == "").mean()),
        (
            "a country missing",
            lambda rows: ((rows["Actor1CountryCode"] == "") | (rows["Actor2CountryCode"] == "")).mean(),
        ),
        (
            "both countries missing",
            lambda rows: ((rows["Actor1CountryCode"] == "") & (rows["Actor2CountryCode"] == "")).mean(),
        ),
        ("an actor acting on itself", lambda rows: (rows["Actor1Code"] == rows["Actor2Code"]).mean()),
        ("the United States first", lambda rows: (rows["Actor1CountryCode"] == "USA").mean()),
        ("no place", lambda rows: (rows["ActionGeo_FullName"] == "").mean()),
        (
            "first actor placed at the event",
            lambda rows: (rows[PLACES[0]].values == rows[PLACES[2]].values).all(1).mean(),
        ),
        ("first actor without a place", lambda rows: (rows["Actor1Geo_Type"] == "0").mean()),
    ],
)
def test_shares_are_those_of_the_real_files(rows, real, what, measure):
    assert measure(rows) == pytest.approx(expected(real, measure), abs=0.035 if "placed" in what else 0.01)


def test_late_events_are_as_many_as_in_the_real_files(rows, real):
    late = expected(real, lambda frame: (delay(frame) > 300).mean())
    assert late == pytest.approx(0.0111, abs=0.0002)  # 18 of 1,540 in the file of the world
    assert (delay(rows) > 300).mean() == pytest.approx(late, abs=0.003)
    assert set(delay(rows)) == {0, 1, 7, 30, 365}


def test_repeated_stories_are_as_many_as_in_the_real_files(rows, real):
    wanted = expected(real, lambda frame: frame.duplicated(STORY).mean())
    assert wanted == pytest.approx(0.0749, abs=0.0002)  # 114 of 1,540, 917 of 10,000
    assert rows.duplicated(STORY).mean() == pytest.approx(wanted, abs=0.005)
    repeated = rows[rows.duplicated(STORY, keep=False)]
    assert (repeated.groupby(STORY)["SOURCEURL"].nunique() == 1).mean() > 0.5  # mostly one report counted twice


def test_addresses_are_shared_and_as_long_as_real_ones(rows, real):
    found = rows["SOURCEURL"].value_counts()
    per_url = 1 / expected(real, lambda frame: frame["SOURCEURL"].nunique() / len(frame))
    assert found.mean() == pytest.approx(per_url, rel=0.06)
    shared = expected(real, lambda frame: (frame["SOURCEURL"].map(frame["SOURCEURL"].value_counts()) >= 10).mean())
    assert (rows["SOURCEURL"].map(found) >= 10).mean() == pytest.approx(shared, abs=0.03)
    assert rows["SOURCEURL"].str.len().mean() == pytest.approx(
        expected(real, lambda frame: frame["SOURCEURL"].str.len().mean()), abs=6
    )
    assert rows["SOURCEURL"].str.match(r"https?://[^/\s]+/\S*$").all()
    one_report = rows.groupby("SOURCEURL")[["DATEADDED", "AvgTone"]].nunique()
    assert (one_report == 1).all(axis=None)


def test_no_real_row_is_repeated(rows, real):
    every = pd.concat(real)
    assert not rows["SOURCEURL"].isin(every["SOURCEURL"]).any()
    columns = [*ACTORS[0], *ACTORS[1], *ACTION, *COUNTS, *PLACES[0], *PLACES[1], *PLACES[2]]
    same = pd.MultiIndex.from_frame(rows[columns]).isin(pd.MultiIndex.from_frame(every[columns]))
    assert same.mean() < 0.01  # where even all blocks agree it is by chance


def digest(paths) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def test_the_same_seed_gives_the_same_bytes(real, tmp_path):
    one, again, other = (
        digest(write_gdelt2(tmp_path / name, 3000, seed=seed, start=START, days=2))
        for name, seed in (("one", 1), ("again", 1), ("other", 2))
    )
    assert one == again
    assert set(one).isdisjoint(other)


def test_files_hold_as_many_days_as_asked_for(real, tmp_path, monkeypatch):
    monkeypatch.setattr(gdelt_rows, "ROWS_AT_ONCE", 300)  # several parts a day
    paths = write_gdelt2(tmp_path, 5000, seed=3, start=START, days=5, days_per_file=2)
    assert [path.name[:8] for path in paths] == ["20180227", "20180301", "20180303"]
    rows = read(paths)
    assert len(rows) == 5000
    assert rows["GLOBALEVENTID"].is_unique
    assert rows["DATEADDED"].is_monotonic_increasing
    assert rows.groupby(rows["DATEADDED"].str[:8]).size().tolist() == [1000] * 5


@given(st.integers(0, 10**7), st.integers(1, 800))
def test_the_plan_covers_every_row_and_bounds_each_part(n_rows, days):
    parts = list(plan(n_rows, days))
    assert sum(rows for _, _, rows in parts) == n_rows
    assert sorted({day for day, _, _ in parts}) == list(range(days))
    limit = max(gdelt_rows.ROWS_AT_ONCE, -(-n_rows // days // gdelt_rows.QUARTERS_A_DAY)) + 1
    assert max(rows for _, _, rows in parts) <= limit
    hours = pd.Series([len(quarters) for _, quarters, _ in parts]).groupby([day for day, _, _ in parts]).sum()
    assert np.unique(hours).tolist() == [96]


def test_absent_data_is_named(tmp_path):
    assert "TIGHTROPE_SHARED_DATA" in gdelt_rows.why_no_frequencies(tmp_path)
    with pytest.raises(FileNotFoundError, match="gdelt2"):
        write_gdelt2(tmp_path / "out", 10, learned_from=tmp_path)
    assert not (tmp_path / "out").exists()


COLUMNS = ["GLOBALEVENTID", "SQLDATE", "Actor1Code", "Actor2Code", "EventCode", "SOURCEURL"]


@pytest.mark.parametrize("peer", ["duckdb_scan", "duckdb_write", "pandas"])
def test_peers_of_this_environment_read_every_row(files, tmp_path, peer):
    done = peers.run_peer(
        peer, files, tmp_path / peer, all_columns=GDELT2_COLUMNS, columns=COLUMNS, plover={"042": "CONSULT"}
    )
    assert done.answer["rows"] == ROWS
    assert 0 < done.answer["work_seconds"] < done.seconds
    assert done.peak_mib > 20
    if peer == "duckdb_write":
        written = pd.read_parquet(tmp_path / peer / "events")
        assert sorted(written.columns) == sorted([*COLUMNS, "year"])
        assert written["SQLDATE"].str[:4].eq(written["year"].astype(str)).sum() == ROWS
    if peer == "pandas":
        assert done.answer["kept"] == ROWS
        written = pd.read_parquet(tmp_path / peer / "events")
        assert (written["plover_type"] == "CONSULT").mean() == (written["EventCode"] == "042").mean() > 0.05
        assert written["date"].dt.strftime("%Y%m%d").eq(written["SQLDATE"].astype(str)).all()


def test_peak_memory_is_the_childs_own(tmp_path):
    ballast = bytearray(300 * 2**20)  # held here, so a child forked from here would begin with it
    done = peers.run_measured([peers.sys.executable, "-S", "-c", "print('{}')"], tmp_path)
    assert len(ballast) > done.peak_mib * 2**20
    assert done.answer == {}


def test_a_failing_peer_is_shown(tmp_path):
    with pytest.raises(RuntimeError, match="no such thing"):
        peers.run_measured([peers.sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path)


def test_an_absent_peer_has_a_reason(monkeypatch, tmp_path):
    monkeypatch.setitem(peers.PEERS, "abacus", ("abacus_that_nobody_installs", "counts"))
    monkeypatch.setenv("TIGHTROPE_PEER_PYTHONS", "")
    assert "abacus" in peers.why_absent("abacus")
    with pytest.raises(LookupError, match="TIGHTROPE_PEER_PYTHONS"):
        peers.run_peer("abacus", [], tmp_path, all_columns=[], columns=[])


def test_files_too_large_for_a_route_are_named(tmp_path):
    large = tmp_path / "large.CSV"
    with large.open("wb") as file:
        file.truncate(2**43)  # a hole: takes no room
    assert "pandas: needs some 49152 GiB" in peers.why_too_large("pandas", [large])
    assert peers.why_too_large("duckdb_scan", [large]) is None
