"""The names that an expression sees, each evaluated when it is first asked for."""

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from quality_harness.migrations.evaluator import copying
from quality_harness.migrations.evaluator.bindings import Binding, How, collect
from quality_harness.migrations.evaluator.expressions import bind, evaluate, iterate, rounds
from quality_harness.migrations.evaluator.lasting import (
    after,
    changes_dictionary,
    filled_in_functions,
    may_be_filled,
    may_change,
    sets_attributes,
)
from quality_harness.migrations.evaluator.modules import SourceFile
from quality_harness.migrations.evaluator.settling import settled
from quality_harness.migrations.evaluator.values import (
    MOST_ALTERNATIVES,
    Call,
    Choice,
    Class,
    Function,
    Items,
    Literal,
    ModuleValue,
    Outside,
    Unknown,
    Value,
    add,
    choose,
    combine,
    options,
)

Entered = Mapping[ast.AST, Iterator[int]]
# What gives a name a value, whatever it had before.
_GIVES = (How.ASSIGN, How.UNPACK)


class Scope:
    """The names of a module, a class, a function's call or one round of a loop.

    Attributes:
        file: the file that it stands in.
        depth: how many calls of functions lie around it.
        entered: the functions whose calls these are, and what counts the calls of each that were
            met inside its outermost one.
    """

    def __init__(
        self,
        file: SourceFile,
        body: Sequence[ast.stmt] = (),
        parent: "Scope | None" = None,
        values: Mapping[str, Value] | None = None,
        depth: int = 0,
        entered: "Entered | None" = None,
    ) -> None:
        self.file = file
        self.depth = depth
        self.entered = entered or {}
        self._parent = parent
        self._bindings = collect(body) if body else {}
        self._given = dict(values or {})
        self._known: dict[str, Value | None] = {}
        self._earlier: dict[int, Value | None] = {}
        self._bodies: dict[ast.ClassDef, Scope] = {}

    def child(self, values: Mapping[str, Value], body: Sequence[ast.stmt] = ()) -> "Scope":
        """Return a scope inside this one, with names of its own."""
        return Scope(self.file, body, self, values, self.depth, self.entered)

    def body(self, node: ast.ClassDef) -> "Scope":
        """Return the scope of a class that is defined in this one, the same one each time."""
        if node not in self._bodies:
            self._bodies[node] = self.child({}, node.body)
        return self._bodies[node]

    def forget(self) -> None:
        """Let go of what was evaluated: values and scopes hold each other."""
        self._known.clear()
        self._earlier.clear()
        for body in self._bodies.values():
            body.forget()
        self._bodies.clear()

    def call(
        self, values: Mapping[str, Value], body: Sequence[ast.stmt], caller: "Scope"
    ) -> "Scope":
        """Return the scope of a call of a function that is defined in this one."""
        return Scope(self.file, body, self, values, caller.depth + 1, caller.entered)

    def of(self, node: ast.expr) -> Value:
        """Return what an expression in this scope is."""
        return evaluate(node, self)

    def lookup(self, name: str) -> Value | None:
        """Return what a name stands for, or None where nothing binds it."""
        scope: Scope | None = self
        while scope is not None:
            value = scope.own(name)
            if value is not None:
                return value
            scope = scope._parent
        return Outside(f"builtins.{name}") if hasattr(builtins, name) else None

    def own(self, name: str, start: Value | None = None) -> Value | None:
        """Return what this scope itself binds a name to, or None.

        Args:
            name: the name; `Migration.operations` for what is done to an attribute.
            start: its value before the first statement.
        """
        known = self._known
        if start is not None and name not in self._bindings:
            return start
        if name not in known:
            # A statement that reads the name it binds sees what the earlier ones gave it.
            known[name] = start or self._given.get(name)
            for binding in self._bindings.get(name, ()):
                self._earlier[id(binding.node)] = known[name]
                known[name] = self._apply(binding, known[name])
            if known[name] is None:
                known[name] = self._starred(name)
            value = known[name]
            if isinstance(value, Literal):
                # A class's own are not what its methods see.
                at_top = self._parent is None
                given = name in self._given
                known[name] = settled(name, value, self._bindings, self.file.tree, given, at_top)
            if self._parent is None and may_be_filled(known[name]):
                known[name] = self._filled(name, known[name])
            changes = self._bindings.get(f"{name}.") if known[name] is not None else None
            # What a method does to its own object is followed with the method.
            if changes and name != "self":
                known[name] = self._set_on(known[name], changes)
        return known[name]

    def _filled(self, name: str, value: Value | None) -> Value | None:
        """Return a list or dictionary of a module, into which its functions may put something."""
        place = filled_in_functions(self.file.tree).get(name)
        if place is None:
            return value
        unknown = Unknown(place, self)
        return add(value, Items((unknown,)), unknown) if isinstance(value, Items) else unknown

    def _set_on(self, value: Value | None, changes: Sequence[Binding]) -> Value | None:
        """Return an object of Django's with what was assigned to its attributes later."""
        if isinstance(value, Call) and isinstance(value.callee, Class):
            return replace(value, loose=True)
        if not isinstance(value, Call) or not isinstance(value.callee, Outside):
            return value
        certain = [change for change in changes if not change.conditional]
        if len(certain) < len(changes):
            made = self._with_attributes(value, changes)
            return Choice((self._with_attributes(value, certain), made))
        return self._with_attributes(value, changes)

    def _with_attributes(self, value: Call, changes: Sequence[Binding]) -> Call:
        given = {each.arg: each.value for each in value.node.keywords}
        names: dict[str, Value] = {}
        for number, change in enumerate(changes):
            assert isinstance(change.target, ast.Attribute) and isinstance(change.node, ast.expr)
            name = f"set_later_{number}"
            is_set = change.how is How.ASSIGN
            names[name] = self.of(change.node) if is_set else Unknown(change.node, self)
            given[change.target.attr] = ast.Name(name, ast.Load())
        keywords = [ast.keyword(name, each) for name, each in given.items()]
        made = ast.Call(value.node.func, value.node.args, keywords)
        node = ast.fix_missing_locations(ast.copy_location(made, value.node))
        return Call(node, value.scope.child(names), value.callee)

    def before(self, node: ast.AST) -> Value | None:
        """Return what a name of this scope stood for before the statement that gives it `node`."""
        return self._earlier.get(id(node))

    def imported(self, name: str) -> str | None:
        """Return the dotted name behind one that only imports bind; no file is looked for."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope._given:
                return None
            found = scope._bindings.get(name)
            if found is not None:
                return _import_path(name, found)
            scope = scope._parent
        return None

    def given_constants(self) -> set[str]:
        """Return the names to which a call, this one or one around it, gives constants."""
        found: set[str] = set()
        scope: Scope | None = self
        while scope is not None:
            for name, value in scope._given.items():
                if isinstance(value, Literal) and value.settled:
                    found.add(name)
            scope = scope._parent
        return found

    def module(self, dotted: str) -> Value | None:
        """Return the module of the tree that an absolute or relative import names."""
        return _module_value(dotted, self.file.find(dotted))

    def submodule(self, name: str) -> Value | None:
        """Return a module of the package whose file this is."""
        return _module_value(name, self.file.submodule(name))

    def _apply(self, binding: Binding, before: Value | None) -> Value | None:
        new: Value
        match binding:
            case Binding(how=How.ASSIGN, node=ast.expr() as node):
                found = [scope.of(node) for scope in self._rounds(binding)]
                new = choose(found) if found else Unknown(node, self)
            case Binding(how=How.EXTEND | How.APPEND, node=ast.expr() as node):
                return self._grow(binding, node, before or Unknown(node, self))
            case Binding(how=How.HANDED_ON):
                return self._handed_on(binding, before)
            case Binding(how=How.METHOD_RUNS, node=ast.Call() as node):
                if isinstance(before, Call) and isinstance(before.callee, Class):
                    for scope in self._rounds(binding):
                        before = after(before, node, scope)
                return Unknown(node, self) if changes_dictionary(before, node) else before
            case Binding(how=How.LOOP, node=ast.For() | ast.AsyncFor() as node):
                return self._loop(node, binding.name)
            case Binding(how=How.UNPACK, node=ast.expr() as node, target=ast.expr() as target):
                unknown = Unknown(node, self)
                found = [
                    combine(lambda value: bind(target, value, unknown)[binding.name], unknown, each)
                    for each in [scope.of(node) for scope in self._rounds(binding)]
                ]
                new = choose(found) if found else unknown
            case Binding(how=How.IMPORT, node=ast.Import() | ast.ImportFrom() as node):
                new = self._import(node, binding.name)
            case Binding(how=How.DEFINE, node=ast.ClassDef() as node):
                new = Class(node, self)
            case Binding(node=ast.FunctionDef() | ast.AsyncFunctionDef() as node):
                new = Function(node, self)
            case _:
                new = Unknown(binding.node, self)
        return Choice((before, new)) if binding.conditional and before is not None else new

    def _grow(self, binding: Binding, node: ast.expr, value: Value) -> Value:
        for scope in self._rounds(binding):
            new = scope.of(node)
            if binding.how is How.APPEND:
                new = Items((new,))
            grown = add(value, new, Unknown(node, scope))
            if binding.conditional and not isinstance(new, Items):
                grown = Choice((value, grown))
            elif binding.conditional and isinstance(new, Items):
                maybe = Items(tuple(Choice((member,)) for member in new.members))
                grown = add(value, maybe, Unknown(node, scope))
            value = grown
            if next(islice(options(value), MOST_ALTERNATIVES, None), None) is not None:
                # Round upon round would double them: what is cut is unknown, never dropped.
                return Unknown(node, scope)
        return value

    def _handed_on(self, binding: Binding, before: Value | None) -> Value | None:
        """Return what a list or an object may be after a function got it, which may change it."""
        is_object = isinstance(before, Call) and isinstance(before.callee, Class)
        if isinstance(before, Call) and copying.is_field(before):
            assert isinstance(binding.node, ast.Call)
            is_set = sets_attributes(self.of(binding.node.func), binding)
            return Unknown(binding.node, self) if is_set else before
        if isinstance(before, Unknown) and may_be_filled(before):
            assert isinstance(binding.node, ast.Call)
            callee = self.of(binding.node.func)
            is_changed = isinstance(callee, Function) and may_change(callee, binding)
            return Unknown(binding.node, self) if is_changed else before
        is_list = before is not None and any(isinstance(each, Items) for each in options(before))
        if not is_object and not is_list:
            return before
        assert before is not None and isinstance(binding.node, ast.Call)
        if not may_change(self.of(binding.node.func), binding):
            return before
        if isinstance(before, Call):
            return replace(before, loose=True)
        unknown = Unknown(binding.node, self)
        return add(before, Items((unknown,)), unknown)

    def _rounds(self, binding: Binding) -> list["Scope"]:
        scopes = [self]
        for number in range(1, len(binding.loops) + 1):
            within = self._within(binding.loops[:number])
            scopes = rounds(binding.loops[:number], scopes, self)
            for scope in scopes if within else ():
                scope._bindings = within
        return scopes

    def _within(self, loops: Sequence[ast.AST]) -> dict[str, list[Binding]]:
        """Return the bindings of the names that each round of a loop gives a value of its own."""
        depth = len(loops)
        return {
            name: [each._replace(loops=each.loops[depth:]) for each in found]
            for name, found in self._bindings.items()
            if all(each.how in _GIVES and each.loops[:depth] == loops for each in found)
        }

    def _loop(self, node: ast.For | ast.AsyncFor, name: str) -> Value:
        rounds = [scope._given[name] for scope in iterate(node, self)]
        return choose(rounds) if rounds else Unknown(node, self)

    def _import(self, node: ast.Import | ast.ImportFrom, name: str) -> Value:
        if isinstance(node, ast.Import):
            aliases = {alias.asname: alias.name for alias in node.names}
            dotted = aliases.get(name, name)
            return self.module(dotted) or Outside(dotted)
        names = {alias.asname or alias.name: alias.name for alias in node.names}
        dotted = "." * node.level + (node.module or "")
        full = f"{dotted}.{names[name]}" if node.module else f"{dotted}{names[name]}"
        return self._member(dotted, names[name]) or self.module(full) or Outside(full)

    def _starred(self, name: str) -> Value | None:
        for binding in self._bindings.get("*", ()):
            assert isinstance(binding.node, ast.ImportFrom)
            dotted = "." * binding.node.level + (binding.node.module or "")
            found = self._member(dotted, name)
            if found is not None or dotted.startswith("django."):
                return found or Outside(f"{dotted}.{name}")
        return None

    def _member(self, dotted: str, name: str) -> Value | None:
        file = self.file.find(dotted)
        return None if file is None else scope_of(file).own(name)


def scope_of(file: SourceFile) -> Scope:
    """Return the scope of a module, the same one each time."""
    if not isinstance(file.scope, Scope):
        file.scope = Scope(file, file.tree.body)
    return file.scope


def _import_path(name: str, everything: Sequence[Binding]) -> str | None:
    found = [each for each in everything if each.how is not How.METHOD_RUNS]
    paths = {_imported_name(name, each.node) for each in found}
    return (
        paths.pop() if len(paths) == 1 and all(each.how is How.IMPORT for each in found) else None
    )


def _imported_name(name: str, node: ast.AST) -> str | None:
    match node:
        case ast.Import(names=names):
            return next((alias.name for alias in names if alias.asname == name), name)
        case ast.ImportFrom(names=names, module=module, level=level):
            own = next(alias.name for alias in names if (alias.asname or alias.name) == name)
            return f"{'.' * level}{module or ''}.{own}"
    return None


def _module_value(dotted: str, file: SourceFile | None) -> Value | None:
    return None if file is None else ModuleValue(dotted, scope_of(file))
