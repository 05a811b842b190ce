"""Similarity of two portfolios: known answers, properties, independent implementations, what is refused."""

import math
from dataclasses import asdict
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from measures_cases import QUICK, known_answers, number
from published_votes import ABSENT, SHARED

from analysis.measures.checks import MeasureError
from analysis.measures.similarity import (
    COMMITMENTS,
    MEASURES,
    RECIPES,
    Recipe,
    Similarity,
    add_commitment,
    compare_alliances,
    compare_portfolios,
)
from analysis.measures.similarity.coefficients import distances
from analysis.measures.similarity.joint import count_jointly

ORDERED = ("y", "a", "n")
DISTANCES = ("absolute", "squared", "nominal")
PORTFOLIOS = st.lists(st.tuples(st.sampled_from("yan"), st.sampled_from("yan")), min_size=1, max_size=30)


def split(pairs):
    return [one for one, _ in pairs], [other for _, other in pairs]


def compare(pairs, **options) -> Similarity:
    return compare_portfolios(*split(pairs), categories=ORDERED, **options)


def values(alike: Similarity) -> dict:
    return {name: getattr(alike, name) for name in MEASURES}


def same(one: Similarity, other: Similarity) -> bool:
    close = all(
        (x is None and y is None) or (x is not None and y is not None and math.isclose(x, y, abs_tol=1e-12))
        for x, y in zip(values(one).values(), values(other).values(), strict=True)
    )
    return close and one.undefined == other.undefined


def slowly(pairs, distance="absolute", kappa_distance="squared", pi_distance="squared") -> dict:
    """The measures from their definitions, item by item and pair by pair."""
    apart = {
        "absolute": lambda x, y: abs(x - y) / 2,
        "squared": lambda x, y: (x - y) ** 2 / 4,
        "nominal": lambda x, y: float(x != y),
    }
    xs, ys = ([ORDERED.index(one) for one in side] for side in split(pairs))
    n = len(pairs)

    def observed(kind):
        return sum(apart[kind](x, y) for x, y in zip(xs, ys, strict=True)) / n

    def expected(kind, ones, others):
        return sum(apart[kind](x, y) for x in ones for y in others) / len(ones) / len(others)

    def corrected(kind, chance):
        return 1 - observed(kind) / chance if chance > 1e-15 else None

    def direction(one, other):
        return (one > other) - (one < other)

    turns = [(direction(xs[i], xs[j]), direction(ys[i], ys[j])) for i, j in combinations(range(n), 2)]
    untied = sum(x != 0 for x, _ in turns) * sum(y != 0 for _, y in turns)
    s = 1 - 2 * observed(distance)
    return {
        "agreement": sum(x == y for x, y in pairs) / n,
        "voeten_agreement": 1 - observed("absolute"),
        "s": s,
        "kappa": corrected(kappa_distance, expected(kappa_distance, xs, ys)),
        "pi": corrected(pi_distance, expected(pi_distance, xs + ys, xs + ys)),
        "tau_b": sum(x * y for x, y in turns) / math.sqrt(untied) if untied else None,
        "a": s - (1 - 2 * expected(distance, xs, ys)),
    }


@pytest.mark.parametrize("case", known_answers("similarity.csv"), ids=lambda case: case["note"])
def test_known_answers(case):
    a, b = ([None if one == "-" else one for one in case[side]] for side in ("one", "other"))
    alike = compare_portfolios(a, b, categories=ORDERED, distance=case["distance"])
    for name in MEASURES:
        expected = number(case[name])
        assert getattr(alike, name) == (expected if expected is None else pytest.approx(expected, abs=1e-11)), name
    assert (alike.n_common, alike.undefined) == (int(case["n_common"]), case["undefined"])


