"""Takes out of a method what an object of its class never comes to."""

import ast
from dataclasses import replace
from functools import partial

from quality_harness.migrations.evaluator import calls, deciding
from quality_harness.migrations.evaluator.truth import truth
from quality_harness.migrations.evaluator.values import Function, Unknown


def reached(method: Function) -> Function:
    """Return a method without the branches that are not taken, and what is behind a return.

    Args:
        method: bound to the object, so that conditions see what `__init__` has set.

    Returns:
        The same where each condition is known only at run time.
    """
    node = method.node
    if isinstance(node, ast.Lambda) or not any(isinstance(each, ast.If) for each in node.body):
        return method
    unknown = Unknown(node, method.scope)
    values = calls.parameters(method, calls.Arguments((), {}, complete=False), unknown)
    inner = method.scope.call(values, node.body, method.scope)
    body = list(deciding.reached(node.body, partial(truth, scope=inner)))
    if body == node.body:
        return method
    parts = {name: getattr(node, name) for name in node._fields} | {"body": body}
    return replace(method, node=ast.copy_location(type(node)(**parts), node))
