"""The rows of a frame, each column an attribute."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pandas as pd


def each_row(frame: pd.DataFrame) -> Iterator[Any]:
    """Iterate over the rows, each column an attribute, the label ``Index``.

    As :meth:`pandas.DataFrame.itertuples`, which makes a new class each time: for a few rows that takes longer than
    all else.

    Examples
    --------
    >>> rows = list(each_row(pd.DataFrame({"state": ["TGO", "BEN"], "no name": [1, 2]}, index=["a", "b"])))
    >>> rows[1].Index, rows[1].state, rows[1][2]
    ('b', 'BEN', 2)
    """
    columns = (column for _, column in frame.items())
    return map(_row_of(tuple(map(str, frame.columns)))._make, zip(frame.index, *columns, strict=True))


@lru_cache(maxsize=256)
def _row_of(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", ["Index", *columns], rename=True)
