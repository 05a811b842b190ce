"""Freshness: a change re-runs the reports that can see it, and no other."""

import json
import shutil
from dataclasses import fields

import nbformat
import pandas as pd
import pytest

import analysis
from analysis.archive.ledger import BatchRecord, FileRecord, Ledger, save_ledger
from analysis.briefing.digests import digest_events, digest_rows
from analysis.briefing.evidence import Evidence, load_evidence
from analysis.briefing.selection import EVIDENCE_TABLES, ask, select_rows
from analysis.errors import TightropeError
from analysis.paths import ARCHIVE, NOTEBOOKS
from analysis.reporting.brief import make_briefing
from analysis.reporting.days import list_days
from analysis.reporting.freshness import check_freshness
from analysis.reporting.inputs import Snapshot, hash_code
from analysis.reporting.parameters import Briefing, check_parameters, name_edition, read_parameters
from analysis.reporting.question import resolve_question
from analysis.reporting.reading import reads_evidence_alone
from analysis.store import read_build, read_table

POWERS = ["FRA", "RUS"]
COMPARED = {"TGO": ["BEN", "GHA"], "MLI": ["NER", "BFA"]}


@pytest.fixture
def data(built, tmp_path):
    copy = tmp_path / "processed"
    shutil.copytree(built, copy)
    return copy


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "reports"


def briefing(state="TGO", notebook="briefing.ipynb", **others):
    if notebook == "data_quality.ipynb":
        return Briefing("quality", NOTEBOOKS / notebook, {"states": [state], **others})
    parameters = {"state": state, "powers": POWERS, "comparison": COMPARED[state], **others}
    return Briefing(state.lower(), NOTEBOOKS / notebook, parameters)


