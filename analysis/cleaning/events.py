"""Hand-coded events: raw rows to the tables `events`, `event_actors` and `event_sources`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from analysis.cleaning.dates import parse_date_range, parse_partial, refuse_unknowable
from analysis.cleaning.result import Cleaned, reject
from analysis.errors import RowError, TightropeError, UnknownNameError
from analysis.reference.actors import ActorRef
from analysis.schema import CERTAINTIES, EVENT_ACTORS, EVENT_SOURCES, EVENTS

Row = dict[str, Any]

_POSITIONS = {"actor1": "source", "actor2": "target", "third_parties": "third"}
_FLAGS = {"": False, "false": False, "true": True}


def clean_events(
    files: Iterable[pd.DataFrame],
    resolve: Callable[[str], ActorRef],
    plover: pd.DataFrame,
    source_name: str = "curated",
    accessed: Mapping[str, pd.Timestamp] = MappingProxyType({}),
) -> Cleaned:
    """Events of all files; a row with an unknown actor, type, date or a repeated identifier is rejected.

    Parameters
    ----------
    files : iterable of DataFrame
        Raw rows of layout "events".
    resolve : callable
        A name or code to its actor; raises UnknownNameError.
    plover : DataFrame
        The reference table `plover`: plover_type, quad_class, derived_score.
    source_name : str
        What the events are called as a source.
    accessed : dict of str to Timestamp
        Day of access by file name: an event, or a page on it, dated later is rejected.
    """
    types = plover.set_index("plover_type")
    events: list[Row] = []
    actors: list[Row] = []
    reports: list[Row] = []
    rejects: list[Row] = []
    seen: dict[str, str] = {}
    for raw in pd.concat(list(files) or [pd.DataFrame()], ignore_index=True).fillna("").to_dict("records"):
        try:
            event = _clean_event(raw, types, seen)
            for column in ("date_start", "source1_date", "source2_date"):
                refuse_unknowable(raw[column], raw, accessed)
            parts = _clean_actors(raw, resolve)
            published = _clean_reports(raw)
        except TightropeError as error:
            rejects.append(reject(raw, str(error)))
            continue
        seen[event["event_id"]] = f"{raw['file']} line {raw['line']}"
        first = {
            position: next((part for part in parts if part["position"] == position), {})
            for position in ("source", "target")
        }
        events.append(
            event
            | {
                "source_name": source_name,
                "source_actor": first["source"].get("actor_code"),
                "source_role": first["source"].get("role"),
                "target_actor": first["target"].get("actor_code"),
                "target_role": first["target"].get("role"),
            }
        )
        actors += parts
        reports += published
    tables = {
        "events": EVENTS.frame(events),
        "event_actors": EVENT_ACTORS.frame(actors),
        "event_sources": EVENT_SOURCES.frame(reports),
    }
    return Cleaned(tables=tables, merges=[], rejects=rejects)


def _clean_event(raw: Row, types: pd.DataFrame, seen: dict[str, str]) -> Row:
    event_id = raw["event_id"]
    if not event_id:
        raise RowError("event_id is empty; every event needs its own")
    if event_id in seen:
        raise RowError(f"event_id {event_id!r} stands already in {seen[event_id]}; every event needs its own")
    if not raw["actor1"]:
        raise RowError("actor1 is empty; name who acted, or UNK")
    if not raw["summary"]:
        raise RowError("summary is empty; say in a sentence what happened")
    dates = parse_date_range(raw["date_start"], raw["date_end"], raw["date_precision"])
    plover_type = raw["plover_event"]
    if plover_type and plover_type not in types.index:
        raise UnknownNameError("PLOVER type", plover_type, types.index)
    return {
        "event_id": event_id,
        "file": raw["file"],
        "line": raw["line"],
        "date_start": dates.start,
        "date_end": dates.end,
        "date_precision": dates.precision,
        "event_class": raw["event_class"] or None,
        "plover_type": plover_type or None,
        "quad_class": types.at[plover_type, "quad_class"] if plover_type else None,
        "derived_score": float(types.at[plover_type, "derived_score"]) if plover_type else None,
        "domain": raw["domain"] or None,
        "place": raw["place"] or None,
        "certainty": _one_of(raw, "certainty", CERTAINTIES, required=True),
        "statement_certainty": _one_of(raw, "statement_certainty", CERTAINTIES),
        "is_weak_fit": _flag(raw, "weak_fit"),
        "summary": raw["summary"],
        "note": raw["note"] or None,
    }


def _clean_actors(raw: Row, resolve: Callable[[str], ActorRef]) -> list[Row]:
    parts: dict[tuple[str, str, str], Row] = {}
    for column, position in _POSITIONS.items():
        names = [name.strip() for name in raw[column].split(";") if name.strip()]
        for rank, name in enumerate(names, start=1):
            actor = resolve(name)
            parts.setdefault(
                (position, actor.actor_code, actor.role or ""),
                {
                    "event_id": raw["event_id"],
                    "position": position,
                    "rank": rank,
                    "actor_code": actor.actor_code,
                    "role": actor.role or None,
                    "state": actor.state or None,
                    "raw_name": name,
                },
            )
    return list(parts.values())


def _clean_reports(raw: Row) -> list[Row]:
    reports: dict[str, Row] = {}
    for number in (1, 2):
        url = raw[f"source{number}_url"]
        if not url:
            continue
        text = raw[f"source{number}_date"]
        published, _, precision = parse_partial(text) if text else (None, None, None)
        reports.setdefault(
            url,
            {
                "event_id": raw["event_id"],
                "url": url,
                "outlet": raw[f"source{number}_outlet"] or None,
                "published": published,
                "published_precision": precision,
            },
        )
    if not reports:
        raise RowError("no source url; an event needs at least one page it rests on")
    return list(reports.values())


def _one_of(raw: Row, column: str, accepted: tuple[str, ...], *, required: bool = False) -> str | None:
    value: str = raw.get(column, "")
    if (value or required) and value not in accepted:
        raise RowError(f"{column} {value!r}; accepted: {', '.join(accepted)}")
    return value or None


def _flag(raw: Row, column: str) -> bool:
    value = raw.get(column, "")
    if value not in _FLAGS:
        raise RowError(f"{column} {value!r}; accepted: true, false or empty")
    return _FLAGS[value]
