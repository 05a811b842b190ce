"""Of very many dated claims those that look alike are drawn once; few are drawn as they are, and nobody is lost."""

import re

import pandas as pd
import pytest

from analysis.figures import alt_claim_dates, caption_claim_dates, plot_claim_dates
from analysis.figures.claim_rows import LEAST_ROWS, MOST_MARKS, MOST_ROWS, thin_dates

NO_CLAIMS = pd.DataFrame({"question": [], "claim_id": [], "start": [], "end": []})
GRADES = ["official", "wire", "newspaper", "aggregator"]


def told(n_pages, *, n_origins=None, n_questions=1, every="0D", grades=GRADES[:1]):
    """So many pages, dealt to the questions and origins in turn, each page so long after the one before."""
    place = range(n_pages)
    day = pd.Timestamp("2006-03-01") + pd.to_timedelta([n * pd.Timedelta(every) for n in place])
    return pd.DataFrame(
        {
            "question": [f"Question {n % n_questions}?" for n in place],
            "origin": [f"outlet {n % (n_origins or n_pages)}" for n in place],
            "grade": [grades[n % len(grades)] for n in place],
            "is_official": False, "version": [int(n >= n_questions) for n in place], "start": day.floor("D"), "end": day.floor("D"),
        }
    )  # fmt: skip


def places(versions, unit="D"):
    return {(row.question, row.grade, row.version == 0, row.start.to_period(unit)) for row in versions.itertuples()}


def origins_named(versions):
    """How many origins the names of the rows speak of."""
    more = [
        re.search(r" and ([\d,]+) more$", name)
        for _, name in {*zip(versions["question"], versions["origin"], strict=True)}
    ]
    return sum(1 + (int(found[1].replace(",", "")) if found else 0) for found in more)


FEW = [
    told(MOST_ROWS), told(MOST_ROWS, n_questions=3), told(MOST_MARKS, n_origins=1), told(MOST_MARKS * 3, n_origins=3),
]  # fmt: skip


@pytest.mark.parametrize("few", FEW)
def test_few_are_drawn_as_they_are(few):
    kept, said = thin_dates(few)
    pd.testing.assert_frame_equal(kept, few)
    assert said == []


def test_one_origin_too_many_and_those_that_look_alike_share_a_row():
    kept, said = thin_dates(told(MOST_ROWS + 1, grades=GRADES[:2]))
    assert kept["origin"].tolist() == ["outlet 0", "outlet 1 and 19 more", "outlet 2 and 19 more"]
    assert said[0].startswith("Drawn are 3 marks, for 41 versions of 41 independent origins")


def test_one_page_too_many_and_those_of_one_place_are_one_mark():
    kept, said = thin_dates(told(MOST_MARKS + 1, n_origins=1, grades=GRADES[:3]))
    assert len(kept) == 4  # the leading one, and three grades
    assert said[-1] == "Alike are those of one day and grade."


@pytest.mark.parametrize("official", [True, False])
def test_an_official_record_shares_no_row_with_others(official):
    many = told(MOST_ROWS + 1)
    many.loc[5, "is_official"] = official
    kept, _ = thin_dates(many)
    assert ("outlet 5" in set(kept["origin"])) == official


def test_no_place_is_lost_and_every_origin_is_counted():
    many = told(3_000, n_questions=3, every="1h", grades=GRADES)  # 125 days
    kept, said = thin_dates(many)
    assert said[-1] == "Alike are those of one year and grade."
    assert places(kept, "Y") == places(many, "Y")
    assert origins_named(kept) == 3_000


def test_the_finest_unit_that_fits_is_taken():
    for every, unit in (("1h", "day"), ("5D", "month"), ("90D", "year")):
        _, said = thin_dates(told(MOST_ROWS + 1 if unit != "day" else 200, every=every))
        assert said[-1] == f"Alike are those of one {unit} and grade.", every
        _, said = thin_dates(told(30 if unit != "day" else 200, n_origins=1, every=every))
        assert said[-1] == f"Alike are those of one {unit} and grade.", every


def test_ten_thousand_claims_of_twenty_years_fit_a_page_and_say_so():
    many = told(10_000, n_questions=4, every="17h", grades=GRADES)
    kept, _ = thin_dates(many)
    assert kept.groupby("question")["origin"].nunique().max() <= MOST_ROWS // 4
    axes = plot_claim_dates(many, NO_CLAIMS)
    assert len(axes.lines) < 1_200
    assert axes.figure.get_size_inches()[1] < 10
    for text in (caption_claim_dates(many, NO_CLAIMS), alt_claim_dates(many, NO_CLAIMS)):
        assert "for 10,000 versions of 10,000 independent origins" in text


def test_of_many_questions_each_keeps_some_rows():
    kept, _ = thin_dates(told(2_000, n_questions=40, every="40D", grades=GRADES))
    rows = kept.groupby("question")["origin"].nunique()
    assert len(rows) == 40
    assert set(rows) == {LEAST_ROWS}
    assert origins_named(kept) == 2_000


@pytest.mark.parametrize("grades", [GRADES[:1], GRADES[1:3], [*GRADES, "mirror", "blog"]])
def test_the_key_names_the_grades_that_occur_and_no_other(grades):
    key = plot_claim_dates(told(len(grades), grades=grades), NO_CLAIMS).figure.texts[-1].get_text()
    named = dict(zip([*GRADES, "mirror", "blog"], "◆■●△▽×", strict=True))
    assert {mark for mark in named.values() if mark in key} == {named[grade] for grade in grades}


def test_a_bar_of_what_a_statement_says_leaves_the_heading_above_it_clear():
    versions = told(3).assign(question="When did the exit from the bloc take effect, by all reports gathered?")
    day = versions["start"].min()
    claimed = pd.DataFrame(
        {"question": versions["question"][:1], "claim_id": "A04", "start": day, "end": versions["end"].max()}
    )
    axes = plot_claim_dates(versions, claimed)
    renderer = axes.figure.canvas.get_renderer()
    bar = max(axes.collections[0].get_window_extent(renderer).y1, axes.collections[-1].get_window_extent(renderer).y1)
    above = [text.get_window_extent(renderer) for text in axes.texts if text.get_text().startswith(("When", "A04"))]
    assert len(above) == 2
    points = axes.figure.dpi / 72
    assert min(box.y0 for box in above) - bar > 2 * points
    assert max(box.y1 for box in above) < axes.figure.bbox.y1
