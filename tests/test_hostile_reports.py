"""Whole reports on tables full of hostile text: text to their readers, and nothing that a program would obey."""

import json
import re

import pytest
from browser import needs_browser
from harmless import (
    Page,
    find_formulas,
    find_harm_in_page,
    find_harm_in_pdf,
    find_orders,
    find_secret,
    fold,
    text_of_pdf,
    watch_pages,
)
from hostile_data import TRICKS, plant_in_event_files, plant_in_free_fields

from analysis.archive import build_archive
from analysis.build import build
from analysis.engine import connect
from analysis.exhibit import METADATA_KEY
from analysis.paths import NOTEBOOKS
from analysis.plain_text import spell_out
from analysis.reporting.brief import make_briefing
from analysis.reporting.entries import choose_briefing
from analysis.reporting.index import write_index
from analysis.reporting.inputs import Snapshot
from analysis.reporting.limits import Limits
from analysis.reporting.parameters import Briefing

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile_reports")]

SEED = 20261128
QUALITY = {"states": ["TGO", "BEN"], "start": "2015-01-01", "end": "2026-02-28", "sources": [], "language": "en"}
REPORTS = {
    "togo": lambda: choose_briefing("togo", {}),
    "claims-fr": lambda: choose_briefing("claims", {"language": "fr"}),
    "region": lambda: choose_briefing("region", {}),
    "quality": lambda: Briefing("quality", NOTEBOOKS / "data_quality.ipynb", QUALITY),
}
_MARKED_UP = re.compile(r"<(?:strong|em|code|del|blockquote|h\d[^>]*|math[^>]*)>[^<]{0,2}canary")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    base = tmp_path_factory.mktemp("hostile")
    plant_in_free_fields(base / "raw", SEED)
    build(base / "raw", base / "processed")
    plant_in_event_files(base / "events")
    build_archive(base / "events", base / "processed" / "coded", connect)
    return base / "processed"


# Longest texts in every field of every row: the list of pairs alone is larger than a report may usually be.
@pytest.fixture(scope="module")
def reports(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    for choose in REPORTS.values():
        make_briefing(choose(), reports=folder, data=data, limits=Limits(file_bytes=100_000_000))
    write_index(folder, Snapshot(data))
    return folder


@pytest.fixture(scope="module")
def pages(reports):
    return {name: (reports / name / "latest" / "briefing.html").read_text(encoding="utf-8") for name in REPORTS}


@pytest.mark.parametrize("name", REPORTS)
def test_a_page_holds_nothing_that_could_run(name, pages):
    assert find_harm_in_page(pages[name]) == []
    assert not find_secret(pages[name])


@pytest.mark.parametrize("name", REPORTS)
def test_no_text_of_the_data_becomes_markup(name, pages):
    assert _MARKED_UP.findall(pages[name]) == []
    formulas = re.compile("<math.*?</math>", re.DOTALL)
    assert find_orders(Page(formulas.sub("", pages[name])).text) == []


def test_readers_see_the_texts_as_they_are(pages):
    shown = " ".join(Page(page).text for page in pages.values())
    seen = [trick for trick, text in TRICKS.items() if fold(spell_out(text)) in shown]
    assert len(seen) > 0.9 * len(TRICKS), set(TRICKS) - set(seen)


@pytest.mark.parametrize("name", REPORTS)
def test_a_pdf_holds_no_action_file_or_script(name, reports):
    pdf = (reports / name / "latest" / "briefing.pdf").read_bytes()
    assert find_harm_in_pdf(pdf) == []
    assert not find_secret(text_of_pdf(pdf))


@pytest.mark.parametrize("name", REPORTS)
def test_no_cell_of_a_published_table_is_a_formula(name, reports):
    tables = sorted((reports / name / "latest" / "tables").glob("*.csv"))
    assert tables
    assert {path.name: found for path in tables if (found := find_formulas(path.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize("name", REPORTS)
def test_every_other_file_is_what_its_name_says(name, reports):
    folder = reports / name / "latest"
    for path in (folder / "manifest.json", folder / "ro-crate-metadata.json", folder / "briefing.ipynb"):
        json.loads(path.read_text(encoding="utf-8"))
    for path in (folder / "figures").glob("*.svg"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"<(script|a|image|foreignObject)\b|\son\w+=", source), path.name
        assert find_orders(source) == [], path.name


@pytest.mark.parametrize("name", REPORTS)
def test_the_executed_notebook_shows_no_markup_of_the_data_either(name, reports):
    notebook = json.loads((reports / name / "latest" / "briefing.ipynb").read_text(encoding="utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    tables = ["".join(output["data"]["text/html"]) for output in outputs if "text/html" in output.get("data", {})]
    assert tables
    for table in tables:
        assert find_harm_in_page(table) == []
    assert all(METADATA_KEY in output["metadata"] for output in outputs)


@needs_browser
def test_in_a_browser_nothing_runs_opens_or_asks(pages, reports, tmp_path):
    for name, source in pages.items():
        (tmp_path / f"{name}.html").write_text(source, encoding="utf-8")
    seen = watch_pages([*(tmp_path / f"{name}.html" for name in pages), reports / "index.html"])
    assert len(seen) == 2 * (len(REPORTS) + 1)
    for name, watched in seen.items():
        assert (watched.requests, watched.dialogs, watched.complaints, watched.canary) == ([], [], [], None), name
