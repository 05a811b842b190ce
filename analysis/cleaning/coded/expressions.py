"""Raw rows of an event file to clean rows, and to rejected ones: expressions over whole tables."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from analysis.cleaning.coded.actors import SIDES, actor_column, role_column
from analysis.cleaning.coded.lookups import context_patterns, dated_codes
from analysis.sources.events.layout import EventLayout

Tables = Mapping[str, ir.Table]

# The clock of a report may be a day behind the event's own time zone.
_DAYS_AHEAD = 1
_SHOWN = 200


def judge_rows(raw: ir.Table, layout: EventLayout, lookups: Tables) -> ir.Table:
    """Every raw row in the columns of the coded events, and the `reason` why it cannot stand.

    Parameters
    ----------
    raw : Table
        Common raw columns of the layout as text, with `file` and `line`.
    layout : EventLayout
        Which columns there are and what codes they hold.
    lookups : mapping of str to Table
        The tables of :func:`analysis.cleaning.coded.lookups.create_lookups`.

    Returns
    -------
    Table
        One row a raw row. `reason` is missing where the row stands.
    """
    missing = ibis.null("string")
    read = {name: raw[name] if name in layout.reads else missing for name in _TEXT}
    keyed = raw.select("file", "line", **read, **_codes(raw, layout))
    table = _joined(keyed, layout, lookups)
    system = layout.codes["actor_state"]
    day, last_day = table.day, ibis.coalesce(table.last_day, table.day)
    typed = table.mutate(
        score=_decimal(table.goldstein),
        latitude=_decimal(table.lat),
        longitude=_decimal(table.lon),
        n_mentions=_whole(table.mentions.re_replace(r"\.0+\z", "") if layout.is_quoted else table.mentions),
    )
    actors = {
        side: ibis.coalesce(typed[f"{side}_actor"], _at_its_day(typed[f"{side}_dated"], day, system)) for side in SIDES
    }
    place_state = _at_its_day(typed.place_code, day, layout.codes["place_state"])
    return typed.select(
        event_id=typed.event_id,
        file=typed.file,
        line=typed.line,
        date_start=day,
        date_end=last_day,
        date_precision=ibis.coalesce(typed.precision, ibis.literal("day")),
        source_actor=actors["source"],
        source_role=typed.source_role,
        target_actor=actors["target"],
        target_role=typed.target_role,
        source_raw=typed.source_raw,
        target_raw=typed.target_raw,
        event_class=typed.event_class,
        cameo_code=typed.cameo_code,
        plover_type=typed.plover_type,
        quad_class=typed.quad_class,
        goldstein=typed.score,
        domain=_domains(typed) if "contexts" in layout.reads else typed.domain,
        place=typed.place,
        place_state=ibis.coalesce(typed.place_steady, place_state),
        lat=typed.latitude,
        lon=typed.longitude,
        mentions=typed.n_mentions,
        reported=typed.report_day,
        url=typed.url,
        summary=typed.summary,
        reason=_reason(typed, layout),
    )


def _decimal(text: ir.StringValue) -> ir.FloatingValue:
    """A decimal number; what else an engine's own cast would take ("1_0", "5d", " 5") differs from engine to engine."""
    return text.re_search(r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z").ifelse(
        text.try_cast("float64"), ibis.null("float64")
    )


def _whole(text: ir.StringValue) -> ir.IntegerValue:
    """A whole number written in digits alone; DuckDB's own cast would round 4.6."""
    number = text.try_cast("int64")
    return (number.cast("string") == text).ifelse(number, ibis.null("int64"))


_TEXT = (
    "date_start", "date_end", "reported", "source_raw", "target_raw", "event_class", "goldstein", "contexts",
    "mentions", "place", "place_code", "lat", "lon", "url", "summary",
)  # fmt: skip


def _joined(keyed: ir.Table, layout: EventLayout, lookups: Tables) -> ir.Table:
    """The raw rows with what every code of theirs means; a lookup has a key once, so no row is doubled."""
    joins = [
        ("day_text", "date_start", "days", "text", {"day": "day"}),
        ("last_day_text", "date_end", "days", "text", {"last_day": "day"}),
        ("report_text", "reported", "days", "text", {"report_day": "day"}),
        ("precision_code", "date_precision_code", "precisions", "code", {"precision": "precision"}),
        ("type_key", "event_id", "types", "code", {name: name for name in ("plover_type", "quad_class", "domain")}),
        ("place_code", "place_code", "places", "code", {"place_steady": "state"}),
    ]
    for side in SIDES:
        known = {f"{side}_actor": "actor", f"{side}_dated": "dated_code"}
        joins.append((f"{side}_key", actor_column(layout, side), "actors", "code", known))
        joins.append((f"{side}_role_key", role_column(layout, side), "roles", "code", {f"{side}_role": "role"}))
    wanted: dict[str, ir.Value] = {}
    table = keyed
    for key, read_from, name, on, columns in joins:
        if read_from not in layout.reads:
            wanted |= dict.fromkeys(columns, ibis.null("date" if name == "days" else "string"))
            continue
        found = {new: lookups[name][old] for new, old in columns.items()}
        right = lookups[name].select(**{f"{key}_found": lookups[name][on]}, **found)
        table = table.left_join(right, keyed[key] == right[f"{key}_found"])
        wanted |= {new: right[new] for new in columns}
        if key == "type_key":
            wanted["known_type"] = right["type_key_found"]
    return table.select(*(keyed[name] for name in keyed.columns), **wanted)


