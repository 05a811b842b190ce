import pandas as pd
import pytest

from analysis.cleaning.claims import clean_article_claims, clean_claims
from analysis.cleaning.infrastructure import clean_port_figures, clean_projects
from analysis.cleaning.votes import clean_votes
from analysis.reference.actors import resolve_state

VOTE = {"resolution": "ES-11/1", "date": "2022-03-02", "state": "TGO", "vote": "yes", "source_url": "", "note": ""}
CLAIM = {
    "claim_id": "C1a-01",
    "claim": "C1a: When?",
    "outlet": "TASS",
    "url": "",
    "published": "2025-11",
    "version": "v",
}
PORT = {
    "row_id": "P1", "port": "Lome", "country": "TGO", "year": "2023", "measure": "transit_tonnes", "destination": "NER",
    "value": "1100000", "unit": "tonnes", "source_outlet": "o", "source_url": "", "note": "",
}  # fmt: skip
PROJECT = {
    "row_id": "I1", "name": "LCT", "country": "TGO;BEN", "kind": "port_terminal", "operator_or_investor": "x",
    "investor_home": "CHE;CHN", "start": "2014", "end": "", "status": "operating", "value": "", "unit": "",
    "source_outlet": "o", "source_url": "", "note": "CONFLICT on award date",
}  # fmt: skip
NO_SUBJECTS = pd.DataFrame({"claim_id": [], "state": []})


def frame(base, *changes):
    rows = [base | {"file": "f.csv", "line": number} | change for number, change in enumerate(changes, start=2)]
    return pd.DataFrame(rows)


def test_a_vote_not_seen_is_not_known():
    table = clean_votes([frame(VOTE, {"vote": ""})], resolve_state).tables["votes"]
    assert table["vote"].isna().all()


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"vote": "maybe"}, "accepted: yes, no, abstain, absent"),
        ({"state": "ECOWAS"}, "ECOWAS"),
        ({"date": "2022-03"}, "YYYY-MM-DD"),
        ({"resolution": ""}, "resolution is empty"),
        ({"note": "again"}, "stands already in f.csv line 2"),
    ],
)
def test_a_vote_that_cannot_stand_is_rejected(fault, reason):
    cleaned = clean_votes([frame(VOTE, {}), frame(VOTE, fault)], resolve_state)
    assert len(cleaned.tables["votes"]) == 1
    assert reason in cleaned.rejects[0]["reason"]


@pytest.mark.parametrize("known_to", ["2022-03-01", "2025-10-31"])
def test_a_vote_or_claim_dated_after_its_file_was_accessed_is_rejected(known_to):
    accessed = {"f.csv": pd.Timestamp(known_to)}
    votes = clean_votes([frame(VOTE, {"date": "2025-11-01"})], resolve_state, accessed)
    claims = clean_claims(frame(CLAIM, {"published": "2025-11"}), accessed)
    for cleaned in (votes, claims):
        assert f"lies after {known_to}, when its file was accessed" in cleaned.rejects[0]["reason"]
    known = {"f.csv": pd.Timestamp("2025-11-01"), "g.csv": pd.Timestamp(known_to)}
    assert not clean_claims(frame(CLAIM, {"published": "2025-11"}), known).rejects


def test_a_claim_keeps_its_question_apart():
    row = clean_claims(frame(CLAIM, {})).tables["claims"].iloc[0]
    assert (row["question_id"], row["question"], row["published_precision"]) == ("C1a", "When?", "month")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"claim": "When?", "claim_id": "C1a-02"}, "'C1a: the question'"),
        ({"version": "", "claim_id": "C1a-02"}, "version is empty"),
        ({"claim_id": ""}, "is empty"),
        ({}, "stands already"),
        ({"published": "soon", "claim_id": "C1a-02"}, "soon"),
    ],
)
def test_a_claim_that_cannot_stand_is_rejected(fault, reason):
    cleaned = clean_claims(frame(CLAIM, {}, fault))
    assert len(cleaned.tables["claims"]) == 1
    assert reason in cleaned.rejects[0]["reason"]


def test_a_statement_of_no_known_kind_is_rejected():
    statement = {"claim_id": "A01", "statement": "s", "kind": "hunch", "evidence_sought": "", "related_questions": ""}
    assert (
        "accepted: event, measure, tie" in clean_article_claims(frame(statement, {}), NO_SUBJECTS).rejects[0]["reason"]
    )


def test_a_statement_without_words_is_rejected():
    statement = {"claim_id": "A01", "statement": "", "kind": "event", "evidence_sought": "", "related_questions": ""}
    assert clean_article_claims(frame(statement, {}), NO_SUBJECTS).rejects[0]["reason"].startswith("statement: empty")


def test_a_statement_has_the_state_that_the_reviewed_table_gives_it():
    statement = {"claim_id": "A01", "statement": "s", "kind": "event", "evidence_sought": "", "related_questions": ""}
    subjects = pd.DataFrame({"claim_id": ["A01"], "state": ["TGO"]})
    rows = frame(statement, {}, {"claim_id": "A02"})
    assert clean_article_claims(rows, subjects).tables["article_claims"]["state"].fillna("").tolist() == ["TGO", ""]


def test_a_port_figure_has_a_period_and_a_number():
    cleaned = clean_port_figures(frame(PORT, {}, {"row_id": "P2", "value": "about a million"}), resolve_state)
    row = cleaned.tables["port_figures"].iloc[0]
    assert (row["state"], row["destination"], row["value"]) == ("TGO", "NER", 1_100_000)
    assert (row["start"], row["end"]) == (pd.Timestamp("2023-01-01"), pd.Timestamp("2023-12-31"))
    assert "'about a million' is no number" in cleaned.rejects[0]["reason"]


@pytest.mark.parametrize("text", ["inf", "-inf", "nan", "1e308", "1e400", "1_0", "٣", "1,400", "9" * 400])
def test_a_port_figure_and_a_project_of_no_possible_number_are_rejected(text):
    for clean, base in ((clean_port_figures, PORT), (clean_projects, PROJECT)):
        cleaned = clean(frame(base, {}, {"row_id": "P2", "value": text}), resolve_state)
        assert [len(table) for table in cleaned.tables.values()] == [1]
        assert cleaned.rejects[0]["reason"].startswith(f"value '{text[:20]}")


@pytest.mark.parametrize(
    ("clean", "base", "field", "named"),
    [
        (clean_port_figures, PORT, "port", "port"),
        (clean_port_figures, PORT, "measure", "measure"),
        (clean_projects, PROJECT, "name", "name"),
        (clean_projects, PROJECT, "kind", "kind"),
        (clean_projects, PROJECT, "country", "states"),
    ],
)
def test_a_figure_or_project_without_what_all_have_is_rejected(clean, base, field, named):
    cleaned = clean(frame(base, {}, {"row_id": "P2", field: ""}), resolve_state)
    assert [len(table) for table in cleaned.tables.values()] == [1]
    assert cleaned.rejects[0]["reason"].startswith(f"{named}: empty")


def test_a_project_keeps_all_its_states_and_its_conflict():
    cleaned = clean_projects(frame(PROJECT, {}, {}), resolve_state)
    row = cleaned.tables["projects"].iloc[0]
    assert (row["states"], row["investor_states"], bool(row["has_conflict"])) == ("TGO;BEN", "CHE;CHN", True)
    assert "repeated" in cleaned.rejects[0]["reason"]


def test_a_rejected_claim_takes_no_identifier():
    cleaned = clean_claims(frame(CLAIM, {"version": ""}, {}))
    assert cleaned.tables["claims"]["line"].tolist() == [3]
