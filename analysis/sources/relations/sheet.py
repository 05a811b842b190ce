"""A published table read as text: known by its columns, typed column by column, with every row that cannot stand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.errors import TightropeError
from analysis.plain_text import MAX_CHARACTERS, one_line
from analysis.schema import REJECTS
from analysis.sources.plain_columns import hold_to_rule

LineFinder: TypeAlias = Callable[[Sequence[int]], tuple[dict[int, tuple[int, Any]], list[tuple[int, Any, str]]]]
"""Gives the line and fields of numbered records, and of every malformed one its line, fields and reason."""

_LAST_WHOLE = 2**53  # beyond it not every whole number is a float of its own


def as_days(found: pd.Series) -> pd.Series:
    """Days as datetime64[ns], missing where they lie outside what it holds (1678 to 2261).

    Examples
    --------
    >>> as_days(pd.to_datetime(pd.Series(["1963-01-13", "3991-10-01"]), format="%Y-%m-%d")).isna().tolist()
    [False, True]
    """
    return found.where(found.dt.year.between(1678, 2261)).astype("datetime64[ns]")


@dataclass(frozen=True)
class Reading:
    """What a reader hands on; unpacks as ``frame, rejects``.

    Attributes
    ----------
    frame : DataFrame
        The rows that stand, tidy and typed.
    rejects : DataFrame
        The table `rejects` of the others: ``file, line, reason, raw``.
    n_read : int
        Records in the file, the header not among them.
    n_kept : int
        Records that stand; ``n_read == n_kept + len(rejects)``.
    """

    frame: pd.DataFrame
    rejects: pd.DataFrame
    n_read: int
    n_kept: int

    def __iter__(self) -> Iterator[pd.DataFrame]:
        yield self.frame
        yield self.rejects


class Sheet:
    """The records of one delimited file as columns of text, and the reasons against them.

    Parameters
    ----------
    name : str
        File name.
    layout : str
        Which of the layouts the header fits.
    table : pyarrow.Table
        Columns of text under lower-case names; a missing value is null.
    reject_lines : callable
        See :data:`LineFinder`; records are numbered from 0, malformed ones not counted.
    n_malformed : int
        Records without the header's number of fields.
    """

    def __init__(
        self,
        name: str,
        layout: str,
        table: pa.Table,
        reject_lines: LineFinder,
        n_malformed: int = 0,
    ) -> None:
        self.name, self.layout, self.table = name, layout, table
        self._lines, self._n_malformed = reject_lines, n_malformed
        self._reasons: dict[int, str] = {}

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column in self.table.column_names

    def integers(self, column: str, low: int | None = None, high: int | None = None, *, required: bool = True) -> Any:
        """A column of whole numbers as Int64; refuses rows that hold anything else, or a number outside the bounds."""
        values = self.numbers(column, low, high, required=required)
        broken = values.notna() & ~((values == np.floor(values)) & (values.abs() <= _LAST_WHOLE))
        self.refuse(broken, lambda row: f"{column} {self._raw(column, row)!r} is no whole number")
        return values.where(~broken).astype("Int64")

    def numbers(
        self, column: str, low: float | None = None, high: float | None = None, *, required: bool = True
    ) -> Any:
        """A column of numbers as float64; refuses rows that hold anything else, or a number outside the bounds."""
        texts = self.table.column(column)
        try:
            values = pd.Series(pc.cast(texts, pa.float64()).to_numpy())
        except pa.ArrowInvalid:
            values = pd.to_numeric(texts.to_pandas(), errors="coerce").astype("float64")
        # Arrow takes "-nan" for a number and pandas for none: the same is said of it whatever else the column holds.
        is_filled = pd.Series(pc.is_valid(texts).to_numpy())
        self.refuse(is_filled & values.isna(), lambda row: f"{column} {self._raw(column, row)!r} is no number")
        endless = pd.Series(np.isinf(values.to_numpy()))
        self.refuse(endless, lambda row: f"{column} {self._raw(column, row)!r} is no finite number")
        if required:
            self.refuse(values.isna(), lambda row: f"{column} is empty; a number is needed")
        span = f"{'' if low is None else low} to {'' if high is None else high}".strip()
        for bound, outside in ((low, values.lt), (high, values.gt)):
            if bound is not None:
                self.refuse(outside(bound), lambda row: f"{column} {self._raw(column, row)}; accepted: {span}")
        return values

    def texts(self, column: str, *, required: bool = False) -> Any:
        """A column of text as str, missing where empty, by the rule of :mod:`analysis.plain_text`."""
        plain, faults = hold_to_rule(self.table.column(column), column)
        for row, fault in faults.items():
            self._reasons.setdefault(row, fault)
        values = plain.to_pandas().astype("str").str.strip()
        values = values.where(values != "")
        if required:
            self.refuse(values.isna(), lambda row: f"{column} is empty")
        return values

    def coded(self, column: str, codes: Mapping[int, str], *, required: bool = True) -> Any:
        """A column of codes as the words they stand for; refuses rows with any other code."""
        numbers = self.numbers(column, required=required)
        values = numbers.to_numpy()
        positions = np.full(len(values), -1, dtype=np.int64)
        for position, code in enumerate(codes):
            positions[values == code] = position
        self.refuse(
            pd.Series((positions < 0) & ~np.isnan(values)),
            lambda row: f"{column} {self._raw(column, row)!r}; accepted: {', '.join(map(str, codes))}",
        )
        words = pa.array(list(codes.values()), type=pa.string())
        taken = pa.DictionaryArray.from_arrays(pa.array(positions, mask=positions < 0), words).cast(pa.string())
        return pd.Series(taken.to_pandas()).astype("str")

    def dates(self, column: str, formats: Sequence[str]) -> Any:
        """A column of days as datetime64[ns], missing where empty; refuses a day that fits none of the formats."""
        encoded = pc.dictionary_encode(self.table.column(column).combine_chunks())
        distinct = encoded.dictionary.to_pandas().astype("str")
        days = pd.Series(pd.NaT, index=distinct.index, dtype="datetime64[ns]")
        for pattern in formats:
            found = pd.to_datetime(distinct.where(days.isna()), format=pattern, errors="coerce")
            days = days.fillna(as_days(found))
        places = encoded.indices.to_pandas()
        values = days.reindex(places.to_numpy(dtype=float)).reset_index(drop=True)
        self.refuse(
            values.isna() & places.notna(),
            lambda row: f"{column} {self._raw(column, row)!r} is no day; accepted: {' or '.join(formats)}",
        )
        return values

    def refuse(self, rows: Any, reason: Callable[[int], str]) -> None:
        """Set rows apart with a reason each; the first reason against a row stands."""
        # A comparison with what is not known says nothing against a row.
        known = pd.Series(rows, dtype="boolean").fillna(False)
        for row in np.flatnonzero(known.to_numpy(dtype=bool)).tolist():
            self._reasons.setdefault(row, reason(row))

    def refuse_repeats(self, frame: pd.DataFrame, key: Sequence[str]) -> None:
        """Set apart every row that repeats the key of an earlier row that stands."""
        standing = frame.drop(index=list(self._reasons))
        repeated = standing.index[standing.duplicated(list(key))]
        for row in repeated.tolist():
            values = ", ".join(f"{column} {frame.at[row, column]}" for column in key)
            self._reasons.setdefault(row, f"an earlier row has the same key: {values}")

    def close(self, frame: pd.DataFrame, key: Sequence[str] = ()) -> Reading:
        """The rows that stand, and the rejects with the line on which each begins."""
        if key:
            self.refuse_repeats(frame, key)
        n_records = self.table.num_rows
        refused = sorted(self._reasons)
        kept = frame.drop(index=refused).reset_index(drop=True) if refused else frame
        return Reading(kept, self._rejects(refused), n_records + self._n_malformed, n_records - len(refused))

    @property
    def standing(self) -> NDArray[np.bool_]:
        """Which records nothing has been said against so far."""
        mask = np.ones(self.table.num_rows, dtype=bool)
        mask[list(self._reasons)] = False
        return mask

    def _rejects(self, refused: list[int]) -> pd.DataFrame:
        if not refused and not self._n_malformed:
            return REJECTS.frame([])
        lines, malformed = self._lines(refused)
        if lines.keys() != set(refused) or len(malformed) != self._n_malformed:
            raise TightropeError(
                f"{self.name}: its records can be parted in more than one way; check its quotes and line ends"
            )
        rows = [(lines[row][0], self._reasons[row], lines[row][1]) for row in refused]
        rows += [(line, reason, fields) for line, fields, reason in malformed]
        return REJECTS.frame(
            [
                {
                    "file": self.name,
                    "line": line,
                    "reason": one_line(reason),
                    "raw": one_line(json.dumps(raw, ensure_ascii=False), most=MAX_CHARACTERS),
                }
                for line, reason, raw in sorted(rows, key=lambda found: found[0])
            ]
        )

    def _raw(self, column: str, row: int) -> Any:
        return self.table.column(column)[row].as_py()
