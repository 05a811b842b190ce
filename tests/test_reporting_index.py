"""The index of all reports: states, numbers with their intervals, what changed; plain, and readable by everyone."""

import json
from datetime import UTC, datetime

import pytest
from browser import needs_browser, open_page
from notebook_factory import SVG

from analysis.errors import TightropeError
from analysis.paths import NOTEBOOKS
from analysis.reporting.days import list_days
from analysis.reporting.index import list_entries, write_index
from analysis.reporting.inputs import Snapshot
from analysis.reporting.parameters import Briefing, check_parameters, read_parameters
from analysis.reporting.unbegun import note_unbegun

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
HOSTILE = '"><script>alert(1)</script>'
FACTS = [["Tilt between France (+1) and Russia (−1)", "−0.27", "90 % interval −0.53 to +0.01"], ["Events", "49", ""]]


@pytest.fixture
def snapshot(built):
    return Snapshot(built)


@pytest.fixture
def put(tmp_path, snapshot):
    def put(name, day="2026-02-28", **others):
        notebook = NOTEBOOKS / "briefing.ipynb"
        parameters = check_parameters({"end": day}, read_parameters(notebook))
        folder = tmp_path / name / day
        (folder / "figures").mkdir(parents=True)
        (folder / "figures" / "line.svg").write_text(SVG, encoding="utf-8")
        manifest = {
            "title": "Togo between France and Russia", "language": "en", "figures": ["line"], "parameters": parameters,
            "facts": FACTS, "inputs": snapshot.describe(notebook, parameters), "versions": snapshot.versions,
            "outputs": {"figures/line.svg": "0"}, "changes": None, **others,
        }  # fmt: skip
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        (folder / "ro-crate-metadata.json").touch()
        latest = tmp_path / name / "latest"
        latest.unlink(missing_ok=True)
        latest.symlink_to(list_days(tmp_path / name)[-1])

    return put


def fail(reports, name):
    (reports / name).mkdir(exist_ok=True)
    (reports / name / "failed.html").write_text("what failed", encoding="utf-8")


def test_each_report_has_its_state(tmp_path, snapshot, put):
    for name in ("made", "kept", "old", "broken"):
        put(name, **({"versions": {}} if name == "old" else {}))
    fail(tmp_path, "broken")
    fail(tmp_path, "never")
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "briefing.html").write_text("no report", encoding="utf-8")
    states = {entry.name: entry.state for entry in list_entries(tmp_path, snapshot, {"made"})}
    assert states == {"broken": "failed", "kept": "unchanged", "made": "fresh", "never": "failed", "old": "stale"}
    page = write_index(tmp_path, snapshot, {"made"}).read_text(encoding="utf-8")
    assert "5 reports: 2 failed, 1 stale, 1 fresh, 1 unchanged" in page
    assert "other versions: " in page
    assert 'href="never/failed.html"' in page
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_was_never_made_is_listed_too_and_nothing_twice(tmp_path, snapshot, put):
    put("togo")
    fail(tmp_path, "broken")
    briefings = [
        Briefing(name, NOTEBOOKS / "briefing.ipynb", parameters)
        for name, parameters in {
            "togo": {}, "broken": {}, "never": {}, "mali": {"language": "fr"}, "wrong": {"numbr": 1},
        }.items()
    ]  # fmt: skip
    entries = {entry.name: entry for entry in list_entries(tmp_path, snapshot, (), NOTEBOOKS, briefings)}
    assert {name: entry.state for name, entry in entries.items()} == {
        "broken": "failed", "mali-fr": "unmade", "never": "unmade", "togo": "unchanged", "wrong": "unmade",
    }  # fmt: skip
    assert entries["never"].why == "No report of this name has been published yet."
    assert (entries["never"].links, entries["never"].as_of) == ((), "")
    page = write_index(tmp_path, snapshot, (), NOTEBOOKS, briefings).read_text(encoding="utf-8")
    assert "5 reports: 1 failed, 1 unchanged, 3 not made yet" in page


def test_a_report_that_no_batch_makes_is_told_from_the_others(tmp_path, snapshot, put):
    for name in ("togo", "renamed-since"):
        put(name)
    briefings = [Briefing("togo", NOTEBOOKS / "briefing.ipynb", {}), Briefing("new", NOTEBOOKS / "briefing.ipynb", {})]
    entries = list_entries(tmp_path, snapshot, (), NOTEBOOKS, briefings)
    assert [entry.name for entry in entries if entry.is_by_hand] == ["renamed-since"]
    page = write_index(tmp_path, snapshot, (), NOTEBOOKS, briefings).read_text(encoding="utf-8")
    assert page.count("made by hand alone: briefings.toml does not name it") == 1
    assert not any(entry.is_by_hand for entry in list_entries(tmp_path, snapshot))


