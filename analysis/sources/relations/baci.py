"""Bilateral trade from CEPII's BACI: products summed while the file streams by."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from analysis.errors import TightropeError
from analysis.reference.relation_sources import source_note
from analysis.schema import REJECTS
from analysis.sources.packed import UnreadableFileError, open_packed
from analysis.sources.records import csv_reader
from analysis.sources.relations.delimited import NULLS, fit_layout, open_sheet
from analysis.sources.relations.sheet import Reading

NOTE = source_note("baci")
_FLOWS = {"BACI": ("t", "i", "j", "k", "v")}
_COUNTRIES = {"BACI countries": ("country_code", "country_name", "country_iso3")}
_KEY = ("t", "i", "j")
_BLOCK_BYTES = 1 << 25
_HIGHEST_CODE = 999
_ENCODING = "latin-1"  # all that counts is ASCII, and no byte fails: one that is no digit costs its own row
_MOST_THOUSANDS = 10**12  # a sum of some thousand of them is still an exact whole number of dollars


def read_baci(path: Path | str, countries: Path | str) -> Reading:
    """Trade between two states over all products, one row per exporter, importer and year.

    The file is read in blocks of some megabytes and only the sums are kept. Values are summed as
    whole dollars (the source gives thousands with three decimals), so no order of rows can change a sum.

    Parameters
    ----------
    path : Path
        A year of BACI (t, i, j, k, v, q), plain or gzip; about ten million rows.
    countries : Path
        BACI's own country codes (country_code, country_name, country_iso2, country_iso3), which differ
        from ISO's numbers for some states (France 251, the United States 842).

    Returns
    -------
    Reading
        frame: ``year`` (Int64), ``exporter_code``, ``importer_code`` (str, alpha-3 as BACI's country file
        has it, S19 for "Other Asia, nes" among them), ``trade_musd`` (float64, million current US
        dollars, free on board), ``n_products`` (Int64). ``n_read`` and ``n_kept`` count the file's
        records, one per product.

    Raises
    ------
    TightropeError
        One of the files is not what it should be.
    """
    path = Path(path)
    countries = Path(countries)
    names = _country_codes(countries)
    header = _header(path)
    tally = _Tally()
    for block in _blocks(path, header, tally):
        tally.add(block, names)
    rows = tally.sums()
    frame = pd.DataFrame(
        {
            "year": pd.Series(rows["t"], dtype="Int64"),
            "exporter_code": rows["i"].map(names).astype("str"),
            "importer_code": rows["j"].map(names).astype("str"),
            "trade_musd": rows["dollars"].astype("float64") / 1e6,
            "n_products": pd.Series(rows["n"], dtype="Int64"),
        }
    )
    rejects = _find_rejects(path, header, names) if tally.n_refused else []
    if len(rejects) != tally.n_refused:
        raise TightropeError(
            f"{path.name}: {tally.n_refused} rows cannot stand, but {len(rejects)} of them were found again"
        )
    return Reading(frame, REJECTS.frame(rejects), tally.n_read, tally.n_read - tally.n_refused)


class _Tally:
    """Sums by year, exporter and importer, and how many records were read and refused."""

    def __init__(self) -> None:
        self.parts: list[pd.DataFrame] = []
        self.n_read = 0
        self.n_refused = 0

    def add(self, block: pa.RecordBatch, names: dict[int, str]) -> None:
        values, good = _typed(block, names)
        self.n_read += block.num_rows
        self.n_refused += int((~good).sum())
        kept = pd.DataFrame({column: values[column][good].astype(np.int64) for column in (*_KEY, "dollars")})
        summed = kept.groupby(list(_KEY), sort=False)["dollars"].agg(["sum", "size"]).reset_index()
        self.parts.append(summed.set_axis([*_KEY, "dollars", "n"], axis=1))

    def sums(self) -> pd.DataFrame:
        empty = pd.DataFrame({column: pd.Series(dtype="int64") for column in (*_KEY, "dollars", "n")})
        together = pd.concat([empty, *self.parts], ignore_index=True)
        return together.groupby(list(_KEY), as_index=False, sort=True)[["dollars", "n"]].sum()


def _typed(block: pa.RecordBatch, names: dict[int, str]) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.bool_]]:
    """The columns as numbers (dollars for v), and which records can stand."""
    values = {column: _numbers(block.column(column)) for column in (*_KEY, "v")}
    values = {column: np.where(np.isfinite(numbers), numbers, -1.0) for column, numbers in values.items()}
    known = np.zeros(_HIGHEST_CODE + 1, dtype=bool)
    known[list(names)] = True
    good = (values["t"] >= 1900) & (values["t"] <= 2100) & (values["t"] % 1 == 0)
    good &= (values["v"] >= 0) & (values["v"] <= _MOST_THOUSANDS)
    for column in ("i", "j"):
        codes = values[column]
        is_code = (codes >= 0) & (codes <= _HIGHEST_CODE) & (codes % 1 == 0)
        good &= is_code & known[np.where(is_code, codes, 0).astype(np.int64)]
    values["dollars"] = np.rint(np.clip(values.pop("v"), -1, _MOST_THOUSANDS) * 1000)
    return values, good


def _numbers(texts: pa.Array) -> NDArray[np.float64]:
    # Values are padded with blanks in some releases.
    trimmed = pc.utf8_trim_whitespace(texts)
    try:
        return np.asarray(pc.cast(trimmed, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    except pa.ArrowInvalid:
        return pd.to_numeric(trimmed.to_pandas(), errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _blocks(path: Path, header: list[str], tally: _Tally) -> Iterator[pa.RecordBatch]:
    def refuse(row: Any) -> str:
        tally.n_read += 1
        tally.n_refused += 1
        return "skip"

    with _explained(path), _open(path) as file:
        yield from pacsv.open_csv(
            file,
            read_options=pacsv.ReadOptions(
                use_threads=False, column_names=header, skip_rows=1, block_size=_BLOCK_BYTES, encoding=_ENCODING
            ),
            parse_options=pacsv.ParseOptions(invalid_row_handler=refuse),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), null_values=NULLS, strings_can_be_null=True,
                include_columns=[*_KEY, "v"],
            ),
        )  # fmt: skip


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What a broken file makes the readers of its text and of its gzip raise, as an error that names it."""
    try:
        yield
    except (pa.ArrowInvalid, csv.Error, OSError, UnreadableFileError) as error:
        raise TightropeError(f"{path.name}: is no table of delimited records: {error}") from error


