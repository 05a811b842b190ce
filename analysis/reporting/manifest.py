"""What went into a report: parameters, the hash of every input, versions, and the numbers that came out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from analysis.language.tongue import SOURCE_LANGUAGE
from analysis.reporting.publish import exhibits
from analysis.sources.catalogue import sha256_of


def create_manifest(
    name: str,
    parameters: Mapping[str, Any],
    inputs: Mapping[str, Any],
    executed: NotebookNode,
    staging: Path,
    versions: Mapping[str, str],
) -> dict[str, Any]:
    """The manifest of a report whose files stand in a staging folder.

    Parameters
    ----------
    name : str
        Name of the report.
    parameters : mapping
        Its checked parameters.
    inputs : mapping
        What it rests on, from :meth:`analysis.reporting.inputs.Snapshot.describe`.
    executed : NotebookNode
        The notebook as it ran.
    staging : Path
        The folder of its files.
    versions : mapping
        The versions of the libraries.

    Returns
    -------
    dict
        ``name``, ``title``, ``language``, ``figures`` (in their order), ``parameters``, ``key_numbers``, ``facts``
        (the key numbers in words: label, value, note), ``changes`` (since an earlier report, if there is one),
        ``inputs``, ``outputs`` (sha256 of every file of the report)
        and ``versions``.
    """
    key_numbers: dict[str, Any] = {}
    changes: dict[str, Any] | None = None
    facts: list[list[str]] = []
    title: Mapping[str, Any] = {}
    figures: list[str] = []
    for about, _ in exhibits(executed):
        if about["kind"] == "title":
            title = about
        elif about["kind"] == "figure":
            figures.append(about["name"])
        key_numbers |= about.get("key_numbers", {})
        facts += [fact[:3] for fact in about.get("facts", [])]
        changes = about.get("changes", changes)
    return {
        "name": name,
        "title": title.get("title", name),
        "language": title.get("language", SOURCE_LANGUAGE),
        "figures": figures,
        "parameters": dict(parameters),
        "key_numbers": key_numbers,
        "facts": facts,
        "changes": changes,
        "inputs": dict(inputs),
        "outputs": {
            path.relative_to(staging).as_posix(): sha256_of(path)
            for path in sorted(staging.rglob("*"))
            if path.is_file()
        },
        "versions": dict(versions),
    }
