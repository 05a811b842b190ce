"""Balance and depth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_cases import QUICK, YEAR, engage, event, known_answers, number, pair, tables

from analysis.measures import MeasureError, balance, create_engagements, depth

POWERS = ["FRA", "RUS", "CHN", "USA"]
AMOUNTS = st.lists(st.integers(0, 9), min_size=4, max_size=4)


def amounts_text(amounts: list[int]) -> str:
    return "; ".join(f"E{i} {power} {amount}" for i, (power, amount) in enumerate(zip(POWERS, amounts, strict=True)))


@pytest.mark.parametrize("case", known_answers("balance.csv"), ids=lambda case: case["note"])
def test_known_answers(case):
    powers = case["powers"].split()
    spread = balance(engage(case["events"]), powers)
    assert spread.shares == pytest.approx(dict(zip(powers, map(float, case["shares"].split()), strict=True)))
    for field in ("evenness", "effective_number"):
        expected = number(case[field])
        assert getattr(spread, field) == (expected if expected is None else pytest.approx(expected, abs=1e-11))
    assert spread.n_events == int(case["n_events"])


@QUICK
@given(AMOUNTS)
def test_shares_add_up_and_both_numbers_keep_their_bounds(amounts):
    spread = balance(engage(amounts_text(amounts)), POWERS)
    assert sum(spread.shares.values()) == pytest.approx(1 if any(amounts) else 0)
    if any(amounts):
        assert 0 <= spread.evenness <= 1
        assert 1 - 1e-12 <= spread.effective_number <= 4 + 1e-12


@QUICK
@given(st.integers(1, 9), st.integers(2, 4))
def test_equal_shares_are_wholly_even(amount, n):
    spread = balance(engage(amounts_text([amount] * 4)), POWERS[:n])
    assert spread.evenness == pytest.approx(1, abs=1e-12)
    assert spread.effective_number == pytest.approx(n)


@QUICK
@given(AMOUNTS)
def test_neither_the_order_of_rows_nor_of_powers_matters(amounts):
    rows = engage(amounts_text(amounts))
    spread, other = balance(rows, POWERS), balance(rows.iloc[::-1], POWERS[::-1])
    assert other.shares == spread.shares
    assert other.evenness == pytest.approx(spread.evenness, abs=1e-12)


def test_depth_is_cooperation_a_year():
    rows = engage("E1 FRA +3; E2 RUS +1; E3 RUS -2; E4 CHN +3")
    assert depth(rows, ["FRA", "RUS"], *YEAR) == pytest.approx(4 / (366 / 365.25))
    assert depth(rows, ["RUS"], *YEAR) == pytest.approx(1 / (366 / 365.25))
    assert depth(rows, ["USA"], *YEAR) == 0


def test_depth_counts_only_the_days_inside():
    pairs, events = tables([pair("E1", "TGO", "FRA", 3.0)], [event("E1", "2024-12-22", "2024-12-31")])
    rows = create_engagements(pairs, events, "TGO", ["FRA"], *YEAR)
    assert depth(rows, ["FRA"], "2024-01-01", "2024-12-23") == pytest.approx(0.6 / (358 / 365.25))


def test_bad_inputs_are_named():
    rows = engage("E1 FRA +1")
    with pytest.raises(MeasureError, match=r"must differ.*FRA"):
        balance(rows, ["FRA", "FRA"])
    with pytest.raises(MeasureError, match="no column cooperation"):
        balance(rows.drop(columns="cooperation"), ["FRA"])
    with pytest.raises(MeasureError, match="is after end"):
        depth(rows, ["FRA"], *YEAR[::-1])
