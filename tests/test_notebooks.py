"""Notebooks as they are committed: no outputs, no definitions, typed parameters, short cells."""

import ast
import json
import re
import tomllib
from itertools import pairwise

import nbformat
import pytest

from analysis.paths import BRIEFINGS_TOML, NOTEBOOKS

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


@pytest.fixture(params=PATHS, ids=lambda path: path.name)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_notebooks():
    assert PATHS


def test_no_outputs_and_no_execution_counts(notebook):
    assert [cell.id for cell in code_cells(notebook) if cell.outputs or cell.execution_count] == []


def test_no_definitions_no_loops_and_no_imports_but_the_package(notebook):
    for cell in code_cells(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For | ast.While | ast.Lambda), cell.source
            assert not isinstance(node, ast.ImportFrom), cell.source
            if isinstance(node, ast.Import):
                assert [alias.name for alias in node.names] == ["analysis"]


def test_cells_are_short(notebook):
    assert 10 <= len(code_cells(notebook)) <= 24
    for cell in code_cells(notebook):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert len(lines) <= (8 if "parameters" in cell.metadata.get("tags", []) else 6), cell.source


def test_a_sentence_stands_before_each_finding(notebook):
    kinds = [cell.cell_type for cell in notebook.cells[2:]]
    assert all(pair != ("code", "code") for pair in pairwise(kinds))


def test_one_cell_of_typed_parameters_each_with_a_comment(notebook):
    tagged = [cell for cell in code_cells(notebook) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    for line in tagged[0].source.splitlines():
        assert isinstance(ast.parse(line).body[0], ast.AnnAssign)
        assert "  # " in line


def test_prose_holds_no_number_that_data_could_change(notebook):
    text = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for name in ("Togo", "France", "Russia", "2025", "2026"):
        assert name not in text


def test_every_prose_cell_is_there_in_each_language_one_after_the_other(notebook):
    prose = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    assert [cell.metadata["tags"] for cell in prose] == [["lang-en"], ["lang-fr"]] * (len(prose) // 2)
    for english, french in zip(prose[::2], prose[1::2], strict=True):
        assert notebook.cells.index(french) == notebook.cells.index(english) + 1
        assert english.source.count("#") == french.source.count("#")
        assert english.source.count("[^") == french.source.count("[^")
        assert re.findall(r"\$\$.*\$\$", english.source) == re.findall(r"\$\$.*\$\$", french.source)


def test_no_footnote_label_is_used_in_both_languages(notebook):
    prose = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    labels = [label for cell in prose for label in re.findall(r"^\[\^([^\]]+)\]:", cell.source, re.M)]
    assert len(labels) == len(set(labels))


def test_french_prose_keeps_its_marks_with_their_words(notebook):
    prose = [cell.source for cell in notebook.cells if "lang-fr" in cell.metadata.get("tags", [])]
    for text in prose:
        text = re.sub(r"\$[^$]*\$|^\[\^[^\]]*\]:|\S*://\S*|\*\*", "", text, flags=re.M)
        assert not re.search(r"[^\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}][;?!:%»]|«[^\N{NO-BREAK SPACE}]", text), (
            text
        )


def test_metadata_is_minimal():
    for path in PATHS:
        assert set(json.loads(path.read_text(encoding="utf-8"))["metadata"]) == {"kernelspec", "language_info"}


def test_every_briefing_names_a_notebook():
    entries = tomllib.loads((NOTEBOOKS / BRIEFINGS_TOML).read_text(encoding="utf-8"))
    assert "togo" in entries
    assert {entry["notebook"] for entry in entries.values()} <= {path.name for path in PATHS}
