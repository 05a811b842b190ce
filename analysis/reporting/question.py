"""The question a report answers: which states, powers and sources, when, and whether the data can speak to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import TightropeError, UnknownNameError
from analysis.language import LANGUAGES
from analysis.paths import ARCHIVE
from analysis.reference.actors import actors_table, resolve_actor, resolve_state
from analysis.schema import FIRST_YEAR, LAST_YEAR
from analysis.store import read_table

_POWER_KINDS = ("state", "organisation")
_KINDS = {
    "language": "str", "state": "str", "start": "str", "end": "str", "months": "int", "powers": "list[str]",
    "comparison": "list[str]", "states": "list[str]", "sources": "list[str]",
}  # fmt: skip
"""How a notebook declares what a question is made of; any other parameter is its own matter."""


def needs_archive(parameters: Mapping[str, Any]) -> bool:
    """Whether a notebook with such parameters reads the archive of machine-coded events."""
    return "sources" in parameters


def check_question(parameters: Mapping[str, Any], data: Path) -> dict[str, Any]:
    """Parameters with every actor as its code and every date as ISO, if the data can answer them.

    A notebook with the parameter `sources` reads the archive of machine-coded events.

    Parameters
    ----------
    parameters : mapping
        Typed values, as :func:`analysis.reporting.parameters.check_parameters` returns them.
    data : Path
        Folder of built tables.

    Raises
    ------
    UnknownNameError
        As :func:`resolve_question`; if a source is not known.
    TightropeError
        As :func:`resolve_question`; if the end lies beyond the data, or no event lies in the window; if there is no
        archive, or no file of the sources speaks of the window.
    """
    checked = resolve_question(parameters)
    if {"state", "powers", "start", "end"} <= checked.keys():
        _check_events(checked, data)
    if {"sources", "start", "end"} <= checked.keys():
        _check_archive(checked, data)
    return checked


def resolve_question(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters with every actor as its code and every date as ISO, whatever the data hold.

    Only the parameters that a notebook declares are looked at: state, powers, comparison, states,
    start, end, months, language.

    Parameters
    ----------
    parameters : mapping
        Typed values, as :func:`analysis.reporting.parameters.check_parameters` returns them.

    Raises
    ------
    UnknownNameError
        If a state, power or language is not known; names near matches.
    TightropeError
        If one of these is declared as something else; if a date is none, the start lies after the end, or on it where
        powers are compared; if a power is named twice or is the state itself, fewer than two powers are named; if no
        state is named, or one twice.

    Examples
    --------
    >>> resolve_question({"state": "Togo", "powers": ["France", "RUS"], "end": "2026-02-28"})
    {'state': 'TGO', 'powers': ['FRA', 'RUS'], 'end': '2026-02-28'}
    """
    checked = dict(parameters)
    for name, kind in _KINDS.items():
        if name in checked and not _is_kind(checked[name], kind):
            raise TightropeError(f"{name} is {checked[name]!r:.100}; a notebook declares it as {kind}")
    if "language" in checked and checked["language"] not in LANGUAGES:
        raise UnknownNameError("language", checked["language"], LANGUAGES)
    for name in {"start", "end"} & checked.keys():
        checked[name] = _day(name, checked[name]).date().isoformat()  # strftime writes the year 800 with three digits
    if {"start", "end"} <= checked.keys() and checked["start"] > checked["end"]:
        raise TightropeError(
            f"start {checked['start']} lies after end {checked['end']}; give an earlier start or a later end"
        )
    if "powers" in checked and checked.get("start", "") == checked.get("end"):
        raise TightropeError(f"the window {checked['start']} has one day; two or more are accepted, to have halves")
    if checked.get("months", 1) < 1:
        raise TightropeError(f"months is {checked['months']}; a window of 1 month or more is accepted")
    if "state" in checked:
        checked["state"] = resolve_state(checked["state"])
    if "powers" in checked:
        checked["powers"] = _powers(checked["powers"], checked.get("state"))
    if checked.get("comparison"):
        checked["comparison"] = [resolve_state(name) for name in checked["comparison"]]
    if "states" in checked:
        checked["states"] = _states(checked["states"])
    return checked


def _is_kind(value: Any, kind: str) -> bool:
    if kind == "list[str]":
        return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    return isinstance(value, str if kind == "str" else int)


