"""What the two exporters share: an executed notebook is read as a document, and each renders it."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from analysis.reporting.blocks import Document
from analysis.reporting.document import read_document


class DocumentExporter(Exporter):
    """An nbconvert exporter of executed notebooks; a subclass says how to render a document."""

    @default("optimistic_validation")
    def _optimistic_validation_default(self) -> bool:
        return True  # else nbconvert validates the notebook after each of eleven preprocessors, all of them off

    def render(self, document: Document) -> str | bytes:
        """Render a document in the exporter's format."""
        raise NotImplementedError

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Export an executed notebook.

        Returns
        -------
        str or bytes, dict
            The rendered document, and nbconvert's resources.

        Raises
        ------
        ExportError
            If the notebook cannot become a page; see :func:`analysis.reporting.document.read_document`.
        """
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        name = resources.get("metadata", {}).get("name", "")
        return self.render(read_document(nb, name)), resources
