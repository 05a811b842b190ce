"""What a run would fetch, from what publishers list: pure decisions, no network."""

import csv
import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import TightropeError
from analysis.fetch.dataverse import accept_doi, listing_url, plan_dataverse
from analysis.fetch.gdelt import plan_gdelt1, plan_gdelt2
from analysis.fetch.remote import accept_base, accept_days, accept_name
from analysis.fetch.request import next_hop
from analysis.fetch.ucdp import accept_version, file_name, page_url, read_page, write_ged_csv

DAY = date(2018, 3, 26)
MD5 = "0123456789abcdef0123456789ABCDEF"


def line(name, size=100, checksum=MD5):
    return f"{size} {checksum} http://data.gdeltproject.org/gdeltv2/{name}"


def quarter_hours(day, stream=""):
    first = datetime.combine(day, datetime.min.time())
    return [f"{first + timedelta(minutes=15 * n):%Y%m%d%H%M%S}{stream}.export.CSV.zip" for n in range(96)]


def test_gdelt2_takes_the_event_files_of_the_days_and_nothing_else():
    listed = [line(name) for day in (25, 26, 27) for name in quarter_hours(date(2018, 3, day))]
    listed += [line("20180326000000.mentions.CSV.zip"), line("20180326000000.gkg.csv.zip")]
    plan = plan_gdelt2("\n".join(listed), DAY, DAY)
    assert [file.name for file in plan.files] == quarter_hours(DAY)
    assert (plan.size, plan.notes, plan.refused) == (9600, (), ())
    assert plan.files[0].checksum == f"md5:{MD5.lower()}"


def test_gdelt2_takes_files_from_the_base_whatever_host_the_list_names():
    evil = f"100 {MD5} http://evil.example/../../20180326044500.export.CSV.zip"
    assert plan_gdelt2(evil, DAY, DAY, base="http://mirror").files[0].url == (
        "http://mirror/gdeltv2/20180326044500.export.CSV.zip"
    )


def test_gdelt2_tells_of_gaps_in_each_stream():
    english = [line(name) for name in quarter_hours(DAY)[2:]]
    foreign = [line(name) for name in quarter_hours(DAY, ".translation")]
    plan = plan_gdelt2(english + foreign, DAY, DAY)
    assert plan.notes == ("quarter hours that are not in the English list of GDELT 2.0: 2 of 96",)
    assert len(plan.files) == 94 + 96


def test_gdelt2_does_not_miss_what_has_not_happened_yet():
    listed = [line(name) for name in quarter_hours(DAY)[:10]]
    assert plan_gdelt2(listed, DAY, date(2030, 1, 1)).notes == ()


def test_gdelt2_says_so_when_there_is_nothing():
    assert plan_gdelt2(line("20180101000000.export.CSV.zip"), DAY, DAY).notes == (
        "the list names no event file for 2018-03-26 to 2018-03-26",
    )


@pytest.mark.parametrize(
    "broken",
    [
        "http://data.gdeltproject.org/gdeltv2/20180326044500.export.CSV.zip",
        "100 abc http://data.gdeltproject.org/gdeltv2/20180326044500.export.CSV.zip",
        f"many {MD5} http://data.gdeltproject.org/gdeltv2/20180326044500.export.CSV.zip",
        f"100 {MD5} extra http://data.gdeltproject.org/gdeltv2/20180326044500.export.CSV.zip",
    ],
)
def test_gdelt2_refuses_by_name_a_file_whose_line_is_broken(broken):
    plan = plan_gdelt2([line("20180326040000.export.CSV.zip"), broken], DAY, DAY)
    assert [file.name for file in plan.files] == ["20180326040000.export.CSV.zip"]
    assert [refusal.name for refusal in plan.refused] == ["20180326044500.export.CSV.zip"]
    assert "line 2 of the list lacks its size or MD5" in plan.refused[0].reason
    whole = plan_gdelt2([broken, line("20180326044500.export.CSV.zip")], DAY, DAY)
    assert (len(whole.files), whole.refused) == (1, ())


@pytest.mark.parametrize("broken", ["garbage", "\ufffd\ufffd", line("20181399000000.export.CSV.zip"), "a b c d"])
def test_gdelt2_counts_malformed_lines(broken):
    plan = plan_gdelt2([broken, *[line(name) for name in quarter_hours(DAY)]], DAY, DAY)
    assert len(plan.files) == 96
    assert plan.notes[0].startswith("malformed lines in the list: 1, the first is line 1:")


