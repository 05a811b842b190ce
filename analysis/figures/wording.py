"""Words that captions and alt texts share, beyond those of the whole package."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

import pandas as pd

from analysis.language import Name, NameList, message, say
from analysis.language.names import as_name
from analysis.language.numbers import format_digits
from analysis.wording import count, format_end, format_number, split_words

ALT_LIMIT = 600
NO_EVENTS = message("no events gathered")

_SOURCE = message("Source: {source}.")
_SOURCE_EVENTS = message("Source: {source}, n = {n}.")
_EMPTY_ALT = message("An empty panel. {reason}")
_RANGE = message("{low} to {high}")
_NO_WIDTH = message("without width")
_SEMICOLON = message("; ")


def name_of(code: str, names: Mapping[str, str]) -> Name:
    """Give the reader's name of an actor, or its code where there is none.

    Examples
    --------
    >>> name_of("FRA", {"FRA": "France"}), name_of("XYZ", {})
    ('France', 'XYZ')
    """
    return as_name(names.get(code) or code).map(one_line)


def list_names(codes: Iterable[object], names: Mapping[str, str], last: str = message("and")) -> NameList:
    """Names of actors for a message that lists them.

    Examples
    --------
    >>> f"{list_names(['FRA', 'XYZ'], {'FRA': 'France'})}"
    'France and XYZ'
    """
    return NameList((name_of(str(code), names) for code in codes), say(last))


def one_line(text: object) -> str:
    """Text from data without line breaks and runs of blanks; no-break spaces stay."""
    return " ".join(split_words(str(text)))


def shorten(text: str, width: int = 45) -> str:
    """Cut a text after a whole word, with an ellipsis, at `width` characters or fewer.

    Examples
    --------
    >>> shorten("French troops leave the base at Port-Bouet, Abidjan.", 30)
    'French troops leave the base…'
    >>> shorten("Putin receives Gnassingbé.")
    'Putin receives Gnassingbé'
    """
    text = one_line(text).removesuffix(".")
    if len(text) <= width:
        return text
    cut = text[: width - 1]
    whole = cut if text[width - 1] == " " else cut.rpartition(" ")[0] or cut
    return whole.rstrip(" ,;:.-–") + "…"


def wrap(text: str, width: int) -> str:
    r"""Break a text into lines of `width` characters or fewer.

    Examples
    --------
    >>> wrap("United Arab Emirates", 12)
    'United Arab\nEmirates'
    """
    return "\n".join(textwrap.wrap(one_line(text), width)) or ""


def is_given(value: object) -> bool:
    """Whether a cell holds a value, a missing number or an empty text being none.

    Examples
    --------
    >>> is_given(0.0), is_given(float("nan")), is_given(None), is_given("")
    (True, False, False, False)
    """
    return not (value is None or value == "" or bool(pd.isna(value)))


def has_no_width(low: float, high: float) -> bool:
    """Whether an interval is a point: then all cooperation is with one power, and it says nothing of certainty.

    Examples
    --------
    >>> has_no_width(1.0, 1.0), has_no_width(0.9, 1.0), has_no_width(float("nan"), float("nan"))
    (True, False, False)
    """
    return is_given(low) and is_given(high) and abs(high - low) < 1e-12


def format_range(low: float, high: float) -> str:
    """Write both ends of an interval of tilts.

    Examples
    --------
    >>> format_range(-0.25, 0.4)
    '−0.25 to +0.40'
    """
    return say(_RANGE, low=format_end(low), high=format_end(high))


def format_interval(low: float, high: float) -> str:
    """Write both ends of the interval of a tilt, or that it is a point and so says nothing of certainty.

    Examples
    --------
    >>> format_interval(-0.25, 0.4), format_interval(-1.0, -1.0)
    ('−0.25 to +0.40', 'without width')
    """
    return say(_NO_WIDTH) if has_no_width(low, high) else format_range(low, high)


def format_amount(value: float) -> str:
    """Write a sum of weights with at most one decimal.

    Examples
    --------
    >>> format_amount(12.0), format_amount(12.345), format_amount(-0.04), format_amount(float("nan"))
    ('12', '12.3', '0', 'not known')
    """
    text = format_number(value, 1)
    return text[:-2] if is_given(value) and text.endswith("0") else text


def count_span(numbers: pd.Series, one: str, many: str) -> str:
    """Write the fewest and the most of some counts.

    Examples
    --------
    >>> events = ("event", "events")
    >>> count_span(pd.Series([3, 12]), *events), count_span(pd.Series([1, 1]), *events)
    ('3 to 12 events', '1 event')
    """
    least, most = int(numbers.min()), int(numbers.max())
    counted = count(most, one, many)
    return counted if least == most else say(_RANGE, low=format_digits(least, 0), high=counted)


def source_line(source: str, n_events: int | None = None) -> str:
    r"""Write the line that names the data.

    Examples
    --------
    >>> source_line("curated events", 68)
    'Source: curated events, n\xa0=\xa068.'
    """
    if n_events is None:
        return say(_SOURCE, source=say(source))
    return say(_SOURCE_EVENTS, source=say(source), n=format_digits(n_events, 0))


def caption_empty(reason: str, source: str, n_events: int | None = None) -> str:
    """Say why there is nothing to draw, and from which data.

    Examples
    --------
    >>> caption_empty("No ties were looked up.", "curated ties")
    'No ties were looked up. Source: curated ties.'
    """
    return f"{say(reason)} {source_line(source, n_events)}"


def alt_empty(reason: str) -> str:
    """Say that a panel is empty, and why.

    Examples
    --------
    >>> alt_empty("No ties were looked up.")
    'An empty panel. No ties were looked up.'
    """
    return say(_EMPTY_ALT, reason=say(reason))


def chain(parts: Iterable[str]) -> str:
    """Set parts of a sentence apart by semicolons, as the spoken language does.

    Examples
    --------
    >>> chain(["Togo 3", "Benin 4"])
    'Togo 3; Benin 4'
    """
    return say(_SEMICOLON).join(parts)


def fit(sentences: Iterable[str], limit: int = ALT_LIMIT) -> str:
    """Join as many of the sentences, most important first, as stay within `limit` characters.

    Examples
    --------
    >>> fit(["First.", "", "Second sentence.", "Third."], 15)
    'First. Third.'
    """
    text = ""
    for sentence in sentences:
        longer = f"{text} {sentence}".strip()
        if len(longer) <= limit or not text:
            text = longer
    return text
