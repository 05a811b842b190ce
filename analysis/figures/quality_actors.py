"""How many events of each source lack an actor: one bar per source, parted by which side is known."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    text_width,
)
from analysis.figures.style import CONTEXT, INK
from analysis.figures.wording import alt_empty, caption_empty, chain, fit, name_of, source_line
from analysis.language import message, say
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count, format_percent

PARTS = ("n_both", "n_no_target", "n_no_source", "n_neither")
_NAMES = {
    "n_both": message("both known"),
    "n_no_target": message("no target"),
    "n_no_source": message("no source actor"),
    "n_neither": message("neither known"),
}
# Told apart by lightness and hatching, so that they stay apart in grey print.
_FILLS = {"n_both": "#3B4A5A", "n_no_target": "#A9B6C2", "n_no_source": "#DFE5EA", "n_neither": "white"}
_HATCHES = {"n_both": "", "n_no_target": "", "n_no_source": "....", "n_neither": "//////"}
_ROW, _FOOT, _HEAD, _RIGHT = 0.32, 0.32, 0.3, 0.75  # inches

_EMPTY = message("There are no events to look for actors in.")
_CAPTION = message("Share of events in which both actors are known: {parts}.")
_PART = message("{name:bare} {share}")
_MEANING = message(
    "An actor is known if the reviewed tables give it a code; a group without a state is named but has none."
)
_PART_SAID = message("{name} {share}")
_N = message("n = {n}")
_ALT = message("One bar per source, parted by which of the two actors is known.")
_ALT_PART = message("{name:bare}, {n}: {parts}.")


@in_house_style
def plot_quality_actors(missing: pd.DataFrame, names: Mapping[str, str]) -> Axes:
    """Draw for each source the shares of events with both actors, one or none.

    Parameters
    ----------
    missing : DataFrame
        ``source_name, n_events, n_both, n_no_target, n_no_source, n_neither``; the last four sum to the second.
    names : mapping
        Source to the reader's name.

    Returns
    -------
    Axes
        Shares from 0 to 1 across, sources downward from 0.
    """
    require_columns(missing, ("source_name", "n_events", *PARTS), "quality_actors")
    if missing.empty or not missing["n_events"].sum():
        return empty_panel(say(_EMPTY))
    shown = missing[missing["n_events"] > 0]
    left = max(text_width(name_of(source, names), 8.5) for source in shown["source_name"]) + 0.15
    width, height = WIDTH_INCHES - left - _RIGHT, _ROW * len(shown)
    # Longer words make a legend of two rows.
    columns = 4 if sum(text_width(say(name), 8) + 0.52 for name in _NAMES.values()) < WIDTH_INCHES - left else 2
    head = _HEAD + (0.17 if columns == 2 else 0.0)
    axes = add_panel(new_figure(head + height + _FOOT), left, _FOOT, width, height)
    axes.set(xlim=(0, 1), ylim=(len(shown) - 0.5, -0.5), xlabel="")
    axes.set_yticks(range(len(shown)), [name_of(source, names) for source in shown["source_name"]])
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], [format_percent(share) for share in (0, 0.25, 0.5, 0.75, 1)])
    axes.tick_params(axis="y", length=0)
    for number, row in enumerate(each_row(shown)):
        begin = 0.0
        for part in PARTS:
            share = getattr(row, part) / row.n_events
            axes.barh(number, share, left=begin, height=0.66, facecolor=_FILLS[part], hatch=_HATCHES[part],
                      edgecolor=INK, linewidth=0.5)  # fmt: skip
            text = format_percent(share)
            if share * width > text_width(text, 7.5) + 0.08:
                behind = None if part == "n_both" else {"facecolor": _FILLS[part], "edgecolor": "none", "pad": 1}
                axes.text(begin + share / 2, number, text, ha="center", va="center", size=7.5, bbox=behind,
                          color="white" if part == "n_both" else INK)  # fmt: skip
            begin += share
        axes.annotate(
            say(_N, n=format_digits(row.n_events, 0)),
            (1, number),
            (5, 0),
            textcoords="offset points",
            va="center",
            size=7.5,
            color=CONTEXT,
            annotation_clip=False,
        )
    keys = [
        Patch(facecolor=_FILLS[part], hatch=_HATCHES[part], edgecolor=INK, linewidth=0.5, label=say(_NAMES[part]))
        for part in PARTS
        if shown[part].any()
    ]
    axes.legend(
        handles=keys, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns, borderpad=0.1, columnspacing=1.4
    )
    return axes


def caption_quality_actors(
    missing: pd.DataFrame, names: Mapping[str, str], *, source: str = message("event archive")
) -> str:
    """Say in what share of each source's events both actors are known."""
    total = int(missing["n_events"].sum()) if len(missing) else 0
    if not total:
        return caption_empty(_EMPTY, source, 0)
    parts = chain(
        say(_PART, name=name_of(row.source_name, names), share=format_percent(row.n_both / row.n_events))
        for row in each_row(missing[missing["n_events"] > 0])
    )
    return f"{say(_CAPTION, parts=parts)} {say(_MEANING)} {source_line(source, total)}"


def alt_quality_actors(missing: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Give the shares to a reader who cannot see the bars."""
    if missing.empty or not missing["n_events"].sum():
        return alt_empty(_EMPTY)
    sentences = [say(_ALT)]
    for row in each_row(missing[missing["n_events"] > 0]):
        shares = [
            say(_PART_SAID, name=say(_NAMES[part]), share=format_percent(getattr(row, part) / row.n_events))
            for part in PARTS
        ]
        sentences.append(
            say(
                _ALT_PART,
                name=name_of(row.source_name, names),
                n=count(row.n_events, "event", "events"),
                parts=", ".join(shares),
            )
        )
    return fit(sentences)
