"""Kernels forked from a warm server are as plain ones are, and are ended when they take too much or nobody is left."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from analysis.paths import PROJECT
from analysis.reporting import forks, limits
from analysis.reporting.execute import execute_notebook
from analysis.reporting.forked import CAN_FORK, ForkedKernel, KernelServer, ServerGoneError
from analysis.reporting.kernel import WaitingKernel
from analysis.reporting.limits import Guard, Limits, NotebookError, memory_of_tree, read_memory
from tests.small_briefings import ENDLESS, GREEDY, write_notebook

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CAN_FORK, reason="no fork here")]
SECONDS = 30.0
LIMITS = Limits(cell_seconds=120.0)


@pytest.fixture(scope="module")
def server(built):
    with KernelServer(built) as server:
        server.connect().close()
        yield server


@pytest.fixture
def run(server, tmp_path):
    def run(*sources, limits=LIMITS, kernel=None):
        notebook = write_notebook(tmp_path / "small.ipynb", *sources)
        with kernel or ForkedKernel(server.path) as kernel:
            return execute_notebook(notebook, {}, tmp_path / "out.ipynb", kernel, limits)

    return run


def printed(notebook):
    return "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", []))


def is_gone(pid):
    try:
        psutil.Process(pid).wait(SECONDS)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return True


LOOK = """
import json, os, sys, threading, warnings, gc, locale, signal, logging
import matplotlib, pandas, numpy, scipy.linalg, seaborn
from ipykernel.kernelapp import IPKernelApp
app = IPKernelApp.instance()
own = {"JPY_PARENT_PID", "PYTEST_CURRENT_TEST"}
print(json.dumps({
    "environment": {name: value for name, value in sorted(os.environ.items()) if name not in own},
    "folder": os.getcwd(), "path": sys.path, "argv": len(sys.argv), "main": __name__,
    "matplotlib": {key: str(value) for key, value in matplotlib.rcParams.items()},
    "figures": matplotlib.pyplot.get_fignums(), "backend": matplotlib.get_backend(),
    "filters": [str(entry) for entry in warnings.filters], "locale": locale.setlocale(locale.LC_ALL),
    "transport": app.transport, "leads_session": os.getsid(0) == os.getpid(), "umask": os.umask(0o022),
    "handlers": [str(signal.getsignal(number)).split(" at ")[0] for number in (signal.SIGTERM, signal.SIGCHLD)],
    "recursion": sys.getrecursionlimit(), "hash": hash("tilt"), "threads": sorted(thread.name for thread in threading.enumerate()),
    "gc": gc.isenabled(), "cores": len(os.sched_getaffinity(0)), "mypid": os.getppid() == app.parent_handle,
}))
"""
BLAS = """
import ctypes, glob, os, numpy
library = ctypes.CDLL(glob.glob(os.path.join(os.path.dirname(numpy.__file__), "..", "numpy.libs", "libscipy_openblas64*"))[0])
generator = numpy.random.default_rng(1)
product = generator.random((700, 700)) @ generator.random((700, 700))
print(library.scipy_openblas_get_num_threads64_(), product.sum().hex())
"""


def test_a_forked_kernel_finds_what_a_plain_one_finds(run, built):
    forked = json.loads(printed(run(LOOK)))
    plain = json.loads(printed(run(LOOK, kernel=WaitingKernel(built))))
    assert forked.pop("mypid")
    assert plain.pop("mypid")
    assert forked == plain
    assert forked["transport"] == "ipc"
    assert forked["leads_session"]


def test_a_forked_kernel_finds_tables_and_words_read(run):
    look = (
        "from analysis import reference\n"
        "from analysis.language.speech import CODE, DATA, translations\n"
        "kept = reference._read, translations\n"
        "before = [one.cache_info().misses for one in kept]\n"
        "reference.load('states'), translations(CODE, 'fr'), translations(DATA, 'fr')\n"
        "print([one.cache_info().misses for one in kept] == before, min(before) > 0)"
    )
    assert printed(run(look)) == "True True\n"


def test_numerical_libraries_use_as_many_threads_and_give_the_same_bits(run, built):
    assert printed(run(BLAS)) == printed(run(BLAS, kernel=WaitingKernel(built)))


def test_a_forked_kernel_finds_pairs_of_signs_that_a_plain_one_lays_out_itself(run, built):
    look = "from analysis import glyphs\nprint(glyphs._find_pair.cache_info().currsize)"
    assert int(printed(run(look))) > 500
    assert int(printed(run(look, kernel=WaitingKernel(built)))) == 0


def test_nothing_of_one_notebook_reaches_the_next(run):
    change = (
        "import os, sys, numpy, pandas, matplotlib as mpl, analysis\n"
        "os.environ['STRAY'] = '1'; os.chdir('/'); sys.path.insert(0, '/stray'); mpl.rcParams['font.size'] = 77\n"
        "pandas.options.display.max_rows = 7; numpy.random.seed(5); analysis.stray = stray = 1\n"
        "import matplotlib.pyplot as plt; plt.figure(); print('changed')"
    )
    look = (
        "import os, sys, pandas, matplotlib.pyplot as plt, analysis\n"
        "print('STRAY' in os.environ, os.getcwd() == '/', '/stray' in sys.path, plt.rcParams['font.size'] == 77,\n"
        "      pandas.options.display.max_rows == 7, hasattr(analysis, 'stray'), 'stray' in globals(), plt.get_fignums())"
    )
    assert printed(run(change)) == "changed\n"
    assert printed(run(look)).split() == ["False"] * 7 + ["[]"]


def test_unseeded_numbers_differ_from_kernel_to_kernel(run):
    draw = "import numpy, random, uuid\nprint(numpy.random.random(), random.random(), uuid.uuid4())"
    first, second = printed(run(draw)).split(), printed(run(draw)).split()
    assert all(one != other for one, other in zip(first, second, strict=True))


def test_a_cell_reads_nothing(run):
    assert printed(run("import sys\nprint(repr(sys.__stdin__.read()))")) == "''\n"


def test_what_is_forked_with_threads_is_none_of_ours(server, run):
    run("print(1)")
    names = {
        Path(f"/proc/{server.process.pid}/task/{task.name}/comm").read_text().strip()
        for task in Path(f"/proc/{server.process.pid}/task").iterdir()
    }
    # The main thread, and that of an allocator, which sees to itself at a fork; BLAS ends its own before.
    assert len(list(Path(f"/proc/{server.process.pid}/task").iterdir())) <= 2
    assert names <= {"python", "python3", "jemalloc_bg_thd", Path(sys.executable).name}


def test_a_cell_that_never_ends_is_ended_by_the_cells_time_out(run):
    with pytest.raises(
        NotebookError, match=r"code cell 2 \('while True:'\) took longer than the time-out of 1 seconds for a cell"
    ):
        run(ENDLESS, limits=Limits(cell_seconds=1.0, report_seconds=60.0))


def test_cells_that_never_end_are_ended_by_the_reports_time_out(run):
    cell = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    with pytest.raises(
        NotebookError, match=r"code cell 2 \('import signal'\) took longer than the time-out of 2 seconds; .*--timeout"
    ):
        run(cell, limits=Limits(cell_seconds=60.0, report_seconds=2.0))


def test_a_cell_that_allocates_without_bound_is_told_of_the_limit(run):
    with pytest.raises(
        NotebookError,
        match=r"code cell 2 \('hoard = \[\]'\) needed more than the memory limit of 700 MB; .*--memory-limit",
    ):
        run(GREEDY, limits=Limits(memory_bytes=read_memory("700MB")))


class Clock:
    """A time that passes only while somebody waits."""

    def __init__(self):
        self.now = 0.0

    def wait(self, seconds):
        self.now += seconds
        return self.now > 300.0

    def monotonic(self):
        return self.now


class Watched:
    pid, why = None, None

    def end(self, why):
        self.why = why


@pytest.mark.parametrize(
    ("allowed", "said"), [(Limits(memory_bytes=1000), "memory limit"), (Limits(report_seconds=5.0), "time-out of 5")]
)
def test_a_kernel_that_is_over_a_limit_is_ended_within_a_second(allowed, said, monkeypatch):
    clock, kernel = Clock(), Watched()
    monkeypatch.setattr(limits, "time", clock)
    monkeypatch.setattr(limits, "memory_of_tree", lambda pid: 2000 if clock.now >= 5.0 else 0)
    guard = Guard(kernel, allowed)
    monkeypatch.setattr(guard, "_over", clock)
    guard._watch()
    assert said in str(kernel.why)
    assert 5.0 <= clock.now <= 6.0


def test_memory_of_what_a_cell_has_started_counts(run):
    cell = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {GREEDY!r}])"
    with pytest.raises(NotebookError, match="memory limit of 700 MB"):
        run(cell, limits=Limits(memory_bytes=read_memory("700MB")))


def test_within_the_limits_nothing_is_ended(run):
    assert printed(run("print(sum(range(10)))", limits=Limits(60.0, 60.0, read_memory("4GB")))) == "45\n"


def test_a_kernel_that_is_killed_is_an_error_and_the_next_one_runs(run):
    with pytest.raises(NotebookError, match=r"the kernel died in code cell 2"):
        run("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    assert printed(run("print('well')")) == "well\n"


def test_what_a_cell_has_started_ends_with_its_kernel(run):
    started = (
        "import subprocess, sys\nprint(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)']).pid)"
    )
    assert is_gone(int(printed(run(started))))


def test_what_a_cell_has_started_ends_with_a_kernel_that_dies_by_itself(run, tmp_path):
    cell = (
        "import os, pathlib, signal, subprocess, sys\n"
        "own = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'])\n"
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(own.pid))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    with pytest.raises(NotebookError, match="the kernel died in code cell 2"):
        run(cell)
    assert is_gone(int((tmp_path / "pid").read_text()))


def test_a_kernel_that_ends_after_a_cell_has_closed_its_output_takes_no_other_with_it(server, run):
    with ForkedKernel(server.path) as other:
        process = other.begin(["-f", str(Path(other.folder) / "kernel.json")])
        with pytest.raises(NotebookError, match="the kernel died in code cell 2"):
            run("import sys\nsys.stdout = open('/dev/null', 'w')\nsys.stdout.close()\nexit()")
        assert printed(run("print('well')")) == "well\n"
        assert process.poll() is None


@pytest.mark.parametrize("sent", [b'{"kernel": ["-f"', b"\xff\n", b"\n"])
def test_a_client_that_is_killed_while_it_asks_takes_no_server_with_it(server, run, sent):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(server.path))
        client.sendall(sent)
        client.settimeout(SECONDS)
        assert client.recv(1) == b""
    assert printed(run("print('well')")) == "well\n"


async def answer_to(client, sent):
    """The reply to a request; a busy kernel may still owe some to those by which its client found it ready."""
    while True:
        reply = await client.get_shell_msg(timeout=SECONDS)
        if reply["parent_header"]["msg_id"] == sent:
            return reply


def test_a_cell_can_be_interrupted(server):
    async def interrupt(kernel):
        manager = kernel.manager_class()(kernel_name="python3")
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=SECONDS)
        sent = client.execute("print('begun', flush=True)\nwhile True: pass", stop_on_error=False)
        while True:
            message = await client.get_iopub_msg(timeout=SECONDS)
            if message["content"].get("text") == "begun\n":
                break
        await manager.interrupt_kernel()
        reply = await answer_to(client, sent)
        after = await answer_to(client, client.execute("1 + 1"))
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
        manager.context.destroy(linger=0)
        return reply["content"], after["content"]["status"]

    with ForkedKernel(server.path) as kernel:
        content, after = asyncio.run(interrupt(kernel))
        assert kernel.pid is not None
    assert content["ename"] == "KeyboardInterrupt"
    assert after == "ok"


def test_a_kernel_that_dies_before_it_is_ready_is_told_of(server):
    async def start(kernel):
        manager = kernel.manager_class()(kernel_name="python3")
        await manager.start_kernel()
        os.kill(kernel.pid, signal.SIGSTOP)
        client = manager.client()
        client.start_channels()
        try:
            with pytest.raises(RuntimeError, match=r"not ready within 0\.5 seconds"):
                await client.wait_for_ready(timeout=0.5)
            kernel.kill()
            with pytest.raises(RuntimeError, match="died before it was ready"):
                await client.wait_for_ready(timeout=SECONDS)
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)
            manager.context.destroy(linger=0)

    with ForkedKernel(server.path) as kernel:
        asyncio.run(start(kernel))


def test_a_kernel_that_is_shut_down_is_waited_for_and_not_looked_for(server, monkeypatch):
    slept = []
    sleep = asyncio.sleep

    async def note(seconds):
        slept.append(seconds)
        await sleep(seconds)

    async def start_and_shut_down(kernel):
        manager = kernel.manager_class()(kernel_name="python3")
        await manager.start_kernel()
        monkeypatch.setattr(asyncio, "sleep", note)
        await manager.shutdown_kernel(now=True)

    with ForkedKernel(server.path) as kernel:
        asyncio.run(start_and_shut_down(kernel))
        assert is_gone(kernel.pid)
    assert all(seconds < 0.1 for seconds in slept)  # the usual manager's time between two looks


def test_engines_of_coded_events_are_imported_where_there_are_such_events(built, tmp_path):
    look = (
        "import sys\nfrom analysis.reporting.waiting import import_libraries\n"
        "import_libraries()\nprint('analysis.briefing.drawings' in sys.modules, 'ibis' in sys.modules)"
    )
    (tmp_path / "coded").mkdir()
    for data, found in ((built, "True False"), (tmp_path, "True True")):
        environment = {**os.environ, "TIGHTROPE_DATA": str(data)}
        done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, env=environment)
        assert done.stdout.strip() == found


def test_a_server_ends_without_a_word(built, capfd):
    with KernelServer(built) as server:
        server.connect().close()
    assert server.process.returncode == 0
    assert capfd.readouterr() == ("", "")


def test_kernels_end_with_their_server_and_a_new_one_is_refused(built, tmp_path):
    with KernelServer(built) as server:
        server.connect().close()
        kernel = ForkedKernel(server.path)
        process = kernel.begin(["-f", str(Path(kernel.folder) / "kernel.json")])
        assert memory_of_tree(process.pid) > 2**20
        server.process.kill()
        assert process.wait() == -signal.SIGKILL
        assert is_gone(process.pid)
        with pytest.raises(ServerGoneError, match="no kernel can be forked"):
            ForkedKernel(server.path).begin([])
        kernel.close()
        folder = server.path.parent
        shutil.rmtree(folder, ignore_errors=True)  # as another run does that finds its server dead
        with pytest.raises(ServerGoneError, match="no kernel can be forked"):
            ForkedKernel(server.path)
    assert not folder.exists()


def test_a_server_ends_with_the_second_that_it_has_forked(built):
    with KernelServer(built) as server:
        server.connect().close()
        second = psutil.Process(server.process.pid).children()[0]
        second.kill()
        assert server.process.wait(60) == 1
        assert is_gone(second.pid)
        with pytest.raises(ServerGoneError, match=r"the kernel server has ended \(1\)"):
            server.connect()
        assert not server.path.parent.exists()


@pytest.fixture
def first_on_path(monkeypatch, tmp_path):
    """A folder of modules that a server finds before all others."""
    paths = [str(tmp_path), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    return tmp_path


def test_a_kernel_ends_whose_server_is_killed_before_it_looks_for_it(built, first_on_path):
    late = "import os, time\nos.register_at_fork(after_in_child=lambda: time.sleep(1))"
    (first_on_path / "sitecustomize.py").write_text(late)
    with KernelServer(built) as server:
        server.connect().close()
        with ForkedKernel(server.path) as kernel:
            process = kernel.begin(["-f", str(Path(kernel.folder) / "kernel.json")])
            server.process.kill()
            assert is_gone(process.pid)


HOLDER = """
import sys
from pathlib import Path
from analysis.reporting.forked import ForkedKernel, KernelServer
server = KernelServer(Path(sys.argv[1]))
server.connect().close()
kernel = ForkedKernel(server.path)
process = kernel.begin(["-f", kernel.folder + "/kernel.json"])
print(server.process.pid, process.pid, server.path.parent, flush=True)
sys.stdin.read()
"""


def end(holder):
    """Kill it, and wait for it alone: what it has started keeps its pipes open, as long as it lives."""
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()


def test_nothing_is_left_when_the_run_is_killed(built):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(built)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )
    server, kernel, folder = holder.stdout.readline().split()
    assert Path(folder).is_dir()
    assert psutil.pid_exists(int(kernel))
    end(holder)
    assert is_gone(int(server))
    assert is_gone(int(kernel))
    assert not Path(folder).exists()


@pytest.fixture
def own_temporary(monkeypatch):
    """A folder for temporary files where no other test's server looks; its path is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="t-") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield


