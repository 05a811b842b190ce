"""Portfolio, votes, go-between and ports in words: what the numbers bear, for any state and any powers."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from analysis.briefing.brokerage import write_brokerage
from analysis.briefing.drawings import draw_brokerage, draw_portfolio, draw_ports, draw_transit, draw_votes
from analysis.briefing.evidence import load_evidence
from analysis.briefing.harbours import table_investors, write_hub
from analysis.briefing.holdings import create_hub, create_portfolio_grid, mean_of, measure_portfolios, select_votes
from analysis.briefing.leanings import write_portfolio
from analysis.briefing.network import count_bridges, create_blocs, create_network, find_brokers, find_network_start
from analysis.briefing.region import table_states, title_region, write_portfolios, write_standing, write_voting
from analysis.briefing.relations import create_tie_matrix
from analysis.briefing.voting import write_votes
from analysis.briefing.wording import begin_sentences
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
    # Where no project is on record the text says so, and there is no table.
    exhibits = [one for one in exhibits if one.about["kind"] != "text"]
    assert (len(exhibits) == 6) == any("on its terminals, corridors and zones" in text for text in sentences)
    for text in [*sentences, *(one.about["caption"] for one in exhibits)]:
        assert text.strip().endswith((".", "source."))
        assert not re.search(r"\bNone\b(?! of)|\bnan\b", text), text
        for word in ("NaT", "  ", " 1 routes", " 1 events", " 1 pairs", " 1 states", "()", " 1 kinds"):
            assert word not in text, text


def test_no_home_of_investors_is_left_out_where_another_of_as_many_is_named(togo, built):
    said = " ".join(write_hub(togo, create_hub(togo)))
    assert "investors most often from China (4), Switzerland (3) and Singapore (3); entries" in said
    benin = load_evidence("BEN", ["FRA", "RUS"], *WINDOW, data=built)
    equal = " ".join(write_hub(benin, create_hub(benin)))
    assert "investors from Belgium (1) and China (1); entries" in equal
    assert "most often" not in equal


def test_a_table_whose_rows_add_up_to_more_than_its_entries_says_so(togo, built):
    hub = create_hub(togo)
    table = table_investors(togo, hub).about["caption"]
    assert hub.investors["row_id"].nunique() == 30 < len(hub.investors)
    assert "the rows add up to more than the 30 entries" in table
    once = replace(hub, investors=hub.investors.drop_duplicates("row_id"))
    assert "add up" not in table_investors(togo, once).about["caption"]


@pytest.mark.parametrize(("number", "end"), [(20, "P19"), (21, "P19 and 1 more"), (3000, "P19 and 2,980 more")])
def test_of_very_many_projects_of_one_home_the_first_are_listed(togo, number, end):
    hub = create_hub(togo)
    one = hub.investors.iloc[:1].assign(home="CHN", value=None, status=None, reading="", has_conflict=False)
    many = pd.concat([one] * number).assign(name=[f"P{place}" for place in range(number)])
    table = table_investors(togo, replace(hub, investors=many)).data
    assert f"{end}</td>" in table["text/html"]
    assert len(table["text/csv"].splitlines()) == number + 1


def test_what_happened_on_routes_is_told_by_where_they_lead(built):
    benin = load_evidence("BEN", ["FRA", "RUS"], *WINDOW, data=built)
    said = " ".join(write_hub(benin, create_hub(benin)))
    assert "For the one route by way of or to Benin" in said
    assert "What happened on the way to Niger is on record" in said
    assert "Lome" in said.partition("What happened")[2]  # the way to Niger, and not the one route by way of Benin
    assert "refused at Cotonou, from which by late October none had left" in said


def test_the_same_tables_give_the_same_pages(togo):
    first, second = read_all(togo), read_all(togo)
    assert first[0] == second[0]
    assert [one.data for one in first[1]] == [one.data for one in second[1]]


def test_togos_ties_lie_towards_france_while_its_events_do_not_settle(togo):
    text = " ".join(write_portfolio(togo, measure_portfolios(togo)))
    assert "Of 7 kinds of tie 3 are known with both France and Russia" in text
    assert "Of the 3 kinds known with both France and Russia, whichever is left out or weighed otherwise" in text
    assert "the mean lies towards France" in text
    assert "Whatever the choice" not in text
    assert "is +0.64, and +0.47 to +0.82" in text
    assert "They range from +0.33 (UN votes) to +1.00 (memberships)." in text
    assert "defence agreements (Russia 1 (signed 2025); France not known: no source speaks of it)" in text
    assert "If France had none in defence agreements, the mean would be +0.23." in text
    assert "No compared state but Nigeria takes part in an organisation near Russia" in text
    assert "without it the mean of the 2 other kinds is +0.47" in text


def test_a_tie_that_ended_with_one_and_is_not_known_with_the_other_gives_no_mean(built):
    chad = load_evidence("TCD", ["FRA", "RUS"], *WINDOW, data=built)
    text = " ".join(write_portfolio(chad, measure_portfolios(chad)))
    assert "With fewer than 3 kinds known with both no mean is given." in text
    assert "defence agreements (ended with France; not known with Russia)" in text
    assert "troops (ended with France; not known with Russia)" in text


@pytest.mark.parametrize("window", [("2020-01-01", "2021-06-30"), ("2025-06-01", "2026-02-28")])
def test_an_early_end_and_a_late_start_have_their_pages(built, window):
    evidence = load_evidence("TGO", ["FRA", "RUS"], *window, data=built)
    sentences, exhibits = read_all(evidence)
    text = " ".join([*sentences, *(one.about["caption"] + str(one.about.get("alt")) for one in exhibits)])
    assert ("26 July 2023" in text) == (window[1] > "2023-07-26")
    # One rule: the roll calls up to the last day count in the votes and in the portfolio, whenever the window begins.
    assert ("0.67 with France" in text) == ("Of 7 roll calls" in text) == (window[1] > "2022-03-02")


def test_what_moved_is_told_with_both_ends(built):
    mali = load_evidence("MLI", ["FRA", "RUS"], *WINDOW, data=built)
    text = " ".join(write_portfolio(mali, measure_portfolios(mali)))
    assert "the mean does not keep to one side" in text
    assert "has moved: troops from +1.00 to −1.00" in text


def test_the_latest_whole_year_of_all_goods_is_told(built):
    ivory_coast = load_evidence("CIV", ["FRA", "RUS"], *WINDOW, data=built)
    texts = create_tie_matrix(ivory_coast).set_index(["kind", "power"])["text"]
    assert texts["Trade", "RUS"].startswith("imports 302.5 billion XOF (2023)")  # of which three quarters are petroleum


def test_troops_that_are_gone_are_not_said_to_be_closed(built):
    mali = load_evidence("MLI", ["FRA", "RUS"], *WINDOW, data=built)
    texts = create_tie_matrix(mali).set_index(["kind", "power"])["text"]
    assert "no longer there" in set(texts)
    assert "closed" not in set(texts)


def test_a_reading_that_is_the_status_is_said_once(built):
    benin = load_evidence("BEN", ["FRA", "RUS"], *WINDOW, data=built)
    table = table_investors(benin, create_hub(benin)).data["text/html"]
    assert "(studies" in table
    assert "studies; studies" not in table


def test_no_tie_known_with_both_gives_no_mean(togo):
    silent = replace(togo, ties=togo.ties.iloc[:0], votes=togo.votes.iloc[:0], powers=("USA", "TUR"))
    sentences = write_portfolio(silent, measure_portfolios(silent))
    assert sentences[0].startswith("Of 7 kinds of tie none are known")
    assert not any("mean tilt" in text for text in sentences)


def test_votes_are_counted_and_few_roll_calls_say_little(togo):
    text = " ".join(write_votes(togo))
    assert "known in 5 (1 yes, 3 abstentions and 1 absence)" in text
    assert "0.63 with France (4 roll calls) and 0.33 with Russia (3 roll calls)" in text
    assert "Over the 3 in which all three voted, it is 0.67 with France and 0.33 with Russia, a tilt of +0.33." in text
    assert "not how it votes in the Assembly" in text
    early = replace(togo, end=pd.Timestamp("2021-12-31"))
    assert write_votes(early) == ["No roll call of the General Assembly up to 31 December 2021 is on record."]
    assert select_votes(early)[1]["n"].eq(0).all()


def test_blocs_are_those_of_the_last_day_and_the_narrower_one_counts(togo):
    blocs = create_blocs(togo)
    assert {state for state, bloc in blocs.items() if bloc == "AES"} == {"BFA", "MLI", "NER"}
    assert (blocs["TGO"], blocs["TCD"]) == ("ECOWAS", "neither")
    before = replace(togo, end=pd.Timestamp("2023-09-15"))
    assert set(create_blocs(before).values()) == {"ECOWAS", "neither"}
    assert find_network_start(togo) == pd.Timestamp("2023-09-16")
    assert find_network_start(before) == togo.start


def test_an_associate_of_a_bloc_is_in_none_and_named(built):
    west = load_evidence("GNB", ["FRA", "RUS"], "2020-01-01", "2026-02-28", data=built)
    blocs, network = create_blocs(west), create_network(west)
    assert blocs["MRT"] == "neither"
    assert list(blocs.values()).count("ECOWAS") == 12
    text = " ".join(write_brokerage(west, network, blocs, find_brokers(west, network, blocs)))
    assert "(3 in AES, 12 in ECOWAS and 1 in neither)" in text
    assert "No member of a bloc, and so in neither: Mauritania (associate of ECOWAS)." in text


def test_the_network_holds_the_pairs_with_cooperation_in_its_window(togo):
    network = create_network(togo).set_index(["source", "target"])
    rows = togo.dyad_events[(togo.dyad_events["actor_a"] == "NER") & (togo.dyad_events["actor_b"] == "TGO")]
    days = togo.events.set_index("event_id").loc[rows["event_id"]]
    inside = (days["date_end"] >= "2023-09-16").to_numpy() & (days["date_start"] <= togo.end).to_numpy()
    expected = rows[inside & (rows["weight"] > 0).to_numpy()]
    assert network.at[("NER", "TGO"), "n_events"] == expected["event_id"].nunique()
    assert network.at[("NER", "TGO"), "cooperation"] == expected["weight"].sum()


def test_all_states_of_a_joint_event_are_tied(togo):
    network = create_network(togo).set_index(["source", "target"])
    # TGO0105, an exercise of five coded as Togo with each; RE0190, a force for Benin of which Benin is coded with each.
    for pair in (("BFA", "TCD"), ("MLI", "TCD"), ("NER", "TCD"), ("CIV", "GHA"), ("CIV", "NGA"), ("GHA", "NGA")):
        assert network.at[pair, "cooperation"] == 0
    # SEC0051: the European Union helps four states, which do nothing with each other there.
    assert ("BEN", "TGO") not in network.index or network.at[("BEN", "TGO"), "cooperation"] > 0


def test_a_pair_that_a_joint_event_sets_against_each_other_is_not_tied(togo):
    event = togo.events[togo.events["date_start"] > "2024-01-01"].iloc[:1]
    rows = [("BEN", "TGO", 1.0), ("NER", "TGO", 1.0), ("BEN", "NER", -2.0), ("GHA", "TGO", 1.0)]
    dyads = pd.DataFrame(rows, columns=["actor_a", "actor_b", "weight"]).assign(event_id=event["event_id"].iloc[0])
    network = create_network(replace(togo, events=event, dyad_events=dyads))
    pairs = set(zip(network["source"], network["target"], strict=True))
    assert pairs == {("BEN", "TGO"), ("NER", "TGO"), ("GHA", "TGO"), ("BEN", "GHA"), ("GHA", "NER")}


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
    assert "Togo links 7 pairs of states, one in AES and one in ECOWAS, for which no event between them" in text
    assert "A pair without a tie is one for which no event was gathered" in text
    assert "None of its roles can be told apart from chance." in text
    assert "As 4 roles are tried, one is told apart from chance only under p\xa0=\xa00.0125" in text
    assert "because its ties were looked for" in text


def test_the_hub_says_what_the_coup_left_unknown(togo):
    text = " ".join(write_hub(togo, create_hub(togo)))
    assert "Lome handled 30.6 million tonnes in 2024" in text
    assert "number 2 of 5 ports, though those years differ" in text
    assert "2.56 in 2023, 1.96 in 2024 and 3.52 in 2025" in text
    assert "on 30 July 2023 Benin closed its border" in text
    assert "on 27 December 2023 the suspension at Cotonou was lifted ([WeAfrica24](https://weafrica24.com/" in text
    assert "15 of them read as investments" in text
    assert "For none of the 3 routes by way of or to Togo does a source give a whole year after 26 July 2023" in text


def test_trade_partners_stand_side_by_side_in_one_unit_and_undisputed(togo):
    partners = create_hub(togo).partners
    assert partners["import"]["partner"].tolist() == ["CHN", "FRA", "IND"]  # economic_ties.csv ET012 to ET014
    assert partners["import"]["unit"].nunique() == 1
    # economic_ties.csv ET044 to ET046; the list of March 2024 (ET062 to ET069) is one of ECOWAS alone.
    assert partners["export"]["partner"].tolist() == ["IND", "BFA", "CIV"]
    assert set(partners["export"]["period"]) == {"2024Q3"}
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
        "By the gathered events, towards France: Benin; towards Russia: Burkina Faso, Mali and Niger; not "
        "placed on either side: Togo"
    )
    assert "All gathered cooperation of Mali and Niger is with one of the two" in standing[1]
    assert standing[2] == "For Benin the interval ends within 0.05 of zero, so that the side hangs on little."
    assert "+0.0003 to +0.84" in table_states(togo, compared, portfolios).data["text/html"]
    far = compared.assign(low=compared["low"].where(compared["state"] != "BEN", 0.05))
    assert not any("hangs on little" in sentence for sentence in write_standing(togo, far))
    assert "hanging on the choice: Burkina Faso, Mali and Niger" in write_portfolios(togo, portfolios)[0]
    assert "fewer than 3 kinds known with both: Ghana, Guinea, Nigeria, Senegal and Chad" in write_portfolios(togo, portfolios)[0]  # fmt: skip
    assert "Chad (defence agreements and troops)" in write_portfolios(togo, portfolios)[1]
    voting, table = write_voting(togo), table_states(togo, compared, portfolios).data["text/html"]
    assert "Mali voted most like Russia (agreement 0.75)." in voting  # as the table and the figure have it
    assert "0.75 over 4" in table
    assert title_region(togo, "en").about["title"] == "Togo and its neighbours between France and Russia"
    table = table_states(togo, compared, portfolios).data["text/csv"]
    assert len(table.splitlines()) == 1 + len(togo.states)
    assert "TGO,-0.27" in table


@pytest.mark.parametrize(
    ("printed", "sign"), [("more than", "≥"), ("above", "≥"), ("less than", "≤"), ("a little less than", "≤")]
)
def test_a_trade_figure_printed_as_a_bound_bears_its_sign_in_the_matrix(togo, printed, sign):
    rows = (togo.ties["kind"] == "trade") & (togo.ties["partner"] == "FRA") & (togo.ties["state"] == "TGO")
    notes = togo.ties["note"].where(~rows, togo.ties["note"] + f' "{printed}"')
    matrix = create_tie_matrix(replace(togo, ties=togo.ties.assign(note=notes)))
    text = matrix[(matrix["kind"] == "Trade") & (matrix["power"] == "FRA")]["text"].iloc[0]
    assert f"imports {sign}\N{NO-BREAK SPACE}225 million EUR (2023)" in text


def test_names_take_their_article_in_a_sentence_and_not_in_a_table(built):
    evidence = load_evidence("NGA", ["USA", "GBR"], *WINDOW, data=built)
    portfolios = measure_portfolios(evidence)
    text = " ".join(
        [*write_portfolio(evidence, portfolios), *write_votes(evidence), *write_portfolios(evidence, portfolios)]
    )
    assert "the United States" in text
    assert not re.search(r"(?<!the )United (States|Kingdom)", text)
    assert begin_sentences(["the Gambia votes.", ""]) == ["The Gambia votes."]
    compared = compare_states(evidence.dyad_events, evidence.events, evidence.states, list(evidence.powers), *WINDOW)
    assert "Votes with United States" in table_states(evidence, compared, portfolios).data["text/html"]


def _with_states(states):
    """Evidence of which nothing but the states is read."""
    return type("States", (), {"states": states})()


def test_the_matter_of_roll_calls_is_told_only_if_it_is_one(togo):
    other = togo.votes.iloc[:1].assign(roll_call_id="79/81")
    mixed = replace(togo, votes=pd.concat([togo.votes, other], ignore_index=True))
    for write in (write_votes, write_voting):
        assert "7 roll calls on the war in Ukraine" in write(togo)[0]
        assert "8 roll calls of the General Assembly" in write(mixed)[0]
