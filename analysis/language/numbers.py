"""Numbers as a reader of the spoken language writes them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

import pandas as pd
from babel.numbers import get_decimal_symbol, get_group_symbol

from analysis.language.tongue import spoken_language

MINUS = "−"
_ANY_FLOAT = Context(prec=400)  # the largest float has 309 digits before its point


def format_digits(value: float, decimals: int = 2, *, signed: bool = False) -> str:
    r"""A number with a real minus sign, halves rounded away from zero, its separators those of the spoken language.

    Every finite number has a text; one that is not finite is an error.

    Examples
    --------
    >>> format_digits(0.625), format_digits(-1234.125), format_digits(-0.001), format_digits(0.5, signed=True)
    ('0.63', '−1,234.13', '0.00', '+0.50')
    >>> from analysis.language import speaking
    >>> with speaking("fr"):
    ...     format_digits(-1234.125) == "−1\N{NARROW NO-BREAK SPACE}234,13"
    True
    """
    # The shortest decimal that stands for the number: a half of binary floats would be rounded to even.
    number = Decimal(repr(abs(float(value))))
    text = f"{number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _ANY_FLOAT):,f}"
    is_zero = not float(text.replace(",", ""))
    whole, point, rest = text.partition(".")
    group, decimal = _find_symbols(spoken_language())
    text = whole.replace(",", group) + (decimal + rest if point else "")
    if value < 0 and not is_zero:
        return MINUS + text
    return f"+{text}" if signed and not is_zero else text


@cache
def _find_symbols(language: str) -> tuple[str, str]:
    return get_group_symbol(language), get_decimal_symbol(language)


def is_missing(value: float | None) -> bool:
    """Whether there is no number."""
    return value is None or bool(pd.isna(value))
