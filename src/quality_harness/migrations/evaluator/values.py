"""The values that a static expression can have, and how they combine."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field as with_default
from itertools import islice, product
from typing import TYPE_CHECKING

from quality_harness.migrations.hole import HOLE

if TYPE_CHECKING:
    from quality_harness.migrations.evaluator.scope import Scope

# A text with many alternatives is cut here; what is cut becomes unknown, never dropped.
MOST_ALTERNATIVES = 64
# Lists and texts that are put together to more than this are nobody's migration: unknown.
MOST_MEMBERS = 20_000
MOST_CHARACTERS = 2_000_000


@dataclass(frozen=True)
class Literal:
    """A constant; a text may have holes.

    Attributes:
        value: what it is.
        through: the names that have handed it on, each with its module, where it is written out
            and came here by arguments and such names alone; None elsewhere.
    """

    value: object
    through: tuple[tuple[ast.Module, str], ...] | None = with_default(
        default=None, compare=False, repr=False
    )

    @property
    def settled(self) -> bool:
        """Whether it is the same each time, if nothing binds those names but what was followed."""
        return self.through is not None

    @property
    def text(self) -> str | None:
        """The value if it is a text."""
        return self.value if isinstance(self.value, str) else None


@dataclass(frozen=True)
class Items:
    """A list, tuple or set."""

    members: tuple["Value", ...]


@dataclass(frozen=True)
class Choice:
    """One of several values, depending on what happens at run time."""

    options: tuple["Value", ...]


@dataclass(frozen=True, eq=False)
class Unknown:
    """A value that is known only at run time; where it stands and which names it sees."""

    node: ast.AST
    scope: "Scope"


@dataclass(frozen=True, eq=False)
class Function:
    """A function or lambda of the tree, and the scope that defines it.

    Attributes:
        node: its definition.
        scope: what its body sees beside its own names.
        bound: what takes its first parameters: an object, a class, what a partial gives.
        named: what a partial gives by name.
    """

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: "Scope"
    bound: tuple["Value", ...] = ()
    named: Mapping[str, "Value"] = with_default(default_factory=dict)

    @property
    def body(self) -> Sequence[ast.stmt]:
        """Its statements; a lambda has none."""
        return () if isinstance(self.node, ast.Lambda) else self.node.body

    @property
    def decorators(self) -> list[str]:
        """Its decorators as they are written; a lambda has none."""
        found = [] if isinstance(self.node, ast.Lambda) else self.node.decorator_list
        return [ast.unparse(each) for each in found]


@dataclass(frozen=True, eq=False)
class Class:
    """A class of the tree, and the scope that defines it."""

    node: ast.ClassDef
    scope: "Scope"

    def own(self, name: str) -> "Value | None":
        """Return an attribute or method that the class itself defines."""
        return self.scope.body(self.node).own(name)


@dataclass(frozen=True, eq=False)
class Call:
    """A call that makes an object: of a class, or of something outside the tree.

    Attributes:
        node: the call.
        scope: what it sees.
        callee: what it calls.
        done: the methods of the object that have run since, with their calls and what those see.
        loose: whether something that is not followed may have changed the object.
    """

    node: ast.Call
    scope: "Scope"
    callee: "Value"
    done: tuple[tuple["Function", ast.Call, "Scope"], ...] = ()
    loose: bool = False


@dataclass(frozen=True, eq=False)
class Partial:
    """A call of functools.partial: what it calls, and the first arguments of that."""

    callee: "Value"
    node: ast.Call
    scope: "Scope"


@dataclass(frozen=True)
class Outside:
    """A name from a module that is not in the tree, such as django.db.migrations.RunSQL."""

    dotted: str


@dataclass(frozen=True, eq=False)
class ModuleValue:
    """A module or package of the tree."""

    dotted: str
    scope: "Scope"


@dataclass(frozen=True)
class File:
    """A file or folder of the tree, which a path names or open() gives."""

    path: str


Value = (
    File | Literal | Items | Choice | Unknown | Function | Class | Call | Partial | Outside
    | ModuleValue
)  # fmt: skip


def handed_on(value: Value, node: ast.AST) -> Value:
    """Return a value as an expression hands it on: only constants and names leave it settled."""
    if not isinstance(value, Literal):
        return value
    through = value.through if isinstance(node, ast.Name) else None
    if isinstance(node, ast.Constant):
        through = ()
    return value if value.through == through else Literal(value.value, through)


def options(value: Value) -> Iterator[Value]:
    """Give every alternative of a value; a plain value is its own only one."""
    if isinstance(value, Choice):
        for option in value.options:
            yield from options(option)
    else:
        yield value


def choose(values: list[Value]) -> Value:
    """Return one value for several alternatives, each of them once."""
    found = {id(option): option for value in values for option in options(value)}
    return values[0] if len(values) == 1 else Choice(tuple(found.values()))


def combine(function: Callable[..., Value], unknown: Unknown, *values: Value) -> Value:
    """Apply `function` to every combination of the alternatives of `values`."""
    if Choice not in map(type, values):
        return function(*values)
    combinations = product(*(tuple(options(value)) for value in values))
    results = [function(*each) for each in islice(combinations, MOST_ALTERNATIVES)]
    if next(combinations, None) is not None:
        results.append(unknown)
    return choose(results)


def add(left: Value, right: Value, unknown: Unknown) -> Value:
    """Return what `left + right` gives, with what is unknown kept in its place."""
    return combine(lambda a, b: _add_plain(a, b, unknown), unknown, left, right)


def _add_plain(left: Value, right: Value, unknown: Unknown) -> Value:
    if isinstance(left, Items) or isinstance(right, Items):
        members = _members(left) + _members(right)
        return Items(members) if len(members) <= MOST_MEMBERS else unknown
    texts = [value.text for value in (left, right) if isinstance(value, Literal)]
    if any(text is not None for text in texts):
        return Literal(as_text(left) + as_text(right))
    return unknown


def _members(value: Value) -> tuple[Value, ...]:
    return value.members if isinstance(value, Items) else (value,)


def as_text(value: Value) -> str:
    """Return how a plain value reads inside a text; a hole where that is unknown, or too long."""
    text = str(value.value) if isinstance(value, Literal) else HOLE
    return text if len(text) <= MOST_CHARACTERS else HOLE
