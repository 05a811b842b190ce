"""Alt texts say what is drawn: every number is read off the axes and found in the words, and the other way round."""

import importlib
import pkgutil
import re

import pandas as pd
import pytest
import test_figures_common as common
import test_figures_quality as quality
from alt_readers import BESIDE, READERS

from analysis import figures
from analysis.figures.canvas import figure_of

# For each figure what is changed, as its data would have it: which of its frames, which row and column, the new value.
CHANGES = {
    "coverage": [(0, 0, "n_events", 9)],
    "timeline": [(0, 0, "weight", 2.0), (0, 0, "cooperation", 2.0), (0, 0, "conflict", 0.0)],
    "tilt": [(0, 5, "tilt", -0.3)],
    "words_and_deeds": [(0, 1, "conflict", 5.0)],
    "neighbours": [(0, 1, "depth", 4.1)],
    "neighbourhood": [(0, 0, "tilt", 0.35)],
    "tile_map": [(0, 1, "tilt", 0.6)],
    "ties": [(0, 1, "is_known", False)],
    "memberships": [(0, 1, "end", "2025-02-28")],
    "sensitivity": [(0, 1, "high", 0.5)],
    "portfolio": [(0, 3, "tilt", -0.3)],
    "portfolios": [(0, 0, "tilt", 0.5)],
    "votes": [(0, 6, "vote", "no")],
    "brokerage": [(0, 1, "count", 5.0)],
    "ports": [(0, 2, "low", 28.1e6), (0, 2, "high", 28.1e6)],
    "transit": [(0, 3, "high", 45e3)],
    "shifts": [(1, 2, "mean", 4.0), (2, 0, "after", 4.0)],
    "pressure": [(0, 2, "up", 3.0)],
    "epochs": [(0, 2, "mean", 2.0), (1, 0, "effect", 1.0625)],
    "claim_dates": [(0, 0, "start", "2025-11-18")],
    "quality_coverage": [(0, 2, "n_events", 21)],
    "quality_actors": [(0, 0, "n_both", 70)],
    "quality_rejects": [(0, 1, "n_rows", 4)],
    "quality_overlap": [(0, 3, "n_a", 30)],
}


def figure_names():
    """Every figure that a module of the package draws."""
    modules = [
        importlib.import_module(f"analysis.figures.{one.name}") for one in pkgutil.iter_modules(figures.__path__)
    ]
    return sorted(
        {name.removeprefix("plot_") for module in modules for name in vars(module) if name.startswith("plot_")}
    )


def drawn(name, changes=()):
    """The drawn figure and its alt text, with numbers changed if that is asked for."""
    given = [*quality.GIVEN[name][1:]] if name in quality.GIVEN else [*common.GIVEN[name]]
    for which, row, column, value in changes:
        frame = given[which].reset_index(drop=True)
        frame.loc[row, column] = pd.Timestamp(value) if frame[column].dtype.kind == "M" else value
        given[which] = frame
    drawing, _, alt = quality.drawn(name, given[0]) if name in quality.GIVEN else common.drawn(name, given)
    figure = figure_of(drawing)
    figure.canvas.draw()
    return figure, alt.replace("\N{NO-BREAK SPACE}", " ")


def phrases(name, figure):
    """What must be said, and patterns of what may be said beside it."""
    read = [phrase.replace("\N{NO-BREAK SPACE}", " ") for phrase in READERS[name](figure)]
    return [one for one in read if BESIDE not in one], [one.strip(BESIDE) for one in read if BESIDE in one]


def test_every_figure_has_a_reader():
    assert [name for name in figure_names() if name not in READERS] == []
    assert len(figure_names()) == len(CHANGES) > 20


@pytest.mark.parametrize("name", figure_names())
def test_the_alt_text_has_the_numbers_that_are_drawn_and_no_others(name):
    figure, alt = drawn(name)
    said, beside = phrases(name, figure)
    assert sum(bool(re.search(r"\d", phrase)) for phrase in said) > 0
    assert [phrase for phrase in said if phrase not in alt] == []
    rest = alt
    for phrase in sorted(said, key=len, reverse=True):
        rest = rest.replace(phrase, "")
    for pattern in beside:
        rest = re.sub(pattern, "", rest)
    assert not re.search(r"\d", rest), rest


@pytest.mark.parametrize("name", figure_names())
def test_a_changed_number_is_drawn_and_said(name):
    _, before = drawn(name)
    figure, after = drawn(name, CHANGES[name])
    said, _ = phrases(name, figure)
    assert [phrase for phrase in said if phrase not in after] == []
    assert [phrase for phrase in said if phrase not in before]
