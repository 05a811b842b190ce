"""Imports run one way: a module imports only from lower layers, or from its own."""

import ast
from pathlib import Path

import pytest

from analysis.paths import PROJECT

PACKAGE = PROJECT / "analysis"

# Lowest first. A name stands for a module or a package; those on one line do not know each other.
LAYERS = [
    {"paths", "errors", "glyphs", "plain_text", "reach", "spreadsheet", "streams"},
    {"language", "own", "svg"},
    {"folders", "locks", "terminal", "wording"},
    {"schema"},
    {"dictionary", "exhibit", "measures"},
    {"reference"},
    {"figures", "sources", "store"},
    {"cleaning", "panel"},
    {"engine"},
    {"archive", "build", "translations"},
    {"briefing"},
    {"fetch", "reporting"},
    {"commands", "lab"},
    {"__main__"},
]
RANK = {name: number for number, layer in enumerate(LAYERS) for name in layer}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(source: str) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "analysis":
            rooms |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analysis."):
            rooms.add(str(node.module).split(".")[1])
        elif isinstance(node, ast.Import):
            rooms |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("analysis.")}
    return rooms


def breaches(room: str, source: str) -> list[str]:
    return [other for other in sorted(imported_rooms(source)) if other != room and RANK[other] >= RANK[room]]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_lower_layers(path):
    if path == PACKAGE / "__init__.py":
        assert imported_rooms(path.read_text(encoding="utf-8")) == set()
        return
    assert breaches(room_of(path), path.read_text(encoding="utf-8")) == []


def test_an_import_upwards_is_found():
    assert breaches("measures", "from analysis.reporting.html import x") == ["reporting"]
    assert breaches("schema", "import analysis.store") == ["store"]


def test_every_room_has_a_layer():
    rooms = {room_of(path) for path in PACKAGE.rglob("*.py")} - {"__init__"}
    assert rooms == set(RANK)
