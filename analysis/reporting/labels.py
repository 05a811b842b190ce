"""The words that an exporter itself adds to a page, and days, in the language of the document."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("templates") / "labels.toml"
_FALLBACK = "en"


def read_labels(language: str) -> Mapping[str, str]:
    """Labels for a language (BCP 47); English where the language has none.

    Examples
    --------
    >>> read_labels("fr-TG")["table"], read_labels("ee")["table"]
    ('Tableau', 'Table')
    """
    labels = _all_labels()
    return labels.get(language.partition("-")[0], labels[_FALLBACK])


def format_day(day: date | None, language: str) -> str:
    """Write a day in words, as ISO where the language's calendar is not known, empty if there is no day.

    Examples
    --------
    >>> format_day(date(2025, 10, 31), "en"), format_day(date(2025, 8, 1), "fr"), format_day(None, "fr")
    ('31 October 2025', '1 août 2025', '')
    """
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    if day is None:
        return ""
    try:
        locale = Locale.parse("en-GB" if language == "en" else language, sep="-")
    except (UnknownLocaleError, ValueError):
        return day.isoformat()
    return str(format_date(day, "long", locale=locale))


@cache
def _all_labels() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
