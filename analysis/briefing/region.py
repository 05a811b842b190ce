"""The sentences and the table of a region: the same questions asked of every compared state, side by side."""

from __future__ import annotations

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.holdings import Portfolios, create_portfolio_grid, find_one_sided_ends, mean_of, select_votes
from analysis.briefing.leanings import write_memberships
from analysis.briefing.sides import HARDLY, hangs_on_little
from analysis.briefing.voting import count_calls
from analysis.briefing.wording import begin_sentences, label_of, list_labels, list_names, name_of, spoken
from analysis.exhibit import Exhibit, show_table, show_title
from analysis.figures.strengths import name_dimension
from analysis.figures.wording import chain
from analysis.language import NameList, say, say_number
from analysis.measures.portfolio import MINIMUM_DIMENSIONS
from analysis.schema.rows import each_row
from analysis.wording import format_day, format_end, format_number, join

_FEW = 2


@spoken
def title_region(evidence: Evidence, language: str) -> Exhibit:
    """The head of a region's report: the compared states between the powers, and the window."""
    title = say(
        "{state:bare} and its neighbours between {powers:bare}",
        state=label_of(evidence, evidence.state),
        powers=list_labels(evidence, evidence.powers),
    )
    window = {"start": format_day(evidence.start), "end": format_day(evidence.end)}
    return show_title(
        *begin_sentences([title, say("The same questions side by side, {start} to {end}", **window)]),
        language=language,
        as_of=f"{evidence.end:%Y-%m-%d}",
    )


@spoken
def write_standing(evidence: Evidence, compared: pd.DataFrame) -> list[str]:
    """Which states lean where by their events, which are undecided, and of which too little is known."""
    a, b = (name_of(evidence, power) for power in evidence.powers[:2])
    low, high = compared["low"], compared["high"]
    known = low.notna() & high.notna()
    widthless = known & (low == high)
    toward, against = known & (low > 0), known & (high < 0)
    undecided = known & ~toward & ~against
    deepest = compared.sort_values(["depth", "state"], ascending=[False, True]).iloc[0]
    states = [list_names(evidence, compared.loc[chosen, "state"]) for chosen in (toward, against, undecided, ~known)]
    groups = [
        say("towards {power}: {states}", power=a, states=states[0]),
        say("towards {power}: {states}", power=b, states=states[1]),
        say("not placed on either side: {states}", states=states[2]),
        say("too few events or none: {states}", states=states[3]),
    ]
    sentences = [say("By the gathered events, {groups}.", groups=_sort(groups, states))]
    if widthless.any():
        sentences.append(
            say(
                "All gathered cooperation of {states} is with one of the two, which leaves the interval no width and "
                "is no sign of certainty.",
                states=list_names(evidence, compared.loc[widthless, "state"]),
            )
        )
    hardly = pd.Series(map(hangs_on_little, low, high), index=compared.index, dtype="bool")
    if hardly.any():
        sentences.append(
            say(
                "For {states} the interval ends within {distance} of zero, so that the side hangs on little.",
                states=list_names(evidence, compared.loc[hardly, "state"]),
                distance=format_number(HARDLY),
            )
        )
    if deepest["depth"] > 0:
        sentences.append(
            say(
                "{state} has most cooperation on record, {depth} points a year, which also measures how much was "
                "looked for.",
                state=name_of(evidence, deepest["state"]),
                depth=format_number(deepest["depth"], 1),
            )
        )
    return sentences


@spoken
def write_portfolios(evidence: Evidence, portfolios: Portfolios) -> list[str]:
    """On which side the standing ties of each state lie, and for whom that hangs on the choice of them."""
    a, b = (name_of(evidence, power) for power in evidence.powers[:2])
    means = create_portfolio_grid(evidence, portfolios).query("dimension == 'mean'").reset_index(drop=True)
    low, high = means["low"].round(2), means["high"].round(2)
    given = means["tilt"].notna()
    toward, against = given & (low > 0), given & (high < 0)
    open_side = given & ~toward & ~against
    states = [list_names(evidence, means.loc[chosen, "state"]) for chosen in (toward, against, open_side, ~given)]
    groups = [
        say("towards {power}: {states}", power=a, states=states[0]),
        say("towards {power}: {states}", power=b, states=states[1]),
        say("hanging on the choice: {states}", states=states[2]),
        say("fewer than {needed} kinds known with both: {states}", needed=MINIMUM_DIMENSIONS, states=states[3]),
    ]
    return begin_sentences(
        [
            say(
                "By the standing ties known with both, whichever kind is left out or weighed otherwise, {groups}.",
                groups=_sort(groups, states),
            ),
            _one_sided_ends(evidence, portfolios),
            write_memberships(evidence, portfolios),
            say("A kind of tie that no source speaks of is not known, and the kinds known differ from state to state."),
        ]
    )


