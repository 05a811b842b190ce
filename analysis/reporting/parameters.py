"""A briefing's parameters, checked against the notebook's typed ones before any kernel starts."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import TightropeError, UnknownNameError
from analysis.language.tongue import SOURCE_LANGUAGE
from analysis.paths import BRIEFINGS_TOML, NOTEBOOKS

DEFAULT_NOTEBOOK = "briefing.ipynb"
_QUESTION = {"state", "powers"}
_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list[str]": list}
_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True)
class Parameter:
    """One typed parameter of a notebook: its type as written, default and trailing comment."""

    name: str
    type: str
    default: Any
    help: str


@dataclass(frozen=True)
class Briefing:
    """One notebook and its parameters, under a name or, if that is empty, named after its question."""

    name: str
    notebook: Path
    parameters: Mapping[str, Any]


def find_briefing(name: str, notebooks: Path = NOTEBOOKS) -> Briefing:
    """A briefing of `briefings.toml`.

    Raises
    ------
    UnknownNameError
        If there is no such briefing.
    TightropeError
        If `briefings.toml` is missing or faulty, or the entry names no notebook of the folder.
    """
    path = notebooks / BRIEFINGS_TOML
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TightropeError(f"cannot read {str(path)!r}: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise TightropeError(f"{BRIEFINGS_TOML}: {error}") from error
    if name not in entries:
        raise UnknownNameError("briefing", name, entries)
    parameters = dict(entries[name])
    notebook = parameters.pop("notebook", None)
    available = sorted(path.name for path in notebooks.glob("*.ipynb"))
    if notebook not in available:
        raise UnknownNameError("notebook", str(notebook), available)
    return Briefing(check_name(name), notebooks / notebook, parameters)


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
    return Briefing(briefing.name, briefing.notebook, {**briefing.parameters, **overrides})


def name_after(parameters: Mapping[str, Any]) -> str:
    """The name of a briefing that has none: its state and powers.

    Examples
    --------
    >>> name_after({"state": "BEN", "powers": ["FRA", "RUS", "CFA_XOF"]})
    'ben-fra-rus-cfa-xof'
    """
    return "-".join([parameters["state"], *parameters["powers"]]).lower().replace("_", "-")


def name_edition(name: str, parameters: Mapping[str, Any]) -> str:
    """The name a report is filed under: its briefing's or its question's, then the language unless it is English.

    Examples
    --------
    >>> name_edition("togo", {"language": "en"}), name_edition("togo", {"language": "fr"})
    ('togo', 'togo-fr')
    >>> name_edition("", {"state": "BEN", "powers": ["FRA", "RUS"], "language": "fr"})
    'ben-fra-rus-fr'
    """
    name = name or name_after(parameters)
    language = parameters.get("language", SOURCE_LANGUAGE)
    # An entry of briefings.toml may be a translated edition under its own name already.
    return name if language == SOURCE_LANGUAGE or name.endswith(f"-{language}") else f"{name}-{language}"


def check_name(name: str) -> str:
    """The name, if it can be a folder's.

    Raises
    ------
    TightropeError
        If it is not made of lower-case letters, digits, hyphens and underscores.
    """
    if not _SAFE_NAME.fullmatch(name):
        raise TightropeError(
            f"{name!r} cannot name a briefing; use lower-case letters, digits, hyphens and underscores"
        )
    return name


def read_parameters(notebook: Path) -> dict[str, Parameter]:
    """The typed parameters in the cell tagged `parameters`, by name.

    Raises
    ------
    TightropeError
        If the notebook cannot be read, has no such cell, or a default is no plain value.
    """
    from papermill.inspection import inspect_notebook

    if not notebook.is_file():
        raise TightropeError(f"there is no notebook {str(notebook)!r}")
    try:
        found = inspect_notebook(notebook)
    except Exception as error:
        raise TightropeError(f"cannot read the parameters of {notebook.name}: {error}") from error
    if not found:
        raise TightropeError(f"{notebook.name} has no cell tagged 'parameters' with typed values")
    parameters = {}
    for name, details in found.items():
        try:
            default = ast.literal_eval(details["default"])
        except (ValueError, SyntaxError) as error:
            raise TightropeError(
                f"{notebook.name}: default of {name!r} is no plain value: {details['default']}"
            ) from error
        written = details["inferred_type_name"]
        parameters[name] = Parameter(
            name, written if written in _TYPES else type(default).__name__, default, details["help"]
        )
    return parameters


def check_parameters(given: Mapping[str, Any], declared: Mapping[str, Parameter]) -> dict[str, Any]:
    """Every declared parameter with its given value or default, of its declared type.

    Strings are read as the declared type says: ``"3"`` as an int, ``"FRA,RUS"`` as a list.

    Raises
    ------
    TightropeError
        Naming every unknown parameter and every value of the wrong type at once.

    Examples
    --------
    >>> declared = {"powers": Parameter("powers", "list[str]", ["FRA"], "")}
    >>> check_parameters({"powers": "FRA,RUS"}, declared)
    {'powers': ['FRA', 'RUS']}
    >>> check_parameters({"power": "FRA"}, declared)
    Traceback (most recent call last):
    ...
    analysis.errors.TightropeError: unknown parameter 'power'; did you mean 'powers'?
    """
    faults, values = [], {name: parameter.default for name, parameter in declared.items()}
    for name, value in given.items():
        if name not in declared:
            faults.append(str(UnknownNameError("parameter", name, declared)))
            continue
        try:
            values[name] = _typed(value, declared[name].type)
        except ValueError:
            faults.append(f"parameter {name!r} is {value!r}; a value of type {declared[name].type} is accepted")
    if faults:
        raise TightropeError("\n".join(faults))
    return values


def _typed(value: Any, written: str) -> Any:
    wanted = _TYPES.get(written, str)
    if wanted is list:
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
            raise ValueError
        return [item.strip() for item in items if item.strip()]
    if wanted is bool:
        if isinstance(value, str) and value.lower() in _FLAGS:
            return _FLAGS[value.lower()]
        if not isinstance(value, bool):
            raise ValueError
        return value
    if wanted is str:
        if isinstance(value, bool | int | float | list | dict):
            raise ValueError
        return str(value)
    if isinstance(value, bool) or (wanted is int and isinstance(value, float)):
        raise ValueError
    return wanted(value)
