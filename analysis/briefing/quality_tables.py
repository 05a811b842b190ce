"""The tables of a report on the quality of event data, each with the data behind it."""

from __future__ import annotations

import pandas as pd

from analysis.archive.quality import COLLECTED, DELAYS, NO_REPORT
from analysis.archive.spans import describe_spans, layout_of, title_of
from analysis.briefing.quality import CURATED, Quality
from analysis.briefing.wording import spoken
from analysis.cleaning.coded import DUPLICATE_RULES
from analysis.exhibit import Exhibit, show_table, show_text
from analysis.language import message, say, say_data
from analysis.schema.rows import each_row
from analysis.wording import count, format_number, format_percent

_MOST_FILES = 40
# Blanks that do not break: a name or a span stays on one line.
BLANK = "\N{NO-BREAK SPACE}"
_SPAN = r"(?<=\d) (?=\D{1,2} \d)|(?<=\d \D) (?=\d)|(?<=\d \D\D) (?=\d)"
_DELAYS = {
    "before the event": message("Before the event"),
    "same day": message("Same day"),
    "1 to 7 days": message("1 to 7 days"),
    "8 to 31 days": message("8 to 31 days"),
    "32 to 300 days": message("32 to 300 days"),
    "over 300 days": message("Over 300 days"),
    COLLECTED: message("Coded afterwards"),
    NO_REPORT: message("Not known"),
}


@spoken
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
    data["files_speak_of"] = [describe_spans(quality.spans[source]) or say("nothing") for source in data["source_name"]]
    data["n_files"] = data["source_name"].map(n_files)
    shown = pd.DataFrame(
        {
            say("Source"): data["source_name"].map(show_source),
            say("Covers"): data["covers"],
            say("Files"): [say("tables") if pd.isna(number) else _number(number) for number in data["n_files"]],
            say("Files speak of"): data["files_speak_of"].str.replace(_SPAN, BLANK, regex=True),
            say("Events"): data["n_events"].map(_number),
            say("On days"): data["n_days"].map(_number),
        }
    )
    caption = say(
        "What each source covers as it says, what its files here speak of (rows that look back from a later report "
        "apart), its events in the window, and on how many days these lie."
    )
    return show_table(shown, "sources", caption=caption, data=data)


@spoken
def table_state_events(quality: Quality) -> Exhibit:
    """Events of each state in each source, and why there are none."""
    data = quality.state_counts.copy()
    data["state"] = pd.Categorical(data["state"], quality.states, ordered=True)
    data = data.sort_values("state", kind="stable", ignore_index=True)
    shown = pd.DataFrame(
        {
            say("State"): data["state"].astype("str").map(quality.names),
            say("Source"): data["source_name"].map(show_source),
            say("Events"): data["n_events"].map(_number),
            say("Acts"): data["n_as_source"].map(_whole),
            say("Acted upon"): data["n_as_target"].map(_whole),
            say("Place"): data["n_as_place"].map(_whole),
            say("From, to, or why none"): [
                row.reason or say("{start} to {end}", start=show_day(row.first_day), end=show_day(row.last_day))
                for row in each_row(data)
            ],
        }
    )
    caption = say(
        "Events that name each state as actor or as place, each counted once, and in each of the parts. The curated "
        "table names no state as place, but third parties, which count as events."
    )
    return show_table(shown, "states", caption=caption, data=data)


@spoken
def table_missing_actors(quality: Quality) -> Exhibit:
    """How many events lack an actor because the file names none, and how many roles are known."""
    data = quality.missing
    total = data["n_events"].clip(lower=1)

    def share(column: str) -> list[str]:
        return [format_percent(value) for value in data[column] / total]

    no_source, no_target = data["n_no_source"] + data["n_neither"], data["n_no_target"] + data["n_neither"]
    shown = pd.DataFrame(
        {
            say("Source"): data["source_name"].map(show_source),
            say("Events"): data["n_events"].map(_number),
            say("No source actor"): [format_percent(value) for value in no_source / total],
            say("file names none"): share("n_unnamed_source"),
            say("No target"): [format_percent(value) for value in no_target / total],
            say("file names none") + " ": share("n_unnamed_target"),
            say("Source role known"): share("n_source_role"),
            say("Target role known"): share("n_target_role"),
        }
    )
    caption = say(
        "Shares of events without an actor of the reviewed tables on either side, how many of these because the file "
        "names nobody, and shares with a known role (government, military, rebels and so on)."
    )
    return show_table(shown, "missing-actors", caption=caption, data=data)


