"""Many reports, several at a time: each stands or falls alone."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import TightropeError
from analysis.reporting.crew import Crew, Worker, WorkerLostError
from analysis.reporting.days import LATEST
from analysis.reporting.limits import USUAL_LIMITS, Limits
from analysis.reporting.parameters import Briefing
from analysis.reporting.worker import describe_request

_STOP_SECONDS = 20.0


@dataclass(frozen=True)
class Outcome:
    """What became of one report.

    Attributes
    ----------
    name
        The briefing's name.
    state
        ``"made"``, ``"unchanged"``, ``"failed"``, ``"skipped"``: there is no data of its kind, or ``"left"``: not
        begun, or stopped.
    seconds
        Wall time that it took.
    folder
        Where it was published.
    message
        Why it failed or was skipped.
    """

    name: str
    state: str
    seconds: float = 0.0
    folder: Path | None = None
    message: str = ""


class Progress:
    """What a batch tells of itself; this one keeps quiet. Calls come from several threads."""

    def step(self, name: str, text: str) -> None:
        """A report begins a step."""

    def done(self, outcome: Outcome) -> None:
        """A report has ended."""


def make_batch(
    briefings: Sequence[Briefing],
    crew: Crew,
    *,
    reports: Path,
    data: Path,
    jobs: int,
    limits: Limits = USUAL_LIMITS,
    is_failing_fast: bool = False,
    options: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Make some reports; one that fails does not keep the others from being made.

    Parameters
    ----------
    briefings : sequence of Briefing
        What to make; the longest first, as far as can be told.
    crew : Crew
        Where the workers come from.
    reports, data : Path
        Where to publish, and the folder of built tables; where the workers run elsewhere, these are what they see.
    jobs : int
        How many reports at a time.
    limits : Limits
        What each report may take.
    is_failing_fast : bool
        Whether to leave the rest once one has failed.
    options : mapping, optional
        Further arguments of :func:`analysis.reporting.brief.make_briefing`.
    progress : Progress, optional
        Told of each step.

    Returns
    -------
    list of Outcome
        One for each briefing, in the same order. After a `KeyboardInterrupt` what is being made is left, and the
        outcomes are returned all the same.
    """
    run = _Run(crew, limits, progress or Progress(), is_failing_fast)
    requests = {each.name: describe_request(each, reports, data, limits, options or {}) for each in briefings}
    run.waiting.extend(sorted(requests.items(), key=lambda request: _size_of_last(reports / request[0]), reverse=True))
    threads = [threading.Thread(target=run.work, daemon=True) for _ in range(min(jobs, len(briefings)))]
    for thread in threads:
        thread.start()
    try:
        for _ in threads:
            run.ended.acquire()  # a join that is interrupted takes its thread for ended
    except KeyboardInterrupt:
        run.stop()
        given_up = time.monotonic() + _STOP_SECONDS
        while any(thread.is_alive() for thread in threads) and time.monotonic() < given_up:
            run.ended.acquire(timeout=0.1)
    return [run.outcomes.get(name, Outcome(name, "left")) for name in requests]


def _size_of_last(home: Path) -> float:
    """Bytes of the page that was made last: the larger, the longer it takes; what was never made may take longer still.

    One long report at the end, while the other workers have nothing left to do, is what a batch waits for most.
    """
    try:
        return (home / LATEST / "briefing.html").stat().st_size
    except OSError:
        return math.inf


class _Run:
    """The reports that wait, the workers that are busy, and what has come of it."""

    def __init__(self, crew: Crew, limits: Limits, progress: Progress, is_failing_fast: bool) -> None:
        self._crew, self._limits, self._progress, self._is_failing_fast = crew, limits, progress, is_failing_fast
        self.waiting: deque[tuple[str, dict[str, Any]]] = deque()
        self.outcomes: dict[str, Outcome] = {}
        self._workers: set[Worker] = set()
        self._lock = threading.Lock()
        self._is_stopped = False
        self.ended = threading.Semaphore(0)

    def work(self) -> None:
        """Take one report after the other until none is left."""
        try:
            self._take_all()
        finally:
            self.ended.release()

    def _take_all(self) -> None:
        worker: Worker | None = None
        n_made = 0
        while not self._is_stopped:
            try:
                name, request = self.waiting.popleft()
            except IndexError:
                break
            begun = time.monotonic()
            try:
                if worker is None:
                    worker, n_made = self._hire(), 0
                answer = worker.make(request, lambda step, name=name: self._progress.step(name, step))  # type: ignore[misc]
            except WorkerLostError as error:
                answer = {"stopped": True} if self._is_stopped else {"error": str(error)}
            except Exception as error:  # whatever it is, the others are made
                known = isinstance(error, TightropeError)
                answer = {"error": str(error) if known else f"{type(error).__name__}: {error}"}
            n_made += 1
            if worker is not None and ("folder" not in answer or n_made == worker.most_reports):
                # It is lost, may hold a thread that never ends, such as that of a hung export, or has grown.
                self._dismiss(worker)
                worker = None
            self._note(name, answer, time.monotonic() - begun)
        if worker is not None:
            self._dismiss(worker)

    def stop(self) -> None:
        """Leave what is being made, and begin nothing more."""
        with self._lock:
            self._is_stopped = True
            for worker in self._workers:
                worker.stop()

    def _hire(self) -> Worker:
        worker = self._crew.hire()
        with self._lock:
            self._workers.add(worker)
            if self._is_stopped:
                worker.stop()
        return worker

    def _dismiss(self, worker: Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        with suppress(OSError):
            worker.close()

    def _note(self, name: str, answer: Mapping[str, Any], seconds: float) -> None:
        if "folder" in answer:
            outcome = Outcome(name, "made", seconds, Path(answer["folder"]))
        elif "error" in answer:
            outcome = Outcome(name, "failed", seconds, message=answer["error"])
        else:
            outcome = Outcome(name, "left", seconds)
        self.outcomes[name] = outcome
        self._progress.done(outcome)
        if outcome.state == "failed" and self._is_failing_fast:
            self.stop()
