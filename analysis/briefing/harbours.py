"""Sentences and a table on ports, routes, trade partners and investors, each as far as whole years and one unit go."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.holdings import Hub
from analysis.briefing.wording import begin_sentences, label_of, list_names, name_of, spoken
from analysis.exhibit import Exhibit, escape_markdown, link_markdown, show_table, show_text
from analysis.figures.strengths import format_quantity
from analysis.figures.wording import chain
from analysis.language import message, say, say_data, say_number
from analysis.measures.hubs import latest_throughput
from analysis.schema.rows import each_row
from analysis.wording import bound_of, count, format_day, format_month, format_nonzero, join

_MILLION = 1e6
_ORDINALS = {1: message("first"), 2: message("second"), 3: message("third"), 4: message("fourth")}
_QUARTER = re.compile(r"(?P<year>\d{4})Q(?P<quarter>[1-4])")


@spoken
def write_hub(evidence: Evidence, hub: Hub) -> list[str]:
    """Whose port carries what, what the coup changed as far as figures say, whose trade it is, and who invests."""
    routes = [_routes(evidence, hub), _happenings(evidence, hub)]
    return begin_sentences(
        [_own_port(evidence, hub), _quarters(hub), *routes, *_trade(evidence, hub), _investors(evidence, hub)]
    )


@spoken
def table_investors(evidence: Evidence, hub: Hub) -> Exhibit:
    """The projects of the hub by the home of their investors, each size in its own unit; no table without any."""
    if hub.investors.empty:
        return show_text([])
    rows = hub.investors.assign(home=hub.investors["home"].astype("object").fillna(""))
    columns = [
        say("Home of the investor"), say("Entries"), say("Investments"), say("What, and its size or cost as printed"),
    ]  # fmt: skip
    shown = [
        (
            label_of(evidence, str(home)) or say("not known, or several lenders"),
            str(len(own)),
            str(int((own["reading"] == "").sum())),
            _projects(own),
        )
        for home, own in sorted(rows.groupby("home"), key=lambda one: (one[0] == "", -len(one[1]), one[0]))
    ]
    frame = pd.DataFrame(shown, columns=columns).map(str)
    caption = say(
        "Terminals, dry ports, corridors, railways, pipelines and zones of {state} by the home of the investor. Sizes "
        "stand in their own units and are never added; one terminal can stand in several entries. A sale, a right of "
        "access, a gift, a rule or a mere plan is no investment: what it is stands in brackets.",
        state=label_of(evidence, evidence.state),
    )
    if rows.duplicated("row_id").any():
        caption += " " + say(
            "An entry with investors from several homes stands under each of them, so that the rows add up to more "
            "than the {n} entries.",
            n=rows["row_id"].nunique(),
        )
    return show_table(frame, "investors", caption=caption, data=hub.investors)


def _own_port(evidence: Evidence, hub: Hub) -> str:
    state = name_of(evidence, evidence.state)
    latest = latest_throughput(hub.throughput)
    own = latest[latest["state"] == evidence.state]
    if own.empty:
        served = sorted(set(hub.transit.loc[hub.transit["destination"] == evidence.state, "port"]))
        if served:
            ports = join(escape_markdown(say_data(port)) for port in served)
            return say(
                "{state} has no sea port on record; goods for it pass through {ports}.", state=state, ports=ports
            )
        return say("No whole year of a port of {state} is on record.", state=state)
    row = own.iloc[0]
    given = {"port": escape_markdown(say_data(row["port"])), "amount": _amount(row), "year": row["year"]}
    if len(latest) == 1:
        return say("{port} handled {amount} million tonnes in {year}, the latest whole year on record.", **given)
    return say(
        "{port} handled {amount} million tonnes in {year}, the latest whole year on record; by the latest whole years "
        "it is number {place} of {ports} ports, though those years differ.",
        place=own.index[0] + 1,
        ports=len(latest),
        **given,
    )


def _quarters(hub: Hub) -> str:
    """The same quarter before and after the turn, the one comparison across it that parts of years allow."""
    rows = hub.quarters
    days = [pd.Timestamp(year, 3 * quarter - 2, 1) for year, quarter in zip(rows["year"], rows["quarter"], strict=True)]
    begins = pd.Series(days, index=rows.index, dtype="datetime64[ns]")
    sentences = []
    for (port, _, quarter), own in rows.groupby(["port", "state", "quarter"], sort=True):
        begun = begins[own.index]
        if not ((begun < hub.turn).any() and (begun > hub.turn).any()):
            continue
        values = [
            say("{amount} in {year}", amount=format_nonzero(value / _MILLION, 2), year=year)
            for value, year in zip(own["value"], own["year"], strict=True)
        ]
        sentences.append(
            say(
                "In the {quarter} quarter {port} handled, in million tonnes, {amounts}: the same quarter before and "
                "after Niger's coup of {day}.",
                quarter=say(_ORDINALS[int(quarter)]),
                port=escape_markdown(say_data(str(port))),
                amounts=join(values),
                day=format_day(hub.turn),
            )
        )
    return " ".join(sentences)


def _routes(evidence: Evidence, hub: Hub) -> str:
    transit = hub.transit
    own = transit[(transit["state"] == evidence.state) | (transit["destination"] == evidence.state)]
    routes = own if len(own) else transit
    if routes.empty or hub.turn > evidence.end:
        return ""
    pairs = len(routes[["destination", "state", "port"]].drop_duplicates())
    after = routes[(routes["period"] == "after") & routes["low"].notna()]
    day, state = format_day(hub.turn), name_of(evidence, evidence.state)
    if after.empty:
        if len(own):
            return say_number(
                pairs,
                "For the one route by way of or to {state} no source gives a whole year after {day}, so that whether "
                "the coup moved this traffic cannot be read from these figures of whole years.",
                "For none of the {n} routes by way of or to {state} does a source give a whole year after {day}, so "
                "that whether the coup moved this traffic cannot be read from these figures of whole years.",
                state=state, day=day,
            )  # fmt: skip
        return say_number(
            pairs,
            "For the one route of the compared states no source gives a whole year after {day}, so that whether the "
            "coup moved this traffic cannot be read from these figures of whole years.",
            "For none of the {n} routes of the compared states does a source give a whole year after {day}, so that "
            "whether the coup moved this traffic cannot be read from these figures of whole years.",
            day=day,
        )
    given = {"known": len(after[["destination", "state", "port"]].drop_duplicates()), "day": day}
    given["routes"] = count(pairs, "route", "routes")
    if len(own):
        return say("For {known} of the {routes} by way of or to {state} a whole year after {day} is known.",
                   state=state, **given)  # fmt: skip
    return say("For {known} of the {routes} of the compared states a whole year after {day} is known.", **given)


def _happenings(evidence: Evidence, hub: Hub) -> str:
    """What happened on the routes, each with its day and page; of tonnes these sources say nothing."""
    rows = hub.happenings
    own = rows[(rows["state"] == evidence.state) | (rows["destination"] == evidence.state)]
    # A port that a neighbour's traffic left concerns the port that it came to.
    rows = rows[rows["destination"].isin(own["destination"])] if len(own) else rows
    if rows.empty:
        return ""
    parts = [
        say(
            "{when} {what} ({source})",
            when=_when(row),
            what=escape_markdown(say_data(row.says)),
            source=link_markdown(row.outlet, row.url),
        )
        for row in each_row(rows)
    ]
    return say("What happened on the way to {states} is on record, though not in tonnes of whole years: {events}.",
               states=list_names(evidence, sorted(set(rows["destination"]))), events=chain(parts))  # fmt: skip


def _when(row: Any) -> str:
    if row.start == row.end:
        return say("on {day}", day=format_day(row.start))
    first, last = format_month(row.start), format_month(row.end)
    return say("in {month}", month=first) if first == last else say("from {first} to {last}", first=first, last=last)


def _trade(evidence: Evidence, hub: Hub, most: int = 5) -> list[str]:
    sentences = []
    for flow in ("import", "export"):
        rows = hub.partners.get(flow)
        if rows is None:
            continue
        first = rows.iloc[0]
        listed = [
            say("{partner} ({amount})", partner=name_of(evidence, row.partner),
                amount=f"{bound_of(row)}{format_quantity(row.high, row.unit)}")
            for row in each_row(rows.head(most))
        ]  # fmt: skip
        period = _period(first["period"])
        given = {
            "period": say("{period}, a part of a year", period=period) if first["is_part_year"] else period,
            "partners": say("{n} partners set side by side", n=len(rows)), "state": name_of(evidence, evidence.state),
            "amounts": join(listed),
        }  # fmt: skip
        if first["outlets"]:
            outlets = escape_markdown(first["outlets"])
            given["partners"] = say("{n} partners set side by side ({outlets})", n=len(rows), outlets=outlets)
        sentences.append(
            say("In {period}, of the {partners}, {state} bought most from {amounts}; others are not compared.", **given)
            if flow == "import"
            else say(
                "In {period}, of the {partners}, {state} sold most to {amounts}; others are not compared.", **given
            )
        )
    return sentences or [
        say(
            "No trade of {state} with two partners in one period and unit is on record.",
            state=name_of(evidence, evidence.state),
        )
    ]


def _period(period: str) -> str:
    found = _QUARTER.fullmatch(period)
    if not found:
        return escape_markdown(period)
    return say("the {quarter} quarter of {year}", quarter=say(_ORDINALS[int(found["quarter"])]), year=found["year"])


def _investors(evidence: Evidence, hub: Hub) -> str:
    entries = hub.investors["row_id"].nunique()
    investments = hub.investors[hub.investors["reading"] == ""]
    number = investments["row_id"].nunique()
    if not entries:
        return say("No project of a port or corridor of {state} is on record.", state=name_of(evidence, evidence.state))
    homes = investments.groupby("home")["row_id"].nunique()
    counted = say_number(
        entries,
        "{n} entry on its terminals, corridors and zones is on record",
        "{n} entries on its terminals, corridors and zones are on record",
    )
    read = (
        say_number(number, "{n} of them read as an investment", "{n} of them read as investments")
        if number
        else say("none of them read as investments")
    )
    if homes.empty:
        return say(
            "{entries}, {read}, none with the home of an investor; entries are no amounts, and their sizes stand in "
            "units that cannot be added.",
            entries=counted, read=read,
        )  # fmt: skip
    leading = _leading(homes)
    homes_said = join(say("{home} ({n})", home=name_of(evidence, str(home)), n=times) for home, times in leading)
    if len(leading) < len(homes) or homes.nunique() > 1:
        return say(
            "{entries}, {read}, investors most often from {homes}; entries are no amounts, and their sizes stand in "
            "units that cannot be added.",
            entries=counted, read=read, homes=homes_said,
        )  # fmt: skip
    return say(
        "{entries}, {read}, investors from {homes}; entries are no amounts, and their sizes stand in units that cannot "
        "be added.",
        entries=counted, read=read, homes=homes_said,
    )  # fmt: skip


def _leading(homes: pd.Series, most: int = 4) -> list[tuple[str, int]]:
    """The homes with most entries, a few of them unless more share the first place; none of equals is left out.

    Examples
    --------
    >>> _leading(pd.Series({"CHN": 4, "CHE": 3, "SGP": 3, "DEU": 1, "FRA": 1, "NLD": 1}))
    [('CHN', 4), ('CHE', 3), ('SGP', 3)]
    >>> _leading(pd.Series({"BEL": 1, "CHN": 1}))
    [('BEL', 1), ('CHN', 1)]
    """
    ranked = sorted(((str(home), int(times)) for home, times in homes.items()), key=lambda one: (-one[1], one[0]))
    if len(ranked) <= most:
        return ranked
    least = min(ranked[most][1] + 1, ranked[0][1])
    return [one for one in ranked if one[1] >= least]


def _projects(rows: pd.DataFrame, most: int = 20) -> str:
    """The first of the entries in words, and how many more there are."""
    ids, rest = chain(_project(row) for _, row in rows.head(most).iterrows()), len(rows) - most
    return say_number(rest, "{ids} and {n} more", "{ids} and {n} more", ids=ids) if rest > 0 else ids


def _project(row: pd.Series) -> str:
    size = f", {format_quantity(row['value'], row['unit'])}" if pd.notna(row["value"]) and pd.notna(row["unit"]) else ""
    remarks = [say_data(row["reading"])] if row["reading"] else []
    remarks += [say_data(str(row["status"]))] if pd.notna(row["status"]) else []
    # A reading and a status may be one and the same word.
    said = chain([*dict.fromkeys(remarks), *([say("sources differ")] if row["has_conflict"] else [])])
    return f"{say_data(row['name'])}{size}{f' ({said})' if said else ''}"


def _amount(row: pd.Series) -> str:
    low, high = (format_nonzero(row[name] / _MILLION, 1) for name in ("low", "high"))
    bounded = f"{bound_of(row)}{high}"
    return bounded if low == high else say("{low} to {high}", low=low, high=bounded)
