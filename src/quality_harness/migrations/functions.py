"""Reads what a Python function of a migration does to the database, as far as its syntax tells."""

import ast
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field as with_default, replace
from functools import cache, lru_cache, partial

from quality_harness.migrations import callees, commands
from quality_harness.migrations.asking import asked
from quality_harness.migrations.assigning import UNTOLD, Written, assigned
from quality_harness.migrations.deeds import Deed
from quality_harness.migrations.elsewhere import decided_elsewhere
from quality_harness.migrations.evaluator import calls
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import (
    Call,
    Function,
    Items,
    Literal,
    Outside,
    Unknown,
    Value,
    options,
)
from quality_harness.migrations.managers import method_of_manager
from quality_harness.migrations.overwriting import overwritten
from quality_harness.migrations.queries import meaning, rows_of
from quality_harness.migrations.sql import DEMANDS, WRITES, Act, Statement, find
from quality_harness.migrations.sql_names import plain
from quality_harness.migrations.sql_schema import effects

DELETES_ROWS = "deletes rows"
WRITES_ROWS = "writes rows"
PUTS_IN_ROWS = "puts in rows"
CARRIES_OUT = "runs an operation that is known only at run time"
MAKES_TABLE = "makes a table"
MAKES_COLUMN = "makes a column"
ASKS = "asks for a model"
# What no finding quotes.
_UNTOLD = {MAKES_TABLE, MAKES_COLUMN, ""}
_WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
           "update", "asave", "acreate", "abulk_create", "abulk_update", "aget_or_create",
           "aupdate_or_create", "aupdate"}  # fmt: skip
_PUTS_IN = {"create", "bulk_create", "get_or_create", "update_or_create"}
# Those that write what was assigned to objects before.
_OF_OBJECTS = {"save", "bulk_update"}
_SCHEMA_EDITOR = {
    "create_model": MAKES_TABLE,
    "add_field": MAKES_COLUMN,
    "delete_model": "drops a table",
    "remove_field": "drops a column",
    "alter_db_table": "renames a table",
    "alter_field": "alters a column",
    "alter_unique_together": "makes values unique",
    "add_constraint": "adds a constraint",
}
_RUNS_SQL = {"execute", "executemany", "executescript", "copy_expert"}
# How a task is put off: Celery's methods, those of Django's own tasks, of Dramatiq and Huey.
_RUNS_LATER = {"delay", "apply_async", "s", "si", "signature", "subtask", "enqueue", "aenqueue",
               "send", "send_with_options", "schedule", "run", "apply"}  # fmt: skip
_DELETES = ("delete", "adelete", "_raw_delete")
_DELETE_QUERY = "django.db.models.sql"
# Model.delete() and QuerySet.delete() take no more; cache.delete(key) does.
_OF_DELETE = {"using", "keep_parents"}
# What delete() takes away there is no row.
_SERVICES = {"boto3", "botocore", "redis", "requests", "httpx", "elasticsearch", "opensearchpy",
             "stripe", "google", "azure", "minio", "kubernetes", "docker"}  # fmt: skip
# What is given to a thread, a pool or a signal to be called.
_CALLED_BACK = {"target", "func", "fn", "function", "callback", "receiver", "initializer"}
_APPS = {"apps", "schema_editor"}
_ACTING = (ast.Call, ast.Attribute, ast.With, ast.AsyncWith, ast.For)
_OF_PSYCOPG = {Outside(f"psycopg2.extras.execute_{name}") for name in ("batch", "values")}
_OF_OPERATION = {"database_forwards", "database_backwards"}
_UNLINKS = {"clear", "set", "remove", "aclear", "aset", "aremove"}


def deeds(function: Function) -> tuple[Deed, ...]:
    """Return what a function, and the functions of the tree that it calls, do to the database."""
    unknown = Unknown(function.node, function.scope)
    nothing = calls.Arguments((), {}, complete=False)
    values = calls.parameters(function, nothing, unknown)
    found = _function(function, values, function.scope, _Walk())
    return tuple(_beside_own_tables(dict.fromkeys(found)))


