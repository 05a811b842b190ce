"""Whether bytes on disk are the published file: checksums, whole archives, no web page in place of data."""

from __future__ import annotations

import hashlib
import lzma
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath, PureWindowsPath

from analysis.fetch.faults import FinalError, SpoiledError

CHUNK = 1 << 20
# What zipfile raises for broken archives; OSError for offsets before the beginning and for broken bzip2 members.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    NotImplementedError,
    OSError,
)

WEB_PAGE = "the server sent a web page instead of the file"
WEB_PAGE_ADVICE = "open the address in a browser: a login page or a notice may stand in the way"


def digests_of(path: Path, algorithms: Iterable[str]) -> dict[str, str]:
    """Digests of a file in one pass over its bytes, by algorithm.

    Parameters
    ----------
    path : Path
        The file.
    algorithms : iterable of str
        Names that hashlib knows.

    Returns
    -------
    dict
        Each digest in hexadecimal.
    """
    # A published MD5 finds damage on the way; it is not what anyone's safety rests on.
    hashes = {name: hashlib.new(name, usedforsecurity=False) for name in sorted(set(algorithms))}
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            for digest in hashes.values():
                digest.update(chunk)
    return {name: digest.hexdigest() for name, digest in hashes.items()}


def checksum_of(path: Path, published: str) -> str:
    """The checksum of a file, of the same kind as a published one.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> _ = (Path(folder.name) / "a").write_bytes(b"abc")
    >>> checksum_of(Path(folder.name) / "a", "md5:0")
    'md5:900150983cd24fb0d6963f7d28e17f72'
    >>> folder.cleanup()
    """
    kind = published.partition(":")[0]
    return f"{kind}:{digests_of(path, [kind])[kind]}"


def check_not_html(path: Path) -> None:
    """Refuse a web page that came with status 200 in place of a file.

    Raises
    ------
    FinalError
        If the bytes begin like an HTML page.
    """
    with path.open("rb") as file:
        head = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        raise FinalError(WEB_PAGE, WEB_PAGE_ADVICE)


def check_zip(path: Path, max_unpacked: int, *, is_as_published: bool) -> None:
    """Read an archive to its end without unpacking it to disk.

    Parameters
    ----------
    path : Path
        The archive.
    max_unpacked : int
        Most bytes that its members may have in all.
    is_as_published : bool
        Whether its checksum is the published one, so that fetching it again is of no use.

    Raises
    ------
    SpoiledError
        If the archive is broken and may arrive whole at another try.
    FinalError
        If it is broken as published, expands beyond the limit, is encrypted, or names a path outside its folder.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            outside = [member.filename for member in members if not _stays_inside(member.filename)]
            if outside:
                raise FinalError(f"the archive names a path outside its folder: {outside[0][:80]!r}")
            if unpacked > max_unpacked:
                raise FinalError(
                    f"the archive expands to {unpacked} bytes, more than the limit of {max_unpacked}",
                    "raise the limit if you trust the file",
                )
            if any(member.flag_bits & 1 for member in members):
                raise FinalError("the archive is encrypted")
            # zipfile yields at most the declared size of a member, so the limit above holds here too.
            for member in members:
                with archive.open(member) as file:
                    while file.read(CHUNK):
                        pass
    except _BROKEN as error:
        if is_as_published:
            raise FinalError(
                f"the archive is broken although its checksum is the published one ({error})",
                "the publisher's own file is broken; leave it out or ask the publisher",
            ) from error
        raise SpoiledError(f"the archive is broken ({error})") from error


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return bool(name) and ".." not in path.parts and not path.is_absolute() and not PureWindowsPath(name).drive
