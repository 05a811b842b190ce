"""What has changed since an earlier report of the same question: events, and key numbers with their intervals."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.briefing.digests import digest_events
from analysis.briefing.evidence import Evidence
from analysis.briefing.wording import name_of, spoken
from analysis.exhibit import Exhibit, escape_markdown
from analysis.language import say, say_data, say_number
from analysis.paths import PREVIOUS_VARIABLE
from analysis.wording import count_amount, format_day, format_number, format_period, format_points

LISTED = 5
_NOTHING = {"text/markdown": "", "text/plain": ""}


@dataclass(frozen=True)
class Changes:
    """What differs between an earlier report and this one.

    Attributes
    ----------
    since : str
        The day that the earlier report speaks of, as an ISO date; the same day for an earlier edition of this report.
    new, revised, gone : tuple of str
        Identifiers of events that only this report reads, that both read with other values, that it reads no more.
    numbers : mapping
        For each key number that moved, its value before and now.
    """

    since: str
    new: tuple[str, ...]
    revised: tuple[str, ...]
    gone: tuple[str, ...]
    numbers: Mapping[str, tuple[Any, Any]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.new or self.revised or self.gone or self.numbers)


def find_changes(events: Mapping[str, str], numbers: Mapping[str, Any], previous: Mapping[str, Any]) -> Changes:
    """Compare events and key numbers with those of an earlier manifest.

    Parameters
    ----------
    events : mapping of str to str
        Event identifier to digest, from :func:`analysis.briefing.digests.digest_events`.
    numbers : mapping
        Key numbers by name.
    previous : mapping
        The earlier manifest: ``parameters``, ``events``, ``key_numbers``.

    Examples
    --------
    >>> earlier = {"parameters": {"end": "2026-01-31"}, "events": {"E1": "a", "E2": "b"}, "key_numbers": {"tilt": 0.1}}
    >>> found = find_changes({"E2": "c", "E3": "d"}, {"tilt": 0.2}, earlier)
    >>> found.new, found.revised, found.gone, found.numbers
    (('E3',), ('E2',), ('E1',), {'tilt': (0.1, 0.2)})
    """
    before = previous["events"]
    earlier = previous.get("key_numbers", {})
    return Changes(
        since=previous["parameters"]["end"],
        new=tuple(sorted(events.keys() - before.keys())),
        revised=tuple(sorted(name for name in events.keys() & before.keys() if events[name] != before[name])),
        gone=tuple(sorted(before.keys() - events.keys())),
        numbers={
            name: (earlier[name], numbers[name])
            for name in sorted(numbers)
            if name in earlier and earlier[name] != numbers[name]
        },
    )


@spoken
def show_changes(evidence: Evidence, numbers: Mapping[str, Any] | None = None, previous: Path | None = None) -> Exhibit:
    """What has changed since the report that the run names as the earlier one; empty where there is none.

    Parameters
    ----------
    numbers : mapping, optional
        The key numbers of this report.
    previous : Path, optional
        The earlier report's manifest; by default what the environment variable of
        :data:`analysis.paths.PREVIOUS_VARIABLE` names, which a run sets.

    Returns
    -------
    Exhibit
        A section with its heading, or nothing; what differs stands in its metadata.
    """
    named = previous or os.environ.get(PREVIOUS_VARIABLE)
    if not named:
        return Exhibit(_NOTHING, {"kind": "text"})
    manifest = json.loads(Path(named).read_text(encoding="utf-8"))
    events = digest_events({"events": evidence.events, "dyad_events": evidence.dyad_events})
    changes = find_changes(events, numbers or {}, manifest)
    about = {"kind": "changes", "changes": asdict(changes)}
    if changes.is_empty and changes.since == f"{evidence.end:%Y-%m-%d}":
        return Exhibit(_NOTHING, about)
    text = "\n\n".join(_write(evidence, changes, manifest.get("key_numbers", {}), numbers or {}))
    return Exhibit({"text/markdown": text, "text/plain": text}, about)


def _write(evidence: Evidence, changes: Changes, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """The section, paragraph by paragraph."""
    since = pd.Timestamp(changes.since)
    day = format_day(since)
    if since < evidence.end:
        yield "## " + say("What has changed since the report of {day}?", day=day)
    else:
        yield "## " + say("What has changed since the last edition of this report?")
    if changes.is_empty:
        yield say("Since then no event that this report reads is new or revised, and no key number has moved.")
        return
    yield " ".join(_count_events(evidence, changes, since))
    if listed := _list_events(evidence, changes):
        yield listed
    if moved := " ".join(_moved(evidence, before, after)):
        yield moved


def _count_events(evidence: Evidence, changes: Changes, since: pd.Timestamp) -> Iterator[str]:
    if not (changes.new or changes.revised or changes.gone):
        yield say("No event that this report reads is new or revised.")
    if changes.new:
        events = evidence.events.set_index("event_id").loc[list(changes.new)]
        yield say_number(
            len(changes.new), "{n} event that this report reads is new.", "{n} events that this report reads are new."
        )
        late = int((events["date_start"] <= since).sum())
        if late and since < evidence.end:
            yield say_number(
                late,
                "{n} of them had happened by then and was gathered since.",
                "{n} of them had happened by then and were gathered since.",
            )
    if changes.revised:
        yield say_number(len(changes.revised), "{n} event is revised.", "{n} events are revised.")
    if changes.gone:
        yield say_number(len(changes.gone), "{n} event is no longer read.", "{n} events are no longer read.")


def _list_events(evidence: Evidence, changes: Changes) -> str:
    """The changed events, those with the powers first and the weightiest of them before the others."""
    weights = evidence.engagements.groupby("event_id")["weight"].agg(lambda weight: weight.abs().max())
    events = evidence.events.set_index("event_id")
    changed = [*changes.new, *changes.revised]
    order = sorted(changed, key=lambda event_id: (-float(weights.get(event_id, -1.0)), event_id))
    lines = []
    for event_id in order[:LISTED]:
        event = events.loc[event_id]
        given = {
            "when": format_period(event["date_start"], event["date_end"], event["date_precision"]),
            "what": escape_markdown(say_data(str(event["summary"]))),
        }
        lines.append(
            say("- New: {when}, {what}", **given)
            if event_id in changes.new
            else say("- Revised: {when}, {what}", **given)
        )
    if len(order) > LISTED:
        lines.append(say_number(len(order) - LISTED, "- {n} more event", "- {n} more events"))
    return "\n".join(lines)


def _moved(evidence: Evidence, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """How the key numbers moved, each with its interval where it has one."""
    if "tilt" in before and "tilt" in after:
        yield _moved_tilt(before, after)
    if _differ("n_events", before, after):
        yield say(
            "Events with the powers went from {before} to {after}.",
            before=format_number(before["n_events"], 0), after=format_number(after["n_events"], 0),
        )  # fmt: skip
    if _differ("depth", before, after):
        yield say(
            "Depth went from {before} to {after}.",
            before=format_number(before["depth"], 1),
            after=count_amount(after["depth"], "point a year", "points a year", 1),
        )  # fmt: skip
    for power in evidence.powers:
        given = {"power": name_of(evidence, power)}
        if _differ(f"cooperation_{power}", before, after):
            yield say(
                "Cooperation with {power} went from {before} to {after}.",
                **_points(f"cooperation_{power}", before, after), **given,
            )  # fmt: skip
        if _differ(f"conflict_{power}", before, after):
            yield say(
                "Conflict with {power} went from {before} to {after}.",
                **_points(f"conflict_{power}", before, after), **given,
            )  # fmt: skip


def _moved_tilt(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    given = {
        f"{name}_{when}": format_number(numbers.get(key), signed=True)
        for when, numbers in (("before", before), ("after", after))
        for name, key in (("tilt", "tilt"), ("low", "tilt_low"), ("high", "tilt_high"))
    }
    ends = [numbers.get(name) for numbers in (before, after) for name in ("tilt", "tilt_low", "tilt_high")]
    if None in ends[:3] and None in ends[3:]:
        return say("Too few events are on record for a tilt, now as before.")
    if ends[:3] == ends[3:]:
        return say("The tilt stands where it stood, at {tilt_after} ({low_after} to {high_after}).", **given)
    if None in ends[:3]:
        return say(
            "The tilt is {tilt_after} (90 % interval {low_after} to {high_after}); before, too few events were on "
            "record for one.",
            **given,
        )
    if None in ends[3:]:
        return say(
            "Too few events are on record for a tilt; before, it was {tilt_before} (90 % interval {low_before} to "
            "{high_before}).",
            **given,
        )
    if before["tilt_low"] <= after["tilt"] <= before["tilt_high"]:
        return say(
            "The tilt went from {tilt_before} (90 % interval {low_before} to {high_before}) to {tilt_after} "
            "({low_after} to {high_after}), which lies inside the earlier interval.",
            **given,
        )
    return say(
        "The tilt went from {tilt_before} (90 % interval {low_before} to {high_before}) to {tilt_after} "
        "({low_after} to {high_after}), which lies outside the earlier interval.",
        **given,
    )


def _differ(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return None not in (before.get(name), after.get(name)) and before[name] != after[name]


def _points(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    return {
        "before": format_points(round(before[name], 1)),
        "after": count_amount(after[name], "point", "points"),
    }
