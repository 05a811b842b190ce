"""What went into a report: parameters, the hash of every input, versions, and the numbers that came out."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from analysis.paths import ARCHIVE
from analysis.reporting.publish import exhibits
from analysis.store import read_build

_PACKAGES = (
    "tightrope", "babel", "ipykernel", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "pyarrow",
    "pypandoc_binary", "seaborn", "typst",
)  # fmt: skip


def create_manifest(
    name: str, notebook: Path, parameters: Mapping[str, Any], executed: NotebookNode, staging: Path, data: Path
) -> dict[str, Any]:
    """The manifest of a report whose files stand in a staging folder.

    Returns
    -------
    dict
        ``name``, ``parameters``, ``key_numbers``, ``inputs`` (sha256 of the raw files, of everything
        the build depended on, of the notebook, and of the event files where the notebook has the parameter
        ``sources``), ``outputs`` (sha256 of every file of the report)
        and ``versions``.
    """
    record = read_build(data)
    key_numbers: dict[str, Any] = {}
    for about, _ in exhibits(executed):
        key_numbers |= about.get("key_numbers", {})
    return {
        "name": name,
        "parameters": dict(parameters),
        "key_numbers": key_numbers,
        "inputs": {
            "build": record["inputs"],
            "files": {entry["file"]: entry["sha256"] for entry in record["files"]},
            "notebook": {notebook.name: _sha256(notebook)},
            **({"archive": _archive_inputs(parameters["sources"], data)} if "sources" in parameters else {}),
        },
        "outputs": {
            path.relative_to(staging).as_posix(): _sha256(path) for path in sorted(staging.rglob("*")) if path.is_file()
        },
        "versions": {"python": platform.python_version(), **{package: version(package) for package in _PACKAGES}},
    }


def _archive_inputs(sources: Sequence[str], data: Path) -> dict[str, Any]:
    """The event files of some sources (of all if none is named), and what made the archive of them."""
    from analysis.archive.read import read_ledger

    ledger = read_ledger(data / ARCHIVE.name)
    files = {file.name: file.sha256 for batch, file in ledger.files() if not sources or batch.source_name in sources}
    return {"code": ledger.code, "rule": ledger.rule, "files": files}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
