"""Sentences on the portfolio, the votes and the go-between: what they show, how surely, and what is not known."""

from __future__ import annotations

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.holdings import Portfolios, mean_of, select_votes, tilt_of
from analysis.briefing.network import OUTSIDE, count_bridges, find_network_start
from analysis.briefing.wording import name_of
from analysis.figures.brokerage import verdict
from analysis.figures.strengths import label_dimension
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
    'Of 7 kinds of tie 4 are known with both France and Russia on 28 February 2026.'
    """
    tilts, summary, before = tilt_of(evidence, portfolios)
    a, b = (name_of(evidence, power) for power in evidence.powers[:2])
    known = int(tilts["tilt"].notna().sum())
    sentences = [
        f"Of {len(tilts)} kinds of tie {known or 'none'} {'is' if known == 1 else 'are'} known with both {a} and {b} "
        f"on {format_day(evidence.end)}.",
        _mean(evidence, summary, a, b),
        _ends(tilts),
        _movement(evidence, tilts, before),
        _standing(evidence, portfolios, summary),
    ]
    if known < len(tilts):
        sentences.append("What no source speaks of is left out, which is not to say that there is no such tie.")
    return [sentence for sentence in sentences if sentence]


def write_votes(evidence: Evidence) -> list[str]:
    """How the state voted beside the first two powers, and how many votes that rests on."""
    votes, agreements = select_votes(evidence)
    state, calls = name_of(evidence, evidence.state), votes["roll_call_id"].nunique()
    if not calls:
        return ["No roll call of the General Assembly is on record for the window."]
    own = votes[(votes["state"] == evidence.state) & votes["vote"].notna()]
    sentences = [
        f"Of {count(calls, 'roll call')} on the war in Ukraine, {format_day(votes['date'].min())} to "
        f"{format_day(votes['date'].max())}, the vote of {state} is known in {len(own) or 'none'}"
        f"{_choices(own['vote'])}."
    ]
    parts, totals, pair = [], [], evidence.powers[:2]
    for power in pair:
        row = agreements[(agreements["state"] == evidence.state) & (agreements["power"] == power)].iloc[0]
        totals.append(int(row["n"]))
        if row["n"]:
            parts.append(
                f"{format_number(row['agreement'])} with {name_of(evidence, power)} "
                f"({count(int(row['n']), 'roll call')})"
            )
        else:
            parts.append(f"not known with {name_of(evidence, power)}")
    if not max(totals):
        return [*sentences, f"How far it agrees with {join((name_of(evidence, p) for p in pair), 'or')} is not known."]
    sentences.append(
        f"Its agreement, from 0 (always opposed) to 1 (always alike), is {join(parts)}; an abstention counts half way "
        "and a roll call that either missed is left out."
    )
    if max(totals) < 10:
        sentences.append(
            "So few roll calls on one matter say how it voted on that matter, and not how it votes in the Assembly."
        )
    return sentences


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
        "event of cooperation on record."
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
        "Events were looked for around some states more than others, so that a state can seem a go-between because its "
        "ties were looked for."
    )
    return sentences


def _mean(evidence: Evidence, summary: PortfolioTilt, a: str, b: str) -> str:
    if summary.value is None or summary.low is None or summary.high is None:
        return f"With fewer than {MINIMUM_DIMENSIONS} no mean is given." if summary.n_dimensions else ""
    assert summary.low_weighted is not None
    assert summary.high_weighted is not None
    ends = [round(end, 2) for end in (summary.low, summary.high, summary.low_weighted, summary.high_weighted)]
    value, low, high = (format_number(one, signed=True) for one in (summary.value, min(ends), max(ends)))
    said = (
        f"their mean tilt between {a} (+1) and {b} ({format_number(-1, 0)}) is {value}, and {low} to {high} without "
        "any one of them or reweighted"
    )
    state = name_of(evidence, evidence.state)
    if min(ends) <= 0 <= max(ends):
        return f"On which side they lie hangs on the choice of ties: {said}."
    return f"Whatever the choice, these ties of {state} lie towards {a if summary.value > 0 else b}: {said}."


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
        return f"The one kind of tie known for {day} too has not moved."
    head = f"Of the {len(both)} kinds of tie known for {day} too, " if len(both) > 1 else f"Since {day} "
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


def _choices(votes: pd.Series) -> str:
    words = {"yes": "yes", "no": "no", "abstain": "an abstention", "absent": "an absence"}
    many = {"yes": "yes", "no": "no", "abstain": "abstentions", "absent": "absences"}
    counts = votes.value_counts()
    parts = [
        f"{counts[one]} {words[one].removeprefix('an ') if counts[one] == 1 else many[one]}"
        for one in words
        if one in counts.index
    ]
    return f" ({join(parts)})" if parts else ""


def _bridges(evidence: Evidence, bridges: pd.DataFrame, names: list[str]) -> str:
    own = int(bridges.set_index("state").at[evidence.state, "n_pairs"])
    most = bridges.iloc[0]
    more = int((bridges["n_pairs"] > own).sum())
    pairs = count(own, "pair") if own else "no pair"
    state = name_of(evidence, evidence.state)
    text = f"{state} links {pairs} of states, one in {names[0]} and one in {names[1]}, that have no tie of their own"
    if own and not more:
        shared = int((bridges["n_pairs"] == own).sum()) - 1
        return f"{text}, {'as many as ' + count(shared, 'other') if shared else 'more than any other state does'}."
    if more and most["n_pairs"]:
        return f"{text}; {name_of(evidence, str(most['state']))} links most ({most['n_pairs']})."
    return f"{text}."


def _label(dimension: str) -> str:
    return label_dimension(dimension).lower().replace("un ", "UN ")
