"""Digests of rows, by which one build's rows are told from another's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

EVENT_DIGITS = 12
_EVENT_TABLES = ("events", "dyad_events")


def digest_rows(frame: pd.DataFrame) -> list[str]:
    """A sha256 of each row's values, which does not hang on the version of any library.

    Examples
    --------
    >>> one, other = digest_rows(pd.DataFrame({"a": [1.0, None], "day": pd.to_datetime(["2026-02-28", None])}))
    >>> len(one), one == other
    (64, False)
    """
    columns = [_plain(frame[name]) for name in frame]
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    rows = zip(*columns, strict=True) if columns else iter(())
    return [hashlib.sha256(encode(row).encode()).hexdigest() for row in rows]


def join_digests(digests: Sequence[str]) -> str:
    """One sha256 of many digests in their order."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def digest_events(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """A short digest of each event, of the pairs it concerns and of what it did to them.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        `events` and `dyad_events`, as :func:`analysis.briefing.selection.select_rows` returns them.

    Returns
    -------
    dict of str to str
        Event identifier to 12 hexadecimal digits, sorted by identifier.
    """
    found: dict[str, list[str]] = {}
    for name in _EVENT_TABLES:
        for event_id, digest in zip(tables[name]["event_id"], digest_rows(tables[name]), strict=True):
            found.setdefault(event_id, []).append(digest)
    return {event_id: join_digests(sorted(found[event_id]))[:EVENT_DIGITS] for event_id in sorted(found)}


def _plain(column: pd.Series) -> list[Any]:
    """Values that JSON writes one way: days as ISO, missing ones as null."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        column = column.dt.strftime("%Y-%m-%d")
    plain = column.astype(object)
    return plain.where(plain.notna(), None).tolist()
