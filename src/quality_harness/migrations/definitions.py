"""What an operation is given: fields, indexes, constraints and options as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field as with_default
from enum import Enum


class Missing(Enum):
    """The value that is known only at run time."""

    UNKNOWN = "unknown"


UNKNOWN = Missing.UNKNOWN


@dataclass(frozen=True, slots=True)
class Named:
    """A function or object that is given by its name, such as uuid.uuid4."""

    dotted: str


@dataclass(frozen=True, slots=True)
class Definition:
    """An object that a call makes: a field, an index, a constraint, an expression.

    Attributes:
        kind: the dotted name of its class; "|", "&" and "~" join conditions.
        positional: the arguments without a name.
        named: those with one; what only people read (help_text, choices) is left out.
        complete: False where `*x` or `**x` brings more that are unknown.
    """

    kind: str
    positional: tuple[object, ...] = ()
    named: Mapping[str, object] = with_default(default_factory=dict)
    complete: bool = True

    @property
    def name(self) -> str:
        """The class's own name."""
        return self.kind.rpartition(".")[2]

    def get(self, name: str, position: int | None = None, otherwise: object = None) -> object:
        """Return one argument by name or place; `otherwise` where the call does not give it."""
        if name in self.named:
            return self.named[name]
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return otherwise if self.complete else UNKNOWN
