"""Verdicts: which versions of a question agree, and what independent origins of which weight say of a value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from analysis.measures.checks import MeasureError, check_columns
from analysis.schema.rows import each_row

SUPPORTED, DISPUTED, CONTRADICTED = "supported", "disputed", "contradicted"
SINGLE_SOURCE, NOT_FOUND = "single source", "not found"
VERDICTS = (SUPPORTED, SINGLE_SOURCE, NOT_FOUND, DISPUTED, CONTRADICTED)
"""From the best to the worst: what is claimed of several things stands as the worst of them."""

FOR, AGAINST, PARTLY = "for", "against", "partly"
OFFICIAL_TIER = 1
CARRYING_TIER = 2
"""A page of this tier or a better one carries its origin's words as they are."""

PARTLY_ANSWER = "partly"
_VALUE_COLUMNS = ("kind", "value", "start", "end", "low", "high", "origin")
_ORIGIN_COLUMNS = ("origin", "origin_tier", "page_tier", "stance")
_DAY = pd.Timedelta(days=1)


def compare_values(one: Any, other: Any, tolerance: float = 0.0, *, excludes: bool = True) -> str:
    """Whether a value agrees with another, differs from it, or excludes it.

    Parameters
    ----------
    one, other
        Rows with ``kind`` (date, number, yesno, category), ``value``, ``start`` and ``end`` (first and last day of a
        date), ``low`` and ``high`` (ends of a number).
    tolerance : float
        Days or units by which two ranges may lie apart and still agree.
    excludes : bool
        Whether two values that do not agree exclude each other.

    Returns
    -------
    str
        "for" (they agree), "partly" (they differ and may both hold) or "against" (they cannot both hold). The answer
        "partly" differs from yes and from no without excluding either.

    Raises
    ------
    MeasureError
        If the two are not of one kind.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> month = Row(kind="date", start=pd.Timestamp("2025-11-01"), end=pd.Timestamp("2025-11-30"))
    >>> day = Row(kind="date", start=pd.Timestamp("2025-11-19"), end=pd.Timestamp("2025-11-19"))
    >>> late = Row(kind="date", start=pd.Timestamp("2025-10-21"), end=pd.Timestamp("2025-10-31"))
    >>> compare_values(day, month), compare_values(day, late)
    ('for', 'against')
    >>> compare_values(Row(kind="yesno", value="partly"), Row(kind="yesno", value="yes"))
    'partly'
    """
    if one.kind != other.kind:
        raise MeasureError(f"a {one.kind!r} cannot be compared with a {other.kind!r}")
    if one.kind == "date":
        agree = one.start <= other.end + tolerance * _DAY and other.start <= one.end + tolerance * _DAY
    elif one.kind == "number":
        agree = one.low <= other.high + tolerance and other.low <= one.high + tolerance
    else:
        agree = one.value == other.value
    if agree:
        return FOR
    if not excludes or (one.kind == "yesno" and PARTLY_ANSWER in (one.value, other.value)):
        return PARTLY
    return AGAINST


