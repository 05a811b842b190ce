"""Two sources of events beside each other: monthly counts of one up, of the other down, in the months both cover."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    day_numbers,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_date_axis,
    wrap_to,
)
from analysis.figures.keys import draw_key, key_height, name_marks, wrap_key
from analysis.figures.style import CONTEXT, CONTEXT_MARK, INK
from analysis.figures.terms import say_term
from analysis.figures.wording import alt_empty, caption_empty, chain, fit, list_names, name_of, source_line
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.wording import count, format_month, format_number

_COLUMNS = ("subject", "source_a", "source_b", "month", "n_a", "n_b", "rho", "reason")
_KEYS = ["subject", "source_a", "source_b"]
_ROW, _GAP, _AXIS, _LEFT, _RIGHT, _HEAD = 0.9, 0.16, 0.24, 1.5, 1.1, 0.1  # inches
_UP, _DOWN = "#3B4A5A", "#9AA9B7"

_EMPTY = message("No two sources have events of these states in months that both cover: there is no agreement to show.")
_KEY = {
    "scale": message("each source by its own scale, from zero"),
    "rho": message("ρ: Spearman's rank correlation over the months that both cover"),
}
_CAPTION = message("Monthly counts where two sources overlap: {parts}.")
_PART = message("{subject} in {a:bare} and {b:bare}, {months}, {said}")
_RHO = message("ρ = {rho}")
_ALT = message("Bars by month, one source upward and the other downward, one lane for each of {lanes}.")
_ALT_PART = message("{subject}, {first} to {last}: {a:bare} {n_a}, {b:bare} {n_b}; {said}.")


@in_house_style
def plot_quality_overlap(aligned: pd.DataFrame, names: Mapping[str, str]) -> Figure | Axes:
    """Draw the monthly counts of two sources back to back, a lane for each subject and pair of sources.

    Parameters
    ----------
    aligned : DataFrame
        ``subject, source_a, source_b, month, n_a, n_b``, one row a month that both sources cover, and the
        lane's ``rho`` (missing where it cannot be given) and ``reason`` on each of its rows.
    names : mapping
        Actor and source to the reader's name; a pair of actors as its two codes joined by a hyphen.

    Returns
    -------
    Figure
        One axes per lane, counts of the first source above zero, as shares of that source's highest month.
    """
    require_columns(aligned, _COLUMNS, "quality_overlap")
    if aligned.empty:
        return empty_panel(say(_EMPTY))
    lanes = [(key, rows) for key, rows in aligned.groupby(_KEYS, sort=False)]
    key = wrap_key(name_marks(_KEY, {"scale", "rho"} if aligned["rho"].notna().any() else {"scale"}), 7.5)
    total = _HEAD + len(lanes) * (_ROW + _GAP + _AXIS) + key_height(key, 7.5)
    figure = new_figure(total)
    width = WIDTH_INCHES - _LEFT - _RIGHT
    for number, ((subject, a, b), rows) in enumerate(lanes):
        bottom = total - _HEAD - (number + 1) * (_ROW + _GAP + _AXIS) + _AXIS + _GAP / 2
        axes = add_panel(figure, _LEFT, bottom, width, _ROW)
        _draw_lane(axes, rows)
        side = (
            (0.8, name_of(a, names), "bold"),
            (0.5, _subject(subject, names), "normal"),
            (0.2, name_of(b, names), "bold"),
        )
        for place, text, weight in side:
            axes.annotate(wrap_to(text, 8, _LEFT - 0.25), (0, place), (-8, 0), xycoords="axes fraction", size=8,
                          textcoords="offset points", ha="right", va="center", weight=weight,
                          color=CONTEXT if weight == "normal" else INK, annotation_clip=False)  # fmt: skip
        said = f"{_say(rows.iloc[0])}\n{count(len(rows), 'month', 'months')}"
        axes.annotate("\n".join(wrap_to(line, 8, _RIGHT - 0.2) for line in said.split("\n")), (1, 0.5), (8, 0),
                      xycoords="axes fraction", textcoords="offset points", ha="left", va="center", size=8,
                      annotation_clip=False)  # fmt: skip
    draw_key(figure, key, 7.5)
    return figure


def caption_quality_overlap(
    aligned: pd.DataFrame, names: Mapping[str, str], *, source: str = message("event archive and curated events")
) -> str:
    """Say for each lane how many months it has and how the two sources correlate."""
    if aligned.empty:
        return caption_empty(_EMPTY, source)
    parts = [
        say(_PART, subject=_subject(subject, names), a=name_of(a, names), b=name_of(b, names),
                     months=count(len(rows), "month", "months"), said=_say(rows.iloc[0]))
        for (subject, a, b), rows in aligned.groupby(_KEYS, sort=False)
    ]  # fmt: skip
    return f"{say(_CAPTION, parts=chain(parts))} {source_line(source)}"


def alt_quality_overlap(aligned: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Give the sums and correlations to a reader who cannot see the bars."""
    if aligned.empty:
        return alt_empty(_EMPTY)
    lanes = list(aligned.groupby(_KEYS, sort=False))
    sentences = [say(_ALT, lanes=count(len(lanes), "comparison", "comparisons"))]
    for (subject, a, b), rows in lanes:
        sentences.append(
            say(
                _ALT_PART,
                subject=_subject(subject, names),
                a=name_of(a, names),
                b=name_of(b, names),
                said=_say(rows.iloc[0]),
                first=format_month(rows["month"].min()),
                last=format_month(rows["month"].max()),
                n_a=count(int(rows["n_a"].sum()), "event", "events"),
                n_b=count(int(rows["n_b"].sum()), "event", "events"),
            )
        )
    return fit(sentences)


