"""Rows that say the same become one tie; rows that differ both stand, and say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from analysis.cleaning.dates import DateRange
from analysis.cleaning.result import merge
from analysis.cleaning.tie_choices import Choices, Place
from analysis.cleaning.tie_rows import Tie
from analysis.errors import TightropeError
from analysis.schema import DATE_PRECISIONS

_SAME = "the same state, partner, kind and status, with dates that agree"


@dataclass(frozen=True)
class Merged:
    """The ties that stand, the rows merged into them, and the pairs of ties that still differ."""

    ties: list[Tie]
    merges: list[dict[str, Any]]
    conflicts: list[tuple[str, str]]


def merge_ties(ties: Iterable[Tie], choices: Choices) -> Merged:
    """Merge ties by the reviewed choices first, then by rule; mark those that still differ.

    By rule two ties say the same if they agree in state, partner, kind, form and status, and
    for start and end alike one date is missing or lies within the other. The better dated
    stands, then the one with a named outlet; of each date the finer is kept. Ties in succession
    (one may have ended before the other began) are two ties. All other pairs of the same state,
    partner, kind and form differ, unless a reviewer called them separate.

    Parameters
    ----------
    ties : iterable of Tie
        One per raw row.
    choices : Choices
        Reviewed choices.

    Raises
    ------
    TightropeError
        If a reviewed choice names a row that is no tie here, as after a rejection.
    """
    by_place = {(tie.file, tie.line): tie for tie in ties}
    _check_places(by_place, choices)
    into = {place: chosen for place, (chosen, _) in choices.merges.items()}
    stands = {place: tie for place, tie in by_place.items() if place not in into}
    groups: dict[tuple[str, str, str, str], list[Place]] = {}
    for place in sorted(stands, key=lambda place: _quality(stands[place])):
        tie = stands[place]
        group = groups.setdefault((tie.state, tie.partner, tie.kind, tie.form), [])
        same = [
            other
            for other in group
            if relate(stands[other], tie) == "same" and frozenset((place, other)) not in choices.separate
        ]
        if same:
            into[place] = same[0]
            stands[same[0]] = _absorb(stands[same[0]], stands.pop(place))
        else:
            group.append(place)

    def end_of(place: Place) -> Place:
        while place in into:
            place = into[place]
        return place

    separate = {frozenset(map(end_of, pair)) for pair in choices.separate}
    differing = [
        pair
        for group in groups.values()
        for pair in combinations(sorted(group), 2)
        if frozenset(pair) not in separate and relate(stands[pair[0]], stands[pair[1]]) == "differ"
    ]
    for place in {place for pair in differing for place in pair} | {
        end_of(place) for place in choices.conflicts & set(by_place)
    }:
        stands[place] = replace(stands[place], has_conflict=True)
    merges = []
    for place in sorted(into):
        tie, kept = by_place[place], stands[end_of(place)]
        basis, reason = ("reviewed", choices.merges[place][1]) if place in choices.merges else ("rule", _SAME)
        merges.append(merge({"file": tie.file, "line": tie.line}, tie.tie_id, kept.tie_id, basis, reason))
    conflicts = sorted((stands[a].tie_id, stands[b].tie_id) for a, b in differing)
    return Merged([stands[place] for place in sorted(stands)], merges, conflicts)


def relate(a: Tie, b: Tie) -> str:
    """How two ties of one state, partner, kind and form relate: "same", "apart" or "differ".

    A tie of unknown status can be compared with none: "apart".
    """
    if a.status is None or b.status is None:
        return "apart"
    if a.status != b.status:
        return "apart" if _may_succeed(a, b) or _may_succeed(b, a) else "differ"
    if _succeeds(a, b) or _succeeds(b, a):
        return "apart"
    return "same" if _agree(a.start, b.start) and _agree(a.end, b.end) else "differ"


def _may_succeed(a: Tie, b: Tie) -> bool:
    """Whether the first may have ended by the time the second began."""
    return bool(a.end and b.start and a.end.start <= b.start.end)


def _succeeds(a: Tie, b: Tie) -> bool:
    """Whether the first had certainly ended when the second began."""
    return bool(a.end and b.start and a.end.end < b.start.start)


def _agree(a: DateRange | None, b: DateRange | None) -> bool:
    if a is None or b is None:
        return True
    return (a.start <= b.start and b.end <= a.end) or (b.start <= a.start and a.end <= b.end)


def _absorb(kept: Tie, other: Tie) -> Tie:
    """Take over the finer of each date into the tie that stands; the note tells where a date came from."""
    found: dict[str, Any] = {}
    for name in ("start", "end"):
        own, theirs = getattr(kept, name), getattr(other, name)
        if theirs and (own is None or _fineness(theirs) < _fineness(own)):
            found[name] = theirs
    borrowed = f"{' and '.join(found)} from {other.tie_id}" if found else ""
    return replace(
        kept,
        **found,
        note="; ".join(part for part in (kept.note, borrowed) if part) or None,
        detail=kept.detail or other.detail,
        n_sources=kept.n_sources + other.n_sources,
        has_conflict=kept.has_conflict or other.has_conflict,
    )


def _quality(tie: Tie) -> tuple[int, int, bool, str, int]:
    """Best first: more dates, finer dates, a named outlet, the earlier row."""
    dates = [date for date in (tie.start, tie.end) if date]
    return -len(dates), sum(map(_fineness, dates)), tie.outlet is None, tie.file, tie.line


def _fineness(date: DateRange) -> int:
    return DATE_PRECISIONS.index(date.precision)


def _check_places(by_place: dict[Place, Tie], choices: Choices) -> None:
    named = {place for place in choices.merges} | {chosen for chosen, _ in choices.merges.values()}
    named |= {place for pair in choices.separate for place in pair}
    absent = sorted(named - set(by_place))
    if absent:
        listed = ", ".join(f"{name}:{line}" for name, line in absent)
        raise TightropeError(
            f"reviewed choices name rows that are not one tie each (rejected, repeated or of several actors): {listed}"
        )
