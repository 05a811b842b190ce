"""How states voted beside two powers: a grid of roll calls by states, a letter a vote, a shade for whose it is."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    text_width,
    wrap_to,
)
from analysis.figures.keys import draw_key, key_height, name_marks, wrap_key
from analysis.figures.strokes import Bar, fill_bars, write_letter
from analysis.figures.style import CONTEXT, CONTEXT_MARK, FAINT, INK, SMALL, actor_colour, actor_text_colour
from analysis.figures.votes_words import COLUMNS, EMPTY, find_agreement, find_alike, index_agreements, lay_grid
from analysis.figures.wording import list_names, name_of
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.wording import format_number

LETTERS = {"yes": message("Y"), "no": message("N"), "abstain": message("A"), "absent": message("–")}
_ROW, _HEAD, _SIDE, _LINE = 0.21, 0.62, 0.8, 0.14  # inches

_KEY_LETTERS = {
    "yes": message("Y yes"),
    "no": message("N no"),
    "abstain": message("A abstained"),
    "absent": message("– absent"),
    "": message("? not known"),
}
_KEY = {
    "shaded": message("shaded: as {powers} voted, in its colour"),
    "hatched": message("hatched: as both {a} and {b} voted"),
    "side": message("right: of the roll calls in which all three voted"),
}
_SIDE_HEAD = message("agreement with {power}")
_OF = message("{agreement} over {n}")


@in_house_style
def plot_votes(
    votes: pd.DataFrame,
    states: Sequence[str],
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    agreements: pd.DataFrame | None = None,
) -> Axes:
    """Draw the votes of two powers and, below them, those of the states.

    Parameters
    ----------
    votes : DataFrame
        ``roll_call_id, date, state, vote`` (missing where not known).
    states : sequence of str
        Codes, the subject first.
    a, b : str
        The two powers.
    names : mapping
        Actor code to the reader's name.
    agreements : DataFrame, optional
        ``state, power, n, agreement, roll_calls``, as :func:`analysis.measures.agreement.agree_votes` gives it.

    Returns
    -------
    Axes
        One unit across is one roll call, in order of time; the powers stand in the rows 0 and 1.
    """
    require_columns(votes, COLUMNS, "votes")
    grid, calls = lay_grid(votes, [a, b, *states])
    if not calls:
        return empty_panel(say(EMPTY))
    rows = [a, b, *states]
    left = max(text_width(name_of(code, names), 8, "bold") for code in rows) + 0.14
    heads = [wrap_to(say(_SIDE_HEAD, power=name_of(power, names)), 7.5, _SIDE - 0.08) for power in (a, b)]
    width, height = WIDTH_INCHES - left - 2 * _side(heads) - 0.1, _ROW * (len(rows) + 0.5)
    named, rotation = _name_calls(calls, width / len(calls))
    key = wrap_key(_name_marks(grid, [call for call, _ in calls], rows, names, agreements), 7.5)
    foot = key_height(key, 7.5)
    total = max(_HEAD, 0.15 + _height(named, rotation)) + height + foot
    figure = new_figure(total)
    axes = add_panel(figure, left, foot, width, height)
    axes.set(xlim=(0, len(calls)), ylim=(len(rows) + 0.5, 0), xticks=[])
    places = [number + 0.5 + (0.5 if number > 1 else 0) for number in range(len(rows))]
    axes.set_yticks(places, [name_of(code, names) for code in rows])
    axes.tick_params(axis="y", length=0)
    for number, (code, label) in enumerate(zip(rows, axes.get_yticklabels(), strict=True)):
        label.set(weight="bold" if number < 3 else "normal", color=actor_text_colour(code) if number < 2 else INK)
    for spine in axes.spines.values():
        spine.set_visible(False)
    _draw_cells(axes, grid, [call for call, _ in calls], dict(zip(rows, places, strict=True)), (a, b))
    for column, text in named.items():
        axes.annotate(text, (column + 0.5, 0), (0, 4), textcoords="offset points", ha="center", va="bottom", size=SMALL,
                      rotation=rotation, annotation_clip=False)  # fmt: skip
    _draw_sides(axes, places[2:], states, (a, b), heads, agreements, len(calls) / width)
    draw_key(figure, key, 7.5)
    return axes


def _draw_cells(
    axes: Axes, grid: dict[tuple[str, str], str], calls: list[str], places: dict[str, float], pair: tuple[str, str]
) -> None:
    """A cell for each vote, in the colour of the power that voted alike, hatched where both did."""
    plain: list[tuple[Bar, Any]] = []
    hatched: list[Bar] = []
    letters: dict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    for column, call in enumerate(calls):
        for code, place in places.items():
            vote, cell = grid.get((call, code)), Bar(column, place - 0.5, 1, 1)
            alike = find_alike(grid, call, code, pair)
            if len(alike) == 2:
                hatched.append(cell)
            else:
                plain.append((cell, to_rgba(actor_colour(alike[0]), 0.32) if alike else to_rgba("white")))
            look = (say(LETTERS[vote]) if vote in LETTERS else "?", "bold" if code in pair else "normal",
                    INK if vote else CONTEXT)  # fmt: skip
            letters[look].append((column + 0.5, place))
    for (letter, weight, colour), middles in letters.items():
        write_letter(axes, middles, letter, 8, weight, color=colour)
    faces = [face for _, face in plain]
    fill_bars(axes, [cell for cell, _ in plain], facecolor=faces, edgecolor=FAINT, linewidth=0.6)
    fill_bars(axes, hatched, facecolor="white", edgecolor=CONTEXT_MARK, hatch="////", linewidth=0.6)


def _name_marks(
    grid: dict[tuple[str, str], str],
    calls: list[str],
    rows: list[str],
    names: Mapping[str, str],
    agreements: pd.DataFrame | None,
) -> str:
    """The key: a line of the letters that occur, and one of the shades."""
    a, b = pair = rows[:2]
    joined = [find_alike(grid, call, code, pair) for call in calls for code in rows]
    powers = [power for power in pair if [power] in joined]
    marks = {"shaded"} if powers else set()
    marks |= {"hatched"} if any(len(alike) == 2 for alike in joined) else set()
    marks |= {"side"} if index_agreements(agreements) else set()
    letters = name_marks(_KEY_LETTERS, {grid.get((call, code), "") for call in calls for code in rows})
    shades = name_marks(_KEY, marks, a=name_of(a, names), b=name_of(b, names), powers=list_names(powers, names, "or"))
    return f"{letters}\n{shades}" if shades else letters


def _name_calls(calls: list[tuple[str, pd.Timestamp]], room: float) -> tuple[dict[int, str], int]:
    """Heads of columns with `room` inches each, and how they are turned: lying, or upright and as many as fit."""
    lying = [f"{call}\n{day:%Y-%m-%d}" for call, day in calls]
    broken = [f"{call}\n{day:%Y}\n{day:%m-%d}" for call, day in calls]
    for heads in (lying, broken):
        if all(text_width(head, SMALL) < room for head in heads):
            return dict(enumerate(heads)), 0
    step = math.ceil(_LINE / room)
    last = len(calls) - 1
    return {
        number: f"{calls[number][0]} {calls[number][1]:%Y-%m-%d}" for number in range(last % step, last + 1, step)
    }, 90


def _height(heads: Mapping[int, str], rotation: int) -> float:
    if rotation:
        return max(text_width(head, SMALL) for head in heads.values())
    return _LINE * max(head.count("\n") + 1 for head in heads.values())


def _side(heads: list[str]) -> float:
    """Width of a column of agreements, in inches."""
    return max(_SIDE, *(text_width(head, 7.5) + 0.08 for head in heads))


def _draw_sides(
    axes: Axes, places: list[float], states: Sequence[str], pair: tuple[str, str], heads: list[str],
    agreements: pd.DataFrame | None, unit: float,
) -> None:  # fmt: skip
    if agreements is None:
        return
    side, known = _side(heads), index_agreements(agreements)
    for number, (power, head) in enumerate(zip(pair, heads, strict=True)):
        middle = axes.get_xlim()[1] + (side * (number + 0.5) + 0.04) * unit
        axes.annotate(head, (middle, 0), (0, 4), textcoords="offset points", ha="center", va="bottom", size=7.5,
                      color=actor_text_colour(power), annotation_clip=False)  # fmt: skip
        for place, state in zip(places, states, strict=True):
            value, total = find_agreement(known, state, power)
            text = say(_OF, agreement=format_number(value), n=format_digits(total, 0)) if total else "?"
            axes.text(
                middle, place, text, ha="center", va="center", size=7.5, color=INK if total else CONTEXT, clip_on=False
            )
