"""Machine-coded event files: both readers agree, and every row is kept, merged or rejected.

The quick parser and the careful one are each other's oracle: where the quick one does not give up, both must hand on
the same rows with the same line numbers. Lines are counted here a third time, by no code of the project.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import Counter
from functools import cache, partial
from pathlib import Path

import pyarrow as pa
from archive_cases import SOURCE_LAYOUT, SharedEngine, create_text, read_parts
from bad_event_files import LINE_BUILDERS

from analysis.engine.codes import code_columns, resolve_codes
from analysis.errors import TightropeError
from analysis.schema import CODED_EVENTS, REJECTS
from analysis.sources.events.careful import MAX_LINE_BYTES
from analysis.sources.events.files import recognise
from analysis.sources.events.layout import EventLayout
from analysis.sources.events.reading import NeedsCareError, RawChunk, raw_columns, read_chunks
from analysis.sources.packed import UnreadableFileError
from fuzz.scratch import scratch, write
from fuzz.targets import Target

MARK = b"\xef\xbb\xbf"
_LARGEST_SEED = 4000
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e]")


def create_target(kind: str) -> Target:
    """The target of one layout; its inputs may turn into files of another, which are held to the same oracle."""
    layout = SOURCE_LAYOUT[kind]
    return Target(check, partial(create_seeds, kind), check_archive, layout.delimiter.encode())


def check(data: bytes) -> int:
    """Hold one file to the oracle of the readers; returns its number of rows, malformed ones among them."""
    path = write(data)
    try:
        layout = recognise(path, "input.csv")
    except TightropeError:
        return 0
    if layout is None:
        return 0
    try:
        quick = list(read_chunks(path, layout))
    except NeedsCareError:
        quick = None
    try:
        careful = list(read_chunks(path, layout, with_care=True))
    except UnreadableFileError as error:
        assert str(error)
        assert quick is None, "the quick reader reads what the careful one refuses"
        return 1
    read = check_chunks(careful, layout)
    check_count(data, layout, read)
    if quick is not None:
        assert not any(chunk.malformed for chunk in careful), "only the careful reader refuses a line"
        slow, fast = ([row for chunk in chunks for row in chunk.rows.to_pylist()] for chunks in (careful, quick))
        assert fast == slow, "the readers differ"
    for chunk in careful:
        check_codes(chunk.rows, layout)
    return read


def check_chunks(chunks: list[RawChunk], layout: EventLayout) -> int:
    """Rows are text under the layout's columns, each line stands once, and each refusal has a reason that can be shown."""
    lines = []
    for chunk in chunks:
        assert chunk.rows.column_names == [*raw_columns(layout), "line"]
        assert all(
            field.type in (pa.string(), pa.dictionary(pa.int32(), pa.string()), pa.null())
            for field in chunk.rows.drop_columns(["line"]).schema
        )
        for fault in chunk.malformed:
            assert fault["reason"]
            assert not _CONTROLS.search(str(fault["reason"]) + str(fault["raw"])), "a reject that a terminal obeys"
        lines += chunk.rows["line"].to_pylist() + [fault["line"] for fault in chunk.malformed]
    assert len(set(lines)) == len(lines), "a line is read twice"
    assert all(line >= 1 + layout.has_header for line in lines)
    return len(lines)


def check_count(data: bytes, layout: EventLayout, read: int) -> None:
    """As many rows are read as the file has, counted by the standard library alone."""
    data = data.removeprefix(MARK)
    if not layout.is_quoted:
        lines = [line.removesuffix(b"\r").strip(b" ") for line in data.split(b"\n")]
        assert read == sum(map(bool, lines)) - layout.has_header, "a line is lost"
        return
    text = data.decode("utf-8", errors="surrogateescape")
    if max(map(len, text.split("\n"))) > MAX_LINE_BYTES:
        return
    try:
        records = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error:
        return
    if len({len(record) for record in records}) == 1:
        rows = [record for record in records[1:] if not (layout.comment_prefix and _is_comment(record, layout))]
        assert read == len(rows), "a record is lost"


def check_codes(rows: pa.Table, layout: EventLayout) -> None:
    """Each code of an actor or place is either known, or counted as unknown as often as it stands there."""
    if not rows.num_rows:
        return
    counts = {name: Counter(filter(None, rows[name].to_pylist())) for name in code_columns(layout)}
    lookups, unknown = resolve_codes(counts, layout)
    for frame in lookups.values():
        assert not frame["code"].duplicated().any(), "a code has two meanings"
    assert all(count > 0 and isinstance(code, str) for (_, code), count in unknown.items())


