"""Bad GDELT 2.0 files, each with what must come of it.

Every builder writes one file with invented rows into a folder of its own and returns a `BadFile`, whose rows are
counted: read = kept + merged + rejected. A file that cannot be opened is one record, rejected on line 0. Blank lines
are no rows, and duplicates are merged by the rule `event`. A fault in a column that no table has costs nothing: the
row is kept. `ALL_BUILDERS` lists them for a parameterised test.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.gdelt_rows import GDELT2_COLUMNS

TEN_MB = 10_000_000
EXPANDED_BYTES = 64 * 2**20
NAME = "20260115120000.export.CSV"

INVENTED = {
    "GLOBALEVENTID": "900000001",
    "SQLDATE": "20260115",
    "MonthYear": "202601",
    "Year": "2026",
    "FractionDate": "2026.0411",
    "Actor1Code": "TGOGOV",
    "Actor1Name": "TOGO",
    "Actor1CountryCode": "TGO",
    "Actor1Type1Code": "GOV",
    "Actor2Code": "FRA",
    "Actor2Name": "FRANCE",
    "Actor2CountryCode": "FRA",
    "IsRootEvent": "1",
    "EventCode": "042",
    "EventBaseCode": "042",
    "EventRootCode": "04",
    "QuadClass": "1",
    "GoldsteinScale": "1.9",
    "NumMentions": "4",
    "NumSources": "1",
    "NumArticles": "4",
    "AvgTone": "1.25",
    **{
        f"{place}_{part}": value
        for place in ("Actor1Geo", "Actor2Geo", "ActionGeo")
        for part, value in {
            "Type": "4",
            "FullName": "Lomé, Maritime, Togo",
            "CountryCode": "TO",
            "ADM1Code": "TO24",
            "ADM2Code": "28000",
            "Lat": "6.1375",
            "Long": "1.2123",
            "FeatureID": "-900001",
        }.items()
    },
    "DATEADDED": "20260115120000",
    "SOURCEURL": "https://example.org/2026/01/invented-visit",
}


@dataclass(frozen=True)
class BadFile:
    """A file on disk and what must come of it.

    Attributes
    ----------
    path
        The file.
    read, kept, merged, rejected
        Numbers of rows, duplicates merged by source id.
    line
        The line that is rejected, or 0 where the file cannot be opened.
    reason
        What the reason of every reject contains; empty if nothing is rejected.
    values
        Raw values, by GLOBALEVENTID and column, that must survive the reading unchanged.
    must_not_show
        What no message, printed reject or file beside this one may contain.
    note
        Why this is bad.
    """

    path: Path
    read: int = 0
    kept: int = 0
    merged: int = 0
    rejected: int = 0
    line: int = 0
    reason: str = ""
    values: dict[tuple[str, str], str] = field(default_factory=dict)
    must_not_show: str = ""
    note: str = ""


def gdelt2_line(**overrides: object) -> str:
    r"""One invented row of GDELT 2.0, without a line end; any of the 61 columns may be given.

    Raises
    ------
    KeyError
        If a column has no such name.

    Examples
    --------
    >>> fields = gdelt2_line(EventCode="190").split("\t")
    >>> len(fields), fields[26], fields[52]
    (61, '190', 'Lomé, Maritime, Togo')
    """
    if unknown := set(overrides) - set(GDELT2_COLUMNS):
        raise KeyError(f"no such column: {sorted(unknown)}")
    values = {**INVENTED, **overrides}
    return "\t".join(str(values.get(column, "")) for column in GDELT2_COLUMNS)


def good_lines(number: int, first: int = 900000101) -> list[str]:
    """Some rows that nothing is wrong with, each with its own id, date and address."""
    return [
        gdelt2_line(
            GLOBALEVENTID=first + i,
            SQLDATE=20260101 + i,
            EventCode="051",
            EventBaseCode="051",
            EventRootCode="05",
            GoldsteinScale=3.4,
            SOURCEURL=f"https://example.org/good/{first + i}",
        )
        for i in range(number)
    ]


def write(folder: Path, lines: list[str] | bytes, name: str = NAME) -> Path:
    """Write the lines, or bytes as they are, to the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(lines if isinstance(lines, bytes) else "".join(line + "\n" for line in lines).encode())
    return path


