"""Names, numbers, days and messages in a language: known answers, and errors that name what would be accepted."""

import sys

import pandas as pd
import pytest

from analysis import wording
from analysis.errors import UnknownNameError
from analysis.language import Name, NameList, message, say, say_data, say_number, speaking, spoken_language
from analysis.language.collect import find_messages
from analysis.language.numbers import format_digits
from analysis.language.speech import CODE, translations

TOGO, RUSSIA, ANGOLA = Name("Togo", "le"), Name("Russie", "la"), Name("Angola", "l'")
STATES, HAITI, CUBA = Name("États-Unis", "les", is_plural=True), Name("Haïti"), Name("Cuba")


@pytest.mark.parametrize(
    ("name", "spec", "expected"),
    [
        (TOGO, "", "le Togo"), (RUSSIA, "", "la Russie"), (ANGOLA, "", "l’Angola"), (STATES, "", "les États-Unis"),
        (HAITI, "", "Haïti"), (TOGO, "bare", "Togo"), (STATES, "bare", "États-Unis"),
        (TOGO, "de", "du Togo"), (RUSSIA, "de", "de la Russie"), (ANGOLA, "de", "de l’Angola"),
        (STATES, "de", "des États-Unis"), (HAITI, "de", "d’Haïti"), (CUBA, "de", "de Cuba"),
        (TOGO, "à", "au Togo"), (RUSSIA, "à", "à la Russie"), (ANGOLA, "à", "à l’Angola"),
        (STATES, "à", "aux États-Unis"), (HAITI, "à", "à Haïti"),
        (TOGO, "en", "au Togo"), (RUSSIA, "en", "en Russie"), (ANGOLA, "en", "en Angola"),
        (STATES, "en", "aux États-Unis"), (CUBA, "en", "à Cuba"), (Name("Chypre", locative="à "), "en", "à Chypre"),
        (TOGO, "que", "que le Togo"), (HAITI, "que", "qu’Haïti"), (CUBA, "que", "que Cuba"),
        (TOGO, "penche|penchent", "penche"), (STATES, "penche|penchent", "penchent"),
        (Name("Gambia", "the"), "", "the Gambia"), (Name("Gambia", "the"), "bare", "Gambia"),
    ],
)  # fmt: skip
def test_a_name_takes_the_form_that_a_message_asks_for(name, spec, expected):
    assert format(name, spec) == expected


def test_an_unknown_form_is_an_error_that_names_the_known_ones():
    with pytest.raises(ValueError, match="unknown form 'du' of a name; accepted: bare, de, à, en, que"):
        format(TOGO, "du")


def test_a_name_alone_is_bare_and_keeps_its_grammar_when_its_text_is_changed():
    assert (str(TOGO), TOGO == "Togo") == ("Togo", True)
    changed = STATES.map(str.upper)
    assert (f"{changed:de}", f"{changed:est|sont}") == ("des ÉTATS-UNIS", "sont")


@pytest.mark.parametrize(
    ("names", "spec", "expected"),
    [
        ([TOGO], "de", "du Togo"), ([TOGO, RUSSIA], "de", "du Togo et de la Russie"),
        ([TOGO, HAITI, STATES], "", "le Togo, Haïti et les États-Unis"), ([TOGO, HAITI], "bare", "Togo et Haïti"),
        ([TOGO], "est|sont", "est"), ([STATES], "est|sont", "sont"), ([TOGO, RUSSIA], "est|sont", "sont"),
        ([], "", ""),
    ],
)  # fmt: skip
def test_a_list_gives_each_name_its_form(names, spec, expected):
    assert format(NameList(names, "et"), spec) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "english", "french"),
    [
        (1234567.891, 1, "1,234,567.9", "1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567,9"),
        (-0.125, 2, "−0.13", "−0,13"), (0.0, 1, "0.0", "0,0"), (-0.04, 1, "0.0", "0,0"), (999, 0, "999", "999"),
    ],
)  # fmt: skip
def test_numbers_have_the_separators_of_the_language(value, decimals, english, french):
    assert format_digits(value, decimals) == english
    with speaking("fr"):
        assert format_digits(value, decimals) == french