def _beside_own_tables(found: Iterable[Deed]) -> Iterator[Deed]:
    """Leave out what SQL does to tables that the function itself has made before."""
    made: set[str] = set()
    for deed in found:
        statement = deed.statement
        if statement is None or not deed.does:
            if statement is not None and statement.act is Act.CREATE:
                made |= {statement.table} - {"", "…"}
            is_own = statement is not None and statement.table in made
            if statement is None or statement.act is not Act.UPDATE or not is_own:
                yield deed
        elif statement.table not in made:
            yield replace(deed, statement=None)
        elif statement.act is Act.RENAME and not statement.column:
            made.add(plain(statement.detail))


@dataclass
class _Walk:
    """The way through the functions that one function leads to.

    Attributes:
        around: the functions that are being read: none is entered again from inside.
        cut: those of them that were come upon again since the innermost one was entered.
        read: the calls that were read to their end, each with the functions around it that cut
            its way. While these are still around, another call alike tells nothing new.
    """

    around: set[ast.AST] = with_default(default_factory=set)
    cut: set[ast.AST] = with_default(default_factory=set)
    read: dict[object, set[ast.AST]] = with_default(default_factory=dict)


def _function(
    function: Function, values: dict[str, Value], caller: Scope, walk: _Walk
) -> Iterator[Deed]:
    node = function.node
    if node in walk.around:
        walk.cut.add(node)
        return
    depth = min(caller.depth, calls.DEEPEST)
    meant = frozenset((name, meaning(value)) for name, value in values.items())
    call = (node, function.scope, depth, meant)
    known = walk.read.get(call)
    if known is not None and known <= walk.around:
        walk.cut |= known
        return
    cut_before, walk.cut = walk.cut, set()
    walk.around.add(node)
    yield from _body(function, function.scope.call(values, function.body, caller), walk)
    walk.around.discard(node)
    walk.read[call] = walk.cut - {node}
    walk.cut = cut_before | walk.read[call]


def _body(function: Function, scope: Scope, walk: _Walk) -> Iterator[Deed]:
    written = cache(partial(assigned, function, scope))
    for each in _acting(function.node):
        if isinstance(each, ast.Call):
            callee = callees.named(each.func, scope)
            for made in _by_name(each, scope):
                found = callee if made is each else callees.named(made.func, scope)
                yield from _direct(made, found, scope, written)
            if _method(each) == "get_model":
                for model in asked(each, scope, walk.around):
                    yield Deed("", 0, 0, "", ASKS, model=model)
            yield from _chosen_at_run_time(each, scope)
            for does in decided_elsewhere(each, callee, scope):
                yield _deed(each, scope, does, resolved=False)
            yield from _followed(each, callee, scope, walk)
        else:
            for led in callees.run_by(each, scope):
                yield from _run([led], each, scope, walk)
            if isinstance(each, ast.Attribute):
                yield from _handed_over(each, scope)


@lru_cache(maxsize=256)
def _acting(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
) -> tuple[ast.Call | ast.Attribute | ast.With | ast.AsyncWith | ast.For, ...]:
    """Return what in a body may run something."""
    body = node.body if isinstance(node.body, list) else [node.body]
    found = [each for each in calls.own_nodes(body) if isinstance(each, _ACTING)]
    called = {id(each.func) for each in found if isinstance(each, ast.Call)}
    return tuple(
        each
        for each in found
        if isinstance(each, ast.Call) or (id(each) not in called and _may_act(each))
    )


def _may_act(node: ast.AST) -> bool:
    """Return whether an attribute, a loop or a with block may be about an object of the tree."""
    match node:
        case ast.Attribute(value=value, attr=attr):
            return isinstance(value, ast.Name) or attr in _DELETES
        case ast.For(iter=iterated):
            return callees.is_plain(iterated)
    items: list[ast.withitem] = getattr(node, "items", [])
    return any(callees.is_plain(item.context_expr) for item in items)


