"""The readers on the published files: nothing lost, and the known answers."""

import pandas as pd
import pytest
from relations_cases import adds_up, n_lines, published, shared

from analysis.sources.relations import arms, atop, coups, cow_trade, ideal_points, igo, state_lists, un_votes

FILES = {
    "unga/UNVotesPublished.csv.gz": (un_votes.read_un_votes, 1_066_613),
    "unga/un_roll_calls.csv.gz": (un_votes.read_roll_calls, 6_203),
    "alliances/atop5_1m.csv": (atop.read_atop_members, 2_510),
    "alliances/atop5_1a.csv": (atop.read_atop_alliances, 789),
    "alliances/atop_alliance.csv.gz": (atop.read_atop_dyad_years, 273_296),
    "igo/state_year_format3.csv.gz": (igo.read_igo_memberships, 15_557),
    "trade/cow_trade_ndy.csv.gz": (cow_trade.read_cow_trade_dyads, 673_654),
    "trade/cow_trade_sy.csv.gz": (cow_trade.read_cow_trade_states, 14_410),
    "arms/sipri_dyad_year.csv.gz": (arms.read_arms_dyads, 81_335),
    "ideal_points/IdealpointestimatesAll_Apr2020.csv": (ideal_points.read_ideal_points, 10_469),
    "coups/demspaces_ptcoups.csv": (coups.read_coup_years, 12_384),
    "states/cow_states.csv.gz": (state_lists.read_cow_states, 243),
    "states/gw_states.csv.gz": (state_lists.read_gw_states, 216),
}


@pytest.mark.parametrize("name", FILES)
def test_every_row_of_a_published_file_stands(name):
    reader, n_records = FILES[name]
    reading = published(reader, name)
    adds_up(reading, n_records)
    assert reading.n_kept == n_records
    if name != "unga/un_roll_calls.csv.gz":  # a description may run over two lines
        assert n_lines(shared(name)) == n_records


def test_the_votes_keep_their_codes_and_days():
    votes = published(un_votes.read_un_votes, "unga/UNVotesPublished.csv.gz").frame
    counts = votes["vote"].value_counts().to_dict()
    assert counts == {"yes": 588_800, "not_member": 254_521, "abstain": 95_099, "absent": 73_328, "no": 54_865}
    assert votes.loc[votes["date"].isna(), "session"].unique().tolist() == [59]
    assert (votes["date"].dt.year.min(), votes["date"].dt.year.max()) == (1946, 2015)
    plain = pd.read_csv(shared("unga/UNVotesPublished.csv.gz"), usecols=["rcid", "ccode", "vote"])
    assert (plain["rcid"].astype(str).to_numpy() == votes["roll_call_id"].to_numpy()).all()
    assert (plain["ccode"].to_numpy() == votes["cow_number"].to_numpy()).all()


def test_arms_to_togo_are_the_known_answers():
    rows = published(arms.read_arms_dyads, "arms/sipri_dyad_year.csv.gz").frame
    togo = rows[rows["recipient_cow_number"] == 461].groupby("supplier_name")["tiv_millions"].sum()
    known = {"France": 118, "Canada": 26, "United Kingdom": 22, "Brazil": 14}
    assert togo[list(known)].to_dict() == known


def test_the_codes_of_membership_are_counted_as_in_the_file():
    frame = published(igo.read_igo_memberships, "igo/state_year_format3.csv.gz").frame
    assert frame["membership"].value_counts().to_dict() == {
        "not_in_system": 5_459_286, "none": 2_170_313, "full": 535_772, "unknown": 138_874, "observer": 2_332, "associate": 861,
    }  # fmt: skip


def test_togo_had_four_failed_attempts_in_1991():
    frame = published(coups.read_coup_years, "coups/demspaces_ptcoups.csv").frame
    togo = frame[(frame["gw_number"] == 461) & (frame["n_attempts"] > 0)].set_index("year")
    assert togo["n_successes"].to_dict() == {1963: 1, 1967: 1, 1991: 0, 2005: 1}
    assert togo.loc[1991, "n_failures"] == 4