def test_gdelt2_names_a_file_once_and_refuses_two_checksums_for_one_name():
    twice, other = line("20180326044500.export.CSV.zip"), line("20180326044500.export.CSV.zip", checksum="f" * 32)
    assert len(plan_gdelt2([twice, twice], DAY, DAY).files) == 1
    plan = plan_gdelt2([twice, other], DAY, DAY)
    assert plan.files == ()
    assert "twice with different MD5" in plan.refused[0].reason


def test_gdelt_before_its_beginning_is_an_error_that_says_when():
    with pytest.raises(TightropeError, match=r"GDELT 2\.0 begins on 2015-02-18; for 2014-01-01 fetch gdelt1"):
        plan_gdelt2("", date(2014, 1, 1), date(2014, 1, 1))
    with pytest.raises(TightropeError, match=r"daily files of GDELT 1\.0 begin on 2013-04-01"):
        plan_gdelt1("", "", date(2013, 3, 1), date(2013, 3, 31))


def test_gdelt1_joins_checksums_and_sizes_and_tells_of_missing_days():
    md5sums = [f"{MD5}  {day}.export.CSV.zip" for day in (20130401, 20130402, 20130404, 20130405)]
    md5sums += [f"{MD5}  201303.zip", f"{MD5}  GDELT.MASTERREDUCEDV2.1979-2013.zip"]
    plan = plan_gdelt1(md5sums, "7 20130401.export.CSV.zip\nx y\n", date(2013, 3, 1), date(2013, 4, 4))
    assert [(file.name, file.size) for file in plan.files] == [
        ("20130401.export.CSV.zip", 7),
        ("20130402.export.CSV.zip", None),
        ("20130404.export.CSV.zip", None),
    ]
    assert plan.notes == (
        "the daily files of GDELT 1.0 begin on 2013-04-01; earlier days are not fetched",
        "days that are not in the list of GDELT 1.0: 1, the first is 2013-04-03",
    )


def test_gdelt1_refuses_a_day_without_checksum():
    plan = plan_gdelt1("20140301.export.CSV.zip", "", date(2014, 3, 1), date(2014, 3, 1))
    assert [refusal.name for refusal in plan.refused] == ["20140301.export.CSV.zip"]


@given(st.permutations([line(name) for name in quarter_hours(DAY)[:12]]), st.integers(0, 11))
def test_the_order_of_a_list_and_repeated_lines_do_not_matter(listed, repeated):
    assert plan_gdelt2([*listed, listed[repeated]], DAY, DAY) == plan_gdelt2(sorted(listed), DAY, DAY)


@given(st.lists(st.text(max_size=60), max_size=20))
def test_no_list_however_broken_stops_the_plan_or_names_a_path(listed):
    plan = plan_gdelt2(listed, DAY, DAY)
    assert all(accept_name(file.name) == file.name for file in plan.files)


@given(st.text(max_size=40))
def test_an_accepted_name_is_a_file_of_the_folder(name):
    try:
        accepted = accept_name(name)
    except TightropeError:
        return
    assert not {"/", "\\", ":", "\0", "\n"} & set(accepted)
    assert not accepted.startswith(".")


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", ".hidden", "a/b", "a\\b", "a\0b", "a\n", "nul", "COM1.txt", "a.", "a ", "x" * 201, "é.tab"),
        *("-rf", "FETCHED.json", "fetched.JSON", "a.part", "a.part.json", "C:evil", "%2e%2e"),
    ],
)
def test_names_that_could_be_something_else_are_not_accepted(name):
    with pytest.raises(TightropeError, match="file name"):
        accept_name(name)


@pytest.mark.parametrize(
    "base",
    [
        "ftp://a",
        "file:///etc",
        "a.org",
        "http://",
        "http://u:p@a",
        "http://a?q=1",
        "http://a#f",
        "http://[",
        "http://a:x",
    ],
)
def test_bases_that_are_not_plain_addresses_are_not_accepted(base):
    with pytest.raises(TightropeError, match="the base address must be http or https"):
        accept_base(base)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (None, "2018-01-01", "--start is missing"),
        ("2018-01-01", "soon", "--end 'soon' is not a day"),
        ("2018-02-01", "2018-01-01", "is after"),
    ],
)
def test_days_that_are_none_are_errors(start, end, said):
    with pytest.raises(TightropeError, match=said):
        accept_days(start, end)


def test_a_redirect_may_go_up_to_https_and_to_another_host():
    assert next_hop("http://a.org/x", "https://b.org/y") == "https://b.org/y"


