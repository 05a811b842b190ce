"""One briefing from parameters to published report: check, run, export, publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from analysis.errors import TightropeError
from analysis.own import write_new
from analysis.paths import PREVIOUS_VARIABLE, PROCESSED, REPORTS
from analysis.reporting import publish
from analysis.reporting.crate import CRATE_JSON, create_crate
from analysis.reporting.days import list_days
from analysis.reporting.execute import execute_notebook
from analysis.reporting.exports import export_pages, load_exporters
from analysis.reporting.failure import RUNNING_NOTEBOOK, clear_failure, keep_failure
from analysis.reporting.inputs import Snapshot
from analysis.reporting.kernel import ReportKernel, WaitingKernel
from analysis.reporting.limits import USUAL_LIMITS, Limits
from analysis.reporting.manifest import create_manifest
from analysis.reporting.outputs import check_files
from analysis.reporting.parameters import AS_OF, Briefing, check_name, check_parameters, name_edition, read_parameters
from analysis.reporting.previous import PREVIOUS_JSON, choose_previous
from analysis.reporting.question import check_question
from analysis.store import read_build

PATIENCE_SECONDS = 600.0
"""How long a run waits for another run of the same report."""


def make_briefing(
    briefing: Briefing,
    *,
    reports: Path = REPORTS,
    data: Path = PROCESSED,
    kernel: ReportKernel | None = None,
    limits: Limits = USUAL_LIMITS,
    keep: int | None = None,
    wait_seconds: float = PATIENCE_SECONDS,
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
    kernel : ReportKernel, optional
        A process that began its imports earlier; a new one if absent.
    limits : Limits
        What the cells and the exports may take, and how large a file may be.
    keep : int, optional
        How many days to keep of this report; all if absent.
    wait_seconds : float
        How long to wait for another run of the same report, in seconds.
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
    LockedError
        If another run of the same report does not end in time.
    NotebookError
        If a cell fails. Whatever fails after the kernel has started leaves the last good report as it was, and
        ``failed.html`` beside it, with the failed notebook.
    """
    say("checking parameters")
    snapshot = Snapshot(data)
    parameters = check_question(check_parameters(briefing.parameters, read_parameters(briefing.notebook)), data)
    name = check_name(name_edition(briefing.name, parameters))
    as_of = parameters.get(AS_OF)
    if not isinstance(as_of, str) or not as_of:
        raise TightropeError(f"{briefing.notebook.name} has no parameter {AS_OF!r}; a report is filed under that day")
    with (
        publish.open_staging(reports, name, wait_seconds=wait_seconds, say=say) as staging,
        kernel or WaitingKernel(data) as process,
    ):
        try:
            previous = choose_previous(reports / name, parameters, snapshot.digest_rows(briefing.notebook, parameters))
            make_files(
                staging,
                briefing.notebook,
                name,
                parameters,
                snapshot,
                process,
                previous=previous,
                limits=limits,
                say=say,
            )
            say("publishing")
            folder = publish.publish(staging, as_of, keep=keep)
        except Exception as error:
            page = keep_failure(reports / name, briefing.notebook, parameters, error, staging)
            if page is not None:
                stays = "; the last good report stays" if list_days(reports / name) else ""
                told = f"the failure is described in {page}{stays}"
                if isinstance(error, TightropeError):
                    error.args = (f"{error}\n{told}",)
                else:
                    error.add_note(told)
            raise
        clear_failure(reports / name)
        return folder


def make_files(
    staging: Path,
    notebook: Path,
    name: str,
    parameters: Mapping[str, Any],
    snapshot: Snapshot,
    process: ReportKernel,
    *,
    previous: bytes | None = None,
    limits: Limits = USUAL_LIMITS,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Run a notebook and put everything that its report holds into a folder; publishes nothing.

    Parameters
    ----------
    staging : Path
        An empty folder.
    notebook : Path
        The notebook.
    name : str
        The report's name.
    parameters : mapping
        Its checked parameters.
    snapshot : Snapshot
        The built tables.
    process : ReportKernel
        The process to run it in.
    previous : bytes, optional
        The manifest of the report that this one is compared with.
    limits : Limits
        What the cells and the exports may take, and how large a file may be.
    say : callable
        Told of each step as it begins.

    Raises
    ------
    TightropeError
        If the tables are built anew meanwhile, or the pages cannot be made or are too large.
    NotebookError
        If a cell fails.
    """
    import nbclient  # noqa: F401  # both threads need it, and of two at once one may find half a module

    output = staging / RUNNING_NOTEBOOK
    with ThreadPoolExecutor(2) as pool:
        # The kernel is a process of its own: what the exports import is loaded meanwhile.
        exporters = pool.submit(load_exporters)
        inputs = pool.submit(snapshot.describe, notebook, parameters)
        if previous is not None:
            write_new(staging / PREVIOUS_JSON, previous)
        environment = {PREVIOUS_VARIABLE: str((staging / PREVIOUS_JSON).resolve()) if previous is not None else ""}
        say(f"running {notebook.name}")
        executed = execute_notebook(notebook, parameters, output, process, limits, environment)
        say("exporting HTML and PDF")
        outputs = pool.submit(publish.write_outputs, executed, staging)
        for suffix, page in export_pages(executed, exporters.result(), limits.export_seconds).items():
            write_new(staging / f"briefing.{suffix}", page)
        outputs.result()
    output.unlink()
    check_files(staging, limits.file_bytes, executed)
    if read_build(snapshot.data) != snapshot.record:
        raise TightropeError("the tables were built anew while the notebook ran, and it may have read both; run again")
    manifest = create_manifest(name, parameters, inputs.result(), executed, staging, snapshot.versions)
    manifest = {**manifest, "events": snapshot.digest_events(notebook, parameters)}
    publish.write_manifest(staging, manifest)
    write_new(staging / CRATE_JSON, create_crate(staging, manifest))
