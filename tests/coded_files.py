"""The published event files as plain text columns, for tests that hold a code table against every row."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from analysis.paths import PROJECT

SHARED = Path(os.environ.get("TIGHTROPE_SHARED_DATA", PROJECT.parent / "shared" / "data"))


def published(*parts):
    """The files of a pattern under the shared data, or a skip that says where they were looked for."""
    files = sorted(SHARED.glob("/".join(parts)))
    if not files:
        pytest.skip(f"no {'/'.join(parts)} in {SHARED}; set TIGHTROPE_SHARED_DATA")
    return files


def _lines(file):
    return [line.split("\t") for line in file.read_text(encoding="utf-8").split("\n") if line]


@cache
def gdelt():
    """Every row of every GDELT file, with the columns that hold codes; "" where nothing stands."""
    (benin,) = published("gdelt_benin", "*.csv")
    africa = published("gdelt_westafrica", "*.csv")
    frames = [pd.read_csv(benin, dtype=str, keep_default_na=False).assign(file=benin.name)]
    frames += [
        pd.read_csv(file, dtype=str, keep_default_na=False).replace("NA", "").assign(file=file.name) for file in africa
    ]
    wide, narrow = list(frames[0])[:-1], [column for column in frames[1] if column not in ("row_id", "file")]
    for names, columns in ((("gdelt1", "*.tsv"), narrow), (("gdelt2", "*.CSV"), wide)):
        (file,) = published(*names)
        rows = [fields + [""] * (len(columns) - len(fields)) for fields in _lines(file)]
        frames.append(pd.DataFrame(rows, columns=columns).assign(file=file.name))
    return pd.concat(frames, ignore_index=True).fillna("")


@cache
def icews():
    """The ICEWS sample, where NA stands for nothing."""
    (file,) = published("icews", "*.tab")
    return pd.read_csv(file, sep="\t", dtype=str, keep_default_na=False, quoting=3).replace("NA", "")


@cache
def acled():
    (file,) = published("acled", "*.csv.gz")
    return pd.read_csv(file, dtype=str, keep_default_na=False)


@cache
def ucdp():
    (file,) = published("ucdp", "*.csv")
    return pd.read_csv(file, dtype=str, keep_default_na=False, skiprows=[1])


def values(frame, *columns):
    """How often each value that is not empty stands in these columns."""
    stacked = pd.concat([frame[column] for column in columns])
    return stacked[stacked != ""].value_counts()


def unmapped(counts, known):
    """The values that a table lacks, with their counts."""
    return {value: int(count) for value, count in counts.items() if value not in known}


def sides(frame, *columns):
    """Both actors' columns one under the other, without the number of the actor."""
    return pd.concat(
        [frame[[f"Actor{side}{column}" for column in columns]].set_axis(columns, axis=1) for side in (1, 2)]
    )
