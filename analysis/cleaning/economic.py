"""One figure of trade, aid, debt, investment or remittances becomes a tie."""

from __future__ import annotations

import re

from analysis.cleaning.numbers import parse_amount
from analysis.cleaning.tie_rows import Resolve, Row, Tie, create_tie, find_partners, find_states, parse_period
from analysis.errors import RowError, UnknownNameError

_KINDS = {
    "import": "trade",
    "export": "trade",
    "trade_total": "trade",
    "aid": "aid",
    "grant": "aid",
    "debt": "debt",
    "loan": "debt",
    "fdi": "investment",
    "remittance": "remittance",
}
_NET = ("aid", "fdi")
"""Flows of which what came back is taken off."""
_PERIOD = re.compile(r"\bperiod:")


def create_economic_ties(row: Row, resolve: Resolve) -> list[Tie]:
    """One figure as a tie of its year: detail is the flow, the unit stands as printed.

    A figure has one state and one partner, for a figure of several could not be shared out.
    The sector leads the note. A note that names a period marks a figure of part of a year.

    Raises
    ------
    RowError
        If the value is no plain or no possible number of its unit, the kind or an actor is not known, or several
        actors are named.
    """
    if row["kind"] not in _KINDS:
        raise RowError(str(UnknownNameError("kind of economic tie", row["kind"], _KINDS)))
    if not row["tie_id"]:
        raise RowError("the tie_id is empty; every figure needs its own")
    states, partners = find_states(row["state"], resolve), find_partners(row["partner"], resolve)
    if len(states) > 1 or len(partners) > 1:
        raise RowError(f"{row['state']!r} and {row['partner']!r}: one figure needs one state and one partner")
    if not row["unit"]:
        raise RowError("the unit is empty; a figure needs one, such as 'billion XOF'")
    start, end = parse_period(row["year"], row["year"])
    note = ". ".join(part for part in (row["sector"] and f"sector: {row['sector']}", row["note"]) if part)
    return [
        create_tie(
            row, states[0], partners[0], _KINDS[row["kind"]], detail=row["kind"], start=start, end=end,
            value=parse_amount(row["value"], row["unit"], is_net=row["kind"] in _NET), unit=row["unit"],
            is_part_year=bool(_PERIOD.search(row["note"])), note=note or None,
        )
    ]  # fmt: skip
