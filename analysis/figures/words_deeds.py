"""Words and deeds with each power: cooperation to the right, conflict to the left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    set_number_axis,
    text_width,
)
from analysis.figures.strokes import Bar, add_bars
from analysis.figures.style import CONTEXT, FAINT, INK, actor_colour, power_order
from analysis.figures.terms import FORMS, say_code
from analysis.figures.wording import NO_EVENTS, alt_empty, caption_empty, fit, format_amount, name_of, source_line
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count, format_percent

_FORMS = ("words", "deeds")
_ROWS_A_POWER = 3  # the name, then one row a form

_AXIS = message("← conflict      {unit}      cooperation →")
_EMPTY = message("No powers were given, so there are no words or deeds to show.")
_SHARE = message(
    "With {power}, deeds make up {share} of cooperation ({unit}: {deeds} of {total}) "
    "and {conflict_share} of conflict ({conflict_deeds} of {conflict_total})."
)
_SHARE_NO_CONFLICT = message(
    "With {power}, deeds make up {share} of cooperation ({unit}: {deeds} of {total}); there is no conflict."
)
_NO_COOPERATION = message("With {power} there is no cooperation, and {conflict} {unit} of conflict.")
_NEITHER = message("With {power} there is neither cooperation nor conflict in {events}.")
_NONE = message("With {power} {none}.")
_SOURCE_EACH = message("Source: {source}, n = {n} (an event with two powers counts for each).")
_ALT = message(
    "Bars from a zero line, in {unit}: cooperation to the right, conflict to the left, "
    "a hollow bar for words and a filled one for deeds."
)
_ALT_ROW = message("{power}, {form}: cooperation {cooperation}, conflict {conflict}, {events}.")


class _Sums(NamedTuple):
    cooperation: float
    conflict: float
    n_events: int


@in_house_style
def plot_words_and_deeds(
    frame: pd.DataFrame, names: Mapping[str, str], *, unit: str = message("effect points")
) -> Axes:
    """Draw cooperation and conflict with each power, words and deeds apart.

    Parameters
    ----------
    frame : DataFrame
        ``power, form`` (words, deeds), ``cooperation, conflict`` (0 or more), ``n_events``; powers
        are drawn in the order in which they first appear.
    names : mapping
        Actor code to the reader's name.
    unit : str
        Unit of the weights.

    Returns
    -------
    Axes
    """
    require_columns(frame, ("power", "form", "cooperation", "conflict", "n_events"), "words and deeds")
    if frame.empty:
        return empty_panel(say(_EMPTY))
    powers = power_order(frame["power"])
    reach = max(float(frame[["cooperation", "conflict"]].max().max()), 1.0)
    sums = {power: _by_form(frame, power) for power in powers}
    left = max(text_width(name_of(power, names), 8, "bold") for power in powers)
    left = max(left, *(text_width(say_code(form, FORMS), 8) for form in _FORMS))
    right = max(text_width(_count(row), 8.5) for rows in sums.values() for row in rows.values())
    height, foot = 0.75 + 0.62 * len(powers), 0.43
    axes = add_panel(new_figure(height), left + 0.09, foot, WIDTH_INCHES - left - right - 0.19, height - foot - 0.04)
    ticks: list[float] = []
    labels: list[str] = []
    for number, power in enumerate(powers):
        top = number * _ROWS_A_POWER
        ticks.append(top)
        labels.append(name_of(power, names))
        rows = sums[power]
        if not _total(rows).n_events:
            axes.text(0.5, top + 1.2, say(NO_EVENTS), transform=axes.get_yaxis_transform(), color=CONTEXT,
                      ha="center", va="center")  # fmt: skip
            continue
        for step, (form, row) in enumerate(rows.items(), start=1):
            _draw_bar(axes, top + step * 0.9, row, actor_colour(power), is_filled=form == "deeds")
            ticks.append(top + step * 0.9)
            labels.append(say_code(form, FORMS))
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set(ylim=(_ROWS_A_POWER * len(powers) - 0.6, -0.6), xlabel=say(_AXIS, unit=say(unit)))
    room = 0.14 * reach  # for the number beyond the longest bar
    axes.set_xlim(-float(frame["conflict"].max()) - room, float(frame["cooperation"].max()) + room)
    for label, place in zip(axes.set_yticks(ticks, labels), ticks, strict=True):
        label.label1.set_fontweight("bold" if place % _ROWS_A_POWER == 0 else "normal")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    set_number_axis(axes.xaxis, 7, is_mirrored=True, min_n_ticks=3)
    axes.grid(axis="x", color=FAINT)
    return axes


def caption_words_and_deeds(
    frame: pd.DataFrame,
    names: Mapping[str, str],
    *,
    unit: str = message("effect points"),
    n_events: int | None = None,
    source: str = message("curated events"),
) -> str:
    """Say what share of cooperation and conflict with each power is deeds.

    Parameters
    ----------
    frame, names, unit
        As for :func:`plot_words_and_deeds`.
    n_events : int, optional
        Number of distinct events; without it the line counts each event once for each power.
    source : str
        What the events are.
    """
    if frame.empty:
        return caption_empty(_EMPTY, source)
    sentences = [_share(frame, power, names, unit) for power in power_order(frame["power"])]
    total = int(frame["n_events"].sum()) if n_events is None else n_events
    line = source_line(source, total)
    if n_events is None and len(sentences) > 1:
        line = say(_SOURCE_EACH, source=say(source), n=format_digits(total, 0))
    return " ".join([*sentences, line])


def alt_words_and_deeds(frame: pd.DataFrame, names: Mapping[str, str], *, unit: str = message("effect points")) -> str:
    """Give the bars' lengths to a reader who cannot see them."""
    if frame.empty:
        return alt_empty(_EMPTY)
    sentences = [say(_ALT, unit=say(unit))]
    for power in power_order(frame["power"]):
        rows = _by_form(frame, power)
        if not _total(rows).n_events:
            sentences.append(say(_NONE, power=name_of(power, names), none=say(NO_EVENTS)))
            continue
        sentences += [
            say(
                _ALT_ROW,
                power=name_of(power, names),
                form=say_code(form, FORMS),
                cooperation=format_amount(row.cooperation),
                conflict=format_amount(row.conflict),
                events=_count(row),
            )
            for form, row in rows.items()
        ]
    return fit(sentences)


