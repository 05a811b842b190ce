"""The portfolios of several states side by side: a row per state, a column per dimension, the mean last."""

from __future__ import annotations

from collections.abc import Mapping
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
from analysis.figures.strengths import label_dimension
from analysis.figures.style import CONTEXT, FAINT, INK, SMALL, actor_colour
from analysis.figures.wording import (
    alt_empty,
    caption_empty,
    chain,
    fit,
    format_range,
    is_given,
    list_names,
    name_of,
    source_line,
)
from analysis.language import NameList, message, say
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count, format_number, split_words

MEAN = "mean"
_COLUMNS = ("state", "dimension", "tilt", "low", "high", "n_dimensions")
_ROW, _HEAD, _WIDE, _LENGTH = 0.27, 0.46, 1.75, 1.2  # inches

_EMPTY = message("No portfolios were measured.")
_KEY = {
    "shade": message("shade: towards {a} or {b}, the deeper the further"),
    "unknown": message("?  not known"),
    "range": message("range: without any one or reweighted; then of how many"),
}
_HEAD_MEAN = message("Mean, its range, and of how many kinds")
_TOO_FEW = message("too few kinds: {n}")
_CAPTION = message(
    "Mean over the dimensions known: towards {a} {with_a}; towards {b} {with_b}; even {even}; too few kinds for a mean "
    "{none}."
)
_HELD = message("Of these, {n} stay on one side whichever dimension is left out or reweighted: {states}.")
_NONE = message("none")
_CELL = message("{mean} ({range}), {n}")
_UNLIKE = message("The dimensions known differ from state to state, so means are not strictly comparable.")
_ALT = message("A grid of tilts from −1 (all with {b}) to +1 (all with {a}), {states} by {dimensions} and their mean.")
_ALT_ROW = message("{state}: mean {mean}.")
_ALT_KINDS = message("{state} by dimension: {tilts}.")


