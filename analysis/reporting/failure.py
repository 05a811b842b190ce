"""What a failed run leaves beside the last good report: one page that says what failed and where, and the notebook."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.errors import TightropeError
from analysis.language import message, say
from analysis.own import make_folder, replace_file
from analysis.reporting.days import LATEST, list_days
from analysis.reporting.document import clean_text
from analysis.reporting.pages import render_page
from analysis.reporting.places import hide_places
from analysis.reporting.publish import discard_staging
from analysis.reporting.schedule import read_clock

if TYPE_CHECKING:
    from nbformat import NotebookNode

RUNNING_NOTEBOOK = "running.ipynb"
FAILED_NOTEBOOK = "failed.ipynb"
FAILED_PAGE = "failed.html"
SHOWN_LINES, SHOWN_CHARACTERS = 40, 20_000


class FailedCell(NamedTuple):
    """The cell that failed: its number among the code cells as they are written, its source and its last lines."""

    number: int
    source: str
    traceback: str
    printed: str


def keep_failure(
    home: Path,
    notebook: Path,
    parameters: Mapping[str, Any],
    error: BaseException,
    staging: Path | None = None,
    now: datetime | None = None,
) -> Path | None:
    """Leave the page of a failure, and the failed notebook if there is one, in a report's folder.

    Parameters
    ----------
    home : Path
        The report's folder, where the days of its published reports are.
    notebook : Path
        The notebook that was to be run.
    parameters : mapping
        Its parameters, as far as they are known.
    error : BaseException
        What went wrong.
    staging : Path, optional
        The run's folder: the notebook as far as it came is moved from it, the rest makes room.
    now : datetime, optional
        When it failed, with a time zone; now if absent. No report has a clock, but whoever finds an old failure beside
        a report must see how old it is.

    Returns
    -------
    Path or None
        The page; None where even that could not be written.
    """
    cell = None
    try:
        make_folder(home)
        (home / FAILED_NOTEBOOK).unlink(missing_ok=True)
        if staging is not None and (staging / RUNNING_NOTEBOOK).is_file():
            cell = _find_failed_cell(staging / RUNNING_NOTEBOOK)
            os.replace(staging / RUNNING_NOTEBOOK, home / FAILED_NOTEBOOK)
            kept = (home / FAILED_NOTEBOOK).read_text(encoding="utf-8", errors="replace")
            replace_file(home / FAILED_NOTEBOOK, hide_places(kept, reports=home.parent, notebooks=notebook.parent))
        if staging is not None:
            discard_staging(staging)
        page = render_failure(home, notebook.name, parameters, error, now or read_clock(), cell)
        replace_file(home / FAILED_PAGE, page)
    except (OSError, TightropeError):
        return None  # the disk or the folder may be what failed; the error itself is still told
    return home / FAILED_PAGE


def clear_failure(home: Path) -> None:
    """Remove what an older failure left."""
    for name in (FAILED_PAGE, FAILED_NOTEBOOK):
        (home / name).unlink(missing_ok=True)


def render_failure(
    home: Path,
    notebook: str,
    parameters: Mapping[str, Any],
    error: BaseException,
    now: datetime,
    cell: FailedCell | None = None,
) -> str:
    """The page of a failure, as HTML."""
    days = list_days(home)
    told = str(error) if isinstance(error, TightropeError) else f"{type(error).__name__}: {error}"
    lines = [("Error", told)]
    if cell is not None:
        lines += [("Cell", cell.source), ("Traceback", cell.traceback), ("Printed", cell.printed)]
    elif not isinstance(error, TightropeError):
        lines.append(("Traceback", "".join(traceback.format_exception(error))))
    return render_page(
        "failed.html.j2",
        title=say("The report {name} could not be made", name=home.name),
        summary=f"{_summarise(notebook, cell)} {say('That was at {time}.', time=f'{now:%Y-%m-%d %H:%M %z}')}",
        standing=say("The last good report, of {day}, stays as it was.", day=days[-1])
        if days
        else say("No report of this name has been published yet."),
        links=[
            *([(f"{LATEST}/briefing.html", say("The last good report"))] if days else []),
            *([(FAILED_NOTEBOOK, say("The failed notebook"))] if (home / FAILED_NOTEBOOK).is_file() else []),
        ],
        parameters=[(name, _written(value)) for name, value in parameters.items()],
        sections=[
            (say(_HEADINGS[heading]), hide_places(_last_lines(text), reports=home.parent))
            for heading, text in lines
            if text.strip()
        ],
        parameters_heading=say("Parameters"),
        parameter_label=say("Parameter"),
        value_label=say("Value"),
    )


_HEADINGS = {
    "Error": message("What went wrong"),
    "Cell": message("The cell"),
    "Traceback": message("Where in the code"),
    "Printed": message("What was printed last"),
}


def _summarise(notebook: str, cell: FailedCell | None) -> str:
    if cell is None:
        return say("The notebook {notebook} did not run to its end, or its pages could not be made.", notebook=notebook)
    return say("Code cell {number} of {notebook} failed.", number=cell.number, notebook=notebook)


def _find_failed_cell(path: Path) -> FailedCell | None:
    """The cell with an error; else the last that was begun, in which a kernel died or was ended."""
    import nbformat  # a run in which nothing fails should not wait for it

    try:
        notebook = nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, ValueError):
        return None  # written by half, as on a full disk
    found = None
    for number, cell in _code_cells(notebook):
        errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
        is_begun = cell.metadata.get("papermill", {}).get("status") in ("running", "failed")
        if errors or is_begun:
            printed = [output.text for output in cell.get("outputs", []) if output.output_type == "stream"]
            trace = "\n".join(line for error in errors for line in error.traceback)
            found = FailedCell(number, cell.source, trace, "".join(printed))
            if errors:
                break
    return found


def _code_cells(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    number = 0
    for cell in notebook.cells:
        # The cell that papermill puts in is none that the reader of the notebook knows.
        if cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get("tags", []):
            number += 1
            yield number, cell


def _last_lines(text: str) -> str:
    end = text[-SHOWN_CHARACTERS:]
    lines = clean_text(end).rstrip().splitlines()
    if len(lines) <= SHOWN_LINES and len(end) == len(text):
        return "\n".join(lines)
    return "\n".join(["…", *lines[-SHOWN_LINES:]])


def _written(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
