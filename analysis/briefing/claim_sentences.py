"""The sentences on claims: how many statements hold, which do not, how far versions agree, and what was not found."""

from __future__ import annotations

import pandas as pd

from analysis.briefing.claim_reasons import explain
from analysis.briefing.claim_words import count_versions, list_verdicts
from analysis.briefing.evidence import Evidence
from analysis.briefing.ledger import Ledger
from analysis.briefing.wording import name_of, spoken
from analysis.exhibit import Exhibit, escape_markdown, show_title
from analysis.language import message, say, say_data, say_number
from analysis.measures.verdicts import CONTRADICTED, DISPUTED, NOT_FOUND, SINGLE_SOURCE, VERDICTS
from analysis.schema.rows import each_row
from analysis.wording import format_day, join

_ITEM = "\n\n- "
_SEARCHES_TOLD = 20
_FAILING = {
    CONTRADICTED: message("Contradicted is {claim_id}, “{statement}”: {why}"),
    DISPUTED: message("Disputed is {claim_id}, “{statement}”: {why}"),
}
_WEAK = {
    SINGLE_SOURCE: message("These rest on one source, or on one side's word: {claims}."),
    NOT_FOUND: message("For these the data on record cannot say: {claims}."),
}


@spoken
def title_claims(evidence: Evidence, language: str) -> Exhibit:
    """The head of a report on claims."""
    return show_title(
        say("What is claimed of {state}, and what holds", state=evidence.names[evidence.state]),
        say("Statements, versions and independent origins, as known on {day}", day=format_day(evidence.end)),
        language=language,
        as_of=f"{evidence.end:%Y-%m-%d}",
    )


@spoken
def write_claims(evidence: Evidence, ledger: Ledger) -> list[str]:
    """How many statements have which verdict, and those that fail, each with why.

    Examples
    --------
    >>> from analysis.briefing.evidence import load_evidence
    >>> from analysis.briefing.ledger import create_ledger
    >>> evidence = load_evidence("BEN", ["FRA", "RUS"], "2020-01-01", "2026-02-28")
    >>> write_claims(evidence, create_ledger(evidence))
    ['No claims are recorded about Benin.']
    """
    statements, state = ledger.statements, name_of(evidence, evidence.state)
    if statements.empty:
        return [say("No claims are recorded about {state}.", state=state)]
    sentences = [
        say_number(
            len(statements), "Of {n} statement recorded about {state}, {verdicts}.",
            "Of {n} statements recorded about {state}, {verdicts}.", state=state, verdicts=list_verdicts(statements),
        )
    ]  # fmt: skip
    for verdict, text in _FAILING.items():
        sentences += [
            _ITEM
            + say(
                text,
                claim_id=row.claim_id,
                statement=_quoted(row.statement),
                why=escape_markdown(explain(ledger, row.claim_id)),
            )
            for row in each_row(statements[statements["verdict"] == verdict])
        ]
    return sentences


@spoken
def write_weak_claims(evidence: Evidence, ledger: Ledger) -> list[str]:
    """Which statements rest on one source, and for which the data cannot say, or that there is none to list."""
    if ledger.statements.empty:
        return [say("There is no statement to list.")]
    return [
        say(text, claims=join(ids))
        for verdict, text in _WEAK.items()
        if (ids := ledger.statements.loc[ledger.statements["verdict"] == verdict, "claim_id"].tolist())
    ]


@spoken
def write_versions(evidence: Evidence, ledger: Ledger) -> list[str]:
    """On how many questions outlets agree, and how few origins are behind how many versions."""
    versions = ledger.versions
    if versions.empty:
        return [say("No versions of any question are recorded about {state}.", state=name_of(evidence, evidence.state))]
    of_question = versions.groupby("question_id")["version"].nunique()
    agreed = int((of_question == 1).sum())
    return [
        say_number(
            len(of_question), "{n} question is answered by outlets.", "{n} questions are answered by outlets."
        ),
        say_number(
            agreed, "On {n} of them all versions agree, but for how finely they date.",
            "On {n} of them all versions agree, but for how finely they date.",
        ),
        say_number(
            versions["claim_id"].nunique(),
            "{versions} comes from {origins}: a copy, or a second report of one statement, adds nothing.",
            "{versions} come from {origins}: a copy, or a second report of one statement, adds nothing.",
            versions=count_versions(versions),
            origins=say_number(versions["origin"].nunique(), "{n} independent origin", "{n} independent origins"),
        ),
    ]  # fmt: skip


@spoken
def write_searches(evidence: Evidence, ledger: Ledger) -> list[str]:
    """What was looked for and not found, and that this is no proof."""
    if ledger.searches.empty:
        return [say("No search that found nothing is on record.")]
    found = [
        say("{claim_id}: {text}", claim_id=row.claim_id, text=escape_markdown(say_data(row.version)))
        for row in each_row(ledger.searches[:_SEARCHES_TOLD])
    ]
    rest = len(ledger.searches) - len(found)
    if rest:
        found.append(
            say_number(rest, "{n} more such search is not told here.", "{n} more such searches are not told here.")
        )
    return [
        say_number(
            len(ledger.searches),
            "{n} search that found nothing is on record; it is no version, and no proof that there is none.",
            "{n} searches that found nothing are on record; they are no versions, and no proof that there is none.",
        ),
        *found,
    ]  # fmt: skip


@spoken
def count_verdicts(evidence: Evidence, ledger: Ledger) -> dict[str, int]:
    """The numbers that a manifest keeps: how many statements have which verdict."""
    counts: pd.Series = ledger.statements["verdict"].value_counts()
    return {f"claims_{verdict.replace(' ', '_')}": int(counts.get(verdict, 0)) for verdict in VERDICTS}


def _quoted(statement: str) -> str:
    return escape_markdown(say_data(statement))
