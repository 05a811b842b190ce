"""The small panels and the map of tiles: what is drawn is what was measured, and what is told is what is drawn."""

import pandas as pd
import pytest
from figures_cases import BLOCS, HAPPENINGS, POSITIONS, YEARS
from matplotlib.colors import to_hex, to_rgba
from matplotlib.patches import Rectangle
from test_figures_common import COMPARED, NAMES, overlapping, words_of

from analysis import figures
from analysis.figures.canvas import day_number
from analysis.language.numbers import format_digits

PANELS = (YEARS, HAPPENINGS, "TGO", "FRA", "RUS", NAMES)
MAP = (COMPARED, POSITIONS, HAPPENINGS, BLOCS, "TGO", "FRA", "RUS", NAMES)


def panel(name, years=YEARS):
    """The axes of tilt and of depth of a state."""
    axes = figures.plot_neighbourhood(years, *PANELS[1:]).axes
    place = [one.get_title("left") for one in axes].index(name)
    return axes[place], axes[place + 1]


def marks(axes):
    """Dots of tilt as (marker, tilt, is_filled)."""
    dots = [line for line in axes.lines if line.get_marker() in ("o", "D")]
    return [(dot.get_marker(), dot.get_ydata()[0], to_hex(dot.get_markerfacecolor()) != "#ffffff") for dot in dots]


def named(axes, name):
    return [one for one in [*axes.lines, *axes.containers] if one.get_label() == name]


def test_a_dot_for_each_year_with_a_tilt_hollow_without_an_interval():
    upper, _ = panel("Togo")
    assert marks(upper) == [("o", 0.25, True), ("D", -1.0, True), ("o", 1.0, False)]
    assert marks(panel("Mali")[0]) == [("o", -0.5, False)]
    assert marks(panel("Ghana")[0]) == []
    drawn = [path.vertices[:, 1].tolist() for group in upper.collections for path in group.get_paths()]
    assert [-0.4, 0.8] in drawn
    first = next(line for line in upper.lines if line.get_marker() == "o")
    assert first.get_xdata()[0] == pytest.approx(day_number("2020-07-01"), abs=1)


def test_the_bars_of_depth_share_one_axis_and_a_part_of_a_year_is_not_made_a_year_of():
    for name, depths in (("Togo", [9.5 * 366, 4.0 * 365, 2.0 * 181]), ("Mali", [1.5 * 366, 0.0, 0.0])):
        _, lower = panel(name)
        assert [bar.get_height() for bar in lower.patches] == pytest.approx([days / 365.25 for days in depths])
        assert lower.get_ylim() == pytest.approx((0, 9.5 * 366 / 365.25))
    assert "up to 9.5 effect points." in figures.alt_neighbourhood(*PANELS)


def test_coups_and_time_out_of_the_bloc_stand_at_their_days():
    mali, benin = panel("Mali")[0], panel("Benin")[0]
    assert [line.get_xdata()[0] for line in named(mali, "coup")] == [day_number("2020-08-18")]
    (suspended,), (left,) = named(mali, "suspended"), named(mali, "left")
    # Known to the year alone, so that it begins in its middle.
    assert suspended[0].get_x() == pytest.approx(day_number("2020-07-01"), abs=1)
    assert suspended[0].get_x() + suspended[0].get_width() == pytest.approx(day_number("2021-07-01"))
    assert suspended[0].get_hatch()
    assert left[0].get_x() == pytest.approx(day_number("2021-07-01"))
    assert left[0].get_x() + left[0].get_width() == pytest.approx(day_number("2022-06-30"))
    assert not named(mali, "coup_attempt")
    (attempt,) = named(benin, "coup_attempt")
    assert to_hex(attempt.get_markerfacecolor()) == "#ffffff"


def test_a_state_without_cooperation_says_so():
    assert "no cooperation on record" in [text.get_text() for text in panel("Ghana")[0].texts]
    assert not panel("Togo")[0].texts


def test_the_subject_stands_out():
    title = {
        axes.get_title("left"): axes._left_title.get_fontweight() for axes in figures.plot_neighbourhood(*PANELS).axes
    }
    assert (title["Togo"], title["Mali"]) == ("bold", "normal")
    assert to_hex(panel("Togo")[0].lines[-1].get_markeredgecolor()) == figures.actor_colour("TGO").lower()


