"""Names of actors that know their grammar, so that a translator and not the code decides on articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

APOSTROPHE = "’"
"""As it is printed in languages other than that of the source; tables and catalogues are written with ``'``."""

_BARE = "bare"
_ALTERNATIVE = "|"
# What a preposition and an article become together; an article is elided before its name's vowel already.
_CONTRACTIONS = {
    ("de", "le"): "du ", ("de", "la"): "de la ", ("de", "l'"): "de l'", ("de", "les"): "des ",
    ("à", "le"): "au ", ("à", "la"): "à la ", ("à", "l'"): "à l'", ("à", "les"): "aux ",
}  # fmt: skip
_LOCATIVES = {"le": "au ", "la": "en ", "l'": "en ", "les": "aux ", "": "à "}
_ELIDED = ("de", "que")
_VOWELS = tuple("aeiouyâàéèêëîïôöûùüœæAEIOUÂÀÉÈÊËÎÏÔÖÛÙÜŒÆ")


class Name(str):
    """The name of an actor, bare as a string, with its article where it is formatted into a sentence.

    Format specifications, in the message of any language:

    ========================= =====================================================================
    ``{state}``               with its article: the Gambia, le Togo
    ``{state:bare}``          without: Gambia, Togo
    ``{state:de}``            du Togo, de la Russie, de l’Angola, des États-Unis, d’Haïti
    ``{state:à}``             au Togo, à la Russie, à l’Angola, aux États-Unis, à Cuba
    ``{state:en}``            in it: au Togo, en Russie, en Angola, aux États-Unis, à Cuba
    ``{state:que}``           que le Togo, qu’Haïti
    ``{state:penche|penchent}`` the first for one, the second for a name in the plural
    ========================= =====================================================================

    Parameters
    ----------
    text : str
        The bare name.
    article : str
        ``"the"``, ``"le"``, ``"la"``, ``"l'"``, ``"les"``, or empty.
    is_plural : bool
        Whether a verb of it stands in the plural.
    locative : str, optional
        What ``en`` puts before the bare name; by default it follows from the article.

    Examples
    --------
    >>> togo, states = Name("Togo", "le"), Name("États-Unis", "les", is_plural=True)
    >>> f"{togo} {togo:de} {togo:en} {togo:bare}"
    'le Togo du Togo au Togo Togo'
    >>> f"Les liens {states:de} {states:compte|comptent}"
    'Les liens des États-Unis comptent'
    >>> f"{Name('Haïti'):de}, {Name('Haïti'):à}", f"{Name('Gambia', 'the')}"
    ('d’Haïti, à Haïti', 'the Gambia')
    """

    article: str
    is_plural: bool
    locative: str | None

    def __new__(cls, text: str, article: str = "", *, is_plural: bool = False, locative: str | None = None) -> Name:
        """Make a name; a name given as one keeps its grammar only through :meth:`map`."""
        name = super().__new__(cls, text)
        name.article, name.is_plural, name.locative = article, is_plural, locative
        return name

    def __format__(self, spec: str) -> str:
        if spec == _BARE:
            return str(self)
        if _ALTERNATIVE in spec:
            one, _, many = spec.partition(_ALTERNATIVE)
            return many if self.is_plural else one
        return _before(spec, self).replace("'", APOSTROPHE) + str(self)

    def __str__(self) -> str:
        return str.__str__(self)

    def map(self, change: Callable[[str], str]) -> Name:
        """The same name with its text changed, as by escaping."""
        return Name(change(str(self)), self.article, is_plural=self.is_plural, locative=self.locative)


class NameList(list[Name]):
    """Names that a message lists; a format specification holds for each.

    Examples
    --------
    >>> f"{NameList([Name('France', 'la'), Name('Togo', 'le')], 'et'):de}"
    'de la France et du Togo'
    >>> f"{NameList([Name('France')]):à|aux}"
    'à'
    """

    def __init__(self, names: Iterable[str], last: str = "and") -> None:
        super().__init__(name if isinstance(name, Name) else Name(name) for name in names)
        self.last = last

    def __format__(self, spec: str) -> str:
        if _ALTERNATIVE in spec:
            one, _, many = spec.partition(_ALTERNATIVE)
            return many if len(self) > 1 or any(name.is_plural for name in self) else one
        words = [format(name, spec) for name in self]
        return f" {self.last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)

    def __str__(self) -> str:
        return format(self, _BARE)


def _before(preposition: str, name: Name) -> str:
    """What stands before the bare name for a preposition of the format specification."""
    article = name.article
    if preposition == "":
        return article if article.endswith("'") or not article else f"{article} "
    if preposition == "en":
        return _LOCATIVES.get(article, "") if name.locative is None else name.locative
    if (preposition, article) in _CONTRACTIONS:
        return _CONTRACTIONS[preposition, article]
    if preposition in _ELIDED and not article and name.startswith((*_VOWELS, "H", "h")):
        return preposition[:-1] + "'"
    if preposition in ("de", "à", "que"):
        return f"{preposition} {_before('', name)}"
    raise ValueError(f"unknown form {preposition!r} of a name; accepted: bare, de, à, en, que, one|many")


def as_name(value: Any) -> Name:
    """A name, whatever text it is given as."""
    return value if isinstance(value, Name) else Name(str(value))