def _by_name(node: ast.Call, scope: Scope) -> Iterator[ast.Call]:
    """Give `owner.method()` for each method of `getattr(owner, "method")()`, or the call."""
    match node.func:
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, name, *_]):
            for option in options(scope.of(name)):
                if isinstance(option, Literal) and option.text is not None:
                    method = ast.Attribute(owner, option.text, ast.Load())
                    made = ast.Call(method, node.args, node.keywords)
                    yield ast.fix_missing_locations(ast.copy_location(made, node))
        case _:
            yield node


def _chosen_at_run_time(node: ast.Call, scope: Scope) -> Iterator[Deed]:
    """Tell of a method of rows whose name is not known."""
    match node.func:
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, name, *_]):
            is_known = all(isinstance(each, Literal) for each in options(scope.of(name)))
            if not is_known and rows_of(owner, scope) is not None:
                does = "calls a method that is known only at run time"
                yield _deed(node, scope, does, resolved=False)


def _handed_over(node: ast.Attribute, scope: Scope) -> Iterator[Deed]:
    """Tell of a method that is handed to somebody who will call it."""
    if node.attr in _DELETES:
        rows = rows_of(node.value, scope)
        if rows is not None:
            yield replace(_deed(node, scope, DELETES_ROWS), model=rows.model)


def _direct(
    node: ast.Call, callee: Value | None, scope: Scope, written: Callable[[], Sequence[Written]]
) -> Iterator[Deed]:
    method = _method(node)
    if method in _SCHEMA_EDITOR and not _is_super(node.func):
        rows = rows_of(node.args[0], scope) if node.args else None
        deed = _deed(node, scope, _SCHEMA_EDITOR[method])
        yield replace(deed, model=rows.model) if rows is not None else deed
    elif method == "_raw_delete" or (method in _DELETES and _deletes_rows(node)):
        yield from _deleted(node, scope)
    elif method in _UNLINKS:
        yield from _unlinked(node, scope)
    elif commands.is_command(node):
        yield from _command(node, scope)
    elif method in _OF_OPERATION and not _is_super(node.func):
        yield _deed(node, scope, CARRIES_OUT, resolved=False)
    elif node.args and _runs_sql(node, method, scope):
        yield from _sql(node, node.args[0], scope)
    elif len(node.args) > 1 and isinstance(callee, Outside) and callee in _OF_PSYCOPG:
        yield from _sql(node, node.args[1], scope)
    elif method == "callproc":
        yield _deed(node, scope, "runs a procedure of the database", resolved=False)
    elif method in _WRITES:
        yield _written(node, scope, written)
    else:
        yield from _by_class(node, callee, scope)


