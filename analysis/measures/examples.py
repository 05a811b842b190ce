"""A miniature of the tables, made up, for the examples in the docstrings and in docs/method.md."""

from __future__ import annotations

import pandas as pd

from analysis.measures.engagement import create_engagements
from analysis.schema import DYAD_EVENTS, EVENT_ACTORS, EVENTS

# id, first day, last day, precision, PLOVER type, quad class, derived score
_EVENTS = (
    ("E1", "2024-01-15", "2024-01-15", "day", "CONSULT", "verbal_cooperation", 3.0),
    ("E2", "2024-02-01", "2024-02-29", "month", "COOPERATE", "material_cooperation", 6.8),
    ("E3", "2024-03-10", "2024-03-10", "day", "COERCE", "material_conflict", -6.7),
    ("E4", "2024-04-20", "2024-04-20", "day", "AID", "material_cooperation", 7.6),
    ("E5", "2024-05-05", "2024-05-05", "day", "CONSULT", "verbal_cooperation", 3.0),
    ("E6", "2024-06-01", "2024-06-01", "day", "AGREE", "verbal_cooperation", 5.9),
    ("E7", "2024-06-02", "2024-06-02", "day", "AID", "material_cooperation", 7.6),
)
# id, pair, initiator, effect, salience; E7 is between others than TGO
_PAIRS = (
    ("E1", "FRA", "TGO", "FRA", 1, 2),
    ("E2", "RUS", "TGO", "RUS", 1, 3),
    ("E3", "FRA", "TGO", "TGO", -1, 1),
    ("E4", "RUS", "TGO", "RUS", 1, 2),
    ("E5", "FRA", "TGO", "TGO", 1, 1),
    ("E5", "RUS", "TGO", "TGO", 1, 1),
    ("E6", "RUS", "TGO", None, 1, 3),
    ("E7", "BEN", "FRA", "FRA", 1, 3),
)


def example_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make the tables ``dyad_events`` and ``events`` of seven made-up events of 2024.

    Examples
    --------
    >>> dyad_events, events = example_tables()
    >>> len(dyad_events), len(events)
    (8, 7)
    """
    fields = ("event_id", "date_start", "date_end", "date_precision", "plover_type", "quad_class", "derived_score")
    common = {
        "source_name": "example",
        "file": "example.csv",
        "line": 2,
        "is_weak_fit": False,
        "certainty": "confirmed",
    }
    events = EVENTS.frame([common | dict(zip(fields, row, strict=True)) for row in _EVENTS])
    score = {row[0]: row[-1] for row in _EVENTS}
    dyad_events = DYAD_EVENTS.frame(
        [
            {
                "event_id": event_id,
                "actor_a": actor_a,
                "actor_b": actor_b,
                "initiator": initiator,
                "tie_effect": effect,
                "salience": salience,
                "derived_score": score[event_id],
                "weight": effect * salience,
                "weight_basis": "reviewed",
                "reason": "made up",
            }
            for event_id, actor_a, actor_b, initiator, effect, salience in _PAIRS
        ]
    )
    return dyad_events, events


def example_engagements() -> pd.DataFrame:
    """Create the engagements of TGO with FRA and RUS in 2024, from :func:`example_tables`.

    Examples
    --------
    >>> example_engagements()[["event_id", "power", "cooperation", "conflict"]]
      event_id power  cooperation  conflict
    0       E1   FRA          2.0       0.0
    1       E2   RUS          3.0       0.0
    2       E3   FRA          0.0       1.0
    3       E4   RUS          2.0       0.0
    4       E5   FRA          1.0       0.0
    5       E5   RUS          1.0       0.0
    6       E6   RUS          3.0       0.0
    """
    return create_engagements(*example_tables(), "TGO", ["FRA", "RUS"], "2024-01-01", "2024-12-31")


def example_series() -> pd.DataFrame:
    """Make a series of 24 quarters whose level rises at the beginning of 2023, from 0.25 to 2.25 points a quarter.

    Examples
    --------
    >>> example_series()["value"].astype(int).tolist()
    [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 3, 2, 1, 3, 3, 2, 1, 3, 3, 2, 1, 3]
    """
    values = [1.0, 0.0, 0.0, 0.0] * 3 + [3.0, 2.0, 1.0, 3.0] * 3
    quarters = pd.period_range("2020Q1", periods=len(values), freq="Q")
    return pd.DataFrame(
        {
            "date_start": quarters.start_time.to_numpy(dtype="datetime64[ns]"),
            "date_end": quarters.end_time.normalize().to_numpy(dtype="datetime64[ns]"),
            "value": values,
            "n_events": [int(value) for value in values],
        }
    )


def example_home() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Make ``events``, ``event_actors`` and ``pressure_kinds`` of five made-up events inside TGO in 2024.

    Examples
    --------
    >>> events, event_actors, kinds = example_home()
    >>> len(events), len(event_actors), len(kinds)
    (5, 10, 4)
    """
    # id, first day, class, target; H3 is done to a foreigner, H4 to a foreign station
    rows = (
        ("H1", "2024-01-10", "protest", "TGO"),
        ("H2", "2024-02-05", "arrest", "TGO"),
        ("H3", "2024-03-01", "arrest", "FRA"),
        ("H4", "2024-05-20", "media_suspension", "FRA"),
        ("H5", "2024-12-31", "pardon", "TGO"),
    )
    common = {"source_name": "example", "file": "example.csv", "line": 2, "date_precision": "day",
              "certainty": "confirmed", "is_weak_fit": False}  # fmt: skip
    events = EVENTS.frame(
        [
            common | {"event_id": event_id, "date_start": day, "date_end": day, "event_class": event_class}
            for event_id, day, event_class, _ in rows
        ]
    )
    event_actors = EVENT_ACTORS.frame(
        [
            {"event_id": row[0], "position": position, "rank": 1, "actor_code": code, "state": code, "raw_name": code}
            for row in rows
            for position, code in (("source", "TGO"), ("target", row[3]))
        ]
    )
    kinds = pd.DataFrame(
        [
            ("protest", "protest", "2", "own"),
            ("arrest", "arrest", "2", "own"),
            ("media_suspension", "media", "2", "any"),
            ("pardon", "relief", "2", "own"),
        ],
        columns=["event_class", "kind", "weight", "actors"],
    )
    return events, event_actors, kinds
