"""One file of test code as the rules read it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from quality_harness.finding import Finding, Location, Rule
from quality_harness.testing.honesty.naming import last_name
from quality_harness.testing.test_code import is_test_module

Node = TypeVar("Node", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SCOPES = (*FUNCTIONS, ast.Lambda, ast.ClassDef)
# A function under one of these is no test, whatever its name.
_HELPERS = {"fixture", "contextmanager", "asynccontextmanager", "property", "cached_property"}
_RAISING = {"raises", "assertRaises", "assertRaisesRegex", "assertRaisesMessage", "RaisesGroup"}
# What Django's UserPassesTestMixin asks.
_OF_DJANGO = "test_func"
_LONGEST = 60


@dataclass(frozen=True, eq=False)
class Module:
    """A file's syntax tree, and what can be asked of it.

    Attributes:
        path: POSIX, relative to the project's root.
        tree: the syntax tree.
    """

    path: str
    tree: ast.Module

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node, outer ones first."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node around each node."""
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    @cached_property
    def imported(self) -> dict[str, str]:
        """What each imported name stands for, with dots."""
        names: dict[str, str] = {}
        for node in self.all(ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
        for source in self.all(ast.ImportFrom):
            for alias in source.names:
                names[alias.asname or alias.name] = f"{source.module}.{alias.name}"
        return names

    def all(self, kind: type[Node]) -> Iterator[Node]:
        """Yield the nodes of a kind."""
        return (node for node in self.nodes if isinstance(node, kind))

    @cached_property
    def tests(self) -> dict[Function, None]:
        """The functions that runners take for tests, in their order."""
        found = (node for node in self.nodes if isinstance(node, FUNCTIONS) and self._is(node))
        return dict.fromkeys(found)

    def _is(self, node: Function) -> bool:
        owner = self.parents[node]
        # A function of a function is a helper.
        while not isinstance(owner, (ast.Module, ast.ClassDef, *FUNCTIONS)):
            owner = self.parents[owner]
        decorators = {last_name(each) for each in node.decorator_list}
        if isinstance(owner, FUNCTIONS) or decorators & _HELPERS or node.name == _OF_DJANGO:
            return False
        if isinstance(owner, ast.Module) and not is_test_module(self.path):
            return False
        return node.name.startswith("test")

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what is around a node, from the inside."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function_of(self, node: ast.AST) -> Function | None:
        """Return the innermost function around a node."""
        return next(self.functions_of(node), None)

    def test_of(self, node: ast.AST) -> Function | None:
        """Return the test around a node."""
        return next((each for each in self.functions_of(node) if each in self.tests), None)

    def functions_of(self, node: ast.AST) -> Iterator[Function]:
        """Yield the functions around a node, from the inside."""
        return (each for each in self.around(node) if isinstance(each, FUNCTIONS))

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        """Return the class around a node."""
        return next((each for each in self.around(node) if isinstance(each, ast.ClassDef)), None)

    def is_expected_to_raise(self, node: ast.AST) -> bool:
        """Whether a node stands in a block that expects an exception."""
        return any(
            isinstance(each, (ast.With, ast.AsyncWith))
            and any(is_raising(item.context_expr) for item in each.items)
            for each in self.around(node)
        )

    def finding(self, rule: Rule, node: ast.AST, message: str, hint: str) -> Finding:
        """Return a finding of a rule at a node."""
        line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1
        return rule.finding(Location(self.path, line, column), message, hint)


def is_raising(node: ast.expr) -> bool:
    """Whether a context expects an exception: `pytest.raises(...)`, `self.assertRaises(...)`."""
    return isinstance(node, ast.Call) and last_name(node) in _RAISING


def own_nodes(*nodes: ast.AST) -> Iterator[ast.AST]:
    """Yield nodes and what is in them, but for inner functions and classes."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop(0)
        if not isinstance(node, SCOPES):
            yield node
            waiting += ast.iter_child_nodes(node)


def same(left: ast.AST, right: ast.AST) -> bool:
    """Whether two nodes are written alike."""
    return type(left) is type(right) and ast.dump(left) == ast.dump(right)


def words(node: ast.AST) -> str:
    """Return a node as source, short enough for a message."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
