"""Portfolio, votes, go-between and ports in words: what the numbers bear, for any state and any powers."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from analysis.briefing.drawings import draw_brokerage, draw_portfolio, draw_ports, draw_transit, draw_votes
from analysis.briefing.evidence import load_evidence
from analysis.briefing.harbours import table_investors, write_hub
from analysis.briefing.holdings import create_hub, create_portfolio_grid, mean_of, measure_portfolios, select_votes
from analysis.briefing.leanings import write_brokerage, write_portfolio, write_votes
from analysis.briefing.network import count_bridges, create_blocs, create_network, find_brokers, find_network_start
from analysis.briefing.region import table_states, title_region, write_portfolios, write_standing, write_voting
from analysis.measures import compare_states

WINDOW = ("2020-01-01", "2026-02-28")
QUESTIONS = {
    "togo": ("TGO", ["FRA", "RUS"]),
    "benin": ("BEN", ["FRA", "RUS", "CHN", "USA"]),
    "mali": ("MLI", ["FRA", "RUS"]),
    "nigeria": ("NGA", ["CHN", "GBR"]),
    "tunisia": ("TUN", ["FRA", "TUR"]),
}  # fmt: skip


@pytest.fixture(scope="module", params=QUESTIONS)
def evidence(request, built):
    return load_evidence(*QUESTIONS[request.param], *WINDOW, data=built)


@pytest.fixture(scope="module")
def togo(built):
    return load_evidence(*QUESTIONS["togo"], *WINDOW, data=built)


def read_all(evidence):
    portfolios, hub = measure_portfolios(evidence), create_hub(evidence)
    network, blocs = create_network(evidence), create_blocs(evidence)
    brokers = find_brokers(evidence, network, blocs)
    sentences = [
        *write_portfolio(evidence, portfolios), *write_votes(evidence), *write_hub(evidence, hub),
        *write_brokerage(evidence, network, blocs, brokers),
    ]  # fmt: skip
    exhibits = [
        draw_portfolio(evidence, portfolios), draw_votes(evidence), draw_brokerage(evidence, brokers, blocs),
        draw_ports(evidence, hub), draw_transit(evidence, hub), table_investors(evidence, hub),
    ]  # fmt: skip
    return sentences, exhibits


def test_every_section_holds_for_any_state_and_powers(evidence):
    sentences, exhibits = read_all(evidence)
    assert len(exhibits) == 6
    for text in [*sentences, *(one.about["caption"] for one in exhibits)]:
        assert text.strip().endswith((".", "source."))
        assert not re.search(r"\bNone\b(?! of)|\bnan\b", text), text
        for word in ("NaT", "  ", " 1 routes", " 1 events", " 1 pairs", " 1 states", "()", " 1 kinds"):
            assert word not in text, text


def test_the_same_tables_give_the_same_pages(togo):
    first, second = read_all(togo), read_all(togo)
    assert first[0] == second[0]
    assert [one.data for one in first[1]] == [one.data for one in second[1]]


def test_togos_ties_lie_towards_france_while_its_events_do_not_settle(togo):
    text = " ".join(write_portfolio(togo, measure_portfolios(togo)))
    assert "Of 7 kinds of tie 4 are known with both France and Russia" in text
    assert "Whatever the choice, these ties of Togo lie towards France" in text
    assert "is +0.44, and +0.21 to +0.67" in text
    assert "They range from −0.14 (trade) to +1.00 (memberships)." in text


def test_what_moved_is_told_with_both_ends(built):
    mali = load_evidence("MLI", ["FRA", "RUS"], *WINDOW, data=built)
    text = " ".join(write_portfolio(mali, measure_portfolios(mali)))
    assert "On which side they lie hangs on the choice of ties" in text
    assert "troops moved from +1.00 to −1.00" in text


def test_no_tie_known_with_both_gives_no_mean(togo):
    silent = replace(togo, ties=togo.ties.iloc[:0], votes=togo.votes.iloc[:0], powers=("USA", "TUR"))
    sentences = write_portfolio(silent, measure_portfolios(silent))
    assert sentences[0].startswith("Of 7 kinds of tie none are known")
    assert not any("mean tilt" in text for text in sentences)


def test_votes_are_counted_and_few_roll_calls_say_little(togo):
    text = " ".join(write_votes(togo))
    assert "known in 5 (1 yes, 3 abstentions and 1 absence)" in text
    assert "0.62 with France (4 roll calls) and 0.33 with Russia (3 roll calls)" in text
    assert "not how it votes in the Assembly" in text
    early = replace(togo, end=pd.Timestamp("2021-12-31"))
    assert write_votes(early) == ["No roll call of the General Assembly is on record for the window."]
    assert select_votes(early)[1]["n"].eq(0).all()


def test_blocs_are_those_of_the_last_day_and_the_narrower_one_counts(togo):
    blocs = create_blocs(togo)
    assert {state for state, bloc in blocs.items() if bloc == "AES"} == {"BFA", "MLI", "NER"}
    assert (blocs["TGO"], blocs["TCD"]) == ("ECOWAS", "neither")
    before = replace(togo, end=pd.Timestamp("2023-09-15"))
    assert set(create_blocs(before).values()) == {"ECOWAS", "neither"}
    assert find_network_start(togo) == pd.Timestamp("2023-09-16")
    assert find_network_start(before) == togo.start


def test_the_network_holds_the_pairs_with_cooperation_in_its_window(togo):
    network = create_network(togo).set_index(["source", "target"])
    rows = togo.dyad_events[(togo.dyad_events["actor_a"] == "NER") & (togo.dyad_events["actor_b"] == "TGO")]
    days = togo.events.set_index("event_id").loc[rows["event_id"]]
    inside = (days["date_end"] >= "2023-09-16").to_numpy() & (days["date_start"] <= togo.end).to_numpy()
    expected = rows[inside & (rows["weight"] > 0).to_numpy()]
    assert network.at[("NER", "TGO"), "n_events"] == expected["event_id"].nunique()
    assert network.at[("NER", "TGO"), "cooperation"] == expected["weight"].sum()


def test_brokers_count_each_open_pair_once():
    blocs = {"TGO": "ECOWAS", "GHA": "ECOWAS", "BFA": "AES", "TCD": "neither"}
    network = pd.DataFrame({"source": ["BFA", "GHA", "TCD"], "target": ["TGO", "TGO", "TGO"]})
    evidence = _with_states(tuple(blocs))
    roles = find_brokers(evidence, network, blocs).set_index(["state", "role"])["count"]
    # Togo stands between Ghana and each of two outside its bloc, and between these two.
    assert roles["TGO"].to_dict() == {"coordinator": 0.0, "consultant": 0.0, "gatekeeper": 2.0, "liaison": 1.0}
    assert roles.sum() == roles["TGO"].sum()
    bridges = count_bridges(network, blocs).set_index("state")["n_pairs"]
    assert bridges.to_dict() == {"TGO": 1, "BFA": 0, "GHA": 0, "TCD": 0}


def test_without_ties_nobody_stands_between_others(togo):
    empty = replace(togo, dyad_events=togo.dyad_events.iloc[:0])
    network, blocs = create_network(empty), create_blocs(empty)
    brokers = find_brokers(empty, network, blocs)
    assert "nobody stands between others" in write_brokerage(empty, network, blocs, brokers)[0]
    assert "nobody stands between others" in draw_brokerage(empty, brokers, blocs).about["caption"]


def test_togo_is_not_told_apart_from_chance(togo):
    network, blocs = create_network(togo), create_blocs(togo)
    text = " ".join(write_brokerage(togo, network, blocs, find_brokers(togo, network, blocs)))
    assert "Togo links 7 pairs of states, one in AES and one in ECOWAS, that have no tie of their own" in text
    assert "None of its roles can be told apart from chance." in text
    assert "because its ties were looked for" in text


def test_the_hub_says_what_the_coup_left_unknown(togo):
    text = " ".join(write_hub(togo, create_hub(togo)))
    assert "Lome handled 30.6 million tonnes in 2024" in text
    assert "number 2 of 5 ports, though those years differ" in text
    assert "2.56 in 2023, 1.96 in 2024 and 3.52 in 2025" in text
    assert "For none of the 3 routes by way of or to Togo does a source give a whole year after 26 July 2023" in text


def test_trade_partners_stand_side_by_side_in_one_unit_and_undisputed(togo):
    partners = create_hub(togo).partners
    assert partners["import"]["partner"].tolist() == ["CHN", "FRA", "IND"]  # economic_ties.csv ET012 to ET014
    assert partners["import"]["unit"].nunique() == 1
    assert (partners["export"]["low"] == partners["export"]["high"]).all()
    assert not set(partners["export"]["partner"]) & {"AES", "ECOWAS", "UEMOA", "WLD"}


def test_a_landlocked_state_names_the_ports_that_serve_it(built):
    mali = load_evidence("MLI", ["FRA", "RUS"], *WINDOW, data=built)
    sentences = write_hub(mali, create_hub(mali))
    assert (
        sentences[0]
        == "Mali has no sea port on record; goods for it pass through Abidjan, Conakry, Dakar, Lome and Tema."
    )


def test_the_grid_of_the_region_is_each_states_own_portfolio(togo):
    portfolios = measure_portfolios(togo)
    grid = create_portfolio_grid(togo, portfolios)
    for state in ("TGO", "MLI", "NGA"):
        tilts, summary = mean_of(togo, portfolios, state)
        own = grid[grid["state"] == state].set_index("dimension")
        known = tilts.dropna(subset=["tilt"]).set_index("dimension")["tilt"]
        pd.testing.assert_series_equal(own.loc[known.index, "tilt"], known)
        assert own.at["mean", "n_dimensions"] == summary.n_dimensions
        assert pd.isna(own.at["mean", "tilt"]) == (summary.value is None)


def test_the_region_sorts_its_states(togo):
    compared = compare_states(togo.dyad_events, togo.events, togo.states, list(togo.powers), *WINDOW)
    portfolios = measure_portfolios(togo)
    standing = write_standing(togo, compared)
    assert standing[0].startswith(
        "By the gathered events, towards Russia: Burkina Faso, Mali and Niger; side not settled: Togo"
    )
    assert "All gathered cooperation of Mali and Niger is with one of the two" in standing[1]
    assert "hanging on the choice: Burkina Faso, Guinea, Mali and Niger; fewer than 2 kinds known: Nigeria." in write_portfolios(togo, portfolios)[0]  # fmt: skip
    assert "Mali voted most like Russia (0.80 of 1)." in write_voting(togo)
    assert title_region(togo, "en").about["title"] == "Togo and its neighbours between France and Russia"
    table = table_states(togo, compared, portfolios).data["text/csv"]
    assert len(table.splitlines()) == 1 + len(togo.states)
    assert "TGO,-0.27" in table


def _with_states(states):
    """Evidence of which nothing but the states is read."""
    return type("States", (), {"states": states})()
