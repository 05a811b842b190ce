"""What every figure must hold to: texts inside the picture and apart, one signature, honest empty states."""

import inspect
import re
import xml.etree.ElementTree as ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from figures_cases import (
    ABOUT_RESPONSES,
    BLOCS,
    HAPPENINGS,
    LEVELS,
    NEAREST,
    NET,
    POINTS,
    PORTFOLIO,
    PORTFOLIOS,
    POSITIONS,
    PRESSURE,
    RESPONSES,
    ROLES,
    SUMMARY,
    THROUGHPUT,
    TRANSIT,
    VOTES,
    YEARS,
)
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from analysis import figures
from analysis.exhibit import show_figure
from analysis.figures.canvas import FigureError, figure_of
from analysis.reporting.blocks import FigureBlock
from analysis.reporting.letters import find_smallest_letters
from analysis.reporting.paging import LEAST_LETTERS

NAMES = {
    "FRA": "France", "RUS": "Russia", "CHN": "China", "USA": "United States", "ARE": "United Arab Emirates",
    "TGO": "Togo", "BEN": "Benin", "BFA": "Burkina Faso", "CIV": "Côte d’Ivoire", "GHA": "Ghana", "MLI": "Mali",
    "NER": "Niger", "ECOWAS": "Economic Community of West African States", "AES": "Alliance of Sahel States",
}  # fmt: skip
TEXT_WIDTH = 445.3  # points between the margins of the template of the PDF
START, END = pd.Timestamp("2020-01-01"), pd.Timestamp("2026-02-28")


def shown_texts(drawing):
    """Every visible text of a drawing with the box it fills, in pixels."""
    figure = figure_of(drawing)
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()
    renderer = canvas.get_renderer()
    # An axis keeps spare ticks outside its limits; they are never drawn.
    spare = {
        label
        for axes in figure.axes
        for axis, (low, high) in ((axes.xaxis, sorted(axes.get_xlim())), (axes.yaxis, sorted(axes.get_ylim())))
        for which in ("major", "minor")
        for tick in axis.get_ticklabels(which=which)
        for label in [tick]
        if not low - 1e-9 <= tick.get_position()[axis.axis_name == "y"] <= high + 1e-9
    }
    found = [text for text in figure.findobj(mpl.text.Text) if text.get_text().strip() and text.get_visible()]
    return [(text.get_text(), text.get_window_extent(renderer)) for text in found if text not in spare]


def clipped(drawing):
    """Texts that leave the picture."""
    figure = figure_of(drawing)
    box = figure.bbox
    return [
        text
        for text, extent in shown_texts(drawing)
        if extent.x0 < box.x0 - 1 or extent.y0 < box.y0 - 1 or extent.x1 > box.x1 + 1 or extent.y1 > box.y1 + 1
    ]


def overlapping(drawing, slack=1.5):
    """Pairs of texts that share more than a hair's breadth."""
    texts = shown_texts(drawing)
    pairs = []
    for number, (one, a) in enumerate(texts):
        for other, b in texts[number + 1 :]:
            across, up = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
            if across > slack and up > slack:
                pairs.append((one, other))
    return pairs


def words_of(drawing):
    return " ".join(" ".join(text for text, _ in shown_texts(drawing)).split())


def make_engagements(n, powers=("FRA", "RUS"), seed=1):
    random = np.random.default_rng(seed)
    weight = random.integers(-3, 4, n).astype(float)
    starts = START + pd.to_timedelta(random.integers(0, 2200, n), unit="D")
    return pd.DataFrame(
        {
            "event_id": [f"E{number:03}" for number in range(n)],
            "state": "TGO",
            "power": random.choice(list(powers), n),
            "date_start": starts,
            "date_end": starts + pd.to_timedelta(random.choice([0, 0, 0, 30], n), unit="D"),
            "date_precision": "day",
            "weight": weight,
            "cooperation": weight.clip(min=0),
            "conflict": (-weight).clip(min=0),
            "is_material": random.random(n) < 0.5,
            "certainty": random.choice(["confirmed", "single_source", "disputed"], n),
            "summary": [f"Ministers sign accord number {number}, for $2 billion of aid" for number in range(n)],
        }
    )


