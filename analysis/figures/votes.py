"""How states voted beside two powers: a grid of roll calls by states, a letter a vote, a shade for whose it is."""

from __future__ import annotations

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
from analysis.figures.style import CONTEXT, CONTEXT_MARK, FAINT, INK, actor_colour, actor_text_colour
from analysis.figures.terms import VOTES, say_code
from analysis.figures.wording import alt_empty, caption_empty, fit, is_given, list_names, name_of, source_line
from analysis.language import Name, NameList, message, say
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count, format_number

LETTERS = {"yes": message("Y"), "no": message("N"), "abstain": message("A"), "absent": message("–")}
_COLUMNS = ("roll_call_id", "date", "state", "vote")
_ROW, _HEAD, _SIDE = 0.21, 0.62, 0.8  # inches

_EMPTY = message("No roll call is on record for these states.")
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
_CAPTION = message(
    "{state} voted as {a} did in {with_a} and as {b} did in {with_b} of the {n} in which its own vote is known."
)
_CAPTION_ABSENT = message(
    "{state} voted as {a} did in {with_a} and as {b} did in {with_b} of the {n} in which its own vote is known "
    "(absent from {absent})."
)
_AGREEMENT = message(
    "Agreement, an abstention counting half way and an absence left out: {agree_a} with {a} ({n_a}), {agree_b} with "
    "{b} ({n_b})."
)
_SAME = message(
    "Agreement over the {n} in which all three voted, an abstention counting half way: {agree_a} with {a}, {agree_b} "
    "with {b}."
)
_NONE_KNOWN = message("No vote of {state} is known. The figure has {n} in which one of these states has a known vote.")
_OTHERS = message("Of all states compared, nearest to {a}: {near_a}; to {b}: {near_b}.")
_NOT_KNOWN = message("not known")
_OF = message("{agreement} over {n}")
_ALT = message("A grid of {states} by {calls}, each cell the vote.")
_ALT_ROW = message("{state}: {votes}.")

_Agreements = dict[tuple[str, str], Any]


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
    require_columns(votes, _COLUMNS, "votes")
    grid, calls = _grid(votes, [a, b, *states])
    if not calls:
        return empty_panel(say(_EMPTY))
    rows = [a, b, *states]
    left = max(text_width(name_of(code, names), 8, "bold") for code in rows) + 0.14
    heads = [wrap_to(say(_SIDE_HEAD, power=name_of(power, names)), 7.5, _SIDE - 0.08) for power in (a, b)]
    width, height = WIDTH_INCHES - left - 2 * _side(heads) - 0.1, _ROW * (len(rows) + 0.5)
    key = wrap_key(_name_marks(grid, [call for call, _ in calls], rows, names, agreements), 7.5)
    foot = key_height(key, 7.5)
    total = _HEAD + height + foot
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
    for column, (call, day) in enumerate(calls):
        axes.annotate(f"{call}\n{day:%Y-%m-%d}", (column + 0.5, 0), (0, 4), textcoords="offset points", ha="center",
                      va="bottom", size=min(7.5, 6.8 * width / len(calls) / text_width("2022-02-22", 7.5)),
                      annotation_clip=False)  # fmt: skip
    _draw_sides(axes, places[2:], states, (a, b), heads, agreements, len(calls) / width)
    draw_key(figure, key, 7.5)
    return axes


def caption_votes(
    votes: pd.DataFrame,
    states: Sequence[str],
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    agreements: pd.DataFrame | None = None,
    source: str = message("curated votes on the Ukraine resolutions of the emergency session"),
) -> str:
    """Say how often the subject voted as each power, and who stands nearest to them."""
    grid, calls = _grid(votes, [a, b, *states])
    if not calls:
        return caption_empty(_EMPTY, source)
    own, nearest = _own(grid, calls, states, a, b, names, agreements), _nearest(states, a, b, names, agreements)
    return " ".join(filter(None, [own, nearest, source_line(source)]))


def alt_votes(
    votes: pd.DataFrame,
    states: Sequence[str],
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    agreements: pd.DataFrame | None = None,
) -> str:
    """Give the votes row by row to a reader who cannot see the grid."""
    grid, calls = _grid(votes, [a, b, *states])
    if not calls:
        return alt_empty(_EMPTY)
    head = say(
        _ALT, states=count(len(states) + 2, "state", "states"), calls=count(len(calls), "roll call", "roll calls")
    )
    rows = [
        say(
            _ALT_ROW,
            state=name_of(code, names),
            votes=", ".join(
                say_code(vote, VOTES) if (vote := grid.get((call, code))) else say(_NOT_KNOWN) for call, _ in calls
            ),
        )
        for code in (*states[:1], a, b, *states[1:])
    ]
    return fit([head, *rows])


def _grid(
    votes: pd.DataFrame, codes: Sequence[str]
) -> tuple[dict[tuple[str, str], str], list[tuple[str, pd.Timestamp]]]:
    if votes.empty:
        return {}, []
    chosen = [row for row in each_row(votes[list(_COLUMNS)]) if row.state in codes]
    calls = sorted({(row.date, str(row.roll_call_id)) for row in chosen})
    grid = {(str(row.roll_call_id), row.state): str(row.vote) for row in chosen if is_given(row.vote)}
    return grid, [(call, day) for day, call in calls]


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
            alike = _alike(grid, call, code, pair)
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


