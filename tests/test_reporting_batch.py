"""Many reports at a time: equal however they are made, none dragging another down, nothing left by a sudden end."""

import os
import re
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pypandoc
import pytest

from analysis.exhibit import METADATA_KEY
from analysis.paths import PROJECT
from analysis.reporting.aftermath import follow_up
from analysis.reporting.batch import Progress, make_batch
from analysis.reporting.crew import Crew, LocalCrew, Worker
from analysis.reporting.days import LATEST
from analysis.reporting.forked import CAN_FORK
from analysis.reporting.limits import Limits
from analysis.reporting.schedule import Watch
from tests.small_briefings import ENDLESS, GREEDY, read_reports, write_briefings
from tests.sudden_ends import N_REPORTS, N_SEEDS, begin_batch, family, find_half, find_role, kill_and_look

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CAN_FORK, reason="no fork here")]
SECONDS = 300.0
LIMITS = Limits(report_seconds=120.0)
FAILING = 'raise ValueError("no such tilt")'


@pytest.fixture(scope="module")
def crew(built):
    with LocalCrew(built) as crew:
        yield crew


@pytest.fixture
def notebooks(tmp_path):
    return tmp_path / "notebooks"


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "reports"


@pytest.fixture(scope="module")
def expected(crew, built, tmp_path_factory):
    """The good reports, one after the other."""
    folder = tmp_path_factory.mktemp("expected")
    briefings = write_briefings(folder / "notebooks", N_REPORTS)
    outcomes = make_batch(briefings, crew, reports=folder / "reports", data=built, jobs=1)
    assert [outcome.state for outcome in outcomes] == ["made"] * N_REPORTS
    return read_reports(folder / "reports")


