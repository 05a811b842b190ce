"""Labels never overlap and never leave their room, whatever the data."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.labels import Box, spread, stack, surround

positions = st.lists(st.floats(0, 100), min_size=1, max_size=12)
marks = st.lists(st.tuples(st.floats(0, 60), st.floats(1, 30)), min_size=1, max_size=8)


@given(positions)
def test_spread_keeps_apart_within_the_room_and_in_order(places):
    placed = spread(places, 5.0, 0.0, 100.0)
    ordered = [placed[index] for index in sorted(range(len(places)), key=lambda one: (places[one], one))]
    assert all(later - earlier >= 5.0 - 1e-6 for earlier, later in pairwise(ordered))
    assert all(-1e-9 <= place <= 100 + 1e-9 for place in placed)


@given(positions)
def test_spread_leaves_what_needs_no_moving(places):
    apart = [20.0 * number for number in range(min(len(places), 5))]
    assert spread(apart, 5.0, 0.0, 100.0) == apart


def test_spread_sets_too_many_at_even_distances():
    assert spread([1.0, 1.0, 1.0], 10.0, 0.0, 10.0) == [0.0, 5.0, 10.0]
    assert spread([], 1.0, 0.0, 1.0) == []


@given(marks)
def test_stacked_labels_of_a_row_are_apart_and_inside_and_reach_their_marks(given_marks):
    anchors, widths = zip(*given_marks, strict=True)
    slots = stack(anchors, widths, 0.0, 60.0, 0.5)
    for index, slot in enumerate(slots):
        assert -1e-9 <= slot.left <= 60.0 - widths[index] + 1e-9
        assert slot.left - 1e-9 <= anchors[index] <= slot.left + widths[index] + 1e-9
        for other in range(index):
            if slots[other].row == slot.row:
                left, right = sorted((index, other), key=lambda one: slots[one].left)
                assert slots[right].left >= slots[left].left + widths[left] + 0.5 - 1e-9


@given(marks)
def test_stacking_is_the_same_twice(given_marks):
    anchors, widths = zip(*given_marks, strict=True)
    assert stack(anchors, widths, 0.0, 60.0, 0.5) == stack(anchors, widths, 0.0, 60.0, 0.5)


def test_no_line_crosses_a_label_where_that_can_be():
    anchors, widths = [36.0, 46.0], [24.0, 25.0]
    low, high = stack(anchors, widths, 0.0, 60.0, 1.0)
    assert low.row == 0
    assert not (low.left < anchors[1] < low.left + widths[0] and high.row > low.row)


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 30)), min_size=1, max_size=8))
def test_labels_beside_points_stay_in_bounds(points):
    bounds = Box(0, 0, 50, 30)
    boxes = surround(points, [(8.0, 1.5)] * len(points), bounds, [], 1.0)
    for box in boxes:
        assert box.left >= -1e-9
        assert box.bottom >= -1e-9
        assert box.right <= 50 + 1e-9
        assert box.top <= 30 + 1e-9


def test_labels_of_points_in_one_place_stand_apart():
    boxes = surround([(25, 15)] * 6, [(8.0, 1.5)] * 6, Box(0, 0, 50, 30), [], 1.0)
    assert all(one.overlap(other) == 0 for number, one in enumerate(boxes) for other in boxes[:number])


def test_an_obstacle_turns_a_label_aside():
    free, turned = (surround([(5, 5)], [(2, 1)], Box(0, 0, 10, 10), wall, 1)[0] for wall in ([], [Box(5.5, 4, 9, 6)]))
    assert free.left == pytest.approx(6)
    assert turned.right == pytest.approx(4)