def create_versions(values: pd.DataFrame, tolerance: float = 0.0) -> pd.DataFrame:
    """Gather the values of one question into versions: those that agree with the finest of them.

    Parameters
    ----------
    values : DataFrame
        ``kind, value, start, end, low, high, origin``, in any order; one question.
    tolerance : float
        As for :func:`compare_values`.

    Returns
    -------
    DataFrame
        The values with ``version`` (0, 1, ...), the row of the finest value of each first. A value so vague that it
        agrees with several versions counts for the first of them, the one that most origins agree with.

    Examples
    --------
    >>> days = pd.to_datetime(["2025-11-19", "2025-11-01", "2025-10-25"])
    >>> ends = pd.to_datetime(["2025-11-19", "2025-11-30", "2025-10-25"])
    >>> values = pd.DataFrame({"kind": "date", "value": "", "start": days, "end": ends, "low": None, "high": None})
    >>> create_versions(values.assign(origin=["TASS", "AFP", "BBC"]))["version"].tolist()
    [0, 0, 1]
    """
    check_columns(values, _VALUE_COLUMNS, "values")
    if values.empty:
        return values.assign(version=pd.Series(dtype="int64"))
    width = (values["end"] - values["start"]).dt.days if values["kind"].iloc[0] == "date" else _widths(values)
    sides = (width.tolist(), *(values[name].tolist() for name in ("start", "low", "value")))
    keys = [[(1, 0) if pd.isna(one) else (0, one) for one in key] for key in zip(*sides, strict=True)]
    finest = sorted(range(len(values)), key=keys.__getitem__)  # what is not known comes last
    given = list(each_row(values))
    rows = [given[place] for place in finest]
    agrees: dict[int, list[bool]] = {}
    for number, one in enumerate(rows):
        if not any(agrees_with[number] for agrees_with in agrees.values()):
            agrees[number] = [compare_values(one, other, tolerance) == FOR for other in rows]
    cores = list(agrees)
    n_origins = {
        core: len({row.origin for row, is_one in zip(rows, agrees[core], strict=True) if is_one}) for core in cores
    }
    cores.sort(key=lambda core: (-n_origins[core], core))
    of = [next(version for version, core in enumerate(cores) if agrees[core][number]) for number in range(len(rows))]
    order = sorted(range(len(rows)), key=lambda number: (of[number], number not in agrees))
    chosen = values.take([finest[number] for number in order]).reset_index(drop=True)
    return chosen.assign(version=[of[number] for number in order])


def keep_voices(pages: pd.DataFrame) -> pd.DataFrame:
    """Pages on an answer beside which others may hold: an origin that gives it is not weaker for giving another too.

    Parameters
    ----------
    pages : DataFrame
        ``origin, stance`` and whatever else.

    Examples
    --------
    >>> pages = pd.DataFrame({"origin": ["AFP", "AFP", "BBC"], "stance": ["for", "partly", "partly"]})
    >>> keep_voices(pages).values.tolist()
    [['AFP', 'for'], ['BBC', 'partly']]
    """
    says_so = pages["origin"].isin(pages.loc[pages["stance"] == FOR, "origin"])
    return pages[~(says_so & (pages["stance"] == PARTLY))]


def weigh_origins(pages: pd.DataFrame) -> pd.DataFrame:
    """Join the pages that carry one origin, so that a copy adds nothing.

    Parameters
    ----------
    pages : DataFrame
        ``origin, origin_tier`` (its own)``, page_tier`` (of the page that carries it)``, stance`` (for, partly,
        against); tiers count from 1, the best.

    Returns
    -------
    DataFrame
        ``origin, stance, tier, n_pages``, one row per origin, sorted by origin. Its tier is its own where a page of
        tier 2 or better carries it, else that of its best page. An origin whose pages do not say the same is "partly".

    Examples
    --------
    >>> pages = pd.DataFrame({"origin": ["AFP", "AFP", "Blog"], "origin_tier": [2, 2, 3], "page_tier": [2, 3, 3]})
    >>> weigh_origins(pages.assign(stance="for")).values.tolist()
    [['AFP', 'for', 2, 2], ['Blog', 'for', 3, 1]]
    """
    return pd.DataFrame(_weigh(pages), columns=["origin", "stance", "tier", "n_pages"])


def _weigh(pages: pd.DataFrame) -> list[tuple[str, str, int, int]]:
    check_columns(pages, _ORIGIN_COLUMNS, "pages")
    carried: dict[str, list[tuple[int, int, str]]] = {}
    for origin, *page in zip(*(pages[name].tolist() for name in _ORIGIN_COLUMNS), strict=True):
        carried.setdefault(origin, []).append(tuple(page))
    rows = []
    for origin in sorted(carried):
        own_tiers, page_tiers, stances = zip(*carried[origin], strict=True)
        best = int(min(page_tiers))
        stance = stances[0] if len(set(stances)) == 1 else PARTLY
        rows.append((origin, stance, int(min(own_tiers)) if best <= CARRYING_TIER else best, len(stances)))
    return rows


