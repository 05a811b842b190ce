"""The Togo briefing end to end: run twice, read back as a reviewer's software would."""

import csv
import json
import re
from html.parser import HTMLParser

import nbformat
import pikepdf
import pypdfium2
import pytest

from analysis.reporting.brief import make_briefing
from analysis.reporting.document import clean_text
from analysis.reporting.entries import choose_briefing
from analysis.reporting.publish import exhibits

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("togo")]

A4_POINTS = (595.28, 841.89)


@pytest.fixture(scope="module")
def folder(built, tmp_path_factory):
    return make_briefing(choose_briefing("togo", {}), reports=tmp_path_factory.mktemp("first"), data=built)


@pytest.fixture(scope="module")
def notebook(folder):
    return nbformat.read(folder / "briefing.ipynb", as_version=4)


@pytest.fixture(scope="module")
def pdf(folder):
    with pikepdf.open(folder / "briefing.pdf") as document:
        yield document


@pytest.fixture(scope="module")
def pdf_text(folder):
    document = pypdfium2.PdfDocument(folder / "briefing.pdf")
    try:
        return squeeze("".join(page.get_textpage().get_text_range() for page in document))
    finally:
        document.close()


def squeeze(text):
    """Text without white space and line-end hyphens, for a PDF breaks lines where it likes."""
    return re.sub(r"[\s\u00ad\u200b\ufffe\u2010-]+", "", text.replace("\x02", ""))


def structure(element, kind):
    """Every structure element of a kind below an element."""
    found = []
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if kid["/S"] == kind:
                found.append(kid)
            found += structure(kid, kind)
    return found


def of_kind(notebook, kind):
    return [(about, data) for about, data in exhibits(notebook) if about["kind"] == kind]


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.loads, self.alts, self.lang = [], [], [], None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        if tag == "html":
            self.lang = attrs.get("lang")
        if tag == "img":
            self.alts.append(attrs.get("alt"))
        self.loads += [
            value for name, value in attrs.items() if name in ("src", "srcset", "poster", "data", "xlink:href")
        ]
        if tag in ("link", "iframe", "object", "embed", "use"):
            self.loads.append(attrs.get("href", tag))


@pytest.fixture(scope="module")
def page(folder):
    page = Page()
    page.feed((folder / "briefing.html").read_text(encoding="utf-8"))
    return page


def test_two_runs_are_byte_for_byte_equal(folder, built, tmp_path):
    again = make_briefing(choose_briefing("togo", {}), reports=tmp_path, data=built)
    first = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    second = {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()}
    assert first.keys() == second.keys()
    assert [str(name) for name in first if first[name] != second[name]] == []


