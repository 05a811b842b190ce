"""Finding sentences of the wrong language in a page, by the small words that the other language does not have."""

import re
from html.parser import HTMLParser

SMALL_WORDS = {
    "en": frozenset(
        [
            "and",
            "are",
            "been",
            "but",
            "by",
            "from",
            "has",
            "have",
            "is",
            "it",
            "its",
            "no",
            "none",
            "not",
            "of",
            "or",
            "than",
            "that",
            "the",
            "their",
            "there",
            "these",
            "they",
            "this",
            "to",
            "was",
            "were",
            "which",
            "who",
            "with",
            "without",
        ]
    ),
    "fr": frozenset(
        [
            "au",
            "aux",
            "avec",
            "ce",
            "cette",
            "dans",
            "de",
            "des",
            "du",
            "elle",
            "est",
            "et",
            "il",
            "ils",
            "la",
            "le",
            "les",
            "leur",
            "mais",
            "ne",
            "où",
            "par",
            "pas",
            "pour",
            "que",
            "qui",
            "sans",
            "sont",
            "sur",
            "un",
            "une",
        ]
    ),
}
_BLOCKS = {"p", "li", "td", "th", "caption", "figcaption", "h1", "h2", "h3", "dt", "dd", "title", "div", "section"}
_UNREAD = {"style", "script", "svg", "annotation"}
_ADDRESS = re.compile(r"\S*(?:://|www\.)\S*|\S+\.(?:csv|ipynb|jsonl|html?|com|org|net)\S*")
# A reference names a work in the language of the work: everything after its year, to the end of its line.
_REFERENCE = re.compile(r"\(\d{4}\), .*")
MARKED = "[en]"


class _Blocks(HTMLParser):
    def __init__(self):
        super().__init__()
        self.texts, self.unread = [""], 0

    def handle_starttag(self, tag, attributes):
        self.unread += tag in _UNREAD
        if tag in _BLOCKS:
            self.texts.append("")
        about = dict(attributes)
        self.texts[1:1] = [about[name] for name in ("alt", "aria-label", "title") if about.get(name)]

    def handle_endtag(self, tag):
        self.unread -= tag in _UNREAD
        if tag in _BLOCKS:
            self.texts.append("")

    def handle_data(self, data):
        if not self.unread:
            self.texts[-1] += data


def read_blocks(page):
    """Every text of a page that somebody reads or hears, block by block."""
    parser = _Blocks()
    parser.feed(page)
    return [" ".join(text.split()) for text in parser.texts if text.strip()]


def find_foreign(texts, language, names=(), least=1):
    """Sentences with at least so many different small words of a language, proper names and marked texts apart."""
    found = []
    listed = sorted((name for name in names if " " in name or name.lower() in SMALL_WORDS[language]), key=len)[::-1]
    for text in texts:
        rest = _REFERENCE.sub(" ", _ADDRESS.sub(" ", text))
        for name in listed:
            rest = rest.replace(name, " ")
        for sentence in re.split(r"(?<=[.;:!?])\s+(?!\[en\])", rest):
            words = {word.lower() for word in re.findall(r"[^\W\d_]+", sentence)}
            if MARKED not in sentence and len(words & SMALL_WORDS[language]) >= least:
                found.append(sentence)
    return found
