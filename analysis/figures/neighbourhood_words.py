"""What the figure of a neighbourhood says in its caption and to a reader who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.figures.neighbourhood_marks import (
    ATTEMPT,
    COUP,
    LEFT,
)
from analysis.figures.wording import (
    alt_empty,
    caption_empty,
    fit,
    format_amount,
    is_given,
    list_names,
    name_of,
    source_line,
)
from analysis.language import message, say, say_number
from analysis.measures.spread import DAYS_A_YEAR
from analysis.schema.rows import each_row
from analysis.wording import count, format_day, format_number

EMPTY = message("No states were compared.")
_OWN = message("{state} in the years with an interval: {tilts}.")
_OWN_NONE = message("No year of {state} has events enough for an interval.")
_YEAR = message("{tilt} in {year}")
_YEAR_FEW = message("{tilt} in {year} (too few events)")
_COUPS = message("Coups are on record in {states}.")
_ATTEMPTS = message("A coup was attempted in {states}.")
_LEAVERS = message("{states} left {organisation}.")
_PARTIAL_FIRST = message("{year} begins on {day}.")
_PARTIAL_LAST = message("{year} ends on {day}.")
_ATTENTION = message("Depth also measures how much was looked for.")
_ALT = message(
    "Small panels of {states}, {first} to {last}: tilt by year from −1 (all with {b}) to +1 (all with {a}), bars of "
    "depth (cooperation within the year) up to {deepest} {unit}."
)
_ALT_STATE = message("{state:bare}: {tilts}.")
_ALT_NOTHING = message("No cooperation on record: {states}.")


def caption_neighbourhood(
    years: pd.DataFrame,
    happenings: pd.DataFrame,
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    source: str = message("curated events"),
) -> str:
    """Say how many years can be told, where the subject stood in them, and what is marked."""
    if years.empty:
        return caption_empty(EMPTY, source, 0)
    some = years[years["n_events"] > 0]
    known = some["low"].notna()
    own = some[known & (some["state"] == state)]
    tilts = _list_tilts(own)
    start, end = years["date_start"].min(), years["date_end"].max()
    sentences = [
        say_number(
            int(known.sum()),
            "Of {years} of a state with cooperation on record, {n} has events enough for an interval; the others "
            "(hollow) show a value and claim nothing.",
            "Of {years} of a state with cooperation on record, {n} have events enough for an interval; the others "
            "(hollow) show a value and claim nothing.",
            years=count(len(some), "year", "years"),
        ),
        say(_OWN, state=name_of(state, names), tilts=tilts) if tilts else say(_OWN_NONE, state=name_of(state, names)),
        *_name_happenings(happenings, names),
        say(_PARTIAL_FIRST, year=start.year, day=format_day(start)) if start.day_of_year > 1 else "",
        say(_PARTIAL_LAST, year=end.year, day=format_day(end)) if (end.month, end.day) != (12, 31) else "",
        say(_ATTENTION),
    ]
    return " ".join([*filter(None, sentences), source_line(source)])


def alt_neighbourhood(
    years: pd.DataFrame,
    happenings: pd.DataFrame,
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    unit: str = message("effect points"),
) -> str:
    """Give the tilts of the years to a reader who cannot see the panels, the subject first."""
    if years.empty:
        return alt_empty(EMPTY)
    states = list(dict.fromkeys(years["state"]))
    head = say(
        _ALT, states=count(len(states), "state", "states"), first=years["date_start"].min().year,
        last=years["date_end"].max().year, a=name_of(a, names), b=name_of(b, names),
        deepest=format_amount(amounts_of(years).max()), unit=say(unit),
    )  # fmt: skip
    told, silent = [], []
    for code in sorted(states, key=lambda code: code != state):
        own = years[(years["state"] == code) & years["tilt"].notna()]
        if own.empty:
            silent.append(code)
        else:
            told.append(say(_ALT_STATE, state=name_of(code, names), tilts=_list_tilts(own)))
    nothing = say(_ALT_NOTHING, states=list_names(silent, names)) if silent else ""
    return fit([head, *told[:1], *_name_happenings(happenings, names), nothing, *told[1:]])


def _list_tilts(years: pd.DataFrame) -> str:
    return ", ".join(
        say(
            _YEAR if is_given(row.low) else _YEAR_FEW, tilt=format_number(row.tilt, signed=True),
            year=row.date_start.year,
        )
        for row in each_row(years)
    )  # fmt: skip


def _name_happenings(happenings: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """What is marked, by kind: in which states, each once."""
    sentences = []
    for kind, text in ((COUP, _COUPS), (ATTEMPT, _ATTEMPTS)):
        there = dict.fromkeys(happenings.loc[happenings["kind"] == kind, "state"])
        sentences += [say(text, states=list_names(there, names))] if there else []
    for organisation, rows in happenings[happenings["kind"] == LEFT].groupby("organisation", sort=True):
        states = list_names(dict.fromkeys(rows["state"]), names)
        sentences.append(say(_LEAVERS, states=states, organisation=name_of(str(organisation), names)))
    return sentences


def amounts_of(years: pd.DataFrame) -> pd.Series:
    """The cooperation of each span itself: two months made a year of would outgrow the years beside them."""
    days = (years["date_end"] - years["date_start"]).dt.days + 1
    return years["depth"].astype(float) * days / DAYS_A_YEAR