def test_what_has_changed_stands_right_after_the_summary(folder, notebook, built, tmp_path):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["parameters"]["end"] = "2026-01-31"
    manifest["events"].popitem()
    manifest["key_numbers"]["n_events"] -= 1
    (tmp_path / "togo" / "2026-01-31").mkdir(parents=True)
    (tmp_path / "togo" / "2026-01-31" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    again = make_briefing(choose_briefing("togo", {}), reports=tmp_path, data=built)
    shown = list(exhibits(nbformat.read(again / "briefing.ipynb", as_version=4)))
    place = [about["kind"] for about, _ in shown].index("changes")
    assert "key_numbers" in shown[place - 1][0]
    assert [about["kind"] for about, _ in shown[:place]] == ["title", "text"]
    about, data = shown[place]
    assert len(about["changes"]["new"]) == 1
    assert "n_events" in about["changes"]["numbers"]
    assert "".join(data["text/markdown"]).startswith("## What has changed since the report of 31 January 2026?")
    assert [about["kind"] for about, _ in exhibits(notebook)].count("changes") == 0  # there was no earlier one


def test_the_pdf_says_what_it_is(pdf):
    assert str(pdf.Root.Lang).startswith("en")
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "Togo between France and Russia"
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
    assert pdf.Root.MarkInfo.Marked
    assert all(tuple(float(x) for x in page.mediabox[2:]) == pytest.approx(A4_POINTS, abs=0.1) for page in pdf.pages)
    assert 6 <= len(pdf.pages) <= 24


def test_the_outline_holds_every_question(pdf, notebook):
    headings = [
        line.removeprefix("## ")
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("## ")
    ]
    with pdf.open_outline() as outline:
        titles = [item.title for top in outline.root for item in [top, *top.children]]
    assert [heading for heading in headings if heading not in titles] == []


def test_every_figure_has_its_own_alt_text_in_the_pdf(pdf, notebook):
    figures = structure(pdf.Root.StructTreeRoot, "/Figure")
    alts = [str(figure.Alt) for figure in figures]
    expected = [clean_text(about["alt"]) for about, _ in of_kind(notebook, "figure")]
    assert sorted(alts) == sorted(expected)
    assert len(set(alts)) == len(alts) >= 17


def test_tables_are_tagged_with_headers(pdf, notebook):
    tables = structure(pdf.Root.StructTreeRoot, "/Table")
    assert len(tables) == len(of_kind(notebook, "table"))
    assert all(structure(table, "/TH") for table in tables)


def test_every_value_of_every_table_appears_in_the_pdf(notebook, pdf_text):
    missing = []
    for about, data in of_kind(notebook, "table"):
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", data["text/html"], flags=re.S)
        for cell in cells:
            text = re.sub(r"<[^>]+>", "", cell)
            for entity, plain in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
                text = text.replace(entity, plain)
            if squeeze(text) not in pdf_text:
                missing.append((about["name"], text))
    assert missing == []


def test_the_html_loads_nothing_and_says_its_language(page, folder):
    assert page.lang == "en"
    assert [load for load in page.loads if not load.startswith("data:")] == []
    assert page.tags.count("script") == 1
    assert "math" in page.tags
    assert (folder / "briefing.html").stat().st_size < 2_000_000


def test_html_and_pdf_carry_the_same_alt_texts(page, notebook):
    assert page.alts == [clean_text(about["alt"]) for about, _ in of_kind(notebook, "figure")]


def test_figures_and_tables_are_published_with_their_data(folder, notebook):
    for about, _ in of_kind(notebook, "figure"):
        assert (folder / "figures" / f"{about['name']}.svg").stat().st_size > 1000
    for about, _ in of_kind(notebook, "table"):
        with (folder / "tables" / f"{about['name']}.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.reader(file))) > 1


def test_the_manifest_holds_the_numbers_of_the_answer(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    numbers = manifest["key_numbers"]
    # The sums of the facts' own description for France-Togo and Russia-Togo.
    assert (numbers["cooperation_FRA"], numbers["conflict_FRA"]) == (20.0, 12.0)
    assert (numbers["cooperation_RUS"], numbers["conflict_RUS"]) == (35.0, 1.0)
    assert numbers["tilt"] == pytest.approx((20 - 35) / (20 + 35), abs=1e-4)
    assert numbers["tilt_low"] < numbers["tilt"] < numbers["tilt_high"]


def test_what_stands_behind_the_events_is_told_with_its_doubts(folder):
    html = re.sub(r"\s+", " ", (folder / "briefing.html").read_text(encoding="utf-8"))
    assert "whichever is left out or weighed otherwise, the mean lies towards France" in html
    assert "If France had none in defence agreements, the mean would be +0.23." in html
    assert 'href="https://weafrica24.com/2023/12/28/benin-cotonou-port-lifts-export-ban-to-n/"' in html
    assert "None of its roles can be told apart from chance." in html
    assert "whether the coup moved this traffic cannot be read from these figures" in html
    assert "the vote of Togo is known in 5 (1 yes, 3 abstentions and 1 absence)" in html


def test_the_region_is_a_report_of_its_own(built, tmp_path):
    folder = make_briefing(choose_briefing("region", {}), reports=tmp_path, data=built)
    executed = nbformat.read(folder / "briefing.ipynb", as_version=4)
    names = {about["name"] for about, _ in of_kind(executed, "figure")}
    assert names == {
        "neighbours", "tile_map", "neighbourhood", "portfolios", "votes", "memberships", "brokerage", "ports", "transit",
    }  # fmt: skip
    with (folder / "tables" / "states.csv").open(encoding="utf-8", newline="") as file:
        assert [row[0] for row in csv.reader(file)][:2] == ["state", "TGO"]
    assert "Togo and its neighbours between France and Russia" in (folder / "briefing.html").read_text(encoding="utf-8")


def test_nothing_of_this_machine_is_published(folder):
    home = str(folder.parent)
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".pdf":
            text = path.read_text(encoding="utf-8")
            assert home not in text
            assert "site-packages" not in text


def test_another_state_and_three_powers_one_of_them_silent(built, tmp_path):
    chosen = choose_briefing(None, {"state": "Benin", "powers": "France,Russia,Japan", "end": "2026-03-31"})
    folder = make_briefing(chosen, reports=tmp_path, data=built)
    html = (folder / "briefing.html").read_text(encoding="utf-8")
    assert "Benin between France, Russia and Japan" in html
    assert "no event with Japan was gathered" in html
    assert "Togo leans" not in html
