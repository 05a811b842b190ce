"""Standard streams that end no run: closed ones lead nowhere, and one that can no longer be written is told of once."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import Any, TextIO


class SteadyStream:
    """A stream that takes what it is given and drops it once it cannot be written: a full disk, a reader that has gone.

    Parameters
    ----------
    stream : text stream
        Where text goes.
    name : str
        What it is called.

    Attributes
    ----------
    fault : OSError or None
        Why it can no longer be written.
    other : SteadyStream or None
        Where that is told, unless the reader went by its own will.
    """

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream, self._name = stream, name
        self.fault: OSError | None = None
        self.other: SteadyStream | None = None

    def write(self, text: str) -> int:
        """Write text, or drop it."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._lose(error)
            return len(text)

    def flush(self) -> None:
        """Hand on what was written, or drop it."""
        try:
            self._stream.flush()
        except OSError as error:
            self._lose(error)

    def _lose(self, error: OSError) -> None:
        self.fault = error
        with suppress(OSError):  # what it still holds, and what children write, leads nowhere from now on
            _lead_nowhere(self._stream.fileno())
        if self.other is not None and self.other.fault is None and error.errno != errno.EPIPE:
            self.other.write(f"warning: {self._name} cannot be written: {error.strerror}; the rest of it is left out\n")
            self.other.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def hold_streams() -> None:
    """Make the standard streams of this process such that no work ends because something cannot be told.

    To be called before anything is opened, which would else take the number of a stream that is closed.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            _lead_nowhere(number)
    held = {}
    for attribute, name in (("stdout", "standard output"), ("stderr", "standard error")):
        stream = getattr(sys, attribute)
        if stream is not None and not isinstance(stream, SteadyStream):
            held[attribute] = SteadyStream(stream, name)
            setattr(sys, attribute, held[attribute])
    if len(held) == 2:
        held["stdout"].other, held["stderr"].other = held["stderr"], held["stdout"]


def is_output_lost() -> bool:
    """Whether something of the standard output could not be written, though there was a reader."""
    fault = getattr(sys.stdout, "fault", None)
    return fault is not None and fault.errno != errno.EPIPE


def _lead_nowhere(number: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere != number:
        os.dup2(nowhere, number)
        os.close(nowhere)
    else:
        os.set_inheritable(number, True)
