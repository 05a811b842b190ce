"""Numbers as hand-coded files print them: plain decimals, and none larger than a figure can be."""

from __future__ import annotations

import re

from analysis.errors import RowError

LARGEST = 1e18
"""No figure of a state is larger, in whatever currency: the largest debts are some 1e17 of the smallest units."""

_PLAIN = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_CHANGE = re.compile(r"\b(?:change|increase)\b")
_SHARE = re.compile(r"percent[ _](?:of[ _](?!G[DN][PI]\b)|.*\bshare\b)")  # a debt may be larger than a year's product


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


def parse_amount(text: str, unit: str, *, is_net: bool = False) -> float:
    """Read a figure in its unit: no amount but a change or a net flow is below nothing, and no share above its whole.

    Raises
    ------
    RowError
        As :func:`parse_number`, or if the unit can have no such value.

    Examples
    --------
    >>> parse_amount("-6", "percent change on 2022"), parse_amount("-183", "million USD", is_net=True)
    (-6.0, -183.0)
    >>> parse_amount("250", "percent of imports")
    Traceback (most recent call last):
        ...
    analysis.errors.RowError: value '250' is no share: percent of imports lies between 0 and 100
    """
    number = parse_number(text)
    if _SHARE.match(unit) and not 0 <= number <= 100:
        raise RowError(f"value {text!r} is no share: {unit} lies between 0 and 100")
    if number < 0 and not is_net and not _CHANGE.search(unit):
        raise RowError(f"value {text!r} is below nothing; only a change, and a net flow, may be")
    return number
