"""A set of parameters kept as an entry of `briefings.toml`: checked first, written at once, read back."""

from __future__ import annotations

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.errors import TightropeError, UnknownNameError
from analysis.locks import hold_lock
from analysis.paths import BRIEFINGS_TOML, NOTEBOOKS
from analysis.reporting.entries import DEFAULT_NOTEBOOK, find_briefing, list_notebooks, read_briefings
from analysis.reporting.parameters import Briefing, check_name, check_parameters, read_parameters
from analysis.reporting.question import resolve_question

_LOCK = ".briefings.lock"
_HEADER = re.compile(r"""\s*\[\[?\s*(?P<name>[\w."' -]+?)\s*\]\]?\s*(#.*)?""")
_WAIT_SECONDS = 10.0


def save_briefing(
    name: str,
    *,
    notebook: str = DEFAULT_NOTEBOOK,
    replace: bool = False,
    notebooks: Path | str = NOTEBOOKS,
    **parameters: Any,
) -> Briefing:
    """Save parameters as an entry of `briefings.toml`, so that `tightrope brief <name>` makes the report.

    The parameters are checked as for a run. A new entry goes to the end of the file; all that stands there stays as it
    is, comments and order too. The new text is read back before it takes the old one's place by one rename.

    Parameters
    ----------
    name : str
        Lower-case letters, digits, hyphens and underscores.
    notebook : str
        A notebook of the folder.
    replace : bool
        Whether an entry of that name may be replaced. It keeps its place and the comments that have a line of their
        own.
    notebooks : Path
        The folder of notebooks and of `briefings.toml`.
    **parameters
        Values that differ from the notebook's defaults; actors by code or name.

    Returns
    -------
    Briefing
        The entry as it is read back.

    Raises
    ------
    UnknownNameError
        If a parameter, notebook, state, power or language is not known; names near matches.
    TightropeError
        If the name is no name or taken, a value is not accepted, or the file could not be changed without touching
        what else stands in it. Nothing is written then.

    Examples
    --------
    >>> save_briefing("togo", state="Togo", powers=["France", "China"])
    Traceback (most recent call last):
    ...
    analysis.errors.TightropeError: briefings.toml has an entry 'togo' already; give another name, or replace=True
    """
    folder = Path(notebooks)
    path = folder / BRIEFINGS_TOML
    check_name(name)
    available = list_notebooks(folder)
    if notebook not in available:
        raise UnknownNameError("notebook", notebook, available)
    checked = resolve_question(check_parameters(parameters, read_parameters(folder / notebook)))
    entry = {"notebook": notebook, **{parameter: checked[parameter] for parameter in parameters}}
    try:
        _save(folder, name, entry, replace=replace)
    except OSError as error:
        raise TightropeError(f"cannot write {str(path)!r}: {error.strerror}") from error
    return find_briefing(name, folder)


def append_entry(text: str, name: str, entry: Mapping[str, Any]) -> str:
    r"""The text of a TOML file with one more table at its end.

    Examples
    --------
    >>> print(append_entry('[togo]\nstate = "TGO"', "benin", {"state": "BEN", "months": 6}))
    [togo]
    state = "TGO"
    <BLANKLINE>
    [benin]
    state = "BEN"
    months = 6
    <BLANKLINE>
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    head = text.rstrip("\r\n")
    return (head + 2 * newline if head else "") + newline.join([f"[{name}]", *_lines(entry), ""])


def replace_entry(text: str, name: str, entry: Mapping[str, Any]) -> str:
    r"""The text of a TOML file with the values of a table, and any table within it, replaced by others.

    Lines that are comments stay: those of the table at its head, those before the next table where they are.

    Examples
    --------
    >>> text = '# First.\n[togo]\n# Why.\nstate = "TGO"\nmonths = 6\n\n# Second.\n[region]\nstate = "TGO"\n'
    >>> print(replace_entry(text, "togo", {"state": "BEN"}))
    # First.
    [togo]
    # Why.
    state = "BEN"
    <BLANKLINE>
    # Second.
    [region]
    state = "TGO"
    <BLANKLINE>
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.removesuffix(newline).split(newline)
    headers = [(place, _top_name(line)) for place, line in enumerate(lines) if _HEADER.fullmatch(line)]
    own = [place for place, top in headers if top == name]
    start = own[0]
    end = next((place for place, top in headers if place > start and top != name), len(lines))
    if own[-1] >= end:
        raise TightropeError(f"{BRIEFINGS_TOML}: the tables of {name!r} do not stand together; change it by hand")
    body = lines[start + 1 : end]
    # What stands between the last value and the next table belongs to that.
    is_value = [bool(line.strip()) and not line.lstrip().startswith("#") for line in body]
    last = max((place for place, one in enumerate(is_value) if one), default=-1)
    kept = [line for line in body[: last + 1] if line.lstrip().startswith("#")]
    return newline.join([*lines[: start + 1], *kept, *_lines(entry), *body[last + 1 :], *lines[end:], ""])


def _save(folder: Path, name: str, entry: Mapping[str, Any], *, replace: bool) -> None:
    path = folder / BRIEFINGS_TOML
    with hold_lock(folder / _LOCK, BRIEFINGS_TOML, wait_seconds=_WAIT_SECONDS):
        taken = {one for each in read_briefings(folder) for one in (each.name, each.entry)}
        text = path.read_bytes().decode("utf-8")
        entries = tomllib.loads(text)
        if name in taken and not (replace and name in entries):
            raise TightropeError(
                f"{BRIEFINGS_TOML} has an entry {name!r} already; give another name"
                + (", or replace=True" if name in entries else f", for {name!r} is made by a grid")
            )
        changed = replace_entry(text, name, entry) if name in entries else append_entry(text, name, entry)
        _check_rest(changed, entries, name, entry)
        _write(path, changed)


def _top_name(header: str) -> str:
    """The first part of a table's name: `a` of `[a]`, `["a"]` and `[a.grid]`."""
    found = _HEADER.fullmatch(header)
    return found["name"].partition(".")[0].strip().strip("\"'") if found else ""


def _lines(entry: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_to_toml(value)}" for key, value in entry.items()]


def _to_toml(value: Any) -> str:
    """A value as TOML.

    Raises
    ------
    TightropeError
        If it holds something that TOML cannot.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        # What JSON escapes TOML escapes too, but for the delete character.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_to_toml(item) for item in value) + "]"
    raise TightropeError(
        f"{value!r} cannot be written to {BRIEFINGS_TOML}; text, numbers and lists of them are accepted"
    )


def _check_rest(text: str, before: Mapping[str, Any], name: str, entry: Mapping[str, Any]) -> None:
    """Hold a changed text to what was meant: the entry as given, every other as it was, in the same order.

    Raises
    ------
    TightropeError
        If anything else would change.
    """
    try:
        after = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TightropeError(f"{BRIEFINGS_TOML} would not be read any more ({error}); change it by hand") from error
    if after != {**before, name: dict(entry)} or list(after) != list({**before, name: None}):
        raise TightropeError(f"{BRIEFINGS_TOML}: {name!r} cannot be written without touching others; change it by hand")


def _write(path: Path, text: str) -> None:
    """Put a text in the place of a file at once, its permissions as they were."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, path.stat().st_mode & 0o777)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
