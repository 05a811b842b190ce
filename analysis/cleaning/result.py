"""What cleaning hands on: clean tables, and an account of every row that is not in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.errors import RowError
from analysis.plain_text import one_line
from analysis.schema.table import Table


@dataclass(frozen=True)
class Cleaned:
    """Clean tables by name, the rows merged into others, and the rows that could not stand.

    Attributes
    ----------
    tables : dict of str to DataFrame
        Tables of :mod:`analysis.schema`, by their name there.
    merges : list of dict
        Rows of the `merges` table: ``file, line, merged_id, kept_id, basis, reason``.
    rejects : list of dict
        Rows of the `rejects` table: ``file, line, reason, raw``.
    """

    tables: dict[str, pd.DataFrame]
    merges: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)


def reject(row: Mapping[Any, Any], reason: str) -> dict[str, Any]:
    """Make a row of the `rejects` table for a raw row that cannot stand.

    Parameters
    ----------
    row : mapping
        A raw row with its ``file`` and ``line``.
    reason : str
        What is wrong with it and what would be accepted.

    Examples
    --------
    >>> reject({"start": "soon", "file": "ties.csv", "line": 3}, "no date")
    {'file': 'ties.csv', 'line': 3, 'reason': 'no date', 'raw': '{"start": "soon"}'}
    """
    raw = json.dumps({name: value for name, value in row.items() if name not in ("file", "line")}, ensure_ascii=False)
    return {"file": row["file"], "line": int(row["line"]), "reason": one_line(reason), "raw": raw}


def refuse_missing(row: Mapping[str, Any], table: Table) -> None:
    """Refuse a row that leaves empty what every row of its table has.

    Raises
    ------
    RowError
        Naming all that is empty.

    Examples
    --------
    >>> from analysis.schema import PROJECTS
    >>> refuse_missing({column: "x" for column in PROJECTS.columns} | {"name": None, "kind": None}, PROJECTS)
    Traceback (most recent call last):
    ...
    analysis.errors.RowError: name, kind: empty; every row of the table 'projects' needs a value
    """
    missing = [field.name for field in table.fields if field.required and row[field.name] is None]
    if missing:
        raise RowError(f"{', '.join(missing)}: empty; every row of the table {table.name!r} needs a value")


def merge(row: Mapping[Any, Any], merged_id: str, kept_id: str, basis: str, reason: str) -> dict[str, Any]:
    """Make a row of the `merges` table for a row (its ``file`` and ``line``) that says what another says.

    Examples
    --------
    >>> merge({"file": "ties.csv", "line": 3}, "ties:3", "ties:2", "rule", "the same twice")["kept_id"]
    'ties:2'
    """
    return {
        "file": row["file"], "line": int(row["line"]), "merged_id": merged_id, "kept_id": kept_id,
        "basis": basis, "reason": reason,
    }  # fmt: skip