def _day(name: str, value: str) -> pd.Timestamp:
    try:
        # pandas would read "today" by the clock.
        day = datetime.strptime(value, "%Y-%m-%d")
    except (ValueError, TypeError):
        raise TightropeError(f"{name} {value!r} is no date; write it as YYYY-MM-DD") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise TightropeError(f"{name} {value} lies outside the years that a date may have, {FIRST_YEAR} to {LAST_YEAR}")
    return pd.Timestamp(day)


def _powers(names: list[str], state: str | None) -> list[str]:
    codes = []
    for name in names:
        try:
            power = resolve_actor(name)
        except UnknownNameError as error:
            accepted = actors_table()
            accepted = accepted[accepted["kind"].isin(_POWER_KINDS)]
            raise UnknownNameError(
                "power", name, [*accepted["actor_code"], *accepted["name_en"], *error.near]
            ) from None
        if power.kind not in _POWER_KINDS or power.role:
            raise TightropeError(f"{name!r} is no power: a state or an organisation of states is accepted")
        codes.append(power.actor_code)
    _refuse_repeated("power", codes)
    if state in codes:
        raise TightropeError(f"{state} is the state itself; name the powers it stands between")
    if len(codes) < 2:
        raise TightropeError(f"a balance needs at least two powers; given: {', '.join(codes) or 'none'}")
    return codes


def _states(names: list[str]) -> list[str]:
    codes = [resolve_state(name) for name in names]
    if not codes:
        raise TightropeError("states is empty; name one or more")
    _refuse_repeated("state", codes)
    return codes


def _refuse_repeated(kind: str, codes: list[str]) -> None:
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    if repeated:
        raise TightropeError(f"{kind} {', '.join(repeated)} is named twice; name each once")


def _check_archive(question: Mapping[str, Any], data: Path) -> None:
    # Engines are loaded with the archive; a question that does not need it should not wait for them.
    from analysis.archive.read import describe_coverage, read_ledger
    from analysis.archive.rows import source_names

    ledger = read_ledger(Path(data) / ARCHIVE.name)
    known = source_names(ledger)
    for name in question["sources"]:
        if name not in known:
            raise UnknownNameError("source of events", name, known)
    _refuse_repeated("source", question["sources"])
    chosen = question["sources"] or known
    months = {month for name in chosen for part in ledger.parts(name) for month in part.months}
    first, last = question["start"][:7], question["end"][:7]
    # Where no row stands at all, why that is so is what the report has to tell.
    if months and not any(first <= month <= last for month in months):
        held = "; ".join(f"{name}: {describe_coverage(ledger, name)}" for name in chosen)
        raise TightropeError(
            f"no coded event from {question['start']} to {question['end']}; {held}: widen --start or --end"
        )


def _check_events(question: Mapping[str, Any], data: Path) -> None:
    dyads, events = read_table("dyad_events", data), read_table("events", data)
    if events.empty:
        raise TightropeError("the tables hold no event; add a file of events to the raw folder and build again")
    covered = events["date_start"].max()
    if pd.Timestamp(question["end"]) > covered:
        raise TightropeError(
            f"end {question['end']} lies beyond the data, which run to {covered:%Y-%m-%d}: what came after is not known"
        )
    state, powers = question["state"], question["powers"]
    concerned = dyads[
        ((dyads["actor_a"] == state) & dyads["actor_b"].isin(powers))
        | ((dyads["actor_b"] == state) & dyads["actor_a"].isin(powers))
    ]
    dated = events[events["event_id"].isin(concerned["event_id"])]
    between = f"between {state} and {', '.join(powers)}"
    if dated.empty:
        first, last = events["date_start"].min(), events["date_end"].max()
        raise TightropeError(
            f"no event {between} at any time; the tables hold {len(events)} events "
            f"from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        )
    inside = (dated["date_end"] >= question["start"]) & (dated["date_start"] <= question["end"])
    if not inside.any():
        first, last = dated["date_start"].min(), dated["date_end"].max()
        raise TightropeError(
            f"no event {between} from {question['start']} to {question['end']}; "
            f"{len(dated)} lie from {first:%Y-%m-%d} to {last:%Y-%m-%d}: widen --start or --end"
        )