@pytest.mark.parametrize("case", known_answers("portfolio_1914.csv"), ids=lambda case: case["note"])
def test_published_values_of_germany_and_russia_in_1914(case):
    path = SHARED / "similarity" / "gmyrus14.csv"
    if not path.exists():
        pytest.skip(ABSENT)
    table = pd.read_csv(path)
    weights = table["syscap"].tolist() if case["weighted"] == "yes" else None
    kinds = dict.fromkeys(("distance", "kappa_distance", "pi_distance"), case["distance"])
    alike = compare_portfolios(
        table["gmy"].tolist(), table["rus"].tolist(), categories=[0, 1, 2, 3], weights=weights, **kinds
    )
    assert round(getattr(alike, case["measure"]), int(case["digits"])) == float(case["value"])


@QUICK
@given(PORTFOLIOS, *(st.sampled_from(DISTANCES) for _ in range(3)))
def test_it_is_what_the_definitions_say(pairs, distance, kappa_distance, pi_distance):
    kinds = {"distance": distance, "kappa_distance": kappa_distance, "pi_distance": pi_distance}
    found, expected = values(compare(pairs, **kinds)), slowly(pairs, **kinds)
    for name in MEASURES:
        assert found[name] == (None if expected[name] is None else pytest.approx(expected[name], abs=1e-12)), name


@QUICK
@given(PORTFOLIOS)
def test_squared_kappa_and_pi_follow_from_the_moments_as_in_haeges_files(pairs):
    x, y = (np.array([ORDERED.index(one) + 1.0 for one in side]) for side in split(pairs))
    squares, n = (x**2).sum() + (y**2).sum(), len(pairs)
    for name, below in (
        ("kappa", squares - 2 / n * x.sum() * y.sum()),
        ("pi", squares - (x.sum() + y.sum()) ** 2 / (2 * n)),
    ):
        found = getattr(compare(pairs), name)
        assert (found is None) == (abs(below) < 1e-9)
        assert found is None or found == pytest.approx(1 - ((x - y) ** 2).sum() / below, abs=1e-9)


@QUICK
@given(PORTFOLIOS)
def test_kappa_is_that_of_scikit_learn(pairs):
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is in the dev extra")
    for kind, weights in (("squared", "quadratic"), ("absolute", "linear"), ("nominal", None)):
        found = compare(pairs, kappa_distance=kind).kappa
        if found is not None:
            theirs = metrics.cohen_kappa_score(*split(pairs), labels=list(ORDERED), weights=weights)
            assert found == pytest.approx(theirs, abs=1e-12)


@QUICK
@given(PORTFOLIOS)
def test_tau_b_is_that_of_scipy(pairs):
    stats = pytest.importorskip("scipy.stats", reason="scipy comes with scikit-learn in the dev extra")
    found = compare(pairs).tau_b
    x, y = ([ORDERED.index(one) for one in side] for side in split(pairs))
    assert (found is None) == (len(set(x)) == 1 or len(set(y)) == 1)
    assert found is None or found == pytest.approx(stats.kendalltau(x, y).statistic, abs=1e-12)


@QUICK
@given(PORTFOLIOS)
def test_it_is_symmetric(pairs):
    assert same(compare(pairs), compare([(y, x) for x, y in pairs]))


@QUICK
@given(PORTFOLIOS)
def test_turning_the_order_of_the_categories_round_changes_nothing(pairs):
    turned = compare_portfolios(*split(pairs), categories=ORDERED[::-1])
    assert same(compare(pairs), turned)


@QUICK
@given(PORTFOLIOS, st.sampled_from(DISTANCES))
def test_it_stays_within_bounds(pairs, kind):
    alike = compare(pairs, distance=kind, kappa_distance=kind, pi_distance=kind)
    assert 0 <= alike.agreement <= 1
    assert 0 <= alike.voeten_agreement <= 1
    for name in ("s", "kappa", "pi", "tau_b"):
        value = getattr(alike, name)
        assert value is None or -1 <= value <= 1, name
    assert abs(alike.a) <= (4 / 3 if kind == "nominal" else 1)  # twice the greatest expected distance


