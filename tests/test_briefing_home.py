"""Sentences on shifts and on what happens at home: their numbers, their silence where there is too little, no causes."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from test_briefing_sentences import evidence_of

from analysis.briefing.around import write_epochs
from analysis.briefing.domestic import count_quarters, frame_responses, frame_shifts, measure_home, measure_movement
from analysis.briefing.drawings import draw_epochs, draw_pressure, draw_shifts
from analysis.briefing.evidence import load_evidence
from analysis.briefing.home import write_home, write_shifts
from analysis.measures import create_engagements
from analysis.measures.examples import example_home, example_series
from analysis.measures.lags import correlate_series
from analysis.measures.shifts import find_shifts
from analysis.reference import load
from analysis.store import read_table

# Words by which a text would say that one thing brought about another.
CAUSES = re.compile(
    r"\b(because|since then|caus\w*|due to|led to|leads? to|driv\w+|result\w* (in|from|of)|owing to|thanks to|"
    r"trigger\w*|provok\w*|effects? of|consequen\w*|as a result|therefore|in response to|explain\w*)\b",
    re.IGNORECASE,
)
WINDOW = pd.Timestamp("2020-01-01"), pd.Timestamp("2025-12-31")


@pytest.fixture(scope="module")
def togo(built):
    return load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28", data=built)


def texts(evidence) -> list[str]:
    movement, home = measure_movement(evidence), measure_home(evidence)
    exhibits = draw_shifts(evidence, movement), draw_pressure(evidence, home), draw_epochs(evidence, home)
    written = [*write_shifts(evidence, movement), *write_home(evidence, home), *write_epochs(evidence, home)]
    return [*written, *(one.about[part] for one in exhibits for part in ("caption", "alt"))]


def spread(*events, powers=("FRA", "RUS")):
    """Evidence from (power, weight, day) over six years."""
    evidence = evidence_of(*[(power, weight) for power, weight, _ in events], powers=powers)
    days = pd.to_datetime([day for *_, day in events])
    table = evidence.events.assign(date_start=days, date_end=days)
    rows = create_engagements(evidence.dyad_events, table, "TGO", list(powers), *WINDOW)
    return replace(evidence, events=table, engagements=rows, start=WINDOW[0], end=WINDOW[1])


def at_home(evidence):
    """The same with the five made-up events of 2024 at home."""
    events, event_actors, _ = example_home()
    return replace(evidence, events=pd.concat([evidence.events, events]), event_actors=event_actors)


@pytest.mark.parametrize(
    ("state", "powers", "start", "end"),
    [
        ("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28"), ("BEN", ["FRA", "RUS", "CHN"], "2020-01-01", "2026-02-28"),
        ("TGO", ["FRA", "RUS"], "2020-01-01", "2020-12-31"), ("MLI", ["RUS", "FRA"], "2019-01-01", "2026-02-28"),
        ("GHA", ["USA", "CHN"], "2021-06-06", "2021-06-06"),
    ],
)  # fmt: skip
def test_no_text_speaks_of_causes(built, state, powers, start, end):
    said = texts(load_evidence(state, powers, start, end, data=built))
    assert len(said) >= 9
    for text in said:
        assert not CAUSES.search(text), text
        assert "nan" not in text.lower().split()
        assert "None" not in text
        assert not re.search(r"\b1 (events|quarters|epochs|responses|months)\b", text)


@pytest.mark.parametrize("text", ["It fell because of the ban.", "Arrests led to it.", "This drives the tilt."])
def test_a_word_of_cause_is_found(text):
    assert CAUSES.search(text)


def test_the_change_and_the_halves_of_togo(togo):
    said = write_shifts(togo, measure_movement(togo))
    assert "Engagement with Russia changes its level in October 2024" in " ".join(said)
    assert "up to 29 January 2023" in said[0]
    assert "The second half lies nearer to Russia with a probability of 0.99" in said[2]
    assert any("With France no change of level is found in the quarters" in sentence for sentence in said)


def test_few_events_leave_shifts_and_halves_open():
    evidence = spread(("FRA", 1, "2020-03-01"))
    said = write_shifts(evidence, measure_movement(evidence))
    assert "too few events with cooperation in one half or both (1 and 0)" in said[0]
    assert "with France and Russia there are fewer, which is too few to say" in said[1]
    assert len(said) == 2


def test_halves_that_hold_zero_are_left_open():
    even = [(power, 1, f"202{year}-0{month}-10") for year in range(6) for month, power in ((2, "FRA"), (5, "RUS"))]
    evidence = spread(*even)
    said = write_shifts(evidence, measure_movement(evidence))
    assert "+0.00" not in said[0]
    assert "Whether the second half lies nearer to either is open" in said[1]


def test_a_half_with_one_power_alone_says_so():
    one_sided = [("FRA", 1, f"2021-{month:02}-10") for month in range(1, 8)]
    mixed = [(power, 1, f"2024-{month:02}-10") for month in range(1, 5) for power in ("FRA", "RUS")]
    evidence = spread(*one_sided, *mixed)
    assert any(
        "all cooperation is with one power" in text for text in write_shifts(evidence, measure_movement(evidence))
    )


def test_nothing_at_home_is_said_in_one_sentence():
    evidence = spread(("FRA", 1, "2021-01-01"))
    assert write_home(evidence, measure_home(evidence)) == [
        "Of what happens at home no event is on record in this window."
    ]
    assert write_epochs(evidence, measure_home(evidence)) == [
        "Around no kind of event is there enough to say how engagement responds."
    ]


@pytest.mark.parametrize(
    ("state", "start", "end", "said"),
    [
        ("BEN", "2024-01-01", "2024-08-10", "no event is on record"),
        ("TGO", "2025-01-01", "2025-01-31", "no event is on record"),
        ("TGO", "2024-11-01", "2025-03-15", "too few events to say"),
    ],
    ids=["two whole quarters", "one month", "one quarter, four months"],
)
def test_a_window_too_short_to_compare_is_as_one_with_too_few_events(built, state, start, end, said):
    evidence = load_evidence(state, ["FRA", "RUS"], start, end, data=built)
    home = measure_home(evidence)
    found = [*home.correlations.values(), *home.by_quarter.values()]
    found += [one for each in home.alternatives.values() for one in (each.without_acts, each.cooperation)]
    assert [one.correlation for one in found] == [None] * 8
    assert said in " ".join(write_home(evidence, home))


def test_few_events_at_home_are_counted_and_not_compared():
    evidence = at_home(spread(("FRA", 1, "2021-01-01")))
    said = write_home(evidence, measure_home(evidence))
    assert said[0].startswith(
        "At home 4 events of pressure or relief are on record: protest and opposition 1; arrests and trials 1; media curbed 1; "
        "pardons, releases 1. "
    )
    assert "too few events to say (3 events, in 2 of 24 quarters)" in said[0]
    assert said[1] == (
        "Month by month, there are too few events to set pressure at home (up to 3 events in 3 of 72 months) against engagement "
        "with France (1 event in 1 of 72 months) and Russia (0 events in 0 of 72 months)."
    )
    assert len(said) == 2


@pytest.mark.parametrize(
    ("sign", "lag", "words"),
    [
        (
            1,
            0,
            "is higher when pressure at home is higher: a rank correlation of +1.00 with engagement of the same month",
        ),
        (
            -1,
            0,
            "is lower when pressure at home is higher: a rank correlation of −1.00 with engagement of the same month",
        ),
        (1, 1, "with engagement 1 month later"),
        (1, -2, "with engagement 2 months earlier"),
    ],
)
def test_a_correlation_says_its_sign_and_lag(togo, sign, lag, words):
    home = measure_home(togo)
    random = pd.Series([float(hash_ % 7) for hash_ in (number * number * 31 for number in range(72))])
    first = pd.concat([example_series()] * 3, ignore_index=True).assign(value=random)
    first["date_start"] = pd.date_range("2020-01-01", periods=72, freq="MS")
    second = first.assign(value=(sign * random).to_numpy()[[(place - lag) % 72 for place in range(72)]])
    found = correlate_series(first, second)
    said = " ".join(write_home(togo, replace(home, correlations={"FRA": found})))
    assert words in said
    assert "The months that add most to it are" in said
    assert "Both series are freed of their trend" in said


def test_a_correlation_within_chance_says_so(togo):
    home = measure_home(togo)
    weak = replace(home.correlations["FRA"], p_value=0.3, correlation=-0.2, strongest=1)
    said = " ".join(write_home(togo, replace(home, correlations={"FRA": weak})))
    assert (
        "is found: the strongest correlation is −0.20, with engagement 1 month later, and as large in 30\N{NO-BREAK SPACE}% of "
        "arrangements by chance (p\xa0=\xa00.30)" in said
    )


def test_a_change_of_pressure_and_none(togo):
    home = measure_home(togo)
    assert "Pressure at home changes its level in January 2023, from 0.3 to 2.3" in " ".join(
        write_home(togo, replace(home, shift=find_shifts(example_series())))
    )
    flat = find_shifts(example_series().assign(value=1.0))
    assert "In pressure at home no change of level is found" in " ".join(write_home(togo, replace(home, shift=flat)))


def test_responses_name_their_months_and_how_many_were_looked_at(togo):
    said = write_epochs(togo, measure_home(togo))
    assert said[0].startswith("Coup or attempt nearby: August 2020, April 2021 (2 events), September 2021")
    compared = next(sentence for sentence in said if "responses around events" in sentence)
    assert compared.startswith("Of 2 responses around events the smallest p is")
    assert "in 19\N{NO-BREAK SPACE}% of cases" in compared


def test_quarters_hold_the_sums_of_events(togo):
    home = measure_home(togo)
    sums = home.quarters.groupby(["place", "lane"])[["up", "down"]].sum()
    for power in togo.powers:
        rows = togo.engagements[togo.engagements["power"] == power]
        assert sums.loc[("abroad", power)].tolist() == pytest.approx(
            [rows["cooperation"].sum(), rows["conflict"].sum()]
        )
    for kind, rows in home.pressure.groupby("kind"):
        assert sums.at[("home", kind), "up"] == pytest.approx((rows["weight"] * rows["window_share"]).sum())
    assert home.quarters["date_start"].min() >= togo.start
    assert home.quarters["date_end"].max() <= togo.end


def test_frames_of_figures_have_every_power_and_kind(togo):
    series, levels, points = frame_shifts(measure_movement(togo))
    assert set(series["power"]) == set(levels["power"]) == {"FRA", "RUS"}
    assert points["power"].tolist() == ["RUS"]
    responses, about = frame_responses(measure_home(togo))
    assert len(about) == 2 * about["kind"].nunique() == 6
    assert set(responses["kind"]) == set(about.loc[about["p_value"].notna(), "kind"])


def test_a_window_of_a_day_has_no_halves():
    day = pd.Timestamp("2020-06-01")
    evidence = replace(evidence_of(("FRA", 1)), start=day, end=day)
    movement = measure_movement(evidence)
    assert movement.halves is None
    assert count_quarters(evidence, measure_home(evidence).pressure)["up"].tolist() == [1.0]
    assert len(write_shifts(evidence, movement)) == 1


def test_a_report_is_handed_every_event_that_begins_an_epoch_nearby(togo, built):
    kinds = load("epoch_kinds")
    classes = set(kinds.loc[kinds["whose"] == "compared", "event_class"])
    events, actors = read_table("events", built), read_table("event_actors", built)
    nearby = actors[actors["position"].eq("target") & actors["state"].isin(togo.states)]["event_id"]
    known = events[events["event_class"].isin(classes) & events["event_id"].isin(nearby)]
    assert len(known) >= 8
    assert set(known["event_id"]) <= set(togo.events["event_id"])


def test_the_choice_of_the_period_is_seen(togo):
    home = measure_home(togo)
    said = " ".join(write_home(togo, home))
    for power in togo.powers:
        found = home.by_quarter[power]
        assert found.lags["lag"].tolist() == [0]
        assert (
            f"By quarter, with engagement of the same quarter, it is −{abs(found.correlation):.2f} (p\xa0=\xa0" in said
        )
    silent = {power: replace(found, p_value=None) for power, found in home.by_quarter.items()}
    assert "By quarter" not in " ".join(write_home(togo, replace(home, by_quarter=silent)))
