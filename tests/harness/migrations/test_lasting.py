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
        before = '\nsteps = Steps()\nmore = steps\nmore.gone("a")'
        found = self.built("steps.all()", before)
        self.assertIn("known only at run time", found[-1])

    def test_a_module_whose_function_is_called_is_the_module_still(self) -> None:
        before = 'import textwrap\ntextwrap.indent("x", " ")'
        self.assertEqual(["drops table a"], self.sql('textwrap.dedent("DROP TABLE a")', before))
