"""Betweenness in the trade network: small graphs by hand, scale and order, what is refused."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_cases import QUICK, known_answers

from analysis.measures.betweenness import trade_betweenness
from analysis.measures.checks import MeasureError
from analysis.paths import PROJECT

STATES = "ABCDE"
FLOWS = st.lists(
    st.tuples(st.sampled_from(STATES), st.sampled_from(STATES), st.sampled_from([0.0, 1.0, 2.0, 4.0, 8.0])), max_size=15
)


def flows(text: str) -> pd.DataFrame:
    rows = [part.split() for part in text.split(";")]
    return pd.DataFrame(rows, columns=["source", "target", "value"]).astype({"value": float})


@pytest.mark.parametrize("case", known_answers("betweenness.csv"), ids=lambda case: case["note"])
def test_known_answers(case):
    found = trade_betweenness(flows(case["flows"]), directed=case["directed"] == "yes", alpha=float(case["alpha"]))
    expected = dict(part.split() for part in case["betweenness"].split(";"))
    assert dict(zip(found["state"], found["betweenness"], strict=True)) == pytest.approx(
        {state: float(value) for state, value in expected.items()}, abs=1e-11
    )


@QUICK
@given(FLOWS, st.booleans(), st.randoms(use_true_random=False), st.sampled_from([0.25, 4.0]))
def test_neither_order_nor_unit_of_the_flows_matters(rows, directed, random, factor):
    table = pd.DataFrame(rows, columns=["source", "target", "value"])
    order = list(range(len(table)))
    random.shuffle(order)
    plain = trade_betweenness(table, directed=directed)
    moved = table.iloc[order].assign(value=lambda frame: frame["value"] * factor)
    pd.testing.assert_frame_equal(trade_betweenness(moved, directed=directed), plain)
    assert plain["betweenness"].dropna().between(0, 1).all()


def test_what_is_not_known_makes_no_tie_and_is_counted():
    found = trade_betweenness(flows("A B 1; B C 1; A C nan; C D 0")).set_index("state")
    assert found["n_unknown"].to_dict() == {"A": 1, "B": 0, "C": 1, "D": 0}
    assert found["n_partners"].to_dict() == {"A": 1, "B": 2, "C": 1, "D": 0}
    assert found.loc["B", "betweenness"] == pytest.approx(1 / 3)


def test_numbers_serve_as_states():
    numbered = flows("1 2 1; 2 3 1").astype({"source": int, "target": int})
    assert trade_betweenness(numbered)["state"].tolist() == [1, 2, 3]


def test_two_states_have_nobody_to_stand_between():
    assert np.isnan(trade_betweenness(flows("A B 1"))["betweenness"]).all()
    assert trade_betweenness(flows("A B 1").iloc[:0]).empty


@pytest.mark.parametrize(
    ("table", "alpha", "message"),
    [
        (flows("A B 1").drop(columns="value"), 1.0, "trade has no column value"),
        (flows("A B -1"), 1.0, "finite and not negative"),
        (flows("A B inf"), 1.0, "finite and not negative"),
        (flows("A B 1").assign(target=None), 1.0, "without source or target"),
        (flows("A B 1"), -1.0, "alpha is -1.0"),
    ],
)
def test_what_is_wrong_with_trade_is_named(table, alpha, message):
    with pytest.raises(MeasureError, match=message):
        trade_betweenness(table, alpha=alpha)


def test_networkx_is_imported_where_it_is_used():
    code = "import sys, analysis.measures.betweenness; print('networkx' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=PROJECT)
    assert shown.stdout.strip() == "False"
