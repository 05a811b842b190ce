"""The rows that a question can see: what a briefing reads, and what its freshness hangs on, are chosen here once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis import reference
from analysis.reference.actors import comparison_set

EVIDENCE_TABLES = ("actors", "events", "event_actors", "event_sources", "dyad_events", "ties", "votes", "port_figures",
                   "projects", "claims", "claim_values", "article_claims")  # fmt: skip
"""The tables that a briefing reads."""

_PLACES = ["file", "line"]
"""Where a row stands in its raw file: a row put in above it moves it, and nothing else."""


@dataclass(frozen=True)
class Question:
    """The state, the powers, the states compared (the state itself first), and the last day of the window."""

    state: str
    powers: tuple[str, ...]
    states: tuple[str, ...]
    end: pd.Timestamp


def ask(state: str, powers: Sequence[str], end: str, comparison: Sequence[str] = ()) -> Question:
    """The question of a briefing.

    Parameters
    ----------
    state : str
        Code of the state.
    powers : sequence of str
        Codes of two or more powers.
    end : str
        Last day, ISO date.
    comparison : sequence of str
        States to compare with; empty for the reviewed set that holds the state. A power among them is left out.

    Examples
    --------
    >>> ask("TGO", ["FRA", "RUS"], "2026-02-28", ["BEN", "RUS"]).states
    ('TGO', 'BEN')
    """
    states = dict.fromkeys([state, *(comparison or comparison_set(state))])
    return Question(state, tuple(powers), tuple(code for code in states if code not in powers), pd.Timestamp(end))


def select_rows(tables: Mapping[str, pd.DataFrame], question: Question) -> dict[str, pd.DataFrame]:
    """The rows of each table that a question can see, without their places in the raw files.

    Events are those in which the state takes part, that touch the tie of a compared state with another of them or with
    a power, or that are a coup in a compared state or a response is looked for after them (reference tables
    `coup_classes` and `epoch_kinds`), begun by the last day; their actors, reports and pairs are seen with them. Ties
    are those of the compared states and the powers, port figures those of a compared state or of transit to it,
    projects those that stand in one. Claims are those about the state, published by the last day; what its statements
    are tested on is seen too: the events they name, and pairs with the partners they name. Of a table without a rule
    every row is seen, as of the votes: that a roll call took place is known from whoever voted in it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Processed tables by name, `events`, `event_actors` and `dyad_events` among them.
    question : Question
        From :func:`ask`.

    Returns
    -------
    dict of str to DataFrame
        The same names; rows in their order, indexed from 0.
    """
    chosen = dict(tables)
    tests = _find_tests(question)
    chosen["dyad_events"] = _select_pairs(tables["dyad_events"], question, _find_partners(tests))
    named = {event for text in tests.loc[tests["kind"] == "event", "look_at"] for event in text.split(";")}
    chosen["events"] = _select_events(tables["events"], tables["event_actors"], chosen["dyad_events"], question, named)
    seen = set(chosen["events"]["event_id"])
    for name in ("event_actors", "event_sources", "dyad_events"):
        if name in chosen:
            chosen[name] = chosen[name][chosen[name]["event_id"].isin(seen)]
    chosen |= select_claims(tables, question.state, question.end)
    for name, choose in _RULES.items():
        if name in chosen:
            chosen[name] = chosen[name][choose(chosen[name], {*question.states, *question.powers}, question.states)]
    return {name: frame.drop(columns=_PLACES, errors="ignore").reset_index(drop=True) for name, frame in chosen.items()}


def coup_kinds() -> dict[str, str]:
    """The event classes that are a coup or an attempt, and which of the two."""
    classes = reference.load("coup_classes")
    return dict(classes.loc[classes["kind"] != "none", ["event_class", "kind"]].itertuples(index=False, name=None))


def _find_tests(question: Question) -> pd.DataFrame:
    """What the statements about the state are tested on."""
    subjects = reference.load("statement_subjects")
    tests = reference.load("statement_tests")
    return tests[tests["claim_id"].isin(subjects.loc[subjects["state"] == question.state, "claim_id"])]


def _find_partners(tests: pd.DataFrame) -> set[str]:
    """The actors that a measure of some test is asked of."""
    given = (part.partition("=") for text in tests.loc[tests["kind"] == "measure", "given"] for part in text.split())
    return {code for name, _, codes in given if name in ("power", "powers") for code in codes.split(";")}


def select_claims(tables: Mapping[str, pd.DataFrame], state: str, end: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Statements about a state, and claims on the questions about it, published by a day.

    A page without a date counts from the day of the first dated one on its question.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        `claims`, `claim_values` and `article_claims`; without them nothing is selected.
    state : str
        Code of the state.
    end : Timestamp
        The last day.
    """
    if not {"claims", "claim_values", "article_claims"} <= set(tables):
        return {}
    asked = reference.load("claim_questions")
    claims, statements = tables["claims"], tables["article_claims"]
    first = claims.groupby("question_id")["published"].transform("min")
    is_known = claims["published"].fillna(first) <= end
    is_asked = claims["question_id"].isin(asked.loc[asked["state"] == state, "asked_in"])
    # A search of ours has no date and is no page.
    seen = claims[is_asked & (is_known | claims["is_search"])]
    values = tables["claim_values"]
    return {
        "claims": seen,
        "claim_values": values[values["claim_id"].isin(seen["claim_id"])],
        "article_claims": statements[statements["state"].eq(state)],
    }


def _select_pairs(dyads: pd.DataFrame, question: Question, partners: Collection[str]) -> pd.DataFrame:
    """Pairs of a compared state with another, with a power, or with a partner that its statements name."""
    actors = [*question.states, *question.powers, *partners]
    one, other = dyads["actor_a"], dyads["actor_b"]
    concerned = one.isin(question.states) | other.isin(question.states)
    return dyads[one.isin(actors) & other.isin(actors) & concerned]


def _select_events(
    events: pd.DataFrame,
    event_actors: pd.DataFrame,
    pairs: pd.DataFrame,
    question: Question,
    named: Collection[str],
) -> pd.DataFrame:
    own = event_actors["state"].eq(question.state) | event_actors["actor_code"].eq(question.state)
    aimed_at = event_actors["position"].eq("target") & event_actors["state"].isin(question.states)
    by_them = event_actors["position"].eq("source") & event_actors["state"].isin(question.states)
    kinds = reference.load("epoch_kinds")
    nearby = kinds.loc[kinds["whose"] == "compared", "event_class"]
    around = _of_class(events, coup_kinds(), event_actors[aimed_at]) | _of_class(events, nearby, event_actors[by_them])
    seen = {*event_actors.loc[own, "event_id"], *pairs["event_id"], *events.loc[around, "event_id"], *named}
    return events[events["event_id"].isin(seen) & (events["date_start"] <= question.end)]


def _of_class(events: pd.DataFrame, classes: Iterable[str], parts: pd.DataFrame) -> pd.Series:
    return events["event_class"].isin(list(classes)) & events["event_id"].isin(parts["event_id"])


def _is_among(codes: pd.Series, states: Collection[str]) -> pd.Series:
    return codes.fillna("").str.split(";").map(lambda found: not set(states).isdisjoint(found)).astype(bool)


_RULES: dict[str, Callable[[pd.DataFrame, set[str], Collection[str]], pd.Series]] = {
    "ties": lambda ties, actors, states: ties["state"].isin(actors),
    "port_figures": lambda figures, actors, states: (
        figures["state"].isin(states) | _is_among(figures["destination"], states)
    ),
    "projects": lambda projects, actors, states: _is_among(projects["states"], states),
}
