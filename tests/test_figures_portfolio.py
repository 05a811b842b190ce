"""The figures of portfolios: dots where the tilts are, a question mark where a side is not known, ranges beside the mean."""

import re
from pathlib import Path

import pandas as pd
import pytest
from figures_cases import NO_SUMMARY, PORTFOLIO, PORTFOLIOS, SUMMARY
from matplotlib.colors import to_hex, to_rgba
from test_figures_common import NAMES, clipped, overlapping, words_of

from analysis import figures
from analysis.figures.strengths import describe_strength
from analysis.figures.style import SMALL
from analysis.language import speaking
from analysis.measures import strengths

GIVEN = (PORTFOLIO, SUMMARY, "FRA", "RUS", NAMES)
BEFORE = pd.DataFrame({"dimension": ["missions", "memberships"], "tilt": [1.0, 1.0]})


def dots(axes, marker="o"):
    return [one.get_xdata()[0] for one in axes.lines if one.get_marker() == marker and len(one.get_xdata()) == 1]


def test_each_known_tilt_is_a_dot_and_the_others_question_marks():
    tilts, _ = figures.plot_portfolio(*GIVEN).axes
    assert dots(tilts) == [0.6, 1.0, -0.2]
    assert [text.get_text() for text in tilts.texts].count("?") == 2


def test_the_mean_has_both_ranges():
    tilts, _ = figures.plot_portfolio(*GIVEN).axes
    assert dots(tilts, "D") == [pytest.approx(1.4 / 3)]
    spans = {tuple(one.get_xdata()) for one in tilts.lines if len(one.get_xdata()) == 2}
    assert {(SUMMARY.low, SUMMARY.high), (SUMMARY.low_weighted, SUMMARY.high_weighted)} <= spans


def test_without_a_mean_the_reason_stands_in_its_place():
    drawing = figures.plot_portfolio(PORTFOLIO, NO_SUMMARY, "FRA", "RUS", NAMES)
    assert "both powers are known in one dimension only" in words_of(drawing)
    assert "No mean is given" in figures.caption_portfolio(PORTFOLIO, NO_SUMMARY, "FRA", "RUS", NAMES)


def test_bars_are_the_scaled_strengths_in_the_powers_colours():
    _, strengths = figures.plot_portfolio(*GIVEN).axes
    bars = [bar for bar in strengths.patches]
    widths = {(to_hex(bar.get_facecolor()), round(bar.get_width() / 0.5, 2)) for bar in bars}
    blue, red = (figures.actor_colour(code).lower() for code in ("FRA", "RUS"))
    assert {(blue, 1.0), (blue, 0.67), (red, 0.25), (red, 1.0)} <= widths
    assert len(bars) == 7  # of ten strengths three are not known


def test_an_earlier_day_is_hollow():
    tilts, _ = figures.plot_portfolio(*GIVEN, before=BEFORE, before_day="1 January 2020").axes
    hollow = [
        one.get_xdata()[0] for one in tilts.lines if one.get_marker() == "o" and one.get_markerfacecolor() == "white"
    ]
    assert hollow == [1.0, 1.0]
    caption = figures.caption_portfolio(*GIVEN, before=BEFORE, before_day="1 January 2020")
    assert "Since 1 January 2020 moved: embassies from +1.00 to +0.60." in caption


def test_one_dimension_that_stood_still_is_spoken_of_in_the_singular():
    known = PORTFOLIO[PORTFOLIO["tilt"].notna()]
    still = {n: figures.caption_portfolio(*GIVEN, before=known.head(n), before_day="1 May 2020") for n in (1, 2)}
    assert "The one dimension also known for 1 May 2020 has not moved." in still[1]
    assert "Of the 2 dimensions also known for 1 May 2020 none has moved." in still[2]


def test_a_mean_that_is_not_given_counts_nothing():
    assert "Mean of the 3 known" in words_of(figures.plot_portfolio(*GIVEN)).replace("\n", " ")
    words = words_of(figures.plot_portfolio(PORTFOLIO, NO_SUMMARY, *GIVEN[2:]))
    assert "Mean" in words
    assert "Mean of" not in words


@pytest.mark.parametrize(
    ("rows", "summary", "before", "named"),
    [
        (PORTFOLIO, SUMMARY, BEFORE, {"●", "○", "?", "◆", "thick"}),
        (PORTFOLIO, SUMMARY, None, {"●", "?", "◆", "thick"}),
        (PORTFOLIO[PORTFOLIO["tilt"].notna()], NO_SUMMARY, None, {"●"}),
        (PORTFOLIO[PORTFOLIO["tilt"].isna()], NO_SUMMARY, BEFORE.iloc[:0], {"?"}),
    ],
)
def test_the_key_names_the_marks_that_occur_and_no_other(rows, summary, before, named):
    drawing = figures.plot_portfolio(rows, summary, *GIVEN[2:], before=before, before_day="1 January 2020")
    key = drawing.texts[-1].get_text()
    assert {mark for mark in ("●", "○", "?", "◆", "thick") if mark in key} == named


def test_the_caption_says_the_answer_and_on_what_it_hangs():
    caption = figures.caption_portfolio(*GIVEN)
    assert "Leans towards France: embassies and memberships; towards Russia: trade" in caption
    assert "mean tilt is +0.47" in caption
    assert "on the same side throughout" in caption
    assert "Memberships lie wholly with France; without them the mean is +0.20." in caption
    assert "A reservation." in figures.caption_portfolio(*GIVEN, note="A reservation.")
    turned = SUMMARY.__class__(**{**vars(SUMMARY), "low_weighted": -0.1})
    assert "hangs on the choice" in figures.caption_portfolio(PORTFOLIO, turned, "FRA", "RUS", NAMES)


