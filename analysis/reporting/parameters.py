"""A briefing's parameters, checked against the notebook's typed ones before any kernel starts."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import TightropeError, UnknownNameError
from analysis.language.tongue import SOURCE_LANGUAGE

AS_OF = "end"
"""The parameter whose value a report speaks of, and is filed under."""

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
    """One notebook and its parameters, under a name or, if that is empty, named after its question.

    `entry` is the table of `briefings.toml` that it comes from, which many share if that is a grid.
    """

    name: str
    notebook: Path
    parameters: Mapping[str, Any]
    entry: str = ""


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
    if not notebook.is_file():
        raise TightropeError(f"there is no notebook {str(notebook)!r}")
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        source = next(
            ("".join(cell["source"]) for cell in cells if "parameters" in cell["metadata"].get("tags", [])), ""
        )
        statements = ast.parse(source).body
    except (ValueError, KeyError, TypeError, SyntaxError) as error:
        raise TightropeError(f"cannot read the parameters of {notebook.name}: {error}") from error
    comments = _read_comments(source)
    parameters = {}
    for statement in statements:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        value = getattr(statement, "value", None)
        if not isinstance(target, ast.Name) or value is None:
            continue
        try:
            default = ast.literal_eval(value)
        except ValueError as error:
            raise TightropeError(
                f"{notebook.name}: default of {target.id!r} is no plain value: {ast.unparse(value)}"
            ) from error
        written = ast.unparse(statement.annotation) if isinstance(statement, ast.AnnAssign) else ""
        parameters[target.id] = Parameter(
            target.id,
            written if written in _TYPES else type(default).__name__,
            default,
            comments.get(statement.end_lineno or 0, ""),
        )
    if not parameters:
        raise TightropeError(f"{notebook.name} has no cell tagged 'parameters' with typed values")
    return parameters


def _read_comments(source: str) -> dict[int, str]:
    """The comment of each line that has one."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}


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
