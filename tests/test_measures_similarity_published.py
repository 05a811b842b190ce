"""Similarity of votes against published values: South Korea 1991-2015 (stevedata's rok_unga)."""

import numpy as np
import pandas as pd
import pytest
from measures_cases import known_answers
from published_votes import ABSENT, SHARED, VOTES, read_published_votes

from analysis.measures.similarity import RECIPES, compare_votes

KOREA = 732
EXPECTED = {case["question"]: (int(case["equal"]), int(case["of"])) for case in known_answers("un_similarity.csv")}
PUBLISHED = SHARED / "similarity" / "rok_unga.csv.gz"


@pytest.fixture(scope="module")
def votes() -> pd.DataFrame:
    if not (VOTES.exists() and PUBLISHED.exists()):
        pytest.skip(ABSENT)
    return read_published_votes()


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    if not PUBLISHED.exists():
        pytest.skip(ABSENT)
    columns = {"ccode2": "other", "agree": "agreement", "v_agree": "voeten_agreement"}
    frame = pd.read_csv(PUBLISHED, usecols=["year", "kappa", *columns]).rename(columns=columns)
    return frame[frame["year"] <= 2015].astype({"year": "int64", "other": "int64"}).set_index(["year", "other"])


def of_korea(votes: pd.DataFrame, recipe: str, measure: str) -> pd.DataFrame:
    found = compare_votes(votes, recipe=RECIPES[recipe], measures=[measure], state_column="cow_number")
    found = found[(found["state_a"] == KOREA) | (found["state_b"] == KOREA)]
    if "session" in found:
        found = found.assign(year=found["session"] + 1945)
    found = found.assign(other=found["state_a"] + found["state_b"] - KOREA)
    return found.set_index(["year", "other"])[[measure, "n_common"]]


def agree(published: pd.Series, found: pd.Series) -> pd.Series:
    """For each published value, whether ours is the same to 1e-9."""
    known = published.dropna()
    return (known - found.reindex(known.index)).abs() <= 1e-9


def table_of_two(votes: pd.DataFrame, year: int, other: int) -> np.ndarray:
    """The two common roll calls of a pair as two rows of 1, 2, 3, South Korea's votes first."""
    common = votes[votes["date"].dt.year.eq(year) & votes["cow_number"].isin([KOREA, other])]
    common = common[common["vote"].isin(["yes", "abstain", "no"])]
    numbered = common.assign(number=common["vote"].map({"yes": 1.0, "abstain": 2.0, "no": 3.0}))
    wide = numbered.pivot(index="roll_call_id", columns="cow_number", values="number").dropna()
    return wide[[KOREA, other]].to_numpy()


def test_south_koreas_kappas_are_reproduced(votes, published):
    is_same = agree(published["kappa"], of_korea(votes, "stevedata", "kappa")["kappa"])
    assert (is_same.sum(), len(is_same)) == EXPECTED["kappa"]
    outside = is_same[is_same.index.get_level_values("year") != 2006]
    assert (outside.sum(), len(outside)) == EXPECTED["kappa outside 2006"]
    assert outside.mean() >= 0.994


def test_the_misses_of_2006_are_one_roll_call_that_the_votes_file_leaves_undated(votes, published):
    undated = votes[votes["roll_call_id"] != "4592"]
    is_same = agree(published["kappa"], of_korea(undated, "stevedata", "kappa")["kappa"])
    assert (is_same.sum(), len(is_same)) == EXPECTED["kappa without roll call 4592"]


def test_the_other_misses_are_pairs_of_two_roll_calls_read_as_a_finished_table(votes, published):
    found = of_korea(votes, "stevedata", "kappa")
    is_same = agree(published["kappa"], found["kappa"])
    missed = is_same.index[~is_same]
    reproduced = 0
    for year, other in missed:
        assert found.loc[(year, other), "n_common"] == 2
        table = table_of_two(votes, year, other)
        expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
        disagreement = 1 - np.eye(2)
        kappa = 1 - (disagreement * table).sum() / (disagreement * expected).sum()
        reproduced += abs(kappa - published.loc[(year, other), "kappa"]) <= 1e-9
    assert (reproduced, len(missed)) == EXPECTED["kappa of two roll calls"]


def test_shares_of_identical_votes_are_reproduced_with_non_members_counted_as_the_file_does(votes, published):
    ours = of_korea(votes, "stevedata", "agreement")
    own = votes[votes["cow_number"].eq(KOREA) & votes["vote"].isin(["yes", "abstain", "no"])]
    others = votes[votes["vote"].eq("not_member") & votes["roll_call_id"].isin(own["roll_call_id"])]
    n_before = others.groupby([others["date"].dt.year.rename("year"), others["cow_number"].rename("other")]).size()
    known = published["agreement"].dropna().index
    n_common, before = ours["n_common"].reindex(known).fillna(0), n_before.reindex(known).fillna(0)
    n_same = (ours["agreement"] * ours["n_common"]).reindex(known).fillna(0)
    is_same = agree(published["agreement"], n_same / (n_common + before))
    assert (is_same.sum(), len(is_same)) == EXPECTED["agreement"]


def test_voetens_agreement_is_reproduced_where_the_roll_calls_are_the_same(votes, published):
    is_same = agree(published["voeten_agreement"], of_korea(votes, "voeten", "voeten_agreement")["voeten_agreement"])
    years = is_same.index.get_level_values("year")
    same_roll_calls = is_same[(years <= 1996) | (years >= 2013)]
    assert (same_roll_calls.sum(), len(same_roll_calls)) == EXPECTED["voeten_agreement"]


def test_every_year_of_every_pair_has_what_it_should(votes):
    found = compare_votes(votes, state_column="cow_number")
    assert not found.duplicated(["year", "state_a", "state_b"]).any()
    assert (found["year"].min(), found["year"].max()) == (1946, 2015)
    assert found.groupby("year").ngroups == 69  # 1964 had no roll call
    assert len(found) == 767_260