def test_the_panels_are_told_with_their_own_numbers():
    caption, alt = figures.caption_neighbourhood(*PANELS), figures.alt_neighbourhood(*PANELS)
    assert "Of 5 years of a state with cooperation on record, 2 have events enough" in caption
    assert "Togo in the years with an interval: +0.25 in 2020, −1.00 in 2021." in caption
    assert "2022 ends on 30 June 2022." in caption
    assert "Coups are on record in Mali." in caption
    assert "A coup was attempted in Benin." in caption
    assert "Mali left Economic Community" in caption
    assert "begins on" not in caption
    upper, _ = panel("Togo")
    for _, tilt, _ in marks(upper):
        assert format_digits(tilt, signed=True) in alt
    assert "Togo: +0.25 in 2020, −1.00 in 2021, +1.00 in 2022 (too few events)." in alt
    assert "Mali: −0.50 in 2020 (too few events)." in alt
    assert "No cooperation on record: Ghana." in alt


def test_without_happenings_nothing_of_them_is_told():
    quiet = (YEARS, HAPPENINGS.iloc[:0], *PANELS[2:])
    assert "oup" not in words_of(figures.plot_neighbourhood(*quiet)) + figures.caption_neighbourhood(*quiet)


def test_eleven_states_and_seven_years_fit():
    codes = ["TGO", "BEN", "BFA", "CIV", "GHA", "MLI", "NER", "SEN", "GIN", "NGA", "TCD"]
    rows = [
        (code, f"{year}-01-01", f"{year}-12-31", 0.1, -0.2, 0.4, 8, 12.5)
        for code in codes
        for year in range(2020, 2027)
    ]
    years = pd.DataFrame(rows, columns=YEARS.columns).astype(YEARS.dtypes)
    drawing = figures.plot_neighbourhood(years, *PANELS[1:])
    assert overlapping(drawing) == []
    assert drawing.get_figheight() <= 7


def tiles(drawing):
    return {patch.get_label(): patch for patch in drawing.axes[0].patches if patch.get_label() in NAMES}


def test_each_tile_stands_at_its_position_in_the_colour_of_its_side():
    shown = COMPARED.assign(low=[-0.5, 0.2, -1.0, None, None], high=[0.1, 0.8, -1.0, None, None])
    drawn = tiles(figures.plot_tile_map(shown, *MAP[1:]))
    assert {code: (int(tile.get_x()), int(tile.get_y())) for code, tile in drawn.items()} == {
        "TGO": (2, 1), "BEN": (3, 1), "MLI": (0, 0), "GHA": (1, 1),
    }  # fmt: skip
    faces = {code: to_hex(tile.get_facecolor()) for code, tile in drawn.items()}
    assert faces["BEN"] == to_hex(to_rgba(figures.actor_colour("FRA"), 1))
    assert faces["MLI"] == to_hex(to_rgba(figures.actor_colour("RUS"), 1))
    assert faces["TGO"] not in (faces["BEN"], faces["MLI"], "#ffffff")
    assert faces["GHA"] == "#ffffff"
    assert {code for code, tile in drawn.items() if tile.get_hatch()} == {"GHA"}


def test_the_tilt_is_written_in_the_tile_and_the_coup_beside_it():
    texts = [text.get_text() for text in figures.plot_tile_map(*MAP).axes[0].texts]
    assert {"−0.25", "+0.50", "−1.00", "?", "× 2020", "× 2021"} <= set(texts)
    assert "Togo" in texts


@pytest.mark.parametrize(
    ("years", "shown"), [([2020, 2021], "× 2020, ’21"), ([2020, 2021, 2022, 2025], "× 2020–2025"), ([2023], "× 2023")]
)
def test_years_of_coups_keep_within_their_tile(years, shown):
    coups = pd.concat([HAPPENINGS[HAPPENINGS["kind"] == "coup"].iloc[:1]] * len(years)).assign(
        state="MLI", date_start=[pd.Timestamp(f"{year}-05-01") for year in years]
    )
    wide = POSITIONS.assign(column=POSITIONS["column"] + 2)  # more columns make narrower tiles
    drawing = figures.plot_tile_map(COMPARED, wide, coups, *MAP[3:])
    assert shown in [text.get_text() for text in drawing.axes[0].texts]
    (tile,) = [one.get_window_extent() for one in drawing.axes[0].get_children() if one.get_label() == "MLI"]
    (text,) = [one.get_window_extent() for one in drawing.axes[0].texts if one.get_text() == shown]
    assert tile.x0 < text.x0 < text.x1 < tile.x1