def one_bad_row(folder: Path, bad: str | bytes, reason: str, note: str) -> BadFile:
    """Two good rows with a bad one between them, which alone must be rejected."""
    before, after = (line.encode() for line in good_lines(2))
    middle = bad if isinstance(bad, bytes) else bad.encode()
    path = write(folder, b"\n".join([before, middle, after, b""]))
    return BadFile(path, read=3, kept=2, rejected=1, line=2, reason=reason, note=note)


def sixty_columns(folder: Path) -> BadFile:
    return one_bad_row(folder, gdelt2_line().rpartition("\t")[0], "60", "a column is missing")


def sixty_two_columns(folder: Path) -> BadFile:
    return one_bad_row(folder, gdelt2_line() + "\textra", "62", "a column too many")


def a_gdelt1_row(folder: Path) -> BadFile:
    fields = [
        value for name, value in zip(GDELT2_COLUMNS, gdelt2_line().split("\t"), strict=True) if "ADM2" not in name
    ]
    return one_bad_row(folder, "\t".join(fields), "58", "a row of GDELT 1.0 with its 58 columns among those of 2.0")


def bytes_that_are_not_utf8(folder: Path) -> BadFile:
    bad = gdelt2_line(ActionGeo_FullName="@").encode().replace(b"@", b"C\xd4te d'Ivoire")
    return one_bad_row(folder, bad, "UTF-8", "a name in Latin-1")


def faults_in_columns_not_read(folder: Path) -> BadFile:
    lines = [
        gdelt2_line(GLOBALEVENTID="900000111", Actor1Name="@").encode().replace(b"@", b"C\xd4TE D'IVOIRE"),
        gdelt2_line(GLOBALEVENTID="900000112", Actor1Name="TO\0GO").encode(),
        gdelt2_line(GLOBALEVENTID="900000113", AvgTone="tone").encode(),
    ]
    path = write(folder, b"".join(line + b"\n" for line in lines))
    values = {("900000111", "ActionGeo_FullName"): "Lomé, Maritime, Togo", ("900000112", "Actor1Code"): "TGOGOV"}
    return BadFile(path, 3, 3, values=values, note="what no table holds can spoil none")


def cut_utf8(folder: Path) -> BadFile:
    bad = gdelt2_line(ActionGeo_FullName="Lom@").encode().replace(b"@", b"\xc3")
    return one_bad_row(folder, bad, "UTF-8", "the first byte of a letter without its second, before a tab")


def nul_bytes(folder: Path) -> BadFile:
    return one_bad_row(folder, gdelt2_line(ActionGeo_FullName="Lo\0mé"), "NUL", "a NUL byte inside a name")


def nul_around_a_field(folder: Path) -> BadFile:
    return one_bad_row(
        folder,
        gdelt2_line(ActionGeo_FullName="\0Lomé\0"),
        "NUL",
        "NUL bytes where a parser told to use no quotes may use NUL as the quote",
    )


def quotes_inside_fields(folder: Path) -> BadFile:
    names = ['"TOGO', 'TO"GO', '"TOGO"', 'TOGO"', '""', "'TOGO"]
    ids = [str(900000200 + i) for i in range(len(names))]
    lines = [gdelt2_line(GLOBALEVENTID=one, ActionGeo_FullName=name) for one, name in zip(ids, names, strict=True)]
    values = {(one, "ActionGeo_FullName"): name for one, name in zip(ids, names, strict=True)}
    return BadFile(write(folder, lines), len(lines), len(lines), values=values, note="a quote character is data")


def line_of_10_mb(folder: Path) -> BadFile:
    bad = gdelt2_line(SOURCEURL="https://example.org/" + "a" * TEN_MB)
    return one_bad_row(folder, bad, "long", "61 columns, the last of 10 MB")


def line_of_10_mb_without_tabs(folder: Path) -> BadFile:
    return one_bad_row(folder, "a" * TEN_MB, "long", "10 MB in one column")


def empty_file(folder: Path) -> BadFile:
    return BadFile(write(folder, b""), note="no byte at all; an empty result, and a sentence that says why")


def only_blank_lines(folder: Path) -> BadFile:
    return BadFile(write(folder, b"\n\r\n\n"), note="lines but no rows")


def header_only(folder: Path) -> BadFile:
    path = write(folder, [",".join(GDELT2_COLUMNS)], "bq-results.csv")
    return BadFile(path, note="a BigQuery export of a query that found nothing")


