"""Prose as the template of the PDF takes it: where very long words may break."""

from __future__ import annotations

import re

_LONGEST = 45  # letters, as in the template, whose rule takes some 500 of them in one paragraph and then fails
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
