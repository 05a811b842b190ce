"""One job of a form: a notebook and parameters as strings to files, as the command line would make them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import nbformat

from analysis.paths import PROCESSED
from analysis.reporting.execute import execute_notebook
from analysis.reporting.exports import load_exporters
from analysis.reporting.kernel import WaitingKernel
from analysis.reporting.parameters import check_parameters, read_parameters
from analysis.reporting.question import check_question


def run_job(notebook: Path, given: Mapping[str, str], outputs: Mapping[str, Path], data: Path = PROCESSED) -> None:
    """Run a notebook and write what was asked for.

    Parameters
    ----------
    notebook : Path
        A notebook with a cell tagged `parameters`; it is not changed.
    given : mapping of str to str
        Values for its parameters, each read as the notebook's type says.
    outputs : mapping of str to Path
        The file to write for each format that is wanted, by the names of :data:`analysis.lab.scheduler.FORMATS`. A
        notebook that fails is left at its place as far as it came; no other file is written then.
    data : Path
        Folder of built tables.

    Raises
    ------
    TightropeError
        If a parameter is unknown or cannot be answered, before a kernel starts; if a cell fails or the notebook
        cannot become a page.
    """
    parameters = check_question(check_parameters(given, read_parameters(notebook)), data)
    with tempfile.TemporaryDirectory(prefix="tightrope-") as folder, WaitingKernel(data) as kernel:
        executed = execute_notebook(notebook, parameters, outputs.get("ipynb", Path(folder) / notebook.name), kernel)
    if "ipynb" in outputs:
        nbformat.write(executed, outputs["ipynb"])
    for suffix, exporter in load_exporters().items():
        if suffix in outputs:
            content, _ = exporter.from_notebook_node(executed)
            outputs[suffix].write_bytes(content if isinstance(content, bytes) else content.encode())
