"""The ledger on the project's own rows: every verdict explained by rows that exist, and states without claims."""

import re
from dataclasses import replace
from io import StringIO

import pandas as pd
import pytest

from analysis import reference
from analysis.briefing import statement_measures
from analysis.briefing.alternatives import find_acts_on_nationals
from analysis.briefing.claim_drawings import draw_claim_dates, select_dates
from analysis.briefing.claim_reasons import explain
from analysis.briefing.claim_sentences import (
    count_verdicts,
    title_claims,
    write_claims,
    write_searches,
    write_versions,
    write_weak_claims,
)
from analysis.briefing.claim_tables import table_claim_events, table_claim_evidence, table_claims, table_versions
from analysis.briefing.claim_words import name_value
from analysis.briefing.domestic import measure_home
from analysis.briefing.evidence import load_evidence
from analysis.briefing.ledger import Ledger, create_ledger
from analysis.errors import TightropeError, UnknownNameError
from analysis.measures.neighbourhood import measure_balance_change, split_halves
from analysis.paths import PROJECT
from analysis.store import read_table

KNOWN = pd.read_csv(PROJECT / "tests" / "known_answers" / "statements.csv")
WINDOW = ("2020-01-01", "2026-02-28")
HOSTILE = "<script>alert(1)</script> **b** [x](javascript:1)"


@pytest.fixture(scope="module")
def evidence(built):
    return load_evidence("TGO", ["FRA", "RUS"], *WINDOW, data=built)


@pytest.fixture(scope="module")
def ledger(evidence):
    return create_ledger(evidence)


@pytest.fixture(scope="module")
def without(built):
    return load_evidence("BEN", ["FRA", "RUS"], *WINDOW, data=built)


@pytest.mark.parametrize("case", KNOWN.to_dict("records"), ids=lambda case: case["claim_id"])
def test_the_verdict_of_every_statement_is_known(ledger, case):
    assert ledger.statements.set_index("claim_id").at[case["claim_id"], "verdict"] == case["verdict"], case["note"]


def test_every_statement_is_tested_by_something_that_decides(ledger):
    deciding = ledger.tests[ledger.tests["role"] == "decides"]
    assert set(deciding["claim_id"]) == set(ledger.statements["claim_id"])
    assert set(ledger.tests["role"]) <= {"decides", "bears on"}


def test_every_row_of_evidence_exists_in_its_table(ledger, built):
    known = {
        "claim": set(read_table("claims", built)["claim_id"]),
        "event": set(read_table("events", built)["event_id"]),
        "tie": set(read_table("ties", built)["tie_id"]),
    }
    rows = ledger.evidence_rows
    for kind, ids in known.items():
        named = set(rows.loc[rows["evidence_kind"] == kind, "evidence_id"])
        assert named
        assert named <= ids
    measured = rows[rows["stance"] == "measured"]
    events = measured[measured["evidence_kind"].isin(["cooperation_per_year", "net_per_year", "net_margin", "tilt"])]
    assert set(events["evidence_id"]) <= known["event"]


def test_every_event_and_question_that_a_test_names_exists(built):
    tests = reference.load("statement_tests")
    named = {event for text in tests.loc[tests["kind"] == "event", "look_at"] for event in text.split(";")}
    assert named <= set(read_table("events", built)["event_id"])
    asked = tests.loc[tests["kind"].isin(["version", "sequence"]), "look_at"].str.split(";").explode()
    assert set(asked) <= set(reference.load("claim_questions")["question_id"])


def test_no_verdict_rests_on_nothing_unless_it_is_not_found(ledger):
    settled = ledger.statements[ledger.statements["verdict"] != "not found"]
    assert set(settled["claim_id"]) <= set(ledger.evidence_rows["claim_id"])


def test_a_verdict_follows_from_its_rows(evidence, ledger):
    kept = evidence.claim_values[~evidence.claim_values["claim_id"].str.startswith("C1a")]
    silenced = create_ledger(replace(evidence, claim_values=kept)).statements.set_index("claim_id")["verdict"]
    assert silenced["A06"] == "not found"
    before = ledger.statements.set_index("claim_id")["verdict"]
    assert silenced.drop(["A05", "A06"]).to_dict() == before.drop(["A05", "A06"]).to_dict()


