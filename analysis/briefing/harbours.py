"""Sentences and a table on ports, routes, trade partners and investors, each as far as whole years and one unit go."""

from __future__ import annotations

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.holdings import Hub
from analysis.briefing.wording import name_of
from analysis.exhibit import Exhibit, escape_markdown, show_table
from analysis.figures.strengths import format_quantity
from analysis.measures.hubs import latest_throughput
from analysis.wording import count, format_day, format_number, join

_MILLION = 1e6


def write_hub(evidence: Evidence, hub: Hub) -> list[str]:
    """Whose port carries what, what the coup changed as far as figures say, whose trade it is, and who invests."""
    sentences = [_own_port(evidence, hub), _quarters(hub), _routes(evidence, hub), *_trade(evidence, hub)]
    return [sentence for sentence in [*sentences, _investors(evidence, hub)] if sentence]


def table_investors(evidence: Evidence, hub: Hub) -> Exhibit:
    """The projects of the hub by the home of their investors, each size in its own unit."""
    rows = hub.investors.assign(home=hub.investors["home"].astype("object").fillna(""))
    shown = [
        {
            "Home of the investor": evidence.names.get(str(home), str(home)) or "not known, or several lenders",
            "Entries": len(own),
            "What, and its size or cost as printed": "; ".join(_project(row) for _, row in own.iterrows()),
        }
        for home, own in sorted(rows.groupby("home"), key=lambda one: (one[0] == "", -len(one[1]), one[0]))
    ]
    columns = ["Home of the investor", "Entries", "What, and its size or cost as printed"]
    frame = pd.DataFrame(shown, columns=columns).map(str)
    state = evidence.names[evidence.state]
    caption = (
        f"Terminals, dry ports, corridors, railways, pipelines and zones of {state} by the home of the investor. Sizes "
        "stand in their own units and are never added; one terminal can stand in several entries."
    )
    if not len(frame):
        frame = pd.DataFrame([["none on record", "0", ""]], columns=columns)
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
            f"the one comparison across Niger's coup of {format_day(hub.turn)} that the figures allow."
        )
    return " ".join(sentences)


def _routes(evidence: Evidence, hub: Hub) -> str:
    transit = hub.transit
    own = transit[(transit["state"] == evidence.state) | (transit["destination"] == evidence.state)]
    routes = own if len(own) else transit
    if routes.empty:
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
            "read from these figures."
        )
    known = len(after[["destination", "port"]].drop_duplicates())
    return f"For {known} of the {count(pairs, 'route')} {whose} a whole year after {format_day(hub.turn)} is known."


def _trade(evidence: Evidence, hub: Hub, most: int = 5) -> list[str]:
    sentences = []
    for flow, verb in (("import", "bought most from"), ("export", "sold most to")):
        rows = hub.partners.get(flow)
        if rows is None:
            continue
        first = rows.iloc[0]
        listed = [
            f"{name_of(evidence, row.partner)} ({format_quantity(row.high, row.unit)})"
            for row in rows.head(most).itertuples()
        ]  # fmt: skip
        part = ", a part of a year" if first["is_part_year"] else ""
        outlet = f" ({escape_markdown(first['outlets'])})" if first["outlets"] else ""
        sentences.append(
            f"In {escape_markdown(first['period'])}{part}, of the {len(rows)} partners set side by side{outlet}, "
            f"{name_of(evidence, evidence.state)} {verb} {join(listed)}."
        )
    return sentences or [
        f"No trade of {name_of(evidence, evidence.state)} with two partners in one period and unit is on record."
    ]


def _investors(evidence: Evidence, hub: Hub) -> str:
    entries = hub.investors["row_id"].nunique()
    if not entries:
        return f"No project of a port or corridor of {name_of(evidence, evidence.state)} is on record."
    homes = hub.investors["home"].value_counts()
    ranked = sorted(homes.items(), key=lambda one: (-one[1], str(one[0])))[:4]
    said = join(f"{name_of(evidence, str(home))} ({number})" for home, number in ranked)
    verb = "is" if entries == 1 else "are"
    text = f"{count(entries, 'entry', 'entries')} on its terminals, corridors and zones {verb} on record"
    homes_said = f", investors most often from {said}" if ranked else ", none with the home of an investor"
    return f"{text}{homes_said}; entries are no amounts, and their sizes stand in units that cannot be added."


def _project(row: pd.Series) -> str:
    size = f", {format_quantity(row['value'], row['unit'])}" if pd.notna(row["value"]) and pd.notna(row["unit"]) else ""
    return f"{row['name']}{size}{' (sources differ)' if row['has_conflict'] else ''}"


def _amount(row: pd.Series) -> str:
    low, high = (format_number(row[name] / _MILLION, 1) for name in ("low", "high"))
    return low if low == high else f"{low} to {high}"
