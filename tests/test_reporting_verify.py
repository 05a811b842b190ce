"""Verifying a report: nothing differs, and each planted difference is named; and its metadata for a reviewer's tools."""

import json
import shutil
import subprocess
import sys

import nbformat
import pytest

from analysis.archive.ledger import BatchRecord, FileRecord, Ledger, save_ledger
from analysis.build import build
from analysis.errors import TightropeError, UnknownNameError
from analysis.paths import ARCHIVE, PROJECT, RAW, SOURCES_TOML
from analysis.reporting.brief import make_briefing
from analysis.reporting.crate import create_crate
from analysis.reporting.inputs import Snapshot
from analysis.reporting.parameters import Briefing
from analysis.reporting.verify import find_report, verify_report
from tests.small_briefings import write_notebook

pytestmark = pytest.mark.slow

PARAMETERS = (
    'state: str = "TGO"  # s\npowers: list[str] = ["FRA", "RUS"]  # p\nstart: str = "2020-01-01"  # s\n'
    'end: str = "2026-02-28"  # e\ncomparison: list[str] = []  # c'
)
CODE = (
    "import analysis as tr\nevidence = tr.load_evidence(state, powers, start, end, comparison)\n"
    'display(tr.show_title("Two <ports>", "below", language="en", as_of=end), tr.table_files(evidence))\n'
    "tr.show_changes(evidence)"
)

SOURCES = 'end: str = "2026-02-28"  # e\nsources: list[str] = []  # s'


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    cells = [nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}), nbformat.v4.new_code_cell(CODE)]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec}), folder / "small.ipynb")
    return folder


@pytest.fixture(scope="module")
def published(notebooks, built, tmp_path_factory):
    reports = tmp_path_factory.mktemp("reports")
    for end in ("2025-12-31", "2026-02-28"):
        given = {"powers": ["FRA", "RUS"], "state": "TGO", "end": end}
        folder = make_briefing(Briefing("small", notebooks / "small.ipynb", given), reports=reports, data=built)
    return folder


@pytest.fixture
def report(published, tmp_path):
    shutil.copytree(published, tmp_path / "report")
    return tmp_path / "report"


def test_a_report_that_is_what_it_says_differs_in_nothing(published, notebooks, built):
    done = verify_report(published, data=built, notebooks=notebooks)
    assert done.differences == ()
    assert (done.n_outputs, done.n_inputs, done.n_remade) == (5, 18, 7)


def test_a_report_is_found_by_its_name_whatever_became_of_its_link(tmp_path):
    home = tmp_path / "reports" / "togo"
    for day in ("2026-01-31", "2026-02-28"):
        (home / day).mkdir(parents=True)
    for lead in (None, "2026-01-31", "2020-01-31"):
        (home / "latest").unlink(missing_ok=True)
        if lead:
            (home / "latest").symlink_to(lead)
        assert find_report("togo", tmp_path / "reports") == home / "2026-02-28"
    assert find_report(str(home / "2026-01-31"), tmp_path / "reports") == home / "2026-01-31"
    with pytest.raises(UnknownNameError, match=r"unknown report 'tog'; did you mean 'togo'\?"):
        find_report("tog", tmp_path / "reports")


