"""A night's reports against the route that users have today, against the bare cells, and in memory.

Run it small while working on it: TIGHTROPE_BENCH_REPORTS=2 TIGHTROPE_BENCH_ROUNDS=1 python -m tests.benchmarks batch.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import psutil

from analysis.paths import NOTEBOOKS, PROJECT

REPORTS = int(os.environ.get("TIGHTROPE_BENCH_REPORTS", "16"))
ROUNDS = int(os.environ.get("TIGHTROPE_BENCH_ROUNDS", "3"))
SIZES = (4, 16, 40)
STATES = (
    "TGO", "NER", "MLI", "BFA", "BEN", "SEN", "TCD", "GIN", "KEN", "CIV", "SLE", "GNB", "CAF", "ERI", "GMB", "LBR",
    "SOM", "ZWE", "STP",
)  # fmt: skip
"""Those that the curated events show with France or Russia."""
BROWSER = "/usr/bin/chromium"
_LOOK_SECONDS = 0.25
_WORKER = "tests.benchmarks.batch"


def list_questions(number: int) -> list[dict[str, str]]:
    """State and language of so many briefings: every state in English, then in French, then a later start."""
    questions = [
        {"state": state, "language": language, "start": start}
        for start in ("2020-01-01", "2021-01-01")
        for language in ("en", "fr")
        for state in STATES
    ]
    return questions[:number]


def name_of(question: dict[str, str]) -> str:
    """The name of one question's report."""
    return f"b-{question['state'].lower()}-{question['start'][:4]}-{question['language']}"


def write_folder(folder: Path, questions: Sequence[dict[str, str]]) -> Path:
    """A folder with the notebook and an entry for each question."""
    folder.mkdir()
    shutil.copy(NOTEBOOKS / "briefing.ipynb", folder)
    entries = [
        "\n".join([f"[{name_of(each)}]", 'notebook = "briefing.ipynb"', *(f'{key} = "{each[key]}"' for key in each)])
        for each in questions
    ]
    (folder / "briefings.toml").write_text("\n\n".join(entries) + "\n", encoding="utf-8")
    return folder


def command_batch(folder: Path, data: Path, reports: Path) -> list[str]:
    """Our command."""
    return [
        sys.executable, "-m", "analysis", "batch", "--force", "--jobs", "2", "--data", str(data),
        "--notebooks", str(folder), "--reports", str(reports),
    ]  # fmt: skip


def find_browser(folder: Path) -> dict[str, str]:
    """Environment in which nbconvert's webpdf finds the machine's browser, where Playwright looks for its own."""
    from playwright.sync_api import Error, sync_playwright

    environment = {"PLAYWRIGHT_BROWSERS_PATH": str(folder)}
    os.environ.update(environment)
    with sync_playwright() as playwright:
        try:
            playwright.chromium.launch().close()
        except Error as error:
            wanted = re.search(r"Executable doesn't exist at (\S+)", str(error))
            if wanted is None:
                raise
            place = Path(wanted[1])
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(BROWSER)
    return environment


def run_today(question: dict[str, str], folder: Path) -> None:
    """The route of today for one report: papermill, HTML, PDF."""
    executed = folder / f"{name_of(question)}.ipynb"
    given = [word for key, value in question.items() for word in ("-r", key, value)]
    _run("papermill", str(NOTEBOOKS / "briefing.ipynb"), str(executed), "--no-progress-bar", *given)
    _run("nbconvert", "--to", "html", "--no-input", str(executed))
    _run("nbconvert", "--to", "webpdf", "--no-input", "--WebPDFExporter.disable_sandbox=True", str(executed))


def _run(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments[:3])} ended with {done.returncode}: {done.stderr[-2000:]}")


def time_today(questions: Sequence[dict[str, str]], folder: Path, processes: int) -> float:
    """Seconds of the route of today, in so many processes at a time."""
    folder.mkdir()
    begun = time.perf_counter()
    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(lambda question: run_today(question, folder), questions))
    return time.perf_counter() - begun


def time_floor(questions: Sequence[dict[str, str]], reports: Path) -> float:
    """Seconds of the bare cells and the exports, split over two warm processes; their imports are not counted."""
    parts = [questions[number::2] for number in range(2)]
    workers = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", _WORKER, str(reports), json.dumps(part)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for part in parts
        if part
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    begun = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.close()
    if any(worker.wait() for worker in workers):
        raise RuntimeError("the bare cells failed")
    seconds = time.perf_counter() - begun
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.close()
    return seconds


