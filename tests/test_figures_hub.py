"""The figures of ports and routes: one scale, ranges where sources differ, question marks where nothing is known."""

import pandas as pd
import pytest
from figures_cases import THROUGHPUT, TRANSIT
from matplotlib.colors import to_hex
from test_figures_common import NAMES, words_of

from analysis import figures

ROUTES = (TRANSIT, "TGO", NAMES, "26 July 2023")


def test_each_port_has_a_panel_on_one_scale_the_busiest_first():
    lome, tema = figures.plot_ports(THROUGHPUT, "TGO", NAMES).axes
    assert lome.get_ylim() == tema.get_ylim()
    assert lome.get_ylim()[0] == 0
    marks = [one for one in lome.lines if one.get_marker() == "o"]
    found = {one.get_markerfacecolor(): list(zip(*one.get_data(), strict=True)) for one in marks}
    own = figures.actor_colour("TGO")
    assert found == {"white": [(2019, 22.6)], own: [(2021, 29.5)]}  # white: contradicted in a remark alone


def test_ports_of_one_name_in_two_states_have_a_panel_each():
    rows = THROUGHPUT.assign(port="Lome")
    lome, other = figures.plot_ports(rows, "TGO", NAMES).axes
    assert [sorted({x for line in axes.lines for x in line.get_xdata()}) for axes in (lome, other)] == [
        [2019, 2020, 2021], [2016],
    ]  # fmt: skip
    assert "Lome 29.5 (2021) and Lome 13.4 (2016)" in figures.caption_ports(rows, "TGO", NAMES)


def test_sources_that_differ_are_drawn_from_the_least_to_the_most():
    lome = figures.plot_ports(THROUGHPUT, "TGO", NAMES).axes[0]
    ranges = [one for one in lome.lines if one.get_marker() == "D"]
    assert [(list(one.get_xdata()), list(one.get_ydata())) for one in ranges] == [([2020, 2020], [25.5, 26.0])]


def test_a_figure_printed_as_more_than_bears_its_sign():
    least = THROUGHPUT.assign(is_least=THROUGHPUT["port"] == "Tema")
    assert "Tema ≥\N{NO-BREAK SPACE}13.4 (2016)" in figures.caption_ports(least, "TGO", NAMES)
    assert "≥\N{NO-BREAK SPACE}13.4" in [
        text.get_text() for text in figures.plot_ports(least, "TGO", NAMES).axes[1].texts
    ]


def test_a_figure_printed_as_less_than_bears_its_sign_and_a_small_port_is_not_0():
    most = THROUGHPUT.assign(is_most=THROUGHPUT["port"] == "Tema").replace({13.4e6: 2e4})
    assert "Tema ≤\N{NO-BREAK SPACE}0.02 (2016)" in figures.caption_ports(most, "TGO", NAMES)
    assert "≤\N{NO-BREAK SPACE}0.02" in [
        text.get_text() for text in figures.plot_ports(most, "TGO", NAMES).axes[1].texts
    ]


def test_more_than_so_much_starts_no_change_and_ends_none_that_it_does_not_show():
    def said(*least, years=(2019, 2020, 2021)):
        rows = THROUGHPUT[(THROUGHPUT["port"] == "Tema") | THROUGHPUT["year"].isin(years)]
        rows = rows.assign(is_least=(rows["port"] == "Lome") & rows["year"].isin(least))
        return figures.caption_ports(rows, "TGO", NAMES)

    assert "Between 2020 and 2021 Lome went from 25.5 or 26.0 to 29.5 million tonnes." in said(2019)
    assert "Between 2019 and 2021 Lome went from 22.6 to ≥\N{NO-BREAK SPACE}29.5 million tonnes." in said(2021)
    assert "Between" not in said(2019, 2020, 2021)
    assert "Between" not in said(2019, years=(2019, 2021))
    less = THROUGHPUT.assign(is_most=THROUGHPUT["year"] == 2021)
    assert "Between 2019 and 2020 Lome went from 22.6 to 25.5 or 26.0" in figures.caption_ports(less, "TGO", NAMES)
    fallen = less.replace({29.5e6: 20.0e6})
    assert "went from 22.6 to ≤\N{NO-BREAK SPACE}20.0 million" in figures.caption_ports(fallen, "TGO", NAMES)
    falling = THROUGHPUT.assign(is_least=THROUGHPUT["year"] == 2021).replace({29.5e6: 20.0e6})
    assert "Between 2019 and 2020 Lome went from 22.6 to 25.5 or 26.0" in figures.caption_ports(falling, "TGO", NAMES)


def test_every_figure_printed_as_more_than_is_drawn_with_its_sign():
    rows = THROUGHPUT.assign(is_least=THROUGHPUT["year"] == 2019)
    drawing = figures.plot_ports(rows, "TGO", NAMES)
    assert [text.xy[0] for text in drawing.axes[0].texts if text.get_text() == "≥"] == [2019]
    assert "≥  more than" in drawing.texts[-1].get_text()