def publish(one, data, reports):
    """The manifest that a run of a briefing would publish, without the run."""
    snapshot = Snapshot(data)
    parameters = resolve_question(check_parameters(one.parameters, read_parameters(one.notebook)))
    folder = reports / name_edition(one.name, parameters) / parameters["end"]
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("briefing.html", "ro-crate-metadata.json"):
        (folder / name).write_text("made", encoding="utf-8")
    manifest = {
        "parameters": parameters, "inputs": snapshot.describe(one.notebook, parameters),
        "outputs": {"briefing.html": "0"}, "versions": snapshot.versions,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    latest = folder.parent / "latest"
    latest.unlink(missing_ok=True)
    latest.symlink_to(list_days(folder.parent)[-1])
    return folder


def change(data, table, edit):
    """Edit a built table, and say in the record that the tables were built from something else."""
    frame = read_table(table, data)
    edit(frame).to_parquet(data / f"{table}.parquet", index=False)
    record = read_build(data)
    record["inputs"] = "another build"
    (data / "build.json").write_text(json.dumps(record), encoding="utf-8")


def rewrite(column, chosen, value):
    def edit(frame):
        rows = chosen(frame)
        assert rows.any()
        return frame.assign(**{column: frame[column].mask(rows, value)})

    return edit


def reasons(one, data, reports):
    return check_freshness(one, reports, Snapshot(data)).reasons


def domestic(data, state):
    """Events in which a state acts upon itself, and no pair is concerned."""
    parts = read_table("event_actors", data).groupby("event_id")["state"].agg(set)
    alone = set(parts.index[parts.map(lambda states: states == {state})])
    return alone - set(read_table("dyad_events", data)["event_id"])


def test_what_has_not_changed_is_fresh(data, reports):
    publish(briefing(), data, reports)
    found = check_freshness(briefing(), reports, Snapshot(data))
    assert (found.name, found.as_of, found.reasons) == ("tgo", "2026-02-28", ())
    assert found.is_fresh


@pytest.mark.parametrize("lead", [None, "2025-12-31", "../elsewhere"])
def test_a_report_whose_latest_was_not_moved_is_made_again(data, reports, lead):
    publish(briefing(), data, reports)
    publish(briefing(end="2025-12-31"), data, reports)
    assert check_freshness(briefing(), reports, Snapshot(data)).is_fresh
    latest = reports / "tgo" / "latest"
    latest.unlink()
    if lead is not None:
        latest.symlink_to(lead)
    reasons = check_freshness(briefing(), reports, Snapshot(data)).reasons
    assert reasons == ("latest does not lead to the newest day",)


def test_what_was_never_made_is_not_fresh(data, reports):
    assert reasons(briefing(), data, reports) == ("never made",)


def test_a_change_in_one_states_events_is_seen_by_the_reports_that_read_them_alone(data, reports):
    togo, mali = briefing("TGO"), briefing("MLI")
    for one in (togo, mali):
        publish(one, data, reports)
    own = domestic(data, "TGO")
    change(data, "events", rewrite("summary", lambda frame: frame["event_id"].isin(own), "Told otherwise."))
    assert reasons(togo, data, reports) == ("other rows: events",)
    assert reasons(mali, data, reports) == ()


@pytest.mark.parametrize(
    ("table", "edit", "is_seen"),
    [
        ("dyad_events", rewrite("weight", lambda f: f["actor_a"].eq("FRA") & f["actor_b"].eq("TGO"), 3.0), True),
        ("dyad_events", rewrite("weight", lambda f: f["actor_a"].eq("BEN") & f["actor_b"].eq("FRA"), 3.0), True),
        ("dyad_events", rewrite("weight", lambda f: f["actor_a"].eq("FRA") & f["actor_b"].eq("MLI"), 3.0), False),
        ("ties", rewrite("status", lambda f: f["state"].eq("GHA"), "other"), True),
        ("ties", rewrite("status", lambda f: f["state"].eq("NER"), "other"), False),
        ("votes", rewrite("vote", lambda f: f["state"].eq("MLI"), "yes"), True),
        ("projects", rewrite("status", lambda f: f["states"].str.contains("TGO"), "other"), True),
        ("projects", rewrite("status", lambda f: f["states"].eq("SEN"), "other"), False),
        ("actors", rewrite("name_en", lambda f: f["actor_code"].eq("USA"), "other"), True),
        ("claims", rewrite("version", lambda f: f["claim_id"].eq("C1a-01"), "other"), True),
        ("article_claims", rewrite("state", lambda f: f["claim_id"].eq("A01"), "BEN"), True),
        ("events", rewrite("line", lambda f: f["line"].notna(), 7), False),
    ],
)
def test_each_table_by_the_rows_that_can_be_seen(data, reports, table, edit, is_seen):
    publish(briefing(), data, reports)
    change(data, table, edit)
    assert reasons(briefing(), data, reports) == ((f"other rows: {table}",) if is_seen else ())


def test_claims_about_one_state_are_not_seen_by_another(data, reports):
    publish(briefing("MLI"), data, reports)
    change(data, "claims", rewrite("version", lambda f: f["claim_id"].notna(), "other"))
    assert reasons(briefing("MLI"), data, reports) == ()


def test_events_after_the_last_day_are_not_seen(data, reports):
    old, now = briefing(end="2024-06-30"), briefing()
    seen = []
    for one in (old, now):
        publish(one, data, reports)
    for end in ("2024-06-30", "2026-02-28"):
        tables = {name: read_table(name, data) for name in EVIDENCE_TABLES}
        seen.append(set(select_rows(tables, ask("TGO", POWERS, end, COMPARED["TGO"]))["events"]["event_id"]))
    later = seen[1] - seen[0]
    change(data, "events", rewrite("summary", lambda frame: frame["event_id"].isin(later), "Told otherwise."))
    assert reasons(old, data, reports) == ()
    assert reasons(now, data, reports) == ("other rows: events",)


def test_a_notebook_that_reads_more_sees_every_row(data, reports):
    quality = briefing(notebook="data_quality.ipynb")
    publish(quality, data, reports)
    change(data, "claims", rewrite("version", lambda frame: frame["claim_id"].notna(), "other"))
    assert reasons(quality, data, reports) == ("other rows: claims",)


def archive(data, gdelt2="1", rule="none", code="c", icews="2"):
    """An archive of one file of each of two sources, by their hashes; only its ledger, by which it is known."""
    (data / ARCHIVE.name).mkdir(exist_ok=True)
    batches = {
        name: BatchRecord(name, name, name, [FileRecord(f"{name}.csv", 1, 1, digest)])
        for name, digest in (("gdelt2", gdelt2), ("icews", icews))
    }
    save_ledger(data / ARCHIVE.name, Ledger(code, rule, batches))


@pytest.mark.parametrize(
    ("change", "is_seen"),
    [({}, False), ({"gdelt2": "3"}, True), ({"rule": "event"}, True), ({"code": "d"}, True), ({"icews": "3"}, False)],
)
def test_event_files_are_seen_by_a_notebook_that_asks_their_source_and_by_no_briefing(data, reports, change, is_seen):
    quality, togo = briefing(notebook="data_quality.ipynb", sources=["gdelt2"]), briefing()
    archive(data)
    for one in (quality, togo):
        publish(one, data, reports)
    archive(data, **change)
    assert reasons(quality, data, reports) == (("other event files",) if is_seen else ())
    assert reasons(togo, data, reports) == ()


def test_other_parameters_code_versions_notebook_and_files_are_told(data, reports, monkeypatch):
    folder = publish(briefing(), data, reports)
    assert reasons(briefing(months=6), data, reports) == ("other parameters: months",)
    monkeypatch.setattr(Snapshot, "code", "other")
    monkeypatch.setattr(Snapshot, "versions", {"python": "4"})
    for name in ("briefing.html", "ro-crate-metadata.json"):
        (folder / name).unlink()
    found = reasons(Briefing("tgo", NOTEBOOKS / "region.ipynb", briefing().parameters), data, reports)
    assert found[:3] == ("other parameters: months", "another notebook", "other code")
    assert found[3].startswith("other versions: babel, ")
    assert found[4] == "missing: briefing.html, ro-crate-metadata.json"


def test_code_is_every_file_of_the_package_templates_tables_and_words_too(tmp_path, monkeypatch):
    monkeypatch.setattr(analysis, "__file__", str(tmp_path / "__init__.py"))
    seen = []
    for name in ("__init__.py", "templates/page.html.j2", "language/fr.po", "reference/actors.csv"):
        for text in ("before", "after"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
            seen.append(hash_code.__wrapped__())
    assert len(set(seen)) == len(seen)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").write_bytes(b"compiled")
    assert hash_code.__wrapped__() == seen[-1]


def test_a_report_whose_last_run_failed_or_that_cannot_be_read_is_not_fresh(data, reports):
    folder = publish(briefing(), data, reports)
    (folder.parent / "failed.html").write_text("failed", encoding="utf-8")
    assert reasons(briefing(), data, reports) == ("the last run failed",)
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    assert reasons(briefing(), data, reports) == ("never made",)
    (folder / "manifest.json").write_text('{"inputs": {}}', encoding="utf-8")
    assert "made by a version that did not note what it rests on" in reasons(briefing(), data, reports)


def test_a_wrong_parameter_is_left_to_the_run_to_tell(data, reports):
    assert reasons(briefing(powrs=[]), data, reports) == ("its parameters cannot be read",)


@pytest.mark.parametrize(
    "line",
    [
        'months: str = "12"', "state: int = 5", 'state: list[str] = ["TGO"]', "comparison: int = 5", "states: int = 1",
        "powers: int = 3", "powers: list[str] = [1, 2]", "end: int = 5", 'language: list[str] = ["fr"]', "sources: int = 1",
    ],
)  # fmt: skip
def test_a_notebook_that_declares_a_question_of_another_kind_fails_alone(data, reports, tmp_path, line):
    notebook = tmp_path / "odd.ipynb"
    notebook.write_bytes(write_code(parameters=f'end: str = "2026-02-28"\n{line}'))
    odd, name = Briefing("odd", notebook, {}), line.partition(":")[0]
    assert reasons(odd, data, reports) == ("its parameters cannot be read",)
    with pytest.raises(TightropeError, match=f"{name} is .*; a notebook declares it as "):
        make_briefing(odd, reports=reports, data=data)


def test_a_notebook_that_lacks_a_part_of_its_question_is_taken_to_see_everything(data, reports, tmp_path):
    notebook = tmp_path / "less.ipynb"
    parameters = (
        'state: str = "TGO"\npowers: list[str] = ["FRA", "RUS"]\nstart: str = "2020-01-01"\nend: str = "2026-02-28"'
    )
    notebook.write_bytes(write_code("import analysis as tr", f"evidence = {LOAD}", parameters=parameters))
    less = Briefing("less", notebook, {})
    publish(less, data, reports)
    change(data, "claims", rewrite("version", lambda frame: frame["claim_id"].notna(), "other"))
    assert reasons(less, data, reports) == ("other rows: claims",)


@pytest.mark.parametrize("name", sorted(path.name for path in NOTEBOOKS.glob("*.ipynb")))
def test_which_notebooks_read_the_evidence_alone(name):
    reads = any(word in (NOTEBOOKS / name).read_text(encoding="utf-8") for word in ("load_quality", "read_"))
    assert reads_evidence_alone((NOTEBOOKS / name).read_bytes()) is not reads


LOAD = "tr.load_evidence(state, powers, start, end, comparison, language=language)"


def write_code(*lines, parameters="powers: list[str] = ['FRA']"):
    cells = [nbformat.v4.new_code_cell(source) for source in lines]
    cells.insert(0, nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()


@pytest.mark.parametrize(
    "line",
    [
        "tr.read_table('claims')", "import pandas", "from analysis import store", "open('x')", "getattr(tr, 'x')",
        "powers = ['CHN']", "tr.load_evidence('BEN', powers, start, end, comparison)", "load = tr.load_evidence",
        "tr.load_evidence(state, powers, start, end)", "%run other.ipynb", "tr.load_quality(states, start, end)",
        "tr.load_evidence(state, powers, start, end, comparison, data='elsewhere')", "tr.__dict__['read_table']",
        "get_ipython().run_line_magic('run', 'other.ipynb')", "get_ipython().system('cat x')", "ls", "!cat x", "x = !cat x",
        "__builtins__['open']('x')", "tr.paths.RAW.joinpath('x').open()", "tr.store.read_table('claims')",
        "also = tr\nalso.read_table('claims')", "import analysis\nanalysis.read_table('claims')", "display(tr)",
        "load = tr.tilt, tr.read_table\nload[1]('claims')", "tr.compare_states = tr.read_table",
        "evidence.events.query('@open(1)')", "look = evidence.events.eval", "sorted([1], key=evidence.events.eval)",
        "sorted([1], key=print)", "powers[0] = 'CHN'", "powers.append('CHN')", "del powers[0]", "powers += ['CHN']",
        "[0 for state in ['BEN']]", "(lambda state: tr.load_evidence(state, powers, start, end, comparison))('BEN')",
        "match 'BEN':\n    case state: pass", "try:\n    x\nexcept KeyError as state:\n    pass", "_i", "In", "{}.get",
        "with x as y:\n    pass", "global state", "display = 1", "tr.show_changes(evidence, {}, 'manifest.json')",
        "tr.show_changes(evidence, previous='manifest.json')", "tr.show_changes(*x)", "tr.save_briefing('x')",
        "evidence.record", "evidence.events.attrs", "f'{open(1)}'", "async def look(): pass", "import analysis as state",
    ],
)  # fmt: skip
def test_a_notebook_that_may_see_more_is_taken_to_see_everything(line):
    load = f"evidence = {LOAD}"
    assert reads_evidence_alone(write_code("import analysis as tr", load))
    assert not reads_evidence_alone(write_code("import analysis as tr", load, line))
    assert not reads_evidence_alone(write_code("import analysis as tr", line, load))


@pytest.mark.parametrize(
    "line",
    [
        "tr.draw_timeline(evidence)", "display(tr.tilt(evidence.engagements, *powers[:2]))",
        "print(f'{len(evidence.events)} events')", "tr.table_balance(evidence, tr.balance(evidence.engagements, powers).shares)",
        "for power in powers:\n    print(evidence.names[power])", "{power: 1 for power in evidence.powers}",
        "shown = evidence.ties if len(evidence.ties) > 1 else None",
    ],
)  # fmt: skip
def test_a_notebook_that_takes_its_evidence_alone_is_known(line):
    assert reads_evidence_alone(write_code("import analysis as tr", f"evidence = {LOAD}", line))


def test_parameters_hold_values_alone_and_stand_in_one_cell():
    lines = "import analysis as tr", f"evidence = {LOAD}"
    for parameters in (
        "import os",
        "powers = open('x')",
        "from analysis.store import read_table as display",
        "(x := 1)",
    ):
        assert not reads_evidence_alone(write_code(*lines, parameters=parameters))
    second = nbformat.v4.new_code_cell("powers = ['CHN']", metadata={"tags": ["parameters"]})
    notebook = nbformat.reads(write_code(*lines).decode(), as_version=4)
    notebook.cells.insert(1, second)
    assert not reads_evidence_alone(nbformat.writes(notebook).encode())


@pytest.mark.parametrize("written", [b"", b"[]", b"{}", b'{"cells": [1]}', b'{"cells": []}', b"\xff"])
def test_what_is_no_notebook_is_taken_to_see_everything(written):
    assert not reads_evidence_alone(written)


def test_every_part_of_the_evidence_may_be_taken_but_the_account_of_the_build():
    for field in fields(Evidence):
        code = write_code("import analysis as tr", f"evidence = {LOAD}", f"display(evidence.{field.name})")
        assert reads_evidence_alone(code) is (field.name != "record")


def test_the_evidence_is_the_rows_that_freshness_hashes(built):
    evidence = load_evidence("TGO", POWERS, "2020-01-01", "2026-02-28", COMPARED["TGO"], data=built)
    tables = {name: read_table(name, built) for name in EVIDENCE_TABLES}
    seen = select_rows(tables, ask("TGO", POWERS, "2026-02-28", COMPARED["TGO"]))
    for name in set(EVIDENCE_TABLES) - {"actors"}:
        pd.testing.assert_frame_equal(getattr(evidence, name), seen[name])
    assert 0 < len(seen["events"]) < len(tables["events"])


def test_a_digest_changes_with_any_value_and_with_nothing_else():
    frame = pd.DataFrame({"a": [1.5, None], "b": ["x", None], "c": pd.to_datetime(["2026-01-01", None])})
    same = frame.assign(a=frame["a"].astype("Float64"), b=frame["b"].astype(object))
    assert digest_rows(frame) == digest_rows(same)
    for name, value in (("a", 1.6), ("b", "y"), ("c", pd.Timestamp("2026-01-02"))):
        changed = digest_rows(frame.assign(**{name: frame[name].mask([True, False], value)}))
        assert [one == other for one, other in zip(digest_rows(frame), changed, strict=True)] == [False, True]


def test_an_event_is_revised_if_what_it_did_to_a_pair_is():
    events = pd.DataFrame({"event_id": ["E2", "E1"], "summary": ["a", "b"]})
    pairs = pd.DataFrame({"event_id": ["E1", "E1"], "actor_b": ["FRA", "RUS"], "weight": [1.0, 2.0]})
    before = digest_events({"events": events, "dyad_events": pairs})
    after = digest_events({"events": events, "dyad_events": pairs.assign(weight=[1.0, 3.0])})
    assert list(before) == ["E1", "E2"]
    assert before["E1"] != after["E1"]
    assert before["E2"] == after["E2"]
    assert before == digest_events({"events": events[::-1], "dyad_events": pairs[::-1]})
