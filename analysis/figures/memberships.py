"""Who was in which organisation when: one panel per organisation, one row per state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    day_number,
    day_numbers,
    draw_key,
    empty_panel,
    in_house_style,
    key_height,
    new_figure,
    require_columns,
    set_date_axis,
    text_width,
    wrap_key,
    wrap_to,
)
from analysis.figures.strokes import Bar, add_bars, add_line, rule_rows
from analysis.figures.style import CONTEXT, CONTEXT_MARK, INK, actor_colour, power_order
from analysis.figures.wording import alt_empty, caption_empty, chain, fit, list_names, name_of, source_line
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count, format_day, join

_COLUMNS = ("state", "organisation", "kind", "start", "end", "start_precision", "end_precision")
_DAYS = {"day": 0, "week": 7, "month": 31, "quarter": 92, "year": 366}  # how long a date so precise may be off
_ACROSS, _ROW, _HEAD, _FOOT, _GAP = 4, 0.19, 0.38, 0.3, 0.3  # inches, but for panels across

_EMPTY = message("No memberships are on record for these states and organisations.")
_NONE = message("none on record")
_KEY_TEXT = message(
    "bar: member     hatched: suspended     ✕  left     ?  beginning not known\n"
    "▸  suspension without a recorded end     pale: within how finely the date is known"
)
_CAPTION = message("Members on record on {end}, of {states}: {parts}.")
_PART = message("{organisation} {members}")
_EXITS = message("Left from {start} on: {exits}.")
_EXIT = message("{organisation}: {leavers}")
_LEAVERS = message("{states} ({day})")
_NO_EXITS = message("No exit is on record from {start} on.")
_SUSPENSIONS = message("Suspended for some of the time: {suspensions}.")
_SUSPENSION = message("{states} ({organisation})")
_ALT = message(
    "Bars over time, {start} to {end}, one panel per organisation ({organisations}), "
    "one row for each of {states}; suspensions are hatched."
)


class _Window(NamedTuple):
    """First and last day of the axis, as it counts them."""

    left: float
    right: float


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
        ``state, organisation, kind`` (membership, suspension)``, start, end, start_precision,
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
    key = wrap_key(say(_KEY_TEXT), 7.5)
    total = lines * (head + height + _FOOT) + key_height(key, 7.5)
    figure = new_figure(total)
    spells_of: dict[tuple[str, str], list[Any]] = {(code, state): [] for code in panels for state in rows}
    for spell in each_row(shown.assign(first=day_numbers(shown["start"]), last=day_numbers(shown["end"]))):
        spells_of[spell.organisation, spell.state].append(spell)
    window = _Window(day_number(first), day_number(last))
    for number, code in enumerate(panels):
        line, column = divmod(number, across)
        bottom = total - (line + 1) * (head + height + _FOOT) + _FOOT
        axes = add_panel(figure, left + column * (width + _GAP), bottom, width, height)
        axes.annotate(heads[number], (0, 1), (0, 3), xycoords="axes fraction", textcoords="offset points",
                      weight="bold", size=8.5, va="bottom")  # fmt: skip
        set_date_axis(axes, first, last, most=max(2, int(width / 0.29)))
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.tick_params(axis="x", labelsize=7)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        rule_rows(axes, [row + 0.5 for row in range(len(rows))], linewidth=0.5)
        for row, state in enumerate(rows):
            _draw_row(axes, row, spells_of[code, state], actor_colour(code), window)
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
        [head, _standing(shown, rows, panels, last, names), _exits(shown, first, last, names), _suspended(shown, names)]
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


def _draw_row(axes: Axes, row: int, spells: list[Any], colour: str, window: _Window) -> None:
    if not spells:
        axes.text(0.5, row, say(_NONE), transform=axes.get_yaxis_transform(), ha="center", va="center", size=7,
                  color=CONTEXT)  # fmt: skip
    for spell in spells:
        _draw_spell(axes, row, spell, colour, window)


def _draw_spell(axes: Axes, row: int, spell: Any, colour: str, window: _Window) -> None:
    """A spell as a bar; its ``first`` and ``last`` are days on the axis, or missing."""
    is_member = spell.kind == "membership"
    has_first, has_last = not isnan(spell.first), not isnan(spell.last)
    begins = max(spell.first, window.left) if has_first else window.left
    ends = min(spell.last, window.right) if has_last else window.right
    look: dict[str, Any] = (
        {"facecolor": colour, "edgecolor": "none", "zorder": 2}
        if is_member
        else {"facecolor": "white", "edgecolor": INK, "hatch": "//////", "linewidth": 0.6, "zorder": 3}
    )
    height = 0.62 if is_member else 0.5
    add_bars(axes, [Bar(begins, row - height / 2, ends - begins, height)], **look)
    is_left = has_last and spell.last <= window.right
    for is_dated, edge, sign, precision in (
        (has_first and spell.first >= window.left, begins, 1, spell.start_precision),
        (is_left, ends, -1, spell.end_precision),
    ):
        off = min(_DAYS.get(str(precision), 0), ends - begins) if is_dated else 0
        if off:
            add_bars(axes, [Bar(edge, row - 0.32, sign * off, 0.64)], facecolor="white",
                     alpha=0.6 if is_member else 0.8, zorder=2.5 if is_member else 3.5)  # fmt: skip
    if not has_first:
        axes.annotate("?", (window.left, row), (2, 0), textcoords="offset points", ha="left", va="center", size=7.5,
                      color="white" if is_member else INK, weight="bold", zorder=5,
                      bbox=None if is_member else {"facecolor": "white", "edgecolor": "none", "pad": 0.5})  # fmt: skip
    if is_member and is_left:
        add_line(axes, [ends], [row], marker="X", markersize=5.5, color=INK, markeredgecolor="white",
                 markeredgewidth=0.5, zorder=4, clip_on=False)  # fmt: skip
    if not is_member and not has_last:
        add_line(axes, [window.right], [row], marker=">", markersize=4.5, color=CONTEXT_MARK, zorder=4,
                 clip_on=False)  # fmt: skip


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
    patterns = {"year": "%Y", "quarter": "%Y-%m", "month": "%Y-%m"}
    return str(row.end.strftime(patterns.get(str(row.end_precision), "%Y-%m-%d")))


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
