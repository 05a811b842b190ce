"""The figure of a report on claims, drawn from its ledger."""

from __future__ import annotations

import pandas as pd

from analysis import figures
from analysis.briefing.claim_words import name_origin
from analysis.briefing.evidence import Evidence
from analysis.briefing.ledger import DECIDES, Ledger
from analysis.briefing.wording import spoken
from analysis.exhibit import Exhibit, show_figure
from analysis.language import say_data
from analysis.measures.verdicts import CARRYING_TIER, OFFICIAL_TIER


@spoken
def draw_claim_dates(evidence: Evidence, ledger: Ledger) -> Exhibit:
    """The dated versions of the questions that statements are tested on, beside the days that statements name."""
    versions, claimed = select_dates(ledger)
    given = (versions, claimed)
    return show_figure(
        figures.plot_claim_dates(*given), "claim_dates",
        caption=figures.caption_claim_dates(*given), alt=figures.alt_claim_dates(*given),
    )  # fmt: skip


def select_dates(ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The dated versions as :func:`analysis.figures.plot_claim_dates` takes them, and the days that statements name."""
    tests = ledger.tests[ledger.tests["kind"].isin(["version", "sequence"])]
    asked = list(dict.fromkeys(question for text in tests["look_at"] for question in text.split(";")))
    dated = ledger.versions[ledger.versions["question_id"].isin(asked) & (ledger.versions["kind"] == "date")]
    carried = dated.groupby(["question_id", "origin"])["page_tier"].transform("min") <= CARRYING_TIER
    official = (dated["origin_tier"] == OFFICIAL_TIER) & carried
    order = dated.assign(is_official=official, at=dated["question_id"].map(asked.index)).sort_values(
        ["at", "version", "is_official"], ascending=[True, True, False], kind="stable"
    )
    versions = order.assign(
        question=order["question"].map(say_data), origin=order["origin"].map(name_origin), grade=order["outlet_grade"]
    )[["question_id", "question", "origin", "grade", "is_official", "version", "start", "end"]]
    # What only bears on a statement is no time that the statement names.
    names = tests["expected"].str.contains("/") & (tests["role"] == DECIDES)
    named = tests[tests["look_at"].isin(versions["question_id"]) & names]
    spans = named["expected"].str.split("/", expand=True).reindex(columns=[0, 1])
    questions = versions.drop_duplicates("question_id").set_index("question_id")["question"]
    claimed = pd.DataFrame(
        {
            "question": named["look_at"].map(questions), "claim_id": named["claim_id"],
            "start": pd.to_datetime(spans[0]), "end": pd.to_datetime(spans[1]),
        }
    )  # fmt: skip
    return versions.reset_index(drop=True), claimed.reset_index(drop=True)
