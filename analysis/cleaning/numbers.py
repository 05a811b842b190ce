"""Numbers as hand-coded files print them: plain decimals, and none larger than a figure can be."""

from __future__ import annotations

import re

from analysis.errors import RowError

LARGEST = 1e18
"""No figure of a state is larger, in whatever currency: the largest debts are some 1e17 of the smallest units."""

_PLAIN = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def parse_number(text: str, field: str = "value", largest: float = LARGEST) -> float:
    """Read a plain decimal number.

    Parameters
    ----------
    text : str
        ASCII digits, with a decimal point and a leading minus sign where the number has them.
    field : str
        What the number is, for the message.
    largest : float
        The largest that is possible, of either sign.

    Raises
    ------
    RowError
        If the text has another form (``inf``, ``nan``, ``1e9``, ``1_000`` and digits of other scripts are none), or
        the number is larger.

    Examples
    --------
    >>> parse_number("-3.5")
    -3.5
    >>> parse_number("1" + "0" * 19)
    Traceback (most recent call last):
        ...
    analysis.errors.RowError: value '10000000000000000000' is no possible one; at most 1,000,000,000,000,000,000
    """
    if not _PLAIN.fullmatch(text):
        raise RowError(f"{field} {text!r} is no number; write digits with a decimal point, such as '1234.5'")
    number = float(text)
    if abs(number) > largest:
        raise RowError(f"{field} {text!r} is no possible one; at most {largest:,.0f}")
    return number
