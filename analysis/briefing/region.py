"""The sentences and the table of a region: the same questions asked of every compared state, side by side."""

from __future__ import annotations

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.holdings import Portfolios, create_portfolio_grid, find_one_sided_ends, mean_of, select_votes
from analysis.briefing.leanings import write_memberships
from analysis.briefing.wording import begin_sentences, name_of
from analysis.exhibit import Exhibit, show_table, show_title
from analysis.figures.strengths import label_dimension
from analysis.measures.portfolio import MINIMUM_DIMENSIONS
from analysis.wording import count, format_day, format_number, join

_FEW = 2


def title_region(evidence: Evidence, language: str) -> Exhibit:
    """The head of a region's report: the compared states between the powers, and the window."""
    powers = join(evidence.names[power] for power in evidence.powers)
    return show_title(
        f"{evidence.names[evidence.state]} and its neighbours between {powers}",
        f"The same questions side by side, {format_day(evidence.start)} to {format_day(evidence.end)}",
        language=language,
        as_of=f"{evidence.end:%Y-%m-%d}",
    )


def write_standing(evidence: Evidence, compared: pd.DataFrame) -> list[str]:
    """Which states lean where by their events, which are undecided, and of which too little is known."""
    a, b = (name_of(evidence, power) for power in evidence.powers[:2])
    low, high = compared["low"].round(2), compared["high"].round(2)
    known = low.notna() & high.notna()
    widthless = known & (low == high)
    toward, against = known & (low > 0), known & (high < 0)
    undecided = known & ~toward & ~against
    deepest = compared.sort_values(["depth", "state"], ascending=[False, True]).iloc[0]
    parts = [(f"towards {a}", toward), (f"towards {b}", against), ("side not settled", undecided)]
    parts.append(("too few events or none", ~known))
    sentences = [f"By the gathered events, {_sort(evidence, compared, parts)}."]
    if widthless.any():
        states = _list(evidence, compared, widthless)
        sentences.append(
            f"All gathered cooperation of {states} is with one of the two, which leaves the interval no width and is "
            "no sign of certainty."
        )
    if deepest["depth"] > 0:
        depth = format_number(deepest["depth"], 1)
        sentences.append(
            f"{name_of(evidence, deepest['state'])} has most cooperation on record, {depth} points a year, which also "
            "measures how much was looked for."
        )
    return sentences


def write_portfolios(evidence: Evidence, portfolios: Portfolios) -> list[str]:
    """On which side the standing ties of each state lie, and for whom that hangs on the choice of them."""
    a, b = (name_of(evidence, power) for power in evidence.powers[:2])
    means = create_portfolio_grid(evidence, portfolios).query("dimension == 'mean'").reset_index(drop=True)
    low, high = means["low"].round(2), means["high"].round(2)
    given = means["tilt"].notna()
    toward, against = given & (low > 0), given & (high < 0)
    open_side = given & ~toward & ~against
    parts = [(f"towards {a}", toward), (f"towards {b}", against), ("hanging on the choice", open_side)]
    parts.append((f"fewer than {MINIMUM_DIMENSIONS} kinds known with both", ~given))
    return begin_sentences(
        [
            "By the standing ties known with both, whichever kind is left out or weighed otherwise, "
            f"{_sort(evidence, means, parts)}.",
            _one_sided_ends(evidence, portfolios),
            write_memberships(evidence, portfolios),
            "A kind of tie that no source speaks of is not known, and the kinds known differ from state to state.",
        ]
    )


def _one_sided_ends(evidence: Evidence, portfolios: Portfolios) -> str:
    """Ties that ended with one power while nothing is known of the other: no mean can count them."""
    sides: dict[str, list[str]] = {"a": [], "b": []}
    for state in evidence.states:
        found = find_one_sided_ends(mean_of(evidence, portfolios, state)[0])
        for side, parts in sides.items():
            kinds = [label_dimension(name).lower() for name, ended_with in found if ended_with == side]
            parts += [f"{name_of(evidence, state)} ({join(kinds)})"] if kinds else []
    a, b = (name_of(evidence, power) for power in evidence.powers[:2])
    said = [
        f"Ended with {power} and not known with {other}, and so in no mean: {join(parts)}."
        for power, other, parts in ((a, b, sides["a"]), (b, a, sides["b"]))
        if parts
    ]
    return " ".join(said)


