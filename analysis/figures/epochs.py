"""The mean response of engagement with each power around a kind of event, with the band of shifted epochs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    wrap_to,
)
from analysis.figures.style import CONTEXT, CONTEXT_MARK, FAINT, actor_colour, power_order
from analysis.figures.terms import EPOCH_KINDS, say_code
from analysis.figures.wording import alt_empty, fit, list_names, name_of, source_line
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.measures.responses import MINIMUM_EPOCHS
from analysis.schema.rows import each_row
from analysis.wording import count, format_number, say_p_value

_LEFT, _RIGHT, _BOTTOM, _HEAD, _PLOT, _GAP = 0.6, 0.15, 0.5, 0.48, 1.35, 0.32  # inches
_NOTE = 0.17

_EMPTY = message("No kind of event has the epochs and the events that a response needs.")
_X_AXIS = message("months from the event")
_Y_AXIS = message("points a month")
_REST = message("rest")
_HEAD_TEXT = message("{kind} ({epochs})")
_PANEL = message("{power:bare}, {p}")
_SILENT = message("too few to say")
_ANSWER = message(
    "{kind} ({epochs}), engagement with {power}: {since} points a month from the event to {after} months after it, "
    "{rest} in the rest ({p})."
)
_FEW_EPOCHS = message("{kind}: too few to say ({epochs}, {needed} are needed).")
_NO_EPOCH = message("{kind}: none on record in this window.")
_FEW_EVENTS = message("{kind} ({epochs}): too few events with {powers}, or months away from the epochs, to say.")
_MARKS = message(
    "The band holds nine tenths of the means when all epochs are shifted together in time; p is the share of shifts "
    "whose difference from the rest is as large."
)
_ALT = message("Points of mean net engagement by month from {first} to {last} around an event, with a band.")


@in_house_style
def plot_epochs(
    responses: pd.DataFrame, summary: pd.DataFrame, powers: Sequence[str], names: Mapping[str, str]
) -> Figure | Axes:
    """Draw the response of engagement with each power around each kind of event.

    Parameters
    ----------
    responses : DataFrame
        ``kind, power, lag, mean, low, high, n``: the mean at each month, and its band. Kinds and powers without an
        answer have no rows.
    summary : DataFrame
        ``kind, power, rest, effect, p_value, n_epochs``, a row for every kind and power; ``p_value`` missing without an
        answer.
    powers : sequence of str
        Codes, in the order of the panels.
    names : mapping
        Actor code to the reader's name.

    Returns
    -------
    Figure
        One row of axes for each kind with an answer, kinds without one named below.
    """
    require_columns(responses, ("kind", "power", "lag", "mean", "low", "high", "n"), "epochs")
    chosen = power_order(powers)
    notes = _notes(summary, chosen, names)
    if responses.empty:
        return empty_panel(say(_EMPTY))
    kinds = list(dict.fromkeys(responses["kind"]))
    lines = [line for note in notes for line in wrap_to(note, 7.5, WIDTH_INCHES - 0.2).split("\n")]
    width = (WIDTH_INCHES - _LEFT - _RIGHT - _GAP * (len(chosen) - 1)) / len(chosen)
    titles = {
        (kind, power): _title(_row(summary, kind, power), power, names, width) for kind in kinds for power in chosen
    }
    head = _HEAD + 0.14 * max(title.count("\n") for title in titles.values())
    height = len(kinds) * (head + _PLOT) + _BOTTOM + _NOTE * len(lines)
    figure = new_figure(height)
    limits = _limits(responses, summary)
    for row, kind in enumerate(kinds):
        bottom = height - (row + 1) * (head + _PLOT)
        for column, power in enumerate(chosen):
            axes = add_panel(figure, _LEFT + column * (width + _GAP), bottom, width, _PLOT)
            own = responses[(responses["kind"] == kind) & (responses["power"] == power)]
            _draw(axes, own, _row(summary, kind, power), power, limits)
            axes.annotate(titles[kind, power], (0, 1), (0, 4), xycoords="axes fraction", textcoords="offset points",
                          va="bottom", size=8.5)  # fmt: skip
            if column:
                axes.tick_params(axis="y", labelleft=False)
            else:
                axes.set_ylabel(say(_Y_AXIS), size=8)
            if row < len(kinds) - 1:
                axes.tick_params(axis="x", labelbottom=False)
        text = say(
            _HEAD_TEXT, kind=_capital(say_code(kind, EPOCH_KINDS)), epochs=_count(_row(summary, kind, chosen[0]))
        )
        figure.text(
            0.1 / WIDTH_INCHES, (bottom + head + _PLOT - 0.2) / height, text, weight="bold", size=9, va="bottom"
        )
    middle = (_LEFT + WIDTH_INCHES - _RIGHT) / 2 / WIDTH_INCHES
    figure.text(middle, (bottom - _BOTTOM + 0.1) / height, say(_X_AXIS), size=8, ha="center", va="bottom")
    for number, line in enumerate(reversed(lines)):
        figure.text(0.1 / WIDTH_INCHES, (0.04 + number * _NOTE) / height, line, color=CONTEXT, size=7.5, va="bottom")
    return figure


def caption_epochs(
    responses: pd.DataFrame,
    summary: pd.DataFrame,
    powers: Sequence[str],
    names: Mapping[str, str],
    *,
    source: str = message("curated events"),
) -> str:
    """State the response around each kind against the rest, and which kinds are too few."""
    chosen = power_order(powers)
    notes = _notes(summary, chosen, names)
    if responses.empty:
        return " ".join([say(_EMPTY), *notes, source_line(source)])
    return " ".join([*_answers(responses, summary, names), *notes, say(_MARKS), source_line(source)])


def alt_epochs(responses: pd.DataFrame, summary: pd.DataFrame, powers: Sequence[str], names: Mapping[str, str]) -> str:
    """Give the responses to a reader who cannot see them."""
    notes = _notes(summary, power_order(powers), names)
    if responses.empty:
        return fit([alt_empty(_EMPTY), *notes])
    head = say(_ALT, first=_lag(int(responses["lag"].min())), last=_lag(int(responses["lag"].max())))
    return fit([head, *_answers(responses, summary, names), *notes])


def _title(told: Any, power: str, names: Mapping[str, str], width: float) -> str:
    """A power and its p-value, in lines that the panel has room for."""
    name = name_of(power, names)
    text = say(_PANEL, power=name, p=say_p_value(told.p_value)) if _has_answer(told) else str(name)
    return wrap_to(text, 8.5, width)


def _has_answer(told: Any) -> bool:
    return told is not None and not pd.isna(told.p_value)


def _draw(axes: Axes, own: pd.DataFrame, told: Any, power: str, limits: tuple[float, float]) -> None:
    colour = actor_colour(power)
    axes.set(ylim=limits)
    set_number_axis(axes.yaxis, 4)
    axes.axvline(0, color=FAINT, linewidth=0.9, zorder=0.4)
    axes.axhline(0, color=CONTEXT_MARK, linewidth=0.7, zorder=0.4)
    if not _has_answer(told):
        axes.set(xticks=[])
        axes.text(0.5, 0.5, say(_SILENT), transform=axes.transAxes, ha="center", va="center", color=CONTEXT,
                  backgroundcolor="white")  # fmt: skip
        return
    lags = own["lag"].tolist()
    axes.fill_between(lags, own["low"], own["high"], color=FAINT, linewidth=0, zorder=0.5)
    axes.plot([lags[0], lags[-1]], [told.rest, told.rest], color=CONTEXT, linewidth=1, linestyle=(0, (4, 2)))
    axes.annotate(say(_REST), (lags[-1], told.rest), (3, 0), textcoords="offset points", va="center", ha="left",
                  color=CONTEXT, size=7.5, annotation_clip=False)  # fmt: skip
    axes.plot(lags, own["mean"], color=colour, linewidth=1.2, marker="o", markersize=4.5, label="mean")
    axes.set(xlim=(lags[0] - 0.4, lags[-1] + 1.3))
    # A narrow panel has room for the first, the event's and the last month alone.
    shown = lags if axes.get_position().width * WIDTH_INCHES > 0.25 * len(lags) else sorted({lags[0], 0, lags[-1]})
    axes.set_xticks(shown, [_lag(lag) for lag in shown])


def _limits(responses: pd.DataFrame, summary: pd.DataFrame) -> tuple[float, float]:
    values = [*responses["mean"], *responses["low"], *responses["high"], *summary["rest"].dropna(), 0.0]
    room = 0.1 * max(max(values) - min(values), 0.5)
    return min(values) - room, max(values) + room


def _answers(responses: pd.DataFrame, summary: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    return [
        say(
            _ANSWER,
            kind=_capital(say_code(row.kind, EPOCH_KINDS)),
            epochs=_count(row),
            power=name_of(row.power, names),
            since=_signed(row.rest + row.effect),
            after=format_digits(int(responses["lag"].max()), 0),
            rest=_signed(row.rest),
            p=say_p_value(row.p_value),
        )
        for row in each_row(summary[summary["p_value"].notna()])
    ]


def _notes(summary: pd.DataFrame, powers: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """What is said of kinds, or of powers, without an answer."""
    notes = []
    for kind, rows in summary.groupby("kind", sort=False):
        name, first = _capital(say_code(kind, EPOCH_KINDS)), next(iter(each_row(rows)))
        if not first.n_epochs:
            notes.append(say(_NO_EPOCH, kind=name))
        elif first.n_epochs < MINIMUM_EPOCHS:
            needed = format_digits(MINIMUM_EPOCHS, 0)
            notes.append(say(_FEW_EPOCHS, kind=name, epochs=_count(first), needed=needed))
        else:
            silent = rows[rows["p_value"].isna() & rows["power"].isin(list(powers))]
            if len(silent):
                powers_named = list_names(silent["power"], names)
                notes.append(say(_FEW_EVENTS, kind=name, epochs=_count(first), powers=powers_named))
    return notes


def _row(summary: pd.DataFrame, kind: str, power: str) -> Any:
    rows = summary[(summary["kind"] == kind) & (summary["power"] == power)]
    return next(iter(each_row(rows)), None)


def _count(row: Any) -> str:
    return count(0 if row is None else int(row.n_epochs), "epoch", "epochs")


def _lag(lag: int) -> str:
    return format_digits(lag, 0, signed=True)


def _signed(value: float) -> str:
    return format_number(value, 2, signed=True)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
