"""Pressure at home, its correlation with engagement abroad, and the response around a kind of event."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_cases import QUICK, event, pair, tables
from series_cases import as_series, draw_noise, draw_weights, is_uniform

from analysis.measures import create_engagements
from analysis.measures.checks import MeasureError
from analysis.measures.epochs import join_epochs, select_epochs
from analysis.measures.examples import example_home
from analysis.measures.lags import correlate_series
from analysis.measures.periods import density
from analysis.measures.pressure import KINDS, NO_KIND, create_pressure, pressure_series
from analysis.measures.responses import EpochResponse, measure_response
from analysis.reference import load
from analysis.store import read_table

YEAR = ("2024-01-01", "2024-12-31")
RUNS = 200
MONTHS = 72
WINDOW = ("2020-01-01", "2025-12-31")


# Pressure


def home_classes(events: pd.DataFrame, event_actors: pd.DataFrame) -> set[str]:
    """Classes of events among the actors of one state, or of a domestic, judicial or media matter."""
    sides = event_actors[event_actors["position"].isin(["source", "target"])]
    states = sides.assign(state=sides["state"].fillna("none of a state")).groupby("event_id")["state"].agg(set)
    alone = {event_id for event_id, found in states.items() if len(found) == 1 and found != {"none of a state"}}
    is_home = events["event_id"].isin(alone) | events["domain"].isin(["domestic", "judicial", "media"])
    return set(events.loc[is_home, "event_class"].dropna())


def test_every_domestic_class_of_the_data_is_judged(built):
    found = home_classes(read_table("events", built), read_table("event_actors", built))
    judged = load("pressure_kinds")
    assert found - set(judged["event_class"]) == set()
    assert found - set(judged["event_class"]).difference({"protest"}) == {"protest"}  # an unlisted class is seen
    assert set(judged["kind"]) == {*KINDS, NO_KIND}
    assert judged["event_class"].is_unique
    assert judged["reason"].str.len().gt(0).all()
    assert set(judged["actors"]) <= {"own", "any"}
    is_some = judged["kind"].ne(NO_KIND)
    assert set(judged.loc[is_some, "weight"]) <= {"1", "2", "3"}
    assert set(judged.loc[~is_some, "weight"]) == {""}


def test_every_class_of_an_epoch_is_in_the_data(built):
    kinds = load("epoch_kinds")
    # Classes that other states' data would hold stand there too; most are ours.
    known = set(read_table("events", built)["event_class"])
    assert set(kinds["event_class"]) - known == set()
    assert set(kinds["whose"]) == {"own", "compared", "power"}
    assert not kinds.duplicated(["kind", "event_class"]).any()
    assert kinds["reason"].str.len().gt(0).all()


def test_what_is_done_to_foreigners_counts_only_where_the_table_says_so():
    pressure = create_pressure(*example_home(), "TGO", *YEAR)
    assert pressure["event_id"].tolist() == ["H1", "H2", "H4", "H5"]
    assert create_pressure(*example_home(), "FRA", *YEAR).empty  # acted upon, never acting


def test_relief_is_never_taken_off_pressure():
    pressure = create_pressure(*example_home(), "TGO", *YEAR)
    total = pressure_series(pressure, *YEAR)["value"].sum()
    kinds = {kind: pressure_series(pressure, *YEAR, kind=kind)["value"].sum() for kind in KINDS}
    assert kinds == {"protest": 2.0, "arrest": 2.0, "media": 2.0, "constitution": 0.0, "relief": 2.0}
    assert total == sum(kinds.values()) - kinds["relief"] == 6.0


def test_an_event_of_both_sides_can_be_left_out():
    pressure = create_pressure(*example_home(), "TGO", *YEAR)
    series = pressure_series(pressure, *YEAR, without=frozenset({"H4"}))
    assert series["value"].sum() == 4.0
    assert density(series).n_events == 2


def test_a_window_cuts_pressure():
    pressure = create_pressure(*example_home(), "TGO", "2024-02-01", "2024-04-30")
    assert pressure["event_id"].tolist() == ["H2"]
    events, event_actors, kinds = example_home()
    events.loc[events["event_id"] == "H2", ["date_start", "date_end"]] = pd.to_datetime(["2024-01-22", "2024-02-10"])
    spread = pressure_series(create_pressure(events, event_actors, kinds, "TGO", *YEAR), *YEAR)
    assert spread["value"].tolist()[:2] == [3.0, 1.0]


def test_no_events_are_no_pressure():
    events, event_actors, kinds = example_home()
    none = create_pressure(events.iloc[:0], event_actors, kinds, "TGO", *YEAR)
    assert none.empty
    assert pressure_series(none, *YEAR)["value"].tolist() == [0.0] * 12


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda kinds: pd.concat([kinds, kinds.iloc[:1]]), "more than once: protest"),
        (lambda kinds: kinds.assign(kind="riot"), "unknown kind of pressure riot"),
        (lambda kinds: kinds.drop(columns="actors"), "no column actors"),
    ],
)
def test_a_fault_in_the_table_of_kinds_is_named(change, said):
    events, event_actors, kinds = example_home()
    with pytest.raises(MeasureError, match=said):
        create_pressure(events, event_actors, change(kinds), "TGO", *YEAR)
    with pytest.raises(MeasureError, match="unknown kind 'riot'"):
        pressure_series(create_pressure(events, event_actors, kinds, "TGO", *YEAR), *YEAR, kind="riot")


# Lagged correlation


def months(values) -> pd.DataFrame:
    return as_series(values, "M")


@pytest.mark.parametrize("rate", [None, 0.5], ids=["noise", "mostly_empty"])
def test_p_values_of_unrelated_series_are_uniform(rate):
    draw = draw_noise if rate is None else lambda random, n: draw_weights(random, rate, n)
    values = []
    for seed in range(RUNS):
        random = np.random.default_rng(seed)
        pair_ = months(draw(random, MONTHS)), months(draw(random, MONTHS))
        values.append(correlate_series(*pair_, permutations=199, seed=seed).p_value)
    assert is_uniform(values, 1 / 200)
    assert not is_uniform(np.asarray(values) ** 2, 1 / 200)


def test_a_planted_lag_is_found():
    random = np.random.default_rng(3)
    first = random.normal(size=MONTHS)
    second = np.roll(first, 2) + 0.5 * random.normal(size=MONTHS)
    found = correlate_series(months(first), months(second))
    assert found.strongest == 2
    assert found.p_value == 0.001
    assert correlate_series(months(first), months(-second)).correlation == pytest.approx(-found.correlation, abs=0.02)


def test_the_periods_that_carry_a_correlation_are_named():
    first, second = np.zeros(MONTHS), np.zeros(MONTHS)
    first[[20, 50]], second[[22, 52]] = 5, -5
    found = correlate_series(months(first), months(second))
    assert (found.strongest, found.correlation < 0) == (2, True)
    assert [f"{day:%Y-%m}" for day in found.carriers] == ["2021-09", "2024-03"]
    turned = correlate_series(months(second), months(first))
    assert turned.strongest == -2
    assert [f"{day:%Y-%m}" for day in turned.carriers] == ["2021-11", "2024-05"]


def test_growing_attention_alone_is_no_correlation():
    random = np.random.default_rng(11)
    trend = np.linspace(0, 6, MONTHS)
    pair_ = (months(trend + random.normal(size=MONTHS)) for _ in range(2))
    assert correlate_series(*pair_).p_value > 0.05


def test_a_sparse_series_is_not_correlated():
    sparse = as_series(np.zeros(MONTHS), "M", n_events=[1] * 11 + [0] * (MONTHS - 11))
    found = correlate_series(months(np.arange(MONTHS)), sparse)
    assert (found.p_value, found.strongest, found.correlation) == (None, None, None)
    assert [one.is_enough for one in found.densities] == [True, False]


@QUICK
@given(st.lists(st.integers(-3, 5), min_size=12, max_size=30), st.integers(-9, 9))
def test_adding_to_all_values_changes_no_correlation(values, added):
    other = months(np.random.default_rng(2).normal(size=len(values)))
    one, two = (
        correlate_series(months([value + more for value in values]), other, permutations=9) for more in (0, added)
    )
    pd.testing.assert_frame_equal(one.lags, two.lags)
    assert one.lags["correlation"].abs().max() <= 1 + 1e-9


def test_series_of_other_months_are_refused():
    with pytest.raises(MeasureError, match="same periods"):
        correlate_series(months(range(12)), months(range(13)))
    with pytest.raises(MeasureError, match="lags is"):
        correlate_series(months(range(12)), months(range(12)), lags=())
    with pytest.raises(MeasureError, match="too few are left"):
        correlate_series(months(range(12)), months(range(12)), lags=(10,))


# Epochs


def spread_events(values) -> pd.DataFrame:
    """Engagements with FRA that make these net values in the months from January 2020."""
    first_days = pd.date_range(WINDOW[0], periods=len(values), freq="MS")
    some = [(day, value) for day, value in zip(first_days, values, strict=True) if value]
    events = [event(f"M{day:%Y%m}", f"{day:%Y-%m-%d}") for day, _ in some]
    pairs = [pair(f"M{day:%Y%m}", "TGO", "FRA", float(value)) for day, value in some]
    return create_engagements(*tables(pairs, events), "TGO", ["FRA"], *WINDOW)


def at(*places: int) -> pd.DataFrame:
    days = pd.date_range(WINDOW[0], periods=MONTHS, freq="MS")[list(places)] + pd.Timedelta(days=9)
    return pd.DataFrame({"event_id": [f"X{place}" for place in places], "date_start": days, "summary": "made up"})


def ask(values, selected: pd.DataFrame, **options) -> EpochResponse:
    return measure_response(spread_events(values), "FRA", selected, *WINDOW, **options)


def test_a_planted_response_is_found():
    random = np.random.default_rng(4)
    values = draw_weights(random, 0.6, MONTHS)
    places = (8, 20, 29, 41, 55, 64)
    values[np.array(places) + 1] += 4
    found = ask(values, at(*places))
    assert found.n_epochs == 6
    assert found.p_value < 0.05
    by_lag = found.response.set_index("lag")
    assert by_lag.at[1, "mean"] > by_lag.at[1, "high"]
    assert by_lag["n"].tolist() == [6] * 7


def p_values_without_a_response(draw) -> list[float]:
    rows, selected = spread_events(np.ones(MONTHS)), at(7, 19, 24, 40, 52, 63)
    return [
        measure_response(
            rows.assign(weight=draw(np.random.default_rng(seed), MONTHS)), "FRA", selected, *WINDOW
        ).p_value
        for seed in range(RUNS)
    ]


def test_p_values_without_a_response_are_uniform():
    values = p_values_without_a_response(draw_noise)
    assert min(values) >= 1 / MONTHS
    assert is_uniform(values, 1 / MONTHS)
    assert not is_uniform(np.asarray(values) ** 2, 1 / MONTHS)


def test_p_values_of_mostly_empty_months_are_no_smaller_than_uniform():
    from scipy.stats import kstest

    # Sums of few weights are often equal, and what is equal counts against the response: p-values are a little larger.
    values = np.array(p_values_without_a_response(lambda random, n: draw_weights(random, 0.5, n)))
    values -= np.random.default_rng(1).random(RUNS) / MONTHS
    assert kstest(values, "uniform", alternative="greater").pvalue > 0.01
    assert kstest(values**2, "uniform", alternative="greater").pvalue < 0.001


def test_by_hand():
    values = np.zeros(MONTHS)
    values[:24] = 1.0  # dense enough
    places = (26, 34, 42, 50, 58)
    values[[26, 34]] = 2.0
    found = ask(values, at(*places), before=1, after=1)
    assert found.response["mean"].tolist() == [0.0, 0.8, 0.0]
    # 72 months less 5 times 3; of the rest 24 have a value of 1
    assert found.rest == pytest.approx(24 / 57)
    assert found.effect == pytest.approx(0.4 - 24 / 57)


def test_an_event_is_no_response_to_itself():
    values = np.ones(MONTHS)
    selected = at(10, 20, 30, 40, 50)
    own = selected.assign(event_id=[f"M{day:%Y%m}" for day in selected["date_start"]])
    assert ask(values, selected).response["mean"].tolist() == [1.0] * 7
    assert ask(values, own).response.set_index("lag")["mean"].to_dict() == dict.fromkeys(range(-3, 4), 1.0) | {0: 0.0}


def test_a_month_stands_in_the_response_once():
    # 5 months apart: the second epoch has only one month before it that does not follow the first
    found = ask(np.arange(1, MONTHS + 1), at(10, 15, 30, 40, 50, 60))
    assert found.n_epochs == 6
    assert found.response["n"].tolist() == [5, 5, 6, 6, 6, 6, 6]


def test_epochs_at_the_edge_have_the_months_that_are_there():
    found = ask(np.arange(1, MONTHS + 1), at(1, 15, 30, 40, 71))
    assert found.response["n"].tolist() == [4, 4, 5, 5, 4, 4, 4]


@pytest.mark.parametrize(("places", "n_epochs"), [((), 0), ((10,), 1), ((10, 12, 13, 30, 40, 50), 4)])
def test_too_few_epochs_have_no_answer(places, n_epochs):
    found = ask(np.ones(MONTHS), at(*places))
    assert (found.n_epochs, found.has_few_epochs) == (n_epochs, True)
    assert (found.effect, found.rest, found.p_value) == (None, None, None)
    assert found.response.empty


def test_too_few_events_have_no_answer():
    values = np.zeros(MONTHS)
    values[:11] = 1
    found = ask(values, at(10, 20, 30, 40, 50))
    assert (found.has_few_epochs, found.density.is_enough, found.p_value) == (False, False, None)


def test_without_rest_there_is_no_answer():
    found = ask(np.ones(MONTHS), at(*range(3, 72, 7)))
    assert (found.has_few_epochs, found.density.is_enough, found.p_value) == (False, True, None)


@QUICK
@given(st.lists(st.integers(0, MONTHS - 1), max_size=12, unique=True))
def test_joined_epochs_are_apart_and_hold_every_event(places):
    joined = join_epochs(at(*sorted(places)))
    assert joined["n_events"].sum() == len(places)
    gaps = joined["month"].dt.to_period("M").astype("int64").diff().dropna()
    assert (gaps > 3).all()


def test_epochs_are_of_those_the_table_names():
    events, event_actors, _ = example_home()

    def chosen(event_class: str, whose: str, state: str = "TGO") -> list[str]:
        kinds = pd.DataFrame({"event_class": [event_class], "whose": [whose]})
        return select_epochs(events, event_actors, kinds, state, ["TGO", "BEN"], ["FRA"], *YEAR)["event_id"].tolist()

    assert chosen("arrest", "own") == ["H2"]
    assert chosen("arrest", "power") == ["H3"]
    assert chosen("arrest", "compared") == []
    assert chosen("arrest", "compared", "BEN") == ["H2", "H3"]
    with pytest.raises(MeasureError, match="unknown choice of whose events 'all'"):
        chosen("arrest", "all")


def test_an_event_that_has_no_month_is_no_epoch():
    events, event_actors, _ = example_home()
    events["date_end"] = events["date_start"] + pd.Timedelta(days=40)
    kinds = pd.DataFrame({"event_class": ["protest"], "whose": ["own"]})
    assert select_epochs(events, event_actors, kinds, "TGO", [], [], *YEAR).empty
