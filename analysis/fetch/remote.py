"""What a publisher offers: remote files with size and checksum, the plan of a run, and the names that are accepted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from analysis.errors import TightropeError

LEDGER_NAME = "FETCHED.json"
PART_SUFFIX = ".part"
STATE_SUFFIX = ".part.json"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._()&+,@=~-]{0,199}")
# Windows opens a device instead of a file for these, whatever the suffix.
_DEVICES = {"CON", "PRN", "AUX", "NUL"} | {f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10)}


@dataclass(frozen=True)
class RemoteFile:
    """One file that a publisher lists.

    Attributes
    ----------
    name : str
        Name it is given in the folder; an accepted one, without path parts.
    url : str
        Where it is; never holds a secret.
    size : int, optional
        Published size in bytes.
    checksum : str, optional
        Published checksum, for example ``"md5:9e10..."``.
    advice : str
        What to do if its bytes do not match the checksum.
    """

    name: str
    url: str
    size: int | None = None
    checksum: str | None = None
    advice: str = ""


@dataclass(frozen=True)
class Refusal:
    """A listed file that cannot be fetched, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """What one run would fetch, decided without touching anything.

    Attributes
    ----------
    files : tuple of RemoteFile
        In the order in which they are fetched.
    citation, licence : str
        How the publisher asks to be cited, and its terms.
    refused : tuple of Refusal
        Listed files within the request that cannot be fetched.
    notes : tuple of str
        What a reader of the summary should know: gaps, malformed lines.
    """

    files: tuple[RemoteFile, ...]
    citation: str
    licence: str
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of the files whose size is published."""
        return sum(remote.size or 0 for remote in self.files)


def accept_name(name: str) -> str:
    """A file name from a server, if it can be nothing but a file of the folder.

    Raises
    ------
    TightropeError
        If it has path parts, characters outside the accepted ones, or belongs to the ledger or a partial download.

    Examples
    --------
    >>> accept_name("20180326044500.export.CSV.zip")
    '20180326044500.export.CSV.zip'
    >>> accept_name("../secret")
    Traceback (most recent call last):
        ...
    analysis.errors.TightropeError: file name '../secret' is not accepted; accepted are up to 200 letters, digits and \
._()&+,@=~- and spaces, beginning with a letter or digit
    """
    if not _NAME.fullmatch(name) or name.endswith((".", " ")) or name.split(".")[0].upper() in _DEVICES:
        raise TightropeError(
            f"file name {name[:80]!r} is not accepted; accepted are up to 200 letters, digits and ._()&+,@=~- and "
            "spaces, beginning with a letter or digit"
        )
    if name.casefold() == LEDGER_NAME.casefold() or name.casefold().endswith((PART_SUFFIX, STATE_SUFFIX)):
        raise TightropeError(f"file name {name!r} is kept for the ledger or for partial downloads")
    return name


def accept_base(base: str) -> str:
    """A base address without its last slash.

    Raises
    ------
    TightropeError
        If it is not http or https, or holds a user name, a query or a fragment.

    Examples
    --------
    >>> accept_base("https://dataverse.harvard.edu/")
    'https://dataverse.harvard.edu'
    """
    try:
        parts = urlsplit(base)
        is_plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
        is_plain = is_plain and not parts.query and not parts.fragment and (parts.port is None or parts.port > 0)
    except ValueError:
        is_plain = False
    if not is_plain:
        # The address itself is not repeated: it may hold a password.
        raise TightropeError("the base address must be http or https with a host, without user name, query or fragment")
    return base.rstrip("/")


def accept_days(start: date | str | None, end: date | str | None) -> tuple[date, date]:
    """First and last day of a request, both included.

    Raises
    ------
    TightropeError
        If one is missing, is not YYYY-MM-DD, or they are in the wrong order.

    Examples
    --------
    >>> accept_days("2018-03-26", "2018-03-27")
    (datetime.date(2018, 3, 26), datetime.date(2018, 3, 27))
    """
    days = []
    for option, day in (("--start", start), ("--end", end)):
        if day is None:
            raise TightropeError(f"{option} is missing; give the first and last day as YYYY-MM-DD")
        try:
            days.append(day if isinstance(day, date) else date.fromisoformat(day))
        except ValueError:
            raise TightropeError(f"{option} {day!r} is not a day; write it as YYYY-MM-DD") from None
    if days[0] > days[1]:
        raise TightropeError(f"--start {days[0]} is after --end {days[1]}")
    return days[0], days[1]
