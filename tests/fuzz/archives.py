"""Packed event files: unpacked within the limit and inside their folder, or refused with a reason."""

from __future__ import annotations

import gzip
import shutil

from archive_cases import create_text
from bad_event_files import ZIP_BUILDERS, write_zip

from analysis.sources.events.files import unpacked
from analysis.sources.packed import UnreadableFileError
from fuzz.scratch import scratch, write
from fuzz.targets import Target

LIMIT = 100_000


def create_target(_: str) -> Target:
    return Target(check, create_seeds)


def check(data: bytes) -> None:
    """Hold one archive to the oracle; a gzip is known by its first bytes, all else is taken for a zip."""
    folder = scratch() / "unpacking"
    folder.mkdir(exist_ok=True)
    path = write(data, "packed.gz" if data.startswith(b"\x1f\x8b") else "packed.zip")
    beside = sorted(scratch().iterdir())
    try:
        with unpacked(path, limit=LIMIT, spill=folder) as plain:
            assert plain.is_relative_to(folder)
            assert plain.is_file()
            assert not plain.is_symlink()
            assert plain.stat().st_size <= LIMIT
            (made,) = folder.iterdir()
            assert [plain] == [found for found in made.rglob("*") if found.is_file()]
    except UnreadableFileError as error:
        assert str(error)
    assert not list(folder.iterdir()), "what was unpacked stays"
    assert sorted(scratch().iterdir()) == beside, "something was written beside the folder"


def create_seeds() -> list[bytes]:
    """Good archives, the bad ones of the tests, and a gzip that expands beyond the limit."""
    text = create_text("gdelt2").encode()
    folder = scratch() / "zips"
    made = [write_zip(folder, {"a.csv": text})] + [
        builder(folder / builder.__name__).path for builder in ZIP_BUILDERS if builder.__name__ != "zip_that_expands"
    ]
    seeds = [path.read_bytes() for path in made]
    shutil.rmtree(folder)
    packed = [gzip.compress(content, mtime=0) for content in (text, b"", bytes(10 * LIMIT))]
    return [seed for seed in [*seeds, *packed, packed[0] + packed[0], packed[0][:-4]] if len(seed) <= 4000]
