"""The PDF of one report by each route: seconds, and what of its tables is found in the text again."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import nbformat
import pypdfium2

from analysis.paths import PROJECT
from analysis.reporting.document import TableBlock, read_document
from analysis.reporting.exports import load_exporters
from tests.benchmarks.pages import find_lost
from tests.benchmarks.routes import run_module

EXPORT = """
import sys, nbformat
from nbconvert.exporters import get_exporter
notebook = nbformat.read(sys.argv[1], 4)
open(sys.argv[2], "wb").write(get_exporter("Tightrope PDF")().from_notebook_node(notebook)[0])
"""


def measure_pdf(notebook: Path, folder: Path, rounds: int) -> dict[str, tuple[float, float]]:
    """Seconds and share of values found, of the PDF of one report by each route."""
    node = nbformat.read(notebook, 4)
    values = list_values(node)
    exporter = load_exporters()["pdf"]
    executed = shutil.copy(notebook, folder / "togo.ipynb")
    seconds: dict[str, list[float]] = {"warm": [], "cold": [], "webpdf": []}
    for _ in range(rounds):
        begun = time.perf_counter()
        (folder / "warm.pdf").write_bytes(exporter.from_notebook_node(node)[0])
        seconds["warm"].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", EXPORT, executed, folder / "cold.pdf"], cwd=PROJECT, check=True)
        seconds["cold"].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        run_module(
            "nbconvert", "--to", "webpdf", "--no-input", "--WebPDFExporter.disable_sandbox=True",
            "--output", "webpdf", str(executed),
        )  # fmt: skip
        seconds["webpdf"].append(time.perf_counter() - begun)
    return {
        name: (statistics.median(each), share_found((folder / f"{name}.pdf").read_bytes(), values))
        for name, each in seconds.items()
    }


def list_values(notebook: nbformat.NotebookNode) -> list[str]:
    """What every cell of every table of a report says."""
    tables = [block for block in read_document(notebook).blocks if isinstance(block, TableBlock)]
    return [cell.text for table in tables for row in table.rows for cell in row if cell.text.strip()]


def share_found(pdf: bytes, values: Sequence[str]) -> float:
    """Share of values that stand in the extracted text, whatever breaks lines and words."""
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    lost = set(find_lost(set(values), text))
    return sum(value not in lost for value in values) / len(values)
