"""Small panels of the compared states: tilt and depth year by year, coups, and time out of the bloc."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.canvas import (
    add_panel,
    day_number,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    set_date_axis,
    wrap_to,
)
from analysis.figures.neighbourhood_marks import (
    ATTEMPT,
    COUP,
    KEY_LINE,
    LEFT,
    SUSPENDED,
    draw_key,
    lay_key,
    list_keys,
    style_bar,
    style_cross,
    style_dot,
)
from analysis.figures.style import CONTEXT, CONTEXT_MARK, FAINT, INK, actor_colour
from analysis.figures.wording import (
    alt_empty,
    caption_empty,
    fit,
    format_amount,
    has_no_width,
    is_given,
    list_names,
    name_of,
    source_line,
)
from analysis.language import message, say, say_number
from analysis.measures.spread import DAYS_A_YEAR
from analysis.schema.rows import each_row
from analysis.wording import count, format_day, format_number

_COLUMNS = ("state", "date_start", "date_end", "tilt", "low", "high", "n_events", "depth")
_ACROSS = 3
_WIDE, _GAP, _MARGIN = 1.93, 0.13, 0.62  # inches
_HEAD, _TILT, _BETWEEN, _DEPTH, _FOOT = 0.22, 0.84, 0.05, 0.24, 0.1
_TICKS, _SIZE = 0.2, 7
_LIMITS, _STRIP = (-1.2, 1.62), (1.28, 1.5)
_BAR_SHARE = 0.72
_EDGE = 0.12  # share of a panel in which a year would run into the next

_EMPTY = message("No states were compared.")
_END = message("{power:bare} {tilt}")
_NOTHING = message("no cooperation on record")
_OWN = message("{state} in the years with an interval: {tilts}.")
_OWN_NONE = message("No year of {state} has events enough for an interval.")
_YEAR = message("{tilt} in {year}")
_YEAR_FEW = message("{tilt} in {year} (too few events)")
_COUPS = message("Coups are on record in {states}.")
_ATTEMPTS = message("A coup was attempted in {states}.")
_LEAVERS = message("{states} left {organisation}.")
_PARTIAL_FIRST = message("{year} begins on {day}.")
_PARTIAL_LAST = message("{year} ends on {day}.")
_ATTENTION = message("Depth also measures how much was looked for.")
_ALT = message(
    "Small panels of {states}, {first} to {last}: tilt by year from −1 (all with {b}) to +1 (all with {a}), bars of "
    "depth (cooperation within the year) up to {deepest} {unit}."
)
_ALT_STATE = message("{state:bare}: {tilts}.")
_ALT_NOTHING = message("No cooperation on record: {states}.")


@in_house_style
def plot_neighbourhood(
    years: pd.DataFrame,
    happenings: pd.DataFrame,
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    unit: str = message("effect points"),
    level: float = 0.90,
) -> Figure | Axes:
    """Draw a small panel for each state: the tilt of each year above, its depth below.

    Parameters
    ----------
    years : DataFrame
        ``state, date_start, date_end, tilt, low, high`` (missing where not known)``, n_events, depth``, as from
        :func:`~analysis.measures.compare_spans`; panels in the order of the states' first rows.
    happenings : DataFrame
        ``state, kind`` (coup, coup_attempt, suspended, left)``, organisation, date_start,
        date_end, date_precision``. A coup is a
        cross on its day, a suspension a hatched and a time outside a filled bar, open where it has no end.
    state : str
        The subject, in its colour.
    a, b : str
        The powers at +1 and at -1.
    names : mapping
        Actor code to the reader's name.
    unit : str
        Unit of the weights.
    level : float
        Level of the intervals.

    Returns
    -------
    Figure
        Two axes for each state, tilt and then depth; axes with the reason where no state is given.
    """
    require_columns(years, _COLUMNS, "neighbourhood")
    if years.empty:
        return empty_panel(say(_EMPTY))
    states = list(dict.fromkeys(years["state"]))
    start, end = years["date_start"].min(), years["date_end"].max()
    deepest = float(_amounts(years).max()) or 1.0
    n_rows = -(-len(states) // _ACROSS)
    row_height = _HEAD + _TILT + _BETWEEN + _DEPTH + _FOOT
    keys = lay_key(list_keys(years, happenings, names, deepest, unit, level))
    key_height = KEY_LINE * (max(row for _, _, row, _ in keys) + 1) + 0.05
    height = n_rows * row_height + _TICKS + key_height
    figure = new_figure(height)
    for number, code in enumerate(states):
        down, across = divmod(number, _ACROSS)
        left = _MARGIN + across * (_WIDE + _GAP)
        top = height - down * row_height - _HEAD
        upper = add_panel(figure, left, top - _TILT, _WIDE, _TILT)
        lower = add_panel(figure, left, top - _TILT - _BETWEEN - _DEPTH, _WIDE, _DEPTH)
        own = years[years["state"] == code]
        colour = actor_colour(code) if code == state else CONTEXT
        _draw_tilts(upper, own, colour)
        _draw_happenings(upper, happenings[happenings["state"] == code], end)
        _draw_depths(lower, own, colour, deepest)
        is_lowest = number + _ACROSS >= len(states)
        for axes in (upper, lower):
            set_date_axis(axes, start, end, most=4)
            axes.tick_params(axis="x", labelbottom=is_lowest and axes is lower, labelsize=_SIZE, length=2)
        upper.tick_params(axis="x", length=0)
        upper.set_title(
            name_of(code, names), size=8, loc="left", pad=3, weight="bold" if code == state else "normal",
            color=INK,
        )  # fmt: skip
        ends = [say(_END, power=name_of(power, names), tilt=format_number(tilt, 0, signed=True))
                for power, tilt in ((b, -1), (a, 1))]  # fmt: skip
        labels = [wrap_to(ends[0], _SIZE, _MARGIN - 0.08), "0", wrap_to(ends[1], _SIZE, _MARGIN - 0.08)]
        upper.set_yticks([-1, 0, 1], labels if across == 0 else ["", "", ""], size=_SIZE)
        lower.set_yticks([deepest], [format_amount(deepest)] if across == 0 else [""], size=_SIZE)
        _keep_labels_apart(lower, is_first=across == 0)
    for left, middle, _, (draw, text) in keys:
        draw_key(figure, left, key_height - middle, draw, text)
    return figure


def caption_neighbourhood(
    years: pd.DataFrame,
    happenings: pd.DataFrame,
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    source: str = message("curated events"),
) -> str:
    """Say how many years can be told, where the subject stood in them, and what is marked."""
    if years.empty:
        return caption_empty(_EMPTY, source, 0)
    some = years[years["n_events"] > 0]
    known = some["low"].notna()
    own = some[known & (some["state"] == state)]
    tilts = _list_tilts(own)
    start, end = years["date_start"].min(), years["date_end"].max()
    sentences = [
        say_number(
            int(known.sum()),
            "Of {years} of a state with cooperation on record, {n} has events enough for an interval; the others "
            "(hollow) show a value and claim nothing.",
            "Of {years} of a state with cooperation on record, {n} have events enough for an interval; the others "
            "(hollow) show a value and claim nothing.",
            years=count(len(some), "year", "years"),
        ),
        say(_OWN, state=name_of(state, names), tilts=tilts) if tilts else say(_OWN_NONE, state=name_of(state, names)),
        *_name_happenings(happenings, names),
        say(_PARTIAL_FIRST, year=start.year, day=format_day(start)) if start.day_of_year > 1 else "",
        say(_PARTIAL_LAST, year=end.year, day=format_day(end)) if (end.month, end.day) != (12, 31) else "",
        say(_ATTENTION),
    ]
    return " ".join([*filter(None, sentences), source_line(source)])


def alt_neighbourhood(
    years: pd.DataFrame,
    happenings: pd.DataFrame,
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    unit: str = message("effect points"),
) -> str:
    """Give the tilts of the years to a reader who cannot see the panels, the subject first."""
    if years.empty:
        return alt_empty(_EMPTY)
    states = list(dict.fromkeys(years["state"]))
    head = say(
        _ALT, states=count(len(states), "state", "states"), first=years["date_start"].min().year,
        last=years["date_end"].max().year, a=name_of(a, names), b=name_of(b, names),
        deepest=format_amount(_amounts(years).max()), unit=say(unit),
    )  # fmt: skip
    told, silent = [], []
    for code in sorted(states, key=lambda code: code != state):
        own = years[(years["state"] == code) & years["tilt"].notna()]
        if own.empty:
            silent.append(code)
        else:
            told.append(say(_ALT_STATE, state=name_of(code, names), tilts=_list_tilts(own)))
    nothing = say(_ALT_NOTHING, states=list_names(silent, names)) if silent else ""
    return fit([head, *told[:1], *_name_happenings(happenings, names), nothing, *told[1:]])


def _list_tilts(years: pd.DataFrame) -> str:
    return ", ".join(
        say(
            _YEAR if is_given(row.low) else _YEAR_FEW, tilt=format_number(row.tilt, signed=True),
            year=row.date_start.year,
        )
        for row in each_row(years)
    )  # fmt: skip


def _name_happenings(happenings: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """What is marked, by kind: in which states, each once."""
    sentences = []
    for kind, text in ((COUP, _COUPS), (ATTEMPT, _ATTEMPTS)):
        there = dict.fromkeys(happenings.loc[happenings["kind"] == kind, "state"])
        sentences += [say(text, states=list_names(there, names))] if there else []
    for organisation, rows in happenings[happenings["kind"] == LEFT].groupby("organisation", sort=True):
        states = list_names(dict.fromkeys(rows["state"]), names)
        sentences.append(say(_LEAVERS, states=states, organisation=name_of(str(organisation), names)))
    return sentences


def _draw_tilts(axes: Axes, own: pd.DataFrame, colour: str) -> None:
    axes.set_ylim(*_LIMITS)
    axes.axhline(0, color=CONTEXT_MARK, linewidth=0.7, zorder=1)
    axes.hlines([-1, 1], 0, 1, transform=axes.get_yaxis_transform(), color=FAINT, linewidth=0.6, zorder=0)
    axes.spines["left"].set_bounds(-1, 1)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=2)
    known = own[own["tilt"].notna()]
    places = [_middle(row) for row in each_row(known)]
    axes.plot(places, known["tilt"].astype(float), color=colour, linewidth=0.6, alpha=0.4, zorder=2, label="path")
    for place, row in zip(places, each_row(known), strict=True):
        if is_given(row.low):
            axes.vlines(place, row.low, row.high, color=colour, linewidth=1.6, zorder=3)
        dot = style_dot(colour, is_known=is_given(row.low), is_point=has_no_width(row.low, row.high))
        axes.plot([place], [row.tilt], **dot, zorder=4)
    if known.empty:
        axes.text(0.5, -0.5, say(_NOTHING), transform=axes.get_yaxis_transform(), ha="center", va="center",
                  size=_SIZE, color=CONTEXT, zorder=6,
                  bbox={"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": "none"})  # fmt: skip


def _draw_happenings(axes: Axes, happenings: pd.DataFrame, end: pd.Timestamp) -> None:
    middle, height = sum(_STRIP) / 2, _STRIP[1] - _STRIP[0]
    for row in each_row(happenings[happenings["kind"].isin([SUSPENDED, LEFT])]):
        first, last = _day(row), day_number(min(row.date_end, end) if is_given(row.date_end) else end)
        axes.barh(middle, last - first, left=first, height=height, zorder=2, label=row.kind, **style_bar(row.kind))
    for row in each_row(happenings[happenings["kind"].isin([COUP, ATTEMPT])]):
        place = _day(row)
        axes.vlines(place, _LIMITS[0], middle, color=INK, linewidth=0.6, linestyle=(0, (2, 2)), zorder=1)
        axes.plot([place], [middle], **style_cross(row.kind), zorder=5, label=row.kind)


def _draw_depths(axes: Axes, own: pd.DataFrame, colour: str, deepest: float) -> None:
    widths = [_BAR_SHARE * ((row.date_end - row.date_start).days + 1) for row in each_row(own)]
    axes.bar([_middle(row) for row in each_row(own)], _amounts(own), widths, color=colour, alpha=0.75)
    axes.set_ylim(0, deepest)
    axes.tick_params(axis="y", length=2)


def _keep_labels_apart(axes: Axes, *, is_first: bool) -> None:
    """Let no year meet that of the next panel, and no depth the tilt above it."""
    left, right = axes.get_xlim()
    for tick in axes.xaxis.get_major_ticks():
        if right - tick.get_loc() < _EDGE * (right - left):
            tick.label1.set_visible(False)
    for label in axes.get_yticklabels() if is_first else ():
        label.set_verticalalignment("top")


def _day(row: object) -> float:
    """The day on which something happened; the middle of the month or year if no more is known."""
    day: pd.Timestamp = row.date_start  # type: ignore[attr-defined]
    period = {"month": "M", "year": "Y"}.get(row.date_precision)  # type: ignore[attr-defined]
    return day_number(day) if period is None else day_number(day + (day.to_period(period).end_time - day) / 2)


def _amounts(years: pd.DataFrame) -> pd.Series:
    """The cooperation of each span itself: two months made a year of would outgrow the years beside them."""
    days = (years["date_end"] - years["date_start"]).dt.days + 1
    return years["depth"].astype(float) * days / DAYS_A_YEAR


def _middle(row: object) -> float:
    return (day_number(row.date_start) + day_number(row.date_end) + 1) / 2  # type: ignore[attr-defined]
