"""Sentences on the go-between: who stands between the blocs, how surely, and what is not known."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.memberships import ASSOCIATE, OBSERVER
from analysis.briefing.network import OUTSIDE, count_bridges, find_network_start, list_partial
from analysis.briefing.wording import begin_sentences, name_of, short_names, spoken
from analysis.figures.brokerage import say_level, verdict
from analysis.language import Name, message, say, say_number
from analysis.wording import count, format_day, join

_PARTIAL = {
    ASSOCIATE: message("{state} (associate of {organisation:bare})"),
    OBSERVER: message("{state} (observer in {organisation:bare})"),
}


@spoken
def write_brokerage(
    evidence: Evidence, network: pd.DataFrame, blocs: dict[str, str], brokers: pd.DataFrame
) -> list[str]:
    """Whether the state stands between the blocs, against others and against chance."""
    state, start = name_of(evidence, evidence.state), find_network_start(evidence)
    window = {"start": format_day(start), "end": format_day(evidence.end)}
    if network.empty:
        return [
            say(
                "From {start} to {end} no event of cooperation between the compared states was gathered, so nobody "
                "stands between others.",
                **window,
            )
        ]
    sizes = pd.Series(blocs).value_counts()
    named = short_names(sorted(bloc for bloc in sizes.index if bloc != OUTSIDE))
    parts = [say("{n} in {bloc}", n=sizes[bloc], bloc=short) for bloc, short in named.items()]
    parts += [say("{n} in neither", n=sizes[OUTSIDE])] if OUTSIDE in sizes.index else []
    sentences = [
        say_number(
            len(network),
            "From {start} to {end}, {n} pair of the {states} ({blocs}) has an event of cooperation on record, with "
            "each other or together beside another of them.",
            "From {start} to {end}, {n} pairs of the {states} ({blocs}) have an event of cooperation on record, with "
            "each other or together beside another of them.",
            states=count(len(blocs), "compared state", "compared states"),
            blocs=join(parts),
            **window,
        )
    ]
    partial = list_partial(evidence)
    if partial:
        sentences.append(
            say("No member of a bloc, and so in neither: {states}.", states=_name_partial(evidence, partial))
        )
    bridges = count_bridges(network, blocs)
    if len(bridges):
        sentences.append(_bridges(evidence, bridges, list(named.values())))
    own = brokers[brokers["state"] == evidence.state]
    if not own["count"].sum():
        sentences.append(say("{state} stands between no two others.", state=state))
    elif not len(bridges):
        sentences.append(say("With fewer than two blocs among them nobody can stand between blocs."))
    else:
        sentences.append(
            say(
                "{verdict} The ties are held as they are and the blocs dealt out anew.",
                verdict=verdict(brokers, evidence.state),
            )
        )
        sentences.append(say_level(brokers, evidence.state))
    sentences.append(
        say(
            "A pair without a tie is one for which no event was gathered, which is not to say that there is none. "
            "Events were looked for around some states more than others, so that a state can seem a go-between because "
            "its ties were looked for."
        )
    )
    return begin_sentences(sentences)


def _name_partial(evidence: Evidence, partial: list[tuple[str, str, str]]) -> str:
    """States of no bloc with what each is in one."""
    shorts = short_names(organisation for _, _, organisation in partial)
    return join(
        say(_PARTIAL[standing], state=name_of(evidence, state), organisation=shorts[organisation])
        for state, standing, organisation in partial
    )


def _bridges(evidence: Evidence, bridges: pd.DataFrame, names: list[Name]) -> str:
    own = int(bridges.set_index("state").at[evidence.state, "n_pairs"])
    most = bridges.iloc[0]
    more = int((bridges["n_pairs"] > own).sum())
    given: dict[str, Any] = {"state": name_of(evidence, evidence.state), "one": names[0], "other": names[1]}
    first = {"first": name_of(evidence, str(most["state"])), "most": most["n_pairs"]}
    if not own:
        if not most["n_pairs"]:
            return say(
                "{state} links no pair of states, one in {one} and one in {other}, for which no event between them, "
                "nor a joint one, was gathered.",
                **given,
            )
        return say(
            "{state} links no pair of states, one in {one} and one in {other}, for which no event between them, nor a "
            "joint one, was gathered; {first} links most ({most}).",
            **given, **first,
        )  # fmt: skip
    given["pairs"] = count(own, "pair", "pairs")
    if more:
        return say(
            "{state} links {pairs} of states, one in {one} and one in {other}, for which no event between them, nor a "
            "joint one, was gathered; {first} links most ({most}).",
            **given, **first,
        )  # fmt: skip
    shared = int((bridges["n_pairs"] == own).sum()) - 1
    if shared:
        return say(
            "{state} links {pairs} of states, one in {one} and one in {other}, for which no event between them, nor a "
            "joint one, was gathered, as many as {others}.",
            others=count(shared, "other", "others"), **given,
        )  # fmt: skip
    return say(
        "{state} links {pairs} of states, one in {one} and one in {other}, for which no event between them, nor a "
        "joint one, was gathered, more than any other state does.",
        **given,
    )
