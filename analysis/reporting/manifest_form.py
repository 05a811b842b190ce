"""Reading a manifest, which may come from anywhere: it has the form that a run writes, or is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

from analysis.errors import TightropeError
from analysis.paths import MANIFEST_JSON
from analysis.plain_text import one_line
from analysis.reporting.days import is_day
from analysis.reporting.parameters import AS_OF
from analysis.reporting.publish import is_file_name

_Check = Callable[[Any], bool]
_LONGEST_NAME = 255  # bytes; no file system here takes a longer one
_LARGEST = 1e300
_COUNTED = ("new", "revised", "gone")
_COMPARED_NUMBERS = ("tilt", "tilt_low", "tilt_high", "n_events", "depth")
_COMPARED_PREFIXES = ("cooperation_", "conflict_", "tilt_of_", "tilt_low_of_", "tilt_high_of_")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a published report; None where there is none, or one of another form.

    Examples
    --------
    >>> read_manifest(Path("reports/nowhere")) is None
    True
    """
    try:
        return load_manifest(folder / MANIFEST_JSON)
    except TightropeError:
        return None


def load_manifest(path: Path) -> dict[str, Any]:
    """A file that is a manifest. Any part may be absent, for older versions wrote fewer.

    Raises
    ------
    TightropeError
        If there is no such file, it cannot be read, or a part of it has another form.
    """
    return read_with_bytes(path)[0]


def read_with_bytes(path: Path) -> tuple[dict[str, Any], bytes]:
    """The same, with the bytes of the file."""
    if not path.is_file():
        raise TightropeError(f"{str(path)!r} is no manifest: there is no such file; name the folder of a report")
    try:
        content = path.read_bytes()
        manifest = json.loads(content)
        fault = _find_fault(manifest)
        json.dumps(manifest, ensure_ascii=False).encode()  # no half of a pair of surrogates
    except (OSError, ValueError, RecursionError) as error:
        fault = f"it cannot be read: {error}"
    if fault:
        raise TightropeError(f"{str(path)!r} is no manifest: {one_line(fault)}")
    return dict(manifest), content


def _find_fault(manifest: Any) -> str:
    if not isinstance(manifest, dict):
        return "it is no table of names and values"
    return next(_find_faults(manifest, _FORM, ""), "")


def _find_faults(part: Mapping[str, Any], form: Mapping[str, Any], where: str) -> Iterator[str]:
    for name, check in form.items():
        if name not in part:
            continue
        value = part[name]
        if isinstance(check, Mapping) and isinstance(value, dict):
            yield from _find_faults(value, check, f"{where}{name}.")
        elif isinstance(check, Mapping) or not check(value):
            yield f"{where}{name} is {one_line(json.dumps(value), 120)}"


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _day(value: Any) -> bool:
    return isinstance(value, str) and is_day(value)


def _table(value: Any) -> bool:
    return isinstance(value, dict)


def _list(check: _Check) -> _Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _texts_by(check: _Check) -> _Check:
    """A table of texts whose names are such."""
    return lambda value: isinstance(value, dict) and all(map(check, value)) and all(map(_text, value.values()))


def _plain_name(value: str) -> bool:
    return PurePath(value).name == value and _fits(value)


def _fits(value: str) -> bool:
    return 0 < len(value.encode(errors="replace")) <= _LONGEST_NAME and "\0" not in value


def _output(value: str) -> bool:
    """A file of a report: in its folder, or in one of that."""
    parts = value.split("/")
    return len(parts) <= 2 and all(_plain_name(part) and part != ".." for part in parts)


def _notebook(value: Any) -> bool:
    # A name with a path in it is refused by whoever would open it.
    return _texts_by(_fits)(value) and len(value) == 1


def _sources(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _texts_by(_text)(said) and said.keys() == {"citation", "licence", "accessed"} for said in value.values()
    )


def _fact(value: Any) -> bool:
    return _list(_text)(value) and len(value) == 3


def _number(value: Any) -> bool:
    """A number that can be written, or none that is known."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (is_number and not abs(value) > _LARGEST)


def _key_numbers(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _number(number)
        for name, number in value.items()
        if name in _COMPARED_NUMBERS or name.startswith(_COMPARED_PREFIXES)
    )


def _moved(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(pair, list) and len(pair) == 2 and (name != "tilt" or all(map(_number, pair)))
        for name, pair in value.items()
    )


def _changes(value: Any) -> bool:
    if not value:
        return value is None or value == {}
    return (
        isinstance(value, dict)
        and _day(value.get("since"))
        and all(_list(_text)(value.get(name)) for name in _COUNTED)
        and _moved(value.get("numbers"))
        and _list(_text)(value.get("moved", []))
    )


_FORM: dict[str, Any] = {
    "name": _text,
    "title": _text,
    "language": _text,
    "figures": _list(lambda name: isinstance(name, str) and is_file_name(name)),
    "parameters": {AS_OF: _day},
    "key_numbers": _key_numbers,
    "facts": _list(_fact),
    "changes": _changes,
    "events": _texts_by(_text),
    "inputs": {
        "build": _text,
        "code": _text,
        "files": _texts_by(_plain_name),
        "notebook": _notebook,
        "rows": _texts_by(_text),
        "sources": _sources,
        "archive": {"code": _text, "rule": _text, "files": _texts_by(_text)},
    },
    "outputs": _texts_by(_output),
    "versions": _texts_by(_text),
}
