"""Whole runs against a server on this machine: what is new, here and failed, the ledger, and the lock."""

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from misbehaving_server import (
    MisbehavingServer,
    break_off,
    make_zip,
    md5,
    names_in,
    quick_transport,
    redirect,
    serve,
    status,
)
from rich.console import Console

from analysis.errors import TightropeError, UnknownNameError
from analysis.fetch.faults import FetchError
from analysis.fetch.ledger import LedgerEntry, hold_lock, read_ledger, write_ledger
from analysis.fetch.limits import Limits
from analysis.fetch.progress import BarProgress, LineProgress, show_progress
from analysis.fetch.run import fetch
from analysis.paths import PROJECT

SHARED = Path(os.environ.get("TIGHTROPE_SHARED_DATA", PROJECT.parent / "shared" / "data"))
NAMES = [f"201803260{n}0000.export.CSV.zip" for n in range(5)]
BODIES = {name: make_zip(name.removesuffix(".zip"), f"{name}\n" * 100) for name in NAMES}
TODAY = date(2026, 3, 1)


@pytest.fixture
def server(monkeypatch):
    for variable in ("DATAVERSE_API_TOKEN", "UCDP_ACCESS_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    with MisbehavingServer() as running:
        yield running


@pytest.fixture
def run(server, tmp_path):
    def fetched(source, *, limits=None, **options):
        transport, waits = quick_transport(limits or Limits(tries=3, read_seconds=1, connect_seconds=1))
        summary = fetch(source, tmp_path, base=server.base, transport=transport, today=TODAY, workers=1, **options)
        assert not [wait for wait in waits if wait < 0]
        return summary

    return fetched


def offer_gdelt(server, bodies=BODIES, extra=()):
    lines = [
        f"{len(body)} {md5(body)[4:]} http://data.gdeltproject.org/gdeltv2/{name}" for name, body in bodies.items()
    ]
    server.route("/gdeltv2/masterfilelist.txt", serve("\n".join([*lines, *extra]).encode(), kind="text/plain"))
    for name, body in bodies.items():
        server.route(f"/gdeltv2/{name}", serve(body))


def gdelt(run, **options):
    return run("gdelt2", start="2018-03-26", end="2018-03-26", **options)


def names(summary):
    return [remote.name for remote in summary.new]


def asked_for(server, part):
    return [path for path in server.paths() if part in path]


def test_a_range_of_gdelt_is_fetched_verified_and_listed(server, run, tmp_path):
    offer_gdelt(server)
    summary = gdelt(run)
    assert (names(summary), summary.failed, summary.is_complete) == (NAMES, (), True)
    assert summary.transferred == summary.size == sum(map(len, BODIES.values()))
    assert names_in(tmp_path / "gdelt2") == sorted([*NAMES, "FETCHED.json"])
    entry = json.loads((tmp_path / "gdelt2" / "FETCHED.json").read_text(encoding="utf-8"))["files"][NAMES[0]]
    assert entry == {
        "url": f"{server.base}/gdeltv2/{NAMES[0]}",
        "size": len(BODIES[NAMES[0]]),
        "checksum": md5(BODIES[NAMES[0]]),
        "sha256": hashlib.sha256(BODIES[NAMES[0]]).hexdigest(),
        "citation": entry["citation"],
        "licence": entry["licence"],
        "accessed": "2026-03-01",
    }
    assert "Leetaru" in entry["citation"]
    assert len(server.requests) == 6


def test_the_second_run_fetches_only_what_is_new(server, run, tmp_path):
    offer_gdelt(server, dict(list(BODIES.items())[:3]))
    gdelt(run)
    ledger = (tmp_path / "gdelt2" / "FETCHED.json").read_bytes()
    assert gdelt(run).present == tuple(NAMES[:3])
    assert (tmp_path / "gdelt2" / "FETCHED.json").read_bytes() == ledger
    offer_gdelt(server)
    server.requests.clear()
    summary = gdelt(run)
    assert (names(summary), summary.present) == (NAMES[3:], tuple(NAMES[:3]))
    assert sorted(server.paths()) == sorted(
        ["/gdeltv2/masterfilelist.txt", *(f"/gdeltv2/{name}" for name in NAMES[3:])]
    )


def test_the_ledger_does_not_depend_on_workers_or_order(server, tmp_path):
    ledgers = []
    for workers, listed in ((1, BODIES), (4, dict(reversed(BODIES.items())))):
        offer_gdelt(server, listed)
        home = tmp_path / str(workers)
        transport, _ = quick_transport()
        days = {"start": "2018-03-26", "end": "2018-03-26"}
        fetch("gdelt2", home, base=server.base, transport=transport, today=TODAY, workers=workers, **days)
        ledgers.append((home / "gdelt2" / "FETCHED.json").read_bytes())
    assert ledgers[0] == ledgers[1]


def test_one_file_that_fails_does_not_keep_the_others(server, run, tmp_path):
    offer_gdelt(server)
    server.route(f"/gdeltv2/{NAMES[1]}", status(404))
    server.route(f"/gdeltv2/{NAMES[2]}", serve(b"not this"))
    summary = gdelt(run)
    assert names(summary) == [NAMES[0], NAMES[3], NAMES[4]]
    assert [refusal.name for refusal in summary.failed] == [NAMES[1], NAMES[2]]
    assert "no such file (404)" in summary.failed[0].reason
    assert "its checksum is md5:" in summary.failed[1].reason
    assert not summary.is_complete
    assert names_in(tmp_path / "gdelt2") == sorted([NAMES[0], NAMES[3], NAMES[4], "FETCHED.json"])
    offer_gdelt(server)
    assert names(gdelt(run)) == [NAMES[1], NAMES[2]]


def test_a_master_list_with_malformed_lines_and_repeated_names(server, run):
    body = BODIES[NAMES[0]]
    again = f"{len(body)} {md5(body)[4:]} http://data.gdeltproject.org/gdeltv2/{NAMES[0]}"
    torn = "http://data.gdeltproject.org/gdeltv2/20180326230000.export.CSV.zip"
    offer_gdelt(server, extra=[again, torn, "???", "\xff\xfe"])
    summary = gdelt(run)
    assert names(summary) == NAMES
    assert [refusal.name for refusal in summary.failed] == ["20180326230000.export.CSV.zip"]
    assert any(note.startswith("malformed lines in the list: 3, the first is line 7") for note in summary.notes)
    assert len(asked_for(server, NAMES[0])) == 1


def test_a_master_list_that_breaks_off_is_continued(server, run):
    offer_gdelt(server)
    whole = "\n".join(f"{len(body)} {md5(body)[4:]} x/{name}" for name, body in BODIES.items()).encode()
    server.route("/gdeltv2/masterfilelist.txt", break_off(whole, 200), serve(whole))
    assert names(gdelt(run)) == NAMES
    assert server.headers("/gdeltv2/masterfilelist.txt")[1]["Range"] == "bytes=200-"


def test_a_master_list_that_is_not_there_is_an_error(run, tmp_path):
    with pytest.raises(FetchError, match=r"masterfilelist\.txt: the server has no such file \(404\)"):
        gdelt(run)
    assert names_in(tmp_path / "gdelt2") == []


def test_translated_news_is_an_option(server, run):
    offer_gdelt(server)
    name = "20180326000000.translation.export.CSV.zip"
    body = make_zip(name.removesuffix(".zip"), "x")
    listed = f"{len(body)} {md5(body)[4:]} http://data.gdeltproject.org/gdeltv2/{name}"
    server.route("/gdeltv2/masterfilelist-translation.txt", serve(listed.encode()))
    server.route(f"/gdeltv2/{name}", serve(body))
    assert name in names(gdelt(run, translingual=True))


def test_gdelt1_is_held_to_its_own_lists(server, run, tmp_path):
    body = make_zip("20140301.export.CSV")
    server.route("/events/md5sums", serve(f"{md5(body)[4:]}  20140301.export.CSV.zip\n".encode()))
    server.route("/events/filesizes", serve(f"{len(body)} 20140301.export.CSV.zip\n".encode()))
    server.route("/events/20140301.export.CSV.zip", serve(body))
    summary = run("gdelt1", start="2014-03-01", end="2014-03-01")
    assert (names(summary), summary.size) == (["20140301.export.CSV.zip"], len(body))
    assert names_in(tmp_path / "gdelt1") == ["20140301.export.CSV.zip", "FETCHED.json"]


def test_a_dry_run_lists_and_touches_nothing(server, run, tmp_path):
    offer_gdelt(server)
    summary = gdelt(run, dry_run=True)
    assert (names(summary), summary.size, summary.is_dry_run) == (NAMES, sum(map(len, BODIES.values())), True)
    assert (server.paths(), list(tmp_path.iterdir())) == (["/gdeltv2/masterfilelist.txt"], [])
    gdelt(run)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "gdelt2").iterdir()}
    summary = gdelt(run, dry_run=True)
    assert (names(summary), summary.present) == ([], tuple(NAMES))
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "gdelt2").iterdir()} == before


