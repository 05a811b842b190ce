"""What JupyterLab is given, without a browser: jobs as files, settings where the server finds them, hooks of a commit."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from lab_server import needs_lab
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.errors import TightropeError
from analysis.lab.jobs import run_job
from analysis.paths import NOTEBOOKS, PROJECT
from analysis.reporting.exports import load_exporters

BIN = Path(sys.executable).parent


def write_notebook(path, *sources):
    cells = [new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def test_the_exporters_are_known_by_what_the_menu_calls_them():
    from nbconvert.exporters import get_exporter

    for suffix, exporter in load_exporters().items():
        assert get_exporter(f"Tightrope {suffix.upper()}") is type(exporter)


@pytest.mark.slow
def test_a_job_that_fails_leaves_its_notebook_and_no_other_file(tmp_path, built):
    path = write_notebook(tmp_path / "failing.ipynb", "months: int = 12  # window", "months / 0")
    outputs = {suffix: tmp_path / f"out.{suffix}" for suffix in ("ipynb", "html", "pdf")}
    with pytest.raises(TightropeError, match=r"code cell 2 \('months / 0'\) failed: ZeroDivisionError"):
        run_job(path, {"months": "6"}, outputs, built)
    assert [suffix for suffix, output in outputs.items() if output.exists()] == ["ipynb"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"month": "6"}, "unknown parameter 'month'; did you mean 'months'?"),
        ({"months": "six"}, "parameter 'months' is 'six'; a value of type int is accepted"),
        ({"months": "0"}, "months is 0; a window of 1 month or more is accepted"),
    ],
)
def test_a_parameter_that_does_not_fit_is_told_before_a_kernel_starts(tmp_path, built, given, message, monkeypatch):
    monkeypatch.setattr("analysis.lab.jobs.WaitingKernel", None)
    path = write_notebook(tmp_path / "small.ipynb", "months: int = 12  # window")
    with pytest.raises(TightropeError) as error:
        run_job(path, given, {"pdf": tmp_path / "out.pdf"}, built)
    assert str(error.value) == message
    assert not (tmp_path / "out.pdf").exists()


@needs_lab
def test_the_server_finds_what_is_ours():
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_core.application import JupyterApp

    kernels = {nbformat.read(path, 4).metadata.kernelspec.name for path in NOTEBOOKS.glob("*.ipynb")}
    for name in kernels:
        assert KernelSpecManager().get_kernel_spec(name).resource_dir.startswith(sys.prefix)
    settings = JupyterApp(config_file_name="jupyter_jupyter_scheduler_config")
    settings.load_config_file()
    assert settings.config.BaseScheduler.execution_manager_class == "analysis.lab.scheduler.ReportExecutionManager"


@needs_lab
@pytest.mark.parametrize("name", ["analysis.lab", "jupyter_scheduler", "nbdime"])
def test_the_server_extensions_are_enabled(name):
    from jupyter_core.paths import jupyter_config_path
    from jupyter_server.extension.config import ExtensionConfigManager

    assert ExtensionConfigManager(read_config_path=jupyter_config_path()).get_jpserver_extensions()[name]


@pytest.mark.slow
@pytest.mark.skipif(
    find_spec("pre_commit") is None or not (shutil.which("git") and shutil.which("make")),
    reason="no pre-commit, git or make on this machine",
)
def test_a_commit_takes_outputs_out_of_notebooks_and_leaves_the_rest(tmp_path):
    def run(*command):
        environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1"}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    clean = sorted(NOTEBOOKS.glob("*.ipynb"))[0]
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(BIN)
    for path in (PROJECT / ".pre-commit-config.yaml", PROJECT / ".gitattributes", PROJECT / "Makefile", clean):
        shutil.copy(path, tmp_path)
    shutil.copy(clean, tmp_path / "run.ipynb")
    notebook = nbformat.read(tmp_path / "run.ipynb", 4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.outputs, cell.execution_count = [new_output("stream", text="42")], 1
    nbformat.write(notebook, tmp_path / "run.ipynb")
    run("git", "init", "-q")
    run("git", "add", "run.ipynb", clean.name, ".pre-commit-config.yaml")
    made = run("make", "-o", ".venv/.dev", "hooks")
    assert made.returncode == 0, made.stderr

    commit = ("git", "-c", "user.name=n", "-c", "user.email=e", "commit", "-q", "-m", "m")
    refused = run(*commit)
    assert refused.returncode == 1
    assert "files were modified by this hook" in refused.stderr + refused.stdout
    assert (tmp_path / "run.ipynb").read_bytes() == clean.read_bytes() == (tmp_path / clean.name).read_bytes()
    run("git", "add", "run.ipynb")
    accepted = run(*commit)
    assert accepted.returncode == 0, accepted.stderr

    cell.source, cell.outputs, cell.execution_count = "changed = True", [], None
    nbformat.write(notebook, tmp_path / "run.ipynb")
    told = run("git", "diff").stdout
    assert "## modified /cells/" in told
    assert "changed = True" in told
