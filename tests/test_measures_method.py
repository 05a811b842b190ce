"""The pages on method: every worked example runs, and every measure is there."""

import doctest
import re

import pytest

import analysis.measures as measures
from analysis.measures import amounts, verdicts
from analysis.measures.shifts import PENALTY
from analysis.paths import PROJECT

METHOD = (PROJECT / "docs" / "method.md").read_text(encoding="utf-8")
CLAIMS = (PROJECT / "docs" / "method_claims.md").read_text(encoding="utf-8")
SHIFTS = (PROJECT / "docs" / "method_shifts.md").read_text(encoding="utf-8")
RELATIONS = (PROJECT / "docs" / "method_relations.md").read_text(encoding="utf-8")


def failures(page: str) -> tuple[int, int]:
    """How many examples of a page fail, of how many; all of a page share their names."""
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner(verbose=False)
    for number, block in enumerate(re.findall(r"^```python\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE)):
        example = doctest.DocTestParser().get_doctest(block, names, f"block {number}", "method.md", 0)
        runner.run(example, clear_globs=False)
        names.update(example.globs)
    return runner.summarize(verbose=False)


@pytest.mark.parametrize("page", [METHOD, RELATIONS, SHIFTS, CLAIMS], ids=["events", "relations", "shifts", "claims"])
def test_every_example_gives_what_the_page_says(page):
    failed, tried = failures(page)
    assert failed == 0
    assert tried >= 13


@pytest.mark.parametrize(("right", "wrong"), [("11.975", "11.974"), ("(-0.5, -0.64, 5)", "(-0.5, -0.64, 6)")])
def test_a_wrong_number_on_the_page_is_found(right, wrong, capsys):
    assert right in METHOD
    assert failures(METHOD.replace(right, wrong))[0] == 1


@pytest.mark.parametrize("name", sorted(set(measures.__all__) - {"Balance", "MeasureError", "Tilt"}))
def test_every_measure_is_on_the_page(name):
    assert re.search(rf"\b{name}\b", METHOD)


RELATIONSHIPS = [
    *("agree_votes", "add_commitment", "add_dates", "brokerage", "compare_alliances", "compare_portfolios"),
    *("compare_votes", "signed_balance", "summarise_portfolio", "trade_betweenness"),
]


@pytest.mark.parametrize("name", RELATIONSHIPS)
def test_every_measure_of_relationships_is_on_its_page(name):
    assert re.search(rf"\b{name}\b", RELATIONS)


@pytest.mark.parametrize(
    "name", ["compare_tilts", "correlate_series", "find_shifts", "nearest_events", "net_engagement", "pressure_series"]
)
def test_every_measure_of_shifts_is_on_its_page(name):
    assert re.search(rf"\b{name}\b", SHIFTS)


def test_the_stated_penalty_is_the_one_used():
    assert rf"\beta = {PENALTY} \ln n" in SHIFTS


@pytest.mark.parametrize("name", [*verdicts.VERDICTS, *amounts.__all__])
def test_every_verdict_and_amount_is_on_its_page(name):
    assert re.search(rf"\b{name}\b", CLAIMS)
