"""The PDF of a document: Typst, A4, tagged for PDF/UA-1 and PDF/A-2a in one file, the same bytes each time."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from traitlets import default

from analysis.reporting.blocks import Block, Document, FigureBlock, Preformatted, Prose, TableBlock
from analysis.reporting.document import ExportError
from analysis.reporting.exporter import DocumentExporter
from analysis.reporting.labels import read_labels, write_day
from analysis.reporting.letters import find_smallest_letters
from analysis.reporting.paging import PagePlan, Placed, plan_pages
from analysis.reporting.pandoc import HEADING_MARK, TEMPLATES, convert
from analysis.reporting.prose import break_runs
from analysis.reporting.references import References, find_references
from analysis.reporting.table_layout import fit_table, has_long_word, with_breaks
from analysis.reporting.undrawn import replace_undrawn

if TYPE_CHECKING:
    import typst

STANDARDS: list[Literal["ua-1", "a-2a"]] = ["ua-1", "a-2a"]
_NOT_DRAWN = "could not be displayed"
_NO_DAY = date(1970, 1, 1)  # PDF/A asks for a date, and the clock would change the bytes
_SUFFIXES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
_SHORT = 1500  # characters: of prose that goes with a wide table onto its page, of a table that is not broken
_FEW_ROWS = 12
_FOOT = 771.0  # points from the top of an upright page to the foot of its text, as in the template


class TightropePDFExporter(DocumentExporter):
    """Executed notebook to a tagged PDF."""

    export_from_notebook = "Tightrope PDF"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def render(self, document: Document) -> bytes:
        """Render a document; see :func:`render_pdf`."""
        return render_pdf(document)


def render_pdf(document: Document) -> bytes:
    """Render a document as PDF; nothing but the document decides the bytes.

    Raises
    ------
    ExportError
        If Typst cannot set the document, with its reason.

    Examples
    --------
    >>> render_pdf(Document("Two ports", "", "", "en", None, (Prose("Text."),)))[:5]
    b'%PDF-'
    """
    pdf = _compile(document, format="pdf", pdf_standards=[*STANDARDS], timestamp=_timestamp(document))
    assert isinstance(pdf, bytes)
    return pdf


def render_pages(document: Document, pixels_per_inch: float = 100) -> list[bytes]:
    """Render the pages of a document's PDF as PNG pictures, for a preview.

    Raises
    ------
    ExportError
        As for :func:`render_pdf`.
    """
    pages = _compile(document, format="png", ppi=pixels_per_inch)
    return pages if isinstance(pages, list) else [pages]


def _compile(document: Document, **options: Any) -> bytes | list[bytes]:
    """Set the document with Typst; a mark that no font draws, which costs the whole PDF/A, is shown as unknown."""
    data = typst_data(document)
    try:
        return _set(document, data, **options)
    except ExportError as error:
        if _NOT_DRAWN not in str(error):
            raise
    return _set(document, replace_undrawn(data), **options)


def _set(document: Document, data: dict[str, Any], **options: Any) -> bytes | list[bytes]:
    """Set the document with Typst, which sees nothing but a folder of its own."""
    import typst

    with tempfile.TemporaryDirectory(prefix="tightrope-") as folder:
        root = Path(folder)
        (root / "briefing.json").write_text(json.dumps(data), encoding="utf-8")
        (root / "briefing.typ").write_bytes((TEMPLATES / "briefing.typ").read_bytes())
        for block in document.blocks:
            if isinstance(block, FigureBlock):
                (root / _file_name(block)).write_bytes(block.data)

        def compiler(plan: PagePlan) -> typst.Compiler:
            (root / "plan.json").write_text(json.dumps(plan.as_json()), encoding="utf-8")
            return typst.Compiler(
                str(root / "briefing.typ"), root=folder, ignore_system_fonts=True, font_paths=find_fonts(),
                package_path=folder, package_cache_path=folder,
            )  # fmt: skip

        def measure(plan: PagePlan) -> list[Placed]:
            return _read_places(json.loads(compiler(plan).query("<placed>", field="value", one=True)), data["blocks"])

        try:
            made = compiler(plan_pages(measure, _FOOT)).compile(**options)
        except RuntimeError as error:  # a query gives no more than that; a TypstError is one, with hints
            reasons = [getattr(error, "message", str(error)), *getattr(error, "hints", [])]
            raise ExportError(f"the PDF cannot be set: {'; '.join(reasons)}") from error
        except BaseException as error:
            # A fault of Typst's own is no Exception, and would take a whole batch with it.
            if type(error).__name__ != "PanicException":
                raise
            raise ExportError(f"the PDF cannot be set, for Typst itself broke down: {error}") from error
    assert made is not None, "nothing is compiled to a file"
    return made


def _read_places(marks: Sequence[Mapping[str, Any]], blocks: Sequence[Mapping[str, Any]]) -> list[Placed]:
    """Where each block begins and ends, in order, from the marks that the template left on the pages."""
    starts = {mark["number"]: mark for mark in marks if mark["what"] == "start"}
    ends = {mark["number"]: mark for mark in marks if mark["what"] == "end"}
    placed = []
    for number in sorted(number for number in starts.keys() & ends.keys() if number >= 0):  # -1: on a turned page
        start, end = starts[number], ends[number]
        is_whole = blocks[number].get("is_short", False) and start["page"] == end["page"]
        following = blocks[number + 1] if number + 1 < len(blocks) else {}
        placed.append(
            Placed(
                number,
                (start["page"], start["y"]),
                (end["page"], end["y"]),
                picture=start["picture"] or (end["y"] - start["y"] if is_whole else 0.0),
                runs_on=bool(start["picture"]) and _is_running_text(following),
                letters=start["letters"] or end["letters"],
            )
        )
    return placed


def _is_running_text(entry: Mapping[str, Any]) -> bool:
    return entry.get("kind") == "prose" and not entry["markup"].lstrip().startswith("=")


def typst_data(document: Document) -> dict[str, Any]:
    """Prepare what the template reads as JSON. Only prose is markup, and that is pandoc's; all else stays a string."""
    prose = iter(convert([block.markdown for block in document.blocks if isinstance(block, Prose)], "typst").pieces)
    references = find_references(document)
    entries = [_entry(block, next(prose) if isinstance(block, Prose) else "", references) for block in document.blocks]
    language, _, region = document.language.partition("-")
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "author": document.author,
        "language": language,
        "region": region if len(region) == 2 else None,
        "date": list((document.as_of or _NO_DAY).timetuple()[:3]),
        "day": write_day(document.as_of, document.language),
        "facts": [{**fact._asdict(), "anchor": references.of_fact(fact)} for fact in document.facts],
        "labels": dict(read_labels(document.language)),
        "blocks": _turn_wide(entries),
    }


