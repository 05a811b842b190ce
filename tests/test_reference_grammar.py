"""The grammar of actors' names: every state has its article, and prepositions take the form a reader expects."""

import pytest

from analysis import reference
from analysis.language import LANGUAGES
from analysis.reference.actors import actors_table
from analysis.reference.grammar import name_acronyms, name_actors

ACTORS = actors_table()
FRENCH, ENGLISH = (name_actors(ACTORS, language) for language in ("fr", "en"))
GRAMMAR = reference.load("name_grammar")


def test_every_state_and_organisation_has_its_french_grammar():
    named = set(ACTORS.loc[ACTORS["kind"].isin(["state", "organisation"]), "actor_code"])
    assert not named - set(GRAMMAR.loc[GRAMMAR["language"] == "fr", "actor_code"])


def test_the_table_holds_known_actors_once_with_accepted_values_and_a_reason():
    assert not GRAMMAR.duplicated(["actor_code", "language"]).any()
    assert set(GRAMMAR["actor_code"]) <= set(ACTORS["actor_code"])
    assert set(GRAMMAR["language"]) == set(LANGUAGES)
    assert set(GRAMMAR.loc[GRAMMAR["language"] == "en", "article"]) <= {"the", ""}
    assert set(GRAMMAR.loc[GRAMMAR["language"] == "fr", "article"]) <= {"le", "la", "l'", "les", ""}
    assert set(GRAMMAR["number"]) == {"singular", "plural"}
    assert GRAMMAR["reason"].all()


def test_an_article_is_elided_exactly_before_a_vowel():
    vowels = tuple("AEIOUÉÎ")
    for row in GRAMMAR[(GRAMMAR["language"] == "fr") & GRAMMAR["article"].isin(["le", "la", "l'"])].itertuples():
        assert (row.article == "l'") == FRENCH[row.actor_code].startswith(vowels), row.actor_code


@pytest.mark.parametrize(
    ("code", "form", "expected"),
    [
        ("TGO", "de", "du Togo"),
        ("RUS", "de", "de la Russie"),
        ("BEN", "en", "au Bénin"),
        ("CIV", "en", "en Côte d’Ivoire"),
        ("AGO", "de", "de l’Angola"),
        ("HTI", "de", "d’Haïti"),
        ("CUB", "en", "à Cuba"),
        ("USA", "en", "aux États-Unis"),
        ("NLD", "de", "des Pays-Bas"),
        ("BFA", "en", "au Burkina Faso"),
        ("NER", "de", "du Niger"),
        ("NGA", "de", "du Nigeria"),
        ("GMB", "de", "de la Gambie"),
        ("GNB", "en", "en Guinée-Bissau"),
        ("CPV", "en", "au Cap-Vert"),
        ("STP", "en", "à Sao Tomé-et-Principe"),
        ("MUS", "en", "à Maurice"),
        ("GBR", "en", "au Royaume-Uni"),
        ("IRN", "en", "en Iran"),
        ("IRN", "de", "de l’Iran"),
        ("ISR", "en", "en Israël"),
        ("BRB", "en", "à la Barbade"),
        ("VEN", "de", "du Venezuela"),
        ("REU", "de", "de La Réunion"),
        ("OMN", "que", "qu’Oman"),
        ("ECOWAS", "en", "à la Communauté économique des États de l’Afrique de l’Ouest"),
        ("AU", "en", "à l’Union africaine"),
        ("IMF", "à", "au Fonds monétaire international"),
        ("JNIM", "de", "du Groupe de soutien à l’islam et aux musulmans"),
        ("HAAC", "", "la Haute autorité de l’audiovisuel et de la communication"),
        ("USA", "penche|penchent", "penchent"),
        ("TGO", "penche|penchent", "penche"),
    ],
)
def test_a_french_name_takes_the_right_form(code, form, expected):
    assert format(FRENCH[code], form) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("GMB", "the Gambia"), ("TGO", "Togo"), ("BHS", "the Bahamas"), ("SLB", "the Solomon Islands"),
        ("AES", "the Alliance of Sahel States"), ("WB", "the World Bank"), ("SYC", "Seychelles"),
        ("INTERPOL", "Interpol"), ("CAF", "the Central African Republic"), ("RSF", "Reporters Without Borders"),
    ],
)  # fmt: skip
def test_an_english_name_has_its_article_where_usage_has_one(code, expected):
    assert f"{ENGLISH[code]}" == expected


def test_an_acronym_is_that_of_the_language_with_its_article():
    codes = ["ECOWAS", "AES", "OIF", "G5S", "AU"]
    french, english = (name_acronyms(codes, language) for language in ("fr", "en"))
    assert [f"{french[code]:de}" for code in codes] == ["de la CEDEAO", "de l’AES", "de l’OIF", "du G5S", "de l’UA"]
    assert [f"{english[code]}" for code in codes] == codes


def test_acronyms_are_of_known_organisations_once_with_a_reason():
    acronyms = reference.load("acronyms")
    assert not acronyms.duplicated(["actor_code", "language"]).any()
    assert set(acronyms["actor_code"]) <= set(ACTORS.loc[ACTORS["kind"] == "organisation", "actor_code"])
    assert set(acronyms["language"]) <= set(LANGUAGES)
    assert acronyms[["acronym", "reason"]].all(axis=None)
