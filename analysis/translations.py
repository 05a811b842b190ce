"""Which texts of the data a reader meets, which of them nobody has translated, and which translations they outlived.

Run as ``make messages``, which reports both: a summary that was corrected is an untranslated one again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from babel.messages.pofile import read_po

from analysis import reference
from analysis.language import LANGUAGES
from analysis.language.speech import DATA, FOLDER
from analysis.language.tongue import SOURCE_LANGUAGE
from analysis.paths import PROCESSED
from analysis.sources.events import LAYOUTS
from analysis.store import read_table

COLUMNS = (
    ("events", "summary"),
    ("claims", "question"),
    ("claims", "version"),
    ("article_claims", "statement"),
    ("article_claims", "evidence_sought"),
    ("projects", "name"),
    ("projects", "status"),
    ("projects", "unit"),
    ("port_figures", "port"),
)
"""Columns of processed tables whose texts are shown to a reader."""

REVIEWED = (
    ("project_readings", "reading"),
    ("route_events", "says"),
    ("claimed_figures", "said_by"),
    ("claim_questions", "question"),
    ("statement_tests", "part"),
    ("statement_subjects", "note"),
    ("origins", "origin"),
    ("claim_answers", "label"),
)
"""The same of reviewed tables."""

_SCALE = re.compile(r"^(million|billion) ")


class Coverage(NamedTuple):
    """Texts without a translation, and translated texts that no row has any more."""

    missing: list[str]
    stale: list[str]


def list_texts(data: Path | str = PROCESSED) -> list[str]:
    """Every text of the data that a reader meets, once, in the order of the tables; units without their scale.

    Parameters
    ----------
    data : Path, optional
        Folder of built tables.
    """
    columns = [read_table(table, data)[column] for table, column in COLUMNS]
    columns += [reference.load(table)[column] for table, column in REVIEWED]
    found = [str(text) for column in columns for text in column.dropna() if text]
    found += [layout.licence for layout in LAYOUTS]
    # A unit that is all capitals is a symbol; "million" and "billion" are said by the code.
    texts = dict.fromkeys(_SCALE.sub("", text) for text in found)
    return [text for text in texts if not text.isupper()]


def read_translations(language: str, folder: Path = FOLDER) -> dict[str, str]:
    """The translated texts of the data, keyed by their English; what has none yet is left out."""
    with (folder / DATA.format(language=language)).open("rb") as file:
        return {
            str(entry.id): str(entry.string) for entry in read_po(file, locale=language) if entry.id and entry.string
        }


def compare_texts(texts: Iterable[str], translated: Iterable[str]) -> Coverage:
    """What is missing, and what is stale.

    Examples
    --------
    >>> compare_texts(["A summary.", "Another."], ["A summary.", "As it stood before."])
    Coverage(missing=['Another.'], stale=['As it stood before.'])
    """
    texts, translated = dict.fromkeys(texts), dict.fromkeys(translated)
    return Coverage([one for one in texts if one not in translated], [one for one in translated if one not in texts])


if __name__ == "__main__":
    for other in LANGUAGES:
        if other != SOURCE_LANGUAGE:
            coverage = compare_texts(list_texts(), read_translations(other))
            for kind, entries in coverage._asdict().items():
                for entry in entries:
                    print(f"{DATA.format(language=other)}: {kind}: {entry}")