def no_final_newline(folder: Path) -> BadFile:
    lines = good_lines(2)
    return BadFile(write(folder, "\n".join(lines).encode()), 2, 2, note="the last row counts too")


def crlf_ends(folder: Path) -> BadFile:
    path = write(folder, "".join(line + "\r\n" for line in good_lines(3)).encode())
    values = {("900000101", "SOURCEURL"): "https://example.org/good/900000101"}
    return BadFile(path, 3, 3, values=values, note="no carriage return may stick to the address")


def mixed_line_ends(folder: Path) -> BadFile:
    one, two, three = good_lines(3)
    path = write(folder, f"{one}\r\n{two}\n{three}\r\n".encode())
    values = {("900000103", "SOURCEURL"): "https://example.org/good/900000103"}
    return BadFile(path, 3, 3, values=values, note="both line ends in one file")


def blank_lines(folder: Path) -> BadFile:
    one, two = good_lines(2)
    return BadFile(write(folder, ["", one, "", "", two, ""]), 2, 2, note="blank lines are no rows")


def impossible_date(folder: Path) -> BadFile:
    return one_bad_row(folder, gdelt2_line(SQLDATE="20261345"), "20261345", "no thirteenth month")


def no_leap_day(folder: Path) -> BadFile:
    return one_bad_row(folder, gdelt2_line(SQLDATE="20250229"), "20250229", "2025 has no 29 February")


def latitude_400(folder: Path) -> BadFile:
    return one_bad_row(folder, gdelt2_line(ActionGeo_Lat="400"), "400", "degrees north end at 90")


def goldstein_99(folder: Path) -> BadFile:
    return one_bad_row(folder, gdelt2_line(GoldsteinScale="99"), "99", "the scale ends at 10")


def goldstein_not_a_number(folder: Path) -> BadFile:
    return one_bad_row(folder, gdelt2_line(GoldsteinScale="nan"), "nan", "a text that casts to a number, but is none")


def dated_years_before_its_report(folder: Path) -> BadFile:
    bad = gdelt2_line(SQLDATE="20210115", MonthYear="202101", Year="2021", FractionDate="2021.0411")
    return one_bad_row(folder, bad, "before", "an old day named in a new report")


def dated_after_its_report(folder: Path) -> BadFile:
    bad = gdelt2_line(SQLDATE="20270115", MonthYear="202701", Year="2027", FractionDate="2027.0411")
    return one_bad_row(folder, bad, "no later than the report", "nothing is reported a year before it happens")


def na_is_namibia(folder: Path) -> BadFile:
    given = {
        "900000301": {"Actor1Code": "NAM"},
        "900000302": {"ActionGeo_CountryCode": "NA"},
        "900000303": {"ActionGeo_FullName": "NA", "SOURCEURL": "NULL"},
        "900000304": {"ActionGeo_FullName": "None", "SOURCEURL": "null"},
    }
    lines = [gdelt2_line(GLOBALEVENTID=one, **values) for one, values in given.items()]
    values = {(one, column): value for one, row in given.items() for column, value in row.items()}
    return BadFile(write(folder, lines), 4, 4, values=values, note="no text but the empty one means missing")


def unknown_cameo_code(folder: Path) -> BadFile:
    bad = gdelt2_line(EventCode="2999", EventBaseCode="299", EventRootCode="29")
    return one_bad_row(folder, bad, "2999", "CAMEO ends at root 20")


def nine_digits_of_date(folder: Path) -> BadFile:
    return one_bad_row(folder, gdelt2_line(SQLDATE="202601155"), "202601155", "eight of nine digits would be a day")


def mentions_with_a_fraction(folder: Path) -> BadFile:
    return one_bad_row(folder, gdelt2_line(NumMentions="4.6"), "mentions 4.6", "a cast would make it 5")


def number_as_a_program_writes_it(folder: Path) -> BadFile:
    return one_bad_row(folder, gdelt2_line(GoldsteinScale="1_0"), "1_0", "one engine's cast takes it for 10")


def number_of_another_program(folder: Path) -> BadFile:
    return one_bad_row(folder, gdelt2_line(ActionGeo_Lat="5d"), "5d", "another engine's cast takes it for 5")


