"""The tables on claims: statements with their verdicts, versions with who says them, evidence with its rows."""

from __future__ import annotations

from itertools import islice

import pandas as pd

from analysis.briefing.claim_reasons import explain
from analysis.briefing.claim_words import (
    VERDICT_LABELS,
    name_grade,
    name_origin,
    name_stance,
    name_value,
    shorten_ids,
)
from analysis.briefing.evidence import Evidence
from analysis.briefing.ledger import DECIDES, Ledger
from analysis.briefing.wording import spoken
from analysis.exhibit import Exhibit, Link, show_table, show_text
from analysis.figures.terms import CERTAINTIES
from analysis.figures.wording import chain
from analysis.language import say, say_data, say_number
from analysis.measures.verdicts import AGAINST, CARRYING_TIER, FOR, PARTLY
from analysis.schema.rows import each_row
from analysis.wording import format_number, format_period

_SHOWN_IN_A_CELL = 12
_SHOWN_ROWS = 6
_ASKED = ["claim_id", "part", "role", "stance"]


@spoken
def table_claims(evidence: Evidence, ledger: Ledger) -> Exhibit:
    """Every statement with its verdict and why; the CSV also names all rows for and against."""
    if ledger.statements.empty:
        return show_text([])
    why = [explain(ledger, claim_id) for claim_id in ledger.statements["claim_id"]]
    decisive = ledger.evidence_rows[ledger.evidence_rows["role"] == DECIDES]
    data = ledger.statements.assign(why=why)
    for stance in (FOR, AGAINST, PARTLY, "measured"):
        ids = decisive[decisive["stance"] == stance].groupby("claim_id")["evidence_id"].agg(list)
        data[f"rows_{stance}"] = [";".join(dict.fromkeys(ids.get(claim, []))) for claim in data["claim_id"]]
    shown = pd.DataFrame(
        {
            say("Claim"): data["claim_id"],
            say("What is claimed"): data["statement"].map(say_data),
            say("Verdict"): [say(VERDICT_LABELS[verdict]) for verdict in data["verdict"]],
            say("Why"): data["why"],
        }
    )
    caption = say(
        "The statements recorded and what became of them. Numbers such as C1a-01 are versions by outlets, others are "
        "events and ties; all of them stand in the published tables. Parts of a statement are judged apart, and it "
        "stands as the weakest of them."
    )
    return show_table(shown, "claims", caption=caption, data=data)


@spoken
def table_versions(evidence: Evidence, ledger: Ledger) -> Exhibit:
    """Every version of every question with the origins that carry it; the CSV has one row a version of a page."""
    if ledger.versions.empty:
        return show_text([])
    rows = []
    for _, own in ledger.versions.groupby(["question_id", "version"], sort=False):
        first = own.iloc[0]
        rows.append(
            {
                say("Question"): say_data(first["question"]),
                say("Version"): name_value(first),
                say("Who says so"): _say_origins(own),
                say("Verdict"): say(VERDICT_LABELS[first["verdict"]]),
            }
        )
    caption = say(
        "Who says what: versions that agree stand together, the one that most independent origins carry first. In "
        "brackets the grade of the origin as it was seen and the versions that carry it."
    )
    columns = ["question_id", "question", "version", "verdict", "claim_id", "kind", "value", "outlet", "outlet_grade",
               "origin", "origin_grade", "published", "url", "text", "reason"]  # fmt: skip
    return show_table(pd.DataFrame(rows), "claim_versions", caption=caption, data=ledger.versions[columns])


@spoken
def table_claim_evidence(evidence: Evidence, ledger: Ledger) -> Exhibit:
    """What each verdict rests on, one row an origin; the CSV has one row a version, report or measured event."""
    if ledger.evidence_rows.empty:
        return show_text([say("No row is on record that a verdict could rest on.")])
    rows = []
    deciding = ledger.evidence_rows[ledger.evidence_rows["role"] == DECIDES]
    spoken_by = deciding[deciding["origin"] != ""].groupby(["claim_id", "part", "origin"])
    stances = spoken_by["stance"].nunique()
    differing = set(stances[stances > 1].index)
    lines = ledger.evidence_rows.assign(line=_number_lines(ledger.evidence_rows))
    is_cut = False
    for (claim, part, role, stance, _), own in lines.groupby([*_ASKED, "line"], sort=False):
        origin, *others = own["origin"].unique()
        is_cut |= bool(others)
        url = next((address for address in own["url"] if address), "") if not others else ""
        named = _name_speaker(str(origin))
        if others:
            named = say_number(len(others) + 1, "{n} more origin", "{n} more origins")
        elif role == DECIDES and (claim, part, origin) in differing:
            named = say("{origin}, not the same throughout", origin=named)
        rows.append(
            {
                say("Claim"): str(claim),
                say("What is asked"): say_data(str(part)),
                say("It speaks"): name_stance(str(stance), str(role), str(own["evidence_kind"].iloc[0])),
                say("Origin"): Link(named, url) if url else named,
                say("Rows"): shorten_ids(own["evidence_id"], _SHOWN_ROWS),
            }
        )
    caption = say(
        "What each verdict rests on. Rows beginning with C are versions by outlets, others are events, ties and "
        "figures. What stands beside a statement is shown and does not decide. The published table has every row with "
        "its page."
    )
    if is_cut:
        most = format_number(_SHOWN_IN_A_CELL, 0)
        caption += " " + say(
            "Of origins that speak alike the first {most} stand here, and the rest in one row.", most=most
        )
    return show_table(pd.DataFrame(rows), "claim_evidence", caption=caption, data=ledger.evidence_rows)


