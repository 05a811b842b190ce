"""The ledger of claims: what versions there are of each question, and what verdict each statement has, and why."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis import reference
from analysis.briefing.evidence import Evidence
from analysis.briefing.selection import select_claims
from analysis.briefing.statement_tests import Tested, Weighing, run_test
from analysis.cleaning.claim_values import UNGRADED_TIER
from analysis.measures.verdicts import (
    NOT_FOUND,
    combine,
    compare_values,
    create_versions,
    judge_pages,
    keep_voices,
    weigh_origins,
)
from analysis.schema.rows import each_row

DECIDES = "decides"


@dataclass(frozen=True)
class Ledger:
    """All that is claimed of a state, tested.

    Attributes
    ----------
    statements : DataFrame
        ``claim_id, statement, kind, verdict, n_for, n_against, n_partly`` (independent origins)``, parts, note``.
    tests : DataFrame
        One row a test: the columns of `statement_tests` and ``test`` (its number)``, verdict, value, low, high, n,
        n_asked, p_value, n_others, since`` (the first year that counts)``, highest_has, fewest, most`` (events of the
        others)``, why`` (why a measure cannot say)``, n_ties, n_unknown`` (ties that it asks about, and those of which
        nothing is known).
    evidence_rows : DataFrame
        One row a version, report or measured event: ``claim_id, test, role, evidence_kind`` (claim, event, tie,
        measure)``, evidence_id, stance, origin, origin_tier, page_tier, outlet, url``.
    versions : DataFrame
        Values of claims with ``question, version`` (0 leads)``, verdict`` of that version, ``url, text`` and ``as_of``,
        the day of the latest page where the answer may have changed since.
    searches : DataFrame
        Claims that are searches of ours which found nothing.
    """

    statements: pd.DataFrame
    tests: pd.DataFrame
    evidence_rows: pd.DataFrame
    versions: pd.DataFrame
    searches: pd.DataFrame


def create_ledger(evidence: Evidence) -> Ledger:
    """Test every statement about the state against what was known by the last day of the window.

    Examples
    --------
    >>> from analysis.briefing.evidence import load_evidence
    >>> ledger = create_ledger(load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28"))
    >>> ledger.statements.set_index("claim_id").at["A06", "verdict"]
    'contradicted'
    """
    weighing = _weighing()
    given = {name: getattr(evidence, name) for name in ("claims", "claim_values", "article_claims")}
    claims, claim_values, statements = select_claims(given, evidence.state, evidence.end).values()
    values = claim_values.merge(claims[["claim_id", "version", "url"]], on="claim_id").rename(
        columns={"version": "text"}
    )
    rows = reference.load("statement_tests")
    rows = rows[rows["claim_id"].isin(statements["claim_id"])].reset_index(drop=True)
    tested = [run_test(evidence, values, weighing, row) for row in rows.to_dict("records")]
    tests = _describe_tests(rows, tested)
    return Ledger(
        statements=_judge_statements(statements, tests, tested),
        tests=tests,
        evidence_rows=_gather_evidence(tests, tested),
        versions=_judge_versions(values, weighing),
        searches=claims[claims["is_search"]],
    )


def _weighing() -> Weighing:
    outlets, origins, grades, judged = (
        reference.load(name) for name in ("outlets", "origins", "outlet_grades", "evidence_origins")
    )
    tier_of = grades.set_index("grade")["tier"].astype(int)
    graded = outlets.set_index("outlet")
    tiers = graded["grade"].map(tier_of).fillna(UNGRADED_TIER).astype(int).to_dict()
    own = origins.set_index("origin")["grade"].map(tier_of).astype(int).to_dict()
    return Weighing(tiers, graded["relays"].to_dict(), {**tiers, **own},
                    reference.load("claim_questions").set_index("question_id"),
                    {row["evidence_id"]: row for row in judged.to_dict("records")})  # fmt: skip


def _describe_tests(rows: pd.DataFrame, tested: list[Tested]) -> pd.DataFrame:
    amounts = [one.amount for one in tested]
    number = rows.groupby("claim_id").cumcount() + 1
    return rows.assign(
        test=[f"{claim}.{n}" for claim, n in zip(rows["claim_id"], number, strict=True)],
        verdict=[one.verdict for one in tested],
        **{name: pd.Series([getattr(one, name, None) for one in amounts], dtype="float64")
           for name in ("value", "low", "high", "n", "n_asked", "p_value", "n_others", "since")},
        **{name: pd.Series([(getattr(one, "others_have", None) or (None,) * 3)[place] for one in amounts],
                           dtype="float64") for place, name in enumerate(("highest_has", "fewest", "most"))},
        why=pd.Series([one.reason for one in tested], dtype="str"),
        n_ties=[one.n_ties for one in tested],
        n_unknown=[one.n_unknown for one in tested],
    )  # fmt: skip


def _judge_statements(statements: pd.DataFrame, tests: pd.DataFrame, tested: list[Tested]) -> pd.DataFrame:
    """The worst of the parts that a statement claims; pages that speak to one part are weighed together."""
    found = []
    deciding = tests.loc[tests["role"] == DECIDES, ["claim_id", "part"]]
    for claim_id in statements["claim_id"]:
        own = deciding[deciding["claim_id"] == claim_id]
        verdicts = [
            _judge_part([tested[number] for number in part.index]) for _, part in own.groupby("part", sort=False)
        ]
        pages = [tested[number].pages for number in own.index if len(tested[number].pages)]
        origins = weigh_origins(pd.concat(pages)) if pages else pd.DataFrame({"stance": []})
        counts = origins["stance"].value_counts()
        found.append(
            {"verdict": combine(verdicts), "parts": len(verdicts)}
            | {f"n_{stance}": int(counts.get(stance, 0)) for stance in ("for", "against", "partly")}
        )
    columns = ["verdict", "parts", "n_for", "n_against", "n_partly"]
    judged = pd.DataFrame(found, columns=columns, index=statements.index)
    notes = reference.load("statement_subjects").set_index("claim_id")["note"]
    judged["note"] = statements["claim_id"].map(notes).fillna("")
    return pd.concat([statements[["claim_id", "statement", "kind"]], judged], axis=1).reset_index(drop=True)


def _judge_part(tested: list[Tested]) -> str:
    """Pages of all tests of one part together; a measure, and the order of two dates, each by itself."""
    pages = [one.pages for one in tested if one.amount is None and len(one.pages)]
    verdicts = [one.verdict for one in tested if one.amount is not None]
    if pages:
        verdicts.append(judge_pages(pd.concat(pages, ignore_index=True)))
    elif any(one.amount is None for one in tested):
        verdicts.append(NOT_FOUND)
    return combine(verdicts)


def _gather_evidence(tests: pd.DataFrame, tested: list[Tested]) -> pd.DataFrame:
    columns = ["claim_id", "test", "part", "role", "evidence_kind", "evidence_id", "stance", "origin", "origin_tier",
               "page_tier", "outlet", "url"]  # fmt: skip
    frames, numbers = [], []
    for number, (look_at, one) in enumerate(zip(tests["look_at"], tested, strict=True)):
        frames.append(one.pages)
        if one.amount is not None:
            frames.append(
                pd.DataFrame({"evidence_id": one.amount.rests_on, "evidence_kind": look_at, "stance": "measured"})
            )
        numbers += [number] * (len(one.pages) + (0 if one.amount is None else len(one.amount.rests_on)))
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    about = tests[["claim_id", "test", "part", "role"]].iloc[numbers].reset_index(drop=True)
    rows = pd.concat([rows, about], axis=1)
    return rows.reindex(columns=columns).fillna({name: 0 if name.endswith("_tier") else "" for name in columns})


def _judge_versions(values: pd.DataFrame, weighing: Weighing) -> pd.DataFrame:
    """The versions of each question, the leading one first, and what verdict each has against the others."""
    frames = []
    for question, own in values.groupby("question_id", sort=True):
        asked = weighing.questions.loc[question]
        tolerance, excludes = float(asked["tolerance"] or 0), asked["excludes"] == "yes"
        versions = create_versions(own, tolerance)
        rows = list(each_row(versions))
        pages = versions[["origin", "origin_tier", "page_tier"]]
        verdicts: dict[int, str] = {}
        for core in rows:
            if core.version in verdicts:
                continue  # the finest value of a version comes first
            given = pages.assign(stance=[compare_values(row, core, tolerance, excludes=excludes) for row in rows])
            verdicts[core.version] = judge_pages(given if excludes else keep_voices(given))
        may_change = asked["as_of"] == "yes"
        latest = versions.groupby("version")["published"].transform("max") if may_change else pd.NaT
        verdict = [verdicts[row.version] for row in rows]
        frames.append(versions.assign(question=asked["question"], verdict=verdict, as_of=latest))
    if not frames:
        return values.assign(question="", version=0, verdict="", as_of=pd.NaT)
    return pd.concat(frames, ignore_index=True)
