"""What the figure of a portfolio says in its caption and to a reader who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from analysis.figures.strengths import describe_strength, label_dimension, name_dimension
from analysis.figures.terms import say_term
from analysis.figures.wording import alt_empty, caption_empty, fit, format_range, is_given, name_of, source_line
from analysis.language import message, say, say_number
from analysis.schema.rows import each_row
from analysis.wording import format_number, join

EMPTY = message("No dimension of these ties was measured.")
_NONE = message("none")
_MEAN_ALT = message("Mean {mean}.")
_NONE_BEFORE = message("No dimension is known for {day} as well.")
_MOVED = message("Since {day} moved: {parts}.")
_MOVED_PART = message("{dimension} from {range}")
_LEANS = message("Leans towards {a}: {with_a}; towards {b}: {with_b}; even: {even}; not known: {unknown}.")
_MEAN_HELD = message(
    "Over the {n} dimensions known with both powers the mean tilt is {mean} (+1 all {a:bare}, −1 all {b:bare}); "
    "leaving one out moves it from {low} (without {low_name}) to {high} (without {high_name}), "
    "reweighting from {low_weighted} to {high_weighted}, on the same side throughout."
)
_MEAN_LOST = message(
    "Over the {n} dimensions known with both powers the mean tilt is {mean} (+1 all {a:bare}, −1 all {b:bare}); "
    "leaving one out moves it from {low} (without {low_name}) to {high} (without {high_name}), "
    "reweighting from {low_weighted} to {high_weighted}, so that the side hangs on the choice of dimensions."
)
_WHOLLY = message("Memberships lie wholly with {power}; without them the mean is {mean}.")
_NO_MEAN = message("No mean is given: {reason}.")
_SCALE = message(
    "Bars are shares of the largest tie of that kind among the compared states; trade, of the state's own largest."
)
_ALT = message(
    "Rows of tilt from −1 (all with {b}) to +1 (all with {a}), one per dimension, with the strength of both ties."
)
_ALT_ROW = message("{label}: {tilt} ({a:bare} {text_a}; {b:bare} {text_b}).")
_ALT_UNKNOWN = message("{label}: not known.")


class Summary(Protocol):
    """The mean tilt with its ranges, as :func:`analysis.measures.portfolio.summarise_portfolio` gives it."""

    value: float | None
    n_dimensions: int
    low: float | None
    high: float | None
    low_without: str
    high_without: str
    low_weighted: float | None
    high_weighted: float | None
    reason: str


def caption_portfolio(
    tilts: pd.DataFrame,
    summary: Summary,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    before: pd.DataFrame | None = None,
    before_day: str = "",
    note: str = "",
    source: str = message("curated ties and votes"),
) -> str:
    """Say where each dimension leans, and how far the mean hangs on the choice of them; `note` is a reservation."""
    if tilts.empty:
        return caption_empty(EMPTY, source)
    moved = _moved(tilts, before, before_day)
    return " ".join(
        filter(
            None,
            [
                _sides(tilts, a, b, names),
                _said(summary, a, b, names),
                _wholly(tilts, summary, a, b, names),
                note,
                moved,
                say(_SCALE),
                source_line(source),
            ],
        )
    )


def alt_portfolio(
    tilts: pd.DataFrame,
    summary: Summary,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    before: pd.DataFrame | None = None,
    before_day: str = "",
    note: str = "",
) -> str:
    """Give the tilt and both strengths of each dimension to a reader who cannot see the dots."""
    if tilts.empty:
        return alt_empty(EMPTY)
    said = {"a": name_of(a, names), "b": name_of(b, names)}
    mean = say(_MEAN_ALT, mean=format_number(summary.value, signed=True)) if summary.value is not None else ""
    known = [
        say(
            _ALT_ROW, label=label_dimension(row.dimension), tilt=format_number(row.tilt, signed=True), **said,
            text_a=describe_strength(row, "a"), text_b=describe_strength(row, "b"),
        )
        for row in each_row(tilts) if is_given(row.tilt)
    ]  # fmt: skip
    unknown = [
        say(_ALT_UNKNOWN, label=label_dimension(row.dimension)) for row in each_row(tilts) if not is_given(row.tilt)
    ]
    return fit([say(_ALT, **said), mean, *known, *unknown])


def _sides(tilts: pd.DataFrame, a: str, b: str, names: Mapping[str, str]) -> str:
    def said(chosen: pd.Series) -> str:
        return join(name_dimension(str(name)) for name in tilts.loc[chosen, "dimension"]) or say(_NONE)

    tilt = tilts["tilt"]
    return say(
        _LEANS,
        a=name_of(a, names),
        b=name_of(b, names),
        with_a=said(tilt > 0),
        with_b=said(tilt < 0),
        even=said(tilt == 0),
        unknown=said(tilt.isna()),
    )


def _said(summary: Summary, a: str, b: str, names: Mapping[str, str]) -> str:
    if summary.value is None or summary.low is None or summary.high is None:
        return say(_NO_MEAN, reason=say_term(summary.reason))
    if summary.low_weighted is None or summary.high_weighted is None:
        return say(_NO_MEAN, reason=say_term(summary.reason))
    ends = [round(end, 2) for end in (summary.low, summary.high, summary.low_weighted, summary.high_weighted)]
    held = min(ends) > 0 or max(ends) < 0
    said = {
        key: format_number(getattr(summary, key), signed=True)
        for key in ("low", "high", "low_weighted", "high_weighted")
    }
    return say(
        _MEAN_HELD if held else _MEAN_LOST,
        n=format_number(summary.n_dimensions, 0),
        mean=format_number(summary.value, signed=True),
        a=name_of(a, names),
        b=name_of(b, names),
        low_name=name_dimension(summary.low_without),
        high_name=name_dimension(summary.high_without),
        **said,
    )


def _wholly(tilts: pd.DataFrame, summary: Summary, a: str, b: str, names: Mapping[str, str]) -> str:
    """The mean without memberships, where these lie wholly with one power."""
    known = tilts[tilts["tilt"].notna()].set_index("dimension")["tilt"]
    if summary.value is None or abs(known.get("memberships", 0.0)) < 1:
        return ""
    power = name_of(a if known["memberships"] > 0 else b, names)
    return say(_WHOLLY, power=power, mean=format_number(known.drop("memberships").mean(), signed=True))


def _moved(tilts: pd.DataFrame, before: pd.DataFrame | None, before_day: str) -> str:
    if before is None:
        return ""
    both = (
        tilts[["dimension", "tilt"]]
        .merge(before[["dimension", "tilt"]], on="dimension", suffixes=("", "_before"))
        .dropna()
    )
    if both.empty:
        return say(_NONE_BEFORE, day=before_day)
    moved = both[(both["tilt"] - both["tilt_before"]).abs() > 0.005]
    if moved.empty:
        return say_number(
            len(both),
            "The one dimension also known for {day} has not moved.",
            "Of the {n} dimensions also known for {day} none has moved.",
            day=before_day,
        )
    parts = (
        say(_MOVED_PART, dimension=name_dimension(row.dimension), range=format_range(row.tilt_before, row.tilt))
        for row in each_row(moved)
    )
    return say(_MOVED, day=before_day, parts=join(parts))
