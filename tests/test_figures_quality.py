"""The figures of the quality report: what is drawn is what is counted, in words too, and honest where empty."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_figures_common import clipped, overlapping, words_of

from analysis.archive.quality import name_reason
from analysis.cleaning.coded import expressions
from analysis.exhibit import show_figure
from analysis.figures import quality_actors, quality_coverage, quality_overlap, quality_rejects
from analysis.figures.canvas import FigureError, figure_of
from analysis.figures.reject_reasons import say_reason
from analysis.language import speaking

NAMES = {
    "gdelt1": "GDELT 1.0",
    "gdelt2": "GDELT 2.0",
    "icews": "ICEWS",
    "NGA": "Nigeria",
    "TGO": "Togo",
    "BEN": "Benin",
}
YEARS = pd.DataFrame(
    [
        ("gdelt2", 2014, 0, 0, "out of coverage"), ("gdelt2", 2015, 0, 0, "no file"), ("gdelt2", 2016, 20, 366, "events"),
        ("gdelt2", 2017, 1200, 30, "events"), ("icews", 2014, 7, 365, "events"), ("icews", 2015, 0, 365, "no events"),
        ("icews", 2016, 3, 366, "events"), ("icews", 2017, 0, 0, "no file"),
    ],
    columns=["source_name", "year", "n_events", "n_covered_days", "status"],
)  # fmt: skip
MISSING = pd.DataFrame(
    [("gdelt2", 200, 50, 60, 40, 50), ("icews", 10, 10, 0, 0, 0), ("gdelt1", 0, 0, 0, 0, 0)],
    columns=["source_name", "n_events", "n_both", "n_no_target", "n_no_source", "n_neither"],
)
REJECTS = pd.DataFrame(
    [("gdelt2", "date (accepted: at most 300 days before the report)", 1800), ("icews", "has another number of fields", 3)],
    columns=["source_name", "kind", "n_rows"],
)  # fmt: skip
ALIGNED = pd.concat(
    [
        pd.DataFrame({"subject": "NGA", "source_a": "gdelt1", "source_b": "icews", "rho": 0.4567, "reason": "",
                      "month": pd.date_range("1990-01-01", periods=14, freq="MS"),
                      "n_a": [*range(13), 40], "n_b": [3] + [0] * 12 + [9]}),
        pd.DataFrame({"subject": "BEN-TGO", "source_a": "gdelt2", "source_b": "icews", "rho": np.nan,
                      "reason": "too few months to say", "month": pd.date_range("2020-01-01", periods=2, freq="MS"),
                      "n_a": [1, 2], "n_b": [0, 1]}),
    ]
)  # fmt: skip
GIVEN = {
    "quality_coverage": (quality_coverage, YEARS),
    "quality_actors": (quality_actors, MISSING),
    "quality_rejects": (quality_rejects, REJECTS),
    "quality_overlap": (quality_overlap, ALIGNED),
}


def drawn(name, frame=None):
    module, given = GIVEN[name]
    frame = given if frame is None else frame
    return tuple(getattr(module, f"{part}_{name}")(frame, NAMES) for part in ("plot", "caption", "alt"))


@pytest.mark.parametrize("name", GIVEN)
def test_texts_are_inside_apart_and_the_page_is_wide_enough(name):
    drawing, caption, alt = drawn(name)
    assert clipped(drawing) == []
    assert overlapping(drawing) == []
    assert figure_of(drawing).get_figwidth() == pytest.approx(6.7)
    assert "Source: event archive" in caption
    assert 60 < len(alt) <= 600
    assert not any(word in f"{caption} {alt}".split() for word in ("nan", "None", "NaT"))


@pytest.mark.parametrize(
    ("name", "frame", "absent"),
    [
        ("quality_coverage", YEARS, ()),
        ("quality_coverage", YEARS[YEARS["n_covered_days"] > 300], ("grey strip", "white strip", "no strip")),
        ("quality_actors", MISSING, ()),
        ("quality_actors", MISSING.iloc[1:], ("no target", "no source actor", "neither known")),
        ("quality_overlap", ALIGNED, ()),
        ("quality_overlap", ALIGNED[ALIGNED["rho"].isna()], ("ρ",)),
    ],
)
def test_keys_name_the_marks_that_occur_and_no_other(name, frame, absent):
    marks = {
        "quality_coverage": ("bars", "dark strip", "grey strip", "white strip", "no strip"),
        "quality_actors": ("both known", "no target", "no source actor", "neither known"),
        "quality_overlap": ("each source by its own scale", "ρ"),
    }[name]
    words = words_of(drawn(name, frame)[0]).replace("\n", " ")
    assert [mark for mark in marks if mark not in words] == list(absent)


@pytest.mark.parametrize("name", GIVEN)
def test_the_picture_is_well_formed_and_the_same_twice(name):
    pictures = []
    for _ in range(2):
        drawing, caption, alt = drawn(name)
        pictures.append(show_figure(drawing, name, caption=caption, alt=alt).data["image/svg+xml"])
    ElementTree.fromstring(pictures[0])
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("has_columns", [True, False])
def test_an_empty_frame_says_why_there_is_nothing(name, has_columns):
    drawing, caption, alt = drawn(name, GIVEN[name][1].iloc[:0] if has_columns else pd.DataFrame())
    assert "no " in words_of(drawing).lower()
    assert caption.strip()
    assert alt.startswith("An empty panel.")


@pytest.mark.parametrize("name", GIVEN)
def test_a_missing_column_is_named(name):
    column = GIVEN[name][1].columns[2]
    with pytest.raises(FigureError, match=column):
        drawn(name, GIVEN[name][1].drop(columns=column))


def bars(axes, lowest=0.0):
    return [patch.get_height() for patch in axes.patches if patch.get_y() >= lowest and patch.get_height() > 0]


def test_bars_of_a_lane_are_the_events_of_its_years():
    figure, caption, alt = drawn("quality_coverage")
    assert [sorted(bars(axes)) for axes in figure.axes] == [[20, 1200], [3, 7]]
    assert all(axes.get_ylim()[0] < 0 < axes.get_ylim()[1] for axes in figure.axes)
    assert "GDELT 2.0 1,220 (2 of 4 years)" in caption
    assert "ICEWS: 10 events, most in 2014 (7); files for 3 years." in alt


def test_the_strip_tells_no_file_from_no_events_and_from_out_of_coverage():
    figure, _, _ = drawn("quality_coverage")
    cells = [
        {
            round(patch.get_x() + patch.get_width() / 2): patch.get_facecolor()
            for patch in axes.patches
            if patch.get_y() < 0
        }
        for axes in figure.axes
    ]
    gdelt, icews = cells
    assert set(gdelt) == {2015, 2016, 2017}  # out of coverage has no cell
    assert icews[2015] == icews[2014] == gdelt[2016]  # a file without events is as covered as one with
    assert icews[2017] == gdelt[2015] == (1, 1, 1, 1)  # no file is white
    assert gdelt[2017] not in (gdelt[2016], gdelt[2015])  # a month of a year lies between


def test_parts_of_a_bar_are_the_shares_and_an_empty_source_has_none():
    axes, caption, _ = drawn("quality_actors")
    widths = [round(patch.get_width(), 4) for patch in axes.patches]
    assert widths == [0.25, 0.3, 0.2, 0.25, 1.0, 0.0, 0.0, 0.0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["GDELT 2.0", "ICEWS"]
    assert "GDELT 2.0 25\N{NO-BREAK SPACE}%; ICEWS 100\N{NO-BREAK SPACE}%" in caption


def test_bars_of_rejects_begin_at_zero_and_end_at_their_count():
    axes, caption, alt = drawn("quality_rejects")
    assert [(patch.get_x(), patch.get_width()) for patch in axes.patches] == [(0, 1800), (0, 3)]
    assert caption.startswith("1,803 rows could not stand, for 2 kinds of reason; most often in GDELT 2.0: date")
    assert "ICEWS, has another number of fields: 3." in alt


def test_only_so_many_kinds_of_rejects_are_drawn_and_the_caption_says_so():
    many = pd.DataFrame(
        {"source_name": "gdelt2", "kind": [f"kind {letter}" for letter in "abcdefghijklmnopq"], "n_rows": 2}
    )
    axes, caption, _ = drawn("quality_rejects", many)
    assert len(axes.patches) == 15
    assert "34 rows" in caption
    assert "The 15 most frequent kinds are shown." in caption


def test_lanes_show_each_source_as_a_share_of_its_highest_month():
    figure, caption, alt = drawn("quality_overlap")
    first = [patch.get_height() for patch in figure.axes[0].patches]
    assert first[:14] == pytest.approx([*(number / 40 for number in range(13)), 1])
    assert first[14:] == pytest.approx([-1 / 3, *([0] * 12), -1])
    assert "Nigeria in GDELT 1.0 and ICEWS, 14 months, ρ\xa0=\xa0+0.46" in caption
    assert "Benin and Togo in GDELT 2.0 and ICEWS, 2 months, too few months to say" in caption
    assert "January 1990 to February 1991: GDELT 1.0 118 events, ICEWS 12 events" in alt


def test_lanes_are_the_longest_overlaps_with_events_in_both():
    rows = pd.DataFrame(
        [("A", 30, 5, 0), ("B", 12, 5, 5), ("C", 0, 0, 0), ("D", 40, 1, 1)],
        columns=["subject", "n_months", "n_a", "n_b"],
    )
    assert quality_overlap.order_lanes(rows)["subject"].tolist() == ["D", "B"]
    assert quality_overlap.order_lanes(rows, most=1)["subject"].tolist() == ["D"]


def written_faults():
    """Every label and every thing accepted that the judgements of coded events write into a reason."""
    source = Path(expressions.__file__).read_text(encoding="utf-8")
    faults = re.findall(r'_fault\("([^"]+)", [^,]+, f?"([^"]+)"\)', source)
    faults += [(label, "between -{limit} and {limit}") for label in ("latitude", "longitude", "Goldstein score")]
    faults.append(("date", "at most {days} days before the report"))
    return [(label, re.sub(r"\{[^}]+\}", "7", accepted)) for label, accepted in faults]


@pytest.mark.parametrize("value", ["20060731", "(missing)", "a; b"])
def test_every_reason_of_cleaning_is_told_in_french(value):
    faults = written_faults()
    assert len(faults) >= 11
    for label, accepted in faults:
        reason = f"{label} {value}; {accepted}"
        assert say_reason(reason) == reason
        assert say_reason(name_reason(reason)) == name_reason(reason)
        with speaking("fr"):
            for text in (reason, name_reason(reason)):
                told = say_reason(text)
                assert "[en]" not in told
                assert accepted not in told
                assert label not in told or label in ("date", "latitude", "longitude")


def test_numbers_in_a_reason_are_written_as_the_reader_writes_them():
    with speaking("fr"):
        assert say_reason("has 57 fields; a line of this file has 58 or 61").endswith("en a 58 ou 61")
        assert "1\N{NARROW NO-BREAK SPACE}000\N{NARROW NO-BREAK SPACE}000" in say_reason(
            "is longer than 1,000,000 bytes; no line of an event file is"
        )
        assert say_reason("its header is longer than 9 bytes; no line of an event file is").startswith(
            "son en-tête dépasse"
        )
