"""Reads what one call does to the database by itself, whatever functions it may lead into."""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from quality_harness.migrations.evaluator import calls
from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.settling import is_constant
from quality_harness.migrations.evaluator.values import (
    Call,
    Items,
    Literal,
    Outside,
    Unknown,
    Value,
    options,
)
from quality_harness.migrations.functions import commands
from quality_harness.migrations.functions.assignments import UNTOLD, Written
from quality_harness.migrations.functions.deeds import (
    CARRIES_OUT,
    DELETES_ROWS,
    MAKES_COLUMN,
    MAKES_TABLE,
    PUTS_IN_ROWS,
    WRITES_ROWS,
    Deed,
)
from quality_harness.migrations.functions.editor import EDITS, edits, is_edit
from quality_harness.migrations.functions.overwrites import overwritten
from quality_harness.migrations.functions.queries import rows_of
from quality_harness.migrations.sql.functions import run_functions
from quality_harness.migrations.sql.schema import effects
from quality_harness.migrations.sql.statements import DEMANDS, WRITES, Act, Statement, find

DELETES = ("delete", "adelete", "_raw_delete")
WRITING = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
           "update", "asave", "acreate", "abulk_create", "abulk_update", "aget_or_create",
           "aupdate_or_create", "aupdate"}  # fmt: skip
_PUTS_IN = {"create", "bulk_create", "get_or_create", "update_or_create"}
OF_OPERATION = {"database_forwards", "database_backwards"}
# What no finding quotes.
_UNTOLD = {MAKES_TABLE, MAKES_COLUMN, ""}
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
_UNLINKS = {"clear", "set", "remove", "aclear", "aset", "aremove"}
_DELETE_QUERY = "django.db.models.sql"
# Model.delete() and QuerySet.delete() take no more; cache.delete(key) does.
_OF_DELETE = {"using", "keep_parents"}
# What delete() takes away there is no row.
_SERVICES = {"boto3", "botocore", "redis", "requests", "httpx", "elasticsearch", "opensearchpy",
             "stripe", "google", "azure", "minio", "kubernetes", "docker"}  # fmt: skip
_TOLD_BY_NAME = {*DELETES, *WRITING, *OF_OPERATION, *_SCHEMA_EDITOR, *EDITS, *_RUNS_SQL, *_UNLINKS,
                 "append", "callproc", "copy", "raw"}  # fmt: skip
_OF_PSYCOPG = {f"psycopg2.extras.execute_{name}" for name in ("batch", "values")}


def direct(
    node: ast.Call, callee: Value | None, scope: Scope, written: Callable[[], Sequence[Written]]
) -> Iterator[Deed]:
    """Give what a call does to the database by itself.

    Args:
        node: the call.
        callee: what is called, where that is known.
        scope: what the call sees.
        written: gives what the body around it assigns to objects.
    """
    method = method_of(node)
    # Most calls have nothing to do with the database: one look at the name tells.
    if method in _TOLD_BY_NAME or commands.is_command(node):
        yield from _by_method(node, method, callee, scope, written)
    else:
        yield from _by_class(node, callee, scope)


def method_of(node: ast.Call) -> str:
    """Return the name of the method that is called; "" where it is none."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def is_super(function: ast.expr) -> bool:
    """Return whether what is called is reached through super()."""
    while isinstance(function, ast.Attribute):
        function = function.value
    match function:
        case ast.Call(func=ast.Name(id="super")):
            return True
        case _:
            return False


def deed(node: ast.expr, scope: Scope, does: str, *, resolved: bool = True) -> Deed:
    """Return what an expression does, as it is quoted."""
    text = "" if does in _UNTOLD else _shown(node)
    return Deed(scope.file.path, node.lineno, node.col_offset + 1, text, does, resolved)


@lru_cache(maxsize=256)
def _shown(node: ast.expr) -> str:
    text = " ".join(ast.unparse(node).split())
    if len(text) <= 80:
        return text
    start = text[:78]
    # One long word, as a chain of calls is, is cut anywhere.
    words = start.rpartition(" ")[0]
    return f"{words if len(words) > 40 else start} …"


def _by_method(
    node: ast.Call,
    method: str,
    callee: Value | None,
    scope: Scope,
    written: Callable[[], Sequence[Written]],
) -> Iterator[Deed]:
    if is_edit(node, method, scope):
        yield from _edited(node, method, scope)
    elif method in _SCHEMA_EDITOR and not is_super(node.func):
        rows = rows_of(node.args[0], scope) if node.args else None
        found = deed(node, scope, _SCHEMA_EDITOR[method])
        if method == "alter_db_table":
            found = replace(found, table=_old_table(node, scope))
        yield replace(found, model=rows.model) if rows is not None else found
    elif method == "_raw_delete" or (method in DELETES and _deletes_rows(node)):
        yield from _deleted(node, scope)
    elif method in _UNLINKS:
        yield from _unlinked(node, scope)
    elif commands.is_command(node):
        yield from _command(node, scope)
    elif method in OF_OPERATION and not is_super(node.func):
        yield deed(node, scope, CARRIES_OUT, resolved=False)
    elif node.args and _runs_sql(node, method, scope):
        yield from _sql(node, node.args[0], scope)
    elif method == "callproc":
        yield deed(node, scope, "runs a procedure of the database", resolved=False)
    elif method in WRITING:
        yield _written(node, scope, written)
    else:
        yield from _by_class(node, callee, scope)


def _old_table(node: ast.Call, scope: Scope) -> str:
    """Return the table that alter_db_table() is to rename; "" where it is not told."""
    given = calls.arguments(node, scope).get("old_db_table", 1)
    is_told = isinstance(given, Literal) and is_constant(given)
    return str(given.value).strip('"').lower() if isinstance(given, Literal) and is_told else ""


def _edited(node: ast.Call, method: str, scope: Scope) -> Iterator[Deed]:
    """Tell of what a schema editor does; what is not known of it is told as what it may do."""
    for edit in edits(node, scope):
        does = _SCHEMA_EDITOR.get(method, "")
        is_judged = does in _UNTOLD or edit.is_told
        found = deed(node, scope, does if does in _UNTOLD or not is_judged else "")
        yield replace(found, model=edit.model, edit=edit if is_judged else None)


def _deleted(node: ast.Call, scope: Scope) -> Iterator[Deed]:
    owner = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    rows = rows_of(owner, scope)
    if rows is None and _is_of_a_service(owner, scope):
        return
    if rows is None or not _is_just_made(owner, scope):
        found = deed(node, scope, DELETES_ROWS)
        yield replace(found, model=rows.model) if rows is not None else found


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
    """Tell of the query that deletes, of methodcaller("delete"), and of psycopg's functions."""
    match callee:
        case Outside(dotted=dotted) if dotted in _OF_PSYCOPG and len(node.args) > 1:
            yield from _sql(node, node.args[1], scope)
        case Outside(dotted=dotted) if dotted.startswith(_DELETE_QUERY):
            if dotted.endswith(".DeleteQuery"):
                yield deed(node, scope, DELETES_ROWS)
            elif dotted.endswith(".UpdateQuery"):
                yield deed(node, scope, "overwrites values")
        case Outside("operator.methodcaller") if node.args:
            names = [
                each.value for each in options(scope.of(node.args[0])) if type(each) is Literal
            ]
            if any(name in DELETES for name in names):
                yield deed(node, scope, DELETES_ROWS)


