"""Operations that the methods of an object gather in a list."""

from .test_evaluator import EvaluatorCase

BUILDER = """
class Base:
    def other(self, name):
        self.steps.append(migrations.DeleteModel(name))

class Steps(Base):
    def __init__(self, *names):
        self.steps = [migrations.DeleteModel(name) for name in names]

    def gone(self, name):
        self.steps.append(migrations.DeleteModel(name))
        return self

    def both(self, first, second):
        self.loud("x")
        self.gone(first)
        self.gone(second)
        return self

    def loud(self, text):
        print(text)
        return self

    @staticmethod
    def plain(text):
        return text

    def all(self):
        return self.steps
"""


class LastingTest(EvaluatorCase):
    def built(self, expression: str, before: str = "") -> list[str]:
        return self.models(expression, BUILDER + before)

    def test_a_chain_of_methods(self) -> None:
        self.assertEqual(["a", "b"], self.built('Steps("a").gone("b").all()'))
        self.assertEqual(["b", "c"], self.built('Steps().gone("b").loud("x").gone("c").all()'))

    def test_methods_that_call_others(self) -> None:
        self.assertEqual(["a", "b"], self.built('Steps().both("a", "b").all()'))

    def test_what_is_not_called_is_not_there(self) -> None:
        self.assertEqual(["a"], self.built('Steps("a").loud("x").all()'))
        self.assertEqual(["a"], self.built('Steps("a").steps'))

    def test_methods_that_statements_call(self) -> None:
        before = (
            '\nsteps = Steps()\nsteps.gone("a")\nsteps.other("b")\nsteps.plain("x")\nsteps.no()'
        )
        self.assertEqual(["a", "b"], self.built("steps.all()", before))

    def test_methods_that_a_loop_calls(self) -> None:
        before = '\nsteps = Steps()\nfor name in ("a", "b"):\n    steps.gone(name)'
        self.assertEqual(["a", "b"], self.built("steps.all()", before))

    def test_methods_called_where_nothing_follows_it(self) -> None:
        for statement in (
            'more = steps\nmore.gone("a")',
            'getattr(steps, "gone")("a")',
            'add = steps.gone\nadd("a")',
            'list(map(steps.gone, ["a"]))',
            '[steps.gone(name) for name in ["a"]]',
            "steps.steps += X",
            "steps.steps = X",
            "X.fill(steps)",
            "_ = X.fill(more=steps)",
            "if X.fill(steps):\n    pass",
            'def fill(given):\n    given.gone("a")\nfill(steps)',
            "def fill(given):\n    given.steps.append(X)\nfill(steps)",
        ):
            with self.subTest(statement):
                found = self.built("steps.all()", f"\nsteps = Steps()\n{statement}")
                self.assertIn("known only at run time", found[-1])

    def test_what_only_looks_at_it(self) -> None:
        for statement in ("print(steps)", "def look(given):\n    return given.all()\nlook(steps)"):
            with self.subTest(statement):
                self.assertEqual([], self.built("steps.all()", f"\nsteps = Steps()\n{statement}"))

    def test_two_objects_of_a_class(self) -> None:
        self.assertEqual(
            ["a", "b"], self.built('[*Steps().gone("a").all(), *Steps().gone("b").all()]')
        )
        before = '\none, two = Steps(), Steps()\none.gone("a")\nother = Steps()\nother.gone("b")'
        self.assertEqual(["b"], self.built("other.all()", before))

    def test_a_list_of_the_class_itself(self) -> None:
        shared = (
            "class Steps:\n"
            "    steps = []\n"
            '    names = ["a"]\n'
            "    def gone(self, name):\n"
            "        self.steps.append(migrations.DeleteModel(name))\n"
            "        return self\n"
            "    def all(self):\n"
            "        return self.steps\n"
        )
        self.assertEqual(["a"], self.models('Steps().gone("a").all()', shared))
        found = self.models("Steps().all()", f'{shared}Steps().gone("a")')
        self.assertIn("known only at run time", found[-1])
        self.assertEqual(
            ["a"], self.models("[migrations.DeleteModel(n) for n in Steps().names]", shared)
        )

    def test_a_module_whose_function_is_called_is_the_module_still(self) -> None:
        before = 'import textwrap\ntextwrap.indent("x", " ")'
        self.assertEqual(["drops table a"], self.sql('textwrap.dedent("DROP TABLE a")', before))


class HandedOnTest(EvaluatorCase):
    """Lists that a function gets, or that functions of their module fill."""

    LOOKS = "def look(found):\n    return len(found)\n"
    FILLS = "def fill(found):\n    found.append(X)\n    return 1\n"

    def test_a_function_that_fills_it(self) -> None:
        for call in (
            "fill(found)",
            "_ = fill(found)",
            "fill(found=found)",
            "X(found)",
            "if fill(found):\n    pass",
            "_ = X.y(found)",
        ):
            with self.subTest(call):
                found = self.models("found", f"{self.FILLS}found = []\n{call}")
                self.assertIn("known only", "".join(found))

    def test_a_function_that_looks_at_it(self) -> None:
        for call in ("look(found)", "_ = look(found)", "print(found)", "_ = sorted(found)",
                     "import copy\n_ = copy.copy(found)"):  # fmt: skip
            with self.subTest(call):
                self.assertEqual([], self.models("found", f"{self.LOOKS}found = []\n{call}"))

    def test_a_list_that_functions_of_its_module_fill(self) -> None:
        fills = "found = []\ndef f():\n    found.append(X)\n"
        self.assertIn("`found.append(X)`", "".join(self.models("found", fills)))
        own = "found = []\ndef f():\n    found = []\n    found.append(X)\n    X.append(X)\n"
        self.assertEqual([], self.models("found", own))
