"""The tables of a report on the quality of event data, each with the data behind it."""

from __future__ import annotations

import pandas as pd

from analysis.archive.quality import COLLECTED, DELAYS, NO_REPORT
from analysis.archive.spans import describe_spans, layout_of, title_of
from analysis.briefing.quality import CURATED, Quality
from analysis.cleaning.coded import DUPLICATE_RULES
from analysis.exhibit import Exhibit, show_table, show_text
from analysis.wording import count, format_number, format_percent, join

_MOST_FILES = 40
# Blanks that do not break: a name or a span stays on one line.
_BLANK = "\N{NO-BREAK SPACE}"
_TO = f"{_BLANK}to{_BLANK}"


def table_coded_sources(quality: Quality) -> Exhibit:
    """What each source covers, what its files speak of, and what it has in the window."""
    grouped = quality.years.groupby("source_name", sort=False)
    data = grouped.agg(
        n_events=("n_events", "sum"), n_days=("n_days", "sum"), first_day=("first_day", "min"),
        last_day=("last_day", "max"),
    ).reset_index()  # fmt: skip
    n_files = {
        source: sum(len(batch.files) for batch in quality.ledger.batches.values() if batch.source_name == source)
        for source in quality.sources
    }
    data["covers"] = [_covers(source) for source in data["source_name"]]
    data["files_speak_of"] = [describe_spans(quality.spans[source]) or "nothing" for source in data["source_name"]]
    data["n_files"] = data["source_name"].map(n_files)
    shown = pd.DataFrame(
        {
            "Source": data["source_name"].map(_source),
            "Covers": data["covers"],
            "Files": ["tables" if pd.isna(number) else f"{int(number):,}" for number in data["n_files"]],
            "Files speak of": data["files_speak_of"].str.replace(" to ", _TO, regex=False),
            "Events": data["n_events"].map("{:,}".format),
            "On days": data["n_days"].map("{:,}".format),
        }
    )
    caption = (
        "What each source covers as it says, what its files here speak of (rows that look back from a later report "
        "apart), its events in the window, and on how many days these lie."
    )
    return show_table(shown, "sources", caption=caption, data=data)


def table_state_events(quality: Quality) -> Exhibit:
    """Events of each state in each source, and why there are none."""
    data = quality.state_counts.copy()
    data["state"] = pd.Categorical(data["state"], quality.states, ordered=True)
    data = data.sort_values("state", kind="stable", ignore_index=True)
    shown = pd.DataFrame(
        {
            "State": data["state"].astype("str").map(quality.names),
            "Source": data["source_name"].map(_source),
            "Events": data["n_events"].map("{:,}".format),
            "Acts": data["n_as_source"].map(_whole),
            "Acted upon": data["n_as_target"].map(_whole),
            "Place": data["n_as_place"].map(_whole),
            "From, to, or why none": [
                row.reason or f"{_day(row.first_day)} to {_day(row.last_day)}" for row in data.itertuples()
            ],
        }
    )
    caption = (
        "Events that name each state as actor or as place, each counted once, and in each of the parts. The curated "
        "table names no state as place, but third parties, which count as events."
    )
    return show_table(shown, "states", caption=caption, data=data)


def table_missing_actors(quality: Quality) -> Exhibit:
    """How many events lack an actor because the file names none, and how many roles are known."""
    data = quality.missing
    total = data["n_events"].clip(lower=1)

    def share(column: str) -> list[str]:
        return [format_percent(value) for value in data[column] / total]

    no_source, no_target = data["n_no_source"] + data["n_neither"], data["n_no_target"] + data["n_neither"]
    shown = pd.DataFrame(
        {
            "Source": data["source_name"].map(_source),
            "Events": data["n_events"].map("{:,}".format),
            "No source actor": [format_percent(value) for value in no_source / total],
            "file names none": share("n_unnamed_source"),
            "No target": [format_percent(value) for value in no_target / total],
            "file names none ": share("n_unnamed_target"),
            "Source role known": share("n_source_role"),
            "Target role known": share("n_target_role"),
        }
    )
    caption = (
        "Shares of events without an actor of the reviewed tables on either side, how many of these because the file "
        "names nobody, and shares with a known role (government, military, rebels and so on)."
    )
    return show_table(shown, "missing-actors", caption=caption, data=data)