def test_a_file_that_rotted_on_disk_is_fetched_again(server, run, tmp_path):
    offer_gdelt(server)
    gdelt(run)
    path = tmp_path / "gdelt2" / NAMES[2]
    rotten = bytearray(path.read_bytes())
    rotten[50] ^= 1
    path.write_bytes(rotten)
    assert names(gdelt(run)) == [NAMES[2]]
    assert path.read_bytes() == BODIES[NAMES[2]]


def test_a_file_that_was_published_anew_is_fetched_again(server, run, tmp_path):
    offer_gdelt(server)
    gdelt(run)
    anew = BODIES | {NAMES[0]: make_zip(text="corrected")}
    offer_gdelt(server, anew)
    assert names(gdelt(run)) == [NAMES[0]]
    assert (tmp_path / "gdelt2" / NAMES[0]).read_bytes() == anew[NAMES[0]]
    assert read_ledger(tmp_path / "gdelt2")[NAMES[0]].checksum == md5(anew[NAMES[0]])


def test_files_of_a_killed_run_are_listed_without_being_fetched_again(server, run, tmp_path):
    offer_gdelt(server)
    gdelt(run)
    ledger = tmp_path / "gdelt2" / "FETCHED.json"
    whole = ledger.read_bytes()
    ledger.unlink()
    server.requests.clear()
    assert gdelt(run).present == tuple(NAMES)
    assert (server.paths(), ledger.read_bytes()) == (["/gdeltv2/masterfilelist.txt"], whole)


