"""The French edition is French and the English one English, from the prose to the last cell of a table."""

import pytest
from two_languages import find_foreign, read_blocks

from analysis.language.collect import find_messages
from analysis.paths import PROJECT
from analysis.reference.actors import actors_table
from analysis.reporting.brief import make_briefing
from analysis.reporting.entries import choose_briefing
from analysis.store import read_table

PACKAGE = PROJECT / "analysis"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Le Togo penche vers la Russie. The tilt is small.", ["The tilt is small."]),
        ("<p>Il est lié.</p><p>Not known</p>", ["Not known"]),
        ('<img alt="Bars of events">', ["Bars of events"]),
        ("<td>The treaty was signed. [en]</td>", []),
        ("<li>Rubin, D. B. (1981), The Bayesian bootstrap, Annals of Statistics 9(1).</li>", []),
        ("<p>Voir https://example.org/the/end et la Voice of America.</p>", []),
        ("<style>the of and</style><p>Rien.</p>", []),
    ],
)
def test_english_in_a_french_page_is_found(text, found):
    assert find_foreign(read_blocks(text), "en", names=["Voice of America"]) == found


def test_french_in_an_english_page_is_found():
    blocks = read_blocks("<p>Togo leans. Le lien est étroit.</p><p>It read Le Monde.</p>")
    assert find_foreign(blocks, "fr", least=2) == ["Le lien est étroit."]


def find_said_both_ways(messages):
    """Messages said alone and of a number: gettext finds the second under the key of the first, and not the first."""
    forms = {}
    for texts in messages:
        forms.setdefault(texts[0], set()).add(texts[1:])
    return sorted(text for text, found in forms.items() if len(found) > 1)


def test_no_message_is_said_both_alone_and_of_a_number():
    code = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")]
    assert find_said_both_ways(texts for source in code for texts in find_messages(source)) == []
    assert find_said_both_ways([("no",), ("no", "no"), ("yes",)]) == ["no"]


@pytest.fixture(scope="module")
def names(built):
    """Proper names that a page writes as they are: outlets and actors."""
    outlets = [read_table(table, built)["outlet"].dropna() for table in ("event_sources", "ties", "projects")]
    return {str(name) for column in [*outlets, actors_table()["name_en"], actors_table()["name_fr"]] for name in column}


@pytest.mark.slow
@pytest.mark.parametrize("briefing", ["togo", "region"])
@pytest.mark.parametrize(("language", "other", "least"), [("fr", "en", 1), ("en", "fr", 2)])
def test_no_sentence_of_the_other_language_is_left(built, tmp_path, names, briefing, language, other, least):
    folder = make_briefing(choose_briefing(briefing, {"language": language}), reports=tmp_path, data=built)
    assert folder.parent.name == (f"{briefing}-fr" if language == "fr" else briefing)
    page = (folder / "briefing.html").read_text(encoding="utf-8")
    assert f'<html lang="{language}"' in page
    assert find_foreign(read_blocks(page), other, names, least) == []