def make_rolling(rows):
    frame = pd.DataFrame(rows, columns=["tilt", "low", "high", "n_events", "reason"]).astype(
        {"tilt": float, "low": float, "high": float}
    )
    return frame.assign(month_end=pd.date_range("2021-01-31", periods=len(frame), freq="ME"))


WINDOWS = make_rolling(
    [
        (0.1, -0.2, 0.4, 8, ""), (0.2, -0.1, 0.5, 9, ""), (0.3, None, None, 3, "too few events"),
        (None, None, None, 0, "no cooperation with either power"), (1.0, 1.0, 1.0, 6, "all cooperation with FRA"),
        (-0.25, -0.6, 0.1, 12, ""),
    ]
)  # fmt: skip
COUNTS = pd.DataFrame(
    [(2020, "confirmed", 3), (2020, "disputed", 1), (2022, "confirmed", 5), (2022, "single_source", 2)],
    columns=["year", "certainty", "n_events"],
)
FORMS = pd.DataFrame(
    [("FRA", "words", 4.0, 1.0, 5), ("FRA", "deeds", 12.0, 3.0, 7),
     ("RUS", "words", 9.0, 0.0, 1), ("RUS", "deeds", 0.0, 0.0, 0),
     ("CHN", "words", 0.0, 0.0, 0), ("CHN", "deeds", 0.0, 0.0, 0)],
    columns=["power", "form", "cooperation", "conflict", "n_events"],
)  # fmt: skip
COMPARED = pd.DataFrame(
    [
        ("TGO", -0.25, -0.5, 0.0, 8.9, 100.0, 37, ""), ("BEN", 0.5, 0.0, 0.8, 3.1, 40.0, 9, ""),
        ("MLI", -1.0, -1.0, -1.0, 3.6, 60.0, 12, "all cooperation with RUS"),
        ("GHA", None, None, None, 0.0, 10.0, 0, "no cooperation with either power"),
        ("CIV", 0.3, None, None, 0.6, 30.0, 1, "too few events"),
    ],
    columns=["state", "tilt", "low", "high", "depth", "depth_percentile", "n_events", "reason"],
)  # fmt: skip
MATRIX = pd.DataFrame(
    [
        ("mission", "FRA", 1.0, "open since 1960", True), ("mission", "RUS", 0.0, "closed", True),
        ("defence_agreement", "FRA", float("nan"), "", False), ("defence_agreement", "RUS", 1.0, "1 signed", True),
    ],
    columns=["kind", "power", "value", "text", "is_known"],
)  # fmt: skip
SPELLS = pd.DataFrame(
    [
        ("TGO", "ECOWAS", "membership", "1975-05-28", None, "day", None),
        ("MLI", "ECOWAS", "membership", "1975-05-28", "2025-01-29", "day", "day"),
        ("MLI", "ECOWAS", "suspension", "2021-05-30", None, "day", None),
        ("MLI", "AES", "membership", "2023-09-16", None, "year", None),
        ("BFA", "AES", "membership", None, None, None, None),
    ],
    columns=["state", "organisation", "kind", "start", "end", "start_precision", "end_precision"],
)  # fmt: skip
KEYS = pd.DataFrame({"date": ["2021-03-01", "2021-03-02"], "label": ["one", "two"]})
WEIGHTINGS = pd.DataFrame(
    [
        ("reviewed", -0.27, -0.53, 0.01, 37, ""), ("derived", 0.1, -0.2, 0.4, 36, ""),
        ("confirmed only", 0.05, None, None, 1, "too few events"),
        ("one_sided", -1.0, -1.0, -1.0, 6, "all cooperation with RUS"),
    ],
    columns=["weighting", "tilt", "low", "high", "n_events", "reason"],
)  # fmt: skip

