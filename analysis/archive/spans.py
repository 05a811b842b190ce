"""Which days the files of a source speak of, so that a month without events and a month without a file stay apart."""

from __future__ import annotations

from itertools import takewhile

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.errors import UnknownNameError
from analysis.language import say
from analysis.sources.events import LAYOUTS, EventLayout
from analysis.wording import join

STATUSES = ("events", "no events", "no file", "out of coverage")

# A row reported the day after is of the file's own day; later ones look back from it.
_ON_TIME_DAYS = 1
# Where a file holds nothing for longer, nothing shows that it speaks of the time between.
_LONGEST_SILENCE = pd.Timedelta(days=366)
WHOLE_SHARE = 0.9
"""A month counts as covered if at least this share of its days lies within a file."""


def layout_of(source_name: str) -> EventLayout:
    """The layout of a source's raw files.

    Raises
    ------
    UnknownNameError
        If no layout is of that source.
    """
    for layout in LAYOUTS:
        if layout.source_name == source_name:
            return layout
    raise UnknownNameError("source of events", source_name, {layout.source_name for layout in LAYOUTS})


def title_of(source_name: str) -> str:
    """The reader's name of a source.

    Examples
    --------
    >>> title_of("gdelt2"), title_of("ucdp_ged"), title_of("curated")
    ('GDELT 2.0', 'UCDP GED', 'curated')
    """
    for layout in LAYOUTS:
        if layout.source_name == source_name:
            return " ".join(takewhile(lambda word: not word.islower(), layout.title.split()))
    return source_name


def create_file_spans(events: ir.Table, layout: EventLayout) -> ir.Table:
    """First and last day by file and year, of the rows that are of the file's own time.

    Where a source reports daily, rows dated earlier than the day before the report look back and
    are left out: one quarter of an hour of GDELT reaches back months without covering them.
    Columns: file, year, first_day, last_day.
    """
    rows = events
    if layout.max_delay_days is not None and "reported" in layout.reads:
        is_own = rows.reported.isnull() | (rows.reported.delta(rows.date_start, unit="day") <= _ON_TIME_DAYS)
        if layout.delay_since:
            is_own = is_own | (rows.reported < ibis.date(layout.delay_since))
        rows = rows.filter(is_own)
    return rows.group_by("file", year=rows.date_start.year()).agg(
        first_day=rows.date_start.min(), last_day=rows.date_start.max()
    )


def join_spans(file_spans: pd.DataFrame) -> pd.DataFrame:
    """The days that files speak of, as spans that neither touch nor overlap: first_day, last_day.

    Parameters
    ----------
    file_spans : DataFrame
        file, first_day, last_day; several rows a file. Days between two rows of one file count if
        they are at most 366.

    Examples
    --------
    >>> rows = pd.DataFrame([("a", "2020-01-05", "2020-12-30"), ("a", "2021-01-02", "2021-03-01"),
    ...                      ("b", "2021-03-02", "2021-03-02"), ("b", "2023-06-01", "2023-06-02")],
    ...                     columns=["file", "first_day", "last_day"])
    >>> join_spans(rows).astype(str).to_numpy().tolist()
    [['2020-01-05', '2021-03-02'], ['2023-06-01', '2023-06-02']]
    """
    spans = pd.DataFrame(
        {
            "file": file_spans["file"],
            "first_day": pd.to_datetime(file_spans["first_day"]).astype("datetime64[s]"),
            "last_day": pd.to_datetime(file_spans["last_day"]).astype("datetime64[s]"),
        }
    ).sort_values(["file", "first_day"], kind="stable", ignore_index=True)
    before = spans.groupby("file")["last_day"].shift()
    gap = spans["first_day"] - before
    spans["first_day"] = before.where(before.notna() & (gap <= _LONGEST_SILENCE), spans["first_day"])
    spans = spans.sort_values(["first_day", "last_day"], ignore_index=True)
    reached = spans["last_day"].cummax().shift()
    begins = reached.isna() | (spans["first_day"] > reached + pd.Timedelta(days=1))
    joined = spans.groupby(begins.cumsum()).agg(first_day=("first_day", "min"), last_day=("last_day", "max"))
    return joined.reset_index(drop=True)


def covered_months(
    spans: pd.DataFrame, start: pd.Timestamp | str, end: pd.Timestamp | str, share: float = WHOLE_SHARE
) -> pd.DatetimeIndex:
    """First days of the whole months of a window of which nearly all days lie within the spans.

    Examples
    --------
    >>> spans = pd.DataFrame({"first_day": ["2020-01-02"], "last_day": ["2020-02-20"]})
    >>> [str(month.date()) for month in covered_months(spans, "2020-01-01", "2020-03-31")]
    ['2020-01-01']
    """
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    months = pd.date_range(first, last, freq="MS")
    months = months[months + pd.offsets.MonthEnd(0) <= last]
    days = _covered_days(spans, first, last)
    n_covered = days.to_period("M").start_time.value_counts().reindex(months, fill_value=0)
    return months[(n_covered >= share * months.days_in_month).to_numpy()]


def count_covered_days(spans: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> int:
    """How many of the days from one to another lie within the spans."""
    return len(_covered_days(spans, first, last))


def name_status(
    n_events: int, n_covered_days: int, covers: tuple[str, str], first: pd.Timestamp, last: pd.Timestamp
) -> str:
    """Why a source has what it has from one day to another, one of :data:`STATUSES`.

    Examples
    --------
    >>> day, other = pd.Timestamp("2014-01-01"), pd.Timestamp("2014-12-31")
    >>> name_status(0, 0, ("2015-02-18", ""), day, other), name_status(0, 0, ("1979-01-01", ""), day, other)
    ('out of coverage', 'no file')
    >>> name_status(0, 300, ("1979-01-01", ""), day, other), name_status(7, 0, ("1979-01-01", ""), day, other)
    ('no events', 'events')
    """
    if n_events:
        return "events"
    if (covers[0] and last < pd.Timestamp(covers[0])) or (covers[1] and first > pd.Timestamp(covers[1])):
        return "out of coverage"
    return "no events" if n_covered_days else "no file"


def describe_spans(spans: pd.DataFrame, most: int = 3) -> str:
    """The spans in words; of many only how many, and the first and last day.

    Examples
    --------
    >>> describe_spans(pd.DataFrame({"first_day": ["2020-01-02"], "last_day": ["2020-02-20"]}))
    '2020-01-02 to 2020-02-20'
    """
    days = [(pd.Timestamp(row.first_day), pd.Timestamp(row.last_day)) for row in spans.itertuples()]
    if len(days) > most:
        first, last = days[0][0], days[-1][1]
        return say("{n} stretches from {start} to {end}",
                   n=len(days), start=f"{first:%Y-%m-%d}", end=f"{last:%Y-%m-%d}")  # fmt: skip
    return join(
        f"{a:%Y-%m-%d}" if a == b else say("{start} to {end}", start=f"{a:%Y-%m-%d}", end=f"{b:%Y-%m-%d}")
        for a, b in days
    )


def _covered_days(spans: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    begins = pd.to_datetime(spans["first_day"]).clip(lower=first)
    ends = pd.to_datetime(spans["last_day"]).clip(upper=last)
    ranges = [pd.date_range(begin, end) for begin, end in zip(begins, ends, strict=True) if begin <= end]
    return pd.DatetimeIndex([day for days in ranges for day in days])