def value_of_100_kb(folder: Path) -> BadFile:
    bad = gdelt2_line(SQLDATE="2" * 100_000)
    file = one_bad_row(folder, bad, "date_start has 100,000 characters", "a reason does not show it all")
    return replace(file, must_not_show="2" * 1000)


def missing_cameo_code(folder: Path) -> BadFile:
    bad = gdelt2_line(EventCode="", EventBaseCode="", EventRootCode="")
    return one_bad_row(folder, bad, "event type (missing)", "an event that says nothing of what happened")


def id_that_is_no_number(folder: Path) -> BadFile:
    return one_bad_row(folder, gdelt2_line(GLOBALEVENTID="90x"), "90x", "GLOBALEVENTID is a number")


def duplicate_ids(folder: Path) -> BadFile:
    one, two = good_lines(2)
    again = gdelt2_line(
        GLOBALEVENTID="900000101", SQLDATE="20260101", EventCode="190", EventBaseCode="190", EventRootCode="19"
    )
    path = write(folder, [one, two, one, again])
    values = {("900000101", "EventCode"): "051"}
    return BadFile(path, 4, 2, merged=2, values=values, note="the first of them stands")


def backslash_t(folder: Path) -> BadFile:
    line = gdelt2_line(GLOBALEVENTID="900000401", ActionGeo_FullName=r"Lo\tmé", SOURCEURL="https://example.org/\\")
    values = {
        ("900000401", "ActionGeo_FullName"): r"Lo\tmé",
        ("900000401", "SOURCEURL"): "https://example.org/\\",
    }
    return BadFile(write(folder, [line]), 1, 1, values=values, note="a backslash escapes nothing, not even a tab")


def terminal_escapes(folder: Path) -> BadFile:
    one = gdelt2_line(GLOBALEVENTID="900000501", ActionGeo_FullName="\x1b[31mLomé\x1b[0m")
    two = gdelt2_line(GLOBALEVENTID="900000502", SQLDATE="\x1b]0;owned\x07\x1b[2J2026")
    note = "what a terminal would obey is shown as text"
    values = {("900000501", "ActionGeo_FullName"): "[U+001B][31mLomé[U+001B][0m"}
    path = write(folder, [one, two])
    return BadFile(path, 2, 1, rejected=1, line=2, reason="2026", values=values, must_not_show="\x1b", note=note)


def formula_and_markup(folder: Path) -> BadFile:
    given = {
        "900000601": {"ActionGeo_FullName": "=cmd|' /C calc'!A0", "SOURCEURL": "javascript:alert(1)"},
        "900000602": {"ActionGeo_FullName": "<script>alert(1)</script>"},
    }
    lines = [gdelt2_line(GLOBALEVENTID=one, **values) for one, values in given.items()]
    values = {(one, column): value for one, row in given.items() for column, value in row.items()}
    return BadFile(write(folder, lines), 2, 2, values=values, note="text that another program would run")


