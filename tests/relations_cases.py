"""The published data of the relationships, and small files written by hand in their layouts."""

import gzip
import os
from functools import cache
from pathlib import Path

import pytest

from analysis.paths import PROJECT

SHARED = Path(os.environ.get("TIGHTROPE_SHARED_DATA", PROJECT.parent / "shared" / "data"))


def shared(name: str) -> Path:
    """A published file, or a skip that says what is missing."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{name} is not in {SHARED}; set TIGHTROPE_SHARED_DATA")
    return path


@cache
def _read(reader, path):
    return reader(path)


def published(reader, name: str):
    """A published file read once a worker; whoever changes its frames must copy them first."""
    return _read(reader, shared(name))


def write(folder: Path, text: str | bytes, name: str = "some.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def packed(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


def adds_up(reading, n_records: int) -> None:
    """Every record of the file was kept or refused, and each refusal says where and why."""
    assert reading.n_read == n_records
    assert reading.n_read == reading.n_kept + len(reading.rejects)
    assert reading.rejects.columns.tolist() == ["file", "line", "reason", "raw"]
    assert reading.rejects["reason"].str.len().gt(0).all()


def n_lines(path: Path) -> int:
    """Lines below the header, counted without the readers."""
    data = path.read_bytes()
    data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    return sum(1 for line in data.split(b"\n") if line.strip()) - 1
