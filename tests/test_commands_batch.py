"""What a batch shows while it runs and says at its end."""

import io
import signal
from datetime import UTC, datetime

import pytest
from rich.console import Console
from rich.progress import Progress as RichBars
from typer.testing import CliRunner

from analysis.__main__ import app
from analysis.archive.ledger import Ledger, save_ledger
from analysis.commands import batch as commands
from analysis.commands import batch_progress
from analysis.commands.batch import build_tables, exit_code, skip_without_archive
from analysis.commands.batch_progress import BarProgress, print_outcomes
from analysis.paths import ARCHIVE, NOTEBOOKS
from analysis.reporting import schedule
from analysis.reporting.batch import Outcome
from analysis.reporting.entries import read_briefings
from analysis.reporting.schedule import note_runs
from tests.small_briefings import write_briefings

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


@pytest.mark.parametrize(("hour", "is_due"), [(4, False), (5, True)])
def test_what_is_due_is_asked_of_the_machines_clock(tmp_path, monkeypatch, hour, is_due):
    write_briefings(tmp_path / "notebooks", 1)
    toml = tmp_path / "notebooks" / "briefings.toml"
    toml.write_text(f'cron = "0 5 * * *"\n{toml.read_text(encoding="utf-8")}', encoding="utf-8")
    note_runs(tmp_path, ["good"], datetime(2026, 3, 1, 5, 0, tzinfo=UTC))
    monkeypatch.setattr(schedule, "read_clock", lambda: datetime(2026, 3, 2, hour, 30, tzinfo=UTC))
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # of the process that runs the tests
    options = {"--notebooks": toml.parent, "--reports": tmp_path, "--raw": tmp_path, "--data": tmp_path}
    done = CliRunner().invoke(app, ["batch", "--due", *(str(word) for option in options.items() for word in option)])
    assert ("nothing is due" in done.output, done.exit_code) == (not is_due, int(is_due))


def test_an_archive_keeps_the_rule_for_duplicates_that_it_was_built_with(tmp_path, monkeypatch):
    built = []
    monkeypatch.setattr(commands, "build", lambda raw, data, **options: built.append(options))
    build_tables(tmp_path, tmp_path)
    (tmp_path / ARCHIVE.name).mkdir()
    save_ledger(tmp_path / ARCHIVE.name, Ledger("code", "story", {}))
    build_tables(tmp_path, tmp_path)
    assert built == [{}, {"duplicates": "story"}]


def test_without_an_archive_the_report_on_it_is_skipped_and_no_other(tmp_path):
    briefings = read_briefings(NOTEBOOKS)
    assert [outcome.name for outcome in skip_without_archive(briefings, tmp_path)] == ["data_quality"]
    (tmp_path / ARCHIVE.name).mkdir()
    assert skip_without_archive(briefings, tmp_path) == []
