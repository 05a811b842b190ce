"""What a statement is held against: versions of a question, events and ties as pages of independent origins."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pandas as pd

from analysis.briefing.evidence import Evidence, once
from analysis.briefing.statement_measures import measure
from analysis.cleaning.claim_values import UNGRADED_TIER, parse_value
from analysis.errors import TightropeError, UnknownNameError
from analysis.measures.amounts import Amount
from analysis.measures.verdicts import (
    AGAINST,
    CONTRADICTED,
    FOR,
    NOT_FOUND,
    PARTLY,
    SINGLE_SOURCE,
    SUPPORTED,
    combine,
    compare_values,
    create_versions,
    judge_correlation,
    judge_measure,
    judge_pages,
    keep_voices,
)
from analysis.schema.rows import each_row

PAGE_COLUMNS = ("origin", "origin_tier", "page_tier", "stance", "evidence_kind", "evidence_id", "outlet", "url")
_RECENT = pd.DateOffset(years=1)
_WITHIN = re.compile(r"ended within (?P<first>\S+)/(?P<last>\S+)")
_LIMIT = re.compile(r"(?P<sign>[<>])(?P<limit>-?\d+(?:\.\d+)?)(?: p<(?P<level>0?\.\d+))?")


@dataclass(frozen=True)
class Tested:
    """One test of a statement: its pages where outlets speak, its amount where a measure does, and its verdict.

    ``n_ties`` is how many ties it asks about, ``n_unknown`` of how many of them no page speaks.
    """

    verdict: str
    pages: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(PAGE_COLUMNS)))
    amount: Amount | None = None
    reason: str = ""
    n_ties: int = 0
    n_unknown: int = 0


@dataclass(frozen=True)
class Weighing:
    """How outlets weigh: their grades, what they relay, the questions with their tolerances, and `evidence_origins`."""

    tiers: Mapping[str, int]
    relays: Mapping[str, str]
    origin_tiers: Mapping[str, int]
    questions: pd.DataFrame
    judged: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def run_test(evidence: Evidence, values: pd.DataFrame, weighing: Weighing, test: Mapping[str, str]) -> Tested:
    """Hold a statement against what one row of `statement_tests` names.

    Parameters
    ----------
    evidence : Evidence
        Events and claims after its last day do not count.
    values : DataFrame
        The values of claims published by that day.
    weighing : Weighing
        Grades and questions.
    test : mapping
        ``kind`` (version, sequence, event, tie, measure)``, look_at, given, expected, start, end``.

    Raises
    ------
    TightropeError
        If the row names no kind, question, event or measure, or an expectation that cannot be read.
    """
    kinds: dict[str, Callable[[], Tested]] = {
        "version": lambda: _versions(values, weighing, test),
        "sequence": lambda: _sequence(values, weighing, test),
        "event": lambda: _events(evidence, weighing, test),
        "tie": lambda: _ties(evidence, weighing, test),
        "measure": lambda: _measured(evidence, test),
    }
    if test["kind"] not in kinds:
        raise UnknownNameError("kind of statement_tests.csv", test["kind"], kinds)
    return kinds[test["kind"]]()


def _values_of(values: pd.DataFrame, weighing: Weighing, question: str) -> tuple[pd.DataFrame, float, bool]:
    if question not in weighing.questions.index:
        raise UnknownNameError("question of statement_tests.csv", question, weighing.questions.index)
    asked = weighing.questions.loc[question]
    tolerance = float(asked["tolerance"] or 0)
    return values[values["question_id"] == question], tolerance, asked["excludes"] == "yes"


def _versions(values: pd.DataFrame, weighing: Weighing, test: Mapping[str, str]) -> Tested:
    own, tolerance, excludes = _values_of(values, weighing, test["look_at"])
    first, _, last = test["expected"].partition("/")
    kind = weighing.questions.at[test["look_at"], "kind"]
    parsed = {"kind": kind, "low": None, "high": None, **parse_value(kind, first, last)}
    expected = pd.Series(parsed)
    stances = [compare_values(row, expected, tolerance, excludes=excludes) for row in each_row(own)]
    pages = own[["origin", "origin_tier", "page_tier", "outlet"]].assign(
        stance=stances, evidence_kind="claim", evidence_id=own["claim_id"], url=own["url"]
    )
    pages = pages if excludes else keep_voices(pages)
    return Tested(judge_pages(pages), pages[list(PAGE_COLUMNS)])


def _sequence(values: pd.DataFrame, weighing: Weighing, test: Mapping[str, str]) -> Tested:
    """Whether one date lies so many days before another, by the leading version of each."""
    least, most = (int(part) for part in test["expected"].split("/"))
    leading, verdicts, pages = [], [], []
    for question in test["look_at"].split(";"):
        own, tolerance, _ = _values_of(values, weighing, question)
        if own.empty:
            return Tested(NOT_FOUND)
        versions = create_versions(own, tolerance)
        core = versions.iloc[0]
        leading.append(core)
        stances = [compare_values(row, core, tolerance) for row in each_row(versions)]
        found = versions[["origin", "origin_tier", "page_tier", "outlet", "url"]].assign(
            stance=stances, evidence_kind="claim", evidence_id=versions["claim_id"]
        )
        pages.append(found[list(PAGE_COLUMNS)])
        verdicts.append(judge_pages(found))
    gap = Amount(
        value=float((leading[1]["start"] - leading[0]["start"]).days),
        low=float((leading[1]["start"] - leading[0]["end"]).days),
        high=float((leading[1]["end"] - leading[0]["start"]).days),
        n=2,
    )
    is_within = least <= float(gap.low or 0) and float(gap.high or 0) <= most
    verdict = combine(verdicts) if is_within else CONTRADICTED
    return Tested(verdict, pd.concat(pages, ignore_index=True), gap)


def _events(evidence: Evidence, weighing: Weighing, test: Mapping[str, str]) -> Tested:
    shows = {"shown": FOR, "shown against": AGAINST}[test["expected"]]
    reports = _list_reports(evidence)
    named = [report for event in set(test["look_at"].split(";")) for report in reports.get(event, ())]
    rows = [
        _page(weighing, report.outlet, report.url, "event", report.event_id,
              PARTLY if certainty == "disputed" else shows)
        for _, certainty, report in sorted(named, key=lambda one: one[0])
    ]  # fmt: skip
    pages = pd.DataFrame(rows, columns=list(PAGE_COLUMNS))
    return Tested(judge_pages(pages), pages)


@once
def _list_reports(evidence: Evidence) -> dict[str, list[tuple[int, str, Any]]]:
    """The reports of each event begun by the last day that name an outlet: their place, its certainty, the report."""
    events = evidence.events.loc[evidence.events["date_start"] <= evidence.end, ["event_id", "certainty"]]
    certainties = dict(zip(events["event_id"].tolist(), events["certainty"].tolist(), strict=True))
    reports: dict[str, list[tuple[int, str, Any]]] = {}
    for place, report in enumerate(each_row(evidence.event_sources[["event_id", "outlet", "url"]])):
        if report.event_id in certainties and pd.notna(report.outlet):
            reports.setdefault(report.event_id, []).append((place, certainties[report.event_id], report))
    return reports


def _ties(evidence: Evidence, weighing: Weighing, test: Mapping[str, str]) -> Tested:
    """Whether ties ended within some days, or none ended; a tie that no page shows is not known."""
    given = read_given(test["given"])
    ties = evidence.ties[evidence.ties["kind"].isin(test["look_at"].split(";"))]
    ties = ties[ties["partner"].isin(given["partner"]) & ties["state"].isin(given["state"])]
    begun = ties[~(ties["start"] > evidence.end)]
    within = _WITHIN.fullmatch(test["expected"])
    if not within and test["expected"] != "none ended":
        raise TightropeError(
            f"statement_tests.csv expects {test['expected']!r} of ties; accepted: ended within A/B, none ended"
        )
    first, last = (
        (pd.Timestamp(within["first"]), pd.Timestamp(within["last"])) if within else (evidence.start, evidence.end)
    )
    last = min(last, evidence.end)
    rows, known = [], set()
    for tie in each_row(begun):
        is_ended = pd.notna(tie.end) and first <= tie.end <= last
        judged = weighing.judged.get(tie.tie_id, {})
        stance = _stance(tie, is_ended, bool(within), _dated(judged), evidence.end)
        outlet = judged.get("outlet") or tie.outlet
        # An outlet that is not named is no origin.
        if stance and pd.notna(outlet):
            rows.append(_page(weighing, outlet, judged.get("url") or tie.url, "tie", tie.tie_id, stance))
            known.add((tie.kind, tie.state, tie.partner))
    pages = pd.DataFrame(rows, columns=list(PAGE_COLUMNS))
    asked = set(product(test["look_at"].split(";"), given["state"], given["partner"]))
    unknown = len(asked - known)
    # Where a tie is not known, the others do not answer for it.
    verdict, shown = (NOT_FOUND, pages.iloc[:0]) if unknown else (judge_pages(pages), pages)
    return Tested(verdict, shown, n_ties=len(asked), n_unknown=unknown)


def _stance(tie: Any, is_ended: bool, asks_for_end: bool, dated: pd.Timestamp | None, end: pd.Timestamp) -> str:
    """How a tie speaks; one that is planned, or ended at another time, does not.

    That a tie has not ended is shown by a page of the last year alone: an older one cannot speak of the time since.
    """
    stands = tie.status in ("member", "open", "in force") and pd.isna(tie.end)
    if asks_for_end:
        return PARTLY if is_ended and tie.has_conflict else FOR if is_ended else AGAINST if stands else ""
    if is_ended:
        return AGAINST
    return FOR if stands and dated is not None and end - _RECENT <= dated <= end else ""


def _dated(judged: Mapping[str, str]) -> pd.Timestamp | None:
    return pd.Timestamp(judged["dated"]) if judged.get("dated") else None


def _measured(evidence: Evidence, test: Mapping[str, str]) -> Tested:
    window = (
        pd.Timestamp(test["start"])
        if test["start"]
        else min(evidence.start, pd.Timestamp(test["end"] or evidence.end)),
        min(pd.Timestamp(test["end"]), evidence.end) if test["end"] else evidence.end,
    )
    amount = measure(evidence, test["look_at"], read_given(test["given"]), window)
    ends = [amount.low, amount.high]
    if test["expected"] == "includes 0":
        known = None not in ends and not any(pd.isna(end) for end in ends)
        is_inside = known and float(amount.low or 0) <= 0 <= float(amount.high or 0)
        return Tested(
            judge_measure(amount.low, amount.high, (is_inside, is_inside)), amount=amount, reason=amount.reason
        )
    limit = _LIMIT.fullmatch(test["expected"])
    if not limit:
        raise TightropeError(
            f"statement_tests.csv expects {test['expected']!r} of a measure; accepted: >N, <N, <0 p<P, includes 0"
        )
    edge, above = float(limit["limit"]), limit["sign"] == ">"
    if limit["level"]:
        level = float(limit["level"])
        verdict = judge_correlation(amount.value, amount.p_value, is_positive=above, level=level)
        return Tested(verdict, amount=amount, reason=amount.reason)
    within = [end is not None and not pd.isna(end) and (end > edge if above else end < edge) for end in ends]
    verdict = judge_measure(amount.low, amount.high, (within[0], within[1]))
    if verdict == SUPPORTED and amount.n_outlets == 1:
        verdict = SINGLE_SOURCE
    return Tested(verdict, amount=amount, reason=amount.reason)


def _page(weighing: Weighing, outlet: Any, url: Any, kind: str, evidence_id: str, stance: str) -> dict[str, Any]:
    named = str(outlet)
    origin = weighing.judged.get(evidence_id, {}).get("origin") or weighing.relays.get(named) or named
    tier = weighing.tiers.get(named, UNGRADED_TIER)
    return {
        "origin": origin, "origin_tier": weighing.origin_tiers.get(origin, tier), "page_tier": tier, "stance": stance,
        "evidence_kind": kind, "evidence_id": evidence_id, "outlet": named, "url": url if pd.notna(url) else "",
    }  # fmt: skip


def read_given(text: str) -> dict[str, list[str]]:
    """What a test gives its measure or tie query: ``name=value;value`` separated by blanks.

    Examples
    --------
    >>> read_given("power=FRA states=BEN;GHA")
    {'power': ['FRA'], 'states': ['BEN', 'GHA']}
    """
    return {name: values.split(";") for name, _, values in (part.partition("=") for part in text.split())}
