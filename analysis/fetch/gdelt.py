"""Which GDELT event files a request needs, read from the lists that GDELT publishes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from analysis.errors import TightropeError
from analysis.fetch.remote import Plan, Refusal, RemoteFile

BASE = "https://data.gdeltproject.org"
MASTER_LIST = "gdeltv2/masterfilelist.txt"
TRANSLINGUAL_LIST = "gdeltv2/masterfilelist-translation.txt"
MD5_LIST = "events/md5sums"
SIZE_LIST = "events/filesizes"

FIRST_QUARTER_HOUR = datetime(2015, 2, 18, 23)
FIRST_DAY = date(2013, 4, 1)

CITATION = (
    "Leetaru, K. and Schrodt, P. A. (2013). GDELT: Global Data on Events, Location, and Tone, 1979-2012. "
    "ISA Annual Convention. https://www.gdeltproject.org/"
)
LICENCE = "free for any use with citation of the GDELT Project and a link to https://www.gdeltproject.org/"

_QUARTER_HOUR = re.compile(r"(\d{14})(\.translation)?\.export\.CSV\.zip")
_DAY = re.compile(r"(\d{8})\.export\.CSV\.zip")
_MD5 = re.compile(r"[0-9a-fA-F]{32}")
_STEP = timedelta(minutes=15)


def plan_gdelt2(master: str | Iterable[str], start: date, end: date, *, base: str = BASE) -> Plan:
    """The GDELT 2.0 quarter-hour event files of a range of days (UTC).

    Files are taken from `base`, whatever host the list names: the lists still name plain http.

    Parameters
    ----------
    master : str or iterable of str
        Lines "size md5 url" of the master file list, of the translingual one, or of both.
    start, end : date
        First and last day, both included.
    base : str, optional
        Address to fetch from.

    Returns
    -------
    Plan
        One file per quarter hour and language stream, oldest first.

    Raises
    ------
    TightropeError
        If the range ends before GDELT 2.0 begins.

    Examples
    --------
    >>> line = "55 " + "0" * 32 + " http://data.gdeltproject.org/gdeltv2/20180326044500.export.CSV.zip"
    >>> [file.url for file in plan_gdelt2(line, date(2018, 3, 26), date(2018, 3, 26)).files]
    ['https://data.gdeltproject.org/gdeltv2/20180326044500.export.CSV.zip']
    """
    if datetime.combine(end, datetime.max.time()) < FIRST_QUARTER_HOUR:
        raise TightropeError(f"GDELT 2.0 begins on {FIRST_QUARTER_HOUR.date()}; for {end} fetch gdelt1")
    listing = _Listing(start, end)
    moments: dict[str, set[datetime]] = {"": set(), ".translation": set()}
    newest: dict[str, datetime] = {}
    for number, line in _numbered(master):
        fields = line.split()
        name = fields[-1].rsplit("/", 1)[-1] if fields else ""
        match = _QUARTER_HOUR.fullmatch(name)
        moment = _moment(match[1], "%Y%m%d%H%M%S") if match else None
        if match is None or moment is None:
            # Well-formed lines of mentions and of the knowledge graph are not events, and not a fault.
            if len(fields) != 3 or ".export." in name:
                listing.add_malformed(number, line)
            continue
        stream = match[2] or ""
        newest[stream] = max(newest.get(stream, moment), moment)
        if not start <= moment.date() <= end:
            continue
        is_whole = len(fields) == 3 and fields[0].isascii() and fields[0].isdigit() and _MD5.fullmatch(fields[1])
        if not is_whole:
            listing.add_malformed(number, line, name)
            continue
        moments[stream].add(moment)
        listing.add(
            RemoteFile(name, f"{base}/gdeltv2/{name}", size=int(fields[0]), checksum=f"md5:{fields[1].lower()}")
        )
    for stream, listed in moments.items():
        if stream in newest:
            listing.notes += _gaps(listed, newest[stream], start, end, "translingual" if stream else "English")
    return listing.plan()


def plan_gdelt1(
    md5sums: str | Iterable[str], filesizes: str | Iterable[str], start: date, end: date, *, base: str = BASE
) -> Plan:
    """The GDELT 1.0 daily event files of a range of days.

    Parameters
    ----------
    md5sums : str or iterable of str
        Lines "md5 name".
    filesizes : str or iterable of str
        Lines "size name".
    start, end : date
        First and last day, both included.
    base : str, optional
        Address to fetch from.

    Returns
    -------
    Plan
        One file per day, oldest first.

    Raises
    ------
    TightropeError
        If the range ends before the daily files begin.

    Examples
    --------
    >>> plan = plan_gdelt1("0" * 32 + "  20140301.export.CSV.zip", "9 20140301.export.CSV.zip",
    ...                    date(2014, 3, 1), date(2014, 3, 2))
    >>> plan.size, plan.notes
    (9, ())
    """
    if end < FIRST_DAY:
        raise TightropeError(f"the daily files of GDELT 1.0 begin on {FIRST_DAY}, after {end}")
    sizes = {}
    for _, line in _numbered(filesizes):
        fields = line.split()
        if len(fields) == 2 and fields[0].isascii() and fields[0].isdigit():
            sizes[fields[1]] = int(fields[0])
    listing = _Listing(start, end)
    days: set[date] = set()
    newest: date | None = None
    for number, line in _numbered(md5sums):
        fields = line.split()
        name = fields[-1] if fields else ""
        match = _DAY.fullmatch(name)
        moment = _moment(match[1], "%Y%m%d") if match else None
        if match is None or moment is None:
            if len(fields) != 2 or ".export." in name:
                listing.add_malformed(number, line)
            continue
        day = moment.date()
        newest = max(newest or day, day)
        if not start <= day <= end:
            continue
        if len(fields) != 2 or not _MD5.fullmatch(fields[0]):
            listing.add_malformed(number, line, name)
            continue
        days.add(day)
        listing.add(
            RemoteFile(name, f"{base}/events/{name}", size=sizes.get(name), checksum=f"md5:{fields[0].lower()}")
        )
    if start < FIRST_DAY:
        listing.notes.append(f"the daily files of GDELT 1.0 begin on {FIRST_DAY}; earlier days are not fetched")
    if newest:
        first, last = max(start, FIRST_DAY), min(end, newest)
        wanted = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        missing = [str(day) for day in wanted if day not in days]
        if missing:
            listing.notes.append(
                f"days that are not in the list of GDELT 1.0: {len(missing)}, the first is {missing[0]}"
            )
    return listing.plan()


class _Listing:
    """Collects the files of a list; what is malformed or contradicts itself is refused by name."""

    def __init__(self, start: date, end: date) -> None:
        self.asked = f"{start} to {end}"
        self.files: dict[str, RemoteFile] = {}
        self.notes: list[str] = []
        self.contradicted: dict[str, Refusal] = {}
        self.incomplete: dict[str, Refusal] = {}
        self.bad_lines: list[str] = []

    def add(self, remote: RemoteFile) -> None:
        known = self.files.setdefault(remote.name, remote)
        if known.checksum != remote.checksum:
            reason = "the list names it twice with different MD5 checksums; try again when the publisher has settled it"
            self.contradicted[remote.name] = Refusal(remote.name, reason)

    def add_malformed(self, number: int, line: str, name: str | None = None) -> None:
        self.bad_lines.append(f"line {number}: {line[:80]!r}")
        if name:
            reason = f"line {number} of the list lacks its size or MD5 checksum, so that it could not be verified"
            self.incomplete[name] = Refusal(name, reason)

    def plan(self) -> Plan:
        # A whole line elsewhere in the list makes good for a broken one of the same name.
        incomplete = {name: refusal for name, refusal in self.incomplete.items() if name not in self.files}
        refused = sorted({**incomplete, **self.contradicted}.items())
        files = [remote for name, remote in sorted(self.files.items()) if name not in self.contradicted]
        if self.bad_lines:
            self.notes.append(f"malformed lines in the list: {len(self.bad_lines)}, the first is {self.bad_lines[0]}")
        if not files and not refused:
            self.notes.append(f"the list names no event file for {self.asked}")
        return Plan(tuple(files), CITATION, LICENCE, tuple(refusal for _, refusal in refused), tuple(self.notes))


def _numbered(lines: str | Iterable[str]) -> Iterator[tuple[int, str]]:
    listed = lines.splitlines() if isinstance(lines, str) else lines
    return ((number, line.strip()) for number, line in enumerate(listed, start=1) if line.strip())


def _moment(digits: str, layout: str) -> datetime | None:
    try:
        return datetime.strptime(digits, layout)
    except ValueError:
        return None


def _gaps(listed: set[datetime], newest: datetime, start: date, end: date, stream: str) -> list[str]:
    first = max(datetime.combine(start, datetime.min.time()), FIRST_QUARTER_HOUR)
    last = min(datetime.combine(end, datetime.min.time()) + timedelta(days=1) - _STEP, newest)
    wanted = max(0, (last - first) // _STEP + 1)
    on_grid = sum(first <= moment <= last and (moment - first) % _STEP == timedelta(0) for moment in listed)
    if on_grid >= wanted:
        return []
    return [f"quarter hours that are not in the {stream} list of GDELT 2.0: {wanted - on_grid} of {wanted}"]