def test_without_built_tables_a_report_is_not_called_unchanged(tmp_path, put):
    put("togo")
    (entry,) = list_entries(tmp_path, None)
    assert (entry.state, entry.why) == ("stale", "There are no built tables to compare it with.")


def test_the_newest_day_is_shown_and_the_others_are_linked(tmp_path, snapshot, put):
    put("togo", "2026-01-31")
    put("togo", "2026-02-28")
    (entry,) = list_entries(tmp_path, snapshot)
    assert (entry.as_of, entry.earlier) == ("2026-02-28", ("2026-01-31",))
    assert entry.thumbnail == "togo/2026-02-28/figures/line.svg"
    assert [address for address, _ in entry.links] == [
        "togo/2026-02-28/briefing.html", "togo/2026-02-28/briefing.pdf", "togo/2026-02-28/manifest.json",
    ]  # fmt: skip


def test_key_numbers_are_those_at_the_head_of_the_report_in_its_language(tmp_path, snapshot, put):
    put("togo", language="fr")
    put("old", facts=[])
    old, entry = list_entries(tmp_path, snapshot)
    assert entry.facts == tuple(tuple(fact) for fact in FACTS)
    assert old.facts == ()
    page = write_index(tmp_path, snapshot).read_text(encoding="utf-8")
    assert page.count("<dl") == page.count('<dl lang="fr">') == 1
    assert "<dd><b>−0.27</b> 90 % interval −0.53 to +0.01</dd>" in page


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"new": ["a", "b"], "revised": ["c"], "numbers": {"tilt": [-0.3, -0.27]}},
         "Since 31 January 2026: 2 new events, 1 revised."),
        ({}, "Since 31 January 2026: no event new or revised."),
        ({"since": "2026-02-28", "gone": ["a"]}, "Since the last edition: 1 gone."),
        ({"since": "2026-02-28"}, ""),
    ],
)  # fmt: skip
def test_what_changed_is_told_in_a_line(tmp_path, snapshot, put, changes, told):
    put("togo", changes={"since": "2026-01-31", "new": [], "revised": [], "gone": [], "numbers": {}} | changes)
    (entry,) = list_entries(tmp_path, snapshot)
    assert entry.changes == told


def test_what_has_moved_is_told_as_the_report_tells_it_with_the_interval_and_in_its_language(tmp_path, snapshot, put):
    moved = ["L'inclinaison est passée de −0,30 (intervalle à 90 % de −0,50 à −0,10) à −0,27 <b>.", "Et plus."]
    put("togo", language="fr", changes={"since": "2026-01-31", "new": [], "revised": [], "gone": [],
                                        "numbers": {"tilt": [-0.3, -0.27]}, "moved": moved})  # fmt: skip
    (entry,) = list_entries(tmp_path, snapshot)
    assert entry.moved == " ".join(moved)
    page = write_index(tmp_path, snapshot).read_text(encoding="utf-8")
    assert '<span lang="fr">L&#39;inclinaison est passée de −0,30 (intervalle à 90 % de −0,50 à −0,10)' in page
    assert "<b>." not in page


def test_a_broken_manifest_and_hostile_text_do_no_harm(tmp_path, snapshot, put):
    put("togo", title=HOSTILE, facts=[[HOSTILE, HOSTILE, HOSTILE]])
    put("mali")
    (tmp_path / "mali" / "2026-02-28" / "manifest.json").write_text("[", encoding="utf-8")
    page = write_index(tmp_path, snapshot).read_text(encoding="utf-8")
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 5
    assert {entry.name: entry.state for entry in list_entries(tmp_path, snapshot)}["mali"] == "stale"


