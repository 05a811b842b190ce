"""A batch of which a process is killed at a seeded point, and what is wrong afterwards; for tests and benchmarks."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psutil

from analysis.locks import LOCK, LockedError, hold_lock
from analysis.paths import PROJECT, RAW
from analysis.reporting.batch import make_batch
from analysis.reporting.crew import Crew
from tests.small_briefings import read_reports, write_briefings

N_REPORTS = 4
N_SEEDS = 50
SECONDS = 300.0
_FIRST_LINE, _LAST_LINE = 5, 26  # from the shared build to the last report
_WORKERS_SOCKET = "/workers.new"  # the name that the server has bound it under, before it is moved into place


@dataclass(frozen=True)
class SuddenEnd:
    """What was killed and when, and each thing that should not have been found afterwards.

    Attributes
    ----------
    victim
        ``"batch"``, ``"server"``, ``"second"``, ``"worker"`` or ``"kernel"``.
    step
        What the batch said last before, such as ``"publishing"``.
    half
        Published files that are not what their manifest says.
    alive
        Processes that outlived the batch.
    left
        Temporary files and a locked folder after the sudden end; unpublished folders after the next run.
    not_made
        Reports that the next run did not make, as where a lock had stayed.
    different
        Files of the next run that are not those of a batch that was let be.
    """

    victim: str
    step: str
    half: tuple[str, ...]
    alive: tuple[str, ...]
    left: tuple[str, ...]
    not_made: tuple[str, ...]
    different: tuple[str, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """All that should not have been found."""
        return self.half + self.alive + self.left + self.not_made + self.different


def begin_batch(notebooks: Path, reports: Path, data: Path, *arguments: str, place: Path | None = None,
                **environment: str) -> subprocess.Popen[str]:  # fmt: skip
    """The command, in a process of its own whose every line can be read; `place` is its folder of temporary files."""
    command = [sys.executable, "-m", "analysis", "batch", "--raw", RAW, "--data", data, "--reports", reports]
    return subprocess.Popen(
        [*map(str, command), "--notebooks", str(notebooks), "--jobs", "2", *arguments],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "200", "TERM": "dumb", **environment} | ({"TMPDIR": str(place)} if place else {}),
    )


def family(process: psutil.Process) -> list[psutil.Process]:
    """A process and all that it has started."""
    return [process, *process.children(recursive=True)]


def find_half(reports: Path) -> list[str]:
    """Published reports without a manifest, and files that are not what their manifest says."""
    found = [str(latest) for latest in reports.glob("*/latest") if not (latest / "manifest.json").is_file()]
    for manifest in reports.glob("*/latest/manifest.json"):
        for name, digest in json.loads(manifest.read_text(encoding="utf-8"))["outputs"].items():
            path = manifest.parent / name
            if not path.is_file() or sha256(path.read_bytes()).hexdigest() != digest:
                found.append(str(path))
    return found


def kill_and_look(
    seed: int, folder: Path, place: Path, crew: Crew, data: Path, expected: dict[str, bytes]
) -> SuddenEnd:
    """Begin a batch, kill one of its processes where the seed says, look, run the next batch and look again.

    Parameters
    ----------
    seed
        Decides the victim and the moment.
    folder, place
        Empty folders: for notebooks and reports, and for temporary files; the latter's name is short enough for a
        socket's.
    crew
        Makes the next batch.
    data
        Folder of built tables.
    expected
        The files of a batch of `N_REPORTS` that was let be, from `read_reports`.
    """
    rng = random.Random(seed)
    notebooks, reports = folder / "notebooks", folder / "reports"
    briefings = write_briefings(notebooks, N_REPORTS)
    process = begin_batch(notebooks, reports, data, "--force", place=place)
    assert process.stderr is not None
    said = [process.stderr.readline() for _ in range(rng.randint(_FIRST_LINE, _LAST_LINE))]
    victim, processes = _kill_one(process, rng)
    try:
        process.communicate(timeout=SECONDS)
    finally:
        _, alive = psutil.wait_procs(processes, SECONDS)
    half = find_half(reports)
    left = [path.name for path in place.iterdir()]
    if _is_locked(reports / LOCK):
        left.append(str(reports / LOCK))
    outcomes = make_batch(briefings, crew, reports=reports, data=data, jobs=2, options={"wait_seconds": 0.0})
    made = read_reports(reports)
    # The folder that is published, and the one that it has replaced.
    left += [str(home) for home in reports.glob("good-*") if len(list((home / ".runs").iterdir())) > 2]
    return SuddenEnd(
        victim,
        _step(said),
        half=tuple(half + find_half(reports)),
        alive=tuple(f"process {each.pid}" for each in alive),
        left=tuple(left),
        not_made=tuple(f"{each.name}: {each.state} {each.message}" for each in outcomes if each.state != "made"),
        different=tuple(name for name in sorted(made.keys() | expected) if made.get(name) != expected.get(name)),
    )


def _kill_one(process: subprocess.Popen[str], rng: random.Random) -> tuple[str, list[psutil.Process]]:
    """Kill a process, its role drawn from those that there are; the role, and the family as it was."""
    processes = family(psutil.Process(process.pid))
    roles: dict[str, list[psutil.Process]] = {"batch": processes[:1]}
    for each in processes[1:]:
        roles.setdefault(find_role(each, process.pid), []).append(each)
    role = rng.choice(sorted(roles))
    with suppress(psutil.NoSuchProcess):  # it has just ended by itself
        rng.choice(roles[role]).kill()
    return role, processes


def find_role(process: psutil.Process, batch: int) -> str:
    """What a process that a batch has started is to it: ``"server"`` (of kernels), ``"second"`` (server, of workers),
    ``"worker"`` or ``"kernel"``.
    """
    try:
        if process.ppid() == batch:
            return "server"
        held = process.net_connections(kind="unix")  # a worker keeps what it was asked for through; a kernel does not
        is_first = psutil.Process(process.ppid()).ppid() == batch
    except psutil.Error:
        return "kernel"  # it has just ended
    if not any(str(each.laddr).endswith(_WORKERS_SOCKET) for each in held):
        return "kernel"
    return "second" if is_first else "worker"


def _is_locked(path: Path) -> bool:
    if not path.exists():
        return False  # the batch had not begun
    try:
        with hold_lock(path, "the folder is looked at"):
            return False
    except LockedError:
        return True


def _step(said: list[str]) -> str:
    """The step that the last line speaks of, without the name of its report."""
    words = said[-1].rpartition(": ")[2].split()
    return words[0] if words else "ending"
