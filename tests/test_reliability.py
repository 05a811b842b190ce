"""Each test that docs/reliability.md names for a promise is one that exists."""

import ast
import re
from functools import cache

import pytest

from analysis.paths import PROJECT

PAGE = (PROJECT / "docs" / "reliability.md").read_text(encoding="utf-8")
_NAMED = re.compile(r"`[^`]*\btest_[^`]*`")
_PART = re.compile(r"\b(?P<file>test_\w+?)(?:\.py\b|(?=::))|\b(?P<name>test_\w+)(?P<cut>…?)")


@cache
def names_in(file: str) -> frozenset[str]:
    path = PROJECT / "tests" / f"{file}.py"
    if not path.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef))


def missing(page: str) -> list[str]:
    """What is named in backquotes and is no test: a name stands in the file named last, `…` for the rest of it."""
    lacks, file = [], ""
    for quoted in _NAMED.findall(page):
        for part in _PART.finditer(quoted):
            name = part["name"] or ""
            # A file may be named without its suffix, and alone.
            if part["file"] or names_in(name):
                file = part["file"] or name
                found = bool(names_in(file))
            else:
                found = any(one == name or (part["cut"] and one.startswith(name)) for one in names_in(file))
            if not found:
                lacks.append(f"{file}::{name}" if name else file)
    return lacks


def test_every_test_that_is_named_exists():
    assert len(_NAMED.findall(PAGE)) > 90
    assert missing(PAGE) == []


@pytest.mark.parametrize(
    ("page", "lacks"),
    [
        ("`test_nowhere.py`", ["test_nowhere"]),
        ("`test_nowhere::test_x`", ["test_nowhere", "test_nowhere::test_x"]),
        ("`test_reliability.py::test_every_test…`, `…::test_every_test`", ["test_reliability::test_every_test"]),
        ("`test_reliability`, `test_every_test_that_is_named_exists`", []),
        ("`test_reliability.py::test_every_test…, …::test_none…`", ["test_reliability::test_none"]),
    ],
)
def test_a_name_that_is_none_is_found(page, lacks):
    assert missing(page) == lacks
