"""Who acts, as event sources code it: the parts of a CAMEO actor code, and the role that leads a list of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from analysis.errors import TightropeError, UnknownNameError
from analysis.reference import load

__all__ = ["ActorParts", "leading_role", "split_cameo_actor"]


@dataclass(frozen=True)
class ActorParts:
    """What a concatenated CAMEO actor code is made of, each part as the code writes it.

    Attributes
    ----------
    country : str or None
        CAMEO code of a state or region (``TGO``, ``WAF``); for a firm or association its seat.
    group : str or None
        The most specific group or organisation (``WAS``, ``WBK``).
    roles : tuple of str
        Role codes in their order; see :func:`leading_role`.
    others : tuple of str
        What is left: faiths, peoples (in small letters) and numbers.
    """

    country: str | None
    group: str | None
    roles: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def split_cameo_actor(code: str) -> ActorParts:
    """The parts of a concatenated CAMEO actor code, such as GDELT's Actor1Code.

    A code is a row of three characters each. The country stands first, or second after a generic
    code (IGO, NGO, MNC, ...): in ``CHRMAR`` MAR are the Maronites, not Morocco. Capitals matter:
    ``BEN`` is Benin, ``ben`` are Bengalis.

    Raises
    ------
    TightropeError
        The code is empty or does not part into threes.

    Examples
    --------
    >>> split_cameo_actor("NGAMILREB")
    ActorParts(country='NGA', group=None, roles=('MIL', 'REB'), others=())
    >>> split_cameo_actor("IGOWAFBUSWAS")
    ActorParts(country='WAF', group='WAS', roles=('IGO', 'BUS'), others=())
    """
    if not code or len(code) % 3:
        raise TightropeError(f"not a CAMEO actor code: {code!r}; accepted: three characters for each part, as NGAMIL")
    parts = [code[start : start + 3] for start in range(0, len(code), 3)]
    countries, generic, groups, roles = _actor_codes()
    at = 1 if parts[0] in generic else 0
    country = parts[at] if at < len(parts) and parts[at] in countries else None
    rest = [part for place, part in enumerate(parts) if country is None or place != at]
    known = [part for part in rest if part in groups]
    return ActorParts(
        country,
        known[-1] if known else None,
        tuple(part for part in rest if part in roles),
        tuple(part for part in rest if part not in roles and part not in groups),
    )


def leading_role(codes: Iterable[str], source: str) -> str | None:
    """Our role for an actor whose source lists these roles or sectors: the one of the best rank.

    Parameters
    ----------
    codes : iterable of str
        Role codes or sector words as the source writes them, in any order.
    source : {"acled", "gdelt", "icews", "polecat", "ucdp"}
        Whose codes they are: MED is media in GDELT and medicine in POLECAT.

    Returns
    -------
    str or None
        None where nothing is listed, or the best code stands for no role: an organisation of
        states has none, whatever field or party is listed beside it.

    Raises
    ------
    UnknownNameError
        There is no such source or code.

    Examples
    --------
    >>> leading_role(["Military", "Government"], "icews"), leading_role(("IGO", "BUS"), "gdelt")
    ('MIL', None)
    """
    ranks = _ranked_roles()
    if source not in ranks:
        raise UnknownNameError("source of roles", source, ranks)
    listed = list(codes)
    for code in listed:
        if code not in ranks[source]:
            raise UnknownNameError(f"{source} role", code, ranks[source])
    return min((ranks[source][code] for code in listed), default=(0, ""))[1] or None


@cache
def _actor_codes() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    """Codes of countries and regions, generic first codes, codes of single groups, and role codes."""
    states = load("state_codes")
    table = load("actor_groups")
    roles = frozenset(_ranked_roles()["gdelt"])
    groups = frozenset(table.loc[table["kind"] != "aggregate", "code"])
    # What is a kind of actor and a role at once is no single group.
    return frozenset(states.loc[states["system"] == "cameo", "code"]), groups & roles, groups - roles, roles


@cache
def _ranked_roles() -> dict[str, dict[str, tuple[int, str]]]:
    ranks: dict[str, dict[str, tuple[int, str]]] = {}
    for row in load("actor_roles").itertuples(index=False):
        ranks.setdefault(str(row.source), {})[str(row.code)] = (int(str(row.rank)), str(row.role))
    return ranks
