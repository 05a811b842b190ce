"""What a notebook shows: a title, a text, a figure or a table, carrying all that an export needs.

Each `show_*` returns an :class:`Exhibit`. As the last expression of a cell it becomes an
output whose metadata (under ``"tightrope"``) tells the exporters its kind, name, caption,
alt text and key numbers. Exporters read outputs alone, so a notebook exported by hand and
one exported at night give the same pages.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import pandas as pd

from analysis.spreadsheet import inert
from analysis.wording import are_numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

METADATA_KEY = "tightrope"
_LEFT = ' style="text-align: left"'
_DETERMINISTIC_SVG: dict[Any, Any] = {
    "svg.hashsalt": "tightrope",
    "svg.fonttype": "path",
    "savefig.bbox": None,  # cut to what is drawn by the renderer itself
    "text.hinting": "no_hinting",  # words measured as wide as SVG draws them
}
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$^@=:\"'/&])")
_BREAKABLE = re.compile(r"[^\S\u00a0\u202f]+")  # white space but for that before a French colon
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_ADDRESS_SPECIAL = re.compile(r"([\\`*_{}\[\]()!|~$^&'])")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+\Z")


@dataclass(frozen=True)
class Exhibit:
    """One output of a notebook: its representations by MIME type, and what an export must know."""

    data: Mapping[str, str]
    about: Mapping[str, Any]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        return dict(self.data), {METADATA_KEY: dict(self.about)}


@dataclass(frozen=True)
class Link:
    """A table cell that leads somewhere; an address that is not http or https is shown as text alone."""

    text: str
    url: str

    def __str__(self) -> str:
        return self.text

    @property
    def is_safe(self) -> bool:
        """Whether the address may become a link."""
        return bool(_WEB_ADDRESS.match(self.url))


class Fact(NamedTuple):
    """A key number in words, for the head of a document: what it is, its value, its unit or how sure it is.

    `exhibit` names the figure or table that it comes from, if there is one.
    """

    label: str
    value: str
    note: str
    exhibit: str = ""


def escape_markdown(text: str) -> str:
    r"""Text from data, made harmless in Markdown.

    Examples
    --------
    >>> print(escape_markdown("a *bold* claim"))
    a \*bold\* claim
    """
    return _MARKDOWN_SPECIAL.sub(r"\\\1", _BREAKABLE.sub(" ", str(text)).strip())


def link_markdown(text: str, url: str) -> str:
    r"""Text that leads somewhere, in Markdown; an address that is not http or https leads nowhere.

    Examples
    --------
    >>> print(link_markdown("A *b*", "https://example.org/a_(b)"), link_markdown("A", "javascript:b"))
    [A \*b\*](https://example.org/a\_\(b\)) A
    """
    if not Link(text, url).is_safe:
        return escape_markdown(text)
    url = _PRIVATE.sub(lambda letter: quote(letter[0]), url)  # as every reader asks for it; prose has none of them
    address = _ADDRESS_SPECIAL.sub(r"\\\1", url)
    return f"[{escape_markdown(text)}]({address})"


def show_title(title: str, subtitle: str, *, language: str, as_of: str, author: str = "Tightrope") -> Exhibit:
    """The head of a document: title, subtitle, language (BCP 47) and the day it speaks of (ISO date)."""
    about = {
        "kind": "title", "title": title, "subtitle": subtitle, "language": language, "as_of": as_of, "author": author,
    }  # fmt: skip
    return Exhibit({"text/markdown": f"# {escape_markdown(title)}\n\n*{escape_markdown(subtitle)}*"}, about)


def show_text(
    sentences: Sequence[str],
    key_numbers: Mapping[str, Any] | None = None,
    facts: Sequence[Fact] = (),
    *,
    as_list: bool = False,
) -> Exhibit:
    """Generated sentences as one paragraph or as a list of Markdown.

    Parameters
    ----------
    sentences : sequence of str
        Markdown, in order.
    key_numbers : mapping, optional
        What the manifest keeps.
    facts : sequence of Fact
        What stands at the head of a document.
    as_list : bool
        Each sentence an item of a list.

    Raises
    ------
    TypeError
        If `sentences` is one string, whose letters would each be a sentence.

    Examples
    --------
    >>> show_text(["It is so.", "It is."]).data["text/markdown"]
    'It is so. It is.'
    """
    if isinstance(sentences, str):
        raise TypeError(f"show_text takes a list of sentences, not one string; write [{sentences[:40]!r}]")
    text = "\n".join(f"- {sentence}" for sentence in sentences) if as_list else " ".join(sentences)
    about: dict[str, Any] = {"kind": "text", "key_numbers": dict(key_numbers or {})}
    if facts:
        about["facts"] = [list(fact) for fact in facts]
    return Exhibit({"text/markdown": text, "text/plain": text}, about)


def show_figure(axes: Axes | Figure, name: str, *, caption: str, alt: str) -> Exhibit:
    """A figure as SVG with its caption and alt text; the figure is closed.

    Parameters
    ----------
    axes
        The drawn axes, or the figure that holds several.
    name : str
        File name of the published figure, without suffix.
    caption, alt : str
        The answer the figure gives, and what a reader who cannot see it needs.

    Raises
    ------
    ValueError
        If caption or alt text is empty.
    """
    if not caption.strip() or not alt.strip():
        raise ValueError(f"figure {name!r} needs a caption and an alt text")
    # Exporters read this module's metadata key and should not wait for matplotlib.
    import matplotlib as mpl
    from matplotlib import pyplot as plt
    from matplotlib.figure import Figure

    figure = axes if isinstance(axes, Figure) else axes.get_figure(root=True)
    assert isinstance(figure, Figure)
    buffer = io.StringIO()
    with mpl.rc_context(_DETERMINISTIC_SVG):
        figure.savefig(buffer, format="svg", backend="module://analysis.svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    about = {"kind": "figure", "name": name, "caption": caption, "alt": alt}
    return Exhibit({"image/svg+xml": buffer.getvalue(), "text/plain": alt}, about)


def show_table(
    frame: pd.DataFrame,
    name: str,
    *,
    caption: str,
    data: pd.DataFrame | None = None,
    refers: Mapping[str, str] | None = None,
) -> Exhibit:
    """A table as it is to be read, with the data behind it as CSV.

    Parameters
    ----------
    frame : DataFrame
        Cells as text, numbers already formatted, or :class:`Link`; the index is not shown.
        Column names are the headings.
    name : str
        File name of the published CSV, without suffix.
    caption : str
        What the table shows.
    data : DataFrame, optional
        The unformatted values for the CSV; the frame itself if absent.
    refers : mapping, optional
        Column name to the name of another table: numbers in the column lead to the rows of that
        table which begin with them.

    Raises
    ------
    ValueError
        If the caption is empty or the frame has no columns.
    """
    if not caption.strip() or not len(frame.columns):
        raise ValueError(f"table {name!r} needs a caption and at least one column")
    shown = frame.map(str)
    published = (shown if data is None else data.map(_settled)).map(inert).rename(columns=inert)
    table = _html_table(frame, caption)
    csv = published.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
    about: dict[str, Any] = {"kind": "table", "name": name, "caption": caption}
    if refers:
        about["refers"] = [refers.get(str(column), "") for column in frame]
    return Exhibit({"text/html": table, "text/csv": csv, "text/plain": shown.to_string(index=False)}, about)


def _settled(value: object) -> object:
    # A float's last digits depend on the processor and on the order in which a library sums; no measure has so many.
    return float(f"{value:.13g}") if isinstance(value, float) else value


def _html_table(frame: pd.DataFrame, caption: str) -> str:
    """The table as markup; words are put to the left, for JupyterLab puts every cell to the right."""
    sides = ["" if are_numbers(cells.map(str).tolist()) else _LEFT for _, cells in frame.items()]
    head = "".join(
        f'<th scope="col"{side}>{html.escape(str(column))}</th>' for side, column in zip(sides, frame, strict=True)
    )
    body = "\n".join(
        "<tr>"
        + "".join(f"<td{side}>{_html_cell(value)}</td>" for side, value in zip(sides, row, strict=True))
        + "</tr>"
        for row in frame.itertuples(index=False, name=None)
    )
    return (
        f"<table>\n<caption>{html.escape(caption)}</caption>\n"
        f"<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    )


def _html_cell(value: object) -> str:
    if isinstance(value, Link) and value.is_safe:
        return f'<a href="{html.escape(value.url)}">{html.escape(value.text)}</a>'
    return html.escape(str(value))
