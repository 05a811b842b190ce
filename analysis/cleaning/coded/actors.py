"""Who acts and in what role: what each distinct code, name or list of sectors of a source stands for.

A file has millions of rows and a few thousand ways to write an actor. Each way is resolved once, here, by the reviewed
tables; the rows are then joined to the answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pandas as pd

from analysis import reference
from analysis.cleaning.coded.lookups import codes_of, dated_codes
from analysis.errors import TightropeError, UnknownNameError
from analysis.reference.coded_actors import leading_role, split_cameo_actor
from analysis.sources.events.layout import EventLayout

SIDES = ("source", "target")

# "Police Forces of Togo (2005-)", "Protesters (Argentina)"
_FORCES = re.compile(r"(?:Forces|Police|Guard|Gendarmerie|Government) of (?:the )?([^()]+) \(\d")
_IN_BRACKETS = re.compile(r"\(([^()0-9]+)\)$")


def actor_column(layout: EventLayout, side: str) -> str:
    """The raw column that says which actor a side is."""
    return f"{side}_key" if f"{side}_key" in layout.reads else f"{side}_raw"


def role_column(layout: EventLayout, side: str) -> str:
    """The raw column that says in which role a side acts."""
    return f"{side}_role_code" if f"{side}_role_code" in layout.reads else f"{side}_raw"


def resolve_actors(layout: EventLayout, values: Iterable[str]) -> pd.DataFrame:
    """What each distinct value of the actor columns stands for.

    Returns
    -------
    DataFrame
        code (the value), actor (code of an actor, or missing), dated_code (where the actor hangs
        on the day), unknown (the part that no reviewed table knows, or missing).

    Examples
    --------
    >>> from analysis.sources.events.gdelt import GDELT2
    >>> resolve_actors(GDELT2, ["IGOWAFWAS", "TGOGOV"])["actor"].to_list()
    ['ECOWAS', 'TGO']
    """
    rows = [(value, *_resolve_actor(layout.codes["actor_state"], value)) for value in sorted(values)]
    return pd.DataFrame(rows, columns=["code", "actor", "dated_code", "unknown"], dtype=object)


def resolve_roles(layout: EventLayout, values: Iterable[str]) -> pd.DataFrame:
    """What each distinct value of the role columns stands for: code, role and unknown, as for actors.

    Examples
    --------
    >>> from analysis.sources.events.icews import ICEWS
    >>> resolve_roles(ICEWS, ["Military,Government"])["role"].to_list()
    ['MIL']
    """
    rows = [(value, *_resolve_role(layout.codes["role"], value)) for value in sorted(values)]
    return pd.DataFrame(rows, columns=["code", "role", "unknown"], dtype=object)


@cache
def _resolve_actor(system: str, value: str) -> tuple[str | None, str | None, str | None]:
    if system == "cameo":
        try:
            parts = split_cameo_actor(value)
        except TightropeError:
            return None, None, value
        if parts.country is not None:
            # A republic after its federation outlived it: SCGSRB is Serbia, which is no part of SCG any more.
            known = [parts.country + part for part in parts.others if parts.country + part in _meanings(system)]
            state = _state(system, known[0] if known else parts.country)
            if state != (None, None, None):
                return state
        return _groups().get(parts.group or ""), None, None
    if system == "acled_name":
        found = _FORCES.search(value) or _IN_BRACKETS.search(value)
        # Armed groups and communities are named without a state, or with a region; they are no unknown codes.
        return (*_state(system, found.group(1))[:2], None) if found else (None, None, None)
    return _state(system, value.removesuffix(".0"))


def _state(system: str, code: str) -> tuple[str | None, str | None, str | None]:
    meanings = _meanings(system)
    if code not in meanings:
        return None, None, code
    if code in _dated(system):
        return None, code, None
    return meanings[code] or None, None, None


@cache
def _resolve_role(source: str, value: str) -> tuple[str | None, str | None]:
    if source == "gdelt":
        try:
            return leading_role(split_cameo_actor(value).roles, source), None
        except TightropeError:
            return None, None
    if source == "ucdp":
        named = {"Civilians": "civilians"}.get(value, "nonstate")
        return leading_role(["state" if value.startswith("Government of ") else named], source), None
    if source == "acled" and value.removesuffix(".0") == "0":
        return None, None
    known, unknown = [], None
    for code in (part.strip().removesuffix(".0") for part in value.split(",")):
        try:
            leading_role([code], source)
            known.append(code)
        except UnknownNameError:
            unknown = code
    return leading_role(known, source), unknown


@cache
def _meanings(system: str) -> dict[str, str]:
    table = codes_of(system)
    return dict(zip(table["code"], table["state"], strict=True))


@cache
def _dated(system: str) -> frozenset[str]:
    return frozenset(dated.code for dated in dated_codes(system))


@cache
def _groups() -> dict[str, str | None]:
    groups = reference.load("actor_groups")
    return {str(code): str(actor) or None for code, actor in zip(groups["code"], groups["actor_code"], strict=True)}
