"""What a batch shows while it runs and says at its end."""

import io

import pytest
from rich.console import Console
from rich.progress import Progress as RichBars

from analysis.commands import batch_progress
from analysis.commands.batch import exit_code, skip_without_archive
from analysis.commands.batch_progress import BarProgress, print_outcomes
from analysis.paths import ARCHIVE, NOTEBOOKS
from analysis.reporting.batch import Outcome
from analysis.reporting.entries import read_briefings

FAILED = Outcome("[red]b", "failed", 2.0, message="code cell 3 failed: [x]\nand more")


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (["made", "unchanged"], 0),
        (["unchanged"], 0),
        (["made", "skipped"], 0),
        (["made", "failed"], 3),
        (["unchanged", "left"], 3),
        (["failed", "left"], 1),
    ],
)
def test_the_exit_code_says_how_much_was_made(states, code):
    assert exit_code([Outcome(str(number), state) for number, state in enumerate(states)]) == code


def test_a_terminal_shows_the_batch_and_each_report_that_is_being_made():
    screen = io.StringIO()
    with RichBars(console=Console(file=screen, force_terminal=True, width=100)) as bars:
        progress = BarProgress(bars, 3)
        progress.step("a", "running")
        progress.step("[red]b", "running")
        progress.step("a", "exporting")
        assert [task.description for task in bars.tasks] == ["reports", "a: exporting", "\\[red]b: running"]
        progress.done(Outcome("a", "made", 1.0))
        progress.done(FAILED)
        assert [(task.description, task.completed) for task in bars.tasks] == [("reports", 2)]
    assert "[red]b: failed: code cell 3 failed: [x]" in screen.getvalue()


def test_the_table_at_the_end_names_every_report_and_why_it_failed(monkeypatch):
    page = io.StringIO()
    monkeypatch.setattr(batch_progress, "OUT", Console(file=page, width=100))
    print_outcomes([Outcome("a", "made", 1.25), FAILED, Outcome("c", "left"), Outcome("d", "unchanged")])
    lines = [line.split() for line in page.getvalue().splitlines()]
    assert lines[1][:3] == ["a", "made", "1.2"]
    assert "[red]b failed 2.0 code cell 3 failed: [x]" in " ".join(lines[2])
    assert "and more" not in page.getvalue()
    assert lines[-1] == ["1", "made,", "1", "unchanged,", "1", "failed,", "1", "left"]


def test_without_an_archive_the_report_on_it_is_skipped_and_no_other(tmp_path):
    briefings = read_briefings(NOTEBOOKS)
    assert [outcome.name for outcome in skip_without_archive(briefings, tmp_path)] == ["data_quality"]
    (tmp_path / ARCHIVE.name).mkdir()
    assert skip_without_archive(briefings, tmp_path) == []
