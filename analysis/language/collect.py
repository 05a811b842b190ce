"""Collect the messages of the code in each language's catalogue; what has no translation stands empty.

Run as ``make messages``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from analysis.language.speech import CODE, FOLDER
from analysis.language.tongue import LANGUAGES, SOURCE_LANGUAGE

# Functions that say or mark a message, and which of their arguments are its text (one, or one and many).
KEYWORDS = {
    "say": (0,),
    "message": (0,),
    "say_number": (1, 2),
    "count": (1, 2),
    "count_amount": (1, 2),
    "count_span": (1, 2),
}


def find_messages(source: str) -> Iterator[tuple[str, ...]]:
    r"""The messages of a source file: the text, or its forms for one and for many.

    Examples
    --------
    >>> source = "from analysis.language import say\nsay('No tie.'); say(given); count(2, 'event', 'events')"
    >>> list(find_messages(source))
    [('No tie.',)]
    """
    tree = ast.parse(source)
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analysis.")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        # Others may have a callback of that name.
        places = KEYWORDS.get(node.func.id, ()) if node.func.id in imported else ()
        given = [node.args[place] for place in places if place < len(node.args)]
        texts = [arg.value for arg in given if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if places and len(texts) == len(places):
            yield tuple(texts)


def collect(package: Path = FOLDER.parent) -> Catalog:
    """Every message of a package, with the files that say it."""
    catalogue = Catalog(charset="utf-8")
    for path in sorted(package.rglob("*.py")):
        for texts in find_messages(path.read_text(encoding="utf-8")):
            catalogue.add(texts if len(texts) > 1 else texts[0], locations=[(path.relative_to(package).as_posix(), 1)])
    return catalogue


def renew(language: str, template: Catalog, folder: Path = FOLDER) -> None:
    """Bring a catalogue up to date: new messages without a text, those that nobody says any more gone."""
    path = folder / CODE.format(language=language)
    catalogue = read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale=language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    written = BytesIO()
    write_po(written, catalogue, width=110, omit_header=True, sort_by_file=True, include_lineno=False)
    path.write_bytes(written.getvalue())


if __name__ == "__main__":
    found = collect()
    for other in LANGUAGES:
        if other != SOURCE_LANGUAGE:
            renew(other, found)
