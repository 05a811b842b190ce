"""Who was in which organisation when: one panel per organisation, one row per state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    day_number,
    day_numbers,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_date_axis,
    text_width,
    wrap_to,
)
from analysis.figures.keys import draw_key, key_height, name_marks, wrap_key
from analysis.figures.membership_marks import KEY, Marks, Window, draw_spells, find_marks
from analysis.figures.strokes import rule_rows
from analysis.figures.style import SMALL, actor_colour, power_order
from analysis.figures.wording import alt_empty, caption_empty, chain, fit, list_names, name_of, source_line
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count, format_day, format_period, join

_COLUMNS = ("state", "organisation", "kind", "start", "end", "start_precision", "end_precision")
_ACROSS, _ROW, _HEAD, _FOOT, _GAP = 4, 0.19, 0.38, 0.3, 0.3  # inches, but for panels across

_EMPTY = message("No memberships are on record for these states and organisations.")
_CAPTION = message("Members on record on {end}, of {states}: {parts}.")
_PART = message("{organisation} {members}")
_EXITS = message("Left from {start} on: {exits}.")
_EXIT = message("{organisation}: {leavers}")
_LEAVERS = message("{states} ({day})")
_NO_EXITS = message("No exit is on record from {start} on.")
_PARTIAL = {
    "associate": message("Associates, who are no members and not counted: {spells}."),
    "observer": message("Observers, who are no members and not counted: {spells}."),
}
_PARTIAL_SPELL = message("{states} ({organisation})")
_PARTIAL_TO = message("{state} ({organisation}, to {day})")
_SUSPENSIONS = message("Suspended for some of the time: {suspensions}.")
_SUSPENSION = message("{states} ({organisation})")
_ALT = message(
    "Bars over time, {start} to {end}, one panel per organisation ({organisations}), "
    "one row for each of {states}; suspensions are hatched."
)


@in_house_style
def plot_memberships(
    spells: pd.DataFrame,
    states: Sequence[str],
    organisations: Sequence[str],
    start: pd.Timestamp | str,
    end: pd.Timestamp | str,
    names: Mapping[str, str],
) -> Figure | Axes:
    """Draw each state's time in each organisation.

    Parameters
    ----------
    spells : DataFrame
        ``state, organisation, kind`` (membership, associate, observer, suspension)``, start, end, start_precision,
        end_precision``. A missing end means that it lasts; a missing start, that it is not known
        when it began.
    states, organisations : sequence of str
        Codes, in the order of the rows and of the panels.
    start, end : Timestamp or str
        First and last day of the axis.
    names : mapping
        Actor code to the reader's name.

    Returns
    -------
    Figure
        One axes per organisation; a single axes with the reason where there is nothing to draw.
    """
    require_columns(spells, _COLUMNS, "memberships")
    rows, panels = power_order(states), power_order(organisations)
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    shown = _within(spells, rows, panels, first, last)
    if not rows or not panels or shown.empty:
        return empty_panel(say(_EMPTY))
    left = max(text_width(name_of(state, names), 8) for state in rows) + 0.15
    across = min(len(panels), _ACROSS)
    width = (WIDTH_INCHES - left - 0.22 - _GAP * (across - 1)) / across
    heads = [wrap_to(name_of(code, names), 8.5, 0.92 * width) for code in panels]
    head = _HEAD + 0.14 * max(text.count("\n") for text in heads)
    height, lines = _ROW * len(rows), -(-len(panels) // across)
    window = Window(day_number(first), day_number(last))
    spells_of: dict[tuple[str, str], list[tuple[Any, Marks]]] = {(code, state): [] for code in panels for state in rows}
    for spell in each_row(shown.assign(first=day_numbers(shown["start"]), last=day_numbers(shown["end"]))):
        spells_of[spell.organisation, spell.state].append((spell, find_marks(spell, window)))
    marks = {name for spells in spells_of.values() for _, found in spells for name in found.names}
    key = wrap_key(name_marks(KEY, marks), 7.5)
    total = lines * (head + height + _FOOT) + key_height(key, 7.5)
    figure = new_figure(total)
    for number, code in enumerate(panels):
        line, column = divmod(number, across)
        bottom = total - (line + 1) * (head + height + _FOOT) + _FOOT
        axes = add_panel(figure, left + column * (width + _GAP), bottom, width, height)
        axes.annotate(heads[number], (0, 1), (0, 3), xycoords="axes fraction", textcoords="offset points",
                      weight="bold", size=8.5, va="bottom")  # fmt: skip
        set_date_axis(axes, first, last, most=max(2, int(width / 0.29)))
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.tick_params(axis="x", labelsize=SMALL)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        rule_rows(axes, [row + 0.5 for row in range(len(rows))], linewidth=0.5)
        for row, state in enumerate(rows):
            draw_spells(axes, row, spells_of[code, state], actor_colour(code))
        labelled = rows if not column else []
        axes.set_yticks(range(len(labelled)), [name_of(state, names) for state in labelled])
    draw_key(figure, key, 7.5)
    return figure


def caption_memberships(
    spells: pd.DataFrame,
    states: Sequence[str],
    organisations: Sequence[str],
    start: pd.Timestamp | str,
    end: pd.Timestamp | str,
    names: Mapping[str, str],
    *,
    source: str = message("curated memberships"),
) -> str:
    """Say how many states are members on the last day, who left, and who was suspended."""
    rows, panels = power_order(states), power_order(organisations)
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    shown = _within(spells, rows, panels, first, last)
    if not rows or not panels or shown.empty:
        return caption_empty(_EMPTY, source)
    sentences = [
        _standing(shown, rows, panels, last, names),
        *_partial(shown, last, names),
        _exits(shown, first, last, names),
        _suspended(shown, names),
    ]
    return " ".join([*filter(None, sentences), source_line(source)])


def alt_memberships(
    spells: pd.DataFrame,
    states: Sequence[str],
    organisations: Sequence[str],
    start: pd.Timestamp | str,
    end: pd.Timestamp | str,
    names: Mapping[str, str],
) -> str:
    """Give standing, exits and suspensions to a reader who cannot see the bars."""
    rows, panels = power_order(states), power_order(organisations)
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    shown = _within(spells, rows, panels, first, last)
    if not rows or not panels or shown.empty:
        return alt_empty(_EMPTY)
    head = say(
        _ALT, start=format_day(first), end=format_day(last), states=count(len(rows), "state", "states"),
        organisations=list_names(panels, names),
    )  # fmt: skip
    return fit(
        [
            head,
            _standing(shown, rows, panels, last, names),
            *_partial(shown, last, names),
            _exits(shown, first, last, names),
            _suspended(shown, names),
        ]
    )


def _within(
    spells: pd.DataFrame, states: list[str], organisations: list[str], first: pd.Timestamp, last: pd.Timestamp
) -> pd.DataFrame:
    """Select the spells of these states and organisations that reach into the window, each at most once."""
    frame = spells.reindex(columns=list(_COLUMNS)) if spells.empty else spells
    kept = frame[frame["state"].isin(states) & frame["organisation"].isin(organisations)]
    kept = kept.assign(start=pd.to_datetime(kept["start"]), end=pd.to_datetime(kept["end"]))
    reaches = ~(kept["start"] > last) & ~(kept["end"] < first)
    return kept[reaches].sort_values(["kind", "start", "end"], kind="stable")


def _standing(
    shown: pd.DataFrame, states: list[str], organisations: list[str], last: pd.Timestamp, names: Mapping[str, str]
) -> str:
    members: dict[str, set[str]] = {code: set() for code in organisations}
    for row in each_row(shown):
        if row.kind == "membership" and not row.end <= last:
            members[row.organisation].add(row.state)
    parts = (
        say(
            _PART,
            organisation=name_of(code, names),
            members=format_digits(len(members[code]), 0),
        )
        for code in organisations
    )
    return say(_CAPTION, end=format_day(last), states=count(len(states), "state", "states"), parts=join(parts))


def _partial(shown: pd.DataFrame, last: pd.Timestamp, names: Mapping[str, str]) -> list[str]:
    """Who was an associate or an observer within the window: drawn, and counted as no member."""
    said = []
    for kind, text in _PARTIAL.items():
        own = shown[shown["kind"] == kind]
        spells = []
        for code, rows in own.groupby("organisation", sort=True):
            about = {"organisation": name_of(str(code), names)}
            still = [row.state for row in each_row(rows) if not row.end <= last]
            spells += [say(_PARTIAL_SPELL, states=list_names(sorted(still), names), **about)] if still else []
            spells += [
                say(_PARTIAL_TO, state=name_of(row.state, names), day=_known_day(row), **about)
                for row in each_row(rows)
                if row.end <= last
            ]
        said += [say(text, spells=join(spells))] if spells else []
    return said


def _exits(shown: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, names: Mapping[str, str]) -> str:
    leavers: dict[str, dict[str, list[str]]] = {}
    gone = [row for row in each_row(shown) if row.kind == "membership" and row.end <= last]
    for row in sorted(gone, key=lambda row: (row.end, row.organisation, row.state)):
        leavers.setdefault(row.organisation, {}).setdefault(_known_day(row), []).append(row.state)
    listed = [
        say(
            _EXIT,
            organisation=name_of(code, names),
            leavers=join(say(_LEAVERS, states=list_names(states, names), day=day) for day, states in days.items()),
        )
        for code, days in leavers.items()
    ]
    if not listed:
        return say(_NO_EXITS, start=format_day(first))
    return say(_EXITS, start=format_day(first), exits=chain(listed))


def _known_day(row: Any) -> str:
    return format_period(row.end, row.end, "month" if row.end_precision == "quarter" else str(row.end_precision))


def _suspended(shown: pd.DataFrame, names: Mapping[str, str]) -> str:
    suspended: dict[str, set[str]] = {}
    for row in each_row(shown):
        if row.kind == "suspension":
            suspended.setdefault(row.organisation, set()).add(row.state)
    listed = [
        say(_SUSPENSION, organisation=name_of(code, names), states=list_names(sorted(states), names))
        for code, states in sorted(suspended.items())
    ]
    return say(_SUSPENSIONS, suspensions=chain(listed)) if listed else ""