def write_zip(folder: Path, members: dict[str, bytes]) -> Path:
    """A zip with these members."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{NAME}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def content(number: int = 2) -> bytes:
    """The bytes of a file that nothing is wrong with."""
    return "".join(line + "\n" for line in good_lines(number)).encode()


def refused(path: Path, reason: str, note: str, must_not_show: str = "") -> BadFile:
    """A file of which nothing may be read: one record, rejected on line 0."""
    return BadFile(path, read=1, rejected=1, reason=reason, must_not_show=must_not_show, note=note)


def zip_that_expands(folder: Path) -> BadFile:
    path = write_zip(folder, {NAME: content(1) * (EXPANDED_BYTES // len(content(1)))})
    return refused(path, "expand", "64 MiB in some 300 kB; the test sets the limit below")


def zip_with_a_false_size(folder: Path) -> BadFile:
    path = write_zip(folder, {NAME: content(1) * 10_000})
    data = bytearray(path.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    for place in (22, central + 24):  # uncompressed size in the local and in the central header
        data[place : place + 4] = struct.pack("<I", 1000)
    path.write_bytes(data)
    return refused(path, "broken archive", "says 1,000 bytes and holds 4 million; a limit must count, not believe")


def zip_with_a_path_outside(folder: Path) -> BadFile:
    path = write_zip(folder, {f"../outside/{NAME}": content()})
    return refused(
        path, "../", "a member that would land outside its folder", must_not_show=str(folder.parent / "outside")
    )


def zip_with_an_absolute_path(folder: Path) -> BadFile:
    return refused(write_zip(folder, {f"/tmp/outside/{NAME}": content()}), "/tmp/outside", "a member with a root")


def encrypt(data: bytes, password: bytes) -> bytes:
    """Encrypt as in PKWARE's APPNOTE, section 6.1, after a header of twelve bytes.

    Examples
    --------
    >>> len(encrypt(b"togo", b"secret"))
    16
    """
    keys = [0x12345678, 0x23456789, 0x34567890]

    def crc(value: int, byte: int) -> int:
        return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def update(byte: int) -> None:
        keys[0] = crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc(keys[2], keys[1] >> 24)

    for byte in password:
        update(byte)
    encrypted = bytearray()
    for byte in bytes(11) + bytes([zlib.crc32(data) >> 24]) + data:
        mask = (keys[2] | 2) & 0xFFFF
        encrypted.append(byte ^ ((mask * (mask ^ 1)) >> 8) & 0xFF)
        update(byte)
    return bytes(encrypted)


def encrypted_zip(folder: Path) -> BadFile:
    folder.mkdir(parents=True, exist_ok=True)
    path, name, data = folder / f"{NAME}.zip", NAME.encode(), content()
    body = encrypt(data, b"secret")
    facts = struct.pack("<HHHHHIIIHH", 20, 1, 0, 0, 0x5C2F, zlib.crc32(data), len(body), len(data), len(name), 0)
    local = b"PK\x03\x04" + facts + name + body
    central = b"PK\x01\x02" + struct.pack("<H", 20) + facts + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    path.write_bytes(local + central + end)
    return refused(path, "encrypted", "its password is not known")


def zip_with_two_members(folder: Path) -> BadFile:
    path = write_zip(folder, {NAME: content(1), "20260115121500.export.CSV": content(2)})
    return refused(path, "holds 2 files", "GDELT's zips hold one file; which of two is meant is not known")


def zip_without_members(folder: Path) -> BadFile:
    return refused(write_zip(folder, {}), "holds 0 files", "a zip of nothing")


def truncated_zip(folder: Path) -> BadFile:
    path = write_zip(folder, {NAME: content(50)})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return refused(path, "broken archive", "a download that broke off")


def damaged_zip(folder: Path) -> BadFile:
    path = write_zip(folder, {NAME: content(50)})
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    return refused(path, "broken archive", "one byte is not what it was")


def web_page_named_zip(folder: Path) -> BadFile:
    path = write(folder, b"<!DOCTYPE html><html><body>404 Not Found</body></html>\n", f"{NAME}.zip")
    return refused(path, "broken archive", "an error page saved under the name of a zip")


LINE_BUILDERS: list[Callable[[Path], BadFile]] = [
    sixty_columns,
    sixty_two_columns,
    a_gdelt1_row,
    bytes_that_are_not_utf8,
    faults_in_columns_not_read,
    cut_utf8,
    nul_bytes,
    nul_around_a_field,
    quotes_inside_fields,
    line_of_10_mb,
    line_of_10_mb_without_tabs,
    empty_file,
    only_blank_lines,
    header_only,
    no_final_newline,
    crlf_ends,
    mixed_line_ends,
    blank_lines,
    impossible_date,
    no_leap_day,
    latitude_400,
    goldstein_99,
    goldstein_not_a_number,
    dated_years_before_its_report,
    dated_after_its_report,
    na_is_namibia,
    unknown_cameo_code,
    missing_cameo_code,
    nine_digits_of_date,
    mentions_with_a_fraction,
    number_as_a_program_writes_it,
    number_of_another_program,
    value_of_100_kb,
    id_that_is_no_number,
    duplicate_ids,
    backslash_t,
    terminal_escapes,
    formula_and_markup,
]
ZIP_BUILDERS: list[Callable[[Path], BadFile]] = [
    zip_that_expands,
    zip_with_a_false_size,
    zip_with_a_path_outside,
    zip_with_an_absolute_path,
    encrypted_zip,
    zip_with_two_members,
    zip_without_members,
    truncated_zip,
    damaged_zip,
    web_page_named_zip,
]
ALL_BUILDERS = LINE_BUILDERS + ZIP_BUILDERS
