"""The judgements of raw rows as expressions: each adds to a table what some of its columns come to."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from analysis.cleaning.coded.actors import actor_column, role_column
from analysis.cleaning.coded.lookups import FIRST_DAY, context_patterns, dated_codes, days_of_change
from analysis.sources.events.layout import EventLayout

Tables = Mapping[str, ir.Table]

# The clock of a report may be a day behind the event's own time zone.
_DAYS_AHEAD = 1
_SHOWN = 200
_SHOWN_DAYS = {"%Y%m%d": "YYYYMMDD", "%Y-%m-%d": "YYYY-MM-DD", "any": "YYYY-MM-DD or DD Month YYYY"}


def add_id(rows: ir.Table, layout: EventLayout) -> ir.Table:
    """What is wrong with the event's id, and the id where it is not as it was read."""
    event_id = rows.event_id
    if layout.id_is_number and layout.is_quoted:
        rows = rows.mutate(id=_number(event_id, layout))
        event_id = rows.id
    faults = [(event_id.isnull(), _fault("event id", event_id, "a row has the source's own id"))]
    if layout.id_is_number:
        faults.append((~event_id.re_search(r"^[0-9]{1,18}\z"), _fault("event id", event_id, "a whole number")))
    return rows.mutate(id_fault=ibis.cases(*faults))


def add_days(rows: ir.Table, layout: EventLayout, lookups: Tables) -> ir.Table:
    """First and last day, how precise they are, what is wrong with them, and the era.

    The era stands for the day where only the meaning of codes matters: it is the last day by then on which one changed.
    """
    rows = _look_up(rows, _day_text(rows.date_start, layout), lookups["days"], {"day": "day"})
    last_day = rows.day
    faults = [
        (rows.day.isnull(), _fault("date", rows.date_start, f"a day written as {_SHOWN_DAYS[layout.date_format]}"))
    ]
    if "date_end" in layout.reads:
        rows = _look_up(rows, _day_text(rows.date_end, layout), lookups["days"], {"end_day": "day"})
        last_day = ibis.coalesce(rows.end_day, rows.day)
        faults.append((rows.end_day < rows.day, _fault("last day", rows.date_end, "not before the first")))
    precision = ibis.literal("day")
    if "date_precision_code" in layout.reads:
        code = _number(rows.date_precision_code, layout)
        rows = _look_up(rows, code, lookups["precisions"], {"precision": "precision"})
        precision = ibis.coalesce(rows.precision, precision)
    changes = days_of_change(layout.codes["actor_state"]) | days_of_change(layout.codes["place_state"])
    eras = [(rows.day >= ibis.date(first), ibis.date(first)) for first in sorted({FIRST_DAY, *changes}, reverse=True)]
    return rows.mutate(last_day=last_day, precision=precision, era=ibis.cases(*eras), day_fault=ibis.cases(*faults))


def add_type(rows: ir.Table, layout: EventLayout, lookups: Tables) -> ir.Table:
    """The type of the event in the source's own codes and in the common ones, and what is wrong with it."""
    says = {"plover_type": "plover_type", "quad_class": "quad_class"}
    if "contexts" not in layout.reads:
        says["domain"] = "domain"
    if "cameo_code" in layout.reads:
        key = rows.cameo_code
        if "cameo_root" in layout.reads:
            # A spreadsheet eats the leading zero of 070; the root then has one digit.
            key = (rows.cameo_root.length() == 1).ifelse(ibis.literal("0").concat(key), key)
        rows = rows.mutate(cameo=key)
        key = rows.cameo
    else:
        key = _number(rows.type_code, layout)
    rows = _look_up(rows.mutate(type_key=key), key, lookups["types"], {"known_type": "code", **says})
    fault = _fault("event type", rows.type_key, "a code of the source's codebook")
    return rows.mutate(type_fault=ibis.cases((rows.known_type.isnull(), fault))).drop("type_key", "known_type")


def add_report(rows: ir.Table, layout: EventLayout, lookups: Tables) -> ir.Table:
    """The day of the report, and what is wrong with it."""
    rows = _look_up(rows, _day_text(rows.reported, layout, is_report=True), lookups["days"], {"report_day": "day"})
    wrong = rows.reported.notnull() & rows.report_day.isnull()
    fault = _fault("day of report", rows.reported, f"a day written as {_SHOWN_DAYS[layout.date_format]}")
    return rows.mutate(report_fault=ibis.cases((wrong, fault)))


def add_delay(rows: ir.Table, layout: EventLayout) -> ir.Table:
    """What is wrong with the time from event to report."""
    delay = rows.report_day.delta(rows.day, unit="day")
    faults = [(delay < -_DAYS_AHEAD, _fault("date", rows.date_start, "no later than the report"))]
    if layout.max_delay_days is not None:
        late = delay > layout.max_delay_days
        if layout.delay_since:
            late = late & (rows.report_day >= ibis.date(layout.delay_since))
        accepted = f"at most {layout.max_delay_days} days before the report"
        faults.append((late, _fault("date", rows.date_start, accepted)))
    return rows.mutate(delay_fault=ibis.cases(*faults))


