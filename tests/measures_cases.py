"""Small tables and engagements for the tests of the measures, written as text such as "E1 FRA +2 RUS -1; E2 RUS +3"."""

from pathlib import Path

import pandas as pd
from hypothesis import settings

from analysis.measures import create_engagements
from analysis.schema import DYAD_EVENTS, EVENTS

KNOWN_ANSWERS = Path(__file__).parent / "known_answers"
QUICK = settings(max_examples=50, deadline=None)  # no deadline: a busy machine is no fault
YEAR = ("2024-01-01", "2024-12-31")


def known_answers(name: str) -> list[dict[str, str]]:
    frame = pd.read_csv(KNOWN_ANSWERS / name, dtype=str, keep_default_na=False)
    assert frame["note"].str.len().gt(0).all(), "every known answer says where it comes from"
    return frame.to_dict("records")


def event(event_id: str, start: str = "2024-06-15", end: str | None = None, **more) -> dict:
    usual = {"source_name": "test", "file": "test.csv", "line": 2, "date_precision": "day", "is_weak_fit": False}
    return usual | {"event_id": event_id, "date_start": start, "date_end": end or start} | more


def pair(event_id: str, one: str, other: str, weight: float, **more) -> dict:
    actor_a, actor_b = sorted((one, other))
    usual = {"weight_basis": "reviewed", "derived_score": 2.0 * weight}
    return usual | {"event_id": event_id, "actor_a": actor_a, "actor_b": actor_b, "weight": weight} | more


def tables(pairs: list[dict], events: list[dict]) -> tuple[pd.DataFrame, pd.DataFrame]:
    return DYAD_EVENTS.frame(pairs), EVENTS.frame(events)


def parse(text: str, state: str = "TGO") -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables that a text describes: "<event> <power> <weight> ...; <event> ..."."""
    pairs, events = [], []
    for part in filter(None, map(str.strip, text.split(";"))):
        event_id, *amounts = part.split()
        events.append(event(event_id))
        pairs += [pair(event_id, state, amounts[i], float(amounts[i + 1])) for i in range(0, len(amounts), 2)]
    return tables(pairs, events)


def engage(text: str, powers: tuple[str, ...] = ("FRA", "RUS", "CHN", "USA")) -> pd.DataFrame:
    return create_engagements(*parse(text), "TGO", list(powers), *YEAR)


def number(text: str) -> float | None:
    return float(text) if text else None