@QUICK
@given(st.lists(st.sampled_from("yan"), min_size=1, max_size=30), st.sampled_from(DISTANCES))
def test_a_portfolio_is_wholly_like_itself(portfolio, kind):
    alike = compare([(one, one) for one in portfolio], distance=kind, kappa_distance=kind, pi_distance=kind)
    assert alike.agreement == alike.voeten_agreement == alike.s == 1
    has_variation = len(set(portfolio)) > 1
    for name in ("kappa", "pi", "tau_b"):
        assert getattr(alike, name) == (1 if has_variation else None)
    assert alike.undefined == ("" if has_variation else "kappa, pi, tau_b: no variation")


@QUICK
@given(PORTFOLIOS, st.randoms(use_true_random=False))
def test_the_order_of_items_changes_not_one_bit(pairs, random):
    shuffled = list(pairs)
    random.shuffle(shuffled)
    assert compare(shuffled) == compare(pairs)


@QUICK
@given(PORTFOLIOS)
def test_an_item_missing_in_one_or_both_changes_nothing(pairs):
    a, b = split(pairs)
    longer = compare_portfolios([*a, None, "y", None], [*b, "n", None, None], categories=ORDERED)
    assert longer == compare(pairs)


@QUICK
@given(PORTFOLIOS, st.data())
def test_an_item_of_weight_three_counts_as_three(pairs, data):
    weights = data.draw(st.lists(st.sampled_from([0, 1, 2, 3]), min_size=len(pairs), max_size=len(pairs)))
    assume(sum(weights) > 0)
    weighed = compare(pairs, weights=weights)
    repeated = compare([pair for pair, times in zip(pairs, weights, strict=True) for _ in range(times)])
    assert same(weighed, repeated)
    assert weighed.n_common == len(pairs)


@QUICK
@given(PORTFOLIOS)
def test_absolute_s_is_voetens_agreement_on_another_scale(pairs):
    alike = compare(pairs)
    assert alike.s == pytest.approx(2 * alike.voeten_agreement - 1, abs=1e-12)


def test_weights_of_nothing_measure_nothing():
    alike = compare([("y", "n"), ("n", "n")], weights=[0, 0])
    assert set(values(alike).values()) == {None}
    assert alike.n_common == 2
    assert alike.undefined == "agreement, voeten_agreement, s, kappa, pi, tau_b, a: no weight"


def test_distances_are_those_of_their_names():
    assert distances("absolute", 4)[0].tolist() == [0, 1, 2, 3]
    assert distances("squared", 4)[0].tolist() == [0, 1, 4, 9]
    assert distances("nominal", 4)[0].tolist() == [0, 1, 1, 1]


