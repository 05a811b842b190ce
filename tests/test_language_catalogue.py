"""The catalogue of what the code says in French: complete, with the values of its messages, set as French is."""

import json
import re
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from analysis.language.collect import collect
from analysis.language.names import Name, NameList
from analysis.language.speech import CODE, DATA, FOLDER, translations
from analysis.paths import NOTEBOOKS

# Before these marks French type has a blank that does not break; "?" alone stands for what is not known.
UNBOUND = re.compile(
    "(?<=\\w|[)}%])[;?!]|[\\w)}%]:(?!\\w)| [;!:»]|« |«(?!\N{NO-BREAK SPACE})|(?<!\N{NO-BREAK SPACE})»|(?<=[\\d}]) ?%"
)
NAMES = [
    Name("Togo", "le"), Name("Russie", "la"), Name("Angola", "l'"), Name("Haïti"),
    Name("États-Unis", "les", is_plural=True), NameList([Name("France", "la"), Name("Turquie", "la")], "et"),
]  # fmt: skip


@pytest.fixture(scope="module")
def entries():
    with (FOLDER / CODE.format(language="fr")).open("rb") as file:
        catalogue = read_po(file, locale="fr")
    return [(forms_of(entry.id), forms_of(entry.string)) for entry in catalogue if entry.id]


def forms_of(texts):
    return tuple(texts) if isinstance(texts, (tuple, list)) else (texts,)


def slots_of(text):
    """The named values of a message, and the forms that a translation asks them for."""
    found = {}
    for _, name, form, _ in Formatter().parse(text):
        if name is not None:
            found.setdefault(name, set()).add(form)
    return found


def is_sentence(text):
    return " " in text and text.endswith(".")


def test_every_message_of_the_code_is_translated(entries):
    said = {forms_of(message.id) for message in collect() if message.id}
    translated = {english for english, french in entries if all(french)}
    assert sorted(said - translated) == []


def test_a_translation_has_the_values_of_its_message(entries):
    wrong = [
        other
        for english, french in entries
        for one, other in zip(english, french, strict=True)
        if set(slots_of(one)) != set(slots_of(other))
    ]
    assert wrong == []


def test_a_translation_asks_names_for_forms_that_they_have(entries):
    forms = {form for _, french in entries for text in french for found in slots_of(text).values() for form in found}
    for form in sorted(forms):
        assert all(format(name, form) for name in NAMES)
    with pytest.raises(ValueError, match="unknown form 'du' of a name"):
        format(NAMES[0], "du")


def test_french_messages_stop_and_break_where_the_english_do(entries):
    shapes = [
        french
        for english, french in entries
        for one, other in zip(english, french, strict=True)
        if (is_sentence(one), one.count("\n")) != (is_sentence(other), other.count("\n"))
    ]
    assert shapes == []


def test_french_messages_are_set_as_french_is(entries):
    assert [text for _, french in entries for text in french if UNBOUND.search(text) or "’" in text] == []


@pytest.mark.parametrize("catalogue", [CODE, DATA])
def test_french_is_spoken_with_the_apostrophe_of_print(catalogue):
    spoken = [text for text in translations(catalogue, "fr")._catalog.values() if text]
    assert [text for text in spoken if "'" in text] == []
    assert sum("’" in text for text in spoken) > 100


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_the_french_prose_of_a_notebook_has_the_apostrophe_of_print(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if "lang-fr" in cell["metadata"].get("tags", [])]
    assert prose
    assert [text for text in prose if "'" in text] == []


@pytest.mark.parametrize("text", ["Oui: non", "fin ; puis", "a!", "« a »", "20 %", "{n} %", "vrai?"])
def test_loose_french_type_is_found(text):
    assert UNBOUND.search(text)