def write_voting(evidence: Evidence) -> list[str]:
    """Who voted most and least like the first power, and for whom too few votes are known."""
    votes, agreements = select_votes(evidence)
    calls = votes["roll_call_id"].nunique()
    if not calls:
        return [f"No roll call of the General Assembly up to {format_day(evidence.end)} is on record."]
    sentences = [
        f"{count(calls, 'roll call')} on the war in Ukraine {'is' if calls == 1 else 'are'} on record, "
        f"{format_day(votes['date'].min())} to {format_day(votes['date'].max())}."
    ]
    sentences.append("Agreement runs from 0 (always opposed) to 1 (always alike), an abstention counting half way.")
    for power in evidence.powers[:2]:
        rows = agreements[(agreements["power"] == power) & (agreements["n"] >= _FEW)]
        if rows.empty:
            sentences.append(f"With {name_of(evidence, power)} no state has {_FEW} roll calls in common.")
            continue
        most = rows["agreement"] == rows["agreement"].max()
        value = format_number(rows["agreement"].max())
        sentences.append(f"{_list(evidence, rows, most)} voted most like {name_of(evidence, power)} ({value} of 1).")
    few = agreements[agreements["n"] < _FEW]
    if len(few):
        states = join(name_of(evidence, state) for state in dict.fromkeys(few["state"]))
        sentences.append(f"For {states} too few common roll calls are known with one of the two or both.")
    return sentences


def table_states(evidence: Evidence, compared: pd.DataFrame, portfolios: Portfolios) -> Exhibit:
    """The compared states with their tilt by events, depth, mean tilt of ties and agreement with each power."""
    means = create_portfolio_grid(evidence, portfolios).query("dimension == 'mean'").set_index("state")
    agreements = select_votes(evidence, in_common=True)[1].set_index(["state", "power"])
    data = compared[["state", "tilt", "low", "high", "depth", "n_events"]].assign(
        portfolio_tilt=compared["state"].map(means["tilt"]),
        portfolio_low=compared["state"].map(means["low"]),
        portfolio_high=compared["state"].map(means["high"]),
        n_dimensions=compared["state"].map(means["n_dimensions"]),
    )
    for power in evidence.powers[:2]:
        data[f"agreement_{power}"] = [agreements.at[(state, power), "agreement"] for state in data["state"]]
        data[f"roll_calls_{power}"] = [agreements.at[(state, power), "n"] for state in data["state"]]
    shown = pd.DataFrame(
        {
            "State": data["state"].map(evidence.names),
            "Tilt of events": [_with_range(row.tilt, row.low, row.high) for row in data.itertuples()],
            "Events": data["n_events"].astype(str),
            "Points a year": data["depth"].map(lambda value: format_number(value, 1)),
            "Mean tilt of ties": [
                _with_range(row.portfolio_tilt, row.portfolio_low, row.portfolio_high, "too few kinds")
                for row in data.itertuples()
            ],
            "Kinds": data["n_dimensions"].astype(str),
            **{
                f"Votes with {evidence.names[power]:bare}": [
                    f"{format_number(agreement)} of {number}" if number else "not known"
                    for agreement, number in zip(data[f"agreement_{power}"], data[f"roll_calls_{power}"], strict=True)
                ]
                for power in evidence.powers[:2]
            },
        }
    )
    a, b = (evidence.names[power] for power in evidence.powers[:2])
    caption = (
        f"The compared states between {a} (+1) and {b} ({format_number(-1, 0)}): the tilt of events with its "
        "90 % interval, the mean tilt of standing ties with its range without any one kind or reweighted, of "
        f"how many kinds known with both ({MINIMUM_DIMENSIONS} are needed), and agreement over the roll calls in which "
        "the state and both voted."
    )
    return show_table(shown, "states", caption=caption, data=data)


def _with_range(value: float, low: float, high: float, missing: str = "not known") -> str:
    if pd.isna(value):
        return missing
    text = format_number(value, signed=True)
    if pd.isna(low) or pd.isna(high):
        return f"{text} (no range)"
    return f"{text} ({format_number(low, signed=True)} to {format_number(high, signed=True)})"


def _list(evidence: Evidence, rows: pd.DataFrame, chosen: pd.Series) -> str:
    return join(name_of(evidence, state) for state in rows.loc[chosen, "state"]) or "none"


def _sort(evidence: Evidence, rows: pd.DataFrame, parts: list[tuple[str, pd.Series]]) -> str:
    """The states by where they stand, those parts left out that hold none."""
    return "; ".join(f"{label}: {_list(evidence, rows, chosen)}" for label, chosen in parts if chosen.any())
