"""What a night may meet, through the command: a full disk, a folder that is read-only, days that are too many."""

import re
import shutil
import subprocess
from contextlib import suppress

import pytest

from analysis.paths import MANIFEST_JSON
from analysis.reporting.days import list_days
from analysis.reporting.forked import CAN_FORK
from tests.small_briefings import read_reports, write_briefings
from tests.sudden_ends import SECONDS, begin_batch, find_half

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CAN_FORK, reason="no fork here")]


@pytest.fixture
def run(tmp_path, built):
    """Run the command on two small reports; its exit code and all that it said."""
    write_briefings(tmp_path / "notebooks", 2)

    def run(reports, *arguments):
        process = begin_batch(tmp_path / "notebooks", reports, built, *arguments)
        said = re.sub(r"\s+", " ", " ".join(process.communicate(timeout=SECONDS)))
        assert "Traceback" not in said
        return process.returncode, said

    return run


def fill(place):
    """Write to a disk until it is full; the file that fills it."""
    ballast = place / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"0" * 4096)
    assert shutil.disk_usage(place).free == 0
    return ballast


def test_on_a_full_disk_the_last_reports_stay_and_the_next_night_makes_them(run, mount_disk):
    place = mount_disk("16m")
    reports = place / "reports"
    assert run(reports)[0] == 0
    before = read_reports(reports)
    ballast = fill(place)
    code, said = run(reports, "--force")
    assert code == 1
    assert "No space left on device" in said
    assert find_half(reports) == []
    assert read_reports(reports) == before
    ballast.unlink()
    assert run(reports, "--force")[0] == 0
    assert read_reports(reports) == before


def test_a_read_only_folder_is_told_before_anything_is_made(run, mount_disk):
    place = mount_disk("16m")
    reports = place / "reports"
    assert run(reports)[0] == 0
    before = read_reports(reports)
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    code, said = run(reports, "--force")
    assert code == 1
    assert "cannot write reports to" in said
    assert "Read-only file system" in said
    assert "running good.ipynb" not in said
    assert read_reports(reports) == before


def test_a_batch_keeps_as_many_days_as_it_is_told(run, tmp_path):
    reports = tmp_path / "reports"
    for day in ("2025-12-31", "2026-01-31"):
        (reports / "good-1" / day).mkdir(parents=True)
        (reports / "good-1" / day / MANIFEST_JSON).write_text("{}", encoding="utf-8")
    assert run(reports, "--keep", "2", "--only", "good-1")[0] == 0
    assert list_days(reports / "good-1") == ["2026-01-31", "2026-02-28"]
    code, said = run(reports, "--keep", "1", "--only", "good-1")
    assert (code, "1 unchanged" in said) == (0, True)
    assert list_days(reports / "good-1") == ["2026-02-28"]
    assert "2026-01-31" not in (reports / "index.html").read_text(encoding="utf-8")
