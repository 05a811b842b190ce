"""Saying a message in the language that is spoken now, from the catalogues beside this file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

from analysis.language.names import APOSTROPHE, Name
from analysis.language.numbers import format_digits
from analysis.language.tongue import SOURCE_LANGUAGE, spoken_language

FOLDER = Path(__file__).parent
CODE, DATA = "{language}.po", "{language}_data.po"
"""Catalogues of what the code says, and of texts that come with the data, keyed by their English."""


_EQUALS = "\u00a0=\u00a0{"  # a quantity and its value stay on one line


def message(text: str) -> str:
    """Mark a constant as a message, so that it is collected; it is said by :func:`say`."""
    return text


def say(text: str, /, **values: Any) -> str:
    """A message in the spoken language, with its values.

    Values are put in by name (`str.format`), so that a translation may order and inflect them: see
    :class:`analysis.language.Name`. What ends in a full stop is a sentence and begins with a capital letter.

    Examples
    --------
    >>> from analysis.language import Name
    >>> say("{state} links no pair.", state=Name("Gambia", "the")), say("{state:bare} {n}", state="Togo", n="3")
    ('The Gambia links no pair.', 'Togo 3')
    """
    return _finish(translations(CODE, spoken_language()).gettext(text), values)


def say_number(number: int, one: str, many: str, /, **values: Any) -> str:
    """A message about a number of things, which it names ``{n}``; the plural is that of the spoken language.

    Examples
    --------
    >>> say_number(1, "{n} of them lies in {place}.", "{n} of them lie in {place}.", place="Togo")
    '1 of them lies in Togo.'
    """
    text = translations(CODE, spoken_language()).ngettext(one, many, number)
    return _finish(text, {"n": format_digits(number, 0), **values})


def say_data(text: str) -> str:
    """A text that comes with the data, in the spoken language; one that has no translation says so.

    Examples
    --------
    >>> from analysis.language import speaking
    >>> with speaking("fr"):
    ...     say_data("A text that nobody has translated.")
    'A text that nobody has translated. [en]'
    """
    if not text or spoken_language() == SOURCE_LANGUAGE:
        return text
    return translations(DATA, spoken_language()).gettext(text)


class _Untranslated(NullTranslations):
    """What stands in for a text of the data that has no translation: itself, marked unless it is a symbol."""

    def gettext(self, message: str) -> str:
        return message if message.isupper() else f"{message} [{SOURCE_LANGUAGE}]"


@cache
def translations(catalogue: str, language: str) -> NullTranslations:
    """The messages of a catalogue in a language; those of the source language are their own."""
    path = FOLDER / catalogue.format(language=language)
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    for one in messages:
        one.string = _set_apostrophes(one.string or "")
    write_mo(compiled, messages)
    compiled.seek(0)
    found = GNUTranslations(compiled)
    if catalogue == DATA:
        found.add_fallback(_Untranslated())
    return found


def _set_apostrophes(string: str | Sequence[str]) -> str | tuple[str, ...]:
    """A translation, or its forms, with the apostrophes of print; catalogues are written with those of keyboards."""
    return (
        string.replace("'", APOSTROPHE)
        if isinstance(string, str)
        else tuple(form.replace("'", APOSTROPHE) for form in string)
    )


def _finish(text: str, values: dict[str, Any]) -> str:
    # A translation may ask for a form of a name that is given as bare text, which has the one form alone.
    named = {key: Name(value) if type(value) is str else value for key, value in values.items()}
    said = text.replace(" = {", _EQUALS).format(**named) if values else text
    said = said.replace("….", "…")  # of a value that was cut short, whose sign stands for the full stop
    return said[:1].upper() + said[1:] if text.endswith(".") else said
