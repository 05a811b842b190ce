"""The quality of the event data in words: generated sentences, each with its numbers."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import pandas as pd

from analysis.archive.overlap import FEW_MONTHS
from analysis.archive.quality import COLLECTED, DELAYS, NO_REPORT
from analysis.archive.spans import title_of
from analysis.briefing.quality import CURATED, Quality
from analysis.cleaning.coded import DUPLICATE_RULES
from analysis.exhibit import Exhibit, escape_markdown, show_title
from analysis.wording import count, format_day, format_number, format_percent, join

_PACKAGES = ("tightrope", "pandas", "ibis-framework", "duckdb", "pyarrow", "matplotlib", "papermill", "nbconvert")
_DELAYED = DELAYS[3:]


def title_quality(quality: Quality, language: str) -> Exhibit:
    """The head of the report: the states of interest, and the window."""
    return show_title(
        "How good are the event data?",
        f"Machine-coded events and the curated ones, with an eye on {join(_names(quality, quality.states))}, "
        f"{_window(quality)}",
        language=language,
        as_of=f"{quality.end:%Y-%m-%d}",
    )


def write_quality(quality: Quality) -> list[str]:
    """What a reader should know first: what there is, what lacks, and whether the sources agree."""
    held = quality.missing[quality.missing["n_events"] > 0]
    counts = quality.ledger.count()
    own = [entry for entry in counts if entry["source_name"] in quality.sources]
    rejected, read = sum(entry["rows_rejected"] for entry in own), sum(entry["rows_read"] for entry in own)
    sentences = [
        f"{count(len(held), 'machine-coded source has', 'machine-coded sources have')} events from {_window(quality)}: "
        f"{join(f'{_title(row.source_name)} ({row.n_events:,})' for row in held.itertuples())}."
        if len(held)
        else f"No machine-coded source has events from {_window(quality)}."
    ]
    for state in quality.states:
        sentences.append(_describe_state(quality, state))
    if len(held):
        shares = (held["n_both"] / held["n_events"]).set_axis(held["source_name"])
        sentences.append(
            f"Both actors are known in {format_percent(shares.max())} of the events of {_title(shares.idxmax())}"
            + (
                f" and in {format_percent(shares.min())} of those of {_title(shares.idxmin())}."
                if len(held) > 1
                else "."
            )
        )
    share = f" ({format_number(100 * rejected / read, 2)}\N{NO-BREAK SPACE}%)" if rejected else ""
    sentences.append(f"Of {read:,} rows in their files {rejected or 'none'}{share} could not stand.")
    return [*sentences, _describe_agreement(quality)]


def quality_numbers(quality: Quality) -> dict[str, Any]:
    """The numbers a manifest keeps, so that the next report can be compared."""
    numbers: dict[str, Any] = {}
    for row in quality.missing.itertuples():
        numbers[f"n_events_{row.source_name}"] = int(str(row.n_events))
        numbers[f"n_both_{row.source_name}"] = int(str(row.n_both))
    for entry in quality.state_counts.itertuples():
        numbers[f"n_events_{entry.source_name}_{entry.state}"] = int(str(entry.n_events))
    numbers["n_rejected"] = int(quality.rejects["n_rows"].sum())
    numbers["n_candidate_pairs"] = len(quality.pairs)
    return numbers


def write_source_coverage(quality: Quality) -> list[str]:
    """For how little of the window the files of each source speak, and what a year without events means."""
    sentences = [
        "A year or month is not known where no file speaks of it, and none only where a file does.",
    ]
    length = (quality.end - quality.start).days + 1
    for source in quality.sources:
        own = quality.years[quality.years["source_name"] == source]
        covered = int(own["n_covered_days"].sum())
        statuses = own["status"].value_counts()
        said = [
            f"{count(int(statuses[status]), 'year')} {label}"
            for status, label in (("no file", "without a file"), ("out of coverage", "out of its coverage"))
            if status in statuses
        ]
        head = f"The files of {_title(source)} speak of {covered:,} of the {length:,} days"
        sentences.append(f"{head}, with {join(said)}." if said else f"{head}.")
    for row in quality.missing[quality.missing["n_outside"] > 0].itertuples():
        events = count(int(str(row.n_outside)), "event")
        sentences.append(f"{events} of {_title(row.source_name)} lie outside the coverage that it states.")
    return sentences


def write_frequent_actors(quality: Quality, most: int = 3) -> list[str]:
    """Whom each source names most often."""
    sentences = []
    for source, own in quality.actors.groupby("source_name", sort=False):
        named = join(f"{_names(quality, [row.actor])[0]} ({row.n_events:,})" for row in own.head(most).itertuples())
        sentences.append(f"{_title(str(source))} names {count(len(own), 'actor')}, most often {named}.")
    return sentences or ["No event names an actor."]


def write_delays(quality: Quality) -> list[str]:
    """How many events were reported late, in which sources that is not known, and how many were rejected for it."""
    sentences, silent = [], []
    for source, own in quality.delays.groupby("source_name", sort=False):
        counts = own.set_index("delay")["n_events"]
        total, unknown = int(counts.sum()), int(counts.get(NO_REPORT, 0))
        if unknown == total:
            silent.append(_title(str(source)))
            continue
        collected, late = int(counts.get(COLLECTED, 0)), int(counts.reindex(list(_DELAYED)).fillna(0).sum())
        dated = total - unknown - collected
        was = "was" if late == 1 else "were"
        text = (
            f"{late:,} of {count(dated, 'event')} of {_title(str(source))} {was} reported more than a week after the "
            "day of the event"
        )
        if collected:
            text += f"; {collected:,} more were coded years afterwards in one go, so that their delay says nothing"
        sentences.append(f"{text}.")
    if silent:
        sentences.append(f"{join(silent)} {'does' if len(silent) == 1 else 'do'} not say when an event was reported.")
    too_late = quality.rejects[quality.rejects["kind"].str.contains("before the report", regex=False)]
    if len(too_late):
        parts = [f"{row.n_rows:,} of {_title(row.source_name)}" for row in too_late.itertuples()]
        sentences.append(f"Rejected as dated too long before the report: {join(parts)}.")
    return sentences or ["There are no events in the window."]


def write_duplicates(quality: Quality) -> list[str]:
    """Which rule the build has applied, and what each rule takes for one event."""
    rule = quality.ledger.rule
    said = {
        "event": "the source's own id on one day",
        "story": "the same day, actors as coded, kind and place",
        "one_a_day": "the same day, actors as coded and kind",
    }
    meant = "; ".join(f"{name}: {said.get(name, ', '.join(keys))}" for name, keys in DUPLICATE_RULES.items() if keys)
    applied = f"The archive was built by the rule {rule}, whose duplicates are merged already"
    if not DUPLICATE_RULES[rule]:
        applied = f"The archive was built by the rule {rule}: nothing has been merged"
    return [escape_markdown(f"{applied}; the counts are of the rows that stand. Rules: {meant}.")]


def write_rejects(quality: Quality) -> list[str]:
    """For how many kinds of reason rows were rejected, with an example."""
    if quality.rejects.empty:
        return ["Every row of the files could stand."]
    first = quality.rejects.iloc[0]
    return [
        "A rejected row is placed neither in time nor with a state, so these are of all files of the sources, "
        f"whatever the window. The commonest reason in full: {escape_markdown(str(first['example']))}."
    ]


def write_overlap(quality: Quality) -> list[str]:
    """How many comparisons there are, and how many lack a common month."""
    compared = quality.compared
    none = compared[compared["n_months"] == 0]
    sentences = [
        "Counts of a month are set side by side in the months that the files of both sources speak of; an event of a "
        "state names it as an actor or as the place. Scores of different sources are never added."
    ]
    if len(none):
        have = "has" if len(none) == 1 else "have"
        sentences.append(f"{len(none)} of {count(len(compared), 'comparison')} {have} no month in common.")
    sentences.append(f"Under {FEW_MONTHS} common months no correlation is given.")
    return sentences


def write_pairs(quality: Quality) -> list[str]:
    """How many pairs of events may be one, in which sources."""
    if quality.pairs.empty:
        return ["No event of one source shares its day, actors and type with one of another."]
    counts = quality.pairs.groupby(["source_a", "source_b"], sort=False).size()
    parts = [f"{n:,} of {_title(str(a))} and {_title(str(b))}" for (a, b), n in counts.items()]  # type: ignore[misc]
    return [
        f"{count(len(quality.pairs), 'candidate pair')} of the same day, the same actors in the same direction and the "
        f"same PLOVER type: {join(parts)}. They are for a reviewer to judge; nothing is merged across sources."
    ]


def write_archive_provenance(quality: Quality) -> list[str]:
    """Name what made the report: the archive, by the hash of its code and tables, and the libraries."""
    libraries = join(f"{package} {version(package)}" for package in _PACKAGES)
    return [
        escape_markdown(f"Made with {libraries}, from an archive made by code and tables {quality.ledger.code[:12]}.")
    ]


def _describe_state(quality: Quality, state: str) -> str:
    own = quality.state_counts[quality.state_counts["state"] == state]
    held = own[own["n_events"] > 0]
    name = _names(quality, [state])[0]
    silent = [_title(source) for source in own.loc[own["n_events"] == 0, "source_name"]]
    if held.empty:
        return f"{name} is named by no event of any source."
    parts = join(f"{_title(row.source_name)} ({row.n_events:,})" for row in held.itertuples())
    return f"{name} is named in events of {parts}" + (f", and in none of {join(silent)}." if silent else ".")


def _describe_agreement(quality: Quality) -> str:
    given = quality.compared.dropna(subset=["rho"])
    if given.empty:
        return "No two sources have events of these states in enough common months to say whether they agree."
    best, worst = (given.loc[given["rho"].idxmax()], given.loc[given["rho"].idxmin()])
    said = [_correlation(quality, row) for row in ([best] if len(given) == 1 else [best, worst])]
    return f"Where two sources overlap long enough, their monthly counts correlate at {join(said)}."


def _correlation(quality: Quality, row: pd.Series) -> str:
    subject = join(_names(quality, str(row["subject"]).split("-")))
    sources = join(_title(row[name]) for name in ("source_a", "source_b"))
    months = count(int(row["n_months"]), "month")
    return f"{format_number(row['rho'], signed=True)} ({subject}, {sources}, {months})"


def _title(source: object) -> str:
    return escape_markdown("the curated table" if source == CURATED else title_of(str(source)))


def _names(quality: Quality, codes: object) -> list[str]:
    return [escape_markdown(quality.names.get(code, code)) for code in codes]  # type: ignore[attr-defined]


def _window(quality: Quality) -> str:
    return f"{format_day(quality.start)} to {format_day(quality.end)}"
