"""One colour per actor: readable on white, apart for every kind of vision, and stable."""

import itertools
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from analysis.figures.style import (
    _PARAMETERS,
    CONTEXT,
    CONTEXT_MARK,
    DEFAULT_CYCLE,
    INK,
    actor_colour,
    actor_text_colour,
    power_order,
    style,
)
from analysis.reference import load

TABLE = load("actor_colours")
COLOURS = dict(zip(TABLE["actor_code"], TABLE["colour"], strict=True))

# Linear-light simulations of full colour-vision deficiency (Machado, Oliveira and Fernandes 2009, table 1).
VISION = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]


def linear(colour):
    values = np.array(to_rgb(colour))
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast_on_white(colour):
    return 1.05 / (linear(colour) @ [0.2126, 0.7152, 0.0722] + 0.05)


def lab(light):
    scaled = np.array(TO_XYZ) @ light / [0.95047, 1.0, 1.08883]
    x, y, z = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(one, other, vision):
    seen = [lab(np.clip(np.array(VISION[vision]) @ linear(colour), 0, 1)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize("colour", [*COLOURS.values(), *DEFAULT_CYCLE, CONTEXT_MARK])
def test_every_mark_passes_three_to_one(colour):
    assert contrast_on_white(colour) >= 3


@pytest.mark.parametrize("code", [*COLOURS, "MAR", "no such actor"])
def test_words_in_an_actors_colour_pass_four_and_a_half_to_one(code):
    assert contrast_on_white(actor_text_colour(code)) >= 4.5
    if contrast_on_white(actor_colour(code)) >= 4.5:
        assert actor_text_colour(code) == actor_colour(code)
    # Darker, and of the same hue.
    light, dark = (np.array(to_rgb(colour(code))) for colour in (actor_colour, actor_text_colour))
    assert np.allclose(dark / light.max(), light * dark.max() / light.max() ** 2, atol=0.01)


@pytest.mark.parametrize("colour", [INK, CONTEXT])
def test_every_text_passes_four_and_a_half_to_one(colour):
    assert contrast_on_white(colour) >= 4.5


def test_a_pale_colour_would_fail():
    assert contrast_on_white("#E69F00") < 3
    assert contrast_on_white("#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("pair", list(itertools.combinations(["FRA", "RUS", "USA", "CHN", "EU", "TUR"], 2)))
def test_the_great_powers_stay_apart_for_every_vision(pair, vision):
    assert difference(*(COLOURS[code] for code in pair), vision) > 20


def test_two_colours_that_merge_without_red_are_found():
    assert difference("#C04000", "#009600", "deuteranopia") < 20 < difference("#C04000", "#009600", "normal")


def test_no_two_actors_share_a_fixed_colour_and_each_has_a_reason():
    assert TABLE["actor_code"].is_unique
    assert TABLE["colour"].str.match(r"#[0-9A-F]{6}\Z").all()
    assert TABLE["colour"].is_unique
    assert TABLE["reason"].str.len().gt(10).all()
    assert not set(DEFAULT_CYCLE) & set(COLOURS.values())


@given(st.text(min_size=1))
def test_an_actor_without_a_row_never_takes_a_fixed_colour(code):
    colour = actor_colour(code)
    assert colour == actor_colour(code)
    assert (colour in COLOURS.values()) == (code in COLOURS)


def test_the_default_colour_is_the_same_in_another_process():
    code = "from analysis.figures.style import actor_colour; print(actor_colour('MNG'), actor_colour('ZWE'))"
    assert printed(code) == [actor_colour("MNG"), actor_colour("ZWE")]


def printed(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_importing_the_figures_loads_neither_seaborn_nor_pyplot():
    modules = "[name in sys.modules for name in ('analysis.figures', 'seaborn', 'matplotlib.pyplot')]"
    assert printed(f"import sys, analysis.figures; print(*{modules})") == ["True", "False", "False"]


def test_importing_the_figures_changes_no_setting():
    code = (
        "import matplotlib as m; before = dict(m.rcParams); import analysis.figures; print(dict(m.rcParams) == before)"
    )
    assert printed(code) == ["True"]


def test_style_gives_the_settings_back():
    before = mpl.rcParams["font.size"]
    with style():
        assert mpl.rcParams["font.size"] == 8.5
        assert mpl.rcParams["text.parse_math"] is False
    assert mpl.rcParams["font.size"] == before


def test_style_sets_what_a_style_of_matplotlib_sets_and_nothing_else():
    with style():
        pass  # gathered under other settings than the reader's
    own = {"timezone": "Africa/Lome", "font.size": 40, "axes.grid": True, "svg.fonttype": "none", "toolbar": "None"}
    with mpl.rc_context(own):
        before = dict(mpl.rcParams)
        with mpl.style.context(["default", _PARAMETERS]):
            expected = dict(mpl.rcParams)
        with style():
            assert dict(mpl.rcParams) == expected
            assert expected != before
        assert dict(mpl.rcParams) == before


def test_style_gives_the_settings_back_after_an_error():
    before = dict(mpl.rcParams)
    with pytest.raises(ZeroDivisionError), style():
        1 / 0  # noqa: B018
    assert dict(mpl.rcParams) == before


def test_powers_keep_the_callers_order():
    assert power_order(["RUS", "CHN", "RUS", "FRA"]) == ["RUS", "CHN", "FRA"]
