"""Packed files: unpacked within a limit of size, whatever they say of themselves, or refused with a reason."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from analysis.errors import TightropeError

MAX_EXPANDED_BYTES = 16 * 2**30
"""Most bytes that a packed file may expand to on disk, or in blocks that are let go."""
MAX_HELD_BYTES = 2 * 2**30
"""Most bytes that a packed file may expand to in memory."""
_OPENERS: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}
# A member without a name is an IndexError of zipfile, a field that is cut short one of struct.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, IndexError, NotImplementedError,
)  # fmt: skip


class UnreadableFileError(TightropeError):
    """A file that cannot be opened as a whole; its message is the reason, without the file's name."""


class Bounded(io.RawIOBase):
    """What comes out of an unpacker, as long as it is no more than the limit.

    Parameters
    ----------
    unpacker : file
        An open member or packed file; closed with this one.
    limit : int
        Most bytes that may come out of it.

    Examples
    --------
    >>> Bounded(io.BytesIO(b"four"), 4).read()
    b'four'
    >>> Bounded(io.BytesIO(b"four"), 3).read()
    Traceback (most recent call last):
    analysis.sources.packed.UnreadableFileError: the archive expands beyond the limit of 3 bytes
    """

    def __init__(self, unpacker: Any, limit: int) -> None:
        super().__init__()
        self._unpacker, self._limit, self._left = unpacker, limit, limit

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; one byte above the limit is an error, and no more than that is unpacked."""
        with faults_told():
            block = self._unpacker.read(min(len(buffer), self._left + 1))
        self._left -= len(block)
        if self._left < 0:
            raise UnreadableFileError(f"the archive expands beyond the limit of {self._limit:,} bytes")
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        """Close the unpacker too."""
        self._unpacker.close()
        super().close()


@contextmanager
def faults_told() -> Iterator[None]:
    """What unpackers raise for a broken archive, as an :class:`UnreadableFileError`."""
    try:
        yield
    except _BROKEN as error:
        raise UnreadableFileError(f"a broken archive ({error}); fetch it again") from error
    except OSError as error:
        # Without a number it comes from an unpacker; a wrong offset in a zip seeks to a place before its start.
        if error.errno not in (None, errno.EINVAL):
            raise
        raise UnreadableFileError(f"a broken archive ({error}); fetch it again") from error


def open_packed(path: Path, limit: int | None = None) -> IO[bytes]:
    """A file opened to be read, unpacked where it begins like gzip, bzip2 or xz.

    Parameters
    ----------
    path : Path
        The file; its name does not matter.
    limit : int, optional
        Most bytes that it may expand to; :data:`MAX_EXPANDED_BYTES` when None. A plain file has no limit.

    Raises
    ------
    UnreadableFileError
        While it is read: the archive is broken or expands beyond the limit.
    OSError
        There is no such file.
    """
    with path.open("rb") as file:
        head = file.read(max(map(len, _OPENERS)))
    for mark, opener in _OPENERS.items():
        if head.startswith(mark):
            return Bounded(opener(path), MAX_EXPANDED_BYTES if limit is None else limit)  # type: ignore[return-value]
    return path.open("rb")
