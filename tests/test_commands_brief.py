"""What the command of one briefing hands on to the run, and that the index is renewed however the run ended."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.__main__ import app
from analysis.errors import TightropeError
from analysis.reporting import brief, index, kernel

ASKED = ["brief", "--state", "TGO", "--powers", "FRA,RUS", "--keep", "3", "--file-limit", "5MB", "--set", "months=6"]


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the command with another way to make a briefing; what it ended with, and what the index was told was made."""
    renewed = []
    monkeypatch.setattr(kernel, "WaitingKernel", lambda data: nullcontext(data))
    monkeypatch.setattr(index, "renew_index", lambda reports, data, made, warn: renewed.append((reports, set(made))))

    def run(make):
        monkeypatch.setattr(brief, "make_briefing", make)
        done = CliRunner().invoke(app, [*ASKED, "--reports", str(tmp_path / "r"), "--data", str(tmp_path / "d")])
        assert [reports for reports, _ in renewed] == [tmp_path / "r"]
        return done, renewed[0][1]

    return run


def test_the_run_is_told_what_the_command_was_and_the_index_what_it_made(run, tmp_path):
    told = {}

    def make(briefing, **options):
        told.update(options, parameters=briefing.parameters)
        folder = options["reports"] / "togo" / "2026-02-28"
        folder.mkdir(parents=True)
        (folder / "briefing.pdf").touch()
        return folder

    done, made = run(make)
    assert (done.exit_code, made) == (0, {"togo"})
    assert Path(done.stdout.strip()) == tmp_path / "r" / "togo" / "2026-02-28" / "briefing.pdf"
    assert told["parameters"] == {"state": "TGO", "powers": "FRA,RUS", "months": "6"}
    assert (told["keep"], told["limits"].file_bytes, told["data"]) == (3, 5 * 1024**2, tmp_path / "d")


def test_a_run_that_fails_is_shown_by_the_index_too(run):
    def make(briefing, **options):
        raise TightropeError("no such tilt")

    done, made = run(make)
    assert (str(done.exception), made) == ("no such tilt", set())
