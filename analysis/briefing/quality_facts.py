"""The key numbers at the head of a report on the quality of event data."""

from __future__ import annotations

from analysis.archive.spans import title_of
from analysis.briefing.quality import CURATED, Quality
from analysis.briefing.wording import list_labels, spoken
from analysis.exhibit import Fact
from analysis.language import say, say_number
from analysis.wording import count, format_number, format_percent


@spoken
def write_quality_facts(quality: Quality) -> list[Fact]:
    """The key numbers of a report on the quality of event data: how many, how complete, rejected, and in agreement."""
    held = quality.missing[quality.missing["n_events"] > 0]
    counts = [entry for entry in quality.ledger.count() if entry["source_name"] in quality.sources]
    rejected, read = (sum(entry[name] for entry in counts) for name in ("rows_rejected", "rows_read"))
    total = int(held["n_events"].sum())
    facts = [
        Fact(
            say("Machine-coded events"),
            format_number(total, 0),
            say_number(len(held), "of {n} source, in the window", "of {n} sources, in the window"),
            "sources",
        )
    ]
    if total:
        shares = held["n_both"] / held["n_events"]
        facts.append(
            Fact(
                say("Both actors known"),
                format_percent(held["n_both"].sum() / total),
                say(
                    "of them; {least} to {most} by source",
                    least=format_percent(shares.min()),
                    most=format_percent(shares.max()),
                ),
                "missing-actors",
            )
        )
    facts.append(
        Fact(
            say("Rejected rows"),
            format_number(rejected, 0),
            say("of {read} read", read=format_number(read, 0)),
            "quality-rejects",
        )
    )
    given = quality.compared.dropna(subset=["rho"])
    if len(given):
        longest = given.loc[given["n_months"].idxmax()]
        facts.append(
            Fact(
                say("Rank correlation of monthly counts"),
                format_number(longest["rho"], signed=True),
                say(
                    "{one} and {other} on {subject:bare}, {months}",
                    one=_title(longest["source_a"]),
                    other=_title(longest["source_b"]),
                    subject=list_labels(quality, str(longest["subject"]).split("-")),
                    months=count(int(longest["n_months"]), "month", "months"),
                ),
                "quality-overlap",
            )
        )
    return facts


def _title(source: object) -> str:
    return say("the curated table") if source == CURATED else title_of(str(source))
