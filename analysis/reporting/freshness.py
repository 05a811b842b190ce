"""Whether a report still says what a new run would say: nothing that it rests on has changed since it was made.

What a report rests on stands in its manifest: the notebook, its parameters, the code of this package, the versions of
the libraries, and the rows of the built tables that its notebook can see. A notebook that reads the evidence of its
question alone can see no other rows, because it is handed no others
(:func:`analysis.briefing.selection.select_rows`); any other notebook is taken to see every row and every event file.

One thing that a report shows is left out on purpose: the account of the build it was made from (how many rows of each
raw file stood, and the build's hash). It tells where the report comes from, stays true of it, and would otherwise make
every report stale whenever one row of one state changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.errors import TightropeError
from analysis.reporting.crate import CRATE_JSON
from analysis.reporting.days import LATEST, is_latest_newest
from analysis.reporting.failure import FAILED_PAGE
from analysis.reporting.inputs import Snapshot, list_differences
from analysis.reporting.manifest_form import read_manifest
from analysis.reporting.parameters import AS_OF, Briefing, Parameter, check_parameters, name_edition, read_parameters
from analysis.reporting.question import resolve_question


@dataclass(frozen=True)
class Freshness:
    """A report, the day it speaks of, and why a new run may differ; no reason is left if it would not.

    Attributes
    ----------
    name, as_of : str
        The report; empty where a parameter is wrong, which a run will say.
    reasons : tuple of str
        What has changed, each in a few words.
    """

    name: str
    as_of: str
    reasons: tuple[str, ...]

    @property
    def is_fresh(self) -> bool:
        """Whether a run would give the same report."""
        return not self.reasons


def check_freshness(briefing: Briefing, reports: Path, snapshot: Snapshot) -> Freshness:
    """Compare what a briefing would rest on now with what its published report rests on; starts no kernel.

    Parameters
    ----------
    briefing : Briefing
        Notebook and parameters.
    reports : Path
        Folder of published reports.
    snapshot : Snapshot
        The built tables, read once for all briefings that are asked about.
    """
    try:
        declared = _read_declared(briefing.notebook, snapshot.read_notebook(briefing.notebook)[0])
        parameters = resolve_question(check_parameters(briefing.parameters, declared))
        name, as_of = name_edition(briefing.name, parameters), str(parameters[AS_OF])
    except (OSError, TightropeError, KeyError):
        return Freshness("", "", ("its parameters cannot be read",))
    return Freshness(name, as_of, tuple(_find_reasons(reports / name, as_of, briefing.notebook, parameters, snapshot)))


@cache
def _read_declared(notebook: Path, digest: str) -> Mapping[str, Parameter]:
    return read_parameters(notebook)


def _find_reasons(
    home: Path, as_of: str, notebook: Path, parameters: Mapping[str, Any], snapshot: Snapshot
) -> Iterator[str]:
    manifest = read_manifest(home / as_of)
    if manifest is None:
        yield "never made"
        return
    if (home / FAILED_PAGE).is_file():
        yield "the last run failed"
    if not is_latest_newest(home):
        yield f"{LATEST} does not lead to the newest day"  # a run was killed just there
    inputs = manifest.get("inputs", {})
    if "rows" not in inputs:
        yield "made by a version that did not note what it rests on"
        return
    if changed := list_differences(manifest.get("parameters", {}), parameters):
        yield f"other parameters: {', '.join(changed)}"
    if inputs.get("notebook") != {notebook.name: snapshot.read_notebook(notebook)[0]}:
        yield "another notebook"
    if inputs.get("code") != snapshot.code:
        yield "other code"
    if changed := list_differences(manifest.get("versions", {}), snapshot.versions):
        yield f"other versions: {', '.join(changed)}"
    # Tables built from the same inputs hold the same rows.
    if inputs.get("build") != snapshot.record["inputs"] and (
        changed := list_differences(inputs["rows"], snapshot.digest_rows(notebook, parameters))
    ):
        yield f"other rows: {', '.join(changed)}"
    if inputs.get("archive") != snapshot.describe_archive(notebook, parameters).get("archive"):
        yield "other event files"
    written = [*manifest.get("outputs", {}), CRATE_JSON]
    if missing := [name for name in written if not (home / as_of / name).is_file()]:
        yield f"missing: {', '.join(missing)}"
