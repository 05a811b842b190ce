"""How many events are on record in each year, and how well they are attested."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from analysis.errors import UnknownNameError
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
from analysis.figures.style import INK
from analysis.figures.terms import CERTAINTIES as NAMES
from analysis.figures.wording import alt_empty, caption_empty, fit, source_line
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.schema import CERTAINTIES
from analysis.wording import count, format_percent, join

# Told apart by lightness and hatching, so that they stay apart in grey print.
_FILLS = {"confirmed": "#3B4A5A", "single_source": "#A9B6C2", "disputed": "white"}
_HATCHES = {"confirmed": "", "single_source": "", "disputed": "//////"}

_HEIGHT, _FOOT = 1.75, 0.25  # inches

_AXIS = message("events begun")
_KEY = message("{name} ({n})")
_EMPTY = message("No events were gathered in this window.")
_CAPTION = message("{total} from {first} to {last}: {parts}. The year with most is {top_years}, with {top}.")
_CAPTION_TIED = message(
    "{total} from {first} to {last}: {parts}. The years with most are {top_years}, with {top} each."
)
_CAPTION_ONLY_YEAR = message("{total} from {first} to {last}: {parts}. The only year with any is {top_years}.")
_CAPTION_ONE_YEAR = message("{total} in {first}: {parts}.")
_PART = message("{name} {n} ({share})")
_ALT = message("Stacked bars of the number of events in each year, {first} to {last}, by certainty.")
_YEAR = message("{year}: {number}")
_ALT_YEARS = message("Events a year: {years}.")
_ALT_PARTS = message("In all {total}: {parts}.")


@in_house_style
def plot_coverage(counts: pd.DataFrame) -> Axes:
    """Draw the events of each year as a bar, stacked by certainty.

    Parameters
    ----------
    counts : DataFrame
        ``year`` (int), ``certainty`` (confirmed, single_source, disputed), ``n_events``. A year
        without a row between the first and the last has no bar.

    Returns
    -------
    Axes

    Raises
    ------
    UnknownNameError
        A certainty that the schema does not know.
    """
    require_columns(counts, ("year", "certainty", "n_events"), "coverage")
    totals = _totals(counts)
    if not totals.to_numpy().sum():
        return empty_panel(say(_EMPTY))
    import seaborn as sns

    levels = [level for level in CERTAINTIES if totals[level].sum()]
    by_year = totals.sum(axis=1)
    highest = int(by_year.max())
    keys = {level: say(_KEY, name=say(NAMES[level]), n=format_digits(totals[level].sum(), 0)) for level in levels}
    left = text_width(format_digits(highest, 0), 8) + 0.33
    right = max(text_width(key, 8) for key in keys.values()) + 0.5
    axes = add_panel(new_figure(_HEIGHT), left, _FOOT, WIDTH_INCHES - left - right, _HEIGHT - _FOOT - 0.04)
    sns.histplot(
        counts[counts["n_events"] > 0], x="year", weights="n_events", hue="certainty", hue_order=levels[::-1],
        multiple="stack", discrete=True, shrink=0.72, palette=_FILLS, edgecolor=INK, linewidth=0.6, alpha=1,
        legend=False, ax=axes,
    )  # fmt: skip
    for container, level in zip(axes.containers, levels, strict=True):
        for bar in container:
            bar.set_hatch(_HATCHES[level])
            bar.set_visible(bar.get_height() > 0)
    for year, total in by_year.items():
        axes.annotate(
            format_digits(total, 0), (year, total), (0, 2), textcoords="offset points", ha="center", va="bottom"
        )
    axes.set(
        xlabel="", ylabel=say(_AXIS), ylim=(0, highest * 1.12), xlim=(totals.index[0] - 0.6, totals.index[-1] + 0.6)
    )
    set_number_axis(axes.yaxis, 5, integer=True)
    step = -(-len(totals) // 14)
    axes.set_xticks(totals.index[::step], [str(year) for year in totals.index[::step]])
    axes.grid(axis="y")
    handles = [
        Patch(facecolor=_FILLS[level], hatch=_HATCHES[level], edgecolor=INK, linewidth=0.6, label=keys[level])
        for level in reversed(levels)
    ]
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0), handleheight=1.1, labelspacing=0.7)
    return axes


def caption_coverage(counts: pd.DataFrame, *, source: str = message("curated events")) -> str:
    r"""Say how many events there are, how well attested, and in which year most.

    Examples
    --------
    >>> caption_coverage(pd.DataFrame({"year": [2020], "certainty": ["confirmed"], "n_events": [1]}))
    '1 event in 2020: confirmed 1 (100\xa0%). Source: curated events, n\xa0=\xa01.'
    """
    totals = _totals(counts)
    total = int(totals.to_numpy().sum())
    if not total:
        return caption_empty(_EMPTY, source, 0)
    by_year = totals.sum(axis=1)
    top_years = [str(year) for year, number in by_year.items() if number == by_year.max()]
    if len(by_year) == 1:
        caption = _CAPTION_ONE_YEAR
    elif by_year.max() == total:
        caption = _CAPTION_ONLY_YEAR
    else:
        caption = _CAPTION if len(top_years) == 1 else _CAPTION_TIED
    text = say(
        caption,
        total=count(total, "event", "events"),
        first=by_year.index[0],
        last=by_year.index[-1],
        parts=_parts(totals),
        top_years=join(top_years),
        top=count(int(by_year.max()), "event", "events"),
    )
    return f"{text} {source_line(source, total)}"


def alt_coverage(counts: pd.DataFrame) -> str:
    """Give the same numbers to a reader who cannot see the bars."""
    totals = _totals(counts)
    total = int(totals.to_numpy().sum())
    if not total:
        return alt_empty(_EMPTY)
    by_year = totals.sum(axis=1)
    years = ", ".join(say(_YEAR, year=year, number=format_digits(number, 0)) for year, number in by_year.items())
    return fit(
        [
            say(_ALT, first=by_year.index[0], last=by_year.index[-1]),
            say(_ALT_PARTS, total=count(total, "event", "events"), parts=_parts(totals)),
            say(_ALT_YEARS, years=years),
        ]
    )


def _totals(counts: pd.DataFrame) -> pd.DataFrame:
    """Events by year (every year from first to last) and certainty (every one)."""
    if counts.empty:
        return pd.DataFrame(columns=list(CERTAINTIES), dtype="int64")
    for level in counts["certainty"].unique():
        if level not in CERTAINTIES:
            raise UnknownNameError("certainty", level, CERTAINTIES)
    first, last = int(counts["year"].min()), int(counts["year"].max())
    totals = np.zeros((last - first + 1, len(CERTAINTIES)), dtype="int64")
    for year, level, n in zip(counts["year"], counts["certainty"], counts["n_events"], strict=True):
        totals[int(year) - first, CERTAINTIES.index(level)] += int(n)
    return pd.DataFrame(totals, index=range(first, last + 1), columns=list(CERTAINTIES))


def _parts(totals: pd.DataFrame) -> str:
    total = int(totals.to_numpy().sum())
    return join(
        say(_PART, n=format_digits(n, 0), name=say(NAMES[str(level)]), share=format_percent(n / total))
        for level, n in totals.sum().items()
        if n
    )