def test_what_a_party_says_of_history_is_no_official_record(evidence, ledger):
    values = evidence.claim_values
    is_order = (values["claim_id"] == "C3-01") & (values["value"] == "reopened")
    said = values[~is_order]
    verdict = create_ledger(replace(evidence, claim_values=said)).statements.set_index("claim_id")["verdict"]
    assert verdict["A08"] == "disputed"
    record = said.assign(origin_tier=said["origin_tier"].mask(said["origin"] == "Russian state", 1))
    assert create_ledger(replace(evidence, claim_values=record)).statements.set_index("claim_id")["verdict"]["A08"] == (
        "contradicted"
    )
    assert "official record" not in explain(ledger, "A08")


def test_an_origin_whose_retellings_differ_is_said_so(evidence, ledger):
    said = explain(ledger, "A07")
    assert "1 origin does not say the same throughout: Le Monde (C1b-03, C1b-04). No origin says so throughout." in said
    assert "None says so." not in said
    rows = table_claim_evidence(evidence, ledger).data["text/html"]
    assert "Le Monde, not the same throughout" in rows
    assert "Vedomosti, not the same throughout" not in rows  # what it says beside a statement answers another question
    assert "None says so." in explain(ledger, "A06")


def test_a_row_at_the_head_of_a_page_says_of_which_statement_or_question_it_is(evidence, ledger):
    for show in (table_claim_evidence, table_versions):
        (shown,) = pd.read_html(StringIO(show(evidence, ledger).data["text/html"]), keep_default_na=False)
        assert len(shown) > len(ledger.statements)
        assert (shown.iloc[:, :3] != "").all(axis=None)


MISSIONS = [f"missions2:{line}" for line in (2, 3, 4, 9)]


def test_a_tie_that_no_page_of_the_last_year_shows_is_not_known(evidence, ledger, monkeypatch):
    assert "closed: no page shows 3 of the 4 ties asked about up to the last day." in explain(ledger, "A11")
    real = reference.load
    judged = real("evidence_origins")

    def found(**dated):
        rows = pd.DataFrame({"evidence_id": MISSIONS, "dated": "2026-01-31"} | dated)
        planted = pd.concat([judged[~judged["evidence_id"].isin(MISSIONS)], rows]).fillna("")
        monkeypatch.setattr(reference, "load", lambda name: planted if name == "evidence_origins" else real(name))
        tests = create_ledger(evidence).tests
        return tests.loc[tests["look_at"].eq("mission") & tests["claim_id"].eq("A11"), ["verdict", "n_unknown"]]

    assert found().values.tolist() == [["supported", 0]]
    # A page of 2024 cannot speak for 2026, nor can one that is later than the last day.
    assert found(dated=["2026-01-31"] * 3 + ["2024-04-30"]).values.tolist() == [["not found", 1]]
    assert found(dated=["2026-01-31"] * 3 + ["2026-03-15"]).values.tolist() == [["not found", 1]]


def test_a_tie_asked_about_that_is_not_on_record_is_not_known(evidence, ledger):
    asked = ledger.tests[ledger.tests["look_at"] == "defence_agreement"].iloc[0]
    assert (asked["verdict"], asked["n_ties"], asked["n_unknown"]) == ("not found", 1, 1)
    ties = evidence.ties[~(evidence.ties["state"].eq("NER") & evidence.ties["partner"].eq("ECOWAS"))]
    tests = create_ledger(replace(evidence, ties=ties)).tests
    assert tests.loc[tests["look_at"] == "membership", "n_unknown"].tolist() == [1]


def test_an_outlet_that_is_not_named_is_no_origin(evidence, ledger):
    assert evidence.event_sources["outlet"].isna().any()
    told = ledger.evidence_rows[ledger.evidence_rows["evidence_kind"] == "event"]
    assert set(told["outlet"]) <= {*evidence.event_sources["outlet"].dropna(), ""}
    assert not set(told["origin"]) & {*told["evidence_id"], "nan"}


def test_the_page_that_shows_the_day_of_an_exit_carries_it(ledger):
    exits = ledger.evidence_rows[ledger.evidence_rows["evidence_id"].str.startswith("memberships2:")]
    assert set(exits["origin"]) == {"ECOWAS summit"}
    assert set(exits["outlet"]) == {"Daily Post"}


def test_an_answer_that_may_have_changed_is_said_as_of_its_latest_version(ledger):
    row = ledger.versions[ledger.versions["question_id"] == "C4c"].iloc[0]
    assert name_value(row) == "no as of 25 July 2025, not known since"
    assert ledger.versions.loc[ledger.versions["question_id"] != "C4c", "as_of"].isna().all()


