"""Judgements joined to claims: nothing lost, every loose row of a reviewed table an error, hostile text only text."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis import reference
from analysis.build import build, clean
from analysis.cleaning.claim_values import ClaimJudgements, judge_claims, parse_value
from analysis.cleaning.claims import clean_claims
from analysis.errors import RowError, TightropeError
from analysis.paths import RAW
from analysis.store import read_build, read_table

HOSTILE = "<script>alert(1)</script> =2+2 [x](javascript:1) $a$"


def rows(head, *lines):
    columns = head.split()
    return pd.DataFrame([dict(zip(columns, line, strict=True)) for line in lines], columns=columns)


def judgements(**changes):
    made = ClaimJudgements(
        questions=rows("question_id asked_in kind", ("C1", "C1", "date"), ("C2.n", "C2", "number")),
        values=rows(
            "claim_id question_id kind value value_end precision reason",
            ("C1-01", "C1", "date", "2025-11", "", "", "month"),
            ("C1-02", "C1", "nothing_found", "", "", "", "search"),
        ),
        origins_of_claims=rows("claim_id value origin reason", ("C1-01", "", "AFP", "its text")),
        outlets=rows("outlet grade relays reason", ("Daily", "newspaper", "", ""), ("(search)", "none", "", "")),
        origins=rows("origin grade reason", ("AFP", "wire", "")),
        grades=rows("grade tier reason", ("official", "1", ""), ("wire", "2", ""), ("newspaper", "2", "")),
    )
    return replace(made, **changes)


def claims(*lines):
    given = lines or (("C1-01", "C1", "Daily"), ("C1-02", "C1", "(search)"))
    raw = [
        {"claim_id": claim, "claim": f"{question}: When?", "outlet": outlet, "url": "", "published": "",
         "version": HOSTILE, "file": "f.csv", "line": line}
        for line, (claim, question, outlet) in enumerate(given, start=2)
    ]  # fmt: skip
    return clean_claims(pd.DataFrame(raw)).tables["claims"]


def test_a_claim_carries_its_value_grade_and_origin():
    judged = judge_claims(claims(), judgements())
    row = judged.claims.set_index("claim_id").loc["C1-01"]
    assert (row["value"], row["outlet_grade"], row["origins"]) == ("2025-11", "newspaper", "AFP")
    value = judged.values.iloc[0]
    assert (value["end"], value["page_tier"], value["origin_tier"]) == (pd.Timestamp("2025-11-30"), 2, 2)
    assert not any(judged.for_review.values())


def test_a_search_is_no_version_and_recorded_as_such():
    judged = judge_claims(claims(), judgements())
    assert judged.claims.set_index("claim_id")["is_search"].to_dict() == {"C1-01": False, "C1-02": True}
    assert "C1-02" not in set(judged.values["claim_id"])


def test_a_claim_without_value_and_an_outlet_without_grade_are_listed_and_kept():
    judged = judge_claims(
        claims(("C1-01", "C1", "Daily"), ("C1-09", "C1", "New Blog"), ("C1-02", "C1", "(search)")), judgements()
    )
    assert judged.for_review == {"claims_without_value": ["C1-09"], "outlets_without_grade": ["New Blog"]}
    assert "C1-09" in set(judged.claims["claim_id"])


def test_an_outlet_without_grade_weighs_less_than_any_other():
    judged = judge_claims(claims(("C1-01", "C1", "New Blog"), ("C1-02", "C1", "(search)")), judgements())
    assert judged.values["page_tier"].tolist() == [9]


def test_hostile_text_stays_text():
    assert judge_claims(claims(), judgements()).claims["version"].tolist() == [HOSTILE] * 2


VALUE = "claim_id question_id kind value value_end precision reason"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"values": rows(VALUE, ("C1-01", "C1", "date", "2025", "", "", ""), ("C9-01", "C1", "date", "2025", "", "", ""))}, "C9-01 C1: there is no such claim"),
        ({"values": rows(VALUE, ("C1-01", "C8", "date", "2025", "", "", ""))}, "C1-01 C8: there is no such question"),
        ({"values": rows(VALUE, ("C1-01", "C2.n", "number", "5", "", "", ""))}, "the claim answers C1"),
        ({"values": rows(VALUE, ("C1-01", "C1", "number", "5", "", "", ""))}, "unknown kind 'number'"),
        ({"values": rows(VALUE, ("C1-01", "C1", "date", "soon", "", "", ""))}, "'soon'"),
        ({"origins_of_claims": rows("claim_id value origin reason", ("C1-01", "", "AFPP", ""))}, "did you mean 'AFP'"),
        ({"origins_of_claims": rows("claim_id value origin reason", ("C7-01", "", "AFP", ""))}, "C7-01: there is no such claim"),
        ({"outlets": rows("outlet grade relays reason", ("Daily", "superb", "", ""))}, "unknown grade 'superb'"),
        ({"outlets": rows("outlet grade relays reason", ("Daily", "wire", "APP", ""))}, "unknown origin 'APP'"),
        ({"origins": rows("origin grade reason", ("AFP", "none", ""))}, "unknown grade 'none'"),
    ],
)  # fmt: skip
def test_a_loose_row_of_a_reviewed_table_is_an_error(changes, fault):
    with pytest.raises(TightropeError, match="reviewed tables of claims") as caught:
        judge_claims(claims(), judgements(**changes))
    assert fault in str(caught.value)


@pytest.mark.parametrize("ends", [("inf", ""), ("5", "nan"), ("1_0", ""), ("1", "9" * 400)])
def test_a_number_of_no_possible_figure_is_an_error(ends):
    with pytest.raises(RowError, match=r"value .* is no (number|possible one)"):
        parse_value("number", *ends)


def test_a_judged_claim_without_an_outlet_is_an_error():
    with pytest.raises(TightropeError, match="C1-01 C1: the claim names no outlet"):
        judge_claims(claims(("C1-01", "C1", ""), ("C1-02", "C1", "(search)")), judgements())


def test_judgements_of_another_ledger_do_not_apply():
    judged = judge_claims(claims(("X1", "C1", "Daily")), judgements())
    assert judged.for_review["claims_without_value"] == ["X1"]


def test_a_claim_that_is_taken_from_the_raw_file_is_an_error(raw_copy):
    path = raw_copy / "togo_claims.csv"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("C1a-01,")]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    (raw_copy / "SOURCES.toml").write_text("", encoding="utf-8")
    with pytest.raises(TightropeError, match="C1a-01"):
        clean(raw_copy)


def test_every_claim_of_the_project_is_read_and_graded(built):
    table, values = read_table("claims", built), read_table("claim_values", built)
    assert table["outlet_grade"].notna().all()
    assert table["is_search"].sum() == 2
    silent = reference.load("claim_values").query("kind in ['not_stated', 'nothing_found']")["claim_id"]
    assert set(table["claim_id"]) == set(values["claim_id"]) | set(silent)
    assert read_build(built)["for_review"]["claims_without_value"] == []
    assert build(RAW, built).is_fresh is False


def test_every_category_has_words():
    answers = reference.load("claim_values").query("kind == 'category'")["value"]
    assert set(answers) <= set(reference.load("claim_answers")["answer"])


@pytest.mark.parametrize(
    "table",
    ["outlets", "origins", "outlet_grades", "claim_values", "claim_origins", "claim_questions", "claim_answers",
     "statement_tests", "statement_subjects"],
)  # fmt: skip
def test_every_judgement_has_a_reason(table):
    assert (reference.load(table)["reason"].str.len() > 0).all()
