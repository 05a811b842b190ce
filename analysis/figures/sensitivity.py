"""How far the tilt depends on the way events are weighed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.canvas import (
    each_row,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_tilt_axis,
    tilt_labels,
)
from analysis.figures.style import CONTEXT, CONTEXT_MARK, INK
from analysis.figures.wording import (
    count_span,
    fit,
    format_range,
    has_no_width,
    is_given,
    name_of,
    one_line,
    source_line,
    wrap,
)
from analysis.wording import count, format_number

_EMPTY = "No way of weighing gave a tilt: no events were gathered."
_VALUE = "{tilt} ({interval}), {events}"
_BARE_VALUE = "{tilt} ({reason}), {events}"
_NO_VALUE = "{reason}, {events}"
_NO_REASON = "no interval"
_AXIS = "tilt"
_SIGNS_ALIKE = "All {n} weightings put the tilt on the side of {name}"
_SIGNS_EVEN = "All {n} weightings put the tilt exactly between the two"
_UNDECIDED = " Intervals that include an even balance: {n}."
_SIGNS_DIFFER = "The weightings do not agree on the side: {with_a} towards {a}, {with_b} towards {b}"
_ONE = "The tilt is {tilt} under the one weighting that gives it"
_SPAN = "from {low} ({low_name}) to {high} ({high_name})"
_WIDTHLESS = "Diamonds mark intervals without width: all cooperation is with one power, which is a limit of the method."
_MISSING = "{weightings} without a tilt."
_INTERVAL = "Bars are {level} % intervals; the rows rest on {events}."
_ALT = "Dot and interval of the tilt, from −1 (all with {b}) to +1 (all with {a}), one row per weighting."


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
        return empty_panel(_EMPTY)
    axes = new_figure(0.9 + 0.36 * len(frame), is_constrained=True).subplots()
    axes.axvline(0, color=CONTEXT_MARK, linewidth=0.8)
    for place, row in enumerate(each_row(frame)):
        _draw_row(axes, place, row)
    axes.set_yticks(range(len(frame)), [wrap(str(name).replace("_", " "), 22) for name in frame["weighting"]])
    axes.set(ylim=(len(frame) - 0.4, -0.6), xlim=(-1.06, 1.06), xlabel=_AXIS)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    set_tilt_axis(axes.xaxis, tilt_labels(a, b, names))
    return axes


def caption_sensitivity(
    frame: pd.DataFrame,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    level: float = 0.90,
    source: str = "curated events",
) -> str:
    """Say whether the weightings agree on the side, and how far they lie apart."""
    if frame.empty:
        return f"{_EMPTY} {source_line(source, 0)}"
    events = _INTERVAL.format(level=format_number(100 * level, 0), events=count_span(frame["n_events"], "event"))
    sentences = [_answer(frame, a, b, names), events]
    if any(has_no_width(row.low, row.high) for row in each_row(frame)):
        sentences.append(_WIDTHLESS)
    return " ".join([*sentences, source_line(source)])


def alt_sensitivity(frame: pd.DataFrame, a: str, b: str, names: Mapping[str, str]) -> str:
    """Give the tilt of each weighting to a reader who cannot see the dots."""
    if frame.empty:
        return f"An empty panel. {_EMPTY}"
    head = _ALT.format(a=name_of(a, names), b=name_of(b, names))
    rows = (f"{str(row.weighting).replace('_', ' ')}: {_value(row)}." for row in each_row(frame))
    return fit([head, *rows])


def _draw_row(axes: Axes, place: int, row: Any) -> None:
    has_interval = is_given(row.low) and is_given(row.high)
    if is_given(row.tilt):
        if has_interval:
            axes.plot([row.low, row.high], [place, place], color=INK, linewidth=1.6, solid_capstyle="butt")
        marker = "D" if has_no_width(row.low, row.high) else "o"
        face = INK if has_interval and marker == "o" else "white"
        axes.plot(
            [row.tilt], [place], marker=marker, markersize=6, linestyle="none", markerfacecolor=face,
            markeredgecolor=INK if has_interval else CONTEXT_MARK, markeredgewidth=1.2,
        )  # fmt: skip
    axes.annotate(
        _value(row), (1.0, place), (10, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
        va="center", color=INK if has_interval else CONTEXT,
    )  # fmt: skip


def _value(row: Any) -> str:
    events = count(int(row.n_events), "event")
    reason = one_line(row.reason) if is_given(row.reason) else _NO_REASON
    if not is_given(row.tilt):
        return _NO_VALUE.format(reason=reason, events=events)
    tilt = format_number(row.tilt, signed=True)
    if is_given(row.low) and is_given(row.high):
        return _VALUE.format(tilt=tilt, interval=format_range(row.low, row.high), events=events)
    return _BARE_VALUE.format(tilt=tilt, reason=reason, events=events)


def _answer(frame: pd.DataFrame, a: str, b: str, names: Mapping[str, str]) -> str:
    given = frame[frame["tilt"].notna()]
    missing = count(len(frame) - len(given), "weighting is", "weightings are")
    tail = f" {_MISSING.format(weightings=missing)}" if len(given) < len(frame) else ""
    if given.empty:
        return tail.strip()
    if len(given) == 1:
        return _ONE.format(tilt=format_number(given["tilt"].iloc[0], signed=True)) + "." + tail
    with_a, with_b = int((given["tilt"] > 0).sum()), int((given["tilt"] < 0).sum())
    if len(given) in (with_a, with_b):
        head = _SIGNS_ALIKE.format(n=len(given), name=name_of(a if with_a else b, names))
    elif with_a == with_b == 0:
        head = _SIGNS_EVEN.format(n=len(given))
    else:
        head = _SIGNS_DIFFER.format(with_a=with_a, a=name_of(a, names), with_b=with_b, b=name_of(b, names))
    ranked = given.sort_values("tilt", kind="stable")
    low, high = ranked.iloc[0], ranked.iloc[-1]
    span = _SPAN.format(
        low=format_number(low["tilt"], signed=True), low_name=str(low["weighting"]).replace("_", " "),
        high=format_number(high["tilt"], signed=True), high_name=str(high["weighting"]).replace("_", " "),
    )  # fmt: skip
    undecided = int(((given["low"].astype(float).round(2) <= 0) & (given["high"].astype(float).round(2) >= 0)).sum())
    even = _UNDECIDED.format(n=undecided) if undecided else ""
    return f"{head}, {span}.{even}{tail}"
