"""Sentences on the portfolio: what it shows, how surely, and what is not known."""

from __future__ import annotations

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.holdings import Portfolios, find_one_sided_ends, mean_of, tilt_of
from analysis.briefing.wording import begin_sentences, name_of, spoken
from analysis.figures.strengths import describe_strength, name_dimension
from analysis.language import say, say_number
from analysis.measures.portfolio import MINIMUM_DIMENSIONS, PortfolioTilt
from analysis.schema.rows import each_row
from analysis.wording import count, format_day, format_number, join

_NOTABLE = 0.005


@spoken
def write_portfolio(evidence: Evidence, portfolios: Portfolios) -> list[str]:
    """Where the ties lean, how far that hangs on the choice of ties, what moved, and what is not known.

    Examples
    --------
    >>> from analysis.briefing.evidence import load_evidence
    >>> from analysis.briefing.holdings import measure_portfolios
    >>> evidence = load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28")
    >>> write_portfolio(evidence, measure_portfolios(evidence))[0]
    'Of 7 kinds of tie 3 are known with both France and Russia on 28 February 2026.'
    """
    tilts, summary, before = tilt_of(evidence, portfolios)
    a, b = (name_of(evidence, power) for power in evidence.powers[:2])
    known = int(tilts["tilt"].notna().sum())
    both = {"kinds": len(tilts), "a": a, "b": b, "day": format_day(evidence.end)}
    sentences = [
        say_number(
            known,
            "Of {kinds} kinds of tie {n} is known with both {a} and {b} on {day}.",
            "Of {kinds} kinds of tie {n} are known with both {a} and {b} on {day}.",
            **both,
        )
        if known
        else say("Of {kinds} kinds of tie none are known with both {a} and {b} on {day}.", **both),
        _mean(evidence, summary, a, b),
        _ends(tilts),
        write_memberships(evidence, portfolios),
        _without_memberships(tilts, summary),
        _one_sided(evidence, tilts),
        _filled(evidence, tilts, summary),
        _movement(evidence, tilts, before),
        _standing(evidence, portfolios, summary),
    ]
    if known < len(tilts):
        sentences.append(say("What no source speaks of is left out, which is not to say that there is no such tie."))
    return begin_sentences(sentences)


@spoken
def write_memberships(evidence: Evidence, portfolios: Portfolios) -> str:
    """Which of the first two powers hardly any compared state can lean to by membership; empty where there is none."""
    rows = portfolios.after[portfolios.after["dimension"] == "memberships"]
    said = []
    for power in evidence.powers[:2]:
        own = rows[rows["power"] == power]
        members = [name_of(evidence, state) for state in own.loc[own["strength"] > 0, "state"]]
        if own["strength"].notna().any() and len(members) <= 1 < len(own):
            near = name_of(evidence, power)
            said.append(
                say(
                    "No compared state but {member} takes part in an organisation near {power}, so that memberships "
                    "cannot lean there for the others.",
                    member=members[0],
                    power=near,
                )
                if members
                else say(
                    "No compared state takes part in an organisation near {power}, so that memberships cannot lean "
                    "there for the states compared.",
                    power=near,
                )
            )
    return " ".join(said)


def _mean(evidence: Evidence, summary: PortfolioTilt, a: str, b: str) -> str:
    if summary.value is None or summary.low is None or summary.high is None:
        return (
            say("With fewer than {needed} kinds known with both no mean is given.", needed=MINIMUM_DIMENSIONS)
            if summary.n_dimensions
            else ""
        )
    assert summary.low_weighted is not None
    assert summary.high_weighted is not None
    ends = [round(end, 2) for end in (summary.low, summary.high, summary.low_weighted, summary.high_weighted)]
    value, low, high = (format_number(one, signed=True) for one in (summary.value, min(ends), max(ends)))
    given = {"kinds": summary.n_dimensions, "a": a, "b": b, "value": value, "low": low, "high": high}
    if min(ends) <= 0 <= max(ends):
        return say(
            "Of the {kinds} kinds known with both {a} and {b}, whichever is left out or weighed otherwise, the mean "
            "does not keep to one side: the mean tilt between {a} (+1) and {b} (−1) is {value}, and {low} to {high} "
            "without any one of them or reweighted.",
            **given,
        )
    return say(
        "Of the {kinds} kinds known with both {a} and {b}, whichever is left out or weighed otherwise, the mean lies "
        "towards {power}: the mean tilt between {a} (+1) and {b} (−1) is {value}, and {low} to {high} without any one "
        "of them or reweighted.",
        power=a if summary.value > 0 else b,
        **given,
    )


def _without_memberships(tilts: pd.DataFrame, summary: PortfolioTilt) -> str:
    """The mean without memberships where they lie wholly with one power."""
    known = tilts[tilts["tilt"].notna()].set_index("dimension")["tilt"]
    if summary.value is None or abs(known.get("memberships", 0.0)) < 1:
        return ""
    rest = known.drop("memberships")
    return say(
        "The kind of memberships lies wholly with one power; without it the mean of the {kinds} is {mean}.",
        kinds=count(len(rest), "other kind", "other kinds"),
        mean=format_number(rest.mean(), signed=True),
    )