DOI = "doi:10.7910/DVN/28075"


def dataset(*files, **version):
    return {"status": "OK", "data": {"versionNumber": 27, "versionMinorNumber": 0, "files": list(files), **version}}


def entry(number, label, checksum="a" * 32, size=10, **data):
    return {"label": label, "dataFile": {"id": number, "filename": label, "filesize": size, "md5": checksum, **data}}


INGESTED = entry(
    7, "events.2018.tab", originalFileFormat="text/tsv", originalFileName="events.2018.tsv", originalFileSize=12
)


def test_dataverse_takes_plain_files_as_they_are():
    plan = plan_dataverse(dataset(entry(3, "events.1995.tab.zip")), DOI, base="http://d")
    (file,) = plan.files
    assert (file.name, file.url, file.size) == ("events.1995.tab.zip", "http://d/api/access/datafile/3", 10)
    assert file.checksum == "md5:" + "a" * 32


def test_dataverse_takes_an_ingested_table_as_it_was_uploaded():
    plan = plan_dataverse(dataset(INGESTED), DOI, base="http://d")
    (file,) = plan.files
    assert (file.name, file.size) == ("events.2018.tsv", 12)
    assert file.url == "http://d/api/access/datafile/7?format=original"
    assert "--form archival" in file.advice
    assert plan.notes == ("tables that Dataverse has ingested: 1, fetched as they were uploaded (original)",)


def test_dataverse_takes_the_archival_form_when_asked():
    (file,) = plan_dataverse(dataset(INGESTED), DOI, base="http://d", form="archival").files
    assert (file.name, file.size, file.url) == ("events.2018.tab", 10, "http://d/api/access/datafile/7")
    assert "--form original" in file.advice


@pytest.mark.parametrize(("kind", "prefix"), [("MD5", "md5"), ("SHA-1", "sha1"), ("SHA-512", "sha512")])
def test_dataverse_publishes_other_checksums_too(kind, prefix):
    listed = entry(1, "a.tab", checksum=None)
    listed["dataFile"]["checksum"] = {"type": kind, "value": "AB"}
    assert plan_dataverse(dataset(listed), DOI).files[0].checksum == f"{prefix}:ab"


def test_dataverse_refuses_what_it_cannot_fetch_and_keeps_the_rest():
    strange = entry(4, "b.tab", checksum=None)
    strange["dataFile"]["checksum"] = {"type": "CRC", "value": "1"}
    listed = [
        entry(1, "../evil"),
        {"label": "no file"},
        "nothing",
        strange,
        entry(5, "c.tab"),
        entry(6, "C.tab", "b" * 32),
    ]
    plan = plan_dataverse(dataset(*listed), DOI)
    assert [file.name for file in plan.files] == ["c.tab"]
    assert [refusal.name for refusal in plan.refused] == [
        "../evil",
        "no file",
        "a file without label",
        "b.tab",
        "C.tab",
    ]
    assert "fetch the other one by hand from https://doi.org/10.7910/DVN/28075" in plan.refused[-1].reason


def test_dataverse_keeps_only_the_names_asked_for():
    listed = dataset(entry(1, "events.1995.zip"), entry(2, "readme.pdf"), INGESTED)
    assert [file.name for file in plan_dataverse(listed, DOI, only="events.*").files] == [
        "events.1995.zip",
        "events.2018.tsv",
    ]
    assert plan_dataverse(listed, DOI, only="x*").notes == (f"{DOI} holds no file named like 'x*'",)


def test_dataverse_says_how_to_cite_and_under_which_terms():
    names = [{"authorName": {"value": "Boschee, E."}}, {"authorName": {"value": "Ward, M."}}]
    fields = [{"typeName": "title", "value": "ICEWS"}, {"typeName": "author", "value": names}]
    answer = dataset(
        metadataBlocks={"citation": {"fields": fields}}, releaseTime="2023-05-01T", license={"name": "CC0 1.0"}
    )
    plan = plan_dataverse(answer, DOI)
    assert plan.citation == "Boschee, E.; Ward, M. (2023). ICEWS. https://doi.org/10.7910/DVN/28075, V27.0"
    assert plan.licence == "CC0 1.0"
    bare = plan_dataverse(dataset(termsOfUse="cite\n us"), DOI)
    assert (bare.citation, bare.licence) == ("https://doi.org/10.7910/DVN/28075, V27.0", "cite us")


