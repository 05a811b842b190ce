"""A page opened in Debian's chromium: what it requests, how wide it is, and what axe finds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


@dataclass(frozen=True)
class Opened:
    """What was seen of a page."""

    requests: list[str]
    complaints: list[str]
    width: int
    background: str
    violations: list[str]
    are_pictures_drawn: list[bool]


@contextmanager
def opened_view(path: Path, **options: Any) -> Iterator[tuple[Any, list[str], list[str]]]:
    """A file in a browser for as long as the context lasts, what it requests, and what it complains of."""
    from playwright.sync_api import sync_playwright

    requests: list[str] = []
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        view = browser.new_page(**options)
        view.on("request", lambda request: requests.append(request.url))
        view.on("console", lambda message: complaints.append(message.text))
        view.goto(path.as_uri())
        yield view, requests, complaints
        browser.close()


def find_violations(view: Any) -> list[str]:
    """What axe finds on a page as it stands now."""
    from axe_playwright_python.sync_playwright import Axe

    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in Axe().run(view).response["violations"]]


def open_page(path: Path, width: int, scheme: Any = "light") -> Opened:
    """Open a file at a width in a colour scheme."""
    with opened_view(path, viewport={"width": width, "height": 844}, color_scheme=scheme) as opened:
        view, requests, complaints = opened
        return Opened(
            [url for url in requests if not url.startswith("data:")],
            list(complaints),
            view.evaluate("document.documentElement.scrollWidth"),
            view.evaluate("getComputedStyle(document.body).backgroundColor"),
            find_violations(view),
            view.evaluate("[...document.images].map(image => image.complete && image.naturalWidth > 0)"),
        )
