"""Prose as the template of the PDF takes it: where very long words may break, and what leads to a figure."""

from __future__ import annotations

import re
from typing import Any

_LONGEST = 45  # letters, as in the template, whose rule takes some 500 of them in one paragraph and then fails
_FEW_LINES = 300  # characters
_PARTS = re.compile(rf'```.*?```|`[^`\n]*`|"[^"\n]*"|<[^<>\n]*>|\w{{{_LONGEST},}}', re.DOTALL)


def break_runs(markup: str) -> str:
    r"""Typst markup in which words of 45 letters or more may break after each; code, addresses and labels may not.

    Examples
    --------
    >>> broken = break_runs('a word ' + 50 * 'x' + f' and #link("{50 * "y"}")[that]')
    >>> broken.count("\u200b"), broken.count(50 * "y")
    (49, 1)
    """
    return _PARTS.sub(lambda found: "\u200b".join(found[0]) if found[0][0] not in '`"<' else found[0], markup)


def mark_leads(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say of prose whether it ends in a heading and a few lines that lead to a figure or a table that is not broken."""
    for entry, following in zip(entries, [*entries[1:], {"kind": ""}], strict=False):
        if entry["kind"] == "prose":
            lines: list[str] = ["", *entry["markup"].strip().split("\n")]
            leads = lines[-2].startswith("=") and not lines[-1].startswith("=") and len(lines[-1]) < _FEW_LINES
            entry["leads"] = leads and (following["kind"] == "figure" or following.get("is_short", False))
    return entries
