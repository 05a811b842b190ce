"""A language made up for the tests: every message and every text of the data loses its letters, values keep theirs."""

import re
import string
from functools import cache
from gettext import NullTranslations

from analysis.language.collect import collect
from analysis.language.speech import CODE

_SLOT = re.compile(r"(\{[^}]*\})")
_HIDDEN = str.maketrans(string.ascii_letters, "é" * 26 + "É" * 26)


def hide(text, longer=0.0):
    """The text with the letters between its slots hidden, and words of three letters or more longer by a share."""
    parts = _SLOT.split(text)
    return "".join(part if place % 2 else _hide(part, longer) for place, part in enumerate(parts))


def _hide(text, longer):
    hidden = text.translate(_HIDDEN)
    return re.sub(r"[éÉ]{3,}", lambda word: word[0] + "é" * round(longer * len(word[0])), hidden)


@cache
def collected():
    """Every message that a translator is given, plural forms each for itself."""
    return {form for one in collect() for form in ((one.id,) if isinstance(one.id, str) else one.id)}


class Pseudo(NullTranslations):
    """A catalogue of the messages that are collected, or of every text of the data."""

    def __init__(self, catalogue=CODE, longer=0.0):
        super().__init__()
        self.is_code, self.longer = catalogue == CODE, longer

    def gettext(self, message):
        # What is said but not collected has no translation: it stays English and is found.
        return message if self.is_code and message not in collected() else hide(message, self.longer)

    def ngettext(self, msgid1, msgid2, n):
        return self.gettext(msgid1 if n == 1 else msgid2)
