"""The evidence a briefing rests on, loaded once: tables, names and the events of the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import pandas as pd

from analysis.briefing.selection import EVIDENCE_TABLES, ask, select_rows
from analysis.language import Name
from analysis.measures import create_engagements
from analysis.paths import PROCESSED
from analysis.reference.grammar import name_actors
from analysis.store import read_build, read_table

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that one briefing reads; no two are equal, so that what is asked of one is kept by it (see :func:`once`).

    Attributes
    ----------
    state : str
        Code of the state.
    powers, states : tuple of str
        Codes of the powers, and of the states compared (the state itself first).
    start, end : Timestamp
        First and last day of the window.
    language : str
        The reader's language.
    names : mapping
        Actor code to the reader's name.
    events, event_actors, event_sources, dyad_events, ties, votes, port_figures, projects, claims, claim_values, \
article_claims : DataFrame
        The rows of the processed tables that the question can see, and no other: see
        :func:`analysis.briefing.selection.select_rows`. What is not here is not in the report's freshness.
    engagements : DataFrame
        Events of the state with each power in the window, one row per event and power.
    record : mapping
        The build record.
    """

    state: str
    powers: tuple[str, ...]
    states: tuple[str, ...]
    start: pd.Timestamp
    end: pd.Timestamp
    language: str
    names: Mapping[str, Name]
    events: pd.DataFrame
    event_actors: pd.DataFrame
    event_sources: pd.DataFrame
    dyad_events: pd.DataFrame
    ties: pd.DataFrame
    votes: pd.DataFrame
    port_figures: pd.DataFrame
    projects: pd.DataFrame
    claims: pd.DataFrame
    claim_values: pd.DataFrame
    article_claims: pd.DataFrame
    engagements: pd.DataFrame
    record: Mapping[str, Any]


def once(
    ask: Callable[Concatenate[Evidence, Given], Answer],
) -> Callable[Concatenate[Evidence, Given], Answer]:
    """Keep the last answer, of which each caller has a copy: a briefing asks some things of one evidence several times.

    Examples
    --------
    >>> asked = []
    >>> count = once(lambda evidence: asked.append(evidence) or len(asked))
    >>> count("this"), count("this"), count("another")
    (1, 1, 2)
    """
    kept = cast(Callable[Concatenate[Evidence, Given], Answer], lru_cache(maxsize=1)(ask))

    @wraps(ask)
    def asked(evidence: Evidence, /, *args: Given.args, **kwargs: Given.kwargs) -> Answer:
        return copy(kept(evidence, *args, **kwargs))

    return asked


def load_evidence(
    state: str,
    powers: Sequence[str],
    start: str,
    end: str,
    comparison: Sequence[str] = (),
    data: Path | str = PROCESSED,
    language: str = "en",
) -> Evidence:
    """Load what a briefing reads.

    Parameters
    ----------
    state : str
        Code of the state.
    powers : sequence of str
        Codes of two or more powers.
    start, end : str
        First and last day, ISO dates.
    comparison : sequence of str
        States to compare with; empty for the reviewed set that holds the state.
    data : Path
        Folder of built tables.
    language : str
        Language of the names.

    Raises
    ------
    TightropeError
        If the tables have not been built.
    """
    question = ask(state, powers, end, comparison)
    tables = select_rows({name: read_table(name, data) for name in EVIDENCE_TABLES}, question)
    actors = tables.pop("actors")
    return Evidence(
        state=state,
        powers=question.powers,
        states=question.states,
        start=pd.Timestamp(start),
        end=question.end,
        language=language,
        names=name_actors(actors, language),
        engagements=create_engagements(tables["dyad_events"], tables["events"], state, list(powers), start, end),
        record=read_build(data),
        **tables,
    )
