"""The neighbourhood of a briefing: its states by year and by half, what befell them, and what can be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import reference
from analysis.briefing.evidence import Evidence
from analysis.briefing.happenings import find_happenings, list_happenings
from analysis.briefing.wording import list_names, name_of, short_names, spoken
from analysis.language import Name, message, say
from analysis.language.names import as_name
from analysis.measures import (
    BalanceChange,
    compare_spans,
    count_standings,
    measure_balance_change,
    split_halves,
    split_years,
)
from analysis.measures.neighbourhood import BETWEEN, MINIMUM_STATES, NONE, TOO_FEW, TOWARDS_A, TOWARDS_B
from analysis.wording import count, format_day, format_end, format_number, format_percent

_SETTLED = 0.95

_RANGE = message("{tilt}, interval {low} to {high}")

_NOTHING = message("No cooperation of {state} with {a} or {b} is on record, which is not to say that there was none.")
_FEW_BOTH = message("{state} has too few events to say: {early} up to {day}, {late} since.")
_NEW_LEAN = message(
    "{state} {state:leans|lean} towards {power} since {day} ({tilt}); before, too few events are on record to say."
)
_NEW_BETWEEN = message(
    "{state} could not be placed on either side since {day} ({tilt}); before, too few events are on record to say."
)
_NEW_ALL = message(
    "All cooperation of {state} since {day} is with {power} ({events}, which is no sign of certainty); before, too few "
    "events are on record to say."
)
_OLD_LEAN = message(
    "{state} leaned towards {power} up to {day} ({tilt}); since then too few events are on record to say."
)
_OLD_BETWEEN = message(
    "{state} could not be placed on either side up to {day} ({tilt}); since then too few events are on record to say."
)
_STILL_LEAN = message("{state} leaned towards {power} up to {day} ({early}) and since ({late}).")
_STILL_BETWEEN = message("{state} could not be placed on either side, up to {day} ({early}) or since ({late}).")
_MOVED_APART = message(
    "{state} moved towards {power}: up to {day} {early}, since then {late}, and the two intervals do not meet."
)
_MOVED = message("{state} moved towards {power}: up to {day} {early}, since then {late}, but the two intervals meet.")
_ON_RECORD = message("There: {happenings}.")

_COUNTED = message(
    "Of the states with events enough for a tilt, {early_between} of {early} could not be placed on either side of {a} "
    "and {b} up to {day}, and {late_between} of {late} since. That an interval holds zero is no sign of standing "
    "between them."
)
_COUNTED_LATE = message(
    "Up to {day} no state has events enough to say where it stood; since then {late_between} of {late} cannot be "
    "placed on either side of {a} and {b}."
)
_COUNTED_EARLY = message(
    "Up to {day} {early_between} of {early} states with events enough for a tilt could not be placed on either side "
    "of {a} and {b}; since then none has events enough."
)
_COUNTED_NONE = message("In neither half of the window has any state events enough to say where it stands.")
_NO_CHANGE = message(
    "No state has events enough in both halves, so whether more refuse to choose one camp cannot be said."
)
_ROSE = message(
    "The cooperation of {states}, with events enough in both halves, is spread more evenly over {powers} since than "
    "before: mean evenness {early} and then {late}, higher in {share} of the draws."
)
_FELL = message(
    "The cooperation of {states}, with events enough in both halves, is spread less evenly over {powers} since than "
    "before: mean evenness {early} and then {late}, higher in {share} of the draws only."
)
_OPEN = message(
    "The evenness of the cooperation of {states} with {powers}, for which alone both halves hold events enough, is "
    "{early} up to {day} and {late} since, higher in {share} of the draws: no change is settled."
)
_TOO_FEW_STATES = message(
    "With fewer than {n} such states this says nothing of the region: whether more states refuse to choose one camp "
    "cannot be said from these events."
)


@dataclass(frozen=True)
class Neighbourhood:
    """The compared states in the halves of the window, the change of balance between these, and what befell them.

    ``halves`` as from :func:`~analysis.measures.compare_spans`, ``happenings`` as from :func:`find_happenings`.
    """

    halves: pd.DataFrame
    change: BalanceChange
    happenings: pd.DataFrame


def measure_neighbourhood(evidence: Evidence) -> Neighbourhood:
    """Measure the compared states in each half of the window.

    Raises
    ------
    MeasureError
        If the window has one day only, or there is one power only.
    """
    given = (evidence.dyad_events, evidence.events, evidence.states, evidence.powers)
    early, late = split_halves(evidence.start, evidence.end)
    halves = compare_spans(*given, [early, late])
    # The change asks the states with an interval in both halves alone; the others need not be measured again.
    known = halves["evenness_low"].notna().groupby(halves["state"], sort=False).all()
    asked = list(known.index[known]) or evidence.states
    return Neighbourhood(
        halves=halves,
        change=measure_balance_change(*given[:2], asked, evidence.powers, early=early, late=late),
        happenings=find_happenings(evidence),
    )


def measure_years(evidence: Evidence) -> pd.DataFrame:
    """Measure the compared states in each calendar year of the window.

    Returns
    -------
    DataFrame
        As from :func:`~analysis.measures.compare_spans`.
    """
    years = split_years(evidence.start, evidence.end)
    return compare_spans(evidence.dyad_events, evidence.events, evidence.states, evidence.powers, years)


def with_acronyms(evidence: Evidence, organisations: Iterable[str] = ()) -> dict[str, Name]:
    """The reader's names, organisations (by default the blocs) by their acronyms in their language.

    They keep captions and panels short; the text spells them out.
    """
    codes = organisations or reference.load("network_blocs")["organisation"]
    return {**{code: as_name(name) for code, name in evidence.names.items()}, **short_names(codes)}


@spoken
def write_balance_change(evidence: Evidence, moves: Neighbourhood) -> list[str]:
    """Whether more of the compared states are on no power's side in the second half than in the first.

    Returns
    -------
    list of str
        The count of the states that cannot be placed on either side, and the change of mean evenness with its
        reservation.
    """
    a, b = (name_of(evidence, power) for power in evidence.powers[:2])
    counts = count_standings(moves.halves)
    placed = counts[[TOWARDS_A, TOWARDS_B, BETWEEN]].sum(axis=1).tolist()
    between = counts[BETWEEN].tolist()
    text = {
        (True, True): _COUNTED, (False, True): _COUNTED_LATE, (True, False): _COUNTED_EARLY,
    }.get((placed[0] > 0, placed[1] > 0), _COUNTED_NONE)  # fmt: skip
    day = format_day(moves.halves["date_end"].min())
    counted = say(
        text, early=placed[0], late=placed[1], early_between=between[0], late_between=between[1], a=a, b=b, day=day
    )
    return [counted, _write_evenness(evidence, moves.change, day)]


@spoken
def write_neighbourhood(evidence: Evidence, moves: Neighbourhood) -> list[str]:
    """Where each compared state stands and how it moved between the halves of the window, one sentence each.

    What befell it (coups, suspensions, exits from a bloc) follows with its dates.
    """
    return [_write_state(evidence, moves, state) for state in evidence.states]


def _write_evenness(evidence: Evidence, change: BalanceChange, day: str) -> str:
    if not change.states or change.probability_rose is None:
        return say(_NO_CHANGE)
    share = change.probability_rose
    text = _ROSE if share >= _SETTLED else _FELL if share <= 1 - _SETTLED else _OPEN
    said = say(
        text, states=list_names(evidence, change.states), powers=list_names(evidence, evidence.powers), day=day,
        early=format_number(change.early), late=format_number(change.late), share=format_percent(share),
    )  # fmt: skip
    return f"{said} {say(_TOO_FEW_STATES, n=MINIMUM_STATES)}" if change.reason else said


def _write_state(evidence: Evidence, moves: Neighbourhood, state: str) -> str:
    early, late = moves.halves[moves.halves["state"] == state].to_dict("records")
    a, b = (name_of(evidence, power) for power in evidence.powers[:2])
    about: dict[str, Any] = {
        "state": name_of(evidence, state), "a": a, "b": b,
        "day": format_day(early["date_end"] if _is_placed(early) or not _is_placed(late) else late["date_start"]),
    }  # fmt: skip
    sentence = _write_standing(early, late, about, {TOWARDS_A: a, TOWARDS_B: b})
    here = moves.happenings[moves.happenings["state"] == state]
    if here.empty:
        return sentence
    return f"{sentence} {say(_ON_RECORD, happenings=list_happenings(here))}"


def _write_standing(
    early: Mapping[str, Any], late: Mapping[str, Any], about: dict[str, Any], sides: Mapping[str, Name]
) -> str:
    if {early["standing"], late["standing"]} == {NONE}:
        return say(_NOTHING, **about)
    if not _is_placed(early) and not _is_placed(late):
        numbers = (count(half["n_events"], "event", "events") for half in (early, late))
        return say(_FEW_BOTH, **about, **dict(zip(("early", "late"), numbers, strict=True)))
    if not _is_placed(early):
        about |= {"power": sides.get(late["standing"]), "tilt": _with_range(late)}
        if late["low"] == late["high"]:
            return say(_NEW_ALL, events=count(late["n_events"], "event", "events"), **about)
        return say(_NEW_BETWEEN if late["standing"] == BETWEEN else _NEW_LEAN, **about)
    if not _is_placed(late):
        about |= {"power": sides.get(early["standing"]), "tilt": _with_range(early)}
        return say(_OLD_BETWEEN if early["standing"] == BETWEEN else _OLD_LEAN, **about)
    about |= {"early": _with_range(early), "late": _with_range(late)}
    if early["standing"] == late["standing"]:
        text = _STILL_BETWEEN if late["standing"] == BETWEEN else _STILL_LEAN
        return say(text, power=sides.get(late["standing"]), **about)
    towards = sides[TOWARDS_A if late["tilt"] > early["tilt"] else TOWARDS_B]
    do_meet = early["low"] <= late["high"] and late["low"] <= early["high"]
    return say(_MOVED if do_meet else _MOVED_APART, power=towards, **about)


def _is_placed(half: Mapping[str, Any]) -> bool:
    return half["standing"] not in (TOO_FEW, NONE)


def _with_range(half: Mapping[str, Any]) -> str:
    tilt = format_number(half["tilt"], signed=True)
    return say(_RANGE, tilt=tilt, low=format_end(half["low"]), high=format_end(half["high"]))
