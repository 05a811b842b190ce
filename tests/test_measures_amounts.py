"""Amounts: their intervals hold how uncertain the number of events is, and shares of a few say of how many."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.amounts import NO_FIGURES, depth_percentile, net_margin, net_per_year, rank_figures
from analysis.measures.bootstrap import Bootstrap
from analysis.measures.examples import example_engagements

YEAR = ("2023-01-01", "2023-12-31")


def engage(prefix, amounts):
    return pd.DataFrame(
        {
            "event_id": [f"{prefix}{number}" for number in range(len(amounts))],
            "cooperation": np.asarray(amounts, dtype="float64"),
            "conflict": 0.0,
        }
    )


def test_events_of_one_weight_have_an_interval_since_their_number_is_uncertain():
    amount = net_per_year(engage("E", [1.0] * 16), *YEAR)
    # A Gamma(16) total: with the number held fixed, both ends would be 16.
    assert amount.low == pytest.approx(10.0, abs=0.6)
    assert amount.high == pytest.approx(23.1, abs=0.8)


def test_the_interval_covers_the_rate_of_a_poisson_process():
    random = np.random.default_rng(20200101)
    rate, hits, trials = 20.0, 0, 150
    for trial in range(trials):
        drawn = random.choice([1.0, 2.0, 4.0], size=random.poisson(rate))
        amount = net_per_year(engage(f"T{trial}-", drawn), *YEAR, bootstrap=Bootstrap(draws=400, seed=trial))
        hits += amount.low <= rate * 7 / 3 * 365.25 / 365 <= amount.high
    assert 0.82 <= hits / trials <= 0.96


def test_a_margin_says_how_little_it_is_held_against():
    others = {"GHA": engage("G", [2.0, 1.0]), "SEN": engage("S", []), "BEN": engage("B", [0.1] * 4)}
    amount = net_margin(engage("E", [2.0] * 6), others, *YEAR)
    assert amount.others_have == (2, 0, 4)


def test_shares_of_a_few_say_of_how_many():
    own = engage("E", [2.0] * 6)
    assert depth_percentile(own, {"GHA": engage("G", [1.0]), "SEN": engage("S", [])}).n_others == 2
    rows = pd.DataFrame({"name": ["a", "b", "c"], "low": [2.0, 3, 1], "high": [2.0, 3, 1]})
    assert rank_figures(rows.assign(row_ids=list("xyz"), outlets="Customs"), "a").n_others == 2


def test_beside_no_other_state_there_is_nothing_to_compare_with():
    own = example_engagements()
    for amount in (net_margin(own, {}, "2024-01-01", "2024-12-31"), depth_percentile(own, {})):
        assert (amount.value, amount.low, amount.high, amount.reason) == (None, None, None, NO_FIGURES)
