"""The words that an exporter itself adds to a page, and days, in the language of the document."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date

import pandas as pd

from analysis.language import say
from analysis.language.tongue import LANGUAGES, SOURCE_LANGUAGE, speaking
from analysis.wording import format_day


def speaking_document(language: str) -> AbstractContextManager[None]:
    """Speak the language of a document (BCP 47) within this context; English if no catalogue speaks it."""
    spoken = language.partition("-")[0]
    return speaking(spoken if spoken in LANGUAGES else SOURCE_LANGUAGE)


def read_labels(language: str) -> Mapping[str, str]:
    """Labels for a language (BCP 47); English where no catalogue speaks it.

    Examples
    --------
    >>> read_labels("fr-TG")["table"], read_labels("ee")["table"]
    ('Tableau', 'Table')
    """
    with speaking_document(language):
        return {
            "as_of": say("As of"),
            "contents": say("Contents"),
            "figure": say("Figure"),
            "notes": say("Notes"),
            "output": say("Output"),
            "scroll": say("Scroll sideways for the rest →"),
            "skip": say("Skip to the text"),
            "sort": say("Sort the rows by this column"),
            "sorted_down": say("Sorted by {column}, falling"),
            "sorted_not": say("In the order of the document"),
            "sorted_up": say("Sorted by {column}, rising"),
            "table": say("Table"),
        }


def write_day(day: date | None, language: str) -> str:
    """A day in words, in English where no catalogue speaks the language; empty if there is no day.

    Examples
    --------
    >>> write_day(date(2025, 10, 31), "en"), write_day(date(2025, 8, 1), "fr-TG"), write_day(None, "fr")
    ('31 October 2025', '1er août 2025', '')
    """
    if day is None:
        return ""
    with speaking_document(language):
        return format_day(pd.Timestamp(day))
