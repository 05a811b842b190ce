"""Words that the sentences of a briefing share."""

from __future__ import annotations

from collections.abc import Iterable

from analysis import reference
from analysis.briefing.evidence import Evidence
from analysis.exhibit import escape_markdown


def name_of(evidence: Evidence, code: str) -> str:
    """The reader's name of an actor within a sentence, harmless in Markdown, or its code where there is none.

    English names that take an article have it, by the reviewed table `name_articles`: "the United States".
    """
    articles = reference.load("name_articles").set_index("name_en")["article"]
    name = str(evidence.names.get(code, code))
    article = str(articles.get(name, ""))
    return escape_markdown(f"{article} {name}" if article else name)


def begin_sentences(sentences: Iterable[str]) -> list[str]:
    """Leave empty sentences out and begin each with a capital letter.

    Examples
    --------
    >>> begin_sentences(["the Gambia links no pair.", ""])
    ['The Gambia links no pair.']
    """
    return [sentence[0].upper() + sentence[1:] for sentence in sentences if sentence]
