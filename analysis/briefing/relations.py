"""What ties a briefing shows: a matrix of kinds by power."""

from __future__ import annotations

import pandas as pd

from analysis import reference
from analysis.briefing.evidence import Evidence, once
from analysis.briefing.memberships import add_standing, name_standing, standing_on
from analysis.briefing.wording import label_of, short_names, spoken
from analysis.figures.strengths import format_quantity
from analysis.figures.wording import chain
from analysis.language import message, say, say_data, say_number
from analysis.measures.strengths import RECENT_YEARS, list_rosters
from analysis.measures.trade_figures import ALL_GOODS, PRINTED_AT_LEAST, PRINTED_AT_MOST
from analysis.schema.rows import each_row
from analysis.wording import AT_LEAST, AT_MOST, count, join

_TIE_ROWS = {
    "mission": message("Embassies"),
    "defence_agreement": message("Defence agreements"),
    "deployment": message("Troops"),
    "membership": message("Memberships"),
    "trade": message("Trade"),
}
_STATUSES = {
    "announced": message("announced"),
    "closed": message("closed"),
    "left": message("left"),
    "open": message("open"),
    "signature not seen": message("signature not seen"),
    "suspended": message("suspended"),
    "terminated": message("terminated"),
}
_FLOWS = {
    "import": message("imports {amount} ({year})"),
    "export": message("exports {amount} ({year})"),
    "trade_total": message("both ways {amount} ({year})"),
}
_CLAIMED = {
    "import": message("{speaker} speaks of {amount} imports"),
    "export": message("{speaker} speaks of {amount} exports"),
    "trade_total": message("{speaker} speaks of {amount} both ways"),
}
_NO_TROOPS = message("no longer there")
_OVER = ("closed", "left", "terminated")
_NOT_YET = ("announced", "planned", "candidate")
_UNSEEN = ("signature not seen",)


@spoken
def create_tie_matrix(evidence: Evidence, organisations: pd.DataFrame | None = None) -> pd.DataFrame:
    """What ties the state to each power on the last day, kind by kind.

    Parameters
    ----------
    organisations : DataFrame, optional
        Which organisation stands near which power; the reference table `power_organisations` if absent.

    Returns
    -------
    DataFrame
        ``kind, power, value, text, is_known``, a complete grid. A kind without a row is not
        known, which is not the same as none.
    """
    organisations = reference.load("power_organisations") if organisations is None else organisations
    rows = []
    for kind, label in _TIE_ROWS.items():
        for power in evidence.powers:
            text, value = _TIE_TEXTS[kind](evidence, power, organisations)
            rows.append(
                {
                    "kind": say(label),
                    "power": power,
                    "value": value,
                    "text": text or say("not known"),
                    "is_known": pd.notna(value),
                }
            )
    return pd.DataFrame(rows)


def _between(evidence: Evidence, kind: str, power: str) -> pd.DataFrame:
    """Ties of a kind with a power that have begun by the last day, from the state's side."""
    found = _of_pair(evidence, kind, evidence.state, power)
    return found[found["start"].isna() | (found["start"] <= evidence.end)]


def _of_pair(evidence: Evidence, kind: str, state: str, partner: str) -> pd.DataFrame:
    return evidence.ties.take(_places(evidence).get((kind, state, partner), []))


@once
def _places(evidence: Evidence) -> dict[tuple[str, str, str], list[int]]:
    """Where the ties of each kind, state and partner stand."""
    places: dict[tuple[str, str, str], list[int]] = {}
    columns = (evidence.ties[name].tolist() for name in ("kind", "state", "partner"))
    for place, key in enumerate(zip(*columns, strict=True)):
        places.setdefault(key, []).append(place)
    return places


