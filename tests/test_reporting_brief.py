"""From parameters to a published folder, with small notebooks that each hold one situation."""

import errno
import json
import os
import shutil
import tempfile
import threading
from pathlib import Path

import nbformat
import pytest
from notebook_factory import figure, markdown, notebook, title

from analysis.errors import TightropeError
from analysis.reporting import brief, exports, publish
from analysis.reporting.brief import make_briefing
from analysis.reporting.document import ExportError, read_document
from analysis.reporting.execute import normalise
from analysis.reporting.exports import export_pages, load_exporters
from analysis.reporting.limits import Limits, NotebookError
from analysis.reporting.parameters import Briefing

PARAMETERS = """
state: str = "TGO"  # s
powers: list[str] = ["FRA", "RUS"]  # p
start: str = "2020-01-01"  # s
end: str = "2026-02-28"  # e
""".strip()
TITLE = 'import analysis as tr\ntr.show_title("A title", "below", language="en", as_of=end)'
FIGURE = (
    "import matplotlib.pyplot as plt\n"
    "figure, axes = plt.subplots()\n"
    "axes.bar([0, 1], [2, 3])\n"
    'tr.show_figure(axes, "bars", caption="Two bars.", alt="Bars of 2 and 3.")'
)
TABLE = (
    "import pandas as pd\n"
    'tr.show_table(pd.DataFrame({"a": ["1", "2"]}), "numbers", caption="Numbers.", data=pd.DataFrame({"a": [1, 2]}))'
)
NUMBERS = 'tr.show_text(["It is so."], {"tilt": 0.25})'


@pytest.fixture
def write(tmp_path):
    def write(*sources, parameters=PARAMETERS):
        cells = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})]
        cells += [nbformat.v4.new_code_cell(source) for source in sources]
        kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        path = tmp_path / "small.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec}), path)
        return Briefing("small", path, {})

    return write


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "reports"


pytestmark = pytest.mark.slow


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def shown(reports):
    return sorted(path.name for path in (reports / "small").iterdir() if not path.name.startswith("."))


def test_a_report_holds_everything_and_latest_points_to_it(write, reports, built):
    said = []
    folder = make_briefing(write(TITLE, NUMBERS, FIGURE, TABLE), reports=reports, data=built, say=said.append)
    assert folder == reports / "small" / "2026-02-28"
    assert names(folder) == [
        "briefing.html", "briefing.ipynb", "briefing.pdf", "figures/bars.svg", "manifest.json", "ro-crate-metadata.json",
        "tables/numbers.csv",
    ]  # fmt: skip
    assert os.readlink(reports / "small" / "latest") == "2026-02-28"
    assert shown(reports) == ["2026-02-28", "latest"]
    assert (folder / "tables" / "numbers.csv").read_text(encoding="utf-8") == "a\n1\n2\n"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["key_numbers"] == {"tilt": 0.25}
    assert manifest["parameters"]["powers"] == ["FRA", "RUS"]
    assert set(manifest["outputs"]) == set(names(folder)) - {"manifest.json", "ro-crate-metadata.json"}
    assert len(manifest["inputs"]["files"]) == 18
    assert said[0] == "checking parameters"
    assert said[-1] == "publishing"


def test_a_failing_cell_leaves_the_last_good_report(write, reports, built):
    folder = make_briefing(write(TITLE, NUMBERS), reports=reports, data=built)
    before = {name: (folder / name).read_bytes() for name in names(folder)}
    with pytest.raises(NotebookError) as caught:
        make_briefing(write(TITLE, 'raise ValueError("no such tilt")'), reports=reports, data=built)
    message = str(caught.value)
    for part in ("small.ipynb", "code cell 3", "raise ValueError", "ValueError: no such tilt", "failed.html"):
        assert part in message
    assert message.endswith("; the last good report stays")
    assert {name: (folder / name).read_bytes() for name in names(folder)} == before
    kept = nbformat.read(reports / "small" / "failed.ipynb", as_version=4)
    assert any(output.output_type == "error" for cell in kept.cells for output in cell.get("outputs", []))
    assert shown(reports) == ["2026-02-28", "failed.html", "failed.ipynb", "latest"]
    make_briefing(write(TITLE, NUMBERS), reports=reports, data=built)
    assert not (reports / "small" / "failed.ipynb").exists()


