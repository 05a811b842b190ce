"""A figure is drawn to the byte as matplotlib alone would draw it, on a page as large as what it shows."""

import io
import random
import re

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle
from matplotlib.textpath import TextToPath

from analysis import glyphs
from analysis.exhibit import show_figure
from analysis.figures.rehearsal import rehearse
from analysis.glyphs import find_face, lay_out, learn_pairs
from analysis.svg import text_size

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


def shown(figure):
    return show_figure(figure, "f", caption="c", alt="a").data["image/svg+xml"]


def drawing_of(text):
    """What is drawn, without the page it stands on."""
    return text[text.index(' <g id="figure_1">') : text.rindex(" </g>\n") + 6]


def without_paper(figure):
    figure.patch.set_visible(False)
    return figure


@pytest.mark.filterwarnings("ignore:findfont")
def test_a_figure_is_drawn_as_by_matplotlib():
    expected = drawing_of(saved(without_paper(draw())))
    for _ in range(2):  # the second time from memory
        assert drawing_of(shown(draw())) == expected


def bars(axes):
    axes.barh([0, 1], [2, 3], hatch="//")
    axes.plot([-1, 9], [5, 5], clip_on=False)


def marks(axes):
    axes.plot([0, 1, 4], [0, 2, 4], "o", markersize=60, clip_on=False)
    axes.set_axis_off()


def clouds(axes):
    axes.scatter([0, 1, 2], [0, 1, 5], s=[2000, 400, 4000])


def cells(axes):
    axes.pcolormesh(np.arange(6).reshape(2, 3))
    axes.imshow(np.eye(4), extent=(0, 9, 0, 5), aspect="auto")


def curves(axes):
    axes.add_patch(Circle((0.5, 0.5), 0.9, clip_on=False))
    axes.add_patch(Circle((9, 9), 0.9))  # cut off whole


def words(axes):
    for angle in (0, 37, 90, 180, 270, 301):
        axes.text(0.1, 0.2, "leaning out of the page", rotation=angle, size=20)
    axes.set_title("one\ntwo lines", loc="right")


@pytest.mark.parametrize("plot", [bars, marks, clouds, cells, curves, words])
def test_a_page_is_as_large_as_what_matplotlib_finds_on_it(plot):
    figure = Figure(figsize=(4, 3))
    FigureCanvasAgg(figure)
    plot(figure.subplots())
    with mpl.rc_context(SETTINGS):
        figure.canvas.draw()
        expected = (figure.get_tightbbox().padded(mpl.rcParams["savefig.pad_inches"]).extents * 72).tolist()
    text = shown(figure)
    width, height = (float(re.search(rf'<svg[^>]* {name}="([0-9.]+)pt"', text)[1]) for name in ("width", "height"))
    left, down = (float(part) for part in re.search(r'^<g transform="translate\((\S+) (\S+)\)">', text, re.M).groups())
    top = 3 * 72 + down
    # Matplotlib counts half the edge of a patch and the height of a line, this what is drawn.
    assert (-left, top - height, width - left, top) == pytest.approx(expected, abs=3)


def test_a_layout_that_is_made_with_the_drawing_holds():
    def laid_out():
        figure = without_paper(Figure(figsize=(4, 3), layout="constrained"))
        FigureCanvasAgg(figure)
        bars(figure.subplots())
        return figure

    assert drawing_of(shown(laid_out())) == drawing_of(saved(laid_out()))


def test_marks_that_lean_out_count_with_their_size_however_they_are_drawn():
    def page(draw_marks):
        figure = Figure(figsize=(4, 3))
        axes = figure.subplots()
        draw_marks(axes)
        axes.set(xlim=(0, 9), ylim=(0, 9))
        return [float(size) for size in re.search(r' width="([0-9.]+)pt" height="([0-9.]+)pt"', shown(figure)).groups()]

    alone = page(lambda axes: None)
    one_by_one = page(lambda axes: axes.plot([9], [9], "o", markersize=60, markeredgewidth=0, clip_on=False))
    together = page(lambda axes: axes.scatter([9, 9], [9, 9], s=3600, linewidths=0, clip_on=False))
    assert one_by_one == pytest.approx([alone[0] + 30, alone[1] + 30], abs=1)
    assert together == pytest.approx(one_by_one, abs=1)


