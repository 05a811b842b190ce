"""Running one notebook through papermill, and taking out of the result whatever two equal runs differ in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from analysis.errors import TightropeError
from analysis.paths import DATA_VARIABLE, NOTEBOOKS

_INJECTED_CELLS = 1  # papermill puts the given parameters into a cell of their own
_KERNEL_ENVIRONMENT = {"MPLBACKEND": "agg", "PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


class NotebookError(TightropeError):
    """A cell that failed: names the notebook, the cell, the error and the kept notebook's path."""


def execute_notebook(notebook: Path, parameters: Mapping[str, Any], output: Path, data: Path) -> NotebookNode:
    """Run a notebook with papermill and return it normalised.

    Parameters
    ----------
    notebook : Path
        The notebook to run; it is not changed.
    parameters : mapping
        Checked values for its `parameters` cell.
    output : Path
        Where the executed notebook is written; after a failure it is left there as it was.
    data : Path
        Folder of built tables that the notebook reads.

    Raises
    ------
    NotebookError
        If a cell fails.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    with _environment({**_KERNEL_ENVIRONMENT, DATA_VARIABLE: str(data.resolve())}):
        try:
            executed = papermill.execute_notebook(
                str(notebook),
                str(output),
                parameters=dict(parameters),
                cwd=str(NOTEBOOKS),
                kernel_name="python3",
                progress_bar=False,
                log_output=False,
                autosave_cell_every=0,
                request_save_on_cell_execute=False,
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
            )
        except PapermillExecutionError as error:
            first_line = next(iter(error.source.strip().splitlines()), "")
            number = error.exec_count - _INJECTED_CELLS
            raise NotebookError(
                f"{notebook.name}: code cell {number} failed ({first_line!r}): {error.ename}: {error.evalue}"
            ) from error
    return normalise(executed)


def normalise(notebook: NotebookNode) -> NotebookNode:
    """The notebook without timings, random identifiers, warnings' paths and the interpreter's version."""
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


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Variables for the kernel, which inherits this process's environment when it starts."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
