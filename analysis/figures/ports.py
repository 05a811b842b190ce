"""The ports side by side: one panel a port, whole years only, sources that differ as a range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_number_axis,
    wrap_to,
)
from analysis.figures.keys import draw_key, key_height, name_marks, wrap_key
from analysis.figures.strokes import add_line
from analysis.figures.style import CONTEXT, CONTEXT_MARK, INK, SMALL, actor_colour
from analysis.figures.wording import alt_empty, caption_empty, fit, is_given, name_of, shorten, source_line
from analysis.language import message, say, say_data
from analysis.measures.hubs import latest_throughput
from analysis.schema.rows import each_row
from analysis.wording import bound_of, format_nonzero, join

_COLUMNS = ("port", "state", "year", "low", "high", "has_conflict")
_LEFT, _HEAD, _HEIGHT, _FOOT, _GAP = 0.5, 0.36, 1.25, 0.3, 0.16  # inches
_ACROSS = 5
_MILLION = 1e6

_EMPTY = message("No whole year of any port is on record.")
_AXIS = message("million tonnes")
_KEY = {
    "whole": message("●  whole year"),
    "differing": message("◆–◆  sources differ, least and most"),
    "contradicted": message("○  contradicted in a remark"),
    "in a row": message("lines join years in a row"),
    "least": message("≥  more than"),
    "most": message("≤  less than"),
}
_CAPTION = message("Latest whole year on record, in million tonnes: {parts}.")
_YEARS = message("The years differ, so the order is not one of a single year.")
_GROWTH = message("Between {first} and {last} {port} went from {from_} to {to} million tonnes.")
_ABSENT = message("{state} has no port among them.")
_CONFLICTS = message("Sources differ for {years}.")
_LABEL = message("{port}, {state:bare}")
_PART = message("{port} {amount} ({year})")
_DIFFERING = message("{port} {year} ({amount})")
_ALT_PART = message("{port}: {amount} in {year}.")
_TO, _OR = message("{low} to {high}"), message("{low} or {high}")
_ALT = message("Dots over years, one panel for each of {n}, upwards from 0 to {most} million tonnes.")


@in_house_style
def plot_ports(throughput: pd.DataFrame, state: str, names: Mapping[str, str]) -> Figure | Axes:
    """Draw the throughput of each port over the years on one scale.

    Parameters
    ----------
    throughput : DataFrame
        ``port, state, year, low, high, has_conflict`` and, optional, ``is_least`` and ``is_most``, in tonnes, as
        :func:`analysis.measures.hubs.create_throughput` gives it.
    state : str
        The subject; its ports take its colour.
    names : mapping
        Actor code to the reader's name.

    Returns
    -------
    Figure
        One axes per port, the busiest first; a single axes with the reason where there is none.
    """
    require_columns(throughput, _COLUMNS, "ports")
    if throughput.empty:
        return empty_panel(say(_EMPTY))
    ports = _ports(throughput)
    across = min(len(ports), _ACROSS)
    lines = -(-len(ports) // across)
    width = (WIDTH_INCHES - _LEFT - 0.12 - _GAP * (across - 1)) / across
    rows = list(each_row(throughput.sort_values("year")))
    years_of = {own: [row for row in rows if (row.port, row.state) == own] for own in ports}
    key = wrap_key(name_marks(_KEY, {mark for years in years_of.values() for mark in _list_marks(years)}), 7.5)
    total = lines * (_HEAD + _HEIGHT + _FOOT) + key_height(key, 7.5)
    figure = new_figure(total)
    most, first, last = throughput["high"].max() / _MILLION, throughput["year"].min(), throughput["year"].max()
    for number, (port, code) in enumerate(ports):
        line, column = divmod(number, across)
        bottom = total - (line + 1) * (_HEAD + _HEIGHT + _FOOT) + _FOOT
        axes = add_panel(figure, _LEFT + column * (width + _GAP), bottom, width, _HEIGHT)
        axes.set(xlim=(first - 0.7, last + 0.7), ylim=(0, most * 1.22))
        axes.xaxis.set_major_locator(MaxNLocator(3 if width < 1.6 else 5, integer=True, min_n_ticks=2))
        set_number_axis(axes.yaxis, 4)
        axes.grid(axis="y")
        axes.tick_params(axis="x", labelsize=SMALL)
        axes.tick_params(axis="y", labelleft=not column)
        if not column:
            axes.set_ylabel(say(_AXIS), size=7.5)
        is_own = code == state
        head = wrap_to(say(_LABEL, port=shorten(say_data(port)), state=name_of(code, names)), 8, width + 0.05)
        axes.annotate(head, (0, 1), (0, 3), xycoords="axes fraction", textcoords="offset points", size=8, va="bottom",
                      weight="bold" if is_own else "normal", color=INK if is_own else CONTEXT)  # fmt: skip
        _draw_port(axes, years_of[port, code], actor_colour(state) if is_own else CONTEXT_MARK)
    draw_key(figure, key, 7.5)
    return figure


def caption_ports(
    throughput: pd.DataFrame, state: str, names: Mapping[str, str], *, source: str = message("curated port figures")
) -> str:
    """Say each port's latest whole year, the subject's growth, and where sources differ."""
    if throughput.empty:
        return caption_empty(_EMPTY, source)
    latest = latest_throughput(throughput)
    years = say(_YEARS) if latest["year"].nunique() > 1 else ""
    parts = join(say(_PART, port=say_data(row.port), amount=_amount(row), year=row.year) for row in each_row(latest))
    differing = throughput[throughput["low"] < throughput["high"]]
    said = [say(_DIFFERING, port=say_data(row.port), amount=_amount(row), year=row.year) for row in each_row(differing)]
    conflicts = say(_CONFLICTS, years=join(said)) if said else ""
    growth = _growth(throughput, state, names)
    return " ".join(filter(None, [say(_CAPTION, parts=parts), years, growth, conflicts, source_line(source)]))


def alt_ports(throughput: pd.DataFrame, state: str, names: Mapping[str, str]) -> str:
    """Give the latest years to a reader who cannot see the dots."""
    if throughput.empty:
        return alt_empty(_EMPTY)
    latest = latest_throughput(throughput)
    head = say(_ALT, n=join(map(say_data, latest["port"])), most=format_nonzero(throughput["high"].max() / _MILLION, 1))
    said = [say(_ALT_PART, port=say_data(row.port), amount=_amount(row), year=row.year) for row in each_row(latest)]
    return fit([head, *said, _growth(throughput, state, names)])


def _ports(throughput: pd.DataFrame) -> list[tuple[str, str]]:
    latest = latest_throughput(throughput)
    return list(zip(latest["port"], latest["state"], strict=True))


def _list_marks(years: list[Any]) -> Iterator[str]:
    """The marks that the rows of a port, in order of time, are drawn with."""
    for row in years:
        yield "differing" if row.low < row.high else "contradicted" if row.has_conflict else "whole"
    if any(later.year - earlier.year == 1 for earlier, later in pairwise(years)):
        yield "in a row"
    for mark in ("least", "most"):
        if any(getattr(row, f"is_{mark}", False) for row in years):
            yield mark


def _draw_port(axes: Axes, years: list[Any], colour: str) -> None:
    """Draw the rows of a port, in order of time."""
    runs: list[list[Any]] = []
    for row in years:
        if not runs or row.year - runs[-1][-1].year != 1:
            runs.append([])
        runs[-1].append(row)
    for run in runs:
        middle = [(row.low + row.high) / 2 / _MILLION for row in run]
        add_line(axes, [row.year for row in run], middle, color=colour, linewidth=1.0, alpha=0.7, zorder=2)
    for row in years:
        if row.low < row.high:
            add_line(axes, [row.year] * 2, [row.low / _MILLION, row.high / _MILLION], color=colour, linewidth=1.4,
                     zorder=3, marker="D", markersize=3.6)  # fmt: skip
    for has_conflict in (False, True):
        alike = [row for row in years if not row.low < row.high and row.has_conflict == has_conflict]
        if alike:
            add_line(axes, [row.year for row in alike], [row.high / _MILLION for row in alike], linestyle="none",
                     marker="o", markersize=4.2, color=colour, markerfacecolor="white" if has_conflict else colour,
                     zorder=4)  # fmt: skip
    *earlier, last = years
    _label(axes, last, f"{bound_of(last)}{format_nonzero(last.high / _MILLION, 1)}", is_above=True)
    for row in earlier:
        if bound := bound_of(row).strip():
            _label(axes, row, bound, is_above=False)  # above, it would be read as that of the last year's amount


def _label(axes: Axes, row: Any, text: str, *, is_above: bool) -> None:
    axes.annotate(text, (row.year, row.high / _MILLION), (0, 5 if is_above else -5), textcoords="offset points",
                  ha="center", va="bottom" if is_above else "top", size=SMALL, color=INK)  # fmt: skip


def _growth(throughput: pd.DataFrame, state: str, names: Mapping[str, str]) -> str:
    """How a port moved between two years; a bound starts no change, and ends none that it does not show."""
    own = throughput[throughput["state"] == state].sort_values("year")
    if own.empty:
        return say(_ABSENT, state=name_of(state, names))
    own = own[own["port"] == own["port"].iloc[-1]]
    exact = own[[not bound_of(row) for row in each_row(own)]]
    if exact.empty:
        return ""
    first, last = exact.iloc[0], own.iloc[-1]
    if bound_of(last) and not (last["high"] < first["low"] if last.get("is_most") else last["low"] > first["high"]):
        last = exact.iloc[-1]
    if first["year"] >= last["year"]:
        return ""
    return say(
        _GROWTH,
        first=first["year"],
        last=last["year"],
        port=say_data(last["port"]),
        from_=_between(first),
        to=_between(last),
    )


def _between(row: object) -> str:
    return _amount(row, _OR)


def _amount(row: object, differing: str = _TO) -> str:
    low, high = (float(getattr(row, name)) / _MILLION for name in ("low", "high"))
    sign = bound_of(row)
    if not is_given(high) or low == high:
        return f"{sign}{format_nonzero(low, 1)}"
    texts = format_nonzero(low, 1), f"{sign}{format_nonzero(high, 1)}"
    return texts[0] if texts[0] == texts[1] else say(differing, low=texts[0], high=texts[1])