@pytest.mark.parametrize("failing", ["latest", "folder of somebody else's"])
def test_what_fails_while_publishing_takes_no_published_report_with_it(write, reports, built, monkeypatch, failing):
    folder = make_briefing(write(TITLE, NUMBERS), reports=reports, data=built)
    if failing == "latest":
        replace = os.replace

        def have_no_room(fresh, link):
            if Path(link).name == "latest":
                raise OSError(errno.ENOSPC, "No space left on device")
            replace(fresh, link)

        monkeypatch.setattr(publish.os, "replace", have_no_room)
    else:
        (reports / "small" / "2020-01-31").mkdir()
    with pytest.raises(TightropeError, match=r"No space left|2020-01-31' holds no report"):
        make_briefing(write(TITLE, NUMBERS, FIGURE), reports=reports, data=built, keep=1)
    monkeypatch.undo()
    for day in (folder, reports / "small" / "latest"):
        listed = json.loads((day / "manifest.json").read_text(encoding="utf-8"))["outputs"]
        assert {"manifest.json", "ro-crate-metadata.json", *listed} == set(names(day))


def test_a_kernel_that_dies_is_an_error_and_publishes_nothing(write, reports, built):
    with pytest.raises(NotebookError, match=r"the kernel died.*\n.*failed\.html$"):
        make_briefing(write(TITLE, "import os\nos._exit(9)"), reports=reports, data=built)
    assert shown(reports) == ["failed.html", "failed.ipynb"]


@pytest.mark.skipif(os.name != "posix", reason="kernels talk over ports where there are no Unix sockets")
def test_a_kernel_takes_no_port_and_leaves_no_file(write, reports, built, monkeypatch):
    cell = "from ipykernel.kernelapp import IPKernelApp\ntr.show_text([IPKernelApp.instance().transport])"
    with tempfile.TemporaryDirectory() as short:  # a socket's name has little room
        monkeypatch.setenv("TMPDIR", short)
        monkeypatch.setattr(tempfile, "tempdir", None)
        folder = make_briefing(write(TITLE, cell), reports=reports, data=built)
        assert [path.name for path in Path(short).iterdir() if path.name.startswith("tightrope-")] == []
    assert ">ipc<" in (folder / "briefing.html").read_text(encoding="utf-8")


def test_a_figure_without_alt_text_fails_the_export_and_publishes_nothing(write, reports, built):
    bare = "import matplotlib.pyplot as plt\nfrom IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')"
    with pytest.raises(ExportError, match="alt"):
        make_briefing(write(TITLE, bare), reports=reports, data=built)
    assert not (reports / "small" / "2026-02-28").exists()


def test_pages_made_together_are_those_of_each_exporter_alone_and_read_the_notebook_once(monkeypatch):
    executed = notebook(title("A & B"), figure("one"), markdown("Of $n$ pages.[^1]\n\n[^1]: Two."))
    alone = {suffix: exporter.from_notebook_node(executed)[0] for suffix, exporter in load_exporters().items()}
    read = []
    monkeypatch.setattr(exports, "read_document", lambda given: read.append(given) or read_document(given))
    assert export_pages(executed, load_exporters()) == {"html": alone["html"].encode(), "pdf": alone["pdf"]}
    assert read == [executed]


class Hung:
    """An exporter that does not end before it is let."""

    def __init__(self):
        self.is_let = threading.Event()

    def render(self, document):
        self.is_let.wait(60.0)
        return "late"


@pytest.fixture
def hung(monkeypatch):
    hung = Hung()
    monkeypatch.setattr(brief, "load_exporters", lambda: {"html": load_exporters()["html"], "pdf": hung})
    yield hung
    hung.is_let.set()


