"""What the figure of the neighbours says in its caption and to a reader who cannot see it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.figures.terms import say_term
from analysis.figures.wording import (
    alt_empty,
    caption_empty,
    fit,
    format_amount,
    format_interval,
    has_no_width,
    is_given,
    list_names,
    name_of,
    source_line,
)
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count, count_amount, format_number

EMPTY = message("No states were compared.")
_NO_REASON = message("no interval")
_OWN = message(
    "{state} has a tilt of {tilt} ({level} % interval {range}, {events}) and a depth of {depth} a year{rank}."
)
_OWN_FEW = message("{state} has no tilt to show ({reason}, {events}) and a depth of {depth} a year{rank}.")
_OWN_MISSING = message("{state} is not among the states compared.")
_RANK = message(", deeper than {n} of the {others} other states")
_RANK_FIRST = message(", deeper than every other state")
_RANK_LAST = message(", no deeper than any other state")
_OTHERS = message(
    "States placed on the side of {a} (+1): {with_a}; on that of {b} (−1): {with_b}; on neither: {with_none}."
)
_ATTENTION = message("Events were gathered by searching, not sampled, so depth also measures attention.")
_LEFT_OUT = message("Without one, at the right: {states}.")
_WIDTHLESS = message(
    "Diamonds ({states}) mark intervals without width: all cooperation is with one power, "
    "which is a limit of the method and not certainty."
)
_ALT = message(
    "Dots of depth, upwards from 0 to {deepest} a year, against tilt, "
    "from −1 (all with {b}) to +1 (all with {a}), with {level} % intervals."
)
_ALT_STATE = message("{name}: tilt {tilt}, depth {depth}.")


def caption_neighbours(
    compared: pd.DataFrame,
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    level: float = 0.90,
    source: str = message("curated events"),
) -> str:
    """State the subject's tilt, depth and rank, and on which side the others stand."""
    if compared.empty:
        return caption_empty(EMPTY, source, 0)
    spoken, rest = part_states(compared, state)
    sentences = [_own(compared, state, names, level), _others(spoken, a, b, names)]
    if len(rest):
        sentences.append(say(_LEFT_OUT, states=list_names(rest["state"], names)))
    pointed = [row.state for row in each_row(spoken) if has_no_width(row.low, row.high)]
    if pointed:
        sentences.append(say(_WIDTHLESS, states=list_names(pointed, names)))
    return " ".join([*filter(None, sentences), say(_ATTENTION), source_line(source)])


def alt_neighbours(
    compared: pd.DataFrame,
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    level: float = 0.90,
) -> str:
    """Give axes, subject and neighbours to a reader who cannot see the dots."""
    if compared.empty:
        return alt_empty(EMPTY)
    spoken, rest = part_states(compared, state)
    head = say(
        _ALT, deepest=_points(compared["depth"].max()), a=name_of(a, names), b=name_of(b, names),
        level=format_number(100 * level, 0),
    )  # fmt: skip
    others = [
        say(
            _ALT_STATE,
            name=name_of(row.state, names),
            tilt=format_number(row.tilt, signed=True),
            depth=format_amount(row.depth),
        )
        for row in each_row(spoken[spoken["state"] != state])
    ]
    left_out = say(_LEFT_OUT, states=list_names(rest["state"], names)) if len(rest) else ""
    return fit([head, _own(compared, state, names, level), left_out, *others])


def part_states(compared: pd.DataFrame, state: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """States with a tilt and its interval, the subject first so that its label goes nearest; and the others."""
    rows = list(each_row(compared))
    places = sorted(range(len(rows)), key=lambda place: _rank(rows[place], state))
    given = [all(map(is_given, (rows[place].tilt, rows[place].low, rows[place].high))) for place in places]
    spoken = [place for place, has_interval in zip(places, given, strict=True) if has_interval]
    return compared.iloc[spoken], compared.iloc[[place for place in places if place not in spoken]]


def _rank(row: Any, state: str) -> tuple[bool, float, str]:
    return row.state != state, -row.depth if is_given(row.depth) else math.inf, row.state


def say_reason(reason: object) -> str:
    """Why a state has no interval, in the reader's words."""
    return say_term(reason) if is_given(reason) else say(_NO_REASON)


def _own(compared: pd.DataFrame, state: str, names: Mapping[str, str], level: float) -> str:
    own = compared[compared["state"] == state]
    if own.empty:
        return say(_OWN_MISSING, state=name_of(state, names))
    row = own.iloc[0]
    about = {
        "state": name_of(state, names),
        "events": count(int(row["n_events"]), "event of cooperation", "events of cooperation"),
        "depth": _points(row["depth"]),
        "rank": _rank_depth(compared, state),
    }
    if row[["tilt", "low", "high"]].notna().all():
        return say(
            _OWN, tilt=format_number(row["tilt"], signed=True), range=format_interval(row["low"], row["high"]),
            level=format_number(100 * level, 0), **about,
        )  # fmt: skip
    return say(_OWN_FEW, reason=say_reason(row["reason"]), **about)


def _rank_depth(compared: pd.DataFrame, state: str) -> str:
    is_own = compared["state"] == state
    others = compared.loc[~is_own, "depth"]
    n_lower = int((others < compared.loc[is_own, "depth"].iloc[0]).sum())
    if others.empty:
        return ""
    ranked = {len(others): _RANK_FIRST, 0: _RANK_LAST}.get(n_lower, _RANK)
    return say(ranked, n=format_digits(n_lower, 0), others=format_digits(len(others), 0))


def _points(depth: float) -> str:
    return count_amount(float(depth), "effect point", "effect points")


def _others(spoken: pd.DataFrame, a: str, b: str, names: Mapping[str, str]) -> str:
    if spoken.empty:
        return ""
    toward, against = spoken["low"] > 0, spoken["high"] < 0
    return say(
        _OTHERS, with_a=format_digits(toward.sum(), 0), with_b=format_digits(against.sum(), 0),
        with_none=format_digits((~toward & ~against).sum(), 0), a=name_of(a, names), b=name_of(b, names),
    )  # fmt: skip
