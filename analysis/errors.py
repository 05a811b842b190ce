"""What can go wrong for a user, each error naming the offender and what would be accepted."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_OFFERED = 3


class TightropeError(Exception):
    """An error that a user can act on; the command line prints its message without a traceback."""


class UnknownNameError(TightropeError):
    """A name that is not among the accepted ones; lists those that it begins, or else the nearest of them.

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
    >>> print(UnknownNameError("briefing", "ports-ben", ["ports-ben-en", "ports-ben-fr", "ports-gnb-en"]))
    unknown briefing 'ports-ben'; did you mean 'ports-ben-en' or 'ports-ben-fr'?
    >>> print(UnknownNameError("language", "xx", ["en", "fr"]))
    unknown language 'xx'; accepted: en, fr
    """

    def __init__(self, kind: str, name: str, accepted: Iterable[str]) -> None:
        choices = sorted(set(accepted))
        folded = {choice.casefold(): choice for choice in reversed(choices)}
        asked = str(name).casefold()
        begun = [match for match in sorted(folded) if asked and _begins(asked, match)]
        near = [folded[match] for match in begun[:_OFFERED] or get_close_matches(asked, folded, n=_OFFERED, cutoff=0.6)]
        if near:
            hint = "did you mean " + " or ".join(repr(match) for match in near) + "?"
        elif not choices:
            hint = "there is none"
        elif len(choices) <= 12:
            hint = "accepted: " + ", ".join(choices)
        else:
            hint = f"{len(choices)} names are accepted, among them {', '.join(choices[:6])}"
        super().__init__(f"unknown {kind} {name!r}; {hint}")
        self.kind, self.name, self.near = kind, name, near


def _begins(asked: str, name: str) -> bool:
    """Whether a name begins with whole words that were asked for."""
    return name.startswith(asked) and not name[len(asked) : len(asked) + 1].isalnum()


class RowError(TightropeError):
    """A raw row that cannot stand; its message is the reason written to the rejects table."""
