"""Text that a spreadsheet shows as it stands: what it would take for a formula begins with an apostrophe."""

from __future__ import annotations

import re

# A Japanese spreadsheet takes the signs at full width as well.
_SIGN = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(rf"\s*[{_SIGN}]|[\t\r\n]")
# Where lists are parted by semicolons a spreadsheet parts a cell there, and a careless one at a line end; quotes that
# follow are then taken for those of a cell. Each run is looked at once, however long it is.
_BEFORE_SIGN = re.compile(rf'(?<![\s;"])([\s;"]++)(?=[{_SIGN}])')
_PARTED = re.compile(r"[;\t\r\n]")


def inert(value: object) -> object:
    """A cell of a CSV file that no spreadsheet computes; a number stays a number.

    Examples
    --------
    >>> inert("=1+1"), inert("-3.5"), inert("1; =1+1"), inert(2)
    ("'=1+1", '-3.5', "1; '=1+1", 2)
    >>> print(inert('of 2; "=1+1'), inert('a "-1 degree" day'))
    of 2; "'=1+1 a "-1 degree" day
    """
    if not isinstance(value, str) or _is_number(value):
        return value
    value = _BEFORE_SIGN.sub(_quote_parted, value)
    return f"'{value}" if _FORMULA.match(value) else value


def _quote_parted(run: re.Match[str]) -> str:
    return f"{run[0]}'" if _PARTED.search(run[0]) else run[0]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