@spoken
def table_claim_events(evidence: Evidence, ledger: Ledger) -> Exhibit:
    """The events that the table of evidence names, each leading to a page; the CSV has all that verdicts rest on."""
    ids = ledger.evidence_rows["evidence_id"].unique()
    found = evidence.events[evidence.events["event_id"].isin(ids)].sort_values(["date_start", "event_id"])
    if found.empty:
        return show_text([])
    events = found[found["event_id"].isin(_list_named(ledger.evidence_rows))]
    pages = evidence.event_sources.drop_duplicates("event_id").set_index("event_id")["url"]
    claims = ledger.evidence_rows.groupby("evidence_id")["claim_id"].agg(lambda own: ", ".join(sorted(set(own))))
    shown = pd.DataFrame(
        {
            say("Event"): [Link(event, str(pages.get(event, ""))) for event in events["event_id"]],
            say("When"): [format_period(row.date_start, row.date_end, row.date_precision) for row in each_row(events)],
            say("What happened"): [say_data(text).removesuffix(".") for text in events["summary"]],
            say("Certainty"): [say(CERTAINTIES[certainty]) for certainty in events["certainty"]],
            say("Claims"): events["event_id"].map(claims),
        }
    )
    caption = say("The events named above, each leading to a page that tells of it.")
    if len(found) > len(events):
        caption += " " + say(
            "The published table also has those that are counted above and not named, {n} in all.", n=len(found)
        )
    columns = ["event_id", "date_start", "date_end", "date_precision", "summary", "certainty"]
    data = found[columns].assign(claims=found["event_id"].map(claims), url=found["event_id"].map(pages).fillna(""))
    return show_table(shown, "claim_events", caption=caption, data=data)


def _list_named(evidence_rows: pd.DataFrame) -> set[str]:
    """The rows that the table of evidence names: of each of its lines the first."""
    lines = evidence_rows.assign(line=_number_lines(evidence_rows))
    once = lines.drop_duplicates([*_ASKED, "line", "evidence_id"])
    return set(once.groupby([*_ASKED, "line"], sort=False)["evidence_id"].head(_SHOWN_ROWS))


def _number_lines(evidence_rows: pd.DataFrame) -> pd.Series:
    """The line of each row among those that speak alike: one an origin, and of very many the last for all the rest."""
    origins = evidence_rows.groupby(_ASKED, sort=False)["origin"]
    return origins.transform(lambda own: pd.factorize(own)[0]).clip(upper=_SHOWN_IN_A_CELL)


def _name_speaker(origin: str) -> str:
    """Who speaks in some rows of evidence."""
    return name_origin(origin) if origin else say("the events and figures measured")


def _say_origins(versions: pd.DataFrame) -> str:
    """The origins that carry a version, with their pages; of very many the first, for a cell must be read."""
    by_origin = versions.groupby("origin", sort=False)
    spoken = [
        say("{origin} ({grade}: {ids})", origin=name_origin(str(own["origin"].iloc[0])),
            grade=name_grade(_grade_seen(own)), ids=shorten_ids(own["claim_id"], _SHOWN_IN_A_CELL))
        for _, own in islice(by_origin, _SHOWN_IN_A_CELL)
    ]  # fmt: skip
    rest = by_origin.ngroups - len(spoken)
    listed = chain(spoken)
    return say_number(rest, "{ids} and {n} more", "{ids} and {n} more", ids=listed) if rest else listed


def _grade_seen(pages: pd.DataFrame) -> object:
    """An origin's own grade where a page fit for it carries it, else that of its best page."""
    best = pages.sort_values("page_tier", kind="stable").iloc[0]
    return best["origin_grade"] if best["page_tier"] <= CARRYING_TIER else best["outlet_grade"]