def _draw_lane(axes: Axes, rows: pd.DataFrame) -> None:
    first, last = rows["month"].min(), rows["month"].max() + pd.offsets.MonthEnd(0)
    axes.set(ylim=(-1.4, 1.15), yticks=[])
    axes.axhline(0, color=CONTEXT_MARK, linewidth=0.6)
    axes.spines["left"].set_visible(False)
    places = day_numbers(rows["month"])
    lengths = rows["month"].dt.days_in_month
    for column, sign, colour in (("n_a", 1, _UP), ("n_b", -1, _DOWN)):
        highest = max(int(rows[column].max()), 1)
        axes.bar(places, sign * rows[column] / highest, width=0.86 * lengths, align="edge", color=colour)
        if rows[column].any():
            top = int(rows[column].to_numpy().argmax())
            axes.annotate(format_digits(rows[column].iloc[top], 0), (places.iloc[top] + lengths.iloc[top] / 2, sign),
                          (0, sign * 1.5), textcoords="offset points", ha="center", size=7.5,
                          va="bottom" if sign > 0 else "top", annotation_clip=False)  # fmt: skip
    set_date_axis(axes, first, last)


def _subject(subject: str, names: Mapping[str, str]) -> str:
    codes = str(subject).split("-")
    return str(list_names(codes, names))


def _say(row: Any) -> str:
    return say_term(row["reason"]) if pd.isna(row["rho"]) else say(_RHO, rho=format_number(row["rho"], signed=True))


def order_lanes(compared: pd.DataFrame, most: int = 4) -> pd.DataFrame:
    """The comparisons worth a lane: those with a common month and events in both, the longest first.

    Examples
    --------
    >>> rows = pd.DataFrame({"subject": ["A", "B"], "n_months": [0, 20], "n_a": [0, 4], "n_b": [1, 5]})
    >>> order_lanes(rows)["subject"].tolist()
    ['B']
    """
    held = compared[(compared["n_months"] > 0) & (compared["n_a"] > 0) & (compared["n_b"] > 0)]
    return held.sort_values("n_months", ascending=False, kind="stable").head(most)
