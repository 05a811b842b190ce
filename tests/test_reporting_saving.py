"""Parameters saved as an entry of briefings.toml: checked, escaped, in place, at once, and nothing else touched."""

import os
import shutil
import tomllib

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import analysis.reporting.saving as module
from analysis.errors import TightropeError, UnknownNameError
from analysis.paths import BRIEFINGS_TOML, NOTEBOOKS
from analysis.reporting.entries import find_briefing
from analysis.reporting.saving import append_entry, replace_entry, save_briefing

FILE = """# The head.

[togo]  # first
# Why Togo.
notebook = "briefing.ipynb"
state = "TGO"  # lost with its line
powers = [
    "FRA",
    # a thought
    "RUS",
]

# About the coast.
[coast]
notebook = "briefing.ipynb"
powers = ["FRA", "RUS"]

[coast.grid]
state = ["BEN", "GHA"]
# The end.
"""


@pytest.fixture
def folder(tmp_path):
    shutil.copy(NOTEBOOKS / "briefing.ipynb", tmp_path)
    (tmp_path / BRIEFINGS_TOML).write_text(FILE, encoding="utf-8")
    return tmp_path


def text_of(folder):
    return (folder / BRIEFINGS_TOML).read_bytes().decode("utf-8")


def test_a_new_entry_goes_to_the_end_and_all_else_stays(folder):
    saved = save_briefing("benin", notebooks=folder, state="Bénin", powers=["France", "RUS", "Chine"], months="6")
    assert text_of(folder) == FILE + (
        '\n[benin]\nnotebook = "briefing.ipynb"\nstate = "BEN"\npowers = ["FRA", "RUS", "CHN"]\nmonths = 6\n'
    )
    assert saved == find_briefing("benin", folder)
    assert saved.parameters == {"state": "BEN", "powers": ["FRA", "RUS", "CHN"], "months": 6}


def test_a_replaced_entry_keeps_its_place_and_its_comments(folder):
    save_briefing("togo", notebooks=folder, replace=True, state="TGO", powers=["FRA", "CHN"])
    assert text_of(folder) == FILE.replace(
        FILE[FILE.index("# Why Togo.") : FILE.index("\n# About the coast.")],
        '# Why Togo.\n    # a thought\nnotebook = "briefing.ipynb"\nstate = "TGO"\npowers = ["FRA", "CHN"]\n',
    )


def test_a_replaced_grid_is_a_single_briefing(folder):
    save_briefing("coast", notebooks=folder, replace=True, state="BEN", powers=["FRA", "RUS"])
    assert text_of(folder) == FILE[: FILE.index("[coast]")] + (
        '[coast]\nnotebook = "briefing.ipynb"\nstate = "BEN"\npowers = ["FRA", "RUS"]\n# The end.\n'
    )
    assert find_briefing("coast", folder).parameters["state"] == "BEN"


REFUSED = [
    ({"name": "togo"}, "has an entry 'togo' already; give another name, or replace=True"),
    ({"name": "coast-ben", "replace": True}, "'coast-ben' already; give another name, for 'coast-ben' is made by"),
    ({"name": "Togo!"}, "cannot name a briefing"),
    ({"name": "benin", "notebook": "brefing.ipynb"}, "did you mean 'briefing.ipynb'"),
    ({"name": "benin", "pwers": ["FRA"]}, "unknown parameter 'pwers'; did you mean 'powers'"),
    ({"name": "benin", "state": "Benim"}, "Benim"),
    ({"name": "benin", "powers": ["FRA"]}, "two"),
    ({"name": "benin", "end": "soon"}, "'soon' is no date"),
    ({"name": "benin", "months": "many"}, "parameter 'months' is 'many'"),
]


@pytest.mark.parametrize(("given_values", "message"), REFUSED)
def test_what_is_refused_changes_nothing(folder, given_values, message):
    with pytest.raises(TightropeError, match=message.replace("(", r"\(")):
        save_briefing(**{"state": "BEN", "powers": ["FRA", "RUS"], **given_values}, notebooks=folder)
    assert text_of(folder) == FILE
    assert sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock")) == [
        "briefing.ipynb", BRIEFINGS_TOML,
    ]  # fmt: skip


def test_a_file_that_dies_in_the_writing_stands_as_it_was(folder, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "replace", fail)
    with pytest.raises(TightropeError, match="No space left on device"):
        save_briefing("benin", notebooks=folder, state="BEN", powers=["FRA", "RUS"])
    assert text_of(folder) == FILE
    assert not list(folder.glob(f".{BRIEFINGS_TOML}-*"))


def test_an_entry_in_two_places_is_left_to_a_hand(folder):
    split = FILE.replace("[coast.grid]", '[region]\nnotebook = "briefing.ipynb"\n\n[coast.grid]')
    (folder / BRIEFINGS_TOML).write_text(split, encoding="utf-8")
    with pytest.raises(TightropeError, match="do not stand together; change it by hand"):
        save_briefing("coast", notebooks=folder, replace=True, state="BEN", powers=["FRA", "RUS"])
    assert text_of(folder) == split


def test_what_looks_like_a_header_within_a_text_is_found_out(folder):
    tricky = FILE.replace("[coast]\n", '[coast]\nnote = """\n[togo]\n"""\n', 1)
    with pytest.raises(TightropeError, match="by hand"):
        module._check_rest(replace_entry(tricky, "togo", {"x": 1}), tomllib.loads(tricky), "togo", {"x": 1})


def test_line_ends_and_permissions_are_kept(folder):
    path = folder / BRIEFINGS_TOML
    path.write_bytes(FILE.replace("\n", "\r\n").encode())
    os.chmod(path, 0o640)
    save_briefing("benin", notebooks=folder, state="BEN", powers=["FRA", "RUS"])
    save_briefing("togo", notebooks=folder, replace=True, state="TGO", powers=["FRA", "RUS"])
    assert path.stat().st_mode & 0o777 == 0o640
    assert text_of(folder).count("\n") == text_of(folder).count("\r\n")


def test_the_notebook_of_another_kind(folder):
    nbformat.write(nbformat.v4.new_notebook(), folder / "other.ipynb")
    with pytest.raises(TightropeError, match="no cell tagged 'parameters'"):
        save_briefing("other", notebook="other.ipynb", notebooks=folder)
    with pytest.raises(UnknownNameError):
        save_briefing("other", notebook="none.ipynb", notebooks=folder)


values = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])), st.integers(-(2**63), 2**63 - 1), st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False), st.lists(st.text(st.characters(exclude_categories=["Cs"]))),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), values, max_size=4))
def test_whatever_text_is_written_is_read_back(entry):
    appended = append_entry(FILE, "new", entry)
    assert tomllib.loads(appended) == {**tomllib.loads(FILE), "new": entry}
    replaced = replace_entry(appended, "togo", entry)
    assert tomllib.loads(replaced) == {**tomllib.loads(appended), "togo": entry}
    again = replace_entry(replaced, "new", {"state": "TGO"})
    assert tomllib.loads(again) == {**tomllib.loads(replaced), "new": {"state": "TGO"}}
