"""Parameters, notebooks and `briefings.toml` as anybody may write them: understood, or an error that names the fault."""

from __future__ import annotations

import json
import string
import tomllib
from datetime import UTC, datetime

from analysis.errors import TightropeError
from analysis.paths import BRIEFINGS_TOML, NOTEBOOKS
from analysis.reporting.entries import choose_briefing, read_briefings, select_briefings
from analysis.reporting.parameters import Parameter, check_parameters, read_parameters
from analysis.reporting.schedule import find_due, read_watches
from fuzz.scratch import scratch
from fuzz.targets import Target

_TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list[str]": list}
_IN_NAMES = frozenset(string.ascii_lowercase + string.digits + "-_")
_NOW = datetime(2026, 3, 2, 4, 59, tzinfo=UTC)


def create_target(part: str) -> Target:
    if part == "entries":
        return Target(check_entries, create_entry_seeds)
    return Target(check_values, create_value_seeds)


def check_values(data: bytes) -> None:
    """Hold a cell of parameters, and values for them as text and as TOML, to the oracle of their types."""
    source, _, given = data.decode("utf-8", errors="replace").partition("\n---\n")
    path = scratch() / "some.ipynb"
    cell = {"cell_type": "code", "source": source, "metadata": {"tags": ["parameters"]}}
    path.write_text(json.dumps({"cells": [cell]}) if not source.startswith("{") else source, encoding="utf-8")
    try:
        declared = read_parameters(path)
    except TightropeError as error:
        assert path.name in str(error)
        declared = {name: Parameter(name, name, kind(), "") for name, kind in _TYPES.items()}
    _check_typed(dict.fromkeys(declared, given), declared)
    try:
        written = tomllib.loads(given)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    _check_typed(written, declared)


def _check_typed(given: dict, declared: dict[str, Parameter]) -> None:
    try:
        values = check_parameters(given, declared)
    except TightropeError as error:
        assert str(error)
        return
    assert values.keys() == declared.keys()
    for name, value in values.items():
        wanted = _TYPES.get(declared[name].type)
        if name in given and wanted:
            assert type(value) is wanted, (name, value)
            assert wanted is not list or all(isinstance(item, str) for item in value)


def check_entries(data: bytes) -> None:
    """Hold `briefings.toml` to the oracle: briefings with names that can be folders, and schedules that can be asked."""
    folder = scratch() / "notebooks"
    if not folder.exists():
        folder.mkdir()
        (folder / "briefing.ipynb").write_bytes((NOTEBOOKS / "briefing.ipynb").read_bytes())
    (folder / BRIEFINGS_TOML).write_bytes(data)
    try:
        briefings = read_briefings(folder)
    except TightropeError as error:
        assert str(error)
    else:
        names = [briefing.name for briefing in briefings]
        assert all(set(name) <= _IN_NAMES and len(name) <= 64 for name in names), "a name that can be no folder"
        assert len(set(names)) == len(names)
        assert select_briefings(briefings, []) == briefings
        assert all(choose_briefing(name, {}, folder).name == name for name in names[:3])
    try:
        watches = read_watches(folder)
    except TightropeError as error:
        assert str(error)
        return
    assert set(find_due(watches, {}, _NOW)) == {name for name, watch in watches.items() if watch.cron}
    assert set(find_due(watches, dict.fromkeys(watches, _NOW), _NOW)) == set()
    assert all(isinstance(part, str) for watch in watches.values() for part in watch.on_failure)


def create_value_seeds() -> list[bytes]:
    """Cells of parameters, and values of every type of TOML."""
    cells = [
        'state: str = "TGO"  # a state\npowers: list[str] = ["FRA", "RUS"]  # powers\nn: int = 3\nf: float = 0.5\nb: bool = True',
        "str: str = ''\nint: int = 0\nlist: list[str] = []", "x = (1,\n 2)  # two", "x = __import__('os')", "x: int", "{}",
        "x = -1", "x = 1j", "x = {'a': b'b'}", "if x:\n  y = 1", "x = [] * 9",
    ]  # fmt: skip
    values = [
        'state = "BEN"\npowers = ["CHN"]\nn = 4\nf = 1\nb = false', "n = 1.0\nf = nan\nb = 1", "n = [1]\nf = {}\nb = []",
        "int = 2026-01-01\nfloat = 2026-01-01T00:00:00Z\nlist = [1]", "x = 9999999999999999999999", "FRA, RUS", "3", "true",
        "1e999", "nan", "", "n = 0x_1", "n = [[[[]]]]", "bool = \"TRUE\"\nint = \" 3 \"\nfloat = \"inf\"",
    ]  # fmt: skip
    return [f"{cell}\n---\n{value}".encode() for cell in cells[:3] for value in values] + [
        f"{cell}\n---\n3".encode() for cell in cells
    ]


def create_entry_seeds() -> list[bytes]:
    """The project's own entries, grids, schedules and what is wrong with each."""
    entry = '[togo]\nnotebook = "briefing.ipynb"\n'
    parts = [
        (NOTEBOOKS / BRIEFINGS_TOML).read_text(encoding="utf-8"),
        *(entry + line for line in (
            'state = "TGO"\npowers = ["FRA"]', 'cron = "0 5 * * *"', 'cron = "0 0 30 2 *"', 'cron = "*/0 * * * *"',
            'on_failure = "mail -s \'x\' y"', 'on_failure = "mail \'"', "cron = 5", 'grid = {state = "west_africa"}',
            'grid = {state = ["TGO", "BEN"], language = ["en", "fr"]}', "grid = 3", "grid = {a = []}", "grid = []",
            'cron = "0 5 L * 5#1"', 'cron = "@daily"', 'grid = {a = [1, 1.5, true, [], {}, 2026-01-01]}',
        )),
        '[[togo]]\nnotebook = "briefing.ipynb"', "togo = 3", '["../x"]\nnotebook = "briefing.ipynb"', "[togo]\nnotebook = []",
        '[togo]\nnotebook = "../briefing.ipynb"', 'cron = "0 5 * * *"\non_failure = ""\n' + entry, "a = " + "[" * 40,
    ]  # fmt: skip
    return [part.encode() for part in parts]
