"""Shifts, pressure at home and epochs: what is drawn and said is what was measured, and too few is said as such."""

import numpy as np
import pandas as pd
import pytest
from figures_cases import ABOUT_RESPONSES, LEVELS, NEAREST, NET, POINTS, PRESSURE, RESPONSES
from matplotlib.colors import to_hex
from test_figures_common import NAMES, clipped, overlapping, words_of

from analysis import figures
from analysis.figures.canvas import day_number
from analysis.language import Name, speaking

POWERS = ["FRA", "RUS", "CHN"]
SHIFTS = (NET, LEVELS, POINTS, NEAREST, POWERS, NAMES)
WINDOW = ("2024-01-01", "2025-02-28")


def level_lines(axes):
    return [line for line in axes.lines if line.get_label() == "level"]


def bars_of(axes):
    """Left edge, foot and signed height of every bar of a panel of pressure, by whether it is confirmed."""
    found = {}
    for collection in axes.collections:
        corners = [path.vertices for path in collection.get_paths()]
        found[collection.get_label()] = [(box[0, 0], box[0, 1], box[1, 1] - box[0, 1]) for box in corners]
    return found


def test_shifts_draw_every_quarter_and_level():
    france, russia, china = figures.plot_shifts(*SHIFTS).axes
    assert [bar.get_height() for bar in russia.patches if bar.get_width() < 100] == [0, 1, 0, 0, 5, 6, 4, 5]
    assert [list(line.get_ydata()) for line in level_lines(russia)] == [[0.25, 0.25], [5.0, 5.0]]
    assert [line.get_xdata()[0] for line in level_lines(russia)] == [
        day_number("2024-01-01"), day_number("2025-01-01")
    ]  # fmt: skip
    assert to_hex(level_lines(russia)[0].get_color()) == figures.actor_colour("RUS").lower()
    bands = [path.vertices[:, 1] for one in russia.collections for path in one.get_paths()]
    assert [(band.min(), band.max()) for band in bands] == [(0.0, 0.5), (4.25, 5.75)]
    assert len(level_lines(france)) == 1
    assert level_lines(china) == []  # too few events: no level is claimed


def test_shifts_draw_the_change_and_where_the_resamples_have_it():
    russia = figures.plot_shifts(*SHIFTS).axes[1]
    dashed = [line for line in russia.lines if line.get_linestyle() == "--"]
    assert [line.get_xdata()[0] for line in dashed] == [day_number("2025-01-01")]
    (strip,) = [patch for patch in russia.patches if patch.get_width() > 100]
    assert (strip.get_x(), strip.get_x() + strip.get_width()) == (day_number("2024-10-01"), day_number("2025-04-01"))


def test_shifts_say_what_changed_and_what_stands_near():
    caption = figures.caption_shifts(*SHIFTS)
    assert "With Russia the level changes in January 2025, from +0.3 to +5.0 points a quarter" in caption
    assert "(found within a quarter in 96\N{NO-BREAK SPACE}% of the resamples)" in caption
    assert "With France no change of level is found in 4 events." in caption
    assert "With China there are too few events to say (1 event, in 1 of 8 quarters)." in caption
    assert "Around January 2025 with Russia: 14 Jan 2025, E1; Feb 2025, E2." in caption
    alt = figures.alt_shifts(*SHIFTS)
    assert "from +0.3 to +5.0" in alt
    words = words_of(figures.plot_shifts(*SHIFTS))
    assert "5 events; January 2025: +0.3 → +5.0" in words
    assert "too few events to say: 1 event in 1 of 8 quarters" in words


def test_the_caption_of_shifts_names_the_marks_that_occur_and_no_other():
    bars, lines, changes = "Bars are the sums", "Lines are the mean", "A dashed line marks a change"
    unknown = LEVELS.assign(mean=np.nan, low=np.nan, high=np.nan)
    for series, levels, points, named in (
        (NET, LEVELS, POINTS, {bars, lines, changes}),
        (NET, LEVELS, POINTS.iloc[:0], {bars, lines}),
        (NET, unknown, POINTS.iloc[:0], {bars}),
        (NET.assign(value=0.0), unknown, POINTS.iloc[:0], set()),
    ):
        caption = figures.caption_shifts(series, levels, points, NEAREST, POWERS, NAMES)
        assert {name for name in (bars, lines, changes) if name in caption} == named


