"""What assertions claim: the same of `assert a == b` and `assertEqual(a, b)`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from quality_harness.testing.honesty.module import Module
from quality_harness.testing.honesty.naming import last_name

_NONE = ast.Constant(None)
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_OPPOSITE = {"==": "!=", "<": ">=", ">": "<=", "is": "is not", "in": "not in", "true": "false"}
_OPPOSITE |= {there: back for back, there in _OPPOSITE.items()}
_EQUAL = (
    "assertEqual assertEquals assertListEqual assertTupleEqual assertDictEqual assertSetEqual "
    "assertSequenceEqual assertMultiLineEqual assertCountEqual assertAlmostEqual assertHTMLEqual "
    "assertXMLEqual assertJSONEqual assertURLEqual assertQuerySetEqual assertQuerysetEqual "
    "assert_equal assert_array_equal assert_allclose assert_almost_equal assert_frame_equal "
    "assert_series_equal assert_array_almost_equal"
)
_METHODS = dict.fromkeys(_EQUAL.split(), "==")
_METHODS |= {
    "assertNotEqual": "!=",
    "assertGreater": ">",
    "assertGreaterEqual": ">=",
    "assertLess": "<",
    "assertLessEqual": "<=",
    "assertIs": "is",
    "assertIsNot": "is not",
    "assertIn": "in",
    "assertNotIn": "not in",
    "assertIsInstance": "isinstance",
}
_TRUTHS = {"assertTrue": "true", "assertFalse": "false", "assert_": "true"}
_NONES = {"assertIsNone": "is", "assertIsNotNone": "is not"}


@dataclass(frozen=True)
class Claim:
    """What an assertion says that holds.

    Attributes:
        node: where it stands.
        operator: "==", "in" and so on; "true" and "false" of a single operand.
        operands: what it is about, one or two.
    """

    node: ast.stmt | ast.Call
    operator: str
    operands: tuple[ast.expr, ...]


@lru_cache(maxsize=4)
def claims(module: Module) -> tuple[Claim, ...]:
    """Return what the assertions of a module claim, but for those that are expected to fail.

    A call inside of another expression, as in a lambda, is something that code hands on.
    """
    found: list[Claim] = []
    for node in module.nodes:
        if isinstance(node, ast.Call) and not isinstance(module.parents[node], ast.Expr):
            continue
        here = list(claims_of(node))
        if here and not module.is_expected_to_raise(node):
            found += here
    return tuple(found)


def claims_of(node: ast.AST) -> Iterator[Claim]:
    """Yield what one assertion claims; nothing for any other node."""
    if isinstance(node, ast.Assert):
        yield from _of_truth(node, node.test, "true")
    elif isinstance(node, ast.Call) and node.args:
        name, count = last_name(node), len(node.args)
        if name in _TRUTHS:
            yield from _of_truth(node, node.args[0], _TRUTHS[name])
        elif name in _NONES:
            yield Claim(node, _NONES[name], (node.args[0], _NONE))
        elif name in _METHODS and count > 1:
            yield Claim(node, _METHODS[name], (node.args[0], node.args[1]))


def _of_truth(node: ast.stmt | ast.Call, test: ast.expr, operator: str) -> Iterator[Claim]:
    positive = operator == "true"
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _of_truth(node, test.operand, _OPPOSITE[operator])
    elif isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) and positive:
        for value in test.values:
            yield from _of_truth(node, value, operator)
    elif isinstance(test, ast.Compare) and (positive or len(test.ops) == 1):
        lefts = [test.left, *test.comparators]
        for left, operation, right in zip(lefts, test.ops, test.comparators, strict=False):
            name = _OPERATORS[type(operation)]
            yield Claim(node, name if positive else _OPPOSITE[name], (left, right))
    elif _is_isinstance(test) and positive:
        yield Claim(node, "isinstance", (test.args[0], test.args[1]))  # type: ignore[attr-defined]
    else:
        yield Claim(node, operator, (test,))


def _is_isinstance(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and last_name(node) == "isinstance" and len(node.args) == 2