def check_archive(given: list[bytes]) -> None:
    """Hold some files to the oracle of the archive: for each, rows read = kept + merged + rejected, in its schema."""
    raw, out = (scratch() / name for name in ("raw", "archive"))
    for folder in (raw, out):
        shutil.rmtree(folder, ignore_errors=True)
    raw.mkdir()
    rows = {}
    for number, data in enumerate(given):
        path = raw / f"20260101-{number:03d}.csv"
        path.write_bytes(data)
        try:
            layout = recognise(path, path.name)
        except TightropeError:
            path.unlink()
            continue
        rows[path.name] = _count_rows(path, layout) if layout else 0
    if not rows:
        return
    made = _engine().build(raw, out)
    assert {count["file"]: count["rows_read"] for count in made.ledger.count()} == rows
    check_stored(made.ledger, out, rows)


def _count_rows(path: Path, layout: EventLayout) -> int:
    """Rows of a file, malformed ones among them; a file that cannot be read is one record, rejected on line 0."""
    try:
        chunks = list(read_chunks(path, layout, with_care=True))
    except UnreadableFileError:
        return 1
    return sum(chunk.rows.num_rows + len(chunk.malformed) for chunk in chunks)


def check_stored(ledger, out: Path, rows: dict[str, int]) -> None:
    """What is stored has the types, bounds and words of its schema; a reject says where and why."""
    import pandas as pd

    kept = read_parts(out, [part.path for batch in ledger.batches.values() for part in batch.parts])
    CODED_EVENTS.validate(pd.DataFrame(kept, columns=CODED_EVENTS.columns))
    rejects = read_parts(out, [batch.rejects for batch in ledger.batches.values() if batch.rejects])
    REJECTS.validate(pd.DataFrame(rejects, columns=REJECTS.columns))
    merged = sum(sum(year.merged.values()) for year in ledger.years.values())
    assert len(kept) + len(rejects) + merged == sum(rows.values()), "what is stored is not what is counted"
    for row in rejects:
        assert row["reason"]
        assert not _CONTROLS.search(row["reason"]), "a reason that a terminal obeys"


def create_seeds(kind: str) -> list[bytes]:
    """Invented rows of the layout, good and bad, and the first rows of the published file where it is at hand."""
    layout = SOURCE_LAYOUT[kind]
    first, second = layout.reads["event_id"], layout.reads["date_start"]
    rows = [{}, {first: "900000002"}, {second: "20260230" if layout.date_format == "%Y%m%d" else "2019-02-30"}]
    seeds = [create_text(kind, rows).encode(), create_text(kind, rows[:1], line_end="\r\n").encode()]
    for name in ("source_raw", "source_role_code", "source_key", "place_code", "lat", "mentions", "goldstein", "place"):
        if name in layout.reads:
            changed = [{layout.reads[name]: value} for value in ("", "NA", "-1.0", 'a "b", c', "é")]
            if layout.is_quoted:
                changed.append({layout.reads[name]: "two\nlines"})
            seeds.append(create_text(kind, changed).encode())
    if kind == "gdelt2":
        made = [builder(scratch() / builder.__name__).path.read_bytes() for builder in LINE_BUILDERS]
        seeds += [data for data in made if len(data) <= _LARGEST_SEED]
    return seeds + _published(kind)


def _published(kind: str) -> list[bytes]:
    import gzip

    from coded_files import SHARED

    patterns = {
        "gdelt2": "gdelt2/*.CSV", "gdelt1": "gdelt1/*.tsv", "gdelt2_table": "gdelt_benin/*.csv", "icews": "icews/*.tab",
        "gdelt1_table": "gdelt_westafrica/1985.csv", "acled": "acled/*.csv.gz", "ucdp": "ucdp/*.csv",
    }  # fmt: skip
    heads = []
    for path in sorted(SHARED.glob(patterns[kind])) if kind in patterns else ():
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as handle:
            lines = [handle.readline() for _ in range(40)]
        header = lines[:1] if SOURCE_LAYOUT[kind].has_header else []
        heads += [b"".join(header + lines[start : start + 2]) for start in range(len(header), 40, 4)]
    return [head for head in heads if len(head) <= _LARGEST_SEED]


def _is_comment(record: list[str], layout: EventLayout) -> bool:
    filled = list(filter(None, record))
    return 2 * sum(field.startswith(layout.comment_prefix) for field in filled) > len(filled)


@cache
def _engine() -> SharedEngine:
    return SharedEngine()
