"""What the machine knows and a report must not: tokens in the environment, where things are, and who is logged in."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from analysis.paths import PROJECT, RAW
from analysis.reporting.places import hide_places
from analysis.reporting.surroundings import kernel_environment
from tests.small_briefings import FIGURE, NUMBERS, TITLE, read_reports, write_briefings

pytestmark = pytest.mark.slow

CANARY = "canary5f1c9e"
VARIABLES = [
    "TIGHTROPE_TEST_SECRET", "DATAVERSE_API_TOKEN", "UCDP_ACCESS_TOKEN", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN",
    "PGPASSWORD", "USER", "LOGNAME", "SSH_AUTH_SOCK", "JUPYTER_TOKEN", "https_proxy",
]  # fmt: skip
SHOW = (
    "import os\nlines = [f'{name} is {value}' for name, value in sorted(os.environ.items()) if name not in "
    "('PATH', 'HOME', 'PYTHONPATH', 'TMPDIR', 'MATPLOTLIBRC', 'VIRTUAL_ENV', 'TIGHTROPE_DATA', 'LD_LIBRARY_PATH')]\n"
    "print(lines)\ntr.show_text(lines)"
)
MAKE = (
    "import sys\nfrom pathlib import Path\nfrom analysis.reporting.brief import make_briefing\n"
    "from analysis.reporting.entries import read_briefings\nnotebooks, reports, data = map(Path, sys.argv[1:])\n"
    "make_briefing(read_briefings(notebooks)[0], reports=reports, data=data)"
)


def read_bytes(path):
    """The bytes of a file as they are and, of a PDF, of each object with its stream unpacked and the text of each page."""
    yield path.read_bytes()
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            for each in pdf.objects:
                yield each.read_bytes() if isinstance(each, pikepdf.Stream) else each.unparse()
        # What a page says is written by the numbers of glyphs.
        with pypdfium2.PdfDocument(path) as pdf:
            for page in pdf:
                yield page.get_textpage().get_text_range().encode()


def find(words, reports):
    """Where words stand in what was published, hidden files too."""
    files = [path for path in sorted(reports.rglob("*")) if path.is_file() and not path.is_symlink()]
    assert len(files) > 8
    return sorted({
        (path.relative_to(reports).as_posix(), word)
        for path in files
        for content in read_bytes(path)
        for word in words
        if word.encode() in content
    })  # fmt: skip


def batch(notebooks, reports, built, **environment):
    command = [sys.executable, "-m", "analysis", "batch", "--notebooks", notebooks, "--reports", reports]
    return subprocess.run(
        [*command, "--raw", RAW, "--data", built, "--jobs", "1"],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=300, check=False, cwd=PROJECT,
    )  # fmt: skip


def test_no_secret_and_no_place_of_the_machine_is_published_even_by_a_cell_that_tells_all_it_knows(tmp_path, built):
    failing = f"{SHOW}\nimport pandas as pd\nevidence = tr.load_evidence('TGO', ['FRA'], os.environ, 'x', [])"
    # The page of this failure names a folder; its cell dies in this package, and in pandas.
    write_briefings(tmp_path / "notebooks", telling=SHOW, failing=failing, reading="tr.read_table('events', 'none')")
    done = batch(tmp_path / "notebooks", tmp_path / "reports", built, **dict.fromkeys(VARIABLES, CANARY))
    assert done.returncode == 3, done.stderr
    reports = tmp_path / "reports"
    assert {"telling", "failing", "reading", "index.html", ".lock", ".state"} <= {
        path.name for path in reports.iterdir()
    }
    told = (reports / "telling" / "latest" / "briefing.html").read_text(encoding="utf-8")
    assert "MPLBACKEND is agg" in told.replace("\n", " ")
    assert find([CANARY], reports) == []
    places = [str(PROJECT), str(tmp_path), str(built), sys.prefix, f"{Path.home()}/", os.uname().nodename + '"']
    assert find(places, reports) == []
    page = (reports / "failing" / "failed.html").read_text(encoding="utf-8")
    assert "[project]/analysis/" in page


def test_a_canary_that_is_published_would_be_found_in_each_kind_of_file(tmp_path, built):
    telling = (
        f"display(tr.show_title('{CANARY}', 'below', language='en', as_of=end))\ntr.show_text(['so it is {CANARY}'])"
    )
    write_briefings(tmp_path / "notebooks", telling=telling)
    done = batch(tmp_path / "notebooks", tmp_path / "reports", built)
    assert done.returncode == 0, done.stderr
    found = {Path(name).name for name, _ in find([CANARY], tmp_path / "reports")}
    assert found == {
        "briefing.html", "briefing.ipynb", "briefing.pdf", "manifest.json", "ro-crate-metadata.json", "index.html",
    }  # fmt: skip


def test_a_kernel_is_handed_a_list_of_variables_and_nothing_else(tmp_path):
    given = {**dict.fromkeys(VARIABLES, CANARY), "PYTHONSTARTUP": "x", "PYTHONOPTIMIZE": "2", "IPYTHONDIR": "x"}
    usual = {"PATH": "/bin", "PYPANDOC_PANDOC": "/bin/pandoc"}
    made = kernel_environment(tmp_path, {**given, **usual, "TZ": "Asia/Tokyo", "TIGHTROPE_PREVIOUS": "x"})
    assert sorted(made) == [
        "JPY_PARENT_PID", "LC_ALL", "MATPLOTLIBRC", "MKL_NUM_THREADS", "MPLBACKEND", "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS", "PATH", "PYDEVD_DISABLE_FILE_VALIDATION",
        "PYPANDOC_PANDOC", "PYTHONHASHSEED", "PYTHONUTF8", "TIGHTROPE_DATA", "TIGHTROPE_PREVIOUS", "TZ",
    ]  # fmt: skip
    assert (made["TZ"], made["TIGHTROPE_PREVIOUS"]) == ("UTC", "")


@pytest.fixture(scope="module")
def plain(tmp_path_factory, built):
    """A folder of notebooks whose outputs would change with clock, language or settings, and what they publish."""
    folder = tmp_path_factory.mktemp("plain")
    tell = (
        "import datetime, locale, time\nprint(datetime.datetime.fromtimestamp(0), time.tzname, locale.getlocale())\n"
        "print(sorted({'a', 'b'}), list({'FRA', 'RUS', 'CHN'}), __debug__, globals().get('planted'))"
    )
    write_briefings(folder / "notebooks", x=TITLE)
    from tests.small_briefings import write_notebook

    write_notebook(folder / "notebooks" / "x.ipynb", TITLE, NUMBERS, FIGURE, tell)
    return folder, make(folder, "plain", built)


def make(folder, name, built, **environment):
    command = [sys.executable, "-c", MAKE, folder / "notebooks", folder / name, built]
    done = subprocess.run(
        command,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=PROJECT,
    )
    assert done.returncode == 0, done.stderr
    return read_reports(folder / name)


@pytest.mark.parametrize("kind", ["python", "language", "settings", "folders"])
def test_no_variable_of_the_environment_changes_a_byte(plain, built, kind, tmp_path):
    folder, expected = plain
    planted = tmp_path / "planted.py"
    planted.write_text("planted = 'it ran'\n", encoding="utf-8")
    home = tmp_path / "home"
    for place in (".ipython/profile_default/startup", ".config/matplotlib"):
        (home / place).mkdir(parents=True)
    (home / ".ipython/profile_default/startup/a.py").write_text("planted = 'it ran'\n", encoding="utf-8")
    settings = home / ".config/matplotlib/matplotlibrc"
    settings.write_text("axes.facecolor: red\nlines.linewidth: 9\n", encoding="utf-8")
    temporary = Path(tmp_path.anchor, "tmp", f"with spaces {os.getpid()}")
    temporary.mkdir()
    environment = {
        "python": {
            "PYTHONSTARTUP": str(planted), "PYTHONOPTIMIZE": "2", "PYTHONHASHSEED": "7", "PYTHONWARNINGS": "error",
            "PYTHONDONTWRITEBYTECODE": "1", "PYTHONINSPECT": "",
        },
        "language": {
            "TZ": "Asia/Tokyo", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "LANGUAGE": "fr", "PYTHONUTF8": "0",
            "PYTHONIOENCODING": "latin-1",
        },
        "settings": {
            "HOME": str(home), "IPYTHONDIR": str(home / ".ipython"), "MATPLOTLIBRC": str(settings), "MPLBACKEND": "svg",
            "MPLCONFIGDIR": str(settings.parent),
        },
        "folders": {
            "TMPDIR": str(temporary), "TIGHTROPE_DATA": str(tmp_path), "TIGHTROPE_PREVIOUS": str(planted),
            "TIGHTROPE_REPORT": "../up", "SOURCE_DATE_EPOCH": "1",
        },
    }[kind]  # fmt: skip
    try:
        made = make(folder, kind, built, **environment)
        left = list(temporary.iterdir())
    finally:
        for each in sorted(temporary.rglob("*"), reverse=True):
            each.rmdir() if each.is_dir() else each.unlink()
        temporary.rmdir()
    assert len(made) > 5
    assert [name for name in expected if made.get(name) != expected[name]] == []
    assert left == []
    assert "it ran" not in json.dumps(made["x/latest/briefing.ipynb"].decode())


def test_a_folder_of_temporary_files_without_room_for_a_socket_is_told(monkeypatch, tmp_path):
    import tempfile

    from analysis.errors import TightropeError
    from analysis.reporting.kernel import temporary_folder

    monkeypatch.setattr(tempfile, "tempdir", "/" + "x" * 90)
    with pytest.raises(TightropeError, match="has a name too long for sockets in it; up to 72 bytes are accepted"):
        temporary_folder("tightrope-12345678/kernel-ipc-5"[:30])


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"File {PROJECT}/analysis/x.py", "File [project]/analysis/x.py"),
        (f"'{PROJECT}-other/x'", f"'{PROJECT}-other/x'"),
        (f'{{"path": "{Path.home()}/x"}}', '{"path": "~/x"}'),
        (f"\x1b[32m{sys.prefix}/bin\x1b[0m", "\x1b[32m[python]/bin\x1b[0m"),
        ("cannot write '/srv/we \"publish\"/togo'", "cannot write '[reports]/togo'"),
        (json.dumps('/srv/we "publish"/togo'), '"[reports]/togo"'),
        ("https://example.org/a/b", "https://example.org/a/b"),
    ],
)
def test_places_are_called_by_what_they_are(text, hidden):
    assert hide_places(text, reports=Path('/srv/we "publish"')) == hidden
