"""The build over the real raw files, and over copies with one fault each."""

import csv
import json

import pandas as pd
import pytest

from analysis import reference
from analysis.build import build, clean
from analysis.cleaning.corrections import StaleCorrectionError
from analysis.errors import TightropeError
from analysis.paths import RAW
from analysis.schema import TABLES
from analysis.sources.catalogue import sha256_of, suggest_entry
from analysis.store import read_build, read_table


def relist(raw, *names):
    """Drop files from SOURCES.toml, so that a test may change them."""
    path = raw / "SOURCES.toml"
    head, *entries = path.read_text(encoding="utf-8").split("[[file]]")
    kept = [entry for entry in entries if not any(f'name = "{name}"' in entry for name in names)]
    path.write_text("[[file]]".join([head, *kept]), encoding="utf-8")


def edit(raw, name, old, new):
    relist(raw, name)
    path = raw / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def counts_of(made):
    return {entry["file"]: entry for entry in made.record["files"]}


def test_no_row_of_any_file_is_lost(built):
    record = read_build(built)
    assert len(record["files"]) == 18
    for entry in record["files"]:
        with (RAW / entry["file"]).open(encoding="utf-8", newline="") as file:
            assert entry["rows_read"] == sum(1 for _ in csv.DictReader(file))
        ended = entry["rows_kept"] + entry["rows_merged"] + entry["rows_rejected"]
        assert ended == entry["rows_read"], entry["file"]


def test_every_table_passes_its_schema(built):
    for name, table in TABLES.items():
        assert len(table.validate(read_table(name, built))) == read_build(built)["tables"][name]


def test_nothing_awaits_review_in_the_projects_own_files(built):
    assert read_build(built)["for_review"] == {
        "merges_without_events": [],
        "events_without_judgement": [],
        "possible_duplicates": [],
        "claims_without_value": [],
        "outlets_without_grade": [],
    }
    assert read_build(built)["unlisted"] == {}


def test_every_reviewed_merge_names_events_that_exist():
    made = clean(RAW)
    known = set(made.tables["events"]["event_id"]) | set(made.tables["merges"]["merged_id"])
    decisions = reference.load("event_merges")
    assert set(decisions["event_id_kept"]) | set(decisions["event_id_merged"]) <= known


# Sums of effect times salience, positive and negative apart, as the facts' own description gives them.
@pytest.mark.parametrize(
    ("pair", "cooperation", "conflict"),
    [
        (("FRA", "MLI"), 0, 30),
        (("FRA", "NER"), 0, 39),
        (("MLI", "RUS"), 22, 0),
        (("FRA", "TGO"), 20, 12),
        (("RUS", "TGO"), 35, 1),
    ],
)
def test_judgements_add_up_as_published(built, pair, cooperation, conflict):
    dyads = read_table("dyad_events", built)
    weights = dyads.loc[(dyads["actor_a"] == pair[0]) & (dyads["actor_b"] == pair[1]), "weight"]
    assert (weights.clip(lower=0).sum(), -weights.clip(upper=0).sum()) == (cooperation, conflict)


def test_known_ties(built):
    ties = read_table("ties", built)
    left = ties[(ties["kind"] == "membership") & (ties["partner"] == "ECOWAS") & (ties["end"] == "2025-01-29")]
    assert set(left["state"]) == {"BFA", "MLI", "NER"}
    joined = ties[(ties["kind"] == "membership") & (ties["partner"] == "AES")]
    assert set(joined.loc[joined["start"] == "2023-09-16", "state"]) == {"BFA", "MLI", "NER"}


def test_a_vote_the_sources_do_not_tell_is_missing_not_absent(built):
    votes = read_table("votes", built)
    assert votes["vote"].isna().sum() == 13
    assert (votes["vote"] == "absent").sum() == 12


