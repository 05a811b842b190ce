"""The figure of brokerage: counts as bars, chance beside them, and no claim that chance could make."""

import pytest
from figures_cases import BLOCS, ROLES
from matplotlib.colors import to_hex
from test_figures_common import NAMES, words_of

from analysis import figures
from analysis.figures.brokerage import verdict
from analysis.figures.style import CONTEXT

GIVEN = (ROLES, "TGO", NAMES, BLOCS)


def test_a_panel_per_role_and_a_bar_per_state():
    drawing = figures.plot_brokerage(*GIVEN)
    coordinator, gatekeeper, liaison = drawing.axes
    widths = [bar.get_width() for bar in gatekeeper.patches]
    assert widths == [6.0, 1.0, 1.0, 0.0]  # Togo and Ghana of one bloc, then Mali and Burkina Faso
    assert [bar.get_width() for bar in coordinator.patches] == [0.0] * 4
    assert [bar.get_width() for bar in liaison.patches] == [1.0, 0.0, 0.0, 0.0]
    own = to_hex(gatekeeper.patches[0].get_facecolor())
    assert own == figures.actor_colour("TGO").lower()


def test_chance_is_a_tick_with_two_standard_deviations():
    gatekeeper = figures.plot_brokerage(*GIVEN).axes[1]
    (ticks,) = [one for one in gatekeeper.lines if one.get_marker() == "|"]
    assert list(ticks.get_xdata()) == [2.0, 0.6, 0.8, 0.0]
    (spans,) = [one for one in gatekeeper.collections if to_hex(one.get_color()[0]) == to_hex(CONTEXT)]
    ends = [span[:, 0].tolist() for span in spans.get_segments()]
    assert ends == [[0.0, 4.0], [0.0, pytest.approx(1.4)], [0.0, pytest.approx(2.2)], [0.0, 0.0]]
    assert [span[0, 1] for span in spans.get_segments()] == list(ticks.get_ydata())


def test_states_stand_with_their_bloc():
    assert "Togo · ECOWAS Ghana · ECOWAS Mali · AES Burkina Faso · AES" in words_of(figures.plot_brokerage(*GIVEN))


def test_the_caption_gives_counts_chance_and_the_verdict():
    caption = figures.caption_brokerage(*GIVEN)
    assert "gatekeeper 6 (by chance 2, p\xa0=\xa00.004)" in caption
    assert "More often than chance gives it is gatekeeper." in caption
    assert "who was looked for most has most ties" in caption


def test_the_caption_says_the_level_and_that_two_deviations_are_not_enough():
    near = ROLES.assign(p_value=ROLES["p_value"].where(ROLES["role"] != "gatekeeper", 0.02))
    caption = figures.caption_brokerage(near, *GIVEN[1:])
    assert "As 3 roles are tried, one is told apart from chance only under p\xa0=\xa00.0167" in caption
    assert "its share of a level of 5\xa0%" in caption
    assert "For gatekeeper the bar lies beyond the two standard deviations, which is not enough: several" in caption
    assert "lies beyond" not in figures.caption_brokerage(*GIVEN)


def test_a_p_value_of_one_is_a_bound():
    sure = ROLES.assign(p_value=ROLES["p_value"].where(ROLES["role"] != "liaison", 1.0))
    assert "p\xa0>\xa00.99" in figures.caption_brokerage(sure, *GIVEN[1:])


@pytest.mark.parametrize(("p", "beyond"), [(0.016, True), (0.017, False), (0.5, False)])
def test_the_level_is_shared_among_the_roles(p, beyond):
    roles = ROLES.assign(p_value=ROLES["p_value"].where(ROLES["role"] != "gatekeeper", p))
    assert ("gatekeeper" in verdict(roles, "TGO")) is beyond
    if not beyond:
        assert verdict(roles, "TGO") == "None of its roles can be told apart from chance."


def test_a_state_between_no_two_others_is_said_so():
    caption = figures.caption_brokerage(ROLES, "BFA", NAMES, BLOCS)
    assert "Burkina Faso stands between no two others." in caption
    assert "told apart" not in caption


def test_where_nobody_stands_between_others_the_panel_says_why():
    assert "nobody stands between others" in words_of(figures.plot_brokerage(ROLES.assign(count=0.0), *GIVEN[1:]))
