"""The rule of verdicts on planted cases: copies, official records, precision, and nothing at all."""

from itertools import permutations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures import verdicts
from analysis.measures.checks import MeasureError
from analysis.measures.verdicts import (
    VERDICTS,
    combine,
    compare_values,
    create_versions,
    judge,
    judge_correlation,
    judge_measure,
    judge_pages,
    weigh_origins,
)
from analysis.paths import PROJECT

KNOWN = pd.read_csv(PROJECT / "tests" / "known_answers" / "verdicts.csv", dtype=str, keep_default_na=False)
TIERS = st.lists(st.integers(1, 3), max_size=4)


def tiers(text):
    return [int(tier) for tier in text.split()]


def values_of(*spans, origins=None):
    """Dated values from (first, last) days."""
    rows = [
        {"kind": "date", "value": f"v{n}", "start": pd.Timestamp(first), "end": pd.Timestamp(last), "low": None,
         "high": None, "origin": (origins or {}).get(n, f"o{n}")}
        for n, (first, last) in enumerate(spans)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def answer(value, kind="yesno"):
    return pd.Series({"kind": kind, "value": value})


def page(origin, stance="for", origin_tier=2, page_tier=2):
    return {"origin": origin, "origin_tier": origin_tier, "page_tier": page_tier, "stance": stance}


def test_values_are_compared_with_the_finest_of_each_version_alone(monkeypatch):
    asked = []
    compare = verdicts.compare_values
    monkeypatch.setattr(verdicts, "compare_values", lambda *given: asked.append(given) or compare(*given))
    spans = [(f"2025-11-{1 + n % 3:02d}", f"2025-11-{1 + n % 3:02d}") for n in range(300)]
    assert create_versions(values_of(*spans))["version"].value_counts().tolist() == [100, 100, 100]
    assert len(asked) == 3 * 300


@pytest.mark.parametrize("case", KNOWN.to_dict("records"), ids=lambda case: case["note"])
def test_known_verdicts(case):
    assert judge(tiers(case["for"]), tiers(case["against"]), tiers(case["partly"])) == case["verdict"]


def test_two_wire_copies_are_one_origin():
    copies = pd.DataFrame([page("AFP"), page("AFP", page_tier=3)])
    assert judge_pages(copies) == "single source"
    apart = copies.assign(origin=["AFP", "Reuters"])
    assert judge_pages(apart) == "supported"


def test_an_aggregator_copy_adds_nothing():
    alone = pd.DataFrame([page("BBC", page_tier=3)])
    again = pd.concat([alone] * 3, ignore_index=True)
    columns = ["origin", "stance", "tier"]
    assert weigh_origins(alone)[columns].equals(weigh_origins(again)[columns])


def test_an_origin_seen_in_copies_alone_weighs_as_a_copy():
    weighed = weigh_origins(pd.DataFrame([page("Kremlin", origin_tier=1, page_tier=3)]))
    assert weighed["tier"].tolist() == [3]
    carried = weigh_origins(pd.DataFrame([page("Kremlin", origin_tier=1), page("Kremlin", origin_tier=1, page_tier=3)]))
    assert carried["tier"].tolist() == [1]


def test_an_origin_whose_pages_differ_speaks_in_part():
    weighed = weigh_origins(pd.DataFrame([page("Le Monde"), page("Le Monde", stance="against")]))
    assert weighed["stance"].tolist() == ["partly"]


def test_an_official_source_contradicts():
    pages = pd.DataFrame([page("a"), page("b"), page("Kremlin", stance="against", origin_tier=1)])
    assert judge_pages(pages) == "contradicted"
    reported = pages.assign(origin_tier=2)
    assert judge_pages(reported) == "disputed"


def test_versions_that_differ_only_in_precision_agree():
    values = values_of(("2025-11-19", "2025-11-19"), ("2025-11-01", "2025-11-30"), ("2025-01-01", "2025-12-31"))
    assert set(create_versions(values)["version"]) == {0}
    assert set(create_versions(values_of(("2025-11-19", "2025-11-19"), ("2025-11-20", "2025-11-20")))["version"]) == {
        0,
        1,
    }


def test_a_tolerance_lets_neighbouring_days_agree():
    values = values_of(("2025-12-30", "2025-12-30"), ("2025-12-31", "2025-12-31"))
    assert set(create_versions(values, tolerance=1)["version"]) == {0}


def test_versions_do_not_hang_on_the_order_of_rows():
    spans = [("2025-11-19", "2025-11-19"), ("2025-11-01", "2025-11-30"), ("2025-10-25", "2025-10-25")]
    found = {
        tuple(create_versions(values_of(*order))[["start", "version"]].itertuples(index=False, name=None))
        for order in permutations(spans)
    }
    assert len(found) == 1


def test_the_version_of_most_origins_leads_and_not_that_of_most_pages():
    spans = [("2025-01-01", "2025-01-01")] * 3 + [("2025-02-01", "2025-02-01")] * 2
    values = values_of(*spans, origins={0: "AFP", 1: "AFP", 2: "AFP"})
    leading = create_versions(values).query("version == 0")
    assert leading["start"].dt.month.unique().tolist() == [2]


def test_in_part_excludes_neither_yes_nor_no():
    assert compare_values(answer("partly"), answer("yes")) == "partly"
    assert compare_values(answer("no"), answer("partly")) == "partly"
    assert compare_values(answer("no"), answer("yes")) == "against"


def test_answers_that_may_both_hold_do_not_exclude_each_other():
    stops = answer("Niger", "category"), answer("Burkina Faso", "category")
    assert compare_values(*stops, excludes=False) == "partly"
    assert compare_values(*stops) == "against"


def test_a_date_and_a_number_cannot_be_compared():
    with pytest.raises(MeasureError, match="'yesno' cannot be compared with a 'category'"):
        compare_values(answer("yes"), answer("yes", "category"))


@given(TIERS, TIERS, TIERS)
def test_more_support_never_makes_a_verdict_worse(supporting, opposing, differing):
    before, after = judge(supporting, opposing, differing), judge([*supporting, 1], opposing, differing)
    settled = ("supported", "single source", "disputed", "contradicted")
    if before in settled:
        assert settled.index(after) <= settled.index(before)
    else:
        assert after == "single source"


@given(TIERS, TIERS, TIERS)
def test_the_order_of_origins_is_irrelevant(supporting, opposing, differing):
    given_so = judge(supporting, opposing, differing)
    assert given_so in VERDICTS
    assert given_so == judge(supporting[::-1], opposing[::-1], differing[::-1])


def test_a_statement_stands_as_its_weakest_part():
    assert combine(["supported", "contradicted", "disputed"]) == "contradicted"
    assert combine(["supported", "not found"]) == "not found"
    assert combine([]) == "not found"


def test_a_measure_is_judged_by_its_interval_and_a_correlation_by_its_p_value():
    assert judge_measure(1.0, float("nan"), (True, False)) == "not found"
    assert judge_measure(-2.0, -1.0, (False, False)) == "contradicted"
    assert judge_correlation(0.6, 0.01, is_positive=False, level=0.1) == "contradicted"
    assert judge_correlation(None, None, is_positive=True, level=0.1) == "not found"
