"""Sentences on how the state voted beside the first two powers, and how much that rests on."""

from __future__ import annotations

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.holdings import select_votes
from analysis.briefing.wording import begin_sentences, list_names, name_of, spoken
from analysis.language import say, say_number
from analysis.measures.strengths import MINIMUM_ROLL_CALLS
from analysis.wording import count, format_day, format_number, join

_ON_UKRAINE = "ES-11/"
"""How the symbols of the eleventh emergency special session begin, which is on the war in Ukraine alone."""


def count_calls(votes: pd.DataFrame) -> str:
    """How many roll calls there are, and on what matter if all are on one."""
    calls = set(votes["roll_call_id"])
    if all(call.startswith(_ON_UKRAINE) for call in calls):
        return count(len(calls), "roll call on the war in Ukraine", "roll calls on the war in Ukraine")
    return count(len(calls), "roll call of the General Assembly", "roll calls of the General Assembly")


@spoken
def write_votes(evidence: Evidence) -> list[str]:
    """How the state voted beside the first two powers, over its own roll calls with each and over the same ones."""
    votes, agreements = select_votes(evidence)
    state, calls = name_of(evidence, evidence.state), votes["roll_call_id"].nunique()
    if not calls:
        return [say("No roll call of the General Assembly up to {day} is on record.", day=format_day(evidence.end))]
    own = votes[(votes["state"] == evidence.state) & votes["vote"].notna()]
    given = {
        "calls": count_calls(votes), "state": state,
        "first": format_day(votes["date"].min()), "last": format_day(votes["date"].max()),
    }  # fmt: skip
    sentences = [
        say(
            "Of {calls}, {first} to {last}, the vote of {state} is known in {n} ({choices}).",
            n=len(own), choices=_choices(own["vote"]), **given,
        )
        if len(own)
        else say("Of {calls}, {first} to {last}, the vote of {state} is known in none.", **given)
    ]  # fmt: skip
    parts, totals, pair = [], [], evidence.powers[:2]
    for power in pair:
        row = agreements[(agreements["state"] == evidence.state) & (agreements["power"] == power)].iloc[0]
        totals.append(int(row["n"]))
        if row["n"]:
            parts.append(
                say(
                    "{agreement} with {power} ({calls})",
                    agreement=format_number(row["agreement"]),
                    power=name_of(evidence, power),
                    calls=count(int(row["n"]), "roll call", "roll calls"),
                )
            )
        else:
            parts.append(say("not known with {power}", power=name_of(evidence, power)))
    if not max(totals):
        silent = say("How far it agrees with {powers} is not known.", powers=list_names(evidence, pair, "or"))
        return begin_sentences([*sentences, silent])
    sentences.append(
        say(
            "Its agreement, from 0 (always opposed) to 1 (always alike), is {agreements}; an abstention counts half "
            "way and a roll call that either missed is left out.",
            agreements=join(parts),
        )
    )
    sentences.append(_same_calls(evidence))
    if max(totals) < 10:
        sentences.append(
            say(
                "So few roll calls on one matter say how it voted on that matter, and not how it votes in the Assembly."
            )
        )
    return begin_sentences(sentences)


def _same_calls(evidence: Evidence) -> str:
    """The two agreements over the roll calls in which the state and both powers voted, the only ones to compare."""
    _, agreements = select_votes(evidence, in_common=True)
    rows = agreements[agreements["state"] == evidence.state].set_index("power")
    a, b = evidence.powers[:2]
    number = int(rows.at[a, "n"])
    given: dict[str, str] = {"a": name_of(evidence, a), "b": name_of(evidence, b)}
    if not number:
        return say("No roll call is known in which it and both {a} and {b} voted.", **given)
    one, other = float(rows.at[a, "agreement"]), float(rows.at[b, "agreement"])
    given |= {"one": format_number(one), "other": format_number(other)}
    if number < MINIMUM_ROLL_CALLS or one + other == 0:
        return say_number(
            number,
            "In the one in which all three voted, it is {one} with {a} and {other} with {b}, too little for a tilt.",
            "Over the {n} in which all three voted, it is {one} with {a} and {other} with {b}, too little for a tilt.",
            **given,
        )
    return say_number(
        number,
        "In the one in which all three voted, it is {one} with {a} and {other} with {b}, a tilt of {tilt}.",
        "Over the {n} in which all three voted, it is {one} with {a} and {other} with {b}, a tilt of {tilt}.",
        tilt=format_number((one - other) / (one + other), signed=True),
        **given,
    )


def _choices(votes: pd.Series) -> str:
    counts = {str(choice): int(number) for choice, number in votes.value_counts().items()}
    said = {
        "yes": say_number(counts.get("yes", 0), "{n} yes", "{n} yes"),
        "no": say_number(counts.get("no", 0), "{n} no", "{n} no"),
        "abstain": say_number(counts.get("abstain", 0), "{n} abstention", "{n} abstentions"),
        "absent": say_number(counts.get("absent", 0), "{n} absence", "{n} absences"),
    }
    return join(text for choice, text in said.items() if choice in counts)
