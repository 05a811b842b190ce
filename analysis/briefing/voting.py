"""Sentences on how the state voted beside the first two powers, and how much that rests on."""

from __future__ import annotations

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.holdings import select_votes
from analysis.briefing.wording import begin_sentences, name_of
from analysis.measures.strengths import MINIMUM_ROLL_CALLS
from analysis.wording import count, format_day, format_number, join


def write_votes(evidence: Evidence) -> list[str]:
    """How the state voted beside the first two powers, over its own roll calls with each and over the same ones."""
    votes, agreements = select_votes(evidence)
    state, calls = name_of(evidence, evidence.state), votes["roll_call_id"].nunique()
    if not calls:
        return [f"No roll call of the General Assembly up to {format_day(evidence.end)} is on record."]
    own = votes[(votes["state"] == evidence.state) & votes["vote"].notna()]
    sentences = [
        f"Of {count(calls, 'roll call')} on the war in Ukraine, {format_day(votes['date'].min())} to "
        f"{format_day(votes['date'].max())}, the vote of {state} is known in {len(own) or 'none'}"
        f"{_choices(own['vote'])}."
    ]
    parts, totals, pair = [], [], evidence.powers[:2]
    for power in pair:
        row = agreements[(agreements["state"] == evidence.state) & (agreements["power"] == power)].iloc[0]
        totals.append(int(row["n"]))
        if row["n"]:
            parts.append(
                f"{format_number(row['agreement'])} with {name_of(evidence, power)} "
                f"({count(int(row['n']), 'roll call')})"
            )
        else:
            parts.append(f"not known with {name_of(evidence, power)}")
    if not max(totals):
        silent = f"How far it agrees with {join((name_of(evidence, p) for p in pair), 'or')} is not known."
        return begin_sentences([*sentences, silent])
    sentences.append(
        f"Its agreement, from 0 (always opposed) to 1 (always alike), is {join(parts)}; an abstention counts half way "
        "and a roll call that either missed is left out."
    )
    sentences.append(_same_calls(evidence))
    if max(totals) < 10:
        sentences.append(
            "So few roll calls on one matter say how it voted on that matter, and not how it votes in the Assembly."
        )
    return begin_sentences(sentences)


def _same_calls(evidence: Evidence) -> str:
    """The two agreements over the roll calls in which the state and both powers voted, the only ones to compare."""
    _, agreements = select_votes(evidence, in_common=True)
    rows = agreements[agreements["state"] == evidence.state].set_index("power")
    a, b = evidence.powers[:2]
    number = int(rows.at[a, "n"])
    if not number:
        return f"No roll call is known in which it and both {name_of(evidence, a)} and {name_of(evidence, b)} voted."
    one, other = float(rows.at[a, "agreement"]), float(rows.at[b, "agreement"])
    values = f"{format_number(one)} with {name_of(evidence, a)} and {format_number(other)} with {name_of(evidence, b)}"
    over = f"Over the {number} in which all three voted" if number > 1 else "In the one in which all three voted"
    if number < MINIMUM_ROLL_CALLS or one + other == 0:
        return f"{over}, it is {values}, too little for a tilt."
    tilt = format_number((one - other) / (one + other), signed=True)
    return f"{over}, it is {values}, a tilt of {tilt}."


def _choices(votes: pd.Series) -> str:
    words = {"yes": "yes", "no": "no", "abstain": "an abstention", "absent": "an absence"}
    many = {"yes": "yes", "no": "no", "abstain": "abstentions", "absent": "absences"}
    counts = votes.value_counts()
    parts = [
        f"{counts[one]} {words[one].removeprefix('an ') if counts[one] == 1 else many[one]}"
        for one in words
        if one in counts.index
    ]
    return f" ({join(parts)})" if parts else ""