@pytest.mark.parametrize("answer", [None, [], {}, {"data": []}, {"data": {"files": {}}}, {"status": "ERROR"}])
def test_dataverse_answers_of_another_kind_are_errors(answer):
    with pytest.raises(TightropeError, match="is not the list of files"):
        plan_dataverse(answer, DOI)


@pytest.mark.parametrize(
    "doi", [None, "", "28075", "doi:10.7910/../x", "doi:10.7910/DVN/1?x=1", "https://evil.org/10.7910/DVN/1"]
)
def test_a_doi_is_checked(doi):
    with pytest.raises(TightropeError, match="--doi"):
        accept_doi(doi)


@pytest.mark.parametrize("version", ["latest", "1/../2", "27.0.1", ":draft"])
def test_a_dataset_version_is_checked(version):
    with pytest.raises(TightropeError, match="--version"):
        listing_url("http://d", DOI, version)


@pytest.mark.parametrize("version", [None, "", "25", "25.1/x", "latest", "251"])
def test_a_ged_version_is_checked(version):
    with pytest.raises(TightropeError, match="--version"):
        accept_version(version)


@pytest.mark.parametrize("version", ["25.1", "26.0.3", "26.01.26.06"])
def test_ged_versions_are_yearly_or_candidates(version):
    assert accept_version(version) == version
    assert file_name(version) == f"GEDEvent_v{version.replace('.', '_')}.csv"


def page(folder, number, rows, total, pages, following=None):
    path = folder / f"page-{number}.json"
    answer = {
        "TotalCount": total,
        "TotalPages": pages,
        "PreviousPageUrl": "",
        "NextPageUrl": following or "",
        "Result": rows,
    }
    path.write_text(json.dumps(answer), encoding="utf-8")
    return path


def test_a_page_names_the_number_of_the_next_and_not_its_host(tmp_path):
    read = read_page(page(tmp_path, 0, [{"id": 1}], 2, 2, "http://evil.example/api?pagesize=1&Page=1"))
    assert (read.next_page, read.total_rows, read.total_pages) == (1, 2, 2)
    assert page_url("https://a", "25.1", read.next_page) == "https://a/gedevents/25.1?pagesize=1000&page=1"


def test_pages_become_the_csv_of_the_download(tmp_path):
    first = {
        "id": 1,
        "active_year": True,
        "latitude": 8.5,
        "date_start": "2010-05-13T00:00:00",
        "gwnob": None,
        "note": 'a "b",\nc',
    }
    second = {
        "id": 2,
        "active_year": False,
        "latitude": 8.25,
        "date_start": "2010-05-14T00:00:00.000",
        "gwnob": 530,
        "extra": "é",
    }
    target = tmp_path / "ged.csv"
    assert write_ged_csv([page(tmp_path, 0, [first], 2, 2), page(tmp_path, 1, [second], 2, 2)], target) == 2
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", "active_year", "latitude", "date_start", "gwnob", "note", "extra"]
    assert list(rows[0].values()) == ["1", "1", "8.5", "2010-05-13 00:00:00.000", "", 'a "b",\nc', ""]
    assert list(rows[1].values()) == ["2", "0", "8.25", "2010-05-14 00:00:00.000", "530", "", "é"]


def test_numbers_keep_the_digits_they_were_published_with(tmp_path):
    path = tmp_path / "page.json"
    path.write_text('{"TotalCount": 1, "TotalPages": 1, "Result": [{"id": 1, "latitude": 43.56750}]}', encoding="utf-8")
    write_ged_csv([path], tmp_path / "ged.csv")
    assert (tmp_path / "ged.csv").read_text(encoding="utf-8") == "id,latitude\n1,43.56750\n"


def test_an_event_that_comes_twice_or_is_missing_is_an_error(tmp_path):
    once = page(tmp_path, 0, [{"id": 1}], 2, 2)
    with pytest.raises(TightropeError, match="event 1 comes twice"):
        write_ged_csv([once, once], tmp_path / "ged.csv")
    with pytest.raises(TightropeError, match="announced 2 events and gave 1"):
        write_ged_csv([once], tmp_path / "ged.csv")


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"Result": 1}', '{"TotalCount": "x", "TotalPages": 1, "Result": []}', "[" * 100_000]
)
def test_a_page_of_another_kind_is_an_error(tmp_path, text):
    path = tmp_path / "page.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TightropeError, match="not a page of the UCDP API"):
        read_page(path)


def test_rows_without_an_id_are_an_error(tmp_path):
    with pytest.raises(TightropeError, match="not a list of events with an id"):
        read_page(page(tmp_path, 0, [{"name": 1}], 1, 1))
