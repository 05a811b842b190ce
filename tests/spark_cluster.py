"""A real Spark standalone cluster on loopback: one master and workers as processes of their own, for tests.

Every port is a free one chosen by Spark, everything listens on 127.0.0.1 only, all files lie in a temporary folder,
and the end of the context, also after a failure, ends exactly the processes that it started and their children.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

HOST = "127.0.0.1"
DEADLINE_S = 90
PANDAS_WARNING = "PySpark does not yet fully support pandas >= 3"


def has_spark() -> str | None:
    """Why no Spark cluster can be started here, or None if one can."""
    if importlib.util.find_spec("pyspark") is None:
        return "PySpark is not installed: pip install 'tightrope[spark]'"
    if not Path("/proc/self/stat").exists():
        return "the processes of a cluster are told apart through /proc, which this system does not have"
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else shutil.which("java")
    if java is None or not Path(java).exists():
        return "Java is not installed, or JAVA_HOME points nowhere"
    return None


def wait_until(asked: Callable[[], Any], what: str, *, seconds: float = DEADLINE_S) -> Any:
    """The first true answer to a question asked again and again.

    Raises
    ------
    TimeoutError
        If there is none in time; it names what was waited for.
    """
    end = time.monotonic() + seconds
    while not (answer := asked()):
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.05)
    return answer


def session_of(pid: int) -> int | None:
    """The session that a process belongs to, or None if it is gone or a zombie."""
    try:
        state, _, _, session = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:4]
    except OSError:
        return None
    return None if state == "Z" else int(session)


class Process:
    """A Spark daemon in a session of its own, by which its children are known."""

    def __init__(self, name: str, arguments: list[str], folder: Path, environment: dict[str, str]) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._output: IO[bytes] = self.log.open("wb")
        home = Path(environment["SPARK_HOME"])
        self.process = subprocess.Popen(
            [home / "bin" / "spark-class", *arguments],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def is_running(self) -> bool:
        """Whether the daemon itself still runs."""
        return self.process.poll() is None

    def pids(self) -> list[int]:
        """The daemon and every process that it started, by their session."""
        found = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
        return [pid for pid in found if session_of(pid) == self.process.pid]

    def find(self, pattern: str) -> str:
        """The first group of a pattern in the log, once it is there.

        Raises
        ------
        RuntimeError
            If the daemon ends before; it shows the last lines of its log.
        """

        def look() -> str | None:
            is_running = self.is_running()
            text = self.log.read_text(errors="replace")
            if match := re.search(pattern, text):
                return match.group(1)
            if not is_running:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}:\n{text[-3000:]}")
            return None

        return wait_until(look, f"{self.name} to log {pattern!r}")

    def kill(self) -> None:
        """End it and its children at once, as when a machine is lost."""
        while pids := self.pids():  # a dying parent may have started one more
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            self.process.poll()
        self.process.wait()
        self._output.close()


class SparkCluster:
    """A running cluster; made by `spark_cluster`.

    Attributes
    ----------
    url
        What a session connects to, `spark://127.0.0.1:port`.
    folder
        The temporary folder with logs and work folders.
    """

    def __init__(self, folder: Path, *, workers: int, cores: int, memory: str) -> None:
        import pyspark

        self.folder = folder
        self._sessions: list[Any] = []
        self._cores, self._memory = cores, memory
        conf = folder / "conf"  # empty: no settings of this machine reach the cluster
        conf.mkdir()
        self._environment = {
            **{
                name: os.environ[name]
                for name in ("PATH", "JAVA_HOME", "HOME", "LANG", "PYTHONPATH")
                if name in os.environ
            },
            "SPARK_HOME": str(Path(pyspark.__file__).parent),
            "SPARK_CONF_DIR": str(conf),
            "SPARK_LOCAL_IP": HOST,  # web pages listen here too
            "SPARK_PUBLIC_DNS": HOST,
            "SPARK_LOCAL_DIRS": str(folder / "local"),
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false",  # a second entrance, on a fixed port
            "PYSPARK_PYTHON": sys.executable,
        }
        self.master: Process | None = None
        self.workers: list[Process] = []
        try:
            self._start(workers)
        except BaseException:
            self.stop()
            raise

    def _start(self, workers: int) -> None:
        entrance = ["--host", HOST, "--port", "0", "--webui-port", "0"]
        self.master = Process(
            "master", ["org.apache.spark.deploy.master.Master", *entrance], self.folder, self._environment
        )
        self.url = self.master.find(r"Starting Spark master at (spark://\S+)")
        page = self.master.find(r"service 'MasterUI' on port (\d+)")
        self._page = f"http://{HOST}:{page}/json/"
        for number in range(workers):
            name = f"worker{number}"
            resources = ["--cores", str(self._cores), "--memory", self._memory, "--work-dir", str(self.folder / name)]
            command = ["org.apache.spark.deploy.worker.Worker", *entrance, *resources, self.url]
            self.workers.append(Process(name, command, self.folder, self._environment))
        for worker in self.workers:
            worker.find("(Successfully registered with master)")
        self.wait_for_workers(workers)

    def alive_workers(self) -> int:
        """How many workers the master counts as alive."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback needs no proxy
        with opener.open(self._page, timeout=10) as answer:
            return sum(worker["state"] == "ALIVE" for worker in json.load(answer)["workers"])

    def wait_for_workers(self, number: int) -> None:
        """Return once the master counts exactly so many workers."""
        wait_until(lambda: self.alive_workers() == number, f"{number} registered workers")

    def kill_worker(self, number: int) -> None:
        """End one worker and its executors with SIGKILL, and return once the master knows."""
        alive = sum(worker.is_running() for worker in self.workers)
        self.workers[number].kill()
        self.wait_for_workers(alive - 1)

    def settings(self) -> dict[str, str]:
        """What a session must set to work with this cluster alone, within small memory."""
        return {
            "spark.master": self.url,
            "spark.driver.host": HOST,
            "spark.driver.bindAddress": HOST,
            "spark.driver.memory": "512m",
            "spark.executor.memory": self._memory,
            "spark.executor.cores": str(self._cores),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.pyspark.python": sys.executable,
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.warehouse.dir": str(self.folder / "warehouse"),
            "spark.local.dir": str(self.folder / "driver"),
        }

    def connect(self, name: str = "test", **settings: str) -> Any:
        """A Spark session on this cluster; it ends with the cluster at the latest."""
        from pyspark.sql import SparkSession

        (self.folder / "driver").mkdir(exist_ok=True)
        with environment_variable("PYSPARK_PYTHON", sys.executable), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=PANDAS_WARNING, category=FutureWarning)
            builder = SparkSession.builder.appName(name)
            for key, value in {**self.settings(), **settings}.items():
                builder = builder.config(key, value)
            session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        self._sessions.append(session)
        return session

    def stop(self) -> None:
        """End every session and process of this cluster."""
        processes = [*self.workers, *([self.master] if self.master else [])]
        try:
            for session in self._sessions:
                session.stop()
            if self._sessions:
                end_driver()
        finally:
            self._sessions.clear()
            for process in processes:
                process.kill()