def test_a_run_that_is_stopped_keeps_its_ledger_and_its_files(server, run, tmp_path):
    offer_gdelt(server)

    class Stopped(LineProgress):
        def done(self, name, outcome):
            if name == NAMES[2]:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gdelt(run, progress=Stopped(lambda line: None))
    assert {*NAMES[:2]} <= set(read_ledger(tmp_path / "gdelt2"))
    for name in set(names_in(tmp_path / "gdelt2")) & set(NAMES):
        assert (tmp_path / "gdelt2" / name).read_bytes() == BODIES[name]
    assert gdelt(run).is_complete
    assert names_in(tmp_path / "gdelt2") == sorted([*NAMES, "FETCHED.json"])


def test_something_else_under_the_name_of_a_file_is_not_overwritten(server, run, tmp_path):
    offer_gdelt(server)
    (tmp_path / "gdelt2" / NAMES[0]).mkdir(parents=True)
    (tmp_path / "gdelt2" / NAMES[1]).symlink_to(tmp_path / "elsewhere")
    summary = gdelt(run)
    assert [refusal.name for refusal in summary.failed] == NAMES[:2]
    assert all("is not a plain file; move it away" in refusal.reason for refusal in summary.failed)
    assert not (tmp_path / "elsewhere").exists()


def test_a_broken_ledger_is_an_error_that_says_what_to_do(server, run, tmp_path):
    offer_gdelt(server)
    (tmp_path / "gdelt2").mkdir()
    for text in ("{", "[]", '{"files": {"a": {"url": 1}}}', '{"files": []}'):
        (tmp_path / "gdelt2" / "FETCHED.json").write_text(text, encoding="utf-8")
        with pytest.raises(TightropeError, match=r"FETCHED\.json' is broken .* move it away"):
            gdelt(run)


def test_a_ledger_is_replaced_as_a_whole(tmp_path, monkeypatch):
    entry = LedgerEntry("u", 1, None, "0", "c", "l", "2026-03-01")
    write_ledger(tmp_path, {"b": entry, "a": entry})
    before = (tmp_path / "FETCHED.json").read_bytes()
    write_ledger(tmp_path, {"a": entry, "b": entry})
    assert (tmp_path / "FETCHED.json").read_bytes() == before

    def fail(*arguments):
        raise OSError("no")

    monkeypatch.setattr("analysis.fetch.ledger.os.replace", fail)
    with pytest.raises(OSError, match="no"):
        write_ledger(tmp_path, {})
    assert (names_in(tmp_path), (tmp_path / "FETCHED.json").read_bytes()) == (["FETCHED.json"], before)