def run_floor(reports: Path, questions: Sequence[dict[str, str]]) -> None:
    """In a process of its own: import, say ready, wait, run the cells of each question and export its report."""
    import matplotlib as mpl

    mpl.use("agg")
    from analysis.reporting.brief import load_exporters
    from tests.benchmarks.__main__ import run_bare_cells

    notebook = nbformat.read(NOTEBOOKS / "briefing.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    executed = {
        name_of(each): nbformat.read(reports / name_of(each) / "latest" / "briefing.ipynb", 4) for each in questions
    }
    exporters = load_exporters()
    run_bare_cells([cell.source for cell in code])
    print("ready", flush=True)
    sys.stdin.read()
    for question in questions:
        given = "\n".join(f"{key} = {value!r}" for key, value in question.items())
        run_bare_cells([code[0].source, given, *(cell.source for cell in code[1:])])
        for exporter in exporters.values():
            exporter.from_notebook_node(executed[name_of(question)])


def watch_memory(process: subprocess.Popen[Any]) -> tuple[float, float]:
    """Most memory of a process and all it has started, in MiB: shared pages once, and resident of the largest."""
    peak = largest = 0.0
    root = psutil.Process(process.pid)
    while process.poll() is None:
        total = 0.0
        for each in [root, *_children(root)]:
            try:
                memory = each.memory_full_info()
            except psutil.Error:
                continue
            total += memory.pss / 2**20
            largest = max(largest, memory.rss / 2**20)
        peak = max(peak, total)
        threading.Event().wait(_LOOK_SECONDS)
    return peak, largest


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def measure_memory(folder: Path, data: Path) -> dict[int, tuple[float, float, float]]:
    """For each number of reports: peak of the tree and of its largest process in MiB, and seconds a report."""
    found = {}
    for number in SIZES if max(SIZES[:2]) <= REPORTS else (REPORTS,):
        notebooks = write_folder(folder / f"memory-{number}", list_questions(number))
        begun = time.perf_counter()
        process = subprocess.Popen(
            command_batch(notebooks, data, folder / "memory"),
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        peak, largest = watch_memory(process)
        if process.returncode:
            raise RuntimeError(f"a batch of {number} reports ended with {process.returncode}")
        found[number] = peak, largest, (time.perf_counter() - begun) / number
    return found


def list_values(notebook: nbformat.NotebookNode) -> list[str]:
    """What every cell of every table of a report says."""
    from analysis.reporting.document import TableBlock, read_document

    tables = [block for block in read_document(notebook).blocks if isinstance(block, TableBlock)]
    return [cell.text for table in tables for row in table.rows for cell in row if cell.text.strip()]


def share_found(pdf: Path, values: Sequence[str]) -> float:
    """Share of values that stand in the extracted text, whatever breaks lines and words."""
    text = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    squeezed = _squeeze(text)
    return sum(_squeeze(value) in squeezed for value in values) / len(values)


def _squeeze(text: str) -> str:
    return re.sub(r"[\s\u00ad\u200b\u2010-]", "", text)


EXPORT = """
import sys, nbformat
from nbconvert.exporters import get_exporter
notebook = nbformat.read(sys.argv[1], 4)
open(sys.argv[2], "wb").write(get_exporter("Tightrope PDF")().from_notebook_node(notebook)[0])
"""


def measure_pdf(notebook: Path, folder: Path) -> dict[str, tuple[float, float]]:
    """Seconds and share of values found, of the PDF of one report by each route."""
    from analysis.reporting.brief import load_exporters

    node = nbformat.read(notebook, 4)
    values = list_values(node)
    exporter = load_exporters()["pdf"]
    executed = shutil.copy(notebook, folder / "togo.ipynb")
    seconds: dict[str, list[float]] = {"warm": [], "cold": [], "webpdf": []}
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        (folder / "warm.pdf").write_bytes(exporter.from_notebook_node(node)[0])
        seconds["warm"].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", EXPORT, executed, folder / "cold.pdf"], cwd=PROJECT, check=True)
        seconds["cold"].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        _run(
            "nbconvert", "--to", "webpdf", "--no-input", "--WebPDFExporter.disable_sandbox=True",
            "--output", "webpdf", str(executed),
        )  # fmt: skip
        seconds["webpdf"].append(time.perf_counter() - begun)
    return {
        name: (statistics.median(each), share_found(folder / f"{name}.pdf", values)) for name, each in seconds.items()
    }


def write_batch() -> list[str]:
    """The lines of the page on reports at night."""
    with tempfile.TemporaryDirectory() as name:
        return _write(Path(name))


def _write(folder: Path) -> list[str]:
    questions, data, reports = list_questions(REPORTS), folder / "processed", folder / "reports"
    _run("analysis", "build", "--out", str(data))
    os.environ["TIGHTROPE_DATA"] = str(data)
    find_browser(folder / "browsers")
    notebooks = write_folder(folder / "notebooks", questions)
    command = command_batch(notebooks, data, reports)
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)  # the floor exports what this run has made
    seconds: dict[str, list[float]] = {name: [] for name in ("batch", "floor", "today", "today in two processes")}
    for number in range(ROUNDS):
        begun = time.perf_counter()
        subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
        seconds["batch"].append(time.perf_counter() - begun)
        seconds["floor"].append(time_floor(questions, reports))
        seconds["today"].append(time_today(questions, folder / f"one-{number}", 1))
        seconds["today in two processes"].append(time_today(questions, folder / f"two-{number}", 2))
    begun = time.perf_counter()
    subprocess.run([word for word in command if word != "--force"], cwd=PROJECT, check=True, capture_output=True)
    unchanged = time.perf_counter() - begun
    memory = measure_memory(folder, data)
    pdf = measure_pdf(reports / name_of(questions[0]) / "latest" / "briefing.ipynb", folder)
    return describe(seconds, unchanged, memory, pdf)


