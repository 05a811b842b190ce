"""The state that a name in SIPRI's arms tables stands for."""

from __future__ import annotations

from functools import cache

from analysis.errors import UnknownNameError
from analysis.reference import load
from analysis.reference.actors import resolve_state

__all__ = ["state_from_arms_name"]


@cache
def state_from_arms_name(name: str) -> str | None:
    """The state of a supplier or recipient that SIPRI names, or None for one that is no state.

    SIPRI marks armed groups with one asterisk and organisations with two. Names that differ from the usual
    ones, and states that are no more, are rows of the reviewed table `arms_names`.

    Parameters
    ----------
    name : str
        As the table writes it.

    Raises
    ------
    UnknownNameError
        The name stands for no state and is no row of the table.

    Examples
    --------
    >>> state_from_arms_name("Soviet Union"), state_from_arms_name("Togo"), state_from_arms_name("NATO**")
    ('SUN', 'TGO', None)
    """
    text = name.strip()
    if text.endswith("*"):
        return None
    listed = dict(load("arms_names")[["name", "state"]].itertuples(index=False, name=None))
    if text in listed:
        return listed[text] or None
    try:
        return resolve_state(text)
    except UnknownNameError as error:
        raise UnknownNameError("name in the arms tables", text, error.near) from error