def test_one_origin_that_gives_two_stops_gives_both(evidence):
    stop = evidence.claim_values.query("claim_id == 'C5d-07' and question_id == 'C5d.next'").assign(value="Ghana")
    values = pd.concat([evidence.claim_values, stop], ignore_index=True)
    versions = create_ledger(replace(evidence, claim_values=values)).versions
    found = versions[versions["question_id"] == "C5d.next"].groupby("value")["verdict"].first().to_dict()
    assert found == {"Ghana": "single source", "Niger": "single source"}


def test_what_a_reader_must_know_beside_a_verdict_is_said(ledger):
    assert "neither names Russia" in explain(ledger, "A11")
    assert "inferred" in explain(ledger, "A14")


def test_every_row_of_evidence_origins_names_a_row_and_an_origin(built):
    rows = reference.load("evidence_origins")
    known = {*read_table("ties", built)["tie_id"], *read_table("events", built)["event_id"]}
    assert set(rows["evidence_id"]) <= known
    graded = {*reference.load("origins")["origin"], *reference.load("outlets")["outlet"]}
    assert {name for column in ("origin", "outlet") for name in rows[column] if name} <= graded
    assert pd.to_datetime(rows.loc[rows["dated"] != "", "dated"], format="%Y-%m-%d").notna().all()


