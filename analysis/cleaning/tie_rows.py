"""One raw row of a tie file becomes the ties it tells of, or an error that says why it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import Any, Protocol

from analysis import reference
from analysis.cleaning.dates import DateRange, parse_date_range, parse_partial
from analysis.cleaning.numbers import parse_number
from analysis.errors import RowError, UnknownNameError

MEMBERSHIP_STATUSES = {
    "member": "member",
    "party": "member",
    "party; withdrawal announced": "member",
    "associate": "associate",
    "observer": "observer",
    "candidate": "candidate",
    "suspended": "suspended",
    "left": "left",
    "dissolution acknowledged": "left",
}
MISSION_STATUSES = {
    "open": "open",
    "closed": "closed",
    "suspended": "suspended",
    "announced": "announced",
    "planned": "announced",
}
# The coders' own words for "sources differ on this row".
_DIFFER = re.compile(r"\bCONFLICT\b|\bDISAGREE\b|\bsources disagree\b")
_SIZE = re.compile(r"(?:(?:about|up to|more than) )?(?P<low>\d+)(?:-(?P<high>\d+))?(?: \([^()]*\))?", re.ASCII)
_MOST_TROOPS = 100e6  # several times the largest army there ever was

Row = Mapping[Any, Any]


class Actor(Protocol):
    """What resolving a name gives."""

    @property
    def actor_code(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102


Resolve = Callable[[str], Actor]


@dataclass(frozen=True)
class Tie:
    """A row of the `ties` table while it is compared with others; `form` is the sort of mission."""

    tie_id: str
    file: str
    line: int
    state: str
    partner: str
    kind: str
    form: str = ""
    detail: str | None = None
    start: DateRange | None = None
    end: DateRange | None = None
    value: float | None = None
    unit: str | None = None
    status: str | None = None
    is_part_year: bool = False
    has_conflict: bool = False
    n_sources: int = 1
    outlet: str | None = None
    url: str | None = None
    note: str | None = None


def create_memberships(row: Row, resolve: Resolve) -> list[Tie]:
    """Read a state's time in an organisation; a suspension is a tie of its own kind."""
    status = _find_status(row["status"], MEMBERSHIP_STATUSES)
    if status is None:
        raise RowError(f"status is empty; accepted: {', '.join(MEMBERSHIP_STATUSES)}")
    kind = "suspension" if status == "suspended" else "membership"
    start, end = parse_period(row["start"], row["end"])
    return [
        create_tie(row, state, partner, kind, number, start=start, end=end, status=status)
        for number, state, partner in _pairs(
            find_states(row["state"], resolve), find_partners(row["organisation"], resolve)
        )
    ]


def create_missions(row: Row, resolve: Resolve) -> list[Tie]:
    """Read a mission of a sender in a host; an empty form or status stays not known."""
    start, end = parse_period(row["since"], row["until"])
    form = row["mission_type"]
    if form and form not in mission_forms():
        raise RowError(str(UnknownNameError("mission_type", form, mission_forms())))
    detail = ", ".join(part for part in (form, row.get("city", "")) if part) or None
    status = _find_status(row["status"], MISSION_STATUSES)
    pairs = _pairs(find_states(row["state"], resolve), find_partners(row["sender"], resolve))
    return [
        create_tie(row, host, sender, "mission", number, form=form, detail=detail, start=start, end=end, status=status)
        for number, host, sender in pairs
    ]


@cache
def mission_forms() -> tuple[str, ...]:
    """Which forms a mission may have: those whose strength is reviewed.

    Examples
    --------
    >>> mission_forms()[0]
    'embassy'
    """
    strengths = reference.load("tie_strengths")
    return tuple(form for form in strengths.loc[strengths["kind"] == "mission", "form"].unique() if form)


def create_agreements(row: Row, resolve: Resolve, kind: str) -> list[Tie]:
    """Read an agreement, told once from the side of each state that is a party to it."""
    start, end = parse_period(row["signed"], row["terminated"])
    in_force = parse_partial(row["in_force"]) if row["in_force"] else None
    status = "terminated" if end else "in force" if in_force else "signed" if start else "signature not seen"
    sides = [[resolve(name) for name in split_names(row[side])] for side in ("party_a", "party_b")]
    pairs = [
        (own.actor_code, other.actor_code)
        for ours, theirs in (sides, sides[::-1])
        for own in ours
        for other in theirs
        if own.kind == "state"
    ]
    if not pairs:
        raise RowError(f"neither {row['party_a']!r} nor {row['party_b']!r} is a state; one party must be")
    return [
        create_tie(row, *pair, kind, number, detail=row["title"] or None, start=start, end=end, status=status)
        for number, pair in _numbered(pairs)
    ]


