"""The network of cooperation among the compared states, their blocs, and who stands between them."""

from __future__ import annotations

import pandas as pd

from analysis import reference
from analysis.briefing.evidence import Evidence

OUTSIDE = "neither"
PERMUTATIONS = 999
_PAIRED = ("coordinator", "consultant", "liaison")


def create_blocs(evidence: Evidence) -> dict[str, str]:
    """Each compared state's bloc on the last day, by the reviewed order of blocs; "neither" without one.

    A state of two blocs counts for the one that comes first in the reference table `network_blocs`.
    """
    order = list(reference.load("network_blocs").sort_values("order")["organisation"])
    members = {bloc: _members(evidence, bloc) for bloc in order}
    return {state: next((bloc for bloc in order if state in members[bloc]), OUTSIDE) for state in evidence.states}


def find_network_start(evidence: Evidence) -> pd.Timestamp:
    """The first day of the network: the window's, or the day on which the youngest bloc began if that is later."""
    ties = evidence.ties[(evidence.ties["kind"] == "membership") & evidence.ties["state"].isin(evidence.states)]
    begun = (
        ties[ties["partner"].isin(set(create_blocs(evidence).values()) - {OUTSIDE})].groupby("partner")["start"].min()
    )
    return max([evidence.start, *begun[begun <= evidence.end]])


def create_network(evidence: Evidence) -> pd.DataFrame:
    """Pairs of compared states with an event of cooperation since the blocs have stood.

    Returns
    -------
    DataFrame
        ``source, target`` (in the order of their codes)``, n_events, cooperation`` (points). A pair without a row has
        no gathered event, which does not mean that nothing happened.
    """
    start = find_network_start(evidence)
    inside = evidence.events[(evidence.events["date_end"] >= start) & (evidence.events["date_start"] <= evidence.end)]
    dyads = evidence.dyad_events
    chosen = dyads[dyads["event_id"].isin(inside["event_id"]) & (dyads["weight"] > 0)]
    chosen = chosen[chosen["actor_a"].isin(evidence.states) & chosen["actor_b"].isin(evidence.states)]
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


def _members(evidence: Evidence, organisation: str) -> set[str]:
    """States whose membership stands on the last day."""
    ties = evidence.ties
    found = ties[(ties["kind"] == "membership") & (ties["partner"] == organisation) & (ties["status"] != "candidate")]
    begun = found["start"].isna() | (found["start"] <= evidence.end)
    # "left" without a date is over; with one that lies ahead it is not yet.
    stands = found["end"].gt(evidence.end) | (found["end"].isna() & (found["status"] != "left"))
    return set(found.loc[begun & stands, "state"])
