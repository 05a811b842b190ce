"""What tests of the walls plant: values that would be code somewhere, names that are paths; and the tree around a run."""

from __future__ import annotations

from pathlib import Path

HOSTILE_VALUES = [
    "'", '"', "'''", '"""', "\\", '\\"', "\\'", '\\\\"', "\n", "\r\n", "\u2028", "\x00", "\x1b[31m", "\x85",
    '"; open(CANARY, "w"); "', "'; open(CANARY, 'w'); '", '"""; open(CANARY, "w"); """', "'''\nopen(CANARY, 'w')\n'''",
    '\\"; open(CANARY, "w"); #', "\\\\'; open(CANARY, 'w') #", '"\nopen(CANARY, "w")\n"', "\\\nopen(CANARY, 'w')",
    "]; open(CANARY, 'w'); [", "__import__('pathlib').Path(CANARY).touch()", "{open(CANARY, 'w')}",
    "{0.__class__}", "{pm[run_uuid]}", "%s", "%run CANARY", "!touch CANARY", "$(touch CANARY)", "`touch CANARY`",
    "; touch CANARY", "| touch CANARY", "%(CANARY)s", "${CANARY}", "{{ CANARY }}", "{% raw %}", "# parameters",
    "\N{FULLWIDTH QUOTATION MARK}", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{ZERO WIDTH SPACE}x", "\U0001f9ea", "None", "1e999",
    "../../etc/passwd", "file:///etc/passwd", "-", "--", "s3://bucket/x", "x" * 10_000,
]  # fmt: skip
"""Strings that are code, a path or a place to fill in for one or another of the readers on the way to a kernel."""

HOSTILE_NAMES = [
    "", ".", "..", "../x", "../../x", "/x", "/tmp/x", "a/b", "a\\b", "..\\x", "C:x", "~", "~root", "$HOME", "a\0b", "a\n",
    "a b", "Togo", "-x", "_x", ".x", "x.", "latest/..", "x" * 65, "x" * 5000, "con", "nul", "com1", "lpt9", "sample",
    "t\N{CYRILLIC SMALL LETTER O}go", "t\N{FULLWIDTH LATIN SMALL LETTER O}go", "t\N{LATIN SMALL LETTER DOTLESS I}go",
    "to\N{ZERO WIDTH JOINER}go", "\N{ARABIC-INDIC DIGIT ONE}", "to\N{COMBINING ACUTE ACCENT}go", "%2e%2e%2fx",
    "\N{FULLWIDTH FULL STOP}\N{FULLWIDTH FULL STOP}", "{state}", "file:x", "javascript:alert(1)", "index.html",
]  # fmt: skip
"""Names that are paths, devices or look-alikes, and may not become a folder."""


def aim(value: str, canary: Path) -> str:
    """A hostile value that would make a canary file."""
    return value.replace("CANARY", repr(str(canary)) if "(CANARY" in value else str(canary))


def snapshot(folder: Path, without: Path | None = None) -> dict[str, bytes | str]:
    """Every entry below a folder: the bytes of files, where links lead, and that there is a folder.

    Parameters
    ----------
    folder : Path
        The folder.
    without : Path, optional
        A folder within, that was chosen to be written to.
    """
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        if without is not None and path.is_relative_to(without):
            continue
        if path.is_symlink():
            found[path.relative_to(folder).as_posix()] = f"link to {path.readlink()}"
        else:
            found[path.relative_to(folder).as_posix()] = path.read_bytes() if path.is_file() else "folder"
    return found
