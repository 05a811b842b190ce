"""What a page, a PDF, a table or a terminal must not hold, however hostile the text in it; and what a reader sees."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pypdfium2
from browser import CHROMIUM
from hostile_strings import SECRET

from analysis.reporting.pandoc import TEMPLATES

_SAFE_TAGS = set(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "a",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "span",
        "time",
        "dl",
        "div",
        "dt",
        "dd",
        "b",
        "nav",
        "details",
        "summary",
        "ul",
        "ol",
        "li",
        "main",
        "figure",
        "figcaption",
        "img",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "pre",
        "code",
        "em",
        "strong",
        "del",
        "sup",
        "br",
        "hr",
        "blockquote",
        "section",
        "article",
        "math",
        "semantics",
        "annotation",
        "mrow",
        "mi",
        "mn",
        "mo",
        "msub",
        "msup",
        "msubsup",
        "mfrac",
        "mtext",
        "mtable",
        "mtr",
        "mtd",
        "mspace",
        "mover",
        "munder",
        "munderover",
        "mstyle",
        "mpadded",
        "msqrt",
        "menclose",
    ]
)
_OWN_SCRIPT = (TEMPLATES / "sort.js").read_text(encoding="utf-8").strip()
_RUNS = re.compile(r"^(on|srcdoc$|formaction$|action$|ping$|background$|data$|xlink:)")
_LEADS = re.compile(r"https?://|#|(\./)?[\w.-]+(/[\w.-]+)*$")
_ACTS = {
    "/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/AA", "/RichMedia", "/GoToR", "/GoToE",
    "/SubmitForm", "/ImportData", "/Rendition", "/AcroForm", "/XFA", "/FileAttachment", "/Movie", "/Sound",
}  # fmt: skip


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        """Everything a reader may read, white space as one blank."""
        return fold("".join(self.words))


def fold(text: str) -> str:
    """Text as HTML shows it: runs of white space are one blank, composed letters and their parts are one."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def find_harm_in_page(source: str) -> list[str]:
    """Elements, attributes and addresses that no page of ours has, and every script but our own."""
    own = re.compile(r"<script>\s*" + re.escape(_OWN_SCRIPT) + r"\s*</script>")
    found = []
    for tag, attributes in Page(own.sub("", source)).elements:
        found += [tag] * (tag not in _SAFE_TAGS)
        found += [f"{tag} {name}" for name in attributes if _RUNS.match(name)]
        address, source_address = attributes.get("href"), attributes.get("src")
        found += [f"href {address}"] * (address is not None and not _LEADS.match(address))
        is_own = source_address is None or source_address.startswith("data:image/") or "/figures/" in source_address
        found += [f"src {source_address}"] * (not is_own)
        found += ["refresh"] * ((attributes.get("http-equiv") or "").lower() == "refresh")
    return found


@dataclass(frozen=True)
class Watched:
    """What happened when a page was opened: requests, dialogs, complaints, and whether a script ran."""

    requests: list[str]
    dialogs: list[str]
    complaints: list[str]
    canary: object


def watch_pages(pages: Sequence[Path]) -> dict[str, Watched]:
    """Open pages in a browser, each focused, scrolled and clicked about in; by file name.

    The security policy of a page is a second wall: a copy without it is opened as well, under its name and
    ``without policy``.
    """
    from playwright.sync_api import sync_playwright

    seen = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for path in pages:
            bare = path.with_name(f"bare-{path.name}")
            bare.write_text(_without_policy(path.read_text(encoding="utf-8")), encoding="utf-8")
            for name, file in ((path.name, path), (f"{path.name} without policy", bare)):
                seen[name] = _watch(browser, file)
            bare.unlink()
        browser.close()
    return seen


def _without_policy(source: str) -> str:
    bare, number = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", source)
    assert number == 1, "a page has one security policy"
    return bare


def _watch(browser, path: Path) -> Watched:
    requests: list[str] = []
    dialogs: list[str] = []
    complaints: list[str] = []
    context = browser.new_context(offline=True)
    view = context.new_page()
    view.on("request", lambda request: requests.append(request.url))
    view.on("console", lambda message: complaints.append(message.text))
    view.on("pageerror", lambda error: complaints.append(str(error)))

    def dismiss(dialog):
        dialogs.append(dialog.message)
        dialog.dismiss()

    view.on("dialog", dismiss)
    view.goto(path.as_uri())
    view.evaluate("document.querySelectorAll('th button').forEach(one => one.click())")
    view.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    for _ in range(30):
        view.keyboard.press("Tab")
    view.mouse.move(300, 300)
    view.mouse.wheel(0, 4000)
    canary = view.evaluate("window.canary ?? null")
    context.close()
    others = [url for url in requests if not url.startswith("data:image/") and url != path.as_uri()]
    return Watched([url for url in others if "/figures/" not in url], dialogs, complaints, canary)


def find_harm_in_pdf(pdf: bytes) -> list[str]:
    """Actions, files and scripts in a PDF, and links that lead elsewhere than to a web page or within it."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.attachments) == 0
        for item in opened.objects:
            for node in _dictionaries(item):
                found += [str(key) for key in dict(node) if key in _ACTS]
                kind = str(node.get("/S", ""))
                found += [kind] * (kind in _ACTS)
                if "/OpenAction" in node and not isinstance(node["/OpenAction"], pikepdf.Array):
                    found.append("/OpenAction")
                if "/URI" in node and isinstance(node["/URI"], pikepdf.String):
                    address = str(node["/URI"])
                    found += [address] * (not re.match("https?://", address))
    return found


def _dictionaries(item):
    """A dictionary and those directly within it; what it refers to is met by itself."""
    if isinstance(item, pikepdf.Stream | pikepdf.Dictionary):
        yield item
        for value in dict(item.stream_dict if isinstance(item, pikepdf.Stream) else item).values():
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                yield from _dictionaries(value)
    elif isinstance(item, pikepdf.Array):
        for value in item:
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                yield from _dictionaries(value)


def text_of_pdf(pdf: bytes) -> str:
    """The words of a PDF without what setting them adds or takes: blanks, line ends, hyphens."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return squeeze("".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()


def squeeze(text: str) -> str:
    """Text without blanks and hyphens, compatible characters as one."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\u00ad\u200b\u2010\u2011\ufffe\x02-]+", "", text)


def find_formulas(text: str) -> list[str]:
    """Cells of a CSV text that a spreadsheet would compute, wherever it parts the cells."""
    found = []
    for delimiter in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            found += [cell for cell in row if re.match(r"\s*[=@\uff1d\uff20]", cell)]
            found += [cell for cell in row if re.match(r"\s*[+\uff0b\uff0d-]", cell) and not _is_number(cell)]
    return found


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def find_orders(shown: str) -> list[str]:
    """Characters in a program's output that a terminal would obey, or that turn its lines about."""
    orders = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return [hex(ord(letter)) for letter in shown if unicodedata.category(letter) in orders and letter not in "\n\t"]


def find_secret(*texts: str) -> bool:
    """Whether a file of this machine is shown in any of them."""
    return any(SECRET in text for text in texts)