def _by_form(frame: pd.DataFrame, power: str) -> dict[str, _Sums]:
    own = [row for row in each_row(frame) if row.power == power]
    return {form: _add(row for row in own if row.form == form) for form in _FORMS}


def _total(rows: Mapping[str, _Sums]) -> _Sums:
    return _add(rows.values())


def _add(rows: Iterable[Any]) -> _Sums:
    amounts = [(float(row.cooperation), float(row.conflict), int(row.n_events)) for row in rows]
    return _Sums(*map(sum, zip(*amounts, strict=True))) if amounts else _Sums(0.0, 0.0, 0)


def _count(row: _Sums) -> str:
    return count(row.n_events, "event", "events")


def _draw_bar(axes: Axes, place: float, row: _Sums, colour: str, *, is_filled: bool) -> None:
    face = colour if is_filled else "white"
    lengths = [row.cooperation, -row.conflict]
    bars = [Bar(0, place - 0.34, length, 0.68) for length in lengths]
    add_bars(axes, bars, facecolor=face, edgecolor=colour, linewidth=1.1)
    for length, align in zip(lengths, ("left", "right"), strict=True):
        if length:
            axes.annotate(
                format_amount(abs(length)), (length, place), (3 if length > 0 else -3, 0),
                textcoords="offset points", ha=align, va="center",
            )  # fmt: skip
    axes.annotate(
        _count(row), (1.0, place), (4, 0), xycoords=("axes fraction", "data"),
        textcoords="offset points", va="center", color=CONTEXT,
    )  # fmt: skip


def _share(frame: pd.DataFrame, power: str, names: Mapping[str, str], unit: str) -> str:
    rows, name = _by_form(frame, power), name_of(power, names)
    total, deeds = _total(rows), rows["deeds"]
    if not total.n_events:
        return say(_NONE, power=name, none=say(NO_EVENTS))
    if not total.cooperation and not total.conflict:
        return say(_NEITHER, power=name, events=_count(total))
    if not total.cooperation:
        return say(_NO_COOPERATION, power=name, conflict=format_amount(total.conflict), unit=say(unit))
    shares = _share_of(deeds.cooperation, total.cooperation)
    if not total.conflict:
        return say(_SHARE_NO_CONFLICT, power=name, unit=say(unit), **shares)
    of_conflict = _share_of(deeds.conflict, total.conflict)
    shares |= {f"conflict_{key}": value for key, value in of_conflict.items()}
    return say(_SHARE, power=name, unit=say(unit), **shares)


def _share_of(deeds: float, total: float) -> dict[str, str]:
    return {"share": format_percent(deeds / total), "deeds": format_amount(deeds), "total": format_amount(total)}
