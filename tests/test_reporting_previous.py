"""Which report a new one is compared with: the same whenever the same run is made again."""

import json

import nbformat
import pytest

from analysis.reporting.brief import make_briefing
from analysis.reporting.parameters import Briefing
from analysis.reporting.previous import choose_previous

ASKED = {"state": "TGO", "powers": ["FRA", "RUS"], "end": "2026-02-28", "language": "en"}


@pytest.fixture
def home(tmp_path):
    return tmp_path / "togo"


def put(home, day, rows="old", previous=None, **others):
    folder = home / day
    folder.mkdir(parents=True)
    manifest = {
        "parameters": {**ASKED, "end": day},
        "events": {"E1": day},
        "inputs": {"rows": {"events": rows}},
        **others,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    if previous:
        (folder / "previous.json").write_bytes((home / previous / "manifest.json").read_bytes())


def chosen(home, rows="new", **others):
    found = choose_previous(home, {**ASKED, **others}, {"events": rows})
    return json.loads(found)["parameters"]["end"] if found else None


def test_the_newest_earlier_day(home):
    assert chosen(home) is None
    for day in ("2025-11-30", "2026-01-31", "2026-03-31"):
        put(home, day)
    assert chosen(home) == "2026-01-31"


def test_the_same_day_if_it_saw_other_rows(home):
    put(home, "2026-01-31")
    put(home, "2026-02-28", rows="old", previous="2026-01-31")
    assert chosen(home, rows="new") == "2026-02-28"


def test_a_second_run_is_compared_with_what_the_first_was(home):
    put(home, "2026-01-31")
    put(home, "2026-02-28", rows="new", previous="2026-01-31")
    assert chosen(home, rows="new") == "2026-01-31"


def test_a_second_run_of_the_first_report_of_all_has_nothing_to_be_compared_with(home):
    put(home, "2026-02-28", rows="new")
    for written in (None, "{", "{}"):
        if written:
            (home / "2026-02-28" / "previous.json").write_text(written, encoding="utf-8")
        assert choose_previous(home, ASKED, {"events": "new"}) is None


def test_one_that_asked_something_else_or_noted_no_events_is_not_compared(home):
    put(home, "2025-11-30")
    put(home, "2026-01-31", events={})
    assert chosen(home) == "2025-11-30"
    assert chosen(home, powers=["FRA", "CHN"]) is None
    assert chosen(home, language="fr") == "2025-11-30"
    (home / "2025-11-30" / "manifest.json").write_text("{", encoding="utf-8")
    assert chosen(home) is None


@pytest.mark.slow
def test_a_run_hands_the_earlier_report_to_its_notebook_and_gives_the_same_bytes_again(tmp_path, built, monkeypatch):
    monkeypatch.setenv("TIGHTROPE_PREVIOUS", "/of/another/run.json")
    parameters = (
        'state: str = "TGO"  # s\npowers: list[str] = ["FRA", "RUS"]  # p\nstart: str = "2020-01-01"  # s\n'
        'end: str = "2026-02-28"  # e\ncomparison: list[str] = []  # c'
    )
    code = (
        "import analysis as tr\nevidence = tr.load_evidence(state, powers, start, end, comparison)\n"
        'display(tr.show_title("A title", "below", language="en", as_of=end), tr.show_changes(evidence))'
    )
    cells = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}), nbformat.v4.new_code_cell(code)]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = tmp_path / "small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec}), path)

    def make(end):
        folder = make_briefing(Briefing("small", path, {"end": end}), reports=tmp_path / "it's reports", data=built)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.name: path.read_bytes() for path in files}

    first = make("2025-12-31")
    assert "previous.json" not in first
    assert b"What has changed" not in first["briefing.html"]
    second = make("2026-02-28")
    assert b"What has changed since the report of 31 December 2025?" in second["briefing.html"]
    assert second["previous.json"] == first["manifest.json"]
    assert json.loads(second["manifest.json"])["changes"]["since"] == "2025-12-31"
    assert make("2026-02-28") == second


@pytest.mark.parametrize(
    "change",
    [
        {"parameters": [1]}, {"parameters": {"state": "TGO", "powers": ["FRA", "RUS"]}}, {"events": [1]}, {"inputs": 1},
        {"parameters": {**ASKED, "end": "soon"}}, {"events": {"E1": 1}}, {"key_numbers": {"depth": "much"}},
        {"key_numbers": [1]}, {"key_numbers": {"cooperation_FRA": 1e400}},
    ],
)  # fmt: skip
def test_a_manifest_of_another_form_is_compared_with_nothing(home, change):
    put(home, "2025-12-31")
    put(home, "2026-01-31", **change)
    assert chosen(home) == "2025-12-31"
