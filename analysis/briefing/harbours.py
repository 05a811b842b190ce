"""Sentences and a table on ports, routes, trade partners and investors, each as far as whole years and one unit go."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.holdings import Hub
from analysis.briefing.wording import begin_sentences, name_of
from analysis.exhibit import Exhibit, escape_markdown, show_table
from analysis.figures.strengths import format_quantity
from analysis.measures.hubs import latest_throughput
from analysis.wording import AT_LEAST, count, format_day, format_month, format_number, join

_MILLION = 1e6


def write_hub(evidence: Evidence, hub: Hub) -> list[str]:
    """Whose port carries what, what the coup changed as far as figures say, whose trade it is, and who invests."""
    routes = [_routes(evidence, hub), _happenings(evidence, hub)]
    return begin_sentences(
        [_own_port(evidence, hub), _quarters(hub), *routes, *_trade(evidence, hub), _investors(evidence, hub)]
    )


def table_investors(evidence: Evidence, hub: Hub) -> Exhibit:
    """The projects of the hub by the home of their investors, each size in its own unit."""
    rows = hub.investors.assign(home=hub.investors["home"].astype("object").fillna(""))
    shown = [
        {
            "Home of the investor": evidence.names.get(str(home), str(home)) or "not known, or several lenders",
            "Entries": len(own),
            "Investments": int((own["reading"] == "").sum()),
            "What, and its size or cost as printed": "; ".join(_project(row) for _, row in own.iterrows()),
        }
        for home, own in sorted(rows.groupby("home"), key=lambda one: (one[0] == "", -len(one[1]), one[0]))
    ]
    columns = ["Home of the investor", "Entries", "Investments", "What, and its size or cost as printed"]
    frame = pd.DataFrame(shown, columns=columns).map(str)
    state = evidence.names[evidence.state]
    caption = (
        f"Terminals, dry ports, corridors, railways, pipelines and zones of {state} by the home of the investor. Sizes "
        "stand in their own units and are never added; one terminal can stand in several entries. A sale, a right of "
        "access, a gift, a rule or a mere plan is no investment: what it is stands in brackets."
    )
    if not len(frame):
        frame = pd.DataFrame([["none on record", "0", "0", ""]], columns=columns)
    return show_table(frame, "investors", caption=caption, data=hub.investors)


def _own_port(evidence: Evidence, hub: Hub) -> str:
    state = name_of(evidence, evidence.state)
    latest = latest_throughput(hub.throughput)
    own = latest[latest["state"] == evidence.state]
    if own.empty:
        served = sorted(set(hub.transit.loc[hub.transit["destination"] == evidence.state, "port"]))
        if served:
            return f"{state} has no sea port on record; goods for it pass through {join(map(escape_markdown, served))}."
        return f"No whole year of a port of {state} is on record."
    row = own.iloc[0]
    place = latest.index[latest["port"] == row["port"]][0]
    handled = f"{escape_markdown(row['port'])} handled {_amount(row)} million tonnes in {row['year']}"
    rank = f"by the latest whole years it is number {place + 1} of {len(latest)} ports, though those years differ"
    others = f"; {rank}" if len(latest) > 1 else ""
    return f"{handled}, the latest whole year on record{others}."


def _quarters(hub: Hub) -> str:
    """The same quarter before and after the turn, the one comparison across it that parts of years allow."""
    rows = hub.quarters
    days = [pd.Timestamp(year, 3 * quarter - 2, 1) for year, quarter in zip(rows["year"], rows["quarter"], strict=True)]
    begins = pd.Series(days, index=rows.index, dtype="datetime64[ns]")
    sentences = []
    for (port, quarter), own in rows.groupby(["port", "quarter"], sort=True):
        begun = begins[own.index]
        if not ((begun < hub.turn).any() and (begun > hub.turn).any()):
            continue
        values = [
            f"{format_number(value / _MILLION, 2)} in {year}"
            for value, year in zip(own["value"], own["year"], strict=True)
        ]
        sentences.append(
            f"In quarter {quarter} {escape_markdown(str(port))} handled, in million tonnes, {join(values)}: "
            f"the same quarter before and after Niger's coup of {format_day(hub.turn)}."
        )
    return " ".join(sentences)


def _routes(evidence: Evidence, hub: Hub) -> str:
    transit = hub.transit
    own = transit[(transit["state"] == evidence.state) | (transit["destination"] == evidence.state)]
    routes = own if len(own) else transit
    if routes.empty or hub.turn > evidence.end:
        return ""
    pairs = len(routes[["destination", "port"]].drop_duplicates())
    after = routes[(routes["period"] == "after") & routes["low"].notna()]
    whose = f"by way of or to {name_of(evidence, evidence.state)}" if len(own) else "of the compared states"
    if after.empty:
        head = (
            f"For none of the {pairs} routes {whose} does a source give"
            if pairs > 1
            else f"For the one route {whose} no source gives"
        )
        return (
            f"{head} a whole year after {format_day(hub.turn)}, so that whether the coup moved this traffic cannot be "
            "read from these figures of whole years."
        )
    known = len(after[["destination", "port"]].drop_duplicates())
    return f"For {known} of the {count(pairs, 'route')} {whose} a whole year after {format_day(hub.turn)} is known."


def _happenings(evidence: Evidence, hub: Hub) -> str:
    """What happened on the routes, each with its day and page; of tonnes these sources say nothing."""
    rows = hub.happenings
    own = rows[(rows["state"] == evidence.state) | (rows["destination"] == evidence.state)]
    # A port that a neighbour's traffic left concerns the port that it came to.
    rows = rows[rows["destination"].isin(own["destination"])] if len(own) else rows
    if rows.empty:
        return ""
    parts = [
        f"{_when(row)} {escape_markdown(row.says)} ([{escape_markdown(row.outlet)}]({row.url}))"
        for row in rows.itertuples()
    ]
    return f"What happened on these routes is on record, though not in tonnes of whole years: {'; '.join(parts)}."


def _when(row: Any) -> str:
    if row.start == row.end:
        return f"on {format_day(row.start)}"
    first, last = format_month(row.start), format_month(row.end)
    return f"in {first}" if first == last else f"from {first} to {last}"


def _trade(evidence: Evidence, hub: Hub, most: int = 5) -> list[str]:
    sentences = []
    for flow, verb in (("import", "bought most from"), ("export", "sold most to")):
        rows = hub.partners.get(flow)
        if rows is None:
            continue
        first = rows.iloc[0]
        listed = [
            f"{name_of(evidence, row.partner)} "
            f"({AT_LEAST if row.is_least else ''}{format_quantity(row.high, row.unit)})"
            for row in rows.head(most).itertuples()
        ]  # fmt: skip
        part = ", a part of a year" if first["is_part_year"] else ""
        outlet = f" ({escape_markdown(first['outlets'])})" if first["outlets"] else ""
        sentences.append(
            f"In {escape_markdown(first['period'])}{part}, of the {len(rows)} partners set side by side{outlet}, "
            f"{name_of(evidence, evidence.state)} {verb} {join(listed)}; others are not compared."
        )
    return sentences or [
        f"No trade of {name_of(evidence, evidence.state)} with two partners in one period and unit is on record."
    ]


def _investors(evidence: Evidence, hub: Hub) -> str:
    entries = hub.investors["row_id"].nunique()
    investments = hub.investors[hub.investors["reading"] == ""]
    number = investments["row_id"].nunique()
    if not entries:
        return f"No project of a port or corridor of {name_of(evidence, evidence.state)} is on record."
    homes = investments["home"].value_counts()
    ranked = sorted(homes.items(), key=lambda one: (-one[1], str(one[0])))[:4]
    said = join(f"{name_of(evidence, str(home))} ({times})" for home, times in ranked)
    verb = "is" if entries == 1 else "are"
    text = (
        f"{count(entries, 'entry', 'entries')} on its terminals, corridors and zones {verb} on record, "
        f"{number or 'none'} of them read as {'an investment' if number == 1 else 'investments'}"
    )
    homes_said = f", investors most often from {said}" if ranked else ", none with the home of an investor"
    return f"{text}{homes_said}; entries are no amounts, and their sizes stand in units that cannot be added."


def _project(row: pd.Series) -> str:
    size = f", {format_quantity(row['value'], row['unit'])}" if pd.notna(row["value"]) and pd.notna(row["unit"]) else ""
    remarks = [row["reading"]] if row["reading"] else []
    remarks += [str(row["status"])] if pd.notna(row["status"]) else []
    said = "; ".join([*remarks, *(["sources differ"] if row["has_conflict"] else [])])
    return f"{row['name']}{size}{f' ({said})' if said else ''}"


def _amount(row: pd.Series) -> str:
    low, high = (format_number(row[name] / _MILLION, 1) for name in ("low", "high"))
    high = f"{AT_LEAST}{high}" if row["is_least"] else high
    return high if low == high.removeprefix(AT_LEAST) else f"{low} to {high}"