@pytest.mark.parametrize("name", ["Guinea-Bissau", "Guinée-Bissau"])
def test_the_name_of_a_hatched_tile_and_its_backing_keep_clear_of_the_outline(name):
    wide = POSITIONS.assign(column=POSITIONS["column"] + 2)
    drawing = figures.plot_tile_map(COMPARED, wide, *MAP[2:-1], {**NAMES, "GHA": name})
    drawing.draw_without_rendering()  # which gives a backing its size
    (tile,) = [one.get_window_extent() for one in drawing.axes[0].get_children() if one.get_label() == "GHA"]
    (text,) = [one for one in drawing.axes[0].texts if one.get_text().replace("\n", "") == name]
    backing = text.get_bbox_patch().get_window_extent()
    assert tile.x0 + 2 < backing.x0 < backing.x1 < tile.x1 - 2


def test_the_outline_tells_the_bloc():
    drawing = figures.plot_tile_map(*MAP)
    width = {}
    for patch in drawing.axes[0].patches:
        if isinstance(patch, Rectangle) and patch.get_linewidth() and to_rgba(patch.get_facecolor())[3] == 0:
            width[int(patch.get_x()), int(patch.get_y())] = (patch.get_linewidth(), patch.get_linestyle())
    togo, ghana, mali, benin = (width[place] for place in ((2, 1), (1, 1), (0, 0), (3, 1)))
    assert togo == ghana
    assert mali[0] > togo[0]
    assert benin[1] != togo[1]  # in neither bloc: dotted
    words = words_of(drawing)
    assert "member of neither" in words
    assert "in Alliance of Sahel States" in words


def test_the_key_of_the_map_names_the_marks_that_occur_and_no_other():
    every = ("towards France", "towards Russia", "not placed", "too few", "in Alliance", "in Economic", "member of neither",
             "not compared", "year of a coup")  # fmt: skip
    joined = {state: "ECOWAS" for state in COMPARED["state"]}
    certain = COMPARED.assign(tilt=0.5, low=0.2, high=0.8)
    places = POSITIONS[POSITIONS["state"].isin(COMPARED["state"])]
    few = (certain, places, HAPPENINGS.iloc[:0], joined, *MAP[4:])
    for given, named in ((MAP, set(every) - {"towards France"}), (few, {"towards France", "in Economic"})):
        key = " ".join(text.get_text().replace("\n", " ") for text in figures.plot_tile_map(*given).texts)
        assert {name for name in every if name in key} == named


def test_a_state_without_a_position_is_listed_and_one_not_compared_is_named():
    drawing = figures.plot_tile_map(*MAP)
    assert "Not on the map: Côte d’Ivoire ?." in words_of(drawing)
    assert "?, hatched: too few events or none" in words_of(drawing)
    assert "Niger" in [text.get_text() for text in drawing.axes[0].texts]
    everywhere = COMPARED[COMPARED["state"] != "CIV"]
    assert "Not on the map" not in words_of(figures.plot_tile_map(everywhere, *MAP[1:]))
    nowhere = COMPARED[COMPARED["state"] == "CIV"]
    assert "No compared state has a place on the map." in words_of(figures.plot_tile_map(nowhere, *MAP[1:]))
    assert "No compared state has a place on the map." in figures.caption_tile_map(nowhere, *MAP[1:])
    assert figures.alt_tile_map(nowhere, *MAP[1:]) == "An empty panel. No compared state has a place on the map."


def test_the_map_is_told_with_its_own_numbers():
    caption, alt = figures.caption_tile_map(*MAP), figures.alt_tile_map(*MAP)
    assert "Towards Russia: Mali. All cooperation of Mali on record is with one of the two" in caption
    assert "Togo and Benin could not be placed on either side: the interval holds zero" in caption
    assert "For Ghana and Côte d’Ivoire too few events are on record, or none." in caption
    assert alt.index("Togo −0.25.") < alt.index("Benin +0.50 (coup or attempt 2021).")
    assert "Mali −1.00 (coup or attempt 2020)." in alt
    assert "Côte d’Ivoire ?." in alt
    assert "Towards France" not in caption