def _entry(block: Block, markup: str, references: References) -> dict[str, Any]:
    match block:
        case Prose():
            return {"kind": "prose", "markup": break_runs(markup)}
        case Preformatted(text=text):
            return {"kind": "preformatted", "text": text}
        case FigureBlock():
            return {
                "kind": "figure",
                "number": block.number,
                "file": _file_name(block),
                "caption": block.caption,
                "alt": block.alt,
                "letters": find_smallest_letters(block),
            }
        case TableBlock():
            layout = fit_table(block)
            return {
                "kind": "table",
                "number": block.number,
                "caption": block.caption,
                "header": [
                    {"text": with_breaks(text), "is_divided": has_long_word(text, is_bold=True)}
                    for text in block.header
                ],
                "rows": _rows(block, references),
                "align": list(block.align),
                "is_wide": layout.is_wide,
                "is_short": len(block.rows) <= _FEW_ROWS and _length(block) <= _SHORT,
                "size": layout.size,
                "widths": layout.widths,
            }


def _rows(table: TableBlock, references: References) -> list[list[dict[str, Any]]]:
    """Cells as pieces of text with where each leads, and the anchor of a row in its first cell."""
    rows = []
    for number, row in enumerate(table.rows):
        cells: list[dict[str, Any]] = []
        for column, cell in enumerate(row):
            pieces = [(cell.text, None)] if cell.href else references.split(table, column, cell.text)
            broken = [[with_breaks(text), anchor] for text, anchor in pieces]
            cells.append({"href": cell.href, "pieces": broken, "is_divided": has_long_word(cell.text)})
        rows.append(cells)
        if cells:
            cells[0]["anchor"] = references.of_row(table, number)
    return rows


def _length(table: TableBlock) -> int:
    return sum(len(cell.text) for row in table.rows for cell in row)


def _turn_wide(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Wide tables on pages turned to landscape, together with the heading and the few lines that lead to them."""
    turned: list[dict[str, Any]] = []
    for entry in entries:
        if not entry.get("is_wide"):
            turned.append(entry)
            continue
        lead = _take_lead(turned)
        if not (turned and turned[-1]["kind"] == "landscape"):
            turned.append({"kind": "landscape", "blocks": []})
        turned[-1]["blocks"] += [*lead, entry]
    for entry in [*turned, *(inner for outer in turned for inner in outer.get("blocks", []))]:
        if "markup" in entry:
            entry["markup"] = entry["markup"].replace(HEADING_MARK, "")
    return turned


def _take_lead(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cut the last section off the prose before a wide table, if it is short, with headings it hangs from."""
    if not entries or entries[-1]["kind"] != "prose":
        return []
    before, *sections = entries[-1]["markup"].split(HEADING_MARK)
    taken: list[str] = []
    while sections and (len(sections[-1]) < _SHORT if not taken else "\n" not in sections[-1].strip()):
        taken.insert(0, sections.pop())
    if not taken:
        return []
    entries[-1]["markup"] = HEADING_MARK.join([before, *sections])
    if not entries[-1]["markup"].strip():
        entries.pop()
    return [{"kind": "prose", "markup": "\n".join(taken)}]


def _file_name(figure: FigureBlock) -> str:
    return f"figure-{figure.number}.{_SUFFIXES[figure.mime]}"


def _timestamp(document: Document) -> int:
    """Midnight of the day that the document speaks of, in seconds since 1970."""
    return int(datetime.combine(document.as_of or _NO_DAY, time(), UTC).timestamp())


@cache
def find_fonts() -> typst.Fonts:
    """Typst's own fonts, and for scripts and signs that they lack Matplotlib's, found without importing it.

    To look through them takes as long as to set some pages again, and starts no thread.
    """
    import typst

    spec = find_spec("matplotlib")
    places = spec.submodule_search_locations if spec else None
    folders = [Path(place) / "mpl-data" / "fonts" / "ttf" for place in places or []]
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in folders if folder.is_dir()])