def test_the_sign_of_an_earlier_year_does_not_stand_at_the_amount_of_the_last():
    years = pd.DataFrame({"year": [2014, 2023, 2024], "low": 1e7, "high": 1e7, "is_most": [False, True, False]})
    ports = [years.assign(port=port, state="TGO", has_conflict=False) for port in "ABCDE"]
    drawing = figures.plot_ports(pd.concat(ports), "TGO", NAMES)
    drawing.canvas.draw()
    for panel in drawing.axes:
        sign, amount = (next(one for one in panel.texts if one.get_text() == text) for text in ("≤", "10.0"))
        assert not sign.get_window_extent().overlaps(amount.get_window_extent())


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        (THROUGHPUT, {"●  whole", "◆–◆", "○  contradicted", "lines join"}),
        (THROUGHPUT[THROUGHPUT["year"] == 2020], {"◆–◆"}),
        (THROUGHPUT[THROUGHPUT["year"] == 2019], {"○  contradicted"}),
        (THROUGHPUT[THROUGHPUT["year"] == 2016].assign(is_least=True), {"●  whole", "≥  more than"}),
        (THROUGHPUT[THROUGHPUT["year"] == 2016].assign(is_most=True), {"●  whole", "≤  less than"}),
    ],
)
def test_the_key_of_ports_names_the_marks_that_occur_and_no_other(rows, named):
    key = figures.plot_ports(rows, "TGO", NAMES).texts[-1].get_text()
    every = {"●  whole", "◆–◆", "○  contradicted", "lines join", "≥  more than", "≤  less than"}
    assert {name for name in every if name in key} == named


@pytest.mark.parametrize(
    ("share", "bound", "said"),
    [
        (34.0, "", "34"),
        (34.0, "is_least", "≥\N{NO-BREAK SPACE}34"),
        (0.04, "is_most", "≤\N{NO-BREAK SPACE}0.04"),
        (0.0, "", "0"),
    ],
)
def test_a_share_bears_the_sign_of_its_bound_and_a_small_one_is_not_0(share, bound, said):
    rows = TRANSIT.replace({34.0: share}).assign(**{bound or "is_least": bool(bound)})
    assert f" {said}\N{NO-BREAK SPACE}%" in figures.caption_transit(rows, "TGO", NAMES, "")
    assert f"{said} % (2017)".replace("\N{NO-BREAK SPACE}", " ") in words_of(
        figures.plot_transit(rows, "TGO", NAMES, "")
    )


def test_a_report_of_an_earlier_day_knows_no_turn():
    early = (TRANSIT, "TGO", NAMES, "")
    words = words_of(figures.plot_transit(*early))
    assert "latest whole year" in words
    assert "after" not in words.split()
    assert "Latest whole years: " in figures.caption_transit(*early)
    assert "After" not in figures.caption_transit(*early)


@pytest.mark.parametrize(
    ("kinds", "turn", "named"),
    [
        ({"tonnes", "share of imports"}, "26 July 2023", {"bar:", "percent:", "?  not known"}),
        ({"tonnes"}, "", {"bar:"}),
        ({"share of imports"}, "", {"percent:"}),
    ],
)
def test_the_key_of_routes_names_the_marks_that_occur_and_no_other(kinds, turn, named):
    rows = TRANSIT[TRANSIT["kind"].isin(kinds)]
    key = figures.plot_transit(rows, "TGO", NAMES, turn).texts[-1].get_text()
    assert {name for name in ("bar:", "percent:", "?  not known") if name in key} == named


def test_lines_join_only_years_in_a_row():
    gap = THROUGHPUT[THROUGHPUT["year"] != 2020]
    lome = figures.plot_ports(gap, "TGO", NAMES).axes[0]
    assert all(len(one.get_xdata()) == 1 for one in lome.lines)


def test_ports_caption_tells_latest_growth_and_conflicts():
    caption = figures.caption_ports(THROUGHPUT, "TGO", NAMES)
    assert "Lome 29.5 (2021) and Tema 13.4 (2016)" in caption
    assert "The years differ" in caption
    assert "Between 2019 and 2021 Lome went from 22.6 to 29.5 million tonnes." in caption
    assert "Sources differ for Lome 2020 (25.5 to 26.0)." in caption
    assert "Mali has no port among them." in figures.caption_ports(THROUGHPUT, "MLI", NAMES)


def test_routes_are_bars_of_tonnes_in_a_panel_per_landlocked_state():
    drawing = figures.plot_transit(*ROUTES)
    assert len(drawing.axes) == 3
    bars = drawing.axes[0].patches
    assert [bar.get_width() for bar in bars] == [3.1]
    assert to_hex(bars[0].get_facecolor()) == figures.actor_colour("TGO").lower()


def test_what_no_source_gives_is_a_question_mark_and_not_a_bar():
    burkina, _, niger = figures.plot_transit(*ROUTES).axes
    assert [text.get_text() for text in burkina.texts].count("?") == 1
    assert niger.patches[:] == []
    assert "83 % (said of the time before)" in words_of(figures.plot_transit(*ROUTES))


@pytest.mark.parametrize("known", [False, True])
def test_routes_caption_says_what_is_known_after(known):
    rows = TRANSIT.copy()
    if known:
        rows.loc[2, ["kind", "year", "low", "high"]] = ["tonnes", 2024, 2e6, 2e6]
    caption = figures.caption_transit(rows, *ROUTES[1:])
    expected = "whole years are known for 1 of 3 routes" if known else "no source gives a whole year for any of these 3"
    assert expected in caption
    assert "After 26 July 2023 " in caption
    assert "After it" not in caption
    drawn = figures.plot_transit(rows, *ROUTES[1:]).axes[0].patches
    assert len(drawn) == 1 + known


def test_shares_are_told_as_printed_with_their_year():
    caption = figures.caption_transit(*ROUTES)
    assert "Burkina Faso 34\N{NO-BREAK SPACE}% through Togo (2017)" in caption
    assert "Niger 83\N{NO-BREAK SPACE}% through Benin (said of the time before)" in caption


def test_a_landlocked_subject_comes_first():
    drawing = figures.plot_transit(TRANSIT, "NER", NAMES, "26 July 2023")
    assert drawing.axes[0].texts[0].get_text() == "To Niger"