def _stands(ties: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    """Whether each stands on a day: one that ended later did, for its status is that of the last day on record."""
    is_over = ties["status"].isin(_OVER) | ties["end"].notna()
    return (ties["end"].gt(end) | ~is_over) & ~ties["status"].isin([*_NOT_YET, *_UNSEEN])


def _missions(evidence: Evidence, power: str, _: pd.DataFrame) -> tuple[str, float]:
    texts, open_missions = [], 0
    for host, sender in ((evidence.state, power), (power, evidence.state)):
        found = _of_pair(evidence, "mission", host, sender)
        if found.empty:
            continue
        found = found[found["detail"].str.startswith("embassy", na=False)]
        found = found[found["start"].isna() | (found["start"] <= evidence.end)].sort_values(
            "start", na_position="first", kind="stable"
        )
        if found.empty:
            continue
        is_open = _stands(found, evidence.end) & (found["status"].eq("open") | found["end"].notna())
        open_missions += int(is_open.any())
        since = found.loc[is_open, "start"].min()
        place = label_of(evidence, host)
        if is_open.any() and pd.notna(since):
            texts.append(say("in {place}: open since {year}", place=place, year=since.year))
        else:
            status = "open" if is_open.any() else str(found["status"].iloc[-1])
            texts.append(say("in {place}: {status}", place=place, status=_status(status)))
    return chain(texts), float(open_missions) if texts else float("nan")


def _agreements(evidence: Evidence, power: str, _: pd.DataFrame) -> tuple[str, float]:
    found = _between(evidence, "defence_agreement", power)
    standing = found[_stands(found, evidence.end)]
    if standing.empty:
        return _ended(found)
    years = sorted({str(day.year) for day in standing["start"].dropna()})
    number = len(standing)
    if years:
        said = say_number(number, "{n} on record (signed {years})", "{n} on record (signed {years})", years=join(years))
    else:
        said = say_number(number, "{n} on record", "{n} on record")
    return said, float(number)


def _deployments(evidence: Evidence, power: str, _: pd.DataFrame) -> tuple[str, float]:
    found = _between(evidence, "deployment", power)
    standing = found[_stands(found, evidence.end)]
    if standing.empty:
        said, value = _ended(found)
        return say(_NO_TROOPS) if value == 0.0 and found["status"].isin(_OVER).any() else said, value
    return count(len(standing), "deployment", "deployments"), float(len(standing))


def _ended(ties: pd.DataFrame) -> tuple[str, float]:
    """What is said of ties none of which stands: how the latest ended, or that it has not begun."""
    if ties.empty:
        return "", float("nan")
    status = _sort_by_start(ties)["status"].iloc[-1]
    return _status(str(status)), float("nan") if status in _UNSEEN else 0.0


def _sort_by_start(ties: pd.DataFrame) -> pd.DataFrame:
    return ties.sort_values("start", na_position="first", kind="stable")


def _status(status: str) -> str:
    return say(_STATUSES[status]) if status in _STATUSES else say_data(status)


def _memberships(evidence: Evidence, power: str, organisations: pd.DataFrame) -> tuple[str, float]:
    near = organisations.loc[organisations["power"] == power, "organisation"]
    listed = list_rosters(reference.load("organisation_rosters"), evidence.end)
    ties = evidence.ties
    found = ties[(ties["kind"] == "membership") & (ties["state"] == evidence.state) & ties["partner"].isin(near)]
    found = add_standing(found[found["start"].isna() | (found["start"] <= evidence.end)])
    standing = standing_on(found, evidence.end)
    if found.empty and len(near) and listed.issuperset(near):
        return say("not in {organisations}", organisations=join(short_names(near).values())), 0.0
    if found.empty:
        return "", float("nan")
    if standing.empty:
        said, value = _ended(found)
        organisation = str(_sort_by_start(found)["partner"].iloc[-1])
        return f"{said} ({short_names([organisation])[organisation]})", value
    named = sorted({name_standing(evidence, row.partner, row.standing) for row in each_row(standing)})
    return join(named), float(standing["partner"].nunique())


def _trade(evidence: Evidence, power: str, _: pd.DataFrame) -> tuple[str, float]:
    """The latest full year of all goods, each way, or in total; what somebody merely says of it is told as that.

    As in the portfolio, a part of a year is no standing tie.
    """
    found = _between(evidence, "trade", power)
    if found.empty:
        return "", float("nan")
    is_recent = found["end"].le(evidence.end) & found["end"].gt(evidence.end - pd.DateOffset(years=RECENT_YEARS))
    is_amount = found["unit"].str.match(r"(million|billion) ", na=False)
    is_of_goods = found["note"].str.match(ALL_GOODS, na=False)
    found = found[is_recent & ~found["is_part_year"] & is_amount & is_of_goods]
    claims = reference.load("claimed_figures").set_index("tie_id")["said_by"]
    measured = found[~found["tie_id"].isin(claims.index)]
    latest = (
        measured.sort_values(["start", "has_conflict", "tie_id"], ascending=[False, True, True])
        .drop_duplicates("detail")
        .set_index("detail")
    )
    flows = [flow for flow in ("import", "export") if flow in latest.index] or list(latest.index[:1])
    if flows:
        texts = [
            say(_FLOWS[flow], amount=_amount(latest.loc[flow]), year=latest.at[flow, "start"].year) for flow in flows
        ]
        outlets = dict.fromkeys(latest.loc[flows, "outlet"].dropna())
        return chain([*texts, *outlets]), max(float(latest.at[flow, "value"]) for flow in flows)
    if len(found):
        claim = found.sort_values(["start", "tie_id"]).iloc[-1]
        speaker = say_data(str(claims[claim["tie_id"]]))
        return say(_CLAIMED[claim["detail"]], speaker=speaker, amount=_amount(claim)), float("nan")
    return "", float("nan")


def _amount(figure: pd.Series) -> str:
    note = str(figure["note"])
    sign = AT_LEAST if PRINTED_AT_LEAST.search(note) else AT_MOST if PRINTED_AT_MOST.search(note) else ""
    return f"{sign}{format_quantity(float(figure['value']), str(figure['unit']))}"


_TIE_TEXTS = {
    "mission": _missions,
    "defence_agreement": _agreements,
    "deployment": _deployments,
    "membership": _memberships,
    "trade": _trade,
}