def test_each_planted_difference_is_named(report, notebooks, built, tmp_path):
    (report / "briefing.html").write_text("other", encoding="utf-8")
    (report / "briefing.pdf").unlink()
    (report / "stray.txt").write_text("added", encoding="utf-8")
    (report / "ro-crate-metadata.json").write_text("{}", encoding="utf-8")
    raw = tmp_path / "raw"
    shutil.copytree(RAW, raw)
    (raw / "CHANGES.csv").unlink()
    (raw / "missions.csv").chmod(0o644)
    (raw / "missions.csv").write_text("other", encoding="utf-8")
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    manifest["versions"]["pandas"] = "0.1"
    manifest["inputs"]["code"] = "0"
    manifest["inputs"]["rows"]["events"] = "0"
    manifest["inputs"]["notebook"]["small.ipynb"] = "0"
    (report / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = verify_report(report, data=built, raw=raw, notebooks=notebooks).differences
    now = [line for line in found if line.startswith("pandas: ")]
    assert now[0].startswith("pandas: 0.1 then, ")
    assert [line for line in found if line not in now] == [
        "output briefing.html: not the file that the manifest lists",
        "output briefing.pdf: missing",
        "output stray.txt: not in the manifest",
        "output ro-crate-metadata.json: not what the manifest says",
        "input CHANGES.csv: missing",
        "input missions.csv: has changed",
        "notebook small.ipynb: has changed",
        "table events: other rows",
        "code: has changed",
        "made again: briefing.html differs",
        "made again: briefing.pdf is new",
        "made again: manifest.json differs in inputs.code, inputs.notebook, inputs.rows, versions.pandas",
        "made again: ro-crate-metadata.json differs",
        "made again: stray.txt is no longer made",
    ]


def write_archive(data, digests):
    """An archive of one file of each source, by its ledger alone."""
    (data / ARCHIVE.name).mkdir(exist_ok=True)
    batches = {
        name: BatchRecord(name, name, name, [FileRecord(f"{name}.csv", 1, 1, digest)])
        for name, digest in digests.items()
    }
    save_ledger(data / ARCHIVE.name, Ledger("code", "none", batches))


def test_an_event_file_that_has_changed_is_named(built, tmp_path):
    data, report, notebook = tmp_path / "processed", tmp_path / "report", tmp_path / "asking.ipynb"
    shutil.copytree(built, data)
    report.mkdir()
    write_notebook(notebook, "import analysis as tr\ntr.load_quality(['TGO'], end, end, sources)", parameters=SOURCES)
    write_archive(data, {"gdelt2": "1", "icews": "1", "phoenix": "1"})
    snapshot, given = Snapshot(data), {"end": "2026-02-28", "sources": ["gdelt2", "icews"]}
    manifest = {
        "name": "asking", "parameters": given, "outputs": {}, "versions": snapshot.versions,
        "inputs": snapshot.describe(notebook, given), "title": "Asking", "language": "en",
    }  # fmt: skip
    (report / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (report / "ro-crate-metadata.json").write_text(create_crate(report, manifest), encoding="utf-8")
    assert verify_report(report, data=data, notebooks=tmp_path, is_remade=False).differences == ()
    write_archive(data, {"gdelt2": "2", "icews": "1", "phoenix": "2"})
    found = verify_report(report, data=data, notebooks=tmp_path, is_remade=False).differences
    assert found == ("event file gdelt2.csv: has changed",)
    write_archive(data, {"gdelt2": "1", "phoenix": "1"})
    found = verify_report(report, data=data, notebooks=tmp_path, is_remade=False).differences
    assert found == ("event file icews.csv: has changed",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda path: path.write_text("{}", encoding="utf-8"), "not what the manifest says"),
        (lambda path: path.write_text("{", encoding="utf-8"), "not what the manifest says"),
        (lambda path: path.write_text('{"@graph": [[]]}', encoding="utf-8"), "not what the manifest says"),
        (lambda path: path.write_text(path.read_text(encoding="utf-8").replace("FRA, RUS", "FRA, CHN"), encoding="utf-8"),
         "not what the manifest says"),
        (lambda path: path.unlink(), "missing"),
        (lambda path: (path.parent / "briefing.pdf").unlink(), ""),
    ],
    ids=["empty", "broken", "another form", "another power", "gone", "a file is gone"],
)  # fmt: skip
def test_the_crate_is_held_against_the_manifest_though_nothing_is_made_again(report, notebooks, built, change, said):
    change(report / "ro-crate-metadata.json")
    found = verify_report(report, data=built, notebooks=notebooks, is_remade=False).differences
    assert [line for line in found if "ro-crate" in line] == (
        [f"output ro-crate-metadata.json: {said}"] if said else []
    )


