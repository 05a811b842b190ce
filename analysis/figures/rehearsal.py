"""A figure that nobody sees, so that processes forked after it need not do what each does for its first figure."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes

from analysis.exhibit import show_figure
from analysis.figures.canvas import add_panel, face_of, in_house_style, new_figure
from analysis.glyphs import learn_pairs

WEIGHTS = ("normal", "bold")


def rehearse(texts: Iterable[str]) -> None:
    """Draw a small figure, and lay out the pairs of signs that some texts and all numbers are made of.

    Nothing is kept but what every process would work out for itself, alike.

    Parameters
    ----------
    texts : iterable of str
        What figures are likely to write.

    Examples
    --------
    >>> rehearse(["Togo", "France"])
    """
    written = [*texts, *(f"\N{MINUS SIGN}{number / 100:.2f}" for number in range(1000))]
    for weight in WEIGHTS:
        learn_pairs(written, face_of(weight))
    show_figure(_plot(), "rehearsal", caption="A small figure.", alt="A line and its name.")


@in_house_style
def _plot() -> Axes:
    axes = add_panel(new_figure(1.0), 0.5, 0.3, 5.0, 0.6)
    axes.plot(np.array(["2020-01-01", "2026-01-01"], dtype="datetime64[D]"), [0, 1], label="0")
    axes.legend(title="1")
    axes.set_title("0", weight="bold")
    axes.annotate("0", (0.5, 0.5), (1, 1), xycoords="axes fraction", textcoords="offset points", style="italic")
    return axes
