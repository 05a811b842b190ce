"""What stands between a state and each power, kind by kind: on record, known to be none, or not known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    wrap_to,
)
from analysis.figures.keys import draw_key, key_height, name_marks, wrap_key
from analysis.figures.strokes import add_line
from analysis.figures.style import CONTEXT, CONTEXT_MARK, FAINT, INK, actor_colour, power_order
from analysis.figures.terms import TIE_KINDS
from analysis.figures.wording import alt_empty, caption_empty, chain, fit, list_names, name_of, one_line, source_line
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count

_KINDS_WIDTH, _HEAD, _LINE, _DOT = 1.3, 0.45, 0.135, 0.24  # inches
_SIZE = 7.5

_EMPTY = message("No ties were looked up, or no powers were given.")
_NOT_KNOWN = message("not known")
_KEY = {
    "present": message("●  on record"),
    "none": message("○  known to be none in force"),
    "unknown": message("?  not known, which is not none"),
}
_CAPTION = message("Of {kinds}, {powers}.")
_TALLY = message("{power} has {present} on record, {none} known to be none in force and {unknown} not known")
_SCALE = message(
    "Dots say whether a tie is on record, not how large it is; the text gives the size where one is known."
)
_ALT = message("A table of {kinds} by {powers}, each cell a dot with a text.")
_ALT_CELL = message("{power:bare} {text}")
_TALLIES = message("{tallies}.")
_ALT_ROW = message("{kind}: {cells}.")


class _Cell(NamedTuple):
    mark: str  # "present", "none" or "unknown"
    text: str


@in_house_style
def plot_ties(matrix: pd.DataFrame, powers: Sequence[str], names: Mapping[str, str]) -> Axes:
    """Draw a matrix of kinds of tie by powers, a mark and a text in each cell.

    Parameters
    ----------
    matrix : DataFrame
        ``kind, power, value`` (missing where the size is not known)``, text, is_known``. A cell
        without a row, or with ``is_known`` false, is drawn as not known, whatever its value.
    powers : sequence of str
        Codes, in the order of the columns.
    names : mapping
        Actor code to the reader's name.

    Returns
    -------
    Axes
        One unit across is one power; kinds go downward from 0.
    """
    require_columns(matrix, ("kind", "power", "value", "text", "is_known"), "ties")
    chosen, kinds = power_order(powers), _kinds(matrix)
    if not chosen or not kinds:
        return empty_panel(say(_EMPTY))
    width = (WIDTH_INCHES - _KINDS_WIDTH - 0.1) / len(chosen)
    cells = _cells(matrix)
    texts = {(kind, power): wrap_to(cells[kind, power].text, _SIZE, width - 0.14) for kind in kinds for power in chosen}
    shown = [cells[kind, power] for kind in kinds for power in chosen]
    titles = {kind: wrap_to(_title(kind), 8.5, _KINDS_WIDTH - 0.15) for kind in kinds}
    heads = [wrap_to(name_of(power, names), 9, width - 0.1) for power in chosen]
    heights = [
        max(_DOT + _LINE * max(_lines(texts[kind, power]) for power in chosen), _LINE * _lines(titles[kind])) + 0.14
        for kind in kinds
    ]
    head = _HEAD + 0.15 * (max(map(_lines, heads)) - 1)
    key = wrap_key(name_marks(_KEY, {cell.mark for cell in shown}), 8)
    foot = key_height(key, 8)
    total = head + sum(heights) + foot
    figure = new_figure(total)
    axes = add_panel(figure, _KINDS_WIDTH, foot, width * len(chosen), sum(heights))
    axes.set(xlim=(0, len(chosen)), ylim=(sum(heights), 0), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
    for column, text in enumerate(heads):
        axes.text(column + 0.5, -0.1, text, weight="bold", size=9, ha="center", va="bottom")
    top = 0.0
    for kind, height in zip(kinds, heights, strict=True):
        add_line(axes, [-_KINDS_WIDTH / width + 0.02, len(chosen)], [top, top], color=FAINT, linewidth=0.8,
                 clip_on=False)  # fmt: skip
        axes.annotate(
            titles[kind], (0, top + 0.08), (-72 * _KINDS_WIDTH + 6, 0), textcoords="offset points", ha="left", va="top",
            annotation_clip=False,
        )  # fmt: skip
        for column, power in enumerate(chosen):
            _draw_mark(axes, column + 0.5, top + 0.15, cells[kind, power].mark, actor_colour(power))
            is_known = cells[kind, power].mark != "unknown"
            axes.text(
                column + 0.5, top + _DOT + 0.03, texts[kind, power], size=_SIZE, ha="center", va="top",
                color=INK if is_known else CONTEXT, style="normal" if is_known else "italic", linespacing=1.15,
            )  # fmt: skip
        top += height
    draw_key(figure, key, 8)
    return axes


def caption_ties(
    matrix: pd.DataFrame, powers: Sequence[str], names: Mapping[str, str], *, source: str = message("curated ties")
) -> str:
    """Say for each power how many kinds of tie are on record, none, or not known."""
    chosen, kinds = power_order(powers), _kinds(matrix)
    if not chosen or not kinds:
        return caption_empty(_EMPTY, source)
    cells = _cells(matrix)
    tallies = chain(_tally(cells, kinds, power, names) for power in chosen)
    text = say(_CAPTION, kinds=count(len(kinds), "kind of tie", "kinds of tie"), powers=tallies)
    return f"{text} {say(_SCALE)} {source_line(source)}"


def alt_ties(matrix: pd.DataFrame, powers: Sequence[str], names: Mapping[str, str]) -> str:
    """Give every cell to a reader who cannot see the matrix."""
    chosen, kinds = power_order(powers), _kinds(matrix)
    if not chosen or not kinds:
        return alt_empty(_EMPTY)
    head = say(_ALT, kinds=count(len(kinds), "kind of tie", "kinds of tie"), powers=list_names(chosen, names))
    cells = _cells(matrix)
    tallies = chain(_tally(cells, kinds, power, names) for power in chosen)
    rows = (
        say(
            _ALT_ROW,
            kind=_title(kind),
            cells=chain(say(_ALT_CELL, power=name_of(power, names), text=cells[kind, power].text) for power in chosen),
        )
        for kind in kinds
    )
    return fit([head, say(_TALLIES, tallies=tallies), *rows])


def _kinds(matrix: pd.DataFrame) -> list[str]:
    return [] if matrix.empty else [str(kind) for kind in dict.fromkeys(matrix["kind"])]


def _title(kind: str) -> str:
    # Other kinds come with a name that is said already.
    return say(TIE_KINDS[kind]) if kind in TIE_KINDS else one_line(kind.replace("_", " "))


def _cells(matrix: pd.DataFrame) -> defaultdict[tuple[str, str], _Cell]:
    """The cell of each kind and power, that of the first row where there are several."""
    cells: defaultdict[tuple[str, str], _Cell] = defaultdict(lambda: _Cell("unknown", say(_NOT_KNOWN)))
    for row in reversed(list(each_row(matrix))):
        cells[str(row.kind), row.power] = _cell(row)
    return cells


def _cell(row: Any) -> _Cell:
    if not bool(row.is_known):
        # What is merely claimed, or was never seen signed, may be told but stays not known.
        return _Cell("unknown", one_line(row.text) or say(_NOT_KNOWN))
    # Known without a number (a trade partner whose figure is missing) is still on record.
    return _Cell("none" if row.value == 0 else "present", one_line(row.text))


def _draw_mark(axes: Axes, x: float, y: float, mark: str, colour: str) -> None:
    if mark == "unknown":
        axes.text(x, y, "?", ha="center", va="center", size=9, color=CONTEXT)
        return
    face = colour if mark == "present" else "white"
    edge = colour if mark == "present" else CONTEXT_MARK
    add_line(
        axes,
        [x],
        [y],
        linestyle="none",
        marker="o",
        markersize=8,
        markerfacecolor=face,
        markeredgecolor=edge,
        markeredgewidth=1.3,
    )


def _lines(text: str) -> int:
    return text.count("\n") + 1


def _tally(cells: Mapping[tuple[str, str], _Cell], kinds: list[str], power: str, names: Mapping[str, str]) -> str:
    marks = [cells[kind, power].mark for kind in kinds]
    return say(
        _TALLY, power=name_of(power, names), present=_number(marks, "present"), none=_number(marks, "none"),
        unknown=_number(marks, "unknown"),
    )  # fmt: skip


def _number(marks: list[str], mark: str) -> str:
    return format_digits(marks.count(mark), 0)
