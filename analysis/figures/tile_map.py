"""A map of tiles: one square per state, coloured by the side of its tilt, outlined by its bloc."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.figures.canvas import (
    WIDTH_INCHES,
    add_panel,
    empty_panel,
    in_house_style,
    new_figure,
    require_columns,
    text_width,
    wrap_to,
)
from analysis.figures.style import CONTEXT, FAINT, INK, SMALL, actor_colour
from analysis.figures.tile_map_key import (
    HATCH,
    KEY_WIDTH,
    OUTSIDE,
    SHADE,
    UNDECIDED,
    Outline,
    draw_key,
    key_heights,
    list_keys,
    outline_blocs,
    style_frame,
)
from analysis.figures.wording import alt_empty, caption_empty, fit, is_given, list_names, name_of, source_line
from analysis.language import message, say
from analysis.schema.rows import each_row
from analysis.wording import count, format_number, join

COUPS = ("coup", "coup_attempt")

_COLUMNS = ("state", "tilt", "low", "high", "n_events")
_TILE, _GAP, _LINE, _SIZE = 0.86, 0.07, 0.16, SMALL  # inches and points

_EMPTY = message("No states were compared.")
_NO_PLACE = message("No compared state has a place on the map.")
_COUP = message("× {years}")
_UNPLACED = message("Not on the map: {states}.")
_STATE = message("{state:bare} {tilt}")
_LEAN = message("Towards {power}: {states}.")
_BETWEEN = message("{states} could not be placed on either side: the interval holds zero.")
_UNKNOWN = message("For {states} too few events are on record, or none.")
_WIDTHLESS = message(
    "All cooperation of {states} on record is with one of the two, which is a limit of the method and not certainty."
)
_SCHEMATIC = message("Squares stand near where the states lie; size and distance mean nothing.")
_ALT = message(
    "A map of {states} as squares with their tilt from −1 (all with {b}) to +1 (all with {a}), or a ? with too few "
    "events or none; outlines are blocs, crosses years of a coup or an attempt."
)
_ALT_COUP = message("{state:bare} {tilt} (coup or attempt {years})")


@in_house_style
def plot_tile_map(
    compared: pd.DataFrame,
    positions: pd.DataFrame,
    happenings: pd.DataFrame,
    blocs: Mapping[str, str],
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
) -> Figure | Axes:
    """Draw each state as a square at its position, with its tilt written in it.

    Parameters
    ----------
    compared : DataFrame
        ``state, tilt, low, high`` (missing where not known)``, n_events``, one row per state.
    positions : DataFrame
        ``state, column, row``, whole numbers from the upper left. States that are not compared are outlined alone;
        compared ones without a position are listed below.
    happenings : DataFrame
        ``state, kind, date_start``; coups and attempts are marked.
    blocs : mapping
        Each state's bloc; what is no key of `names` stands for none.
    state : str
        The subject, in bold.
    a, b : str
        The powers at +1 and at -1.
    names : mapping
        Actor code to the reader's name.

    Returns
    -------
    Figure
        The map, with its key at the right; axes with the reason where no state is given or none has a place.
    """
    require_columns(compared, _COLUMNS, "tile_map")
    if compared.empty:
        return empty_panel(say(_EMPTY))
    placed = compared.merge(positions, on="state")
    if placed.empty:
        return empty_panel(say(_NO_PLACE))
    columns, rows = positions["column"].astype(int), positions["row"].astype(int)
    n_columns, n_rows = int(columns.max()) + 1, int(rows.max()) + 1
    tile = min(_TILE, (WIDTH_INCHES - KEY_WIDTH - 0.15) / n_columns)
    unplaced = _list_unplaced(compared, placed, names)
    below = wrap_to(unplaced, _SIZE, WIDTH_INCHES - 0.2) if unplaced else ""
    foot = _LINE * (below.count("\n") + 1) + 0.05 if below else 0.05
    outlines, coups = outline_blocs(blocs, compared["state"], names), _coup_years(happenings)
    context = positions[~positions["state"].isin(placed["state"])]
    drawn: set[str] = {_side(row) for row in each_row(placed)}
    drawn |= {bloc if (bloc := blocs.get(code, "")) in outlines else "outside" for code in placed["state"]}
    drawn |= {"coups"} if set(coups) & set(placed["state"]) else set()
    drawn |= {"context"} if len(context) else set()
    keys = list_keys(a, b, names, outlines, drawn)
    height = max(n_rows * tile, sum(key_heights(keys)) + 0.05) + foot
    figure = new_figure(height)
    axes = add_panel(figure, 0.05, height - n_rows * tile, n_columns * tile, n_rows * tile)
    axes.set(xlim=(0, n_columns), ylim=(n_rows, 0), xticks=[], yticks=[])
    axes.axis("off")
    for row in each_row(context):
        _draw_context(axes, row, tile, names)
    for row in each_row(placed):
        outline = outlines.get(blocs.get(row.state, ""), OUTSIDE)
        _draw_tile(axes, row, tile, names, _face(row, a, b), outline, coups.get(row.state, ""), row.state == state)
    draw_key(figure, n_columns * tile + 0.15, keys)
    if below:
        figure.text(0.1 / WIDTH_INCHES, (foot - 0.03) / height, below, size=_SIZE, va="top", color=INK)
    return figure


def caption_tile_map(
    compared: pd.DataFrame,
    positions: pd.DataFrame,
    happenings: pd.DataFrame,
    blocs: Mapping[str, str],
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    source: str = message("curated events"),
) -> str:
    """Say which states lean where, which are undecided, and of which too little is known."""
    if compared.empty:
        return caption_empty(_EMPTY, source, 0)
    sides = compared.apply(_side, axis=1)

    def said(text: str, chosen: pd.Series, **values: object) -> str:
        return say(text, states=list_names(compared.loc[chosen, "state"], names), **values) if chosen.any() else ""

    sentences = [
        said(_LEAN, sides == "a", power=name_of(a, names)),
        said(_LEAN, sides == "b", power=name_of(b, names)),
        said(_WIDTHLESS, compared["low"].notna() & (compared["low"] == compared["high"])),
        said(_BETWEEN, sides == "between"),
        said(_UNKNOWN, sides == ""),
        say(_SCHEMATIC) if compared["state"].isin(positions["state"]).any() else say(_NO_PLACE),
    ]
    return " ".join([*filter(None, sentences), source_line(source)])


def alt_tile_map(
    compared: pd.DataFrame,
    positions: pd.DataFrame,
    happenings: pd.DataFrame,
    blocs: Mapping[str, str],
    state: str,
    a: str,
    b: str,
    names: Mapping[str, str],
) -> str:
    """Give the tilts to a reader who cannot see the squares, the subject first."""
    if compared.empty:
        return alt_empty(_EMPTY)
    if not compared["state"].isin(positions["state"]).any():
        return alt_empty(_NO_PLACE)
    head = say(_ALT, states=count(len(compared), "state", "states"), a=name_of(a, names), b=name_of(b, names))
    coups = _coup_years(happenings)
    ordered = compared.assign(is_other=compared["state"] != state).sort_values("is_other", kind="stable")
    told = []
    for row in each_row(ordered):
        tilt = _tilt_text(row)
        about = {"state": name_of(row.state, names), "tilt": tilt}
        told.append(say(_ALT_COUP, years=coups[row.state], **about) if row.state in coups else say(_STATE, **about))
    return fit([head, *(f"{text}." for text in told)])


def _side(row: object) -> str:
    """The side of a tilt whose interval lies there."""
    low, high = row.low, row.high  # type: ignore[attr-defined]
    if not (is_given(low) and is_given(high)):
        return ""
    return "a" if low > 0 else "b" if high < 0 else "between"


def _face(row: object, a: str, b: str) -> dict[str, Any]:
    side = _side(row)
    if not side:
        return {"facecolor": "white", "edgecolor": FAINT, "hatch": HATCH}
    colour = to_rgba(actor_colour(a if side == "a" else b), SHADE) if side in ("a", "b") else UNDECIDED
    return {"facecolor": colour, "edgecolor": "none"}


def _tilt_text(row: object) -> str:
    """The tilt where it has an interval; no number stands without one."""
    return format_number(row.tilt, signed=True) if is_given(row.low) else "?"  # type: ignore[attr-defined]


def _coup_years(happenings: pd.DataFrame) -> dict[str, str]:
    """The years of coups and attempts of each state, as a list."""
    coups = happenings[happenings["kind"].isin(COUPS)].sort_values("date_start")
    return {
        str(code): ", ".join(dict.fromkeys(str(day.year) for day in rows["date_start"]))
        for code, rows in coups.groupby("state", sort=True)
    }


def _shorten_years(years: str, room: float) -> str:
    """The cross and the years, from the second on by two digits or by the span where the square is too narrow."""
    first, *later = years.split(", ")
    short = ", ".join([first, *(f"\N{RIGHT SINGLE QUOTATION MARK}{year[2:]}" for year in later)])
    told = [say(_COUP, years=one) for one in (years, short, f"{first}\N{EN DASH}{years[-4:]}")]
    return next((text for text in told if text_width(text, _SIZE) <= room), told[-1])


def _list_unplaced(compared: pd.DataFrame, placed: pd.DataFrame, names: Mapping[str, str]) -> str:
    missing = compared[~compared["state"].isin(placed["state"])]
    listed = [say(_STATE, state=name_of(row.state, names), tilt=_tilt_text(row)) for row in each_row(missing)]
    return say(_UNPLACED, states=join(listed)) if listed else ""


def _draw_context(axes: Axes, row: object, tile: float, names: Mapping[str, str]) -> None:
    across, down = int(row.column), int(row.row)  # type: ignore[attr-defined]
    gap = _GAP / tile
    axes.add_artist(Rectangle((across + gap / 2, down + gap / 2), 1 - gap, 1 - gap, facecolor="none", edgecolor=FAINT,
                             linewidth=0.8))  # fmt: skip
    text = wrap_to(name_of(row.state, names), _SIZE, tile - 0.14)  # type: ignore[attr-defined]
    axes.text(across + 0.5, down + 0.5, text, size=_SIZE, ha="center", va="center", color=CONTEXT)


def _draw_tile(
    axes: Axes,
    row: object,
    tile: float,
    names: Mapping[str, str],
    face: dict[str, Any],
    outline: Outline,
    coups: str,
    is_own: bool,
) -> None:
    across, down, code = int(row.column), int(row.row), row.state  # type: ignore[attr-defined]
    gap = _GAP / tile
    corner, side = (across + gap / 2, down + gap / 2), 1 - gap
    square = Rectangle(corner, side, side, linewidth=0, label=code, **face)
    axes.add_artist(square)
    axes.add_artist(Rectangle(corner, side, side, **style_frame(outline)))
    backing = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"} if "hatch" in face else None
    weight = "bold" if is_own else "normal"
    name = wrap_to(name_of(code, names), _SIZE, tile - 0.16)
    for height, text, size, bold in (
        (0.27, name, _SIZE, weight), (0.58, _tilt_text(row), 9.5, "bold"),
        (0.83, _shorten_years(coups, tile - _GAP - 0.1) if coups else "", _SIZE, "normal"),
    ):  # fmt: skip
        if text:
            axes.text(across + 0.5, down + height, text, size=size, weight=bold, ha="center", va="center", color=INK,
                      bbox=backing, linespacing=0.95)  # fmt: skip