DATED = pd.DataFrame(
    [
        ("Togo?", "France", "wire", True, 0, "2025-11-19", "2025-11-19"),
        ("Togo?", "France", "newspaper", True, 0, "2025-11-19", "2025-11-19"),
        ("Togo?", "Russia", "mirror", False, 0, "2025-11-01", "2025-11-30"),
        ("Togo?", "China", "aggregator", False, 1, "2025-10-25", "2025-10-25"),
        ("Benin?", "Economic Community of West African States", "official", True, 0, "2025-03-27", "2025-04-03"),
    ],
    columns=["question", "origin", "grade", "is_official", "version", "start", "end"],
).astype({"start": "datetime64[ns]", "end": "datetime64[ns]"})
CLAIMED = pd.DataFrame(
    [("Togo?", "06", "2025-10-21", "2025-10-31"), ("Benin?", "07", "2025-01-01", "2025-12-31")],
    columns=["question", "claim_id", "start", "end"],
).astype({"start": "datetime64[ns]", "end": "datetime64[ns]"})
GIVEN = {
    "claim_dates": (DATED, CLAIMED),
    "coverage": (COUNTS,),
    "timeline": (make_engagements(60), ["FRA", "RUS", "CHN"], NAMES, START, END),
    "tilt": (WINDOWS, "FRA", "RUS", NAMES, KEYS),
    "words_and_deeds": (FORMS, NAMES),
    "neighbours": (COMPARED, "TGO", "FRA", "RUS", NAMES),
    "neighbourhood": (YEARS, HAPPENINGS, "TGO", "FRA", "RUS", NAMES),
    "tile_map": (COMPARED, POSITIONS, HAPPENINGS, BLOCS, "TGO", "FRA", "RUS", NAMES),
    "ties": (MATRIX, ["FRA", "RUS"], NAMES),
    "memberships": (SPELLS, ["TGO", "MLI", "BFA"], ["ECOWAS", "AES"], START, END, NAMES),
    "sensitivity": (WEIGHTINGS, "FRA", "RUS", NAMES),
    "portfolio": (PORTFOLIO, SUMMARY, "FRA", "RUS", NAMES),
    "portfolios": (PORTFOLIOS, "TGO", "FRA", "RUS", NAMES),
    "votes": (VOTES, ["TGO", "MLI", "GHA"], "FRA", "RUS", NAMES),
    "brokerage": (ROLES, "TGO", NAMES, BLOCS),
    "ports": (THROUGHPUT, "TGO", NAMES),
    "transit": (TRANSIT, "TGO", NAMES, "26 July 2023"),
    "shifts": (NET, LEVELS, POINTS, NEAREST, ["FRA", "RUS", "CHN"], NAMES),
    "pressure": (PRESSURE, ["FRA", "RUS", "CHN"], NAMES, "2024-01-01", "2025-02-28"),
    "epochs": (RESPONSES, ABOUT_RESPONSES, ["FRA", "RUS", "CHN"], NAMES),
}  # fmt: skip


def drawn(name, given):
    """The drawing, caption and alt text of a figure."""
    return tuple(getattr(figures, f"{part}_{name}")(*given) for part in ("plot", "caption", "alt"))


@pytest.mark.parametrize("name", GIVEN)
def test_texts_are_inside_the_picture_and_apart(name):
    drawing, _, _ = drawn(name, GIVEN[name])
    assert clipped(drawing) == []
    assert overlapping(drawing) == []
    assert figure_of(drawing).get_figwidth() == pytest.approx(6.7)
    assert figure_of(drawing).get_figheight() <= 9.5


