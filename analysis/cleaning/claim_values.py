"""The reviewed judgements on claims, joined to them: normalised values, grades of outlets, independent origins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.cleaning.dates import parse_date_range
from analysis.cleaning.numbers import parse_number
from analysis.errors import RowError, TightropeError, UnknownNameError
from analysis.schema import CLAIM_VALUES, CLAIMS

NOT_STATED, NOTHING_FOUND = "not_stated", "nothing_found"
ANSWERS = ("yes", "no", "partly")
UNGRADED = "none"
"""What stands as the grade of our own searches."""
UNGRADED_TIER = 9
"""Below every graded outlet, until somebody has graded it."""


@dataclass(frozen=True)
class ClaimJudgements:
    """The reviewed tables on claims, as `reference.load` gives them: every value text."""

    questions: pd.DataFrame
    values: pd.DataFrame
    origins_of_claims: pd.DataFrame
    outlets: pd.DataFrame
    origins: pd.DataFrame
    grades: pd.DataFrame


@dataclass(frozen=True)
class JudgedClaims:
    """Claims with their judgements, their values, and what awaits a reviewer."""

    claims: pd.DataFrame
    values: pd.DataFrame
    for_review: dict[str, list[str]]


def judge_claims(claims: pd.DataFrame, judgements: ClaimJudgements) -> JudgedClaims:
    """Join the judgements to the claims.

    Parameters
    ----------
    claims : DataFrame
        The table `claims` as :func:`~analysis.cleaning.claims.clean_claims` gives it.
    judgements : ClaimJudgements
        Where they name none of the claims they are those of another ledger and do not apply.

    Returns
    -------
    JudgedClaims
        No claim is lost: one without a value, and an outlet without a grade, are listed for review.

    Raises
    ------
    TightropeError
        Lists every row of the reviewed tables that names no claim, question, grade or origin, or whose value cannot
        be read.
    """
    known = claims.set_index("claim_id")
    named = set(judgements.values["claim_id"]) | set(judgements.origins_of_claims["claim_id"])
    applies = bool(named & set(known.index))
    faults: list[str] = []
    rows: list[dict[str, Any]] = []
    silent: set[str] = set()
    if applies:
        rows, silent = _read_values(known, judgements, faults)
        _check_origins(rows, judgements, faults)
    if faults:
        raise TightropeError("reviewed tables of claims: " + "; ".join(faults))
    values = CLAIM_VALUES.frame(rows)
    graded = judgements.outlets.set_index("outlet")["grade"]
    judged = claims.assign(
        value=claims["claim_id"].map(_joined(values, "value")),
        origins=claims["claim_id"].map(_joined(values, "origin")),
        outlet_grade=claims["outlet"].map(graded),
        is_search=claims["outlet"].map(graded).eq(UNGRADED),
    )
    ungraded = judged[judged["outlet_grade"].isna()]
    return JudgedClaims(
        CLAIMS.frame(judged),
        values,
        {
            "claims_without_value": sorted(set(claims["claim_id"]) - set(values["claim_id"]) - silent),
            "outlets_without_grade": sorted(set(ungraded["outlet"].dropna())),
        },
    )


def parse_value(kind: str, value: str, value_end: str = "", precision: str = "") -> dict[str, Any]:
    """The reviewed value as columns of `claim_values`: the text, and the ends of a date or number.

    Raises
    ------
    RowError
        If the value is none of its kind.

    Examples
    --------
    >>> parse_value("number", "1510", "1511")["high"]
    1511.0
    >>> parse_value("date", "2025-11")["end"].day
    30
    """
    if kind == "date":
        days = parse_date_range(value, value_end, precision)
        text = value if not value_end else f"{value}/{value_end}"
        return {"value": text, "start": days.start, "end": days.end, "date_precision": days.precision}
    if kind == "number":
        low, high = parse_number(value), parse_number(value_end or value, "end of the value")
        return {"value": value if not value_end else f"{value}/{value_end}", "low": low, "high": high}
    if kind == "yesno" and value not in ANSWERS:
        raise RowError(f"value {value!r}; accepted: {', '.join(ANSWERS)}")
    if not value:
        raise RowError("the value is empty")
    return {"value": value}


def _read_values(
    known: pd.DataFrame, judgements: ClaimJudgements, faults: list[str]
) -> tuple[list[dict[str, Any]], set[str]]:
    """The values as rows, and the claims that a reviewer found to state none."""
    questions = judgements.questions.set_index("question_id")
    weigh = _weigher(judgements)
    rows, silent = [], set()
    for given in judgements.values.to_dict("records"):
        claim, question, kind = given["claim_id"], given["question_id"], given["kind"]
        where = f"claim_values.csv, {claim} {question}"
        if claim not in known.index or question not in questions.index:
            missing = "claim" if claim not in known.index else "question"
            faults.append(f"{where}: there is no such {missing}")
            continue
        asked_in = known.at[claim, "question_id"]
        if questions.at[question, "asked_in"] != asked_in:
            faults.append(f"{where}: the claim answers {asked_in}")
        elif kind in (NOT_STATED, NOTHING_FOUND):
            silent.add(claim)
        elif kind != questions.at[question, "kind"]:
            faults.append(f"{where}: {_unknown('kind', kind, [questions.at[question, 'kind'], NOT_STATED])}")
        elif not isinstance(known.at[claim, "outlet"], str):
            faults.append(f"{where}: the claim names no outlet, whose value it could be")
        else:
            try:
                parsed = parse_value(kind, given["value"], given["value_end"], given["precision"])
            except RowError as error:
                faults.append(f"{where}: {error}")
                continue
            row = {"claim_id": claim, "question_id": question, "kind": kind, "reason": given["reason"], **parsed}
            outlet = known.at[claim, "outlet"]
            row |= {"outlet": outlet, "published": known.at[claim, "published"]}
            rows.append(row | weigh(claim, given["value"], outlet))
    return rows, silent


def _weigher(judgements: ClaimJudgements) -> Callable[[str, str, str], dict[str, Any]]:
    """What gives a value its outlet's grade, its origin and that origin's grade."""
    outlets = judgements.outlets.set_index("outlet")
    grades = judgements.outlets.set_index("outlet")["grade"].to_dict()
    own = judgements.origins.set_index("origin")["grade"].to_dict()
    tiers = {grade: int(tier) for grade, tier in judgements.grades[["grade", "tier"]].itertuples(index=False)}
    joined = {(row["claim_id"], row["value"]): row["origin"] for row in judgements.origins_of_claims.to_dict("records")}

    def weigh(claim: str, value: str, outlet: str) -> dict[str, Any]:
        relayed = outlets.at[outlet, "relays"] if outlet in outlets.index else ""
        origin = joined.get((claim, value)) or joined.get((claim, "")) or relayed or outlet
        grade = grades.get(outlet)
        origin_grade = own.get(origin) or grades.get(origin)
        return {
            "outlet_grade": grade, "page_tier": tiers.get(str(grade), UNGRADED_TIER), "origin": origin,
            "origin_grade": origin_grade, "origin_tier": tiers.get(str(origin_grade), UNGRADED_TIER),
        }  # fmt: skip

    return weigh


def _check_origins(rows: list[dict[str, Any]], judgements: ClaimJudgements, faults: list[str]) -> None:
    """Every row on an origin must name a value that stands, and every grade and origin must be known."""
    grades = set(judgements.grades["grade"])
    graded = {*judgements.origins["origin"], *judgements.outlets["outlet"]}
    stated = {(row["claim_id"], row["value"].split("/")[0]) for row in rows} | {(row["claim_id"], "") for row in rows}
    for given in judgements.origins_of_claims.to_dict("records"):
        where = f"claim_origins.csv, {given['claim_id']} {given['value']}".rstrip()
        if (given["claim_id"], given["value"]) not in stated:
            faults.append(f"{where}: there is no such claim with such a value")
        if given["origin"] not in graded:
            faults.append(f"{where}: {_unknown('origin', given['origin'], graded)}")
    for row in judgements.outlets.to_dict("records"):
        if row["grade"] not in {*grades, UNGRADED}:
            faults.append(f"outlets.csv, {row['outlet']}: {_unknown('grade', row['grade'], [*grades, UNGRADED])}")
        if row["relays"] and row["relays"] not in graded:
            faults.append(f"outlets.csv, {row['outlet']}: {_unknown('origin', row['relays'], graded)}")
    for row in judgements.origins.to_dict("records"):
        if row["grade"] not in grades:
            faults.append(f"origins.csv, {row['origin']}: {_unknown('grade', row['grade'], grades)}")


def _unknown(kind: str, name: str, accepted: Iterable[str]) -> str:
    return str(UnknownNameError(kind, name, accepted))


def _joined(values: pd.DataFrame, column: str) -> Mapping[str, str]:
    texts: dict[str, str] = values.groupby("claim_id")[column].agg(lambda own: ";".join(dict.fromkeys(own))).to_dict()
    return texts
