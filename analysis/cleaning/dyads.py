"""What each event did to the tie of each pair: reviewed judgements, and a derived score where there is none."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pandas as pd

from analysis.cleaning.result import Cleaned, reject
from analysis.errors import RowError, TightropeError
from analysis.reference.actors import ActorRef
from analysis.schema import DYAD_EVENTS

Row = dict[str, Any]

DERIVED_TO_EFFECT = 0.3
"""The Goldstein scale ends at 10, that of effect times salience at 3."""

_DERIVED = "no judgement yet: the mean Goldstein score of the PLOVER type"
_UNTYPED = "no judgement yet and no PLOVER type: the weight is not known"
_EFFECTS = {"-1": -1, "0": 0, "1": 1, "+1": 1}
_SALIENCES = {"1": 1, "2": 2, "3": 3}
_PAIR_KINDS = ("state", "organisation")


def clean_judgements(
    raw: pd.DataFrame, events: pd.DataFrame, event_actors: pd.DataFrame, resolve: Callable[[str], ActorRef]
) -> Cleaned:
    """Reviewed judgements as the table `dyad_events`.

    Parameters
    ----------
    raw : DataFrame
        Raw rows of layout "tie_effects".
    events, event_actors : DataFrame
        The cleaned tables.
    resolve : callable
        A name or code to its actor; raises UnknownNameError.
    """
    known = events.set_index("event_id")
    sides = _sides(event_actors)
    rows: list[Row] = []
    rejects: list[Row] = []
    lines: dict[tuple[str, str, str], int] = {}
    for judgement in raw.to_dict("records"):
        try:
            row = _clean_judgement(judgement, known, resolve)
            key = (row["event_id"], row["actor_a"], row["actor_b"])
            if key in lines:
                raise RowError(f"the pair {key[1]}, {key[2]} is judged already for {key[0]} on line {lines[key]}")
        except TightropeError as error:
            rejects.append(reject(judgement, str(error)))
            continue
        lines[key] = judgement["line"]
        rows.append(row | {"initiator": _initiator(*key, sides)})
    return Cleaned(tables={"dyad_events": DYAD_EVENTS.frame(rows)}, merges=[], rejects=rejects)


def derive_dyads(
    events: pd.DataFrame, event_actors: pd.DataFrame, judged: pd.DataFrame, actors: pd.DataFrame, roles: pd.DataFrame
) -> pd.DataFrame:
    """Rows of `dyad_events` for events that no reviewer has judged, weighed by their PLOVER type.

    Only pairs of two different states or organisations of states count, one acting and one
    acted upon. The reference table `roles` says who stands for a state (its army, its press,
    its citizens) and who does not (its rebels).

    Returns
    -------
    DataFrame
        Rows of `dyad_events` with ``weight_basis`` "derived"; each awaits a review. The weight of an
        event without a PLOVER type is not known.
    """
    kinds = actors.set_index("actor_code")["kind"]
    apart = set(roles.loc[roles["stands_for_state"] == "false", "role"])
    scores = events.set_index("event_id")["derived_score"]
    waiting = set(events["event_id"]) - set(judged["event_id"])
    members: dict[str, dict[str, list[str]]] = {}
    for part in event_actors[event_actors["event_id"].isin(waiting)].itertuples():
        code = part.state if isinstance(part.state, str) else part.actor_code
        if part.role not in apart and kinds.get(code) in _PAIR_KINDS and kinds.get(part.actor_code) in _PAIR_KINDS:
            members.setdefault(part.event_id, {}).setdefault(part.position, []).append(code)
    rows: dict[tuple[str, str, str], Row] = {}
    for event_id, by_position in members.items():
        score = scores[event_id]
        for source, target in product(by_position.get("source", []), by_position.get("target", [])):
            actor_a, actor_b = sorted((source, target))
            if source == target:
                continue
            rows.setdefault(
                (event_id, actor_a, actor_b),
                {
                    "event_id": event_id, "actor_a": actor_a, "actor_b": actor_b, "initiator": source,
                    "derived_score": score, "weight": DERIVED_TO_EFFECT * score, "weight_basis": "derived",
                    "reason": _UNTYPED if pd.isna(score) else _DERIVED,
                },
            )  # fmt: skip
    return DYAD_EVENTS.frame(list(rows.values()))


def _clean_judgement(raw: Row, events: pd.DataFrame, resolve: Callable[[str], ActorRef]) -> Row:
    event_id = raw["event_id"]
    if event_id not in events.index:
        raise RowError(f"event {event_id!r} is not among the events")
    if events.at[event_id, "file"] != raw["file_named"]:
        raise RowError(f"event {event_id!r} stands in {events.at[event_id, 'file']}, not in {raw['file_named']!r}")
    if raw["tie_effect"] not in _EFFECTS:
        raise RowError(f"tie_effect {raw['tie_effect']!r}; accepted: -1, 0, +1")
    if raw["salience"] not in _SALIENCES:
        raise RowError(f"salience {raw['salience']!r}; accepted: 1, 2, 3")
    actor_a, actor_b = sorted(resolve(raw[column]).actor_code for column in ("state_a", "state_b"))
    if actor_a == actor_b:
        raise RowError(f"a pair of {actor_a} with itself; domestic events are no tie")
    effect, salience = _EFFECTS[raw["tie_effect"]], _SALIENCES[raw["salience"]]
    return {
        "event_id": event_id,
        "actor_a": actor_a,
        "actor_b": actor_b,
        "tie_effect": effect,
        "salience": salience,
        "derived_score": events.at[event_id, "derived_score"],
        "weight": float(effect * salience),
        "weight_basis": "reviewed",
        "reason": raw["reason"] or None,
        "file": raw["file"],
        "line": raw["line"],
    }


def _sides(event_actors: pd.DataFrame) -> dict[str, dict[str, set[str]]]:
    sides: dict[str, dict[str, set[str]]] = {}
    for part in event_actors.itertuples():
        code = part.state if isinstance(part.state, str) else part.actor_code
        sides.setdefault(str(part.event_id), {}).setdefault(str(part.position), set()).add(str(code))
    return sides


def _initiator(event_id: str, actor_a: str, actor_b: str, sides: dict[str, dict[str, set[str]]]) -> str | None:
    sources = sides.get(event_id, {}).get("source", set())
    acting = [actor for actor in (actor_a, actor_b) if actor in sources]
    return acting[0] if len(acting) == 1 else None