def test_two_builds_are_byte_for_byte_equal(built, tmp_path):
    build(RAW, tmp_path / "again")
    for path in built.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_an_unchanged_build_has_nothing_to_do(raw_copy, tmp_path):
    out = tmp_path / "out"
    assert build(raw_copy, out).is_fresh
    stamp = (out / "events.parquet").stat().st_mtime_ns
    assert not build(raw_copy, out).is_fresh
    assert (out / "events.parquet").stat().st_mtime_ns == stamp
    assert build(raw_copy, out, force=True).is_fresh


def test_a_changed_hash_stops_the_build_and_leaves_the_tables(raw_copy, tmp_path):
    out = tmp_path / "out"
    build(raw_copy, out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    path = raw_copy / "missions.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(
        TightropeError, match=r"missions\.csv has changed: .* sha256 [0-9a-f]{64}, the file has [0-9a-f]{64}"
    ):
        build(raw_copy, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_an_unparseable_date_is_rejected_and_everything_else_stands(raw_copy):
    edit(raw_copy, "togo_events.csv", "TGO0195,2025-08-30,2025-08-30", "TGO0195,late August,2025-08-30")
    made = clean(raw_copy)
    assert counts_of(made)["togo_events.csv"]["rows_rejected"] == 1
    reject = made.tables["rejects"].iloc[0]
    assert "late August" in reject["reason"]
    assert json.loads(reject["raw"])["event_id"] == "TGO0195"


def test_a_repeated_event_id_is_rejected(raw_copy):
    edit(raw_copy, "togo_events.csv", "TGO0196,", "TGO0195,")
    made = clean(raw_copy)
    assert counts_of(made)["togo_events.csv"]["rows_rejected"] == 1
    assert "'TGO0195' stands already" in made.tables["rejects"].iloc[0]["reason"]


def test_a_new_event_falls_back_on_its_type_and_is_listed(raw_copy):
    header = (raw_copy / "security_events.csv").read_text(encoding="utf-8").splitlines()[0]
    row = dict.fromkeys(header.split(","), "") | {
        "event_id": "MY1", "date_start": "2026-02-01", "date_precision": "day", "actor1": "RUS", "actor2": "TGO",
        "plover_event": "AID", "summary": "Aid arrives.", "source1_url": "https://example.org", "certainty": "single_source",
    }  # fmt: skip
    (raw_copy / "mine.csv").write_text(header + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    made = clean(raw_copy)
    assert made.record["for_review"]["events_without_judgement"] == ["MY1"]
    dyad = made.tables["dyad_events"].set_index("event_id").loc["MY1"]
    assert (dyad["weight_basis"], dyad["initiator"]) == ("derived", "RUS")
    assert dyad["weight"] == pytest.approx(0.3 * dyad["derived_score"])


def test_an_event_after_the_day_its_file_was_accessed_is_rejected_and_lengthens_no_data(raw_copy, built):
    name = "security_events.csv"
    edit(raw_copy, name, "SEC0101,2026-03-30,2026-03-30", "SEC0101,2199-03-30,2199-03-30")
    entry = suggest_entry(name, sha256_of(raw_copy / name)).replace("YYYY-MM-DD", "2026-11-23")
    listed = (raw_copy / "SOURCES.toml").read_text(encoding="utf-8")
    (raw_copy / "SOURCES.toml").write_text(f"{listed}\n{entry}\n", encoding="utf-8")
    made = clean(raw_copy)
    assert made.tables["rejects"].set_index("file").at[name, "reason"] == (
        "date '2199-03-30' lies after 2026-11-23, when its file was accessed: correct one of the two"
    )
    assert made.tables["events"]["date_start"].max() == read_table("events", built)["date_start"].max()


def test_a_port_and_an_outlet_spelled_otherwise_stay_what_they_are(raw_copy, built):
    edit(raw_copy, "port_transit.csv", ",Lome,", ",LOM\N{LATIN CAPITAL LETTER E WITH ACUTE},")
    outlet = read_table("claims", built).dropna(subset="outlet_grade")["outlet"].iloc[0]
    edit(raw_copy, "togo_claims.csv", outlet, outlet.swapcase())
    made = clean(raw_copy)
    assert not made.record["for_review"]["outlets_without_grade"]
    pd.testing.assert_frame_equal(made.tables["claims"], read_table("claims", built))
    ports = read_table("port_figures", built)["port"].replace("Lome", "LOM\N{LATIN CAPITAL LETTER E WITH ACUTE}")
    assert made.tables["port_figures"]["port"].tolist() == ports.tolist()


def test_a_day_of_access_that_is_none_stops_the_build(raw_copy):
    edit(raw_copy, "SOURCES.toml", "2026-11-23", "YYYY-MM-DD")
    with pytest.raises(
        TightropeError, match=r"SOURCES\.toml, CHANGES\.csv, accessed: date 'YYYY-MM-DD' cannot be read"
    ):
        clean(raw_copy)


def test_a_file_not_listed_is_built_with_an_entry_to_fill_in(raw_copy, tmp_path):
    relist(raw_copy, "missions.csv")
    made = build(raw_copy, tmp_path / "out")
    assert list(made.record["unlisted"]) == ["missions.csv"]
    assert counts_of(made)["missions.csv"]["rows_kept"] > 0


def test_the_record_says_where_each_listed_file_comes_from_as_it_is_said_now(raw_copy, tmp_path):
    out = tmp_path / "out"
    said = build(raw_copy, out).record["sources"]
    assert said.keys() == counts_of(build(raw_copy, out)).keys()
    assert said["missions.csv"]["licence"] == "CC-BY-4.0"
    edit(raw_copy, "SOURCES.toml", said["missions.csv"]["citation"], "Another (2026).")
    renewed = build(raw_copy, out)
    assert renewed.is_fresh
    assert renewed.record["sources"] == {
        **said,
        "missions.csv": {**said["missions.csv"], "citation": "Another (2026)."},
    }


@pytest.mark.parametrize("name", ["togo_events.csv", "togo_claims.csv", "economic_ties.csv", "port_transit.csv"])
def test_a_new_file_takes_no_identifier_from_a_listed_one(name, raw_copy):
    head, first = (raw_copy / name).read_text(encoding="utf-8").splitlines()[:2]
    (raw_copy / "AA.csv").write_text(f"{head}\n{first}\n", encoding="utf-8")
    made = clean(raw_copy)
    assert made.tables["rejects"]["file"].tolist() == ["AA.csv"]


def test_changes_may_stand_in_two_files(raw_copy, tmp_path):
    lines = (raw_copy / "CHANGES.csv").read_text(encoding="utf-8").splitlines()
    (raw_copy / "more_changes.csv").write_text("\n".join(lines[:3]) + "\n", encoding="utf-8")
    build(raw_copy, tmp_path / "out")
    assert read_table("changes", tmp_path / "out")["file"].value_counts()["more_changes.csv"] == 2


def test_a_file_of_no_known_layout_stops_the_build(raw_copy, tmp_path):
    (raw_copy / "odd.csv").write_text("colour,size\nred,3\n", encoding="utf-8")
    with pytest.raises(TightropeError, match=r"odd\.csv: no layout has these columns: colour, size"):
        build(raw_copy, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_stale_correction_stops_the_build(monkeypatch, raw_copy):
    stale = pd.DataFrame(
        [("togo_events.csv", "TGO0001", "place", "Kara", "Togo", "r", "")],
        columns=["file", "row_id", "field", "old", "new", "reason", "source_url"],
    )
    load = reference.load
    monkeypatch.setattr(reference, "load", lambda name: stale if name == "corrections" else load(name))
    with pytest.raises(StaleCorrectionError, match="expected 'Kara', found 'Togo'"):
        clean(raw_copy)


def test_a_lost_row_is_found(monkeypatch):
    import analysis.build as module

    cleaner = module.clean_claims

    def lossy(raw):
        cleaned = cleaner(raw)
        cleaned.tables["claims"] = cleaned.tables["claims"].iloc[1:]
        return cleaned

    monkeypatch.setitem(module._SIMPLE, "claims", lossy)
    with pytest.raises(AssertionError, match=r"togo_claims\.csv: 116 rows read, 115 accounted for"):
        clean(RAW)
