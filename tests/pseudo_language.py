"""A language made up for the tests: every message and every text of the data loses its letters, values keep theirs."""

import re
import string
from gettext import NullTranslations

_SLOT = re.compile(r"(\{[^}]*\})")
_HIDDEN = str.maketrans(string.ascii_letters, "é" * 26 + "É" * 26)


def hide(text, longer=0.0):
    """The text with the letters between its slots hidden, and words of three letters or more longer by a share."""
    parts = _SLOT.split(text)
    return "".join(part if place % 2 else _hide(part, longer) for place, part in enumerate(parts))


def _hide(text, longer):
    hidden = text.translate(_HIDDEN)
    return re.sub(r"[éÉ]{3,}", lambda word: word[0] + "é" * round(longer * len(word[0])), hidden)


class Pseudo(NullTranslations):
    """A catalogue that has every message."""

    def __init__(self, longer=0.0):
        super().__init__()
        self.longer = longer

    def gettext(self, message):
        return hide(message, self.longer)

    def ngettext(self, msgid1, msgid2, n):
        return hide(msgid1 if n == 1 else msgid2, self.longer)
