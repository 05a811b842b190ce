"""No English is left in what a briefing says in another language, and every public sentence is spoken."""

import html
import importlib
import pkgutil
import re
from dataclasses import replace

import pandas as pd
import pytest
from pseudo_language import Pseudo
from test_briefing_sentences import answer, compared_of, evidence_of, weightings_of

import analysis as tr
from analysis import briefing
from analysis.briefing.sentences import title_briefing, write_coverage, write_events_with_powers
from analysis.language import speech
from analysis.reference.actors import actors_table
from analysis.reference.grammar import name_actors

SPOKEN = re.compile(r"(write|draw|table|title)_")
# Codes, units, libraries, file names and addresses are the same in every language.
SAME = re.compile(
    r"\\?\[[^\]]*\]\(\S*\)|<a [^>]*>[^<]*</a>|</?\w+[^>]*>|\S*\.\w+\S*|[0-9a-f]{12}|[A-Z][A-Z0-9_]+|sha256|m2"
)
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre er".split()  # noqa: SIM905
FRENCH = name_actors(actors_table(), "fr")
NAMES = sorted({*map(str, FRENCH.values())}, key=len, reverse=True)
SHORT = re.compile(r"\b(?:janv|févr|avr|juil|sept|oct|nov|déc|mars|juin|août|mai)\b\.?")


@pytest.fixture
def pseudo(monkeypatch):
    """Speak French from a catalogue that has every message, without its letters."""
    monkeypatch.setattr(speech, "translations", lambda catalogue, language: Pseudo(catalogue))


def english(*texts, outlets=()):
    """Words that no message said, names, months, codes and articles apart."""
    found = []
    for text in texts:
        rest = " ".join(html.unescape(str(text)).replace("\\", "").split())
        for name in (*sorted(outlets, key=len, reverse=True), *NAMES):
            rest = rest.replace(name, " ")
        rest = SHORT.sub(" ", SAME.sub(" ", rest))
        words = [word for word in re.findall(r"[^\W\d_]+", rest) if re.search(r"[A-Za-z]", word)]
        found += [
            (word, text) for word in words if word not in {*MONTHS, "le", "la", "l", "les", "Le", "La", "L", "Les"}
        ]
    return found


def test_every_public_function_that_says_something_is_spoken():
    silent = []
    for found in pkgutil.iter_modules(briefing.__path__, "analysis.briefing."):
        module = importlib.import_module(found.name)
        silent += [
            f"{found.name}.{name}"
            for name, value in vars(module).items()
            if SPOKEN.match(name) and value.__module__ == found.name and not hasattr(value, "__wrapped__")
        ]
    assert silent == []


def in_french(evidence):
    return replace(evidence, language="fr", names={code: FRENCH[code] for code in ("TGO", "FRA", "RUS", "CHN", "BEN")})


@pytest.mark.parametrize(
    ("weights", "powers", "tilts"),
    [
        ((), ("FRA", "RUS"), ()),
        ((("RUS", 2),), ("FRA", "RUS"), (0.1, 0.2)),
        ([("RUS", 1)] * 5 + [("FRA", 1)] * 4, ("FRA", "RUS"), (-0.05, 0.05)),
        ([("RUS", 1)] * 4 + [("FRA", 1)] * 4, ("FRA", "RUS"), (0.0, 0.0)),
        ([("RUS", 1)] * 6, ("FRA", "RUS", "CHN"), (-0.5, -0.4)),
        ([("RUS", 2)] * 8 + [("FRA", 1)] * 2, ("FRA", "RUS", "CHN"), (-0.5, 0.4)),
        ([("RUS", -1), ("FRA", -2)], ("FRA", "RUS"), ()),
    ],
    ids=["no events", "one event", "spanning zero", "even", "one power alone", "settled", "conflict alone"],
)
def test_no_edge_of_the_answer_is_left_in_english(pseudo, weights, powers, tilts):
    evidence = in_french(evidence_of(*weights, powers=powers))
    for compared in (compared_of(TGO=3.0), compared_of(TGO=3.0, BEN=5.0), compared_of(TGO=3.0, BEN=1.0)):
        assert english(*answer(evidence, compared, weightings_of(*tilts))) == []
    assert english(*write_events_with_powers(evidence)) == []
    counts = pd.DataFrame({"year": [2020], "certainty": ["confirmed"], "n_events": [len(weights)]})
    assert english(*write_coverage(evidence, counts)) == []


