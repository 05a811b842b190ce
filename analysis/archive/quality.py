"""What the coded events of one source are worth: years, actors, delays, duplicates and rejects, counted.

Functions of events take a table of an engine and return one, so that they count as many rows as there are.
"""

from __future__ import annotations

import re
from collections import Counter

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.archive.ledger import Ledger
from analysis.cleaning.coded import DUPLICATE_RULES, find_duplicates

DELAYS = ("before the event", "same day", "1 to 7 days", "8 to 31 days", "32 to 300 days", "over 300 days")
"""Spans of days between event and report, none in two."""

COLLECTED = "coded afterwards"
"""The span of rows of a source's early years that were coded years later in one go: their delay says nothing."""

NO_REPORT = "not known"
_LAST_DAYS = (-1, 0, 7, 31, 300)
_LABELS = (
    "event id", "date", "last day", "event type", "day of report", "latitude", "longitude", "Goldstein score",
    "number of mentions",
)  # fmt: skip
_WITH_VALUE = re.compile(rf"^({'|'.join(_LABELS)}) .*; (.+?)$", re.DOTALL)
_QUOTED = re.compile(r"'[^']*'|\([^)]*\)")
_NUMBER = re.compile(r"(?<![\w-])\d[\d,]*")


def count_years(events: ir.Table) -> ir.Table:
    """Events by year: `year`, `n_events`, `n_days` with any, `first_day` and `last_day`.

    Examples
    --------
    >>> import datetime
    >>> days = [datetime.date(2020, 1, 1), datetime.date(2020, 1, 1), datetime.date(2021, 5, 3)]
    >>> count_years(ibis.memtable({"date_start": days})).to_pyarrow()["n_events"].to_pylist()
    [2, 1]
    """
    return (
        events.group_by(year=events.date_start.year())
        .agg(
            n_events=events.count(),
            n_days=events.date_start.nunique(),
            first_day=events.date_start.min(),
            last_day=events.date_start.max(),
        )
        .order_by("year")
    )


def count_actors(events: ir.Table) -> ir.Table:
    """Events by actor: as source, as target, as place, and in any of the three (each event once).

    Columns: actor, n_as_source, n_as_target, n_as_place, n_events, first_day, last_day; the most frequent first.
    """
    named = name_actors(events)
    return (
        named.group_by("actor")
        .agg(
            **{f"n_as_{part}": named.count(where=named.part == part) for part in ("source", "target", "place")},
            n_events=named.count(where=named.is_first),
            first_day=named.date_start.min(),
            last_day=named.date_start.max(),
        )
        .order_by([ibis.desc("n_events"), "actor"])
    )


def name_actors(events: ir.Table) -> ir.Table:
    """Each event once for every part in which it names an actor; `is_first` for one of an actor's parts in it."""

    def named(code: ir.Value, part: str, earlier: list[ir.Value]) -> ir.Table:
        is_first = ibis.and_(*(~ibis.coalesce(code == other, ibis.literal(False)) for other in earlier))
        return events.select(
            actor=code,
            part=ibis.literal(part),
            is_first=is_first if earlier else ibis.literal(True),
            date_start=events.date_start,
            date_end=events.date_end,
        ).filter(lambda rows: rows.actor.notnull())

    source, target, place = events.source_actor, events.target_actor, events.place_state
    return ibis.union(
        named(source, "source", []), named(target, "target", [source]), named(place, "place", [source, target])
    )


def count_missing_actors(events: ir.Table) -> ir.Table:
    """One row: how many events have an actor of the reviewed tables on each side, and a role.

    Columns: n_events; n_both, n_no_source (a target alone), n_no_target, n_neither, which sum to n_events;
    n_unnamed_source and n_unnamed_target, where the file itself names nobody; n_source_role, n_target_role.
    """
    no_source, no_target = events.source_actor.isnull(), events.target_actor.isnull()
    return events.agg(
        n_events=events.count(),
        n_both=events.count(where=~no_source & ~no_target),
        n_no_source=events.count(where=no_source & ~no_target),
        n_no_target=events.count(where=~no_source & no_target),
        n_neither=events.count(where=no_source & no_target),
        n_unnamed_source=events.count(where=events.source_raw.isnull()),
        n_unnamed_target=events.count(where=events.target_raw.isnull()),
        n_source_role=events.source_role.count(),
        n_target_role=events.target_role.count(),
    )


