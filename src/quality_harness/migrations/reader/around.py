"""What an operation takes from where it stands."""

from dataclasses import dataclass, field as with_default
from typing import Any

from quality_harness.migrations.evaluator.values import Call
from quality_harness.migrations.operations import Effect, Operation


@dataclass(frozen=True)
class Around:
    """What an operation takes from where it stands."""

    path: str
    line: int
    column: int
    effect: Effect = Effect.BOTH
    conditional: bool = False
    functions: dict[str, str] = with_default(default_factory=dict)

    def at(self, call: Call) -> "Around":
        """Return this with the place of `call`, if that is in the migration's own file."""
        if call.scope.file.path == self.path:
            line, column = call.node.lineno, call.node.col_offset + 1
            return Around(self.path, line, column, self.effect, self.conditional, self.functions)
        return self

    def operation(self, kind: str, **more: Any) -> Operation:
        """Return an operation that stands here."""
        more |= {"effect": self.effect, "conditional": self.conditional}
        return Operation(kind, self.line, self.column, **more)
