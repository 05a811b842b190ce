"""How a strength of a tie is told: its dimension, its amount with the unit, and what it rests on."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import Any

from analysis.figures.terms import say_term
from analysis.figures.wording import format_amount, is_given, one_line
from analysis.language import message, say, say_data, say_number
from analysis.language.numbers import format_digits
from analysis.wording import format_number

_NAMES = {
    "missions": message("embassies"),
    "defence_agreements": message("defence agreements"),
    "deployments": message("troops"),
    "memberships": message("memberships"),
    "votes": message("UN votes"),
    "trade": message("trade"),
    "arms": message("arms"),
}
NOT_KNOWN = message("not known")
_NOT_KNOWN_WHY = message("not known: {reason}")
_MISSIONS = {"non resident": "ambassador resident elsewhere", "closed": "no embassy: closed"}
_OVER = message("{amount} over {basis}")
_MEMBERS = message("{number}: {organisations}")
_PARTIAL = message("{organisation} ({standing})")
_RESTING = message("{amount} ({basis})")
_BILLION, _MILLION = message("{number} billion {unit}"), message("{number} million {unit}")
_PERCENT = message("{number}\N{NO-BREAK SPACE}% of {whole}")
_PLAIN = message("{number} {unit}")


def label_dimension(dimension: str) -> str:
    """Name a dimension where nothing stands before it.

    Examples
    --------
    >>> label_dimension("missions"), label_dimension("cyber_pacts")
    ('Embassies', 'Cyber pacts')
    """
    name = name_dimension(dimension)
    return name[:1].upper() + name[1:]


def name_dimension(dimension: str) -> str:
    """Name a dimension within a sentence.

    Examples
    --------
    >>> name_dimension("votes"), name_dimension("missions")
    ('UN votes', 'embassies')
    """
    return say(_NAMES[dimension]) if dimension in _NAMES else say_data(one_line(dimension.replace("_", " ")))


def describe_strength(row: Any, side: str) -> str:
    """Say how strong the tie with one of the two powers is, or why that is not known.

    Examples
    --------
    >>> import pandas as pd
    >>> row = pd.Series({"strength_a": 34.5511e9, "unit_a": "XOF", "basis_a": "import, 2024Q3", "reason_a": ""})
    >>> describe_strength(row, "a")
    '34.6 billion XOF (import, 2024Q3)'
    >>> row = pd.Series({"strength_b": 1.5, "unit_b": "organisations", "basis_b": "BRICS (associate), OIF"})
    >>> describe_strength(row, "b")
    '1.5: BRICS (associate), OIF'
    """
    strength, unit, basis = (getattr(row, f"{part}_{side}") for part in ("strength", "unit", "basis"))
    if not is_given(strength):
        reason = explain_strength(row, side)
        return say(_NOT_KNOWN_WHY, reason=reason) if reason else say(NOT_KNOWN)
    basis = one_line(basis).replace("CFA_", "CFA ").replace("_", " ")
    if unit == "embassies":
        return say_term(_MISSIONS.get(basis, basis))
    if unit == "organisations" and strength:
        # A membership rests on organisations, which are called by their codes.
        return say(_MEMBERS, number=format_amount(strength), organisations=", ".join(map(_member, basis.split(", "))))
    basis = say_term(basis) if basis else ""
    if unit == "agreement":
        return say(_OVER, amount=format_number(strength), basis=basis)
    countless = unit in ("agreements", "organisations")
    amount = format_amount(strength) if countless else format_quantity(float(strength), unit)
    return say(_RESTING, amount=amount, basis=basis) if basis else amount


def _member(organisation: str) -> str:
    """An organisation, and behind it in brackets what a state that is no member is in it."""
    code, bracket, standing = organisation.removesuffix(")").partition(" (")
    return say(_PARTIAL, organisation=code, standing=say_term(standing)) if bracket else code


def explain_strength(row: Any, side: str) -> str:
    """Say why a strength is not known; empty where no reason is given."""
    reason = getattr(row, f"reason_{side}")
    return say_term(reason) if is_given(reason) else ""


def format_quantity(value: float, unit: str) -> str:
    """Write a figure with its unit, in billions or millions where it is large.

    Examples
    --------
    >>> format_quantity(34.5511e9, "XOF"), format_quantity(2.2, "million TEU"), format_quantity(350.0, "troops")
    ('34.6 billion XOF', '2.2 million TEU', '350 troops')
    >>> format_quantity(1e-8, "billion EUR"), format_quantity(0.0, "million USD")
    ('0.00000001 billion EUR', '0 million USD')
    """
    if unit == "troops":
        return say_number(round(value) or ceil(value), "{n} troops", "{n} troops")
    for text, size in ((_BILLION, 1e9), (_MILLION, 1e6)):
        if value >= size:
            return say(text, number=format_amount(value / size), unit=_unit(unit))
    scale, _, rest = unit.partition(" ")
    if rest and scale in ("billion", "million"):
        text = _BILLION if scale == "billion" else _MILLION
        return say(text, number=_digits(value), unit=_unit(rest))
    if unit.startswith("percent_of_"):
        whole = say_term(unit.removeprefix("percent_of_").replace("_", " "))
        return say(_PERCENT, number=_digits(value), whole=whole)
    return say(_PLAIN, number=_digits(value), unit=_unit(unit))


def _unit(unit: str) -> str:
    """A unit in words; codes of currencies and of containers are the same in every language."""
    return unit if unit.isupper() else say_term(unit)


def _digits(value: float) -> str:
    """A number with the decimals it has, six digits at most."""
    return format_digits(value, len(f"{Decimal(f'{value:g}'):f}".partition(".")[2]))
