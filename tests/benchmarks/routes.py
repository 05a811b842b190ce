"""The routes to a night's reports that are measured: our batch, today's commands, and the bare cells as a floor."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from analysis.paths import DATA_VARIABLE, NOTEBOOKS, PROJECT
from analysis.reporting.surroundings import kernel_environment

STATES = (
    "TGO", "NER", "MLI", "BFA", "BEN", "SEN", "TCD", "GIN", "KEN", "CIV", "SLE", "GNB", "CAF", "ERI", "GMB", "LBR",
    "SOM", "ZWE", "STP",
)  # fmt: skip
"""Those that the curated events show with France or Russia."""
BROWSER = "/usr/bin/chromium"


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
    run_module("papermill", str(NOTEBOOKS / "briefing.ipynb"), str(executed), "--no-progress-bar", *given)
    run_module("nbconvert", "--to", "html", "--no-input", str(executed))
    run_module("nbconvert", "--to", "webpdf", "--no-input", "--WebPDFExporter.disable_sandbox=True", str(executed))


def run_module(*arguments: str, **environment: str) -> None:
    """Run a module of Python in a process of its own, with some variables of its environment set.

    Raises
    ------
    RuntimeError
        If it fails; the message holds the end of what it said.
    """
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=PROJECT, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments[:3])} ended with {done.returncode}: {done.stderr[-2000:]}")


def time_today(questions: Sequence[dict[str, str]], folder: Path, processes: int) -> float:
    """Seconds of the route of today, in so many processes at a time."""
    folder.mkdir()
    begun = time.perf_counter()
    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(lambda question: run_today(question, folder), questions))
    return time.perf_counter() - begun


def time_floor(questions: Sequence[dict[str, str]], reports: Path, is_apart: bool = False) -> float:
    """Seconds of the bare cells and the exports, split over two warm processes; their imports are not counted.

    Each process makes its reports itself, one after the other and having made one before, or, with `is_apart`, has
    each made by a process of its own, forked from it once its imports are done: what keeping reports apart costs.
    Their environment is that of a kernel.
    """
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.routes", "apart" if is_apart else "one by one"]
    parts = [questions[number::2] for number in range(2)]
    workers = [
        subprocess.Popen(
            [*command, str(reports), json.dumps(part)],
            cwd=PROJECT,
            env=kernel_environment(Path(os.environ[DATA_VARIABLE])),
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


def run_floor(reports: Path, questions: Sequence[dict[str, str]], is_apart: bool) -> None:
    """In a process of its own: import, say ready, wait, run the cells of each question and export its report."""
    import matplotlib as mpl

    mpl.use("agg")
    from analysis.reporting.exports import load_exporters
    from analysis.reporting.waiting import import_libraries
    from tests.benchmarks.__main__ import run_bare_cells

    import_libraries()
    notebook = nbformat.read(NOTEBOOKS / "briefing.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    executed = {
        name_of(each): nbformat.read(reports / name_of(each) / "latest" / "briefing.ipynb", 4) for each in questions
    }
    exporters = load_exporters()

    def make(question: dict[str, str]) -> None:
        given = "\n".join(f"{key} = {value!r}" for key, value in question.items())
        run_bare_cells([code[0].source, given, *(cell.source for cell in code[1:])])
        for exporter in exporters.values():
            exporter.from_notebook_node(executed[name_of(question)])

    if not is_apart:  # Typst starts threads, and what has threads cannot be forked
        for exporter in exporters.values():
            exporter.from_notebook_node(nbformat.v4.new_notebook())  # fonts are read with the first page
        run_bare_cells([cell.source for cell in code])
    print("ready", flush=True)
    sys.stdin.read()
    for question in questions:
        if is_apart:
            _make_apart(make, question)
        else:
            make(question)


def _make_apart(make: Callable[[dict[str, str]], None], question: dict[str, str]) -> None:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            make(question)
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(pid, 0)[1]:
        raise RuntimeError(f"the bare cells of {name_of(question)} failed")


if __name__ == "__main__":
    run_floor(Path(sys.argv[2]), json.loads(sys.argv[3]), is_apart=sys.argv[1] == "apart")
