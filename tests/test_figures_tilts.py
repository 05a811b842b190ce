"""Rolling tilt, neighbours, sensitivity: values, intervals and gaps are drawn as they are, and said."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from test_figures_common import (
    COMPARED,
    NAMES,
    WEIGHTINGS,
    WINDOWS,
    clipped,
    make_rolling,
    overlapping,
    words_of,
)

from analysis import figures
from analysis.figures.canvas import day_number
from analysis.language import speaking

PAIR = ("FRA", "RUS", NAMES)


def line(axes, label):
    (found,) = [one for one in axes.lines if one.get_label() == label]
    return found


def test_tilt_line_has_the_values_with_an_interval_and_breaks_at_the_others():
    axes = figures.plot_tilt(WINDOWS, *PAIR)
    drawn = line(axes, "tilt")
    assert np.array_equal(drawn.get_ydata(), [0.1, 0.2, np.nan, np.nan, 1.0, -0.25], equal_nan=True)
    assert drawn.get_xdata().tolist() == [day_number(day) for day in WINDOWS["month_end"]]
    assert line(axes, "few").get_ydata().tolist() == [0.3]
    assert line(axes, "point").get_ydata().tolist() == [1.0]
    assert line(axes, "point").get_marker() == "D"
    assert axes.get_ylim()[0] < -1 < 1 < axes.get_ylim()[1]


def test_tilt_band_has_the_bounds():
    axes = figures.plot_tilt(WINDOWS.iloc[:2], *PAIR)
    (band,) = [one for one in axes.collections if one.get_paths()]
    ys = band.get_paths()[0].vertices[:, 1]
    assert set(ys.round(6)) == {-0.2, 0.4, -0.1, 0.5}


def test_tilt_interval_of_a_window_alone_is_a_line():
    axes = figures.plot_tilt(WINDOWS, *PAIR)
    segments = [segment for one in axes.collections if hasattr(one, "get_segments") for segment in one.get_segments()]
    assert [segment[:, 1].tolist() for segment in segments] == [[-0.6, 0.1]]


def test_tilt_names_its_ends_in_words():
    words = words_of(figures.plot_tilt(WINDOWS, *PAIR))
    assert "all with France +1" in words
    assert "all with Russia −1" in words
    assert "−0.25" in words


def test_tilt_caption_states_the_last_value_and_what_is_missing():
    caption = figures.caption_tilt(WINDOWS, *PAIR, months=6, level=0.8)
    assert "In the 6 months to June 2021 the tilt between France (+1) and Russia (−1) is −0.25" in caption
    assert "(80 % interval −0.60 to +0.10, 12 events)" in caption
    assert "from −0.25 (June 2021) to +1.00 (May 2021)" in caption
    assert "1 window has too few events: a grey ring. 1 window has no cooperation at all: a gap." in caption
    assert "In 1 window all cooperation is with one power" in caption
    assert "0 to 12 events of cooperation" in caption
    assert "−0.60 to +0.10" in figures.alt_tilt(WINDOWS, *PAIR)


def test_tilt_whose_last_window_is_thin_speaks_of_the_last_that_is_not():
    caption = figures.caption_tilt(WINDOWS.iloc[:4], *PAIR)
    assert "In the last window with enough events, the 12 months to February 2021" in caption
    assert "is +0.20" in caption


def test_tilt_without_any_interval_says_so():
    nothing = make_rolling([(None, None, None, 0, "no cooperation with either power")] * 3)
    assert "no tilt in any window" in words_of(figures.plot_tilt(nothing, *PAIR))
    caption = figures.caption_tilt(nothing, *PAIR)
    assert "No window of 12 months has enough events" in caption
    assert "3 windows have no cooperation at all: gaps." in caption
    assert "ring" not in caption


def test_tilt_numbers_key_events_in_order_of_time():
    keys = pd.DataFrame({"date": ["2021-05-01", "2021-02-01", "2021-05-02"], "label": ["third", "first", "fourth"]})
    axes = figures.plot_tilt(WINDOWS, *PAIR, keys)
    numbers = {text.get_text(): text.get_position()[0] for text in axes.texts if text.get_text().isdigit()}
    assert list(numbers) == ["1", "2", "3"]
    assert numbers["1"] == day_number("2021-02-01")
    assert numbers["2"] < numbers["3"]
    assert overlapping(axes) == []
    caption = figures.caption_tilt(WINDOWS, *PAIR, keys)
    assert "(1) 1 February 2021, first; (2) 1 May 2021, third; (3) 2 May 2021, fourth." in caption


def test_tilt_axis_reaches_back_to_an_early_key_event_and_twelve_numbers_fit():
    keys = pd.DataFrame({"date": pd.date_range("2020-06-01", periods=12, freq="D"), "label": "event"})
    axes = figures.plot_tilt(WINDOWS, *PAIR, keys)
    assert axes.get_xlim()[0] == day_number("2020-06-01")
    assert overlapping(axes) == []
    assert clipped(axes) == []


def test_neighbours_stand_at_their_tilt_and_depth():
    figure = figures.plot_neighbours(COMPARED, "TGO", *PAIR)
    axes, strip = figure.axes
    (dots,) = [one for one in axes.collections if hasattr(one, "get_sizes") and len(one.get_offsets()) == 3]
    assert sorted(map(tuple, dots.get_offsets().tolist())) == [(-1.0, 3.6), (-0.25, 8.9), (0.5, 3.1)]
    bars = [segment for one in axes.collections if hasattr(one, "get_segments") for segment in one.get_segments()]
    assert sorted(segment[:, 0].tolist() for segment in bars) == [[-1, -1], [-0.5, 0.0], [0.0, 0.8]]
    assert axes.get_ylim()[0] == 0
    assert strip.get_ylim() == axes.get_ylim()
    assert sorted(one.get_ydata()[0] for one in strip.lines if one.get_marker() == "o") == [0.0, 0.6]
    words = words_of(figure)
    assert "Côte d’Ivoire (1)" in words
    assert "Ghana (0)" in words
    assert "too few events or no cooperation with either power" in words.replace("\n", " ")


def test_neighbours_colour_the_subject_alone():
    axes = figures.plot_neighbours(COMPARED, "BEN", *PAIR).axes[0]
    (dots,) = [one for one in axes.collections if hasattr(one, "get_sizes") and len(one.get_offsets()) == 3]
    coloured = [
        tuple(place)
        for place, face in zip(dots.get_offsets().tolist(), dots.get_facecolors(), strict=True)
        if to_hex(face) == figures.actor_colour("BEN").lower()
    ]
    assert coloured == [(0.5, 3.1)]


def test_neighbours_caption_places_the_subject():
    caption = figures.caption_neighbours(COMPARED, "TGO", *PAIR)
    assert (
        "Togo has a tilt of −0.25 (90 % interval −0.50 to +0.00, 37 events of cooperation)".replace("+0.00", "0.00")
        in caption
    )
    assert "a depth of 8.9 effect points a year, deeper than every other state" in caption
    assert "placed on the side of France (+1): 0; on that of Russia (−1): 1; on neither: 2." in caption
    assert "Ghana" in caption
    assert "Diamonds (Mali)" in caption
    ranked = figures.caption_neighbours(COMPARED, "BEN", *PAIR)
    assert "deeper than 2 of the 4 other states" in ranked


def test_a_state_that_ties_with_others_is_not_deeper_than_they_are():
    tied = pd.concat([COMPARED, COMPARED[COMPARED["state"] == "GHA"].assign(state="NGA")], ignore_index=True)
    assert "0 effect points a year, no deeper than any other state" in figures.caption_neighbours(tied, "GHA", *PAIR)
    assert "deeper than 2 of the 5 other states" in figures.caption_neighbours(tied, "CIV", *PAIR)


def test_a_depth_below_two_is_singular_in_french():
    with speaking("fr"):
        assert "une profondeur de 0,6 point d’effet par an" in figures.caption_neighbours(COMPARED, "CIV", *PAIR)


@pytest.mark.parametrize("state", ["CIV", "XYZ"])
def test_neighbours_with_a_subject_without_tilt_or_absent(state):
    figure = figures.plot_neighbours(COMPARED, state, *PAIR)
    assert clipped(figure) == []
    expected = {
        "CIV": "Côte d’Ivoire has no tilt to show (too few events, 1 event of cooperation)",
        "XYZ": "XYZ is not among",
    }
    assert expected[state] in figures.caption_neighbours(COMPARED, state, *PAIR)
    assert expected[state] in figures.alt_neighbours(COMPARED, state, *PAIR)


@pytest.mark.parametrize("seed", range(6))
def test_neighbours_crowded_together_keep_their_labels_apart(seed):
    random = np.random.default_rng(seed)
    states = ["BEN", "BFA", "CIV", "GHA", "MLI", "NER", "TGO", "AAA", "BBB", "CCC", "DDD"]
    tilt = random.uniform(-0.3, 0.3, len(states))
    crowd = pd.DataFrame(
        {"state": states, "tilt": tilt, "low": tilt - 0.2, "high": tilt + 0.2, "n_events": 9, "reason": "",
         "depth": random.uniform(3, 4, len(states)), "depth_percentile": 50.0}
    )  # fmt: skip
    figure = figures.plot_neighbours(crowd, "TGO", "ARE", "USA", NAMES)
    assert overlapping(figure) == []
    assert clipped(figure) == []


def test_neighbours_who_all_lack_a_tilt_stand_in_the_strip():
    none = COMPARED.assign(tilt=np.nan, low=np.nan, high=np.nan, depth=0.0, reason="too few events")
    figure = figures.plot_neighbours(none, "TGO", *PAIR)
    assert overlapping(figure) == []
    assert "Togo (37)" in words_of(figure)


def test_no_gridline_strikes_the_name_of_a_state():
    panel, strip = figures.plot_neighbours(COMPARED, "TGO", *PAIR).axes
    for axes in (panel, strip):
        names = [text for text in axes.texts if any(name in text.get_text() for name in NAMES.values())]
        assert names
        assert all(text.get_bbox_patch().get_facecolor()[:3] == (1, 1, 1) for text in names)


def test_sensitivity_draws_dot_and_interval_of_each_weighting():
    axes = figures.plot_sensitivity(WEIGHTINGS, *PAIR)
    bars = [one for one in axes.lines if one.get_linestyle() == "-" and one.get_ydata()[0] == one.get_ydata()[1]]
    intervals = [list(one.get_xdata()) for one in bars if one.get_linewidth() == 1.6]
    assert intervals == [[-0.53, 0.01], [-0.2, 0.4], [-1.0, -1.0]]
    dots = [(one.get_xdata()[0], one.get_marker()) for one in axes.lines if one.get_linestyle() == "None"]
    assert dots == [(-0.27, "o"), (0.1, "o"), (0.05, "o"), (-1.0, "D")]
    words = words_of(axes)
    assert "−0.27 (−0.53 to +0.01), 37 events" in words
    assert "too few events, 1 event" in words
    assert "+0.05" not in words


def test_sensitivity_keeps_the_room_of_its_scale_beside_a_long_reason():
    long = WEIGHTINGS.assign(
        tilt=np.nan, low=np.nan, high=np.nan, reason="no cooperation on record with either of the powers"
    )
    axes = figures.plot_sensitivity(long, *PAIR)
    assert axes.get_window_extent().width / axes.figure.dpi > 1.8  # inches
    assert clipped(axes.figure) == []


def test_sensitivity_caption_names_the_marks_that_occur_and_no_other():
    bars, rings, diamonds = "Bars are 90 %", "A ring is a tilt without an interval", "Diamonds mark"
    for rows, named in (
        (WEIGHTINGS, {bars, rings, diamonds}),
        (WEIGHTINGS.iloc[:1], {bars}),
        (WEIGHTINGS.assign(low=np.nan, high=np.nan), {rings}),
        (WEIGHTINGS.assign(tilt=-1.0, low=-1.0, high=-1.0), {diamonds}),
    ):
        caption = figures.caption_sensitivity(rows, *PAIR).replace("\N{NO-BREAK SPACE}", " ")
        assert {name for name in (bars, rings, diamonds) if name in caption} == named


def test_an_interval_that_is_a_point_is_said_to_be_without_width():
    point = {"tilt": -1.0, "low": -1.0, "high": -1.0, "reason": ""}
    weighed = WEIGHTINGS.iloc[:1].assign(**point)
    said = (
        words_of(figures.plot_sensitivity(weighed, *PAIR)),
        figures.caption_neighbours(COMPARED.iloc[:1].assign(**point), COMPARED["state"].iloc[0], *PAIR),
        figures.caption_tilt(make_rolling([(-1.0, -1.0, -1.0, 6, "")]), *PAIR),
    )
    assert [text for text in said if "without width" not in text or "−1.00 to" in text] == []


def test_sensitivity_caption_says_whether_the_weightings_agree():
    caption = figures.caption_sensitivity(WEIGHTINGS, *PAIR)
    assert "do not agree on the side: 1 towards France, 2 towards Russia" in caption
    assert "1 weighting has too few events for an interval." in caption
    few = figures.caption_sensitivity(WEIGHTINGS.iloc[[2, 2]], *PAIR)
    assert few.startswith(
        "2 weightings have too few events for an interval. The rows rest on 1 event of cooperation. A ring is"
    )
    assert "side of" not in few
    assert "from −1.00 (one sided) to +0.10 (derived)" in caption
    agreed = WEIGHTINGS.iloc[:1]
    assert "is −0.27 under the one weighting" in figures.caption_sensitivity(agreed, *PAIR)
    both = pd.concat([agreed, agreed.assign(weighting="other", tilt=-0.1)])
    assert "All 2 weightings put the tilt on the side of Russia" in figures.caption_sensitivity(both, *PAIR)
    alike = both.assign(tilt=-1.0)
    assert "All 2 weightings put the tilt at −1.00, on the side of Russia." in figures.caption_sensitivity(alike, *PAIR)
    missing = pd.concat([both, agreed.assign(weighting="none", tilt=np.nan, low=np.nan, high=np.nan)])
    assert "1 weighting is without a tilt." in figures.caption_sensitivity(missing, *PAIR)
    even = both.assign(tilt=0.0)
    assert "exactly between the two" in figures.caption_sensitivity(even, *PAIR)


def test_of_a_tilt_that_stays_the_same_no_extremes_are_told():
    one_sided = WINDOWS.iloc[[4, 4, 4]].assign(month_end=WINDOWS["month_end"].iloc[:3].to_numpy())
    assert "runs from" not in figures.caption_tilt(one_sided, *PAIR)
    assert "runs from" in figures.caption_tilt(WINDOWS, *PAIR)
