"""The events of one pair of actors, as a table to look through."""

from __future__ import annotations

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.wording import label_of, spoken
from analysis.errors import UnknownNameError
from analysis.exhibit import Exhibit, show_table
from analysis.figures.terms import CERTAINTIES
from analysis.language import message, say, say_data
from analysis.reference.actors import resolve_actor
from analysis.schema.rows import each_row
from analysis.wording import count, format_number, format_period

_BASES = {"reviewed": message("reviewed"), "derived": message("derived from the type")}
_CAPTION = message(
    "{n} of {one} with {other} inside the window, in order of time: what each did to the tie of the two, and on what "
    "that rests."
)
_CAPTION_NONE = message(
    "No event of {one} with {other} inside the window is on record, which is not to say that nothing happened."
)


@spoken
def table_pair_events(evidence: Evidence, one: str, other: str) -> Exhibit:
    """Every event of a pair inside the window, with its weight and reason.

    Parameters
    ----------
    evidence : Evidence
        From :func:`~analysis.briefing.evidence.load_evidence`.
    one, other : str
        Two of the compared states and powers, by code or name; one of them a compared state.

    Raises
    ------
    UnknownNameError
        If an actor is not known, or the evidence does not hold the pair.
    """
    pair = [resolve_actor(name).actor_code for name in (one, other)]
    accepted = [*evidence.states, *evidence.powers]
    for code in pair:
        if code not in accepted:
            raise UnknownNameError("actor of this question", code, accepted)
    if pair[0] == pair[1] or not set(pair) & set(evidence.states):
        raise UnknownNameError("pair of this question", " and ".join(pair), evidence.states)
    dyads = evidence.dyad_events
    chosen = dyads[dyads["actor_a"].isin(pair) & dyads["actor_b"].isin(pair)]
    data = chosen[["event_id", "weight", "weight_basis", "reason"]].merge(
        evidence.events[["event_id", "date_start", "date_end", "date_precision", "certainty", "summary"]], on="event_id"
    )
    inside = (data["date_end"] >= evidence.start) & (data["date_start"] <= evidence.end)
    data = data[inside].sort_values(["date_start", "event_id"], ignore_index=True)
    shown = pd.DataFrame(
        {
            say("When"): [format_period(row.date_start, row.date_end, row.date_precision) for row in each_row(data)],
            say("What happened"): data["summary"].fillna("").map(say_data),
            say("Effect points"): [format_number(value, 1, signed=True) for value in data["weight"]],
            say("Weight"): [say(_BASES[basis]) for basis in data["weight_basis"]],
            say("Certainty"): [say(CERTAINTIES[value]) for value in data["certainty"]],
        }
    )
    named = {"one": label_of(evidence, pair[0]), "other": label_of(evidence, pair[1])}
    text = _CAPTION if len(data) else _CAPTION_NONE
    caption = say(text, n=count(len(data), "event", "events"), **named)
    return show_table(shown.astype(str), "pair_events", caption=caption, data=data)
