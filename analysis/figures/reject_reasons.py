"""Why a row of an event file was rejected, as cleaning writes it, told to the reader in the spoken language.

The reasons stand in the tables in English, with the value that offended. They are taken apart here into the forms
that they were written in, so that nothing of the tables hangs on a language.
"""

from __future__ import annotations

import re

from analysis.figures.terms import match_terms
from analysis.figures.wording import one_line
from analysis.language import message, say, say_data
from analysis.language.numbers import format_digits
from analysis.wording import join

_VALUED = message("{label} {value}; {accepted}")
_KIND = message("{label} (accepted: {accepted})")
_LABELS = {
    "event id": message("event id"),
    "date": message("date"),
    "last day": message("last day"),
    "event type": message("event type"),
    "day of report": message("day of report"),
    "latitude": message("latitude"),
    "longitude": message("longitude"),
    "Goldstein score": message("Goldstein score"),
    "number of mentions": message("number of mentions"),
}
_ACCEPTED = (
    message("a row has the source's own id"),
    message("a whole number"),
    message("a whole number from 0"),
    message("a day written as {form}"),
    message("not before the first"),
    message("no later than the report"),
    message("at most {n} days before the report"),
    message("a code of the source's codebook"),
    message("between {low} and {high}"),
)
_TERMS = (
    message("has {n} fields; a line of this file has {numbers}"),
    message("has another number of fields"),
    message("field {n} holds a NUL byte; text has none"),
    message("holds a NUL byte"),
    message("field {n} holds bytes that are not UTF-8"),
    message("holds bytes that are not UTF-8"),
    message("is longer than {n} bytes; no line of an event file is"),
    message("is longer than {n} bytes"),
    message("is longer than {n} characters; no line of an event file is"),
    message("is longer than {n} characters"),
    message("is no line of a CSV file ({error})"),
    message("is no line of a CSV file"),
    message("opens a quote that does not close within its record"),
    message("{column} has {n} characters; at most {most} are accepted"),
    message("{column} has {n} characters"),
    message("its header {fault}"),
    message("line {n} should be its header, and lacks {columns}"),
    message("the archive holds {n} files; an event file is packed alone"),
    message("the archive holds {n} files"),
    message("the archive's file {name} leads out of its folder"),
    message("the archive's file leads out of its folder"),
    message("the archive is encrypted; put the plain file in its place"),
    message("the archive is encrypted"),
    message("the archive expands to {n} bytes; the limit is {most}"),
    message("the archive expands to {n} bytes"),
    message("the archive expands beyond the limit of {most} bytes"),
    message("a broken archive ({error}); fetch it again"),
    message("a broken archive"),
)
_SAID = {
    one: one for one in (message("YYYYMMDD"), message("YYYY-MM-DD"), message("a calendar day"), message("(missing)"))
}
_LABEL = "|".join(_LABELS)
_WITH_VALUE = re.compile(rf"({_LABEL}) (.*); (.+?)")
_WITHOUT_VALUE = re.compile(rf"({_LABEL}) \(accepted: (.+)\)")
_NUMBER = re.compile(r"\d{1,3}(,\d{3})+|\d+")


def say_reason(text: object) -> str:
    r"""Tell a reason of the table of rejects, or a kind of them as :mod:`analysis.archive.quality` names it.

    Examples
    --------
    >>> say_reason("date 20060731; at most 300 days before the report")
    'date 20060731; at most 300 days before the report'
    >>> from analysis.language import speaking
    >>> with speaking("fr"):
    ...     say_reason("longitude (accepted: between -180 and 180)")
    'longitude (admis\xa0: entre -180 et 180)'
    """
    given = one_line(text)
    if found := _WITH_VALUE.fullmatch(given):
        value = say(_SAID[found[2]]) if found[2] in _SAID else found[2]
        return say(_VALUED, label=say(_LABELS[found[1]]), value=value, accepted=_say_accepted(found[3]))
    if found := _WITHOUT_VALUE.fullmatch(given):
        return say(_KIND, label=say(_LABELS[found[1]]), accepted=_say_accepted(found[2]))
    for term, values in match_terms(given, _TERMS):
        return say(term, **{name: _say_value(name, value) for name, value in values.items()})
    return say_data(given)


def _say_accepted(text: str) -> str:
    for term, values in match_terms(text, _ACCEPTED):
        return say(term, **{name: say(_SAID[value]) if value in _SAID else value for name, value in values.items()})
    return say_data(text)


def _say_value(name: str, value: str) -> str:
    if name == "fault":  # of a header, which is a line as any other
        return say_reason(value)
    if name == "numbers":
        return join(value.split(" or "), "or")
    return format_digits(int(value.replace(",", "")), 0) if _NUMBER.fullmatch(value) else value
