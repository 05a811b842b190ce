"""Which rows of the event files could not stand: one bar per source and kind of reason."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

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
from analysis.figures.reject_reasons import say_reason
from analysis.figures.style import CONTEXT
from analysis.figures.wording import alt_empty, caption_empty, fit, name_of, shorten, source_line
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count

_COLUMNS = ("source_name", "kind", "n_rows")
_LEFT, _LINE, _PAD, _FOOT = 3.1, 0.15, 0.16, 0.08  # inches
_MOST = 15

_EMPTY = message("No row of the event files was rejected; there is nothing to draw.")
_CAPTION = message("{total} could not stand, for {kinds}; most often in {name:bare}: {kind} ({top}).")
_REST = message("The {n} most frequent kinds are shown.")
_LABEL = message("{name:bare}: {kind}")
_ALT = message("One bar per source and kind of reason, the longest at the top; in all {total}.")
_ALT_PART = message("{name:bare}, {kind}: {n}.")


@in_house_style
def plot_quality_rejects(rejects: pd.DataFrame, names: Mapping[str, str]) -> Axes:
    """Draw how many rows of each source were rejected for each kind of reason.

    Parameters
    ----------
    rejects : DataFrame
        ``source_name, kind, n_rows``, the most frequent first; at most 15 are drawn.
    names : mapping
        Source to the reader's name.

    Returns
    -------
    Axes
        Rows across from zero; kinds downward from 0.
    """
    require_columns(rejects, _COLUMNS, "quality_rejects")
    if rejects.empty:
        return empty_panel(say(_EMPTY))
    shown = rejects.head(_MOST)
    labels = [
        wrap_to(
            say(_LABEL, name=name_of(row.source_name, names), kind=shorten(say_reason(row.kind), 110)), 8, _LEFT - 0.2
        )
        for row in each_row(shown)
    ]
    heights = [_PAD + _LINE * (label.count("\n") + 1) for label in labels]
    most = int(shown["n_rows"].max())
    right = text_width(format_digits(most, 0), 8) + 0.15
    total = sum(heights) + _FOOT
    axes = add_panel(new_figure(total), _LEFT, _FOOT / 2, WIDTH_INCHES - _LEFT - right, sum(heights))
    middles, edge = [], 0.0
    for height in heights:
        middles.append(edge + height / 2)
        edge += height
    axes.set(xlim=(0, most), ylim=(edge, 0), xticks=[])
    axes.set_yticks(middles, labels)
    axes.tick_params(axis="y", length=0)
    axes.spines["bottom"].set_visible(False)
    for middle, row in zip(middles, each_row(shown), strict=True):
        axes.barh(middle, row.n_rows, height=0.16, color="#3B4A5A")
        axes.annotate(
            format_digits(row.n_rows, 0),
            (row.n_rows, middle),
            (3, 0),
            textcoords="offset points",
            va="center",
            size=8,
            color=CONTEXT,
            annotation_clip=False,
        )
    return axes


def caption_quality_rejects(
    rejects: pd.DataFrame, names: Mapping[str, str], *, source: str = message("event archive")
) -> str:
    """Say how many rows were rejected, for how many kinds of reason, and the most frequent."""
    if rejects.empty:
        return caption_empty(_EMPTY, source)
    first = rejects.iloc[0]
    text = say(
        _CAPTION,
        total=count(int(rejects["n_rows"].sum()), "row", "rows"),
        kinds=count(rejects["kind"].nunique(), "kind of reason", "kinds of reason"),
        name=name_of(first["source_name"], names),
        kind=say_reason(first["kind"]),
        top=count(int(first["n_rows"]), "row", "rows"),
    )
    rest = say(_REST, n=format_digits(_MOST, 0)) if len(rejects) > _MOST else ""
    return " ".join(filter(None, [text, rest, source_line(source)]))


def alt_quality_rejects(rejects: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Give the counts to a reader who cannot see the bars."""
    if rejects.empty:
        return alt_empty(_EMPTY)
    head = say(_ALT, total=count(int(rejects["n_rows"].sum()), "rejected row", "rejected rows"))
    return fit(
        [
            head,
            *(
                say(
                    _ALT_PART,
                    name=name_of(row.source_name, names),
                    kind=say_reason(row.kind),
                    n=format_digits(row.n_rows, 0),
                )
                for row in each_row(rejects)
            ),
        ]
    )