def test_what_was_published_later_does_not_count(built):
    early = create_ledger(load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2025-11-10", data=built))
    verdicts = early.statements.set_index("claim_id")["verdict"]
    assert verdicts["A09"] == verdicts["A16"] == "not found"
    assert "TGO0218" not in set(early.evidence_rows["evidence_id"])


def test_the_ledger_does_not_hang_on_the_powers_of_the_briefing(built, ledger):
    other = create_ledger(load_evidence("TGO", ["CHN", "USA"], *WINDOW, data=built))
    columns = ["claim_id", "verdict", "n_for", "n_against"]
    assert other.statements[columns].equals(ledger.statements[columns])


def test_a_state_without_claims_says_so_and_breaks_nothing(without):
    ledger = create_ledger(without)
    assert write_claims(without, ledger) == ["No claims are recorded about Benin."]
    assert sum(count_verdicts(without, ledger).values()) == 0
    shown = [table_claims, table_versions, table_claim_evidence, table_claim_events]
    assert all(not show(without, ledger).data.get("text/html") for show in shown)
    assert table_claims(without, ledger).data["text/markdown"] == ""
    assert "No dated versions" in draw_claim_dates(without, ledger).about["caption"]
    assert all(" ".join(write(without, ledger)) for write in (write_versions, write_searches))
    assert write_weak_claims(without, ledger) == ["There is no statement to list."]  # once, beneath empty tables


def test_sentences_count_and_name_what_fails(evidence, ledger):
    said = " ".join(write_claims(evidence, ledger))
    assert "Of 16 statements recorded about Togo" in said
    assert "Contradicted is A06" in said
    assert "An official record is against it: Kremlin" in said.replace("\\", "")
    assert "A10" in " ".join(write_weak_claims(evidence, ledger))
    assert title_claims(evidence, "en").about["title"] == "What is claimed of Togo, and what holds"
    numbers = count_verdicts(evidence, ledger)
    assert sum(numbers.values()) == 16


def test_shares_of_a_few_are_said_as_so_many_of_so_many(ledger):
    said = explain(ledger, "A13")
    assert "more than 2 (2 to 3) of the 3 other ports of which a whole year since 2020 is on record." in said
    assert "more than 3 of the 3 other ports of which a whole year since 2015 is on record." in said
    assert "%" not in explain(ledger, "A01") + explain(ledger, "A13")


def test_a_margin_is_said_beside_the_events_it_is_held_against(ledger):
    assert "by 26 events against 3 of that one; of the others 0 to 19 each were gathered" in explain(ledger, "A03")


def test_pressure_and_engagement_are_those_of_the_briefing(evidence, ledger):
    home = measure_home(evidence)
    tests = ledger.tests[ledger.tests["claim_id"] == "A15"]
    found = {(row.given.split()[0][-3:], row.given.split("=")[-1]): row.value for row in tests.itertuples()}
    assert found["FRA", "acts"] == home.alternatives["FRA"].without_acts.correlation
    assert find_acts_on_nationals(evidence, "FRA")
    assert not find_acts_on_nationals(evidence, "RUS")  # so that no test without them is asked
    for power in ("FRA", "RUS"):
        assert found[power, "month"] == home.correlations[power].correlation
        assert found[power, "quarter"] == home.by_quarter[power].correlation
    assert "one as large comes in 1\N{NO-BREAK SPACE}% of arrangements by chance" in explain(ledger, "A15")


def test_the_refusal_of_a_camp_is_cut_where_the_briefing_cuts(evidence, monkeypatch):
    asked = []

    def spy(*given, **options):
        asked.append(given[-2:])
        return measure_balance_change(*given, **options)

    monkeypatch.setattr(statement_measures, "measure_balance_change", spy)
    create_ledger(evidence)
    assert asked == [tuple(split_halves(evidence.start, evidence.end))]


def test_published_tables_lead_to_their_rows(evidence, ledger):
    claims = table_claims(evidence, ledger).data["text/csv"]
    assert claims.splitlines()[0].startswith("claim_id,statement,kind,verdict")
    assert claims.count("\nA") == 16
    versions = table_versions(evidence, ledger).data["text/csv"]
    assert "C1a-01" in versions
    assert "https://tass.ru/politika/25673269" in versions
    assert 'href="https://tass.ru' in table_claim_evidence(evidence, ledger).data["text/html"]


def test_versions_are_told_from_the_pages_they_stand_on(evidence, ledger):
    """One page that answers four questions carries four versions and is still one page."""
    assert ledger.versions["claim_id"].nunique() == 101
    assert ledger.versions["url"].nunique() == 70
    assert "101 versions on 70 pages come from 46 independent origins" in " ".join(write_versions(evidence, ledger))
    unknown = ledger.versions.assign(url=ledger.versions["url"].mask(ledger.versions["claim_id"] == "C1a-01"))
    said = " ".join(write_versions(evidence, replace(ledger, versions=unknown)))
    assert "101 versions come from" in said
    assert "pages" not in said


def test_every_event_that_a_table_names_is_listed_with_a_page(evidence, ledger):
    named = set(re.findall(r"\b(?:TGO|SEC|RE)\d{4}\b", _text(table_claim_evidence(evidence, ledger))))
    named |= set(re.findall(r"\b(?:TGO|SEC|RE)\d{4}\b", _text(table_claims(evidence, ledger))))
    events = table_claim_events(evidence, ledger)
    listed = re.findall(r">((?:TGO|SEC|RE)\d{4})<", events.data["text/html"])
    assert {"SEC0001", "TGO0002", "RE0148", "RE0209"} <= set(listed)
    assert set(listed) == named
    rests_on = set(ledger.evidence_rows["evidence_id"]) & set(evidence.events["event_id"])
    published = pd.read_csv(StringIO(events.data["text/csv"]))
    assert set(published["event_id"]) == rests_on > set(listed)
    assert f"{len(rests_on)} in all" in events.about["caption"]


def test_a_grade_has_one_name_in_text_and_figure(evidence, ledger):
    assert "(agency: " in _text(table_versions(evidence, ledger))
    assert "wire" not in _text(table_versions(evidence, ledger)).replace(";", "")


def _text(exhibit):
    return re.sub(r"[\u200b\u00ad]", "", exhibit.data["text/html"])


def test_states_that_a_statement_lists_stand_between_commas(ledger):
    said = ledger.statements.set_index("claim_id")["statement"]
    assert said["A04"] == "Burkina Faso, Mali and Niger left ECOWAS earlier in 2025"
    assert "Burkina Faso, Mali and Niger" in said["A03"]


def test_hostile_text_of_a_version_stays_text(evidence):
    values = evidence.claim_values.assign(origin=HOSTILE)
    statements = evidence.article_claims.assign(statement=HOSTILE)
    claims = evidence.claims.assign(version=HOSTILE)
    hostile = replace(evidence, claim_values=values, article_claims=statements, claims=claims)
    ledger = create_ledger(hostile)
    for show in (table_claims, table_versions, table_claim_evidence):
        assert "<script" not in show(hostile, ledger).data["text/html"]
    for write in (write_claims, write_searches):
        said = " ".join(write(hostile, ledger)).replace("\\<", "")
        assert "<script" not in said
        assert "**b**" not in said
    assert "<script" not in draw_claim_dates(hostile, ledger).data["image/svg+xml"]


def test_the_figure_shows_the_official_record_and_what_the_statement_says(ledger):
    versions, claimed = select_dates(ledger)
    visit = versions[versions["question_id"] == "C1a"]
    assert set(visit.loc[visit["is_official"], "origin"]) == {"Kremlin"}
    assert set(claimed["claim_id"]) == {"A04", "A06"}


@pytest.mark.parametrize(
    ("change", "error", "fault"),
    [
        ({"kind": "hunch"}, UnknownNameError, "accepted: event, measure, sequence, tie, version"),
        ({"kind": "version", "look_at": "C99"}, UnknownNameError, "question of statement_tests.csv 'C99'"),
        ({"kind": "measure", "look_at": "tillt"}, UnknownNameError, "did you mean 'tilt'"),
        ({"kind": "measure", "look_at": "tilt", "expected": "large"}, TightropeError, "accepted: >N, <N"),
        ({"kind": "tie", "look_at": "mission", "expected": "soon"}, TightropeError, "none ended"),
    ],
)
def test_a_test_that_names_nothing_is_an_error(evidence, monkeypatch, change, error, fault):
    real = reference.load
    row = {"claim_id": "A01", "part": "p", "given": "powers=FRA;RUS state=TGO partner=FRA", "expected": "yes",
           "start": "", "end": "", "role": "decides", "reason": "r", "look_at": "C1a"}  # fmt: skip
    planted = pd.DataFrame([row | change])
    monkeypatch.setattr(reference, "load", lambda name: planted if name == "statement_tests" else real(name))
    with pytest.raises(error, match=fault):
        create_ledger(evidence)


def test_a_version_that_very_many_carry_lists_the_first_and_counts_the_rest(evidence):
    few, many = (table_versions(evidence, told_by(number)).data for number in (12, 1000))
    assert "outlet 11 (" in few["text/html"]
    assert " more</td>" not in few["text/html"]
    assert "outlet 12 (" not in many["text/html"]
    assert " and 988 more</td>" in many["text/html"]
    assert "outlet 999" in many["text/csv"]


def told_by(number):
    """A ledger of one version that so many outlets carry."""
    about = ["question", "value", "outlet", "outlet_grade", "origin_grade", "published", "url", "text", "reason"]
    versions = pd.DataFrame(
        {
            "question_id": "C1a", "version": 0, "kind": "yesno", "verdict": "supported", "page_tier": 2,
            "claim_id": [f"C1a-{place}" for place in range(number)],
            "origin": [f"outlet {place}" for place in range(number)], **dict.fromkeys(about, ""),
        }
    ).assign(question="Was it so?", value="yes", outlet_grade="wire", origin_grade="wire")  # fmt: skip
    nothing = pd.DataFrame()
    return Ledger(nothing, nothing, nothing, versions, nothing)


def spoken_by(number):
    """A ledger of one statement of which so many origins speak alike."""
    rows = pd.DataFrame(
        {
            "claim_id": "A01", "test": "A01.1", "part": "it was so", "role": "decides", "evidence_kind": "claim",
            "evidence_id": [f"C1a-{place}" for place in range(number)], "stance": "for",
            "origin": [f"outlet {place}" for place in range(number)], "origin_tier": 2, "page_tier": 2,
            "outlet": "an outlet", "url": "https://example.org/",
        }
    )  # fmt: skip
    nothing = pd.DataFrame()
    return Ledger(nothing, nothing, rows, nothing, nothing)


def test_of_very_many_origins_that_speak_alike_the_first_are_listed_and_the_rest_counted(evidence):
    for number in (12, 13):
        few = table_claim_evidence(evidence, spoken_by(number))
        assert few.data["text/html"].count("<tr>") == 1 + number
        assert "in one row" not in few.about["caption"]
    many = table_claim_evidence(evidence, spoken_by(1000))
    assert many.data["text/html"].count("<tr>") == 1 + 13
    assert ">988 more origins</td>" in many.data["text/html"]
    assert "the first 12 stand here, and the rest in one row" in many.about["caption"]
    assert many.data["text/csv"].count("\n") == 1 + 1000


def test_of_very_many_searches_the_first_are_told_and_the_rest_counted(evidence, ledger):
    def say_searches(number):
        searches = pd.concat([ledger.searches.iloc[:1]] * number)
        return write_searches(evidence, replace(ledger, searches=searches))

    assert len(say_searches(20)) == 1 + 20
    count, *told = say_searches(1000)
    assert count.startswith("1,000 searches that found nothing")
    assert len(told) == 20 + 1
    assert told[-1] == "980 more such searches are not told here."