@pytest.fixture
def place():
    """A folder for what is temporary, its name short enough for a socket's."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        yield Path(folder)


class Employer(Crew):
    """Hires workers that make nothing, and keeps how many reports each was asked for."""

    def __init__(self, most_reports):
        self.most_reports, self.asked, self.n_closed = most_reports, [], 0

    def hire(self):
        self.asked.append(0)
        return Idle(self)

    def close(self):
        raise AssertionError("a batch does not close what it was lent")


class Idle(Worker):
    def __init__(self, employer):
        self.employer, self.most_reports = employer, employer.most_reports

    def make(self, request, say):
        self.employer.asked[-1] += 1
        return {"folder": "nowhere"}

    def stop(self):
        raise AssertionError("nobody stops the batch")

    def close(self):
        self.employer.n_closed += 1


def states(outcomes):
    return {outcome.name: outcome.state for outcome in outcomes}


def assert_none_is_half(reports):
    """Every published report holds each file of its manifest, whole."""
    assert find_half(reports) == []


def assert_gone(processes):
    _, alive = psutil.wait_procs(processes, SECONDS)
    assert alive == []


@pytest.mark.parametrize(("most_reports", "n_hired"), [(1, 9), (4, 3)])
def test_a_worker_is_relieved_before_it_has_grown(most_reports, n_hired, notebooks, reports, built):
    employer = Employer(most_reports)
    outcomes = make_batch(write_briefings(notebooks, 9), employer, reports=reports, data=built, jobs=1)
    assert {outcome.state for outcome in outcomes} == {"made"}
    assert sum(employer.asked) == len(outcomes)
    assert max(employer.asked) == most_reports
    assert employer.n_closed == len(employer.asked) == n_hired


def test_what_was_never_made_or_gave_a_large_page_is_begun_first(notebooks, reports, built, monkeypatch):
    begun, make = [], Idle.make
    monkeypatch.setattr(
        Idle,
        "make",
        lambda worker, request, say: begun.append(request["briefing"]["name"]) or make(worker, request, say),
    )
    for name, size in {"good-1": 10, "good-2": 2000, "good-4": 300}.items():
        (reports / name / LATEST).mkdir(parents=True)
        (reports / name / LATEST / "briefing.html").write_bytes(bytes(size))
    outcomes = make_batch(write_briefings(notebooks, 5), Employer(9), reports=reports, data=built, jobs=1)
    assert begun == ["good-3", "good-5", "good-2", "good-4", "good-1"]
    assert [outcome.name for outcome in outcomes] == [f"good-{number}" for number in range(1, 6)]


def test_whatever_goes_wrong_with_one_the_others_are_made(notebooks, reports, built, monkeypatch):
    make = Idle.make

    def make_or_not(worker, request, say):
        if request["briefing"]["name"] == "good-2":
            raise TypeError("not foreseen")
        return make(worker, request, say)

    monkeypatch.setattr(Idle, "make", make_or_not)
    outcomes = make_batch(write_briefings(notebooks, 3), Employer(4), reports=reports, data=built, jobs=1)
    assert states(outcomes) == {"good-1": "made", "good-2": "failed", "good-3": "made"}
    assert outcomes[1].message == "TypeError: not foreseen"


@pytest.mark.parametrize(("jobs", "is_warm"), [(2, True), (2, False)])
def test_two_workers_make_what_one_makes_on_forked_kernels_and_on_plain_ones(
    jobs, is_warm, built, notebooks, reports, expected
):
    briefings = write_briefings(notebooks, N_REPORTS)
    with LocalCrew(built, is_warm=is_warm) as crew:
        assert (crew.server is not None) == is_warm
        outcomes = make_batch(briefings, crew, reports=reports, data=built, jobs=jobs)
    assert states(outcomes) == {briefing.name: "made" for briefing in briefings}
    assert [outcome.name for outcome in outcomes] == [briefing.name for briefing in briefings]
    assert len(expected) == N_REPORTS * 6
    assert read_reports(reports) == expected


def test_one_that_fails_does_not_keep_the_others(crew, built, notebooks, reports, expected):
    briefings = write_briefings(notebooks, N_REPORTS, failing=FAILING, endless=ENDLESS, greedy=GREEDY)
    limits = Limits(cell_seconds=8.0, memory_bytes=600 * 2**20)  # the greedy one is over its limit long before
    outcomes = make_batch(briefings[::-1], crew, reports=reports, data=built, jobs=2, limits=limits)
    assert states(outcomes) == {
        "greedy": "failed", "endless": "failed", "failing": "failed", **{f"good-{n}": "made" for n in range(4, 0, -1)},
    }  # fmt: skip
    messages = {outcome.name: outcome.message for outcome in outcomes}
    assert "ValueError: no such tilt" in messages["failing"]
    assert "time-out of 8 seconds for a cell" in messages["endless"]
    assert "memory limit of 600 MB" in messages["greedy"]
    assert read_reports(reports) == expected
    assert (reports / "failing" / "failed.html").is_file()


def test_a_fault_of_the_code_keeps_its_page_and_its_notebook(crew, built, notebooks, reports):
    odd = f"display({{'text/plain': 'x'}}, raw=True, metadata={{{METADATA_KEY!r}: {{'kind': 'figure', 'name': 'x'}}}})"
    briefings = write_briefings(notebooks, odd=odd)
    outcomes = make_batch(briefings, crew, reports=reports, data=built, jobs=1)
    page = reports / "odd" / "failed.html"
    assert outcomes[0].message == f"KeyError: 'image/svg+xml'\nthe failure is described in {page}"
    watches = {"odd": Watch("", ())}
    folders = {"reports": reports, "data": built, "notebooks": notebooks}
    follow_up(outcomes, briefings, watches, **folders, now=datetime(2026, 3, 2, tzinfo=UTC))
    assert "in write_outputs" in page.read_text(encoding="utf-8")
    assert (reports / "odd" / "failed.ipynb").is_file()


HUNG_PANDOC = """#!{python}
import os, subprocess, sys
asked = sys.stdin.buffer.read()
if b"never set" in asked:
    own = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])  # lives on if pandoc alone is ended
    open(os.path.join({pids!r}, str(own.pid)), "w").close()
    own.wait()
