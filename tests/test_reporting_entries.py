from contextlib import nullcontext
from pathlib import Path

import nbformat
import pytest

from analysis.errors import TightropeError, UnknownNameError
from analysis.paths import NOTEBOOKS
from analysis.reporting.entries import choose_briefing, expand_grid, find_briefing, read_briefings, select_briefings
from analysis.reporting.parameters import Briefing, check_parameters, name_report, read_parameters
from analysis.reporting.question import check_question


@pytest.fixture
def write(tmp_path):
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "briefing.ipynb")

    def write(text):
        (tmp_path / "briefings.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


GRID = """
[coast]
notebook = "briefing.ipynb"
start = "2021-01-01"

[coast.grid]
state = ["TGO", "BEN"]
powers = [["FRA", "RUS"], ["FRA", "CHN"]]
language = ["en", "fr"]

[togo]
notebook = "briefing.ipynb"
"""


def test_a_grid_is_one_briefing_for_each_combination(write):
    briefings = read_briefings(write(GRID))
    assert [briefing.name for briefing in briefings] == [
        "coast-tgo-fra-rus-en", "coast-tgo-fra-rus-fr", "coast-tgo-fra-chn-en", "coast-tgo-fra-chn-fr",
        "coast-ben-fra-rus-en", "coast-ben-fra-rus-fr", "coast-ben-fra-chn-en", "coast-ben-fra-chn-fr",
        "togo",
    ]  # fmt: skip
    assert {briefing.entry for briefing in briefings[:-1]} == {"coast"}
    assert briefings[-2].parameters == {
        "start": "2021-01-01", "state": "BEN", "powers": ["FRA", "CHN"], "language": "fr",
    }  # fmt: skip


def test_a_comparison_set_stands_for_its_states(write):
    briefings = read_briefings(write('[x]\nnotebook = "briefing.ipynb"\ngrid.state = "togo_region"\n'))
    assert [briefing.parameters["state"] for briefing in briefings][:3] == ["TGO", "BEN", "BFA"]
    assert len(briefings) == 11


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('grid.state = "togo_regio"', "unknown comparison set 'togo_regio'; did you mean 'togo_region'"),
        ("grid.state = []", "grid.state is \\[\\]; a list of values or a comparison set"),
        ("grid.months = 3", "grid.months is 3"),
        ('state = "TGO"\ngrid.state = ["BEN"]', "state stands in the grid and beside it"),
        ('grid.state = ["TGO", "TGO"]', "two briefings would be named x-tgo"),
        ('grid.state = ["../up"]', "cannot name a briefing"),
    ],
)
def test_a_faulty_grid_is_named(write, lines, message):
    with pytest.raises(TightropeError, match=message):
        read_briefings(write(f'[x]\nnotebook = "briefing.ipynb"\n{lines}\n'))


def test_a_value_outside_any_entry_is_named(write):
    with pytest.raises(TightropeError, match="'notebook' stands outside any entry"):
        read_briefings(write('notebook = "briefing.ipynb"\n'))


@pytest.mark.parametrize(
    ("patterns", "n_chosen"), [([], 9), (["coast"], 8), (["*-fr"], 4), (["togo", "coast-ben-*"], 5), (["togo"] * 2, 1)]
)
def test_patterns_choose_among_the_briefings(write, patterns, n_chosen):
    assert len(select_briefings(read_briefings(write(GRID)), patterns)) == n_chosen


@pytest.mark.parametrize("pattern", ["cost", "togoo", "coast-tgo-fra-rus-es"])
def test_a_pattern_that_matches_nothing_lists_near_matches(write, pattern):
    with pytest.raises(UnknownNameError, match="did you mean"):
        select_briefings(read_briefings(write(GRID)), ["togo", pattern])


def test_every_briefing_of_the_project_can_be_asked(built):
    briefings = read_briefings()
    assert len(briefings) > 20
    for briefing in briefings:
        if "sources" not in read_parameters(briefing.notebook):  # those need the archive of coded events
            check_question(check_parameters(briefing.parameters, read_parameters(briefing.notebook)), built)
    assert all(briefing.notebook.parent == NOTEBOOKS for briefing in briefings)


def test_a_new_briefing_is_four_lines(tmp_path, write):
    write('[benin]\nnotebook = "briefing.ipynb"\nstate = "BEN"\n')
    found = find_briefing("benin", tmp_path)
    assert (found.name, found.notebook.name, dict(found.parameters)) == ("benin", "briefing.ipynb", {"state": "BEN"})
    overridden = choose_briefing("benin", {"end": "2025-12-31"}, tmp_path)
    assert overridden.parameters == {"state": "BEN", "end": "2025-12-31"}
    with pytest.raises(TightropeError, match="'benin' has its own state; leave out the name"):
        choose_briefing("benin", {"state": "TGO"}, tmp_path)


@pytest.mark.parametrize("notebook", ['"missing.ipynb"', '"../outside.ipynb"', "3"])
def test_a_briefing_runs_only_notebooks_of_its_folder(tmp_path, notebook):
    (tmp_path / "briefings.toml").write_text(f"[x]\nnotebook = {notebook}\n", encoding="utf-8")
    with pytest.raises(UnknownNameError, match="unknown notebook"):
        find_briefing("x", tmp_path)


def test_a_day_needs_no_quotes(tmp_path, write):
    write(
        '[x]\nnotebook = "briefing.ipynb"\nstart = 2025-01-31\n[y]\nnotebook = "briefing.ipynb"\n'
        "grid.end = [2026-01-31, 2026-02-28]\nstart = 2025-01-31T07:32:00\nlist = [07:32:00]\n"
    )
    assert [(each.name, dict(each.parameters)) for each in read_briefings(tmp_path)] == [
        ("x", {"start": "2025-01-31"}),
        *((f"y-{end}", {"start": "2025-01-31T07:32:00", "list": ["07:32:00"], "end": end})
          for end in ("2026-01-31", "2026-02-28")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "language", "is_refused"), [("togo-fr", "fr", True), ("togo-fr", "en", True), ("togo-en", "en", False)]
)
def test_two_editions_are_never_filed_under_one_name(tmp_path, write, name, language, is_refused):
    french = '[togo]\nnotebook = "briefing.ipynb"\nlanguage = "fr"\n'
    write(f'{french}[{name}]\nnotebook = "briefing.ipynb"\nlanguage = "{language}"\n')
    with pytest.raises(TightropeError, match="two briefings would be named togo-fr") if is_refused else nullcontext():
        assert len({name_report(each) for each in read_briefings(tmp_path)}) == 2


def test_an_unknown_briefing_lists_near_matches():
    with pytest.raises(UnknownNameError, match="did you mean 'togo'"):
        find_briefing("togoo")


def test_a_name_that_lacks_its_language_offers_both_before_any_other():
    with pytest.raises(UnknownNameError, match="did you mean 'west_africa-ben-en' or 'west_africa-ben-fr'"):
        find_briefing("west_africa-ben")


def test_a_briefing_needs_a_name_or_a_question():
    with pytest.raises(TightropeError, match="--state and --powers"):
        choose_briefing(None, {"state": "TGO"})


def test_a_grid_of_too_many_briefings_is_refused_before_any_is_made():
    grid = {parameter: list(range(100)) for parameter in ("state", "powers", "months")}
    with pytest.raises(TightropeError, match=r"its grid makes 1,000,000 briefings; up to 10,000 are accepted"):
        expand_grid(Briefing("ports", Path("briefing.ipynb"), {}), grid)