def test_an_export_that_never_ends_fails_and_the_last_good_report_stays(write, reports, built, hung, monkeypatch):
    with pytest.raises(
        ExportError, match=r"the PDF took longer than the time-out of 0.5 seconds.*--export-timeout\n.*failed\.html"
    ):
        make_briefing(write(TITLE), reports=reports, data=built, limits=Limits(export_seconds=0.5))
    assert shown(reports) == ["failed.html", "failed.ipynb"]
    assert list((reports / "small" / ".runs").iterdir()) == []
    monkeypatch.undo()
    make_briefing(write(TITLE), reports=reports, data=built, wait_seconds=0.0)
    assert shown(reports) == ["2026-02-28", "latest"]


def test_tables_that_are_built_anew_while_the_notebook_runs_publish_nothing(write, reports, built, tmp_path):
    data = tmp_path / "processed"
    shutil.copytree(built, data)
    build = (
        "import json, os, pathlib\n"
        "record = pathlib.Path(os.environ['TIGHTROPE_DATA'], 'build.json')\n"
        "record.write_text(json.dumps({**json.loads(record.read_text()), 'inputs': 'another build'}))"
    )
    with pytest.raises(TightropeError, match=r"the tables were built anew while the notebook ran.*; run again"):
        make_briefing(write(TITLE, build), reports=reports, data=data)
    assert shown(reports) == ["failed.html"]
    make_briefing(write(TITLE), reports=reports, data=data)
    assert shown(reports) == ["2026-02-28", "latest"]


def test_a_misspelt_parameter_starts_no_kernel(write, reports, built):
    briefing = write("raise SystemError('a kernel ran')")
    misspelt = Briefing(briefing.name, briefing.notebook, {"powrs": ["FRA", "RUS"]})
    with pytest.raises(TightropeError, match="unknown parameter 'powrs'; did you mean 'powers'"):
        make_briefing(misspelt, reports=reports, data=built)
    assert not reports.exists()


def test_a_reports_folder_that_cannot_be_written_is_named(write, tmp_path, built):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file", encoding="utf-8")
    with pytest.raises(TightropeError, match=r"cannot write reports to .*blocked.*--reports"):
        make_briefing(write(TITLE), reports=blocked, data=built)


def test_two_figures_of_one_name_are_refused(write, reports, built):
    with pytest.raises(TightropeError, match="two figures are named 'bars'"):
        make_briefing(write(TITLE, FIGURE, FIGURE), reports=reports, data=built)


def test_a_notebook_reads_the_data_it_is_given(write, reports, built):
    cell = 'tr.show_text([str(len(tr.read_table("events")))])'
    folder = make_briefing(write(TITLE, cell), reports=reports, data=built)
    assert ">570<" in (folder / "briefing.html").read_text(encoding="utf-8")
    assert str(built) not in (folder / "briefing.ipynb").read_text(encoding="utf-8")


def test_what_two_runs_differ_in_is_taken_out():
    cell = nbformat.v4.new_code_cell("1", metadata={"papermill": {"duration": 1.5}, "tags": ["parameters"]})
    cell.outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="/somewhere/warning"),
        nbformat.v4.new_output("stream", name="stdout", text="kept"),
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[cell], metadata={"papermill": {"start_time": "now", "parameters": {"a": 1}}}
    )
    clean = normalise(notebook)
    assert clean.cells[0].id == "cell-000"
    assert clean.cells[0].metadata == {"tags": ["parameters"]}
    assert [output.text for output in clean.cells[0].outputs] == ["kept"]
    assert "start_time" not in json.dumps(clean)
    assert clean.metadata.tightrope.parameters == {"a": 1}


def test_an_executed_notebook_keeps_the_prose_of_its_language():
    tagged = [nbformat.v4.new_markdown_cell(text, metadata={"tags": [f"lang-{text}"]}) for text in ("en", "fr")]
    shown = nbformat.v4.new_output(
        "display_data", {"text/markdown": "# A"}, metadata={"tightrope": {"kind": "title", "language": "fr"}}
    )
    head = nbformat.v4.new_code_cell("title()", outputs=[shown])
    assert [cell.source for cell in normalise(nbformat.v4.new_notebook(cells=[head, *tagged])).cells] == [
        "title()",
        "fr",
    ]
