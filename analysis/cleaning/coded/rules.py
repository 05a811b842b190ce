"""Which rows tell the same event: named rules, and the dyad-months of what stands."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from analysis.errors import UnknownNameError

DUPLICATE_RULES: dict[str, tuple[str, ...]] = {
    "event": ("event_id", "date_start"),
    "story": ("date_start", "source_raw", "target_raw", "type_code", "place"),
    "one_a_day": ("date_start", "source_raw", "target_raw", "type_code"),
    "none": (),
}
"""Rule -> the columns that two rows of one source must share to be one event.

``event``: the source's own id on one day (ICEWS ids alone are not unique); the id alone where a later edition of the
source tells its events again (ACLED, UCDP GED), for it may have put the day right. ``story``: the same day,
actors, code and place, as when several outlets tell one story. ``one_a_day``: the filter of the
conflict literature, one event a day of one kind between two actors. ``none``: every row stands.
Actors are compared as the source codes them, so that two groups of one state stay two.
"""

LASTING_RULE = "event"
"""The rule under which an id that lasts is one event whatever the day."""

_ORDER = ("first_known", "file", "line")


def check_rule(name: str) -> str:
    """The name of a rule.

    Raises
    ------
    UnknownNameError
        If there is no such rule.
    """
    if name not in DUPLICATE_RULES:
        raise UnknownNameError("rule of duplicates", name, DUPLICATE_RULES)
    return name


def find_duplicates(events: ir.Table, rule: str, *, ids_last: bool = False) -> ir.Table:
    """The rows that a rule merges: `file`, `line`, `event_id`, and the row that stands for them.

    Of the rows that are one event the first reported stands; then the order of file names and lines decides. Where ids
    last, the row of the last file stands under the rule ``event``, and of its rows the last: a later edition is right.
    Columns: file, line, event_id, date_start, kept_file, kept_line, kept_id.

    Parameters
    ----------
    events : Table
        Coded events of one source; all of them where ids last.
    rule : str
        Name of the rule, of :data:`DUPLICATE_RULES`.
    ids_last : bool
        Whether the source tells an event again under its id in a later edition.
    """
    keyed = events.mutate(
        type_code=ibis.coalesce(events.cameo_code, events.event_class, events.plover_type),
        first_known=ibis.coalesce(events.reported, events.date_start),
    )
    keys = list(DUPLICATE_RULES[check_rule(rule)])
    order: list[ir.Value | ibis.Deferred] = [ibis._[name] for name in _ORDER]
    if ids_last and rule == LASTING_RULE:
        keys, order = ["event_id"], [ibis.desc("file"), ibis.desc("line")]
    counted = keyed.group_by(keys).agg(n_same=keyed.count())
    counted = counted.filter(counted.n_same > 1)
    # Only the few rows with a double are sorted; a missing key equals a missing key.
    right = counted.select(**{f"same_{key}": counted[key] for key in keys})
    doubles = keyed.semi_join(right, [keyed[key].identical_to(right[f"same_{key}"]) for key in keys])
    window = ibis.window(group_by=keys, order_by=order)
    ranked = doubles.mutate(
        place_in_order=ibis.row_number().over(window),
        kept_file=doubles.file.first().over(window),
        kept_line=doubles.line.first().over(window),
        kept_id=doubles.event_id.first().over(window),
    )
    ranked = ranked.filter(ranked.place_in_order > 0)
    return ranked.select("file", "line", "event_id", "date_start", "kept_file", "kept_line", "kept_id")


def create_dyad_months(events: ir.Table) -> ir.Table:
    """Events per month and directed pair of actors; rows that lack either actor are left out.

    Sums of Goldstein scores are kept in thousandths, as whole numbers, so that their order cannot matter.
    Columns: month, source_actor, target_actor, n_events, n_scored, cooperation_milli, conflict_milli,
    and the counts n_verbal_cooperation, n_material_cooperation, n_verbal_conflict, n_material_conflict.
    """
    paired = events.filter(events.source_actor.notnull() & events.target_actor.notnull())
    milli = (paired.goldstein * 1000).round().cast("int64")
    paired = paired.mutate(month=paired.date_start.truncate("M"), milli=milli)
    return paired.group_by("month", "source_actor", "target_actor").agg(
        n_events=paired.count(),
        n_scored=paired.milli.count(),
        cooperation_milli=ibis.coalesce(paired.milli.sum(where=paired.milli > 0), ibis.literal(0)),
        conflict_milli=-ibis.coalesce(paired.milli.sum(where=paired.milli < 0), ibis.literal(0)),
        **{
            f"n_{quad}": paired.count(where=paired.quad_class == quad)
            for quad in ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
        },
    )
