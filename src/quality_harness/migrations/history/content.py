"""What a migration's text says, whatever way it is written down."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quality_harness.migrations.history.call_spelling import called_alike
from quality_harness.migrations.history.spelling import respelled

# What people read: it reaches neither the schema nor a row.
_WORDING = {"help_text", "verbose_name", "verbose_name_plural", "error_messages"}
# Their order says nothing, and squashing rewrites them.
_NAMED = {"dependencies", "replaces"}
_Functions = ast.FunctionDef | ast.AsyncFunctionDef
_Imports = ast.Import | ast.ImportFrom


@dataclass(frozen=True)
class Content:
    """A migration without its form.

    Attributes:
        body: all but the following: without comments, docstrings, annotations, what people
            read, imports that nothing uses and the order of the others; with constants where
            they are used, and texts put together in one way.
        dependencies: each as Python writes it.
        replaces: likewise.
    """

    body: str
    dependencies: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()


def content(data: bytes) -> Content | None:
    """Return what a file says, or None where it is not valid Python."""
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError):
        return None
    named: dict[str, frozenset[str]] = {}
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    if any(node.name == "Migration" for node in classes):
        # Of another module, somebody else may import a constant.
        tree = called_alike(respelled(tree))
    for node in classes:
        if node.name == "Migration":
            named |= dict(_take_named(node))
    plain = _Plain().visit(tree)
    used = {node.id for node in ast.walk(plain) if isinstance(node, ast.Name)}
    imports = [node for node in plain.body if isinstance(node, _Imports)]
    rest = [node for node in plain.body if not isinstance(node, _Imports)]
    lines = sorted({line for node in imports for line in _bindings(node, used)})
    return Content("\n".join([*lines, *map(ast.dump, rest)]), **named)


def defines_migration(data: bytes) -> bool:
    """Whether a file defines a migration, and does not only speak of one in a text."""
    try:
        body = ast.parse(data).body
    except (SyntaxError, ValueError):
        return False
    return any(
        isinstance(node, ast.ClassDef)
        and node.name == "Migration"
        and any(ast.unparse(base).endswith("Migration") for base in node.bases)
        for node in body
    )


def _take_named(node: ast.ClassDef) -> Iterator[tuple[str, frozenset[str]]]:
    """Give the entries of `dependencies` and `replaces`, and take them out of the class."""
    for statement in list(node.body):
        match statement:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.List(elts=entries)
            ) | ast.AnnAssign(target=ast.Name(id=name), value=ast.List(elts=entries)) if (
                name in _NAMED
            ):
                node.body.remove(statement)
                yield name, frozenset(map(ast.unparse, entries))


def _bindings(node: _Imports, used: set[str]) -> Iterator[str]:
    """Give each used name that an import brings, in one spelling."""
    for alias in node.names:
        bound = alias.asname or alias.name.partition(".")[0]
        if bound in used or alias.name == "*":
            origin = f"{'.' * node.level}{node.module}:" if isinstance(node, ast.ImportFrom) else ""
            yield f"{bound} = {origin}{alias.name}"


class _Plain(ast.NodeTransformer):
    """Takes out of a tree what no database sees."""

    def visit_Module(self, node: ast.Module) -> ast.AST:
        return self._without_docstring(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._without_docstring(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._without_docstring(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        plain = ast.Assign([node.target], node.value)
        return self.generic_visit(plain)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        node.kind = None
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.keywords = [each for each in node.keywords if each.arg not in _WORDING]
        return self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        kept = [
            (key, value)
            for key, value in zip(node.keys, node.values, strict=True)
            if not (isinstance(key, ast.Constant) and key.value in _WORDING)
        ]
        node.keys, node.values = [key for key, _ in kept], [value for _, value in kept]
        return self.generic_visit(node)

    def _without_docstring(self, node: ast.Module | ast.ClassDef | _Functions) -> ast.AST:
        node.body = [each for each in node.body if not _is_text(each)]
        return self.generic_visit(node)


def _is_text(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case _:
            return False


def is_allowed_edit(before: Content, after: Content, squashed: Iterable[tuple[str, str]]) -> bool:
    """Whether an edit changes nothing that a database could notice.

    Args:
        before: the migration on the base.
        after: the migration now.
        squashed: the names, with their app's label, of squashed migrations and of those that
            they replace. Once the replaced ones go, others depend on the squashed one instead,
            and that loses its `replaces`.
    """
    names = {str(each) for each in squashed}
    changed = (before.dependencies ^ after.dependencies) | (after.replaces - before.replaces)
    return before.body == after.body and changed <= names
