"""Portfolio: strengths read from the real rows, tilts that flip with the powers, ranges that hold the mean."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_cases import QUICK, known_answers

from analysis import reference
from analysis.cleaning.tie_rows import MISSION_STATUSES, mission_forms
from analysis.measures.agreement import agree_votes
from analysis.measures.checks import MeasureError
from analysis.measures.portfolio import (
    MINIMUM_DIMENSIONS,
    compare_portfolios,
    create_portfolio,
    summarise_portfolio,
    tilt_dimensions,
)
from analysis.measures.strengths import DIMENSIONS, TieJudgements, create_strengths
from analysis.measures.trade_figures import choose_latest_list, choose_side_by_side, create_trade_figures
from analysis.schema import TIES, VOTES
from analysis.store import read_table

END = "2026-02-28"
STATES = ["TGO", "BEN", "BFA", "CIV", "MLI", "NER", "NGA", "TCD", "GHA"]
POWERS = ["FRA", "RUS", "GBR", "USA", "TUR"]


@pytest.fixture(scope="module")
def judgements():
    names = ("tie_strengths", "power_organisations", "organisation_rosters", "claimed_figures")
    return TieJudgements(*(reference.load(name) for name in names))


@pytest.fixture(scope="module")
def real(built):
    return read_table("ties", built), read_table("votes", built)


def tie(**more):
    usual = {
        "tie_id": "t1", "file": "t.csv", "line": 2, "state": "TGO", "partner": "FRA", "kind": "mission",
        "detail": "embassy, Lome", "status": "open", "is_part_year": False, "has_conflict": False, "n_sources": 1,
    }  # fmt: skip
    return usual | more


def ties_of(*rows):
    return TIES.frame([tie(tie_id=f"t{number}") | row for number, row in enumerate(rows)])


def trade(partner, value, **more):
    usual = {
        "kind": "trade", "detail": "import", "partner": partner, "value": value, "unit": "million EUR", "status": None,
        "start": "2023-01-01", "end": "2023-12-31", "note": "sector: goods. customs",
    }  # fmt: skip
    return usual | more


def strength_of(frame, state, power, dimension):
    rows = frame[(frame["state"] == state) & (frame["power"] == power) & (frame["dimension"] == dimension)]
    return rows.iloc[0]


@pytest.mark.parametrize("answer", known_answers("portfolio.csv"), ids=lambda row: f"{row['state']}-{row['power']}-{row['dimension']}-{row['as_of']}")  # fmt: skip
def test_strengths_are_those_of_the_raw_rows(real, judgements, answer):
    powers = ["FRA", "RUS", *({answer["power"]} - {"FRA", "RUS"})]
    frame = create_strengths(*real, [answer["state"]], powers, answer["as_of"], judgements)
    row = strength_of(frame, answer["state"], answer["power"], answer["dimension"])
    if answer["strength"]:
        assert row["strength"] == pytest.approx(float(answer["strength"]))
        assert row["unit"] == answer["unit"]
        assert row["reason"] == ""
    else:
        assert pd.isna(row["strength"])
        assert row["reason"]


def test_the_grid_is_complete_and_every_gap_has_its_reason(real, judgements):
    frame = create_portfolio(*real, STATES, POWERS, END, judgements)
    assert len(frame) == len(STATES) * len(POWERS) * len(DIMENSIONS)
    assert frame["strength"].isna().eq(frame["reason"] != "").all()
    assert frame["scaled"].dropna().between(0, 1).all()
    assert frame["scaled"].isna().eq(frame["strength"].isna()).all()


def test_the_order_of_rows_does_not_matter(real, judgements):
    ties, votes = real
    first = create_portfolio(ties, votes, STATES, POWERS, END, judgements)
    shuffled = create_portfolio(
        ties.sample(frac=1, random_state=3), votes.sample(frac=1, random_state=4), STATES, POWERS, END, judgements
    )
    pd.testing.assert_frame_equal(first, shuffled)


def test_togo_leans_to_france_by_its_ties(real, judgements):
    frame = create_portfolio(*real, STATES, POWERS, END, judgements)
    tilts = tilt_dimensions(frame, "TGO", "FRA", "RUS").set_index("dimension")
    # By hand from portfolio.csv: (1 - 1/4)/(1 + 1/4), (2 - 0)/2, (2/3 - 1/3)/(2/3 + 1/3).
    expected = {"missions": 0.6, "memberships": 1.0, "votes": 1 / 3}
    for dimension, value in expected.items():
        assert tilts.at[dimension, "tilt"] == pytest.approx(value)
    assert tilts["tilt"].notna().sum() == 3
    assert "only a part of a year" in tilts.at["trade", "reason"]
    summary = summarise_portfolio(tilts.reset_index())
    assert summary.value == pytest.approx(sum(expected.values()) / 3)
    assert (summary.low_without, summary.high_without) == ("memberships", "votes")
    assert summary.low == pytest.approx((0.6 + 1 / 3) / 2)
    # An agreement with Russia, none known with France: if there is none, (0.6 + 1 + 1/3 - 1)/4.
    assert summary.filled == ("defence_agreements",)
    assert (summary.low_filled, summary.high_filled) == pytest.approx(((sum(expected.values()) - 1) / 4, summary.value))


@pytest.mark.parametrize(
    ("state", "tilt"), [("TGO", 1 / 3), ("NER", 0.75), ("TCD", 1.0), ("MLI", -0.5), ("NGA", 0.5), ("BFA", None)]
)
def test_votes_with_both_powers_rest_on_the_same_roll_calls(real, judgements, state, tilt):
    frame = create_portfolio(*real, STATES, POWERS, END, judgements)
    row = tilt_dimensions(frame, state, "FRA", "RUS").set_index("dimension").loc["votes"]
    assert row["tilt"] == pytest.approx(tilt) if tilt is not None else pd.isna(row["tilt"])
    if tilt is not None:
        assert row["basis_a"] == row["basis_b"]


def test_agreements_over_different_roll_calls_have_no_tilt():
    rows = [("FRA", 0.75, "A B"), ("RUS", 0.25, "B C")]
    frame = pd.DataFrame(rows, columns=["power", "strength", "rests_on"]).assign(
        state="TGO", dimension="votes", unit="agreement", basis="2 roll calls", reason="", has_conflict=False
    )
    found = tilt_dimensions(frame.assign(scaled=frame["strength"]), "TGO", "FRA", "RUS")
    assert pd.isna(found.at[0, "tilt"])
    assert found.at[0, "reason"] == "over different roll calls"


def test_the_side_not_known_bounds_the_mean_from_both_ends():
    tilts = pd.DataFrame(
        [("missions", 0.5, 1.0, 1 / 3), ("votes", 0.0, 1.0, 1.0), ("memberships", 0.1, 1.0, 0.8),
         ("trade", None, 5.0, None), ("arms", None, None, 2.0), ("deployments", None, 0.0, None)],
        columns=["dimension", "tilt", "strength_a", "strength_b"],
    )  # fmt: skip
    found = summarise_portfolio(tilts)
    assert found.filled == ("trade", "arms")  # a side known to be none would give no tilt either way
    assert (found.low_filled, found.high_filled) == pytest.approx((-0.4 / 4, 1.6 / 4))


def test_what_moved_in_mali(real, judgements):
    before, after = (
        tilt_dimensions(create_portfolio(*real, ["MLI"], ["FRA", "RUS"], day, judgements), "MLI", "FRA", "RUS")
        for day in ("2020-01-01", END)
    )
    moved = compare_portfolios(before, after).set_index("dimension")
    assert moved.at["deployments", "change"] == -2.0
    assert moved.at["missions", "change"] == 0.0
    assert pd.isna(moved.at["votes", "change"])


def test_a_status_that_nobody_judged_is_named(judgements):
    with pytest.raises(MeasureError, match=r"t0.*mission.*'hidden'"):
        create_strengths(ties_of({"status": "hidden"}), VOTES.frame([]), ["TGO"], ["FRA", "RUS"], END, judgements)


def test_every_kind_form_and_status_of_the_tables_is_judged(real, judgements):
    ties, votes = real
    states = sorted(ties.loc[ties["state"].ne("FRA"), "state"].unique())
    powers = [code for code in ("FRA", "RUS", "CHN", "USA", "GBR", "TUR", "IND", "DEU", "ARE", "EU")]
    frame = create_strengths(ties, votes, [code for code in states if code not in powers], powers, END, judgements)
    assert len(frame)


def test_an_associate_counts_as_one_before_its_end_and_after(real, judgements):
    frames = {
        day: create_strengths(*real, ["GHA", "NGA"], ["FRA", "RUS"], day, judgements)
        for day in ("2020-01-01", "2026-02-28")
    }
    ghana = [strength_of(frame, "GHA", "FRA", "memberships") for frame in frames.values()]
    assert [row["strength"] for row in ghana] == [0.5, 1.0]
    assert [row["basis"] for row in ghana] == ["OIF (associate)", "OIF"]
    assert strength_of(frames["2026-02-28"], "NGA", "RUS", "memberships")["basis"] == "BRICS (associate)"


def test_organisations_named_in_the_judgements_exist():
    known = set(reference.load("organisations")["actor_code"])
    assert set(reference.load("power_organisations")["organisation"]) <= known
    assert set(reference.load("organisation_rosters")["organisation"]) <= known


def test_every_organisation_of_the_ties_is_judged(real):
    ties, _ = real
    judged = set(reference.load("power_organisations")["organisation"])
    assert set(ties.loc[ties["kind"] == "membership", "partner"]) <= judged


def test_a_claim_is_no_figure_and_says_so(judgements):
    ties = ties_of(trade("RUS", 400.0) | {"tie_id": "ET156"})
    frame = create_strengths(ties, VOTES.frame([]), ["TGO"], ["FRA", "RUS"], END, judgements)
    assert strength_of(frame, "TGO", "RUS", "trade")["reason"] == "only claimed, not measured"


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"unit": "billion XOF"}, "unit and period"), ({"start": "2022-01-01", "end": "2022-12-31"}, "unit and period"),
        ({"detail": "export"}, "unit and period"), ({"note": "sector: wheat. customs"}, "no figure"),
        ({"start": "2010-01-01", "end": "2010-12-31"}, "no figure"), ({"end": "2026-12-31"}, "no figure"),
        ({"is_part_year": True, "note": "sector: goods. period: 2023Q1"}, "only a part of a year"),
        ({"unit": "tonnes"}, "unit and period"),
    ],
    ids=["currency", "year", "flow", "one sector", "too old", "not ended", "part of a year", "tonnes"],
)  # fmt: skip
def test_figures_that_cannot_stand_side_by_side_do_not(judgements, other, reason):
    ties = ties_of(trade("FRA", 225.0), trade("RUS", 90.0) | other)
    frame = create_strengths(ties, VOTES.frame([]), ["TGO"], ["FRA", "RUS"], END, judgements)
    assert (
        strength_of(frame, "TGO", "FRA", "trade")["strength"] != strength_of(frame, "TGO", "FRA", "trade")["strength"]
    )
    assert reason in strength_of(frame, "TGO", "RUS", "trade")["reason"]


def test_millions_and_billions_of_one_currency_can(judgements):
    ties = ties_of(trade("FRA", 225.0), trade("RUS", 0.075, unit="billion EUR"))
    frame = create_portfolio(ties, VOTES.frame([]), ["TGO"], ["FRA", "RUS"], END, judgements)
    tilts = tilt_dimensions(frame, "TGO", "FRA", "RUS").set_index("dimension")
    assert tilts.at["trade", "tilt"] == pytest.approx(0.5)


def test_sources_that_differ_are_a_range_and_no_strength(judgements):
    ties = ties_of(trade("FRA", 100.0), trade("FRA", 140.0, has_conflict=True), trade("RUS", 90.0))
    figures = create_trade_figures(ties, judgements.claims, END)
    assert figures.set_index("partner").loc["FRA", ["low", "high"]].tolist() == [100e6, 140e6]
    frame = create_strengths(ties, VOTES.frame([]), ["TGO"], ["FRA", "RUS"], END, judgements)
    assert strength_of(frame, "TGO", "FRA", "trade")["reason"] == "sources differ"


@pytest.mark.parametrize(
    ("printed", "column", "said"), [("more than", "is_least", "at least"), ("less than", "is_most", "at most")]
)
def test_a_trade_figure_printed_as_a_bound_says_so(judgements, printed, column, said):
    note = f'sector: goods. "{printed} 3 billion"'
    ties = ties_of(trade("FRA", 100.0, note=note), trade("RUS", 90.0))
    figures = create_trade_figures(ties, judgements.claims, END)
    assert figures[column].tolist() == [True, False]
    assert figures[["is_least", "is_most"]].to_numpy().sum() == 1
    frame = create_strengths(ties, VOTES.frame([]), ["TGO"], ["FRA", "RUS"], END, judgements)
    assert strength_of(frame, "TGO", "FRA", "trade")["basis"] == f"import, 2023, {said}"


def test_a_contradiction_known_from_a_remark_alone_leaves_the_other_end_open(judgements):
    figures = create_trade_figures(ties_of(trade("FRA", 100.0, has_conflict=True)), judgements.claims, END)
    assert figures.loc[0, "low"] == 100e6
    assert pd.isna(figures.loc[0, "high"])


def test_whole_years_come_before_parts_and_more_partners_before_both():
    quarter = {
        "is_part_year": True,
        "note": "sector: goods. period: 2024Q3 (INSEED)",
        "start": "2024-01-01",
        "end": "2024-12-31",
    }
    none = pd.DataFrame({"tie_id": []})
    both = ties_of(trade("FRA", 1.0), trade("RUS", 2.0), trade("FRA", 3.0) | quarter, trade("RUS", 4.0) | quarter)
    assert set(choose_side_by_side(create_trade_figures(both, none, END), "TGO", ["FRA", "RUS"])["period"]) == {"2023"}
    more = pd.concat([both, ties_of(trade("CHN", 9.0) | quarter)])
    chosen = choose_side_by_side(create_trade_figures(more, none, END), "TGO", ["FRA", "RUS", "CHN"])
    assert chosen["partner"].tolist() == ["FRA", "RUS", "CHN"]
    assert set(chosen["period"]) == {"2024Q3"}


def test_two_quarters_side_by_side_are_no_standing_tie(judgements):
    quarter = {"is_part_year": True, "note": "sector: goods. period: 2023Q3"}
    ties = ties_of(trade("FRA", 34.0) | quarter, trade("RUS", 45.0) | quarter)
    frame = create_strengths(ties, VOTES.frame([]), ["TGO"], ["FRA", "RUS"], END, judgements)
    for power in ("FRA", "RUS"):
        assert strength_of(frame, "TGO", power, "trade")["reason"] == "only a part of a year"
    whole = pd.concat([ties, ties_of(trade("FRA", 1.0) | {"tie_id": "t8"}, trade("RUS", 3.0) | {"tie_id": "t9"})])
    frame = create_strengths(whole, VOTES.frame([]), ["TGO"], ["FRA", "RUS"], END, judgements)
    assert strength_of(frame, "TGO", "RUS", "trade")["strength"] == 3e6


def test_the_latest_list_of_partners_puts_whole_years_and_amounts_first():
    def listed(period, unit="million EUR", **more):
        note = f"sector: goods. period: {period}"
        return [trade(code, 1.0, unit=unit, note=note, is_part_year=True, **more) for code in ("FRA", "CHN")]

    year = {"start": "2024-01-01", "end": "2024-12-31"}
    none = pd.DataFrame({"tie_id": []})
    parts = [*listed("2024Q2", **year), *listed("March 2024", **year), *listed("2024Q4", "percent_of_imports", **year)]
    found = choose_latest_list(create_trade_figures(ties_of(*parts), none, END), "TGO")
    assert set(found["period"]) == {"2024Q2"}
    whole = ties_of(*parts, trade("FRA", 1.0), trade("CHN", 5.0))
    found = choose_latest_list(create_trade_figures(whole, none, END), "TGO")
    assert found[["partner", "period"]].values.tolist() == [["CHN", "2023"], ["FRA", "2023"]]
    assert choose_latest_list(create_trade_figures(ties_of(trade("FRA", 1.0)), none, END), "TGO").empty


def test_arms_of_five_years_are_added_and_those_in_two_units_are_not(judgements):
    arms = {"kind": "arms", "detail": None, "status": None, "unit": "TIV", "partner": "RUS"}
    years = [
        arms | {"start": f"{year}-01-01", "end": f"{year}-12-31", "value": value}
        for year, value in ((2015, 9.0), (2022, 2.0), (2024, 3.0))
    ]
    frame = create_strengths(ties_of(*years), VOTES.frame([]), ["TGO"], ["FRA", "RUS"], END, judgements)
    assert strength_of(frame, "TGO", "RUS", "arms")["strength"] == 5.0
    mixed = ties_of(*years, arms | {"start": "2023-01-01", "end": "2023-12-31", "value": 1.0, "unit": "million USD"})
    frame = create_strengths(mixed, VOTES.frame([]), ["TGO"], ["FRA", "RUS"], END, judgements)
    assert strength_of(frame, "TGO", "RUS", "arms")["reason"] == "figures in different units"


def test_absences_count_as_asked():
    rows = [("A", "TGO", "absent"), ("A", "FRA", "yes"), ("B", "TGO", "yes"), ("B", "FRA", "yes"), ("C", "FRA", "no")]
    votes = pd.DataFrame(rows, columns=["roll_call_id", "state", "vote"]).assign(date=pd.Timestamp("2022-03-02"))
    assert agree_votes(votes, ["TGO"], ["FRA"], END)[["n", "agreement"]].values.tolist() == [[1, 1.0]]
    both = pd.concat([votes, votes[votes["state"] == "FRA"].iloc[:1].assign(state="RUS", vote="no")])
    assert agree_votes(both, ["TGO"], ["FRA", "RUS"], END, in_common=True)["n"].tolist() == [0, 0]
    counted = agree_votes(votes, ["TGO"], ["FRA"], END, absence="as_abstention")
    assert counted[["n", "agreement"]].values.tolist() == [[2, 0.75]]
    with pytest.raises(MeasureError, match="left_out, as_abstention"):
        agree_votes(votes, ["TGO"], ["FRA"], END, absence="dropped")


@QUICK
@given(
    st.dictionaries(
        st.sampled_from(DIMENSIONS), st.tuples(st.none() | st.floats(0, 50), st.none() | st.floats(0, 50)), min_size=1
    )
)
def test_swapping_the_powers_flips_every_sign(strengths):
    rows = [
        {"state": "TGO", "power": power, "dimension": name, "strength": pair[side], "scaled": pair[side], "unit": "",
         "basis": "", "has_conflict": False, "reason": "" if pair[side] is not None else "no source"}
        for name, pair in strengths.items() for side, power in enumerate(("FRA", "RUS"))
    ]  # fmt: skip
    portfolio = pd.DataFrame(rows).astype({"strength": "float64", "scaled": "float64"})
    one, other = tilt_dimensions(portfolio, "TGO", "FRA", "RUS"), tilt_dimensions(portfolio, "TGO", "RUS", "FRA")
    assert one["tilt"].dropna().between(-1, 1).all()
    pd.testing.assert_series_equal(one["tilt"], -other["tilt"], check_names=False)
    assert one["tilt"].isna().eq(one["reason"] != "").all()
    forth, back = summarise_portfolio(one), summarise_portfolio(other)
    if forth.value is not None:
        assert forth.value == pytest.approx(-back.value)
        assert forth.low == pytest.approx(-back.high)
        assert forth.low_weighted == pytest.approx(-back.high_weighted)


@QUICK
@given(st.lists(st.floats(-1, 1), min_size=2, max_size=7), st.randoms(use_true_random=False))
def test_every_allowed_weighting_lies_in_the_range(values, random):
    tilts = pd.DataFrame({"dimension": list(DIMENSIONS[: len(values)]), "tilt": values})
    summary = summarise_portfolio(tilts)
    if len(values) < MINIMUM_DIMENSIONS:
        assert summary.value is None
        return
    assert summary.low_weighted - 1e-9 <= summary.value <= summary.high_weighted + 1e-9
    assert summary.low - 1e-9 <= summary.value <= summary.high + 1e-9
    count = len(values)
    raw = [random.random() for _ in values]
    # Half of an equal share is everyone's; the other half is dealt out, capped at one and a half shares each.
    weights = [0.5 / count + 0.5 * one / sum(raw) if sum(raw) else 1 / count for one in raw]
    if max(weights) <= 2 / count:
        mean = sum(weight * value for weight, value in zip(weights, values, strict=True))
        assert summary.low_weighted - 1e-9 <= mean <= summary.high_weighted + 1e-9


@pytest.mark.parametrize(("values", "n", "word"), [([], 0, "no kind"), ([0.4], 1, "1 kind"), ([0.4, 1], 2, "2 kinds")])
def test_two_dimensions_are_no_portfolio(values, n, word):
    summary = summarise_portfolio(pd.DataFrame({"dimension": list(DIMENSIONS[: len(values)]), "tilt": values}))
    assert (summary.value, summary.n_dimensions) == (None, n)
    assert word in summary.reason


def test_a_power_without_ties_in_the_frame_is_named(real, judgements):
    frame = create_portfolio(*real, ["TGO"], ["FRA", "RUS"], END, judgements)
    with pytest.raises(MeasureError, match="CHN"):
        tilt_dimensions(frame, "TGO", "FRA", "CHN")


@pytest.mark.parametrize("form", [*mission_forms(), None])
@pytest.mark.parametrize("status", [*dict.fromkeys(MISSION_STATUSES.values()), None])
@pytest.mark.parametrize("end", ["2020-01-01", "2030-01-01", None])
def test_every_mission_that_may_stand_has_a_strength_or_none_that_is_reviewed(judgements, form, status, end):
    ties = ties_of({"detail": form, "status": status, "end": end})
    row = strength_of(
        create_strengths(ties, VOTES.frame([]), ["TGO"], ["FRA", "RUS"], END, judgements), "TGO", "FRA", "missions"
    )
    assert pd.notna(row["strength"]) == (row["reason"] == "")


def test_what_says_nothing_of_an_embassy_is_no_plan(judgements):
    ties = ties_of({"detail": "honorary_consulate"}, {"detail": "embassy", "status": "announced", "partner": "RUS"})
    frame = create_strengths(ties, VOTES.frame([]), ["TGO"], ["FRA", "RUS"], END, judgements)
    reasons = [strength_of(frame, "TGO", power, "missions")["reason"] for power in ("FRA", "RUS")]
    assert reasons == ["what is on record says nothing of an embassy", "only plans are on record"]
