"""What every figure is drawn on: its size, its panels in inches, its date and tilt axes, its empty state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from analysis.errors import TightropeError
from analysis.figures.panel import Panel
from analysis.figures.strokes import notch_days
from analysis.figures.style import CONTEXT, style
from analysis.figures.wording import name_of, wrap
from analysis.glyphs import Face, find_face
from analysis.language import message, say, speaking, spoken_language
from analysis.language.numbers import format_digits
from analysis.svg import text_size
from analysis.wording import split_words

WIDTH_INCHES = 6.7  # the text block of an A4 page
POINT = 1 / 72  # inches

_EPOCH = pd.Timestamp("1970-01-01")
_TICK_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_ALL_WITH = message("all with {power:bare}")
_EVENLY = message("evenly")
_HYPHENATED = re.compile("[^-]+-*|-+")

P = ParamSpec("P")
Drawing = TypeVar("Drawing", bound=Axes | Figure)


class FigureError(TightropeError, ValueError):
    """A frame that a figure cannot be drawn from; the message names what it lacks."""


def in_house_style(plot: Callable[P, Drawing]) -> Callable[P, Drawing]:
    """Make a plot function draw in the house style, whatever the reader's own settings are.

    Its ticks are made at once: made later they would take the settings of that moment.
    """

    @wraps(plot)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Drawing:
        with style():
            drawing = plot(*args, **kwargs)
            _settle(figure_of(drawing))
        return drawing

    return drawn


def _settle(figure: Figure) -> None:
    """Make the ticks, and spare a search for the edges of spines: what is about them reaches farther."""
    for axes in figure.axes:
        for spine in axes.spines.values():
            spine.set_in_layout(False)
        for axis in (axes.xaxis, axes.yaxis):
            if axes.axison and axis.get_visible():
                axis.get_major_ticks()
                axis.get_minor_ticks()


def figure_of(drawing: Axes | Figure) -> Figure:
    """Give the figure that holds some axes, or the figure itself."""
    figure = drawing if isinstance(drawing, Figure) else drawing.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


def new_figure(height: float) -> Figure:
    """Make a figure as wide as the text block and `height` inches high, outside pyplot's global list."""
    figure = Figure(figsize=(WIDTH_INCHES, height))
    FigureCanvasAgg(figure)
    return figure


