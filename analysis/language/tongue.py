"""Which language is spoken now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from analysis.errors import UnknownNameError

LANGUAGES = ("en", "fr")
SOURCE_LANGUAGE = "en"

_spoken: ContextVar[str] = ContextVar("spoken", default=SOURCE_LANGUAGE)


def spoken_language() -> str:
    """The language of what is said now (BCP 47)."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language within this context.

    Raises
    ------
    UnknownNameError
        If no catalogue speaks it.

    Examples
    --------
    >>> with speaking("fr"):
    ...     spoken_language()
    'fr'
    >>> spoken_language()
    'en'
    """
    if language not in LANGUAGES:
        raise UnknownNameError("language", language, LANGUAGES)
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)
