"""How strong a state's tie with each power is, by dimension, at a date; what no source speaks of is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.measures.agreement import agree_votes
from analysis.measures.checks import MeasureError, check_codes, check_columns
from analysis.measures.trade_figures import create_trade_figures, find_side_by_side
from analysis.measures.windows import Day, as_day
from analysis.schema.rows import each_row

DIMENSIONS = ("missions", "defence_agreements", "deployments", "memberships", "votes", "trade", "arms")
MINIMUM_ROLL_CALLS = 2
RECENT_YEARS = 5
_NO_MISSION = {frozenset(): "no source speaks of it", frozenset({"announced"}): "only plans are on record"}
_STRENGTH_COLUMNS = ["state", "power", "dimension", "strength", "unit", "basis", "rests_on", "has_conflict", "reason"]
_TIE_COLUMNS = ("tie_id", "state", "partner", "kind", "detail", "start", "end", "value", "unit", "status",
                "is_part_year", "has_conflict", "note")  # fmt: skip


@dataclass(frozen=True)
class TieJudgements:
    """The reviewed tables that turn ties into strengths.

    ``strengths``: kind, form, status, strength, reason; ``organisations``: organisation, power, reason; ``rosters``:
    organisation, start, end (the days between which every member among the states is in the tables); ``claims``:
    tie_id of figures that are merely claimed. All text, empty for none.
    """

    strengths: pd.DataFrame
    organisations: pd.DataFrame
    rosters: pd.DataFrame
    claims: pd.DataFrame


@dataclass(frozen=True)
class _Cell:
    """What is known of one dimension between a state and a power; without a strength, why not."""

    strength: float | None = None
    unit: str = ""
    basis: str = ""
    rests_on: str = ""
    has_conflict: bool = False
    reason: str = ""


def create_strengths(
    ties: pd.DataFrame,
    votes: pd.DataFrame,
    states: Sequence[str],
    powers: Sequence[str],
    as_of: Day,
    judgements: TieJudgements,
) -> pd.DataFrame:
    """Measure the tie of each state with each power in seven dimensions at a date.

    Parameters
    ----------
    ties, votes : DataFrame
        The tables of these names.
    states, powers : sequence of str
        Actor codes, none of them both. The first two powers are those that trade figures should cover first.
    as_of : Timestamp or ISO date
        The day asked about.
    judgements : TieJudgements
        What each status counts, and whose organisations are whose.

    Returns
    -------
    DataFrame
        ``state, power, dimension, strength`` (missing where not known)``, unit, basis, rests_on`` (the roll calls)``,
        has_conflict, reason`` (empty where there is a strength), a complete grid in the order given.

    Raises
    ------
    MeasureError
        If a column is missing, a code repeated, or a kind and status of a tie stands in no reviewed row.

    Notes
    -----
    The strengths are: missions, the strongest mission of the power in the state (1 an embassy); defence agreements,
    the number that stand; deployments, the number of troops; memberships, the organisations of the power that the
    state belongs to; votes, the agreement of :func:`~analysis.measures.agreement.agree_votes` over at least two roll
    calls, which for the first two powers are the same: those in which both of them and the state are known; trade,
    the figure in the flow, whole year and unit in which most powers stand side by side; arms, the sum of transfers of
    the last five years. A part of a year is no standing tie. A tie without a recorded beginning is taken to have
    stood on every day before its end. None (0) is stated only where a row or a full list of members says so.
    """
    chosen = check_codes("powers", powers)
    compared = check_codes("states", states, not_among=chosen)
    check_columns(ties, _TIE_COLUMNS, "ties")
    day = as_day(as_of, "as_of")
    rows = _index_ties(ties, set(compared), judgements)
    organisations, listed = judgements.organisations, list_rosters(judgements.rosters, day)
    near = {power: list(organisations.loc[organisations["power"] == power, "organisation"]) for power in chosen}
    weigh = _Weigher(judgements.strengths, day)
    compared_powers = agree_votes(votes, compared, chosen[:2], day, in_common=True)
    agreed = pd.concat([compared_powers, agree_votes(votes, compared, chosen[2:], day)])
    agreed = agreed.set_index(["state", "power"]).to_dict("index")
    between = ties[ties["state"].isin(compared) & ties["partner"].isin(chosen)]
    figures: dict[str, list[Any]] = {state: [] for state in compared}
    figure: Any
    for figure in each_row(create_trade_figures(between, judgements.claims, day, years=RECENT_YEARS)):
        figures[figure.state].append(figure)
    claimed = between.loc[between["tie_id"].isin(judgements.claims["tie_id"]), ["state", "partner"]]
    claims = set(zip(claimed["state"].tolist(), claimed["partner"].tolist(), strict=True))
    cells: list[dict[str, Any]] = []
    for state in compared:
        trade = _trade(figures[state], chosen, {partner for one, partner in claims if one == state})
        for power in chosen:
            own = {kind: rows.get((kind, state, power), []) for kind in ("mission", "deployment", "arms")}
            pacts = [row for kind in ("defence_agreement", "alliance") for row in rows.get((kind, state, power), [])]
            found = (
                _strongest(own["mission"], weigh),
                _number(pacts, weigh),
                _troops(own["deployment"], weigh),
                _memberships(rows, state, near[power], listed, weigh),
                _agreement(agreed[(state, power)]),
                trade[power],
                _arms(own["arms"], day),
            )
            cells += [
                {"state": state, "power": power, "dimension": name} | vars(cell)
                for name, cell in zip(DIMENSIONS, found, strict=True)
            ]
    frame = pd.DataFrame(cells, columns=_STRENGTH_COLUMNS)
    return frame.astype({"strength": "float64", "has_conflict": "bool"})


class _Weigher:
    """Looks up what a tie counts on a day: its strength, or None where it says nothing."""

    def __init__(self, strengths: pd.DataFrame, day: pd.Timestamp) -> None:
        check_columns(strengths, ("kind", "form", "status", "strength"), "strengths")
        self._day = day
        self._table = {
            (row.kind, row.form, row.status): float(row.strength) if row.strength else None
            for row in each_row(strengths)
        }

    def __call__(self, tie: Any) -> float | None:
        form = str(tie.detail).partition(",")[0] if tie.kind == "mission" and isinstance(tie.detail, str) else ""
        status = tie.status if isinstance(tie.status, str) else ""
        if pd.notna(tie.start) and tie.start > self._day:
            status = "not begun"
        elif pd.notna(tie.end):
            status = "ended" if tie.end <= self._day else "standing"
        # Before its end a tie counts as it stood: an associate who left later was no member.
        stood = [f"{tie.status} {status}", status] if status == "standing" else [status]
        for key in ((tie.kind, own, one) for one in stood for own in (form, "")):
            if key in self._table:
                return self._table[key]
        raise MeasureError(
            f"tie {tie.tie_id}: no reviewed strength for a {tie.kind} of form {form!r}, status {status!r}"
        )


def _index_ties(
    ties: pd.DataFrame, states: set[str], judgements: TieJudgements
) -> dict[tuple[str, str, str], list[Any]]:
    kinds = {*judgements.strengths["kind"], "arms"}
    found: dict[tuple[str, str, str], list[Any]] = {}
    row: Any
    for row in each_row(ties[ties["state"].isin(states) & ties["kind"].isin(kinds)].sort_values("tie_id")):
        found.setdefault((row.kind, row.state, row.partner), []).append(row)
    return found


def _strongest(ties: list[Any], weigh: _Weigher) -> _Cell:
    known = [(weight, tie) for tie in ties if (weight := weigh(tie)) is not None]
    if not known:
        statuses = frozenset(tie.status for tie in ties)
        return _Cell(reason=_NO_MISSION.get(statuses, "what is on record says nothing of an embassy"))
    weight, tie = max(known, key=lambda one: one[0])
    form = str(tie.detail).partition(",")[0].replace("_", " ") if isinstance(tie.detail, str) else "mission"
    return _Cell(weight, "embassies", form if weight else "closed", has_conflict=bool(tie.has_conflict))


def _number(ties: list[Any], weigh: _Weigher) -> _Cell:
    known = [(weight, tie) for tie in ties if (weight := weigh(tie)) is not None]
    if not known:
        return _Cell(reason="no signature was seen" if ties else "no source speaks of it")
    standing = [tie for weight, tie in known if weight]
    years = sorted({str(tie.start.year) for tie in standing if pd.notna(tie.start)})
    basis = ", ".join(years) and f"signed {', '.join(years)}"
    conflict = any(tie.has_conflict for tie in standing)
    total = sum(weight for weight, _ in known)
    return _Cell(total, "agreements", basis if standing else "ended", has_conflict=conflict)


def _troops(ties: list[Any], weigh: _Weigher) -> _Cell:
    known = [(weight, tie) for tie in ties if (weight := weigh(tie)) is not None]
    if not known:
        return _Cell(reason="no source speaks of it")
    standing = [(weight, tie) for weight, tie in known if weight]
    if any(pd.isna(tie.value) for _, tie in standing):
        return _Cell(reason="troops of unknown number")
    conflict = any(tie.has_conflict for _, tie in standing)
    total = sum(weight * tie.value for weight, tie in standing)
    return _Cell(total, "troops", "" if standing else "gone", has_conflict=conflict)


def _memberships(
    rows: dict[tuple[str, str, str], list[Any]],
    state: str,
    near: list[str],
    listed: set[str],
    weigh: _Weigher,
) -> _Cell:
    """Add up the known memberships; that there is none needs every organisation of the power to be known."""
    if not near:
        return _Cell(reason="no organisation counts as its own")
    total, members, unknown, conflict = 0.0, [], [], False
    for organisation in near:
        ties = rows.get(("membership", state, organisation), [])
        known = [(weight, tie) for tie in ties if (weight := weigh(tie)) is not None]
        if known:
            weight, tie = max(known, key=lambda one: one[0])
            total += weight
            partial = f" ({tie.status})" if weight < 1 else ""  # an associate or observer, called so
            members += [f"{organisation}{partial}"] if weight else []
            conflict |= bool(weight and tie.has_conflict)
        elif organisation not in listed:
            unknown.append(organisation)
    if not total and unknown:
        return _Cell(reason=f"not known for {', '.join(unknown)}")
    basis = ", ".join(members) or f"not in {', '.join(near)}"
    return _Cell(total, "organisations", basis, has_conflict=conflict)


def list_rosters(rosters: pd.DataFrame, day: pd.Timestamp) -> set[str]:
    """Find the organisations of which every member among the states is on record on a day.

    Examples
    --------
    >>> rosters = pd.DataFrame({"organisation": ["BRICS"], "start": ["2009-06-16"], "end": [""]})
    >>> list_rosters(rosters, pd.Timestamp("2026-02-28")), list_rosters(rosters, pd.Timestamp("2000-01-01"))
    ({'BRICS'}, set())
    """
    start, end = pd.to_datetime(rosters["start"]), pd.to_datetime(rosters["end"].replace("", None))
    return set(rosters.loc[(start <= day) & (end.isna() | (end >= day)), "organisation"])


def _agreement(agreed: Mapping[Any, Any]) -> _Cell:
    number = int(agreed["n"])
    if number < MINIMUM_ROLL_CALLS:
        return _Cell(reason=f"{number or 'no'} common roll call{'s' if number != 1 else ''}")
    return _Cell(float(agreed["agreement"]), "agreement", f"{number} roll calls", str(agreed["roll_calls"]))


def _trade(figures: list[Any], powers: list[str], claimed: set[str]) -> dict[str, _Cell]:
    """The figure of each power in the whole year in which they stand side by side; one alone compares with nothing."""
    whole = [figure for figure in figures if not figure.is_part_year]
    settled = [figure for figure in whole if figure.low == figure.high]
    chosen: dict[str, Any] = {}
    for rows in (whole, settled):  # what sources agree on before what they do not
        places = find_side_by_side(rows, powers, first=2)
        chosen = {rows[place].partner: rows[place] for place in places} or chosen
    in_parts = {figure.partner for figure in figures if figure.is_part_year}
    of_years = {figure.partner for figure in whole}
    cells = {}
    for power in powers:
        if power in chosen:
            figure = chosen[power]
            flow = figure.flow.replace("trade_total", "trade")
            bound = ", at least" if figure.is_least else ", at most" if figure.is_most else ""
            basis = f"{flow}, {figure.period}{bound}"
            if figure.low == figure.high:
                cells[power] = _Cell(float(figure.low), str(figure.unit), basis)
            else:
                cells[power] = _Cell(reason="sources differ")
        elif power in in_parts - of_years:
            cells[power] = _Cell(reason="only a part of a year")
        elif power in of_years:
            cells[power] = _Cell(reason="no figure in the same unit and period")
        elif power in claimed:
            cells[power] = _Cell(reason="only claimed, not measured")
        else:
            cells[power] = _Cell(reason=f"no figure of the last {RECENT_YEARS} years")
    return cells


def _arms(ties: list[Any], day: pd.Timestamp) -> _Cell:
    first = day - pd.DateOffset(years=RECENT_YEARS)
    recent = [tie for tie in ties if pd.notna(tie.end) and first < tie.end <= day and pd.notna(tie.value)]
    units = {str(tie.unit) for tie in recent}
    if not recent:
        return _Cell(reason="no source of arms transfers")
    if len(units) > 1:
        return _Cell(reason="figures in different units")
    years = f"{min(tie.start for tie in recent).year} to {max(tie.end for tie in recent).year}"
    conflict = any(tie.has_conflict for tie in recent)
    return _Cell(sum(tie.value for tie in recent), units.pop(), years, has_conflict=conflict)
