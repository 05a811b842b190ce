"""By what the rows of a column are sorted: numbers and days as they are written in the language of the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from babel.dates import get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol

from analysis.language import say, spoken_language
from analysis.language.numbers import MINUS
from analysis.reporting.blocks import TableBlock
from analysis.reporting.labels import speaking_document

_ISO_DAY = re.compile(r"(?P<year>[12]\d{3})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?(?![\w.,-])")
_MARKS = "¹²³⁰⁴-⁹"  # of footnotes
_DIGIT = re.compile(r"\d")


def find_sort_keys(table: TableBlock, language: str) -> list[list[str] | None]:
    """What a page sorts each column by.

    A column is one of numbers, or of days, if each of its cells that has a digit begins with one, and others
    hold no more than a few words for what is missing. All else is text, sorted by the reader's browser.

    Parameters
    ----------
    table : TableBlock
        The table.
    language : str
        Language of the document (BCP 47).

    Returns
    -------
    list of (list of str or None)
        For each column None if it is text, else for each row above the foot a number: the cell's own, or year,
        month and day in eight digits (00 for what is not known); "" for what is missing.

    Examples
    --------
    >>> from analysis.reporting.blocks import Cell
    >>> rows = [("1 234,5", "du 1er févr. 2024 au 3 mars 2024", "RFI"), ("−2 %", "2023", "France 24")]
    >>> rows = tuple(tuple(map(Cell, row)) for row in [*rows, ("non connu", "", "")])
    >>> table = TableBlock(1, "t", "", ("a", "b", "c"), rows, ("right", "left", "left"))
    >>> find_sort_keys(table, "fr")
    [['1234.5', '-2', ''], ['20240201', '20230000', ''], None]
    """
    rows = table.rows[: len(table.rows) - table.n_foot]
    with speaking_document(language):
        return [_find_keys([row[column].text for row in rows]) for column in range(len(table.align))]


def _find_keys(texts: Sequence[str]) -> list[str] | None:
    days = _read_all(texts, _read_day)
    # Years alone are numbers as well, and four digits need not be a year.
    if days and any(day and not day.endswith("0000") for day in days):
        return days
    return _read_all(texts, _read_number)


def _read_all(texts: Sequence[str], read: Callable[[str], str]) -> list[str] | None:
    """The key of each text, if they are all of one kind."""
    keys = [read(text) for text in texts]
    others = [text for text, key in zip(texts, keys, strict=True) if not key]
    if any(_DIGIT.search(text) for text in others) or len({*others} - {""}) > len(keys) - len(others):
        return None
    return keys if any(keys) else None


def _read_number(text: str) -> str:
    found = _number_pattern(spoken_language()).match(text)
    if not found:
        return ""
    sign = "-" if found["sign"] in (MINUS, "-") else ""
    digits = re.sub(r"\D", "", found["whole"])
    return sign + digits + (f".{found['rest']}" if found["rest"] else "")


@cache
def _number_pattern(language: str) -> re.Pattern[str]:
    group, decimal = get_group_symbol(language), get_decimal_symbol(language)
    # A blank is written in more ways than one; a point is a decimal sign in every language whose groups have none.
    groups = "[\u00a0\u202f ]" if group.isspace() else re.escape(group)
    decimals = "[,.]" if decimal == "," and group.isspace() else re.escape(decimal)
    return re.compile(
        rf"(?:[≥≤<>~≈]\s*)?(?P<sign>[{MINUS}+±-]?)(?P<whole>\d{{1,3}}(?:{groups}\d{{3}})+(?!\d)|\d+)"
        rf"(?:{decimals}(?P<rest>\d+))?(?!-|[^\W{_MARKS}])"
    )


def _read_day(text: str) -> str:
    found = _ISO_DAY.match(text) or _day_pattern(spoken_language()).match(text)
    if not found:
        return ""
    month = found["month"] or ""
    number = month if month.isdecimal() else _months(spoken_language()).get(month.casefold(), "")
    return f"{found['year']}{int(number or 0):02d}{int(found['day'] or 0):02d}"


@cache
def _day_pattern(language: str) -> re.Pattern[str]:
    months = "|".join(map(re.escape, sorted(_months(language), key=len, reverse=True)))
    # The language is the spoken one: in a span of time a word may stand before the first day.
    before = re.escape(say("{start} to {end}", start="\0", end="\0").partition("\0")[0])
    return re.compile(
        rf"(?:{before})?(?:(?P<day>\d{{1,2}})(?:er)?[ \u00a0])?(?P<month>{months})[ \u00a0](?P<year>\d{{4}})(?!\w)",
        re.IGNORECASE,
    )


@cache
def _months(language: str) -> dict[str, str]:
    names = [get_month_names("wide", locale=language), get_month_names("abbreviated", locale=language)]
    return {name.casefold(): str(number) for width in names for number, name in width.items()}
