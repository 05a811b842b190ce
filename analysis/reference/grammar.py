"""Names of actors with the grammar of the reader's language, from the reviewed tables `name_grammar` and `acronyms`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pandas as pd

from analysis.language import Name
from analysis.language.names import APOSTROPHE
from analysis.language.tongue import SOURCE_LANGUAGE
from analysis.reference import load


def name_actors(actors: pd.DataFrame, language: str) -> dict[str, Name]:
    """Each actor's name in a language.

    Parameters
    ----------
    actors : DataFrame
        ``actor_code`` and ``name_<language>``, as the table `actors`.
    language : str
        One of :data:`analysis.language.LANGUAGES`.

    Examples
    --------
    >>> actors = pd.DataFrame({"actor_code": ["GMB"], "name_en": ["Gambia"]})
    >>> f"{name_actors(actors, 'en')['GMB']}"
    'the Gambia'
    """
    grammar = load("name_grammar")
    rows = {row["actor_code"]: row for row in grammar[grammar["language"] == language].to_dict("records")}
    # CLDR writes the apostrophe of print in every language; English texts here have that of keyboards.
    plain, printed = ("'", APOSTROPHE) if language != SOURCE_LANGUAGE else (APOSTROPHE, "'")
    names = actors[f"name_{language}"].str.replace(plain, printed, regex=False)
    return dict(_pairs(actors["actor_code"], names, rows))


def name_acronyms(codes: Iterable[str], language: str) -> dict[str, Name]:
    """Each organisation by its acronym in a language: its code, where the table `acronyms` knows no other.

    Examples
    --------
    >>> f"{name_acronyms(['ECOWAS'], 'fr')['ECOWAS']:de}", f"{name_acronyms(['ECOWAS'], 'en')['ECOWAS']:de}"
    ('de la CEDEAO', 'd’ECOWAS')
    """
    own, articles = _read_acronyms(language)
    return {code: Name(own.get(code, code), articles.get(code, "")) for code in dict.fromkeys(codes)}


@cache
def _read_acronyms(language: str) -> tuple[dict[str, str], dict[str, str]]:
    """The acronyms of a language, and the articles of its names, by code."""
    acronyms, grammar = load("acronyms"), load("name_grammar")
    own = acronyms[acronyms["language"] == language]
    # An acronym stands bare in English ("left ECOWAS") and with its article where nouns have a gender.
    gendered = grammar[grammar["language"].eq(language) & grammar["article"].isin(["le", "la", "l'", "les"])]
    return (
        dict(zip(own["actor_code"].tolist(), own["acronym"].tolist(), strict=True)),
        dict(zip(gendered["actor_code"].tolist(), gendered["article"].tolist(), strict=True)),
    )


def _pairs(codes: Iterable[str], names: Iterable[str], rows: dict[str, dict[str, str]]) -> Iterable[tuple[str, Name]]:
    for code, text in zip(codes, names, strict=True):
        row = rows.get(code)
        if row is None:
            yield code, Name(text)
            continue
        locative = row["locative"].replace("_", " ") or None
        yield code, Name(text, row["article"], is_plural=row["number"] == "plural", locative=locative)