def _unlinked(node: ast.Call, scope: Scope) -> Iterator[Deed]:
    rows = rows_of(node.func.value, scope) if isinstance(node.func, ast.Attribute) else None
    if rows is not None and rows.relation and not rows.new:
        found = deed(node, scope, "removes links between rows")
        yield replace(found, model=rows.model, relation=rows.relation.lower())


def _command(node: ast.Call, scope: Scope) -> Iterator[Deed]:
    for name in commands.names(node, scope):
        if name is None:
            yield deed(node, scope, "runs a command that is known only at run time", resolved=False)
        elif name in commands.EMPTYING:
            yield deed(node, scope, "empties every table")
        elif name == commands.LOADING:
            for model in commands.loaded(node, scope):
                found = deed(node, scope, WRITES_ROWS)
                yield replace(found, fields=(UNTOLD,), model=model, picked=True)
        elif not commands.is_known(name, scope):
            yield deed(node, scope, "runs a command of another package", resolved=False)


def _written(node: ast.Call, scope: Scope, written: Callable[[], Sequence[Written]]) -> Deed:
    method = method_of(node).removeprefix("a")
    does = PUTS_IN_ROWS if method in _PUTS_IN else WRITES_ROWS
    of_objects = method in _OF_OBJECTS
    found = overwritten(node, scope, written() if of_objects else ())
    if not found.fields:
        line, column = node.lineno, node.col_offset + 1
        return Deed(scope.file.path, line, column, "", does, gives=found.gives)
    return replace(
        deed(node, scope, WRITES_ROWS),
        fields=found.fields,
        copied=found.copied,
        model=found.model,
        picked=found.picked,
        gives=found.gives,
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


def _sql(node: ast.Call, given: ast.expr, scope: Scope) -> Iterator[Deed]:
    for option in options(scope.of(given)):
        text = option.text if isinstance(option, Literal) else None
        if text is None:
            yield deed(node, scope, "runs SQL that is known only at run time", resolved=False)
            continue
        for statement in find(text):
            is_told = statement.act is not Act.UNKNOWN
            found = deed(node, scope, str(statement), resolved=is_told)
            yield replace(found, statement=statement)
        for statement in (*effects(text), *run_functions(text, {})):
            if statement.act in DEMANDS:
                yield replace(deed(node, scope, str(statement)), statement=statement)
            elif statement.act in WRITES:
                yield deed(node, scope, WRITES_ROWS)
                if statement.act is Act.UPDATE:
                    more = _of_each(statement, node, scope)
                    yield replace(deed(node, scope, ""), statement=more)
            else:
                yield replace(deed(node, scope, ""), statement=statement)


def _of_each(statement: Statement, node: ast.Call, scope: Scope) -> Statement:
    """Return the UPDATE of one row as that of some, where its key is not always the same."""
    given = [scope.of(each) for each in node.args[1:]]
    keys = [key for each in given for key in (each.members if isinstance(each, Items) else (each,))]
    is_fixed = all(isinstance(key, Literal) for key in keys) and method_of(node) != "executemany"
    is_one = statement.detail == "one" and is_fixed
    return statement if is_one or statement.detail != "one" else replace(statement, detail="some")
