"""The quality of the event data in words: generated sentences, each with its numbers."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from analysis.archive.quality import COLLECTED, DELAYS, NO_REPORT
from analysis.briefing.quality import Quality, name_source
from analysis.briefing.quality_comparisons import describe_agreement
from analysis.briefing.wording import list_labels, name_of, spoken
from analysis.cleaning.coded import DUPLICATE_RULES
from analysis.exhibit import Exhibit, escape_markdown, show_title
from analysis.figures.reject_reasons import say_reason
from analysis.figures.wording import chain
from analysis.language import say, say_number
from analysis.schema.rows import each_row
from analysis.wording import count, format_day, format_number, format_percent, join

_PACKAGES = ("tightrope", "pandas", "ibis-framework", "duckdb", "pyarrow", "matplotlib", "papermill", "nbconvert")
_DELAYED = DELAYS[3:]


@spoken
def title_quality(quality: Quality, language: str) -> Exhibit:
    """The head of the report: the states of interest, and the window."""
    return show_title(
        say("How good are the event data?"),
        say(
            "Machine-coded events and the curated ones, with an eye on {states:bare}, {start} to {end}",
            states=list_labels(quality, quality.states),
            **_window(quality),
        ),
        language=language,
        as_of=f"{quality.end:%Y-%m-%d}",
    )


@spoken
def write_quality(quality: Quality) -> list[str]:
    """What a reader should know first: what there is, what lacks, and whether the sources agree."""
    held = quality.missing[quality.missing["n_events"] > 0]
    counts = quality.ledger.count()
    own = [entry for entry in counts if entry["source_name"] in quality.sources]
    rejected, read = sum(entry["rows_rejected"] for entry in own), sum(entry["rows_read"] for entry in own)
    sentences = [
        say_number(
            len(held),
            "{n} machine-coded source has events from {start} to {end}: {sources}.",
            "{n} machine-coded sources have events from {start} to {end}: {sources}.",
            sources=join(_counted(row.source_name, row.n_events) for row in each_row(held)),
            **_window(quality),
        )
        if len(held)
        else say("No machine-coded source has events from {start} to {end}.", **_window(quality))
    ]
    for state in quality.states:
        sentences.append(_describe_state(quality, state))
    if len(held):
        shares = (held["n_both"] / held["n_events"]).set_axis(held["source_name"])
        most = {"most": format_percent(shares.max()), "best": name_source(shares.idxmax())}
        sentences.append(
            say(
                "Both actors are known in {most} of the events of {best} and in {least} of those of {worst}.",
                least=format_percent(shares.min()),
                worst=name_source(shares.idxmin()),
                **most,
            )
            if len(held) > 1
            else say("Both actors are known in {most} of the events of {best}.", **most)
        )
    rows = format_number(read, 0)
    sentences.append(
        say(
            "Of {read} rows in their files {rejected} ({share}\N{NO-BREAK SPACE}%) could not stand.",
            read=rows,
            rejected=rejected,
            share=format_number(100 * rejected / read, 2),
        )
        if rejected
        else say("Of {read} rows in their files none could not stand.", read=rows)
    )
    return [*sentences, describe_agreement(quality)]


def quality_numbers(quality: Quality) -> dict[str, Any]:
    """The numbers a manifest keeps, so that the next report can be compared."""
    numbers: dict[str, Any] = {}
    for row in each_row(quality.missing):
        numbers[f"n_events_{row.source_name}"] = int(str(row.n_events))
        numbers[f"n_both_{row.source_name}"] = int(str(row.n_both))
    for entry in each_row(quality.state_counts):
        numbers[f"n_events_{entry.source_name}_{entry.state}"] = int(str(entry.n_events))
    numbers["n_rejected"] = int(quality.rejects["n_rows"].sum())
    numbers["n_candidate_pairs"] = len(quality.pairs)
    return numbers


@spoken
def write_source_coverage(quality: Quality) -> list[str]:
    """For how little of the window the files of each source speak, and what a year without events means."""
    sentences = [say("A year or month is not known where no file speaks of it, and none only where a file does.")]
    length = (quality.end - quality.start).days + 1
    for source in quality.sources:
        own = quality.years[quality.years["source_name"] == source]
        statuses = own["status"].value_counts()
        said = []
        if "no file" in statuses:
            said.append(say_number(int(statuses["no file"]), "{n} year without a file", "{n} years without a file"))
        if "out of coverage" in statuses:
            said.append(
                say_number(
                    int(statuses["out of coverage"]), "{n} year out of its coverage", "{n} years out of its coverage"
                )
            )
        given = {
            "source": name_source(source), "covered": format_number(int(own["n_covered_days"].sum()), 0),
            "days": format_number(length, 0),
        }  # fmt: skip
        if said:
            sentences.append(
                say(
                    "The files of {source} speak of {covered} of the {days} days, with {years}.",
                    years=join(said),
                    **given,
                )
            )
        else:
            sentences.append(say("The files of {source} speak of {covered} of the {days} days.", **given))
    for row in each_row(quality.missing[quality.missing["n_outside"] > 0]):
        sentences.append(
            say_number(
                int(str(row.n_outside)),
                "{n} event of {source} lies outside the coverage that it states.",
                "{n} events of {source} lie outside the coverage that it states.",
                source=name_source(row.source_name),
            )
        )
    return sentences


@spoken
def write_frequent_actors(quality: Quality, most: int = 3) -> list[str]:
    """Whom each source names most often."""
    sentences = []
    for source, own in quality.actors.groupby("source_name", sort=False):
        named = join(
            say("{name} ({n})", name=name_of(quality, row.actor), n=format_number(row.n_events, 0))
            for row in each_row(own.head(most))
        )
        sentences.append(
            say(
                "{source} names {actors}, most often {names}.",
                source=name_source(str(source)),
                actors=count(len(own), "actor", "actors"),
                names=named,
            )
        )
    return sentences or [say("No event names an actor.")]


@spoken
def write_delays(quality: Quality) -> list[str]:
    """How many events were reported late, in which sources that is not known, and how many were rejected for it."""
    sentences, silent = [], []
    for source, own in quality.delays.groupby("source_name", sort=False):
        counts = own.set_index("delay")["n_events"]
        total, unknown = int(counts.sum()), int(counts.get(NO_REPORT, 0))
        if unknown == total:
            silent.append(name_source(str(source)))
            continue
        collected, late = int(counts.get(COLLECTED, 0)), int(counts.reindex(list(_DELAYED)).fillna(0).sum())
        dated = total - unknown - collected
        given = {"source": name_source(str(source)), "events": count(dated, "event", "events")}
        if collected and not dated:
            sentences.append(
                say_number(
                    collected,
                    "{n} event of {source} was coded years afterwards, so that its delay says nothing.",
                    "{n} events of {source} were coded years afterwards in one go, so that their delay says nothing.",
                    source=given["source"],
                )
            )
        elif collected:
            sentences.append(
                say_number(
                    late,
                    "{n} of {events} of {source} was reported more than a week after the day of the event; "
                    "{collected} more were coded years afterwards in one go, so that their delay says nothing.",
                    "{n} of {events} of {source} were reported more than a week after the day of the event; "
                    "{collected} more were coded years afterwards in one go, so that their delay says nothing.",
                    collected=format_number(collected, 0),
                    **given,
                )
            )
        else:
            sentences.append(
                say_number(
                    late,
                    "{n} of {events} of {source} was reported more than a week after the day of the event.",
                    "{n} of {events} of {source} were reported more than a week after the day of the event.",
                    **given,
                )
            )
    if silent:
        sentences.append(
            say("{sources} do not say when an event was reported.", sources=join(silent))
            if len(silent) > 1
            else say("{source} does not say when an event was reported.", source=silent[0])
        )
    too_late = quality.rejects[quality.rejects["kind"].str.contains("before the report", regex=False)]
    if len(too_late):
        parts = [
            say("{n} of {source}", n=format_number(row.n_rows, 0), source=name_source(row.source_name))
            for row in each_row(too_late)
        ]
        sentences.append(say("Rejected as dated too long before the report: {rows}.", rows=join(parts)))
    return sentences or [say("There are no events in the window.")]


@spoken
def write_duplicates(quality: Quality) -> list[str]:
    """Which rule the build has applied, and what each rule takes for one event."""
    rule = quality.ledger.rule
    said = {
        "event": say("the source's own id on one day"),
        "story": say("the same day, actors as coded, kind and place"),
        "one_a_day": say("the same day, actors as coded and kind"),
    }
    meant = chain(
        say("{rule}: {meaning}", rule=name, meaning=said.get(name, ", ".join(keys)))
        for name, keys in DUPLICATE_RULES.items()
        if keys
    )
    if DUPLICATE_RULES[rule]:
        text = say(
            "The archive was built by the rule {rule}, whose duplicates are merged already; the counts are of the rows "
            "that stand. Rules: {meanings}.",
            rule=rule, meanings=meant,
        )  # fmt: skip
    else:
        text = say(
            "The archive was built by the rule {rule}: nothing has been merged; the counts are of the rows that stand. "
            "Rules: {meanings}.",
            rule=rule, meanings=meant,
        )  # fmt: skip
    return [escape_markdown(text)]


@spoken
def write_rejects(quality: Quality) -> list[str]:
    """For how many kinds of reason rows were rejected, with an example."""
    if quality.rejects.empty:
        return [say("Every row of the files could stand.")]
    first = quality.rejects.iloc[0]
    return [
        say(
            "A rejected row is placed neither in time nor with a state, so these are of all files of the sources, "
            "whatever the window. The commonest reason in full: {reason}.",
            reason=escape_markdown(say_reason(first["example"])),
        )
    ]


@spoken
def write_archive_provenance(quality: Quality) -> list[str]:
    """Name what made the report: the archive, by the hash of its code and tables, and the libraries."""
    libraries = join(f"{package} {version(package)}" for package in _PACKAGES)
    made = say(
        "Made with {libraries}, from an archive made by code and tables {archive}.",
        libraries=libraries,
        archive=quality.ledger.code[:12],
    )
    return [escape_markdown(made)]


def _describe_state(quality: Quality, state: str) -> str:
    own = quality.state_counts[quality.state_counts["state"] == state]
    held = own[own["n_events"] > 0]
    name = name_of(quality, state)
    silent = [name_source(source) for source in own.loc[own["n_events"] == 0, "source_name"]]
    if held.empty:
        return say("{state} is named by no event of any source.", state=name)
    named = join(_counted(row.source_name, row.n_events) for row in each_row(held))
    if silent:
        return say("{state} is named in events of {sources}, and in none of {silent}.",
                   state=name, sources=named, silent=join(silent))  # fmt: skip
    return say("{state} is named in events of {sources}.", state=name, sources=named)


def _counted(source: object, number: Any) -> str:
    return say("{source} ({n})", source=name_source(source), n=format_number(number, 0))


def _window(quality: Quality) -> dict[str, str]:
    return {"start": format_day(quality.start), "end": format_day(quality.end)}
