"""What is judged of a raw row: each judgement reads a few of its columns, and all together make it a coded event.

An engine may judge every row, or each combination of values once: what a judgement says hangs on what it reads alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import ibis
import ibis.expr.types as ir

from analysis.cleaning.coded import expressions
from analysis.cleaning.coded.actors import SIDES, actor_column, role_column
from analysis.sources.events.layout import EventLayout

FAULTS = (
    "id_fault", "day_fault", "type_fault", "report_fault", "delay_fault", "lat_fault", "lon_fault", "goldstein_fault",
    "mentions_fault",
)  # fmt: skip
"""The columns that say why a row cannot stand; the first that says anything is its reason."""

FOUND_IN = {
    "event_id": ("id", "string"),
    "file": ("file", "string"),
    "line": ("line", "int64"),
    "date_start": ("day", "date"),
    "date_end": ("last_day", "date"),
    "date_precision": ("precision", "string"),
    "source_actor": ("source_actor", "string"),
    "source_role": ("source_role", "string"),
    "target_actor": ("target_actor", "string"),
    "target_role": ("target_role", "string"),
    "source_raw": ("source_raw", "string"),
    "target_raw": ("target_raw", "string"),
    "event_class": ("event_class", "string"),
    "cameo_code": ("cameo", "string"),
    "plover_type": ("plover_type", "string"),
    "quad_class": ("quad_class", "string"),
    "goldstein": ("score", "float64"),
    "domain": ("domain", "string"),
    "place": ("place", "string"),
    "place_state": ("place_state", "string"),
    "lat": ("latitude", "float64"),
    "lon": ("longitude", "float64"),
    "mentions": ("n_mentions", "int64"),
    "reported": ("report_day", "date"),
    "url": ("url", "string"),
    "summary": ("summary", "string"),
}
"""Column of the coded events -> the column in which it is found, and its type.

What no judgement says is as it was read, and missing where it was not read.
"""


@dataclass(frozen=True)
class Judgement:
    """What some columns of a row come to, whatever its other columns hold.

    Attributes
    ----------
    reads : tuple of str
        Raw columns, and columns that earlier judgements say.
    add : callable
        From a table with at least these columns to the same with those it says.
    """

    reads: tuple[str, ...]
    add: Callable[[ir.Table], ir.Table]


def judge_rows(raw: ir.Table, layout: EventLayout, lookups: Mapping[str, ir.Table]) -> ir.Table:
    """Every raw row in the columns of the coded events, and the `reason` why it cannot stand.

    Parameters
    ----------
    raw : Table
        Common raw columns of the layout as text, with `file` and `line`.
    layout : EventLayout
        Which columns there are and what codes they hold.
    lookups : mapping of str to Table
        The tables of :data:`analysis.cleaning.coded.lookups.LOOKUP_SCHEMAS`.

    Returns
    -------
    Table
        One row a raw row. `reason` is missing where the row stands.
    """
    table = raw
    for judgement in create_judgements(layout, lookups):
        table = judgement.add(table)
    columns = {}
    for name, (found_in, kind) in FOUND_IN.items():
        there = [column for column in (found_in, name) if column in table.columns]
        columns[name] = table[there[0]] if there else ibis.null(kind)
    return table.select(**columns, reason=ibis.coalesce(*(table[name] for name in FAULTS if name in table.columns)))


def create_judgements(layout: EventLayout, lookups: Mapping[str, ir.Table]) -> list[Judgement]:
    """All that is judged of a layout's rows, each after those whose words it reads.

    Examples
    --------
    >>> from analysis.sources.events.gdelt import GDELT2
    >>> [judgement.reads for judgement in create_judgements(GDELT2, {})][:3]
    [('event_id',), ('date_start',), ('cameo_code', 'cameo_root')]
    """
    found = [
        Judgement(("event_id",), partial(expressions.add_id, layout=layout)),
        Judgement(
            ("date_start", "date_end", "date_precision_code"),
            partial(expressions.add_days, layout=layout, lookups=lookups),
        ),
        Judgement(
            ("cameo_code", "cameo_root", "type_code"), partial(expressions.add_type, layout=layout, lookups=lookups)
        ),
    ]
    if "reported" in layout.reads:
        found.append(Judgement(("reported",), partial(expressions.add_report, layout=layout, lookups=lookups)))
        found.append(Judgement(("date_start", "day", "report_day"), partial(expressions.add_delay, layout=layout)))
    for side in SIDES:
        columns = (actor_column(layout, side), role_column(layout, side), "era")
        found.append(Judgement(columns, partial(expressions.add_actor, side=side, layout=layout, lookups=lookups)))
    found.append(Judgement(("place_code", "era"), partial(expressions.add_place, layout=layout, lookups=lookups)))
    for name, says, limit, label in (
        ("lat", "latitude", 90, "latitude"),
        ("lon", "longitude", 180, "longitude"),
        ("goldstein", "score", 10, "Goldstein score"),
    ):
        if name in layout.reads:
            found.append(
                Judgement((name,), partial(expressions.add_number, name=name, says=says, limit=limit, label=label))
            )
    if "mentions" in layout.reads:
        found.append(Judgement(("mentions",), partial(expressions.add_mentions, layout=layout)))
    if "contexts" in layout.reads:
        found.append(Judgement(("contexts",), expressions.add_domains))
    said = {"day", "era", "report_day"}
    return [
        Judgement(tuple(dict.fromkeys(name for name in one.reads if name in said or name in layout.reads)), one.add)
        for one in found
    ]
