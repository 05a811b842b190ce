"""Who was in which organisation when, and as what: which recorded status is a membership says a reviewed table."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from analysis import reference
from analysis.briefing.evidence import Evidence, once
from analysis.errors import UnknownNameError
from analysis.language import message, say

MEMBER, ASSOCIATE, OBSERVER, NONE = "member", "associate", "observer", "none"
_KINDS = {MEMBER: "membership", ASSOCIATE: ASSOCIATE, OBSERVER: OBSERVER}
_SPELL_COLUMNS = ["state", "organisation", "kind", "start", "end", "start_precision", "end_precision"]
_NAMED = {
    ASSOCIATE: message("{organisation:bare} (associate)"),
    OBSERVER: message("{organisation:bare} (observer)"),
}


def add_standing(memberships: pd.DataFrame) -> pd.DataFrame:
    """What each membership counts as, by the reference table `membership_statuses`.

    Parameters
    ----------
    memberships : DataFrame
        Ties of kind membership, with their ``status``.

    Returns
    -------
    DataFrame
        The same rows with ``standing``: member, associate, observer, or none. An associate or an observer is no
        member. Where a status says that the tie is over, it is what the state was before.

    Raises
    ------
    UnknownNameError
        A status stands in no row of the table.

    Examples
    --------
    >>> add_standing(pd.DataFrame({"status": ["left", "associate"]}))["standing"].tolist()
    ['member', 'associate']
    """
    counts_as = reference.load("membership_statuses").set_index("status")["counts_as"]
    standing = memberships["status"].map(counts_as)
    if standing.isna().any():
        status = str(memberships.loc[standing.isna(), "status"].iloc[0])
        raise UnknownNameError("membership status", status, counts_as.index)
    return memberships.assign(standing=standing)


def standing_on(memberships: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The rows of :func:`add_standing` that stand on a day and count as more than none.

    Examples
    --------
    >>> left = pd.DataFrame({"status": ["left"], "start": [pd.Timestamp("1975-05-28")], "end": ["2025-01-29"]})
    >>> held = add_standing(left.astype({"end": "datetime64[ns]"}))
    >>> [len(standing_on(held, pd.Timestamp(day))) for day in ("2024-12-31", "2025-12-31")]
    [1, 0]
    """
    begun = memberships["start"].isna() | (memberships["start"] <= day)
    # "left" without a date is over; with one that lies ahead it is not yet.
    stands = memberships["end"].gt(day) | (memberships["end"].isna() & (memberships["status"] != "left"))
    return memberships[begun & stands & (memberships["standing"] != NONE)]


def name_standing(evidence: Evidence, organisation: str, standing: str) -> str:
    """An organisation by its name, and what a state that is no member is in it."""
    name = evidence.names[organisation]
    return say(_NAMED[standing], organisation=name) if standing in _NAMED else name


@once
def create_spells(evidence: Evidence, most: int = 4) -> pd.DataFrame:
    """Memberships and suspensions of the compared states in the organisations that the question is about.

    These are named in the reference table `comparison_organisations`; for a state of no
    comparison set they are those that most of the compared states joined or left in the window.

    Returns
    -------
    DataFrame
        ``state, organisation, kind`` (membership, associate, observer, suspension)``, start, end, start_precision,
        end_precision``. An associate or an observer is no member, and its time as one is a spell of its own. Spells
        of one kind that follow on one another are one. A suspension ends with the membership at the latest; one that
        began before the window and whose end nobody reports says nothing of the window and is left out.
    """
    ties = evidence.ties[evidence.ties["state"].isin(evidence.states)]
    held = add_standing(ties[ties["kind"] == "membership"])
    held = held[held["standing"] != NONE]
    spells = pd.concat([held.assign(kind=held["standing"].map(_KINDS)), ties[ties["kind"] == "suspension"]])
    spells = spells.rename(columns={"partner": "organisation"})
    chosen = _organisations(evidence, spells, most)
    spells = spells[spells["organisation"].isin(chosen)]
    here: defaultdict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for spell in spells.sort_values("start", na_position="first", kind="stable")[_SPELL_COLUMNS].to_dict("records"):
        here[spell["organisation"], spell["state"], spell["kind"]].append(spell)
    rows: list[dict[str, object]] = []
    for organisation in chosen:
        for state in evidence.states:
            members, *partial = (_join_spells(here[organisation, state, kind]) for kind in _KINDS.values())
            rows += [*members, *(spell for own in partial for spell in own)]
            rows += _clip_suspensions(here[organisation, state, "suspension"], members, evidence.start)
    return pd.DataFrame(rows, columns=_SPELL_COLUMNS)


def _organisations(evidence: Evidence, spells: pd.DataFrame, most: int) -> list[str]:
    sets = reference.load("comparison_sets")
    named = reference.load("comparison_organisations")
    home = sets.loc[sets["state"] == evidence.state, "set_name"]
    if len(home):
        named = named[named["set_name"] == home.iloc[0]]
        return [code for code in named["organisation"] if code in set(spells["organisation"])]
    members = spells[spells["kind"] == "membership"]
    begins, ends = (members[name].between(evidence.start, evidence.end) for name in ("start", "end"))
    moved = begins | ends
    moves = members[moved].groupby("organisation")["state"].nunique().sort_index()
    return list(moves.sort_values(ascending=False, kind="stable").index[:most])


def _join_spells(spells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Spells of one kind in order, those that follow on one another within a month joined."""
    joined: list[dict[str, Any]] = []
    for spell in spells:
        previous = joined[-1] if joined else None
        if previous and spell["start"] <= previous["end"] + pd.Timedelta(days=31):
            previous |= {"end": spell["end"], "end_precision": spell["end_precision"]}
        else:
            joined.append(spell)
    return joined


def _clip_suspensions(
    suspensions: list[dict[str, Any]], members: list[dict[str, Any]], first: pd.Timestamp
) -> list[dict[str, object]]:
    ends = [spell["end"] for spell in members if pd.notna(spell["end"])]
    exit_day = max(ends) if len(ends) == len(members) and ends else pd.NaT
    clipped = []
    for spell in suspensions:
        if pd.isna(spell["end"]) and spell["start"] < first:
            continue
        if pd.notna(exit_day) and not spell["end"] <= exit_day:
            spell |= {"end": exit_day, "end_precision": "day"}
        clipped.append(spell)
    return clipped
