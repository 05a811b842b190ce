"""One briefing from parameters to published report: check, run, export, publish."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat

from analysis.errors import TightropeError
from analysis.paths import PROCESSED, REPORTS
from analysis.reporting import publish
from analysis.reporting.execute import NotebookError, execute_notebook
from analysis.reporting.kernel import WaitingKernel
from analysis.reporting.manifest import create_manifest
from analysis.reporting.parameters import Briefing, check_name, check_parameters, name_edition, read_parameters
from analysis.reporting.question import check_question
from analysis.store import read_build

AS_OF = "end"
"""The parameter whose value a report speaks of, and is filed under."""


_FIRST_PAGE = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# One page")])


def make_briefing(
    briefing: Briefing,
    *,
    reports: Path = REPORTS,
    data: Path = PROCESSED,
    kernel: WaitingKernel | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Path:
    """Make and publish one briefing.

    Parameters
    ----------
    briefing : Briefing
        Notebook and parameters.
    reports : Path
        Where to publish: ``<reports>/<name>/<as_of>/``, with ``latest`` beside it; the name of an edition in
        another language than English ends in that language.
    data : Path
        Folder of built tables.
    kernel : WaitingKernel, optional
        A process that began its imports earlier; a new one if absent.
    say : callable
        Told of each step as it begins.

    Returns
    -------
    Path
        The published folder.

    Raises
    ------
    TightropeError
        If a parameter is unknown or cannot be answered, before a kernel starts; if the reports
        folder cannot be written; if a figure lacks its alt text.
    NotebookError
        If a cell fails. The last good report stays as it was, the failed notebook is kept.
    """
    say("checking parameters")
    read_build(data)
    parameters = check_question(check_parameters(briefing.parameters, read_parameters(briefing.notebook)), data)
    name = check_name(name_edition(briefing.name, parameters))
    as_of = parameters.get(AS_OF)
    if not isinstance(as_of, str) or not as_of:
        raise TightropeError(f"{briefing.notebook.name} has no parameter {AS_OF!r}; a report is filed under that day")
    with (
        publish.open_staging(reports, name) as staging,
        kernel or WaitingKernel(data) as process,
        ThreadPoolExecutor(2) as pool,
    ):
        # The kernel is a process of its own: what the exports import is loaded meanwhile.
        exporters = pool.submit(_load_exporters)
        output = staging / "running.ipynb"
        say(f"running {briefing.notebook.name}")
        try:
            executed = execute_notebook(briefing.notebook, parameters, output, process)
        except NotebookError as error:
            kept = publish.keep_failed(output, reports, name)
            raise NotebookError(
                f"{error}\nthe failed notebook is kept at {kept}; the last good report stays"
            ) from error
        output.unlink()
        say("exporting HTML and PDF")
        exports = {
            suffix: pool.submit(exporter.from_notebook_node, executed)
            for suffix, exporter in exporters.result().items()
        }
        publish.write_outputs(executed, staging)
        for suffix, export in exports.items():
            content, _ = export.result()
            (staging / f"briefing.{suffix}").write_bytes(content if isinstance(content, bytes) else content.encode())
        say("publishing")
        manifest = create_manifest(name, briefing.notebook, parameters, executed, staging, data)
        publish.write_manifest(staging, manifest)
        return publish.publish(staging, reports, name, as_of)


def _load_exporters() -> dict[str, Any]:
    from nbconvert.exporters import get_exporter

    exporters = {"html": get_exporter("tightrope_html")(), "pdf": get_exporter("tightrope_pdf")()}
    for exporter in exporters.values():
        exporter.from_notebook_node(_FIRST_PAGE)  # fonts and templates are read once a process
    return exporters
