"""How the tilt between two powers moves: a line with its band, and the events beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    day_number,
    day_numbers,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_date_axis,
    set_tilt_axis,
    tilt_labels,
)
from analysis.figures.labels import spread
from analysis.figures.strokes import add_line
from analysis.figures.style import CONTEXT, CONTEXT_MARK, FAINT, INK
from analysis.figures.wording import (
    alt_empty,
    caption_empty,
    chain,
    count_span,
    fit,
    format_interval,
    has_no_width,
    is_given,
    name_of,
    shorten,
    source_line,
)
from analysis.language import message, say, say_data, say_number
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count, format_day, format_month, format_number

_LEFT, _RIGHT, _BOTTOM, _TOP, _HEIGHT = 1.0, 0.62, 0.5, 0.4, 3.0  # inches
_KEY_WIDTH = 70  # characters of a key event in the caption

_EMPTY = message("No window of this length fits between the first and the last day, so there is no tilt to draw.")
_NO_TILT = message("no tilt in any window")
_AXIS = message("last month of the window")
_CAPTION = message("In the {months} months to {month} the tilt between {a} (+1) and {b} (−1) is {tilt} ({interval}).")
_CAPTION_LAST = message(
    "In the last window with enough events, the {months} months to {month}, "
    "the tilt between {a} (+1) and {b} (−1) is {tilt} ({interval})."
)
_CAPTION_NONE = message(
    "No window of {months} months has enough events for an interval of the tilt between {a} (+1) and {b} (−1)."
)
_INTERVAL = message("{level} % interval {range}, {events}")
_EXTREMES = message("Over the period it runs from {low} ({low_month}) to {high} ({high_month}).")
_WIDTHLESS = message(
    "In {windows} all cooperation is with one power: the interval then has no width (diamonds), "
    "which is a limit of the method and not certainty."
)
_KEY_EVENTS = message("Numbers at the top mark: {events}.")
_KEY_EVENT = message("({number}) {day}, {event}")
_WINDOWS = message("Each window holds {span}.")
_ALT = message(
    "Line of the tilt between {a} (+1, top) and {b} (−1, bottom) "
    "by last month of a {months}-month window, {first} to {last}, with a {level} % band."
)


@in_house_style
def plot_tilt(
    rolling: pd.DataFrame, a: str, b: str, names: Mapping[str, str], key_events: pd.DataFrame | None = None
) -> Axes:
    """Draw the rolling tilt with its interval.

    Parameters
    ----------
    rolling : DataFrame
        ``month_end, tilt, low, high, n_events, reason``, one row per window in order of time.
        Without an interval a window is a grey ring; without a tilt, a gap. An interval without
        width is a diamond.
    a, b : str
        The powers at +1 and at -1.
    names : mapping
        Actor code to the reader's name.
    key_events : DataFrame, optional
        ``date, label``; numbered in order of time along the top.

    Returns
    -------
    Axes
    """
    require_columns(rolling, ("month_end", "tilt", "low", "high", "n_events", "reason"), "tilt")
    if rolling.empty:
        return empty_panel(say(_EMPTY))
    figure = new_figure(_HEIGHT)
    axes = add_panel(figure, _LEFT, _BOTTOM, WIDTH_INCHES - _LEFT - _RIGHT, _HEIGHT - _BOTTOM - _TOP)
    frame = _by_month(rolling)
    keys = _in_order(key_events)
    days = pd.concat([frame["month_end"], keys["date"]])
    set_date_axis(axes, days.min(), days.max())
    axes.set(ylim=(-1.06, 1.06), xlabel=say(_AXIS))
    set_tilt_axis(axes.yaxis, tilt_labels(a, b, names))
    axes.get_yticklabels()[0].set_verticalalignment("bottom")  # clear of the first label of the other axis
    axes.grid(axis="y")
    axes.axhline(0, color=CONTEXT_MARK, linewidth=0.8)
    _draw_band(axes, frame)
    _draw_line(axes, frame)
    _draw_keys(axes, keys)
    if frame["tilt"].isna().all():
        axes.text(0.5, 0.56, say(_NO_TILT), transform=axes.transAxes, ha="center", color=CONTEXT)
    return axes


def caption_tilt(
    rolling: pd.DataFrame,
    a: str,
    b: str,
    names: Mapping[str, str],
    key_events: pd.DataFrame | None = None,
    *,
    months: int = 12,
    level: float = 0.90,
    source: str = message("curated events"),
) -> str:
    """State the latest tilt and its interval, the extremes, what is missing, and the key events."""
    if rolling.empty:
        return caption_empty(_EMPTY, source)
    frame = _by_month(rolling)
    sentences = _answer(frame, a, b, names, months, level) + _gaps(frame)
    keys = _in_order(key_events)
    if len(keys):
        days = keys["when"] if "when" in keys else keys["date"].map(format_day)
        listed = (
            say(_KEY_EVENT, number=number, day=day, event=shorten(say_data(label), _KEY_WIDTH).rstrip("."))
            for number, (day, label) in enumerate(zip(days, keys["label"], strict=True), start=1)
        )
        sentences.append(say(_KEY_EVENTS, events=chain(listed)))
    windows = say(_WINDOWS, span=count_span(frame["n_events"], "event of cooperation", "events of cooperation"))
    return " ".join([*sentences, windows, source_line(source)])


def alt_tilt(
    rolling: pd.DataFrame,
    a: str,
    b: str,
    names: Mapping[str, str],
    key_events: pd.DataFrame | None = None,
    *,
    months: int = 12,
    level: float = 0.90,
) -> str:
    """Give axes, latest value and extremes to a reader who cannot see the line."""
    if rolling.empty:
        return alt_empty(_EMPTY)
    frame = _by_month(rolling)
    head = say(
        _ALT,
        a=name_of(a, names),
        b=name_of(b, names),
        months=format_digits(months, 0),
        level=format_number(100 * level, 0),
        first=format_month(frame["month_end"].iloc[0]),
        last=format_month(frame["month_end"].iloc[-1]),
    )
    return fit([head, *_answer(frame, a, b, names, months, level), *_gaps(frame)])


def _by_month(rolling: pd.DataFrame) -> pd.DataFrame:
    """Rows in order of time, with `kind`: interval, point (an interval without width), few (no interval) or gap."""
    frame = rolling.assign(month_end=pd.to_datetime(rolling["month_end"])).sort_values("month_end", ignore_index=True)
    for column in ("tilt", "low", "high"):
        frame[column] = frame[column].astype(float)
    return frame.assign(kind=[_kind(row) for row in each_row(frame)], day=day_numbers(frame["month_end"]))


def _kind(row: Any) -> str:
    if not is_given(row.tilt):
        return "gap"
    if not (is_given(row.low) and is_given(row.high)):
        return "few"
    return "point" if has_no_width(row.low, row.high) else "interval"


def _in_order(key_events: pd.DataFrame | None) -> pd.DataFrame:
    if key_events is None or key_events.empty:
        return pd.DataFrame({"date": pd.Series(dtype="datetime64[ns]"), "label": pd.Series(dtype="str")})
    return key_events.assign(date=pd.to_datetime(key_events["date"])).sort_values(["date", "label"], ignore_index=True)


def _draw_band(axes: Axes, frame: pd.DataFrame) -> None:
    runs = (frame["kind"] != frame["kind"].shift()).cumsum()
    for _, run in frame[frame["kind"] == "interval"].groupby(runs):
        if len(run) == 1:
            axes.vlines(run["day"], run["low"], run["high"], color=CONTEXT_MARK, linewidth=1.2)
        else:
            axes.fill_between(run["day"], run["low"], run["high"], color=FAINT, linewidth=0)


def _draw_line(axes: Axes, frame: pd.DataFrame) -> None:
    spoken = frame["tilt"].where(frame["kind"].isin(["interval", "point"]))
    add_line(axes, frame["day"].to_numpy(), spoken.to_numpy(), color=INK, linewidth=1.5, label="tilt")
    looks: dict[str, dict[str, Any]] = {
        "few": {"marker": "o", "markersize": 3.5, "markeredgecolor": CONTEXT_MARK},
        "point": {"marker": "D", "markersize": 4, "markeredgecolor": INK},
    }
    for kind, look in looks.items():
        rows = frame[frame["kind"] == kind]
        add_line(
            axes,
            rows["day"].to_numpy(),
            rows["tilt"].to_numpy(),
            linestyle="none",
            markerfacecolor="white",
            label=kind,
            clip_on=False,
            **look,
        )
    is_spoken, neighbours = spoken.notna(), spoken.shift().notna() | spoken.shift(-1).notna()
    alone = frame[is_spoken & ~neighbours & (frame["kind"] == "interval")]
    add_line(axes, alone["day"].to_numpy(), alone["tilt"].to_numpy(), linestyle="none", marker="o", markersize=4.5,
             color=INK, label="alone")  # fmt: skip
    if is_spoken.any():
        last = frame[is_spoken].iloc[-1]
        # At the end of the axis the number stands beside the line; within it, on the side away from the edge.
        is_final = last.name == frame.index[-1]
        offset = (6, 0) if is_final else (0, -10 if last["tilt"] > 0 else 10)
        axes.annotate(
            format_number(last["tilt"], signed=True), (last["day"], last["tilt"]), offset, textcoords="offset points",
            ha="left" if is_final else "center", va="center", weight="bold", annotation_clip=False,
        )  # fmt: skip


def _draw_keys(axes: Axes, keys: pd.DataFrame) -> None:
    if keys.empty:
        return
    left, right = axes.get_xlim()
    day_width = (right - left) / (WIDTH_INCHES - _LEFT - _RIGHT)
    days = [day_number(day) for day in keys["date"]]
    across = blended_transform_factory(axes.transData, axes.transAxes)
    for number, (day, place) in enumerate(zip(days, spread(days, 0.19 * day_width, left, right), strict=True), start=1):
        add_line(axes, [day, day], [0, 1], transform=across, color=FAINT, linewidth=0.8, zorder=0.5)
        add_line(axes, [day, place], [1.0, 1.045], transform=across, color=CONTEXT_MARK, linewidth=0.7, clip_on=False)
        axes.text(place, 1.06, str(number), transform=across, ha="center", va="bottom", size=8)


def _answer(frame: pd.DataFrame, a: str, b: str, names: Mapping[str, str], months: int, level: float) -> list[str]:
    names_of = {"a": name_of(a, names), "b": name_of(b, names), "months": format_digits(months, 0)}
    spoken = frame[frame["kind"].isin(["interval", "point"])]
    if spoken.empty:
        return [say(_CAPTION_NONE, **names_of)]
    last = spoken.iloc[-1]
    interval = say(
        _INTERVAL, level=format_number(100 * level, 0), range=format_interval(last["low"], last["high"]),
        events=count(int(last["n_events"]), "event", "events"),
    )  # fmt: skip
    sentence = say(
        _CAPTION if last.name == frame.index[-1] else _CAPTION_LAST,
        month=format_month(last["month_end"]),
        tilt=format_number(last["tilt"], signed=True),
        interval=interval,
        **names_of,
    )
    if spoken["tilt"].round(2).nunique() == 1:
        return [sentence]
    low, high = spoken.loc[spoken["tilt"].idxmin()], spoken.loc[spoken["tilt"].idxmax()]
    extremes = say(
        _EXTREMES, low=format_number(low["tilt"], signed=True), low_month=format_month(low["month_end"]),
        high=format_number(high["tilt"], signed=True), high_month=format_month(high["month_end"]),
    )  # fmt: skip
    return [sentence, extremes]


def _gaps(frame: pd.DataFrame) -> list[str]:
    few, gaps, points = (int((frame["kind"] == kind).sum()) for kind in ("few", "gap", "point"))
    sentences = []
    if few:
        sentences.append(
            say_number(
                few,
                "{n} window has too few events: a grey ring.",
                "{n} windows have too few events: grey rings.",
            )
        )
    if gaps:
        sentences.append(
            say_number(
                gaps,
                "{n} window has no cooperation at all: a gap.",
                "{n} windows have no cooperation at all: gaps.",
            )
        )
    if points:
        sentences.append(say(_WIDTHLESS, windows=count(points, "window", "windows")))
    return sentences
