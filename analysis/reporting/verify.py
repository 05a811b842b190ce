"""Verifying a report: hash what it holds and what it was made of, make it again, and say exactly what differs."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import TightropeError, UnknownNameError
from analysis.paths import MANIFEST_JSON, NOTEBOOKS, PROCESSED, RAW
from analysis.reporting.crate import CRATE_JSON, find_crate_fault
from analysis.reporting.days import list_days
from analysis.reporting.entries import list_notebooks
from analysis.reporting.inputs import Snapshot, list_differences
from analysis.reporting.manifest_form import load_manifest
from analysis.reporting.parameters import AS_OF, check_parameters, read_parameters
from analysis.reporting.previous import PREVIOUS_JSON
from analysis.reporting.question import resolve_question
from analysis.sources.catalogue import sha256_of


@dataclass(frozen=True)
class Verification:
    """What was compared, and what differs.

    Attributes
    ----------
    n_outputs, n_inputs, n_remade : int
        Files of the report that were hashed, raw files that were hashed, files that were made again.
    differences : tuple of str
        Each difference in a line; none if the report is what it says it is.
    """

    n_outputs: int
    n_inputs: int
    n_remade: int
    differences: tuple[str, ...]


def find_report(named: str, reports: Path) -> Path:
    """The folder of a report: its newest day if it is one of the reports folder by name, wherever `latest` leads.

    Parameters
    ----------
    named : str
        The name of a report, or a folder.
    reports : Path
        Folder of published reports.

    Raises
    ------
    UnknownNameError
        If it is neither.
    """
    if days := list_days(reports / named):
        return reports / named / days[-1]
    if not Path(named).is_dir():
        raise UnknownNameError("report", named, (home.name for home in reports.glob("*") if list_days(home)))
    return Path(named)


def verify_report(
    folder: Path,
    *,
    data: Path = PROCESSED,
    raw: Path = RAW,
    notebooks: Path = NOTEBOOKS,
    is_remade: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> Verification:
    """Verify a published report.

    Parameters
    ----------
    folder : Path
        The report's folder, with its manifest.
    data, raw, notebooks : Path
        Folders of built tables, of raw files and of notebooks.
    is_remade : bool
        Whether to make the report again, in a folder that is gone afterwards, and compare every file.
    say : callable
        Told of each step as it begins.

    Raises
    ------
    UnknownNameError
        If the report is to be made again by a notebook that is none of the folder, or names one by a path.
    TightropeError
        If the folder holds no manifest that can be read.
    """
    manifest = load_manifest(folder / MANIFEST_JSON)
    if lacks := _list_lacking(manifest):
        raise TightropeError(f"{str(folder / MANIFEST_JSON)!r} is no manifest of this version: no {', '.join(lacks)}")
    (notebook,) = manifest["inputs"]["notebook"]
    available, path = list_notebooks(notebooks), notebooks / notebook
    # A manifest may come from anywhere: it does not say which code of this machine to run, or which file to read.
    # A folder without notebooks is another matter: that the report's is missing is what there is to say then.
    is_foreign = is_remade and notebook not in available and bool(available or path.exists() or path.is_symlink())
    if is_foreign or Path(notebook).name != notebook:
        raise UnknownNameError("notebook", notebook, available)
    say("hashing what it holds")
    found = list(_compare_outputs(folder, manifest["outputs"]))
    if fault := find_crate_fault(folder, manifest):
        found.append(f"output {CRATE_JSON}: {fault}")
    say("hashing what it was made of")
    snapshot = Snapshot(data)
    found += _compare_inputs(manifest, snapshot, raw, notebooks)
    n_remade = 0
    if is_remade:
        say("making it again")
        n_remade, differences = _remake(folder, manifest, snapshot, notebooks)
        found += differences
    return Verification(len(manifest["outputs"]), len(manifest["inputs"]["files"]), n_remade, tuple(found))


def _list_lacking(manifest: Mapping[str, Any]) -> list[str]:
    """What the manifest says nothing of, and cannot be verified without."""
    lacking = [name for name in ("name", "parameters", "inputs", "outputs", "versions") if name not in manifest]
    for part, names in {"parameters": [AS_OF], "inputs": ["files", "notebook"]}.items():
        lacking += [f"{part}.{name}" for name in names if name not in manifest.get(part, {})]
    return lacking


def _compare_outputs(folder: Path, outputs: Mapping[str, str]) -> Iterator[str]:
    for name, digest in outputs.items():
        path = folder / name
        if not path.is_file():
            yield f"output {name}: missing"
        elif sha256_of(path) != digest:
            yield f"output {name}: not the file that the manifest lists"
    for name in sorted(_list_files(folder) - set(outputs) - {MANIFEST_JSON, CRATE_JSON}):
        yield f"output {name}: not in the manifest"


def _compare_inputs(manifest: Mapping[str, Any], snapshot: Snapshot, raw: Path, notebooks: Path) -> Iterator[str]:
    inputs = manifest["inputs"]
    for name, digest in inputs["files"].items():
        if not (raw / name).is_file():
            yield f"input {name}: missing"
        elif sha256_of(raw / name) != digest:
            yield f"input {name}: has changed"
    for name, digest in inputs["notebook"].items():
        if not (notebooks / name).is_file():
            yield f"notebook {name}: missing"
            continue
        if snapshot.read_notebook(notebooks / name)[0] != digest:
            yield f"notebook {name}: has changed"
        try:
            declared = read_parameters(notebooks / name)
            parameters = resolve_question(check_parameters(manifest["parameters"], declared))
        except TightropeError as error:
            yield f"notebook {name}: {'; '.join(str(error).splitlines())}"
            continue
        for parameter in sorted(declared.keys() - manifest["parameters"].keys()):
            yield f"parameter {parameter}: not in the manifest"
        rows = snapshot.digest_rows(notebooks / name, parameters)
        for table in list_differences(inputs.get("rows", {}), rows):
            yield f"table {table}: other rows"
        archive = snapshot.describe_archive(notebooks / name, parameters).get("archive", {})
        before, after = inputs.get("archive", {}).get("files", {}), archive.get("files", {})
        for file in list_differences(before, after):
            yield f"event file {file}: has changed"
    if inputs.get("code") != snapshot.code:
        yield "code: has changed"
    for name in list_differences(manifest["versions"], snapshot.versions):
        yield f"{name}: {manifest['versions'].get(name, 'none')} then, {snapshot.versions.get(name, 'none')} now"


def _remake(folder: Path, manifest: Mapping[str, Any], snapshot: Snapshot, notebooks: Path) -> tuple[int, list[str]]:
    from analysis.reporting.brief import make_files
    from analysis.reporting.kernel import WaitingKernel

    (notebook,) = manifest["inputs"]["notebook"]
    earlier = folder / PREVIOUS_JSON
    with tempfile.TemporaryDirectory(prefix="tightrope-verify-") as place:
        made = Path(place)
        try:
            # In the notebook's order, which a manifest does not keep.
            parameters = check_parameters(manifest["parameters"], read_parameters(notebooks / notebook))
            with WaitingKernel(snapshot.data) as kernel:
                make_files(
                    made, notebooks / notebook, manifest["name"], parameters, snapshot, kernel,
                    previous=earlier.read_bytes() if earlier.is_file() else None,
                )  # fmt: skip
        except (OSError, TightropeError) as error:
            return 0, [f"made again: {'; '.join(str(error).splitlines())}"]
        return len(_list_files(made)), list(_compare_files(folder, made))


def _compare_files(folder: Path, made: Path) -> Iterator[str]:
    published, remade = _list_files(folder), _list_files(made)
    for name in sorted(published | remade):
        if name not in remade:
            yield f"made again: {name} is no longer made"
        elif name not in published:
            yield f"made again: {name} is new"
        elif (folder / name).read_bytes() != (made / name).read_bytes():
            yield f"made again: {name} differs{_where(name, folder / name, made / name)}"


def _where(name: str, before: Path, after: Path) -> str:
    """In which parts two manifests differ."""
    if name != MANIFEST_JSON:
        return ""
    first, second = (json.loads(path.read_text(encoding="utf-8")) for path in (before, after))
    parts = []
    for part in list_differences(first, second):
        one, other = first.get(part), second.get(part)
        if isinstance(one, dict) and isinstance(other, dict):
            parts += [f"{part}.{key}" for key in list_differences(one, other)]
        else:
            parts.append(part)
    return f" in {', '.join(parts)}"


def _list_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
