"""The committed sample: the newest report of a briefing, with pictures of two of its pages for the README.

Run ``python -m analysis.reporting.sample`` after ``tightrope brief togo``.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import nbformat

from analysis.errors import TightropeError
from analysis.folders import replace_folder
from analysis.paths import MANIFEST_JSON, REPORTS
from analysis.reporting.days import LATEST
from analysis.reporting.document import read_document
from analysis.reporting.pdf import render_pages

SAMPLE = "sample"
SHOWN_PAGES = (1, 2)
PIXELS_PER_INCH = 144
_KEPT = ("briefing.pdf", "briefing.html", MANIFEST_JSON)


def publish_sample(name: str = "togo", reports: Path = REPORTS) -> Path:
    """Copy the newest report of a briefing to the sample folder and picture its first pages.

    Raises
    ------
    TightropeError
        If the briefing has not been made.
    """
    latest = reports / name / LATEST
    if not latest.is_dir():
        raise TightropeError(f"there is no report in {str(latest)!r}; make it with: tightrope brief {name}")
    pages = render_pages(read_document(nbformat.read(latest / "briefing.ipynb", as_version=4)), PIXELS_PER_INCH)
    staging = Path(tempfile.mkdtemp(prefix=".sample-", dir=reports))
    staging.chmod(0o755)
    for file in _KEPT:
        shutil.copyfile(latest / file, staging / file)
    for number in SHOWN_PAGES:
        (staging / f"page-{number}.png").write_bytes(pages[number - 1])
    replace_folder(staging, reports / SAMPLE)
    return reports / SAMPLE


if __name__ == "__main__":
    print(publish_sample())