def test_the_alt_text_gives_both_strengths():
    alt = figures.alt_portfolio(*GIVEN)
    assert "Trade: −0.20 (France 40 billion XOF (import, 2024Q3); Russia 60 billion XOF (import, 2024Q3))." in alt


@pytest.mark.parametrize(
    ("strength", "unit", "basis", "reason", "text"),
    [
        (1.0, "embassies", "embassy", "", "embassy"), (0.0, "embassies", "closed", "", "no embassy: closed"),
        (2.0, "organisations", "CFA_XOF, OIF", "", "2: CFA XOF, OIF"), (0.5, "organisations", "BRICS", "", "0.5: BRICS"),
        (0.0, "organisations", "not in BRICS", "", "0 (not in BRICS)"), (1.0, "agreements", "", "", "1"),
        (2000.0, "troops", "", "", "2,000 troops"), (0.625, "agreement", "4 roll calls", "", "0.63 over 4 roll calls"),
        (19.6, "percent_of_imports", "import, 2023", "", "19.6\N{NO-BREAK SPACE}% of imports (import, 2023)"),
        (None, "", "", "no source speaks of it", "not known: no source speaks of it"),
    ],
)  # fmt: skip
def test_a_strength_is_told_in_its_unit(strength, unit, basis, reason, text):
    row = pd.Series({"strength_b": strength, "unit_b": unit, "basis_b": basis, "reason_b": reason})
    assert describe_strength(row, "b") == text


def test_long_names_and_reasons_stay_in_their_room():
    long = PORTFOLIO.assign(reason_a="no figure in the unit and period of another power's, and none before it either")
    drawing = figures.plot_portfolio(long, SUMMARY, "FRA", "ARE", NAMES)
    assert clipped(drawing) == []
    assert overlapping(drawing) == []


@pytest.mark.parametrize(("language", "names"), [("en", NAMES), ("fr", NAMES | {"FRA": "France", "RUS": "Russie"})])
def test_why_a_strength_is_not_known_is_said_in_full(language, names):
    """In its room of one line, in each language, for every reason that a measure gives."""
    source = Path(strengths.__file__).read_text(encoding="utf-8")
    reasons = {*re.findall(r'reason="([^"]+)"', source), f"no figure of the last {strengths.RECENT_YEARS} years"}
    assert len(reasons) > 5
    with speaking(language):
        for reason in reasons:
            unknown = PORTFOLIO.assign(scaled_a=float("nan"), reason_a=reason)
            assert "…" not in words_of(figures.plot_portfolio(unknown, SUMMARY, "FRA", "RUS", names)), reason


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        (slice(None), {"shade", "?", "range"}),
        ([4, 5, 3], {"shade", "range"}),
        ([6, 8], {"?"}),
    ],
)
def test_the_key_of_the_grid_names_the_marks_that_occur_and_no_other(rows, named):
    axes = figures.plot_portfolios(PORTFOLIOS.iloc[rows], "MLI", "FRA", "RUS", NAMES)
    (key,) = [text.get_text() for text in axes.figure.texts]
    assert {mark for mark in ("shade", "?", "range") if mark in key} == named


def test_side_by_side_each_state_has_its_cells_and_its_mean():
    axes = figures.plot_portfolios(PORTFOLIOS, "TGO", "FRA", "RUS", NAMES)
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("?") == 2
    assert "too few kinds: 1" in texts
    assert "+0.47 (+0.07 to +0.87), 3" in texts
    faces = [bar.get_facecolor() for container in axes.containers for bar in container]
    assert to_rgba(figures.actor_colour("FRA"), 0.55 * 0.6) in faces
    assert to_rgba(figures.actor_colour("RUS"), 0.55 * 0.6) in faces


@pytest.mark.parametrize(("n_kinds", "rotation"), [(2, 0), (5, 0), (9, 90)])
def test_heads_of_many_kinds_share_the_room_or_stand_upright_and_are_never_made_smaller(n_kinds, rotation):
    kinds = [f"{name} {number}" for number in range(n_kinds) for name in ("Neighbourliness", "Law")][:n_kinds]
    means = PORTFOLIOS[PORTFOLIOS["dimension"] == "mean"]
    cells = pd.concat([PORTFOLIOS[PORTFOLIOS["dimension"] == "missions"].assign(dimension=kind) for kind in kinds])
    axes = figures.plot_portfolios(pd.concat([cells, means]), "TGO", "FRA", "RUS", NAMES)
    heads = [text for text in axes.texts if "Neighbourliness" in text.get_text()]
    assert {(text.get_size(), text.get_rotation()) for text in heads} == {(SMALL, rotation)}
    assert clipped(axes) == overlapping(axes) == []


def test_side_by_side_the_caption_tells_who_stays_where():
    caption = figures.caption_portfolios(PORTFOLIOS, "TGO", "FRA", "RUS", NAMES)
    assert "towards France Togo; towards Russia Mali; even none; too few kinds for a mean Ghana" in caption
    assert "1 stay on one side whichever dimension is left out or reweighted: Togo." in caption
