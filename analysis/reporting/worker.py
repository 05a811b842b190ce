"""A process that makes reports for a batch, one after the other.

It is forked from :mod:`analysis.reporting.warm`, or run as a module where there is no fork. It greets with
``{"worker": pid}`` and reads lines of JSON: ``{"make": request}`` as :func:`describe_request` writes it, or
``{"stop": true}``, or the end. It writes ``{"step": text}``, and for each request one ``{"folder": path}``,
``{"error": text}`` or ``{"stopped": true}``.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from analysis.errors import TightropeError
from analysis.reporting.forked import ForkedKernel
from analysis.reporting.kernel import ReportKernel, WaitingKernel
from analysis.reporting.limits import Limits
from analysis.reporting.parameters import Briefing
from analysis.streams import hold_streams

_STOP_SECONDS = 10.0
"""How long a report that is left may take to put its folder away."""


class Stopped(KeyboardInterrupt):
    """The batch is being stopped; the report that was being made is left, and nothing is said to have failed."""


def describe_request(
    briefing: Briefing, reports: Path, data: Path, limits: Limits, options: Mapping[str, Any]
) -> dict[str, Any]:
    """A report to make, as JSON can hold it.

    Parameters
    ----------
    briefing : Briefing
        Notebook and parameters.
    reports, data : Path
        Where to publish, and the folder of built tables.
    limits : Limits
        What the report may take.
    options : mapping
        Further arguments of :func:`analysis.reporting.brief.make_briefing`.
    """
    return {
        "briefing": {**asdict(briefing), "notebook": str(briefing.notebook.resolve())},
        "reports": str(reports.resolve()),
        "data": str(data.resolve()),
        "limits": asdict(limits),
        "options": dict(options),
    }


def serve(reader: IO[str], writer: IO[str], server: Path | None) -> None:
    """Make the reports that are asked for, until the reader ends or says stop.

    Parameters
    ----------
    reader, writer : text streams
        Requests and answers.
    server : Path, optional
        Socket of the server that forks kernels; without it each report has a new process as its kernel.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # who started the batch decides when it stops
    requests: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    desk = _Desk(writer, server)
    desk.say({"worker": os.getpid()})
    thread = threading.Thread(target=desk.work, args=(requests,), daemon=True)
    thread.start()
    for line in reader:
        request = json.loads(line)
        if "make" not in request:
            break
        requests.put(request["make"])
    desk.stop()
    requests.put(None)
    thread.join(_STOP_SECONDS)


class _Desk:
    """Where one report after the other is made, until it is told to stop."""

    def __init__(self, writer: IO[str], server: Path | None) -> None:
        self._writer, self._server = writer, server
        self._kernel: ReportKernel | None = None
        self._is_stopped = False

    def stop(self) -> None:
        self._is_stopped = True
        if self._kernel is not None:
            self._kernel.end(Stopped())

    def work(self, requests: queue.SimpleQueue[dict[str, Any] | None]) -> None:
        while (request := requests.get()) is not None:
            self.say(self._make(request))

    def _make(self, request: Mapping[str, Any]) -> dict[str, Any]:
        from analysis.reporting.brief import make_briefing

        briefing = Briefing(**{**request["briefing"], "notebook": Path(request["briefing"]["notebook"])})
        reports, data = Path(request["reports"]), Path(request["data"])
        try:
            with ForkedKernel(self._server) if self._server else WaitingKernel(data) as kernel:
                self._kernel = kernel
                folder = make_briefing(
                    briefing,
                    reports=reports,
                    data=data,
                    kernel=kernel,
                    limits=Limits(**request["limits"]),
                    say=self._step,
                    **request["options"],
                )
        except Stopped:
            return {"stopped": True}
        except TightropeError as error:
            return {"error": str(error)}
        except BaseException as error:  # whatever it is, who asked waits for an answer
            traceback.print_exc()
            return {"error": "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])])}
        finally:
            self._kernel = None
        return {"folder": str(folder)}

    def _step(self, text: str) -> None:
        if self._is_stopped:
            raise Stopped
        self.say({"step": text})

    def say(self, answer: Mapping[str, Any]) -> None:
        """One line for who asked."""
        with suppress(BrokenPipeError):  # who asked has gone; the reader ends too
            self._writer.write(json.dumps(answer) + "\n")
            self._writer.flush()


def main() -> None:
    """Serve on standard input and output, where there is no fork."""
    hold_streams()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)  # what anything prints is no answer
    serve(sys.stdin, answers, None)


if __name__ == "__main__":
    main()
