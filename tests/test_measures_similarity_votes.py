"""Similarity of votes: recipes, pairs and years, undefined cases, properties, what is refused."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_cases import QUICK

from analysis.errors import UnknownNameError
from analysis.measures.checks import MeasureError
from analysis.measures.similarity import MEASURES, RECIPES, Recipe, add_dates, compare_portfolios, compare_votes

KEYS = ["year", "state_a", "state_b"]
KEEP = Recipe("keep", absences="keep", distance="nominal", kappa_distance="nominal", pi_distance="nominal")
LETTERS = {"y": "yes", "a": "abstain", "n": "no", "0": "absent", ".": "not_member", "?": None}
STATES = ("FRA", "RUS", "TGO", "USA")


def ballots(text: str, year: int = 2020, session: int | None = None) -> pd.DataFrame:
    """Votes from text such as "FRA yyn, RUS nna": a letter per roll call; a space for no row."""
    rows = []
    for part in text.split(","):
        state, cast = part.split(maxsplit=1)
        for number, letter in enumerate(cast):
            rows.append((f"R{year}-{number:02}", session or year - 1945, f"{year}-11-05", year, state, LETTERS[letter]))
    return pd.DataFrame(rows, columns=["roll_call_id", "session", "date", "year", "state", "vote"])


def compare(text: str, recipe: str | Recipe = "tightrope", **options) -> pd.DataFrame:
    return compare_votes(ballots(text), recipe=RECIPES[recipe] if isinstance(recipe, str) else recipe, **options)


@st.composite
def assemblies(draw, letters="yan0.?"):
    """Up to twelve roll calls of four states over two years."""
    parts = []
    for year in (2019, 2020):
        size = draw(st.integers(1, 6))
        cast = [draw(st.text(letters, min_size=size, max_size=size)) for _ in STATES]
        parts.append(ballots(", ".join(f"{s} {c}" for s, c in zip(STATES, cast, strict=True)), year))
    return pd.concat(parts, ignore_index=True)


def one_by_one(votes: pd.DataFrame, recipe: Recipe) -> dict:
    """The same comparison by loops over years and pairs."""
    found = {}
    for year, of_year in votes.groupby("year"):
        wide = {s: g.set_index("roll_call_id")["vote"].to_dict() for s, g in of_year.groupby("state")}
        members = sorted(
            s for s, cast in wide.items() if any(v not in (None, "not_member") and v == v for v in cast.values())
        )
        for a, b in itertools.combinations(members, 2):
            sides = ([], [])
            for roll_call in sorted(wide[a]):
                for side, state in zip(sides, (a, b), strict=True):
                    vote = wide[state][roll_call]
                    if vote == "absent":
                        vote = {"drop": None, "abstain": "abstain"}[recipe.absences]
                    side.append(None if vote == "not_member" or vote != vote else vote)
            found[year, a, b] = compare_portfolios(
                *sides,
                categories=["yes", "abstain", "no"],
                distance=recipe.distance,
                kappa_distance=recipe.kappa_distance,
                pi_distance=recipe.pi_distance,
            )
    return found


@QUICK
@given(assemblies(), st.sampled_from(["tightrope", "stevedata", "haege"]))
def test_all_pairs_at_once_are_what_one_by_one_gives(votes, name):
    recipe = RECIPES[name]
    found = compare_votes(votes, recipe=recipe).set_index(KEYS)
    expected = one_by_one(votes, recipe)
    assert list(found.index) == sorted(expected)
    for key, alike in expected.items():
        row = found.loc[key]
        assert row["n_common"] == alike.n_common
        assert row["undefined"] == alike.undefined.replace("item", "roll call")
        for measure in MEASURES:
            value = getattr(alike, measure)
            digits = recipe.rounding or 12
            assert row[measure] == pytest.approx(
                np.nan if value is None else value, nan_ok=True, abs=0.51 * 10**-digits
            )


@QUICK
@given(assemblies(), st.sampled_from([*RECIPES.values(), KEEP]), st.randoms(use_true_random=False))
def test_row_order_changes_not_one_bit(votes, recipe, random):
    order = list(range(len(votes)))
    random.shuffle(order)
    shuffled = votes.iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(compare_votes(shuffled, recipe=recipe), compare_votes(votes, recipe=recipe))


@QUICK
@given(assemblies(), st.permutations(STATES), st.sampled_from([*RECIPES.values(), KEEP]))
def test_new_names_for_states_change_nothing_else(votes, names, recipe):
    renamed = votes.assign(state=votes["state"].map(dict(zip(STATES, names, strict=True))))
    plain = compare_votes(votes, recipe=recipe)
    period = plain.columns[0]
    new = dict(zip(STATES, names, strict=True))
    moved = plain.assign(state_a=plain["state_a"].map(new), state_b=plain["state_b"].map(new))
    low, high = moved[["state_a", "state_b"]].min(axis=1), moved[["state_a", "state_b"]].max(axis=1)
    moved = moved.assign(state_a=low, state_b=high).sort_values([period, "state_a", "state_b"], ignore_index=True)
    found = compare_votes(renamed, recipe=recipe)
    pd.testing.assert_frame_equal(found, moved, check_dtype=False, atol=1e-12, rtol=0)


@QUICK
@given(assemblies())
def test_a_roll_call_without_the_two_changes_nothing_where_absences_are_dropped(votes):
    more = ballots("FRA 0, RUS 0, TGO y, USA n", 2020).assign(roll_call_id="extra")
    before, after = (
        compare_votes(some, states=["FRA", "RUS"]).set_index(KEYS).query("year == 2020")
        for some in (votes, pd.concat([votes, more], ignore_index=True))
    )
    if len(before):  # otherwise neither was a member until this roll call
        pd.testing.assert_frame_equal(after, before)
    with_absences = compare_votes(pd.concat([votes, more], ignore_index=True), recipe=RECIPES["haege"])
    assert (with_absences.query("year == 2020 and state_a == 'FRA' and state_b == 'RUS'")["n_common"] >= 1).all()


@QUICK
@given(assemblies(), st.sampled_from([*RECIPES.values(), KEEP]))
def test_bounds_and_reasons(votes, recipe):
    found = compare_votes(votes, recipe=recipe)
    for name in MEASURES:
        known = found[name].dropna()
        greatest = 1.5 if name == "a" else 1  # A: twice the greatest expected distance among four categories
        assert known.between(0 if "agreement" in name else -greatest, greatest).all()
        told = found["undefined"].str.contains(rf"\b{name}\b")
        assert (told == found[name].isna()).all()
    assert (found["state_a"] < found["state_b"]).all()
    assert found.loc[found["n_common"] == 0, list(MEASURES)].isna().all(axis=None)


def test_absences_are_dropped_counted_or_kept():
    text = "FRA yy00n, RUS ynay0"
    dropped, abstained, kept = (compare(text, recipe).iloc[0] for recipe in ("tightrope", "haege", KEEP))
    assert (dropped["n_common"], dropped["agreement"]) == (2, 0.5)
    assert (abstained["n_common"], abstained["agreement"]) == (5, 0.4)
    assert abstained["voeten_agreement"] == 0.6
    assert (kept["n_common"], kept["agreement"]) == (5, 0.2)
    assert kept["undefined"] == "voeten_agreement, tau_b: categories have no order"
    assert compare("FRA y0, RUS y0", KEEP).iloc[0]["agreement"] == 1.0


def test_a_state_that_is_no_member_or_has_no_known_vote_is_never_compared():
    assert compare("FRA yn, RUS .., TGO ??, USA yn")[["state_a", "state_b"]].values.tolist() == [["FRA", "USA"]]
    late = compare("FRA yny, RUS ..y", "haege").iloc[0]
    assert (late["n_common"], late["agreement"]) == (1, 1.0)


def test_a_pair_without_common_roll_call_has_a_row_that_says_so():
    row = compare("FRA y00, RUS 0yn").iloc[0]
    assert row["n_common"] == 0
    assert row[list(MEASURES)].isna().all()
    assert row["undefined"] == "agreement, voeten_agreement, s, kappa, pi, tau_b, a: no common roll call"
    assert compare("FRA yyy, RUS yyy", measures=["kappa", "s"]).iloc[0]["undefined"] == "kappa: no variation"


def test_the_year_is_that_of_the_date_the_session_or_the_file():
    votes = ballots("FRA y, RUS n").assign(date="2021-01-15", session=75, year=2019)
    for recipe, column, value in (
        (Recipe("x"), "year", 2021),
        (Recipe("x", year="session"), "session", 75),
        (Recipe("x", year="file"), "year", 2019),
    ):
        found = compare_votes(votes, recipe=recipe)
        assert found.columns[0] == column
        assert found[column].tolist() == [value]
    as_dates = votes.assign(date=pd.to_datetime(votes["date"]))
    assert compare_votes(as_dates)["year"].tolist() == [2021]


def test_unanimous_roll_calls_are_dropped_as_judged_by_all():
    text = "FRA yyn, RUS yyn, TGO yny, USA y0."
    found = compare(text, "voeten")
    assert found.loc[found["state_a"].eq("FRA") & found["state_b"].eq("RUS"), "n_common"].tolist() == [2]
    alone = compare(text, "voeten", states=["FRA", "RUS"])
    assert alone["n_common"].tolist() == [2]
    assert compare("FRA yy, RUS y0, TGO 0y", "voeten")["n_common"].tolist() == [0, 0, 0]


def test_rounding_is_of_the_result():
    row = compare("FRA yyn, RUS nny", "haege").iloc[0]
    assert row["kappa"] == -0.8
    third = compare("FRA yan, RUS yna", "haege").iloc[0]
    assert (third["agreement"], third["voeten_agreement"]) == (0.333, 0.667)


def test_a_roll_call_of_weight_two_counts_as_two():
    recipe = Recipe("weighted", weights="importance")
    votes = ballots("FRA yyn, RUS yan, TGO 0ya")
    votes["importance"] = votes["roll_call_id"].map({"R2020-00": 2, "R2020-01": 1, "R2020-02": 0})
    double = pd.concat([votes[votes["importance"] > 0], ballots("FRA y, RUS y, TGO 0").assign(roll_call_id="again")])
    weighed, repeated = compare_votes(votes, recipe=recipe), compare_votes(double)
    told = ["undefined", "n_common"]
    pd.testing.assert_frame_equal(weighed.drop(columns=told), repeated.drop(columns=told))
    assert weighed["n_common"].tolist() == [3, 2, 2]


def test_cow_numbers_and_categories_serve_as_states():
    votes = ballots("FRA yn, RUS nn, TGO yy").assign(
        cow_number=lambda f: f["state"].map({"FRA": 220, "RUS": 365, "TGO": 461})
    )
    found = compare_votes(votes, state_column="cow_number", states=[461, 220])
    assert found[["state_a", "state_b"]].values.tolist() == [[220, 461]]
    backwards = pd.CategoricalDtype(["TGO", "RUS", "FRA"], ordered=True)
    categorical = votes.assign(state=votes["state"].astype(backwards), vote=votes["vote"].astype("category"))
    pd.testing.assert_frame_equal(compare_votes(categorical), compare_votes(votes))


def test_no_votes_give_no_rows():
    empty = compare_votes(ballots("FRA y").iloc[:0])
    assert empty.empty
    assert list(empty.columns) == [*KEYS, "n_common", *MEASURES, "undefined"]


GOOD = ballots("FRA yn, RUS nn")


@pytest.mark.parametrize(
    ("votes", "options", "message"),
    [
        (GOOD.drop(columns="vote"), {}, "votes has no column vote"),
        (GOOD.drop(columns="session"), {"recipe": RECIPES["voeten"]}, "votes has no column session"),
        (GOOD.assign(vote="maybe"), {}, "unknown vote maybe; accepted: yes, abstain, no, absent, not_member"),
        (GOOD.assign(state=None), {}, "4 rows without state"),
        (GOOD.assign(roll_call_id=None), {}, "4 rows without roll_call_id"),
        (pd.concat([GOOD, GOOD.iloc[[0]]]), {}, "more than once: FRA in R2020-00"),
        (GOOD.assign(date=None), {}, "without date belongs to no year: R2020-00, R2020-01"),
        (GOOD.assign(date="5 November"), {}, "a date that is none"),
        (
            GOOD.assign(date=["2020-01-01", "2020-01-01", "2021-01-01", "2020-01-01"]),
            {},
            "to several by date: R2020-00",
        ),
        (GOOD, {"recipe": Recipe("w", weights="heft")}, "votes has no column heft"),
        (
            GOOD.assign(heft=-1),
            {"recipe": Recipe("w", weights="heft")},
            "one weight, finite and not negative: R2020-00",
        ),
        (GOOD.assign(heft=[1, 1, 2, 1]), {"recipe": Recipe("w", weights="heft")}, "one weight"),
        (GOOD, {"measures": ["gamma"]}, "unknown measure 'gamma'"),
    ],
)
def test_what_is_wrong_with_votes_is_named(votes, options, message):
    with pytest.raises(MeasureError, match=message):
        compare_votes(votes, **options)


def test_an_unknown_state_is_named_with_those_near_it():
    with pytest.raises(UnknownNameError, match="did you mean 'FRA'"):
        compare_votes(GOOD, states=["FRAU"])


def test_only_missing_dates_are_taken_from_the_list_of_roll_calls():
    votes = ballots("FRA yn, RUS nn").assign(date=pd.to_datetime(["2020-01-01", None, "2020-01-01", None]))
    listed = pd.DataFrame(
        {"roll_call_id": ["R2020-00", "R2020-01"], "date": pd.to_datetime(["1999-01-01", "2021-05-08"])}
    )
    assert add_dates(votes, listed)["date"].dt.year.tolist() == [2020, 2021, 2020, 2021]
    assert add_dates(votes, listed.iloc[:1])["date"].isna().tolist() == [False, True, False, True]
    assert compare_votes(add_dates(votes, listed))["year"].tolist() == [2020, 2021]
    with pytest.raises(MeasureError, match="more than once: R2020-01"):
        add_dates(votes, pd.concat([listed, listed.iloc[1:]]))
    with pytest.raises(MeasureError, match="roll_calls has no column date"):
        add_dates(votes, listed.drop(columns="date"))
