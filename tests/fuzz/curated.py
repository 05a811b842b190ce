"""Hand-coded CSV files: a folder of them is built, or refused with an error that says what to mend; no row is lost."""

from __future__ import annotations

import csv
import io
import shutil

from analysis.build import clean
from analysis.cleaning.claims import clean_claims
from analysis.errors import TightropeError
from analysis.paths import RAW
from analysis.schema import TABLES
from analysis.sources.catalogue import find_raw_files
from analysis.sources.curated import RawFile, read_curated
from fuzz.scratch import scratch, write
from fuzz.targets import Target

PART = b"\n\x1e\n"
"""What parts the files of one input."""


def create_target(_: str) -> Target:
    return Target(check, create_seeds, check_build, b",")


def check(data: bytes) -> None:
    """Hold one or more files to the oracle of the reader."""
    for content in data.split(PART):
        path = write(content)
        try:
            file = read_curated(path)
        except TightropeError as error:
            assert path.name in str(error)
        else:
            check_file(file, content)


def check_build(given: list[bytes]) -> None:
    """Hold a folder of files to the oracle of the build: for each, rows read = kept + merged + rejected."""
    folder = scratch() / "curated"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    n_files = 0
    for number, content in enumerate(content for data in given for content in data.split(PART)):
        path = folder / f"file_{number:03d}.csv"
        path.write_bytes(content)
        try:
            file = read_curated(path)
        except TightropeError:
            path.unlink()
            continue
        if file.layout == "claims":
            # The reviewed tables speak of every claim, so that a build with some of them alone is refused.
            path.unlink()
            made = clean_claims(file.rows)
            assert len(made.tables["claims"]) + len(made.rejects) == len(file.rows), "a claim is lost"
        n_files += path.exists()
    if not n_files:
        return
    try:
        made = clean(folder)
    except TightropeError as error:
        assert str(error)
        for half in (given[: len(given) // 2], given[len(given) // 2 :]) if len(given) > 1 else ():
            check_build(half)
        return
    assert len(made.record["files"]) == n_files
    for counts in made.record["files"]:
        assert counts["rows_read"] == sum(counts[f"rows_{end}"] for end in ("kept", "merged", "rejected"))
    for name, table in made.tables.items():
        TABLES[name].validate(table)
    assert made.tables["rejects"]["reason"].str.len().gt(0).all()


def check_file(file: RawFile, content: bytes) -> None:
    """As many records are read as the standard library counts, every value is text, every line stands once."""
    text = content.decode("utf-8-sig")
    records = [record for record in csv.reader(io.StringIO(text, newline="")) if record]
    assert file.n_read == len(records) - 1, "a record is lost"
    lines = [*file.rows["line"], *(row["line"] for row in file.malformed)]
    assert len(set(lines)) == len(lines)
    assert all(row["reason"] for row in file.malformed)
    values = file.rows.drop(columns="line")
    assert all(isinstance(value, str) for column in values for value in values[column])


def create_seeds() -> list[bytes]:
    """The first rows of every raw file, alone, and beside what belongs to them."""
    heads = {path.name: b"".join(path.read_bytes().splitlines(keepends=True)[:3]) for path in find_raw_files(RAW)}
    events = [head for name, head in heads.items() if "event" in name]
    together = [PART.join([one, other]) for one in events for other in heads.values() if one is not other]
    return [*heads.values(), *(seed for seed in together if len(seed) < 4000)]
