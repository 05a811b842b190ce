"""What the sources say beside each other: how far they agree, and which events may be one in two of them."""

from __future__ import annotations

import pandas as pd

from analysis.archive.overlap import FEW_MONTHS
from analysis.briefing.quality import Quality, name_source
from analysis.briefing.quality_tables import BLANK, show_day, show_source
from analysis.briefing.wording import label_of, list_names, spoken
from analysis.exhibit import Exhibit, show_table, show_text
from analysis.figures.terms import say_term
from analysis.language import say, say_number
from analysis.schema.rows import each_row
from analysis.wording import count, format_number, join


@spoken
def write_overlap(quality: Quality) -> list[str]:
    """How many comparisons there are, and how many lack a common month."""
    compared = quality.compared
    none = compared[compared["n_months"] == 0]
    sentences = [
        say(
            "Counts of a month are set side by side in the months that the files of both sources speak of; an event of "
            "a state names it as an actor or as the place. Scores of different sources are never added."
        )
    ]
    if len(none):
        sentences.append(
            say_number(
                len(none),
                "{n} of {comparisons} has no month in common.",
                "{n} of {comparisons} have no month in common.",
                comparisons=count(len(compared), "comparison", "comparisons"),
            )
        )
    sentences.append(say("Under {n} common months no correlation is given.", n=FEW_MONTHS))
    return sentences


@spoken
def write_pairs(quality: Quality) -> list[str]:
    """How many pairs of events may be one, in which sources."""
    if quality.pairs.empty:
        return [say("No event of one source shares its day, actors and type with one of another.")]
    counts = quality.pairs.groupby(["source_a", "source_b"], sort=False).size()
    parts = [
        say("{n} of {one} and {other}", n=format_number(n, 0), one=name_source(str(a)), other=name_source(str(b)))
        for (a, b), n in counts.items()  # type: ignore[misc]
    ]
    return [
        say_number(
            len(quality.pairs),
            "{n} candidate pair of the same day, the same actors in the same direction and the same PLOVER type: "
            "{pairs}. They are for a reviewer to judge; nothing is merged across sources.",
            "{n} candidate pairs of the same day, the same actors in the same direction and the same PLOVER type: "
            "{pairs}. They are for a reviewer to judge; nothing is merged across sources.",
            pairs=join(parts),
        )
    ]


@spoken
def table_overlap(quality: Quality) -> Exhibit:
    """The comparisons with a month in common and any event in it; a sentence where there is none."""
    compared = quality.compared
    data = compared[compared["n_a"] + compared["n_b"] > 0].reset_index(drop=True)
    if data.empty:
        return show_text([say("No two sources have events of these states in a month that both cover.")])
    shown = pd.DataFrame(
        {
            say("Of"): [
                join(str(label_of(quality, code)) for code in subject.split("-")) for subject in data["subject"]
            ],
            say("Sources"): [f"{show_source(row.source_a)}, {show_source(row.source_b)}" for row in each_row(data)],
            say("Months"): data["n_months"],
            say("From, to"): [
                say("{start} to {end}", start=f"{row.first_month:%Y-%m}", end=f"{row.last_month:%Y-%m}").replace(
                    " ", BLANK
                )
                for row in each_row(data)
            ],
            say("Events"): [f"{format_number(row.n_a, 0)}, {format_number(row.n_b, 0)}" for row in each_row(data)],
            say("Rank correlation"): [
                say_term(row.reason) if row.reason else format_number(row.rho, signed=True) for row in each_row(data)
            ],
        }
    ).astype(str)
    caption = say(
        "Events in two sources, in the months that both cover: sums, and Spearman's rank correlation of the months. "
        "Comparisons without any event are left out."
    )
    return show_table(shown, "overlap", caption=caption, data=data)


@spoken
def table_pairs(quality: Quality, most: int = 20) -> Exhibit:
    """The candidate pairs, the latest first; a sentence where there is none."""
    if quality.pairs.empty:
        return show_text([say("There are no candidates to list.")])
    data = quality.pairs.sort_values("date_start", ascending=False, kind="stable", ignore_index=True)
    top = data.head(most)
    shown = pd.DataFrame(
        {
            say("Day"): top["date_start"].map(show_day),
            say("Source actor"): [label_of(quality, code) for code in top["source_actor"]],
            say("Target actor"): [label_of(quality, code) for code in top["target_actor"]],
            say("Type"): top["plover_type"],
            say("One event"): [f"{show_source(row.source_a)} {row.event_id_a}" for row in each_row(top)],
            say("The other"): [f"{show_source(row.source_b)} {row.event_id_b}" for row in each_row(top)],
        }
    )
    caption = say(
        "Events of two sources that may be one, {shown} of {pairs}, the latest first; none is merged.",
        shown=len(top),
        pairs=count(len(data), "pair", "pairs"),
    )
    return show_table(shown, "pairs", caption=caption, data=data)


def describe_agreement(quality: Quality) -> str:
    """How well the monthly counts of two sources agree, the best and the worst of them."""
    given = quality.compared.dropna(subset=["rho"])
    if given.empty:
        return say("No two sources have events of these states in enough common months to say whether they agree.")
    best, worst = (given.loc[given["rho"].idxmax()], given.loc[given["rho"].idxmin()])
    said = [_correlation(quality, row) for row in ([best] if len(given) == 1 else [best, worst])]
    return say("Where two sources overlap long enough, their monthly counts correlate at {correlations}.",
               correlations=join(said))  # fmt: skip


def _correlation(quality: Quality, row: pd.Series) -> str:
    return say(
        "{rho} ({subject:bare}, {sources}, {months})",
        rho=format_number(row["rho"], signed=True),
        subject=list_names(quality, str(row["subject"]).split("-")),
        sources=join(name_source(row[name]) for name in ("source_a", "source_b")),
        months=count(int(row["n_months"]), "month", "months"),
    )
