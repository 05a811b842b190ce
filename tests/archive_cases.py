"""Archives of machine-coded events for tests: one engine for many builds, invented rows, and tables to compare."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow.parquet as pq

from analysis.archive import build_archive
from analysis.archive.ledger import load_ledger
from analysis.engine.duck import DuckDBEngine
from analysis.locks import LOCK
from analysis.sources.events import LAYOUTS

LAYOUT = {layout.title: layout for layout in LAYOUTS}
SOURCE_LAYOUT = {
    "gdelt1": LAYOUT["GDELT 1.0 event file"],
    "gdelt1_table": LAYOUT["GDELT 1.0 table with a header"],
    "gdelt2": LAYOUT["GDELT 2.0 event file"],
    "gdelt2_table": LAYOUT["GDELT 2.0 table with a header"],
    "icews": LAYOUT["ICEWS event file"],
    "polecat": LAYOUT["POLECAT event file"],
    "acled": LAYOUT["ACLED export"],
    "ucdp": LAYOUT["UCDP GED table"],
}

_GDELT = {
    "GLOBALEVENTID": "900000001",
    "SQLDATE": "20260115",
    "MonthYear": "202601",
    "Year": "2026",
    "FractionDate": "2026.0411",
    "Actor1Code": "TGOGOV",
    "Actor2Code": "FRA",
    "IsRootEvent": "1",
    "EventCode": "042",
    "EventBaseCode": "042",
    "EventRootCode": "04",
    "QuadClass": "1",
    "GoldsteinScale": "1.9",
    "NumMentions": "4",
    "ActionGeo_Type": "4",
    "ActionGeo_FullName": "Lomé, Maritime, Togo",
    "ActionGeo_CountryCode": "TO",
    "ActionGeo_Lat": "6.1375",
    "ActionGeo_Long": "1.2123",
    "DATEADDED": "20260115120000",
    "SOURCEURL": "https://example.org/invented",
}
INVENTED = {
    "gdelt1": _GDELT | {"DATEADDED": "20260115"},
    "gdelt1_table": _GDELT | {"DATEADDED": "20260115"},
    "gdelt2": _GDELT,
    "gdelt2_table": _GDELT,
    "icews": {
        "Event ID": "40000001",
        "Event Date": "2018-06-01",
        "Source Name": "Military (Togo)",
        "Source Sectors": "Military,Government",
        "Source Country": "Togo",
        "Event Text": "Consult",
        "CAMEO Code": "042",
        "Intensity": "1.9",
        "Target Name": "France",
        "Target Sectors": "NA",
        "Target Country": "France",
        "Story ID": "1",
        "Sentence Number": "1",
        "Publisher": "Invented Agency",
        "City": "Lome",
        "Country": "Togo",
        "Latitude": "6.1375",
        "Longitude": "1.2123",
    },
    "polecat": {
        "Event ID": "20220105-1-invented-CONSULT",
        "Event Date": "2022-01-05",
        "Event Type": "CONSULT",
        "Event Mode": "visit",
        "Intensity": "2.0",
        "Quad Code": "VERBAL COOPERATION",
        "Contexts": "diplomatic",
        "Actor Name": "Government of Togo",
        "Actor Country": "TGO",
        "Primary Actor Sector": "GOV",
        "Recipient Name": "France",
        "Recipient Country": "FRA",
        "Primary Recipient Sector": "GOV",
        "Placename": "Lomé",
        "Country": "TGO",
        "Latitude": "6.1375",
        "Longitude": "1.2123",
        "Publication Date": "2022-01-06",
    },
    "acled": {
        "event_id_cnty": "TGO0001",
        "event_date": "2022-06-30",
        "year": "2022",
        "time_precision": "1",
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "actor1": "Military Forces of Togo (2005-)",
        "inter1": "1",
        "actor2": "",
        "inter2": "0",
        "country": "Togo",
        "location": "Kpendjal",
        "latitude": "10.9",
        "longitude": "0.9",
        "notes": "Invented, for a test.",
    },
    "ucdp": {
        "id": "300001",
        "relid": "TOG-2019-1-1",
        "year": "2019",
        "type_of_violence": "1",
        "side_a": "Government of Togo",
        "side_b": "Invented Front",
        "where_coordinates": "Lomé town",
        "latitude": "6.1375",
        "longitude": "1.2123",
        "country": "Togo",
        "date_prec": "1",
        "date_start": "2019-05-01",
        "date_end": "2019-05-01",
        "best": "1",
        "gwnoa": "461",
        "gwnob": "",
    },
}
"""One row of each layout with invented values; empty columns are left out."""


def create_text(kind, rows=({},), *, header=None, line_end="\n"):
    """The text of a file of some kind: its invented row, changed as each of `rows` says."""
    layout = SOURCE_LAYOUT[kind]
    columns = list(header or layout.columns)
    text = io.StringIO()
    if layout.is_quoted:
        writer = csv.writer(text, delimiter=layout.delimiter, lineterminator=line_end)
        write = writer.writerow
    else:
        write = lambda fields: text.write(layout.delimiter.join(fields) + line_end)  # noqa: E731
    if layout.has_header:
        write(columns)
    for changes in rows:
        assert set(changes) <= set(columns), set(changes) - set(columns)
        row = INVENTED[kind] | {name: str(value) for name, value in changes.items()}
        write([row.get(column, "") for column in columns])
    return text.getvalue()


def write_events(path: Path, kind, rows=({},), **options):
    """Write a file of some kind; returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(create_text(kind, rows, **options), encoding="utf-8", newline="")
    return path


class SharedEngine(DuckDBEngine):
    """DuckDB for many builds: stays open, and notes the files that it cleans."""

    def __init__(self):
        super().__init__("500MB")
        self.cleaned = []

    def __call__(self):
        return self

    def clean(self, batches, folders):
        self.cleaned += [file.name for batch in batches for file in batch.files]
        return super().clean(batches, folders)

    def close(self):
        """Stay open."""

    def build(self, raw, out, **options):
        """Build an archive; returns what was done."""
        self.cleaned = []
        return build_archive(raw, out, self, **options)


def read_parts(out: Path, paths) -> list[dict]:
    """The rows of some files of an archive, every value as it is stored."""
    return [row for path in sorted(paths) for row in pq.ParquetFile(out / path).read().to_pylist()]


def read_all(out: Path) -> dict:
    """Everything an archive says, in an order of its own: rows, merges, rejects, dyad-months, and counts."""
    ledger = load_ledger(out)

    def by_line(rows):
        return sorted(rows, key=lambda row: (row["file"], row["line"]))

    years = ledger.years.items()
    return {
        "events": by_line(read_parts(out, [part.path for batch in ledger.batches.values() for part in batch.parts])),
        "rejects": by_line(read_parts(out, [batch.rejects for batch in ledger.batches.values() if batch.rejects])),
        "merges": {key: by_line(read_parts(out, [year.merges])) for key, year in sorted(years) if year.merges},
        "dyad_months": {key: read_parts(out, [year.dyad_months]) for key, year in sorted(years)},
        "counts": ledger.count(),
    }


def stored_files(out: Path) -> dict[str, bytes]:
    """Every file of an archive with its bytes, the ledger and unfinished ones among them; the lock's is no part of it."""
    paths = [path for path in sorted(out.rglob("*")) if path.is_file() and path.name != LOCK]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}
