"""What can be fuzzed: by name, the module that holds its oracle and the part of it that is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from random import Random

_EVENTS = ("gdelt2", "gdelt2_table", "icews", "polecat", "acled", "ucdp", "gdelt1", "gdelt1_table")
_RELATIONS = (
    "un_votes", "roll_calls", "library", "members", "alliances", "dyads", "igo", "trade", "national", "points",
    "coups", "coup_years", "cow", "gw", "arms", "arms_table", "baci",
)  # fmt: skip
NAMES: dict[str, tuple[str, str]] = {
    **{name: ("events", name) for name in _EVENTS},
    "archives": ("archives", ""),
    "curated": ("curated", ""),
    "report": ("report", ""),
    "relations": ("relations", ""),
    **{f"relations_{name}": ("relations", name) for name in _RELATIONS},
    "dates": ("dates", ""),
    "actors": ("actors", ""),
    "html": ("tables", "html"),
    "typst": ("tables", "typst"),
    "parameters": ("parameters", "parameters"),
    "entries": ("parameters", "entries"),
}
"""Name -> module of this package, and what its `create_target` is asked for."""


@dataclass(frozen=True)
class Target:
    """One thing to be fuzzed.

    Attributes
    ----------
    check
        Holds one input to the oracle: returns, or raises what is wrong.
    seeds
        Good and bad inputs to begin from.
    together
        A dear oracle, run on many inputs at once; None if there is none.
    delimiter
        What parts the fields of a line, for mutations of one field; empty for inputs that are no table.
    mutate
        Changes an input in its own way; None if bytes or fields are changed.
    many
        How many inputs the dear oracle is given at once.
    largest
        Bytes of the largest input.
    seconds
        Of computing that one input may take, with every line that is run counted.
    """

    check: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    together: Callable[[list[bytes]], object] | None = None
    delimiter: bytes = b""
    mutate: Callable[[bytes, Random], bytes] | None = None
    many: int = 256
    largest: int = 4096
    seconds: int = 10


def create_target(name: str) -> Target:
    """The target of a name."""
    module, part = NAMES[name]
    target: Target = import_module(f"fuzz.{module}").create_target(part)
    return target
