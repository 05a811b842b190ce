"""What is said of a tilt, by one rule for all pages: a number and a side only with an interval, and what they hang on.

Under the minimum of events a tilt has no interval (see `analysis.measures.tilt`). What the events add up to is then no
answer: no page prints it as the state's tilt or names a side; the pages say that there are too few events.
"""

from __future__ import annotations

import pandas as pd

from analysis.language import Name, say
from analysis.wording import format_end, format_number

HARDLY = 0.05
"""An interval that ends nearer to zero than this leaves the side hanging on little."""


def hangs_on_little(low: float | None, high: float | None) -> bool:
    """Whether an interval lies on one side of zero and ends close to it.

    Examples
    --------
    >>> hangs_on_little(0.0003, 0.84), hangs_on_little(0.2, 0.84), hangs_on_little(-0.01, 0.84)
    (True, False, False)
    """
    if low is None or high is None or pd.isna(low) or pd.isna(high) or low <= 0 <= high:
        return False
    return low < high and min(abs(low), abs(high)) < HARDLY


def say_hanging() -> str:
    """The caution that belongs to a side for which :func:`hangs_on_little` is true."""
    return say(
        "The interval ends within {distance} of zero, so that the side hangs on little.", distance=format_number(HARDLY)
    )


def tell_tilt(tilt: float | None, low: float | None, high: float | None, a: Name, b: Name) -> tuple[str, str]:
    """A tilt as a key number, and the note on how sure it is.

    Parameters
    ----------
    tilt, low, high : float or None
        The tilt and the ends of its interval; missing where not known.
    a, b : Name
        The powers at +1 and at -1.

    Examples
    --------
    >>> from analysis.language.names import as_name
    >>> france, russia = as_name("France"), as_name("Russia")
    >>> tell_tilt(0.47, 0.0003, 0.84, france, russia)
    ('+0.47', '90 % interval +0.0003 to +0.84')
    >>> tell_tilt(-1.0, None, None, france, russia)
    ('unknown', 'too few events')
    """
    if tilt is None or pd.isna(tilt):
        return say("unknown"), say("no cooperation with either power")
    if low is None or high is None or pd.isna(low) or pd.isna(high):
        return say("unknown"), say("too few events")
    value = format_number(tilt, signed=True)
    if low == high:
        return value, say("all cooperation with {power}, so that the interval has no width", power=a if tilt > 0 else b)
    return value, say("90 % interval {low} to {high}", low=format_end(low), high=format_end(high))