@spoken
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
            say("Source"): data["source_name"].map(show_source),
            **{say(_DELAYS[name]): data[name].map(_number) for name in columns},
            say("Rejected as too late"): data["rejected"].map(_number),
        }
    )
    caption = say(
        "Events by the days from event to report. Rows dated longer before their report than the source's limit are "
        "readings of anniversaries and were rejected, but for those coded afterwards."
    )
    return show_table(shown, "delays", caption=caption, data=data)


@spoken
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
            say("Source"): data["source_name"].map(show_source),
            say("Rows that stand"): data["n_events"].map(_number),
            say("Merged already ({rule})", rule=quality.ledger.rule): data["n_built"].map(_number),
            **{
                say("{rule} would merge", rule=rule): [
                    f"{_number(merged)} ({format_percent(merged / total)})"
                    for merged, total in zip(data[f"n_{rule}"], data["n_events"], strict=True)
                ]
                for rule in rules
            },
        }
    )
    caption = say(
        "Rows that each rule of duplicates would merge into another row of the same source, of those that stand; rules "
        "are alternatives and do not add up. Rows merged already are those of the years of the window."
    )
    return show_table(shown, "duplicates", caption=caption, data=data)


@spoken
def table_unknown_codes(quality: Quality, most: int = 20) -> Exhibit:
    """The most frequent codes that no reviewed table knows; a sentence where every code is known."""
    data = quality.unknown.sort_values("n_rows", ascending=False, kind="stable", ignore_index=True)
    if data.empty:
        return show_text([say("Every code of an actor or a place in these files is in a reviewed table.")])
    top = data.head(most)
    shown = pd.DataFrame(
        {
            say("Source"): top["source_name"].map(show_source),
            say("Code system"): top["system"].str.replace("_", " "),
            say("Code"): top["code"],
            say("Rows"): top["n_rows"].map(_number),
        }
    )
    caption = say(
        "Codes that no reviewed table knows, {shown} of {codes}; their actor or place is not known.",
        shown=len(top),
        codes=count(len(data), "code", "codes"),
    )
    return show_table(shown, "unknown-codes", caption=caption, data=data)


@spoken
def table_event_files(quality: Quality) -> Exhibit:
    """Rows read, kept, merged and rejected: file by file, or by source where there are many files."""
    wanted = {*quality.sources, *quality.rejects["source_name"]}
    data = pd.DataFrame([entry for entry in quality.ledger.count() if entry["source_name"] in wanted])
    rows = ["rows_read", "rows_kept", "rows_merged", "rows_rejected"]
    if len(data) > _MOST_FILES:
        listed = data.groupby("source_name", sort=True)[rows].sum().reset_index()
        n_files = data["source_name"].value_counts()
        listed["file"] = [count(int(n_files[source]), "file", "files") for source in listed["source_name"]]
    else:
        listed = data
    shown = pd.DataFrame(
        {
            say("File"): listed["file"],
            say("Source"): listed["source_name"].map(show_source),
            **{
                name: listed[column].map(_number)
                for name, column in zip(
                    (say("Rows read"), say("Kept"), say("Merged"), say("Rejected")), rows, strict=True
                )
            },
        }
    )
    if "sha256" in listed:
        shown["sha256"] = listed["sha256"].str[:12]
    totals = data[rows].sum()
    caption = say(
        "Where the rows of the event files went: of {rows_read} read, {rows_kept} stand, {rows_merged} were merged as "
        "duplicates and {rows_rejected} could not stand.",
        **{str(column): _number(total) for column, total in totals.items()},
    )
    return show_table(shown, "files", caption=caption, data=data)


@spoken
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
        {
            say("Source"): data["source_name"].map(show_source),
            say("Citation"): data["citation"],
            say("Licence"): data["licence"].map(say_data),
        }
    )
    return show_table(shown, "citations", caption=say("How the sources are cited, and their licences."), data=data)


def show_source(source: str) -> str:
    """A source's title as a cell of a table, on one line."""
    return (say("curated") if source == CURATED else title_of(source)).replace(" ", BLANK)


def _covers(source: str) -> str:
    if source == CURATED:
        return say("gathered by hand")
    first, last = layout_of(source).covers
    return say("{start} to {end}", start=first, end=last) if last else say("since {start}", start=first)


def show_day(day: pd.Timestamp) -> str:
    """A day as a cell of a table."""
    return say("none") if pd.isna(day) else f"{day:%Y-%m-%d}"


def _number(number: float) -> str:
    return format_number(number, 0)


def _whole(number: float) -> str:
    return say("not known") if pd.isna(number) else _number(number)
