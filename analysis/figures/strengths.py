"""How a strength of a tie is told: its dimension, its amount with the unit, and what it rests on."""

from __future__ import annotations

from typing import Any

from analysis.figures.wording import is_given, one_line
from analysis.wording import format_number

LABELS = {
    "missions": "Embassies", "defence_agreements": "Defence agreements", "deployments": "Troops",
    "memberships": "Memberships", "votes": "UN votes", "trade": "Trade", "arms": "Arms",
}  # fmt: skip
NOT_KNOWN = "not known"
_MISSIONS = {"non resident": "ambassador resident elsewhere", "closed": "no embassy: closed"}


def label_dimension(dimension: str) -> str:
    """Name a dimension for the reader.

    Examples
    --------
    >>> label_dimension("votes"), label_dimension("cyber_pacts")
    ('UN votes', 'cyber pacts')
    """
    return LABELS.get(dimension, dimension.replace("_", " "))


def describe_strength(row: Any, side: str) -> str:
    """Say how strong the tie with one of the two powers is, or why that is not known.

    Examples
    --------
    >>> import pandas as pd
    >>> row = pd.Series({"strength_a": 34.5511e9, "unit_a": "XOF", "basis_a": "import, 2024Q3", "reason_a": ""})
    >>> describe_strength(row, "a")
    '34.6 billion XOF (import, 2024Q3)'
    """
    strength, unit, basis, reason = (getattr(row, f"{part}_{side}") for part in ("strength", "unit", "basis", "reason"))
    basis = one_line(basis).replace("CFA_", "CFA ").replace("_", " ")
    if not is_given(strength):
        return f"{NOT_KNOWN}: {one_line(reason)}" if is_given(reason) else NOT_KNOWN
    if unit == "embassies":
        return _MISSIONS.get(basis, basis)
    if unit == "agreement":
        return f"{format_number(strength)} over {basis}"
    if unit in ("agreements", "organisations"):
        number = format_number(strength, 0 if float(strength).is_integer() else 1)
        return (
            f"{number}: {basis}" if strength and unit == "organisations" else f"{number} ({basis})" if basis else number
        )
    amount = format_quantity(float(strength), unit)
    return f"{amount} ({basis})" if basis else amount


def format_quantity(value: float, unit: str) -> str:
    """Write a figure with its unit, in billions or millions where it is large.

    Examples
    --------
    >>> format_quantity(34.5511e9, "XOF"), format_quantity(2.2, "million TEU"), format_quantity(350.0, "troops")
    ('34.6 billion XOF', '2.2 million TEU', '350 troops')
    """
    for word, size in (("billion", 1e9), ("million", 1e6)):
        if value >= size:
            return f"{value / size:,.1f}".removesuffix(".0") + f" {word} {unit}"
    if unit.startswith("percent_of_"):
        return f"{value:,g}\N{NO-BREAK SPACE}% of {unit.removeprefix('percent_of_').replace('_', ' ')}"
    return f"{value:,g} {unit}"
