"""The rows a question can see are all that its notebook needs: with every row it would say the same."""

import ast

import nbformat
import pytest

from analysis.briefing import evidence as evidence_module
from analysis.briefing.evidence import load_evidence
from analysis.paths import NOTEBOOKS
from analysis.reporting.inputs import reads_evidence_alone
from analysis.reporting.parameters import read_parameters

PATHS = [path for path in sorted(NOTEBOOKS.glob("*.ipynb")) if reads_evidence_alone(path.read_bytes())]


def run(notebook, data, given):
    """What the cells of a notebook show, run in this process."""
    shown = []

    def display(*exhibits):
        shown.extend(dict(exhibit.data) for exhibit in exhibits if exhibit is not None)

    def load(*asked, **others):
        return load_evidence(*asked, **others, data=data)

    names = {name: parameter.default for name, parameter in read_parameters(notebook).items()} | given
    space = {"display": display, "load": load, **names}
    cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    for cell in cells:
        if "parameters" in cell.metadata.get("tags", []):
            continue
        tree = ast.parse(cell.source.replace("tr.load_evidence(", "load("))
        if isinstance(tree.body[-1], ast.Expr):
            name = ast.Name("display", ast.Load())
            tree.body[-1].value = ast.Call(name, [tree.body[-1].value], [])
        exec(compile(ast.fix_missing_locations(tree), notebook.name, "exec"), space)
    return shown


def test_there_are_notebooks_of_a_question():
    assert {"briefing.ipynb", "region.ipynb"} <= {path.name for path in PATHS}


@pytest.mark.slow
@pytest.mark.parametrize("given", [{}, {"state": "BEN", "powers": ["FRA", "RUS", "CHN"], "comparison": ["TGO", "GHA"]}])
@pytest.mark.parametrize("notebook", PATHS, ids=lambda path: path.stem)
def test_with_every_row_a_notebook_says_the_same(notebook, given, built, monkeypatch):
    seen = run(notebook, built, given)
    monkeypatch.setattr(evidence_module, "select_rows", lambda tables, question: dict(tables))
    everything = run(notebook, built, given)
    assert len(seen) > 5
    assert seen == everything
