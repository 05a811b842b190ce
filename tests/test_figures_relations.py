"""Ties and memberships: what is not known is never drawn as none, and bars run from day to day."""

import re

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from test_figures_common import END, MATRIX, NAMES, SPELLS, START, clipped, overlapping, words_of

from analysis import figures
from analysis.figures.canvas import day_number
from analysis.language import speaking

GIVEN = (["TGO", "MLI", "BFA"], ["ECOWAS", "AES"], START, END, NAMES)


def dots(axes):
    return [(one.get_xdata()[0], to_hex(one.get_markerfacecolor())) for one in axes.lines if one.get_marker() == "o"]


def test_ties_mark_what_is_on_record_and_what_is_none():
    axes = figures.plot_ties(MATRIX, ["FRA", "RUS"], NAMES)
    blue, red = (figures.actor_colour(code).lower() for code in ("FRA", "RUS"))
    assert dots(axes) == [(0.5, blue), (1.5, "#ffffff"), (1.5, red)]
    assert [text.get_text() for text in axes.texts].count("?") == 1
    words = words_of(axes)
    assert "open since 1960" in words
    assert "not known" in words
    assert "defence agreement" in words


@pytest.mark.parametrize("value", [0.0, 5.0, float("nan")])
def test_a_tie_that_is_not_known_is_never_drawn_as_none_whatever_its_value(value):
    unknown = MATRIX.iloc[:1].assign(value=value, is_known=False, text="0")
    axes = figures.plot_ties(unknown, ["FRA"], NAMES)
    assert dots(axes) == []
    assert "?" in [text.get_text() for text in axes.texts]
    assert "1 not known" in figures.caption_ties(unknown, ["FRA"], NAMES)
    key = axes.figure.texts[-1].get_text()
    assert [sign for sign in "●○?" if sign in key] == ["?"]


def test_a_claim_is_told_beside_its_question_mark():
    claimed = MATRIX.iloc[:1].assign(value=float("nan"), is_known=False, text="an envoy speaks of 400")
    words = [text.get_text().replace("\n", " ") for text in figures.plot_ties(claimed, ["FRA"], NAMES).texts]
    assert {"?", "an envoy speaks of 400"} <= set(words)


def test_a_power_without_a_row_is_not_known():
    axes = figures.plot_ties(MATRIX, ["FRA", "CHN"], NAMES)
    assert [text.get_text() for text in axes.texts].count("?") == 3
    assert "China has 0 on record, 0 known to be none in force and 2 not known" in figures.caption_ties(
        MATRIX, ["FRA", "CHN"], NAMES
    )


def test_ties_caption_and_alt_count_the_marks():
    caption = figures.caption_ties(MATRIX, ["FRA", "RUS"], NAMES)
    assert "Of 2 kinds of tie, France has 1 on record, 0 known to be none in force and 1 not known" in caption
    assert "Russia has 1 on record, 1 known to be none in force and 0 not known" in caption
    assert "Mission: France open since 1960; Russia closed." in figures.alt_ties(MATRIX, ["FRA", "RUS"], NAMES)


def test_ties_with_five_powers_and_long_texts_stay_in_their_cells():
    powers = ["FRA", "RUS", "CHN", "USA", "ARE"]
    text = "imports 1,225.0 million EUR (2023); exports 27.9 million EUR (2021), by mirror data of the partner"
    rows = [(kind, power, 1.0, text, True) for kind in ("trade", "aid") for power in powers]
    axes = figures.plot_ties(pd.DataFrame(rows, columns=MATRIX.columns), powers, NAMES)
    assert clipped(axes) == []
    assert overlapping(axes) == []


def bars(axes):
    """Bars of a panel as (row, first day, last day, is hatched), the pale ends left out."""
    return [
        (round(bar.get_y() + bar.get_height() / 2), bar.get_x(), bar.get_x() + bar.get_width(), bool(bar.get_hatch()))
        for bar in axes.patches
        if bar.get_alpha() is None
    ]


def test_memberships_run_from_day_to_day_within_the_window():
    ecowas, aes = figures.plot_memberships(SPELLS, *GIVEN).axes
    left, right = day_number(START), day_number(END)
    assert bars(ecowas) == [
        (0, left, right, False),
        (1, left, day_number("2025-01-29"), False),
        (1, day_number("2021-05-30"), right, True),
    ]
    assert bars(aes) == [(1, day_number("2023-09-16"), right, False), (2, left, right, False)]


