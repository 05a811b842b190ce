"""What events a briefing shows: counted, ranked, the key ones chosen; frames in, frames out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.briefing.evidence import Evidence, once
from analysis.briefing.wording import spoken
from analysis.schema import CERTAINTIES
from analysis.schema.rows import each_row
from analysis.wording import format_period

_OF_EVENT = ["event_id", "date_start", "date_end", "date_precision", "summary", "certainty"]
_CERTAINTY_ORDER = {"confirmed": 0, "disputed": 1, "single_source": 2}


def count_events(evidence: Evidence) -> pd.DataFrame:
    """Events that involve the state, by year and certainty.

    Returns
    -------
    DataFrame
        ``year`` (int; every year of the window)``, certainty, n_events``; an event counts in the year it began.
    """
    parts = evidence.event_actors
    involved = set(parts.loc[(parts["state"] == evidence.state) | (parts["actor_code"] == evidence.state), "event_id"])
    events = evidence.events[evidence.events["event_id"].isin(involved)]
    inside = events[(events["date_end"] >= evidence.start) & (events["date_start"] <= evidence.end)]
    years = inside["date_start"].clip(lower=evidence.start).dt.year
    grid = pd.MultiIndex.from_product(
        [range(evidence.start.year, evidence.end.year + 1), CERTAINTIES], names=["year", "certainty"]
    )
    return inside.groupby([years, "certainty"]).size().reindex(grid, fill_value=0).rename("n_events").reset_index()


def rank_events(evidence: Evidence, most: int = 20) -> pd.DataFrame:
    """The events that matter most to the question, one row each, the weightiest first.

    Ranked by the largest weight towards any of the powers, then by certainty, by number of
    reports, and the latest first.

    Returns
    -------
    DataFrame
        ``event_id, date_start, date_end, date_precision, summary, certainty, weights`` (dict of
        power to signed weight), ``n_reports``.
    """
    return _rank(evidence).head(most)


@once
def _rank(evidence: Evidence) -> pd.DataFrame:
    engagements = evidence.engagements
    if engagements.empty:
        return pd.DataFrame(
            columns=["event_id", "date_start", "date_end", "date_precision", "summary", "certainty", "weights"]
        )
    n_reports = Counter(evidence.event_sources["event_id"].tolist())
    # What is said of an event is the same in all its rows, one for each power.
    ranked = engagements[_OF_EVENT].drop_duplicates("event_id")
    weights: dict[str, dict[str, float]] = {}
    for row in each_row(engagements[["event_id", "power", "weight"]]):
        weights.setdefault(row.event_id, {})[row.power] = row.weight
    ranked = ranked.assign(
        size=[max(map(abs, weights[event].values())) for event in ranked["event_id"]],
        rank=ranked["certainty"].map(_CERTAINTY_ORDER),
        n_reports=[n_reports[event] for event in ranked["event_id"]],
        weights=[weights[event] for event in ranked["event_id"]],
    )
    return ranked.sort_values(
        ["size", "rank", "n_reports", "date_start", "event_id"],
        ascending=[False, True, False, False, True],
        ignore_index=True,
    )


@spoken
def key_events(evidence: Evidence, most: int = 5) -> pd.DataFrame:
    """The weightiest events with the first two powers, in order of time: ``date, when, label``."""
    ranked = rank_events(replace(evidence, engagements=_with_powers(evidence, evidence.powers[:2])), most)
    when = [format_period(row.date_start, row.date_end, row.date_precision) for row in each_row(ranked)]
    labelled = ranked.rename(columns={"date_start": "date"}).assign(when=when, label=ranked["summary"])
    return labelled[["date", "when", "label"]].sort_values("date", ignore_index=True)


def _with_powers(evidence: Evidence, powers: Sequence[str]) -> pd.DataFrame:
    return evidence.engagements[evidence.engagements["power"].isin(powers)]


def select_powers_without_events(engagements: pd.DataFrame, powers: Sequence[str]) -> list[str]:
    """Powers that no event of the window concerns."""
    return [power for power in powers if power not in set(engagements["power"])]
