"""Key numbers at the head of the reports on a region and on claims: their values, and what is said of their sureness."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.briefing.evidence import load_evidence
from analysis.briefing.facts import write_claim_facts, write_region_facts
from analysis.briefing.holdings import create_portfolio_grid, measure_portfolios
from analysis.briefing.ledger import create_ledger

WINDOW = ("2020-01-01", "2026-02-28")


@pytest.fixture(scope="module")
def togo(built):
    return load_evidence("TGO", ["FRA", "RUS"], *WINDOW, data=built)


@pytest.fixture(scope="module")
def portfolios(togo):
    return measure_portfolios(togo)


def compared_of(*rows):
    return pd.DataFrame(rows, columns=["state", "tilt", "low", "high", "depth"])


COMPARED = compared_of(
    ("TGO", -0.25, -0.5, 0.004, 8.94), ("BEN", 0.5, 0.1, 0.8, 3.0), ("MLI", -1.0, -1.0, -1.0, 9.0),
    ("NER", -0.4, -0.6, -0.1, 9.0), ("GHA", None, None, None, 0.0),
)  # fmt: skip


def test_a_region_counts_the_states_on_a_side_and_places_its_own(togo, portfolios):
    sides, events, ties, deepest = write_region_facts(togo, COMPARED, portfolios)
    assert sides[1:3] == ("3 of 5", "at 90 %: 1 towards France, 2 towards Russia")
    assert events[:3] == ("Tilt of Togo by events", "−0.25", "90 % interval −0.50 to +0.004")
    grid = create_portfolio_grid(togo, portfolios).set_index(["state", "dimension"]).loc[("TGO", "mean")]
    low, high = (f"{grid[end]:+.2f}".replace("-", "−") for end in ("low", "high"))
    assert ties[1:3] == (f"{grid['tilt']:+.2f}", f"{low} to {high}, as kinds are left out or reweighted")
    assert deepest[:3] == ("Most cooperation: Mali", "9.0", "effect points a year")


def test_what_is_not_known_of_a_region_is_said(togo, portfolios):
    unknown = compared_of(("CPV", None, None, None, 0.0))
    states = replace(togo, state="CPV", states=("CPV",))
    sides, events, ties, _ = write_region_facts(states, unknown, measure_portfolios(states))
    assert sides.value == "0 of 1"
    assert events[1:3] == ("unknown", "no cooperation with either power")
    assert ties[1:3] == ("unknown", "too few kinds known with both")


def test_claims_are_counted_by_verdict_and_origin(togo):
    ledger = create_ledger(togo)
    facts = write_claim_facts(togo, ledger)
    counts = ledger.statements["verdict"].value_counts()
    assert [fact.value for fact in facts[:4]] == [
        str(counts["supported"]), str(counts["single source"]),
        str(counts.get("disputed", 0) + counts.get("contradicted", 0)), str(counts.get("not found", 0)),
    ]  # fmt: skip
    assert sum(int(fact.value) for fact in facts[:4]) == len(ledger.statements)
    assert facts[4].value == str(len(set(ledger.versions["origin"])))
    assert facts[4].note == "behind 101 versions on 70 pages"
    assert write_claim_facts(togo, replace(ledger, statements=ledger.statements.iloc[:0])) == []


def test_key_numbers_are_said_in_french(built, portfolios):
    french = load_evidence("TGO", ["FRA", "RUS"], *WINDOW, data=built, language="fr")
    sides, events, *_ = write_region_facts(french, COMPARED, portfolios)
    assert sides.note == "à 90\N{NO-BREAK SPACE}%\N{NO-BREAK SPACE}: 1 vers la France, 2 vers la Russie"
    assert events.value == "−0,25"
