"""States beside each other, and one answer beside those of other weights."""

import numpy as np
import pandas as pd
import pytest
from measures_cases import YEAR, event, known_answers, pair, parse, tables

from analysis.measures import MeasureError, balance, compare_states, compare_weights, create_engagements, depth, tilt
from analysis.measures.compare import _percentiles

POWERS = ["FRA", "RUS"]
WEIGHTINGS = ["reviewed", "derived", "unweighted", "confirmed only", "without largest event"]


@pytest.mark.parametrize("case", known_answers("percentile.csv"), ids=lambda case: case["note"])
def test_percentiles(case):
    expected = [float(text) for text in case["percentiles"].split()] or [np.nan]
    found = _percentiles(np.array([float(text) for text in case["amounts"].split()]))
    assert found.tolist() == pytest.approx(expected, nan_ok=True)


def three_states() -> tuple[pd.DataFrame, pd.DataFrame]:
    made = [
        parse("T1 FRA +1; T2 FRA +1; T3 RUS +1; T4 RUS +1; T5 RUS +1; T6 RUS -3; T7 CHN +2"),
        parse("B1 FRA +3", state="BEN"),
        parse("G1 FRA -3", state="GHA"),
    ]
    return pd.concat([one for one, _ in made]), pd.concat([other for _, other in made])


def test_states_are_those_measured_one_by_one():
    frame = compare_states(*three_states(), ["GHA", "TGO", "BEN"], [*POWERS, "CHN"], *YEAR)
    assert frame.columns.tolist() == [
        "state", "tilt", "low", "high", "depth", "depth_percentile", "n_events", "reason",
    ]  # fmt: skip
    assert frame["state"].tolist() == ["GHA", "TGO", "BEN"]
    assert frame["tilt"].tolist() == pytest.approx([np.nan, -0.2, 1.0], nan_ok=True)
    assert frame["depth"].tolist() == pytest.approx([0, 7 / (366 / 365.25), 3 / (366 / 365.25)])
    assert frame["depth_percentile"].tolist() == [0, 100, 50]
    assert frame["n_events"].tolist() == [0, 5, 1]
    assert frame["reason"].tolist() == ["no cooperation with either power", "", "too few events"]
    rows = create_engagements(*three_states(), "TGO", [*POWERS, "CHN"], *YEAR)
    alone = tilt(rows, *POWERS)
    assert frame.loc[1, ["low", "high"]].tolist() == [alone.low, alone.high]
    assert frame.loc[1, "depth"] == depth(rows, [*POWERS, "CHN"], *YEAR)
    assert balance(rows, [*POWERS, "CHN"]).n_events == 6


def test_options_reach_the_tilt():
    frame = compare_states(*three_states(), ["TGO", "BEN"], POWERS, *YEAR, minimum_events=6, draws=10)
    assert frame["reason"].tolist() == ["too few events", "too few events"]


def test_weightings_worked_by_hand():
    certainty = {"E1": "confirmed", "E2": "disputed", "E3": "confirmed", "E4": "single_source"}
    pairs = [
        pair("E1", "TGO", "FRA", 3.0, derived_score=2.0),
        pair("E2", "TGO", "FRA", 1.0, derived_score=8.0),
        pair("E3", "TGO", "RUS", 1.0, derived_score=6.0),
        pair("E4", "TGO", "RUS", 3.0, derived_score=4.0),
        pair("E4", "TGO", "FRA", 1.0, derived_score=4.0),
    ]
    made = tables(pairs, [event(one, certainty=certain) for one, certain in certainty.items()])
    frame = compare_weights(*made, "TGO", POWERS, *YEAR, minimum_events=1)
    assert frame["weighting"].tolist() == WEIGHTINGS
    # reviewed 5 and 4; derived 14 and 10; unweighted 3 and 2; confirmed 3 and 1; without E4 4 and 1
    assert frame["tilt"].tolist() == pytest.approx([1 / 9, 4 / 24, 1 / 5, 2 / 4, 3 / 5])
    assert frame["n_events"].tolist() == [4, 4, 4, 2, 3]
    assert (frame["low"] <= frame["high"]).all()


def test_weightings_say_why_they_have_no_answer():
    frame = compare_weights(*parse("E1 FRA +1"), "TGO", POWERS, *YEAR)
    assert frame["reason"].tolist() == ["too few events"] * 3 + ["no cooperation with either power"] * 2
    assert frame["tilt"].isna().tolist() == [False] * 3 + [True] * 2
    nothing = compare_weights(*parse("E1 FRA +1"), "GHA", POWERS, *YEAR)
    assert set(nothing["reason"]) == {"no cooperation with either power"}


def test_swapping_the_powers_flips_every_weighting():
    one = compare_weights(*three_states(), "TGO", POWERS, *YEAR)
    other = compare_weights(*three_states(), "TGO", POWERS[::-1], *YEAR)
    pd.testing.assert_series_equal(one["tilt"], -other["tilt"], check_exact=True)
    pd.testing.assert_series_equal(one["low"], -other["high"], check_exact=True, check_names=False)


@pytest.mark.parametrize(
    ("states", "powers", "message"),
    [
        (["TGO"], ["FRA"], "powers must hold at least 2"),
        (["TGO", "TGO"], POWERS, "states must differ.*TGO"),
        (["TGO", "FRA"], POWERS, "FRA is both the state and among"),
        ([], POWERS, "states must hold at least 1"),
    ],
)
def test_bad_lists_of_states_are_named(states, powers, message):
    with pytest.raises(MeasureError, match=message):
        compare_states(*three_states(), states, powers, *YEAR)


def test_bad_lists_of_powers_are_named():
    with pytest.raises(MeasureError, match="powers must hold at least 2"):
        compare_weights(*three_states(), "TGO", ["FRA"], *YEAR)
    with pytest.raises(MeasureError, match="TGO is both the state and among powers"):
        compare_weights(*three_states(), "TGO", ["FRA", "TGO"], *YEAR)
