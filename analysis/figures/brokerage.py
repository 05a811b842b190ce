"""Who stands between the blocs: each role's count against what chance would give if the blocs were dealt anew."""

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
from analysis.figures.keys import draw_key, key_height, wrap_key
from analysis.figures.strokes import Bar, add_bars, add_line, rule_rows, rule_spans
from analysis.figures.style import CONTEXT, CONTEXT_MARK, INK, SMALL, actor_colour
from analysis.figures.wording import alt_empty, caption_empty, fit, format_amount, is_given, name_of, source_line
from analysis.language import message, say, say_number
from analysis.schema.rows import each_row
from analysis.wording import format_level, format_number, format_percent, join, say_p_value

ROLES = {
    "coordinator": message("between two of its own bloc"),
    "consultant": message("between two of another bloc"),
    "gatekeeper": message("between its own bloc and another"),
    "liaison": message("between two other blocs"),
}
TITLES = {
    "coordinator": message("coordinator"),
    "consultant": message("consultant"),
    "gatekeeper": message("gatekeeper"),
    "liaison": message("liaison"),
}
LEVEL = 0.05
_COLUMNS = ("state", "role", "count", "expected", "sd", "p_value")
_ROW, _HEAD, _FOOT, _GAP = 0.24, 0.6, 0.3, 0.17  # inches

_EMPTY = message("No tie of cooperation between these states was gathered, so nobody stands between others.")
_KEY_TEXT = message(
    "bar: times in that role     above it  |  what chance gives with the blocs dealt anew, and two standard deviations"
)
_CAPTION_ONCE = message(
    "{state} stands once between two others that have no event of cooperation with each other on record: {parts}."
)
_CAPTION = message(
    "{state} stands {total} times between two others that have no event of cooperation with each other on record: "
    "{parts}."
)
_NONE = message("{state} stands between no two others.")
_PART = message("{role} {count} (by chance {expected}, {p})")
_PART_NO_P = message("{role} {count} (by chance {expected}, p not known)")
_VERDICT_NONE = message("None of its roles can be told apart from chance.")
_VERDICT = message("More often than chance gives it is {roles}.")
_BEYOND = message(
    "For {roles} the bar lies beyond the two standard deviations, which is not enough: several roles are tried, and p "
    "counts the deals themselves, which need not spread evenly about their mean."
)
_ATTENTION = message(
    "A pair without a tie is one for which no event was gathered, which is not to say that there is none. Ties are "
    "gathered events of cooperation: who was looked for most has most ties, and so most to stand between."
)
_LABEL = message("{state:bare} · {bloc:bare}")
_OTHER = message("{state}: {total} in all.")
_ALT = message(
    "Bars of how often each of {n} states stands between two others, one panel per role, with what chance gives."
)