def test_a_report_that_cannot_be_made_again_says_why(report, built, tmp_path):
    (tmp_path / "none").mkdir()
    found = verify_report(report, data=built, notebooks=tmp_path / "none").differences
    assert found[0] == "notebook small.ipynb: missing"
    assert found[1].startswith("made again: there is no notebook ")


def test_a_folder_without_a_manifest_is_an_error(tmp_path, built):
    with pytest.raises(TightropeError, match=r"manifest\.json' is no manifest: .*; name the folder of a report"):
        verify_report(tmp_path, data=built)


def test_the_crate_says_what_made_what(published):
    from rocrate.rocrate import ROCrate

    crate = ROCrate(published)
    assert crate.name == "Two <ports>"
    assert crate.root_dataset["datePublished"] == "2026-02-28"
    manifest = json.loads((published / "manifest.json").read_text(encoding="utf-8"))
    run = crate.dereference("#run")
    # By these two a reviewer's tools know that it is a run, and find it.
    assert crate.root_dataset["conformsTo"].id == "https://w3id.org/ro/wfrun/process/0.5"
    assert crate.root_dataset["mentions"].id == run.id
    assert run.type == "CreateAction"
    assert {file.id for file in run["result"]} == {*manifest["outputs"], "manifest.json"}
    assert {file.id: file["sha256"] for file in run["result"] if file.id != "manifest.json"} == manifest["outputs"]
    assert run["instrument"][0]["sha256"] == manifest["inputs"]["notebook"]["small.ipynb"]
    objects = {entity.id: entity for entity in run["object"]}
    events = objects["#inputs/togo_events.csv"]
    assert events["sha256"] == manifest["inputs"]["files"]["togo_events.csv"]
    assert events["license"] == "https://spdx.org/licenses/CC-BY-4.0"
    assert "Tightrope founders (2026)" in events["citation"]
    assert objects["#parameters/powers"]["value"] == "FRA, RUS"
    assert crate.root_dataset["license"].id == "https://spdx.org/licenses/CC-BY-4.0"
    assert "pandas" in {library["name"] for library in run["instrument"][0]["softwareRequirements"]}


def test_the_crate_says_where_its_own_raw_files_come_from_whatever_is_listed_since(notebooks, raw_copy, tmp_path):
    listed = (raw_copy / SOURCES_TOML).read_text(encoding="utf-8")
    mine = listed.replace("Tightrope founders (2026)", "Somebody else (2025)")
    (raw_copy / SOURCES_TOML).write_text(mine, encoding="utf-8")
    data, options = tmp_path / "processed", {"raw": raw_copy, "notebooks": notebooks}
    build(raw_copy, data)
    given = {"powers": ["FRA", "RUS"], "state": "TGO"}
    folder = make_briefing(Briefing("small", notebooks / "small.ipynb", given), reports=tmp_path / "reports", data=data)
    crate = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    said = {entity["@id"]: entity.get("citation", "") for entity in crate["@graph"] if "#inputs/" in entity["@id"]}
    assert len(said) == 18
    assert all(citation.startswith("Somebody else (2025).") for citation in said.values())
    (raw_copy / SOURCES_TOML).write_text(listed, encoding="utf-8")
    build(raw_copy, data)
    assert verify_report(folder, data=data, **options, is_remade=False).differences == ()
    assert verify_report(folder, data=data, **options).differences == (
        "made again: manifest.json differs in inputs.build, inputs.sources", "made again: ro-crate-metadata.json differs",
    )  # fmt: skip


def tightrope(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "analysis", "verify", *arguments],
        capture_output=True, text=True, timeout=120, check=False, cwd=PROJECT,
    )  # fmt: skip


def test_the_command_ends_with_1_if_anything_differs(report, notebooks, built):
    options = ("--data", str(built), "--notebooks", str(notebooks), "--no-remake")
    done = tightrope(str(report), *options)
    assert (done.returncode, "5 outputs and 18 raw files hashed: nothing differs" in done.stdout) == (0, True)
    (report / "briefing.pdf").unlink()
    done = tightrope(str(report), *options)
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == "output briefing.pdf: missing"


