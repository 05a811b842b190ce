"""Words and numbers as a reader expects them: counts, lists, days and amounts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

import pandas as pd
from babel.dates import format_date

from analysis.language import message, say, say_number, spoken_language
from analysis.language.numbers import MINUS, format_digits, is_missing

__all__ = [
    "AT_LEAST",
    "AT_MOST",
    "MINUS",
    "bound_of",
    "count",
    "count_amount",
    "format_day",
    "format_level",
    "format_month",
    "format_nonzero",
    "format_number",
    "format_p_value",
    "format_percent",
    "format_period",
    "format_points",
    "join",
    "say_p_value",
    "split_words",
]

AT_LEAST = "≥\N{NO-BREAK SPACE}"
"""Before a figure that its source prints as "more than" so much."""

AT_MOST = "≤\N{NO-BREAK SPACE}"
"""Before a figure that its source prints as "less than" so much."""


def format_number(value: float | None, decimals: int = 2, *, signed: bool = False) -> str:
    """A number with a real minus sign, halves rounded away from zero; "not known" where there is none.

    Examples
    --------
    >>> format_number(0.625), format_number(-0.125)
    ('0.63', '−0.13')
    >>> format_number(-0.257), format_number(0.5, signed=True), format_number(None)
    ('−0.26', '+0.50', 'not known')
    """
    return say("not known") if value is None or is_missing(value) else format_digits(value, decimals, signed=signed)


def format_nonzero(value: float, decimals: int) -> str:
    """A number with so many decimals, or with as many more as show that it is not 0.

    Examples
    --------
    >>> format_nonzero(2.04, 1), format_nonzero(0.004, 1), format_nonzero(0.0, 1)
    ('2.0', '0.004', '0.0')
    """
    while value and decimals < _MOST_DECIMALS and round(abs(value), decimals) == 0:
        decimals += 1
    return format_number(value, decimals)


def bound_of(figure: object) -> str:
    """The sign before a figure that its source prints as more, or as less, than so much; nothing before any other.

    Examples
    --------
    >>> from types import SimpleNamespace as Figure
    >>> [bound_of(one).strip() for one in (Figure(is_least=True), Figure(is_most=True), Figure())]
    ['≥', '≤', '']
    """
    return AT_LEAST if getattr(figure, "is_least", False) else AT_MOST if getattr(figure, "is_most", False) else ""


def format_end(value: float | None) -> str:
    """An end of an interval of tilts, with so many decimals that an end beside zero shows its side.

    Examples
    --------
    >>> format_end(0.25), format_end(0.0008), format_end(-0.0004), format_end(0.0)
    ('+0.25', '+0.001', '−0.0004', '0.00')
    """
    decimals = 2
    while value and decimals < 6 and round(abs(value), decimals) == 0:
        decimals += 1
    return format_number(value, decimals, signed=True)


def format_p_value(value: float) -> str:
    """A p-value with three decimals where it is small; one that would be rounded to 0 or to 1 is said as a bound.

    Examples
    --------
    >>> format_p_value(0.0681), format_p_value(0.42), format_p_value(1.0), format_p_value(0.0002)
    ('0.068', '0.42', 'more than 0.99', 'less than 0.001')
    """
    bound, number = _round_p_value(value)
    return say(_BOUNDS[bound], number=number) if bound else number


def say_p_value(value: float) -> str:
    """A p-value as the statistic it is.

    Examples
    --------
    >>> [say_p_value(value).replace("\N{NO-BREAK SPACE}", " ") for value in (0.014, 1.0)]
    ['p = 0.014', 'p > 0.99']
    """
    bound, number = _round_p_value(value)
    return say(_P_VALUES[bound], number=number)


def _round_p_value(value: float) -> tuple[str, str]:
    if value < _SMALLEST_P / 2:
        return "<", format_digits(_SMALLEST_P, 3)
    if round(value, 2) >= 1:
        return ">", format_digits(_LARGEST_P, 2)
    return "", format_digits(value, 3 if value < _SMALL_P else 2)


def format_level(level: float) -> str:
    """A level of significance, with as many of four decimals as it has.

    Examples
    --------
    >>> format_level(0.05), format_level(0.05 / 4), format_level(0.05 / 3)
    ('0.05', '0.0125', '0.0167')
    """
    decimals = next(places for places in (2, 3, 4) if places == 4 or abs(round(level, places) - level) < 1e-9)
    return format_digits(level, decimals)


def format_points(value: float) -> str:
    """Effect points: whole numbers bare, others with one decimal.

    Examples
    --------
    >>> format_points(3.0), format_points(-1.25)
    ('3', '−1.3')
    """
    return format_number(value, 0 if float(value).is_integer() else 1)


def format_percent(share: float) -> str:
    r"""Write a share as a percentage, with a blank that does not break; only nothing is 0, only all is 100.

    Examples
    --------
    >>> format_percent(0.384) == "38\N{NO-BREAK SPACE}%"
    True
    >>> [format_percent(share).replace("\N{NO-BREAK SPACE}", " ") for share in (0.0, 0.004, 0.006, 0.994, 0.996, 1.0)]
    ['0 %', '< 1 %', '1 %', '99 %', '> 99 %', '100 %']
    """
    whole = format_number(100 * share, 0)
    share = round(share, 9)  # a sum of parts may miss the whole in its last digits
    if share > 0 and whole == format_number(0, 0):
        whole = f"<\N{NO-BREAK SPACE}{format_number(1, 0)}"
    elif share < 1 and whole == format_number(100, 0):
        whole = f">\N{NO-BREAK SPACE}{format_number(99, 0)}"
    return f"{whole}\N{NO-BREAK SPACE}%"


def count(number: int, one: str, many: str) -> str:
    """A number of things.

    Examples
    --------
    >>> count(1, "event", "events"), count(2, "event", "events"), count(0, "party", "parties")
    ('1 event', '2 events', '0 parties')
    """
    return f"{format_digits(number, 0)} {say_number(number, one, many)}"


_MOST_DECIMALS = 15
_WORD = re.compile(r"[^ \t\r\n\f]+")
_NUMBER = re.compile(r"[-−–+±]?[\d\s.,'’]*\d[\s]?[%‰]?|[-–—]?|NaN|NaT|None|<NA>")
_SMALL_P, _SMALLEST_P, _LARGEST_P = 0.1, 0.001, 0.99
_P_VALUES = {
    "": message("p = {number}"),
    ">": message("p\N{NO-BREAK SPACE}>\N{NO-BREAK SPACE}{number}"),
    "<": message("p\N{NO-BREAK SPACE}<\N{NO-BREAK SPACE}{number}"),
}
_BOUNDS = {">": message("more than {number}"), "<": message("less than {number}")}
_LAST = {"and": message("and"), "or": message("or")}


def count_amount(value: float, one: str, many: str, decimals: int | None = None) -> str:
    """Write an amount with the form of its unit; one with a fraction takes the form that its language asks for.

    Examples
    --------
    >>> [count_amount(value, "point", "points") for value in (0, 1, 1.5, 12)]
    ['0 points', '1 point', '1.5 points', '12 points']
    >>> count_amount(1, "point", "points", 1)
    '1.0 points'
    """
    shown = round(value, 1 if decimals is None else decimals)
    text = format_points(shown) if decimals is None else format_number(shown, decimals)
    is_whole = decimals is None and float(shown).is_integer()
    # Below two a fraction is plural in English and singular in French, as zero is.
    return f"{text} {say_number(int(shown) if is_whole or shown >= 2 else 0, one, many)}"


def join(words: Iterable[str], last: str = "and") -> str:
    """Words as a list in a sentence, the last after "and" or "or" in the spoken language.

    Examples
    --------
    >>> join(["a"]), join(["a", "b"]), join(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    words = list(words)
    return f" {say(_LAST[last])} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def split_words(text: str) -> list[str]:
    r"""The words of a text, those that a no-break space holds together being one.

    Examples
    --------
    >>> split_words("20\N{NO-BREAK SPACE}% of\n them")
    ['20\xa0%', 'of', 'them']
    """
    return _WORD.findall(text)


def are_numbers(texts: Collection[str]) -> bool:
    """Whether the cells of a column are numbers as a page shows them, or empty: they stand to the right.

    Examples
    --------
    >>> are_numbers(["−0.27", "", "1,400"]), are_numbers(["12 %", "a few"]), are_numbers(["", ""])
    (True, False, False)
    """
    return any(texts) and all(_NUMBER.fullmatch(text) for text in texts)


def format_day(day: pd.Timestamp) -> str:
    """A day in the spoken language.

    Examples
    --------
    >>> format_day(pd.Timestamp("2025-11-19"))
    '19 November 2025'
    >>> from analysis.language import speaking
    >>> with speaking("fr"):
    ...     format_day(pd.Timestamp("2025-12-01"))
    '1er décembre 2025'
    """
    return _format_date(day, "d MMMM y")


def format_month(day: pd.Timestamp) -> str:
    """The month of a day in words.

    Examples
    --------
    >>> format_month(pd.Timestamp("2025-11-30"))
    'November 2025'
    """
    return _format_date(day, "MMMM y")


def format_period(start: pd.Timestamp, end: pd.Timestamp, precision: str) -> str:
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
        return _format_date(start, "MMM y")
    first, last = _format_date(start, "d MMM y"), _format_date(end, "d MMM y")
    return first if start == end else say("{start} to {end}", start=first, end=last)


def _format_date(day: pd.Timestamp, pattern: str) -> str:
    return _format_date_in(spoken_language(), day, pattern)


@lru_cache(maxsize=1024)  # a report names the days of its window over and over
def _format_date_in(language: str, day: pd.Timestamp, pattern: str) -> str:
    if language == "fr" and day.day == 1 and pattern.startswith("d "):
        pattern = "d'er'" + pattern[1:]  # the first of a month is an ordinal, which CLDR has no pattern for
    return str(format_date(day, pattern, locale=language))
