"""Downloading one remote file: resumed, retried with backoff, verified, then put in place by one rename."""

from __future__ import annotations

import json
import os
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from requests import Response, Session
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from urllib3.exceptions import HTTPError, ReadTimeoutError

from analysis.fetch.answer import announced_length, check_status
from analysis.fetch.faults import FetchError, FinalError, PassingError, SpoiledError
from analysis.fetch.limits import Limits
from analysis.fetch.progress import Progress
from analysis.fetch.remote import PART_SUFFIX, STATE_SUFFIX, RemoteFile
from analysis.fetch.request import Secret, open_response, open_session
from analysis.fetch.verify import check_not_html, check_zip, checksum_of, digests_of

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


@dataclass(frozen=True)
class Received:
    """A file put in place: its size, its sha256, and the bytes that came over the network for it."""

    size: int
    sha256: str
    transferred: int


@dataclass
class Transport:
    """All that a download needs; tests replace the sleeper, the draw of the jitter and the clock.

    Attributes
    ----------
    limits : Limits
        Waits, tries and sizes.
    secret : Secret, optional
        The publisher's token.
    progress : Progress
        Told of what happens.
    sleep : callable
        Waits so many seconds.
    draw : callable
        A number between two others; the jitter.
    clock : callable
        Seconds that only grow; measures a body that is too slow.
    make_session : callable
        Opens a session; each thread has its own.
    """

    limits: Limits = field(default_factory=Limits)
    secret: Secret | None = None
    progress: Progress = field(default_factory=Progress)
    sleep: Callable[[float], None] = time.sleep
    draw: Callable[[float, float], float] = random.uniform
    clock: Callable[[], float] = time.monotonic
    make_session: Callable[[], Session] = open_session

    def __post_init__(self) -> None:
        self.stop = threading.Event()
        self._local = threading.local()
        self._sessions: list[Session] = []

    def download(self, remote: RemoteFile, folder: Path) -> Received:
        """Fetch one file into a folder, by way of ``<name>.part``.

        Parameters
        ----------
        remote : RemoteFile
            The file.
        folder : Path
            An existing folder.

        Returns
        -------
        Received
            What is now in the folder under the file's name.

        Raises
        ------
        FetchError
            If it could not be fetched; nothing stands under its name then, or what stood there before.
        """
        work = _Work(self, remote, folder)
        retrying = Retrying(
            retry=retry_if_exception_type(PassingError),
            stop=stop_after_attempt(self.limits.tries),
            wait=self._wait,
            sleep=self.sleep,
            before_sleep=lambda state: self._tell(remote, state),
            reraise=True,
        )
        try:
            return retrying(work.attempt)
        except PassingError as error:
            reason, advice = error.reason, "try again later"
        except FinalError as error:
            reason, advice = error.reason, error.advice
        except OSError as error:
            reason, advice = f"cannot write to {str(folder)!r} ({error.strerror})", "check the disk"
        if kept := work.kept():
            resumption = f"{kept} bytes are kept in {work.part.name}, the next run goes on from there"
            advice = f"{advice}; {resumption}" if advice else resumption
        raise FetchError(remote.name, reason, advice, tries=work.tries)

    def session(self) -> Session:
        """The session of this thread."""
        if not hasattr(self._local, "session"):
            self._local.session = self.make_session()
            self._sessions.append(self._local.session)
        session: Session = self._local.session
        return session

    def close(self) -> None:
        """Close the sessions of all threads."""
        while self._sessions:
            self._sessions.pop().close()
        self._local = threading.local()

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, PassingError) else None
        if asked is not None:
            return min(asked, self.limits.longest_retry_after_seconds)
        most = self.limits.first_wait_seconds * 2.0 ** (state.attempt_number - 1)
        return self.draw(0.0, min(most, self.limits.longest_wait_seconds))

    def _tell(self, remote: RemoteFile, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        wait = state.next_action.sleep if state.next_action else 0.0
        self.progress.waiting(remote.name, wait, str(error))


class _Work:
    """The tries for one file."""

    def __init__(self, transport: Transport, remote: RemoteFile, folder: Path) -> None:
        self.transport, self.limits, self.remote = transport, transport.limits, remote
        self.target = folder / remote.name
        self.part = folder / (remote.name + PART_SUFFIX)
        self.state = folder / (remote.name + STATE_SUFFIX)
        self.tries, self.spoiled, self.transferred = 0, 0, 0

    def attempt(self) -> Received:
        self.tries += 1
        self._refuse_too_large(self.remote.size)
        try:
            self._accept(self._receive())
        except SpoiledError as error:
            self._discard()
            self.spoiled += 1
            if self.spoiled >= self.limits.whole_tries:
                raise FinalError(error.reason, self.remote.advice or "try again later, or ask the publisher") from error
            raise
        received = Received(self.part.stat().st_size, digests_of(self.part, ["sha256"])["sha256"], self.transferred)
        os.replace(self.part, self.target)
        self.state.unlink(missing_ok=True)
        return received

    def kept(self) -> int:
        """Bytes that a later run can go on from; what it could not use is removed."""
        if self._validator() is None:
            self._discard()
            return 0
        return self.part.stat().st_size

    def _receive(self) -> int | None:
        """Bring the partial file to its end; returns the length that the server announced."""
        validator = self._validator()
        offset = self.part.stat().st_size if validator else 0
        if offset and self.remote.checksum and offset == self.remote.size:
            return offset  # a run that ended between the last byte and the check
        headers = {"Range": f"bytes={offset}-", "If-Range": validator} if offset and validator else {}
        response = open_response(
            self.transport.session(),
            self.remote.url,
            headers,
            secret=self.transport.secret,
            timeout=(self.limits.connect_seconds, self.limits.read_seconds),
            max_redirects=self.limits.redirects,
        )
        with response:
            check_status(response, self.remote.name, self.limits.passing, self.transport.secret)
            if response.status_code == 206:
                total = self._continued(response, offset, validator)
            else:
                total, offset = announced_length(response.headers), 0
                self._begin(response)
            self._refuse_too_large(total)
            self._write(response, offset)
        return total

    def _continued(self, response: Response, offset: int, validator: str | None) -> int | None:
        match = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
        tags = (response.headers.get("ETag"), response.headers.get("Last-Modified"))
        if not match or not offset or int(match[1]) != offset or (any(tags) and validator not in tags):
            raise SpoiledError("the server continued another file than the one begun")
        return None if match[3] == "*" else int(match[3])

    def _begin(self, response: Response) -> None:
        """Forget what is there; note by what the server knows this version of the file."""
        self._discard()
        tag = response.headers.get("ETag", "")
        validator = tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified")
        self.part.touch()
        if validator:
            self.state.write_text(json.dumps({"url": self.remote.url, "validator": validator}), encoding="utf-8")

    def _write(self, response: Response, offset: int) -> None:
        clock, progress = self.transport.clock, self.transport.progress
        since, window = clock(), 0
        with self.part.open("ab") as file:
            while True:
                try:
                    # read1 gives what has come; read would wait for a whole block of a body that drips.
                    chunk = response.raw.read1(1 << 16, decode_content=False)
                except ReadTimeoutError:
                    raise PassingError(f"no more bytes within {self.limits.read_seconds:g} s") from None
                except (HTTPError, OSError):
                    raise PassingError("the connection was cut in the middle of the file") from None
                if not chunk:
                    return
                file.write(chunk)
                offset, window = offset + len(chunk), window + len(chunk)
                self.transferred += len(chunk)
                self._refuse_too_large(offset)
                progress.moved(self.remote.name, offset, self.remote.size)
                if self.transport.stop.is_set():
                    raise FinalError("stopped before its end")
                if clock() - since > self.limits.read_seconds:
                    if window < self.limits.least_bytes:
                        raise PassingError(f"only {window} bytes came in {self.limits.read_seconds:g} s")
                    since, window = clock(), 0

    def _accept(self, announced: int | None) -> None:
        try:
            self._check(announced)
        except FinalError:
            self._discard()
            raise

    def _check(self, announced: int | None) -> None:
        size = self.part.stat().st_size
        if announced is not None and size < announced:
            raise PassingError(f"{size} of {announced} bytes came")
        check_not_html(self.part)
        checksum = self.remote.checksum
        if checksum:
            found = checksum_of(self.part, checksum)
            if found != checksum:
                raise SpoiledError(f"its checksum is {found}, published is {checksum}")
        elif self.remote.size is not None and size != self.remote.size:
            raise SpoiledError(f"it has {size} bytes, published are {self.remote.size}")
        if self.remote.name.lower().endswith(".zip"):
            check_zip(self.part, self.limits.max_unpacked_bytes, is_as_published=checksum is not None)

    def _refuse_too_large(self, size: int | None) -> None:
        if size is not None and size > self.limits.max_bytes:
            self._discard()
            raise FinalError(
                f"it has {size} bytes or more, the limit is {self.limits.max_bytes}", "raise the limit if you trust it"
            )

    def _validator(self) -> str | None:
        """By what the server knows the version that the partial file is of; None if it cannot be continued."""
        try:
            state: Any = json.loads(self.state.read_text(encoding="utf-8"))
            is_ours = state["url"] == self.remote.url and self.part.stat().st_size > 0
            return str(state["validator"]) if is_ours and not self.part.is_symlink() else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _discard(self) -> None:
        self.part.unlink(missing_ok=True)
        self.state.unlink(missing_ok=True)
