"""What the figure of votes says, in words and as a grid of roll calls by states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.figures.terms import VOTES, say_code
from analysis.figures.wording import alt_empty, caption_empty, fit, is_given, list_names, name_of, source_line
from analysis.language import Name, NameList, message, say
from analysis.language.numbers import format_digits
from analysis.schema.rows import each_row
from analysis.wording import count, format_number

COLUMNS = ("roll_call_id", "date", "state", "vote")
EMPTY = message("No roll call is on record for these states.")
_CAPTION = message(
    "{state} voted as {a} did in {with_a} and as {b} did in {with_b} of the {n} in which its own vote is known."
)
_CAPTION_ABSENT = message(
    "{state} voted as {a} did in {with_a} and as {b} did in {with_b} of the {n} in which its own vote is known "
    "(absent from {absent})."
)
_AGREEMENT = message(
    "Agreement, an abstention counting half way and an absence left out: {agree_a} with {a} ({n_a}), {agree_b} with "
    "{b} ({n_b})."
)
_SAME = message(
    "Agreement over the {n} in which all three voted, an abstention counting half way: {agree_a} with {a}, {agree_b} "
    "with {b}."
)
_NONE_KNOWN = message("No vote of {state} is known. The figure has {n} in which one of these states has a known vote.")
_OTHERS = message("Of all states compared, nearest to {a}: {near_a}; to {b}: {near_b}.")
_NOT_KNOWN = message("not known")
_ALT = message("A grid of {states} by {calls}, each cell the vote.")
_ALT_ROW = message("{state}: {votes}.")
Agreements = dict[tuple[str, str], Any]


def caption_votes(
    votes: pd.DataFrame,
    states: Sequence[str],
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    agreements: pd.DataFrame | None = None,
    source: str = message("curated votes on the Ukraine resolutions of the emergency session"),
) -> str:
    """Say how often the subject voted as each power, and who stands nearest to them."""
    grid, calls = lay_grid(votes, [a, b, *states])
    if not calls:
        return caption_empty(EMPTY, source)
    own, nearest = _own(grid, calls, states, a, b, names, agreements), _nearest(states, a, b, names, agreements)
    return " ".join(filter(None, [own, nearest, source_line(source)]))


def alt_votes(
    votes: pd.DataFrame,
    states: Sequence[str],
    a: str,
    b: str,
    names: Mapping[str, str],
    *,
    agreements: pd.DataFrame | None = None,
) -> str:
    """Give the votes row by row to a reader who cannot see the grid."""
    grid, calls = lay_grid(votes, [a, b, *states])
    if not calls:
        return alt_empty(EMPTY)
    head = say(
        _ALT, states=count(len(states) + 2, "state", "states"), calls=count(len(calls), "roll call", "roll calls")
    )
    rows = [
        say(
            _ALT_ROW,
            state=name_of(code, names),
            votes=", ".join(
                say_code(vote, VOTES) if (vote := grid.get((call, code))) else say(_NOT_KNOWN) for call, _ in calls
            ),
        )
        for code in (*states[:1], a, b, *states[1:])
    ]
    return fit([head, *rows])


def lay_grid(
    votes: pd.DataFrame, codes: Sequence[str]
) -> tuple[dict[tuple[str, str], str], list[tuple[str, pd.Timestamp]]]:
    """The known votes by roll call and state, and the roll calls in order of time with their days."""
    if votes.empty:
        return {}, []
    chosen = [row for row in each_row(votes[list(COLUMNS)]) if row.state in codes]
    calls = sorted({(row.date, str(row.roll_call_id)) for row in chosen})
    grid = {(str(row.roll_call_id), row.state): str(row.vote) for row in chosen if is_given(row.vote)}
    return grid, [(call, day) for day, call in calls]


def find_alike(grid: dict[tuple[str, str], str], call: str, code: str, pair: Sequence[str]) -> list[str]:
    """The powers whose known vote a state cast too; to be absent together is no vote."""
    vote = grid.get((call, code))
    return [power for power in pair if vote not in (None, "absent") and vote == grid.get((call, power))]


def index_agreements(agreements: pd.DataFrame | None) -> Agreements:
    """The row of each state and power, the first where there are several; those without a common vote left out."""
    rows = [] if agreements is None else list(each_row(agreements))
    first = {(row.state, row.power): row for row in reversed(rows)}
    return {pair: row for pair, row in first.items() if row.n}


def find_agreement(known: Agreements, state: str, power: str) -> tuple[float | None, int]:
    """A state's agreement with a power, and over how many roll calls; nothing over none where there is none."""
    row = known.get((state, power))
    return (None, 0) if row is None else (float(row.agreement), int(row.n))


def _own(
    grid: dict[tuple[str, str], str], calls: list[tuple[str, pd.Timestamp]], states: Sequence[str], a: str, b: str,
    names: Mapping[str, str], agreements: pd.DataFrame | None,
) -> str:  # fmt: skip
    state = states[0]
    own = {call: vote for call, _ in calls if (vote := grid.get((call, state)))}
    about = {"state": name_of(state, names), "a": name_of(a, names), "b": name_of(b, names)}
    if not own:
        return say(_NONE_KNOWN, n=count(len(calls), "roll call", "roll calls"), **about)
    absent = sum(vote == "absent" for vote in own.values())
    alike = [power for call in own for power in find_alike(grid, call, state, (a, b))]
    said = say(
        _CAPTION_ABSENT if absent else _CAPTION, n=count(len(own), "roll call", "roll calls"),
        with_a=format_digits(alike.count(a), 0), with_b=format_digits(alike.count(b), 0),
        absent=format_digits(absent, 0), **about,
    )  # fmt: skip
    return f"{said} {_compared(agreements, state, a, b, about)}"


def _compared(agreements: pd.DataFrame | None, state: str, a: str, b: str, about: Mapping[str, Name]) -> str:
    """Both agreements of a state, said to rest on the same roll calls only where they do."""
    known = index_agreements(agreements)
    (one, n_a), (other, n_b) = (find_agreement(known, state, power) for power in (a, b))
    said = {"agree_a": format_number(one), "agree_b": format_number(other), **about}
    if n_a and n_b and known[state, a].roll_calls == known[state, b].roll_calls:
        return say(_SAME, n=count(n_a, "roll call", "roll calls"), **said)
    return say(_AGREEMENT, n_a=count(n_a, "roll call", "roll calls"), n_b=count(n_b, "roll call", "roll calls"), **said)


def _nearest(states: Sequence[str], a: str, b: str, names: Mapping[str, str], agreements: pd.DataFrame | None) -> str:
    def best(power: str) -> NameList | str:
        found = {state: find_agreement(known, state, power) for state in states}
        values = {state: value for state, (value, total) in found.items() if value is not None and total >= 2}
        top = max(values.values(), default=None)
        nearest = [state for state, value in values.items() if value == top]
        return list_names(nearest, names) if nearest else say(_NOT_KNOWN)

    known = index_agreements(agreements)
    if agreements is None or len(states) < 2:
        return ""
    return say(_OTHERS, a=name_of(a, names), b=name_of(b, names), near_a=best(a), near_b=best(b))
