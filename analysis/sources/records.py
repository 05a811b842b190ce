"""Records of delimited text, whatever the length of their fields."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any


def csv_reader(lines: Iterable[str], **options: Any) -> Any:
    """A reader of the standard library for fields of any length; its own limit is one of the process, and lower.

    Examples
    --------
    >>> [len(field) for field in next(csv_reader([f"a,{'b' * 200_000}"]))]
    [1, 200000]
    """
    csv.field_size_limit(2**31 - 1)
    return csv.reader(lines, **options)
