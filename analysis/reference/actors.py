"""Who is who: states, organisations and non-state actors, and the one actor a name stands for."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import pandas as pd
import pycountry
from babel import Locale

from analysis.errors import UnknownNameError
from analysis.reference import load
from analysis.reference.names import AmbiguousNameError, fold_name, index_names
from analysis.schema import ACTORS

__all__ = ["ActorRef", "AmbiguousNameError", "actors_table", "comparison_set", "resolve_actor", "resolve_state"]

_ISO_NAMES = ("name", "common_name", "official_name")


@dataclass(frozen=True)
class ActorRef:
    """The actor a name stands for, and the part in which it is named."""

    actor_code: str
    role: str | None
    state: str | None
    kind: str


@dataclass(frozen=True)
class _Directory:
    """Everything that resolving a name needs, folded once."""

    actors: dict[str, ActorRef]
    index: dict[str, str]
    spelled: dict[str, str]
    ambiguous: dict[str, dict[str, str]]
    particles: frozenset[str]
    suffixes: dict[str, str]

    def find(self, kind: str, text: str) -> ActorRef | None:
        """The actor with exactly this code or name, or None."""
        key = fold_name(text, self.particles)
        if key in self.ambiguous:
            raise AmbiguousNameError(kind, text, self.ambiguous[key])
        return self.actors[self.index[key]] if key in self.index else None

    def unknown(self, kind: str, text: str, codes: set[str] | None = None) -> UnknownNameError:
        """The error for a name that stands for none of these actors (of all, when not given)."""
        return UnknownNameError(kind, text, (name for name, code in self.spelled.items() if not codes or code in codes))


def resolve_actor(text: str) -> ActorRef:
    """The actor that a code or a name in English or French stands for.

    Case, accents, apostrophes, dashes, articles and "of" or "de" do not matter; everything else
    does, for no name is ever guessed. ISO 3166 two-letter codes are not accepted (AU is the
    African Union). A code may carry a role: ``MLI_MIL`` is the army of Mali.

    Parameters
    ----------
    text : str
        ``TGO``, ``Côte d'Ivoire``, ``CEDEAO``, ``FRA_JRN`` ...

    Raises
    ------
    UnknownNameError
        No actor, or no role suffix, has this name; lists near matches.
    AmbiguousNameError
        The name is in use for several actors; it is an UnknownNameError too.

    Examples
    --------
    >>> resolve_actor("the Republic of the Niger")
    ActorRef(actor_code='NER', role=None, state='NER', kind='state')
    >>> resolve_actor("FRA_JRN")
    ActorRef(actor_code='FRA', role='MED', state='FRA', kind='state')
    >>> resolve_actor("cedeao").actor_code
    'ECOWAS'
    """
    if text in _states():
        return _states()[text]
    directory = _directory()
    found = directory.find("actor", text)
    if found:
        return found
    base, _, suffix = text.strip().upper().rpartition("_")
    if base not in directory.actors:
        raise directory.unknown("actor", text)
    if suffix not in directory.suffixes:
        raise UnknownNameError(f"role suffix of {base}", suffix, directory.suffixes)
    return replace(directory.actors[base], role=directory.suffixes[suffix])


def resolve_state(text: str) -> str:
    """The ISO 3166 alpha-3 code of the state that a code or a name stands for.

    Raises
    ------
    UnknownNameError
        No state has this name; lists near matches.

    Examples
    --------
    >>> resolve_state("Bénin"), resolve_state("guinée équatoriale"), resolve_state("TGO")
    ('BEN', 'GNQ', 'TGO')
    >>> resolve_state("TOGOO")
    Traceback (most recent call last):
        ...
    analysis.errors.UnknownNameError: unknown state 'TOGOO'; did you mean 'Togo' or 'TGO' or 'Tonga'?
    """
    if text in _states():
        return text
    directory = _directory()
    found = directory.find("state", text)
    if found is None or found.kind != "state":
        states = {code for code, actor in directory.actors.items() if actor.kind == "state"}
        raise directory.unknown("state", text, states)
    return found.actor_code


def comparison_set(state: str) -> tuple[str, ...]:
    """The states of the first comparison set that holds this one, itself among them; empty when none does.

    Examples
    --------
    >>> len(comparison_set("TGO")), comparison_set("FRA")
    (11, ())
    """
    sets = load("comparison_sets").groupby("set_name", sort=False)["state"].agg(tuple)
    return next((states for states in sets if state in states), ())


def actors_table() -> pd.DataFrame:
    """The processed table `actors`: states by code, then all others by code."""
    return _actors_table().copy()


@cache
def _actors_table() -> pd.DataFrame:
    return ACTORS.frame(_state_rows() + _other_rows())


def _state_rows() -> list[dict[str, str | int | None]]:
    english, french = (Locale.parse(language).territories for language in ("en", "fr"))
    return [
        {
            "actor_code": row["iso3"],
            "kind": "state",
            "name_en": english[row["iso2"]],
            "name_fr": french[row["iso2"]],
            "state": row["iso3"],
            "role": None,
            "cow_number": int(row["cow_number"]) if row["cow_number"] else None,
            "gw_number": int(row["gw_number"]) if row["gw_number"] else None,
        }
        for row in load("states").to_dict("records")
    ]


def _other_rows() -> list[dict[str, str | int | None]]:
    rows = load("organisations").drop(columns="reason").to_dict("records")
    return [{str(column): value or None for column, value in row.items()} for row in rows]


def _iso_names(codes: list[str]) -> Iterator[tuple[str, str]]:
    """Names of ISO 3166 in English, and in French where it has been translated."""
    french = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["fr"], fallback=True)
    for code in codes:
        # A code that ISO leaves to its users (Kosovo) has no entry, and so no names here.
        country = pycountry.countries.get(alpha_3=code)
        for name in filter(None, (getattr(country, attribute, None) for attribute in _ISO_NAMES)):
            yield name, code
            yield french.gettext(name), code


@cache
def _states() -> dict[str, ActorRef]:
    """Every state by its code, for which no names are read, which take a hundred times as long."""
    return {str(code): ActorRef(str(code), None, str(code), "state") for code in load("states")["iso3"]}


@cache
def _directory() -> _Directory:
    rows = _state_rows() + _other_rows()
    actors = {
        str(row["actor_code"]): ActorRef(str(row["actor_code"]), row["role"], row["state"], str(row["kind"]))  # type: ignore[arg-type]
        for row in rows
    }
    particles = frozenset(load("particles")["particle"])
    doubtful = load("ambiguous")
    names = [
        (str(row[column]), str(row["actor_code"])) for column in ("actor_code", "name_en", "name_fr") for row in rows
    ]
    names += _iso_names([code for code, actor in actors.items() if actor.kind == "state"])
    names += load("aliases")[["alias", "actor_code"]].itertuples(index=False, name=None)
    english = {str(row["actor_code"]): str(row["name_en"]) for row in rows}
    ambiguous = {
        fold_name(name, particles): {code: english[code] for code in codes.split(";")}
        for name, codes in zip(doubtful["name"], doubtful["actor_codes"], strict=True)
    }
    index = index_names(names, particles, ambiguous)
    suffixes = dict(load("role_suffixes")[["suffix", "role"]].itertuples(index=False, name=None))
    return _Directory(actors, index, dict(names), ambiguous, particles, suffixes)
