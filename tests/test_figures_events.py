"""Coverage, timeline, words and deeds: the marks stand where the frame says, and captions repeat its numbers."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from test_figures_common import COUNTS, END, FORMS, NAMES, START, clipped, make_engagements, overlapping, words_of

from analysis import figures
from analysis.errors import UnknownNameError
from analysis.figures.canvas import day_number


def marks(axes):
    """All marks of a lane as (day, weight), in order of time."""
    scattered = [group for group in axes.collections if hasattr(group, "get_sizes") and len(group.get_sizes())]
    return sorted(tuple(float(value) for value in point) for group in scattered for point in group.get_offsets())


def test_coverage_stacks_each_year_to_its_total_from_zero():
    axes = figures.plot_coverage(COUNTS)
    bars = [bar for bar in axes.patches if bar.get_visible()]
    by_year = {}
    for bar in bars:
        year = round(bar.get_x() + bar.get_width() / 2)
        by_year[year] = by_year.get(year, 0) + bar.get_height()
    assert by_year == {2020: 4, 2022: 7}
    assert sorted(bar.get_height() for bar in bars) == [1, 2, 3, 5]
    assert min(bar.get_y() for bar in bars) == 0
    assert axes.get_ylim()[0] == 0
    assert [label.get_text() for label in axes.get_xticklabels()] == ["2020", "2021", "2022"]


def test_coverage_puts_confirmed_at_the_bottom_and_hatches_disputed():
    axes = figures.plot_coverage(COUNTS)
    bars = [bar for bar in axes.patches if bar.get_visible()]
    dark = to_hex(bars[0].get_facecolor())
    confirmed = [bar for bar in bars if to_hex(bar.get_facecolor()) == dark]
    assert [bar.get_height() for bar in confirmed] == [3, 5]
    assert all(bar.get_y() == 0 for bar in confirmed)
    disputed = [bar for bar in bars if to_hex(bar.get_facecolor()) == "#ffffff"]
    assert [(bar.get_y(), bar.get_height(), bool(bar.get_hatch())) for bar in disputed] == [(3, 1, True)]


def test_coverage_caption_counts():
    caption = figures.caption_coverage(COUNTS)
    assert "11 events from 2020 to 2022" in caption
    assert "confirmed 8 (73\N{NO-BREAK SPACE}%), one source only 2 (18\N{NO-BREAK SPACE}%)" in caption
    assert "most is 2022, with 7 events" in caption
    assert caption.endswith("n\xa0=\xa011.")
    assert "2020: 4, 2021: 0, 2022: 7" in figures.alt_coverage(COUNTS)


def test_years_that_tie_for_most_events_are_all_named():
    tied = pd.DataFrame({"year": [2023, 2024, 2025], "certainty": "confirmed", "n_events": [2, 1, 2]})
    assert "The years with most are 2023 and 2025, with 2 events each." in figures.caption_coverage(tied)


def test_a_year_that_holds_all_events_is_not_said_to_have_most_of_them():
    alone = pd.DataFrame({"year": [2024, 2025, 2026], "certainty": "confirmed", "n_events": [0, 1, 0]})
    caption = figures.caption_coverage(alone)
    assert "The only year with any is 2025." in caption
    assert "most" not in caption


def test_coverage_refuses_a_certainty_it_does_not_know():
    with pytest.raises(UnknownNameError, match="rumoured"):
        figures.plot_coverage(COUNTS.replace("disputed", "rumoured"))


def test_coverage_of_many_years_keeps_its_labels_apart():
    many = pd.DataFrame({"year": range(1960, 2026), "certainty": "confirmed", "n_events": 3})
    assert [pair for pair in overlapping(figures.plot_coverage(many)) if pair != ("3", "3")] == []


def test_timeline_draws_every_event_in_its_lane_at_its_weight():
    events = make_engagements(80)
    events["date_end"] = events["date_start"]
    figure = figures.plot_timeline(events, ["FRA", "RUS"], NAMES, START, END)
    for axes, power in zip(figure.axes, ["FRA", "RUS"], strict=True):
        own = events[events["power"] == power]
        expected = sorted(
            (day_number(day), weight) for day, weight in zip(own["date_start"], own["weight"], strict=True)
        )
        assert np.allclose(marks(axes), expected)


def test_timeline_fills_deeds_and_dashes_disputed_in_the_powers_colour():
    events = make_engagements(4, ["FRA"]).assign(
        is_material=[True, False, True, False], certainty=["confirmed", "confirmed", "disputed", "single_source"]
    )
    (axes,) = figures.plot_timeline(events, ["FRA"], NAMES, START, END).axes
    blue = figures.actor_colour("FRA").lower()
    looks = {
        (to_hex(group.get_facecolor()[0]), group.get_linestyle()[0][1] is not None, float(group.get_linewidth()[0]))
        for group in axes.collections
        if len(group.get_offsets()) and hasattr(group, "get_sizes")
    }
    assert looks == {(blue, False, 1.2), ("#ffffff", False, 1.2), (blue, True, 1.2), ("#ffffff", False, 0.6)}


def test_timeline_cuts_ranges_at_the_window():
    events = make_engagements(1, ["FRA"]).assign(
        date_start=pd.Timestamp("2019-06-01"), date_end=pd.Timestamp("2020-01-11"), weight=2.0
    )
    (axes,) = figures.plot_timeline(events, ["FRA"], NAMES, START, END).axes
    (line,) = [
        segment for group in axes.collections if hasattr(group, "get_segments") for segment in group.get_segments()
    ]
    assert line[:, 0].tolist() == [day_number("2020-01-01"), day_number("2020-01-11")]
    assert marks(axes) == [(day_number("2020-01-06"), 2.0)]


@pytest.mark.parametrize(
    ("is_material", "certainty", "named"),
    [
        ([True, False], ["confirmed", "confirmed"], ["deeds", "words"]),
        ([True, True], ["single_source", "confirmed"], ["deeds", "pale or thin: one source only"]),
        ([False, False], ["disputed", "confirmed"], ["words", "dashed edge: disputed"]),
    ],
)
def test_the_key_of_the_timeline_names_the_marks_that_occur_and_no_other(is_material, certainty, named):
    events = make_engagements(2, ["FRA"]).assign(is_material=is_material, certainty=certainty)
    (legend,) = figures.plot_timeline(events, ["FRA", "RUS"], NAMES, START, END).legends
    assert [text.get_text() for text in legend.get_texts()] == named


def test_the_timeline_without_events_has_no_key_and_without_ranges_names_none():
    events = make_engagements(2, ["FRA"])
    assert figures.plot_timeline(events.iloc[:0], ["FRA"], NAMES, START, END).legends == []
    whole = events.assign(date_end=events["date_start"])
    assert "a bar spans" not in figures.caption_timeline(whole, ["FRA"], NAMES, START, END)
    ranges = events.assign(date_start=pd.Timestamp("2021-01-01"), date_end=pd.Timestamp("2021-01-09"))
    assert "a bar spans" in figures.caption_timeline(ranges, ["FRA"], NAMES, START, END)


def test_timeline_labels_the_weightiest_and_no_more():
    events = make_engagements(20, ["FRA"]).assign(weight=[3.0, -2.5, *[1.0] * 18])
    figure = figures.plot_timeline(events, ["FRA"], NAMES, START, END, 2)
    words = words_of(figure)
    assert words.count("Ministers sign") == 2
    assert "number 0," in words
    assert "number 1," in words
    assert words_of(figures.plot_timeline(events, ["FRA"], NAMES, START, END, 0)).count("Ministers") == 0


@pytest.mark.parametrize("n_labels", [1, 5, 12])
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("powers", [["FRA", "RUS"], ["FRA", "RUS", "CHN", "USA", "ARE"]])
def test_timeline_of_300_events_keeps_its_labels_apart_and_whole(powers, seed, n_labels):
    figure = figures.plot_timeline(make_engagements(300, powers, seed), powers, NAMES, START, END, n_labels)
    assert clipped(figure) == []
    assert overlapping(figure) == []
    assert sum(len(marks(axes)) for axes in figure.axes) == 300


@pytest.mark.parametrize("day", [START, END])
@pytest.mark.parametrize("window", [(START, END), (None, None)])
def test_timeline_of_one_event_at_either_edge_or_in_a_window_of_one_day(day, window):
    events = make_engagements(1, ["FRA"]).assign(date_start=day, date_end=day, weight=-3.0, conflict=3.0)
    start, end = (day, day) if window[0] is None else window
    figure = figures.plot_timeline(events, ["FRA", "RUS"], NAMES, start, end)
    assert clipped(figure) == []
    assert marks(figure.axes[0]) == [(day_number(day), -3.0)]
    assert "1 event, cooperation" in words_of(figure)
    assert "1 event," in figures.caption_timeline(events, ["FRA", "RUS"], NAMES, start, end)


def test_timeline_lane_without_events_says_so():
    events = make_engagements(5, ["FRA"])
    figure = figures.plot_timeline(events, ["FRA", "RUS"], NAMES, START, END)
    assert "no events gathered" in words_of(figure)
    for text in (figures.caption_timeline, figures.alt_timeline):
        assert "Russia, no events gathered" in text(events, ["FRA", "RUS"], NAMES, START, END)


@pytest.mark.parametrize(
    ("end", "precision", "said"),
    [("2022-12-31", "year", "2022"), ("2022-01-09", "day", "1 Jan 2022 to 9 Jan 2022"), (None, "day", "1 Jan 2022")],
)
def test_timeline_dates_no_event_more_finely_than_it_is_known(end, precision, said):
    event = make_engagements(1, ["FRA"]).assign(date_start=pd.Timestamp("2022-01-01"), weight=2.0)
    event = event.assign(date_end=pd.Timestamp(end), date_precision=precision)
    alt = figures.alt_timeline(event, ["FRA"], NAMES, "2020-01-01", "2026-02-28")
    assert f"Labelled events: {said}, France, +2:" in alt


def test_timeline_shows_a_dollar_sign_as_it_is():
    events = make_engagements(1, ["FRA"]).assign(summary="Loan of $1 against $2_{bn}, agreed", weight=3.0)
    assert "Loan of $1 against $2_{bn}, agreed" in words_of(figures.plot_timeline(events, ["FRA"], NAMES, START, END))


def test_timeline_caption_adds_up_what_is_drawn_and_row_order_does_not_matter():
    events = make_engagements(60)
    given = (["FRA", "RUS"], NAMES, START, END)
    caption, alt = figures.caption_timeline(events, *given), figures.alt_timeline(events, *given)
    own = events[events["power"] == "FRA"]
    tally = (
        f"France {len(own)} events, cooperation {own['cooperation'].sum():.0f}, conflict {own['conflict'].sum():.0f}"
    )
    assert tally in caption
    assert tally in alt
    assert f"n\xa0=\xa0{events['event_id'].nunique()}." in caption
    shuffled = events.sample(frac=1, random_state=3)
    assert (figures.caption_timeline(shuffled, *given), figures.alt_timeline(shuffled, *given)) == (caption, alt)
    assert words_of(figures.plot_timeline(shuffled, *given)) == words_of(figures.plot_timeline(events, *given))


def test_timeline_without_powers_says_why_it_is_empty():
    assert "No powers" in words_of(figures.plot_timeline(make_engagements(3), [], NAMES, START, END))


def test_words_and_deeds_draw_each_bar_from_zero_to_its_amount():
    axes = figures.plot_words_and_deeds(FORMS, NAMES)
    assert [bar.get_width() for bar in axes.patches] == [4, -1, 12, -3, 9, 0, 0, 0]
    assert all(bar.get_x() == 0 for bar in axes.patches)
    faces = [to_hex(bar.get_facecolor()) for bar in axes.patches]
    assert faces[0] == "#ffffff"
    assert faces[2] == figures.actor_colour("FRA").lower()
    left, right = axes.get_xlim()
    assert left < -3 < 12 < right
    assert not any("−" in label.get_text() for label in axes.get_xticklabels())
    assert "no events gathered" in words_of(axes)


def test_words_and_deeds_caption_gives_the_share_of_deeds():
    caption = figures.caption_words_and_deeds(FORMS, NAMES)
    assert "With France, deeds make up 75\N{NO-BREAK SPACE}% of cooperation (effect points: 12 of 16)" in caption
    assert "75\N{NO-BREAK SPACE}% of conflict (3 of 4)" in caption
    assert "0\N{NO-BREAK SPACE}% of cooperation (effect points: 0 of 9); there is no conflict" in caption
    assert "With China no events gathered." in caption
    assert "RUS" not in caption
    alt = figures.alt_words_and_deeds(FORMS, NAMES)
    assert "France, deeds: cooperation 12, conflict 3, 7 events." in alt
    assert "Russia, words: cooperation 9, conflict 0, 1 event." in alt


def test_words_and_deeds_with_conflict_alone_or_with_neither():
    rows = FORMS[FORMS["power"] == "FRA"]
    assert "no cooperation, and 4 effect points of conflict" in figures.caption_words_and_deeds(
        rows.assign(cooperation=0.0), NAMES
    )
    neither = rows.assign(cooperation=0.0, conflict=0.0)
    assert "neither cooperation nor conflict in 12 events" in figures.caption_words_and_deeds(neither, NAMES)
    assert clipped(figures.plot_words_and_deeds(neither, NAMES)) == []


def test_a_code_without_a_name_stands_for_itself():
    assert "FRA" in words_of(figures.plot_words_and_deeds(FORMS, {}))
