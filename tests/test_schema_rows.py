"""Rows of a frame as tuples with names: the same as pandas gives, without a class for each frame."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.schema.rows import each_row


def test_rows_are_those_of_itertuples():
    frame = pd.DataFrame(
        {
            "state": pd.Series(["TGO", None, "BEN"], dtype="str"),
            "day": pd.to_datetime(["2024-02-29", None, "2024-03-01"]),
            "salience": pd.array([1, None, 3], dtype="Int64"),
            "weight": [1.5, float("nan"), -2.0],
            "class": [True, False, True],
            "1st": [1, 2, 3],
        },
        index=["x", "y", "z"],
    )
    ours, theirs = list(each_row(frame)), list(frame.itertuples())
    assert [row._fields for row in ours] == [row._fields for row in theirs]
    plain = [[value.item() if isinstance(value, np.generic) else value for value in row] for row in theirs]
    assert [list(map(repr, row)) for row in ours] == [list(map(repr, row)) for row in plain]
    assert [list(map(type, row)) for row in ours] == [list(map(type, row)) for row in plain]


def test_frames_of_the_same_columns_share_a_class_and_no_others_do():
    one, other = pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2], "b": [3]})
    assert type(next(each_row(one))) is type(next(each_row(one.assign(a=5))))
    assert [row.b for row in each_row(other)] == [3]
    assert list(each_row(one.iloc[:0])) == []
