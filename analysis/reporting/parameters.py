"""A briefing's parameters, checked against the notebook's typed ones before any kernel starts."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from analysis.errors import TightropeError, UnknownNameError
from analysis.language.tongue import LANGUAGES, SOURCE_LANGUAGE

AS_OF = "end"
"""The parameter whose value a report speaks of, and is filed under."""

_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# The committed sample, and what Windows opens a device for.
_KEPT_NAMES = {"sample", "con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)}
_MOST_CHARACTERS, _MOST_ITEMS = 10_000, 1_000
_SHOWN = 100  # characters of a value that is refused
_TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list[str]": list}
# A file that is no notebook, or a cell that is no Python: the tokeniser parts some lines otherwise than the parser.
_UNREADABLE = (
    ValueError, KeyError, TypeError, AttributeError, SyntaxError, RecursionError, MemoryError, tokenize.TokenError,
)  # fmt: skip
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

    A language that nobody speaks has no edition: its failure stands beside the last good report.

    Examples
    --------
    >>> name_edition("togo", {"language": "en"}), name_edition("togo", {"language": "fr"})
    ('togo', 'togo-fr')
    >>> name_edition("", {"state": "BEN", "powers": ["FRA", "RUS"], "language": "fr"})
    'ben-fra-rus-fr'
    """
    name = name or name_after(parameters)
    language = parameters.get("language", SOURCE_LANGUAGE)
    if language not in LANGUAGES:
        return name
    # An entry of briefings.toml may be a translated edition under its own name already.
    return name if language == SOURCE_LANGUAGE or name.endswith(f"-{language}") else f"{name}-{language}"


def name_report(briefing: Briefing) -> str:
    """What a briefing's report is filed under, or would be; where a parameter is wrong, as far as it can be told."""
    with suppress(TightropeError):
        return check_name(
            name_edition(briefing.name, check_parameters(briefing.parameters, read_parameters(briefing.notebook)))
        )
    with suppress(TightropeError):
        return check_name(name_edition(briefing.name, briefing.parameters))
    return briefing.name


def is_name(name: str) -> bool:
    """Whether a report's folder can have that name.

    Examples
    --------
    >>> is_name("togo-fr"), is_name("../togo"), is_name("con")
    (True, False, False)
    """
    return bool(_SAFE_NAME.fullmatch(name)) and name not in _KEPT_NAMES


def check_name(name: str) -> str:
    """The name, if it can be a report's folder.

    Raises
    ------
    TightropeError
        If it is not made of lower-case letters, digits, hyphens and underscores, or is kept for something else.
    """
    if name in _KEPT_NAMES:
        raise TightropeError(f"{name!r} is kept for something else and cannot name a briefing; use another name")
    if not is_name(name):
        raise TightropeError(
            f"{_shorten(name)} cannot name a briefing; use up to 64 lower-case letters, digits, hyphens and underscores"
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
        comments = _read_comments(source)
    except _UNREADABLE as error:
        raise TightropeError(f"cannot read the parameters of {notebook.name}: {error}") from error
    parameters = {}
    for statement in statements:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        value = getattr(statement, "value", None)
        if not isinstance(target, ast.Name) or value is None:
            continue
        try:
            default = ast.literal_eval(value)
        except (ValueError, TypeError, RecursionError) as error:
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
            faults.append(str(UnknownNameError("parameter", str(name)[:_SHOWN], declared)))
            continue
        try:
            values[name] = _typed(value, declared[name].type)
        except ValueError as error:
            accepted = str(error) or f"a value of type {declared[name].type}"
            faults.append(f"parameter {name!r} is {_shorten(value)}; {accepted} is accepted")
    if faults:
        raise TightropeError("\n".join(faults))
    return values


def _shorten(value: Any) -> str:
    try:
        written = repr(value)
    except ValueError:  # Python writes no number of more than some thousand digits
        return f"a {type(value).__name__} too long to write"
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}… ({len(written)} characters)"


def _typed(value: Any, written: str) -> Any:
    """The value as its type says; a ValueError tells what else is accepted, or nothing if the type says it all."""
    wanted = _TYPES.get(written, str)
    if wanted is list:
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
            raise ValueError
        if len(items) > _MOST_ITEMS:
            raise ValueError(f"a list of up to {_MOST_ITEMS} names")
        return [_text(item).strip() for item in items if item.strip()]
    if wanted is bool:
        if isinstance(value, str) and value.lower() in _FLAGS:
            return _FLAGS[value.lower()]
        if not isinstance(value, bool):
            raise ValueError
        return value
    if wanted is str:
        if isinstance(value, bool | int | float | list | dict):
            raise ValueError
        return _text(str(value))
    if (
        isinstance(value, bool)
        or not isinstance(value, str | int | float)
        or (wanted is int and isinstance(value, float))
    ):
        raise ValueError
    try:
        number = wanted(value)
    except (OverflowError, ValueError):
        raise ValueError from None
    if wanted is float and not isfinite(number):
        raise ValueError("a finite number")
    return number


def _text(value: str) -> str:
    if len(value) > _MOST_CHARACTERS:
        raise ValueError(f"text of up to {_MOST_CHARACTERS} characters")
    try:
        value.encode()
    except UnicodeEncodeError:  # bytes of a command line that are no UTF-8, or half a pair of surrogates
        raise ValueError("text in UTF-8") from None
    return value