@in_house_style
def plot_brokerage(
    roles: pd.DataFrame, state: str, names: Mapping[str, str], blocs: Mapping[str, str]
) -> Figure | Axes:
    """Draw one panel per role, one bar per state.

    Parameters
    ----------
    roles : DataFrame
        ``state, role, count, expected, sd, p_value``, one row per state and role; states in the order of
        their first row.
    state : str
        The subject, in its colour.
    names : mapping
        Actor code to the reader's name.
    blocs : mapping
        State to the name of its bloc, written behind the state.

    Returns
    -------
    Figure
        One axes per role; a single axes with the reason where nobody stands between others.
    """
    require_columns(roles, _COLUMNS, "brokerage")
    if roles.empty or not roles["count"].sum():
        return empty_panel(say(_EMPTY))
    states, shown = _states(roles, blocs), [role for role in ROLES if role in set(roles["role"])]
    labels = [_label(code, names, blocs) for code in states]
    left = max(text_width(label, 8, "bold") for label in labels) + 0.12
    width = (WIDTH_INCHES - left - 0.15 - _GAP * (len(shown) - 1)) / len(shown)
    height = _ROW * len(states)
    key = wrap_key(say(_KEY_TEXT), 7.5)
    texts = [wrap_to(say(ROLES[role]), SMALL, width + 0.12) for role in shown]
    foot, head = _FOOT + key_height(key, 7.5), _HEAD + 0.11 * max(0, max(text.count("\n") for text in texts) - 1)
    total = head + height + foot
    figure = new_figure(total)
    reach = max(float((roles["expected"] + 2 * roles["sd"].fillna(0)).max()), float(roles["count"].max()), 1.0) * 1.12
    found = {(row.role, row.state): row for row in each_row(roles)}
    for number, role in enumerate(shown):
        axes = add_panel(figure, left + number * (width + _GAP), foot, width, height)
        axes.set(xlim=(0, reach), ylim=(len(states) - 0.5, -0.5))
        set_number_axis(axes.xaxis, 3, integer=True)
        axes.tick_params(axis="y", length=0)
        axes.set_yticks(range(len(states)) if not number else [], labels if not number else [])
        axes.annotate(
            say(TITLES[role]).capitalize(),
            (0, 1),
            (0, 72 * (head - _HEAD) + 27),
            xycoords="axes fraction",
            textcoords="offset points",
            size=8,
            weight="bold",
            va="bottom",
        )
        axes.annotate(texts[number], (0, 1), (0, 72 * (head - _HEAD) + 24), xycoords="axes fraction", size=SMALL,
                      va="top", textcoords="offset points", color=CONTEXT, linespacing=1.1)  # fmt: skip
        _draw_role(axes, [found.get((role, code)) for code in states], state)
        if not number:
            for code, label in zip(states, axes.get_yticklabels(), strict=True):
                label.set_fontweight("bold" if code == state else "normal")
    draw_key(figure, key, 7.5)
    return figure


def caption_brokerage(
    roles: pd.DataFrame,
    state: str,
    names: Mapping[str, str],
    blocs: Mapping[str, str],
    *,
    source: str = message("curated events and memberships"),
) -> str:
    """Say how often the subject stands in each role, and whether that can be told apart from chance."""
    if roles.empty or not roles["count"].sum():
        return caption_empty(_EMPTY, source)
    return " ".join([*_found(roles, state, names), *_levels(roles, state), say(_ATTENTION), source_line(source)])


def alt_brokerage(roles: pd.DataFrame, state: str, names: Mapping[str, str], blocs: Mapping[str, str]) -> str:
    """Give the counts to a reader who cannot see the bars."""
    if roles.empty or not roles["count"].sum():
        return alt_empty(_EMPTY)
    totals = roles.groupby("state")["count"].sum().sort_index().sort_values(ascending=False, kind="stable")
    others = [
        say(_OTHER, state=name_of(str(code), names), total=format_amount(total))
        for code, total in totals.items()
        if code != state
    ]
    return fit([say(_ALT, n=format_number(len(totals), 0)), *_found(roles, state, names), *others])


def verdict(roles: pd.DataFrame, state: str, level: float = LEVEL) -> str:
    """Say in which roles the subject stands more often than chance, the level shared among them (Bonferroni).

    Examples
    --------
    >>> roles = pd.DataFrame({"state": "TGO", "role": ["liaison", "gatekeeper"], "p_value": [0.2, 0.6]})
    >>> verdict(roles, "TGO")
    'None of its roles can be told apart from chance.'
    """
    own = _tried(roles, state)
    found = own.loc[own["p_value"] < level / max(len(own), 1), "role"]
    return say(_VERDICT, roles=join(say(TITLES[role]) for role in found)) if len(found) else say(_VERDICT_NONE)


def say_level(roles: pd.DataFrame, state: str, level: float = LEVEL) -> str:
    """Say what p is, and under which one a role is told apart from chance; empty where none has a p.

    Examples
    --------
    >>> roles = pd.DataFrame({"state": "TGO", "role": ["liaison", "gatekeeper"], "p_value": [0.2, 0.6]})
    >>> say_level(roles, "TGO").split(". ")[1].replace("\N{NO-BREAK SPACE}", " ")
    'As 2 roles are tried, one is told apart from chance only under p = 0.025, its share of a level of 5 %.'
    """
    own = _tried(roles, state)
    if own.empty:
        return ""
    return say_number(
        len(own),
        "Here p is the share of deals of the blocs that give a count as high or higher. A role is told apart from "
        "chance only under p = {threshold}.",
        "Here p is the share of deals of the blocs that give a count as high or higher. As {n} roles are tried, one is "
        "told apart from chance only under p = {threshold}, its share of a level of {level}.",
        threshold=format_level(level / len(own)),
        level=format_percent(level),
    )