@pytest.mark.parametrize("sure", [[True], [False], [True, False]])
def test_the_key_of_pressure_names_the_marks_that_occur_and_no_other(sure):
    rows = PRESSURE[PRESSURE["is_confirmed"].isin(sure)]
    (legend,) = figures.plot_pressure(rows, POWERS, NAMES, *WINDOW).legends
    named = [{True: "confirmed", False: "one source only, or disputed"}[is_sure] for is_sure in sure]
    assert [text.get_text() for text in legend.get_texts()] == named


def test_many_powers_and_many_shifts_stay_apart():
    more = POINTS.loc[[0, 0]].assign(date=["2024-07-01", "2025-01-01"]).astype({"date": "datetime64[ns]"})
    series = pd.concat([NET, *(NET[NET["power"] == "RUS"].assign(power=power) for power in ("USA", "ARE"))])
    drawing = figures.plot_shifts(series, LEVELS, more, NEAREST, [*POWERS, "USA", "ARE"], NAMES)
    assert overlapping(drawing) == []
    assert clipped(drawing) == []


def test_pressure_bars_stand_in_their_quarter_one_above_the_other():
    home, france, russia, china = figures.plot_pressure(PRESSURE, POWERS, NAMES, *WINDOW).axes
    heights = sorted(
        round(path.vertices[1, 1] - path.vertices[0, 1], 6) for one in home.collections for path in one.get_paths()
    )
    assert heights == [2.0, 2.0, 4.0, 7.0]
    protest = [one for one in home.collections if to_hex(one.get_edgecolor()[0]) == "#555555"]
    feet = [path.vertices[0, 1] for one in protest for path in one.get_paths()]
    tops = [path.vertices[1, 1] for one in protest for path in one.get_paths()]
    assert any(np.isclose(foot, top) for foot in feet for top in tops)  # the unconfirmed stand on the confirmed
    assert [height for *_, height in bars_of(france)["confirmed"]] == [3.0, -5.0]
    quarter = day_number("2024-07-01"), day_number("2024-09-30") + 1
    ((left, foot, height),) = bars_of(russia)["unconfirmed"]
    assert quarter[0] < left < quarter[1]
    assert (foot, height) == (1.0, 2.5)
    assert china.collections[:] == []


def test_pressure_is_on_one_axis_of_time_and_powers_on_one_scale():
    home, *powers = figures.plot_pressure(PRESSURE, POWERS, NAMES, *WINDOW).axes
    assert {axes.get_xlim() for axes in (home, *powers)} == {(day_number(WINDOW[0]), day_number(WINDOW[1]))}
    assert len({axes.get_ylim() for axes in powers}) == 1


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ((3, 1, 3), "The quarters that begin in April 2024 and October 2024 have most pressure, 3 each."),
        ((1, 1, 1, 1, 1), "5 quarters have most pressure, 1 each; the first begins in April 2024."),
        ((1, 2), "The quarter that begins in July 2024 has most pressure, 2."),
    ],
)
def test_quarters_that_tie_for_most_pressure_are_all_named(points, words):
    begins = pd.date_range("2024-04-01", periods=len(points), freq="QS")
    first = PRESSURE[(PRESSURE["place"] == "home") & (PRESSURE["lane"] != "relief")].iloc[[0] * len(points)]
    tied = first.assign(date_start=begins, up=[float(one) for one in points]).reset_index(drop=True)
    for told in (figures.caption_pressure, figures.alt_pressure):
        assert words in told(tied, POWERS, NAMES, *WINDOW)


def test_pressure_says_its_sums():
    words = words_of(figures.plot_pressure(PRESSURE, POWERS, NAMES, *WINDOW))
    assert "+3 −5" in words
    assert words.count("no events gathered") == 3  # media, constitution, China
    for text in (
        figures.caption_pressure(PRESSURE, POWERS, NAMES, *WINDOW), figures.alt_pressure(PRESSURE, POWERS, NAMES, *WINDOW)
    ):  # fmt: skip
        assert "protest and opposition 6; arrests and trials 2; media curbed 0" in text
        assert "pardons, releases 7" in text
        assert "The quarter that begins in April 2024 has most pressure, 6." in text  # relief is no pressure
        assert "With France: 3 of cooperation, 5 of conflict." in text
        assert "With China: no events gathered." in text