def _one_sided_ends(evidence: Evidence, portfolios: Portfolios) -> str:
    """Ties that ended with one power while nothing is known of the other: no mean can count them."""
    sides: dict[str, list[str]] = {"a": [], "b": []}
    for state in evidence.states:
        found = find_one_sided_ends(mean_of(evidence, portfolios, state)[0])
        for side, parts in sides.items():
            kinds = [name_dimension(name) for name, ended_with in found if ended_with == side]
            parts += [f"{name_of(evidence, state):bare} ({join(kinds)})"] if kinds else []
    a, b = (name_of(evidence, power) for power in evidence.powers[:2])
    said = [
        say(
            "Ended with {power} and not known with {other}, and so in no mean: {states}.",
            power=power,
            other=other,
            states=join(parts),
        )
        for power, other, parts in ((a, b, sides["a"]), (b, a, sides["b"]))
        if parts
    ]
    return " ".join(said)


@spoken
def write_voting(evidence: Evidence) -> list[str]:
    """Who voted most and least like the first power, and for whom too few votes are known."""
    votes, agreements = select_votes(evidence, in_common=True)
    calls = votes["roll_call_id"].nunique()
    if not calls:
        return [say("No roll call of the General Assembly up to {day} is on record.", day=format_day(evidence.end))]
    sentences = [
        say_number(
            calls,
            "{calls} is on record, {first} to {last}.",
            "{calls} are on record, {first} to {last}.",
            calls=count_calls(votes),
            first=format_day(votes["date"].min()),
            last=format_day(votes["date"].max()),
        ),
        say(
            "Agreement runs from 0 (always opposed) to 1 (always alike), an abstention counting half way; that of a "
            "state is taken over the roll calls in which it and both powers voted."
        ),
    ]
    for power in evidence.powers[:2]:
        rows = agreements[(agreements["power"] == power) & (agreements["n"] >= _FEW)]
        near = name_of(evidence, power)
        if rows.empty:
            sentences.append(say("With {power} no state has {n} roll calls in common.", power=near, n=_FEW))
            continue
        most = rows["agreement"].max()
        sentences.append(
            say(
                "{states} voted most like {power} (agreement {agreement}).",
                states=list_names(evidence, rows.loc[rows["agreement"] == most, "state"]),
                power=near,
                agreement=format_number(most),
            )
        )
    few = agreements[agreements["n"] < _FEW]
    if len(few):
        sentences.append(
            say(
                "For {states} fewer than {n} roll calls are known in which both powers voted too.",
                states=list_names(evidence, dict.fromkeys(few["state"])),
                n=_FEW,
            )
        )
    return sentences


@spoken
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
            say("State"): data["state"].map(evidence.names),
            say("Tilt of events"): [_with_range(row.tilt, row.low, row.high) for row in each_row(data)],
            say("Events"): data["n_events"].astype(str),
            say("Points a year"): data["depth"].map(lambda value: format_number(value, 1)),
            say("Mean tilt of ties"): [
                _with_range(row.portfolio_tilt, row.portfolio_low, row.portfolio_high, say("too few kinds"))
                for row in each_row(data)
            ],
            say("Kinds"): data["n_dimensions"].astype(str),
            **{
                say("Votes with {power:bare}", power=label_of(evidence, power)): [
                    say("{agreement} over {number}", agreement=format_number(agreement), number=number)
                    if number
                    else say("not known")
                    for agreement, number in zip(data[f"agreement_{power}"], data[f"roll_calls_{power}"], strict=True)
                ]
                for power in evidence.powers[:2]
            },
        }
    )
    caption = say(
        "The compared states between {a} (+1) and {b} (−1): the tilt of events with its 90 % interval and the number "
        "of events of cooperation it rests on, the mean tilt of standing ties with its range without any one kind or "
        "reweighted, of how many kinds known with both ({needed} are needed), and agreement, with the number of roll "
        "calls it is over: those in which the state and both voted.",
        a=label_of(evidence, evidence.powers[0]),
        b=label_of(evidence, evidence.powers[1]),
        needed=MINIMUM_DIMENSIONS,
    )
    return show_table(shown, "states", caption=caption, data=data)


def _with_range(value: float, low: float, high: float, missing: str = "") -> str:
    if pd.isna(value):
        return missing or say("not known")
    if pd.isna(low) or pd.isna(high):
        return say("too few events")
    if low == high:
        return say("{tilt} (no width)", tilt=format_number(value, signed=True))
    return say(
        "{tilt} ({low} to {high})",
        tilt=format_number(value, signed=True), low=format_end(low), high=format_end(high),
    )  # fmt: skip


def _sort(groups: list[str], states: list[NameList]) -> str:
    """The groups in one list, those left out that hold no state."""
    return chain(group for group, held in zip(groups, states, strict=True) if held)
