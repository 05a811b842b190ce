"""The texts of the data in other languages: all of them, none that no row has any more, and the same numbers."""

import re
from collections import Counter

import pytest

from analysis.briefing.drawings import draw_ties, draw_tilt, draw_timeline
from analysis.briefing.evidence import load_evidence
from analysis.briefing.harbours import table_investors
from analysis.briefing.holdings import create_hub
from analysis.briefing.relations import create_tie_matrix
from analysis.briefing.tables import table_events
from analysis.language import speaking
from analysis.language.speech import say_data
from analysis.measures import rolling_tilt
from analysis.sources.events import LAYOUTS
from analysis.translations import compare_texts, list_texts, read_translations

DAY = re.compile(r"(\d{4})-\d\d-(\d\d)")
GROUPED = re.compile("(?<=\\d)[.,\N{NARROW NO-BREAK SPACE}](?=\\d)")
# Before these marks French type has a blank that does not break.
UNBOUND = re.compile(
    r"(?<!\N{NARROW NO-BREAK SPACE})[;?!]|(?<!\N{NO-BREAK SPACE}):|«(?!\N{NO-BREAK SPACE})|(?<!\N{NO-BREAK SPACE})»"
)


@pytest.fixture(scope="module")
def french() -> dict[str, str]:
    return read_translations("fr")


def numbers_of(text):
    """The groups of digits, a month of an ISO date left to its name."""
    bare = GROUPED.sub("", DAY.sub(r"\1 \2", text)).replace("²", "2").replace("³", "3")
    return Counter(digits.lstrip("0") for digits in re.findall(r"\d+", bare))


def same_numbers(english, french):
    return numbers_of(english) == numbers_of(french)


def test_every_text_of_the_data_is_translated_and_nothing_else(built, french):
    coverage = compare_texts(list_texts(built), french)
    assert (coverage.missing, coverage.stale) == ([], [])


def test_a_corrected_summary_is_missing_and_its_old_translation_stale(built, french):
    first, *rest = list_texts(built)
    coverage = compare_texts([f"{first}, corrected", *rest], french)
    assert coverage == ([f"{first}, corrected"], [first])


def test_a_text_is_listed_once_without_scale_and_symbols(built):
    texts = list_texts(built)
    assert len(texts) == len(set(texts))
    assert "USD planned" in texts
    assert not {"million USD planned", "USD", "MW", ""} & set(texts)


def test_translations_keep_the_numbers(french):
    assert [english for english, text in french.items() if not same_numbers(english, text)] == []


@pytest.mark.parametrize(
    ("english", "text"),
    [("Two of 1,064 on 3 April", "Deux sur 1 064 le 4 avril"), ("350 troops", "530 soldats"), ("7 of 7", "7")],
)
def test_a_changed_number_is_found(english, text):
    assert not same_numbers(english, text)


def test_a_raised_number_is_that_number():
    assert same_numbers("5,000 m2", "5\N{NARROW NO-BREAK SPACE}000 m²")
    assert not same_numbers("5,000 m2", "5\N{NARROW NO-BREAK SPACE}000 m³")


def test_separators_and_dates_in_words_change_no_number():
    assert same_numbers("1,064 on 2021-06-06, 86.7", "1\N{NARROW NO-BREAK SPACE}064 le 6 juin 2021, 86,7")


def test_translations_are_set_as_french_is(french):
    assert [text for text in french.values() if UNBOUND.search(text) or "  " in text or "’" in text] == []
    assert UNBOUND.search("Oui: non ; peut-être")


def test_a_full_stop_stands_where_it_stood(french):
    assert [english for english, text in french.items() if english.endswith(".") != text.endswith(".")] == []


def test_the_data_speaks_french(built):
    with speaking("fr"):
        assert [text for text in list_texts(built) if say_data(text).endswith("[en]")] == []


@pytest.mark.parametrize(("state", "powers"), [("TGO", ["FRA", "RUS"]), ("MLI", ["USA", "RUS", "CHN"])])
def test_what_a_briefing_shows_of_the_data_is_translated_once(built, state, powers):
    window = ("2020-01-01", "2026-02-28")
    evidence = load_evidence(state, powers, *window, data=built, language="fr")
    rolling = rolling_tilt(evidence.engagements, *powers[:2], *window)
    exhibits = [
        draw_tilt(evidence, rolling, 12), draw_timeline(evidence), draw_ties(evidence, create_tie_matrix(evidence)),
        table_investors(evidence, create_hub(evidence)), table_events(evidence),
    ]  # fmt: skip
    assert [one.about for one in exhibits if "[en]" in f"{one.about} {one.data}"] == []


def test_licences_of_sources_are_told_in_french_and_symbols_are_left_as_they_are():
    with speaking("fr"):
        told = {layout.licence: say_data(layout.licence) for layout in LAYOUTS}
    assert not [licence for licence in told.values() if "[en]" in licence]
    assert [licence for licence, said in told.items() if licence == said] == ["CC BY 4.0 (UCDP)"]
