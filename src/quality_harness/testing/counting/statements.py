"""Writes counting into the syntax tree of a test module.

Each `assert` is followed by a call that counts it. So is what stands for one: a branch that ends in
`fail()`, a `try` that fails where nothing is raised, and the call of a library's helper whose name
begins with "assert". What unittest, Django and mock offer is counted where it is defined
(`methods`).
"""

import ast
from collections.abc import Sequence

from quality_harness.testing.honesty.naming import (
    is_assertion_name,
    is_checking_command,
    is_failure,
    is_trap,
    last_name,
)

_TALLY = "quality_harness.testing.counting.tally"
# No name that Python source could use.
_NAMES = {name: f"@{name}" for name in ("counted_here", "asserted", "called")}


def count_in(tree: ast.Module) -> None:
    """Make a module count its assertions; the tree is changed."""
    _Counting().visit(tree)
    imported = ast.ImportFrom(_TALLY, [ast.alias(*pair) for pair in _NAMES.items()], 0)
    place = _first_place(tree.body)
    line = tree.body[place].lineno if place < len(tree.body) else 1
    for node in (imported, start := _call("counted_here")):
        node.lineno = node.end_lineno = line
        node.col_offset = node.end_col_offset = 0
    tree.body[place:place] = [imported, start]
    ast.fix_missing_locations(tree)


def _first_place(body: Sequence[ast.stmt]) -> int:
    """Return where a statement can go: after the docstring and imports from `__future__`."""
    for place, node in enumerate(body):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not is_future and not (is_text and place == 0):
            return place
    return len(body)


def _call(name: str, *arguments: ast.expr) -> ast.Expr:
    return ast.Expr(ast.Call(ast.Name(_NAMES[name], ast.Load()), list(arguments), []))


def _at(node: ast.stmt, place: ast.AST) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(node, place))


class _Counting(ast.NodeTransformer):
    """Each method returns the statement with what counts it."""

    is_inner = False

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        self.generic_visit(node)
        return [node, _at(_call("asserted"), node)]

    def visit_If(self, node: ast.If) -> ast.stmt | list[ast.stmt]:
        fails = _fails(node.body) or _fails(node.orelse)
        self.generic_visit(node)
        return [_at(_call("asserted"), node), node] if fails else node

    def visit_Try(self, node: ast.Try) -> ast.stmt | list[ast.stmt]:
        bodies = [node.body, node.orelse, *(handler.body for handler in node.handlers)]
        fails = any(map(_fails, bodies))
        self.generic_visit(node)
        return [_at(_call("asserted"), node), node] if fails else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt | list[ast.stmt]:
        is_inner, self.is_inner = self.is_inner, True
        self.generic_visit(node)
        self.is_inner = is_inner
        # What must not be called, and fails where it is.
        return [node, _at(_call("asserted"), node)] if is_inner and is_trap(node) else node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        is_inner, self.is_inner = self.is_inner, False
        self.generic_visit(node)
        self.is_inner = is_inner
        return node

    def visit_Call(self, node: ast.Call) -> ast.Call:
        traps = any(map(is_trap, [*node.args, *node.keywords]))
        self.generic_visit(node)
        name = last_name(node.func)
        if is_assertion_name(name) or traps or is_checking_command(node):
            counting = ast.Name(_NAMES["called"], ast.Load())
            node.func = ast.copy_location(ast.Call(counting, [node.func], []), node.func)
            ast.fix_missing_locations(node)
        return node


def _fails(body: Sequence[ast.stmt]) -> bool:
    """Whether a block ends by making its test fail."""
    return bool(body) and is_failure(body[-1])
