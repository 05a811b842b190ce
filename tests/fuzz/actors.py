"""Who is who: every text stands for one known actor, or is refused or listed as unknown; none is guessed."""

from __future__ import annotations

from functools import cache

from archive_cases import SOURCE_LAYOUT

from analysis import reference
from analysis.cleaning.coded.actors import resolve_actors, resolve_roles
from analysis.errors import TightropeError, UnknownNameError
from analysis.reference.actors import actors_table, resolve_actor, resolve_state
from analysis.reference.coded_actors import leading_role, split_cameo_actor
from analysis.reference.names import fold_name
from analysis.schema import ROLES
from fuzz.targets import Target

_SYSTEMS = {layout.codes["actor_state"]: layout for layout in SOURCE_LAYOUT.values()}


def create_target(_: str) -> Target:
    return Target(check, create_seeds)


def check(data: bytes) -> None:
    """Hold one name or code to the oracle of each resolver."""
    text = data.decode("utf-8", errors="surrogateescape")
    codes = _codes()
    folded = fold_name(text)
    assert fold_name(folded) == folded, "folding twice is not folding once"
    try:
        found = resolve_actor(text)
        assert found.actor_code in codes
        assert found.role is None or found.role in ROLES
    except UnknownNameError as error:
        assert str(error)
    try:
        assert resolve_state(text) in codes
        assert resolve_actor(text).kind == "state"
    except UnknownNameError as error:
        assert str(error)
    try:
        parts = split_cameo_actor(text)
        taken = sum(map(bool, (parts.country,))) + len(parts.roles) + len(parts.others)
        assert 3 * taken <= len(text), "a part is taken twice"
        leading_role(parts.roles, "gdelt")
    except TightropeError:
        assert not text or len(text) % 3
    for system, layout in _SYSTEMS.items():
        (row,) = resolve_actors(layout, [text]).to_dict("records")
        assert row["actor"] is None or row["actor"] in codes, (system, row)
        assert row["unknown"] is None or row["actor"] is None, (system, row)
        (row,) = resolve_roles(layout, [text]).to_dict("records")
        assert row["role"] is None or row["role"] in ROLES, (system, row)


@cache
def _codes() -> frozenset[str]:
    return frozenset(actors_table()["actor_code"])


def create_seeds() -> list[bytes]:
    """Accepted and refused names, and codes of every source."""
    names = ["Togo", "TGO_GOV", "MLI_MIL", "Côte d’Ivoire", "the Republic of the Niger", "CEDEAO", "AU", "_GOV", "TGO_"]
    names += reference.load("aliases")["alias"].to_list()[:40] + reference.load("ambiguous")["name"].to_list()[:20]
    codes = ["NGAMILREB", "IGOWAFBUSWAS", "CHRMAR", "BENben", "475.0", "Military,Government", "Government of Togo", "0"]
    codes += ["Protesters (Argentina)", "Military Forces of Togo (2005-)", "Police Forces of the Gambia (1994-)"]
    return [name.encode() for name in (*names, *codes)]
