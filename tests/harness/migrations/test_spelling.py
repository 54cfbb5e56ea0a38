"""Constants and texts are written in one way, and nothing else is taken for them."""

import ast
import unittest

from quality_harness.migrations.history.spelling import respelled


class RespelledTest(unittest.TestCase):
    def spelled(self, text: str) -> str:
        return ast.unparse(respelled(ast.parse(text)))

    def test_one_spelling(self) -> None:
        for text in (
            "f(f'a {x} b')",
            "f('a %s b' % x)",
            "f('a %s b' % (x,))",
            "f('a {} b'.format(x))",
            "f('a {0} b'.format(x))",
            "f('a {name} b'.format(name=x))",
            "f('a ' + x + ' b')",
            "f('a ' + f'{x} b')",
            "f(f'''a {f'{x} b'}''')",
            "A = 'a'\nf(A + ' %s b' % x)",
            "A: str = 'a'\nf(f'{A} {x} {B}')\nB = 'b'",
        ):
            with self.subTest(text=text):
                self.assertEqual("f(f'a {x} b')", self.spelled(text))

    def test_all_that_is_constant(self) -> None:
        for text in (
            "f('1% done')",
            "N = 1\nf('%s%% done' % N)",
            "N = 1\nf('{}% {}'.format(N, 'done'))",
            "f('' + '1% done')",
        ):
            with self.subTest(text=text):
                self.assertEqual("f('1% done')", self.spelled(text))
        self.assertEqual("f('')", self.spelled("f(f'{\"\"}')"))

    def test_what_is_not_told_stays(self) -> None:
        for text in (
            "f('%d' % x)",
            "f('%s %s' % x)",
            "f('%(a)s' % {'a': x})",
            "f('%s' % {'a': x})",
            "f('{:>3}'.format(x))",
            "f('{!r}'.format(x))",
            "f('{x.y}'.format(x=x))",
            "f('{}'.format(*x))",
            "f('{'.format(x))",
            "f(f'{x!r:>3}')",
            "f(x % y)",
            "f(x + 1)",
            "f(x.format(1))",
        ):
            with self.subTest(text=text):
                self.assertEqual(text, self.spelled(text))

    def test_names_that_are_bound_again_are_no_constants(self) -> None:
        for more in (
            "A = 2",
            "A += 1",
            "del A",
            "for A in x:\n    pass",
            "def A():\n    pass",
            "class A:\n    pass",
            "def g(A):\n    pass",
            "def g():\n    global A",
            "def g():\n    A = 3",
            "import A",
            "from x import b as A",
            "try:\n    pass\nexcept E as A:\n    pass",
            "match x:\n    case A:\n        pass",
        ):
            with self.subTest(more=more):
                text = f"A = 1\n{more}\nf(A)"
                self.assertEqual(ast.unparse(ast.parse(text)), self.spelled(text))

    def test_more_than_a_constant_stays(self) -> None:
        text = "A = [1]\nB: int\nC = D = 2\nf(A, B, C)"
        self.assertEqual(text, self.spelled(text))