@pytest.mark.parametrize("value", [sys.float_info.max, 1e28, 9.9e25, sys.float_info.min, 5e-324])
def test_a_number_of_any_size_has_a_text(value):
    for decimals in (0, 2):
        text = format_digits(-value, decimals).replace(",", "")
        assert float(text.replace("−", "-")) == (-value if value > 1 else 0)


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [("2025-08-01", "1 August 2025", "1er août 2025"), ("2024-02-29", "29 February 2024", "29 février 2024")],
)
def test_the_first_of_a_month_is_an_ordinal_in_french_alone(day, english, french):
    assert wording.format_day(pd.Timestamp(day)) == english
    with speaking("fr"):
        assert wording.format_day(pd.Timestamp(day)) == french


def test_months_and_periods_are_in_the_language():
    first, last = pd.Timestamp("2024-12-01"), pd.Timestamp("2024-12-31")
    with speaking("fr"):
        assert wording.format_month(first) == "décembre 2024"
        assert wording.format_period(first, last, "month") == "déc. 2024"
        assert wording.format_period(first, last, "year") == "2024"


@pytest.mark.parametrize(("number", "form"), [(0, 0), (1, 0), (2, 1), (21, 1)])
def test_none_and_one_are_singular_in_french(number, form):
    # "one" and "many" stand for themselves where the catalogue has no such message, so the rule is asked for itself.
    catalogue = translations(CODE, "fr")
    assert catalogue.plural(number) == form


@pytest.mark.parametrize(("number", "expected"), [(0, "0 many."), (1, "1 one."), (2, "2 many."), (1200, "1,200 many.")])
def test_none_is_plural_in_english(number, expected):
    assert say_number(number, "{n} one.", "{n} many.") == expected


def test_a_sentence_begins_with_a_capital_and_a_phrase_does_not():
    gambia = Name("Gambia", "the")
    assert say("{state} leans.", state=gambia) == "The Gambia leans."
    assert say("{state} leans", state=gambia) == "the Gambia leans"


def test_a_message_without_translation_is_said_in_english_and_a_text_of_the_data_is_marked():
    with speaking("fr"):
        assert say("A message that nobody translates.") == "A message that nobody translates."
        assert say_data("A text that nobody translates.") == "A text that nobody translates. [en]"
        assert say_data("") == ""
    assert say_data("A text that nobody translates.") == "A text that nobody translates."


def test_a_language_is_spoken_within_its_context_alone():
    with speaking("fr"):
        with speaking("en"):
            assert spoken_language() == "en"
        assert spoken_language() == "fr"
        with pytest.raises(RuntimeError, match="planted"), speaking("en"):
            raise RuntimeError("planted")
        assert spoken_language() == "fr"
    assert spoken_language() == "en"
    with pytest.raises(UnknownNameError, match="unknown language 'de'"), speaking("de"):
        pass


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from analysis.language import say\nsay('A.')", [("A.",)]),
        ("from analysis.language import message\nX = message('A ' 'b.')", [("A b.",)]),
        ("from analysis.language import say_number\nsay_number(n, 'a', 'b', x=1)", [("a", "b")]),
        ("from analysis.wording import count\ncount(n, 'event', 'events')", [("event", "events")]),
        ("from analysis.figures.wording import count_span\ncount_span(n, 'a', 'b')", [("a", "b")]),
        ("from analysis.language import say\nsay(GIVEN)\nsay(f'{x}')", []),
        ("from elsewhere import say\nsay('A.')", []),
        ("say('A.')", []),
        ("from analysis.language import say\nother.say('A.')\nprint('A.')", []),
        ("from analysis.wording import count\ncount(n, 'event', others)", []),
    ],
)
def test_exactly_literals_in_imported_calls_are_collected(source, expected):
    assert list(find_messages(source)) == expected


def test_marking_a_message_changes_nothing():
    assert message("A {state}.") == "A {state}."


def test_a_sentence_that_ends_with_a_text_cut_short_has_no_second_full_stop():
    assert say("{statement}.", statement="It was said that…") == "It was said that…"
