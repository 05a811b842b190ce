"""What can go wrong for a user, each error naming the offender and what would be accepted."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class TightropeError(Exception):
    """An error that a user can act on; the command line prints its message without a traceback."""


class UnknownNameError(TightropeError):
    """A name that is not among the accepted ones; lists the nearest of them.

    Parameters
    ----------
    kind : str
        What the name should be, for example ``"state"`` or ``"parameter"``.
    name : str
        The offender.
    accepted : iterable of str
        Every name that would be accepted.

    Examples
    --------
    >>> print(UnknownNameError("state", "TOGOO", ["TOGO", "BENIN"]))
    unknown state 'TOGOO'; did you mean 'TOGO'?
    >>> print(UnknownNameError("language", "xx", ["en", "fr"]))
    unknown language 'xx'; accepted: en, fr
    """

    def __init__(self, kind: str, name: str, accepted: Iterable[str]) -> None:
        choices = sorted(set(accepted))
        folded = {choice.casefold(): choice for choice in reversed(choices)}
        near = [folded[match] for match in get_close_matches(str(name).casefold(), folded, n=3, cutoff=0.6)]
        if near:
            hint = "did you mean " + " or ".join(repr(match) for match in near) + "?"
        elif len(choices) <= 12:
            hint = "accepted: " + ", ".join(choices)
        else:
            hint = f"{len(choices)} names are accepted, among them {', '.join(choices[:6])}"
        super().__init__(f"unknown {kind} {name!r}; {hint}")
        self.kind, self.name, self.near = kind, name, near


class RowError(TightropeError):
    """A raw row that cannot stand; its message is the reason written to the rejects table."""