OTHER_FORMS = [
        {"inputs": []}, {"inputs": {"notebook": {"\0": "0"}}}, {"inputs": {"notebook": {"../x.ipynb": "0"}}},
        {"inputs": {"notebook": {"/dev/zero": "0"}}}, {"inputs": {"notebook": 1}}, {"inputs": {"archive": []}},
        {"inputs": {"rows": []}}, {"changes": {"x": 1}}, {"changes": [1]}, {"changes": 1}, {"facts": [1]},
        {"changes": {"since": "2026-02-30", "new": [], "revised": [], "gone": [], "numbers": {}}},
        {"changes": {"since": "2026-01-31", "new": [], "revised": [], "gone": [], "numbers": {"tilt": [0, 1e400]}}},
        {"changes": {"since": "2026-01-31", "new": [], "revised": [], "gone": [], "numbers": {"tilt": ["0", "1"]}}},
        {"facts": [["a", "b"]]}, {"facts": {"a": 1}}, {"parameters": [1]}, {"parameters": {"end": 1}}, {"title": ["x"]},
        {"language": 3}, {"figures": ["../../../x"], "outputs": {"figures/../../../x.svg": "0"}}, {"figures": [["x"]]},
        {"figures": "line"}, {"outputs": ["figures/line.svg"]}, {"outputs": {"x" * 300: "0"}}, {"versions": [1]},
        {"versions": {"pandas": 3}}, {"inputs": {"sources": {"a.csv": "CC0"}}},
        {"inputs": {"sources": {"a.csv": {"citation": "x", "licence": "y"}}}}, {"title": "\ud800"}, {"events": [1]}, {"key_numbers": {"tilt": "much"}},
]  # fmt: skip


def test_a_manifest_of_another_form_is_one_that_cannot_be_read(tmp_path, snapshot, put):
    put("mali")
    for number, change in enumerate(OTHER_FORMS):
        put(f"other-{number}", **change)
    for number, content in enumerate([b"[" * 100_000, b"\xff", b"[1]", b"1" * 5000]):
        put(f"text-{number}")
        (tmp_path / f"text-{number}" / "2026-02-28" / "manifest.json").write_bytes(content)
    mali, *others = list_entries(tmp_path, snapshot)
    assert mali.state == "unchanged"
    assert len(others) == len(OTHER_FORMS) + 4
    for entry in others:
        assert (entry.state, entry.why, entry.title) == ("stale", "Its manifest cannot be read.", entry.name)
        assert (entry.thumbnail, entry.facts, entry.changes, entry.links) == ("", (), "", ())
    page = write_index(tmp_path, snapshot).read_text(encoding="utf-8")
    assert page.count("Its manifest cannot be read.") == len(others)


def test_a_folder_that_is_no_day_of_the_calendar_is_no_report(tmp_path, snapshot, put):
    put("togo")
    for name in ("2026-99-99", "0000-00-00"):
        (tmp_path / "togo" / name).mkdir()
    (entry,) = list_entries(tmp_path, snapshot)
    assert (entry.as_of, entry.earlier) == ("2026-02-28", ())


def test_the_first_and_the_last_day_of_the_calendar_are_shown(tmp_path, snapshot, put):
    for name, day in (("first", "0001-01-01"), ("last", "9999-12-31")):
        put(name, day, changes={"since": day, "new": ["a"], "revised": [], "gone": [], "numbers": {}})
    assert [entry.as_of for entry in list_entries(tmp_path, snapshot)] == ["0001-01-01", "9999-12-31"]


def test_the_same_reports_give_the_same_page(tmp_path, snapshot, put):
    put("togo")
    first = write_index(tmp_path, snapshot).read_bytes()
    assert write_index(tmp_path, snapshot).read_bytes() == first


@pytest.mark.slow
@needs_browser
@pytest.mark.parametrize(
    ("width", "scheme", "paper"), [(390, "dark", "rgb(20, 24, 29)"), (1400, "light", "rgb(253, 253, 252)")]
)
def test_everyone_can_read_it_from_disk(tmp_path, snapshot, put, width, scheme, paper):
    for name in ("togo", "mali"):
        put(name, "2026-01-31")
        put(name, changes={"since": "2026-01-31", "new": ["a"], "revised": [], "gone": [], "numbers": {}})
    fail(tmp_path, "mali")
    fail(tmp_path, "a-report-with-a-name-as-long-as-a-name-of-a-report-may-be-at-most")
    note_unbegun(tmp_path, TightropeError("a-file-with-a-name-of-many-letters" * 9), ["togo"], NOW)
    never = Briefing("never", NOTEBOOKS / "briefing.ipynb", {})
    seen = open_page(write_index(tmp_path, snapshot, (), NOTEBOOKS, [never]), width, scheme)
    assert seen.violations == []
    assert seen.width == width
    assert seen.complaints == []
    assert all(address.startswith(tmp_path.as_uri()) for address in seen.requests)
    assert seen.are_pictures_drawn == [True, True]
    assert seen.background == paper
