"""The PDF of one report by each route: seconds, and what of its tables is found in the text again."""

from __future__ import annotations

import os
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
from analysis.reporting.blocks import TableBlock
from analysis.reporting.document import read_document
from analysis.reporting.exports import load_exporters
from analysis.reporting.pandoc import find_pandoc
from tests.benchmarks.pages import find_lost
from tests.benchmarks.routes import run_module

EXPORT = """
import sys, nbformat
from nbconvert.exporters import get_exporter
notebook = nbformat.read(sys.argv[1], 4)
open(sys.argv[2], "wb").write(get_exporter("Tightrope PDF")().from_notebook_node(notebook)[0])
"""


def measure_pdf(notebook: Path, folder: Path, rounds: int) -> dict[str, tuple[float, float]]:
    """Seconds and share of values found, of the PDF of one report by each route; LaTeX where it is installed."""
    node = nbformat.read(notebook, 4)
    values = list_values(node)
    exporter = load_exporters()["pdf"]
    executed = shutil.copy(notebook, folder / "togo.ipynb")
    path = os.pathsep.join([str(Path(find_pandoc()).parent), os.environ["PATH"]])  # LaTeX is written by pandoc

    def set_warm(pdf: Path) -> None:
        pdf.write_bytes(exporter.from_notebook_node(node)[0])

    def set_cold(pdf: Path) -> None:
        subprocess.run([sys.executable, "-c", EXPORT, executed, pdf], cwd=PROJECT, check=True)

    def print_page(pdf: Path) -> None:
        run_module(
            "nbconvert", "--to", "webpdf", "--no-input", "--WebPDFExporter.disable_sandbox=True",
            "--output", pdf.stem, str(executed),
        )  # fmt: skip

    def run_latex(pdf: Path) -> None:
        run_module("nbconvert", "--to", "pdf", "--no-input", "--output", pdf.stem, str(executed), PATH=path)

    routes = {"warm": set_warm, "cold": set_cold, "webpdf": print_page, "latex": run_latex}
    if list_missing():
        del routes["latex"]
    seconds: dict[str, list[float]] = {name: [] for name in routes}
    for _ in range(rounds):
        for name, route in routes.items():
            begun = time.perf_counter()
            route(folder / f"{name}.pdf")
            seconds[name].append(time.perf_counter() - begun)
    return {
        name: (statistics.median(each), share_found((folder / f"{name}.pdf").read_bytes(), values))
        for name, each in seconds.items()
    }


def list_missing() -> list[str]:
    """What nbconvert's route through LaTeX needs and this machine lacks; figures in SVG are turned by Inkscape."""
    return [program for program in ("xelatex", "inkscape") if not shutil.which(program)]


def list_values(notebook: nbformat.NotebookNode) -> list[str]:
    """What every cell of every table of a report says."""
    tables = [block for block in read_document(notebook).blocks if isinstance(block, TableBlock)]
    return [cell.text for table in tables for row in table.rows for cell in row if cell.text.strip()]


def share_found(pdf: bytes, values: Sequence[str]) -> float:
    """Share of values that stand in the extracted text, whatever breaks lines and words."""
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    lost = set(find_lost(set(values), text))
    return sum(value not in lost for value in values) / len(values)
