"""A papermill engine that hands over the notebook it has run, and writes it only if the run was cut short or failed.

papermill's own writes the whole notebook before and after every cell, and the kernel waits meanwhile: with some sixty
cells and their figures that took a fifth of a report's time. A run that is cut short is written by the engine, and one
with a failed cell by papermill, so that what the cells had done is not lost. What ran to its end is published in
another form, and papermill is given an empty notebook to write in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbclient.exceptions import CellExecutionComplete
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.log import logger

from analysis.reporting.outputs import OutputMeter

NAME = "saved_once"


class _Manager(NotebookExecutionManager):  # type: ignore[misc]
    """Keeps the notebook in memory while it runs."""

    is_cut_short = False

    def save(self, **kwargs: Any) -> None:
        if self.is_cut_short and self.end_time is not None:
            super().save(**kwargs)


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, which shows each message to the meter first."""

    def __init__(self, manager: _Manager, meter: OutputMeter, **options: Any) -> None:
        super().__init__(manager, on_cell_executed=meter.stop_here, **options)
        self._meter = meter

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        if not self._meter.admits(msg["content"], self.nb):
            raise CellExecutionComplete
        return super().process_message(msg, cell, cell_index)


class _Engine(Engine):  # type: ignore[misc]
    """papermill's engine, with that manager and that client; `done` is told of the notebook that ran to its end."""

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        *,
        meter: OutputMeter,
        done: Callable[[NotebookNode], None],
        **options: Any,
    ) -> NotebookNode:
        shown = {name: options.pop(name) for name in ("progress_bar", "autosave_cell_every")}
        manager = _Manager(nb, output_path=output_path, log_output=options["log_output"], **shown)
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, meter=meter, **options)
        except BaseException:
            manager.is_cut_short = True
            raise
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        if manager.nb.metadata.papermill["exception"]:
            return manager.nb
        done(manager.nb)
        return new_notebook()

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: _Manager,
        kernel_name: str,
        *,
        meter: OutputMeter,
        start_timeout: int = 60,
        execution_timeout: float | None = None,
        **options: Any,
    ) -> NotebookNode:
        options.pop("input_path", None)
        client = _Client(
            nb_man,
            meter,
            kernel_name=kernel_name,
            startup_timeout=start_timeout,
            timeout=execution_timeout,
            log=logger,
            **options,
        )
        return client.execute()


papermill_engines.register(NAME, _Engine)
