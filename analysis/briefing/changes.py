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
from analysis.briefing.moves import write_moves
from analysis.briefing.wording import spoken
from analysis.exhibit import Exhibit, escape_markdown
from analysis.language import say, say_data, say_number
from analysis.paths import PREVIOUS_VARIABLE
from analysis.wording import format_day, format_period

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
    before, after = manifest.get("key_numbers", {}), numbers or {}
    # What has moved is said once, for the report and for the index of all reports.
    moves = [] if changes.is_empty else write_moves(evidence, before, after)
    about = {"kind": "changes", "changes": {**asdict(changes), "moved": moves}}
    if changes.is_empty and changes.since == f"{evidence.end:%Y-%m-%d}":
        return Exhibit(_NOTHING, about)
    text = "\n\n".join(_write(evidence, changes, moves))
    return Exhibit({"text/markdown": text, "text/plain": text}, about)


def _write(evidence: Evidence, changes: Changes, moves: list[str]) -> Iterator[str]:
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
    if moves:
        yield " ".join(moves)


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