@contextmanager
def environment_variable(name: str, value: str) -> Iterator[None]:
    """Set a variable, and put back what was there."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def end_driver() -> None:
    """End the driver, a Java process that PySpark would keep until this process ends."""
    from pyspark import SparkContext

    gateway, SparkContext._gateway, SparkContext._jvm = SparkContext._gateway, None, None
    if gateway is None:
        return
    gateway.shutdown()
    gateway.proc.stdin.close()  # what the driver waits for
    gateway.proc.wait()


def active_tasks(session: Any) -> int:
    """How many tasks of this session's jobs run at this moment."""
    tracker = session.sparkContext.statusTracker()
    stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
    return sum(stage.numActiveTasks for stage in stages if stage is not None)


@contextmanager
def spark_cluster(*, workers: int = 2, cores: int = 1, memory: str = "512m") -> Iterator[SparkCluster]:
    """A cluster of one master and some workers that lasts as long as the context.

    Parameters
    ----------
    workers
        How many workers.
    cores, memory
        What each worker, and the one executor on it, may use.

    Raises
    ------
    RuntimeError
        If a daemon ends early; the message holds the end of its log.
    TimeoutError
        If the workers are not registered in time.
    """
    with tempfile.TemporaryDirectory(prefix="spark-cluster-", ignore_cleanup_errors=True) as folder:
        cluster = SparkCluster(Path(folder), workers=workers, cores=cores, memory=memory)
        try:
            yield cluster
        finally:
            cluster.stop()
