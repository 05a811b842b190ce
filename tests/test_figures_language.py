"""No English is left in a figure of another language: in a made-up one without letters only names and data have any."""

import re

import matplotlib as mpl
import pandas as pd
import pytest
import test_figures_common as common
import test_figures_quality as quality
from figures_cases import NAN, NO_SUMMARY, PORTFOLIO, VOTES
from pseudo_language import Pseudo

from analysis import figures
from analysis.figures import neighbours, neighbours_words, strengths, terms
from analysis.figures.canvas import figure_of
from analysis.language import speaking, speech

CASES = [*common.GIVEN, *quality.GIVEN]
# Codes and units that are the same in every language, and texts that a figure is given when they are said already:
# the cells of the matrix of ties, the labels of key events, a day in words.
SAME = (
    "Lome",
    "Tema",
    "Cotonou",
    "XOF",
    "CFA",
    "OIF",
    "BRICS",
    "ES",
    "Q",
    "open since",
    "closed",
    "signed",
    "one",
    "two",
    "July",
)
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
          "décembre", "er", "janv", "févr", "avr", "juil", "sept", "oct", "nov", "déc")  # fmt: skip
KNOWN = {*common.NAMES, *common.NAMES.values(), *common.BLOCS.values(), *quality.NAMES, *quality.NAMES.values(), *SAME,
         *MONTHS}  # fmt: skip
ALLOWED = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(sorted(map(re.escape, KNOWN), key=len, reverse=True))})(?![^\W\d_])")


@pytest.fixture
def pseudo(monkeypatch):
    """Speak French from a catalogue that has every message, without its letters."""
    monkeypatch.setattr(speech, "translations", lambda catalogue, language: Pseudo(catalogue))
    with speaking("fr"):
        yield


@pytest.fixture
def longer(monkeypatch):
    """Speak a language whose words are a third longer than those of English."""
    monkeypatch.setattr(speech, "translations", lambda catalogue, language: Pseudo(catalogue, longer=0.33))
    with speaking("fr"):
        yield


def english(texts):
    """Words that are neither hidden nor names, months or codes, each with its text."""
    plain = [" ".join(str(text).split()) for text in texts]
    return [(word, text) for text in plain for word in re.findall(r"[A-Za-z]+", ALLOWED.sub(" ", text))]


def every_text(drawing):
    figure = figure_of(drawing)
    figure.canvas.draw()
    return [text.get_text() for text in figure.findobj(mpl.text.Text)]


def drawn(name, frame=None):
    if name in quality.GIVEN:
        return quality.drawn(name, frame)
    first, *rest = common.GIVEN[name]
    return common.drawn(name, (first if frame is None else frame, *rest))


@pytest.mark.parametrize("name", CASES)
def test_nothing_of_a_figure_is_left_in_english(name, pseudo):
    drawing, caption, alt = drawn(name)
    assert english([*every_text(drawing), caption, alt]) == []
    assert "éé" in caption
    assert "éé" in alt


@pytest.mark.parametrize("name", CASES)
def test_nothing_of_an_empty_figure_is_left_in_english(name, pseudo):
    drawing, caption, alt = drawn(name, pd.DataFrame())
    assert english([*every_text(drawing), caption, alt]) == []
    assert "éé" in "".join(every_text(drawing))


@pytest.mark.parametrize("name", CASES)
def test_words_a_third_longer_stay_inside_the_picture_and_apart(name, longer):
    drawing, _, _ = drawn(name)
    assert common.clipped(drawing) == []
    assert common.overlapping(drawing) == []
    assert figure_of(drawing).get_figheight() <= 9.7


def test_what_is_given_beside_the_frame_is_not_left_in_english(pseudo):
    before = pd.DataFrame({"dimension": ["missions", "trade"], "tilt": [0.6, 0.4]})
    for earlier in (before, before.iloc[:1], before.iloc[:0]):
        common_ = {"before": earlier, "before_day": "2020"}
        given = (PORTFOLIO, NO_SUMMARY, "FRA", "RUS", common.NAMES)
        texts = every_text(figures.plot_portfolio(*given, **common_))
        assert english([*texts, figures.caption_portfolio(*given, **common_), figures.alt_portfolio(*given)]) == []
    agreements = pd.DataFrame(
        [("TGO", "FRA", 2, 0.75, "one two"), ("TGO", "RUS", 2, 0.25, "one two"), ("MLI", "FRA", 0, NAN, "")],
        columns=["state", "power", "n", "agreement", "roll_calls"],
    )
    given = (VOTES, ["TGO", "MLI", "GHA"], "FRA", "RUS", common.NAMES)
    texts = every_text(figures.plot_votes(*given, agreements=agreements))
    caption, alt = (figures.__dict__[f"{part}_votes"](*given, agreements=agreements) for part in ("caption", "alt"))
    assert english([*texts, caption, alt]) == []


def test_one_label_left_in_english_is_found(pseudo, monkeypatch):
    for module in (neighbours, neighbours_words):
        monkeypatch.setattr(module, "say", lambda text, **values: text.format(**values))
    drawing, caption, _ = drawn("neighbours")
    assert "tilt" in {word for word, _ in english(every_text(drawing))}
    assert "depth" in {word for word, _ in english([caption])}


def test_numbers_on_axes_follow_the_language():
    with speaking("fr"):
        axes = figures.plot_neighbours(*common.GIVEN["neighbours"]).axes[0]
    labels = [label.get_text() for label in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    assert "−0,5" in labels
    assert "+0,5" in labels
    assert not any("." in label for label in labels)
    axes = figures.plot_neighbours(*common.GIVEN["neighbours"]).axes[0]
    assert "−0.5" in [label.get_text() for label in axes.get_xticklabels()]


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (34.5511e9, "XOF", "34,6"),
        (0.05, "percent_of_exports", "0,05"),
        (2.2, "million TEU", "2,2"),
        (350.0, "t", "350"),
        (1e-8, "billion EUR", "0,00000001"),
        (0.000123, "million USD", "0,000123"),
        (0.4, "troops", "1"),
        (0.0, "million USD", "0 "),
    ],
)
def test_quantities_have_a_decimal_comma_in_french(value, unit, said):
    with speaking("fr"):
        assert strengths.format_quantity(value, unit).startswith(said)


def test_a_text_of_the_measures_is_told_with_its_values_and_an_unknown_one_as_data(pseudo):
    assert terms.say_term("no figure of the last 5 years") == "éé éééééé éé ééé éééé 5 ééééé"
    assert terms.say_term("not known for BRICS, OIF") == "ééé ééééé ééé BRICS, OIF"
    assert terms.say_term("made up").isascii() is False
