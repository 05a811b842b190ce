"""What is known of each source of relationships: version, coverage, citation, licence, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from analysis.errors import UnknownNameError
from analysis.reference import load

__all__ = ["SourceNote", "source_names", "source_note"]


@dataclass(frozen=True)
class SourceNote:
    """One source of relationships, as the reviewed table `relation_sources` describes it.

    Attributes
    ----------
    source : str
        Short name by which columns and functions refer to it.
    name, version : str
        What it is called, and which release the note describes.
    first, last : int or None
        First and last calendar year that the release covers, both inside; None where the user says so.
    system : str
        State system of its codes: ``cow``, ``gw``, ``iso3`` or several.
    citation, licence : str
        How it asks to be cited, and on what terms it may be used.
    missing : str
        What it does not hold.
    """

    source: str
    name: str
    version: str
    first: int | None
    last: int | None
    system: str
    citation: str
    licence: str
    missing: str


def source_note(source: str) -> SourceNote:
    """The note on one source.

    Raises
    ------
    UnknownNameError
        There is no such source; lists near matches.

    Examples
    --------
    >>> note = source_note("atop")
    >>> note.version, note.first, note.last
    ('5.1', 1815, 2018)
    >>> source_note("atopp")
    Traceback (most recent call last):
        ...
    analysis.errors.UnknownNameError: unknown source of relationships 'atopp'; did you mean 'atop'?
    """
    notes = _notes()
    if source not in notes:
        raise UnknownNameError("source of relationships", source, notes)
    return notes[source]


def source_names() -> tuple[str, ...]:
    """Every source with a note, in the order of the table.

    Examples
    --------
    >>> source_names()[:3]
    ('un_votes', 'un_digital_library', 'ideal_points')
    """
    return tuple(_notes())


@cache
def _notes() -> dict[str, SourceNote]:
    return {
        row["source"]: SourceNote(
            row["source"], row["name"], row["version"], _year(row["first"]), _year(row["last"]),
            row["system"], row["citation"], row["licence"], row["missing"],
        )
        for row in load("relation_sources").to_dict("records")
    }  # fmt: skip


def _year(text: str) -> int | None:
    return int(text) if text else None
