"""Partial dates and date ranges: what each form means, and what is refused."""

from __future__ import annotations

import calendar
import datetime as dt
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cleaning.dates import parse_date_range, parse_partial
from analysis.errors import RowError
from analysis.paths import RAW
from analysis.schema import DATE_PRECISIONS

days = st.dates(dt.date(1800, 1, 1), dt.date(2199, 12, 31))
forms = st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"])


@pytest.mark.parametrize(
    ("start", "end", "precision", "first", "last", "expected"),
    [
        ("2021", "", "", "2021-01-01", "2021-12-31", "year"),
        ("2024-02", "", "", "2024-02-01", "2024-02-29", "month"),
        ("2021-03-05", "", "", "2021-03-05", "2021-03-05", "day"),
        ("2021-03", "", "month", "2021-03-01", "2021-03-31", "month"),
        ("2022-01", "2022-01", "month", "2022-01-01", "2022-01-31", "month"),
        ("2025-12-20", "", "week", "2025-12-20", "2025-12-26", "week"),
        ("2023-07-18", "2023-07-18", "week", "2023-07-18", "2023-07-24", "week"),
        ("2021-03-14", "2021-03-14", "month", "2021-03-14", "2021-04-13", "month"),
        ("2022-06-01", "2022-07-20", "quarter", "2022-06-01", "2022-07-20", "quarter"),
        ("2022-03-24", "2022-03-25", "week", "2022-03-24", "2022-03-25", "week"),
        ("2022-01", "", "quarter", "2022-01-01", "2022-03-31", "quarter"),
        ("2021", "2021-06", "", "2021-01-01", "2021-06-30", "year"),
        ("2021-12-30", "2022-01-02", "", "2021-12-30", "2022-01-02", "day"),
    ],
)
def test_a_form_means_its_days(start: str, end: str, precision: str, first: str, last: str, expected: str) -> None:
    found = parse_date_range(start, end, precision)
    assert (found.start, found.end, found.precision) == (pd.Timestamp(first), pd.Timestamp(last), expected)


@pytest.mark.parametrize(
    "text",
    ["2021-02-30", "20261345", "2021-13", "21", "21-03-05", "late October", "", "2021-3", "0021", "2021/03/05", "٢٠٢١"],
)
def test_what_is_no_date_is_named(text: str) -> None:
    with pytest.raises(RowError, match="YYYY-MM-DD") as caught:
        parse_partial(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize(
    ("start", "end", "precision", "message"),
    [
        ("2021-03-05", "2021-03-04", "", "'2021-03-04' lies before the start '2021-03-05'"),
        ("2021-03-05", "", "fortnight", "'fortnight' is not known; accepted: day, week"),
        ("2021-12", "", "day", "'2021-12' gives the month only"),
        ("2021-12", "", "week", "the precision says 'week'"),
        ("", "2021", "", "the start date is empty though the end is '2021'"),
        ("2021-01-01", "late October", "", "'late October'"),
    ],
)
def test_what_is_no_range_is_refused(start: str, end: str, precision: str, message: str) -> None:
    with pytest.raises(RowError, match=message):
        parse_date_range(start, end, precision)


@given(days, forms)
def test_a_date_lies_within_each_of_its_forms(day: dt.date, form: str) -> None:
    found = parse_partial(day.strftime(form))
    assert found.start <= pd.Timestamp(day) <= found.end
    assert found.precision == {"%Y": "year", "%Y-%m": "month", "%Y-%m-%d": "day"}[form]


@given(days)
def test_a_month_has_the_days_of_the_calendar(day: dt.date) -> None:
    found = parse_partial(day.strftime("%Y-%m"))
    assert (found.end - found.start).days + 1 == calendar.monthrange(day.year, day.month)[1]


@given(days, days, forms, forms)
def test_a_range_spans_both_its_dates(a: dt.date, b: dt.date, form_a: str, form_b: str) -> None:
    first, last = sorted([a, b])
    found = parse_date_range(first.strftime(form_a), last.strftime(form_b))
    assert found.start <= pd.Timestamp(first) <= pd.Timestamp(last) <= found.end


@given(days, st.sampled_from(DATE_PRECISIONS))
def test_a_coarser_precision_never_gives_fewer_days(day: dt.date, precision: str) -> None:
    found = parse_date_range(day.isoformat(), precision=precision)
    lengths = {"day": (1, 1), "week": (7, 7), "month": (28, 31), "quarter": (89, 92), "year": (365, 366)}
    least, most = lengths[precision]
    assert found.start == pd.Timestamp(day)
    assert least <= (found.end - found.start).days + 1 <= most


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_a_row_error(text: str) -> None:
    if re.fullmatch(r"(1[89]|2[01])[0-9]{2}(-(0[1-9]|1[0-2]))?", text.strip()):
        assert parse_partial(text).start.strftime("%Y-%m").startswith(text.strip())
    elif not re.fullmatch(r"[0-9-]{10}", text.strip()):
        with pytest.raises(RowError) as caught:
            parse_partial(text)
        assert repr(text) in str(caught.value)


@pytest.mark.parametrize("name", ["togo_events.csv", "region_events.csv", "security_events.csv"])
def test_every_event_of_the_facts_is_dated(name: str) -> None:
    frame = pd.read_csv(RAW / name, dtype=str, keep_default_na=False)
    ranges = [
        parse_date_range(*row) for row in frame[["date_start", "date_end", "date_precision"]].itertuples(index=False)
    ]
    assert [found.precision for found in ranges] == list(frame["date_precision"])
    assert all(found.start <= found.end for found in ranges)