def _tried(roles: pd.DataFrame, state: str) -> pd.DataFrame:
    return roles[(roles["state"] == state) & roles["p_value"].notna()]


def _found(roles: pd.DataFrame, state: str, names: Mapping[str, str]) -> list[str]:
    """How often the state stands in each role and, if it does in any, whether chance would do as much."""
    own = _own(roles, state, names)
    return [own, verdict(roles, state)] if _stands(roles, state) else [own]


def _levels(roles: pd.DataFrame, state: str) -> list[str]:
    """The level that tells a role from chance, and the bars that seem to reach it and do not."""
    if not _stands(roles, state):
        return []
    own = _tried(roles, state)
    is_short = own["p_value"] >= LEVEL / max(len(own), 1)
    beyond = own.loc[is_short & (own["count"] > own["expected"] + 2 * own["sd"]), "role"]
    said = [say_level(roles, state)]
    if len(beyond):
        said.append(say(_BEYOND, roles=join(say(TITLES[role]) for role in beyond)))
    return [sentence for sentence in said if sentence]


def _stands(roles: pd.DataFrame, state: str) -> bool:
    return bool(roles.loc[roles["state"] == state, "count"].sum())


def _label(code: str, names: Mapping[str, str], blocs: Mapping[str, str]) -> str:
    name = name_of(code, names)
    return say(_LABEL, state=name, bloc=name_of(blocs[code], {})) if code in blocs else name


def _states(roles: pd.DataFrame, blocs: Mapping[str, str]) -> list[str]:
    """States bloc by bloc, those of one bloc in the order given."""
    given = [str(code) for code in dict.fromkeys(roles["state"])]
    order = list(dict.fromkeys(blocs.get(code, "") for code in given))
    return sorted(given, key=lambda code: order.index(blocs.get(code, "")))


def _draw_role(axes: Axes, rows: list[Any], state: str) -> None:
    rule_rows(axes, [place + 0.5 for place in range(len(rows))], linewidth=0.5)
    counted = [(place, row) for place, row in enumerate(rows) if row is not None and is_given(row.count)]
    for place, row in counted:
        colour = actor_colour(state) if row.state == state else CONTEXT_MARK
        add_bars(axes, [Bar(0, place, row.count, 0.36)], facecolor=colour, zorder=2)
    chance = [(place - 0.24, row.expected, 2 * (row.sd if is_given(row.sd) else 0.0)) for place, row in counted
              if is_given(row.expected)]  # fmt: skip
    spans = [(height, max(mean - spread, 0.0), mean + spread) for height, mean, spread in chance]
    rule_spans(axes, spans, color=CONTEXT, linewidth=0.9, zorder=3, capstyle="projecting")
    add_line(axes, [mean for _, mean, _ in chance], [height for height, _, _ in chance], linestyle="none", marker="|",
             markersize=5.5, color=INK, markeredgewidth=1.4, zorder=4)  # fmt: skip


def _own(roles: pd.DataFrame, state: str, names: Mapping[str, str]) -> str:
    own = roles[roles["state"] == state]
    total = float(own["count"].sum())
    if not total:
        return say(_NONE, state=name_of(state, names))
    parts = [
        say(
            _PART if is_given(row["p_value"]) else _PART_NO_P, role=say(TITLES[row["role"]]),
            count=format_amount(row["count"]), expected=format_amount(row["expected"]),
            p=say_p_value(row["p_value"]) if is_given(row["p_value"]) else "",
        )
        for _, row in own.iterrows()
    ]  # fmt: skip
    about = {"state": name_of(state, names), "parts": join(parts)}
    return say(_CAPTION_ONCE, **about) if total == 1 else say(_CAPTION, total=format_amount(total), **about)
