"""How far the tilt depends on the way events are weighed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_tilt_axis,
    text_width,
    tilt_labels,
    wrap_to,
)
from analysis.figures.strokes import add_line
from analysis.figures.style import CONTEXT, CONTEXT_MARK, INK
from analysis.figures.terms import WEIGHTINGS, say_code, say_term
from analysis.figures.wording import (
    alt_empty,
    caption_empty,
    count_span,
    fit,
    format_interval,
    has_no_width,
    is_given,
    name_of,
    source_line,
    wrap,
)
from analysis.language import message, say, say_number
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count, format_number

_VALUE_WIDTH = 3.0  # inches; a longer reason goes over two lines, so that the scale keeps its room

_EMPTY = message("No way of weighing gave a tilt: no events were gathered.")
_VALUE = message("{tilt} ({interval}), {events}")
_RING = message("{tilt} ({reason}), {events}")
_NO_VALUE = message("{reason}, {events}")
_NO_REASON = message("no interval")
_AXIS = message("tilt")
_SIGNS_ALIKE = message(
    "All {n} weightings put the tilt on the side of {power}, from {low} ({low_name}) to {high} ({high_name})."
)
_VALUES_ALIKE = message("All {n} weightings put the tilt at {low}, on the side of {power}.")
_SIGNS_EVEN = message(
    "All {n} weightings put the tilt exactly between the two, from {low} ({low_name}) to {high} ({high_name})."
)
_UNDECIDED = message("Intervals that include an even balance: {n}.")
_SIGNS_DIFFER = message(
    "The weightings do not agree on the side: {with_a} towards {a}, {with_b} towards {b}, "
    "from {low} ({low_name}) to {high} ({high_name})."
)
_ONE = message("The tilt is {tilt} under the one weighting that gives it.")
_WIDTHLESS = message(
    "Diamonds mark intervals without width: all cooperation is with one power, which is a limit of the method."
)
_INTERVAL = message("Bars are {level} % intervals; the rows rest on {events}.")
_NO_INTERVAL = message("The rows rest on {events}.")
_RINGS = message("A ring is a tilt without an interval.")
_ALT_ROW = message("{weighting}: {value}.")
_ALT = message("Dot and interval of the tilt, from −1 (all with {b}) to +1 (all with {a}), one row per weighting.")


@in_house_style
def plot_sensitivity(frame: pd.DataFrame, a: str, b: str, names: Mapping[str, str]) -> Axes:
    """Draw the tilt under each weighting as a dot with its interval.

    Parameters
    ----------
    frame : DataFrame
        ``weighting, tilt, low, high, n_events, reason``, one row per weighting, drawn in this order.
    a, b : str
        The powers at +1 and at -1.
    names : mapping
        Actor code to the reader's name.

    Returns
    -------
    Axes
    """
    require_columns(frame, ("weighting", "tilt", "low", "high", "n_events", "reason"), "sensitivity")
    if frame.empty:
        return empty_panel(say(_EMPTY))
    rows, ends = list(each_row(frame)), tilt_labels(a, b, names)
    titles = [wrap(say_code(row.weighting, WEIGHTINGS), 22) for row in rows]
    values = [wrap_to(_value(row), 8.5, _VALUE_WIDTH) for row in rows]
    left, right = max(text_width(title, 8) for title in titles), max(text_width(value, 8.5) for value in values)
    height, foot = 0.9 + 0.36 * len(rows), 0.3 + 0.14 * (1 + max(label.count("\n") for label in ends))
    width = WIDTH_INCHES - left - right - 0.28
    axes = add_panel(new_figure(height), left + 0.09, foot, width, height - foot - 0.04)
    axes.axvline(0, color=CONTEXT_MARK, linewidth=0.8)
    for place, (row, value) in enumerate(zip(rows, values, strict=True)):
        _draw_row(axes, place, row, value)
    axes.set_yticks(range(len(rows)), titles)
    axes.set(ylim=(len(frame) - 0.4, -0.6), xlim=(-1.06, 1.06), xlabel=say(_AXIS))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    set_tilt_axis(axes.xaxis, ends)
    return axes


def caption_sensitivity(
    frame: pd.DataFrame,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    level: float = 0.90,
    source: str = message("curated events"),
) -> str:
    """Say whether the weightings agree on the side, and how far they lie apart."""
    if frame.empty:
        return caption_empty(_EMPTY, source, 0)
    held = frame["low"].notna() & frame["high"].notna()
    has_bars = any(not has_no_width(row.low, row.high) for row in each_row(frame[held & frame["tilt"].notna()]))
    events = say(
        _INTERVAL if has_bars else _NO_INTERVAL,
        level=format_number(100 * level, 0),
        events=count_span(frame["n_events"], "event of cooperation", "events of cooperation"),
    )
    sentences = [_answer(frame, a, b, names), events]
    if (frame["tilt"].notna() & ~held).any():
        sentences.append(say(_RINGS))
    if any(has_no_width(row.low, row.high) for row in each_row(frame)):
        sentences.append(say(_WIDTHLESS))
    return " ".join([*sentences, source_line(source)])


def alt_sensitivity(frame: pd.DataFrame, a: str, b: str, names: Mapping[str, str]) -> str:
    """Give the tilt of each weighting to a reader who cannot see the dots."""
    if frame.empty:
        return alt_empty(_EMPTY)
    head = say(_ALT, a=name_of(a, names), b=name_of(b, names))
    rows = (
        say(_ALT_ROW, weighting=say_code(row.weighting, WEIGHTINGS), value=_value(row, ring=_RING))
        for row in each_row(frame)
    )
    return fit([head, *rows])


def _draw_row(axes: Axes, place: int, row: Any, value: str) -> None:
    has_interval = is_given(row.low) and is_given(row.high)
    if is_given(row.tilt):
        if has_interval:
            add_line(axes, [row.low, row.high], [place, place], color=INK, linewidth=1.6, solid_capstyle="butt")
        marker = "D" if has_no_width(row.low, row.high) else "o"
        face = INK if has_interval and marker == "o" else "white"
        add_line(
            axes, [row.tilt], [place], marker=marker, markersize=6, linestyle="none", markerfacecolor=face,
            markeredgecolor=INK if has_interval else CONTEXT_MARK, markeredgewidth=1.2,
        )  # fmt: skip
    axes.annotate(
        value, (1.0, place), (10, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
        va="center", color=INK if has_interval else CONTEXT,
    )  # fmt: skip


def _value(row: Any, ring: str = _NO_VALUE) -> str:
    """The tilt of a row; where a ring alone stands for too few events, no number is written beside it."""
    events = count(int(row.n_events), "event", "events")
    reason = say_term(row.reason) if is_given(row.reason) else say(_NO_REASON)
    if not is_given(row.tilt):
        return say(_NO_VALUE, reason=reason, events=events)
    tilt = format_number(row.tilt, signed=True)
    if is_given(row.low) and is_given(row.high):
        return say(_VALUE, tilt=tilt, interval=format_interval(row.low, row.high), events=events)
    return say(ring, tilt=tilt, reason=reason, events=events)


def _answer(frame: pd.DataFrame, a: str, b: str, names: Mapping[str, str]) -> str:
    """Whether the weightings with events enough for an interval agree, and how many have too few."""
    given = frame[frame["low"].notna() & frame["high"].notna()]
    few, missing = int(frame["tilt"].notna().sum()) - len(given), int(frame["tilt"].isna().sum())
    tails = [
        say_number(
            few, "{n} weighting has too few events for an interval.",
            "{n} weightings have too few events for an interval.",
        ) if few else "",
        say_number(missing, "{n} weighting is without a tilt.", "{n} weightings are without a tilt.")
        if missing else "",
    ]  # fmt: skip
    tail = " ".join(filter(None, tails))
    if given.empty:
        return tail
    if len(given) == 1:
        return " ".join(filter(None, [say(_ONE, tilt=format_number(given["tilt"].iloc[0], signed=True)), tail]))
    ranked = given.sort_values("tilt", kind="stable")
    low, high = ranked.iloc[0], ranked.iloc[-1]
    span = {
        "low": format_number(low["tilt"], signed=True), "low_name": say_code(low["weighting"], WEIGHTINGS),
        "high": format_number(high["tilt"], signed=True), "high_name": say_code(high["weighting"], WEIGHTINGS),
    }  # fmt: skip
    with_a, with_b = int((given["tilt"] > 0).sum()), int((given["tilt"] < 0).sum())
    n = format_digits(len(given), 0)
    if len(given) in (with_a, with_b):
        alike = _VALUES_ALIKE if span["low"] == span["high"] else _SIGNS_ALIKE
        head = say(alike, n=n, power=name_of(a if with_a else b, names), **span)
    elif with_a == with_b == 0:
        head = say(_SIGNS_EVEN, n=n, **span)
    else:
        sides = {"with_a": format_digits(with_a, 0), "with_b": format_digits(with_b, 0)}
        head = say(_SIGNS_DIFFER, a=name_of(a, names), b=name_of(b, names), **sides, **span)
    undecided = int(((given["low"].astype(float) <= 0) & (given["high"].astype(float) >= 0)).sum())
    even = say(_UNDECIDED, n=format_digits(undecided, 0)) if undecided else ""
    return " ".join(filter(None, [head, even, tail]))