def describe(
    seconds: dict[str, list[float]],
    unchanged: float,
    memory: dict[int, tuple[float, float, float]],
    pdf: dict[str, tuple[float, float]],
) -> list[str]:
    """What was measured, as lines of the page."""
    labels = {
        "batch": "`tightrope batch --force --jobs 2`: tables, notebooks, HTML, PDF, publishing",
        "floor": "the floor: bare cells in two warm processes, imports done, and the same exports",
        "today": "`papermill`, `nbconvert --to html`, `nbconvert --to webpdf`, one report after the other",
        "today in two processes": "the same in two processes at a time",
    }

    def ratio(one: str, other: str) -> float:
        return statistics.median(a / b for a, b in zip(seconds[one], seconds[other], strict=True))

    routes = {
        "warm": "ours, in a warm process",
        "cold": "ours, process and imports included",
        "webpdf": "`nbconvert --to webpdf`",
    }
    return [
        f"{REPORTS} briefings of the real data, each of another state, language or start; median of {ROUNDS} rounds in turns.",
        "",
        "| what | median, s | fastest to slowest, s | s a report |",
        "|---|---:|---:|---:|",
        *(
            f"| {labels[name]} | {statistics.median(each):.1f} | {min(each):.1f} to {max(each):.1f} "
            f"| {statistics.median(each) / REPORTS:.2f} |"
            for name, each in seconds.items()
        ),
        "",
        f"The batch is {ratio('today', 'batch'):.1f} times as fast as the route of today (target: 8), "
        f"{ratio('today in two processes', 'batch'):.1f} times as that route in two processes (target: 5), "
        f"and takes {ratio('batch', 'floor'):.2f} times the floor (target: at most 1.3). "
        f"Where nothing has changed it takes {unchanged:.2f} s.",
        "",
        "| reports | peak of the whole process tree, MiB | of its largest process, MiB | s a report |",
        "|---:|---:|---:|---:|",
        *(
            f"| {number} | {peak:,.0f} | {largest:,.0f} | {each:.2f} |"
            for number, (peak, largest, each) in memory.items()
        ),
        "",
        "Shared pages are counted once.",
        "",
        "| PDF of the Togo briefing | median, s | values of its tables found in the text |",
        "|---|---:|---:|",
        *(f"| {routes[name]} | {taken:.2f} | {found:.1%} |" for name, (taken, found) in pdf.items()),
        "",
        "LaTeX is not installed on this machine and not measured.",
        "",
    ]


if __name__ == "__main__":
    run_floor(Path(sys.argv[1]), json.loads(sys.argv[2]))
