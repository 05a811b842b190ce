"""What a notebook reads, told from its code: the evidence of its own question alone, or anything.

Python can reach a file in more ways than a list of forbidden words could name (IPython's own commands, a module that
stands behind another, a text that pandas evaluates). So what is harmless is listed, and all else counts as reading
everything: such a report is made anew more often than it must, and never stays as it was when it should not.
"""

from __future__ import annotations

import ast
import json

import analysis
from analysis.briefing.selection import EVIDENCE_TABLES

_QUESTION = ("state", "powers", "start", "end", "comparison")
_LANGUAGE = "language"
_LOAD = "load_evidence"
_FURTHER = ("load_", "read_", "save_")
_BEFORE_FILE = {"show_changes": 2}  # how many arguments stand before one that names a file
_PARTS = {
    *EVIDENCE_TABLES, *_QUESTION[:4], _LANGUAGE, "states", "names", "engagements",
    "shares",  # of a balance
}  # fmt: skip
_BUILTINS = {
    "abs", "all", "any", "bool", "dict", "display", "enumerate", "float", "int", "len", "list", "max", "min", "print",
    "range", "reversed", "round", "set", "sorted", "str", "sum", "tuple", "zip",
}  # fmt: skip
_PLAIN = (
    ast.Module, ast.Expr, ast.Assign, ast.AnnAssign, ast.Name, ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set,
    ast.Subscript, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop, ast.expr_context,
)  # fmt: skip
_UNDERSTOOD = (
    *_PLAIN, ast.Import, ast.alias, ast.Attribute, ast.Call, ast.keyword, ast.Starred, ast.Slice, ast.AugAssign,
    ast.NamedExpr, ast.BoolOp, ast.boolop, ast.Compare, ast.cmpop, ast.IfExp, ast.If, ast.For, ast.Pass, ast.JoinedStr,
    ast.FormattedValue, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension,
)  # fmt: skip


def reads_evidence_alone(notebook: bytes) -> bool:
    r"""Whether a notebook's code can see nothing but the evidence of its own question.

    It does if it imports this package alone, calls its public functions and a few of Python's own, reads by nothing but
    ``load_evidence`` and hands it the notebook's parameters as they are, and of what it gets takes the tables by their
    names. What is not understood counts as reading everything: methods of tables and functions of the notebook's own
    too.

    Examples
    --------
    >>> def write(*lines):
    ...     cells = [{"cell_type": "code", "source": line, "metadata": {}} for line in lines]
    ...     return json.dumps({"cells": cells}).encode()
    >>> load = "import analysis as tr\nevidence = tr.load_evidence(state, powers, start, end, comparison)"
    >>> reads_evidence_alone(write(load)), reads_evidence_alone(write(load, "tr.read_table('claims')"))
    (True, False)
    >>> reads_evidence_alone(write(load.replace("state", "'BEN'")))
    False
    >>> reads_evidence_alone(write(load, "get_ipython().run_line_magic('run', 'other.ipynb')"))
    False
    """
    try:
        cells = [cell for cell in json.loads(notebook)["cells"] if cell["cell_type"] == "code"]
        parsed = [
            ("parameters" in cell["metadata"].get("tags", []), ast.parse("".join(cell["source"]))) for cell in cells
        ]
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError, RecursionError):
        return False
    given = [node for is_given, tree in parsed if is_given for node in ast.walk(tree)]
    nodes = [node for is_given, tree in parsed if not is_given for node in ast.walk(tree)]
    # A second cell of parameters would be run after those that were asked for.
    if sum(is_given for is_given, _ in parsed) > 1 or not all(isinstance(node, _PLAIN) for node in given):
        return False
    if not all(isinstance(node, _UNDERSTOOD) for node in nodes):
        return False
    return _Reader(nodes, _stored(given)).is_understood()


class _Reader:
    """The code below the parameters, and the names that stand for values in it."""

    def __init__(self, nodes: list[ast.AST], parameters: set[str]) -> None:
        self._nodes, self._stored = nodes, _stored(nodes)
        aliases = [alias for node in nodes if isinstance(node, ast.Import) for alias in node.names]
        self._imported = {alias.name for alias in aliases}
        self._package = {alias.asname or alias.name for alias in aliases}
        self._values = {*parameters, *self._stored, *_QUESTION, _LANGUAGE}
        self._called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        # The package's own name stands before the dot of one of its functions, and nowhere else.
        self._before_dot = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}

    def is_understood(self) -> bool:
        """Whether nothing else is read, and the evidence is."""
        if self._imported != {"analysis"} or self._package & self._values or self._stored & {*_QUESTION, *_BUILTINS}:
            return False
        return all(map(self._is_harmless, self._nodes)) and any(map(self._is_load, self._nodes))

    def _is_harmless(self, node: ast.AST) -> bool:
        match node:
            case ast.Call(func=ast.Name(id=name)):
                return name in _BUILTINS
            case ast.Call(func=ast.Attribute()):
                if self._is_load(node):
                    return _hands_over_parameters(node)
                return self._is_function(node.func) and _names_no_file(node)
            case ast.Call():
                return False
            case ast.Name(id=name):
                if name in self._package:
                    return id(node) in self._before_dot
                return name in self._values or (name in _BUILTINS and id(node) in self._called)
            case ast.Attribute(ctx=ast.Load()):
                if id(node) in self._called:
                    return self._is_function(node)
                return not self._is_of_package(node) and node.attr in _PARTS
            case ast.Attribute():
                return False
            case ast.Subscript():
                return isinstance(node.ctx, ast.Load)  # a parameter could be changed in its place
        return True

    def _is_of_package(self, node: ast.Attribute) -> bool:
        return isinstance(node.value, ast.Name) and node.value.id in self._package

    def _is_function(self, node: ast.expr) -> bool:
        """Whether it is a function of this package that reads no further, or the one that reads the evidence."""
        if not isinstance(node, ast.Attribute) or not self._is_of_package(node) or node.attr not in analysis.HOMES:
            return False
        return node.attr == _LOAD or not node.attr.startswith(_FURTHER)

    def _is_load(self, node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and self._is_of_package(node.func)
            and node.func.attr == _LOAD
        )


def _stored(nodes: list[ast.AST]) -> set[str]:
    """The names to which something is assigned."""
    return {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}


def _names_no_file(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _BEFORE_FILE:
        return True
    return (
        len(call.args) <= _BEFORE_FILE[call.func.attr]
        and not call.keywords
        and not any(isinstance(value, ast.Starred) for value in call.args)
    )


def _hands_over_parameters(call: ast.Call) -> bool:
    given = dict(zip(_QUESTION, call.args, strict=False)) | {word.arg: word.value for word in call.keywords}
    accepted = {*_QUESTION, _LANGUAGE}
    return set(_QUESTION) <= given.keys() <= accepted and all(
        isinstance(value, ast.Name) and value.id == name for name, value in given.items()
    )
