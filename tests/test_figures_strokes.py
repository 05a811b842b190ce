"""Many marks as one artist stand where many artists would stand."""

import io

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from analysis.figures.canvas import add_panel, day_number, new_figure, set_date_axis
from analysis.figures.strokes import (
    Bar,
    add_bars,
    add_dots,
    add_level,
    add_line,
    fill_bars,
    rule_rows,
    rule_spans,
    write_letter,
)
from analysis.figures.style import style


@pytest.fixture
def axes():
    return add_panel(new_figure(2.0), 1.0, 0.5, 5.0, 1.0)


def test_bars_go_up_or_down_from_their_floor_each_in_its_colour(axes):
    fill_bars(axes, [Bar(1, 2, 3, 4), Bar(5, 0, 1, -2)], facecolor=["red", "white"])
    (drawn,) = axes.collections
    boxes = [path.get_extents().extents.tolist() for path in drawn.get_paths()]
    assert boxes == [[1, 2, 4, 6], [5, -2, 6, 0]]
    assert [tuple(face) for face in drawn.get_facecolor()] == [to_rgba("red"), to_rgba("white")]
    fill_bars(axes, [])
    assert axes.collections[1:] == []


def test_bars_and_lines_stand_where_those_of_matplotlib_do_and_move_no_limit(axes):
    axes.set(xlim=(0, 9), ylim=(0, 9))
    axes.barh([2, 3], [4, -1], height=0.5, left=1, color="red")
    axes.plot([1, 20], [2, 30], color="blue", linewidth=2)
    wanted = (axes.patches[:], axes.lines[0])
    add_bars(axes, [Bar(1, 1.75, 4, 0.5), Bar(1, 2.75, -1, 0.5)], facecolor="red")
    add_line(axes, [1, 20], [2, 30], color="blue", linewidth=2)
    assert (axes.get_xlim(), axes.get_ylim()) == ((0, 9), (0, 9))
    for bar, drawn in zip(wanted[0], axes.patches[2:], strict=True):
        for part in ("bbox", "facecolor", "edgecolor", "linewidth", "zorder"):
            assert str(getattr(bar, f"get_{part}")()) == str(getattr(drawn, f"get_{part}")()), part
        assert drawn.get_clip_box().extents.tolist() == axes.bbox.extents.tolist()
    for part in ("xydata", "color", "linewidth", "marker", "zorder", "transform"):
        assert str(getattr(wanted[1], f"get_{part}")()) == str(getattr(axes.lines[1], f"get_{part}")()), part


def test_dots_spans_and_levels_stand_where_those_of_matplotlib_do_and_move_no_limit(axes):
    axes.set(xlim=(0, 9), ylim=(0, 9))
    axes.scatter([1, 20], [2, 30], s=[30, 50], facecolor="red", edgecolor="blue", linewidth=0.6)
    axes.hlines([2, 30], [1, 2], [3, 40], color="red")
    axes.axhline(5, color="red")
    add_dots(axes, [1, 20], [2, 30], sizes=[30, 50], facecolors="red", edgecolors="blue", linewidths=0.6)
    rule_spans(axes, [(2, 1, 3), (30, 2, 40)], color="red")
    add_level(axes, 5, color="red")
    assert (axes.get_xlim(), axes.get_ylim()) == ((0, 9), (0, 9))
    dots, spans, *drawn = axes.collections
    for wanted, found in zip((dots, spans), drawn, strict=True):
        for part in ("facecolor", "edgecolor", "linewidth", "zorder", "transforms"):
            assert str(getattr(wanted, f"get_{part}")()) == str(getattr(found, f"get_{part}")()), part
        assert found.get_offsets().tolist() == wanted.get_offsets().tolist()
        assert [path.vertices.tolist() for path in found.get_paths()] == [
            path.vertices.tolist() for path in wanted.get_paths()
        ]
        assert str(found.get_offset_transform()) == str(wanted.get_offset_transform())
    assert drawn[0].get_sizes().tolist() == [30, 50]
    first, second = axes.lines
    assert str(first.get_transform()) == str(second.get_transform())
    assert first.get_xydata().tolist() == second.get_xydata().tolist()


def test_each_dot_may_have_a_shape_of_its_own(axes):
    add_dots(axes, [1, 2, 3], [1, 1, 1], "oDo", facecolors="red")
    (dots,) = axes.collections
    round_, square, last = (len(path.vertices) for path in dots.get_paths())
    assert round_ == last > square == 5


@pytest.mark.parametrize(("letter", "weight"), [("Y", "bold"), ("A", "normal"), ("?", "normal")])
def test_a_letter_is_written_where_a_centred_text_stands(letter, weight):
    drawn = []
    with style():
        for is_text in (True, False):
            axes = add_panel(new_figure(2.0), 1.0, 0.5, 5.0, 1.0)
            axes.set(xlim=(0, 4), ylim=(0, 4))
            places = [(1.5, 2.0), (3.0, 1.25)]
            if is_text:
                for x, y in places:
                    axes.text(x, y, letter, size=40, weight=weight, ha="center", va="center", color="red")
            else:
                write_letter(axes, places, letter, 40, weight, color="red")
            buffer = io.BytesIO()
            axes.figure.savefig(buffer, format="rgba", dpi=100)
            red, green, *_ = np.frombuffer(buffer.getvalue(), dtype="uint8").reshape(200, -1, 4).transpose(2, 0, 1)
            inked = (red > 200) & (green < 100)
            drawn.append([np.flatnonzero(inked.any(axis=axis)) for axis in (0, 1)])
    for of_text, of_letter in zip(*drawn, strict=True):
        assert abs(len(of_text) - len(of_letter)) <= 2
        assert abs(of_text[[0, -1]] - of_letter[[0, -1]]).max() <= 2  # pixels, of 56 that the letter's size is


def test_rules_cross_the_whole_panel_and_move_no_limit(axes):
    before = axes.get_xlim(), axes.get_ylim()
    rule_rows(axes, [10, 20])
    (rules,) = axes.collections
    assert [segment.tolist() for segment in rules.get_segments()] == [[[0, 10], [1, 10]], [[0, 20], [1, 20]]]
    assert rules.get_transform() == axes.get_yaxis_transform()
    assert (axes.get_xlim(), axes.get_ylim()) == before


def test_quarters_between_years_are_notches_and_a_panel_above_has_none(axes):
    set_date_axis(axes, "2020-01-01", "2021-12-31")
    labelled = set(axes.get_xticks())
    (notches,) = axes.figure.artists
    quarters = {day_number(f"{year}-{month:02}-01") for year in (2020, 2021) for month in (1, 4, 7, 10)}
    assert set(notches.get_xdata()) == quarters - labelled != quarters
    set_date_axis(axes, "2020-01-01", "2021-12-31", is_labelled=False)
    assert list(axes.get_xticks()) == []
    assert len(axes.figure.artists) == 1