def _alike(grid: dict[tuple[str, str], str], call: str, code: str, pair: Sequence[str]) -> list[str]:
    """The powers whose known vote a state cast too; to be absent together is no vote."""
    vote = grid.get((call, code))
    return [power for power in pair if vote not in (None, "absent") and vote == grid.get((call, power))]


def _name_marks(
    grid: dict[tuple[str, str], str],
    calls: list[str],
    rows: list[str],
    names: Mapping[str, str],
    agreements: pd.DataFrame | None,
) -> str:
    """The key: a line of the letters that occur, and one of the shades."""
    a, b = pair = rows[:2]
    joined = [_alike(grid, call, code, pair) for call in calls for code in rows]
    powers = [power for power in pair if [power] in joined]
    marks = {"shaded"} if powers else set()
    marks |= {"hatched"} if any(len(alike) == 2 for alike in joined) else set()
    marks |= {"side"} if _index(agreements) else set()
    letters = name_marks(_KEY_LETTERS, {grid.get((call, code), "") for call in calls for code in rows})
    shades = name_marks(_KEY, marks, a=name_of(a, names), b=name_of(b, names), powers=list_names(powers, names, "or"))
    return f"{letters}\n{shades}" if shades else letters


def _side(heads: list[str]) -> float:
    """Width of a column of agreements, in inches."""
    return max(_SIDE, *(text_width(head, 7.5) + 0.08 for head in heads))


def _draw_sides(
    axes: Axes, places: list[float], states: Sequence[str], pair: tuple[str, str], heads: list[str],
    agreements: pd.DataFrame | None, unit: float,
) -> None:  # fmt: skip
    if agreements is None:
        return
    side, known = _side(heads), _index(agreements)
    for number, (power, head) in enumerate(zip(pair, heads, strict=True)):
        middle = axes.get_xlim()[1] + (side * (number + 0.5) + 0.04) * unit
        axes.annotate(head, (middle, 0), (0, 4), textcoords="offset points", ha="center", va="bottom", size=7.5,
                      color=actor_text_colour(power), annotation_clip=False)  # fmt: skip
        for place, state in zip(places, states, strict=True):
            value, total = _agreement(known, state, power)
            text = say(_OF, agreement=format_number(value), n=format_digits(total, 0)) if total else "?"
            axes.text(
                middle, place, text, ha="center", va="center", size=7.5, color=INK if total else CONTEXT, clip_on=False
            )


def _index(agreements: pd.DataFrame | None) -> _Agreements:
    """The row of each state and power, the first where there are several; those without a common vote left out."""
    rows = [] if agreements is None else list(each_row(agreements))
    first = {(row.state, row.power): row for row in reversed(rows)}
    return {pair: row for pair, row in first.items() if row.n}


def _agreement(known: _Agreements, state: str, power: str) -> tuple[float | None, int]:
    row = known.get((state, power))
    return (None, 0) if row is None else (float(row.agreement), int(row.n))


def _own(
    grid: dict[tuple[str, str], str], calls: list[tuple[str, pd.Timestamp]], states: Sequence[str], a: str, b: str,
    names: Mapping[str, str], agreements: pd.DataFrame | None,
) -> str:  # fmt: skip
    state = states[0]
    own = {call: vote for call, _ in calls if (vote := grid.get((call, state)))}
    about = {"state": name_of(state, names), "a": name_of(a, names), "b": name_of(b, names)}
    if not own:
        return say(_NONE_KNOWN, n=count(len(calls), "roll call", "roll calls"), **about)
    absent = sum(vote == "absent" for vote in own.values())
    alike = [power for call in own for power in _alike(grid, call, state, (a, b))]
    said = say(
        _CAPTION_ABSENT if absent else _CAPTION, n=count(len(own), "roll call", "roll calls"),
        with_a=format_digits(alike.count(a), 0), with_b=format_digits(alike.count(b), 0),
        absent=format_digits(absent, 0), **about,
    )  # fmt: skip
    return f"{said} {_compared(agreements, state, a, b, about)}"


def _compared(agreements: pd.DataFrame | None, state: str, a: str, b: str, about: Mapping[str, Name]) -> str:
    """Both agreements of a state, said to rest on the same roll calls only where they do."""
    known = _index(agreements)
    (one, n_a), (other, n_b) = (_agreement(known, state, power) for power in (a, b))
    said = {"agree_a": format_number(one), "agree_b": format_number(other), **about}
    if n_a and n_b and known[state, a].roll_calls == known[state, b].roll_calls:
        return say(_SAME, n=count(n_a, "roll call", "roll calls"), **said)
    return say(_AGREEMENT, n_a=count(n_a, "roll call", "roll calls"), n_b=count(n_b, "roll call", "roll calls"), **said)


def _nearest(states: Sequence[str], a: str, b: str, names: Mapping[str, str], agreements: pd.DataFrame | None) -> str:
    def best(power: str) -> NameList | str:
        found = {state: _agreement(known, state, power) for state in states}
        values = {state: value for state, (value, total) in found.items() if value is not None and total >= 2}
        top = max(values.values(), default=None)
        nearest = [state for state, value in values.items() if value == top]
        return list_names(nearest, names) if nearest else say(_NOT_KNOWN)

    known = _index(agreements)
    if agreements is None or len(states) < 2:
        return ""
    return say(_OTHERS, a=name_of(a, names), b=name_of(b, names), near_a=best(a), near_b=best(b))
