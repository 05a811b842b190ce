"""What every measure asks of its inputs, and the error that names what is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.errors import TightropeError

NAMED_AT_MOST = 5


class MeasureError(TightropeError, ValueError):
    """An input that a measure cannot work with; the message names it and says what is accepted."""


def name_some(names: Iterable[object]) -> str:
    """Write a few names for a message, and how many more there are.

    Examples
    --------
    >>> name_some(["E1", "E2", "E3", "E4", "E5", "E6", "E7"])
    'E1, E2, E3, E4, E5 and 2 more'
    """
    texts = [str(name) for name in names]
    rest = len(texts) - NAMED_AT_MOST
    return ", ".join(texts[:NAMED_AT_MOST]) + (f" and {rest} more" if rest > 0 else "")


def check_columns(frame: pd.DataFrame, columns: Iterable[str], frame_name: str) -> None:
    """Hold a frame to the columns that a measure reads.

    Raises
    ------
    MeasureError
        Names every missing column.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise MeasureError(f"{frame_name} has no column {', '.join(missing)}")


def check_choice(kind: str, choice: str, accepted: Iterable[str]) -> None:
    """Hold a named choice to the accepted ones.

    Raises
    ------
    MeasureError
        Names the offender and every accepted choice.
    """
    names = list(accepted)
    if choice not in names:
        raise MeasureError(f"unknown {kind} {choice!r}; accepted: {', '.join(names)}")


def check_codes(kind: str, codes: Sequence[str], *, at_least: int = 1, not_among: Sequence[str] = ()) -> list[str]:
    """Hold a list of actor codes to what it must be: distinct and long enough.

    Parameters
    ----------
    kind : str
        What they are, for the message: ``"powers"`` or ``"states"``.
    codes : sequence of str
        The codes.
    at_least : int
        How many are needed.
    not_among : sequence of str
        Codes that must not be among them: a state is not its own power.

    Raises
    ------
    MeasureError
        Names a text given for a list, too short a list, a repeated code or a forbidden one.

    Examples
    --------
    >>> check_codes("powers", ["FRA", "RUS", "FRA"])
    Traceback (most recent call last):
        ...
    analysis.measures.checks.MeasureError: powers must differ from each other; given more than once: FRA
    """
    if isinstance(codes, str):
        raise MeasureError(f"{kind} must be a list of actor codes, not the text {codes!r}")
    given = list(codes)
    if len(given) < at_least:
        raise MeasureError(f"{kind} must hold at least {at_least} actor codes; given: {given}")
    repeated = sorted({code for code in given if given.count(code) > 1})
    if repeated:
        raise MeasureError(f"{kind} must differ from each other; given more than once: {name_some(repeated)}")
    forbidden = [code for code in given if code in not_among]
    if forbidden:
        raise MeasureError(f"a state has no tie with itself: {name_some(forbidden)} is both the state and among {kind}")
    return given


def check_engagements(engagements: pd.DataFrame, columns: Iterable[str]) -> None:
    """Hold a frame to what :func:`~analysis.measures.create_engagements` makes.

    Raises
    ------
    MeasureError
        Names missing columns, several states in one frame, or an event that stands twice with one power.
    """
    check_columns(engagements, {"event_id": 0, "state": 0, "power": 0} | dict.fromkeys(columns), "engagements")
    states = sorted(set(engagements["state"].tolist()))
    if len(states) > 1:
        raise MeasureError(f"engagements must be those of one state; given: {name_some(states)}")
    check_once(engagements["event_id"].tolist(), engagements["power"].tolist())


def check_once(event_ids: list[str], powers: list[str]) -> None:
    """Hold events and the powers they are with to each event once with each power.

    Raises
    ------
    MeasureError
        Names the events that stand twice with one power.
    """
    pairs = list(zip(event_ids, powers, strict=True))
    if len(set(pairs)) < len(pairs):
        twice = {event_id for (event_id, _), number in Counter(pairs).items() if number > 1}
        raise MeasureError(f"an event stands once with each power; more than once: {name_some(sorted(set(twice)))}")