def _filled(evidence: Evidence, tilts: pd.DataFrame, summary: PortfolioTilt) -> str:
    """How far the mean would move if the side that is not known had no such tie."""
    if summary.value is None or summary.low_filled is None or summary.high_filled is None:
        return ""
    rows = tilts[tilts["dimension"].isin(summary.filled)]
    sides = [
        (name_of(evidence, power), join(map(_label, rows.loc[rows[f"strength_{side}"].isna(), "dimension"])), end)
        for power, side, end in zip(evidence.powers[:2], "ab", (summary.low_filled, summary.high_filled), strict=True)
        if rows[f"strength_{side}"].isna().any()
    ]
    said = [
        say(
            "If {power} had none in {kinds}, the mean would be {mean}.",
            power=power,
            kinds=kinds,
            mean=format_number(end, signed=True),
        )
        for power, kinds, end in sides
    ]
    return " ".join(said)


def _ends(tilts: pd.DataFrame) -> str:
    known = tilts[tilts["tilt"].notna()].sort_values(["tilt", "dimension"])
    if len(known) < MINIMUM_DIMENSIONS:
        return ""
    low, high = known.iloc[0], known.iloc[-1]
    if low["tilt"] == high["tilt"]:
        return say("All stand alike, at {tilt}.", tilt=format_number(low["tilt"], signed=True))
    ends = [
        f"{format_number(end, signed=True)} ({join(map(_label, known.loc[known['tilt'] == end, 'dimension']))})"
        for end in (low["tilt"], high["tilt"])
    ]
    return say("They range from {low} to {high}.", low=ends[0], high=ends[1])


def _one_sided(evidence: Evidence, tilts: pd.DataFrame) -> str:
    """The kinds of tie left out although one side of them is known."""
    parts, ended = [], dict(find_one_sided_ends(tilts))
    for row in each_row(tilts[tilts["strength_a"].isna() != tilts["strength_b"].isna()]):
        side, other = ("b", "a") if pd.isna(row.strength_a) else ("a", "b")
        power, unknown = (name_of(evidence, evidence.powers[one == "b"]) for one in (side, other))
        kind = _label(str(row.dimension))
        if str(row.dimension) in ended:
            parts.append(
                say("{kind} (ended with {power}; not known with {other})", kind=kind, power=power, other=unknown)
            )
        else:
            known, why = describe_strength(row, side), describe_strength(row, other)
            parts.append(
                say(
                    "{kind} ({power} {strength}; {other} {reason})",
                    kind=kind,
                    power=power,
                    strength=known,
                    other=unknown,
                    reason=why,
                )
            )
    return say("Left out because only one side is known: {kinds}.", kinds=join(parts)) if parts else ""


def _movement(evidence: Evidence, tilts: pd.DataFrame, before: pd.DataFrame) -> str:
    both = (
        tilts[["dimension", "tilt"]]
        .merge(before[["dimension", "tilt"]], on="dimension", suffixes=("", "_before"))
        .dropna()
    )
    day = format_day(evidence.start)
    if both.empty:
        return say("No kind of tie is known for {day} as well, so nothing is said of movement.", day=day)
    moved = both[(both["tilt"] - both["tilt_before"]).abs() > _NOTABLE]
    if moved.empty and len(both) == 1:
        return say("The one kind of tie known with both for {day} too has not moved.", day=day)
    if moved.empty:
        return say("Of the {kinds} kinds of tie known with both for {day} too, none has moved.",
                   kinds=len(both), day=day)  # fmt: skip
    moves = join(
        say(
            "{kind} from {before} to {after}",
            kind=_label(str(row.dimension)),
            before=format_number(row.tilt_before, signed=True),
            after=format_number(row.tilt, signed=True),
        )
        for row in each_row(moved)
    )
    if len(both) == 1:
        return say("The one kind of tie known with both for {day} too has moved: {moves}.", day=day, moves=moves)
    return say_number(
        len(moved),
        "Of the {kinds} kinds of tie known with both for {day} too, {n} has moved: {moves}.",
        "Of the {kinds} kinds of tie known with both for {day} too, {n} have moved: {moves}.",
        kinds=len(both),
        day=day,
        moves=moves,
    )


def _standing(evidence: Evidence, portfolios: Portfolios, summary: PortfolioTilt) -> str:
    """Where the state's mean stands among those of the compared states that have one."""
    if summary.value is None:
        return ""
    means = {
        state: mean_of(evidence, portfolios, state)[1].value for state in evidence.states if state != evidence.state
    }
    others = [value for value in means.values() if value is not None]
    if not others:
        return ""
    nearer = sum(value > summary.value + 1e-9 for value in others)
    given = {
        "others": count(len(others), "other state", "other states"), "power": name_of(evidence, evidence.powers[0]),
    }  # fmt: skip
    if not nearer:
        return say(
            "None of the {others} with a mean lies further towards {power}, though the kinds of tie known differ from "
            "state to state.",
            **given,
        )
    return say_number(
        nearer,
        "{n} of the {others} with a mean lies further towards {power}, though the kinds of tie known differ from state "
        "to state.",
        "{n} of the {others} with a mean lie further towards {power}, though the kinds of tie known differ from state "
        "to state.",
        **given,
    )


def _label(dimension: str) -> str:
    return name_dimension(dimension)
