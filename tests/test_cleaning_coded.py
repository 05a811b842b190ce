"""Machine-coded rows cleaned: what every code of every source comes to, held against known answers and real files."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from archive_cases import SharedEngine, read_all, write_events
from coded_files import acled, gdelt, icews, published, ucdp

from analysis.archive.build import describe_unknown
from analysis.cleaning.coded.lookups import LOOKUP_SCHEMAS, DatedCode, create_lookups, dated_codes
from analysis.reference import load
from analysis.sources.events import LAYOUTS

ANSWERS = pd.read_csv(Path(__file__).parent / "known_answers" / "coded_events.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def engine():
    shared = SharedEngine()
    yield shared
    shared._folder.cleanup()


def pairs(text):
    return dict(part.split("=", 1) for part in text.split(";"))


@pytest.fixture(scope="module")
def answered(engine, tmp_path_factory):
    """The cleaned row of every known answer, by its number."""
    found = {}
    for kind, answers in ANSWERS.groupby("layout"):
        folder = tmp_path_factory.mktemp(kind)
        rows = [{name: value.replace("|", ";") for name, value in pairs(given).items()} for given in answers["given"]]
        write_events(folder / "events" / "given.csv", kind, rows)
        engine.build(folder / "events", folder / "archive", rule="none")
        has_header = kind not in ("gdelt1", "gdelt2")
        tables = read_all(folder / "archive")
        by_line = {row["line"]: row for row in tables["events"]} | {row["line"]: row for row in tables["rejects"]}
        for place, number in enumerate(answers.index):
            found[number] = by_line[place + 1 + has_header]
    return found


@pytest.mark.parametrize("number", ANSWERS.index, ids=[f"{row.layout}-{row.given}" for row in ANSWERS.itertuples()])
def test_a_code_means_what_its_source_says(number, answered):
    row = answered[number]
    assert "reason" not in row, row
    expected = {name: value.replace("|", ";") for name, value in pairs(ANSWERS.at[number, "expected"]).items()}
    got = {name: "" if row[name] is None else str(row[name]) for name in expected}
    got = {name: ";".join(sorted(value.split(";"))) if name == "domain" else value for name, value in got.items()}
    assert got == expected, ANSWERS.at[number, "note"]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.title)
def test_a_lookup_has_every_key_once_so_that_no_row_is_doubled(layout):
    for name, frame in create_lookups(layout).items():
        key = next(iter(LOOKUP_SCHEMAS[name]))
        assert frame[key].is_unique, name
        assert frame[key].notna().all()


FAULTY = {
    "date before the first day that exists": ("icews", {"Event Date": "2018-02-29"}, "date 2018-02-29"),
    "last day before the first": (
        "ucdp",
        {"date_start": "2019-05-02", "date_end": "2019-05-01"},
        "last day 2019-05-01",
    ),
    "a type that no codebook has": ("acled", {"sub_event_type": "Picnic"}, "event type Picnic"),
    "a kind of violence that no codebook has": ("ucdp", {"type_of_violence": "4"}, "event type 4"),
    "an intensity off the scale": ("polecat", {"Intensity": "11"}, "Goldstein score 11; between -10 and 10"),
    "an id that is no number": ("icews", {"Event ID": "4e7"}, "event id 4e7; a whole number"),
    "no id": ("polecat", {"Event ID": ""}, "event id (missing)"),
    "301 days before the report": (
        "gdelt2",
        {"SQLDATE": "20250320", "DATEADDED": "20260115000000"},
        "date 20250320; at most 300 days before the report",
    ),
    "two days after the report": ("gdelt2", {"SQLDATE": "20260117"}, "date 20260117; no later than the report"),
    "a day of 2019 as a spreadsheet counts it": ("acled", {"event_date": "43617"}, "date 43617; a day written as YYYY"),
    "the first day of UCDP GED as a spreadsheet counts it": (
        "ucdp",
        {"date_start": "32509.0", "date_end": "32509.0"},
        "date 32509.0; a day written as YYYY",
    ),
    "a report without a day": ("gdelt2", {"DATEADDED": "soon"}, "day of report soon"),
    "a daily file of GDELT 1.0": (
        "gdelt1",
        {"SQLDATE": "20120401", "DATEADDED": "20130401"},
        "date 20120401; at most 300 days before the report",
    ),
    "fewer than no mentions": ("gdelt2", {"NumMentions": "-1"}, "number of mentions -1"),
    "east of the date line": ("acled", {"longitude": "180.5"}, "longitude 180.5; between -180 and 180"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_row_that_cannot_stand_says_why(name, engine, tmp_path):
    kind, changes, reason = FAULTY[name]
    write_events(tmp_path / "events" / "e.csv", kind, [{}, changes])
    engine.build(tmp_path / "events", tmp_path / "archive", rule="none")
    found = read_all(tmp_path / "archive")
    assert len(found["events"]) == 1
    assert [row["reason"][: len(reason)] for row in found["rejects"]] == [reason]


def test_a_reject_holds_what_was_read_of_its_row(engine, tmp_path):
    write_events(tmp_path / "events" / "e.csv", "gdelt2", [{"ActionGeo_Lat": "400", "Actor2Code": ""}])
    engine.build(tmp_path / "events", tmp_path / "archive")
    (reject,) = read_all(tmp_path / "archive")["rejects"]
    assert '"lat": "400"' in reject["raw"]
    assert "target_raw" not in reject["raw"]
    assert "Lomé" in reject["raw"]


def test_codes_that_no_table_knows_are_listed_with_their_rows(engine, tmp_path):
    rows = [{"Actor1Code": "QQQ"}] * 3 + [{"ActionGeo_CountryCode": "ZZ"}] + [{"Actor1Code": "TGOGOV"}]
    write_events(tmp_path / "events" / "e.csv", "gdelt2", rows)
    made = engine.build(tmp_path / "events", tmp_path / "archive", rule="none")
    listed = {(entry["system"], entry["code"]): entry["rows"] for entry in describe_unknown(made.ledger)}
    assert listed[("fips", "ZZ")] == 1
    assert "TGOGOV" not in str(listed)


@pytest.fixture(scope="module")
def real(engine, tmp_path_factory):
    """The published files as an archive without a rule, so that every good row stands."""
    folder = tmp_path_factory.mktemp("real")
    for pattern in (
        "gdelt1/*.tsv",
        "gdelt2/*.CSV",
        "gdelt_benin/*.csv",
        "gdelt_westafrica/198[5-6].csv",
        "icews/*.tab",
        "ucdp/*.csv",
        "acled/*.csv.gz",
    ):
        for file in published(*pattern.split("/")):
            (folder / "events" / file.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, folder / "events" / file.parent.name / file.name)
    engine.build(folder / "events", folder / "archive", rule="none")
    tables = read_all(folder / "archive")
    events = pd.DataFrame(tables["events"])
    return events, pd.DataFrame(tables["rejects"]), tables["counts"]


def test_published_rows_are_all_accounted_for(real):
    events, rejects, counts = real
    assert len(events) + len(rejects) == sum(count["rows_read"] for count in counts)
    # README of the published data: 1.15 % of the quarter-hour file are dated over 300 days before DATEADDED.
    assert rejects.groupby("file").size().to_dict() == {
        "gdelt1/mixed_57_58_columns.tsv": 6,
        "gdelt2/20180326044500.export.CSV": 18,
    }
    assert rejects["reason"].str.contains("at most 300 days before the report").all()


@pytest.mark.parametrize(
    ("folders", "column", "least"),
    [
        (("gdelt1/", "gdelt_westafrica/"), "goldstein_gdelt", 9_000),
        (("gdelt2/", "gdelt_benin/"), "goldstein_gdelt", 11_000),
        (("icews/",), "goldstein_icews", 3_705),
    ],
)
def test_the_archive_carries_every_score_of_the_sources_own_table(folders, column, least, real):
    events, *_ = real
    rows = events[events["file"].str.startswith(folders)]
    scores = load("cameo").set_index("cameo_code")[column]
    expected = pd.to_numeric(rows["cameo_code"].map(scores))
    assert len(rows) >= least
    assert (rows["goldstein"] == expected).all()


def test_the_published_rows_of_benin_come_through_unchanged(real):
    events, *_ = real
    ours = events[events["file"].str.startswith("gdelt_benin")].sort_values("line").reset_index(drop=True)
    raw = gdelt()
    raw = raw[raw["file"].str.startswith("bq-")].reset_index(drop=True)
    assert len(ours) == len(raw) == 10_000
    for name, column in {
        "event_id": "GLOBALEVENTID",
        "source_raw": "Actor1Code",
        "target_raw": "Actor2Code",
        "cameo_code": "EventCode",
        "place": "ActionGeo_FullName",
        "url": "SOURCEURL",
    }.items():
        assert (ours[name].fillna("") == raw[column]).all(), name
    for name, column in {"goldstein": "GoldsteinScale", "lat": "ActionGeo_Lat", "mentions": "NumMentions"}.items():
        assert (ours[name] == pd.to_numeric(raw[column])).all(), name
    assert (ours["date_start"].astype(str).str.replace("-", "") == raw["SQLDATE"]).all()
    # 290 rows that a search for Benin finds are of Benin City, Nigeria (README of the published data).
    assert set(ours.loc[raw["ActionGeo_CountryCode"] == "BN", "place_state"]) == {"BEN"}
    table = load("cameo").set_index("cameo_code")
    for name in ("plover_type", "quad_class"):
        assert (ours[name].fillna("") == ours["cameo_code"].map(table[name])).all(), name


def test_published_actors_of_other_sources_are_known(real):
    events, *_ = real
    by_folder = events.groupby(events["file"].str.split("/").str[0])
    rows = by_folder.get_group("ucdp")
    assert (rows.loc[rows["source_raw"] == "Government of Nigeria", "source_actor"] == "NGA").all()
    assert set(rows["place_state"]) == {"NGA"}
    assert len(rows) == len(ucdp())
    rows = by_folder.get_group("acled")
    assert len(rows) == len(acled())
    assert rows.loc[rows["source_raw"] == "Protesters (Argentina)", "source_actor"].eq("ARG").all()
    assert rows["place_state"].notna().all()
    rows = by_folder.get_group("icews")
    named = icews()
    assert (rows["source_actor"].notna().to_numpy() <= (named["Source Country"] != "").to_numpy()).all()
    assert rows.loc[(named["Source Country"] == "Nigeria").to_numpy(), "source_actor"].eq("NGA").all()


def test_a_number_of_a_state_that_is_no_more_has_a_last_day_and_one_of_a_state_of_today_none():
    dated = dated_codes("gw")
    assert DatedCode("99", "XGC", "", "1830-09-22") in dated
    assert DatedCode("315", "CSK", "", "1992-12-31") in dated
    assert not {"461", "220", "2"} & {code.code for code in dated}
