"""Text that a spreadsheet shows as it stands: what it would take for a formula begins with an apostrophe."""

from __future__ import annotations

import re

# A Japanese spreadsheet takes the signs at full width as well.
_SIGN = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(rf"\s*[{_SIGN}]|[\t\r\n]")
# Where lists are parted by semicolons a spreadsheet parts a cell there, and a careless one at a line end.
_FORMULA_WITHIN = re.compile(rf"([;\t\r\n]\s*)(?=[{_SIGN}])")


def inert(value: object) -> object:
    """A cell of a CSV file that no spreadsheet computes; a number stays a number.

    Examples
    --------
    >>> inert("=1+1"), inert("-3.5"), inert("1; =1+1"), inert(2)
    ("'=1+1", '-3.5', "1; '=1+1", 2)
    """
    if not isinstance(value, str) or _is_number(value):
        return value
    value = _FORMULA_WITHIN.sub(r"\1'", value)
    return f"'{value}" if _FORMULA.match(value) else value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
