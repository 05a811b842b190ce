"""The codes of some raw rows: what each stands for, and which no reviewed table knows."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from analysis.cleaning.coded.actors import SIDES, actor_column, resolve_actors, resolve_roles, role_column
from analysis.cleaning.coded.lookups import LOOKUP_SCHEMAS, known_codes
from analysis.sources.events.layout import EventLayout

Counts = dict[str, Counter[str]]


def code_columns(layout: EventLayout) -> list[str]:
    """The raw columns whose distinct values are resolved one by one."""
    columns = [column(layout, side) for column in (actor_column, role_column) for side in SIDES]
    return list(dict.fromkeys([*columns, "place_code"]))


def resolve_codes(counts: Counts, layout: EventLayout) -> tuple[dict[str, pd.DataFrame], Counter[tuple[str, str]]]:
    """The lookups of actors and roles, and how often each unknown code occurs, by (system, code)."""
    unknown: Counter[tuple[str, str]] = Counter()
    lookups = {}
    for name, column, resolve, system in (
        ("actors", actor_column, resolve_actors, layout.codes["actor_state"]),
        ("roles", role_column, resolve_roles, f"{layout.codes['role']} role"),
    ):
        both: Counter[str] = Counter()
        for side in SIDES:
            both += counts[column(layout, side)]
        found = resolve(layout, both)
        lookups[name] = found[list(LOOKUP_SCHEMAS[name])]
        missing = found[found["unknown"].notna()]
        for code, part in zip(missing["code"], missing["unknown"], strict=True):
            unknown[system, part] += both[code]
    places = layout.codes["place_state"]
    for code, count in counts["place_code"].items():
        if code not in known_codes(places):
            unknown[places, code] += count
    return lookups, unknown
