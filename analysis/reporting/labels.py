"""The words that an exporter itself adds to a page, and days, in the language of the document."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from analysis.language.tongue import LANGUAGES, SOURCE_LANGUAGE, speaking
from analysis.wording import format_day

_FILE = Path(__file__).with_name("templates") / "labels.toml"


def read_labels(language: str) -> Mapping[str, str]:
    """Labels for a language (BCP 47); English where the language has none.

    Examples
    --------
    >>> read_labels("fr-TG")["table"], read_labels("ee")["table"]
    ('Tableau', 'Table')
    """
    labels = _all_labels()
    return labels.get(language.partition("-")[0], labels[SOURCE_LANGUAGE])


def write_day(day: date | None, language: str) -> str:
    """A day in words, in English where the language has no labels either; empty if there is no day.

    Examples
    --------
    >>> write_day(date(2025, 10, 31), "en"), write_day(date(2025, 8, 1), "fr-TG"), write_day(None, "fr")
    ('31 October 2025', '1er août 2025', '')
    """
    if day is None:
        return ""
    spoken = language.partition("-")[0]
    with speaking(spoken if spoken in LANGUAGES else SOURCE_LANGUAGE):
        return format_day(pd.Timestamp(day))


@cache
def _all_labels() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
