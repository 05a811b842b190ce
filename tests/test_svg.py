"""A figure is the same to the byte as matplotlib alone would save it."""

import io

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from analysis.exhibit import show_figure
from analysis.glyphs import find_face
from analysis.svg import figure_edges, text_size

SETTINGS = {"svg.hashsalt": "tightrope", "svg.fonttype": "path", "text.hinting": "no_hinting"}
TEXTS = [
    "Côte d’Ivoire", "Wy", "", " ", "AVAVA", "A V  Y. T’ L ", "“fi ffl” – ×", "▸ 2022−03 …", "e\u0301 n\u0303", "a\u200b b", "q\u0304", "a\u200b",
    "سلام عليكم x", "до 1 января", "f i", "r .", "P , T -",
]  # fmt: skip
HIDDEN = {"Date": None, "Creator": None}


def draw():
    figure = Figure(figsize=(4, 3))
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.bar([0, 1], [2, 3])
    axes.set(xlabel="x & <y> -- z", ylabel="$x^2$")
    axes.text(0, 1, "two\nlines, one word: word", size=11.5, weight="bold", rotation=30, color="#00000080")
    axes.text(1, 1, "", size=9)
    axes.text(1, 2, " ", size=9)
    axes.text(1, 1.5, "half", alpha=0.5, color="red", bbox={"facecolor": "white"})
    for place, text in enumerate(TEXTS):
        figure.text(0.5, place / len(TEXTS), text, size=8, weight="bold" if place % 2 else "normal")
    figure.text(0.9, 0.5, "far to the right")
    figure.text(-0.1, 1.05, "outside", size=7, family=["No Such Font", "DejaVu Serif"])
    return figure


def saved(figure, **options):
    stream = io.StringIO()
    with mpl.rc_context(SETTINGS):
        figure.savefig(stream, format="svg", metadata=HIDDEN, **options)
    return stream.getvalue()


@pytest.mark.filterwarnings("ignore:findfont")
def test_a_figure_is_drawn_and_cut_as_by_matplotlib():
    expected = saved(draw(), bbox_inches="tight")
    for _ in range(2):  # the second time from memory
        assert show_figure(draw(), "f", caption="c", alt="a").data["image/svg+xml"] == expected


def test_texts_that_ask_for_more_than_letters_are_matplotlibs():
    def lettered():
        figure = draw()
        figure.texts[0].set(language="fr", fontfeatures=["-kern"])
        return figure

    assert saved(lettered(), backend="module://analysis.svg") == saved(lettered())


@pytest.mark.parametrize("size", [6.5, 8, 12])
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_a_text_is_as_wide_as_matplotlib_measures(size, weight):
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    for text in TEXTS:
        assert text_size(text, find_face(font), size) == TextToPath().get_text_width_height_descent(text, font, False)


def test_a_figure_keeps_its_dots_per_inch():
    figure = draw()
    before = figure.dpi
    figure_edges(figure)
    show_figure(figure, "f", caption="c", alt="a")
    assert figure.dpi == before


@pytest.mark.filterwarnings("ignore:Glyph", "ignore:findfont")
@pytest.mark.parametrize("family", ["DejaVu Serif", "DejaVu Sans Mono"])
def test_a_figure_is_measured_in_the_fonts_that_are_set_now(family):
    show_figure(draw(), "f", caption="c", alt="a")
    with mpl.rc_context({"font.family": ["sans-serif"], "font.sans-serif": [family]}):
        expected = saved(draw(), bbox_inches="tight")
        assert show_figure(draw(), "f", caption="c", alt="a").data["image/svg+xml"] == expected
