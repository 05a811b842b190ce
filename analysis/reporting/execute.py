"""Running one notebook through papermill, and taking out of the result what is not the reader's."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from analysis.reporting.editions import select_cells
from analysis.reporting.kernel import ReportKernel
from analysis.reporting.limits import USUAL_LIMITS, Guard, Limits, NotebookError
from analysis.reporting.outputs import OutputMeter

_MOST_TOLD = 2000  # characters of a cell's own error
_INJECTED_CELLS = 1  # papermill puts the given parameters into a cell of their own


def execute_notebook(
    notebook: Path,
    parameters: Mapping[str, Any],
    output: Path,
    kernel: ReportKernel,
    limits: Limits = USUAL_LIMITS,
    environment: Mapping[str, str] | None = None,
) -> NotebookNode:
    """Run a notebook with papermill and return it normalised.

    Parameters
    ----------
    notebook : Path
        The notebook to run; it is not changed.
    parameters : mapping
        Checked values for its `parameters` cell.
    output : Path
        Where the notebook is left as it was if it fails; an empty one otherwise.
    kernel : ReportKernel
        The process to run it in; it serves one notebook.
    limits : Limits
        What its cells may take of time and memory, and how much they may put out.
    environment : mapping, optional
        Environment variables to set in the kernel, which may have been started before they were known.

    Raises
    ------
    NotebookError
        If a cell fails, or takes or puts out more than the limits, or the kernel dies.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from analysis.reporting import saved_once

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what it would print, the errors say
    meter = OutputMeter(limits.file_bytes, kernel.end)
    executed: list[NotebookNode] = []
    try:
        with Guard(kernel, limits):
            papermill.execute_notebook(
                _as_it_is(notebook),
                _as_it_is(output),
                parameters=dict(parameters),
                engine_name=saved_once.NAME,
                meter=meter,
                done=executed.append,
                kernel_name="python3",
                kernel_manager_class=kernel.manager_class(),
                shutdown_kernel="immediate",
                progress_bar=False,
                log_output=False,
                autosave_cell_every=0,
                execution_timeout=limits.cell_seconds,
                request_save_on_cell_execute=True,  # so that a dead kernel leaves what it had done
                extra_arguments=[
                    "--IPKernelApp.log_level=CRITICAL",
                    f"--IPKernelApp.ipython_dir={kernel.folder}",  # a user's profile is none of a report's
                    *_set_variables(environment or {}),
                ],
            )
    except PapermillExecutionError as error:
        # A kernel that is ended may be told of as an interrupted cell.
        _raise_why_ended(kernel, notebook, output, error)
        cell = _describe_cell(error.exec_count - _INJECTED_CELLS, error.source)
        raise NotebookError(f"{notebook.name}: {cell} failed: {error.ename}: {_clip(error.evalue)}") from error
    except CellTimeoutError as error:
        cell = _running_cell(output)
        limit = f"{limits.cell_seconds:g} seconds"
        raise NotebookError(
            f"{notebook.name}: {cell} took longer than the time-out of {limit} for a cell; "
            "allow more with --cell-timeout"
        ) from error
    except (DeadKernelError, NotebookError, RuntimeError) as error:
        _raise_why_ended(kernel, notebook, output, error)
        if not isinstance(error, DeadKernelError):
            raise
        raise NotebookError(f"{notebook.name}: the kernel died in {_running_cell(output)}") from error
    return normalise(*executed)


def _as_it_is(path: Path) -> str:
    # papermill takes a brace in a path for the place of a parameter.
    return str(path).replace("{", "{{").replace("}", "}}")


def _set_variables(environment: Mapping[str, str]) -> list[str]:
    # A line that the kernel runs before the first cell; it leaves no name behind.
    return [
        f"--IPKernelApp.exec_lines=__import__('os').environ[{name!r}] = {value!r}"
        for name, value in environment.items()
    ]


def normalise(notebook: NotebookNode) -> NotebookNode:
    """The notebook without other languages' prose, timings, random identifiers, warnings' paths and versions."""
    notebook.cells = select_cells(notebook)
    kept = notebook.metadata.get("papermill", {}).get("parameters", {})
    notebook.metadata = NotebookNode(
        kernelspec=notebook.metadata.get("kernelspec", {}),
        language_info=NotebookNode(name="python"),
        tightrope=NotebookNode(parameters=kept),
    )
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:03d}"
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode(tags=tags) if tags else NotebookNode()
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    return notebook


def _raise_why_ended(kernel: ReportKernel, notebook: Path, output: Path, error: Exception) -> None:
    """Raise what ended the kernel on purpose, with the cell that ran, if anything did."""
    why = kernel.why_ended
    if isinstance(why, NotebookError):
        raise NotebookError(f"{notebook.name}: {_running_cell(output)} {why}") from error
    if why is not None:
        raise why from error


def _running_cell(output: Path) -> str:
    """The cell that was begun last; papermill marks it as completed, however it ended."""
    try:
        cells = nbformat.read(output, as_version=4).cells
    except (OSError, ValueError):
        cells = []
    code = [cell for cell in cells if cell.cell_type == "code" and "injected-parameters" not in _tags(cell)]
    begun = [number for number, cell in enumerate(code, 1) if cell.metadata.get("papermill", {}).get("start_time")]
    return _describe_cell(begun[-1], code[begun[-1] - 1].source) if begun else "the kernel"


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def _clip(text: str) -> str:
    return text if len(text) <= _MOST_TOLD else f"{text[:_MOST_TOLD]} … ({len(text):,} characters)"


def _describe_cell(number: int, source: str) -> str:
    first_line = next(iter(source.strip().splitlines()), "")
    return f"code cell {number} ({first_line!r})"
