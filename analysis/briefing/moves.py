"""How the key numbers have moved since an earlier report, each with its interval where it has one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.wording import label_of, name_of, spoken
from analysis.language import say, say_number
from analysis.wording import count_amount, format_number, format_points

TOLD_STATES = 5
_ENDS = ("tilt", "tilt_low", "tilt_high")


def region_numbers(evidence: Evidence, compared: pd.DataFrame) -> dict[str, Any]:
    """The numbers of a region that a manifest keeps: the tilt of each compared state, with its interval.

    Parameters
    ----------
    evidence : Evidence
        Evidence of the question.
    compared : DataFrame
        From :func:`analysis.measures.compare.compare_states`: ``state``, ``tilt``, ``low``, ``high``.

    Returns
    -------
    dict
        ``tilt_of_<state>``, ``tilt_low_of_<state>`` and ``tilt_high_of_<state>``, from -1 to 1; None where there is no
        interval, as a tilt is nowhere told without.
    """
    numbers: dict[str, Any] = {}
    for state, *ends in compared[["state", "tilt", "low", "high"]].itertuples(index=False):
        known = not any(map(pd.isna, ends)) and state in evidence.states
        for name, end in zip(_ENDS, ends, strict=True):
            numbers[f"{name}_of_{state}"] = round(float(end), 4) if known else None
    return numbers


@spoken
def write_moves(evidence: Evidence, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """How the key numbers of a report moved, a sentence each.

    Parameters
    ----------
    evidence : Evidence
        Evidence of the question.
    before, after : mapping
        The key numbers of the earlier report and of this one.
    """
    return [*_moved(evidence, before, after), *_moved_states(evidence, before, after)]


def _moved_states(evidence: Evidence, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """How the tilts of compared states moved, the farthest first."""
    both = [state for state in evidence.states if {f"tilt_of_{state}"} <= before.keys() & after.keys()]
    moved = [state for state in both if _ends(state, before) != _ends(state, after)]
    if both and not moved:
        yield say("The tilts of the compared states stand where they stood.")
    moved.sort(key=lambda state: (-_distance(_ends(state, before)[0], _ends(state, after)[0]), state))
    for state in moved[:TOLD_STATES]:
        yield _moved_state(label_of(evidence, state), _ends(state, before), _ends(state, after))
    if len(moved) > TOLD_STATES:
        yield say_number(
            len(moved) - TOLD_STATES,
            "The tilt or the interval of {n} more state moved.",
            "The tilts or intervals of {n} more states moved.",
        )


def _ends(state: str, numbers: Mapping[str, Any]) -> tuple[float | None, ...]:
    return tuple(numbers.get(f"{name}_of_{state}") for name in _ENDS)


def _distance(before: float | None, after: float | None) -> float:
    # A tilt that came or went says more than any that moved.
    return 9.0 if before is None or after is None else abs(after - before)


def _moved_state(state: Any, before: tuple[float | None, ...], after: tuple[float | None, ...]) -> str:
    given = {
        f"{name}_{when}": format_number(end, signed=True)
        for when, ends in (("before", before), ("after", after))
        for name, end in zip(("tilt", "low", "high"), ends, strict=True)
    }
    (_, low, high), (tilt, *_) = before, after
    if low is None or high is None or None in before:
        return say(
            "{state}: the tilt is {tilt_after} (90 % interval {low_after} to {high_after}); before, too few events "
            "were on record for one.",
            state=state, **given,
        )  # fmt: skip
    if tilt is None or None in after:
        return say(
            "{state}: too few events are on record for a tilt; before, it was {tilt_before} (90 % interval "
            "{low_before} to {high_before}).",
            state=state, **given,
        )  # fmt: skip
    if low <= tilt <= high:
        return say(
            "{state}: the tilt went from {tilt_before} (90 % interval {low_before} to {high_before}) to {tilt_after} "
            "({low_after} to {high_after}), which lies inside the earlier interval.",
            state=state, **given,
        )  # fmt: skip
    return say(
        "{state}: the tilt went from {tilt_before} (90 % interval {low_before} to {high_before}) to {tilt_after} "
        "({low_after} to {high_after}), which lies outside the earlier interval.",
        state=state, **given,
    )  # fmt: skip


def _moved(evidence: Evidence, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """How the key numbers of one state moved."""
    if "tilt" in before and "tilt" in after:
        yield _moved_tilt(before, after)
    if _differ("n_events", before, after):
        yield say(
            "Events with the powers went from {before} to {after}.",
            before=format_number(before["n_events"], 0), after=format_number(after["n_events"], 0),
        )  # fmt: skip
    if _differ("depth", before, after):
        yield say(
            "Depth went from {before} to {after}.",
            before=format_number(before["depth"], 1),
            after=count_amount(after["depth"], "point a year", "points a year", 1),
        )  # fmt: skip
    for power in evidence.powers:
        given = {"power": name_of(evidence, power)}
        if _differ(f"cooperation_{power}", before, after):
            yield say(
                "Cooperation with {power} went from {before} to {after}.",
                **_points(f"cooperation_{power}", before, after), **given,
            )  # fmt: skip
        if _differ(f"conflict_{power}", before, after):
            yield say(
                "Conflict with {power} went from {before} to {after}.",
                **_points(f"conflict_{power}", before, after), **given,
            )  # fmt: skip


def _moved_tilt(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    given = {
        f"{name}_{when}": format_number(numbers.get(key), signed=True)
        for when, numbers in (("before", before), ("after", after))
        for name, key in (("tilt", "tilt"), ("low", "tilt_low"), ("high", "tilt_high"))
    }
    ends = [numbers.get(name) for numbers in (before, after) for name in ("tilt", "tilt_low", "tilt_high")]
    if None in ends[:3] and None in ends[3:]:
        return say("Too few events are on record for a tilt, now as before.")
    if ends[:3] == ends[3:]:
        return say("The tilt stands where it stood, at {tilt_after} ({low_after} to {high_after}).", **given)
    if None in ends[:3]:
        return say(
            "The tilt is {tilt_after} (90 % interval {low_after} to {high_after}); before, too few events were on "
            "record for one.",
            **given,
        )
    if None in ends[3:]:
        return say(
            "Too few events are on record for a tilt; before, it was {tilt_before} (90 % interval {low_before} to "
            "{high_before}).",
            **given,
        )
    if before["tilt_low"] <= after["tilt"] <= before["tilt_high"]:
        return say(
            "The tilt went from {tilt_before} (90 % interval {low_before} to {high_before}) to {tilt_after} "
            "({low_after} to {high_after}), which lies inside the earlier interval.",
            **given,
        )
    return say(
        "The tilt went from {tilt_before} (90 % interval {low_before} to {high_before}) to {tilt_after} "
        "({low_after} to {high_after}), which lies outside the earlier interval.",
        **given,
    )


def _differ(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return None not in (before.get(name), after.get(name)) and before[name] != after[name]


def _points(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    return {
        "before": format_points(round(before[name], 1)),
        "after": count_amount(after[name], "point", "points"),
    }
