"""DuckDB and a real Spark cluster give identical tables, also when a worker is lost in the middle of the job."""

import datetime
import shutil
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import spark_cluster as module
from archive_cases import INVENTED, SharedEngine, create_text, read_all, write_events
from bad_event_files import gdelt2_line, truncated_zip
from benchmarks.gdelt_rows import SHARED, write_gdelt2
from spark_cluster import has_spark, spark_cluster, wait_until

from analysis.archive import build_archive, read_coded_events, read_dyad_months
from analysis.engine import spark

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings(f"ignore:{module.PANDAS_WARNING}:FutureWarning"),
    # Python workers are left to the end of the session; PySpark's sockets are closed when they are forgotten.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

REAL = ("gdelt2/20180326044500.export.CSV", "icews/events.2018.sample.tab")
# What the engines' own casts and patterns take differently.
NUMBERS = (
    "5d",
    "5F",
    " 5",
    "5 ",
    "+5",
    "5.",
    ".5",
    "1e1",
    "0x5",
    "1_0",
    "inf",
    "nan",
    "٥",
    "4.6",
    "1e400",
    "-0",
    "007",
)


@pytest.fixture(scope="module")
def cluster():
    """One cluster for the tests in their order; the last of them costs it a worker."""
    if reason := has_spark():
        pytest.skip(reason)
    with spark_cluster() as running:
        try:
            yield running
        finally:
            module.end_driver()


class SharedSpark(spark.SparkEngine):
    """Spark for many builds: one session."""

    def __call__(self):
        return self

    def close(self):
        """Stay open."""


@pytest.fixture(scope="module")
def on_spark(cluster):
    engine = SharedSpark(cluster.url, "512MB", cluster.folder)
    try:
        yield engine
    finally:
        spark.SparkEngine.close(engine)


@pytest.fixture(scope="module")
def duck():
    shared = SharedEngine()
    yield shared
    shared._folder.cleanup()


def write_strange(raw):
    """Rows that two engines might read in two ways, and an archive that none can open."""
    columns = ("GoldsteinScale", "ActionGeo_Lat", "NumMentions", "GLOBALEVENTID", "EventCode")
    lines = [gdelt2_line(**{column: number}) for column in columns for number in NUMBERS]
    days = ("2026011", "202601155", "20260115 ", "20261345", "20250101", "20260117", "20260116")
    lines += [gdelt2_line(GLOBALEVENTID=900000900 + i, SQLDATE=day) for i, day in enumerate(days)]
    lines += [gdelt2_line(Actor1Code=code) for code in ("", "NAM", "XXXX", "IGOWAFWAS", "RUS", "ben")]
    lines += ["three\tfields\tonly", gdelt2_line(ActionGeo_FullName="Lo\0mé"), gdelt2_line(ActionGeo_FullName='"')]
    raw.mkdir(parents=True)
    (raw / "strange.CSV").write_text("\n".join(lines), encoding="utf-8")
    ids = [{"GLOBALEVENTID": text} for text in ("12\n", "13.0", "14.0\n", "15\r\n", "16 ", "17")]
    text = create_text("gdelt2_table", [*ids, {"NumMentions": "4.0"}, {"NumMentions": "4\n"}])
    (raw / "table.csv").write_text(text, encoding="utf-8", newline="")
    truncated_zip(raw)


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    """Twenty thousand generated rows and published ones where those are at hand, and strange ones."""
    raw = tmp_path_factory.mktemp("spark") / "raw"
    write_strange(raw)
    if SHARED.is_dir():
        write_gdelt2(raw, 20_000, start=datetime.date(2018, 3, 26), days=2)
        for name in REAL:
            shutil.copyfile(SHARED / name, raw / name.split("/")[1])
    return raw


@pytest.fixture(scope="module")
def expected(duck, raw, tmp_path_factory):
    """What DuckDB makes of the raw files."""
    out = tmp_path_factory.mktemp("duck") / "out"
    duck.build(raw, out, rule="story")
    found = read_all(out)
    reasons = {reject["reason"].split(";")[0] for reject in found["rejects"]}
    assert {"Goldstein score 5d", "Goldstein score 1_0", "number of mentions 4.6", "date 202601155"} <= reasons
    assert any("broken archive" in reason for reason in reasons)
    assert found["merges"]
    if SHARED.is_dir():
        assert sum(count["rows_read"] for count in found["counts"]) > 25_000
        assert len(found["dyad_months"]) >= 3
    return found


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for name in expected:
        assert found[name] == expected[name], name


def test_spark_makes_the_tables_that_duckdb_makes(on_spark, raw, expected, tmp_path):
    build_archive(raw, tmp_path / "out", on_spark, rule="story")
    assert_same(read_all(tmp_path / "out"), expected)


def test_an_archive_of_both_engines_reads_as_one(on_spark, duck, tmp_path):
    raw, out = tmp_path / "raw", tmp_path / "out"
    write_events(raw / "a.csv", "gdelt2", [{}, {"GLOBALEVENTID": 2, "ActionGeo_FullName": "Kara"}])
    duck.build(raw, out, rule="story")
    write_events(raw / "b.csv", "gdelt2", [{"GLOBALEVENTID": 3, "DATEADDED": "20260115000000"}, {"EventCode": "190"}])
    build_archive(raw, out, on_spark, rule="story")
    write_events(raw / "c.csv", "gdelt2", [{"GLOBALEVENTID": 5, "SQLDATE": "20260114"}])
    duck.build(raw, out, rule="story")
    duck.build(raw, tmp_path / "clean", rule="story")
    assert_same(read_all(out), read_all(tmp_path / "clean"))
    events = read_coded_events("gdelt2", folder=out)
    assert events["file"].tolist() == ["c.csv", "a.csv", "a.csv", "b.csv"]
    assert events["event_id"].tolist() == [
        "5",
        INVENTED["gdelt2"]["GLOBALEVENTID"],
        "2",
        INVENTED["gdelt2"]["GLOBALEVENTID"],
    ]
    assert read_dyad_months("gdelt2", folder=out)["n_events"].tolist() == [4]


def test_the_same_tables_with_one_worker_killed_in_the_middle_of_the_job(
    cluster, on_spark, raw, expected, tmp_path, monkeypatch
):
    go, started = tmp_path / "go", tmp_path / "started"
    started.mkdir()

    def read_when_told(name, path, layout, names, spill):
        import uuid

        from analysis.engine.spark import _read_file

        (started / f"{name}={uuid.uuid4().hex}").touch()
        end = time.monotonic() + 120
        while not go.exists():
            if time.monotonic() > end:
                raise TimeoutError("nobody let the tasks go")
            time.sleep(0.05)
        yield from _read_file(name, path, layout, names, spill)

    monkeypatch.setattr(spark, "_read_file", read_when_told)
    with ThreadPoolExecutor(1) as pool:
        try:
            job = pool.submit(build_archive, raw, tmp_path / "out", on_spark, rule="story")
            wait_until(lambda: job.done() or len(list(started.iterdir())) >= 2, "a task on either worker")
            assert not job.done(), job.exception()
            cluster.kill_worker(0)
            assert cluster.alive_workers() == 1
        finally:
            go.touch()
        job.result(timeout=240)
    reads = Counter(path.name.partition("=")[0] for path in started.iterdir())
    assert max(reads.values()) > 1, "the lost worker's file was read again by the other"
    assert_same(read_all(tmp_path / "out"), expected)
