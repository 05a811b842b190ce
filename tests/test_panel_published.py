"""The known answers through the readers and the panel, on the published files, in each state system."""

import pandas as pd
import pytest
from relations_cases import published

from analysis.panel import (
    add_alliances,
    add_arms,
    add_coups,
    add_ideal_points,
    add_memberships,
    add_trade,
    add_votes_similarity,
    cite,
    create_dyad_years,
    create_state_years,
)
from analysis.paths import PROJECT
from analysis.sources.relations import arms, atop, coups, cow_trade, ideal_points, igo, un_votes

SYSTEMS = ["cow", "gw", "iso"]
KNOWN = pd.read_csv(PROJECT / "tests" / "known_answers" / "panel_togo.csv")
POWERS = {"FRA", "RUS", "CHN", "USA", "CAN", "GBR", "BRA"}


def with_togo(first, last, system):
    """Dyad-years of Togo with the powers, whichever of the two comes first."""
    rows = create_dyad_years(first, last, system, "year_end")
    return rows[
        (rows["state_a"].eq("TGO") & rows["state_b"].isin(POWERS))
        | (rows["state_b"].eq("TGO") & rows["state_a"].isin(POWERS))
    ]


def known(quantity):
    return KNOWN[KNOWN["quantity"] == quantity].set_index("partner")["value"]


def partner(rows):
    return rows["state_a"].where(rows["state_b"].eq("TGO"), rows["state_b"])


def towards_togo(rows, pattern):
    """The flow to Togo, on whichever side it stands."""
    return rows[pattern.format("a_to_b")].where(rows["state_b"].eq("TGO"), rows[pattern.format("b_to_a")])


@pytest.mark.parametrize("system", SYSTEMS)
def test_france_and_togo_consult_in_56_of_56_years_and_defend_in_none(system):
    alliances = published(atop.read_atop_dyad_years, "alliances/atop_alliance.csv.gz").frame
    rows = add_alliances(with_togo(1963, 2018, system), alliances)
    rows = rows[partner(rows) == "FRA"]
    assert len(rows) == 56
    assert rows["atop_consultation"].sum() == known("consultation_years")["FRA"]
    assert rows["atop_defense"].sum() == known("defense_years")["FRA"]
    early = add_alliances(with_togo(1960, 1962, system), alliances)
    assert not early.loc[partner(early) == "FRA", "atop_consultation"].any()


@pytest.mark.parametrize("system", SYSTEMS)
def test_togos_imports_of_2014(system):
    rows = add_trade(
        with_togo(2014, 2014, system), published(cow_trade.read_cow_trade_dyads, "trade/cow_trade_ndy.csv.gz").frame
    )
    flows = towards_togo(rows, "trade_cow_{}_musd").set_axis(partner(rows)).round()
    assert flows[known("imports").index].tolist() == known("imports").tolist()


@pytest.mark.parametrize("system", SYSTEMS)
def test_arms_to_togo_over_45_years(system):
    rows = add_arms(with_togo(1970, 2014, system), published(arms.read_arms_dyads, "arms/sipri_dyad_year.csv.gz").frame)
    sums = towards_togo(rows, "arms_{}_tiv_millions").groupby(partner(rows)).sum()
    assert sums[known("arms").index].tolist() == known("arms").tolist()


@pytest.mark.parametrize("system", SYSTEMS)
def test_ideal_points_of_session_74(system):
    frame = published(ideal_points.read_ideal_points, "ideal_points/IdealpointestimatesAll_Apr2020.csv").frame
    states = add_ideal_points(create_state_years(2019, 2019, system), frame).set_index("state_code")["ideal_point"]
    expected = known("ideal_point")
    assert states[expected.index].round(6).tolist() == expected.tolist()
    pairs = add_ideal_points(with_togo(2019, 2019, system), frame)
    france = pairs.loc[partner(pairs) == "FRA", "ideal_point_distance"].item()
    assert france == pytest.approx(1.482207 - 0.001207, abs=1e-6)


