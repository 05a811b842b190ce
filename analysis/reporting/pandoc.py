"""Prose from Markdown to HTML and Typst: one run of pandoc for a document, nothing passed through as code."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from analysis.reporting.document import ExportError

TEMPLATES = Path(__file__).with_name("templates")
HEADING_MARK = "\x1d"
_PIECE_MARK, _FORMAT_MARK = "\x1e", "\x1f"
_NO_MARKS = dict.fromkeys(map(ord, [HEADING_MARK, _PIECE_MARK, _FORMAT_MARK]))
_SECONDS = 120
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:.*(?:\n(?!\s*\n|\s*\[\^|#).+)*", re.MULTILINE)
_NOTE_CALL = re.compile(r"(?<!\\)\[\^([^\]\s]+)\](?!:)")
_log = logging.getLogger(__name__)
_lock = threading.Lock()


@dataclass(frozen=True)
class Converted:
    """Converted prose, piece by piece; for HTML the contents (a nested list) and the notes at the end."""

    pieces: list[str]
    contents: str = ""
    notes: str = ""


def convert(pieces: Sequence[str], to: Literal["html", "typst"]) -> Converted:
    r"""Convert pieces of Markdown that stand in one document, in order.

    Raw HTML, TeX and Typst come out as the text they are; of links only http and https stay;
    an image is replaced by its alternative text. Headings begin at level two in HTML and one in
    Typst, under the title, and skip no level. A note may be defined in any piece. In Typst each
    heading is preceded by ``HEADING_MARK``.

    Raises
    ------
    ExportError
        If pandoc fails.

    Examples
    --------
    >>> convert(["<b>a</b> [x](javascript:y)"], "html").pieces
    ['<p>&lt;b&gt;a&lt;/b&gt; x</p>']
    """
    if not pieces:
        return Converted([])
    with _lock:  # the two pages of a document are made at once, and the second finds what the first has asked for
        written = _run(tuple(pieces))[to]
    *converted, rest = written.split(_PIECE_MARK)
    converted = [piece.strip("\n ") for piece in converted]  # not the marks, which str.strip takes for spaces
    if to == "html":
        return Converted(converted[:-1], converted[-1], rest.strip())
    return Converted(converted)


@lru_cache(maxsize=1)
def _run(pieces: tuple[str, ...]) -> dict[str, str]:
    """What pandoc makes of a document's prose in both formats, which costs little more than in one."""
    clean = [piece.translate(_NO_MARKS) for piece in pieces]
    command = [
        find_pandoc(), "--sandbox", f"--data-dir={TEMPLATES}", f"--from={TEMPLATES / 'prose.lua'}", "--to=html",
    ]  # fmt: skip
    request = json.dumps(_lend_notes(clean)).encode()
    try:
        run = subprocess.run(command, input=request, capture_output=True, check=True, timeout=_SECONDS)
    except subprocess.CalledProcessError as error:
        raise ExportError(f"pandoc could not read the prose: {error.stderr.decode(errors='replace').strip()}") from None
    except subprocess.TimeoutExpired:
        raise ExportError(f"pandoc did not finish the prose within {_SECONDS} seconds") from None
    for line in run.stderr.decode(errors="replace").splitlines():
        if line.startswith("[WARNING]"):
            _log.warning("%s", line)
    return dict(zip(("html", "typst"), run.stdout.decode().split(_FORMAT_MARK), strict=True))


def _lend_notes(pieces: list[str]) -> list[str]:
    """Pieces with the notes they call but do not define, taken from the piece that does."""
    notes = {match[1]: match[0] for piece in reversed(pieces) for match in _NOTE.finditer(piece)}
    lent = []
    for piece in pieces:
        own = {match[1] for match in _NOTE.finditer(piece)}
        called = dict.fromkeys(_NOTE_CALL.findall(piece))
        missing = [notes[name] for name in called if name in notes and name not in own]
        lent.append("\n\n".join([piece, *missing]) + "\n")
    return lent


@cache
def find_pandoc() -> str:
    """The path of pandoc; to find it, each that is installed is asked for its version."""
    import pypandoc

    return str(pypandoc.get_pandoc_path())