def judge(supporting: Sequence[int], opposing: Sequence[int] = (), differing: Sequence[int] = ()) -> str:
    """The verdict on a value from the tiers of the independent origins that say, exclude or differ from it.

    Parameters
    ----------
    supporting, opposing, differing : sequence of int
        One tier per origin: 1 official, 2 reported, 3 copied.

    Returns
    -------
    str
        - ``contradicted``: an origin of a better tier than any that says it excludes it; where none says it, an
          official one or two of any tier.
        - ``supported``: two say it, and none of as good a tier excludes it or differs.
        - ``single source``: one says it, and none excludes it or differs with as good a tier.
        - ``not found``: no origin speaks of it.
        - ``disputed``: anything else.

    Examples
    --------
    >>> judge([2, 2]), judge([2, 2], [1]), judge([1], [1]), judge([2]), judge([])
    ('supported', 'contradicted', 'disputed', 'single source', 'not found')
    >>> judge([2, 2], [3]), judge([2, 2], [2]), judge([], [2, 2])
    ('supported', 'disputed', 'contradicted')
    """
    worst = 99
    best_for, best_against, best_partly = (min(tiers, default=worst) for tiers in (supporting, opposing, differing))
    if not supporting and not opposing and not differing:
        return NOT_FOUND
    if not supporting:
        is_refuted = best_against == OFFICIAL_TIER or len(opposing) > 1
        return CONTRADICTED if is_refuted and not differing else DISPUTED
    if best_against < best_for:
        return CONTRADICTED
    if min(best_against, best_partly) <= best_for:
        return DISPUTED
    return SUPPORTED if len(supporting) > 1 else DISPUTED if opposing else SINGLE_SOURCE


def judge_pages(pages: pd.DataFrame) -> str:
    """The verdict of pages as :func:`weigh_origins` takes them, each origin counted once."""
    weighed = _weigh(pages)
    return judge(*([tier for _, given, tier, _ in weighed if given == stance] for stance in (FOR, AGAINST, PARTLY)))


def judge_measure(low: float | None, high: float | None, is_within: tuple[bool, bool]) -> str:
    """The verdict on a measured value: by where both ends of its interval lie, never by its middle.

    Parameters
    ----------
    low, high : float or None
        Ends of the interval; None where too little is known for one.
    is_within : tuple of bool
        Whether the lower and the upper end are as the statement expects.

    Examples
    --------
    >>> judge_measure(0.2, 0.9, (True, True)), judge_measure(-0.2, 0.9, (False, True))
    ('supported', 'not found')
    >>> judge_measure(None, None, (False, False)), judge_measure(-0.9, -0.2, (False, False))
    ('not found', 'contradicted')
    """
    if low is None or high is None or pd.isna(low) or pd.isna(high):
        return NOT_FOUND
    return SUPPORTED if all(is_within) else NOT_FOUND if any(is_within) else CONTRADICTED


def judge_correlation(value: float | None, p_value: float | None, *, is_positive: bool, level: float) -> str:
    """The verdict on a correlation that a statement expects: by its sign where chance is no good account of it.

    Parameters
    ----------
    value, p_value : float or None
        The correlation and its p-value; None where too little is known for one.
    is_positive : bool
        The sign that the statement expects.
    level : float
        Above this p-value nothing is found.

    Examples
    --------
    >>> judge_correlation(-0.6, 0.01, is_positive=False, level=0.1)
    'supported'
    >>> judge_correlation(-0.2, 0.4, is_positive=False, level=0.1)
    'not found'
    """
    if value is None or p_value is None or p_value >= level:
        return NOT_FOUND
    return SUPPORTED if (value > 0) == is_positive else CONTRADICTED


def combine(verdicts: Iterable[str]) -> str:
    """The verdict on a statement that claims several things at once: the worst of theirs.

    Examples
    --------
    >>> combine(["supported", "disputed"]), combine([])
    ('disputed', 'not found')
    """
    return max(verdicts, key=VERDICTS.index, default=NOT_FOUND)


def _widths(values: pd.DataFrame) -> pd.Series:
    return (values["high"].astype("float64") - values["low"].astype("float64")).fillna(0.0)