@pytest.mark.parametrize("name", GIVEN)
def test_no_text_is_too_small_to_be_read_on_paper(name):
    shown = show_figure(getattr(figures, f"plot_{name}")(*GIVEN[name]), name, caption="Drawn.", alt="A drawing.")
    drawing = FigureBlock(1, name, "", "", "image/svg+xml", shown.data["image/svg+xml"].encode())
    width = float(re.search(rb' width="([0-9.]+)pt"', drawing.data)[1])
    on_paper = find_smallest_letters(drawing) * TEXT_WIDTH / width
    assert on_paper >= LEAST_LETTERS


@pytest.mark.parametrize("name", GIVEN)
def test_becomes_an_exhibit_of_well_formed_svg_twice_the_same(name):
    first, second = (show_figure(drawing, name, caption=caption, alt=alt) for drawing, caption, alt in
                     (drawn(name, GIVEN[name]) for _ in range(2)))  # fmt: skip
    svg = first.data["image/svg+xml"]
    ElementTree.fromstring(svg)
    assert svg == second.data["image/svg+xml"]


@pytest.mark.parametrize("name", GIVEN)
def test_caption_and_alt_take_what_the_plot_takes(name):
    plot, caption, alt = (
        [
            one.name
            for one in inspect.signature(getattr(figures, f"{part}_{name}")).parameters.values()
            if one.kind is one.POSITIONAL_OR_KEYWORD
        ]
        for part in ("plot", "caption", "alt")
    )
    assert plot == caption == alt


@pytest.mark.parametrize("name", GIVEN)
def test_caption_names_the_source_and_alt_is_short(name):
    _, caption, alt = drawn(name, GIVEN[name])
    assert "Source: curated" in caption
    assert 80 < len(alt) <= 600
    for text in (caption, alt):
        assert "nan" not in text.split()
        assert "None" not in text
        assert "  " not in text
        assert " 1 events" not in text
        assert not any(sign in text for sign in (" -0", " -1", "(-"))
        assert not any(word in text.lower() for word in ("because", "caused", "led to", "due to"))


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("has_columns", [True, False])
def test_an_empty_frame_is_drawn_with_its_reason(name, has_columns):
    frame, *rest = GIVEN[name]
    drawing, caption, alt = drawn(name, (frame.iloc[:0] if has_columns else pd.DataFrame(), *rest))
    assert clipped(drawing) == []
    words = words_of(drawing)
    assert "no " in words.lower()
    assert caption.strip()
    assert alt.strip()


@pytest.mark.parametrize("name", GIVEN)
def test_a_missing_column_is_named(name):
    frame, *rest = GIVEN[name]
    column = "year" if name == "coverage" else frame.columns[2]
    column = {"timeline": "weight"}.get(name, column)
    with pytest.raises(FigureError, match=column):
        getattr(figures, f"plot_{name}")(frame.drop(columns=column), *rest)


@pytest.mark.parametrize("name", GIVEN)
def test_the_readers_own_settings_neither_change_nor_matter(name):
    before = dict(mpl.rcParams)
    expected = shown_texts(getattr(figures, f"plot_{name}")(*GIVEN[name]))
    assert dict(mpl.rcParams) == before
    with mpl.rc_context({"font.size": 20, "axes.labelsize": 30, "font.family": ["monospace"], "xtick.labelsize": 25}):
        drawing = getattr(figures, f"plot_{name}")(*GIVEN[name])
        got = shown_texts(drawing)
    assert [text for text, _ in got] == [text for text, _ in expected]
    assert np.allclose([box.extents for _, box in got], [box.extents for _, box in expected], atol=1)


def test_a_clipped_text_and_an_overlap_are_found():
    figure = Figure(figsize=(6.7, 2))
    FigureCanvasAgg(figure)
    figure.text(0.95, 0.5, "a long text that leaves the picture")
    figure.text(0.94, 0.5, "another")
    assert "a long text that leaves the picture" in clipped(figure)
    assert len(overlapping(figure)) == 1


def test_every_public_name_exists():
    assert all(hasattr(figures, name) for name in figures.__all__)
