"""Parameters from schedulers and forms: whatever they hold reaches a notebook as that value, or is refused in a sentence."""

import json
from pathlib import Path

import pytest
from planted import HOSTILE_NAMES, HOSTILE_VALUES, aim, snapshot

from analysis.errors import TightropeError, UnknownNameError
from analysis.fetch.remote import accept_name
from analysis.lab.jobs import run_job
from analysis.reporting.brief import make_briefing
from analysis.reporting.entries import choose_briefing, list_notebooks, read_briefings, select_briefings
from analysis.reporting.parameters import Briefing, Parameter, check_name, check_parameters
from analysis.reporting.question import check_question, resolve_question
from analysis.reporting.saving import save_briefing
from tests.small_briefings import TITLE, write_notebook

PARAMETERS = (
    'end: str = "2026-02-28"  # last day\nnumber: int = 1  # n\nvalues: list[str] = []  # v\ntext: str = ""  # t\n'
    "share: float = 0.5  # s\nis_short: bool = False  # b"
)
ECHO = "import json\nprint(json.dumps([values, text, number, share, is_short]))"
_PLAIN_FILES = {"sample", "Togo", "a b", "index.html", "x" * 65}
DECLARED = {
    "text": Parameter("text", "str", "", ""),
    "values": Parameter("values", "list[str]", [], ""),
    "number": Parameter("number", "int", 1, ""),
    "share": Parameter("share", "float", 0.5, ""),
    "is_short": Parameter("is_short", "bool", False, ""),
}


@pytest.fixture
def asked(tmp_path):
    """A notebook that says what it was given, and values for it that would make a canary file if they were code."""
    (tmp_path / "notebooks").mkdir()
    write_notebook(tmp_path / "notebooks" / "echo.ipynb", TITLE, ECHO, parameters=PARAMETERS)
    values = [aim(value, tmp_path / "canary") for value in HOSTILE_VALUES]
    return tmp_path / "notebooks" / "echo.ipynb", values


def read_echo(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return json.loads("".join(cells[-1]["outputs"][0]["text"]))


@pytest.mark.slow
def test_no_value_is_code_and_nothing_is_written_outside_the_reports(asked, built, tmp_path):
    notebook, values = asked
    text = "".join(values)[:9_000]
    given = {"values": values, "text": text, "number": "-7", "share": "1e-9", "is_short": "true"}
    reports = tmp_path / "chosen" / "{end}" / "{pm[run_uuid]}" / "a 'b' \"c\" %s $HOME"
    reports.mkdir(parents=True)
    before = snapshot(tmp_path, without=reports)
    folder = make_briefing(Briefing("echo", notebook, given), reports=reports, data=built)
    assert read_echo(folder / "briefing.ipynb") == [[v.strip() for v in values if v.strip()], text, -7, 1e-9, True]
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["parameters"]["text"] == text
    assert snapshot(tmp_path, without=reports) == before


@pytest.mark.slow
def test_no_value_of_a_form_is_code(asked, built, tmp_path):
    notebook, values = asked
    text = "".join(values)[:9_000]
    out = tmp_path / "out"
    out.mkdir()
    before = snapshot(tmp_path, without=out)
    run_job(notebook, {"text": text, "values": ",".join(values[:40])}, {"ipynb": out / "job.ipynb"}, built)
    said = read_echo(out / "job.ipynb")
    assert said[1] == text
    assert said[0] == [part.strip() for part in ",".join(values[:40]).split(",") if part.strip()]
    assert snapshot(tmp_path, without=out) == before


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("text", "x" * 10_001, "text of up to 10000 characters"), ("text", "\udcff", "text in UTF-8"),
        ("text", ["x"], "type str"), ("text", {"x": 1}, "type str"), ("text", 1, "type str"), ("text", True, "type str"),
        ("values", ["x"] * 1_001, "a list of up to 1000 names"), ("values", "x," * 1_001, "up to 1000 names"),
        ("values", [["x"]], "type list"), ("values", [{"x": 1}], "type list"), ("values", {"x": 1}, "type list"),
        ("values", [None], "type list"), ("values", ["\ud800"], "text in UTF-8"), ("values", ["x" * 10_001], "of up to"),
        ("number", "9" * 5_000, "type int"), ("number", "0x10", "type int"), ("number", "1; import os", "type int"),
        ("number", 1.5, "type int"), ("number", [1], "type int"), ("number", None, "type int"), ("number", True, "type int"),
        ("share", "nan", "a finite number"), ("share", "-inf", "a finite number"), ("share", float("inf"), "a finite"),
        ("share", "1e999", "a finite number"), ("share", 10**400, "type float"), ("share", {"x": 1}, "type float"),
        ("is_short", "yes", "type bool"), ("is_short", 1, "type bool"), ("is_short", ["true"], "type bool"),
    ],
)  # fmt: skip
def test_a_value_that_is_too_much_or_of_another_kind_is_refused_in_a_short_sentence(name, value, accepted):
    with pytest.raises(TightropeError, match=f"parameter '{name}' is .*{accepted}.* is accepted") as caught:
        check_parameters({name: value}, DECLARED)
    assert len(str(caught.value)) < 300
    str(caught.value).encode()


