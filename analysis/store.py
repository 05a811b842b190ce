"""All reading and writing of processed tables: Parquet held to its schema, replaced as a whole."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from pyarrow import parquet

from analysis.errors import TightropeError, UnknownNameError
from analysis.folders import replace_folder
from analysis.paths import ARCHIVE, BUILD_JSON, PROCESSED
from analysis.schema import TABLES


def read_table(name: str, data: Path | str = PROCESSED) -> pd.DataFrame:
    """One processed table; its file is read once a process, or in what it was forked from.

    Parameters
    ----------
    name : str
        A table of :data:`analysis.schema.TABLES`.
    data : Path, optional
        Folder of built tables.

    Raises
    ------
    UnknownNameError
        If there is no table of that name.
    TightropeError
        If the table has not been built.
    """
    return _read(name, *find_table(name, data)).copy(deep=False)


def find_table(name: str, data: Path | str = PROCESSED) -> tuple[Path, tuple[int, int, int]]:
    """The file of a table, and by what it is told from the file of another build; raises as :func:`read_table`."""
    if name not in TABLES:
        raise UnknownNameError("table", name, TABLES)
    path = Path(data) / f"{name}.parquet"
    if not path.is_file():
        raise TightropeError(f"table {name!r} is not in {str(data)!r}; build it with: tightrope build --out {data}")
    seen = path.stat()
    return path.resolve(), (seen.st_ino, seen.st_size, seen.st_mtime_ns)


@lru_cache(maxsize=2 * len(TABLES))
def _read(name: str, path: Path, seen: tuple[int, int, int]) -> pd.DataFrame:
    # By this thread alone: after it a process may still be forked.
    with parquet.ParquetFile(path, pre_buffer=False) as file:
        return TABLES[name].frame(file.read(use_threads=False).to_pandas(use_threads=False))


def read_build(data: Path | str = PROCESSED) -> dict[str, Any]:
    """The record of the last build: what went in, what came out, what awaits review.

    Raises
    ------
    TightropeError
        If nothing has been built there.
    """
    path = Path(data) / BUILD_JSON
    if not path.is_file():
        raise TightropeError(f"no built tables in {str(data)!r}; build them with: tightrope build --out {data}")
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TightropeError(f"{str(path)!r} is broken ({error}); build the tables anew with --force") from error
    return record


def write_tables(tables: Mapping[str, pd.DataFrame], record: Mapping[str, Any], out: Path) -> None:
    """Write every table and the build record, all or nothing.

    The tables are validated and written to a staging folder beside `out`, which then takes
    its place, so that a build that fails leaves the previous tables whole.

    Raises
    ------
    pandera.errors.SchemaErrors
        If a table breaks its schema; nothing is replaced then.
    TightropeError
        If `out` holds anything a build did not write, or cannot be written.
    """
    out = out.resolve()
    _refuse_foreign_files(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise TightropeError(f"cannot write to {str(out.parent)!r}: {error.strerror}") from error
    try:
        for name, frame in tables.items():
            checked = TABLES[name].validate(TABLES[name].frame(frame))
            checked.to_parquet(staging / f"{name}.parquet", index=False, compression="zstd")
        (staging / BUILD_JSON).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        staging.chmod(0o755)
        replace_folder(staging, out, keep=(ARCHIVE.name,))
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _refuse_foreign_files(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise TightropeError(f"{str(out)!r} is a file; name a folder")
    foreign = sorted(
        path.name
        for path in out.iterdir()
        if path.suffix != ".parquet" and path.name not in (BUILD_JSON, ARCHIVE.name, ".gitkeep")
    )
    if foreign:
        raise TightropeError(
            f"{str(out)!r} holds files that a build did not write ({', '.join(foreign[:5])}); name an empty folder"
        )
