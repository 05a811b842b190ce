"""The reviewed choices between rows that differ, held to the rows they were made for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import pandas as pd

from analysis.errors import TightropeError

DECISIONS = {
    "merge": "the chosen row stands in its place",
    "separate": "it and the chosen row are two ties, not two versions of one",
    "conflict": "sources differ on this row and none is preferred",
    "agreement": "an agreement that is not one of defence",
    "defence_agreement": "an agreement of defence whatever its title",
}
_WITH_CHOSEN = ("merge", "separate")
_AGREEMENTS = ("agreement", "defence_agreement")
Place = tuple[str, int]


@dataclass(frozen=True)
class Choices:
    """Reviewed choices by the place (file, line) of their row."""

    merges: dict[Place, tuple[Place, str]] = field(default_factory=dict)
    separate: set[frozenset[Place]] = field(default_factory=set)
    conflicts: set[Place] = field(default_factory=set)
    agreement_kinds: dict[Place, str] = field(default_factory=dict)


def check_choices(choices: pd.DataFrame, raw: Mapping[str, pd.DataFrame]) -> Choices:
    """Check the choices that concern the files at hand.

    Parameters
    ----------
    choices : DataFrame
        ``file, line, expected, decision, chosen_file, chosen_line, chosen_expected, reason``, all
        text. ``expected`` holds cells of the row as it stood when reviewed:
        ``"state=MLI | status=left"``. For merge and separate, chosen names the other row.
    raw : dict of str to DataFrame
        Raw rows by file name; choices on files that are not there are left out.

    Raises
    ------
    TightropeError
        Listing every choice that is malformed or that no longer matches its rows.
    """
    rows = {(name, int(row["line"])): row for name, frame in raw.items() for row in _records(frame)}
    found, faults = Choices(), []
    for number, choice in enumerate(_records(choices), start=2):
        if choice["file"] not in raw or choice["chosen_file"] not in ("", *raw):
            continue
        fault = _find_fault(choice, rows)
        if fault:
            faults.append(f"line {number} of tie_choices.csv ({choice['file']}:{choice['line']}): {fault}")
        else:
            _add(found, choice)
    faults += [f"{_name(place)}: its choices lead in a circle" for place in found.merges if _is_circle(place, found)]
    if faults:
        raise TightropeError("reviewed choices that do not stand; review them anew:\n" + "\n".join(faults))
    return found


def _records(frame: pd.DataFrame) -> list[dict[str, str]]:
    return cast("list[dict[str, str]]", frame.to_dict("records"))


def _find_fault(choice: Mapping[str, str], rows: Mapping[Place, Mapping[str, str]]) -> str:
    decision = choice["decision"]
    if decision not in DECISIONS:
        return f"decision {decision!r} is not known; accepted: {', '.join(DECISIONS)}"
    if not choice["reason"].strip():
        return "has no reason"
    if (decision in _WITH_CHOSEN) != bool(choice["chosen_file"]):
        return f"decision {decision!r} {'needs a' if decision in _WITH_CHOSEN else 'takes no'} chosen row"
    fault = _compare(choice["file"], choice["line"], choice["expected"], rows)
    if not fault and choice["chosen_file"]:
        fault = _compare(choice["chosen_file"], choice["chosen_line"], choice["chosen_expected"], rows)
    return fault


def _compare(name: str, line: str, expected: str, rows: Mapping[Place, Mapping[str, str]]) -> str:
    row = rows.get((name, int(line))) if str(line).isdecimal() else None
    if row is None:
        return f"no row begins on {name}:{line}"
    cells = [cell.partition("=") for cell in expected.split(" | ")]
    if not expected or not all(sign for _, sign, _ in cells):
        return f"expected {expected!r} names no cells; write 'state=MLI | status=left'"
    differing = [
        f"{column} is {row.get(column)!r}, not {text!r}" for column, _, text in cells if row.get(column) != text
    ]
    return f"{name}:{line} has changed: {', '.join(differing)}" if differing else ""


def _add(found: Choices, choice: Mapping[str, str]) -> None:
    place = (choice["file"], int(choice["line"]))
    other = (choice["chosen_file"], int(choice["chosen_line"])) if choice["chosen_file"] else place
    if choice["decision"] == "merge":
        found.merges[place] = (other, choice["reason"])
    elif choice["decision"] == "separate":
        found.separate.add(frozenset((place, other)))
    elif choice["decision"] == "conflict":
        found.conflicts.add(place)
    elif choice["decision"] in _AGREEMENTS:
        found.agreement_kinds[place] = choice["decision"]


def _is_circle(place: Place, found: Choices) -> bool:
    seen = {place}
    while place in found.merges:
        place = found.merges[place][0]
        if place in seen:
            return True
        seen.add(place)
    return False


def _name(place: Place) -> str:
    return f"{place[0]}:{place[1]}"
