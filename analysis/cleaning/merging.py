"""One happening coded by two hands: merge the pairs that a reviewer, or a strict rule, calls the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.cleaning.duplicates import actors_of, is_restatement, records_of
from analysis.cleaning.result import merge
from analysis.errors import TightropeError
from analysis.schema import CERTAINTIES

VERDICTS = ("same", "distinct")

_Row = dict[str, Any]


@dataclass(frozen=True)
class MergeResult:
    """The four tables without the merged rows, the rows of the `merges` table, and the pairs still to review."""

    events: pd.DataFrame
    event_actors: pd.DataFrame
    event_sources: pd.DataFrame
    dyad_events: pd.DataFrame
    merges: list[_Row]
    unreviewed: pd.DataFrame


def merge_events(
    events: pd.DataFrame,
    event_actors: pd.DataFrame,
    event_sources: pd.DataFrame,
    dyad_events: pd.DataFrame,
    decisions: pd.DataFrame,
    candidates: pd.DataFrame,
) -> MergeResult:
    """Keep each happening once, by the reviewer's decisions and, for exact restatements, by rule.

    The kept row stands unchanged and gains the merged row's sources. Actors are not added. A pair of actors judged
    for both keeps the kept row's judgement (a reviewed one before a derived one); a pair judged for the merged row
    alone moves to the kept event as it is.

    An exact restatement is a candidate without a verdict from two files with the same dates to the day, the same
    source and target actors, the same PLOVER type, places that share a word (or one not named), and the same event
    class or a nearly identical summary. Of the two, the row with more sources stands, then the more certain one,
    then the one whose identifier sorts first. Every other candidate without a verdict is left alone and returned.

    Parameters
    ----------
    events, event_actors, event_sources, dyad_events : DataFrame
        As in ``schema``.
    decisions : DataFrame
        event_id_kept, event_id_merged, verdict (same or distinct) and reason; the reviewed table, its index
        counting rows from 0.
    candidates : DataFrame
        As returned by :func:`find_duplicates`.

    Returns
    -------
    MergeResult

    Raises
    ------
    TightropeError
        Listing every decision that cannot stand: unknown event, unknown verdict, no reason, a pair decided twice,
        an event merged into two, an event both kept and merged away, or two merged events called distinct.
    """
    _check_decisions(decisions, set(events["event_id"]))
    same = decisions[decisions["verdict"] == "same"]
    kept_of: dict[str, str] = dict(zip(same["event_id_merged"], same["event_id_kept"], strict=True))
    reasons: dict[str, str] = dict(zip(same["event_id_merged"], same["reason"], strict=True))
    judged = list(zip(decisions["event_id_kept"], decisions["event_id_merged"], strict=True))
    reviewed_ids = set(same["event_id_merged"])
    _add_restatements(kept_of, reasons, judged, candidates, events, event_actors, event_sources)

    basis_of = {event_id: "reviewed" if event_id in reviewed_ids else "rule" for event_id in kept_of}
    is_merged = events["event_id"].isin(list(kept_of))
    merges = [
        merge(row, row["event_id"], kept_of[row["event_id"]], basis_of[row["event_id"]], reasons[row["event_id"]])
        for row in records_of(events[is_merged])
    ]
    settled = {_standing_pair(kept_of, *pair) for pair in judged}
    pairs = zip(candidates["event_id_a"].tolist(), candidates["event_id_b"].tolist(), strict=True)
    standing = [_standing_pair(kept_of, a, b) for a, b in pairs]
    is_open = np.array([len(pair) == 2 and pair not in settled for pair in standing], dtype=bool)
    return MergeResult(
        events=events[~is_merged].reset_index(drop=True),
        event_actors=event_actors[~event_actors["event_id"].isin(list(kept_of))].reset_index(drop=True),
        event_sources=_moved(event_sources, kept_of, events, ["url"]),
        dyad_events=_moved(dyad_events, kept_of, events, ["actor_a", "actor_b"]),
        merges=merges,
        unreviewed=candidates[is_open].reset_index(drop=True),
    )


def _check_decisions(decisions: pd.DataFrame, known: set[str]) -> None:
    """Raise for all decisions that cannot stand; the index counts rows from 0, the header is line 1."""
    rows = records_of(decisions)
    lines = [int(index) + 2 for index in decisions.index]
    same = [row for row in rows if row["verdict"] == "same"]
    kept = {row["event_id_kept"] for row in same}
    kept_of: dict[str, str] = {}
    seen: set[frozenset[str]] = set()
    faults = []
    for line, row in zip(lines, rows, strict=True):
        a, b = row["event_id_kept"], row["event_id_merged"]
        found = [f"unknown event {event_id!r}" for event_id in (a, b) if event_id not in known]
        found += [f"verdict {row['verdict']!r} is not one of {', '.join(VERDICTS)}"] * (row["verdict"] not in VERDICTS)
        found += ["no reason"] * (not isinstance(row["reason"], str) or not row["reason"].strip())
        found += ["an event paired with itself"] * (a == b)
        found += ["pair decided before"] * (frozenset((a, b)) in seen)
        seen.add(frozenset((a, b)))
        if row["verdict"] == "same":
            found += [f"{b} is kept in another row"] * (b in kept)
            found += [f"{b} is merged into {kept_of.get(b)} too"] * (kept_of.get(b, a) != a)
            kept_of.setdefault(b, a)
        faults += [(line, f"{a}, {b}: {what}") for what in found]
    for line, row in zip(lines, rows, strict=True):
        a, b = row["event_id_kept"], row["event_id_merged"]
        if row["verdict"] == "distinct" and kept_of.get(a, a) == kept_of.get(b, b) and a != b:
            faults.append((line, f"{a}, {b}: called distinct, but both are merged into {kept_of.get(a, a)}"))
    if faults:
        listed = "\n".join(f"  line {line}: {what}" for line, what in sorted(faults))
        raise TightropeError(f"{len(faults)} faults in the reviewed decisions on duplicate events:\n{listed}")


def _standing_pair(kept_of: dict[str, str], a: str, b: str) -> frozenset[str]:
    """Return the events that stand for two events: one if both are merged into one."""
    return frozenset((kept_of.get(a, a), kept_of.get(b, b)))


def _add_restatements(
    kept_of: dict[str, str],
    reasons: dict[str, str],
    judged: list[tuple[str, str]],
    candidates: pd.DataFrame,
    events: pd.DataFrame,
    event_actors: pd.DataFrame,
    event_sources: pd.DataFrame,
) -> None:
    """Add exact restatements among the undecided candidates to kept_of and reasons, in place."""
    rows = {row["event_id"]: row for row in records_of(events)}
    main = event_actors[event_actors["position"] != "third"]
    parts = actors_of(main.assign(actor_code=main["position"] + " " + main["actor_code"], state=None))
    n_sources = event_sources.groupby("event_id").size().to_dict()
    reviewed_kept = set(kept_of.values())
    members: dict[str, list[str]] = {}
    for event_id, root in kept_of.items():
        members.setdefault(root, []).append(event_id)

    def precedence(event_id: str) -> tuple[bool, int, int, str]:
        certainty = rows[event_id]["certainty"]
        rank = CERTAINTIES.index(certainty) if certainty in CERTAINTIES else len(CERTAINTIES)
        return (event_id not in reviewed_kept, -n_sources.get(event_id, 0), rank, event_id)

    for a, b in zip(candidates["event_id_a"].tolist(), candidates["event_id_b"].tolist(), strict=True):
        roots = _standing_pair(kept_of, a, b)
        if len(roots) < 2 or roots <= reviewed_kept:
            continue
        if parts.get(a) != parts.get(b) or not is_restatement(rows[a], rows[b]):
            continue
        if any(_standing_pair(kept_of, *pair) == roots for pair in judged):
            continue
        kept, merged = sorted(roots, key=precedence)
        moved = [merged, *members.pop(merged, [])]
        kept_of.update(dict.fromkeys(moved, kept))
        members.setdefault(kept, []).extend(moved)
        reasons[merged] = f"exact restatement ({a} and {b}): same days, actors and PLOVER type in another file"


def _moved(table: pd.DataFrame, kept_of: dict[str, str], events: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Put the rows of merged events under the kept event, behind its own; one per key, reviewed before derived."""
    place = {event_id: position for position, event_id in enumerate(events["event_id"])}
    event_ids = table["event_id"].map(lambda event_id: kept_of.get(event_id, event_id))
    moved = table.assign(event_id=event_ids, _is_moved=table["event_id"].isin(list(kept_of)))
    moved["_is_derived"] = table["weight_basis"] == "derived" if "weight_basis" in table else False
    moved["_place"] = moved["event_id"].map(place)
    moved = moved.sort_values(["_place", "_is_derived", "_is_moved"], kind="stable")
    return moved.drop_duplicates(["event_id", *key])[list(table.columns)].reset_index(drop=True)