def test_a_joint_table_has_the_first_unit_in_its_rows():
    joint, n_common = count_jointly(np.array([[0, 1], [0, 2], [1, -1]], dtype=np.int8), 3)
    assert joint[0, :, 0].tolist() == [0, 1, 1]
    assert joint[1:, :, 0].sum() == 0
    assert n_common.tolist() == [2]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"a": ["y"]}, "one length; given: 1 and 2"),
        ({"a": ["y", "x"]}, "unknown category x; accepted: y, a, n"),
        ({"categories": ["y"]}, "categories must be 2 to 20 that differ"),
        ({"categories": ["y", "n", "y"]}, "categories must be 2 to 20 that differ"),
        ({"weights": [1.0]}, "weights must be 2 numbers"),
        ({"weights": [1.0, -1.0]}, "finite and not negative"),
        ({"weights": [1.0, float("nan")]}, "finite and not negative"),
        ({"distance": "cubic"}, "unknown distance 'cubic'; accepted: absolute, squared, nominal"),
        ({"kappa_distance": "cubic"}, "unknown kappa_distance"),
        ({"pi_distance": "cubic"}, "unknown pi_distance"),
    ],
)
def test_what_is_wrong_with_two_portfolios_is_named(change, message):
    given_ = {"a": ["y", "n"], "b": ["n", "n"], "categories": ORDERED} | change
    with pytest.raises(MeasureError, match=message):
        compare_portfolios(given_.pop("a"), given_.pop("b"), **given_)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"absences": "ignore"}, "unknown absences 'ignore'; accepted: drop, abstain, keep"),
        ({"year": "fiscal"}, "unknown year"),
        ({"distance": "cubic"}, "unknown distance"),
        ({"absences": "keep"}, "no place between yes and no: distance is 'absolute'"),
        ({"absences": "keep", "distance": "nominal", "pi_distance": "nominal"}, "kappa_distance is 'squared'"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused(change, message):
    with pytest.raises(MeasureError, match=message):
        Recipe("mine", **change)


def test_the_recipes_are_those_of_the_literature():
    assert list(RECIPES) == ["tightrope", "haege", "voeten", "stevedata"]
    assert all(recipe.name == name for name, recipe in RECIPES.items())
    haege, voeten, stevedata = (RECIPES[name] for name in ("haege", "voeten", "stevedata"))
    assert (haege.absences, haege.year, haege.kappa_distance, haege.pi_distance, haege.rounding) == (
        *("abstain", "calendar", "squared", "squared", 3),
    )
    assert (voeten.absences, voeten.year, voeten.drop_unanimous) == ("drop", "session", True)
    assert (stevedata.absences, stevedata.year, stevedata.kappa_distance) == ("drop", "calendar", "squared")


def pacts(*rows, year=1914) -> pd.DataFrame:
    return pd.DataFrame([(year, *row) for row in rows], columns=["year", "state_a", "state_b", "commitment"])


def capabilities(**shares) -> pd.DataFrame:
    return pd.DataFrame({"year": 1914, "state": list(shares), "weight": list(shares.values())})


TRIPLE = pacts(("AUH", "GMY", 3), ("GMY", "ITA", 3), ("AUH", "ITA", 3), ("FRN", "RUS", 3), ("ITA", "RUS", 1))


def by_pair(frame) -> dict:
    return {(one.state_a, one.state_b): one for one in frame.itertuples()}


def test_alliances_are_compared_as_portfolios_with_everybody_themselves_included():
    found = by_pair(compare_alliances(TRIPLE, unlisted=0))
    row = {"AUH": [3, 0, 3, 3, 0], "FRN": [0, 3, 0, 0, 3], "GMY": [3, 0, 3, 3, 0], "ITA": [3, 0, 3, 3, 1]}
    row["RUS"] = [0, 3, 0, 1, 3]
    assert sorted(found) == list(combinations(sorted(row), 2))
    for (a, b), one in found.items():
        alike = compare_portfolios(row[a], row[b], categories=[0, 1, 2, 3])
        assert asdict(alike) == {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in one._asdict().items()
            if name in asdict(alike)
        }


def test_a_pair_that_is_not_listed_is_not_known_unless_said_so():
    found = by_pair(compare_alliances(pacts(("AUH", "GMY", 3), ("GMY", "ITA", 0))))
    assert found["AUH", "GMY"].n_common == 2
    assert found["AUH", "ITA"].n_common == 1
    alone = compare_alliances(pacts(("AUH", "GMY", 3)), own=None)
    assert alone["undefined"].tolist() == ["agreement, voeten_agreement, s, kappa, pi, tau_b, a: no common partner"]
    assert alone[list(MEASURES)].isna().all(axis=None)


def test_weights_of_partners_count_and_need_not_add_up():
    weights = capabilities(AUH=0.1, FRN=0.2, GMY=0.4, ITA=0.1, RUS=0.4)
    found = by_pair(compare_alliances(TRIPLE, unlisted=0, weights=weights))
    assert found["GMY", "ITA"].s == pytest.approx(1 - 2 * 0.4 * 1 / (3 * 1.2))
    assert found["GMY", "ITA"].n_common == 5


def test_a_directed_commitment_binds_one_side():
    one_way = by_pair(compare_alliances(pacts(("AUH", "GMY", 3)), unlisted=0, directed=True))
    both = by_pair(compare_alliances(pacts(("AUH", "GMY", 3)), unlisted=0))
    assert one_way["AUH", "GMY"].s == pytest.approx(0.0)
    assert both["AUH", "GMY"].s == 1.0


def test_years_stand_apart_and_members_say_who_is_compared():
    two = pd.concat([TRIPLE, pacts(("AUH", "GMY", 3), year=1915)])
    members = pd.DataFrame(
        {"year": [1914] * 6 + [1915] * 2, "state": [*["AUH", "FRN", "GMY", "ITA", "RUS", "UKG"], "AUH", "GMY"]}
    )
    found = compare_alliances(two, members=members, unlisted=0, measures=["s"])
    assert found["year"].value_counts().to_dict() == {1914: 15, 1915: 1}
    assert by_pair(found[found["year"] == 1914])["AUH", "UKG"].s == pytest.approx(1 - 2 * 12 / 18)
    assert compare_alliances(TRIPLE.iloc[:0]).empty


@QUICK
@given(st.permutations(range(len(TRIPLE))), st.lists(st.booleans(), min_size=len(TRIPLE), max_size=len(TRIPLE)))
def test_neither_order_of_rows_nor_of_partners_changes_alliances(order, turned):
    rows = TRIPLE.iloc[order].copy()
    flags = np.array(turned)
    rows.loc[flags, ["state_a", "state_b"]] = rows.loc[flags, ["state_b", "state_a"]].to_numpy()
    pd.testing.assert_frame_equal(compare_alliances(rows, unlisted=0), compare_alliances(TRIPLE, unlisted=0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"alliances": TRIPLE.drop(columns="commitment")}, "alliances has no column commitment"),
        ({"alliances": pacts(("AUH", "GMY", 4))}, "unknown category 4"),
        ({"alliances": pacts(("AUH", "GMY", 3), ("GMY", "AUH", 3))}, "more than once: GMY-AUH 1914"),
        ({"alliances": pacts(("AUH", "AUH", 3))}, "no state with itself"),
        ({"members": pd.DataFrame({"year": [1914], "state": ["AUH"]})}, "not among the members of 1914: FRN, GMY"),
        ({"weights": capabilities(AUH=0.1)}, "in 1914: FRN, GMY, ITA, RUS"),
        ({"weights": pd.concat([capabilities(AUH=0.1)] * 2)}, "more than once in 1914"),
        ({"measures": ["gamma"]}, "unknown measure 'gamma'"),
        ({"unlisted": 7}, "unknown category 7"),
        ({"own": 7}, "unknown category 7"),
        ({"distance": "cubic"}, "unknown distance"),
    ],
)
def test_what_is_wrong_with_alliances_is_named(change, message):
    options = {"alliances": TRIPLE} | change
    with pytest.raises(MeasureError, match=message):
        compare_alliances(options.pop("alliances"), **options)


def test_the_strongest_obligation_counts_and_what_is_not_known_stays_so():
    nothing = dict.fromkeys(COMMITMENTS, 0)
    rows = [
        nothing,
        nothing | {"nonagg": 1},
        nothing | {"nonagg": 1, "consul": 1},
        nothing | {"defense": 1, "nonagg": 1},
        nothing | {"defense": None, "nonagg": 1},
        nothing | {"defense": 1, "nonagg": None},
    ]
    found = add_commitment(pd.DataFrame(rows))["commitment"]
    assert found.iloc[[0, 1, 2, 3, 5]].tolist() == [0, 1, 2, 3, 3]
    assert math.isnan(found.iloc[4])
    with pytest.raises(MeasureError, match="defense must hold 0, 1 or missing"):
        add_commitment(pd.DataFrame([nothing | {"defense": 2}]))
    with pytest.raises(MeasureError, match="no column offense"):
        add_commitment(pd.DataFrame([nothing]).drop(columns="offense"))
