"""Set our HTML and PDF beside nbconvert's lab page and webpdf, made of the same executed notebook. Part of `make bench`.

What is compared is what a reader gets: size, what the page asks the network for, what axe finds, whether the PDF is
tagged, how many figures say what they show, how many cells of the tables are lost, and how long it takes.
"""

from __future__ import annotations

import io
import re
import shutil
import statistics
import tempfile
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pikepdf
import pypdfium2
from nbconvert import HTMLExporter, WebPDFExporter

from analysis.reporting.blocks import FigureBlock, TableBlock
from analysis.reporting.brief import make_briefing
from analysis.reporting.document import read_document
from analysis.reporting.entries import choose_briefing
from analysis.reporting.html import TightropeHTMLExporter
from analysis.reporting.pdf import TightropePDFExporter

ROUNDS = 3
_BLANK = re.compile(r"[\s\u00ad\u200b\u2010\ufffe\x02-]+")


@dataclass(frozen=True)
class Export:
    """What a reader gets of one export; None where the question does not arise."""

    name: str
    seconds: float
    kilobytes: float
    requests: int | None
    violations: list[str] | None
    tagged: bool | None
    described: int
    lost: int


def find_lost(cells: set[str], text: str) -> list[str]:
    """Cells that a text does not hold, blanks and the hyphens of broken words left out of account.

    Examples
    --------
    >>> find_lost({"−0.27", "49"}, "the tilt is −0. 27")
    ['49']
    """
    squeezed = squeeze(text)
    return sorted(cell for cell in cells if squeeze(cell) not in squeezed)


def squeeze(text: str) -> str:
    """Text without what setting it may add or take."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text))


def alternatives_of(notebook: Any) -> set[str]:
    """The alternative texts that the notebook's figures bring, squeezed."""
    return {squeeze(block.alt) for block in read_document(notebook).blocks if isinstance(block, FigureBlock)}


def cells_with_numbers(notebook: Any) -> set[str]:
    """The cells of the notebook's tables that hold a number, and no web address."""
    tables = [block for block in read_document(notebook).blocks if isinstance(block, TableBlock)]
    texts = {cell.text for table in tables for row in table.rows for cell in row}
    return {text for text in texts if re.search(r"\d", text) and "://" not in text}


def look_at_page(name: str, seconds: float, page: str, cells: set[str], alternatives: set[str], folder: Path) -> Export:
    """Open a page in the browser."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    path = folder / f"{name}.html"
    path.write_text(page, encoding="utf-8")
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": 1400, "height": 900})
        view.on("request", lambda request: asked.append(request.url))
        view.goto(path.as_uri(), wait_until="load")
        found = Axe().run(view).response["violations"]
        text = view.evaluate("document.body.textContent")
        alts = view.evaluate("[...document.images].map(one => one.alt)")
        browser.close()
    network = [url for url in asked if url.startswith(("http:", "https:"))]
    return Export(
        name, seconds, len(page.encode()) / 1024, len(network), [one["id"] for one in found], None,
        sum(squeeze(alt) in alternatives for alt in alts),
        len(find_lost(cells, text)),
    )  # fmt: skip


def look_at_pdf(name: str, seconds: float, data: bytes, cells: set[str], alternatives: set[str]) -> Export:
    """Read a PDF back."""
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        marked = bool(pdf.Root.get("/MarkInfo", {}).get("/Marked", False)) and "/StructTreeRoot" in pdf.Root
        elements = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        alts = [str(one.get("/Alt", "")) for one in elements]
    return Export(
        name, seconds, len(data) / 1024, None, None, marked,
        sum(squeeze(alt) in alternatives for alt in alts), len(find_lost(cells, text))
    )  # fmt: skip


def chromium() -> str:
    """The browser of the machine.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    found = shutil.which("chromium")
    if found is None:
        raise FileNotFoundError("no chromium on this machine; install it to compare pages")
    return found


def use_chromium() -> None:
    """Let nbconvert's webpdf start the browser of the machine: it names none itself and takes no setting for it."""
    from playwright.async_api import BrowserType

    launch = BrowserType.launch

    async def launch_here(self: Any, **options: Any) -> Any:
        return await launch(self, **{**options, "executable_path": chromium(), "chromium_sandbox": False})

    BrowserType.launch = launch_here  # type: ignore[method-assign]


def measure_pages(notebook: Any) -> list[Export]:
    """Export a notebook in all four ways, in turns, and look at the last of each."""
    use_chromium()
    exporters: dict[str, Callable[[], Any]] = {
        "tightrope HTML": TightropeHTMLExporter,
        "nbconvert lab HTML": lambda: HTMLExporter(template_name="lab", exclude_input=True),
        "tightrope PDF": TightropePDFExporter,
        "nbconvert webpdf": lambda: WebPDFExporter(exclude_input=True),
    }
    seconds: dict[str, list[float]] = {name: [] for name in exporters}
    made: dict[str, Any] = {}
    for _ in range(ROUNDS):
        for name, make in exporters.items():
            begun = time.perf_counter()
            made[name], _resources = make().from_notebook_node(notebook)
            seconds[name].append(time.perf_counter() - begun)
    cells, alternatives = cells_with_numbers(notebook), alternatives_of(notebook)
    with tempfile.TemporaryDirectory() as folder:
        return [
            look_at_pdf(name, statistics.median(seconds[name]), export, cells, alternatives)
            if isinstance(export, bytes)
            else look_at_page(name, statistics.median(seconds[name]), export, cells, alternatives, Path(folder))
            for name, export in made.items()
        ]


def write_pages() -> list[str]:
    """The lines of the page on exports."""
    with tempfile.TemporaryDirectory() as folder:
        report = make_briefing(choose_briefing("togo", {}), reports=Path(folder))
        notebook = nbformat.read(report / "briefing.ipynb", as_version=4)
    blocks = read_document(notebook).blocks
    figures = sum(type(block).__name__ == "FigureBlock" for block in blocks)
    cells = len(cells_with_numbers(notebook))
    lines = [
        f"The executed notebook of `tightrope brief togo` ({figures} figures, {cells} different table cells that hold a "
        f"number), inputs hidden in all; median of {ROUNDS} rounds in turns, imports left out. Requests are those to the "
        "network on opening; violations are what axe-core finds at 1,400 pixels, light.",
        "",
        "| export | s | KiB | requests | axe violations | tagged | figures with the alt text of their own | table cells lost |",
        "|---|---:|---:|---:|---|---|---:|---:|",
    ]
    for one in measure_pages(notebook):
        requests = "" if one.requests is None else f"{one.requests:,}"
        violations = "" if one.violations is None else (", ".join(one.violations) or "none")
        tagged = "" if one.tagged is None else "yes" if one.tagged else "no"
        lines.append(
            f"| {one.name} | {one.seconds:.2f} | {one.kilobytes:,.0f} | {requests} | {violations} | {tagged} | "
            f"{one.described} | {one.lost} |"
        )
    return [*lines, ""]
