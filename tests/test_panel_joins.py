"""Every join keeps rows and order, refuses what it must, and leaves unknown what the source does not cover."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import TightropeError, UnknownNameError
from analysis.measures.checks import MeasureError
from analysis.panel import (
    add_alliances,
    add_arms,
    add_coups,
    add_events,
    add_ideal_points,
    add_memberships,
    add_trade,
    add_votes_similarity,
    cite,
    create_dyad_years,
    create_state_years,
)
from analysis.panel.alliances import OBLIGATIONS
from analysis.panel.citations import COLUMNS
from analysis.reference.relation_sources import source_names

PAIR = ("cow_number_a", "cow_number_b", "year")


def pacts(*rows):
    return pd.DataFrame(
        [
            dict(zip(PAIR, row[:3], strict=True)) | dict.fromkeys(OBLIGATIONS, False) | {"has_defense": row[3]}
            for row in rows
        ]
    )


def trade(*rows):
    return pd.DataFrame(rows, columns=[*PAIR, "imports_a_musd", "imports_b_musd"])


def arms(*rows):
    frame = pd.DataFrame(rows, columns=["supplier_cow_number", "recipient_cow_number", "year", "tiv_millions"])
    return frame.assign(supplier_name="x", recipient_name="y")


def named_arms(*rows):
    frame = pd.DataFrame(rows, columns=["supplier_name", "recipient_name", "year", "tiv_millions"])
    return frame.assign(supplier_cow_number=pd.NA, recipient_cow_number=pd.NA)


def members(*rows):
    return pd.DataFrame(rows, columns=["cow_number", "year", "organisation", "membership"])


def points(*rows):
    return pd.DataFrame(rows, columns=["cow_number", "year", "ideal_point"])


def alike(*rows):
    return pd.DataFrame(rows, columns=["state_a", "state_b", "year", "s"]).assign(undefined="")


def coup_years(*rows):
    return pd.DataFrame(rows, columns=["gw_number", "year", "n_attempts", "n_successes", "n_failures"])


def coup_list(*rows):
    return pd.DataFrame(rows, columns=["cow_number", "year", "is_success"])


def happenings(*rows):
    """Events and their dyads from rows of (id, a, b, first day, last day, weight)."""
    frame = pd.DataFrame(rows, columns=["event_id", "actor_a", "actor_b", "date_start", "date_end", "weight"])
    events = frame[["event_id", "date_start", "date_end"]].drop_duplicates("event_id").copy()
    events[["date_start", "date_end"]] = events[["date_start", "date_end"]].astype("datetime64[ns]")
    dyads = frame[["event_id", "actor_a", "actor_b", "weight"]].astype({"weight": "float64"})
    return dyads, events.reset_index(drop=True)


DYADS, EVENTS = happenings(("E1", "FRA", "TGO", "1990-01-15", "1990-01-15", 2.0))
SEARCHED = {"states": ["TGO"], "coverage": (1989, 1991)}
ADDERS = {
    "alliances": lambda panel: add_alliances(panel, pacts((220, 461, 1990, True))),
    "directed alliances": lambda panel: add_alliances(panel, pacts((220, 461, 1990, True)), directed=True),
    "memberships": lambda panel: add_memberships(panel, members((461, 1990, "ecowas", "full")), ["ecowas"]),
    "similarity": lambda panel: add_votes_similarity(panel, alike((220, 461, 1990, 0.5))),
    "points": lambda panel: add_ideal_points(panel, points((461, 1990, 0.5))),
    "trade": lambda panel: add_trade(panel, trade((220, 461, 1990, 1.0, 2.0))),
    "arms": lambda panel: add_arms(panel, arms((220, 461, 1990, 3.0))),
    "events": lambda panel: add_events(panel, DYADS, EVENTS, **SEARCHED),
    "coups": lambda panel: add_coups(panel, coup_years((461, 1990, 1, 0, 1))),
    "coup list": lambda panel: add_coups(panel, coup_list((461, 1990, True))),
}


def pair(year=1990, system="cow", a="FRA", b="TGO"):
    rows = create_dyad_years(year, year, system)
    return rows[rows["state_a"].isin([a, b]) & rows["state_b"].isin([a, b])].reset_index(drop=True)


@pytest.mark.parametrize("name", ADDERS)
@pytest.mark.parametrize("system", ["cow", "gw", "iso"])
def test_rows_order_index_and_columns_stay(name, system):
    panel = create_dyad_years(1989, 1990, system).sample(frac=0.2, random_state=7)
    added = ADDERS[name](panel)
    pd.testing.assert_frame_equal(added[panel.columns], panel)
    assert added.columns.size > panel.columns.size
    assert "cow_number" not in set(added.columns) - set(panel.columns)


@settings(max_examples=20, deadline=None)
@given(
    order=st.permutations(range(40)),
    repeats=st.lists(st.integers(0, 39), max_size=10),
    name=st.sampled_from(sorted(ADDERS)),
)
def test_each_row_has_its_values_in_any_order_and_number(order, repeats, name):
    panel = create_dyad_years(1990, 1990).query("state_a == 'FRA'").head(40)
    chosen = panel.iloc[[*order, *repeats]]
    whole = ADDERS[name](panel)
    pd.testing.assert_frame_equal(ADDERS[name](chosen), whole.iloc[[*order, *repeats]])


@pytest.mark.parametrize("name", ADDERS)
def test_columns_that_stand_already_are_refused(name):
    with pytest.raises(TightropeError, match="the panel already has"):
        ADDERS[name](ADDERS[name](pair()))


@pytest.mark.parametrize("name", ADDERS)
def test_a_frame_that_is_no_panel_is_refused(name):
    with pytest.raises(TightropeError, match="is no panel"):
        ADDERS[name](pd.DataFrame({"ccode": [461], "year": [1990]}))


@pytest.mark.parametrize("name", ["alliances", "similarity", "trade", "arms", "events"])
def test_a_source_of_pairs_refuses_state_years(name):
    with pytest.raises(TightropeError, match="this source needs dyad-years"):
        ADDERS[name](create_state_years(1990, 1990))


@pytest.mark.parametrize(
    ("add", "named"),
    [
        (lambda panel: add_alliances(panel, pacts((220, 461, 1990, True), (220, 461, 1990, False))), "220 461 1990"),
        (lambda panel: add_trade(panel, trade((220, 461, 1990, 1, 2), (461, 220, 1990, 1, 2))), "220 461 1990"),
        (lambda panel: add_arms(panel, arms((220, 461, 1990, 1), (220, 461, 1990, 2))), "220 461 1990"),
        (lambda panel: add_arms(panel, named_arms(("France", "Togo", 1990, 1), ("France", "Togo", 1990, 2))), "France Togo 1990"),
        (lambda panel: add_ideal_points(panel, points((461, 1990, 1), (461, 1990, 2))), "461 1990"),
        (lambda panel: add_memberships(panel, members(*[(461, 1990, "au", "full")] * 2)), "461 1990 au"),
        (lambda panel: add_votes_similarity(panel, alike((220, 461, 1990, 1), (461, 220, 1990, 0))), "220 461 1990"),
        (lambda panel: add_coups(panel, coup_years(*[(461, 1990, 1, 0, 1)] * 2)), "461 1990"),
    ],
)  # fmt: skip
def test_duplicate_keys_of_a_source_are_named(add, named):
    with pytest.raises(TightropeError, match="several rows for one .*" + named):
        add(pair())


def test_duplicate_events_are_named():
    for dyads, events in ((pd.concat([DYADS, DYADS]), EVENTS), (DYADS, pd.concat([EVENTS, EVENTS]))):
        with pytest.raises(TightropeError, match=r"several rows for one event_id.*E1"):
            add_events(pair(), dyads, events, **SEARCHED)
    with pytest.raises(TightropeError, match="without dates in the events: E1"):
        add_events(pair(), DYADS, EVENTS.iloc[:0], **SEARCHED)


def test_codes_of_another_system_are_refused():
    with pytest.raises(TightropeError, match="not numbers of the state system 'gw': 679"):
        add_coups(pair(), coup_years((679, 2000, 0, 0, 0)))
    with pytest.raises(TightropeError, match="not numbers of the state system 'cow': 340"):
        add_ideal_points(pair(), points((340, 2010, 0.5)))
    with pytest.raises(TightropeError, match="its codes are not those of cow: FRA"):
        add_votes_similarity(pair(), alike(("FRA", "TGO", 1990, 0.5)))
    with pytest.raises(TightropeError, match="its codes are not those of iso3: 220"):
        add_votes_similarity(pair(), alike((220, 461, 1990, 0.5)), codes="iso3")
    with pytest.raises(UnknownNameError, match="unknown code system 'isoo'"):
        add_votes_similarity(pair(), alike((220, 461, 1990, 0.5)), codes="isoo")
    both = pair().assign(gw_number_a=220, gw_number_b=461)
    with pytest.raises(TightropeError, match="numbers of two state systems"):
        add_ideal_points(both, points((461, 1990, 0.5)))


def test_a_missing_code_matches_nothing():
    panel = create_state_years(1985, 1985, "gw").query("state_code == 'YEM'")
    assert panel["gw_number"].tolist() == [678]
    unnamed = points((461, 1985, 0.5)).astype({"cow_number": "Int64"})
    unnamed.loc[0, "cow_number"] = pd.NA
    outside = create_state_years(1950, 1950, "gw").query("state_code == 'DEU'")  # COW counts West Germany from 1955
    unnamed["year"] = 1950
    assert add_ideal_points(outside, unnamed)["ideal_point"].isna().all()


@pytest.mark.parametrize(
    ("year", "gw", "cow"), [(1980, 678, 678), (1990, 678, 679), (2000, 678, 679), (1980, 260, 260), (1990, 260, 255), (2000, 260, 255), (2010, 340, 345), (2000, 345, 345)],
)  # fmt: skip
def test_a_cow_source_reaches_a_gw_panel_through_the_state_at_the_year(year, gw, cow):
    panel = create_state_years(year, year, "gw", "year_end")
    added = add_ideal_points(panel, points((cow, year, 0.25)))
    assert added.loc[added["gw_number"] == gw, "ideal_point"].tolist() == [0.25]
    assert added["ideal_point"].notna().sum() == 1


def test_a_gw_source_reaches_a_cow_panel_also_for_microstates():
    panel = create_state_years(2010, 2010)
    added = add_coups(panel, coup_years((678, 2010, 2, 1, 1), (970, 2010, 1, 0, 1), (340, 2010, 0, 0, 0)))
    found = added[added["coups_n_attempts"].notna()].set_index("state_code")["coups_n_attempts"].to_dict()
    assert found == {"YEM": 2, "KIR": 1, "SRB": 0}  # 970 is Nauru in the other system


def test_no_row_is_no_alliance_inside_the_coverage_and_unknown_outside():
    panel = pd.concat([pair(1990), pair(2019), pair(1990, b="DEU"), pair(1990, b="BEN")], ignore_index=True)
    added = add_alliances(panel, pacts((220, 461, 1990, True)))
    assert added["atop_defense"].dtype == "boolean"
    togo = added[added["state_b"] == "TGO"].set_index("year")
    assert togo.loc[1990, "atop_defense"]
    assert not togo.loc[1990, "atop_offense"]
    assert pd.isna(togo.loc[2019, "atop_defense"])
    assert not added.loc[added["state_b"] == "BEN", "atop_defense"].item()
    later = add_alliances(panel, pacts((220, 461, 1990, True)), coverage=(1815, 2020))
    assert later.loc[later["year"] == 2019, "atop_defense"].tolist() == [False]
    with pytest.raises(TightropeError, match="rows of 2019, outside its coverage 1815-2018"):
        add_alliances(panel, pacts((220, 461, 2019, True)))


def test_an_obligation_of_one_side_counts_for_the_pair_but_keeps_its_direction():
    one_way = pacts((461, 220, 1990, True))
    assert add_alliances(pair(), one_way)["atop_defense"].tolist() == [True]
    directed = add_alliances(pair(), one_way, directed=True)
    assert directed[["atop_defense_a_to_b", "atop_defense_b_to_a"]].values.tolist() == [[False, True]]


def test_trade_is_never_zero_without_a_report():
    flows = trade((220, 461, 1990, 0.0, np.nan))
    added = add_trade(pair(), flows)
    assert added["trade_cow_b_to_a_musd"].tolist() == [0.0]  # imports of France from Togo
    assert added["trade_cow_a_to_b_musd"].isna().all()
    assert add_trade(pair(b="BEN"), flows).iloc[:, -2:].isna().all(axis=None)
    assert add_trade(pair(b="TGO"), trade((461, 220, 1990, 5.0, 7.0))).iloc[0, -2:].tolist() == [5.0, 7.0]
    with pytest.raises(TightropeError, match="no source of trade"):
        add_trade(pair(), flows.drop(columns="imports_a_musd"))


def test_a_minus_nine_taken_as_a_value_would_show():
    """The planted fault: a frame in which -9 was left standing gives a negative flow, which the reader never does."""
    assert add_trade(pair(), trade((220, 461, 1990, -9.0, 1.0)))["trade_cow_b_to_a_musd"].tolist() == [-9.0]
    from analysis.sources.relations.cow_trade import _money

    class Stub:
        def numbers(self, column, *, required):
            return pd.Series([-9.0, 0.0, 4.0])

        def refuse(self, rows, reason):
            assert not rows.any()

    assert _money(Stub(), "flow1").isna().tolist() == [True, False, False]


def test_two_sources_of_trade_stand_side_by_side():
    rows = pd.DataFrame(
        {"exporter_code": ["FRA", "S19"], "importer_code": ["TGO", "TGO"], "year": 2014, "trade_musd": [500.0, 9.0]}
    )
    added = add_trade(add_trade(pair(2014), trade((220, 461, 2014, 12.0, 525.0))), rows)
    assert added["trade_cow_a_to_b_musd"].tolist() == [525.0]
    assert added["trade_baci_a_to_b_musd"].tolist() == [500.0]
    assert added["trade_baci_b_to_a_musd"].isna().all()


def test_national_trade_joins_state_years_only():
    national = pd.DataFrame({"cow_number": [461], "year": [2014], "imports_musd": [1500.0], "exports_musd": [np.nan]})
    rows = add_trade(create_state_years(2014, 2014), national)
    assert rows.loc[rows["state_code"] == "TGO", "imports_cow_musd"].tolist() == [1500.0]
    assert rows["exports_cow_musd"].isna().all()
    with pytest.raises(TightropeError, match="this source needs state-years"):
        add_trade(pair(2014), national)


def test_arms_are_zero_only_between_a_listed_supplier_and_a_listed_recipient():
    flows = arms((220, 461, 1990, 3.0), (2, 434, 1990, 1.0))
    columns = ["arms_a_to_b_tiv_millions", "arms_b_to_a_tiv_millions"]
    assert add_arms(pair(), flows)[columns].iloc[0].tolist()[0] == 3.0
    benin = add_arms(pair(b="BEN"), flows)[columns].iloc[0]
    assert benin.iloc[0] == 0.0
    assert pd.isna(benin.iloc[1])  # Benin stands nowhere as a supplier
    assert add_arms(pair(b="NER"), flows)[columns].isna().all(axis=None)
    assert add_arms(pair(2015), flows)[columns].isna().all(axis=None)


def test_arms_by_name_reach_the_state_of_the_year_and_armed_groups_reach_none():
    rows = named_arms(
        ("Soviet Union", "Togo", 1991, 4.0), ("North Yemen", "Togo", 1990, 1.0), ("Yemen", "Togo", 1990, 2.0),
        ("France", "Rebels*", 1991, 9.0), ("Unknown supplier(s)", "Togo", 1991, 1.0),
    )  # fmt: skip
    soviet = pair(1991, a="RUS")
    assert add_arms(soviet, rows).filter(like="tiv").max(axis=None) == 4.0
    panel = create_dyad_years(1990, 1990).query("state_a == 'TGO' and cow_number_b in [678, 679]")
    both = add_arms(panel, rows).set_index("cow_number_b")["arms_b_to_a_tiv_millions"]
    assert both[679] == 3.0
    with pytest.raises(UnknownNameError, match="unknown name in the arms tables 'Francia'"):
        add_arms(pair(), named_arms(("Francia", "Togo", 1990, 1.0)))
    with pytest.raises(TightropeError, match="values of France are with all the world"):
        add_arms(pair(), named_arms(("France", None, 1990, 1.0)))
    mixed = pd.concat([rows, arms((220, 461, 1990, 3.0))])
    with pytest.raises(TightropeError, match="some rows have numbers and some have names only"):
        add_arms(pair(), mixed)


def test_memberships_keep_their_words_and_counts_know_what_they_do_not_know():
    rows = members(
        (461, 1990, "ecowas", "full"), (461, 1990, "un", "full"), (461, 1990, "imaginary", "unknown"), (461, 1990, "eu", "none"),
        (220, 1990, "ecowas", "none"), (220, 1990, "un", "full"), (220, 1990, "imaginary", "full"), (220, 1990, "eu", "observer"),
    )  # fmt: skip
    added = add_memberships(pair(), rows, ["ecowas", "imaginary"]).iloc[0]
    assert added[["igo_ecowas_a", "igo_ecowas_b", "igo_imaginary_a"]].tolist() == ["none", "full", "full"]
    assert pd.isna(added["igo_imaginary_b"])
    assert added[["igo_n_shared", "igo_n_shared_unknown"]].tolist() == [1, 1]
    states = add_memberships(create_state_years(1990, 1990), rows, counted=["full", "observer"]).set_index("state_code")
    assert states.loc["FRA", ["igo_n", "igo_n_unknown"]].tolist() == [3, 0]
    assert states.loc["TGO", ["igo_n", "igo_n_unknown"]].tolist() == [2, 1]
    assert states.loc["BEN"].isna()[["igo_n", "igo_n_unknown"]].all()
    with pytest.raises(UnknownNameError, match="unknown organisation 'ecowass'; did you mean 'ecowas'"):
        add_memberships(pair(), rows, ["ecowass"])
    with pytest.raises(UnknownNameError, match="kind of membership 'fulll'"):
        add_memberships(pair(), rows, counted=["fulll"])


def test_similarity_has_no_direction_and_needs_years():
    for rows in (alike((220, 461, 1990, 0.5)), alike((461, 220, 1990, 0.5))):
        assert add_votes_similarity(pair(), rows)["unga_s"].tolist() == [0.5]
    named = alike(("TGO", "FRA", 1990, 0.75))
    assert add_votes_similarity(pair(), named, ["s"], codes="iso3", source="un_digital_library")["undl_s"].tolist() == [
        0.75
    ]
    with pytest.raises(TightropeError, match="is by session"):
        add_votes_similarity(pair(), alike((220, 461, 1990, 0.5)).rename(columns={"year": "session"}))
    with pytest.raises(UnknownNameError, match="unknown measure of similarity 'kapa'"):
        add_votes_similarity(pair(), alike((220, 461, 1990, 0.5)), ["kapa"])
    with pytest.raises(UnknownNameError, match="unknown source of votes"):
        add_votes_similarity(pair(), alike((220, 461, 1990, 0.5)), source="un")


def test_the_distance_of_ideal_points_needs_both():
    one = add_ideal_points(pair(), points((461, 1990, -0.5)))
    assert one["ideal_point_b"].tolist() == [-0.5]
    assert one["ideal_point_distance"].isna().all()
    both = add_ideal_points(pair(), points((461, 1990, -0.5), (220, 1990, 1.0)))
    assert both["ideal_point_distance"].tolist() == [1.5]


def test_events_are_spread_over_years_and_zero_only_where_somebody_searched():
    dyads, events = happenings(
        ("E1", "FRA", "TGO", "1990-12-31", "1991-01-01", 2.0), ("E2", "FRA", "TGO", "1990-05-01", "1990-05-01", -1.0),
        ("E3", "FRA", "TGO", "1990-05-02", "1990-05-02", None),
    )  # fmt: skip
    panel = pd.concat([pair(1990), pair(1991), pair(1992), pair(1990, b="USA"), pair(1990, a="BEN")], ignore_index=True)
    added = add_events(panel, dyads, events, states=["TGO"], coverage=(1990, 1991))
    values = added[["events_n", "events_cooperation", "events_conflict"]]
    assert values.iloc[0].tolist() == [2, 1.0, 1.0]
    assert values.iloc[1].tolist() == [1, 1.0, 0.0]
    assert values.iloc[[2, 3]].isna().all(axis=None)  # a year and a pair nobody searched
    assert values.iloc[4].tolist() == [0, 0.0, 0.0]
    with pytest.raises(TightropeError, match="rows of 1991, outside its coverage 1990-1990"):
        add_events(panel, dyads, events, states=["TGO"], coverage=(1990, 1990))
    with pytest.raises(MeasureError, match="unknown weight 'reviewd'"):
        add_events(panel, dyads, events, states=["TGO"], coverage=(1990, 1991), weight="reviewd")
    with pytest.raises(TightropeError, match="must be a list"):
        add_events(panel, dyads, events, states="TGO", coverage=(1990, 1991))


def test_a_list_of_coups_means_none_elsewhere_and_country_years_do_not():
    panel = create_state_years(1990, 1990).query("state_code in ['TGO', 'BEN']")
    listed = add_coups(panel, coup_list((461, 1990, True), (461, 1990, False))).set_index("state_code")
    assert listed.loc["TGO"].iloc[2:].tolist() == [2, 1, 1]
    assert listed.loc["BEN"].iloc[2:].tolist() == [0, 0, 0]
    yearly = add_coups(panel, coup_years((461, 1990, 2, 1, 1))).set_index("state_code")
    assert yearly.loc["BEN"].iloc[2:].isna().all()
    early = add_coups(create_state_years(1949, 1949), coup_list((461, 1990, True)))
    assert early["coups_n_attempts"].isna().all()
    with pytest.raises(TightropeError, match="neither those of events"):
        add_coups(panel, coup_list((461, 1990, True)).drop(columns="is_success"))


@pytest.mark.parametrize("name", ADDERS)
def test_every_added_column_is_cited(name):
    panel = pair()
    added = ADDERS[name](panel)
    rows = cite(added).set_index("source")
    new = [column for column in added.columns if column not in panel.columns]
    assert set(", ".join(rows["columns"]).split(", ")) >= set(new)
    assert rows["citation"].str.len().gt(20).all()
    assert set(rows.index) > set(cite(panel)["source"])


def test_citations_survive_merge_concat_and_parquet_for_they_are_not_hidden(tmp_path):
    panel = add_trade(add_alliances(pair(), pacts((220, 461, 1990, True))), trade((220, 461, 1990, 1.0, 2.0)))
    expected = cite(panel)
    assert panel.attrs == {}
    panel.to_parquet(tmp_path / "panel.parquet")
    for same in (
        pd.read_parquet(tmp_path / "panel.parquet"),
        pd.concat([panel, panel]),
        panel.merge(pair()),
        panel.copy(),
    ):
        pd.testing.assert_frame_equal(cite(same), expected)
    marked = cite(panel.merge(panel, on=["state_a", "state_b", "year"]))
    assert marked["source"].tolist() == expected["source"].tolist()
    assert "atop" not in set(cite(panel.drop(columns=[c for c in panel if c.startswith("atop")]))["source"])


def test_citing_names_and_panels():
    assert cite(create_state_years(2000, 2000))["source"].tolist() == ["cow_states", "iso_states"]
    assert cite(create_state_years(2000, 2000, "iso"))["source"].tolist() == ["cow_states", "gw_states", "iso_states"]
    assert cite(["baci"])["source"].tolist() == ["baci"]
    assert cite(pd.DataFrame({"mine": [1]})).empty
    with pytest.raises(UnknownNameError, match="column of a panel, or source 'atopp'; did you mean 'atop'"):
        cite(["atopp"])


def test_every_pattern_names_known_sources():
    named = {source for sources in COLUMNS.values() for source in sources}
    assert named == set(source_names())