def _method(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _deleted(node: ast.Call, scope: Scope) -> Iterator[Deed]:
    owner = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    rows = rows_of(owner, scope)
    if rows is None and _is_of_a_service(owner, scope):
        return
    if rows is None or not _is_just_made(owner, scope):
        deed = _deed(node, scope, DELETES_ROWS)
        yield replace(deed, model=rows.model) if rows is not None else deed


def _is_of_a_service(node: ast.expr, scope: Scope) -> bool:
    """Return whether an expression begins with what a client of another service gives."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    found = scope.of(node) if isinstance(node, ast.Name) else None
    found = found.callee if isinstance(found, Call) else found
    return isinstance(found, Outside) and found.dotted.partition(".")[0] in _SERVICES


def _is_just_made(node: ast.expr, scope: Scope) -> bool:
    """Return whether a name stands for nothing but a row that create() has made."""
    if not isinstance(node, ast.Name):
        return False
    for option in options(scope.of(node)):
        match option:
            case Unknown(node=ast.Call(func=ast.Attribute(attr="create"))):
                pass
            case _:
                return False
    return True


def _is_manager(node: ast.Call, scope: Scope) -> bool:
    return isinstance(node.func, ast.Attribute) and rows_of(node.func.value, scope) is not None


def _by_class(node: ast.Call, callee: Value | None, scope: Scope) -> Iterator[Deed]:
    """Tell of the query that deletes, and of methodcaller("delete")."""
    match callee:
        case Outside(dotted=dotted) if dotted.startswith(_DELETE_QUERY):
            if dotted.endswith(".DeleteQuery"):
                yield _deed(node, scope, DELETES_ROWS)
            elif dotted.endswith(".UpdateQuery"):
                yield _deed(node, scope, "overwrites values")
        case Outside("operator.methodcaller") if node.args:
            names = [
                each.value for each in options(scope.of(node.args[0])) if type(each) is Literal
            ]
            if any(name in _DELETES for name in names):
                yield _deed(node, scope, DELETES_ROWS)


def _unlinked(node: ast.Call, scope: Scope) -> Iterator[Deed]:
    rows = rows_of(node.func.value, scope) if isinstance(node.func, ast.Attribute) else None
    if rows is not None and rows.relation and not rows.new:
        deed = _deed(node, scope, "removes links between rows")
        yield replace(deed, model=rows.model, relation=rows.relation.lower())


def _command(node: ast.Call, scope: Scope) -> Iterator[Deed]:
    for name in commands.names(node, scope):
        if name is None:
            yield _deed(
                node, scope, "runs a command that is known only at run time", resolved=False
            )
        elif name in commands.EMPTYING:
            yield _deed(node, scope, "empties every table")
        elif name == commands.LOADING:
            for model in commands.loaded(node, scope):
                deed = _deed(node, scope, WRITES_ROWS)
                yield replace(deed, fields=(UNTOLD,), model=model, picked=True)
        elif not commands.is_known(name, scope):
            yield _deed(node, scope, "runs a command of another package", resolved=False)


def _written(node: ast.Call, scope: Scope, written: Callable[[], Sequence[Written]]) -> Deed:
    method = _method(node).removeprefix("a")
    does = PUTS_IN_ROWS if method in _PUTS_IN else WRITES_ROWS
    plain = Deed(scope.file.path, node.lineno, node.col_offset + 1, "", does)
    of_objects = method in _OF_OBJECTS
    found = overwritten(node, scope, written() if of_objects else ())
    if not found.fields:
        return plain
    deed = _deed(node, scope, WRITES_ROWS)
    return replace(
        deed, fields=found.fields, copied=found.copied, model=found.model, picked=found.picked
    )


def _deletes_rows(node: ast.Call) -> bool:
    return not node.args and all(keyword.arg in _OF_DELETE for keyword in node.keywords)


def _runs_sql(node: ast.Call, method: str, scope: Scope) -> bool:
    match node.func:
        case ast.Attribute(value=ast.Attribute(attr="deferred_sql"), attr="append"):
            # The schema editor runs it in the end.
            return True
        case _:
            if method == "copy":
                return _is_copy(node, scope)
            return method in _RUNS_SQL or (method == "raw" and _is_manager(node, scope))


def _is_copy(node: ast.Call, scope: Scope) -> bool:
    """Return whether what copy() is given is a statement: files and objects are copied, too."""
    given = options(scope.of(node.args[0]))
    return any("copy " in (each.text or "").lower() for each in given if isinstance(each, Literal))


def _is_super(function: ast.expr) -> bool:
    while isinstance(function, ast.Attribute):
        function = function.value
    match function:
        case ast.Call(func=ast.Name(id="super")):
            return True
        case _:
            return False


def _sql(node: ast.Call, given: ast.expr, scope: Scope) -> Iterator[Deed]:
    for option in options(scope.of(given)):
        text = option.text if isinstance(option, Literal) else None
        if text is None:
            yield _deed(node, scope, "runs SQL that is known only at run time", resolved=False)
            continue
        for statement in find(text):
            deed = _deed(node, scope, str(statement), resolved=statement.act is not Act.UNKNOWN)
            yield replace(deed, statement=statement)
        for statement in effects(text):
            if statement.act in DEMANDS:
                yield replace(_deed(node, scope, str(statement)), statement=statement)
            elif statement.act in WRITES:
                yield _deed(node, scope, WRITES_ROWS)
                if statement.act is Act.UPDATE:
                    more = _of_each(statement, node, scope)
                    yield replace(_deed(node, scope, ""), statement=more)
            else:
                yield replace(_deed(node, scope, ""), statement=statement)


def _of_each(statement: Statement, node: ast.Call, scope: Scope) -> Statement:
    """Return the UPDATE of one row as that of some, where its key is not always the same."""
    given = [scope.of(each) for each in node.args[1:]]
    keys = [key for each in given for key in (each.members if isinstance(each, Items) else (each,))]
    is_fixed = all(isinstance(key, Literal) for key in keys) and _method(node) != "executemany"
    is_one = statement.detail == "one" and is_fixed
    return statement if is_one or statement.detail != "one" else replace(statement, detail="some")


def _followed(node: ast.Call, callee: Value | None, scope: Scope, walk: _Walk) -> Iterator[Deed]:
    method = method_of_manager(node, scope)
    if method is not None:
        values = calls.parameters(method, calls.arguments(node, scope), Unknown(node, scope))
        yield from _function(method, values, scope, walk)
        return
    by_name = [] if isinstance(callee, Function) else list(callees.by_name(node, callee, scope))
    if by_name:
        yield from _run(by_name, node, scope, walk)
        return
    callee = callee or callees.entry(node.func, scope)
    is_told = isinstance(callee, Function)
    if _method(node) in _RUNS_LATER and isinstance(node.func, ast.Attribute) and not is_told:
        target = node.func.value
        callee = callees.named(target, scope) or callees.entry(target, scope) or callee
    is_unknown = callee is None or isinstance(callee, Unknown)
    if is_unknown and _is_handed_the_apps(node):
        yield _deed(node, scope, "calls what is known only at run time", resolved=False)
    if callee is None:
        return
    found = list(callees.called_by(node, callee, scope))
    if found:
        yield from _run(found, node, scope, walk)
    else:
        yield from _called_back(node, scope, walk)


def _is_handed_the_apps(node: ast.Call) -> bool:
    """Return whether a call gets what it needs to reach every model, and so may do anything."""
    given = [*node.args, *(each.value for each in node.keywords)]
    if not any(isinstance(each, ast.Name) and each.id in _APPS for each in given):
        return False
    return _method(node) not in _WRITES | _OF_OPERATION and not _is_super(node.func)


def _run(found: Iterable[callees.Led], node: ast.AST, scope: Scope, walk: _Walk) -> Iterator[Deed]:
    for function, given in found:
        values = calls.parameters(function, given, Unknown(node, scope))
        yield from _function(function, values, scope, walk)


def _called_back(node: ast.Call, scope: Scope, walk: _Walk) -> Iterator[Deed]:
    """Tell of the functions that map(), on_commit() and the like are given to call."""
    nothing = calls.Arguments((), {}, complete=False)
    named = [each.value for each in node.keywords if each.arg in _CALLED_BACK]
    for argument in (*node.args, *named):
        for option in options(scope.of(argument)) if _may_be_function(argument, scope) else ():
            # A lambda stands in the body that is read.
            if isinstance(option, Function) and not isinstance(option.node, ast.Lambda):
                values = calls.parameters(option, nothing, Unknown(node, scope))
                yield from _function(option, values, scope, walk)


def _may_be_function(node: ast.expr, scope: Scope) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name == "partial"
        case ast.Attribute(value=ast.Name(id=module)):
            return scope.imported(module) is not None
        case _:
            return isinstance(node, ast.Name)


def _deed(node: ast.expr, scope: Scope, does: str, *, resolved: bool = True) -> Deed:
    text = "" if does in _UNTOLD else _shown(node)
    return Deed(scope.file.path, node.lineno, node.col_offset + 1, text, does, resolved)


@lru_cache(maxsize=256)
def _shown(node: ast.expr) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 80 else textwrap.shorten(text, 80, placeholder=" …")