def test_what_is_nowhere_takes_no_room():
    def page(*values):
        figure = Figure(figsize=(4, 3))
        figure.subplots().plot(values, "o-", clip_on=False)
        return re.search(r"<svg[^>]*", shown(figure))[0]

    assert page(0, 3, np.nan) == page(0, 3, np.nan, np.nan)
    assert page(np.nan) == page()


def test_nothing_drawn_is_a_page_as_large_as_the_figure():
    assert 'width="288pt" height="216pt"' in shown(Figure(figsize=(4, 3)))


def test_the_page_is_of_the_colour_that_figures_are_saved_in():
    figure = draw()
    with mpl.rc_context({"savefig.facecolor": "#abcdef"}):
        assert re.search(r'<g id="paper">.*?fill: #abcdef', shown(figure), re.S)
    assert '<g id="paper">' not in shown(without_paper(draw()))


def test_texts_that_ask_for_more_than_letters_are_matplotlibs():
    def lettered():
        figure = draw()
        figure.texts[0].set(language="fr", fontfeatures=["-kern"])
        return figure

    assert drawing_of(shown(lettered())) == drawing_of(saved(without_paper(lettered())))


@pytest.mark.parametrize("size", [6.5, 8, 12])
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_a_text_is_as_wide_as_matplotlib_measures(size, weight):
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    for text in TEXTS:
        assert text_size(text, find_face(font), size) == TextToPath().get_text_width_height_descent(text, font, False)


@pytest.mark.parametrize(
    "signs", [range(0x21, 0x7F), [*range(0xA1, 0x250), *range(0x2010, 0x2028), *range(0x2190, 0x2300)]]
)
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_a_word_of_any_signs_stands_as_matplotlib_lays_it_out(signs, weight):
    font, draws = FontProperties(family="DejaVu Sans", weight=weight), random.Random(7)
    words = ["".join(chr(draws.choice(signs)) for _ in range(draws.randint(1, 9))) for _ in range(2000)]
    words += ["official", "AVATAR", "fjord", "Offfi", "ﬁn", "T.", "‘Yes’"]
    for word in words:
        glyphs_of, _, _ = TextToPath().get_glyphs_with_font(open_at_size(font), word)
        assert lay_out(word, find_face(font)).glyphs == tuple((name, x, y) for name, x, y, _ in glyphs_of), word


def open_at_size(font):
    return glyphs.open_font(find_face(font))


def test_pairs_that_were_learned_are_not_laid_out_again(monkeypatch):
    for kept in (glyphs._find_pair, glyphs._spell, glyphs.lay_out):
        kept.cache_clear()
    face = find_face(FontProperties(family="DejaVu Sans"))
    learn_pairs(["Ouagadougou Lomé"], face)
    monkeypatch.setattr(glyphs, "open_font", None)
    assert len(lay_out("Lomé", face).glyphs) == 4
    assert len(lay_out("gado", face).glyphs) == 4
    with pytest.raises(TypeError):
        lay_out("Xq7", face)


def test_a_text_of_very_many_signs_takes_no_longer_to_learn_than_others():
    face = find_face(FontProperties(family="DejaVu Sans"))
    text = "".join(chr(one) + chr(other) for one in range(0x100, 0x180) for other in range(0x100, 0x180))
    before = glyphs._find_pair.cache_info().currsize
    learn_pairs([text], face)
    assert 1000 < glyphs._find_pair.cache_info().currsize - before <= 2048


def test_what_is_drawn_after_a_rehearsal_is_the_same():
    settings, before = dict(mpl.rcParams), shown(draw())
    rehearse(["Togo", "e\u0301", "\x1b[31m", "", "x" * 10_000, "سلام"])
    assert dict(mpl.rcParams) == settings
    assert shown(draw()) == before


def test_a_figure_keeps_its_dots_per_inch_and_its_paper():
    figure = draw()
    before = figure.dpi
    shown(figure)
    assert (figure.dpi, figure.patch.get_visible()) == (before, True)


@pytest.mark.filterwarnings("ignore:Glyph", "ignore:findfont")
@pytest.mark.parametrize("family", ["DejaVu Serif", "DejaVu Sans Mono"])
def test_a_figure_is_measured_in_the_fonts_that_are_set_now(family):
    shown(draw())
    with mpl.rc_context({"font.family": ["sans-serif"], "font.sans-serif": [family]}):
        assert drawing_of(shown(draw())) == drawing_of(saved(without_paper(draw())))
