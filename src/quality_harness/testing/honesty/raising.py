"""Blocks that expect an exception."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from quality_harness.testing.honesty.module import Module, is_raising
from quality_harness.testing.honesty.naming import last_name

_BROAD = {"Exception", "BaseException"}


@dataclass(frozen=True)
class RaisingBlock:
    """A `with` that expects an exception.

    Attributes:
        node: the statement.
        call: `pytest.raises(...)` or its like.
        name: what the caught exception is called, or nothing.
    """

    node: ast.With | ast.AsyncWith
    call: ast.Call
    name: str

    @property
    def exceptions(self) -> set[str]:
        """The names of the exceptions that are expected; an empty one where that is not known."""
        given = self.call.args[0] if self.call.args else None
        each = given.elts if isinstance(given, ast.Tuple) else [given] if given else []
        return {last_name(one) for one in each} or {""}

    @property
    def is_broad(self) -> bool:
        """Whether any exception will do, and nothing is asked of it."""
        asks = {each.arg for each in self.call.keywords} & {"match", "check"}
        if last_name(self.call) in {"assertRaisesRegex", "assertRaisesMessage"} or asks:
            return False
        given = self.call.args[0] if self.call.args else None
        each = given.elts if isinstance(given, ast.Tuple) else [given]
        # A block that raises such a one itself, to force a way out, is about just that.
        if any(isinstance(one, ast.Raise) for one in ast.walk(self.node)):
            return False
        return any(isinstance(one, ast.Name) and one.id in _BROAD for one in each)


def raising_blocks(module: Module) -> Iterator[RaisingBlock]:
    """Yield the blocks of a module that expect an exception."""
    for node in module.nodes:
        if isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if is_raising(item.context_expr) and isinstance(item.context_expr, ast.Call):
                    name = last_name(item.optional_vars) if item.optional_vars else ""
                    yield RaisingBlock(node, item.context_expr, name)


def is_looked_at(module: Module, block: RaisingBlock) -> bool:
    """Whether the caught exception is used after the block."""
    around = module.function_of(block.node) or module.tree
    inside = set(ast.walk(block.node))
    return bool(block.name) and any(
        isinstance(node, ast.Name) and node.id == block.name and node not in inside
        for node in ast.walk(around)
    )
