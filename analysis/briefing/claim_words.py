"""Words on claims: verdicts, grades, stances and answers as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis import reference
from analysis.briefing.ledger import DECIDES
from analysis.language import message, say, say_data, say_number
from analysis.measures.verdicts import (
    AGAINST,
    CONTRADICTED,
    DISPUTED,
    FOR,
    NOT_FOUND,
    PARTLY,
    SINGLE_SOURCE,
    SUPPORTED,
)
from analysis.wording import format_day, format_number, format_period, join

VERDICT_LABELS = {
    SUPPORTED: message("supported"),
    SINGLE_SOURCE: message("single source"),
    NOT_FOUND: message("not found"),
    DISPUTED: message("disputed"),
    CONTRADICTED: message("contradicted"),
}
GRADE_LABELS = {
    "official": message("official"),
    "wire": message("agency"),
    "newspaper": message("newspaper"),
    "aggregator": message("aggregator"),
    "mirror": message("mirror"),
    "party": message("a party's word"),
}
STANCE_LABELS = {
    FOR: message("for"),
    AGAINST: message("against"),
    PARTLY: message("in part"),
    "measured": message("measured"),
}
_BESIDE_IT = message("beside it")
_BESIDE_STANCE = message("beside it: {stance}")
_ANSWERS = {"yes": message("yes"), "no": message("no"), "partly": message("in part")}
_UNGRADED = message("not graded")
_SHOWN_IDS = 4
_AS_OF = message("{answer} as of {day}, not known since")


def name_stance(stance: str, role: str, kind: str) -> str:
    """How evidence speaks: for, against, in part, measured; beside it where it does not decide."""
    said = say(STANCE_LABELS[stance])
    if role == DECIDES:
        return said
    # An event beside a statement happened, which is neither for it nor against it.
    return say(_BESIDE_IT) if kind in ("event", "tilt") else say(_BESIDE_STANCE, stance=said)


def name_origin(origin: str) -> str:
    """An origin as a reader sees it: a described one in the spoken language, an outlet by its own name."""
    is_described = origin in set(reference.load("origins")["origin"]) and not origin.isupper()
    return say_data(origin) if is_described else origin


def name_grade(grade: object) -> str:
    """A grade of an outlet in words."""
    return say(GRADE_LABELS.get(str(grade), _UNGRADED))


def name_value(row: Any) -> str:
    """A normalised value in words: a day or range, a number, an answer, of which day where it may have changed."""
    answer = _name_answer(row)
    as_of = getattr(row, "as_of", pd.NaT)
    return say(_AS_OF, answer=answer, day=format_day(as_of)) if pd.notna(as_of) else answer


def _name_answer(row: Any) -> str:
    if row.kind == "date":
        return format_period(row.start, row.end, row.date_precision)
    if row.kind == "number":
        low, high = (format_number(end, 0) for end in (row.low, row.high))
        return low if low == high else say("{low} to {high}", low=low, high=high)
    if row.kind == "yesno":
        return say(_ANSWERS[row.value])
    labels = reference.load("claim_answers").set_index("answer")["label"]
    return say_data(str(labels.get(row.value, row.value)))


def shorten_ids(ids: Iterable[str], most: int = _SHOWN_IDS) -> str:
    """A few identifiers, and how many more there are."""
    listed = list(dict.fromkeys(ids))
    text = ", ".join(listed[:most])
    rest = len(listed) - most
    return say_number(rest, "{ids} and {n} more", "{ids} and {n} more", ids=text) if rest > 0 else text


def count_versions(versions: pd.DataFrame) -> str:
    """How many versions there are, and on how many pages: one page may answer several questions.

    Pages are left out where a version names none, for then nobody knows how many there are.

    Examples
    --------
    >>> count_versions(pd.DataFrame({"claim_id": ["C1", "C2", "C2", "C3"], "url": ["a", "b", "b", "b"]}))
    '3 versions on 2 pages'
    """
    said = say_number(versions["claim_id"].nunique(), "{n} version", "{n} versions")
    if versions["url"].isna().any():
        return said
    pages = say_number(versions["url"].nunique(), "{n} page", "{n} pages")
    return say("{versions} on {pages}", versions=said, pages=pages)


def list_verdicts(statements: pd.DataFrame) -> str:
    """How many statements have which verdict, for a sentence that lists them."""
    counts = statements["verdict"].value_counts()
    said = {
        SUPPORTED: lambda n: say_number(n, "{n} is supported", "{n} are supported"),
        SINGLE_SOURCE: lambda n: say_number(n, "{n} rests on a single source", "{n} rest on a single source"),
        DISPUTED: lambda n: say_number(n, "{n} is disputed", "{n} are disputed"),
        CONTRADICTED: lambda n: say_number(n, "{n} is contradicted", "{n} are contradicted"),
        NOT_FOUND: lambda n: say_number(n, "for {n} the data cannot say", "for {n} the data cannot say"),
    }
    return join(say_it(int(counts[verdict])) for verdict, say_it in said.items() if verdict in counts)
