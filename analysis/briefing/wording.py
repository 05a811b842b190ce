"""Words that the sentences of a briefing share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from analysis.exhibit import escape_markdown
from analysis.language import Name, NameList, say, speaking, spoken_language
from analysis.language.names import as_name
from analysis.reference.grammar import name_acronyms


class Spoken(Protocol):
    """What a briefing reads, in the language of its reader."""

    @property
    def language(self) -> str:
        """The reader's language."""

    @property
    def names(self) -> Mapping[str, str]:
        """Actor code to the reader's name."""


Writer = TypeVar("Writer", bound=Callable[..., Any])


def spoken(write: Writer) -> Writer:
    """Make a function speak the language of the evidence it is given first."""

    @wraps(write)
    def said(evidence: Spoken, *args: Any, **kwargs: Any) -> Any:
        with speaking(evidence.language):
            return write(evidence, *args, **kwargs)

    return cast(Writer, said)


def name_of(evidence: Spoken, code: str) -> Name:
    """The reader's name of an actor, harmless in Markdown, or its code where there is none."""
    return as_name(evidence.names.get(code, code)).map(escape_markdown)


def list_names(evidence: Spoken, codes: Iterable[str], last: str = "and") -> NameList:
    """Names of actors for a message that lists them, the last after "and" or "or"."""
    return NameList((name_of(evidence, code) for code in codes), say(last))


def label_of(evidence: Spoken, code: str) -> Name:
    """The reader's name of an actor for a title or a table cell, which are no Markdown."""
    return as_name(evidence.names.get(code, code))


def list_labels(evidence: Spoken, codes: Iterable[str]) -> NameList:
    """Names of actors for a title or a caption that lists them."""
    return NameList((label_of(evidence, code) for code in codes), say("and"))


def short_names(codes: Iterable[str]) -> dict[str, Name]:
    """Organisations by their acronyms in the spoken language, which keep panels and captions short."""
    return name_acronyms(codes, spoken_language())


def begin_sentences(sentences: Iterable[str]) -> list[str]:
    """Leave empty sentences out and begin each with a capital letter.

    Examples
    --------
    >>> begin_sentences(["the Gambia links no pair.", ""])
    ['The Gambia links no pair.']
    """
    return [sentence[0].upper() + sentence[1:] for sentence in sentences if sentence]
