"""Two sources beside each other where they overlap: monthly counts, their rank correlation, and candidate pairs.

Counts alone are compared: one source's Goldstein scores are never added to another's, and no event of
one source is merged with one of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.archive.quality import name_actors

FEW_MONTHS = 12
"""Under so many months that both sources cover, no correlation is given."""

PAIR_KEYS = ["date_start", "source_actor", "target_actor", "plover_type"]
"""What two events of two sources must share to be candidates for one."""

_MONTHS = ["subject", "source_name", "month", "n_events"]
_COMPARED = [
    "subject", "source_a", "source_b", "n_months", "first_month", "last_month", "n_a", "n_b", "rho", "reason",
]  # fmt: skip


def name_dyad(one: str, other: str) -> str:
    """The name of a pair of actors, either of which may act.

    Examples
    --------
    >>> name_dyad("TGO", "BEN")
    'BEN-TGO'
    """
    return "-".join(sorted((one, other)))


def count_subject_months(events: ir.Table, states: Sequence[str]) -> ir.Table:
    """Events a month that name a state (as actor or as place), and that pass between two of them.

    An event that is dated no finer than over the end of a month belongs to no month.
    Columns: subject (a state's code, or that of :func:`name_dyad`), month, n_events.
    """
    of_one_month = events.filter(events.date_start.truncate("M") == events.date_end.truncate("M"))
    named = name_actors(of_one_month)
    named = named.filter(named.actor.isin(states) & named.is_first)
    between = of_one_month.filter(
        of_one_month.source_actor.isin(states)
        & of_one_month.target_actor.isin(states)
        & (of_one_month.source_actor != of_one_month.target_actor)
    )
    first = ibis.least(between.source_actor, between.target_actor)
    second = ibis.greatest(between.source_actor, between.target_actor)
    both = ibis.union(
        named.select(subject=named.actor, month=named.date_start.truncate("M")),
        between.select(subject=first.concat("-", second), month=between.date_start.truncate("M")),
    )
    return both.group_by("subject", "month").agg(n_events=both.count()).order_by("subject", "month")


def count_curated_months(
    events: pd.DataFrame, event_actors: pd.DataFrame, dyad_events: pd.DataFrame, states: Sequence[str]
) -> pd.DataFrame:
    """The same counts from the curated tables, whose events name third parties and no state as place.

    Parameters
    ----------
    events, event_actors, dyad_events : DataFrame
        Processed tables.
    states : sequence of str
        Codes of the states.

    Returns
    -------
    DataFrame
        subject, month, n_events.
    """
    starts, ends = events["date_start"].dt.to_period("M"), events["date_end"].dt.to_period("M")
    months = events.loc[starts == ends, ["event_id"]].assign(month=starts[starts == ends].dt.start_time)
    named = event_actors.loc[event_actors["state"].isin(states), ["event_id", "state"]].drop_duplicates()
    between = dyad_events[dyad_events["actor_a"].isin(states) & dyad_events["actor_b"].isin(states)]
    subjects = pd.concat(
        [
            named.rename(columns={"state": "subject"}),
            pd.DataFrame(
                {
                    "event_id": between["event_id"],
                    "subject": [name_dyad(a, b) for a, b in zip(between["actor_a"], between["actor_b"], strict=True)],
                }
            ).drop_duplicates(),
        ]
    )
    joined = subjects.merge(months, on="event_id", validate="many_to_one")
    return joined.groupby(["subject", "month"]).size().rename("n_events").reset_index()


def align_months(
    months: pd.DataFrame, covered: Mapping[str, pd.DatetimeIndex], subject: str, source_a: str, source_b: str
) -> pd.DataFrame:
    """Counts of one subject in two sources, in the months that both cover; a month without a row is 0.

    Parameters
    ----------
    months : DataFrame
        subject, source_name, month, n_events.
    covered : mapping
        Source to the first days of the months it covers.
    subject, source_a, source_b : str
        What is compared, and in which sources.

    Returns
    -------
    DataFrame
        month, n_a, n_b.
    """
    common = covered[source_a].intersection(covered[source_b]).sort_values()
    aligned = pd.DataFrame({"month": common})
    for column, source in (("n_a", source_a), ("n_b", source_b)):
        own = months[(months["subject"] == subject) & (months["source_name"] == source)]
        counts = pd.Series(own["n_events"].to_numpy(), index=pd.DatetimeIndex(own["month"]), dtype="int64")
        aligned[column] = counts.reindex(common, fill_value=0).to_numpy()
    return aligned


def compare_sources(
    months: pd.DataFrame, covered: Mapping[str, pd.DatetimeIndex], few: int = FEW_MONTHS
) -> pd.DataFrame:
    """How alike two sources count, for every subject and pair of sources: Spearman's rank correlation.

    Parameters
    ----------
    months, covered
        As for :func:`align_months`; pairs of sources in the order of `covered`.
    few : int
        Under so many common months no correlation is given.

    Returns
    -------
    DataFrame
        subject, source_a, source_b, n_months, first_month, last_month, n_a and n_b (events in the common
        months), rho (missing where it cannot be given) and the reason for that. Pairs of sources neither
        of which has any event of the subject are left out.
    """
    rows = []
    for subject in dict.fromkeys(months["subject"]):
        holders = set(months.loc[months["subject"] == subject, "source_name"])
        for source_a, source_b in combinations(covered, 2):
            if not holders & {source_a, source_b}:
                continue
            aligned = align_months(months, covered, subject, source_a, source_b)
            rho, reason = _correlate(aligned, few)
            spread = (aligned["month"].min(), aligned["month"].max())
            sums = (int(aligned["n_a"].sum()), int(aligned["n_b"].sum()))
            rows.append((subject, source_a, source_b, len(aligned), *spread, *sums, rho, reason))
    return pd.DataFrame(rows, columns=_COMPARED)


def _correlate(aligned: pd.DataFrame, few: int) -> tuple[float, str]:
    if aligned.empty:
        return float("nan"), "no month that both cover"
    if len(aligned) < few:
        return float("nan"), "too few months to say"
    if not aligned["n_a"].any() or not aligned["n_b"].any():
        return float("nan"), "no event in one of them"
    if aligned["n_a"].nunique() == 1 or aligned["n_b"].nunique() == 1:
        return float("nan"), "one of the two does not vary"
    return float(aligned[["n_a", "n_b"]].corr(method="spearman").loc["n_a", "n_b"]), ""


def create_curated_pairs(events: pd.DataFrame, event_actors: pd.DataFrame) -> pd.DataFrame:
    """Curated events of a known day, once for each pair of states of which one acted upon the other.

    Returns
    -------
    DataFrame
        event_id, date_start, source_actor, target_actor, plover_type, summary.
    """
    sides = {
        side: event_actors.loc[
            (event_actors["position"] == side) & event_actors["state"].notna(), ["event_id", "state"]
        ].drop_duplicates()
        for side in ("source", "target")
    }
    pairs = sides["source"].merge(sides["target"], on="event_id", suffixes=("_source", "_target"))
    pairs = pairs.rename(columns={"state_source": "source_actor", "state_target": "target_actor"})
    dated = events.loc[events["date_precision"] == "day", ["event_id", "date_start", "plover_type", "summary"]]
    return pairs.merge(dated, on="event_id", validate="many_to_one")


def pair_across_sources(events_a: pd.DataFrame, events_b: pd.DataFrame) -> pd.DataFrame:
    """List the events of two sources that may be one: the same day, directed pair of actors and PLOVER type.

    They are candidates for a reviewer and are not merged: two sources may well speak of two events of
    one kind on one day. An event that lacks an actor or a type is no candidate, nor one that is dated
    less finely than by the day.

    Parameters
    ----------
    events_a, events_b : DataFrame
        event_id, date_start, source_actor, target_actor, plover_type, and if known date_precision.

    Returns
    -------
    DataFrame
        date_start, source_actor, target_actor, plover_type, event_id_a, event_id_b; every event of the one
        source beside every one of the other that shares all four, in this order of columns.

    Examples
    --------
    >>> a = pd.DataFrame([("1", "2024-01-05", "FRA", "TGO", "CONSULT"), ("2", "2024-01-05", "TGO", "FRA", "CONSULT")],
    ...                  columns=["event_id", *PAIR_KEYS])
    >>> b = pd.DataFrame([("X", "2024-01-05", "FRA", "TGO", "CONSULT")], columns=["event_id", *PAIR_KEYS])
    >>> pair_across_sources(a, b)[["event_id_a", "event_id_b"]].to_numpy().tolist()
    [['1', 'X']]
    """
    left, right = (_candidates(events, suffix) for events, suffix in ((events_a, "_a"), (events_b, "_b")))
    pairs = left.merge(right, on=PAIR_KEYS)
    columns = [*PAIR_KEYS, "event_id_a", "event_id_b"]
    return pairs[columns].sort_values(columns, kind="stable", ignore_index=True)


def _candidates(events: pd.DataFrame, suffix: str) -> pd.DataFrame:
    known = events.dropna(subset=PAIR_KEYS)
    if "date_precision" in known:
        known = known[known["date_precision"] == "day"]
    return pd.DataFrame(
        {
            "date_start": pd.to_datetime(known["date_start"]).astype("datetime64[s]"),
            **{name: known[name].astype("str") for name in PAIR_KEYS[1:]},
            f"event_id{suffix}": known["event_id"].astype("str"),
        }
    )


def list_subjects(states: Iterable[str]) -> list[str]:
    """The states, and every pair of them.

    Examples
    --------
    >>> list_subjects(["TGO", "BEN"])
    ['TGO', 'BEN', 'BEN-TGO']
    """
    states = list(states)
    return [*states, *(name_dyad(one, other) for one, other in combinations(states, 2))]