def test_memberships_and_coups_of_togo():
    members = published(igo.read_igo_memberships, "igo/state_year_format3.csv.gz").frame
    chosen = members[members["organisation"].isin(["ecowas", "oau", "au", "un"])]
    togo = create_state_years(1960, 2015).query("state_code == 'TGO'")
    rows = add_coups(
        add_memberships(togo, chosen, ["ecowas", "oau"]),
        published(coups.read_coup_years, "coups/demspaces_ptcoups.csv").frame,
    )
    rows = rows.set_index("year")
    assert rows.loc[[1974, 1975, 2015], "igo_ecowas"].tolist()[:2] == ["not_in_system", "full"]
    assert rows.loc[2015, ["igo_ecowas", "igo_n"]].isna().all()
    assert rows.loc[[2001, 2003], "igo_oau"].tolist() == ["full", "not_in_system"]
    assert rows.loc[1991, "coups_n_failures"] == 4
    assert rows.loc[[1963, 1967, 2005], "coups_n_successes"].tolist() == [1, 1, 1]


def test_a_share_of_equal_votes_joins_the_pair():
    """Agreement of France and Togo in 2015, counted here by hand from the votes as read."""
    votes = published(un_votes.read_un_votes, "unga/UNVotesPublished.csv.gz").frame
    of_2015 = votes[(votes["date"].dt.year == 2015) & votes["cow_number"].isin([220, 461])]
    table = of_2015.pivot(index="roll_call_id", columns="cow_number", values="vote")
    cast = table[table.isin(["yes", "no", "abstain"]).all(axis=1)]
    share = float((cast[220] == cast[461]).mean())
    assert len(cast) > 30
    similarity = pd.DataFrame({"year": [2015], "state_a": [220], "state_b": [461], "agreement": [share]})
    rows = add_votes_similarity(create_dyad_years(2015, 2015), similarity)
    assert rows["unga_agreement"].dropna().tolist() == [share]


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_world_of_dyads_keeps_every_row(system):
    panel = create_dyad_years(1988, 1993, system)
    rows = add_alliances(panel, published(atop.read_atop_dyad_years, "alliances/atop_alliance.csv.gz").frame)
    rows = add_trade(rows, published(cow_trade.read_cow_trade_dyads, "trade/cow_trade_ndy.csv.gz").frame)
    rows = add_arms(rows, published(arms.read_arms_dyads, "arms/sipri_dyad_year.csv.gz").frame)
    rows = add_ideal_points(
        rows, published(ideal_points.read_ideal_points, "ideal_points/IdealpointestimatesAll_Apr2020.csv").frame
    )
    rows = add_coups(rows, published(coups.read_coup_years, "coups/demspaces_ptcoups.csv").frame)
    pd.testing.assert_frame_equal(rows[panel.columns], panel)
    assert {"atop", "cow_trade", "sipri_arms", "ideal_points", "powell_thyne"} < set(cite(rows)["source"])


def test_the_germanies_and_yemens_of_1990_keep_their_own_values():
    points = published(ideal_points.read_ideal_points, "ideal_points/IdealpointestimatesAll_Apr2020.csv").frame
    rows = add_ideal_points(create_state_years(1989, 1991), points).set_index(["cow_number", "year"])["ideal_point"]
    source = points.set_index(["cow_number", "year"])["ideal_point"]
    for key in [(260, 1989), (265, 1989), (678, 1989), (680, 1989), (255, 1991), (679, 1991)]:
        assert rows[key] == source[key]
    gw = add_ideal_points(create_state_years(1989, 1991, "gw", "year_end"), points).set_index(["gw_number", "year"])[
        "ideal_point"
    ]
    assert gw[(260, 1989)] == source[(260, 1989)]
    assert gw[(260, 1991)] == source[(255, 1991)]
    assert gw[(678, 1991)] == source[(679, 1991)]
    assert (265, 1991) not in gw.index


def test_every_known_answer_says_where_it_comes_from():
    assert KNOWN["note"].str.contains("shared data README").all()