def test_a_second_run_at_the_same_time_is_kept_out(server, run, tmp_path):
    offer_gdelt(server)
    (tmp_path / "gdelt2").mkdir()
    with hold_lock(tmp_path / "gdelt2"), pytest.raises(TightropeError, match="another run of tightrope fetch"):
        gdelt(run)
    assert server.requests == []
    assert gdelt(run).is_complete


def test_a_lock_of_another_process_is_seen(tmp_path):
    code = "import sys; from pathlib import Path; from analysis.fetch.ledger import hold_lock\nwith hold_lock(Path(sys.argv[1])): print()"
    with hold_lock(tmp_path):
        done = subprocess.run(
            [sys.executable, "-c", code, tmp_path], cwd=PROJECT, capture_output=True, text=True, check=False
        )
    assert "another run of tightrope fetch is writing to" in done.stderr


def test_where_there_is_no_flock_the_file_itself_is_the_lock(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.fetch.ledger.fcntl", None)
    with (
        hold_lock(tmp_path),
        pytest.raises(TightropeError, match=r"or remove \.fetch\.lock if it was killed"),
        hold_lock(tmp_path),
    ):
        pass
    with hold_lock(tmp_path):
        assert (tmp_path / ".fetch.lock").exists()
    assert not (tmp_path / ".fetch.lock").exists()


DOI = "/api/datasets/:persistentId/versions/:latest-published?persistentId=doi%3A10.7910%2FDVN%2F28075"


def offer_dataset(server, *entries):
    server.route(
        DOI, serve(json.dumps({"status": "OK", "data": {"files": list(entries)}}).encode(), kind="application/json")
    )


def entry(number, label, body, **data):
    checksum = {"type": "MD5", "value": md5(body)[4:]}
    return {"label": label, "dataFile": {"id": number, "filesize": len(body), "checksum": checksum, **data}}


def test_a_dataset_is_fetched_with_the_token_which_stays_a_secret(server, run, tmp_path, monkeypatch):
    monkeypatch.setenv("DATAVERSE_API_TOKEN", "s3cr3t-token")
    zipped, table = make_zip("events.1995.tab"), b"a\tb\n1\t2\n"
    ingested = {"originalFileFormat": "text/tsv", "originalFileName": "events.2018.tsv", "originalFileSize": len(table)}
    offer_dataset(server, entry(3, "events.1995.tab.zip", zipped), entry(7, "events.2018.tab", table, **ingested))
    with MisbehavingServer() as storage:
        storage.route("/stored?X-Amz-Signature=hidden", serve(zipped))
        server.route("/api/access/datafile/3", redirect(f"{storage.base}/stored?X-Amz-Signature=hidden"))
        server.route("/api/access/datafile/7?format=original", serve(table))
        said = []
        summary = run("icews", progress=LineProgress(said.append))
        assert all("s3cr3t-token" not in str(headers) for _, headers in storage.requests)
    assert all(headers["X-Dataverse-key"] == "s3cr3t-token" for _, headers in server.requests)
    assert names(summary) == ["events.1995.tab.zip", "events.2018.tsv"]
    written = b"".join(path.read_bytes() for path in (tmp_path / "icews").iterdir())
    for secret in ("s3cr3t-token", "hidden"):
        assert secret not in f"{summary}{said}"
        assert secret.encode() not in written


def test_an_ingested_table_with_the_checksum_of_the_copy_says_which_form_to_take(server, run):
    original, copy = b"a,b\n1,2\n", b"a\tb\n1\t2\n"
    ingested = {"originalFileFormat": "text/csv", "originalFileName": "e.csv", "originalFileSize": len(original)}
    offer_dataset(server, entry(7, "e.tab", copy, **ingested))
    server.route("/api/access/datafile/7?format=original", serve(original))
    server.route("/api/access/datafile/7", serve(copy))
    (refusal,) = run("icews").failed
    assert "try --form archival" in refusal.reason
    assert names(run("icews", form="archival")) == ["e.tab"]


def test_a_dataset_without_checksums_is_known_by_its_ledger(server, run, tmp_path):
    listed = entry(3, "a.tab", b"abc")
    listed["dataFile"].pop("checksum")
    offer_dataset(server, listed)
    server.route("/api/access/datafile/3", serve(b"abc"))
    assert names(run("icews")) == ["a.tab"]
    assert run("icews").present == ("a.tab",)
    assert len(asked_for(server, "datafile")) == 1
    (tmp_path / "icews" / "FETCHED.json").unlink()
    assert names(run("icews")) == ["a.tab"]


def test_a_restricted_dataset_names_the_variable(server, run):
    server.route(DOI, status(401))
    with pytest.raises(FetchError, match="set the environment variable DATAVERSE_API_TOKEN to your token"):
        run("icews")
    offer_dataset(server, entry(3, "a.tab", b"abc"))
    server.route("/api/access/datafile/3", status(403))
    (refusal,) = run("icews").failed
    assert refusal.reason.endswith("(403); set the environment variable DATAVERSE_API_TOKEN to your token")


def test_any_dataset_is_fetched_by_its_doi(server, run, tmp_path):
    path = DOI.replace("28075", "AJGVIT").replace(":latest-published", "2.1")
    listed = json.dumps({"data": {"files": [entry(3, "a.tab", b"abc"), entry(4, "b.pdf", b"pdf")]}}).encode()
    server.route(path, serve(listed))
    server.route("/api/access/datafile/3", serve(b"abc"))
    summary = run("dataverse", doi="https://doi.org/10.7910/DVN/AJGVIT", version="2.1", only="*.tab")
    assert names(summary) == ["a.tab"]
    assert names_in(tmp_path / "dataverse") == ["FETCHED.json", "a.tab"]


def test_an_answer_that_is_not_json_is_an_error(server, run):
    server.route(DOI, serve(b"oops"))
    with pytest.raises(TightropeError, match="is not JSON; check --base"):
        run("icews")


def test_a_token_that_cannot_be_one_is_an_error_without_showing_it(run, monkeypatch):
    monkeypatch.setenv("DATAVERSE_API_TOKEN", "s3cr3t\r\nHost: evil")
    with pytest.raises(TightropeError, match="the token in DATAVERSE_API_TOKEN holds characters") as caught:
        run("icews")
    assert "s3cr3t" not in str(caught.value)


def ged_page(number, total=5, pages=3, rows=2, first=0):
    following = (
        f"https://ucdpapi.pcr.uu.se/api/gedevents/25.1?pagesize=1000&page={number + 1}" if number + 1 < pages else ""
    )
    ids = range(number * rows + first, min((number + 1) * rows, total) + first)
    events = [{"id": n, "best": n, "date_start": "2020-01-01T00:00:00"} for n in ids]
    answer = {
        "TotalCount": total,
        "TotalPages": pages,
        "PreviousPageUrl": "",
        "NextPageUrl": following,
        "Result": events,
    }
    return serve(json.dumps(answer).encode(), kind="application/json")


FIRST = "/gedevents/25.1?pagesize=1000"
CSV = "GEDEvent_v25_1.csv"


def offer_ged(server, **options):
    server.route(FIRST, ged_page(0, **options))
    for number in (1, 2):
        server.route(f"{FIRST}&page={number}", ged_page(number, **options))


def test_ged_is_fetched_page_by_page_into_one_csv(server, run, tmp_path, monkeypatch):
    monkeypatch.setenv("UCDP_ACCESS_TOKEN", "s3cr3t-token")
    offer_ged(server)
    summary = run("ucdp", version="25.1")
    assert names(summary) == [CSV]
    assert names_in(tmp_path / "ucdp") == ["FETCHED.json", CSV]
    text = (tmp_path / "ucdp" / CSV).read_text(encoding="utf-8")
    assert text.splitlines()[:2] == ["id,best,date_start", "0,0,2020-01-01 00:00:00.000"]
    assert len(text.splitlines()) == 6
    assert [headers["x-ucdp-access-token"] for _, headers in server.requests] == ["s3cr3t-token"] * 3
    assert "s3cr3t" not in (tmp_path / "ucdp" / "FETCHED.json").read_text(encoding="utf-8")
    server.requests.clear()
    assert run("ucdp", version="25.1").present == (CSV,)
    assert server.requests == []


def test_ged_goes_on_from_the_pages_that_are_here(server, run, tmp_path):
    offer_ged(server)
    server.route(f"{FIRST}&page=2", status(503))
    (refusal,) = run("ucdp", version="25.1").failed
    assert "page-00002.json: the server answered 503 (3 tries)" in refusal.reason
    assert "2 pages are kept" in refusal.reason
    assert names_in(tmp_path / "ucdp") == [f".{CSV}.pages"]
    offer_ged(server)
    server.requests.clear()
    assert names(run("ucdp", version="25.1")) == [CSV]
    assert server.paths() == [FIRST, f"{FIRST}&page=2"]
    assert names_in(tmp_path / "ucdp") == ["FETCHED.json", CSV]


def test_ged_pages_of_an_older_state_of_the_data_are_not_mixed_in(server, run, tmp_path):
    offer_ged(server)
    server.route(f"{FIRST}&page=2", status(503))
    run("ucdp", version="25.1")
    offer_ged(server, first=100)
    server.requests.clear()
    assert names(run("ucdp", version="25.1")) == [CSV]
    assert server.paths() == [FIRST, f"{FIRST}&page=1", f"{FIRST}&page=2"]
    ids = [line.split(",")[0] for line in (tmp_path / "ucdp" / CSV).read_text(encoding="utf-8").splitlines()]
    assert ids == ["id", "100", "101", "102", "103", "104"]


def test_ged_that_changes_between_two_pages_is_not_written(server, run, tmp_path):
    offer_ged(server)
    server.route(f"{FIRST}&page=1", ged_page(1, total=6))
    (refusal,) = run("ucdp", version="25.1").failed
    assert "the data changed between two pages" in refusal.reason
    assert names_in(tmp_path / "ucdp") == []


def test_ged_that_does_not_add_up_is_not_written(server, run, tmp_path):
    offer_ged(server)
    server.route(f"{FIRST}&page=2", ged_page(1, first=1))
    (refusal,) = run("ucdp", version="25.1").failed
    assert "comes twice" in refusal.reason or "pages and names more" in refusal.reason
    assert names_in(tmp_path / "ucdp") == []


def test_ged_pages_that_go_in_a_circle_end(server, run, tmp_path):
    server.route(FIRST, ged_page(0))
    server.route(f"{FIRST}&page=1", ged_page(0))
    (refusal,) = run("ucdp", version="25.1").failed
    assert "the API announced 3 pages and names more" in refusal.reason
    assert len(server.requests) == 2


def test_ged_that_answers_400_to_many_requests_is_asked_again(server, run):
    offer_ged(server)
    server.route(f"{FIRST}&page=1", status(400), ged_page(1))
    assert run("ucdp", version="25.1").is_complete


def test_ged_without_a_token_names_the_variable(server, run):
    server.route(FIRST, status(401))
    (refusal,) = run("ucdp", version="25.1").failed
    assert "set the environment variable UCDP_ACCESS_TOKEN to your token" in refusal.reason


def test_ged_of_some_days_has_a_name_of_its_own(server, run):
    path = "/gedevents/25.1?pagesize=1000&StartDate=2020-01-01&EndDate=2020-12-31"
    server.route(path, ged_page(0, total=2, pages=1))
    summary = run("ucdp", version="25.1", start="2020-01-01", end="2020-12-31")
    assert names(summary) == ["GEDEvent_v25_1_20200101_20201231.csv"]


def test_a_dry_run_of_ged_counts_and_touches_nothing(server, run, tmp_path):
    server.route("/gedevents/25.1?pagesize=1", ged_page(0, total=4001, pages=4001, rows=1))
    summary = run("ucdp", version="25.1", dry_run=True)
    assert summary.notes == ("4001 events on 5 pages; UCDP publishes no size in bytes",)
    assert (names(summary), list(tmp_path.iterdir())) == ([CSV], [])


def test_acled_says_how_to_export_by_hand_and_where_to_put_it(tmp_path):
    with pytest.raises(TightropeError) as caught:
        fetch("acled", tmp_path)
    assert "account of their own" in str(caught.value)
    assert str(tmp_path / "acled") in str(caught.value)


def test_an_unknown_source_has_near_matches(tmp_path):
    with pytest.raises(UnknownNameError, match="did you mean 'gdelt2'"):
        fetch("gdelt3", tmp_path)


@pytest.mark.parametrize(
    ("source", "options", "said"),
    [
        (
            "gdelt2",
            {"start": "2018-01-01", "end": "2018-01-01", "doi": "x"},
            "--doi is not an option of gdelt2; it takes --end",
        ),
        (
            "gdelt1",
            {"start": "2018-01-01", "end": "2018-01-01", "translingual": True},
            "--translingual is not an option",
        ),
        ("icews", {"start": "2018-01-01"}, "--start is not an option of icews"),
        ("gdelt2", {"start": "2018-01-01"}, "--end is missing"),
        ("ucdp", {}, "--version is missing"),
        ("dataverse", {}, "--doi is missing"),
        ("icews", {"form": "orignal"}, "unknown form 'orignal'; did you mean 'original'"),
        ("icews", {"workers": 99}, "--workers 99; give a number from 1 to 8"),
        ("icews", {"base": "ftp://x"}, "the base address must be http or https"),
    ],
)
def test_options_that_do_not_fit_are_errors_before_anything_is_asked(tmp_path, source, options, said, server):
    offer_dataset(server)
    with pytest.raises(TightropeError, match=said):
        fetch(source, tmp_path, **({"base": server.base} | options))
    assert [path for path in server.paths() if "datafile" in path] == []


def test_plain_lines_where_there_is_no_terminal(server, run):
    offer_gdelt(server)
    server.route(f"/gdeltv2/{NAMES[0]}", status(429, Retry_After="1"), serve(BODIES[NAMES[0]]))
    server.route(f"/gdeltv2/{NAMES[1]}", status(404))
    shown = io.StringIO()
    with show_progress(Console(file=shown, width=80)) as progress:
        gdelt(run, progress=progress)
    lines = shown.getvalue().splitlines()
    assert lines[0].startswith("files to fetch: 5, ")
    assert f"{NAMES[0]}: the server answered 429; next try in 1.0 s" in lines
    assert f"[1/5] {NAMES[0]}: new" in lines
    assert f"[2/5] {NAMES[1]}: failed: the server has no such file (404)" in lines


def test_a_bar_on_a_terminal(server, run):
    offer_gdelt(server)
    server.route(
        f"/gdeltv2/{NAMES[1]}", status(503), break_off(BODIES[NAMES[1]], 50), serve(BODIES[NAMES[1]], ranges=False)
    )
    server.route(f"/gdeltv2/{NAMES[2]}", status(404))
    shown = io.StringIO()
    with show_progress(Console(file=shown, width=100, force_terminal=True)) as progress:
        assert isinstance(progress, BarProgress)
        gdelt(run, progress=progress)
        (task,) = progress.bars.tasks
    received = sum(len(body) for name, body in BODIES.items() if name != NAMES[2])
    assert (task.completed, task.description) == (received, "5/5 files")
    assert "the server answered 503; next try in" in shown.getvalue()
    assert "failed: the server has no such file (404)" in shown.getvalue()


def test_a_real_quarter_hour_of_gdelt_arrives_byte_by_byte(server, run, tmp_path):
    path = SHARED / "gdelt2" / "20180326044500.export.CSV"
    if not path.is_file():
        pytest.skip(f"the published quarter hour is not in {SHARED}; set TIGHTROPE_SHARED_DATA")
    name = f"{path.name}.zip"
    text = path.read_bytes()
    body = make_zip(path.name, text)
    offer_gdelt(server, {name: body})
    server.route(f"/gdeltv2/{name}", break_off(body, len(body) // 2), serve(body))
    assert names(gdelt(run)) == [name]
    assert server.headers(f"/gdeltv2/{name}")[1]["Range"] == f"bytes={len(body) // 2}-"
    with zipfile.ZipFile(tmp_path / "gdelt2" / name) as archive:
        assert archive.read(path.name) == text


def test_a_gzip_of_a_dataset_stays_a_gzip(server, run, tmp_path):
    body = gzip.compress(b"abc", mtime=0)
    offer_dataset(server, entry(3, "a.tab.gz", body))
    server.route("/api/access/datafile/3", serve(body, kind="application/gzip"))
    run("icews")
    assert (tmp_path / "icews" / "a.tab.gz").read_bytes() == body
