"""Names as keys: folded spelling, and an index that refuses two meanings for one name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from analysis.errors import TightropeError, UnknownNameError

# An underscore belongs to a code (CFA_XOF), so it does not part words.
_WORD = re.compile(r"\w+")
# Letters that NFKD leaves whole, and apostrophes that Unicode counts as letters.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "&": " and ", "ʼ": " ", "ʻ": " "})


class AmbiguousNameError(UnknownNameError):
    """A name in common use for several actors; says which, and picks none.

    Examples
    --------
    >>> print(AmbiguousNameError("actor", "Congo", {"COD": "Congo - Kinshasa", "COG": "Congo - Brazzaville"}))
    ambiguous actor 'Congo'; it may mean COD (Congo - Kinshasa) or COG (Congo - Brazzaville)
    """

    def __init__(self, kind: str, name: str, meanings: Mapping[str, str]) -> None:
        super().__init__(kind, name, meanings)
        choices = " or ".join(f"{code} ({meaning})" for code, meaning in meanings.items())
        self.args = (f"ambiguous {kind} {name!r}; it may mean {choices}",)
        self.near = list(meanings)


def fold_name(text: str, particles: Collection[str] = ()) -> str:
    """A name without case, accents, punctuation and particles: what two spellings share.

    Parameters
    ----------
    text : str
        A name as a source writes it.
    particles : collection of str
        Folded words to leave out wherever they stand (the, of, le, d ...).

    Returns
    -------
    str
        Words joined by single spaces; empty when nothing else is left.

    Examples
    --------
    >>> fold_name("République de Côte d’Ivoire", {"de", "d"})
    'republique cote ivoire'
    >>> fold_name("ANTIGUA & Barbuda") == fold_name("Antigua and Barbuda")
    True
    """
    # Twice, for taking a letter apart may bring out a capital, and folding its case may join what was apart.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_LETTERS)
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(word for word in _WORD.findall(letters) if word not in particles)


def index_names(
    names: Iterable[tuple[str, str]], particles: Collection[str], ambiguous: Collection[str]
) -> dict[str, str]:
    """A folded name to its one actor.

    Parameters
    ----------
    names : iterable of (str, str)
        Accepted name and actor code.
    particles : collection of str
        See :func:`fold_name`.
    ambiguous : collection of str
        Folded names that are refused, and so left out.

    Raises
    ------
    TightropeError
        Two actors share a name, or a name has nothing left when folded; lists all such names.

    Examples
    --------
    >>> index_names([("Niger", "NER"), ("Le Niger", "NER"), ("Nigeria", "NGA")], {"le"}, set())
    {'niger': 'NER', 'nigeria': 'NGA'}
    """
    index: dict[str, str] = {}
    faults: list[str] = []
    for name, code in names:
        key = fold_name(name, particles)
        if not key:
            faults.append(f"{name!r} ({code}) has no word of its own")
        elif key not in ambiguous and index.setdefault(key, code) != code:
            faults.append(f"{name!r} names both {index[key]} and {code}")
    if faults:
        raise TightropeError("names that cannot stand: " + "; ".join(faults))
    return index