def test_a_new_server_removes_what_a_killed_run_and_server_left(built, own_temporary):
    with KernelServer(built) as living:
        living.connect().close()
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(built)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
        )
        pid, kernel, folder = holder.stdout.readline().split()
        os.kill(int(pid), signal.SIGKILL)
        end(holder)
        assert is_gone(int(kernel))
        assert Path(folder).is_dir()
        with KernelServer(built):
            assert not Path(folder).exists()
        assert living.path.exists()


def test_a_new_server_removes_what_one_has_left_that_was_killed_while_it_imported(built, own_temporary, first_on_path):
    (first_on_path / "pandas.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    killed = KernelServer(built)
    assert killed.process.wait(SECONDS) == -signal.SIGKILL
    killed.process.stdin.close()
    assert killed.path.parent.exists()
    with KernelServer(built):
        assert not killed.path.parent.exists()


def test_a_server_that_nobody_asked_is_not_waited_for(built, own_temporary):
    with KernelServer(built) as server:
        pass
    assert server.process.returncode == -signal.SIGKILL
    assert not server.path.parent.exists()


def test_a_kernel_whose_client_goes_is_ended(server):
    kernel = ForkedKernel(server.path)
    process = kernel.begin(["-f", str(Path(kernel.folder) / "kernel.json")])
    process._connection.shutdown(2)
    assert is_gone(process.pid)
    kernel.close()


def test_a_signal_reaches_a_process_whose_group_refuses_it(monkeypatch):
    def refuse(group, number):
        raise PermissionError  # as macOS answers where a group has nobody left but who is to be waited for

    monkeypatch.setattr(os, "killpg", refuse)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        forks._send_signal(process.pid, signal.SIGKILL)
        assert process.wait(SECONDS) == -signal.SIGKILL


@pytest.mark.parametrize("size", ["many", "-1GB", "0", "1 PB", ""])
def test_a_size_of_memory_that_is_none_is_refused(size):
    with pytest.raises(Exception, match="a size such as 512MB or 2GB"):
        read_memory(size)


def test_a_kernel_has_the_environment_of_the_batch_but_for_what_decides_bits(built, monkeypatch, tmp_path):
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    notebook = write_notebook(
        tmp_path / "a.ipynb", "import os\nprint(os.environ['VIRTUAL_ENV'], os.environ['TIGHTROPE_DATA'])", BLAS
    )
    with KernelServer(built) as server:
        server.connect().close()
        with ForkedKernel(server.path) as kernel:
            words = printed(execute_notebook(notebook, {}, tmp_path / "out.ipynb", kernel)).split()
    assert words[:3] == ["/elsewhere", str(built), "1"]
    assert os.environ["OPENBLAS_NUM_THREADS"] == "2"