@in_house_style
def plot_portfolios(grid: pd.DataFrame, state: str, a: str, b: str, names: Mapping[str, str]) -> Axes:
    """Draw the tilt of each state in each dimension, and the mean.

    Parameters
    ----------
    grid : DataFrame
        ``state, dimension`` ("mean" for the mean)``, tilt`` (missing where not known)``, low, high, n_dimensions``
        (of the mean), states and dimensions in the order of their first row.
    state : str
        The subject, in bold.
    a, b : str
        The powers at +1 and at -1.
    names : mapping
        Actor code to the reader's name.

    Returns
    -------
    Axes
        One unit across is an inch; states go downward from 0.
    """
    require_columns(grid, _COLUMNS, "portfolios")
    if grid.empty:
        return empty_panel(say(_EMPTY))
    states = [str(code) for code in dict.fromkeys(grid["state"])]
    dimensions = [str(name) for name in dict.fromkeys(grid["dimension"]) if name != MEAN]
    left = max(text_width(name_of(code, names), 8, "bold") for code in states) + 0.14
    widths, is_upright = _share_room([label_dimension(name) for name in dimensions], WIDTH_INCHES - left - _WIDE - 0.08)
    key = wrap_key(name_marks(_KEY, _list_marks(grid), a=name_of(a, names), b=name_of(b, names)), SMALL)
    titles = [
        wrap_to(label_dimension(name), SMALL, _LENGTH if is_upright else width - 0.02)
        for name, width in zip(dimensions, widths, strict=True)
    ]
    titles.append(wrap_to(say(_HEAD_MEAN), SMALL, _WIDE - 0.02))
    widths.append(_WIDE)
    lines = max(title.count("\n") for title in (titles[-1:] if is_upright else titles))
    head, foot = _HEAD + 0.13 * (lines - 1), key_height(key, SMALL)
    if is_upright:
        head = max(head, 0.15 + max(text_width(title, SMALL) for title in titles[:-1]))
    total = head + _ROW * len(states) + foot
    figure = new_figure(total)
    edges = [sum(widths[:number]) for number in range(len(widths) + 1)]
    axes = add_panel(figure, left, foot, edges[-1], _ROW * len(states))
    axes.set(xlim=(0, edges[-1]), ylim=(len(states), 0), xticks=[])
    axes.set_yticks([number + 0.5 for number in range(len(states))], [name_of(code, names) for code in states])
    axes.tick_params(axis="y", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for code, label in zip(states, axes.get_yticklabels(), strict=True):
        label.set_fontweight("bold" if code == state else "normal")
    for number, (edge, width, title) in enumerate(zip(edges, widths, titles, strict=False)):
        is_mean = number == len(dimensions)
        axes.annotate(
            title,
            (edge + width / 2, 0),
            (0, 4),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=SMALL,
            weight="bold" if is_mean else "normal",
            rotation=90 if is_upright and not is_mean else 0,
        )
    cells = {(row.state, row.dimension): row for row in each_row(grid)}
    for down, code in enumerate(states):
        for number, name in enumerate([*dimensions, MEAN]):
            row = cells.get((code, name))
            tilt = row.tilt if row is not None else None
            shade = (
                to_rgba(actor_colour(a if (tilt or 0) > 0 else b), 0.55 * abs(tilt))
                if is_given(tilt) and tilt
                else "white"
            )
            axes.barh(
                down + 0.5,
                widths[number],
                left=edges[number],
                height=1,
                facecolor=shade,
                edgecolor=FAINT,
                linewidth=0.6,
            )
            text = _cell(row) if name == MEAN else format_number(tilt, signed=True) if is_given(tilt) else "?"
            axes.text(edges[number] + widths[number] / 2, down + 0.5, text, ha="center", va="center", size=SMALL,
                      color=INK if is_given(tilt) else CONTEXT)  # fmt: skip
    draw_key(figure, key, SMALL)
    return axes


def _share_room(titles: list[str], room: float) -> tuple[list[float], bool]:
    """Widths of columns in inches, and whether their heads stand upright as not all have room to lie.

    All are alike, unless the longest word of a head needs more than its share.
    """
    least = [max(text_width(word, SMALL) for word in split_words(title)) + 0.06 for title in titles]
    share = room / max(len(titles), 1)
    spare = room - sum(least)
    if spare < 0 or all(width <= share for width in least):
        return [share] * len(titles), spare < 0
    return [width + spare / len(titles) for width in least], False


def caption_portfolios(
    grid: pd.DataFrame,
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    note: str = "",
    source: str = message("curated ties and votes"),
) -> str:
    """Say on which side each state's mean lies, and which of them stay there; `note` is a reservation."""
    if grid.empty:
        return caption_empty(_EMPTY, source)
    means = grid[grid["dimension"] == MEAN]

    def said(chosen: pd.Series) -> NameList | str:
        return list_names(means.loc[chosen, "state"], names) if chosen.any() else say(_NONE)

    tilt = means["tilt"].round(9)
    held = (means["low"].round(2) > 0) | (means["high"].round(2) < 0)
    text = say(
        _CAPTION,
        a=name_of(a, names),
        b=name_of(b, names),
        with_a=said(tilt > 0),
        with_b=said(tilt < 0),
        even=said(tilt == 0),
        none=said(tilt.isna()),
    )
    held_said = say(_HELD, n=format_digits(held.sum(), 0), states=said(held))
    return " ".join(filter(None, [text, held_said, note, say(_UNLIKE), source_line(source)]))


def alt_portfolios(grid: pd.DataFrame, state: str, a: str, b: str, names: Mapping[str, str], *, note: str = "") -> str:
    """Give the subject's tilts, and the means of all, to a reader who cannot see the grid."""
    if grid.empty:
        return alt_empty(_EMPTY)
    means = grid[grid["dimension"] == MEAN]
    head = say(
        _ALT, a=name_of(a, names), b=name_of(b, names), states=count(len(means), "state", "states"),
        dimensions=count(grid["dimension"].nunique() - 1, "dimension", "dimensions"),
    )  # fmt: skip
    ordered = means.assign(is_other=means["state"] != state).sort_values("is_other", kind="stable")
    own = grid[(grid["state"] == state) & (grid["dimension"] != MEAN)]
    tilts = chain(
        f"{label_dimension(str(row.dimension))} {format_number(row.tilt, signed=True)}" for row in each_row(own)
    )
    kinds = say(_ALT_KINDS, state=name_of(state, names), tilts=tilts) if tilts else ""
    first, *others = (say(_ALT_ROW, state=name_of(row.state, names), mean=_cell(row)) for row in each_row(ordered))
    return fit([head, first, kinds, *others])


def _list_marks(grid: pd.DataFrame) -> set[str]:
    """Which marks of the key occur in a grid."""
    is_mean = grid["dimension"] == MEAN
    drawn = {
        "shade": grid["tilt"].fillna(0.0).ne(0.0).any(),
        "unknown": grid.loc[~is_mean, "tilt"].isna().any(),
        "range": grid.loc[is_mean, "tilt"].notna().any(),
    }
    return {mark for mark, occurs in drawn.items() if occurs}


def _cell(row: Any) -> str:
    if row is None:
        return "?"
    if not is_given(row.tilt):
        return say(_TOO_FEW, n=format_digits(row.n_dimensions, 0))
    mean = format_number(row.tilt, signed=True)
    return say(_CELL, mean=mean, range=format_range(row.low, row.high), n=format_digits(row.n_dimensions, 0))