def add_panel(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes at a place given in inches from the lower left corner."""
    across, up = figure.get_size_inches()
    return figure.add_axes((left / across, bottom / up, width / across, height / up), axes_class=Panel)


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Measure the widest line of a text in inches, as SVG draws it, with a little to spare for other renderers.

    Examples
    --------
    >>> 0.3 < text_width("France", 8) < text_width("France", 8, "bold") < 0.6
    True
    """
    return float(1.05 * max(text_size(line, face_of(weight), size)[0] for line in text.split("\n")) * POINT)


@cache
def face_of(weight: str) -> Face:
    """Find the files of the house's font in a weight."""
    return find_face(FontProperties(family="DejaVu Sans", weight=weight))


def wrap_to(text: str, size: float, width: float) -> str:
    r"""Break a text into lines no wider than `width` inches, within a word only after its hyphens.

    Examples
    --------
    >>> wrap_to("Guinea-Bissau votes", 8, 1.2), wrap_to("Guinea-Bissau votes", 8, 0.7)
    ('Guinea-Bissau votes', 'Guinea-\nBissau\nvotes')
    """
    lines: list[str] = []
    for word in split_words(text):
        parts = _HYPHENATED.findall(word) if text_width(word, size) > width else [word]
        for place, part in enumerate(parts):
            longer = f"{lines[-1]}{'' if place else ' '}{part}" if lines else part
            if lines and text_width(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(part)
    return "\n".join(lines)


def empty_panel(reason: str) -> Axes:
    """Draw a panel that says why there is nothing to draw."""
    figure = new_figure(1.2)
    axes = add_panel(figure, 0.1, 0.1, WIDTH_INCHES - 0.2, 1.0)
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(visible=True, linestyle=(0, (4, 3)))
    text = wrap_to(reason, 9, WIDTH_INCHES - 0.8)
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=CONTEXT, size=9)
    return axes


def require_columns(frame: pd.DataFrame, columns: Iterable[str], figure: str) -> None:
    """Hold a frame to the columns a figure reads.

    Raises
    ------
    FigureError
        Names every missing column.

    Examples
    --------
    >>> require_columns(pd.DataFrame({"year": [2020]}), ["year", "n_events"], "coverage")
    Traceback (most recent call last):
        ...
    analysis.figures.canvas.FigureError: the figure coverage needs the column n_events, which its frame lacks
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing and not frame.empty:
        kind = "column" if len(missing) == 1 else "columns"
        raise FigureError(f"the figure {figure} needs the {kind} {', '.join(missing)}, which its frame lacks")


def day_number(day: pd.Timestamp | str) -> float:
    """Place a day on a date axis: days since 1970, as matplotlib counts them.

    Examples
    --------
    >>> day_number("1970-01-11")
    10.0
    """
    return float((pd.Timestamp(day) - _EPOCH) / pd.Timedelta(days=1))


def day_numbers(days: pd.Series) -> pd.Series:
    """Place a column of days on a date axis."""
    return (pd.to_datetime(days) - _EPOCH) / pd.Timedelta(days=1)


def date_limits(start: pd.Timestamp | str, end: pd.Timestamp | str) -> tuple[float, float]:
    """Give the ends of a date axis; one that would have no length is a month wide on either side.

    Examples
    --------
    >>> date_limits("1970-01-11", "1970-01-21")
    (10.0, 20.0)
    """
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if first < last:
        return day_number(first), day_number(last)
    return day_number(first - pd.DateOffset(months=1)), day_number(first + pd.DateOffset(months=1))


def set_date_axis(
    axes: Axes, start: pd.Timestamp | str, end: pd.Timestamp | str, most: int = 8, *, is_labelled: bool = True
) -> None:
    """Let the x axis run from one day to another, with at most `most` labelled ticks.

    Labels are years, or year and month, in digits: they read the same in every language. An axis that is not labelled
    has no ticks either: a panel below it has them.
    """
    left, right = date_limits(start, end)
    axes.set_xlim(left, right)
    if not is_labelled:
        axes.set_xticks([])
        return
    first, last = (_EPOCH + pd.Timedelta(days=day) for day in (left, right))
    months = pd.date_range(first.to_period("M").start_time, last, freq="MS")
    months = months[months >= first]
    for step in _TICK_MONTHS:
        ticks = months[(months.year * 12 + months.month - 1) % step == 0]
        if len(ticks) <= (most if step % 12 == 0 else 0.6 * most):  # a month takes the room of nearly two years
            break
    pattern = "%Y" if step % 12 == 0 else "%Y-%m"
    axes.set_xticks([day_number(tick) for tick in ticks], [tick.strftime(pattern) for tick in ticks])
    if step in (6, 12):
        finer = months[((months.month - 1) % 3 == 0) & ~months.isin(ticks)]
        notch_days(axes, [day_number(day) for day in finer])


def tilt_labels(a: str, b: str, names: Mapping[str, str], width: int = 13) -> list[str]:
    r"""Name -1 (all with `b`), the middle and +1 (all with `a`) in words, in lines of `width` characters.

    Examples
    --------
    >>> tilt_labels("FRA", "RUS", {"FRA": "France", "RUS": "Russia"})[0]
    'all with\nRussia\n−1'
    """
    words = [wrap(text, width) for text in (_end(b, names), say(_EVENLY), _end(a, names))]
    half, one = format_digits(0.5, 1, signed=True), format_digits(1, 0, signed=True)
    return [
        f"{words[0]}\n{format_digits(-1, 0)}", format_digits(-0.5, 1), f"{words[1]}\n0", half, f"{words[2]}\n{one}",
    ]  # fmt: skip


def _end(power: str, names: Mapping[str, str]) -> str:
    return say(_ALL_WITH, power=name_of(power, names))


def set_tilt_axis(axis: Axis, labels: list[str]) -> None:
    """Label an axis from -1 to +1 with :func:`tilt_labels`."""
    axis.set_ticks([-1, -0.5, 0, 0.5, 1], labels)


class _Spoken(ScalarFormatter):
    """Tick labels with the separators of the language spoken when the axis was made."""

    def __init__(self, *, is_mirrored: bool) -> None:
        super().__init__(useOffset=False)
        self.language, self.is_mirrored = spoken_language(), is_mirrored

    def __call__(self, x: float, pos: int | None = None) -> str:
        text = super().__call__(x, pos)
        decimals = len(text.partition(".")[2])
        with speaking(self.language):
            return format_digits(abs(x) if self.is_mirrored else x, decimals)


def set_number_axis(axis: Axis, most: int, *, is_mirrored: bool = False, **options: Any) -> None:
    """Label an axis of numbers in the spoken language, with `most` steps or fewer.

    Parameters
    ----------
    axis : Axis
    most : int
        Steps.
    is_mirrored : bool
        Whether numbers grow to either side of zero, and are written without sign.
    **options
        Of :class:`matplotlib.ticker.MaxNLocator`.
    """
    axis.set_major_locator(MaxNLocator(most, **options))
    axis.set_major_formatter(_Spoken(is_mirrored=is_mirrored))
