"""Sentences on the portfolio and the go-between: what they show, how surely, and what is not known."""

from __future__ import annotations

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.holdings import Portfolios, find_one_sided_ends, mean_of, tilt_of
from analysis.briefing.network import OUTSIDE, count_bridges, find_network_start
from analysis.briefing.wording import begin_sentences, name_of
from analysis.figures.brokerage import verdict
from analysis.figures.strengths import describe_strength, label_dimension
from analysis.measures.portfolio import MINIMUM_DIMENSIONS, PortfolioTilt
from analysis.wording import count, format_day, format_number, join

_NOTABLE = 0.005


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
    sentences = [
        f"Of {len(tilts)} kinds of tie {known or 'none'} {'is' if known == 1 else 'are'} known with both {a} and {b} "
        f"on {format_day(evidence.end)}.",
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
        sentences.append("What no source speaks of is left out, which is not to say that there is no such tie.")
    return begin_sentences(sentences)


def write_memberships(evidence: Evidence, portfolios: Portfolios) -> str:
    """Which of the first two powers hardly any compared state can lean to by membership; empty where there is none."""
    rows = portfolios.after[portfolios.after["dimension"] == "memberships"]
    said = []
    for power in evidence.powers[:2]:
        own = rows[rows["power"] == power]
        members = [name_of(evidence, state) for state in own.loc[own["strength"] > 0, "state"]]
        if own["strength"].notna().any() and len(members) <= 1 < len(own):
            but = f" but {members[0]}" if members else ""
            said.append(
                f"No compared state{but} is in an organisation near {name_of(evidence, power)}, so that memberships "
                f"cannot lean there for the {'others' if members else 'states compared'}."
            )
    return " ".join(said)


def write_brokerage(
    evidence: Evidence, network: pd.DataFrame, blocs: dict[str, str], brokers: pd.DataFrame
) -> list[str]:
    """Whether the state stands between the blocs, against others and against chance."""
    state, start = name_of(evidence, evidence.state), find_network_start(evidence)
    window = f"From {format_day(start)} to {format_day(evidence.end)}"
    if network.empty:
        return [
            f"{window} no event of cooperation between the compared states was gathered, so nobody stands between "
            "others."
        ]
    sizes = pd.Series(blocs).value_counts()
    named = [f"{sizes[bloc]} in {bloc}" for bloc in sorted(sizes.index) if bloc != OUTSIDE]
    outside = f"{sizes[OUTSIDE]} in neither" if OUTSIDE in sizes.index else ""
    states = count(len(blocs), "compared state")
    sentences = [
        f"{window} {count(len(network), 'pair')} of the {states} ({join(filter(None, [*named, outside]))}) have an "
        "event of cooperation on record, with each other or together beside another of them."
    ]
    bridges = count_bridges(network, blocs)
    if len(bridges):
        sentences.append(_bridges(evidence, bridges, sorted(set(blocs.values()) - {OUTSIDE})))
    own = brokers[brokers["state"] == evidence.state]
    if not own["count"].sum():
        sentences.append(f"{state} stands between no two others.")
    elif not len(bridges):
        sentences.append("With fewer than two blocs among them nobody can stand between blocs.")
    else:
        sentences.append(
            f"{verdict(brokers, evidence.state)} The ties are held as they are and the blocs dealt out anew."
        )
    sentences.append(
        "A pair without a tie is one for which no event was gathered, which is not to say that there is none. Events "
        "were looked for around some states more than others, so that a state can seem a go-between because its ties "
        "were looked for."
    )
    return begin_sentences(sentences)


def _mean(evidence: Evidence, summary: PortfolioTilt, a: str, b: str) -> str:
    if summary.value is None or summary.low is None or summary.high is None:
        return (
            f"With fewer than {MINIMUM_DIMENSIONS} kinds known with both no mean is given."
            if summary.n_dimensions
            else ""
        )
    assert summary.low_weighted is not None
    assert summary.high_weighted is not None
    ends = [round(end, 2) for end in (summary.low, summary.high, summary.low_weighted, summary.high_weighted)]
    value, low, high = (format_number(one, signed=True) for one in (summary.value, min(ends), max(ends)))
    count_known = summary.n_dimensions
    said = (
        f"the mean tilt between {a} (+1) and {b} ({format_number(-1, 0)}) is {value}, and {low} to {high} without "
        "any one of them or reweighted"
    )
    head = f"Of the {count_known} kinds known with both {a} and {b}, whichever is left out or weighed otherwise,"
    if min(ends) <= 0 <= max(ends):
        return f"{head} the mean does not keep to one side: {said}."
    return f"{head} the mean lies towards {a if summary.value > 0 else b}: {said}."


def _without_memberships(tilts: pd.DataFrame, summary: PortfolioTilt) -> str:
    """The mean without memberships where they lie wholly with one power."""
    known = tilts[tilts["tilt"].notna()].set_index("dimension")["tilt"]
    if summary.value is None or abs(known.get("memberships", 0.0)) < 1:
        return ""
    rest = known.drop("memberships")
    return (
        "The kind of memberships lies wholly with one power; without it the mean of the "
        f"{count(len(rest), 'other kind')} is {format_number(rest.mean(), signed=True)}."
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
        f"If {power} had none in {kinds}, the mean would be {format_number(end, signed=True)}."
        for power, kinds, end in sides
    ]
    return " ".join(said)


def _ends(tilts: pd.DataFrame) -> str:
    known = tilts[tilts["tilt"].notna()].sort_values(["tilt", "dimension"])
    if len(known) < MINIMUM_DIMENSIONS:
        return ""
    low, high = known.iloc[0], known.iloc[-1]
    if low["tilt"] == high["tilt"]:
        return f"All stand alike, at {format_number(low['tilt'], signed=True)}."
    ends = [
        f"{format_number(end, signed=True)} ({join(map(_label, known.loc[known['tilt'] == end, 'dimension']))})"
        for end in (low["tilt"], high["tilt"])
    ]
    return f"They range from {ends[0]} to {ends[1]}."


def _one_sided(evidence: Evidence, tilts: pd.DataFrame) -> str:
    """The kinds of tie left out although one side of them is known."""
    parts, ended = [], dict(find_one_sided_ends(tilts))
    for row in tilts[tilts["strength_a"].isna() != tilts["strength_b"].isna()].itertuples():
        side, other = ("b", "a") if pd.isna(row.strength_a) else ("a", "b")
        power, unknown = (name_of(evidence, evidence.powers[one == "b"]) for one in (side, other))
        if str(row.dimension) in ended:
            said = f"ended with {power}; not known with {unknown}"
        else:
            said = f"{power} {describe_strength(row, side)}; {unknown} {describe_strength(row, other)}"
        parts.append(f"{_label(str(row.dimension))} ({said})")
    return f"Left out because only one side is known: {join(parts)}." if parts else ""


def _movement(evidence: Evidence, tilts: pd.DataFrame, before: pd.DataFrame) -> str:
    both = (
        tilts[["dimension", "tilt"]]
        .merge(before[["dimension", "tilt"]], on="dimension", suffixes=("", "_before"))
        .dropna()
    )
    day = format_day(evidence.start)
    if both.empty:
        return f"No kind of tie is known for {day} as well, so nothing is said of movement."
    moved = both[(both["tilt"] - both["tilt_before"]).abs() > _NOTABLE]
    if moved.empty and len(both) == 1:
        return f"The one kind of tie known with both for {day} too has not moved."
    head = f"Of the {len(both)} kinds of tie known with both for {day} too, " if len(both) > 1 else f"Since {day} "
    if moved.empty:
        return f"{head}none has moved."
    parts = (
        f"{_label(row.dimension)} moved from {format_number(row.tilt_before, signed=True)} to "
        f"{format_number(row.tilt, signed=True)}"
        for row in moved.itertuples()
    )
    return f"{head}{join(parts)}."


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
    verb = "lie" if nearer > 1 else "lies"
    return (
        f"{nearer or 'None'} of the {count(len(others), 'other state')} with a mean {verb} further towards "
        f"{name_of(evidence, evidence.powers[0])}, though the kinds of tie known differ from state to state."
    )


def _bridges(evidence: Evidence, bridges: pd.DataFrame, names: list[str]) -> str:
    own = int(bridges.set_index("state").at[evidence.state, "n_pairs"])
    most = bridges.iloc[0]
    more = int((bridges["n_pairs"] > own).sum())
    pairs = count(own, "pair") if own else "no pair"
    state = name_of(evidence, evidence.state)
    text = (
        f"{state} links {pairs} of states, one in {names[0]} and one in {names[1]}, for which no event between "
        "them, nor a joint one, was gathered"
    )
    if own and not more:
        shared = int((bridges["n_pairs"] == own).sum()) - 1
        return f"{text}, {'as many as ' + count(shared, 'other') if shared else 'more than any other state does'}."
    if more and most["n_pairs"]:
        return f"{text}; {name_of(evidence, str(most['state']))} links most ({most['n_pairs']})."
    return f"{text}."


def _label(dimension: str) -> str:
    return label_dimension(dimension).lower().replace("un ", "UN ")
