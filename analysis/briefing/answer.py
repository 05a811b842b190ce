"""The answer to the briefing's question in three to five sentences, none that the numbers do not bear."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.sides import hangs_on_little, say_hanging
from analysis.briefing.wording import list_names, name_of, spoken
from analysis.language import say, say_number
from analysis.measures import Tilt, balance
from analysis.wording import (
    count,
    count_amount,
    format_day,
    format_end,
    format_number,
    format_percent,
    format_points,
    join,
)


@spoken
def write_answer(
    evidence: Evidence,
    leaning: Tilt,
    rolling: pd.DataFrame,
    compared: pd.DataFrame,
    weightings: pd.DataFrame,
    months: int = 12,
) -> list[str]:
    """Three to five sentences that answer the briefing's question.

    Parameters
    ----------
    leaning : Tilt
        Between the first two powers over the whole window.
    rolling : DataFrame
        From :func:`analysis.measures.rolling_tilt`; its last row speaks of the latest months.
    compared : DataFrame
        From :func:`analysis.measures.compare_states`.
    weightings : DataFrame
        From :func:`analysis.measures.compare_weights`.
    months : int
        Length of the rolling window.
    """
    sentences = [
        _lean(evidence, leaning),
        _latest(evidence, leaning, rolling, months),
        _amounts(evidence),
        _standing(evidence, compared),
        _sensitivity(leaning, weightings, evidence),
    ]
    return [sentence for sentence in sentences if sentence]


def _lean(evidence: Evidence, leaning: Tilt) -> str:
    state, a, b = (name_of(evidence, code) for code in (evidence.state, leaning.a, leaning.b))
    window = {"start": format_day(evidence.start), "end": format_day(evidence.end)}
    if leaning.value is None:
        return say(
            "From {start} to {end} no cooperation of {state} with {powers} was gathered, so no tilt can be given.",
            state=state, powers=list_names(evidence, (leaning.a, leaning.b), "or"), **window,
        )  # fmt: skip
    if leaning.low is None or leaning.high is None:
        return say_number(
            leaning.n_events,
            "From {start} to {end}, {n} event of cooperation of {state} with {powers} is on record, too few to give a "
            "tilt.",
            "From {start} to {end}, {n} events of cooperation of {state} with {powers} are on record, too few to give "
            "a tilt.",
            state=state, powers=list_names(evidence, (leaning.a, leaning.b), "or"), **window,
        )  # fmt: skip
    events = count(leaning.n_events, "event", "events")
    given = {"a": a, "b": b, "tilt": format_number(leaning.value, signed=True), "events": events, **window}
    given |= {"low": format_end(leaning.low), "high": format_end(leaning.high)}
    towards = a if leaning.value > 0 else b
    if leaning.low == leaning.high:
        return say(
            "From {start} to {end} all gathered cooperation of {state} with the two is with {power} ({events}), which "
            "leaves the interval no width and is no sign of certainty.",
            state=state, power=towards, events=events, **window,
        )  # fmt: skip
    if leaning.low <= 0 <= leaning.high:
        return say(
            "From {start} to {end} {state} could not be placed on either side by the gathered events: the tilt between "
            "{a} (+1) and {b} (−1) is {tilt} (90 % interval {low} to {high}, {events} of cooperation).",
            state=state, **given,
        )  # fmt: skip
    leans = say(
        "From {start} to {end} {state} leans towards {power}: the tilt between {a} (+1) and {b} (−1) is {tilt} "
        "(90 % interval {low} to {high}, {events} of cooperation).",
        state=state, power=towards, **given,
    )  # fmt: skip
    return f"{leans} {say_hanging()}" if hangs_on_little(leaning.low, leaning.high) else leans


def _latest(evidence: Evidence, leaning: Tilt, rolling: pd.DataFrame, months: int) -> str:
    if rolling.empty or leaning.value is None:
        return ""
    last = rolling.iloc[-1]
    window = {"months": count(months, "month", "months"), "day": format_day(last["month_end"])}
    number = int(last["n_events"])
    if pd.isna(last["tilt"]) or pd.isna(last["low"]):
        return say_number(
            number, "In the {months} to {day} there is {n} event of cooperation, too few to give an interval.",
            "In the {months} to {day} there are {n} events of cooperation, too few to give an interval.", **window,
        )  # fmt: skip
    events = count(number, "event", "events")
    towards = name_of(evidence, leaning.a if last["tilt"] > 0 else leaning.b)
    if last["low"] == last["high"]:
        return say("In the {months} to {day} all of it is with {power} ({events}).",
                   power=towards, events=events, **window)  # fmt: skip
    given = {name: format_end(last[name]) for name in ("low", "high")} | window
    given["tilt"] = format_number(last["tilt"], signed=True)
    if last["low"] <= 0 <= last["high"]:
        return say("In the {months} to {day} neither side could be told: {tilt} ({low} to {high}, {events}).",
                   events=events, **given)  # fmt: skip
    lies = say("In the {months} to {day} it lies towards {power}: {tilt} ({low} to {high}, {events}).",
               power=towards, events=events, **given)  # fmt: skip
    return f"{lies} {say_hanging()}" if hangs_on_little(last["low"], last["high"]) else lies


def _amounts(evidence: Evidence) -> str:
    amounts = evidence.engagements.groupby("power")[["cooperation", "conflict"]].sum()
    deeds = evidence.engagements[evidence.engagements["is_material"]].groupby("power")["cooperation"].sum()
    parts = []
    for power in evidence.powers:
        if power not in amounts.index:
            continue
        cooperation, conflict = amounts.loc[power, "cooperation"], amounts.loc[power, "conflict"]
        given = {
            "power": name_of(evidence, power), "points": count_amount(cooperation, "effect point", "effect points"),
            "conflict": format_points(round(conflict, 1)),
        }  # fmt: skip
        if cooperation:
            share = format_percent(deeds.get(power, 0.0) / cooperation)
            parts.append(
                say(
                    "{points} with {power} ({share} of it deeds) against {conflict} of conflict",
                    share=share,
                    **given,
                )
            )
        else:
            parts.append(say("{points} with {power} against {conflict} of conflict", **given))
    if not parts:
        return ""
    said = join(parts)
    silent = list_names(evidence, (power for power in evidence.powers if power not in amounts.index), "or")
    spread = balance(evidence.engagements, list(evidence.powers))
    if len(evidence.powers) > 2 and spread.effective_number is not None:
        number = format_number(spread.effective_number, 1)
        if silent:
            return say(
                "Cooperation weighs {amounts}; no event with {silent} was gathered, a spread as if over {number} equal "
                "powers.",
                amounts=said, silent=silent, number=number,
            )  # fmt: skip
        return say("Cooperation weighs {amounts}, a spread as if over {number} equal powers.",
                   amounts=said, number=number)  # fmt: skip
    if silent:
        return say("Cooperation weighs {amounts}; no event with {silent} was gathered.", amounts=said, silent=silent)
    return say("Cooperation weighs {amounts}.", amounts=said)


def _standing(evidence: Evidence, compared: pd.DataFrame) -> str:
    own = compared[compared["state"] == evidence.state].iloc[0]
    others = len(compared) - 1
    given = {"depth": count_amount(own["depth"], "point a year", "points a year", 1), "number": len(evidence.powers)}
    are_two = len(evidence.powers) == 2
    if others < 1 or pd.isna(own["depth_percentile"]):
        if are_two:
            return say("Cooperation with both comes to {depth}.", **given)
        return say("Cooperation with all {number} comes to {depth}.", **given)
    deeper = int((compared["depth"] > own["depth"]).sum())
    given["others"] = count(others, "other state", "other states")
    if not deeper:
        if are_two:
            return say(
                "Cooperation with both comes to {depth}; none of the {others} compared has more, which also measures "
                "how much was looked for.",
                **given,
            )
        return say(
            "Cooperation with all {number} comes to {depth}; none of the {others} compared "
            "has more, which also measures how much was looked for.",
            **given,
        )
    if are_two:
        return say_number(
            deeper,
            "Cooperation with both comes to {depth}; {n} of the {others} compared has more, which also "
            "measures how much was looked for.",
            "Cooperation with both comes to {depth}; {n} of the {others} compared have more, which also "
            "measures how much was looked for.",
            **given,
        )
    return say_number(
        deeper,
        "Cooperation with all {number} comes to {depth}; {n} of the {others} compared has more, which "
        "also measures how much was looked for.",
        "Cooperation with all {number} comes to {depth}; {n} of the {others} compared have more, which "
        "also measures how much was looked for.",
        **given,
    )


def _sensitivity(leaning: Tilt, weightings: pd.DataFrame, evidence: Evidence) -> str:
    """Whether the ways of weighing with events enough agree, and how many have too few."""
    known = weightings[weightings["low"].notna() & weightings["high"].notna()]
    few = int(weightings["tilt"].notna().sum()) - len(known)
    if leaning.low is None or len(known) < 2:
        return ""
    said = _agree(leaning, known, evidence)
    if not few:
        return said
    others = say_number(few, "{n} other way has too few events to say.", "{n} other ways have too few events to say.")
    return f"{said} {others}"


def _agree(leaning: Tilt, weightings: pd.DataFrame, evidence: Evidence) -> str:
    values, low, high = (weightings[name] for name in ("tilt", "low", "high"))
    even = int(((low <= 0) & (high >= 0)).sum())
    signs = set((values > 0).astype(int) - (values < 0).astype(int))
    given: dict[str, Any] = {
        "ways": count(len(values), "way of weighing the events", "ways of weighing the events"),
        "low": format_number(values.min(), signed=True), "high": format_number(values.max(), signed=True),
    }  # fmt: skip
    held = _even(even, int((low.notna() & high.notna()).sum())) if even else ""
    if len(signs) > 1:
        if not even:
            return say("The {ways} differ in direction ({low} to {high}).", **given)
        return say("The {ways} differ in direction ({low} to {high}), and {held}.", held=held, **given)
    sign = signs.pop()
    if not sign:
        if not even:
            return say("The {ways} all point to neither ({low} to {high}).", **given)
        return say("The {ways} all point to neither ({low} to {high}), and {held}.", held=held, **given)
    given["power"] = name_of(evidence, leaning.a if sign > 0 else leaning.b)
    if not even and given["low"] == given["high"]:
        return say("The {ways} all give {low}, which points to {power}.", **given)
    if not even:
        return say("The {ways} all point to {power} ({low} to {high}).", **given)
    return say("The {ways} all point to {power} ({low} to {high}), and {held}.", held=held, **given)


def _even(number: int, intervals: int) -> str:
    """How many of the intervals include an even balance."""
    if number == intervals > 1:
        return say_number(number, "the interval includes an even balance", "all {n} intervals include an even balance")
    return say_number(
        number, "{n} of the intervals includes an even balance", "{n} of the intervals include an even balance"
    )