sys.exit(subprocess.run([{pandoc!r}, *sys.argv[1:]], input=asked).returncode)
"""
HUNG = 'from IPython.display import Markdown, display\ndisplay(Markdown("A page that is never set."))'


@pytest.fixture
def pandoc(tmp_path):
    """Where Python finds a pandoc that never ends with a page of that kind, and the numbers of what it has started."""
    pids, program = tmp_path / "pids", tmp_path / "pandoc"
    pids.mkdir()
    text = HUNG_PANDOC.format(python=sys.executable, pids=str(pids), pandoc=pypandoc.get_pandoc_path())
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    site = tmp_path / "site"
    site.mkdir()
    # A kernel server is handed few variables; every Python that is started runs this first.
    line = f"import os; os.environ['PYPANDOC_PANDOC'] = {str(program)!r}"
    (site / "sitecustomize.py").write_text(line, encoding="utf-8")
    return os.pathsep.join([str(site), str(PROJECT)]), pids


class Looker(Progress):
    """Looks, while the batch goes on, whether what a failed report has left running is gone."""

    def __init__(self, pids):
        self.pids, self.hung, self.alive = pids, [], None

    def done(self, outcome):
        if outcome.state == "failed":
            self.hung = [psutil.Process(int(path.name)) for path in self.pids.iterdir()]
        else:
            _, self.alive = psutil.wait_procs(self.hung, 60.0)
            for each in self.alive:
                each.kill()


def test_an_export_that_never_ends_is_left_with_its_worker_and_the_night_goes_on(
    built, notebooks, reports, pandoc, monkeypatch
):
    monkeypatch.setenv("PYTHONPATH", pandoc[0])
    briefings = write_briefings(notebooks, 1, hung=HUNG)
    looker = Looker(pandoc[1])
    with LocalCrew(built) as crew:
        outcomes = make_batch(
            briefings[::-1], crew, reports=reports, data=built, jobs=1, limits=Limits(export_seconds=6.0),
            progress=looker,
        )  # fmt: skip
    assert states(outcomes) == {"hung": "failed", "good-1": "made"}
    assert "the HTML and the PDF took longer than the time-out of 6 seconds" in outcomes[0].message
    assert (reports / "hung" / "failed.html").is_file()
    assert (len(looker.hung), looker.alive) == (1, [])  # one pandoc for both pages


def test_fail_fast_leaves_the_rest(crew, built, notebooks, reports):
    briefings = write_briefings(notebooks, 3, failing=FAILING)
    outcomes = make_batch(briefings[::-1], crew, reports=reports, data=built, jobs=1, is_failing_fast=True)
    assert list(states(outcomes).values()) == ["failed", "left", "left", "left"]
    assert read_reports(reports) == {}


class Killer(Progress):
    """Kills a process of the crew when a report begins to run."""

    def __init__(self, crew, find):
        self.crew, self.find, self.killed = crew, find, None

    def step(self, name, text):
        if text.startswith("running") and self.killed is None:
            self.killed = self.find(psutil.Process(self.crew.server.process.pid))
            self.killed.kill()


@pytest.mark.parametrize("victim", ["server", "second", "worker"])
def test_a_batch_goes_on_without_a_killed(victim, built, notebooks, reports, expected):
    briefings = write_briefings(notebooks, N_REPORTS)
    down = {"server": 0, "second": 1, "worker": 2}[victim]

    def find(process):
        for _ in range(down):
            process = process.children()[0]
        return process

    with LocalCrew(built) as crew:
        killer = Killer(crew, find)
        outcomes = make_batch(briefings, crew, reports=reports, data=built, jobs=1, progress=killer)
        assert list(states(outcomes).values()) == ["failed", "made", "made", "made"]
        assert "the worker was killed or ran out of memory" in outcomes[0].message
        assert_none_is_half(reports)
        again = make_batch(briefings, crew, reports=reports, data=built, jobs=2)
    assert set(states(again).values()) == {"made"}
    assert read_reports(reports) == expected


@pytest.mark.parametrize(
    ("n_good", "sources", "arguments", "code", "words"),
    [
        (2, {}, [], 0, ["good-1 made", "good-2 made", "2 made"]),
        (1, {"failing": FAILING}, [], 3, ["good-1 made", "failing failed", "ValueError: no such tilt", "1 made, 1 failed"]),
        (0, {"failing": FAILING}, [], 1, ["failing failed", "0 made, 1 failed"]),
        (3, {"failing": FAILING}, ["--only", "good-[12]"], 0, ["good-1 made", "good-2 made", "2 made"]),
        (1, {"endless": ENDLESS}, ["--cell-timeout", "2"], 3, ["endless failed", "time-out of 2 seconds for a cell"]),
        (1, {"hung": HUNG}, ["--export-timeout", "6"], 3, ["hung failed", "took longer than the time-out of 6 seconds"]),
        (1, {}, ["--only", "god-1"], 1, ["unknown briefing 'god-1'; did you mean 'good-1'"]),
        (1, {}, ["--memory-limit", "much"], 1, ["memory limit 'much'; a size such as 512MB or 2GB is accepted"]),
    ],
)  # fmt: skip
def test_the_exit_code_and_the_table_say_what_was_made(
    n_good, sources, arguments, code, words, built, notebooks, reports, pandoc
):
    write_briefings(notebooks, n_good, **sources)
    process = begin_batch(notebooks, reports, built, *arguments, PYTHONPATH=pandoc[0])
    said = re.sub(r"\s+", " ", " ".join(process.communicate(timeout=SECONDS)))
    assert process.returncode == code, said
    for word in words:
        assert word in said
    assert "Traceback" not in said


SPY = """
import os, sys
module = sys.orig_argv[2] if sys.orig_argv[1:2] == ["-m"] else ""
open(os.path.join(os.path.dirname(__file__), "begun"), "a").write(module + chr(10))
"""


def test_what_is_unchanged_is_not_made_again_unless_forced(built, notebooks, reports, tmp_path):
    write_briefings(notebooks, 2)
    spy = tmp_path / "spy"
    spy.mkdir()
    (spy / "sitecustomize.py").write_text(SPY, encoding="utf-8")  # every Python that is started runs it first
    spied = {"PYTHONPATH": os.pathsep.join([str(spy), str(PROJECT)])}
    begin_batch(notebooks, reports, built, **spied).communicate(timeout=SECONDS)
    assert (spy / "begun").read_text(encoding="utf-8").split() == ["analysis", "analysis.reporting.warm"]
    before = {path: path.resolve() for path in reports.glob("*/latest")}
    again = begin_batch(notebooks, reports, built, **spied)
    said = again.communicate(timeout=SECONDS)[0]
    assert again.returncode == 0
    assert "0 made, 2 unchanged" in said
    assert (spy / "begun").read_text(encoding="utf-8").split()[2:] == ["analysis"]  # and no server of kernels
    forced = begin_batch(notebooks, reports, built, "--force")
    assert "2 made" in forced.communicate(timeout=SECONDS)[0]
    assert {path: path.resolve() for path in reports.glob("*/latest")}.keys() == before.keys()


@pytest.fixture
def is_interruptible():
    """A shell that starts the tests in the background lets them, and whatever they start, ignore interrupts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("is_interruptible")