def _codes(raw: ir.Table, layout: EventLayout) -> dict[str, ir.StringValue]:
    """The columns by which rows are joined to the code tables, as those tables write them."""
    missing = ibis.null("string")

    def read(name: str) -> ir.StringValue:
        return raw[name] if name in layout.reads else missing

    def number(name: str) -> ir.StringValue:
        # A table that passed through floating point writes 475 as 475.0.
        return read(name).re_replace(r"\.0+\z", "") if layout.is_quoted and name in layout.reads else read(name)

    def day(name: str) -> ir.StringValue:
        if name not in layout.reads:
            return missing
        if layout.date_format == "%Y%m%d":
            # Only a report has a time of day, in six more digits.
            return raw[name].left(8) if name == "reported" else raw[name]
        if layout.date_format == "%Y-%m-%d":
            is_timed = raw[name].substr(10, 1).isin([" ", "T"])
            return is_timed.ifelse(raw[name].left(10), raw[name])
        # A day with a time of day; engines write back-references of replacements each in their own way.
        timed = raw[name].re_extract(r"^(\d{4}-\d{2}-\d{2})[ T]", 1).nullif("")
        return ibis.coalesce(timed, number(name))

    cameo = read("cameo_code")
    if "cameo_root" in layout.reads:
        # A spreadsheet eats the leading zero of 070; the root then has one digit.
        cameo = (raw["cameo_root"].length() == 1).ifelse(ibis.literal("0").concat(cameo), cameo)
    return {
        "event_id": number("event_id") if layout.id_is_number else read("event_id"),
        "day_text": day("date_start"),
        "last_day_text": day("date_end"),
        "report_text": day("reported"),
        "cameo_code": cameo,
        "type_key": cameo if "cameo_code" in layout.reads else number("type_code"),
        "precision_code": number("date_precision_code"),
        **{f"{side}_key": raw[actor_column(layout, side)] for side in SIDES},
        **{f"{side}_role_key": raw[role_column(layout, side)] for side in SIDES},
    }


def _at_its_day(code: ir.Value, day: ir.Value, system: str) -> ir.StringValue:
    """The state that a code stood for on the day, where its meaning hangs on the day."""
    branches = []
    for dated in dated_codes(system):
        if not dated.state:
            continue
        holds = code == dated.code
        if dated.first:
            holds = holds & (day >= ibis.date(dated.first))
        if dated.last:
            holds = holds & (day <= ibis.date(dated.last))
        branches.append((holds, ibis.literal(dated.state)))
    return ibis.cases(*branches) if branches else ibis.null("string")


def _domains(table: ir.Table) -> ir.StringValue:
    """The domains of a list of contexts, each once, joined by a semicolon."""
    joined = ibis.literal("")
    for domain, pattern in context_patterns().items():
        found = ibis.coalesce(table.contexts.re_search(pattern), ibis.literal(False))
        joined = joined.concat(found.ifelse(f"{domain};", ""))
    return joined.re_replace(";$", "").nullif("")


def _reason(table: ir.Table, layout: EventLayout) -> ir.StringValue:
    """Why a row cannot stand: the first fault, naming the offender and what would be accepted."""
    shown = {"%Y%m%d": "YYYYMMDD", "%Y-%m-%d": "YYYY-MM-DD", "any": "a calendar day"}[layout.date_format]
    faults: list[tuple[ir.BooleanValue, ir.StringValue]] = []

    def fault(holds: ir.BooleanValue, label: str, value: ir.Value, accepted: str) -> None:
        offender = ibis.coalesce(value.cast("string").left(_SHOWN), ibis.literal("(missing)"))
        said = ibis.literal(f"{label} ").concat(offender)
        faults.append((holds, said.concat(f"; {accepted}")))

    fault(table.event_id.isnull(), "event id", table.event_id, "a row has the source's own id")
    if layout.id_is_number:
        fault(~table.event_id.re_search(r"^[0-9]{1,18}\z"), "event id", table.event_id, "a whole number")
    fault(table.day.isnull(), "date", table.date_start, f"a day written as {shown}")
    if "date_end" in layout.reads:
        fault(
            table.date_end.notnull() & (table.last_day < table.day), "last day", table.date_end, "not before the first"
        )
    fault(table.known_type.isnull(), "event type", table.type_key, "a code of the source's codebook")
    if "reported" in layout.reads:
        _fault_of_report(table, layout, shown, fault)
    for name, value, limit, label in (
        ("lat", table.latitude, 90, "latitude"),
        ("lon", table.longitude, 180, "longitude"),
        ("goldstein", table.score, 10, "Goldstein score"),
    ):
        if name in layout.reads:
            # Written so that "not a number" is out of bounds as well.
            wrong = table[name].notnull() & ibis.coalesce(~value.between(-limit, limit), ibis.literal(True))
            fault(wrong, label, table[name], f"between -{limit} and {limit}")
    if "mentions" in layout.reads:
        wrong = table.mentions.notnull() & ibis.coalesce(table.n_mentions < 0, ibis.literal(True))
        fault(wrong, "number of mentions", table.mentions, "a whole number from 0")
    return ibis.cases(*faults)


def _fault_of_report(table: ir.Table, layout: EventLayout, shown: str, fault: object) -> None:
    fault(  # type: ignore[operator]
        table.reported.notnull() & table.report_day.isnull(), "day of report", table.reported,
        f"a day written as {shown}",
    )  # fmt: skip
    delay = table.report_day.delta(table.day, unit="day")
    fault(delay < -_DAYS_AHEAD, "date", table.date_start, "no later than the report")  # type: ignore[operator]
    if layout.max_delay_days is not None:
        late = delay > layout.max_delay_days
        if layout.delay_since:
            late = late & (table.report_day >= ibis.date(layout.delay_since))
        fault(late, "date", table.date_start, f"at most {layout.max_delay_days} days before the report")  # type: ignore[operator]