@pytest.mark.parametrize(
    ("weights", "powers", "expected"),
    [
        ((), ("FRA", "RUS"), "aucune coopération du Togo avec la France ou la Russie n’a été recensée"),
        (
            (("RUS", 2),),
            ("FRA", "RUS"),
            "1 événement de coopération du Togo avec la France ou la Russie est recensé, trop peu",
        ),
        ([("RUS", 1)] * 5 + [("FRA", 1)] * 4, ("FRA", "RUS"), "ne permettent d’attribuer aucun côté au Togo"),
        ([("RUS", 1)] * 4 + [("FRA", 1)] * 4, ("FRA", "RUS"), "est de 0,00 (intervalle à 90\N{NO-BREAK SPACE}%"),
        ([("RUS", 1)] * 6, ("FRA", "RUS", "CHN"), "aucun événement avec la France ou la Chine n’a été recensé"),
        ([("RUS", 2)] * 8 + [("FRA", 1)] * 2, ("FRA", "RUS"), "le Togo penche vers la Russie"),
    ],
    ids=["no events", "one event", "spanning zero", "even", "one power missing", "settled"],
)
def test_the_edges_are_said_in_french(weights, powers, expected):
    assert expected in " ".join(answer(in_french(evidence_of(*weights, powers=powers))))


def test_a_title_has_the_article_of_its_state():
    title = title_briefing(in_french(evidence_of()), "fr").about["title"]
    assert title == "Le Togo entre la France et la Russie"


def test_a_sentence_left_in_english_is_found(pseudo, monkeypatch):
    monkeypatch.setattr("analysis.briefing.answer._latest", lambda *given: f"It leans to {FRENCH['RUS']}.")
    found = english(*answer(in_french(evidence_of(*[("RUS", 1)] * 6))))
    assert [word for word, _ in found] == ["It", "leans", "to"]


@pytest.mark.slow
@pytest.mark.parametrize("state", ["TGO", "BEN", "GMB"])
def test_nothing_of_the_briefing_and_the_region_is_left_in_english(pseudo, built, state):
    powers, start, end = ["FRA", "RUS", "CHN"], "2020-01-01", "2026-02-28"
    evidence = tr.load_evidence(state, powers, start, end, data=built, language="fr")
    leaning = tr.tilt(evidence.engagements, *powers[:2])
    rolling = tr.rolling_tilt(evidence.engagements, *powers[:2], start, end)
    compared = tr.compare_states(evidence.dyad_events, evidence.events, evidence.states, powers, start, end)
    weightings = tr.compare_weights(evidence.dyad_events, evidence.events, state, powers, start, end)
    spells, portfolios, hub = tr.create_spells(evidence), tr.measure_portfolios(evidence), tr.create_hub(evidence)
    network, blocs = tr.create_network(evidence), tr.create_blocs(evidence)
    brokers = tr.find_brokers(evidence, network, blocs)
    said = [
        *tr.write_answer(evidence, leaning, rolling, compared, weightings),
        *tr.write_coverage(evidence, tr.count_events(evidence)),
        *tr.write_events_with_powers(evidence),
        *tr.write_organisations(evidence, spells),
        *tr.write_portfolio(evidence, portfolios),
        *tr.write_votes(evidence),
        *tr.write_brokerage(evidence, network, blocs, brokers),
        *tr.write_hub(evidence, hub),
        *tr.write_standing(evidence, compared),
        *tr.write_portfolios(evidence, portfolios),
        *tr.write_voting(evidence),
        *tr.create_tie_matrix(evidence)[["kind", "text"]].to_numpy().ravel(),
    ]
    outlets = {*evidence.ties["outlet"].dropna(), *hub.happenings["outlet"].dropna()}
    assert english(*said, outlets=outlets) == []
    tables = [
        tr.table_balance(evidence, tr.balance(evidence.engagements, powers).shares),
        tr.table_investors(evidence, hub),
        tr.table_states(evidence, compared, portfolios),
        tr.table_files(evidence),
    ]
    assert english(*(table.data.get("text/html", "") for table in tables), outlets=outlets) == []
    assert english(*(tr.title_briefing(evidence, "fr").about[part] for part in ("title", "subtitle"))) == []
    assert english(*(tr.title_region(evidence, "fr").about[part] for part in ("title", "subtitle"))) == []
