"""Small executed notebooks, made in memory, for the tests of the exporters."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import nbformat.v4 as v4
import pandas as pd
from nbformat import NotebookNode

from analysis.exhibit import Exhibit, show_table, show_title

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="480pt" height="240pt" viewBox="0 0 480 240">'
    '<path d="M20 220 L160 120 L300 160 L460 30" fill="none" stroke="#1b4f8a" stroke-width="3"/></svg>'
)


def notebook(*cells: NotebookNode, **metadata: Any) -> NotebookNode:
    """A notebook of these cells, with the same cell ids each time."""
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:03d}"
    return v4.new_notebook(cells=list(cells), metadata=metadata)


def markdown(source: str) -> NotebookNode:
    """A Markdown cell."""
    return v4.new_markdown_cell(source)


def code(*outputs: NotebookNode | Exhibit, source: str = "show()") -> NotebookNode:
    """An executed code cell; an exhibit becomes the output it would be in a kernel."""
    made = [shown(output) if isinstance(output, Exhibit) else output for output in outputs]
    return v4.new_code_cell(source, execution_count=1, outputs=made)


def shown(exhibit: Exhibit) -> NotebookNode:
    """The output that a kernel makes of an exhibit."""
    data, metadata = exhibit._repr_mimebundle_()
    return v4.new_output("execute_result", data=data, metadata=metadata, execution_count=1)


def display(metadata: dict[str, Any] | None = None, **data: str) -> NotebookNode:
    """A displayed output; MIME types are written with `__` for `/` and `_` for `+`."""
    bundle = {kind.replace("__", "/").replace("svg_xml", "svg+xml"): value for kind, value in data.items()}
    return v4.new_output("display_data", data=bundle, metadata=metadata or {})


def stream(text: str, name: str = "stdout") -> NotebookNode:
    """Printed text."""
    return v4.new_output("stream", name=name, text=text)


def title(text: str = "Between two ports", subtitle: str = "A question", **about: Any) -> NotebookNode:
    """A cell that shows a title."""
    return code(show_title(text, subtitle, **{"language": "en", "as_of": "2025-10-31", **about}))


def figure(name: str = "line", caption: str = "It rises.", alt: str = "A rising line.", svg: str = SVG) -> NotebookNode:
    """A cell that shows a figure."""
    about = {"kind": "figure", "name": name, "caption": caption, "alt": alt}
    return code(Exhibit({"image/svg+xml": svg, "text/plain": alt}, about), source=f"show_figure({name})")


def table(rows: Sequence[Sequence[Any]], columns: Sequence[str], caption: str = "What is shown.") -> NotebookNode:
    """A cell that shows a table."""
    frame = pd.DataFrame([list(row) for row in rows], columns=list(columns), dtype=object)
    return code(show_table(frame, "table", caption=caption))


def png(width: int = 4, height: int = 2) -> str:
    """A white picture, as base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = (b"\x00" + b"\xff" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()
