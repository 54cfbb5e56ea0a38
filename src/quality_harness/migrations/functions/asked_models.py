"""Tells which models of a migration's state a function asks for: `apps.get_model(...)`."""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from quality_harness.migrations.evaluator.scope import Scope
from quality_harness.migrations.evaluator.values import Literal, Unknown, options
from quality_harness.migrations.hole import HOLE

_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_NAMES = ("app_label", "model_name")
# Who looks first, or says what to do without the app, does not need it.
_LOOKS = {"is_installed", "all_models", "app_configs", "LookupError", "Exception"}


def asked(node: ast.Call, scope: Scope, around: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """Give the app and the model, in lower case, of each that a call asks for.

    Args:
        node: a call of get_model().
        scope: what it sees.
        around: the functions that it stands in, and those that call these.
    """
    match node:
        case ast.Call(args=[ast.Constant(value=str(label)), ast.Constant(value=str(model))]):
            if f"/{label}/" in scope.file.path:
                # That of the migration's own app is there: most are, and nothing else matters.
                yield label, model.lower()
                return
    if not isinstance(node.func, ast.Attribute) or not _is_of_the_state(node.func.value, scope):
        return
    named = {each.arg: each.value for each in node.keywords}
    given = [*node.args, *(named[name] for name in _NAMES[len(node.args) :] if name in named)]
    texts = [list(_texts(each, scope)) for each in given]
    found = [".".join(combination).partition(".") for combination in product(*texts)]
    if found and not any(map(_looks, around)):
        for label, _, model in found:
            if label and model and "." not in model:
                yield label, model.lower()


def _is_of_the_state(owner: ast.expr, scope: Scope) -> bool:
    """Return whether models are those of the migration's state, as a parameter gives them.

    The running code's are there whatever has been migrated, and a receiver of post_migrate is
    called when all has been.
    """
    if isinstance(owner, ast.Attribute) and owner.attr == "apps":
        owner = owner.value
    value = scope.of(owner)
    return isinstance(value, Unknown) and isinstance(value.node, _FUNCTIONS)


def _texts(node: ast.expr, scope: Scope) -> Iterator[str]:
    for option in options(scope.of(node)):
        if isinstance(option, Literal) and option.text is not None and HOLE not in option.text:
            yield option.text


@lru_cache(maxsize=256)
def _looks(function: ast.AST) -> bool:
    for node in ast.walk(function):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in _LOOKS:
                return True
            case ast.ExceptHandler(type=None):
                return True
    return False