@pytest.mark.parametrize("others", [(), ("server",), ("worker",)])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_a_batch_cleanly(number, others, built, notebooks, reports, place):
    """To the batch alone, or to others of its processes too, as some supervisors send it."""
    write_briefings(notebooks, 1, endless=ENDLESS)
    process = begin_batch(notebooks, reports, built, place=place)
    seen = []
    for line in process.stderr:
        seen.append(line)
        if any("good-1: made" in line for line in seen) and "endless: running endless.ipynb\n" in seen:
            break
    processes = family(psutil.Process(process.pid))
    assert len(processes) >= 4
    roles = [(find_role(each, process.pid), each) for each in processes[1:]]
    assert {role for role, _ in roles} == {"server", "second", "worker", "kernel"}
    for role, each in roles:
        if role in others:
            each.send_signal(number)
    process.send_signal(number)
    said = process.communicate(timeout=SECONDS)[0]
    assert process.returncode == 3
    assert re.search(r"endless +left", said)
    assert_gone(processes)
    assert_none_is_half(reports)
    assert not (reports / "endless" / "failed.html").exists()
    assert list((reports / "endless" / ".runs").iterdir()) == []
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("seed", range(N_SEEDS))
def test_whatever_is_killed_no_half_report_is_seen_and_the_next_run_completes(
    seed, crew, built, tmp_path, expected, place
):
    assert kill_and_look(seed, tmp_path, place, crew, built, expected).faults == ()
