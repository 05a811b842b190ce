"""Engagement: which events count, for how much, in which window."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_cases import QUICK, YEAR, engage, event, known_answers, pair, parse, tables

import analysis.measures as measures
from analysis.errors import TightropeError
from analysis.measures import MeasureError, create_engagements, engagement_by_month, words_and_deeds
from analysis.measures.engagement import ENGAGEMENT_COLUMNS

POWERS = ["FRA", "RUS"]
DAYS = st.integers(0, 800).map(lambda day: pd.Timestamp("2023-01-01") + pd.Timedelta(days=day))


@st.composite
def dated_tables(draw):
    """Up to eight events of TGO with either power, anywhere around 2024, up to 400 days long."""
    rows = draw(
        st.lists(
            st.tuples(DAYS, st.integers(0, 400), st.sampled_from(POWERS), st.sampled_from([-3, -1, 0, 1, 2, 3])),
            max_size=8,
        )
    )
    events = [
        event(f"E{i}", start.isoformat(), (start + pd.Timedelta(days=n)).isoformat())
        for i, (start, n, *_) in enumerate(rows)
    ]
    return tables([pair(f"E{i}", "TGO", power, weight) for i, (_, _, power, weight) in enumerate(rows)], events)


def test_the_public_names():
    assert sorted(measures.__all__) == [
        "Balance", "BalanceChange", "MeasureError", "Tilt", "balance", "compare_spans", "compare_states",
        "compare_weights", "count_standings", "create_engagements", "depth", "engagement_by_month", "largest_event",
        "measure_balance_change", "rolling_tilt", "split_halves", "split_years", "tilt", "words_and_deeds",
    ]  # fmt: skip
    assert all(hasattr(measures, name) for name in measures.__all__)


@pytest.mark.parametrize("case", known_answers("window_share.csv"), ids=lambda case: case["note"])
def test_the_share_of_the_days_inside_the_window(case):
    dates = event("E1", case["date_start"], case["date_end"])
    rows = create_engagements(
        *tables([pair("E1", "TGO", "FRA", 3.0)], [dates]), "TGO", POWERS, case["start"], case["end"]
    )
    share = int(case["days_inside"]) / int(case["days"])
    assert rows["window_share"].tolist() == ([share] if share else [])
    assert rows["cooperation"].tolist() == pytest.approx([3 * share] if share else [])


def test_columns_types_and_order():
    rows = engage("E3 RUS +1; E1 RUS -2 FRA +3")
    assert list(rows.columns) == list(ENGAGEMENT_COLUMNS)
    assert rows[["event_id", "power"]].values.tolist() == [["E1", "FRA"], ["E1", "RUS"], ["E3", "RUS"]]
    assert rows["cooperation"].tolist() == [3, 0, 1]
    assert rows["conflict"].tolist() == [0, 2, 0]
    assert rows["date_start"].dtype == "datetime64[ns]"
    assert rows["is_material"].dtype == bool


def test_a_frame_without_rows_has_the_same_columns_and_types():
    some = engage("E1 FRA +1")
    nobody_with_it = create_engagements(*parse("E1 FRA +1"), "GHA", POWERS, *YEAR)
    no_rows_at_all = engage("")
    for none in (nobody_with_it, no_rows_at_all):
        assert len(none) == 0
        assert none.dtypes.to_dict() == some.dtypes.to_dict()


def test_only_the_pair_of_state_and_power_counts():
    pairs, events = parse("E1 FRA +1")
    others, _ = tables(
        [pair("E1", "BEN", "FRA", 3.0), pair("E1", "FRA", "RUS", 3.0), pair("E1", "BEN", "TGO", 3.0)], []
    )
    rows = create_engagements(pd.concat([others, pairs]), events, "TGO", POWERS, *YEAR)
    assert rows[["state", "power", "weight"]].values.tolist() == [["TGO", "FRA", 1.0]]


def test_a_state_that_sorts_before_the_power_counts_alike():
    rows = create_engagements(*parse("E1 FRA +2", state="BEN"), "BEN", ["FRA"], *YEAR)
    assert rows["weight"].tolist() == [2.0]


def test_a_domestic_row_never_counts():
    pairs, events = tables([pair("E1", "TGO", "TGO", 3.0)], [event("E1")])
    assert len(create_engagements(pairs, events, "TGO", POWERS, *YEAR)) == 0


def test_a_missing_weight_is_absent_and_a_zero_is_there():
    pairs, events = parse("E1 FRA +1; E2 FRA 0; E3 FRA +1")
    pairs.loc[pairs["event_id"] == "E3", "weight"] = np.nan
    rows = create_engagements(pairs, events, "TGO", POWERS, *YEAR)
    assert rows["event_id"].tolist() == ["E1", "E2"]
    assert rows["cooperation"].tolist() == [1.0, 0.0]


def test_derived_weights_are_the_goldstein_points_and_say_so():
    rows = create_engagements(*parse("E1 FRA +1"), "TGO", POWERS, *YEAR, weight="derived")
    assert rows[["weight", "weight_basis"]].values.tolist() == [[2.0, "derived"]]


@pytest.mark.parametrize(
    ("direction", "expected"),
    [("both", ["E1", "E2", "E3", "E4"]), ("from_state", ["E1"]), ("from_power", ["E2"])],
)
def test_the_direction_of_acts(direction, expected):
    initiators = {"E1": "TGO", "E2": "FRA", "E3": None, "E4": "BEN"}
    pairs = [pair(event_id, "TGO", "FRA", 1.0, initiator=by) for event_id, by in initiators.items()]
    rows = create_engagements(
        *tables(pairs, [event(one) for one in initiators]), "TGO", POWERS, *YEAR, direction=direction
    )
    assert rows["event_id"].tolist() == expected


def test_words_and_deeds_are_kept_apart():
    quads = {"E1": "verbal_cooperation", "E2": "material_cooperation", "E3": "material_conflict", "E4": None}
    weights = {"E1": 1.0, "E2": 2.0, "E3": -3.0, "E4": 1.0}
    pairs = [pair(one, "TGO", "FRA", weight) for one, weight in weights.items()]
    rows = create_engagements(
        *tables(pairs, [event(one, quad_class=q) for one, q in quads.items()]), "TGO", POWERS, *YEAR
    )
    assert words_and_deeds(rows, POWERS).values.tolist() == [
        ["FRA", "words", 2, 0, 2],
        ["FRA", "deeds", 2, 3, 2],
        ["RUS", "words", 0, 0, 0],
        ["RUS", "deeds", 0, 0, 0],
    ]


def test_an_event_is_spread_over_the_months_of_its_days():
    pairs, events = tables([pair("E1", "TGO", "FRA", 3.0)], [event("E1", "2024-01-31", "2024-02-02")])
    rows = create_engagements(pairs, events, "TGO", POWERS, *YEAR)
    months = engagement_by_month(rows, ["FRA"], *YEAR)
    assert months["cooperation"].tolist() == pytest.approx([1, 2] + [0] * 10)
    assert months["n_events"].tolist() == [1, 1] + [0] * 10
    assert months["month"].tolist() == list(pd.date_range("2024-01-01", periods=12, freq="MS"))


@QUICK
@given(dated_tables())
def test_the_months_add_up_to_the_window(made):
    start, end = "2024-01-11", "2024-11-05"
    rows = create_engagements(*made, "TGO", POWERS, start, end)
    months = engagement_by_month(rows, POWERS, start, end)
    assert len(months) == 11 * 2
    for amount in ("cooperation", "conflict"):
        total = rows.groupby("power")[amount].sum().reindex(POWERS, fill_value=0.0)
        monthly = months.groupby("power")[amount].sum().reindex(POWERS)
        assert np.abs(monthly - total).max() < 1e-9


@QUICK
@given(dated_tables(), st.randoms(use_true_random=False))
def test_row_order_does_not_matter(made, random):
    pairs, events = made
    order = list(range(len(pairs)))
    random.shuffle(order)
    shuffled = create_engagements(pairs.iloc[order], events.iloc[order[::-1]], "TGO", POWERS, *YEAR)
    straight = create_engagements(pairs, events, "TGO", POWERS, *YEAR)
    pd.testing.assert_frame_equal(shuffled, straight)
    pd.testing.assert_frame_equal(
        engagement_by_month(straight.iloc[::-1], POWERS, *YEAR), engagement_by_month(straight, POWERS, *YEAR)
    )


def test_a_wider_window_than_that_of_the_engagements_is_an_error():
    pairs, events = tables([pair("E1", "TGO", "FRA", 3.0)], [event("E1", "2023-12-01", "2024-01-31")])
    rows = create_engagements(pairs, events, "TGO", POWERS, *YEAR)
    assert engagement_by_month(rows, POWERS, *YEAR)["n_events"].sum() == 1
    with pytest.raises(MeasureError, match=r"narrower window.*E1"):
        engagement_by_month(rows, POWERS, "2023-01-01", "2024-12-31")


def changed(frame: pd.DataFrame, event_id: str, **values) -> pd.DataFrame:
    frame = frame.copy()
    for column, value in values.items():
        frame.loc[frame["event_id"] == event_id, column] = value
    return frame


PAIRS, EVENTS = parse("E1 FRA +1; E2 RUS +1")


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"weight": "heavy"}, "unknown weight 'heavy'; accepted: reviewed, derived"),
        ({"direction": "up"}, "unknown direction 'up'; accepted: both, from_state, from_power"),
        ({"start": "2025-01-01"}, "start 2025-01-01 is after end 2024-12-31"),
        ({"start": "soon"}, "start is not a date: 'soon'"),
        ({"end": None}, "end is not a date|end must be a date"),
        ({"end": pd.Timestamp("2024-12-31", tz="UTC")}, "end must be a date without time zone"),
        ({"powers": ["FRA", "RUS", "FRA"]}, "powers must differ.*more than once: FRA"),
        ({"powers": ["FRA", "TGO"]}, "TGO is both the state and among powers"),
        ({"powers": []}, "powers must hold at least 1"),
        ({"powers": "FRA"}, "powers must be a list of actor codes, not the text 'FRA'"),
        ({"dyad_events": PAIRS.drop(columns=["weight", "salience"])}, "dyad_events has no column salience, weight"),
        ({"events": EVENTS.drop(columns="quad_class")}, "events has no column quad_class"),
        ({"events": EVENTS[EVENTS["event_id"] != "E2"]}, "events has no row for E2"),
        ({"events": pd.concat([EVENTS, EVENTS])}, "events must hold each event once.*E1, E2"),
        ({"dyad_events": pd.concat([PAIRS, PAIRS])}, "stands once with each power.*E1, E2"),
        ({"events": changed(EVENTS, "E2", date_end=pd.Timestamp("2020-01-01"))}, "date_start no later than.*E2"),
        ({"events": changed(EVENTS, "E1", date_start=pd.NaT)}, "date_start no later than.*E1"),
    ],
)
def test_a_bad_input_is_named(inputs, message):
    good = {
        "dyad_events": PAIRS, "events": EVENTS, "state": "TGO", "powers": POWERS, "start": YEAR[0], "end": YEAR[1],
    }  # fmt: skip
    assert len(create_engagements(**good)) == 2
    with pytest.raises(MeasureError, match=message) as raised:
        create_engagements(**good | inputs)
    assert isinstance(raised.value, TightropeError)
    assert isinstance(raised.value, ValueError)


def test_frames_that_no_measure_can_work_with():
    rows = engage("E1 FRA +1")
    with pytest.raises(MeasureError, match="engagements has no column is_material"):
        words_and_deeds(rows.drop(columns="is_material"), POWERS)
    with pytest.raises(MeasureError, match="those of one state; given: BEN, TGO"):
        words_and_deeds(pd.concat([rows, rows.assign(state="BEN")]), POWERS)
    with pytest.raises(MeasureError, match="once with each power; more than once: E1"):
        words_and_deeds(pd.concat([rows, rows]), POWERS)
