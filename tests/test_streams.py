"""What cannot be told ends no work: streams that are closed, full, or left by their reader."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.exhibit import METADATA_KEY
from analysis.paths import PROJECT, RAW
from analysis.streams import SteadyStream
from tests.small_briefings import write_briefings

FULL = Path("/dev/full")
NOWHERE = os.open(os.devnull, os.O_RDWR)
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


class Failing(io.StringIO):
    """A stream of which one method fails as long as its file leads anywhere, as on a full disk."""

    def __init__(self, method, number, file):
        super().__init__()
        self.file = file
        setattr(self, method, self.fail)
        self.fault = OSError(number, os.strerror(number))

    def fail(self, *text):
        if not os.path.sameopenfile(self.file.fileno(), NOWHERE):
            raise self.fault
        return sum(map(len, text))

    def fileno(self):
        return self.file.fileno()


@pytest.mark.parametrize("method", ["write", "flush"])
@pytest.mark.parametrize(("number", "told"), [(errno.ENOSPC, 1), (errno.EIO, 1), (errno.EPIPE, 0)])
def test_what_cannot_be_written_is_told_once_and_what_is_left_leads_nowhere(tmp_path, method, number, told):
    other = io.StringIO()
    with (tmp_path / "log").open("w") as file:
        stream = SteadyStream(Failing(method, number, file), "standard error")
        stream.other = SteadyStream(other, "standard output")
        for _ in range(3):
            assert stream.write("lines\n") == 6
            stream.flush()
        assert stream.fault.errno == number
        os.write(file.fileno(), b"of a child")
    assert (tmp_path / "log").read_bytes() == b""
    line = f"warning: standard error cannot be written: {os.strerror(number)}; the rest of it is left out\n"
    assert other.getvalue() == line * told


def test_two_streams_that_both_fail_end_nothing(tmp_path):
    with (tmp_path / "a").open("w") as first, (tmp_path / "b").open("w") as second:
        one, two = (SteadyStream(Failing("write", errno.ENOSPC, file), file.name) for file in (first, second))
        one.other, two.other = two, one
        one.write("x")
        two.write("x")
    assert (one.fault.errno, two.fault.errno) == (errno.ENOSPC, errno.ENOSPC)


def test_a_steady_stream_is_else_the_stream():
    stream = io.StringIO()
    steady = SteadyStream(stream, "standard output")
    steady.write("text")
    assert (stream.getvalue(), steady.fault, steady.isatty()) == ("text", None, False)


def tightrope(*arguments, to=""):
    """The command with its streams led elsewhere by a shell."""
    command = ["sh", "-c", f'exec "$@" {to}', "sh", sys.executable, "-m", "analysis", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=PROJECT)


@pytest.mark.slow
@needs_full
def test_a_command_whose_output_is_lost_has_failed_and_says_so():
    done = tightrope("brief", "--help", to="> /dev/full")
    assert done.returncode == 1
    assert done.stderr == (
        "warning: standard output cannot be written: No space left on device; the rest of it is left out\n"
    )
    assert tightrope("brief", "--help", to="2> /dev/full").returncode == 0


@pytest.mark.slow
def test_a_command_whose_reader_has_gone_has_not_failed():
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as unread:
        done = subprocess.run(
            [sys.executable, "-m", "analysis", "brief", "--help"],
            stdout=unread, stderr=subprocess.PIPE, text=True, timeout=300, check=False, cwd=PROJECT,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "to",
    [pytest.param("> /dev/full 2> /dev/full", marks=needs_full), "<&- >&- 2>&-"],
    ids=["full", "closed"],
)
def test_a_batch_that_can_tell_nothing_makes_what_it_can(tmp_path, built, to):
    # A fault of the code, of which a worker tells by itself too.
    odd = f"display({{'text/plain': 'x'}}, raw=True, metadata={{{METADATA_KEY!r}: {{'kind': 'figure', 'name': 'x'}}}})"
    write_briefings(tmp_path / "notebooks", 1, odd=odd)
    reports = tmp_path / "reports"
    folders = ["--notebooks", tmp_path / "notebooks", "--reports", reports, "--data", built, "--raw", RAW]
    # Forced, so that the server of workers is started before anything is lost.
    done = tightrope("batch", *folders, "--jobs", "1", "--force", to=to)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")
    assert (reports / "good-1" / "latest" / "briefing.pdf").is_file()
    assert "in write_outputs" in (reports / "odd" / "failed.html").read_text(encoding="utf-8")
    assert "2 reports: 1 failed, 1 fresh" in (reports / "index.html").read_text(encoding="utf-8")
