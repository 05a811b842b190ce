"""The reader's language: who is spoken to now, messages from one catalogue, and names with their articles.

English is the language of the code, and a message is its own key. Code says a sentence with :func:`say`, a
number of things with :func:`say_number`, text that comes from data with :func:`say_data`; messages kept as
constants are marked by :func:`message`. ``make messages`` collects them all in ``fr.po``.
"""

from analysis.language.names import Name, NameList
from analysis.language.speech import message, say, say_data, say_number
from analysis.language.tongue import LANGUAGES, speaking, spoken_language

__all__ = [
    "LANGUAGES",
    "Name",
    "NameList",
    "message",
    "say",
    "say_data",
    "say_number",
    "speaking",
    "spoken_language",
]