def test_a_lane_without_events_says_so_in_its_own_room():
    abroad = PRESSURE[(PRESSURE["place"] == "abroad") & (PRESSURE["lane"] == "FRA")]
    figure = figures.plot_pressure(abroad.assign(up=0.0, down=7.0), ["FRA", "CHN"], NAMES, *WINDOW)
    (said,) = [text for text in figure.axes[-1].texts if text.get_text() == "no events gathered"]
    lane, box = figure.axes[-1].get_window_extent(), said.get_window_extent()
    assert lane.y0 <= box.y0 < box.y1 <= lane.y1


def test_pressure_without_anything_at_home_says_so():
    abroad = PRESSURE[PRESSURE["place"] == "abroad"]
    assert "No pressure or relief at home is on record" in figures.caption_pressure(abroad, POWERS, NAMES, *WINDOW)
    assert clipped(figures.plot_pressure(abroad, POWERS, NAMES, *WINDOW)) == []


def test_epochs_draw_mean_band_and_rest():
    france, russia, china = figures.plot_epochs(RESPONSES, ABOUT_RESPONSES, POWERS, NAMES).axes
    (mean,) = [line for line in france.lines if line.get_label() == "mean"]
    assert mean.get_xdata().tolist() == [-1, 0, 1, 2, 3]
    assert mean.get_ydata().tolist() == [0.0, 0.5, 1.0, 0.25, 0.5]
    (band,) = france.collections
    assert set(band.get_paths()[0].vertices[:, 1].round(6)) >= {-1.0, 1.5}
    assert [-0.25, -0.25] in [list(line.get_ydata()) for line in france.lines]
    assert len({axes.get_ylim() for axes in (france, russia, china)}) == 1
    assert "too few to say" in [text.get_text() for text in china.texts]


def test_epochs_say_the_answer_and_who_is_too_few():
    for text in (
        figures.caption_epochs(RESPONSES, ABOUT_RESPONSES, POWERS, NAMES),
        figures.alt_epochs(RESPONSES, ABOUT_RESPONSES, POWERS, NAMES),
    ):
        assert (
            "Coup or attempt nearby (6 epochs), engagement with France: +0.56 points a month from the event to 3 months "
            "after it, −0.25 in the rest (p\xa0=\xa00.014)." in text
        )
    caption = figures.caption_epochs(RESPONSES, ABOUT_RESPONSES, POWERS, NAMES)
    assert "Coup or attempt nearby (6 epochs): too few events with China" in caption
    assert "Wave of protest at home: too few to say (2 epochs, 5 are needed)." in caption
    assert "Meeting of leaders: none on record in this window." in caption
    words = words_of(figures.plot_epochs(RESPONSES, ABOUT_RESPONSES, POWERS, NAMES))
    assert "France, p = 0.014" in words
    assert "Wave of protest at home: too few to say" in words


def test_epochs_of_several_kinds_stand_below_each_other():
    both = [frame.assign(kind=kind) for kind in ("coup_nearby", "protest_wave") for frame in [RESPONSES]]
    about = ABOUT_RESPONSES.assign(p_value=ABOUT_RESPONSES["p_value"].fillna(0.5), rest=0.0, effect=0.5, n_epochs=5)
    drawing = figures.plot_epochs(pd.concat(both), about, ["FRA", "RUS"], NAMES)
    assert len(drawing.axes) == 4
    assert overlapping(drawing) == []
    assert clipped(drawing) == []


def test_five_powers_and_their_long_names_stay_apart():
    powers = ["FRA", "RUS", "CHN", "USA", "ARE"]
    france, about = (frame[frame["power"] == "FRA"] for frame in (RESPONSES, ABOUT_RESPONSES))
    drawing = figures.plot_epochs(
        pd.concat([france.assign(power=power) for power in powers]),
        pd.concat([about.assign(power=power) for power in powers]), powers, NAMES,
    )  # fmt: skip
    assert overlapping(drawing) == []
    assert clipped(drawing) == []
    assert words_of(drawing).count("months from the event") == 1


def test_a_panel_is_headed_by_the_bare_name_in_either_language():
    for language, name, said in (
        ("en", Name("Gambia", "the"), "Gambia, p = 0.014"),
        ("fr", Name("Russie", "la"), "Russie, p = 0,014"),
    ):
        with speaking(language):
            drawing = figures.plot_epochs(RESPONSES, ABOUT_RESPONSES, ["FRA"], {"FRA": name})
            assert said in words_of(drawing)
