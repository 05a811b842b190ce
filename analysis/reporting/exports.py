"""The pages of a report: each exporter on a thread of its own, and none waited for longer than it may take."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar

import nbformat
from nbformat import NotebookNode

from analysis.reporting.blocks import Document
from analysis.reporting.document import ExportError, read_document

if TYPE_CHECKING:
    from analysis.reporting.exporter import DocumentExporter

T = TypeVar("T")
_NO_PAGE = nbformat.v4.new_notebook()


@cache
def load_exporters() -> Mapping[str, DocumentExporter]:
    """The exporters of a report's files by suffix, with what they import; no thread is started.

    Examples
    --------
    >>> {suffix: exporter.file_extension for suffix, exporter in load_exporters().items()}
    {'html': '.html', 'pdf': '.pdf'}
    """
    from analysis.reporting.html import TightropeHTMLExporter
    from analysis.reporting.pandoc import find_pandoc
    from analysis.reporting.pdf import TightropePDFExporter, find_fonts

    find_fonts()
    find_pandoc()
    exporters = {"html": TightropeHTMLExporter(), "pdf": TightropePDFExporter()}
    exporters["html"].from_notebook_node(_NO_PAGE)  # templates and the form of notebooks are read with the first page
    return exporters


def export_pages(
    notebook: NotebookNode, exporters: Mapping[str, DocumentExporter], seconds: float | None = None
) -> dict[str, bytes]:
    """Export an executed notebook in every format at once.

    A thread cannot be ended from outside: one that takes too long is left to itself, and ends with its process.

    Parameters
    ----------
    notebook : NotebookNode
        An executed notebook.
    exporters : mapping of str to DocumentExporter
        Exporters by suffix.
    seconds : float, optional
        How long they may take, in seconds; without limit if absent.

    Returns
    -------
    dict of str to bytes
        A file's content by suffix.

    Raises
    ------
    ExportError
        If the notebook cannot become a page, or an export takes longer.

    Examples
    --------
    >>> pages = export_pages(_NO_PAGE, load_exporters(), 60)
    >>> pages["html"][:15], pages["pdf"][:5]
    (b'<!DOCTYPE html>', b'%PDF-')
    """
    document = _begin(partial(read_document, notebook))  # once for all: an exporter alone reads it itself
    exports = {suffix: _begin(partial(_render, exporter, document)) for suffix, exporter in exporters.items()}
    wait(exports.values(), seconds)
    pages = {suffix: export.result() for suffix, export in exports.items() if export.done()}
    if late := [suffix.upper() for suffix in exports if suffix not in pages]:
        raise ExportError(
            f"the {' and the '.join(late)} took longer than the time-out of {seconds:g} seconds; "
            "allow more with --export-timeout"
        )
    return pages


def _render(exporter: DocumentExporter, document: Future[Document]) -> bytes:
    content = exporter.render(document.result())
    return content if isinstance(content, bytes) else content.encode()


def _begin(work: Callable[[], T]) -> Future[T]:
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # told to whoever waits
            future.set_exception(error)

    # A pool's threads are waited for when the process ends; these must not keep it.
    threading.Thread(target=run, daemon=True).start()
    return future
