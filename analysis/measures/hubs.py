"""Ports and corridors: throughput side by side, who depends on which transit state, who invests in the hub."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.measures.checks import check_columns
from analysis.measures.trade_figures import PRINTED_AT_LEAST, PRINTED_AT_MOST
from analysis.measures.windows import Day, as_day
from analysis.schema.rows import each_row

NIGER_COUP = "2023-07-26"
_PORT_COLUMNS = ("row_id", "port", "state", "start", "end", "measure", "destination", "value", "unit", "is_event",
                 "has_conflict", "outlet", "url", "note")  # fmt: skip
_PERIOD = re.compile(r"\bperiod: (\d{4}Q[1-4])\b")
_PART = re.compile(r"\bperiod:")
_OF_IMPORTS = re.compile(r"percent of (?:\w+ )*imports$")
_FIGURE_COLUMNS = ["year", "unit", "low", "high", "is_least", "is_most", "has_conflict", "outlets", "urls",
                   "row_ids"]  # fmt: skip


def create_throughput(
    port_figures: pd.DataFrame, readings: pd.DataFrame, as_of: Day, *, measure: str = "throughput_tonnes",
    unit: str = "tonnes",
) -> pd.DataFrame:  # fmt: skip
    """Set the ports side by side, year by year.

    Parameters
    ----------
    port_figures : DataFrame
        The table `port_figures`.
    readings : DataFrame
        The reviewed table `port_readings`: row_id, reading ("before", "left out").
    as_of : Timestamp or ISO date
        Only years that had ended by this day count.
    measure, unit : str
        What is counted, and the one unit in which.

    Returns
    -------
    DataFrame
        ``port, state, year, unit, low, high, is_least`` (the source prints "more than" or the like of the most)``,
        is_most`` ("less than" or the like)``,
        has_conflict, outlets, urls, row_ids``, one row per port and whole year.
        Where sources differ, ``low`` and ``high`` are the least and the most they say; ``has_conflict`` also marks a
        figure that another contradicts in a remark alone. Parts of a year, happenings and changes are left out.

    Examples
    --------
    >>> row = {"port": "Lome", "state": "TGO", "measure": "throughput_tonnes", "unit": "tonnes", "is_event": False}
    >>> row |= {"start": pd.Timestamp("2020-01-01"), "end": pd.Timestamp("2020-12-31"), "destination": None}
    >>> row |= {"has_conflict": True, "outlet": "Customs", "url": "https://example.org", "note": None}
    >>> figures = pd.DataFrame([row | {"row_id": "a", "value": 25.5}, row | {"row_id": "b", "value": 26.0}])
    >>> none = pd.DataFrame({"row_id": [], "reading": []})
    >>> create_throughput(figures, none, "2026-02-28")[["port", "year", "low", "high"]].values.tolist()
    [['Lome', 2020, 25.5, 26.0]]
    """
    chosen = _whole_years(port_figures, readings, as_of)
    chosen = chosen[(chosen["measure"] == measure) & (chosen["unit"] == unit)]
    return _gather(chosen, ["port", "state"])


def latest_throughput(throughput: pd.DataFrame) -> pd.DataFrame:
    """Keep the latest whole year of each port, the busiest port first; years of ports may differ.

    Parameters
    ----------
    throughput : DataFrame
        From :func:`create_throughput`.
    """
    latest = throughput.sort_values(["port", "state", "year"]).drop_duplicates(["port", "state"], keep="last")
    return latest.sort_values(["high", "port", "state"], ascending=[False, True, True], ignore_index=True)


def compare_quarters(port_figures: pd.DataFrame, as_of: Day, *, measure: str = "throughput_tonnes") -> pd.DataFrame:
    """Set the same quarter of several years side by side, for quarters add to no year.

    Returns
    -------
    DataFrame
        ``port, state, quarter`` (1 to 4)``, year, value, unit, url``: only quarters that are on record for two years
        or more. A note that names a quarter of another year than the row's is no quarter.
    """
    check_columns(port_figures, _PORT_COLUMNS, "port_figures")
    rows = port_figures[(port_figures["measure"] == measure) & (port_figures["unit"] == "tonnes")]
    rows = rows[~rows["is_event"] & rows["destination"].isna() & (rows["start"] <= as_day(as_of, "as_of"))]
    named = rows["note"].fillna("").str.extract(_PERIOD)[0].dropna()
    found = rows.loc[named.index].assign(year=named.str[:4], quarter=named.str[-1])
    found = found.astype({"year": "int64", "quarter": "int64"})
    found = found[found["year"] == found["start"].dt.year]
    # A row of part of a year carries the whole year's dates: whether its quarter had ended is read from its name.
    ends = pd.PeriodIndex.from_fields(year=found["year"], quarter=found["quarter"], freq="Q").end_time
    found = found[ends <= as_day(as_of, "as_of") + pd.Timedelta(days=1)]
    repeated = found.groupby(["port", "state", "quarter"])["year"].transform("nunique") > 1
    columns = ["port", "state", "quarter", "year", "value", "unit", "url"]
    return found.loc[repeated, columns].sort_values(["port", "state", "quarter", "year"], ignore_index=True)


def create_transit(
    port_figures: pd.DataFrame, readings: pd.DataFrame, as_of: Day, *, turn: Day = NIGER_COUP
) -> pd.DataFrame:
    """Gather how much each landlocked state moves through each transit state, before and after a day.

    Parameters
    ----------
    port_figures, readings, as_of
        As :func:`create_throughput` takes them.
    turn : Timestamp or ISO date
        The day that parts before from after: Niger's coup of 26 July 2023.

    Returns
    -------
    DataFrame
        ``destination, state`` (of transit)``, port, period`` (before, after)``, kind`` ("tonnes", or "share of
        imports")``, year, is_read`` (a reviewer's reading, not the year, says that it speaks of the time before)``,
        unit, low, high, is_least, is_most, has_conflict, outlets, urls, row_ids, reason``: for each destination every
        port with any figure for it, both periods, each with the latest whole year known, in percent and in tonnes.
        A period without a figure has one row with a reason and no kind. The year of the turn belongs to neither
        period, but where a reviewed reading says that a figure speaks of the time before.

    Notes
    -----
    A share is taken only as a source prints it, with the destination's own imports as its whole. Shares made from
    tonnages of different years would be ours and wrong; a port's make-up (Niger's part of Cotonou's transit) is the
    port's dependence on the state and not the state's on the port.
    """
    day = as_day(turn, "turn")
    whole = _whole_years(port_figures, readings, as_of)
    transit = whole[whole["destination"].notna() & whole["measure"].isin(["transit_tonnes", "transit_share"])]
    is_share = transit["unit"].fillna("").str.fullmatch(_OF_IMPORTS.pattern)
    is_tonnes = transit["unit"] == "tonnes"
    transit = transit.assign(kind=is_share.map({True: "share of imports", False: "tonnes"}))[is_share | is_tonnes]
    read = transit["row_id"].map(dict(zip(readings["row_id"], readings["reading"], strict=True)))
    period = pd.Series(None, index=transit.index, dtype="object")
    period = (
        period.mask(transit["end"] < day, "before")
        .mask(transit["start"] > day, "after")
        .mask(read == "before", "before")
    )
    transit = transit.assign(period=period)
    served = port_figures[
        port_figures["destination"].notna() & port_figures["measure"].str.startswith("transit", na=False)
    ]
    served = served[served["value"].notna() & (served["start"].isna() | (served["start"] <= as_day(as_of, "as_of")))]
    gathered = _gather(transit[transit["period"].notna()], ["destination", "state", "port", "period", "kind"])
    latest = gathered.sort_values("year").drop_duplicates(["destination", "port", "period", "kind"], keep="last")
    grid = served[["destination", "state", "port"]].drop_duplicates().merge(
        pd.DataFrame({"period": ["before", "after"]}), how="cross"
    )  # fmt: skip
    table = grid.merge(latest, on=["destination", "state", "port", "period"], how="left", validate="one_to_many")
    reasons = {
        "before": f"no whole year before {day:%Y-%m-%d} is on record",
        "after": f"no whole year after {day:%Y-%m-%d} is on record",
    }
    last_before = day.year - 1
    table["is_read"] = (table["period"] == "before") & (table["year"] > last_before)
    table["reason"] = table["period"].map(reasons).where(table["low"].isna(), "")
    order = table["period"].map({"before": 0, "after": 1})
    return table.assign(order=order).sort_values(
        ["destination", "state", "port", "order", "kind"], ignore_index=True, na_position="last"
    ).drop(columns="order")  # fmt: skip


def create_route_events(port_figures: pd.DataFrame, readings: pd.DataFrame, as_of: Day) -> pd.DataFrame:
    """List what happened on the routes of landlocked states, as dated and read by a reviewer.

    Parameters
    ----------
    port_figures : DataFrame
        The table `port_figures`, of which rows marked ``is_event`` with a destination count.
    readings : DataFrame
        The reviewed table `route_events`: row_id, start, end (ISO dates), says (a clause).
    as_of : Timestamp or ISO date
        Only what had begun by this day counts.

    Returns
    -------
    DataFrame
        ``row_id, destination, state, port, start, end, says, outlet, url``, in order of time. Happenings say that
        traffic stopped or moved, and not how much.
    """
    check_columns(port_figures, _PORT_COLUMNS, "port_figures")
    check_columns(readings, ("row_id", "start", "end", "says"), "readings")
    rows = port_figures.loc[
        port_figures["is_event"] & port_figures["destination"].notna(),
        ["row_id", "destination", "state", "port", "outlet", "url"],
    ]
    found = rows.merge(readings[["row_id", "start", "end", "says"]], on="row_id", validate="one_to_one")
    found = found.assign(start=pd.to_datetime(found["start"]), end=pd.to_datetime(found["end"]))
    columns = ["row_id", "destination", "state", "port", "start", "end", "says", "outlet", "url"]
    found = found.loc[found["start"] <= as_day(as_of, "as_of"), columns]
    return found.sort_values(["start", "end", "row_id"], ignore_index=True)


def create_investors(
    projects: pd.DataFrame, states: Sequence[str], kinds: Sequence[str] = (), *, readings: pd.DataFrame | None = None
) -> pd.DataFrame:
    """List who invests in the projects of some states, one row per project and home state of an investor.

    Parameters
    ----------
    projects : DataFrame
        The table `projects`.
    states : sequence of str
        States in which a project must stand, alone or with others.
    kinds : sequence of str
        Kinds of project; all if empty.
    readings : DataFrame, optional
        The reviewed table `project_readings`: row_id, reading; every row in it is no investment, and its reading says
        what it is instead.

    Returns
    -------
    DataFrame
        ``row_id, name, kind, investor, home`` (missing where not known)``, start, status, value, unit, has_conflict,
        outlet, url, reading`` (empty for an investment)``. Sizes stand in their own units
        and are never added; projects may be counted.
    """
    columns = ["row_id", "name", "states", "kind", "investor", "investor_states", "start", "status", "value", "unit",
               "has_conflict", "outlet", "url"]  # fmt: skip
    check_columns(projects, columns, "projects")
    there = projects["states"].str.split(";").map(lambda found: not set(states).isdisjoint(found))
    chosen = projects.loc[there & (projects["kind"].isin(list(kinds)) | (not kinds)), columns]
    known = {} if readings is None else dict(zip(readings["row_id"], readings["reading"], strict=True))
    chosen = chosen.assign(reading=[known.get(row_id, "") for row_id in chosen["row_id"]])
    homes = chosen.assign(home=chosen["investor_states"].str.split(";")).explode("home")
    return homes.drop(columns=["states", "investor_states"]).sort_values(["row_id", "home"], ignore_index=True)


def _whole_years(port_figures: pd.DataFrame, readings: pd.DataFrame, as_of: Day) -> pd.DataFrame:
    """Levels of whole years that had ended, those left out by a reviewer apart."""
    check_columns(port_figures, _PORT_COLUMNS, "port_figures")
    check_columns(readings, ("row_id", "reading"), "readings")
    rows = port_figures[~port_figures["is_event"] & port_figures["value"].notna() & port_figures["start"].notna()]
    rows = rows[~rows["note"].fillna("").str.contains(_PART) & (rows["end"] <= as_day(as_of, "as_of"))]
    return rows[~rows["row_id"].isin(readings.loc[readings["reading"] == "left out", "row_id"])]


def _gather(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """One row per key, year and unit, with the range of what the sources say and their pages."""
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in each_row(rows.sort_values("row_id")):
        key = (*(getattr(row, name) for name in by), row.start.year, row.unit)
        if not any(map(pd.isna, key)):
            groups.setdefault(key, []).append(row)
    gathered = [
        dict(zip([*by, "year", "unit"], key, strict=True))
        | {
            "low": min(row.value for row in groups[key]), "high": max(row.value for row in groups[key]),
            "is_least": _is_printed(PRINTED_AT_LEAST, groups[key]),
            "is_most": _is_printed(PRINTED_AT_MOST, groups[key]),
            "has_conflict": any(row.has_conflict for row in groups[key]),
            "outlets": "; ".join(dict.fromkeys(row.outlet for row in groups[key] if pd.notna(row.outlet))),
            "urls": " ".join(dict.fromkeys(row.url for row in groups[key] if pd.notna(row.url))),
            "row_ids": " ".join(row.row_id for row in groups[key]),
        }
        for key in sorted(groups)
    ]  # fmt: skip
    return pd.DataFrame(gathered, columns=[*by, *_FIGURE_COLUMNS])


def _is_printed(bound: re.Pattern[str], rows: list[Any]) -> bool:
    """Whether the most that the sources say is printed as a bound, and no source gives it exactly."""
    most = max(row.value for row in rows)
    notes = ("" if pd.isna(row.note) else row.note for row in rows if row.value == most)
    return all(bound.match(note) for note in notes)
