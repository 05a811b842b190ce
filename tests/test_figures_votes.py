"""The grid of votes: a letter each, a shade for whose vote it is, a question mark where it is not known."""

import numpy as np
import pandas as pd
import pytest
from figures_cases import VOTES
from matplotlib.colors import to_rgba
from test_figures_common import NAMES, clipped, overlapping, words_of

from analysis import figures
from analysis.figures.style import SMALL
from analysis.measures.agreement import agree_votes

GIVEN = (VOTES, ["TGO", "MLI", "GHA"], "FRA", "RUS", NAMES)
AGREEMENTS = agree_votes(VOTES, ["TGO", "MLI", "GHA"], ["FRA", "RUS"], "2026-02-28")


def cells(axes):
    """Letter and face of each cell by (column, row)."""
    faces = {}
    for cells in axes.collections:
        paths = cells.get_paths()
        colours = np.broadcast_to(cells.get_facecolor(), (len(paths), 4))
        for path, colour in zip(paths, colours, strict=True):
            column, row = path.vertices.min(axis=0)
            faces[int(column), round(float(row), 1)] = (tuple(map(float, colour)), cells.get_hatch())
    letters = {(int(x), round(y - 0.5, 1)): line.get_label() for line in axes.lines for x, y in line.get_xydata()}
    return {key: (letters[key], *faces[key]) for key in faces}


def test_every_vote_has_its_letter_and_the_colour_of_the_power_it_joins():
    found = cells(figures.plot_votes(*GIVEN))
    blue, red = (to_rgba(figures.actor_colour(code), 0.32) for code in ("FRA", "RUS"))
    white = to_rgba("white")
    assert found[(0, 0.0)][:2] == ("Y", blue)
    assert found[(0, 1.0)][:2] == ("N", red)
    assert [found[(column, 2.5)][:2] for column in range(3)] == [("–", white), ("Y", blue), ("A", white)]
    assert [found[(column, 3.5)][:2] for column in range(3)] == [("A", white), ("N", red), ("Y", blue)]
    assert {found[(column, 4.5)][0] for column in range(3)} == {"?"}


def test_a_vote_that_both_powers_cast_is_hatched():
    alike = VOTES.assign(vote=VOTES["vote"].where(VOTES["state"] != "RUS", "yes"))
    assert cells(figures.plot_votes(alike, *GIVEN[1:]))[(1, 2.5)][2] == "////"


def test_to_be_absent_together_is_no_vote_alike():
    away = VOTES.assign(vote="absent")
    assert {face for _, face, hatch in cells(figures.plot_votes(away, *GIVEN[1:])).values()} == {to_rgba("white")}
    assert "as France did in 0 and as Russia did in 0" in figures.caption_votes(away, *GIVEN[1:])


@pytest.mark.parametrize(
    ("rows", "agreements", "named"),
    [
        (VOTES, AGREEMENTS, {"Y yes", "N no", "A abst", "– absent", "? not", "shaded: as France or Russia", "right:"}),
        (VOTES[VOTES["state"] != "TGO"], None, {"Y yes", "N no", "A abst", "? not", "shaded: as France or Russia"}),
        (VOTES[VOTES["state"] == "FRA"], None, {"Y yes", "? not", "shaded: as France voted"}),
        (VOTES.assign(vote="no"), None, {"N no", "hatched: as both France and Russia"}),
    ],
)
def test_the_key_of_votes_names_the_marks_that_occur_and_no_other(rows, agreements, named):
    key = figures.plot_votes(rows, *GIVEN[1:], agreements=agreements).figure.texts[-1].get_text()
    every = {"Y yes", "N no", "A abst", "– absent", "? not", "shaded: as France or Russia", "shaded: as France voted"}
    every |= {"hatched: as both France and Russia", "right:"}
    assert {name for name in every if name in key.replace("\n", " ")} == named


def test_agreements_stand_at_the_right():
    axes = figures.plot_votes(*GIVEN, agreements=AGREEMENTS)
    texts = [text.get_text() for text in axes.texts]
    # Togo: yes and abstain against yes twice; yes against no once, the absence left out.
    assert "0.75 over 2" in texts
    assert "0.00 over 1" in texts


def test_the_caption_counts_what_is_known():
    caption = figures.caption_votes(*GIVEN, agreements=AGREEMENTS)
    assert "Togo voted as France did in 1 and as Russia did in 0 of the 3 roll calls" in caption
    assert "(absent from 1)" in caption
    assert "0.75 with France (2 roll calls), 0.00 with Russia (1 roll call)" in caption
    same = agree_votes(VOTES, ["TGO", "MLI", "GHA"], ["FRA", "RUS"], "2026-02-28", in_common=True)
    shared = figures.caption_votes(*GIVEN, agreements=same)
    assert "over the 1 roll call in which all three voted, an abstention counting half way: 1.00 with France" in shared


def test_a_state_without_a_known_vote_is_said_so():
    given = (VOTES, ["GHA", "TGO"], "FRA", "RUS", NAMES)
    assert "No vote of Ghana is known. The figure has 3 roll calls in which one of these" in figures.caption_votes(
        *given, agreements=AGREEMENTS
    )


def test_the_alt_text_gives_the_votes_row_by_row():
    alt = figures.alt_votes(*GIVEN)
    assert "Togo: absent, yes, abstain." in alt
    assert "Russia: no, no, not known." in alt


def test_roll_calls_go_by_their_day():
    words = words_of(figures.plot_votes(VOTES.iloc[::-1], *GIVEN[1:]))
    places = [words.index(head) for head in ("ES-11/1 2022-03-02", "ES-11/3 2022-04-07", "ES-11/4 2022-10-12")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("number", "heads"), [(3, "ES-11/1\n2015-01-01"), (8, "ES-11/1\n2015\n01-01"), (20, "ES-11/1 2015-01-01")]
)
def test_heads_of_many_roll_calls_are_broken_or_turned_and_never_made_smaller(number, heads):
    days = pd.date_range("2015-01-01", periods=number, freq="30D")
    many = pd.DataFrame(
        [(f"ES-11/{call}", day, state, "yes") for call, day in enumerate(days, 1) for state in ("FRA", "RUS", "TGO")],
        columns=VOTES.columns,
    )
    axes = figures.plot_votes(many, ["TGO"], "FRA", "RUS", NAMES)
    assert heads in [text.get_text() for text in axes.texts]
    assert {text.get_size() for text in axes.texts} == {SMALL}
    assert clipped(axes) == overlapping(axes) == []


def test_of_very_many_roll_calls_every_second_or_third_is_named_and_the_last():
    days = pd.date_range("2015-01-01", periods=80, freq="30D")
    many = pd.DataFrame([(f"{call}", day, "TGO", "yes") for call, day in enumerate(days, 1)], columns=VOTES.columns)
    axes = figures.plot_votes(many, ["TGO"], "FRA", "RUS", NAMES)
    named = [text.get_text() for text in axes.texts]
    assert 20 < len(named) < 80
    assert named[-1].startswith("80 ")
    assert overlapping(axes) == []
