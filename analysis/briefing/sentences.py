"""The sentences around the answer: the title, what it rests on, and what made it; its key numbers."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.frames import select_powers_without_events
from analysis.briefing.wording import (
    begin_sentences,
    label_of,
    list_labels,
    list_names,
    name_of,
    short_names,
    spoken,
)
from analysis.exhibit import Exhibit, escape_markdown, show_title
from analysis.language import say, say_number
from analysis.measures import Tilt
from analysis.wording import count, format_day, format_number, format_percent, join

_PACKAGES = ("tightrope", "pandas", "numpy", "matplotlib", "papermill", "nbconvert", "pypandoc_binary", "typst")


@spoken
def title_briefing(evidence: Evidence, language: str) -> Exhibit:
    """The head of the briefing: the state between its powers, and the window."""
    window = {"start": format_day(evidence.start), "end": format_day(evidence.end)}
    title = say(
        "{state:bare} between {powers:bare}",
        state=label_of(evidence, evidence.state),
        powers=list_labels(evidence, evidence.powers),
    )
    return show_title(
        *begin_sentences([title, say("What events and ties say of its balance, {start} to {end}", **window)]),
        language=language,
        as_of=f"{evidence.end:%Y-%m-%d}",
    )


def key_numbers(evidence: Evidence, leaning: Tilt, compared: pd.DataFrame) -> dict[str, Any]:
    """The numbers a manifest keeps, rounded so that the next report can be compared."""
    own = compared[compared["state"] == evidence.state].iloc[0]
    amounts = evidence.engagements.groupby("power")[["cooperation", "conflict"]].sum()
    numbers: dict[str, Any] = {
        "tilt": _rounded(leaning.value), "tilt_low": _rounded(leaning.low), "tilt_high": _rounded(leaning.high),
        "tilt_between": [leaning.a, leaning.b], "n_events": int(evidence.engagements["event_id"].nunique()),
        "depth": _rounded(own["depth"]), "depth_percentile": _rounded(own["depth_percentile"]),
    }  # fmt: skip
    for power in evidence.powers:
        for column in ("cooperation", "conflict"):
            numbers[f"{column}_{power}"] = _rounded(amounts[column].get(power, 0.0))
    return numbers


@spoken
def write_coverage(evidence: Evidence, counts: pd.DataFrame) -> list[str]:
    """What the figures rest on, and that it was gathered rather than sampled."""
    sentences = _count_events(evidence, counts)
    derived = int((evidence.engagements["weight_basis"] == "derived").sum())
    if derived:
        sentences.append(
            say_number(
                derived,
                "{n} weight without a reviewed judgement rests on the event type alone.",
                "{n} weights without a reviewed judgement rest on the event type alone.",
            )
        )
    rejected = sum(entry["rows_rejected"] for entry in evidence.record["files"])
    read = format_number(sum(entry["rows_read"] for entry in evidence.record["files"]), 0)
    if rejected:
        last = say_number(
            rejected,
            "Of {read} rows in the raw files {n} was rejected.",
            "Of {read} rows in the raw files {n} were rejected.",
            read=read,
        )
    else:
        last = say("Of {read} rows in the raw files none were rejected.", read=read)
    return [*sentences, last]


def _count_events(evidence: Evidence, counts: pd.DataFrame) -> list[str]:
    total = int(counts["n_events"].sum())
    confirmed = int(counts.loc[counts["certainty"] == "confirmed", "n_events"].sum())
    tied = evidence.engagements["event_id"].nunique()
    powers = list_names(evidence, evidence.powers, "or")
    given = {
        "start": format_day(evidence.start), "end": format_day(evidence.end),
        "state": name_of(evidence, evidence.state),
    }  # fmt: skip
    if not total:
        return [say("No event from {start} to {end} involves {state}.", **given)]
    if total == 1:
        return [
            say("1 event from {start} to {end} involves {state}; two outlets confirm it in every detail.", **given)
            if confirmed
            else say("1 event from {start} to {end} involves {state}; no two outlets confirm every detail.", **given),
            say("It concerns a tie with {powers}.", powers=powers)
            if tied
            else say("It concerns no tie with {powers}.", powers=powers),
        ]
    return [
        say(
            "{n} events from {start} to {end} involve {state}; two outlets confirm {confirmed} ({share}) in every "
            "detail.",
            n=format_number(total, 0), confirmed=format_number(confirmed, 0), share=format_percent(confirmed / total),
            **given,
        ),
        say_number(
            tied,
            "{n} of them concerns a tie with {powers}.",
            "{n} of them concern a tie with {powers}.",
            powers=powers,
        ),
    ]  # fmt: skip


@spoken
def write_events_with_powers(evidence: Evidence) -> list[str]:
    """How many events concern each power, and which powers have none."""
    parts = []
    for power in evidence.powers:
        number = evidence.engagements.loc[evidence.engagements["power"] == power, "event_id"].nunique()
        if number:
            events = count(number, "event", "events")
            parts.append(say("{events} with {power}", events=events, power=name_of(evidence, power)))
    missing = select_powers_without_events(evidence.engagements, evidence.powers)
    sentences = [say("The window holds {events}.", events=join(parts))] if parts else []
    if missing:
        sentences.append(
            say(
                "No event with {powers} was gathered, which does not mean that nothing happened.",
                powers=list_names(evidence, missing, "or"),
            )
        )
    return sentences


@spoken
def write_organisations(evidence: Evidence, spells: pd.DataFrame) -> list[str]:
    """Spell out the acronyms of the organisations that the figure of memberships shows."""
    codes = dict.fromkeys(spells["organisation"])
    if not codes:
        return [say("No membership of the compared states is on record for the window.")]
    named = join(
        say("{code:bare} is {organisation}", code=short, organisation=name_of(evidence, code))
        for code, short in short_names(codes).items()
    )
    return [f"{named}."]


@spoken
def write_provenance(evidence: Evidence) -> list[str]:
    """Name what made the report: the tables, by the hash of all they were built from, and the libraries."""
    libraries = join(f"{package} {version(package)}" for package in _PACKAGES)
    made = say("Made with {libraries}, from tables {tables}.",
               libraries=libraries, tables=evidence.record["inputs"][:12])  # fmt: skip
    return [escape_markdown(made)]


def _rounded(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), 4)
