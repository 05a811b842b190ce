import nbformat
import pytest

from analysis.errors import TightropeError
from analysis.paths import NOTEBOOKS
from analysis.reporting.parameters import (
    Parameter,
    check_name,
    check_parameters,
    read_parameters,
)

DECLARED = {
    "state": Parameter("state", "str", "TGO", ""),
    "powers": Parameter("powers", "list[str]", ["FRA", "RUS"], ""),
    "months": Parameter("months", "int", 12, ""),
    "share": Parameter("share", "float", 0.5, ""),
    "is_short": Parameter("is_short", "bool", False, ""),
}


def write_notebook(path, *sources, tags=("parameters",)):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = list(tags)
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)
    return path


def test_strings_are_read_as_the_declared_type_says():
    given = {"powers": "FRA, RUS,CHN", "months": "6", "share": "0.25", "is_short": "true"}
    assert check_parameters(given, DECLARED) == {
        "state": "TGO",
        "powers": ["FRA", "RUS", "CHN"],
        "months": 6,
        "share": 0.25,
        "is_short": True,
    }


def test_every_fault_is_named_at_once():
    with pytest.raises(TightropeError) as caught:
        check_parameters({"sate": "TGO", "months": "many", "powers": 3}, DECLARED)
    message = str(caught.value)
    assert "unknown parameter 'sate'; did you mean 'state'" in message
    assert "'months' is 'many'; a value of type int" in message
    assert "'powers' is 3" in message


@pytest.mark.parametrize(
    ("name", "value"), [("months", True), ("months", 1.5), ("is_short", "maybe"), ("state", 7), ("powers", ["FRA", 1])]
)
def test_a_value_of_the_wrong_type_is_refused(name, value):
    with pytest.raises(TightropeError, match=name):
        check_parameters({name: value}, DECLARED)


def test_the_briefing_declares_typed_parameters_with_comments():
    parameters = read_parameters(NOTEBOOKS / "briefing.ipynb")
    assert {"state", "powers", "start", "end", "language"} <= set(parameters)
    assert parameters["powers"].type == "list[str]"
    assert all(parameter.help for parameter in parameters.values())


def test_a_notebook_without_parameters_or_with_computed_ones_is_refused(tmp_path):
    with pytest.raises(TightropeError, match="no cell tagged 'parameters'"):
        read_parameters(write_notebook(tmp_path / "a.ipynb", "x: int = 1", tags=()))
    with pytest.raises(TightropeError, match="'x' is no plain value"):
        read_parameters(write_notebook(tmp_path / "b.ipynb", "x: int = len('abc')"))
    with pytest.raises(TightropeError, match="there is no notebook"):
        read_parameters(tmp_path / "c.ipynb")


@pytest.mark.parametrize("name", ["../up", "a/b", "", "Togo", "-x", "latest/.."])
def test_a_name_that_is_no_folder_is_refused(name):
    with pytest.raises(TightropeError, match="cannot name a briefing"):
        check_name(name)