@pytest.mark.parametrize("available", ["some", "none", "no folder"])
@pytest.mark.parametrize("written", ["../evil.ipynb", "{}/evil.ipynb", "evil.ipynb"])
def test_a_manifest_does_not_say_which_code_to_run(report, notebooks, built, tmp_path, written, available):
    canary = tmp_path / "canary"
    cells = [nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
    cells += [nbformat.v4.new_code_cell(f"open({str(canary)!r}, 'w')")]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    evil = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})
    for folder in (report, tmp_path):
        nbformat.write(evil, folder / "evil.ipynb")
    folder = tmp_path / "notebooks"
    if available == "some":
        shutil.copytree(notebooks, folder)
    elif available == "none":
        folder.mkdir()
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    manifest["inputs"]["notebook"] = {written.format(report): "0"}
    (report / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for is_remade in (True, False):
        if "/" in written or (is_remade and available == "some"):
            with pytest.raises(UnknownNameError, match=r"unknown notebook .*(small\.ipynb|there is none)"):
                verify_report(report, data=built, notebooks=folder, is_remade=is_remade)
        else:
            found = verify_report(report, data=built, notebooks=folder, is_remade=is_remade).differences
            assert "notebook evil.ipynb: missing" in found
    assert not canary.exists()


def test_a_notebook_that_is_a_link_is_not_run_though_it_stands_alone(report, built, tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "small.ipynb").symlink_to(tmp_path / "evil.ipynb")
    with pytest.raises(UnknownNameError, match=r"unknown notebook 'small\.ipynb'; there is none"):
        verify_report(report, data=built, notebooks=tmp_path / "notebooks")


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": []}, {"inputs": {"files": {}, "notebook": {}}}, {"inputs": {"files": 1, "notebook": {"a": "b"}}},
        {"outputs": ["x"]}, {"parameters": None}, {"versions": "1"}, {"name": 3},
        {"inputs": {"files": {}, "notebook": {"a": "b", "c": "d"}}}, {"parameters": {}}, {"parameters": {"end": "soon"}},
        {"outputs": {"a" * 300: "0"}}, {"outputs": {"figures/../../x.svg": "0"}}, {"outputs": {"/etc/passwd": "0"}},
        {"inputs": {"files": {"a" * 300: "0"}, "notebook": {"a": "b"}}}, {"name": "\ud800"},
        {"inputs": {"files": {}, "notebook": {"\0": "b"}}}, {"inputs": {"files": {}, "notebook": {"é" * 200: "b"}}},
    ],
)  # fmt: skip
def test_a_manifest_of_another_form_is_an_error(report, built, change):
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    (report / "manifest.json").write_text(json.dumps({**manifest, **change}), encoding="utf-8")
    with pytest.raises(TightropeError, match=r"manifest\.json' is no manifest") as caught:
        verify_report(report, data=built)
    assert next(iter(change)) in str(caught.value) or "surrogates" in str(caught.value)


@pytest.mark.parametrize("content", [b"[" * 100_000, b"\xff", b"[1]", b"null", b"1" * 5000])
def test_a_file_that_is_no_manifest_is_an_error(report, built, content):
    (report / "manifest.json").write_bytes(content)
    with pytest.raises(TightropeError, match=r"manifest\.json' is no manifest: it "):
        verify_report(report, data=built)


def test_a_parameter_that_the_manifest_lacks_or_that_is_none_is_told(report, notebooks, built):
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    for change, told in (
        ({"end": "2026-02-28"}, "parameter powers: not in the manifest"),
        ({"end": "2026-02-28", "powrs": []}, "notebook small.ipynb: unknown parameter 'powrs'; did you mean 'powers'?"),
        ({"end": "2026-02-28", "powers": [], "state": "TGO"}, "notebook small.ipynb: a balance needs at least two"),
    ):
        (report / "manifest.json").write_text(json.dumps({**manifest, "parameters": change}), encoding="utf-8")
        found = verify_report(report, data=built, notebooks=notebooks, is_remade=False).differences
        assert [one for one in found if one.startswith(told)]
