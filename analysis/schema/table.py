"""What a table is: its columns with types, units and allowed values, its key, and how a frame is held to them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import pandera.pandas as pa

_DTYPES = {
    "text": "str",
    "date": "datetime64[ns]",
    "number": "float64",
    "integer": "Int64",
    "flag": "bool",
}


TEXT = pd.StringDtype("python", na_value=np.nan)
"""Text in memory. Arrow's would save room in millions of rows; a step on a thousand costs more with it than it does."""


@dataclass(frozen=True)
class Field:
    """One column: its type (text, date, number, integer, flag), meaning, unit and allowed values."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    allowed: tuple[str, ...] = ()
    bounds: tuple[float, float] | None = None
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One processed table: its name, what a row is, its key and its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def columns(self) -> list[str]:
        """The column names in order."""
        return [field.name for field in self.fields]

    def pandera(self) -> pa.DataFrameSchema:
        """The pandera schema that a frame of this table must pass."""
        pa = _pandera()
        columns = {field.name: _pandera_column(field) for field in self.fields}
        return pa.DataFrameSchema(
            columns, strict=True, ordered=True, coerce=True, unique=list(self.key), name=self.name
        )

    def frame(self, rows: list[dict[str, Any]] | pd.DataFrame) -> pd.DataFrame:
        """Rows as a frame with exactly this table's columns and types; absent columns are not known."""
        frame = pd.DataFrame(rows).reindex(columns=self.columns)
        for field, held in zip(self.fields, frame.dtypes.tolist(), strict=True):
            wanted = TEXT if field.type == "text" else _DTYPES[field.type]
            if held != wanted:
                frame[field.name] = frame[field.name].astype(wanted)
        return frame

    def validate(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame, coerced to this table's types.

        Raises
        ------
        pandera.errors.SchemaErrors
            Every breach of the schema at once.
        """
        with _quiet():
            return self.frame(self.pandera().validate(frame, lazy=True))


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what PySpark says of pandas: where it is installed, pandera imports it, also when it validates."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        yield


def _pandera() -> Any:
    """Pandera, loaded when a build validates: a notebook that reads should not wait for it."""
    with _quiet():
        import pandera.pandas as pa
    return pa


def _pandera_column(field: Field) -> pa.Column:
    pa = _pandera()
    checks = []
    if field.allowed:
        checks.append(pa.Check.isin(field.allowed))
    if field.bounds:
        checks.append(pa.Check.in_range(*field.bounds))
    return pa.Column(_DTYPES[field.type], checks, nullable=not field.required, description=field.meaning)


def text(name: str, meaning: str, *, required: bool = False, allowed: tuple[str, ...] = ()) -> Field:
    """A column of text."""
    return Field(name, "text", meaning, allowed=allowed, required=required)


def date(name: str, meaning: str, *, required: bool = False) -> Field:
    """A column of calendar days."""
    return Field(name, "date", meaning, unit="calendar day", required=required)


FILE = text("file", "raw file the row comes from", required=True)
LINE = Field("line", "integer", "line of that file on which the record begins, the header being line 1", required=True)
NOTE = text("note", "the coder's remark")
URL = text("url", "page the row rests on")
OUTLET = text("outlet", "who published that page")