def add_actor(rows: ir.Table, side: str, layout: EventLayout, lookups: Tables) -> ir.Table:
    """Who acts, or is acted upon, and in what role."""
    key, role_key = rows[actor_column(layout, side)], rows[role_column(layout, side)]
    rows = _look_up(rows, key, lookups["actors"], {"actor": "actor", "dated_code": "dated_code"})
    rows = _look_up(rows, role_key, lookups["roles"], {f"{side}_role": "role"})
    actor = ibis.coalesce(rows.actor, _in_its_era(rows.dated_code, rows.era, layout.codes["actor_state"]))
    return rows.mutate(**{f"{side}_actor": actor}).drop("actor", "dated_code")


def add_place(rows: ir.Table, layout: EventLayout, lookups: Tables) -> ir.Table:
    """In which state the event took place."""
    rows = _look_up(rows, rows.place_code, lookups["places"], {"steady": "state"})
    state = ibis.coalesce(rows.steady, _in_its_era(rows.place_code, rows.era, layout.codes["place_state"]))
    return rows.mutate(place_state=state).drop("steady")


def add_number(rows: ir.Table, name: str, says: str, limit: int, label: str) -> ir.Table:
    """A decimal number and whether it is out of bounds."""
    text = rows[name]
    # What else an engine's own cast would take ("1_0", "5d", " 5") differs from engine to engine.
    is_number = text.re_search(r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z")
    value = is_number.ifelse(text.try_cast("float64"), ibis.null("float64"))
    # Written so that "not a number" is out of bounds as well.
    wrong = text.notnull() & ibis.coalesce(~value.between(-limit, limit), ibis.literal(True))
    fault = _fault(label, text, f"between -{limit} and {limit}")
    return rows.mutate(**{says: value, f"{name}_fault": ibis.cases((wrong, fault))})


def add_mentions(rows: ir.Table, layout: EventLayout) -> ir.Table:
    """The number of mentions, in digits alone (DuckDB's own cast would round 4.6), and what is wrong with it."""
    text = _number(rows.mentions, layout)
    number = text.try_cast("int64")
    value = (number.cast("string") == text).ifelse(number, ibis.null("int64"))
    wrong = rows.mentions.notnull() & ibis.coalesce(value < 0, ibis.literal(True))
    fault = _fault("number of mentions", rows.mentions, "a whole number from 0")
    return rows.mutate(n_mentions=value, mentions_fault=ibis.cases((wrong, fault)))


def add_domains(rows: ir.Table) -> ir.Table:
    """The domains of a list of contexts, each once, joined by a semicolon."""
    joined = ibis.literal("")
    for domain, pattern in context_patterns().items():
        found = ibis.coalesce(rows.contexts.re_search(pattern), ibis.literal(False))
        joined = joined.concat(found.ifelse(f"{domain};", ""))
    return rows.mutate(domain=joined.re_replace(";$", "").nullif(""))


def _look_up(rows: ir.Table, key: ir.Value, lookup: ir.Table, says: Mapping[str, str]) -> ir.Table:
    """Rows with what a key of theirs means; a lookup has a key once, so no row is doubled."""
    keyed = rows.mutate(wanted_key=key)
    meanings = lookup.select(found_key=lookup[lookup.columns[0]], **{new: lookup[old] for new, old in says.items()})
    return keyed.left_join(meanings, keyed.wanted_key == meanings.found_key).drop("wanted_key", "found_key")


def _fault(label: str, value: ir.StringValue, accepted: str) -> ir.StringValue:
    """A fault in words, naming the offender and what would be accepted."""
    offender = ibis.coalesce(value.left(_SHOWN), ibis.literal("(missing)"))
    return ibis.literal(f"{label} ").concat(offender).concat(f"; {accepted}")


def _number(text: ir.StringValue, layout: EventLayout) -> ir.StringValue:
    """The text of a number: a table that passed through floating point writes 475 as 475.0."""
    return text.re_replace(r"\.0+\z", "") if layout.is_quoted else text


def _day_text(text: ir.StringValue, layout: EventLayout, *, is_report: bool = False) -> ir.StringValue:
    """A day as the layout's table of days writes it, without a time of day."""
    if layout.date_format == "%Y%m%d":
        # Only a report has a time of day, in six more digits.
        return text.left(8) if is_report else _number(text, layout)
    if layout.date_format == "%Y-%m-%d":
        return text.substr(10, 1).isin([" ", "T"]).ifelse(text.left(10), text)
    # Engines write back-references of replacements each in their own way.
    timed = text.re_extract(r"^(\d{4}-\d{2}-\d{2})[ T]", 1).nullif("")
    return ibis.coalesce(timed, _number(text, layout))


def _in_its_era(code: ir.StringValue, era: ir.DateValue, system: str) -> ir.StringValue:
    """The state that a code stood for in an era, where its meaning hangs on the day."""
    branches = []
    for dated in dated_codes(system):
        if not dated.state:
            continue
        holds = code == dated.code
        if dated.first:
            holds = holds & (era >= ibis.date(dated.first))
        if dated.last:
            holds = holds & (era <= ibis.date(dated.last))
        branches.append((holds, ibis.literal(dated.state)))
    return ibis.cases(*branches) if branches else ibis.null("string")
