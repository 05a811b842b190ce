"""What is said beside a change or a correlation: what else was gathered, what is counted twice, how many were tried."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.briefing.alternatives import Alternatives, find_step_near
from analysis.briefing.evidence import Evidence
from analysis.briefing.wording import list_names, name_of
from analysis.language import message, say, say_number
from analysis.language.numbers import format_digits
from analysis.measures.lags import LaggedCorrelation
from analysis.measures.shifts import Shifts
from analysis.wording import count, format_month, format_number, format_percent, join, say_p_value

CHANCE = 0.05

_STEP = message(
    "The other events gathered of {state} (without {powers}, and without pressure at home) change their level too, in "
    "{month}, from {before} to {after} a quarter, so that more happening and more being gathered cannot be told apart."
)
_SAME = message("engagement of the same month")
_SPARSE = message("What is left ({events} in {filled} of {months}) is less than an answer of its own would need.")
_NOT_BEYOND = message("Beyond these acts the association is not found.")
_COOPERATION = message("With cooperation alone the strongest is {correlation}, with {when} ({p}).")


def say_step(evidence: Evidence, gathered: Shifts, day: pd.Timestamp) -> str:
    """That what was gathered changes its level too within a year of a change; empty where it does not."""
    step = find_step_near(gathered, day)
    if step is None:
        return ""
    return say(
        _STEP,
        state=name_of(evidence, evidence.state),
        powers=list_names(evidence, evidence.powers, "or"),
        month=format_month(step["date"]),
        before=format_number(step["before"], 1),
        after=format_number(step["after"], 1),
    )


def say_searched(series: Sequence[str]) -> str:
    """How often a change would be found by chance among the series searched, by name; empty where none is.

    Examples
    --------
    >>> say_searched(["engagement with France"])
    'Of series without any change up to one in twenty shows one; 1 series is searched here: engagement with France.'
    """
    if not series:
        return ""
    return say_number(
        len(series),
        "Of series without any change up to one in twenty shows one; {n} series is searched here: {series}.",
        "Of series without any change up to one in twenty shows one; with the {n} series searched here ({series}), one "
        "or more would in up to {share} of cases.",
        series=join(series),
        share=format_percent(1 - (1 - CHANCE) ** len(series)),
    )


def say_alternatives(
    evidence: Evidence, power: str, found: LaggedCorrelation, other: Alternatives, threshold: float
) -> list[str]:
    """The correlation with a power again, without acts on its nationals and with cooperation alone."""
    if not other.n_acts:
        return []
    about = {
        "state": name_of(evidence, evidence.state),
        "power": name_of(evidence, power),
    }
    less = other.without_acts
    if less.p_value is None:
        sentences = [
            say_number(
                other.n_acts,
                "The only event of this engagement is an act of {state} against nationals or media of {power}, which "
                "may be the same measure counted on both sides.",
                "{n} events of this engagement, all there are, are acts of {state} against nationals or media of "
                "{power}, which may be the same measures counted on both sides.",
                **about,
            )
        ]
    else:
        sentences = [
            say_number(
                other.n_acts,
                "{n} event of this engagement is an act of {state} against nationals or media of {power}, which may be "
                "the same measure counted on both sides: without it the strongest correlation is {correlation}, with "
                "{when} ({p}).",
                "{n} events of this engagement are acts of {state} against nationals or media of {power}, which may be "
                "the same measures counted on both sides: without them the strongest correlation is {correlation}, "
                "with {when} ({p}).",
                **about,
                **say_strongest(less),
            )
        ]
        assert found.p_value is not None
        held = less.densities[1]
        left = {"events": count(held.n_events, "event", "events"), "months": count(held.n_periods, "month", "months")}
        sentences += [] if held.is_enough else [say(_SPARSE, filled=format_digits(held.n_filled, 0), **left)]
        sentences += [say(_NOT_BEYOND)] if found.p_value < threshold <= less.p_value else []
    if other.cooperation.p_value is not None:
        sentences.append(say(_COOPERATION, **say_strongest(other.cooperation)))
    return sentences


def say_strongest(found: LaggedCorrelation) -> dict[str, str]:
    """The strongest correlation, with which engagement it is, and its p-value."""
    assert found.p_value is not None
    assert found.correlation is not None
    assert found.strongest is not None
    lag = found.strongest
    when = say(_SAME)
    if lag > 0:
        when = say_number(lag, "engagement {n} month later", "engagement {n} months later")
    elif lag < 0:
        when = say_number(-lag, "engagement {n} month earlier", "engagement {n} months earlier")
    correlation = format_number(found.correlation, signed=True)
    return {"correlation": correlation, "when": when, "p": say_p_value(found.p_value)}