def test_a_number_of_any_length_is_told_in_a_short_sentence():
    with pytest.raises(TightropeError, match="is a list too long to write"):
        check_parameters({"number": [10**5_000]}, DECLARED)
    with pytest.raises(TightropeError) as caught:
        check_parameters({"n" * 100_000: 1}, DECLARED)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("end", "../../2026-02-28"), ("end", "2026-02-28/.."), ("end", "2026-02-28\n"), ("end", ""), ("end", "latest"),
        ("end", "2026-02-28\0"), ("end", "0000-01-01"), ("end", "12026-01-01"),
        ("start", "today"), ("language", "../../up"), ("language", "fr/.."), ("language", "FR"), ("state", "../up"),
        ("powers", ["../up", "RUS"]), ("months", 0), ("months", -1),
    ],
)  # fmt: skip
def test_what_a_report_is_filed_under_is_no_path(name, value, built):
    asked = {"end": "2026-02-28", "start": "2025-01-01", "language": "en", "state": "TGO", "powers": ["FRA", "RUS"]}
    with pytest.raises(TightropeError):
        check_question({**asked, name: value}, built)


@pytest.mark.parametrize(
    ("name", "value", "filed"),
    [
        ("end", "1800-01-02", "1800-01-02"), ("end", "2199-12-31", "2199-12-31"),
        ("end", "2026-2-8", "2026-02-08"), ("end", "\u0662\u0660\u0662\u0666-02-28", "2026-02-28"),
        ("state", "../TGO", "TGO"), ("state", "TGO\0", "TGO"),
    ],
)  # fmt: skip
def test_what_a_report_is_filed_under_is_written_one_way(name, value, filed, built):
    asked = {"end": "2026-02-28", "start": "1800-01-01", "state": "TGO", "powers": ["FRA", "RUS"]}
    assert resolve_question({**asked, name: value})[name] == filed


@pytest.mark.parametrize("name", ["start", "end"])
@pytest.mark.parametrize("day", ["0001-01-01", "1677-09-21", "1799-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_that_no_row_can_have_is_refused(name, day):
    with pytest.raises(TightropeError, match=f"{name} {day} lies outside the years that a date may have, 1800 to 2199"):
        resolve_question({"state": "TGO", "powers": ["FRA", "RUS"], name: day})


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=ascii)
def test_a_name_that_is_a_path_a_device_or_a_look_alike_names_no_report(name, tmp_path):
    (tmp_path / "reports").mkdir()
    before = snapshot(tmp_path)
    with pytest.raises(TightropeError, match="cannot name a briefing") as caught:
        check_name(name)
    assert len(str(caught.value)) < 400
    with pytest.raises(TightropeError):
        save_briefing(name, notebooks=tmp_path, state="TGO")
    write_notebook(tmp_path / "x.ipynb", TITLE)
    with pytest.raises(TightropeError):
        make_briefing(
            Briefing(f"{name}", tmp_path / "x.ipynb", {"state": name}), reports=tmp_path / "reports", data=tmp_path
        )
    (tmp_path / "x.ipynb").unlink()
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=ascii)
def test_a_name_in_briefings_toml_is_held_to_the_same(name, tmp_path):
    write_notebook(tmp_path / "x.ipynb", TITLE)
    entry = json.dumps(name)
    (tmp_path / "briefings.toml").write_text(f'[{entry}]\nnotebook = "x.ipynb"\n', encoding="utf-8")
    with pytest.raises(TightropeError, match=r"cannot name a briefing|briefings\.toml"):
        read_briefings(tmp_path)
    with pytest.raises(UnknownNameError, match="unknown briefing"):
        choose_briefing(name, {})
    with pytest.raises(UnknownNameError, match="unknown briefing"):
        select_briefings([Briefing("togo", Path("x.ipynb"), {}, "togo")], [name])


@pytest.mark.parametrize("name", [name for name in HOSTILE_NAMES if name not in _PLAIN_FILES], ids=ascii)
def test_a_name_in_a_publishers_list_is_held_to_a_pattern(name):
    with pytest.raises(TightropeError, match=r"file name '.*' is not accepted"):
        accept_name(name)


@pytest.mark.parametrize(
    "written", ["../x.ipynb", "../../x.ipynb", "{}/x.ipynb", "./x.ipynb", "link.ipynb", "folder.ipynb", "x", ""]
)
def test_a_notebook_outside_the_folder_is_not_run(written, tmp_path):
    write_notebook(tmp_path / "x.ipynb", TITLE)
    notebooks = tmp_path / "notebooks"
    (notebooks / "folder.ipynb").mkdir(parents=True)
    (notebooks / "link.ipynb").symlink_to(tmp_path / "x.ipynb")
    write_notebook(notebooks / "own.ipynb", TITLE)
    assert list_notebooks(notebooks) == ["own.ipynb"]
    named = json.dumps(written.format(tmp_path))
    (notebooks / "briefings.toml").write_text(f"[x]\nnotebook = {named}\n", encoding="utf-8")
    with pytest.raises(UnknownNameError, match=r"unknown notebook .*own\.ipynb"):
        read_briefings(notebooks)


@pytest.mark.parametrize("kind", ["file", "link to a file", "nothing", "link to nothing", "empty"])
def test_a_folder_of_notebooks_that_is_none_is_told(kind, tmp_path):
    place = tmp_path / "place"
    (tmp_path / "file").write_text("x", encoding="utf-8")
    if kind == "file":
        place = tmp_path / "file"
    elif kind.startswith("link"):
        place.symlink_to(tmp_path / ("file" if kind == "link to a file" else "gone"))
    elif kind == "empty":
        place.mkdir()
    with pytest.raises(TightropeError, match=r"cannot read '.*briefings\.toml'"):
        read_briefings(place)
