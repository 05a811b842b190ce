"""The network of cooperation among the compared states, their blocs, and who stands between them."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pandas as pd

from analysis import reference
from analysis.briefing.evidence import Evidence, once
from analysis.briefing.memberships import MEMBER, add_standing, standing_on
from analysis.language import message
from analysis.schema.rows import each_row

OUTSIDE = message("neither")
PERMUTATIONS = 999
_PAIRED = ("coordinator", "consultant", "liaison")


@once
def create_blocs(evidence: Evidence) -> dict[str, str]:
    """Each compared state's bloc on the last day, by the reviewed order of blocs; "neither" without one.

    A state of two blocs counts for the one that comes first in the reference table `network_blocs`. An associate or an
    observer of a bloc is no member and counts for none.
    """
    order = list(reference.load("network_blocs").sort_values("order")["organisation"])
    held = _select(evidence)
    held = held[held["standing"] == MEMBER]
    members = {bloc: set(held.loc[held["partner"] == bloc, "state"]) for bloc in order}
    return {state: next((bloc for bloc in order if state in members[bloc]), OUTSIDE) for state in evidence.states}


def list_partial(evidence: Evidence) -> list[tuple[str, str, str]]:
    """The states of no bloc that are an associate or an observer of one: state, what it is, and the bloc."""
    held, blocs = _select(evidence), create_blocs(evidence)
    near = held[(held["standing"] != MEMBER) & held["partner"].isin(reference.load("network_blocs")["organisation"])]
    rows = zip(near["state"], near["standing"], near["partner"], strict=True)
    return sorted(row for row in rows if blocs[row[0]] == OUTSIDE)


@once
def find_network_start(evidence: Evidence) -> pd.Timestamp:
    """The first day of the network: the window's, or the day on which the youngest bloc began if that is later."""
    ties = evidence.ties[(evidence.ties["kind"] == "membership") & evidence.ties["state"].isin(evidence.states)]
    ties = add_standing(ties).query("standing == @MEMBER")
    begun = (
        ties[ties["partner"].isin(set(create_blocs(evidence).values()) - {OUTSIDE})].groupby("partner")["start"].min()
    )
    return max([evidence.start, *begun[begun <= evidence.end]])


def create_network(evidence: Evidence) -> pd.DataFrame:
    """Pairs of compared states with an event of cooperation since the blocs have stood, joint events among them.

    An event of several states is coded as pairs with one of them: an exercise of five in Niger at Togo's side is Togo
    with each. All who cooperate with one and the same compared state in one event took part in it together, so that
    their pairs are tied too; a pair that the event sets against each other is not. States that meet in one event with
    a power or an organisation alone (aid for four of them) are not tied by it.

    Returns
    -------
    DataFrame
        ``source, target`` (in the order of their codes)``, n_events, cooperation`` (points; 0 where the pair met in
        joint events alone). A pair without a row has no gathered event, which does not mean that nothing happened.
    """
    start = find_network_start(evidence)
    inside = evidence.events[(evidence.events["date_end"] >= start) & (evidence.events["date_start"] <= evidence.end)]
    dyads = evidence.dyad_events
    chosen = dyads[dyads["event_id"].isin(inside["event_id"])]
    chosen = chosen[chosen["actor_a"].isin(evidence.states) & chosen["actor_b"].isin(evidence.states)]
    chosen = chosen.loc[chosen["weight"].notna(), ["event_id", "actor_a", "actor_b", "weight"]]
    chosen = pd.concat([chosen[chosen["weight"] > 0], _joint_pairs(chosen)], ignore_index=True)
    pairs = chosen.groupby(["actor_a", "actor_b"]).agg(n_events=("event_id", "nunique"), cooperation=("weight", "sum"))
    return pairs.reset_index().rename(columns={"actor_a": "source", "actor_b": "target"})


def find_brokers(evidence: Evidence, network: pd.DataFrame, blocs: dict[str, str]) -> pd.DataFrame:
    """Count the roles of each compared state, each open pair once, against blocs dealt out anew.

    Cooperation has no direction here, so a gatekeeper is a representative too: the two are one row.

    Returns
    -------
    DataFrame
        ``state, role`` (coordinator, consultant, gatekeeper, liaison)``, count, expected, sd, z, p_value, reason``,
        states in the order compared.
    """
    from analysis.measures.brokerage import brokerage

    roles = brokerage(network[["source", "target"]], blocs, directed=False, n_permutations=PERMUTATIONS)
    roles = roles[roles["role"] != "representative"]
    shared = roles["role"].isin(_PAIRED).map({True: 2, False: 1})
    roles = roles.assign(**{name: roles[name] / shared for name in ("count", "expected", "sd")})
    return roles.sort_values(
        "state", key=lambda codes: codes.map(evidence.states.index), kind="stable", ignore_index=True
    )


def count_bridges(network: pd.DataFrame, blocs: dict[str, str]) -> pd.DataFrame:
    """Count for each state the pairs across the two blocs that it links and that have no tie themselves.

    Returns
    -------
    DataFrame
        ``state, n_pairs``, most first; empty with fewer than two blocs.
    """
    names = sorted(set(blocs.values()) - {OUTSIDE})
    if len(names) != 2:
        return pd.DataFrame(columns=["state", "n_pairs"])
    tied: dict[str, set[str]] = {state: set() for state in blocs}
    for source, target in zip(network["source"], network["target"], strict=True):
        tied[source].add(target)
        tied[target].add(source)
    counts = {
        state: sum(
            one in tied[state] and other in tied[state] and other not in tied[one]
            for one in blocs if blocs[one] == names[0] and one != state
            for other in blocs if blocs[other] == names[1] and other != state
        )
        for state in blocs
    }  # fmt: skip
    frame = pd.DataFrame({"state": list(counts), "n_pairs": list(counts.values())})
    return frame.sort_values(["n_pairs", "state"], ascending=[False, True], ignore_index=True)


def _joint_pairs(dyads: pd.DataFrame) -> pd.DataFrame:
    """Pairs of states that an event ties through a third state and not with each other, weight 0."""
    rows = []
    events: dict[str, list[Any]] = {}
    for row in each_row(dyads):
        events.setdefault(row.event_id, []).append(row)
    for event, own in sorted(events.items()):
        coded = {(row.actor_a, row.actor_b) for row in own}
        with_state: dict[str, set[str]] = {}
        for row in own:
            if pd.notna(row.weight) and row.weight > 0:
                with_state.setdefault(row.actor_a, set()).add(row.actor_b)
                with_state.setdefault(row.actor_b, set()).add(row.actor_a)
        found = {pair for others in with_state.values() for pair in combinations(sorted(others), 2)}
        rows += [(event, one, other, 0.0) for one, other in sorted(found) if not {(one, other), (other, one)} & coded]
    return pd.DataFrame(rows, columns=["event_id", "actor_a", "actor_b", "weight"]).astype({"weight": "float64"})


def _select(evidence: Evidence) -> pd.DataFrame:
    """The memberships of the compared states that have begun by the last day and stand on it."""
    ties = evidence.ties
    held = ties[(ties["kind"] == "membership") & ties["state"].isin(evidence.states)]
    return standing_on(add_standing(held), evidence.end)
