"""The entries of `briefings.toml`: single briefings, and grids of them."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from fnmatch import fnmatchcase
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from analysis import reference
from analysis.errors import TightropeError, UnknownNameError
from analysis.paths import BRIEFINGS_TOML, NOTEBOOKS
from analysis.reporting.parameters import Briefing, check_name, name_edition

DEFAULT_NOTEBOOK = "briefing.ipynb"
_QUESTION = {"state", "powers"}
_GRID = "grid"
_MOST_BRIEFINGS = 10_000
WATCH = ("cron", "on_failure")
"""What an entry may say of when it is made and who is told, which is no parameter of its notebook."""


def read_briefings(notebooks: Path = NOTEBOOKS) -> list[Briefing]:
    """Every briefing of `briefings.toml`, in its order.

    An entry is one briefing, or, with a table `grid` of parameters and their values, one for each
    combination of these. In a grid the name of a comparison set stands for its states.

    Raises
    ------
    UnknownNameError
        If an entry names no notebook of the folder, or a grid no comparison set.
    TightropeError
        If `briefings.toml` is missing or faulty, or two briefings would have one name.
    """
    available = list_notebooks(notebooks)
    briefings: list[Briefing] = []
    for name, entry in read_entries(notebooks)[0].items():
        parameters = {key: value for key, value in entry.items() if key not in WATCH}
        notebook, grid = parameters.pop("notebook", None), parameters.pop(_GRID, {})
        if not isinstance(grid, dict):
            raise TightropeError(f"briefing {name!r}: grid is {grid!r}; a table of parameters and values is accepted")
        if notebook not in available:
            raise UnknownNameError("notebook", str(notebook), available)
        briefing = Briefing(check_name(name), notebooks / notebook, parameters, name)
        briefings += expand_grid(briefing, grid) if grid else [briefing]
    _refuse_repeated(briefings)
    return briefings


def list_notebooks(folder: Path = NOTEBOOKS) -> list[str]:
    """The names of a folder's notebooks, sorted; a link to one elsewhere is none of them.

    Examples
    --------
    >>> list_notebooks()[:2]
    ['briefing.ipynb', 'claims.ipynb']
    """
    return sorted(path.name for path in folder.glob("*.ipynb") if path.is_file() and not path.is_symlink())


def read_entries(notebooks: Path = NOTEBOOKS) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """The tables of `briefings.toml` as they are written, and what is set for all of them: `cron`, `on_failure`.

    Raises
    ------
    TightropeError
        If `briefings.toml` is missing or faulty.
    """
    path = notebooks / BRIEFINGS_TOML
    try:
        written = _write_days(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise TightropeError(f"cannot read {str(path)!r}: {error.strerror}") from error
    except ValueError as error:  # no TOML, no UTF-8, or a number of more digits than Python reads
        raise TightropeError(f"{BRIEFINGS_TOML}: {error}") from error
    except RecursionError as error:
        raise TightropeError(f"{BRIEFINGS_TOML}: values are nested too deeply; lists of values are accepted") from error
    common = {name: value for name, value in written.items() if name in WATCH}
    entries = {name: entry for name, entry in written.items() if name not in WATCH}
    for name, entry in entries.items():
        if not isinstance(entry, dict):
            raise TightropeError(f"{BRIEFINGS_TOML}: {name!r} stands outside any entry; each entry is a table")
    return entries, common


def _write_days(value: Any) -> Any:
    """A value of TOML in which days and times, which may stand without quotes there, are texts as anywhere else."""
    if isinstance(value, dict):
        return {name: _write_days(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_write_days(item) for item in value]
    return value.isoformat() if isinstance(value, date | time) else value


def expand_grid(briefing: Briefing, grid: Mapping[str, Any]) -> list[Briefing]:
    """One briefing for each combination of a grid's values, named after the values.

    Parameters
    ----------
    briefing : Briefing
        What all of them have in common.
    grid : mapping
        For each parameter a list of values, or the name of a comparison set.

    Raises
    ------
    UnknownNameError
        If a value that is no list is no comparison set.
    TightropeError
        If a parameter has no value, or stands beside the grid too, or names or their number would be too long.

    Examples
    --------
    >>> togo = Briefing("ports", Path("briefing.ipynb"), {"powers": ["FRA", "RUS"]})
    >>> [each.name for each in expand_grid(togo, {"state": ["TGO", "BEN"], "language": ["en", "fr"]})]
    ['ports-tgo-en', 'ports-tgo-fr', 'ports-ben-en', 'ports-ben-fr']
    >>> len(expand_grid(togo, {"state": "west_africa"}))
    16
    """
    repeated = sorted(grid.keys() & briefing.parameters.keys())
    if repeated:
        raise TightropeError(f"briefing {briefing.name!r}: {', '.join(repeated)} stands in the grid and beside it")
    values = {parameter: _values(briefing.name, parameter, given) for parameter, given in grid.items()}
    number = prod(map(len, values.values()))
    if number > _MOST_BRIEFINGS:
        raise TightropeError(
            f"briefing {briefing.name!r}: its grid makes {number:,} briefings; up to {_MOST_BRIEFINGS:,} are accepted"
        )
    return [
        replace(
            briefing,
            name=check_name("-".join([briefing.name, *map(_in_name, chosen)])),
            parameters={**briefing.parameters, **dict(zip(values, chosen, strict=True))},
        )
        for chosen in product(*values.values())
    ]


def find_briefing(name: str, notebooks: Path = NOTEBOOKS) -> Briefing:
    """A briefing of `briefings.toml`, alone or of a grid.

    Raises
    ------
    UnknownNameError
        If there is no such briefing.
    TightropeError
        As :func:`read_briefings`.
    """
    briefings = {briefing.name: briefing for briefing in read_briefings(notebooks)}
    if name not in briefings:
        raise UnknownNameError("briefing", name, briefings)
    return briefings[name]


def select_briefings(briefings: Sequence[Briefing], patterns: Iterable[str]) -> list[Briefing]:
    """The briefings whose name, or whose entry's name, matches a pattern; all if there is none.

    Raises
    ------
    UnknownNameError
        If a pattern matches nothing.

    Examples
    --------
    >>> grid = expand_grid(Briefing("ports", Path("x.ipynb"), {}, "ports"), {"state": ["TGO", "BEN"]})
    >>> [each.name for each in select_briefings(grid, ["*-ben"])]
    ['ports-ben']
    >>> len(select_briefings(grid, ["ports"]))
    2
    """
    chosen: set[str] = set()
    for pattern in patterns:
        found = {each.name for each in briefings if fnmatchcase(each.name, pattern) or each.entry == pattern}
        if not found:
            raise UnknownNameError("briefing", pattern, _names(briefings))
        chosen |= found
    return [each for each in briefings if each.name in chosen] if chosen else list(briefings)


def choose_briefing(name: str | None, overrides: Mapping[str, Any], notebooks: Path = NOTEBOOKS) -> Briefing:
    """A named briefing with some parameters overridden, or one made up of the overrides alone.

    An unnamed briefing runs `briefing.ipynb` and is called after its state and powers once
    these are known.

    Raises
    ------
    TightropeError
        If there is neither a name nor a state with powers, or a name and another state or powers.

    Examples
    --------
    >>> choose_briefing(None, {"state": "BEN", "powers": "FRA,RUS,CHN"}).notebook.name
    'briefing.ipynb'
    """
    if name is None:
        if not overrides.keys() >= _QUESTION:
            raise TightropeError(f"name a briefing of {BRIEFINGS_TOML}, or give --state and --powers")
        return Briefing("", notebooks / DEFAULT_NOTEBOOK, dict(overrides))
    briefing = find_briefing(name, notebooks)
    changed = sorted(overrides.keys() & _QUESTION)
    if changed:
        raise TightropeError(
            f"briefing {name!r} has its own {' and '.join(changed)}; leave out the name to ask another question"
        )
    return replace(briefing, parameters={**briefing.parameters, **overrides})


def _values(name: str, parameter: str, given: Any) -> list[Any]:
    if isinstance(given, str):
        sets = reference.load("comparison_sets")
        if given not in set(sets["set_name"]):
            raise UnknownNameError("comparison set", given, sets["set_name"])
        return sets.loc[sets["set_name"] == given, "state"].tolist()
    if not isinstance(given, list) or not given:
        raise TightropeError(
            f"briefing {name!r}: grid.{parameter} is {given!r}; a list of values or a comparison set is accepted"
        )
    return given


def _in_name(value: Any) -> str:
    words = value if isinstance(value, list) else [value]
    return "-".join(str(word) for word in words).lower().replace("_", "-").replace(" ", "-")


def _names(briefings: Iterable[Briefing]) -> Iterator[str]:
    for briefing in briefings:
        yield briefing.name
        if briefing.entry:
            yield briefing.entry


def _refuse_repeated(briefings: Sequence[Briefing]) -> None:
    # Editions of two names are filed under one where a name ends in a language: `togo` in French, and `togo-fr`.
    names = Counter(name for each in briefings for name in {each.name, name_edition(each.name, each.parameters)})
    repeated = sorted(name for name, number in names.items() if number > 1)
    if repeated:
        raise TightropeError(f"{BRIEFINGS_TOML}: two briefings would be named {', '.join(repeated)}; rename an entry")
