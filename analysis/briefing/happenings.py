"""What befell the compared states: coups, suspensions and exits from a bloc, in order of time and in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import reference
from analysis.briefing.evidence import Evidence
from analysis.briefing.memberships import create_spells
from analysis.briefing.selection import coup_kinds
from analysis.briefing.wording import short_names
from analysis.language import message, say
from analysis.schema.rows import each_row
from analysis.wording import format_period, join

_MOST_NAMED = 6
_TYPES = {
    "state": "str", "kind": "str", "organisation": "str", "date_start": "datetime64[ns]", "date_end": "datetime64[ns]",
    "date_precision": "str",
}  # fmt: skip
_HAPPENED = {
    "coup": message("coup ({when})"),
    "coup_attempt": message("coup attempt ({when})"),
    "suspended": message("suspended from {organisation:bare} ({when})"),
    "left": message("left {organisation:bare} ({when})"),
}


def find_happenings(evidence: Evidence) -> pd.DataFrame:
    """Coups in the compared states, and their suspensions and exits from the blocs, within the window.

    Which event classes are a coup says the reference table `coup_classes`, which organisations are blocs
    `network_blocs`. A coup befalls the state that its event is aimed at.

    Returns
    -------
    DataFrame
        ``state, kind`` (coup, coup_attempt, suspended, left)``, organisation`` (of the last two)``, date_start,
        date_end`` (of a time outside, open; of a suspension, missing where no end is known)``, date_precision``, in
        order of time; what is dated by its month or year alone stands at its end.
    """
    kinds, actors = coup_kinds(), evidence.event_actors
    aimed_at: dict[str, dict[str, None]] = {}
    columns = (actors[name].tolist() for name in ("event_id", "position", "state"))
    for event_id, position, state in zip(*columns, strict=True):
        if position == "target":
            aimed_at.setdefault(event_id, {})[state] = None
    told = ["event_id", "event_class", "date_start", "date_end", "date_precision"]
    rows = [
        (state, kinds[event.event_class], "", event.date_start, event.date_end, event.date_precision)
        for event in each_row(evidence.events[told])
        if event.event_class in kinds
        for state in aimed_at.get(event.event_id, ())
    ]
    blocs = set(reference.load("network_blocs")["organisation"])
    for spell in each_row(create_spells(evidence)):
        if spell.organisation in blocs and spell.kind == "suspension":
            rows.append(
                (spell.state, "suspended", spell.organisation, spell.start, spell.end, spell.start_precision)
            )  # fmt: skip
        elif spell.organisation in blocs and spell.kind == "membership" and spell.end >= evidence.start:
            rows.append((spell.state, "left", spell.organisation, spell.end, pd.NaT, spell.end_precision))
    found = [
        row for row in rows if row[0] in evidence.states and row[3] <= evidence.end and not row[4] < evidence.start
    ]
    found.sort(key=lambda row: (_latest_day(row[3], row[5]), row[0], row[1]))
    return pd.DataFrame(found, columns=list(_TYPES)).astype(_TYPES)


def _latest_day(first: pd.Timestamp, precision: str | None) -> pd.Timestamp:
    """The last day of the month or year of which a date says no more: what is dated by the day in it came before."""
    spans = {"month": pd.offsets.MonthEnd(0), "quarter": pd.offsets.QuarterEnd(0), "year": pd.offsets.YearEnd(0)}
    return first + spans[precision] if precision in spans else first


def list_happenings(happenings: pd.DataFrame) -> str:
    """The last of them, and how many came before: a state of many coups would else fill the list."""
    named = [_name_happening(row) for row in each_row(happenings)]
    rest = len(named) - _MOST_NAMED
    if rest <= 0:
        return join(named)
    return say("{happenings} and {n} before", happenings=", ".join(named[-_MOST_NAMED:]), n=rest)


def _name_happening(row: Any) -> str:
    when = format_period(row.date_start, row.date_start, row.date_precision)
    return say(_HAPPENED[row.kind], when=when, organisation=short_names([row.organisation])[row.organisation])
