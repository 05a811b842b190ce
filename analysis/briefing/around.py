"""What is said of engagement around kinds of event: when these were, and on what an answer hangs."""

from __future__ import annotations

from typing import Any

from analysis.briefing.domestic import Home, frame_responses
from analysis.briefing.evidence import Evidence
from analysis.briefing.wording import name_of, spoken
from analysis.exhibit import escape_markdown
from analysis.figures.terms import EPOCH_KINDS, say_code
from analysis.language import message, say, say_number
from analysis.measures.epochs import AFTER
from analysis.schema.rows import each_row
from analysis.wording import count, format_month, format_number, format_p_value, format_percent, join

_OFTEN = 0.1
_MOST = 0.6

_DATES = message("{kind}: {months}.")
_COMPARISONS = message(
    "Of {comparisons} around events the smallest p is {smallest}; with so many, one below {often} is to be expected by "
    "chance alone in {share} of cases."
)
_NO_RESPONSE = message("Around no kind of event is there enough to say how engagement responds.")
_JOINED = message("{month} ({events})")
_JOINS = message("Events up to {months} after the first of an epoch belong to it.")
_LEFT_OUT = message(
    "{kind}, {power}: with one epoch left out at a time p lies between {low} (without {first}) and {high} (without "
    "{last})."
)
_PEAK_BEFORE = message(
    "{kind}, {power}: the mean furthest from the rest lies {lag} before the event, and {month} alone gives "
    "{share} of it."
)
_PEAK_AFTER = message(
    "{kind}, {power}: the mean furthest from the rest lies {lag} after the event, and {month} alone gives "
    "{share} of it."
)


@spoken
def write_epochs(evidence: Evidence, home: Home) -> list[str]:
    """When the events of each kind were, and how many responses were looked at."""
    sentences = [
        say(
            _DATES,
            kind=_capital(say_code(kind, EPOCH_KINDS)),
            months=join(_name_epoch(row) for row in each_row(epochs)),
        )
        for kind, epochs in home.epochs.items()
        if len(epochs)
    ]
    if any((epochs["n_events"] > 1).any() for epochs in home.epochs.values()):
        sentences.append(say(_JOINS, months=count(AFTER, "month", "months")))
    p_values = frame_responses(home)[1]["p_value"].dropna()
    if p_values.empty:
        return [*sentences, say(_NO_RESPONSE)]
    number = len(p_values)
    comparisons = say_number(number, "{n} response", "{n} responses")
    smallest, often = format_p_value(p_values.min()), format_number(_OFTEN, 1)
    share = format_percent(1 - (1 - _OFTEN) ** number)
    compared = say(_COMPARISONS, comparisons=comparisons, smallest=smallest, often=often, share=share)
    return [*sentences, compared, *_sensitivity(evidence, home)]


def _name_epoch(epoch: Any) -> str:
    month = format_month(epoch.month)
    if epoch.n_events == 1:
        return month
    return say(_JOINED, month=month, events=count(int(epoch.n_events), "event", "events"))


def _sensitivity(evidence: Evidence, home: Home) -> list[str]:
    """How far each answer around events hangs on one epoch, and on one month."""
    sentences = []
    for kind, responses in home.responses.items():
        for found in responses:
            if found.p_value is None or found.rest is None:
                continue
            about = {"kind": _capital(say_code(kind, EPOCH_KINDS)), "power": name_of(evidence, found.power)}
            less = found.without.dropna(subset="p_value").sort_values("p_value", kind="stable")
            if len(less):
                ends = {"first": less.iloc[0], "last": less.iloc[-1]}
                months = {name: format_month(row["month"]) for name, row in ends.items()}
                low, high = (format_p_value(row["p_value"]) for row in ends.values())
                sentences.append(say(_LEFT_OUT, low=low, high=high, **months, **about))
            peak = found.response.loc[(found.response["mean"] - found.rest).abs().idxmax()]
            if peak["largest_share"] >= _MOST:
                lag = say_number(abs(int(peak["lag"])), "{n} month", "{n} months")
                month, share = format_month(peak["largest_month"]), format_percent(peak["largest_share"])
                text = _PEAK_BEFORE if peak["lag"] < 0 else _PEAK_AFTER
                sentences.append(say(text, lag=lag, month=month, share=share, **about))
    return sentences


def _capital(text: str) -> str:
    return escape_markdown(text[:1].upper() + text[1:])
