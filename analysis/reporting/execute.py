"""Running one notebook through papermill, and taking out of the result what is not the reader's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from analysis.errors import TightropeError
from analysis.reporting.editions import select_cells
from analysis.reporting.kernel import WaitingKernel

_INJECTED_CELLS = 1  # papermill puts the given parameters into a cell of their own


class NotebookError(TightropeError):
    """A cell that failed: names the notebook, the cell, the error and the kept notebook's path."""


def execute_notebook(
    notebook: Path, parameters: Mapping[str, Any], output: Path, kernel: WaitingKernel
) -> NotebookNode:
    """Run a notebook with papermill and return it normalised.

    Parameters
    ----------
    notebook : Path
        The notebook to run; it is not changed.
    parameters : mapping
        Checked values for its `parameters` cell.
    output : Path
        Where the executed notebook is written; after a failure it is left there as it was.
    kernel : WaitingKernel
        The process to run it in; it serves one notebook.

    Raises
    ------
    NotebookError
        If a cell fails or the kernel dies.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    try:
        executed = papermill.execute_notebook(
            str(notebook),
            str(output),
            parameters=dict(parameters),
            kernel_name="python3",
            kernel_manager_class=kernel.manager_class(),
            shutdown_kernel="immediate",
            progress_bar=False,
            log_output=False,
            autosave_cell_every=0,
            request_save_on_cell_execute=True,  # so that a dead kernel leaves what it had done
            extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
        )
    except PapermillExecutionError as error:
        first_line = next(iter(error.source.strip().splitlines()), "")
        number = error.exec_count - _INJECTED_CELLS
        raise NotebookError(
            f"{notebook.name}: code cell {number} failed ({first_line!r}): {error.ename}: {error.evalue}"
        ) from error
    except (DeadKernelError, CellTimeoutError) as error:
        raise NotebookError(f"{notebook.name}: the kernel died or did not answer: {error}") from error
    return normalise(executed)


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
