"""One run at a time: a lock that is gone with the process that holds it, and says who that is."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.errors import TightropeError
from analysis.own import refuse_link

LOCK = ".lock"


class LockedError(TightropeError):
    """Another process holds the lock: says what it holds, which process on which machine, and what to do."""


@contextmanager
def hold_lock(
    path: Path, what: str, *, wait_seconds: float = 0.0, say: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Hold a lock within this context.

    The lock is the operating system's (`flock`): it ends with its process however that ends, so that none is ever
    stale and none has to be broken. The file stays; that it exists says nothing.

    Parameters
    ----------
    path : Path
        The lock's file; its folder exists.
    what : str
        What is locked, for the message, such as ``"report 'togo' is being made"``.
    wait_seconds : float
        How long to wait for another holder, in seconds.
    say : callable
        Told once that it waits, and for whom.

    Raises
    ------
    LockedError
        If another process holds it for longer than that.
    TightropeError
        If the lock's file is a link.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name, LOCK)
    >>> with hold_lock(path, "it is made"), hold_lock(path, "it is made"):
    ...     pass  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    analysis.locks.LockedError: it is made by process ... on ...; wait for it or end it
    >>> folder.cleanup()
    """
    from filelock import FileLock, Timeout

    refuse_link(path)
    lock = FileLock(path)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if not wait_seconds:
                raise
            say(f"waiting for {_holder(path)}")
            lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise LockedError(f"{what} by {_holder(path)}; wait for it or end it") from None
    try:
        path.write_text(json.dumps({"process": os.getpid(), "machine": socket.gethostname()}), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            path.write_text("", encoding="utf-8")  # a published folder does not tell the machine's name
        lock.release()


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        return f"process {int(holder['process'])} on {holder['machine']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"  # it has taken the lock and not yet said who it is
