"""The rows of a frame, each column an attribute, and a frame of rows."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd


def each_row(frame: pd.DataFrame) -> Iterator[Any]:
    """Iterate over the rows, each column an attribute, the label ``Index``.

    As :meth:`pandas.DataFrame.itertuples`, which makes a new class each time: for a few rows that takes longer than
    all else. Numbers are Python's own.

    Examples
    --------
    >>> rows = list(each_row(pd.DataFrame({"state": ["TGO", "BEN"], "no name": [1, 2]}, index=["a", "b"])))
    >>> rows[1].Index, rows[1].state, rows[1][2]
    ('b', 'BEN', 2)
    """
    # One array of all values: to make a column of a frame takes longer than to read the few values in it.
    columns = frame.to_numpy(dtype=object).T.tolist()
    return map(_row_of(tuple(map(str, frame.columns)))._make, zip(frame.index.tolist(), *columns, strict=True))


def frame_of(rows: Sequence[Mapping[str, Any]], types: Mapping[str, str]) -> pd.DataFrame:
    """A frame of rows of numbers and days, each column of its type also where there is no row.

    Examples
    --------
    >>> frame_of([{"n": 1, "share": None}], {"n": "int64", "share": "float64"})
       n  share
    0  1    NaN
    >>> frame_of([], {"n": "int64"})["n"].dtype
    dtype('int64')
    """
    return pd.DataFrame({name: np.array([row[name] for row in rows], dtype=kind) for name, kind in types.items()})


@lru_cache(maxsize=256)
def _row_of(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", ["Index", *columns], rename=True)