def test_memberships_mark_exits_unknown_starts_and_open_suspensions():
    ecowas, aes = figures.plot_memberships(SPELLS, *GIVEN).axes
    markers = {
        one.get_marker(): (one.get_xdata()[0], one.get_ydata()[0]) for one in ecowas.lines if len(one.get_xdata()) == 1
    }
    assert markers["X"] == (day_number("2025-01-29"), 1)
    assert markers[">"] == (day_number(END), 1)
    assert [text.get_text() for text in aes.texts].count("?") == 1
    assert [text.get_text() for text in aes.texts].count("none on record") == 1
    pale = [bar for bar in aes.patches if bar.get_alpha() and bar.get_width()]
    assert [(bar.get_x(), bar.get_width()) for bar in pale] == [(day_number("2023-09-16"), 366)]


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([0], ["bar: member"]),
        ([1], ["bar: member", "✕  left"]),
        ([2], ["hatched", "▸  suspension"]),
        ([3], ["bar: member", "pale"]),
        ([4], ["bar: member", "?  beginning"]),
        ([0, 1, 2, 3, 4], ["bar: member", "hatched", "✕  left", "?  beginning", "▸  suspension", "pale"]),
    ],
)
def test_memberships_key_names_the_marks_that_occur_and_no_other(rows, named):
    key = figures.plot_memberships(SPELLS.iloc[rows], *GIVEN).texts[-1].get_text()
    entries = [entry for line in key.split("\n") for entry in re.split(" {3,}", line)]
    assert [entry[: len(name)] for entry, name in zip(entries, named, strict=True)] == named


PARTIAL = pd.DataFrame(
    [
        ("TGO", "ECOWAS", "associate", "2017-08-01", None, "month", None),
        ("MLI", "ECOWAS", "membership", "1975-05-28", None, "day", None),
        ("MLI", "AES", "associate", "2006-01-01", "2024-10-31", "year", "month"),
        ("BFA", "AES", "observer", None, None, None, None),
    ],
    columns=list(SPELLS.columns),
)  # fmt: skip


def test_associates_and_observers_are_drawn_named_and_counted_as_no_members():
    figure = figures.plot_memberships(PARTIAL, *GIVEN)
    ecowas, aes = figure.axes
    member, associate = sorted(
        (bar for bar in ecowas.patches if bar.get_alpha() is None), key=lambda bar: bar.get_y(), reverse=True
    )
    assert to_hex(associate.get_facecolor()) == "#ffffff" != to_hex(member.get_facecolor())
    assert not [line for line in aes.lines if line.get_marker() == "X"]  # an associate's end is no exit
    key = figure.texts[-1].get_text()
    assert "outlined: associate, no member" in key
    assert "thin outline: observer, no member" in key
    caption = figures.caption_memberships(PARTIAL, *GIVEN)
    assert "Economic Community of West African States 1 and Alliance of Sahel States 0" in caption
    assert "Associates, who are no members and not counted: Mali (Alliance of Sahel States, to Oct 2024) and" in caption
    assert "Togo (Economic Community of West African States)." in caption
    assert "Observers, who are no members and not counted: Burkina Faso (Alliance of Sahel States)." in caption
    assert "Observers" in figures.alt_memberships(PARTIAL, *GIVEN)


def test_memberships_before_the_window_are_not_drawn():
    gone = SPELLS.iloc[[1]].assign(end="2010-01-01")
    assert "No memberships" in words_of(figures.plot_memberships(gone, *GIVEN))


def test_memberships_caption_counts_members_exits_and_suspensions():
    caption = figures.caption_memberships(SPELLS, *GIVEN)
    assert "Members on record on 28 February 2026, of 3 states: Economic Community of West African States 1" in caption
    assert "Alliance of Sahel States 2" in caption
    assert "Economic Community of West African States: Mali (29 Jan 2025)." in caption
    with speaking("fr"):
        assert "Mali (29 janv. 2025)." in figures.caption_memberships(SPELLS, *GIVEN)
    assert "Suspended for some of the time: Mali (Economic Community of West African States)." in caption
    assert "No exit is on record" in figures.caption_memberships(SPELLS.iloc[:1], *GIVEN)


def test_memberships_of_many_organisations_fill_several_lines():
    names = [f"ORG{number}" for number in range(6)]
    many = pd.concat([SPELLS.assign(organisation=name) for name in names])
    figure = figures.plot_memberships(many, GIVEN[0], names, START, END, NAMES)
    assert len(figure.axes) == 6
    assert overlapping(figure) == []
    assert clipped(figure) == []
