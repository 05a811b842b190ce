"""A report folder, made in staging and put in place by one rename, so that a reader never sees half of it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from analysis.errors import TightropeError
from analysis.exhibit import METADATA_KEY
from analysis.paths import MANIFEST_JSON
from analysis.store import replace_folder

LATEST = "latest"
FAILED_NOTEBOOK = "failed.ipynb"


@contextmanager
def open_staging(reports: Path, name: str) -> Iterator[Path]:
    """A staging folder for one report, gone afterwards unless it was published.

    Raises
    ------
    TightropeError
        If the reports folder cannot be written.
    """
    home = reports / name
    try:
        home.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=home))
    except OSError as error:
        raise TightropeError(
            f"cannot write reports to {str(home)!r}: {error.strerror}; name another folder with --reports"
        ) from error
    try:
        staging.chmod(0o755)
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def write_outputs(notebook: NotebookNode, staging: Path) -> None:
    """The executed notebook, its figures as SVG and its tables as CSV.

    Raises
    ------
    TightropeError
        If two figures or two tables have the same name.
    """
    nbformat.write(notebook, staging / "briefing.ipynb")
    kinds = {"figure": ("figures", "image/svg+xml", "svg"), "table": ("tables", "text/csv", "csv")}
    for about, data in exhibits(notebook):
        if about["kind"] not in kinds:
            continue
        folder, mime, suffix = kinds[about["kind"]]
        path = staging / folder / f"{about['name']}.{suffix}"
        path.parent.mkdir(exist_ok=True)
        if path.exists():
            raise TightropeError(f"two {folder} are named {about['name']!r}; name each once")
        path.write_text("".join(data[mime]), encoding="utf-8")


def exhibits(notebook: NotebookNode) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """What each exhibit says of itself, and its representations, in order."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            about = output.get("metadata", {}).get(METADATA_KEY)
            if about:
                yield about, output["data"]


def publish(staging: Path, reports: Path, name: str, as_of: str) -> Path:
    """Put a finished report in place; `latest` moves last, and an older failure beside it goes."""
    target = reports / name / as_of
    replace_folder(staging, target)
    link = reports / name / f".{LATEST}"
    link.unlink(missing_ok=True)
    link.symlink_to(as_of, target_is_directory=True)
    os.replace(link, reports / name / LATEST)
    (reports / name / FAILED_NOTEBOOK).unlink(missing_ok=True)
    return target


def keep_failed(output: Path, reports: Path, name: str) -> Path | None:
    """The failed notebook, kept beside the last good report."""
    if not output.is_file():
        return None
    kept = reports / name / FAILED_NOTEBOOK
    os.replace(output, kept)
    return kept


def write_manifest(staging: Path, manifest: Mapping[str, Any]) -> None:
    """What went into a report and what came out, as JSON."""
    text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    (staging / MANIFEST_JSON).write_text(text, encoding="utf-8")