def _open(path: Path) -> IO[bytes]:
    try:
        return open_packed(path)
    except OSError as error:
        raise TightropeError(f"{path.name}: cannot be read: {error}") from error


def _header(path: Path) -> list[str]:
    with _explained(path), _open(path) as file:
        line = file.readline(1 << 16).decode("utf-8-sig", errors="replace")
    header = [column.strip().lower() for column in next(csv_reader(io.StringIO(line, newline="")), [])]
    fit_layout(path.name, "bilateral trade by product (BACI)", header, _FLOWS)
    return header


def _country_codes(path: Path) -> dict[int, str]:
    sheet = open_sheet(path, "country codes of BACI", _COUNTRIES)
    frame = pd.DataFrame(
        {"code": sheet.integers("country_code", 0, _HIGHEST_CODE), "iso3": sheet.texts("country_iso3", required=True)}
    )
    reading = sheet.close(frame, key=("code",))
    if len(reading.rejects):
        first = reading.rejects.iloc[0]
        raise TightropeError(f"{path.name}, line {first['line']}: {first['reason']}; the codes must all stand")
    return {int(code): iso3 for code, iso3 in zip(reading.frame["code"], reading.frame["iso3"], strict=True)}


def _find_rejects(path: Path, header: list[str], names: dict[int, str]) -> list[dict[str, object]]:
    """A second pass, made only when a record was refused: its line, its fields and the reason."""
    rejects: list[dict[str, object]] = []
    with _explained(path), _open(path) as file:
        reader = csv_reader(io.TextIOWrapper(file, encoding=_ENCODING, newline=""))
        next(reader)
        line = reader.line_num + 1
        for record in reader:
            reason = _reason(record, header, names) if record else None
            if reason:
                raw = json.dumps(dict(zip(header, record, strict=False)) if len(record) == len(header) else record)
                rejects.append({"file": path.name, "line": line, "reason": reason, "raw": raw})
            line = reader.line_num + 1
    return rejects


def _reason(record: list[str], header: list[str], names: dict[int, str]) -> str | None:
    if len(record) != len(header):
        return f"the record has {len(record)} fields where the header names {len(header)}"
    fields = dict(zip(header, record, strict=True))
    block = pa.RecordBatch.from_pydict({key: pa.array([fields[key].strip() or None]) for key in (*_KEY, "v")})
    block = pa.RecordBatch.from_arrays(
        [pc.cast(column, pa.string()) for column in block.columns], names=block.schema.names
    )
    _, good = _typed(block, names)
    if good[0]:
        return None
    for column in ("i", "j"):
        text = fields[column].strip()
        if text.isascii() and text.isdigit() and int(text[:20]) not in names:
            return f"{column} {text!r} is not in the country codes"
    return f"t, i and j must be whole numbers and v a number from 0 to {_MOST_THOUSANDS}: " + ", ".join(
        f"{key} {fields[key]!r}" for key in (*_KEY, "v")
    )
