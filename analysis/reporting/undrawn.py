"""Marks that no font at hand draws over the sign they belong to, replaced so that a page can be set all the same."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_COMMON = "\u200b\u200e\u200f"  # a break, and directions
_ANY = re.compile("[\u0370-\U0010ffff]")  # the marks before are those of Latin letters, which are drawn


def replace_undrawn(value: Any) -> Any:
    r"""The value, as JSON has it, with every rare mark or sign of format in its texts as U+FFFD.

    Typst looks for one font for a sign together with its marks, and refuses the whole page where none has both.

    Examples
    --------
    >>> print(ascii(replace_undrawn({"cells": ["a9\u0900", "é", 9]})))
    {'cells': ['a9\ufffd', '\xe9', 9]}
    """
    if isinstance(value, str):
        return _ANY.sub(_replace, value)
    if isinstance(value, list):
        return [replace_undrawn(item) for item in value]
    if isinstance(value, dict):
        return {key: replace_undrawn(item) for key, item in value.items()}
    return value


def _replace(match: re.Match[str]) -> str:
    sign = match[0]
    is_mark = unicodedata.category(sign) in ("Mn", "Mc", "Me", "Cf")
    return "\ufffd" if is_mark and sign not in _COMMON else sign