def count_delays(events: ir.Table, collected_until: str = "") -> ir.Table:
    """Events by the days between event and report: `delay`, one of :data:`DELAYS` or beside them, and `n_events`.

    Parameters
    ----------
    events : Table
        Coded events of one source.
    collected_until : str
        Rows reported before this day (ISO date) were coded afterwards, in one go.
    """
    days = events.reported.delta(events.date_start, unit="day")
    branches = [(events.reported.isnull(), ibis.literal(NO_REPORT))]
    if collected_until:
        branches.append((events.reported < ibis.date(collected_until), ibis.literal(COLLECTED)))
    branches += [(days <= last, ibis.literal(name)) for name, last in zip(DELAYS, _LAST_DAYS, strict=False)]
    delay = ibis.cases(*branches, else_=ibis.literal(DELAYS[-1]))
    return events.group_by(delay=delay).agg(n_events=events.count()).order_by("delay")


def count_duplicates(events: ir.Table, *, ids_last: bool = False) -> ir.Table:
    """How many of the rows each rule of :data:`analysis.cleaning.coded.DUPLICATE_RULES` would merge into others.

    Columns: rule, n_merged. A rule that the build has applied already finds none of its own.

    Parameters
    ----------
    events : Table
        Coded events of one source.
    ids_last : bool
        Whether the source tells an event again under its id in a later edition.
    """
    counted = [
        find_duplicates(events, rule, ids_last=ids_last).agg(n_merged=ibis._.count()).mutate(rule=ibis.literal(rule))
        for rule, keys in DUPLICATE_RULES.items()
        if keys
    ]
    return ibis.union(*(one.select("rule", "n_merged") for one in counted))


def count_rejects(rejects: pd.DataFrame) -> pd.DataFrame:
    """Rejected rows by source and by kind of reason, the most frequent first.

    Parameters
    ----------
    rejects : DataFrame
        source_name, file, reason.

    Returns
    -------
    DataFrame
        source_name, kind, n_rows, n_files, example (a reason of the kind in full, the first of them in the alphabet).

    Examples
    --------
    >>> rows = pd.DataFrame({"source_name": "gdelt2", "file": "a", "reason": ["date 1; a day", "date 2; a day"]})
    >>> count_rejects(rows)[["kind", "n_rows", "example"]].to_numpy().tolist()
    [['date (accepted: a day)', 2, 'date 1; a day']]
    """
    if rejects.empty:
        return pd.DataFrame(columns=["source_name", "kind", "n_rows", "n_files", "example"])
    counted = (
        rejects.assign(kind=rejects["reason"].map(name_reason))
        .groupby(["source_name", "kind"], as_index=False)
        .agg(n_rows=("reason", "size"), n_files=("file", "nunique"), example=("reason", "min"))
    )
    return counted.sort_values(["n_rows", "source_name", "kind"], ascending=[False, True, True], ignore_index=True)


def name_reason(reason: str) -> str:
    """The kind of a reason: what was wrong and what is accepted, without the value that offended.

    Examples
    --------
    >>> name_reason("date 20060731; at most 300 days before the report")
    'date (accepted: at most 300 days before the report)'
    >>> name_reason("has 57 fields; a line of this file has 61"), name_reason("field 6 holds a NUL byte; text has none")
    ('has another number of fields', 'holds a NUL byte')
    >>> name_reason("the archive's file '../x.csv' leads out of its folder")
    "the archive's file leads out of its folder"
    """
    valued = _WITH_VALUE.match(reason)
    if valued:
        return f"{valued[1]} (accepted: {valued[2]})"
    if re.match(r"has \d+ fields", reason):
        return "has another number of fields"
    head = re.sub(r"^field \d+ ", "", reason.partition(";")[0])
    apostrophe = head.replace("archive's", "archive\N{RIGHT SINGLE QUOTATION MARK}s")
    plain = _NUMBER.sub("N", _QUOTED.sub("", apostrophe)).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(plain.split())


def count_merged(ledger: Ledger, source_name: str, first_year: int, last_year: int) -> int:
    """Rows of some years that the build has merged by its own rule."""
    return sum(
        sum(year.merged.values())
        for year in ledger.years.values()
        if year.source_name == source_name and first_year <= year.year <= last_year
    )


def count_unknown_codes(ledger: Ledger, source_name: str) -> pd.DataFrame:
    """Codes of a source that no reviewed table knows: system, code, n_rows, the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    for batch in ledger.batches.values():
        if batch.source_name == source_name:
            for system, code, n_rows in batch.unknown_codes:
                counts[system, code] += n_rows
    rows = [(system, code, n_rows) for (system, code), n_rows in counts.items()]
    frame = pd.DataFrame(rows, columns=["system", "code", "n_rows"])
    return frame.sort_values(["n_rows", "system", "code"], ascending=[False, True, True], ignore_index=True)
