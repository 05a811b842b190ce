"""Generated sentences on the edges: nothing, one, even, silent, undecided."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.briefing.answer import write_answer
from analysis.briefing.evidence import Evidence
from analysis.briefing.facts import write_facts
from analysis.briefing.sentences import key_numbers, title_briefing, write_coverage, write_events_with_powers
from analysis.briefing.tables import table_balance
from analysis.measures import balance, create_engagements, rolling_tilt, tilt
from analysis.schema import TABLES

NAMES = {"TGO": "Togo", "FRA": "France", "RUS": "Russia", "CHN": "China", "CIV": "Côte d’Ivoire"}
START, END = pd.Timestamp("2020-01-01"), pd.Timestamp("2020-12-31")


def evidence_of(*weights, powers=("FRA", "RUS"), state="TGO"):
    """Evidence from (power, weight) pairs, one event each."""
    events = [
        {
            "event_id": f"E{n}", "source_name": "t", "file": "f", "line": n, "date_start": "2020-06-01",
            "date_end": "2020-06-01", "date_precision": "day", "quad_class": "verbal_cooperation",
            "certainty": "confirmed", "is_weak_fit": False, "derived_score": 1.0,
        }
        for n, _ in enumerate(weights)
    ]  # fmt: skip
    dyads = [
        {
            "event_id": f"E{n}", "actor_a": min(state, power), "actor_b": max(state, power), "weight": float(weight),
            "weight_basis": "reviewed", "derived_score": 1.0, "salience": max(1, abs(weight)),
        }
        for n, (power, weight) in enumerate(weights)
    ]  # fmt: skip
    frames = {
        name: TABLES[name].frame([])
        for name in (
            *("event_actors", "event_sources", "ties", "votes", "port_figures", "projects"),
            *("claims", "claim_values", "article_claims"),
        )
    }
    frames |= {"events": TABLES["events"].frame(events), "dyad_events": TABLES["dyad_events"].frame(dyads)}
    return Evidence(
        state=state, powers=powers, states=(state,), start=START, end=END, language="en", names=NAMES,
        engagements=create_engagements(frames["dyad_events"], frames["events"], state, list(powers), START, END),
        record={"files": [{"rows_read": 9, "rows_rejected": 1}]}, **frames,
    )  # fmt: skip


def compared_of(**depths):
    rows = [{"state": state, "depth": depth, "depth_percentile": 50.0} for state, depth in depths.items()]
    return pd.DataFrame(rows)


def weightings_of(*tilts):
    rows = [{"weighting": f"w{n}", "tilt": tilt, "low": tilt - 0.1, "high": tilt + 0.1} for n, tilt in enumerate(tilts)]
    return pd.DataFrame(rows, columns=["weighting", "tilt", "low", "high"])


def answer(evidence, compared=None, weightings=None):
    leaning = tilt(evidence.engagements, *evidence.powers[:2])
    compared = compared_of(TGO=3.0) if compared is None else compared
    rolling = rolling_tilt(evidence.engagements, *evidence.powers[:2], evidence.start, evidence.end)
    return write_answer(evidence, leaning, rolling, compared, weightings_of() if weightings is None else weightings)


def test_a_settled_lean_names_the_power_and_the_interval():
    first = answer(evidence_of(*[("RUS", 2)] * 8, *[("FRA", 1)] * 2))[0]
    assert "Togo leans towards Russia" in first
    assert "90 % interval −" in first
    assert "10 events" in first


def test_an_interval_that_spans_zero_settles_nothing():
    first = answer(evidence_of(*[("RUS", 1)] * 5, *[("FRA", 1)] * 4))[0]
    assert "Togo could not be placed on either side by the gathered events" in first


def test_ties_exactly_even_are_no_lean():
    first = answer(evidence_of(*[("RUS", 1)] * 4, *[("FRA", 1)] * 4))[0]
    assert "is 0.00 (90 % interval" in first
    assert "could not be placed on either side" in first


def test_too_few_events_give_no_tilt_on_any_line():
    evidence = evidence_of(("RUS", 2))
    told = answer(evidence, weightings=weightings_of(-1.0, -1.0).assign(low=None, high=None))
    assert (
        "31 December 2020, 1 event of cooperation of Togo with France or Russia is on record, too few to give a tilt."
        in told[0]
    )
    assert not any("1.00" in sentence or "points to" in sentence for sentence in told)
    numbers = key_numbers(evidence, tilt(evidence.engagements, "FRA", "RUS"), compared_of(TGO=2.0))
    assert write_facts(evidence, numbers)[0][1:3] == ("unknown", "too few events")


def test_two_events_are_plural():
    assert "2 events of cooperation of Togo" in answer(evidence_of(("RUS", 2), ("FRA", 1)))[0]


def test_a_side_that_hangs_on_little_is_said_to():
    evidence = evidence_of(*[("FRA", 1)] * 5, ("RUS", 1))
    leaning = replace(tilt(evidence.engagements, "FRA", "RUS"), low=0.0003, high=0.84)
    rolling = rolling_tilt(evidence.engagements, "FRA", "RUS", START, END)
    first = write_answer(evidence, leaning, rolling, compared_of(TGO=3.0), weightings_of())[0]
    assert first.endswith("The interval ends within 0.05 of zero, so that the side hangs on little.")
    numbers = key_numbers(evidence, leaning, compared_of(TGO=3.0))
    assert write_facts(evidence, numbers)[0].note == "90 % interval +0.0003 to +0.84"
    sure = write_answer(evidence, replace(leaning, low=0.2), rolling, compared_of(TGO=3.0), weightings_of())[0]
    assert "hangs on little" not in sure


def test_an_interval_without_width_is_said_to_have_none_wherever_it_stands():
    evidence = evidence_of(*[("RUS", 1)] * 6)
    assert "leaves the interval no width and is no sign of certainty" in answer(evidence)[0]
    numbers = key_numbers(evidence, tilt(evidence.engagements, "FRA", "RUS"), compared_of(TGO=3.0))
    assert write_facts(evidence, numbers)[0][1:3] == (
        "−1.00",
        "all cooperation with Russia, so that the interval has no width",
    )


def test_a_way_of_weighing_with_too_few_events_has_no_say():
    ways = weightings_of(-0.3, -0.25, 0.9)
    ways.loc[2, ["low", "high"]] = None
    last = answer(evidence_of(*[("RUS", 1)] * 6), weightings=ways)[-1]
    assert "The 2 ways of weighing the events all point to Russia (−0.30 to −0.25)." in last
    assert last.endswith("1 other way has too few events to say.")


def test_cooperation_with_one_power_alone_is_said_so():
    first = answer(evidence_of(*[("RUS", 1)] * 6))[0]
    assert "all gathered cooperation of Togo with the two is with Russia (6 events)" in first


@pytest.mark.parametrize(("n", "text"), [(1, "there is 1 event of"), (2, "there are 2 events of")])
def test_few_events_of_late_are_counted_in_words_that_fit(n, text):
    told = " ".join(answer(evidence_of(*[("RUS", 1)] * n)))
    assert f"{text} cooperation, too few to give an interval." in told


def test_conflict_alone_gives_no_tilt():
    sentences = answer(evidence_of(("RUS", -1), ("FRA", -2)))
    assert "no cooperation of Togo with France or Russia was gathered, so no tilt can be given" in sentences[0]
    assert "0 effect points with France against 2 of conflict and 0 effect points with Russia against 1" in sentences[1]


def test_nothing_is_not_shared_out():
    evidence = evidence_of(("RUS", -1), ("FRA", -2))
    table = table_balance(evidence, balance(evidence.engagements, evidence.powers).shares)
    assert table.data["text/html"].count("no cooperation on record") == 2
    shared = evidence_of(("RUS", 1))
    table = table_balance(shared, balance(shared.engagements, shared.powers).shares)
    assert table.data["text/html"].count("0\N{NO-BREAK SPACE}%") == 2  # none with France, all with Russia


def test_one_point_is_no_points():
    assert "Cooperation weighs 1 effect point with Russia" in " ".join(answer(evidence_of(("RUS", 1))))


def test_a_silent_power_is_named_and_not_dropped():
    evidence = evidence_of(*[("RUS", 1)] * 6, powers=("FRA", "RUS", "CHN"))
    assert "no event with France or China was gathered" in " ".join(answer(evidence))
    assert "does not mean that nothing happened" in " ".join(write_events_with_powers(evidence))


@pytest.mark.parametrize(
    ("tilts", "text"),
    [
        ((-0.3, -0.15), "The 2 ways of weighing the events all point to Russia (−0.30 to −0.15)."),
        ((-1.0, -1.0), "The 2 ways of weighing the events all give −1.00, which points to Russia."),
        ((0.3, 0.15), "all point to France (+0.15 to +0.30)."),
        ((-0.3, -0.05), "(−0.30 to −0.05), and 1 of the intervals includes an even balance."),
        ((-0.05, 0.05), "differ in direction (−0.05 to +0.05), and all 2 intervals include an even balance."),
        ((0.0, 0.0), "all point to neither"),
    ],
)
def test_the_choice_of_weights_is_told_with_its_intervals(tilts, text):
    assert text in answer(evidence_of(*[("RUS", 1)] * 6), weightings=weightings_of(*tilts))[-1]


def test_depth_counts_the_states_that_have_more():
    sentences = answer(evidence_of(*[("RUS", 1)] * 6), compared=compared_of(TGO=3.0, BEN=5.0, GHA=1.0))
    assert any(
        "Cooperation with both comes to 3.0 points a year; 1 of the 2 other states compared has more, which also"
        in text
        for text in sentences
    )


def test_there_are_three_to_five_sentences_and_each_ends():
    sentences = answer(evidence_of(*[("RUS", 1)] * 6, ("FRA", 1)), weightings=weightings_of(0.1, 0.2))
    assert 3 <= len(sentences) <= 5
    assert all(sentence.endswith(".") for sentence in sentences)


def test_key_numbers_are_those_of_the_sentences():
    evidence = evidence_of(*[("RUS", 2)] * 8, *[("FRA", 1)] * 2, ("FRA", -3))
    numbers = key_numbers(evidence, tilt(evidence.engagements, "FRA", "RUS"), compared_of(TGO=18.0))
    assert numbers["tilt"] == pytest.approx((2 - 16) / 18, abs=1e-4)
    assert (numbers["cooperation_RUS"], numbers["conflict_FRA"], numbers["n_events"]) == (16.0, 3.0, 11)


def test_facts_say_the_key_numbers_with_their_units():
    evidence = evidence_of(*[("RUS", 2)] * 8, *[("FRA", 1)] * 2, ("FRA", -3))
    numbers = key_numbers(evidence, tilt(evidence.engagements, "FRA", "RUS"), compared_of(TGO=18.0))
    leaning, deep, events = write_facts(evidence, numbers)
    low, high = (f"{numbers[name]:+.2f}".replace("-", "−") for name in ("tilt_low", "tilt_high"))
    assert leaning == (
        "Tilt between France (+1) and Russia (−1)",
        "−0.78",
        f"90 % interval {low} to {high}",
        "sensitivity",
    )
    assert deep == ("Depth", "18.0", "effect points of cooperation a year", "neighbours")
    assert events == ("Events", "11", "with France or Russia", "balance")
    (unsure, *_) = write_facts(evidence, numbers | {"tilt": None, "tilt_low": None, "tilt_high": None})
    assert unsure[1:3] == ("unknown", "no cooperation with either power")
    (french, *_) = write_facts(replace(evidence, language="fr"), numbers)
    assert french.value == "−0,78"
    assert french.label == "Inclinaison entre France (+1) et Russia (−1)"


def test_the_title_names_the_state_its_powers_and_the_day():
    about = title_briefing(evidence_of(("RUS", 1)), "en").about
    assert about["title"] == "Togo between France and Russia"
    assert (about["as_of"], about["language"]) == ("2020-12-31", "en")


def test_coverage_counts_events_and_rejects():
    counts = pd.DataFrame({"year": [2020, 2020], "certainty": ["confirmed", "disputed"], "n_events": [3, 1]})
    text = " ".join(write_coverage(evidence_of(("RUS", 1)), counts))
    assert "4 events" in text
    assert "two outlets confirm 3 (75\N{NO-BREAK SPACE}%) in every detail" in text
    assert "Of 9 rows in the raw files 1 was rejected." in text


@pytest.mark.parametrize(
    ("certainty", "weights", "said"),
    [
        (
            "single_source",
            [("RUS", 1)],
            "no two outlets confirm every detail. It concerns a tie with France or Russia.",
        ),
        ("confirmed", [], "two outlets confirm it in every detail. It concerns no tie with France or Russia."),
    ],
)
def test_one_event_is_no_share_of_itself(certainty, weights, said):
    counts = pd.DataFrame({"year": [2020], "certainty": [certainty], "n_events": [1]})
    text = " ".join(write_coverage(evidence_of(*weights), counts))
    assert said in text
    assert "of them" not in text


def test_of_no_event_none_is_counted_apart():
    none = pd.DataFrame({"year": [2020], "certainty": ["confirmed"], "n_events": [0]})
    text = " ".join(write_coverage(evidence_of(), none))
    assert "No event from" in text
    assert "of them" not in text


def test_names_from_data_cannot_be_markup():
    evidence = evidence_of(*[("RUS", 1)] * 6)
    hostile = Evidence(**{**evidence.__dict__, "names": NAMES | {"RUS": "<b>R</b>[x](javascript:1)"}})
    assert "<b>" not in " ".join(answer(hostile))
