"""Reviewed tables: every judgement about the world as a row with its reason, read by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from analysis.errors import UnknownNameError
from analysis.paths import REFERENCE
from analysis.schema.table import TEXT

__all__ = ["load", "load_all"]


def load(name: str) -> pd.DataFrame:
    """A reviewed table, every value as text and an empty cell as "" (so that NA stays Namibia).

    Parameters
    ----------
    name : str
        File name in this folder without ``.csv``.

    Returns
    -------
    DataFrame
        A copy; changing it changes nothing for others.

    Raises
    ------
    UnknownNameError
        There is no such table.

    Examples
    --------
    >>> load("role_suffixes").set_index("suffix").at["JRN", "role"]
    'MED'
    >>> load("role_sufixes")
    Traceback (most recent call last):
        ...
    analysis.errors.UnknownNameError: unknown reference table 'role_sufixes'; did you mean 'role_suffixes'?
    """
    return _read(name).copy()


def load_all() -> None:
    """Read every reviewed table, so that what is forked from this process finds them read."""
    for name in _files():
        _read(name)


@cache
def _read(name: str) -> pd.DataFrame:
    files = _files()
    if name not in files:
        raise UnknownNameError("reference table", name, files)
    return pd.read_csv(files[name], dtype=TEXT, keep_default_na=False, encoding="utf-8")


@cache
def _files() -> dict[str, Path]:
    return {path.stem: path for path in sorted(REFERENCE.glob("*.csv"))}
