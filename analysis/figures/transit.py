"""Through whose ports the landlocked states trade, before and after a day; what is not known stays a question mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_number_axis,
    text_width,
    wrap_to,
)
from analysis.figures.keys import draw_key, key_height, name_marks, wrap_key
from analysis.figures.strokes import Bar, add_bars, add_line, rule_rows
from analysis.figures.style import CONTEXT, CONTEXT_MARK, INK, SMALL, actor_colour
from analysis.figures.wording import (
    alt_empty,
    caption_empty,
    chain,
    fit,
    is_given,
    list_names,
    name_of,
    shorten,
    source_line,
)
from analysis.language import message, say, say_data
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import bound_of, format_nonzero, format_number, join

_COLUMNS = ("destination", "state", "port", "period", "kind", "year", "is_read", "low", "high")
_ROW, _HEAD, _TOP, _FOOT = 0.22, 0.4, 0.12, 0.38  # inches
_BEFORE_WIDTH, _AFTER_WIDTH = 1.85, 0.75
_TONNES, _SHARE = "tonnes", "share of imports"
_PERCENT_SIGN = "\N{NO-BREAK SPACE}%"
_MILLION = 1e6

_EMPTY = message("No figure of transit to a landlocked state is on record.")
_KEY = {
    _TONNES: message("bar: tonnes in the latest whole year on record"),
    _SHARE: message("percent: of the state's own imports, where a source prints it"),
    "unknown": message("?  not known: a route in use, of which no source gives a whole year"),
}
_HEAD_ONE = message("latest whole year")
_HEAD_BEFORE, _HEAD_AFTER = message("before {turn}"), message("after")
_READ = message("said of the time before")
_AXIS = message("million tonnes")
_BEFORE = message("Before {turn}: {parts}.")
_LATEST = message("Latest whole years: {parts}.")
_SHARES = message("Shares of a state's own imports as printed: {parts}.")
_SHARE_OF = message("{state} {share} through {by} ({when})")
_SHARE_BY_LAND = message("{state} {share} of those by land through {by} ({when})")
_TO, _LABEL = message("To {state}"), message("{port}, {state:bare}")
_PORT_LETTERS = 24
_PART, _VALUE = message("{state} by {port} {tonnes}"), message("{amount} ({when})")
_RANGE, _MEGATONNES, _PLAIN_TONNES = message("{low} to {high}"), message("{n} Mt"), message("{n} t")
_ALT_ROW = message("{state} by {port}: {tonnes}.")
_ALT_AFTER = message("No whole year is known for the time after {turn}.")
_AFTER = message(
    "After {turn} no source gives a whole year for any of these {n} routes: how many tonnes moved is not known."
)
_AFTER_KNOWN = message("After {turn} whole years are known for {k} of {n} routes.")
_YEARS = message("Figures of different years and sources are not made into shares.")
_ALT = message("Bars of transit in million tonnes, a panel for each of {states}, a row per port.")


@in_house_style
def plot_transit(transit: pd.DataFrame, state: str, names: Mapping[str, str], turn: str) -> Figure | Axes:
    """Draw each landlocked state's routes with the latest whole year before and after a day.

    Parameters
    ----------
    transit : DataFrame
        ``destination, state, port, period`` (before, after)``, kind`` (tonnes, share of imports)``, year,
        is_read, low, high``, in tonnes or percent, as
        :func:`analysis.measures.hubs.create_transit` gives it.
    state : str
        The subject: its routes take its colour, and as a destination its panel comes first.
    names : mapping
        Actor code to the reader's name.
    turn : str
        The day in words; empty for a report of an earlier day, which shows the latest whole years alone.

    Returns
    -------
    Figure
        One axes per landlocked state; a single axes with the reason where there is none.
    """
    require_columns(transit, _COLUMNS, "transit")
    if transit.empty:
        return empty_panel(say(_EMPTY))
    destinations = _destinations(transit, state)
    routes = {code: _routes(transit, code) for code in destinations}
    left = max(text_width(_label(row.port, row.state, names), 8, "bold") for row in each_row(transit)) + 0.12
    width = WIDTH_INCHES - left - _BEFORE_WIDTH - _AFTER_WIDTH
    key = wrap_key(name_marks(_KEY, _list_marks(transit, turn)), 7.5)
    total = sum(_HEAD + _ROW * len(found) for found in routes.values()) + _TOP + _FOOT + key_height(key, 7.5)
    figure = new_figure(total)
    most = (
        transit.loc[transit["kind"] == _TONNES, "high"].max() / _MILLION if (transit["kind"] == _TONNES).any() else 1.0
    )
    given, top = list(each_row(transit)), total - _TOP
    for number, code in enumerate(destinations):
        height = _ROW * len(routes[code])
        top -= _HEAD + height
        axes = add_panel(figure, left, top, width, height)
        axes.set(xlim=(0, most * 1.02), ylim=(len(routes[code]) - 0.5, -0.5))
        axes.annotate(
            say(_TO, state=name_of(code, names)),
            (0, 1),
            (-72 * left + 4, 4),
            xycoords="axes fraction",
            size=8.5,
            textcoords="offset points",
            weight="bold",
            va="bottom",
        )
        is_last = number == len(destinations) - 1
        set_number_axis(axes.xaxis, 6)
        axes.tick_params(axis="x", labelbottom=is_last, length=3 if is_last else 0)
        axes.spines["bottom"].set_visible(is_last)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        if is_last:
            axes.set_xlabel(say(_AXIS), size=8)
        labels = [_label(port, owner, names) for port, owner in routes[code]]
        ticks = axes.set_yticks(range(len(labels)), labels)
        rule_rows(axes, [place + 0.5 for place in range(len(labels))], linewidth=0.5)
        for place, (port, owner) in enumerate(routes[code]):
            ticks[place].label1.set_fontweight("bold" if owner == state else "normal")
            rows = [row for row in given if row.destination == code and row.port == port]
            periods = ("before", "after") if turn else ("before",)
            _draw_route(axes, place, rows, actor_colour(state) if owner == state else CONTEXT_MARK, periods)
        if not number:
            heads = (
                ((0, say(_HEAD_BEFORE, turn=turn)), (_BEFORE_WIDTH, say(_HEAD_AFTER)))
                if turn
                else ((0, say(_HEAD_ONE)),)
            )
            for shift, head in heads:
                axes.annotate(head, (1, 1), (72 * shift + 5, 4), xycoords="axes fraction", textcoords="offset points",
                              size=8, weight="bold", va="bottom")  # fmt: skip
    draw_key(figure, key, 7.5)
    return figure


def caption_transit(
    transit: pd.DataFrame,
    state: str,
    names: Mapping[str, str],
    turn: str,
    *,
    source: str = message("curated port figures"),
) -> str:
    """Say what is known of each route before and after the day, and what is not."""
    if transit.empty:
        return caption_empty(_EMPTY, source)
    routes = len(transit[["destination", "state", "port"]].drop_duplicates())
    known = _known(transit, "after")
    n = format_digits(routes, 0)
    after = ""
    if turn:
        given = {"turn": turn, "n": n}
        after = say(_AFTER_KNOWN, k=format_digits(known, 0), **given) if known else say(_AFTER, **given)
    return " ".join(filter(None, [_shares(transit, names), _tonnages(transit, state, names, turn), after, say(_YEARS),
                                  source_line(source)]))  # fmt: skip


def alt_transit(transit: pd.DataFrame, state: str, names: Mapping[str, str], turn: str) -> str:
    """Give the known figures to a reader who cannot see the bars."""
    if transit.empty:
        return alt_empty(_EMPTY)
    head = say(_ALT, states=list_names(_destinations(transit, state), names))
    rows = transit[(transit["period"] == "before") & (transit["kind"] == _TONNES)]
    each = [
        say(_ALT_ROW, state=name_of(row.destination, names), port=say_data(row.port), tonnes=_tonnes(row))
        for row in each_row(rows)
    ]
    after = "" if _known(transit, "after") or not turn else say(_ALT_AFTER, turn=turn)
    return fit([head, after, _shares(transit, names), *each])


def _destinations(transit: pd.DataFrame, state: str) -> list[str]:
    found = sorted(set(transit["destination"]))
    return sorted(found, key=lambda code: (code != state, code))


def _routes(transit: pd.DataFrame, destination: str) -> list[tuple[str, str]]:
    """Ports that serve a state, those with most tonnes first and those without a figure last."""
    own = [row for row in each_row(transit) if row.destination == destination]
    size = {(row.port, row.state): -1.0 for row in own}
    for row in own:
        if row.kind == _TONNES and is_given(row.high):
            for route in size:
                if route[0] == row.port:
                    size[route] = max(size[route], row.high)
    return sorted(size, key=lambda route: (-size[route], route[0]))


def _list_marks(transit: pd.DataFrame, turn: str) -> set[str]:
    """Which marks the routes have: bars, shares, and a sign where a period has neither."""
    periods = ("before", "after") if turn else ("before",)
    shown = transit[transit["period"].isin(periods) & transit["kind"].isin([_TONNES, _SHARE])]
    filled = len(shown[["destination", "state", "port", "period"]].drop_duplicates())
    routes = len(transit[["destination", "state", "port"]].drop_duplicates())
    return {str(kind) for kind in shown["kind"]} | ({"unknown"} if filled < routes * len(periods) else set())


def _draw_route(axes: Axes, place: int, rows: list[Any], colour: str, periods: tuple[str, ...]) -> None:
    has_both = len({row.period for row in rows if row.kind == _TONNES}) > 1
    for period, shift, side in (("before", 0.0, -0.16), ("after", _BEFORE_WIDTH, 0.16)):
        if period not in periods:
            continue
        texts: list[str] = []
        middle, height = place + side * has_both, 0.3 if has_both else 0.55
        for row in rows:
            if row.period != period:
                continue
            if row.kind == _TONNES:
                add_bars(axes, [Bar(0, middle - height / 2, row.high / _MILLION, height)], zorder=2,
                         facecolor=colour if period == "before" else "white", edgecolor=colour,
                         linewidth=0.7)  # fmt: skip
                if row.low < row.high:
                    add_line(axes, [row.low / _MILLION] * 2, [middle - 0.2, middle + 0.2], color="white", linewidth=1.2,
                             zorder=3)  # fmt: skip
                texts.insert(0, _tonnes(row))
            elif row.kind == _SHARE:
                texts.append(say(_VALUE, amount=_percent(row), when=_when(row)))
        room = (_BEFORE_WIDTH if period == "before" else _AFTER_WIDTH) - 0.12
        text = wrap_to(chain(texts) or "?", SMALL, room)
        axes.annotate(text, (1, place), (72 * shift + 5, 0), va="center", size=SMALL,
                      xycoords=("axes fraction", "data"), textcoords="offset points", linespacing=0.95,
                      color=INK if texts else CONTEXT)  # fmt: skip


def _known(transit: pd.DataFrame, period: str) -> int:
    rows = transit[(transit["period"] == period) & transit["low"].notna()]
    return len(rows[["destination", "state", "port"]].drop_duplicates())


def _tonnages(transit: pd.DataFrame, state: str, names: Mapping[str, str], turn: str) -> str:
    rows = transit[(transit["period"] == "before") & (transit["kind"] == _TONNES)]
    own = rows[(rows["state"] == state) | (rows["destination"] == state)]
    parts = [
        say(_PART, state=name_of(row.destination, names), port=say_data(row.port), tonnes=_tonnes(row))
        for row in each_row(own)
    ]
    return say(_BEFORE if turn else _LATEST, turn=turn, parts=join(parts)) if parts else ""


def _shares(transit: pd.DataFrame, names: Mapping[str, str]) -> str:
    rows = transit[transit["kind"] == _SHARE]
    parts = [
        say(
            # A share of the imports by land alone, where the unit says so.
            _SHARE_BY_LAND if "land imports" in str(getattr(row, "unit", "")) else _SHARE_OF,
            state=name_of(row.destination, names), share=_percent(row), by=name_of(row.state, names), when=_when(row),
        )
        for row in each_row(rows)
    ]  # fmt: skip
    return say(_SHARES, parts=join(parts)) if parts else ""


def _label(port: str, owner: str, names: Mapping[str, str]) -> str:
    return say(_LABEL, port=shorten(say_data(port), _PORT_LETTERS), state=name_of(owner, names))


def _when(row: object) -> str:
    return say(_READ) if row.is_read else f"{int(row.year)}"  # type: ignore[attr-defined]


def _percent(row: object) -> str:
    return f"{bound_of(row)}{format_nonzero(float(row.high), 0)}{_PERCENT_SIGN}"  # type: ignore[attr-defined]


def _tonnes(row: object) -> str:
    low, high, year = float(row.low), float(row.high), int(row.year)  # type: ignore[attr-defined]
    said = [
        say(_MEGATONNES, n=format_number(value / _MILLION, 2))
        if value >= 1e5
        else say(_PLAIN_TONNES, n=format_nonzero(value, 0))
        for value in (low, high)
    ]
    said[1] = f"{bound_of(row)}{said[1]}"
    amount = said[1] if low == high or not is_given(high) else say(_RANGE, low=said[0], high=said[1])
    return say(_VALUE, amount=amount, when=year)
