"""The tables of a briefing as a reader sees them, each with the data behind it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.frames import rank_events
from analysis.briefing.wording import label_of, spoken
from analysis.exhibit import Exhibit, Link, show_table
from analysis.figures.terms import CERTAINTIES
from analysis.language import say, say_data, say_number
from analysis.schema.rows import each_row
from analysis.wording import format_number, format_percent, format_period, format_points, join


@spoken
def table_files(evidence: Evidence) -> Exhibit:
    """Rows read, kept, merged and rejected, file by file."""
    data = pd.DataFrame(evidence.record["files"])
    shown = pd.DataFrame(
        {
            say("File"): data["file"],
            say("Rows read"): data["rows_read"],
            say("Kept"): data["rows_kept"],
            say("Merged"): data["rows_merged"],
            say("Rejected"): data["rows_rejected"],
            "sha256": data["sha256"].str[:12],
        }
    )
    totals = data.filter(like="rows_").sum()
    caption = say(
        "Where the rows of the raw files went: of {rows_read} read, {rows_kept} stand, {rows_merged} said what another "
        "row says and {rows_rejected} could not stand. The last column begins the file's sha256.",
        **{str(column): format_number(total, 0) for column, total in totals.items()},
    )
    return show_table(_as_text(shown), "files", caption=caption, data=data)


@spoken
def table_balance(evidence: Evidence, shares: dict[str, float]) -> Exhibit:
    """Each power's events, cooperation and conflict, and its share of all cooperation."""
    grouped = evidence.engagements.groupby("power")
    data = pd.DataFrame({"power": list(evidence.powers)})
    data["n_events"] = data["power"].map(grouped["event_id"].nunique()).fillna(0).astype(int)
    for column in ("cooperation", "conflict"):
        data[column] = data["power"].map(grouped[column].sum()).fillna(0.0)
    data["share"] = data["power"].map(shares) if data["cooperation"].any() else float("nan")  # nothing has no shares
    shown = pd.DataFrame(
        {
            say("Power"): data["power"].map(evidence.names),
            say("Events"): data["n_events"],
            say("Cooperation (points)"): data["cooperation"].map(lambda value: format_number(value, 1)),
            say("Conflict (points)"): data["conflict"].map(lambda value: format_number(value, 1)),
            say("Share of cooperation"): [
                say("no cooperation on record") if pd.isna(share) else format_percent(share) for share in data["share"]
            ],
        }
    )
    caption = say(
        "Events of {state} with each power, and what they weigh in effect points.",
        state=label_of(evidence, evidence.state),
    )
    return show_table(_as_text(shown), "balance", caption=caption, data=data)


@spoken
def table_events(evidence: Evidence, most: int = 20) -> Exhibit:
    """The most important events with the numbers of their sources."""
    ranked = rank_events(evidence, most)
    numbers = _number_sources(evidence, ranked)
    shown = pd.DataFrame(
        {
            say("No."): range(1, len(ranked) + 1),
            say("When"): [format_period(row.date_start, row.date_end, row.date_precision) for row in each_row(ranked)],
            say("What happened"): [say_data(text).removesuffix(".") for text in ranked["summary"]],
            say("Effect (points)"): [
                join(f"{label_of(evidence, power):bare} {_signed(weight)}" for power, weight in weights.items())
                for weights in ranked["weights"]
            ],
            say("Certainty"): [say(CERTAINTIES[level]) for level in ranked["certainty"]],
            say("Sources"): [
                ", ".join(str(number) for number in numbers.get(event_id, [])) for event_id in ranked["event_id"]
            ],
        }
    )
    data = ranked.drop(columns="weights").assign(
        weights=[";".join(f"{power}:{weight:g}" for power, weight in weights.items()) for weights in ranked["weights"]]
    )
    caption = say_number(
        len(ranked),
        "The event that weighs most in the ties of {state}. Source numbers refer to the list of sources.",
        "The {n} events that weigh most in the ties of {state}, by effect times salience, then by certainty and number "
        "of reports. Source numbers refer to the list of sources.",
        state=label_of(evidence, evidence.state),
    )
    refers = {say("Sources"): "sources"}
    return show_table(_as_text(shown), "events", caption=caption, data=data, refers=refers)


@spoken
def table_sources(evidence: Evidence, most: int = 20) -> Exhibit:
    """The pages that the listed events rest on, numbered as the events cite them."""
    ranked = rank_events(evidence, most)
    numbers = _number_sources(evidence, ranked)
    seen: dict[int, dict[str, object]] = {}
    for event_id, sources in _sources_of(evidence, ranked).items():
        for number, source in zip(numbers[event_id], sources, strict=True):
            published = say("undated")
            if pd.notna(source.published):
                published = _published(source.published, source.published_precision)
            seen.setdefault(
                number, {"number": number, "outlet": source.outlet, "published": published, "url": source.url}
            )
    data = pd.DataFrame([seen[number] for number in sorted(seen)], columns=["number", "outlet", "published", "url"])
    shown = pd.DataFrame(
        {
            say("No."): data["number"],
            say("Outlet"): data["outlet"].astype("object").fillna(say("not named")),
            say("Published"): data["published"],
            say("Page"): [Link(url, url) for url in data["url"]],
        }
    )
    return show_table(_as_text(shown), "sources", caption=say("The pages that the listed events rest on."), data=data)


def _number_sources(evidence: Evidence, ranked: pd.DataFrame) -> dict[str, list[int]]:
    """Numbers of the pages each event rests on, in the order in which they are first cited."""
    order: dict[str, int] = {}
    return {
        event_id: [order.setdefault(source.url, len(order) + 1) for source in sources]
        for event_id, sources in _sources_of(evidence, ranked).items()
    }


def _sources_of(evidence: Evidence, ranked: pd.DataFrame) -> dict[str, list[Any]]:
    """The reports of each of some events, in their order."""
    found: dict[str, list[Any]] = {event_id: [] for event_id in ranked["event_id"]}
    for source in each_row(evidence.event_sources[evidence.event_sources["event_id"].isin(list(found))]):
        found[source.event_id].append(source)
    return found


def _published(day: pd.Timestamp, precision: str) -> str:
    last = {"year": day + pd.offsets.YearEnd(0), "month": day + pd.offsets.MonthEnd(0)}.get(precision, day)
    return format_period(day, last, precision)


def _signed(weight: float) -> str:
    text = format_points(weight)
    return f"+{text}" if weight > 0 else text


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.map(lambda value: value if isinstance(value, Link) else str(value))
