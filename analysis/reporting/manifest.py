"""What went into a report: parameters, the hash of every input, versions, and the numbers that came out."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

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
        the build depended on, and of the notebook), ``outputs`` (sha256 of every file of the report)
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
        },
        "outputs": {
            path.relative_to(staging).as_posix(): _sha256(path) for path in sorted(staging.rglob("*")) if path.is_file()
        },
        "versions": {"python": platform.python_version(), **{package: version(package) for package in _PACKAGES}},
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
