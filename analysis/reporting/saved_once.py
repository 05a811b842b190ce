"""A papermill engine that writes the notebook once, when it has ended, however it has ended.

papermill's own writes the whole notebook before and after every cell, and the kernel waits meanwhile: with some sixty
cells and their figures that took a fifth of a report's time.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

NAME = "saved_once"


class _Manager(NotebookExecutionManager):  # type: ignore[misc]
    """Keeps the notebook in memory while it runs."""

    def save(self, **kwargs: Any) -> None:
        if self.end_time is not None:
            super().save(**kwargs)


class _Engine(NBClientEngine):  # type: ignore[misc]
    """papermill's engine, with that manager."""

    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, output_path: str | None = None, **options: Any
    ) -> NotebookNode:
        shown = {name: options.pop(name) for name in ("progress_bar", "autosave_cell_every")}
        manager = _Manager(nb, output_path=output_path, log_output=options["log_output"], **shown)
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, **options)
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb


papermill_engines.register(NAME, _Engine)
