"""Panels look as any axes do, and cost only the ticks they show."""

import io

import matplotlib as mpl
import pytest
from matplotlib.axes import Axes
from matplotlib.axis import Tick
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis.figures.panel import Panel


def bars(axes):
    axes.bar([0, 1, 2], [2, 3, 1])
    axes.grid(axis="y", color="red")


def named(axes):
    axes.barh([0, 1], [2, 3])
    axes.set_yticks([0, 1], ["one", "two"])
    axes.tick_params(axis="y", length=0, labelsize=7, labelcolor="green")
    axes.tick_params(axis="x", top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.get_yticklabels()[1].set(fontweight="bold", color="blue", size=12)


def bare(axes):
    axes.plot([0, 1], [5, -5])
    axes.set(xticks=[], yticks=[])


def fine(axes):
    axes.plot([0, 1], [5, -5])
    axes.minorticks_on()
    axes.tick_params(which="both", direction="in", color="red")
    axes.set_xlim(0, 3)
    axes.yaxis.grid(visible=True, which="minor")


def cleared(axes):
    named(axes)
    axes.clear()
    bars(axes)


def labelled(axes):
    axes.plot([0, 1], [10, 1000])
    axes.set(xlabel="a label", ylabel="another")
    axes.xaxis.set_label_position("top")


def offset(axes):
    axes.plot([1e9 + 1, 1e9 + 2], [1e9 + 1, 1e9 + 2])
    axes.tick_params(axis="x", labelsize=30)


DRAWINGS = [bars, named, bare, fine, cleared, labelled, offset]


def drawn(axes_class, draw):
    figure = Figure(figsize=(4, 3))
    FigureCanvasAgg(figure)
    draw(figure.add_axes((0.1, 0.1, 0.8, 0.8), axes_class=axes_class))
    stream = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "a"}):
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()


@pytest.mark.parametrize("draw", DRAWINGS)
def test_a_panel_is_drawn_as_any_axes(draw):
    assert drawn(Panel, draw) == drawn(Axes, draw)


@pytest.mark.parametrize("draw", DRAWINGS)
def test_a_panel_that_was_drawn_says_as_any_axes_how_far_it_reaches(draw):
    boxes = []
    for axes_class in (Panel, Axes):
        canvas = FigureCanvasAgg(Figure(figsize=(4, 3)))
        axes = canvas.figure.add_axes((0.1, 0.1, 0.8, 0.8), axes_class=axes_class)
        draw(axes)
        canvas.draw()
        boxes.append(axes.get_tightbbox(canvas.get_renderer()).bounds)
    assert boxes[0] == boxes[1]


@pytest.mark.parametrize(("draw", "are_looked_for"), [(bars, False), (named, False), (labelled, True), (offset, True)])
def test_labels_of_ticks_are_measured_only_to_place_something_beside_them(draw, are_looked_for, monkeypatch):
    measured, measure = [], Text.get_window_extent
    monkeypatch.setattr(
        Text, "get_window_extent", lambda text, *args, **kwargs: measured.append(text) or measure(text, *args, **kwargs)
    )
    drawn(Panel, draw)
    assert bool(measured) == are_looked_for
    measured.clear()
    drawn(Axes, draw)
    assert measured


@pytest.mark.parametrize(("draw", "most"), [(bare, 0), (named, 2)])
def test_no_tick_is_made_that_is_not_shown(draw, most, monkeypatch):
    made, make = [], Tick.__init__
    monkeypatch.setattr(
        Tick, "__init__", lambda tick, *args, **kwargs: made.append(tick) or make(tick, *args, **kwargs)
    )
    drawn(Panel, draw)
    assert len(made) <= most
    made.clear()
    drawn(Axes, draw)
    assert len(made) > most
