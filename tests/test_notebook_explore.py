"""The notebook for researchers runs from top to bottom, with its own events, and keeps parameters where it is told."""

import shutil
import tomllib

import nbformat
import pytest

from analysis.paths import BRIEFINGS_TOML, DATA_VARIABLE, NOTEBOOKS, PROJECT, RAW
from analysis.sources.catalogue import sha256_of

pytestmark = pytest.mark.slow


@pytest.fixture
def run(built, tmp_path, monkeypatch):
    """Run the notebook through papermill; gives its cells with their outputs."""
    import papermill

    monkeypatch.setenv(DATA_VARIABLE, str(built))

    def run(**parameters):
        out = tmp_path / "explore.ipynb"
        papermill.execute_notebook(
            NOTEBOOKS / "explore.ipynb", out, parameters, cwd=tmp_path, kernel_name="python3", progress_bar=False
        )
        return nbformat.read(out, as_version=4).cells

    return run


def outputs(cells):
    return [
        (output.get("metadata", {}).get("tightrope", {}), "".join(output.get("data", {}).get("text/plain", "")))
        for cell in cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]


def test_it_runs_as_it_stands_and_leaves_no_trace(run):
    before = {path: sha256_of(path) for folder in (RAW, NOTEBOOKS) for path in folder.iterdir() if path.is_file()}
    shown = outputs(run())
    names = [about["name"] for about, _ in shown if "name" in about]
    assert {
        "coverage", "pair_events", "timeline", "tilt", "sensitivity", "words_and_deeds", "neighbourhood", "tile_map",
        "own_events", "files",
    } <= set(names)  # fmt: skip
    assert any("nothing saved" in text for _, text in shown)
    assert any("Atlantis" in text for about, text in shown if about.get("name") == "own_events")
    assert {path: sha256_of(path) for path in before} == before


def test_another_state_in_french_kept_as_a_briefing_of_its_own_project(run, tmp_path, monkeypatch):
    copy = tmp_path / "project"
    shutil.copytree(PROJECT / "analysis", copy / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(NOTEBOOKS, copy / "notebooks")
    monkeypatch.setenv("PYTHONPATH", str(copy))
    shown = outputs(run(state="Nigeria", powers=["USA", "Chine"], language="fr", save_as="nigeria"))
    assert any("Nigéria" in text or "Nigeria" in text for about, text in shown if about.get("kind") == "title")
    entries, saved = (
        tomllib.loads((folder / BRIEFINGS_TOML).read_text(encoding="utf-8"))
        for folder in (NOTEBOOKS, copy / "notebooks")
    )
    assert saved == {**entries, "nigeria": saved["nigeria"]}
    assert saved["nigeria"] == {
        "notebook": "briefing.ipynb", "state": "NGA", "powers": ["USA", "CHN"], "start": "2020-01-01",
        "end": "2026-02-28", "comparison": [],
    }  # fmt: skip
    assert "nigeria" not in entries