def table_delays(quality: Quality) -> Exhibit:
    """Events by the days between event and report."""
    wide = quality.delays.pivot_table(index="source_name", columns="delay", values="n_events", fill_value=0, sort=False)
    late = quality.rejects[quality.rejects["kind"].str.contains("before the report", regex=False)]
    columns = [name for name in (*DELAYS, COLLECTED, NO_REPORT) if name in wide and wide[name].sum()]
    data = wide.reindex(columns=columns).astype("int64")
    data["rejected"] = late.groupby("source_name")["n_rows"].sum().reindex(data.index).fillna(0).astype("int64")
    data = data.reset_index()
    shown = pd.DataFrame(
        {
            "Source": data["source_name"].map(_source),
            **{name.capitalize(): data[name].map("{:,}".format) for name in columns},
            "Rejected as too late": data["rejected"].map("{:,}".format),
        }
    )
    caption = (
        "Events by the days from event to report. Rows dated longer before their report than the source's limit are "
        "readings of anniversaries and were rejected, but for those coded afterwards."
    )
    return show_table(shown, "delays", caption=caption, data=data)


def table_duplicates(quality: Quality) -> Exhibit:
    """How many rows each rule would merge, beside what the build has merged."""
    rules = [rule for rule, keys in DUPLICATE_RULES.items() if keys]
    grouped = quality.duplicates.groupby("source_name", sort=False)
    data = grouped[["n_events", "n_built"]].first().reset_index()
    wide = quality.duplicates.pivot_table(index="source_name", columns="rule", values="n_merged", sort=False)
    for rule in rules:
        data[f"n_{rule}"] = wide[rule].reindex(data["source_name"]).astype("int64").to_numpy() if len(wide) else 0
    shown = pd.DataFrame(
        {
            "Source": data["source_name"].map(_source),
            "Rows that stand": data["n_events"].map("{:,}".format),
            f"Merged already ({quality.ledger.rule})": data["n_built"].map("{:,}".format),
            **{
                f"{rule} would merge": [
                    f"{merged:,} ({format_percent(merged / total)})"
                    for merged, total in zip(data[f"n_{rule}"], data["n_events"], strict=True)
                ]
                for rule in rules
            },
        }
    )
    caption = (
        "Rows that each rule of duplicates would merge into another row of the same source, of those that stand; rules "
        "are alternatives and do not add up. Rows merged already are those of the years of the window."
    )
    return show_table(shown, "duplicates", caption=caption, data=data)


def table_unknown_codes(quality: Quality, most: int = 20) -> Exhibit:
    """The most frequent codes that no reviewed table knows; a sentence where every code is known."""
    data = quality.unknown.sort_values("n_rows", ascending=False, kind="stable", ignore_index=True)
    if data.empty:
        return show_text(["Every code of an actor or a place in these files is in a reviewed table."])
    top = data.head(most)
    shown = pd.DataFrame(
        {
            "Source": top["source_name"].map(_source),
            "Code system": top["system"].str.replace("_", " "),
            "Code": top["code"],
            "Rows": top["n_rows"].map("{:,}".format),
        }
    )
    shown_of = f"{len(top)} of {count(len(data), 'code')}"
    caption = f"Codes that no reviewed table knows, {shown_of}; their actor or place is not known."
    return show_table(shown, "unknown-codes", caption=caption, data=data)


def table_overlap(quality: Quality) -> Exhibit:
    """The comparisons with a month in common and any event in it; a sentence where there is none."""
    compared = quality.compared
    data = compared[compared["n_a"] + compared["n_b"] > 0].reset_index(drop=True)
    if data.empty:
        return show_text(["No two sources have events of these states in a month that both cover."])
    shown = pd.DataFrame(
        {
            "Of": [join(quality.names.get(code, code) for code in subject.split("-")) for subject in data["subject"]],
            "Sources": [f"{_source(row.source_a)}, {_source(row.source_b)}" for row in data.itertuples()],
            "Months": data["n_months"],
            "From, to": [f"{row.first_month:%Y-%m}{_TO}{row.last_month:%Y-%m}" for row in data.itertuples()],
            "Events": [f"{row.n_a:,}, {row.n_b:,}" for row in data.itertuples()],
            "Rank correlation": [row.reason or format_number(row.rho, signed=True) for row in data.itertuples()],
        }
    ).astype(str)
    caption = (
        "Events in two sources, in the months that both cover: sums, and Spearman's rank correlation of the months. "
        "Comparisons without any event are left out."
    )
    return show_table(shown, "overlap", caption=caption, data=data)