def create_deployments(row: Row, resolve: Resolve) -> list[Tie]:
    """Read foreign troops in a host: value is their number, detail the size and site as printed.

    A range ("80-100") becomes its midpoint; "about", "up to" and "more than" are dropped from
    the number, and so is a remark in brackets. Without an end the status is not known.
    """
    start, end = parse_period(row["start"], row["end"])
    value = parse_size(row["size"])
    detail = "; ".join(part for part in (row["size"] and f"size: {row['size']}", row["site"]) if part) or None
    more: dict[str, Any] = {"detail": detail, "start": start, "end": end, "status": "closed" if end else None}
    pairs = _pairs(find_states(row["host"], resolve), find_partners(row["sender"], resolve))
    if value is not None:
        more |= {"value": value, "unit": "troops"}
    return [create_tie(row, host, sender, "deployment", number, **more) for number, host, sender in pairs]


def parse_size(text: str) -> float | None:
    """Read the number of troops that a printed size means; a range gives its midpoint.

    Raises
    ------
    RowError
        If the size has another form, is a range that falls, or no army is as large.

    Examples
    --------
    >>> [parse_size(text) for text in ("about 1000", "80-100", "100 (300 planned)", "")]
    [1000.0, 90.0, 100.0, None]
    """
    if not text:
        return None
    match = _SIZE.fullmatch(text)
    if not match:
        raise RowError(f"size {text!r} cannot be read; write a number such as '350', 'about 1000' or '80-100'")
    low, high = (
        parse_number(part, "size", largest=_MOST_TROOPS) for part in (match["low"], match["high"] or match["low"])
    )
    if high < low:
        raise RowError(f"size {text!r} ends below its beginning; swap or correct them")
    return (low + high) / 2


def parse_period(start: str, end: str) -> tuple[DateRange | None, DateRange | None]:
    """Find when a tie may have begun and ended; an empty date is not known.

    Raises
    ------
    RowError
        If a date cannot be read or the end lies before the start.
    """
    if start and end:
        parse_date_range(start, end)
    return (parse_partial(start) if start else None, parse_partial(end) if end else None)


def split_names(text: str) -> list[str]:
    """Split the names in a field that joins them by semicolons.

    Examples
    --------
    >>> split_names("MLI;BFA; NER")
    ['MLI', 'BFA', 'NER']
    """
    return [name.strip() for name in text.split(";") if name.strip()] or [""]


def find_states(text: str, resolve: Resolve) -> list[str]:
    """Find the codes of the states that a field names.

    Raises
    ------
    RowError
        If a name is that of an actor other than a state.
    """
    actors = {name: resolve(name) for name in split_names(text)}
    others = [f"{name!r} ({actor.kind})" for name, actor in actors.items() if actor.kind != "state"]
    if others:
        raise RowError(f"{', '.join(others)} is not a state; the state of a tie must be one")
    return [actor.actor_code for actor in actors.values()]


def find_partners(text: str, resolve: Resolve) -> list[str]:
    """Find the codes of the actors that a field names."""
    return [resolve(name).actor_code for name in split_names(text)]


def create_tie(row: Row, state: str, partner: str, kind: str, number: int | None = None, **more: Any) -> Tie:
    """Make a tie with what every tie file gives: identifier, place in the file, outlet, address and note."""
    if state == partner:
        raise RowError(f"{state!r} stands on both sides; a tie needs two actors")
    identifier = row.get("tie_id") or f"{PurePath(row['file']).stem}:{row['line']}"
    shared: dict[str, Any] = {
        "outlet": row.get("source_outlet") or None,
        "url": row["source_url"] or None,
        "note": row["note"] or None,
        "has_conflict": bool(_DIFFER.search(row["note"])),
    }
    tie_id = f"{identifier}.{number}" if number else identifier
    return Tie(tie_id, row["file"], int(row["line"]), state, partner, kind, **(shared | more))


def _find_status(text: str, accepted: Mapping[str, str]) -> str | None:
    if text and text not in accepted:
        raise RowError(str(UnknownNameError("status", text, accepted)))
    return accepted.get(text)


def _pairs(states: list[str], partners: list[str]) -> list[tuple[int | None, str, str]]:
    pairs = [(state, partner) for state in states for partner in partners]
    return [(number, state, partner) for number, (state, partner) in _numbered(pairs)]


def _numbered(pairs: list[tuple[str, str]]) -> list[tuple[int | None, tuple[str, str]]]:
    """Pairs numbered from 1, where a row tells of more than one."""
    return list(enumerate(pairs, start=1)) if len(pairs) > 1 else [(None, pair) for pair in pairs]
