"""Words and numbers as a reader expects them: counts, lists, days and amounts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from babel.dates import format_date

MINUS = "−"
AT_LEAST = "≥\N{NO-BREAK SPACE}"
"""Before a figure that its source prints as "more than" so much."""


def format_number(value: float | None, decimals: int = 2, *, signed: bool = False) -> str:
    """A number with a real minus sign, halves rounded away from zero; "not known" where there is none.

    Examples
    --------
    >>> format_number(0.625), format_number(-0.125)
    ('0.63', '−0.13')
    >>> format_number(-0.257), format_number(0.5, signed=True), format_number(None)
    ('−0.26', '+0.50', 'not known')
    """
    if value is None or pd.isna(value):
        return "not known"
    # The shortest decimal that stands for the number: a half of binary floats would be rounded to even.
    text = f"{Decimal(repr(abs(float(value)))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"
    is_zero = not float(text.replace(",", ""))
    if value < 0 and not is_zero:
        return MINUS + text
    return f"+{text}" if signed and not is_zero else text


def format_points(value: float) -> str:
    """Effect points: whole numbers bare, others with one decimal.

    Examples
    --------
    >>> format_points(3.0), format_points(-1.25)
    ('3', '−1.3')
    """
    return format_number(value, 0 if float(value).is_integer() else 1)


def format_percent(share: float) -> str:
    r"""Write a share as a percentage, with a blank that does not break.

    Examples
    --------
    >>> format_percent(0.384) == "38\N{NO-BREAK SPACE}%"
    True
    """
    return f"{format_number(100 * share, 0)}\N{NO-BREAK SPACE}%"


def count(number: int, one: str, many: str = "") -> str:
    """A number of things.

    Examples
    --------
    >>> count(1, "event"), count(2, "event"), count(0, "party", "parties")
    ('1 event', '2 events', '0 parties')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def join(words: Iterable[str], last: str = "and") -> str:
    """Words as a list in a sentence.

    Examples
    --------
    >>> join(["a"]), join(["a", "b"]), join(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    words = list(words)
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def format_day(day: pd.Timestamp, language: str = "en") -> str:
    """A day in the reader's language.

    Examples
    --------
    >>> format_day(pd.Timestamp("2025-11-19"))
    '19 November 2025'
    """
    return format_date(day, "d MMMM y", locale=language)


def format_period(start: pd.Timestamp, end: pd.Timestamp, precision: str, language: str = "en") -> str:
    """When something happened, no finer than it is known.

    Examples
    --------
    >>> day, last = pd.Timestamp("2024-11-01"), pd.Timestamp("2024-11-30")
    >>> format_period(day, day, "day"), format_period(day, last, "month"), format_period(day, last, "week")
    ('1 Nov 2024', 'Nov 2024', '1 Nov 2024 to 30 Nov 2024')
    """
    if precision == "year" and start.year == end.year:
        return str(start.year)
    if precision == "month" and (start.year, start.month) == (end.year, end.month):
        return format_date(start, "MMM y", locale=language)
    first = format_date(start, "d MMM y", locale=language)
    return first if start == end else f"{first} to {format_date(end, 'd MMM y', locale=language)}"