def table_pairs(quality: Quality, most: int = 20) -> Exhibit:
    """The candidate pairs, the latest first; a sentence where there is none."""
    if quality.pairs.empty:
        return show_text(["There are no candidates to list."])
    data = quality.pairs.sort_values("date_start", ascending=False, kind="stable", ignore_index=True)
    top = data.head(most)
    shown = pd.DataFrame(
        {
            "Day": top["date_start"].map(_day),
            "Source actor": [quality.names.get(code, code) for code in top["source_actor"]],
            "Target actor": [quality.names.get(code, code) for code in top["target_actor"]],
            "Type": top["plover_type"],
            "One event": [f"{_source(row.source_a)} {row.event_id_a}" for row in top.itertuples()],
            "The other": [f"{_source(row.source_b)} {row.event_id_b}" for row in top.itertuples()],
        }
    )
    shown_of = f"{len(top)} of {count(len(data), 'pair')}"
    caption = f"Events of two sources that may be one, {shown_of}, the latest first; none is merged."
    return show_table(shown, "pairs", caption=caption, data=data)


def table_event_files(quality: Quality) -> Exhibit:
    """Rows read, kept, merged and rejected: file by file, or by source where there are many files."""
    wanted = {*quality.sources, *quality.rejects["source_name"]}
    data = pd.DataFrame([entry for entry in quality.ledger.count() if entry["source_name"] in wanted])
    rows = ["rows_read", "rows_kept", "rows_merged", "rows_rejected"]
    if len(data) > _MOST_FILES:
        listed = data.groupby("source_name", sort=True)[rows].sum().reset_index()
        n_files = data["source_name"].value_counts()
        listed["file"] = [count(int(n_files[source]), "file") for source in listed["source_name"]]
    else:
        listed = data
    shown = pd.DataFrame(
        {
            "File": listed["file"],
            "Source": listed["source_name"].map(_source),
            **{
                name: listed[column].map("{:,}".format)
                for name, column in zip(("Rows read", "Kept", "Merged", "Rejected"), rows, strict=True)
            },
        }
    )
    if "sha256" in listed:
        shown["sha256"] = listed["sha256"].str[:12]
    totals = data[rows].sum()
    caption = (
        f"Where the rows of the event files went: of {totals['rows_read']:,} read, {totals['rows_kept']:,} stand, "
        f"{totals['rows_merged']:,} were merged as duplicates and {totals['rows_rejected']:,} could not stand."
    )
    return show_table(shown, "files", caption=caption, data=data)


def table_citations(quality: Quality) -> Exhibit:
    """How each source is cited, and what its licence or terms ask."""
    layouts = [layout_of(source) for source in quality.sources]
    data = pd.DataFrame(
        {
            "source_name": [layout.source_name for layout in layouts],
            "citation": [layout.citation for layout in layouts],
            "licence": [layout.licence for layout in layouts],
        }
    )
    shown = pd.DataFrame(
        {"Source": data["source_name"].map(_source), "Citation": data["citation"], "Licence": data["licence"]}
    )
    return show_table(shown, "citations", caption="How the sources are cited, and their licences.", data=data)


def _source(source: str) -> str:
    return title_of(source).replace(" ", _BLANK)


def _covers(source: str) -> str:
    if source == CURATED:
        return "gathered by hand"
    first, last = layout_of(source).covers
    return f"{first} to {last}" if last else f"since {first}"


def _day(day: pd.Timestamp) -> str:
    return "none" if pd.isna(day) else f"{day:%Y-%m-%d}"


def _whole(number: float) -> str:
    return "not known" if pd.isna(number) else f"{int(number):,}"
